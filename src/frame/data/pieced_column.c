/* pieced_column.c — reading rows of several pieces (see pieced_column.h). */
#include "data/pieced_column.h"

#include <string.h>

#include "base/put_bytes.h"
#include "base/starts.h"
#include "data/column_make.h"
#include "data/scaled_column.h"
#include "data/text_form.h"

/* Pieces of fewer rows than this, on the average, are put together: a vector of rows should seldom lie in two. */
enum { PIECE_ROWS = 1 << 14 };

/* ---- making ------------------------------------------------------------------------------------------------------ */
static bool is_plain(fr_phys phys)
{
    return phys >= FR_PHYS_BOOL && phys <= FR_PHYS_I128;
}

static bool lie_alike(const fr_pieces *pieces)
{
    const size_t n = fr_pieces_count(pieces);
    if (pieces->foreign || n > 2 + (size_t)pieces->length / PIECE_ROWS) return false;
    for (size_t i = 0; i < n; i++) {
        const fr_column *piece = fr_pieces_at(pieces, i);
        if (!is_plain(piece->phys) || piece->dictionary || piece->phys != pieces->last->phys) return false;
        if (!fr_form_same(piece->form, pieces->last->form) || piece->digits != pieces->last->digits) return false;
    }
    return true;
}

/* Takes the pieces over, also on failure. */
static fr_pieced *new_pieced(fr_call *call, fr_late_column *late, fr_pieces *pieces)
{
    const size_t n = fr_pieces_count(pieces);
    fr_pieced *pieced = fr_new(call, sizeof *pieced);
    int64_t *starts = pieced ? fr_new_array(call, n + 1, sizeof *starts) : NULL;
    if (!starts) {
        fr_free(call->context, pieced, sizeof *pieced);
        return NULL;
    }
    for (size_t i = 0; i < n; i++) starts[i + 1] = starts[i] + fr_pieces_at(pieces, i)->length;
    *pieced = (fr_pieced){ .late = fr_late_column_ref(late), .pieces = *pieces, .n = n, .starts = starts };
    *pieces = (fr_pieces){ 0 };
    return pieced;
}

void fr_pieced_free(fr_context *context, fr_pieced *pieced)
{
    if (!pieced) return;
    fr_free_array(context, pieced->starts, pieced->n + 1, sizeof *pieced->starts);
    fr_pieces_clear(&pieced->pieces);
    fr_late_column_unref(pieced->late);
    fr_free(context, pieced, sizeof *pieced);
}

fr_column *fr_column_of_late(fr_call *call, fr_late_column *late)
{
    FR_CLEANUP(fr_pieces_clear) fr_pieces pieces = { 0 };
    fr_late_column_pieces(late, &pieces);
    if (fr_pieces_count(&pieces) == 1 && !pieces.kept && !fr_is_formed(pieces.last)) return fr_column_ref(pieces.last);
    if (!lie_alike(&pieces)) return fr_column_ref(fr_late_column_whole(call, late));
    const int64_t null_count = pieces.null_count;
    const fr_column_parts parts = { .type = late->type, .phys = pieces.last->phys, .length = late->length,
                                    .form = pieces.last->form, .digits = pieces.last->digits };
    FR_OWNED fr_column *column = fr_column_new(call, &parts);
    if (!column || !(column->pieced = new_pieced(call, late, &pieces))) return NULL;
    column->null_count = null_count;
    return fr_steal(column);
}

fr_column *fr_column_together(fr_call *call, const fr_column *column)
{
    if (column->digits && !column->pieced) return fr_column_unscaled(call, column);
    return fr_column_ref(column->pieced ? fr_late_column_whole(call, column->pieced->late) : column);
}

fr_column *fr_scaled_piece(const fr_column *column)
{
    const fr_pieced *p = column->pieced;
    return p && column->digits && p->n == 1 && !p->pieces.kept ? fr_pieces_at(&p->pieces, 0) : NULL;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */
static const uint64_t *bits_within(const uint64_t *bits, int64_t from, int64_t n, uint64_t *room)
{
    if (!bits || from % 64 == 0) return bits ? bits + from / 64 : NULL;
    FR_ISA_PICK(fr_bits_kernels)->cut(room, bits, from, n);
    return room;
}

static fr_window within(const fr_column *piece, int64_t from, int64_t n, const fr_window_room *room)
{
    fr_window s = { .valid = bits_within(piece->valid, from, n, room->valid) };
    if (piece->phys == FR_PHYS_BOOL) s.values = bits_within(piece->values, from, n, room->values);
    else s.values = (const char *)piece->values + (size_t)from * fr_phys_width(piece->phys);
    return s;
}

/* n > 0 bits from bit `at` on; those below stay, those above in the last word become anything. */
static void put_ones(uint64_t *out, int64_t at, int64_t n)
{
    int64_t word = at / 64;
    out[word] = at % 64 ? out[word] | UINT64_MAX << at % 64 : UINT64_MAX;
    while (word < (at + n - 1) / 64) out[++word] = UINT64_MAX;
}

/* Values or validity of rows in piece k and those behind it. */
static void gather_bits(const fr_pieced *p, size_t k, int64_t first, int64_t n, bool validity, uint64_t *out)
{
    const fr_bits_kernels *kernels = FR_ISA_PICK(fr_bits_kernels);
    for (int64_t at = 0, some; at < n; at += some, k++) {
        const fr_column *piece = fr_pieces_at(&p->pieces, k);
        const int64_t from = first + at - p->starts[k];
        const uint64_t *bits = validity ? piece->valid : piece->values;
        some = fr_smaller(n - at, piece->length - from);
        if (!some) continue;
        if (!bits) put_ones(out, at, some);
        else if (!at) kernels->cut(out, bits, from, some);
        else kernels->append(out, at, bits, some);
    }
}

static void gather_values(const fr_pieced *p, size_t k, int64_t first, int64_t n, size_t width, char *out)
{
    for (int64_t at = 0, some; at < n; at += some, k++) {
        const fr_column *piece = fr_pieces_at(&p->pieces, k);
        const int64_t from = first + at - p->starts[k];
        some = fr_smaller(n - at, piece->length - from);
        if (some) fr_put_many(out + (size_t)at * width, (const char *)piece->values + (size_t)from * width, (size_t)some * width);
    }
}

static bool some_are_null(const fr_pieced *p, size_t k, int64_t end)
{
    for (; k < p->n && p->starts[k] < end; k++)
        if (fr_pieces_at(&p->pieces, k)->valid) return true;
    return false;
}

static fr_window kept_window(const fr_pieces *pieces, int64_t first, int64_t n, const fr_window_room *room)
{
    const fr_column *column = pieces->last;
    const fr_kept_span span = fr_kept_span_of(pieces->kept, first, n);
    if (span.until - span.from == n) return within(column, span.from, n, room);
    if (column->valid) fr_kept_bits(pieces->kept, span, column->valid, room->valid);
    if (column->phys == FR_PHYS_BOOL) fr_kept_bits(pieces->kept, span, column->values, room->values);
    else fr_kept_values(pieces->kept, span, n, column->values, fr_phys_width(column->phys), room->values);
    return (fr_window){ room->values, column->valid ? room->valid : NULL };
}

fr_window fr_pieced_window(const fr_column *column, int64_t first, int64_t n, const fr_window_room *room)
{
    const fr_pieced *p = column->pieced;
    if (p->pieces.kept) return kept_window(&p->pieces, first, n, room);
    const size_t k = fr_part_at(p->starts, p->n, first);
    if (n <= p->starts[k + 1] - first) return within(fr_pieces_at(&p->pieces, k), first - p->starts[k], n, room);
    const bool nulls = some_are_null(p, k, first + n);
    if (nulls) gather_bits(p, k, first, n, true, room->valid);
    if (column->phys == FR_PHYS_BOOL) gather_bits(p, k, first, n, false, room->values);
    else gather_values(p, k, first, n, fr_phys_width(column->phys), room->values);
    return (fr_window){ room->values, nulls ? room->valid : NULL };
}
