/* csv_strips.c — rows become text in strips of 128: column by column into slots of 8, 16 or 32 bytes, then row by row.
 *
 *     id3  id0000042202,··13      v1  5,·····2      v3  37.211254⏎·····10
 *          id0000029558,··13          5,·····2          48.951141⏎·····10
 *
 *     out  id0000042202,5,37.211254⏎id0000029558,5,48.951141⏎
 *
 * A slot holds the cell and the separator or line end behind it; its last byte says how many bytes that is. What kind of
 * column it is and whether it has nulls is asked once a strip and not once a cell. A slot is copied whole and the next
 * one laid over its end, so no loop runs over the bytes of a cell. The texts of a dictionary are quoted and laid into
 * slots once each, before the first row, and so are the 256 integers of one byte. A cell that is longer than a slot is
 * far: the slot says where it lies.
 */
#include "io/csv/csv_strips.h"

#include <string.h>

#include "base/number.h"
#include "base/threads.h"
#include "data/column_make.h"
#include "io/csv/csv_print.h"
#include "kernel/prefetch.h"

enum { TINY = 8, NEAR = 16, WIDE = 32,           /* bytes of a slot                                                   */
       FAR = 255 };                              /* the length that stands for a far_cell, which only wide slots hold */

typedef struct far_cell { const char *text; size_t n; } far_cell;

typedef struct slots {
    char   *bytes;
    size_t  width;                               /* TINY, NEAR or WIDE                                                */
    size_t  far_bytes;                           /* of all far cells                                                  */
} slots;

typedef struct way way;
typedef bool fill_fn(fr_call *call, const way *w, int64_t from, size_t n, slots *out, fr_text *room);

typedef struct ending { char text[2]; uint16_t n; } ending;

struct way {                                     /* how a column is written                                           */
    const fr_csv_style *style;
    const fr_column    *column;
    fill_fn            *fill;
    ending              end;                     /* what stands behind its cells                                      */
    size_t              least;                   /* width of slots that nulls fit into                                */
    bool                is_large;                /* its entries lie beyond the second-level cache                     */
    slots               entries;                 /* of a dictionary or the integers of a byte, when laid out          */
    fr_arena            arena;                   /* holds the entries                                                 */
};

struct fr_csv_strips {
    fr_context         *context;                 /* borrowed                                                          */
    const fr_csv_style *style;
    size_t              width;
    way                *ways;                    /* owned                                                             */
};

/* ---- slots ------------------------------------------------------------------------------------------------------- */
static char *slot(const slots *s, size_t i)
{
    return s->bytes + i * s->width;
}

FR_TEMPLATE_FN void set_length(slots *s, size_t i, size_t n)
{
    slot(s, i)[s->width - 1] = (char)n;
}

FR_TEMPLATE_FN size_t length_at(const slots *s, size_t i)
{
    return (uint8_t)slot(s, i)[s->width - 1];
}

/* Slots for cells of n bytes and the ending. */
static size_t width_for(const way *w, size_t n)
{
    n += w->end.n;
    return n < TINY ? TINY : n < NEAR ? NEAR : WIDE;
}

/* n bytes of the cell are in the slot. */
FR_TEMPLATE_FN void end_cell(const way *w, slots *s, size_t i, size_t n)
{
    memcpy(slot(s, i) + n, w->end.text, sizeof w->end.text);
    set_length(s, i, n + w->end.n);
}

static void put_far(slots *s, size_t i, const char *text, size_t n)
{
    const far_cell cell = { text, n };
    memcpy(slot(s, i), &cell, sizeof cell);
    set_length(s, i, FAR);
    s->far_bytes += n;
}

/* The text stays where it is when it does not fit, which it may only in wide slots. */
static void put(const way *w, slots *s, size_t i, const char *text, size_t n)
{
    if (n >= s->width - w->end.n) return put_far(s, i, text, n);
    memcpy(slot(s, i), text, n);
    end_cell(w, s, i, n);
}

/* From the last on: a wider slot begins behind those that are still to be moved, or where its own began. */
static void widen(slots *s, size_t n, size_t width)
{
    const slots old = *s;
    s->width = width;
    for (size_t i = n; i-- > 0;) {
        const size_t length = length_at(&old, i);
        memmove(slot(s, i), slot(&old, i), old.width);
        set_length(s, i, length);
    }
}

static void put_nulls(const way *w, int64_t from, size_t n, slots *out)
{
    if (out->width < w->least) widen(out, n, w->least);
    for (size_t i = 0; i < n; i++)
        if (!fr_bit(w->column->valid, from + (int64_t)i)) put(w, out, i, w->style->na, w->style->n_na);
}

/* ---- numbers ----------------------------------------------------------------------------------------------------- */
static void spread(const way *w, const fr_csv_words8 *words, size_t n, slots *out)
{
    out->width = NEAR;
    for (size_t i = 0; i < n; i++) {
        memcpy(slot(out, i), &words->text[i], 8);
        end_cell(w, out, i, words->length[i]);
    }
}

static void fill_longer(const way *w, const int64_t *values, size_t n, slots *out)
{
    out->width = WIDE;
    for (size_t i = 0; i < n; i++) {
        char text[FR_NUMBER_BYTES];
        const size_t length = fr_print_i64(values[i], text);
        put(w, out, i, text, length);
    }
}

static const void *values_at(const fr_column *column, int64_t row)
{
    return (const char *)column->values + (size_t)row * fr_phys_width(column->phys);
}

static bool fill_integers(fr_call *call, const way *w, int64_t from, size_t n, slots *out, fr_text *room)
{
    (void)call, (void)room;
    const fr_csv_print_kernels *print = FR_ISA_PICK(fr_csv_print_kernels);
    int64_t wide[FR_CSV_STRIP];
    uint64_t cells[FR_CSV_STRIP];
    const int64_t *values = values_at(w->column, from);
    fr_csv_words8 words;
    if (w->column->phys != FR_PHYS_I64) {
        fr_integers_at(w->column, from, n, wide);
        values = wide;
    }
    if (print->cells(values, n, w->end.text, w->end.n, cells)) memcpy(out->bytes, cells, n * TINY);
    else if (print->i64(values, n, &words)) spread(w, &words, n, out);
    else fill_longer(w, values, n, out);
    return true;
}

/* The text of any float fits into a wide slot. */
static bool fill_floats(fr_call *call, const way *w, int64_t from, size_t n, slots *out, fr_text *room)
{
    (void)call, (void)room;
    const double *values = values_at(w->column, from);
    fr_csv_words8 whole, decimals;
    uint64_t plain[FR_CSV_STRIP];
    char text[FR_NUMBER_BYTES];
    out->width = FR_ISA_PICK(fr_csv_print_kernels)->f64(values, n, &whole, &decimals, plain) ? WIDE : NEAR;
    for (size_t i = 0; i < n; i++) {
        char *cell = slot(out, i);
        if (FR_UNLIKELY(!plain[i])) {
            const size_t length = fr_print_f64(values[i], text);
            put(w, out, i, text, length);
            continue;
        }
        memcpy(cell, &whole.text[i], 8);
        memcpy(cell + whole.length[i], &decimals.text[i], 8);
        end_cell(w, out, i, whole.length[i] + decimals.length[i]);
    }
    return true;
}

/* ---- entries, texts ---------------------------------------------------------------------------------------------- */
FR_TEMPLATE_FN size_t code_at(const void *codes, fr_phys phys, size_t i)
{
    return phys == FR_PHYS_U8  ? ((const uint8_t *)codes)[i]
         : phys == FR_PHYS_U16 ? ((const uint16_t *)codes)[i] : ((const uint32_t *)codes)[i];
}

FR_TEMPLATE_FN void copy_width(const slots *entries, fr_phys phys, const void *codes, size_t n, size_t width,
                               slots *out)
{
    const char *restrict from = entries->bytes;
    char *restrict to = out->bytes;
    for (size_t i = 0; i < n; i++) memcpy(to + i * width, from + code_at(codes, phys, i) * width, width);
}

/* Entries that are asked for: those of the n … to-1'th code. */
FR_TEMPLATE_FN void copy_entries(const slots *entries, fr_phys phys, const void *codes, size_t n, size_t to, slots *out)
{
    for (size_t i = n; i < to; i++) fr_ask_for(entries->bytes, code_at(codes, phys, i), entries->width);
    out->width = entries->width;
    if (entries->width == TINY) copy_width(entries, phys, codes, n, TINY, out);
    else if (entries->width == NEAR) copy_width(entries, phys, codes, n, NEAR, out);
    else copy_width(entries, phys, codes, n, WIDE, out);
}

static void add_far_bytes(slots *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        far_cell cell;
        if (length_at(s, i) == FAR) memcpy(&cell, slot(s, i), sizeof cell), s->far_bytes += cell.n;
    }
}

static bool fill_entries(fr_call *call, const way *w, int64_t from, size_t n, slots *out, fr_text *room)
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
static void settle(const way *w, slots *out, size_t n, const fr_text *room, const size_t *ends)
{
    size_t begin = 0;
    for (size_t i = 0; i < n; begin = ends[i++])
        if (ends[i] > begin) put(w, out, i, room->bytes + begin, ends[i] - begin);
}

/* Texts that need no quotes are copied when they are short, and else written from where they are. */
static bool fill_texts(fr_call *call, const way *w, int64_t from, size_t n, slots *out, fr_text *room)
{
    size_t ends[FR_CSV_STRIP];
    out->width = WIDE;
    room->length = 0;
    for (size_t i = 0; i < n; i++) {
        size_t length;
        const char *text = fr_column_text(w->column, from + (int64_t)i, &length);
        if (!text) {
            end_cell(w, out, i, 0);
        } else if (fr_csv_must_quote(w->style, text, length)) {
            if (!fr_csv_append_text(call, w->style, text, length, room)) return false;
        } else {
            put(w, out, i, text, length);
        }
        ends[i] = room->length;
    }
    settle(w, out, n, room, ends);
    return true;
}

/* ---- everything else --------------------------------------------------------------------------------------------- */
static bool fill_cells(fr_call *call, const way *w, int64_t from, size_t n, slots *out, fr_text *room)
{
    size_t ends[FR_CSV_STRIP];
    out->width = WIDE;
    room->length = 0;
    for (size_t i = 0; i < n; i++) {
        end_cell(w, out, i, 0);
        if (!fr_csv_append_cell(call, w->style, w->column, from + (int64_t)i, room)) return false;
        ends[i] = room->length;
    }
    settle(w, out, n, room, ends);
    return true;
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

static fill_fn *fill_of(const fr_csv_style *style, const fr_column *column)
{
    switch (column->type->kind) {
        case FR_I8: case FR_I16: case FR_I32: case FR_I64: case FR_U8: case FR_U16: case FR_U32:
            if (!is_plain_style(style)) return fill_cells;
            return fr_phys_width(column->phys) == 1 && is_worth_entries(column, BYTES) ? fill_entries : fill_integers;
        case FR_F64:
            return is_plain_style(style) ? fill_floats : fill_cells;
        case FR_STR: case FR_CAT:
            if (style->escape_formulas) return fill_cells;
            return column->dictionary && is_worth_entries(column, column->dictionary->length) ? fill_entries
                                                                                              : fill_texts;
        default:
            return fill_cells;
    }
}

/* Where the quoted texts of the entries end in the room; the slots are as wide as the longest needs. */
static bool quote_entries(fr_call *call, way *w, fr_text *room, size_t *ends)
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
    w->entries.width = width_for(w, most);
    if (w->entries.width < w->least) w->entries.width = w->least;
    return true;
}

/* Texts without quotes stay where they are when they are far, the others are kept. */
static bool lay_out_texts(fr_call *call, way *w)
{
    const fr_dictionary *d = w->column->dictionary;
    FR_CLEANUP(fr_text_clear) fr_text room = FR_TEXT_INIT(call);
    size_t *ends = fr_arena_array(call, &w->arena, d->length, sizeof *ends), begin = 0;
    if (!ends || !quote_entries(call, w, &room, ends)) return false;
    const char *quoted = fr_arena_text(call, &w->arena, room.length ? room.bytes : "", room.length);
    slots *s = &w->entries;                       /* one more: the code under nulls when there are no entries         */
    w->is_large = d->length > FR_FAR_BYTES / s->width;
    s->bytes = quoted ? fr_arena_array(call, &w->arena, (size_t)d->length + 1, s->width) : NULL;
    if (!s->bytes) return false;
    for (uint32_t code = 0; code < d->length; begin = ends[code++]) {
        size_t n;
        const char *text = fr_dictionary_text(d, code, &n);
        if (ends[code] > begin) put(w, s, code, quoted + begin, ends[code] - begin);
        else put(w, s, code, text, n);
    }
    return true;
}

/* What each byte says as an integer of the column. */
static bool lay_out_bytes(fr_call *call, way *w)
{
    slots *s = &w->entries;
    s->width = w->least;
    s->bytes = fr_arena_array(call, &w->arena, BYTES, s->width);
    for (size_t byte = 0; s->bytes && byte < BYTES; byte++) {
        char text[FR_NUMBER_BYTES];
        const int64_t value = w->column->phys == FR_PHYS_I8 ? (int8_t)byte : (int64_t)byte;
        const size_t n = fr_print_i64(value, text);
        put(w, s, byte, text, n);
    }
    return s->bytes != NULL;
}

static bool lay_out_column(fr_call *call, void *state, size_t column, size_t worker)
{
    (void)worker;
    way *w = &((fr_csv_strips *)state)->ways[column];
    if (w->fill != fill_entries) return true;
    return fr_go_on(call) && (w->column->dictionary ? lay_out_texts(call, w) : lay_out_bytes(call, w));
}

void fr_csv_strips_close(fr_csv_strips *s)
{
    if (!s) return;
    fr_context *context = s->context;
    for (size_t c = 0; s->ways && c < s->width; c++) fr_arena_clear(&s->ways[c].arena);
    fr_free_array(context, s->ways, s->width, sizeof *s->ways);
    fr_free(context, s, sizeof *s);
}

fr_csv_strips *fr_csv_strips_new(fr_call *call, const fr_csv_style *style, const fr_frame *frame)
{
    fr_csv_strips *s = fr_new(call, sizeof *s);
    if (!s) return NULL;
    *s = (fr_csv_strips){ .context = call->context, .style = style, .width = frame->schema->width };
    s->ways = fr_new_array(call, s->width, sizeof *s->ways);
    for (size_t c = 0; s->ways && c < s->width; c++) {
        way *w = &s->ways[c];
        *w = (way){ .style = style, .column = frame->columns[c], .fill = fill_of(style, frame->columns[c]) };
        fr_arena_init(&w->arena, call->context);
        w->end.n = (uint16_t)(c + 1 < s->width ? 1 : style->n_line_end);
        memcpy(w->end.text, c + 1 < s->width ? &style->sep : style->line_end, w->end.n);
        w->least = w->column->valid ? width_for(w, style->n_na) : TINY;
    }
    if (s->ways && fr_for_blocks(call, s->width, lay_out_column, s)) return s;
    fr_csv_strips_close(s);
    return NULL;
}

/* ---- rows out ---------------------------------------------------------------------------------------------------- */
/* One thread's slots, in one block, and the texts that cells were made of. */
typedef struct bench { slots *columns; fr_text *rooms; } bench;

/* The slots of a column, and an odd number of cache lines so that the columns do not share their sets of lines. */
enum { COLUMN_BYTES = FR_CSV_STRIP * WIDE + 21 * 64, STRIPS_AHEAD = 4 };

/* A strip reads few lines of each of many columns, too few for the machine to see where they go on. */
static void ask_for_values(const fr_column *column, int64_t from)
{
    const size_t width = fr_phys_width(column->phys);
    for (size_t i = 0; width && i < FR_CSV_STRIP; i += width < 64 ? 64 / width : 1)
        fr_ask_for(column->values, (uint64_t)from + STRIPS_AHEAD * FR_CSV_STRIP + i, width);
}

static bool fill_strip(fr_call *call, const fr_csv_strips *s, int64_t from, size_t n, bench *b)
{
    for (size_t c = 0; c < s->width; c++) {
        const way *w = &s->ways[c];
        slots *out = &b->columns[c];
        out->width = TINY;
        out->far_bytes = 0;
        ask_for_values(w->column, from);
        if (!w->fill(call, w, from, n, out, &b->rooms[c])) return false;
        if (w->column->valid && w->fill != fill_cells) put_nulls(w, from, n, out);
    }
    return true;
}

static bool reserve_strip(fr_call *call, const fr_csv_strips *s, size_t n, const bench *b, fr_text *out)
{
    size_t bytes = n * s->width * (WIDE + sizeof s->ways->end.text) + WIDE;
    for (size_t c = 0; c < s->width; c++)
        if (!fr_size_add(bytes, b->columns[c].far_bytes, &bytes)) return fr_fail_memory(call, SIZE_MAX);
    return fr_text_reserve(call, out, bytes);
}

/* Two bytes more are copied than there may be: the next cell is laid over them. */
static char *write_far(const way *w, const char *cell, char *p)
{
    far_cell far;
    memcpy(&far, cell, sizeof far);
    memcpy(p, far.text, far.n);
    memcpy(p + far.n, w->end.text, sizeof w->end.text);
    return p + far.n + w->end.n;
}

/* `near`: no slot of the strip is wide. Of a tiny slot the next is copied too, or what lies behind the last. */
FR_TEMPLATE_FN char *write_strip(const fr_csv_strips *s, size_t n, const bench *b, char *p, bool near)
{
    const slots *const columns = b->columns;
    const size_t n_columns = s->width;
    for (size_t row = 0; row < n; row++)
        for (size_t c = 0; c < n_columns; c++) {
            const size_t width = columns[c].width;
            const char *cell = columns[c].bytes + row * width;
            const size_t length = (uint8_t)cell[width - 1];
            if (!near && length == FAR) {
                p = write_far(&s->ways[c], cell, p);
                continue;
            }
            memcpy(p, cell, NEAR);
            if (!near && width == WIDE) memcpy(p + NEAR, cell + NEAR, WIDE - NEAR);
            p += length;
        }
    return p;
}

static char *write_near(const fr_csv_strips *s, size_t n, const bench *b, char *p)
{
    return write_strip(s, n, b, p, true);
}

static char *write_any(const fr_csv_strips *s, size_t n, const bench *b, char *p)
{
    return write_strip(s, n, b, p, false);
}

static bool is_near(const bench *b, size_t width)
{
    bool near = true;
    for (size_t c = 0; c < width; c++) near &= b->columns[c].width <= NEAR;
    return near;
}

static bool append_strips(fr_call *call, const fr_csv_strips *s, int64_t from, int64_t to, bench *b, fr_text *out)
{
    for (size_t n; from < to; from += (int64_t)n) {
        n = to - from < FR_CSV_STRIP ? (size_t)(to - from) : FR_CSV_STRIP;
        if (!fill_strip(call, s, from, n, b) || !reserve_strip(call, s, n, b, out)) return false;
        char *end = out->bytes + out->length;
        end = is_near(b, s->width) ? write_near(s, n, b, end) : write_any(s, n, b, end);
        out->length = (size_t)(end - out->bytes);
    }
    return true;
}

bool fr_csv_append_rows(fr_call *call, const fr_csv_strips *s, int64_t from, int64_t to, fr_text *out)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    bench b = { .columns = fr_arena_array(call, &arena, s->width, sizeof *b.columns) };
    b.rooms = b.columns ? fr_arena_array(call, &arena, s->width, sizeof *b.rooms) : NULL;
    char *bytes = b.rooms ? fr_arena_array(call, &arena, s->width, COLUMN_BYTES) : NULL;
    for (size_t c = 0; bytes && c < s->width; c++, bytes += COLUMN_BYTES) {
        b.columns[c] = (slots){ .bytes = bytes };
        b.rooms[c] = (fr_text)FR_TEXT_INIT(call);
    }
    bool fine = bytes && append_strips(call, s, from, to, &b, out);
    for (size_t c = 0; b.rooms && c < s->width; c++) fr_text_clear(&b.rooms[c]);
    return fine;
}
