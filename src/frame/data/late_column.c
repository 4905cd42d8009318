/* late_column.c — listing pieces, and putting them together once (see late_column.h).
 *
 * Appending to a list that others hold: who finds its end where his own pieces end takes the next place, as with a
 * slice of Go; who does not copies the references. So a loop of appends lists every piece once. A holder of fewer
 * pieces may thereby keep alive what was appended behind them.
 *
 * Rows kept of a column wait only if they are at least half of it: what is not copied yet takes no more than twice what
 * the copy will, should nobody else hold the column.
 *
 * Texts of one form (data/text_form.h) and scaled numbers (data/scaled_column.h) wait as their numbers, however many pieces there
 * are; few rows become views, or doubles, at once.
 *
 * Two threads that need the same column at once both make it, and the first one's stays.
 */
#include "data/late_column.h"

#include "base/memory.h"
#include "base/spin.h"
#include "data/column_make.h"
#include "data/scaled_column.h"
#include "data/text_form.h"

enum { KEPT_ROWS = 1 << 16 };           /* fewer are copied at once */

struct fr_piece_list {
    _Atomic(int64_t) refs;
    fr_context      *context;           /* owned reference */
    size_t           capacity;
    _Atomic(size_t)  used;              /* places that are taken                   */
    fr_column       *at[];              /* owned references; NULL behind the taken */
};

static size_t list_bytes(size_t capacity)
{
    return sizeof(fr_piece_list) + capacity * sizeof(fr_column *);
}

static fr_piece_list *new_list(fr_call *call, size_t capacity)
{
    if (capacity > SIZE_MAX / 2 / sizeof(fr_column *)) {
        fr_fail(call, FR_ERR_LIMIT, "too many pieces");
        return NULL;
    }
    fr_piece_list *list = fr_new(call, list_bytes(capacity));
    if (!list) return NULL;
    atomic_init(&list->refs, 1);
    list->context = fr_ref(call->context);
    list->capacity = capacity;
    return list;
}

static fr_piece_list *ref_list(fr_piece_list *list)
{
    if (list) atomic_fetch_add_explicit(&list->refs, 1, memory_order_relaxed);
    return list;
}

static void unref_list(fr_piece_list *list)
{
    if (!list || atomic_fetch_sub_explicit(&list->refs, 1, memory_order_acq_rel) > 1) return;
    fr_context *context = list->context;
    const size_t used = atomic_load(&list->used);
    for (size_t i = 0; i < used; i++) fr_column_unref(list->at[i]);
    fr_free(context, list, list_bytes(list->capacity));
    fr_unref(context);
}

/* ---- pieces ------------------------------------------------------------------------------------------------------ */
size_t fr_pieces_count(const fr_pieces *pieces)
{
    return pieces->n + (pieces->last != NULL);
}

fr_column *fr_pieces_at(const fr_pieces *pieces, size_t i)
{
    return i < pieces->n ? pieces->list->at[i] : pieces->last;
}

static void take_pieces(const fr_pieces *from, fr_pieces *to)
{
    *to = *from;
    ref_list(to->list);
    fr_column_ref(to->last);
    fr_kept_rows_ref(to->kept);
}

void fr_pieces_clear(fr_pieces *pieces)
{
    unref_list(pieces->list);
    fr_column_unref(pieces->last);
    fr_kept_rows_unref(pieces->kept);
    *pieces = (fr_pieces){ 0 };
}

/* An upper bound of what the union of dictionaries and the joined heaps of texts will count. */
static uint64_t codes_of(const fr_column *column)
{
    uint64_t n = column->heap ? column->heap->n_buffers : 0;
    if (column->dictionary) n += column->dictionary->length;
    if (column->dictionary && column->dictionary->heap) n += column->dictionary->heap->n_buffers;
    for (size_t i = 0; i < column->n_children; i++) n += codes_of(column->children[i]);
    return n;
}

/* The last piece into the list; where its next place is not ours, into a list of our own. */
static bool push_last(fr_call *call, fr_pieces *pieces)
{
    fr_piece_list *list = pieces->list;
    size_t end = pieces->n;
    if (!list || end == list->capacity || !atomic_compare_exchange_strong(&list->used, &end, end + 1)) {
        list = new_list(call, 2 * pieces->n + 4);
        if (!list) return false;
        for (size_t i = 0; i < pieces->n; i++) list->at[i] = fr_column_ref(pieces->list->at[i]);
        atomic_store(&list->used, pieces->n + 1);
        unref_list(pieces->list);
        pieces->list = list;
    }
    list->at[pieces->n++] = pieces->last;
    pieces->last = NULL;
    return true;
}

/* The same rows in memory of our own; a dictionary stays whose it is. */
static fr_column *copy_of(fr_call *call, const fr_column *column)
{
    FR_OWNED fr_column *none = fr_column_slice(call, column, 0, 0);
    return none ? fr_column_concat(call, (const fr_column *[]){ column, none }, 2) : NULL;
}

/* Somebody else's column behind no fewer rows of our own is copied alone, so that appending such ones is linear too. */
static bool add_foreign(fr_call *call, fr_pieces *pieces, const fr_column *column)
{
    FR_OWNED fr_column *own = copy_of(call, column);
    if (!own) return false;
    pieces->foreign = fr_column_is_foreign(own);
    return fr_pieces_add(call, pieces, own);
}

bool fr_pieces_add(fr_call *call, fr_pieces *pieces, fr_column *column)
{
    const bool is_behind = pieces->last && !pieces->foreign && pieces->length >= column->length;
    if (is_behind && fr_column_is_foreign(column)) return add_foreign(call, pieces, column);
    if (__builtin_add_overflow(pieces->length, column->length, &pieces->length))
        return fr_fail(call, FR_ERR_LIMIT, "more than 2^63 rows");
    pieces->null_count += column->null_count;
    pieces->foreign = pieces->foreign || fr_column_is_foreign(column);
    if (pieces->last && pieces->last->length + column->length <= FR_TOGETHER_ROWS) {
        fr_column *both = fr_column_concat(call, (const fr_column *[]){ pieces->last, column }, 2);
        if (!both) return false;
        pieces->codes += codes_of(both) - codes_of(pieces->last);
        fr_column_unref(pieces->last);
        pieces->last = both;
        return true;
    }
    if (pieces->last && !push_last(call, pieces)) return false;
    pieces->codes += codes_of(column);
    pieces->last = fr_column_ref(column);
    return true;
}

bool fr_pieces_keep(fr_call *call, fr_pieces *pieces, fr_column *column, fr_kept_rows *kept)
{
    if (kept->selection.n != column->length) return fr_fail(call, FR_ERR_INTERNAL, "kept rows of another column");
    *pieces = (fr_pieces){ .last = fr_column_ref(column), .kept = fr_kept_rows_ref(kept), .length = fr_kept_count(kept),
                           .null_count = fr_kept_nulls(kept, column->valid), .codes = codes_of(column),
                           .foreign = fr_column_is_foreign(column) };
    return true;
}

/* ---- the pieces of a column -------------------------------------------------------------------------------------- */
/* The column as it lies now, as pieces of the caller's own: one when it is whole. */
static void look(fr_late_column *late, bool pin, fr_pieces *out)
{
    fr_spin_lock(&late->lock);
    fr_column *whole = fr_late_column_ready(late);
    if (!whole) {
        late->pinned = late->pinned || pin;
        take_pieces(&late->pieces, out);
    }
    fr_spin_unlock(&late->lock);
    if (!whole) return;
    *out = (fr_pieces){ .last = fr_column_ref(whole), .length = late->length, .null_count = late->null_count,
                        .codes = codes_of(whole), .foreign = fr_column_is_foreign(whole) };
}

void fr_late_column_pieces(fr_late_column *late, fr_pieces *out)
{
    look(late, false, out);
}

fr_column *fr_late_column_as_it_lies(fr_call *call, fr_late_column *late)
{
    FR_CLEANUP(fr_pieces_clear) fr_pieces pieces = { 0 };
    fr_late_column_pieces(late, &pieces);
    const bool formed = fr_pieces_count(&pieces) == 1 && !pieces.kept && fr_is_formed(pieces.last);
    return fr_column_ref(formed ? pieces.last : fr_late_column_whole(call, late));
}

bool fr_pieces_add_late(fr_call *call, fr_pieces *pieces, fr_late_column *late)
{
    FR_CLEANUP(fr_pieces_clear) fr_pieces more = { 0 };
    look(late, false, &more);
    if (more.kept) {
        fr_column *whole = fr_late_column_whole(call, late);
        return whole && fr_pieces_add(call, pieces, whole);
    }
    if (!pieces->last) {
        *pieces = more;
        more = (fr_pieces){ 0 };
        return true;
    }
    for (size_t i = 0; i < fr_pieces_count(&more); i++)
        if (!fr_pieces_add(call, pieces, fr_pieces_at(&more, i))) return false;
    return true;
}

/* As they lie: formed, where all are so. */
static fr_column *join_pieces(fr_call *call, const fr_pieces *pieces)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    const size_t n = fr_pieces_count(pieces);
    if (pieces->kept) return fr_column_select(call, pieces->last, &pieces->kept->selection);
    if (n == 1) return fr_column_ref(pieces->last);
    const fr_column **columns = fr_arena_array(call, &arena, n, sizeof *columns);
    for (size_t i = 0; columns && i < n; i++) columns[i] = fr_pieces_at(pieces, i);
    return columns ? fr_column_concat(call, columns, n) : NULL;
}

static fr_column *put_together(fr_call *call, const fr_pieces *pieces)
{
    FR_OWNED fr_column *column = join_pieces(call, pieces);
    if (!column) return NULL;
    return column->digits ? fr_column_unscaled(call, column) : fr_column_unformed(call, column);
}

/* Nothing that could fail later but for memory: the limits of codes and buffers are far, and nobody else writes. */
static bool may_wait(const fr_pieces *pieces)
{
    const bool stays = !pieces->foreign || !FR_TOGETHER_ROWS;
    return stays && pieces->codes < (uint64_t)1 << 31;
}

static bool some_are_formed(const fr_pieces *pieces)
{
    bool some = false;
    for (size_t i = 0; !some && i < fr_pieces_count(pieces); i++) some = fr_is_formed(fr_pieces_at(pieces, i));
    return some;
}

static bool is_worth_waiting(const fr_pieces *pieces)
{
    const bool many = !FR_TOGETHER_ROWS || pieces->length >= KEPT_ROWS;
    if (!pieces->kept) return fr_pieces_count(pieces) > 1 || (many && some_are_formed(pieces));
    return !FR_TOGETHER_ROWS || (pieces->length >= KEPT_ROWS && pieces->length >= pieces->last->length / 2);
}

/* ---- making ------------------------------------------------------------------------------------------------------ */
fr_late_column *fr_late_column_of(fr_call *call, fr_pieces *pieces)
{
    fr_column *whole = NULL;
    const bool ready = !is_worth_waiting(pieces) || !may_wait(pieces);
    fr_late_column *late = fr_new(call, sizeof *late);
    if (late && ready) whole = put_together(call, pieces);
    if (!late || (ready && !whole)) {
        fr_free(call->context, late, sizeof *late);
        fr_pieces_clear(pieces);
        return NULL;
    }
    atomic_init(&late->refs, 1);
    atomic_init(&late->whole, whole);
    late->context = fr_ref(call->context);
    late->type = fr_type_ref(pieces->last->type);
    late->length = pieces->length;
    late->null_count = pieces->null_count;
    if (ready) fr_pieces_clear(pieces);
    late->pieces = *pieces;
    *pieces = (fr_pieces){ 0 };
    return late;
}

fr_late_column *fr_late_column_from(fr_call *call, fr_column *column)
{
    FR_CLEANUP(fr_pieces_clear) fr_pieces pieces = { 0 };
    return fr_pieces_add(call, &pieces, column) ? fr_late_column_of(call, &pieces) : NULL;
}

fr_late_column *fr_late_column_ref(fr_late_column *late)
{
    atomic_fetch_add_explicit(&late->refs, 1, memory_order_relaxed);
    return late;
}

void fr_late_column_unref(fr_late_column *late)
{
    if (!late || atomic_fetch_sub_explicit(&late->refs, 1, memory_order_acq_rel) > 1) return;
    fr_context *context = late->context;
    fr_column_unref(atomic_load(&late->whole));
    fr_pieces_clear(&late->pieces);
    fr_type_unref(late->type);
    fr_free(context, late, sizeof *late);
    fr_unref(context);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */
/* Publishes `made` unless another thread was first; gives up the pieces. Returns the one that stays. */
static fr_column *publish(fr_late_column *late, fr_column *made)
{
    fr_pieces given_up = { 0 };
    fr_spin_lock(&late->lock);
    fr_column *first = fr_late_column_ready(late);
    if (!first) atomic_store_explicit(&late->whole, made, memory_order_release);
    if (!first && !late->pinned) given_up = late->pieces, late->pieces = (fr_pieces){ 0 };
    fr_spin_unlock(&late->lock);
    fr_pieces_clear(&given_up);
    if (first) fr_column_unref(made);
    return first ? first : made;
}

fr_column *fr_late_column_whole(fr_call *call, fr_late_column *late)
{
    fr_column *whole = fr_late_column_ready(late);
    if (whole) return whole;
    FR_CLEANUP(fr_pieces_clear) fr_pieces pieces = { 0 };
    look(late, false, &pieces);
    whole = put_together(call, &pieces);
    return whole ? publish(late, whole) : NULL;
}

/* Rows offset … offset + length of the pieces; no rows still have a type. */
static bool slice_pieces(fr_call *call, const fr_pieces *from, int64_t offset, int64_t length, fr_pieces *out)
{
    const int64_t end = offset + length;
    int64_t start = 0;                                          /* the row a piece begins with */
    const size_t n_pieces = fr_pieces_count(from);
    for (size_t i = 0; i < n_pieces && (start < end || !out->last); start += fr_pieces_at(from, i++)->length) {
        const fr_column *piece = fr_pieces_at(from, i);
        const int64_t first = offset > start ? offset - start : 0;
        const int64_t n = fr_smaller(piece->length, end - start) - first;
        if (n <= 0 && i + 1 < n_pieces) continue;
        if (n <= 0 && out->last) break;
        FR_OWNED fr_column *slice = fr_column_slice(call, piece, n > 0 ? first : 0, n > 0 ? n : 0);
        if (!slice || !fr_pieces_add(call, out, slice)) return false;
    }
    return true;
}

static bool slice_kept(fr_call *call, const fr_pieces *from, int64_t offset, int64_t length, fr_pieces *out)
{
    const fr_kept_span span = fr_kept_span_of(from->kept, offset, length);
    FR_CLEANUP(fr_drop_kept_rows) fr_kept_rows *kept = fr_kept_rows_cut(call, from->kept, span, length);
    FR_OWNED fr_column *column = kept ? fr_column_slice(call, from->last, span.from / 64 * 64, kept->selection.n) : NULL;
    return column && fr_pieces_keep(call, out, column, kept);
}

fr_late_column *fr_late_column_slice(fr_call *call, fr_late_column *late, int64_t offset, int64_t length)
{
    if (offset == 0 && length == late->length) return fr_late_column_ref(late);
    FR_CLEANUP(fr_pieces_clear) fr_pieces pieces = { 0 };
    FR_CLEANUP(fr_pieces_clear) fr_pieces slice = { 0 };
    /* the categories belong to the column, used or not: those of all pieces */
    if (late->type->kind == FR_CAT && !fr_late_column_whole(call, late)) return NULL;
    look(late, false, &pieces);
    const bool fine = pieces.kept ? slice_kept(call, &pieces, offset, length, &slice)
                                  : slice_pieces(call, &pieces, offset, length, &slice);
    return fine ? fr_late_column_of(call, &slice) : NULL;
}

fr_value fr_late_column_value(fr_late_column *late, int64_t row)
{
    FR_CLEANUP(fr_pieces_clear) fr_pieces pieces = { 0 };
    look(late, true, &pieces);
    if (pieces.kept) row = fr_kept_span_of(pieces.kept, row, 1).from;
    for (size_t i = 0; i < fr_pieces_count(&pieces); row -= fr_pieces_at(&pieces, i++)->length)
        if (row < fr_pieces_at(&pieces, i)->length) return fr_column_value(fr_pieces_at(&pieces, i), row);
    return fr_v_null();
}

/* Going through the rows of pieces, by stretches that lie one behind the other. */
typedef struct walk {
    const fr_pieces *pieces;
    size_t           piece;
    int64_t          at, n;                 /* of that piece: the stretch */
} walk;

static void next_kept(const fr_kept_rows *kept, walk *w)
{
    uint64_t word;
    while (!(word = fr_valid_word(kept->selection.keep, w->at / 64 * 64, kept->selection.n) >> w->at % 64))
        w->at = w->at / 64 * 64 + 64;
    const int skipped = __builtin_ctzll(word);
    w->at += skipped;
    w->n = ~(word >> skipped) ? __builtin_ctzll(~(word >> skipped)) : 64;
}

/* There is a row left. */
static void next_stretch(walk *w)
{
    if (w->n) return;
    if (w->pieces->kept) {
        next_kept(w->pieces->kept, w);
        return;
    }
    if (w->at == fr_pieces_at(w->pieces, w->piece)->length) w->piece++, w->at = 0;
    w->n = fr_pieces_at(w->pieces, w->piece)->length - w->at;
}

/* Both have so many rows, of one type. */
static bool same_rows(const fr_pieces *x, const fr_pieces *y, int64_t length)
{
    walk a = { .pieces = x }, b = { .pieces = y };
    while (length > 0) {
        next_stretch(&a);
        next_stretch(&b);
        const int64_t n = fr_smaller(a.n, b.n);
        if (!fr_rows_equal(fr_pieces_at(x, a.piece), a.at, fr_pieces_at(y, b.piece), b.at, n)) return false;
        length -= n;
        a.at += n, a.n -= n;
        b.at += n, b.n -= n;
    }
    return true;
}

bool fr_late_column_equals(fr_late_column *late, const fr_column *column)
{
    if (late->length != column->length || !fr_type_equal(late->type, column->type)) return false;
    FR_CLEANUP(fr_pieces_clear) fr_pieces pieces = { 0 };
    look(late, false, &pieces);
    return same_rows(&pieces, &(fr_pieces){ .last = (fr_column *)(uintptr_t)column }, column->length);
}

bool fr_late_column_equal(fr_late_column *a, fr_late_column *b)
{
    if (a == b) return true;
    if (a->length != b->length || !fr_type_equal(a->type, b->type)) return false;
    FR_CLEANUP(fr_pieces_clear) fr_pieces x = { 0 };
    FR_CLEANUP(fr_pieces_clear) fr_pieces y = { 0 };
    look(a, false, &x);
    look(b, false, &y);
    return same_rows(&x, &y, a->length);
}
