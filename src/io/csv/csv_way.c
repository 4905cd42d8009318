/* csv_way.c — the cells of a column, in slots: numbers, texts, everything else, and what nulls become.
 *
 * What kind of column it is and whether it has nulls is asked once a strip and not once a cell. The texts of a
 * dictionary are quoted and laid into slots once each, before the first row, and so are the 256 integers of one byte:
 * rows only copy them.
 */
#include "io/csv/csv_way.h"

#include <string.h>

#include "base/number.h"
#include "data/column_make.h"
#include "data/scaled_column.h"
#include "data/text_form.h"
#include "kernel/number_slots.h"
#include "kernel/prefetch.h"

/* ---- numbers ----------------------------------------------------------------------------------------------------- */
/* Each is printed to its slot: what lies over the next one is printed over, and there is room behind the last. */
static void fill_longer(const fr_csv_way *w, const int64_t *values, size_t n, fr_csv_slots *out)
{
    out->width = FR_CSV_WIDE;
    for (size_t i = 0; i < n; i++) {
        const size_t length = fr_print_i64(values[i], fr_csv_slot(out, i));
        fr_csv_slot_end(&w->end, out, i, length);
    }
}

static const void *values_at(const fr_column *column, int64_t row)
{
    return (const char *)column->values + (size_t)row * fr_phys_width(column->phys);
}

static bool fill_integers(fr_call *call, const fr_csv_way *w, int64_t from, size_t n, fr_csv_slots *out, fr_text *room)
{
    (void)call, (void)room;
    const fr_number_slot_kernels *print = FR_ISA_PICK(fr_number_slot_kernels);
    int64_t wide[FR_CSV_STRIP];
    const int64_t *values = values_at(w->column, from);
    if (w->column->phys != FR_PHYS_I64) {
        fr_integers_at(w->column, from, n, wide);
        values = wide;
    }
    if (print->tiny(values, n, w->end.text, w->end.n, (void *)out->bytes)) out->width = FR_CSV_TINY;
    else if (print->near(values, n, w->end.text, w->end.n, (void *)out->bytes)) out->width = FR_CSV_NEAR;
    else fill_longer(w, values, n, out);
    return true;
}

static void print_longer(const fr_csv_way *w, const double *values, size_t n, fr_csv_slots *out)
{
    out->width = FR_CSV_WIDE;
    for (size_t i = 0; i < n; i++) {
        const size_t length = fr_print_f64(values[i], fr_csv_slot(out, i));
        fr_csv_slot_end(&w->end, out, i, length);
    }
}

/* The text of any float fits into a wide slot. */
static bool fill_floats(fr_call *call, const fr_csv_way *w, int64_t from, size_t n, fr_csv_slots *out, fr_text *room)
{
    (void)call, (void)room;
    double reals[FR_CSV_STRIP];
    const double *values = fr_reals_at(w->column, from, n, reals);
    uint64_t fits[FR_CSV_STRIP];
    out->width = FR_CSV_NEAR;
    const fr_number_slot_kernels *print = FR_ISA_PICK(fr_number_slot_kernels);
    const size_t n_others = print->f64(values, n, w->end.text, w->end.n, (void *)out->bytes, fits);
    if (!n_others) return true;
    if (n_others == n) return print_longer(w, values, n, out), true;
    fr_csv_slots_widen(out, n, FR_CSV_WIDE);
    for (size_t i = 0; i < n; i++) {
        char text[FR_NUMBER_BYTES];
        if (fits[i]) continue;
        const size_t length = fr_print_f64(values[i], text);
        fr_csv_slot_put(&w->end, out, i, text, length);
    }
    return true;
}

/* ---- entries, texts ---------------------------------------------------------------------------------------------- */
FR_TEMPLATE_FN size_t code_at(const void *codes, fr_phys phys, size_t i)
{
    return phys == FR_PHYS_U8  ? ((const uint8_t *)codes)[i]
         : phys == FR_PHYS_U16 ? ((const uint16_t *)codes)[i] : ((const uint32_t *)codes)[i];
}

FR_TEMPLATE_FN void copy_width(const fr_csv_slots *entries, fr_phys phys, const void *codes, size_t n, size_t width,
                               fr_csv_slots *out)
{
    const char *restrict from = entries->bytes;
    char *restrict to = out->bytes;
    for (size_t i = 0; i < n; i++) memcpy(to + i * width, from + code_at(codes, phys, i) * width, width);
}

/* Entries that are asked for: those of the n … to-1'th code. */
FR_TEMPLATE_FN void copy_entries(const fr_csv_slots *entries, fr_phys phys, const void *codes, size_t n, size_t to,
                                 fr_csv_slots *out)
{
    for (size_t i = n; i < to; i++) fr_ask_for(entries->bytes, code_at(codes, phys, i), entries->width);
    out->width = entries->width;
    if (entries->width == FR_CSV_TINY) copy_width(entries, phys, codes, n, FR_CSV_TINY, out);
    else if (entries->width == FR_CSV_NEAR) copy_width(entries, phys, codes, n, FR_CSV_NEAR, out);
    else copy_width(entries, phys, codes, n, FR_CSV_WIDE, out);
}

static void add_far_bytes(fr_csv_slots *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fr_csv_far cell;
        if (fr_csv_slot_length(s, i) != FR_CSV_FAR) continue;
        memcpy(&cell, fr_csv_slot(s, i), sizeof cell);
        s->far_bytes += cell.n;
    }
}

static bool fill_entries(fr_call *call, const fr_csv_way *w, int64_t from, size_t n, fr_csv_slots *out, fr_text *room)
{
    (void)call, (void)room;
    const void *codes = values_at(w->column, from);
    size_t to = n;                                /* many entries: asks for those of the next strip                   */
    if (w->is_large) to = (size_t)fr_smaller(w->column->length - from, 2 * FR_CSV_STRIP);
    switch (w->column->phys) {
        case FR_PHYS_U8: case FR_PHYS_I8: copy_entries(&w->entries, FR_PHYS_U8, codes, n, to, out); break;
        case FR_PHYS_U16: copy_entries(&w->entries, FR_PHYS_U16, codes, n, to, out); break;
        default: copy_entries(&w->entries, FR_PHYS_U32, codes, n, to, out); break;
    }
    if (w->entries.far_bytes) add_far_bytes(out, n);
    return true;
}

/* Where cells that were appended to the room one after the other ended. */
static void settle(const fr_csv_way *w, fr_csv_slots *out, size_t n, const fr_text *room, const size_t *ends)
{
    size_t begin = 0;
    for (size_t i = 0; i < n; begin = ends[i++])
        if (ends[i] > begin) fr_csv_slot_put(&w->end, out, i, room->bytes + begin, ends[i] - begin);
}

/* Those that numbers stand for; quoted ones, and those longer than a slot, go into the room. */
static bool fill_formed(fr_call *call, const fr_csv_way *w, int64_t from, size_t n, fr_csv_slots *out, fr_text *room)
{
    char texts[FR_CSV_STRIP * FR_FORM_BYTES];
    fr_piece pieces[FR_CSV_STRIP];
    size_t ends[FR_CSV_STRIP];
    const bool is_far = w->column->form->bits.length >= (size_t)FR_CSV_WIDE - w->end.n;
    out->width = FR_CSV_WIDE;
    room->length = 0;
    fr_form_pieces(&w->column->form->bits, values_at(w->column, from), n, texts, pieces);
    for (size_t i = 0; i < n; i++) {
        const fr_piece t = pieces[i];
        bool fine = true;
        if (!fr_is_valid(w->column, from + (int64_t)i)) fr_csv_slot_end(&w->end, out, i, 0);
        else if (fr_csv_must_quote(w->style, t.text, t.n)) fine = fr_csv_append_text(call, w->style, t.text, t.n, room);
        else if (is_far) fine = fr_text_append(call, room, t.text, t.n);
        else fr_csv_slot_put(&w->end, out, i, t.text, t.n);
        if (!fine) return false;
        ends[i] = room->length;
    }
    settle(w, out, n, room, ends);
    return true;
}

/* Texts that need no quotes are copied when they are short, and else written from where they are. */
static bool fill_texts(fr_call *call, const fr_csv_way *w, int64_t from, size_t n, fr_csv_slots *out, fr_text *room)
{
    size_t ends[FR_CSV_STRIP];
    out->width = FR_CSV_WIDE;
    room->length = 0;
    for (size_t i = 0; i < n; i++) {
        size_t length;
        const char *text = fr_column_text(w->column, from + (int64_t)i, &length);
        if (!text) {
            fr_csv_slot_end(&w->end, out, i, 0);
        } else if (fr_csv_must_quote(w->style, text, length)) {
            if (!fr_csv_append_text(call, w->style, text, length, room)) return false;
        } else {
            fr_csv_slot_put(&w->end, out, i, text, length);
        }
        ends[i] = room->length;
    }
    settle(w, out, n, room, ends);
    return true;
}

/* ---- everything else --------------------------------------------------------------------------------------------- */
static bool fill_cells(fr_call *call, const fr_csv_way *w, int64_t from, size_t n, fr_csv_slots *out, fr_text *room)
{
    size_t ends[FR_CSV_STRIP];
    out->width = FR_CSV_WIDE;
    room->length = 0;
    for (size_t i = 0; i < n; i++) {
        fr_csv_slot_end(&w->end, out, i, 0);
        if (!fr_csv_append_cell(call, w->style, w->column, from + (int64_t)i, room)) return false;
        ends[i] = room->length;
    }
    settle(w, out, n, room, ends);
    return true;
}

/* ---- nulls ------------------------------------------------------------------------------------------------------- */
static void put_nulls(const fr_csv_way *w, int64_t from, size_t n, fr_csv_slots *out)
{
    if (out->width < w->least) fr_csv_slots_widen(out, n, w->least);
    for (size_t i = 0; i < n; i++)
        if (!fr_bit(w->column->valid, from + (int64_t)i))
            fr_csv_slot_put(&w->end, out, i, w->style->na, w->style->n_na);
}

/* ---- which way --------------------------------------------------------------------------------------------------- */
enum { BYTES = 256 };                            /* entries of a column of bytes                                      */

/* May a number of the column be written as it is printed, whatever it is? */
static bool is_plain_style(const fr_csv_style *style)
{
    double number;
    return !style->quote_all && !style->odd_sep && !fr_parse_f64(style->na, style->n_na, &number);
}

/* Laying out entries of which few are used would cost more than it saves. */
static bool is_worth_entries(const fr_column *column, int64_t n)
{
    return n <= column->length / 2;
}

static fr_csv_fill_fn *fill_of(const fr_csv_style *style, const fr_column *column)
{
    switch (column->type->kind) {
        case FR_I8: case FR_I16: case FR_I32: case FR_I64: case FR_U8: case FR_U16: case FR_U32:
            if (!is_plain_style(style)) return fill_cells;
            return fr_phys_width(column->phys) == 1 && is_worth_entries(column, BYTES) ? fill_entries : fill_integers;
        case FR_F64:
            return is_plain_style(style) ? fill_floats : fill_cells;
        case FR_STR: case FR_CAT:
            if (style->escape_formulas) return fill_cells;
            if (column->form) return fill_formed;
            return column->dictionary && is_worth_entries(column, column->dictionary->length) ? fill_entries
                                                                                              : fill_texts;
        default:
            return fill_cells;
    }
}

/* Where the quoted texts of the entries end in the room; the slots are as wide as the longest needs. */
static bool quote_entries(fr_call *call, fr_csv_way *w, fr_text *room, size_t *ends)
{
    const fr_dictionary *d = w->column->dictionary;
    size_t most = 0;
    for (uint32_t code = 0; code < d->length; code++) {
        size_t n;
        const char *text = fr_dictionary_text(d, code, &n);
        if (fr_csv_must_quote(w->style, text, n)) {
            const size_t begin = room->length;
            if (!fr_csv_append_text(call, w->style, text, n, room)) return false;
            n = room->length - begin;
        }
        ends[code] = room->length;
        if (n > most) most = n;
    }
    w->entries.width = fr_csv_slot_width(&w->end, most);
    if (w->entries.width < w->least) w->entries.width = w->least;
    return true;
}

/* Texts without quotes stay where they are when they are far, the others are kept. */
static bool lay_out_texts(fr_call *call, fr_csv_way *w)
{
    const fr_dictionary *d = w->column->dictionary;
    FR_CLEANUP(fr_text_clear) fr_text room = FR_TEXT_INIT(call);
    size_t *ends = fr_arena_array(call, &w->arena, d->length, sizeof *ends), begin = 0;
    if (!ends || !quote_entries(call, w, &room, ends)) return false;
    const char *quoted = fr_arena_text(call, &w->arena, room.length ? room.bytes : "", room.length);
    fr_csv_slots *s = &w->entries;                /* one more: the code under nulls when there are no entries         */
    w->is_large = d->length > FR_FAR_BYTES / s->width;
    s->bytes = quoted ? fr_arena_array(call, &w->arena, (size_t)d->length + 1, s->width) : NULL;
    if (!s->bytes) return false;
    for (uint32_t code = 0; code < d->length; begin = ends[code++]) {
        size_t n;
        const char *text = fr_dictionary_text(d, code, &n);
        if (ends[code] > begin) fr_csv_slot_put(&w->end, s, code, quoted + begin, ends[code] - begin);
        else fr_csv_slot_put(&w->end, s, code, text, n);
    }
    return true;
}

/* What each byte says as an integer of the column. */
static bool lay_out_bytes(fr_call *call, fr_csv_way *w)
{
    fr_csv_slots *s = &w->entries;
    s->width = w->least;
    s->bytes = fr_arena_array(call, &w->arena, BYTES, s->width);
    for (size_t byte = 0; s->bytes && byte < BYTES; byte++) {
        char text[FR_NUMBER_BYTES];
        const int64_t value = w->column->phys == FR_PHYS_I8 ? (int8_t)byte : (int64_t)byte;
        const size_t n = fr_print_i64(value, text);
        fr_csv_slot_put(&w->end, s, byte, text, n);
    }
    return s->bytes != NULL;
}

/* ---- public ------------------------------------------------------------------------------------------------------ */
void fr_csv_way_begin(fr_call *call, fr_csv_way *w, const fr_csv_style *style, const fr_column *column, bool last)
{
    *w = (fr_csv_way){ .style = style, .column = column, .fill = fill_of(style, column) };
    fr_arena_init(&w->arena, call->context);
    w->end.n = (uint16_t)(last ? style->n_line_end : 1);
    memcpy(w->end.text, last ? style->line_end : &style->sep, w->end.n);
    w->least = column->valid ? fr_csv_slot_width(&w->end, style->n_na) : FR_CSV_TINY;
}

bool fr_csv_way_prepare(fr_call *call, fr_csv_way *w)
{
    if (w->fill != fill_entries) return true;
    return w->column->dictionary ? lay_out_texts(call, w) : lay_out_bytes(call, w);
}

void fr_csv_way_clear(fr_csv_way *w)
{
    fr_arena_clear(&w->arena);
}

bool fr_csv_way_fill(fr_call *call, const fr_csv_way *w, int64_t from, size_t n, fr_csv_slots *out, fr_text *room)
{
    out->width = FR_CSV_TINY;
    out->far_bytes = 0;
    if (!w->fill(call, w, from, n, out, room)) return false;
    if (w->column->valid && w->fill != fill_cells) put_nulls(w, from, n, out);
    return true;
}
