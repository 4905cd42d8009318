/* csv_strips.c — rows become text in strips of 128: column by column into slots of 16 or 32 bytes, then row by row.
 *
 *     id3  id0000042202····  12      v1  5···············   1      v3  37.211254·······   9
 *          id0000029558····  12          5···············   1          48.951141·······   9
 *
 *     out  id0000042202,5,37.211254⏎id0000029558,5,48.951141⏎
 *
 * What kind of column it is and whether it has nulls is asked once a strip and not once a cell. A slot is copied whole
 * and the next cell laid over its end, so no loop runs over the bytes of a cell. The texts of a dictionary are quoted
 * and laid into slots once each, before the first row. A cell that is longer than a slot is far: the slot says where it
 * lies.
 */
#include "io/csv/csv_strips.h"

#include <string.h>

#include "base/number.h"
#include "base/threads.h"
#include "io/csv/csv_print.h"

enum { NEAR = 16, WIDE = 32, FAR = 255 };        /* bytes of a slot; the length that stands for a far cell            */

typedef struct far_cell { const char *text; size_t n; } far_cell;

typedef struct slots {
    char     *bytes;
    uint8_t  *lengths;                           /* FAR: the slot holds a far_cell                                    */
    size_t    width;                             /* NEAR or WIDE                                                      */
    size_t    far_bytes;                         /* of all far cells                                                  */
} slots;

typedef struct way way;
typedef bool fill_fn(fr_call *call, const way *w, int64_t from, size_t n, slots *out, fr_text *room);

struct way {                                     /* how a column is written                                           */
    const fr_csv_style *style;
    const fr_column    *column;
    fill_fn            *fill;
    slots               entries;                 /* of a dictionary whose texts are laid out                          */
    fr_arena            arena;                   /* holds the entries                                                 */
};

typedef struct ending { char text[2]; uint16_t n; } ending;

struct fr_csv_strips {
    fr_context         *context;                 /* borrowed                                                          */
    const fr_csv_style *style;
    size_t              width;
    way                *ways;                    /* owned                                                             */
    ending             *ends;                    /* owned: what stands behind the cells of each column                */
};

/* ---- slots ------------------------------------------------------------------------------------------------------- */
static char *slot(const slots *s, size_t i)
{
    return s->bytes + i * s->width;
}

static void put_far(slots *s, size_t i, const char *text, size_t n)
{
    const far_cell cell = { text, n };
    memcpy(slot(s, i), &cell, sizeof cell);
    s->lengths[i] = FAR;
    s->far_bytes += n;
}

/* The text stays where it is when it does not fit. */
static void put(slots *s, size_t i, const char *text, size_t n)
{
    if (n > s->width) return put_far(s, i, text, n);
    memcpy(slot(s, i), text, n);
    s->lengths[i] = (uint8_t)n;
}

static void put_nulls(const way *w, int64_t from, size_t n, slots *out)
{
    for (size_t i = 0; i < n; i++)
        if (!fr_bit(w->column->valid, from + (int64_t)i)) put(out, i, w->style->na, w->style->n_na);
}

/* ---- numbers ----------------------------------------------------------------------------------------------------- */
static void spread(const fr_csv_words8 *words, size_t n, slots *out)
{
    for (size_t i = 0; i < n; i++) {
        memcpy(slot(out, i), &words->text[i], 8);
        out->lengths[i] = (uint8_t)words->length[i];
    }
}

static void fill_longer(const int64_t *values, size_t n, slots *out)
{
    char room[FR_NUMBER_BYTES];
    out->width = WIDE;
    for (size_t i = 0; i < n; i++) {
        out->lengths[i] = (uint8_t)fr_print_i64(values[i], room);
        memcpy(slot(out, i), room, WIDE);
    }
}

static const void *values_at(const fr_column *column, int64_t row)
{
    return (const char *)column->values + (size_t)row * fr_phys_width(column->phys);
}

static bool fill_integers(fr_call *call, const way *w, int64_t from, size_t n, slots *out, fr_text *room)
{
    (void)call, (void)room;
    int64_t wide[FR_CSV_STRIP];
    const int64_t *values = values_at(w->column, from);
    fr_csv_words8 words;
    if (w->column->phys != FR_PHYS_I64) {
        fr_integers_at(w->column, from, n, wide);
        values = wide;
    }
    if (FR_ISA_PICK(fr_csv_print_kernels)->i64(values, n, &words)) spread(&words, n, out);
    else fill_longer(values, n, out);
    return true;
}

static bool fill_floats(fr_call *call, const way *w, int64_t from, size_t n, slots *out, fr_text *room)
{
    (void)call, (void)room;
    const double *values = values_at(w->column, from);
    fr_csv_words8 whole, decimals;
    uint64_t plain[FR_CSV_STRIP];
    char text[FR_NUMBER_BYTES];
    if (FR_ISA_PICK(fr_csv_print_kernels)->f64(values, n, &whole, &decimals, plain)) out->width = WIDE;
    for (size_t i = 0; i < n; i++) {
        char *cell = slot(out, i);
        if (FR_UNLIKELY(!plain[i])) {
            out->lengths[i] = (uint8_t)fr_print_f64(values[i], text);
            memcpy(cell, text, WIDE);
            continue;
        }
        memcpy(cell, &whole.text[i], 8);
        memcpy(cell + whole.length[i], &decimals.text[i], 8);
        out->lengths[i] = (uint8_t)(whole.length[i] + decimals.length[i]);
    }
    return true;
}

/* ---- texts ------------------------------------------------------------------------------------------------------- */
FR_TEMPLATE_FN size_t code_at(const void *codes, fr_phys phys, size_t i)
{
    return phys == FR_PHYS_U8  ? ((const uint8_t *)codes)[i]
         : phys == FR_PHYS_U16 ? ((const uint16_t *)codes)[i] : ((const uint32_t *)codes)[i];
}

FR_TEMPLATE_FN void copy_width(const slots *entries, fr_phys phys, const void *codes, size_t n, size_t width,
                               slots *out)
{
    for (size_t i = 0; i < n; i++) {
        const size_t code = code_at(codes, phys, i);
        memcpy(out->bytes + i * width, entries->bytes + code * width, width);
        out->lengths[i] = entries->lengths[code];
    }
}

FR_TEMPLATE_FN void copy_entries(const slots *entries, fr_phys phys, const void *codes, size_t n, slots *out)
{
    out->width = entries->width;
    if (entries->width == NEAR) copy_width(entries, phys, codes, n, NEAR, out);
    else copy_width(entries, phys, codes, n, WIDE, out);
}

static void add_far_bytes(slots *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        far_cell cell;
        if (s->lengths[i] == FAR) memcpy(&cell, slot(s, i), sizeof cell), s->far_bytes += cell.n;
    }
}

static bool fill_entries(fr_call *call, const way *w, int64_t from, size_t n, slots *out, fr_text *room)
{
    (void)call, (void)room;
    const void *codes = values_at(w->column, from);
    switch (w->column->phys) {
        case FR_PHYS_U8: copy_entries(&w->entries, FR_PHYS_U8, codes, n, out); break;
        case FR_PHYS_U16: copy_entries(&w->entries, FR_PHYS_U16, codes, n, out); break;
        default: copy_entries(&w->entries, FR_PHYS_U32, codes, n, out); break;
    }
    if (w->entries.far_bytes) add_far_bytes(out, n);
    return true;
}

/* Where cells that were appended to the room one after the other ended. */
static void settle(slots *out, size_t n, const fr_text *room, const size_t *ends)
{
    size_t begin = 0;
    for (size_t i = 0; i < n; begin = ends[i++])
        if (ends[i] > begin) put(out, i, room->bytes + begin, ends[i] - begin);
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
            out->lengths[i] = 0;
        } else if (fr_csv_must_quote(w->style, text, length)) {
            if (!fr_csv_append_text(call, w->style, text, length, room)) return false;
        } else {
            put(out, i, text, length);
        }
        ends[i] = room->length;
    }
    settle(out, n, room, ends);
    return true;
}

/* ---- everything else --------------------------------------------------------------------------------------------- */
static bool fill_cells(fr_call *call, const way *w, int64_t from, size_t n, slots *out, fr_text *room)
{
    size_t ends[FR_CSV_STRIP];
    out->width = WIDE;
    room->length = 0;
    memset(out->lengths, 0, n);
    for (size_t i = 0; i < n; i++) {
        if (!fr_csv_append_cell(call, w->style, w->column, from + (int64_t)i, room)) return false;
        ends[i] = room->length;
    }
    settle(out, n, room, ends);
    return true;
}

/* ---- which way --------------------------------------------------------------------------------------------------- */
/* May a number of the column be written as it is printed, whatever it is? */
static bool is_plain_style(const fr_csv_style *style)
{
    double number;
    return !style->quote_all && !style->odd_sep && !fr_parse_f64(style->na, style->n_na, &number);
}

static fill_fn *fill_of(const fr_csv_style *style, const fr_column *column)
{
    switch (column->type->kind) {
        case FR_I8: case FR_I16: case FR_I32: case FR_I64: case FR_U8: case FR_U16: case FR_U32:
            return is_plain_style(style) ? fill_integers : fill_cells;
        case FR_F64:
            return is_plain_style(style) ? fill_floats : fill_cells;
        case FR_STR: case FR_CAT:
            if (style->escape_formulas) return fill_cells;
            /* laying out a dictionary of which few entries are used would cost more than it saves */
            return column->dictionary && column->dictionary->length <= column->length / 2 ? fill_entries : fill_texts;
        default:
            return fill_cells;
    }
}

/* Where the quoted texts of the entries end in the room; the slots are as wide as the longest needs. */
static bool quote_entries(fr_call *call, way *w, fr_text *room, size_t *ends)
{
    const fr_dictionary *d = w->column->dictionary;
    w->entries.width = NEAR;
    for (uint32_t code = 0; code < d->length; code++) {
        size_t n;
        const char *text = fr_dictionary_text(d, code, &n);
        if (fr_csv_must_quote(w->style, text, n)) {
            const size_t begin = room->length;
            if (!fr_csv_append_text(call, w->style, text, n, room)) return false;
            n = room->length - begin;
        }
        ends[code] = room->length;
        if (n > NEAR) w->entries.width = WIDE;
    }
    return true;
}

/* Texts without quotes stay where they are when they are far, the others are kept. */
static bool lay_out_entries(fr_call *call, way *w)
{
    const fr_dictionary *d = w->column->dictionary;
    FR_CLEANUP(fr_text_clear) fr_text room = FR_TEXT_INIT(call);
    size_t *ends = fr_arena_array(call, &w->arena, d->length, sizeof *ends), begin = 0;
    if (!ends || !quote_entries(call, w, &room, ends)) return false;
    const char *quoted = fr_arena_text(call, &w->arena, room.length ? room.bytes : "", room.length);
    slots *s = &w->entries;                       /* one more: the code under nulls when there are no entries         */
    s->lengths = quoted ? fr_arena_new(call, &w->arena, (size_t)d->length + 1) : NULL;
    s->bytes = s->lengths ? fr_arena_array(call, &w->arena, (size_t)d->length + 1, s->width) : NULL;
    if (!s->bytes) return false;
    for (uint32_t code = 0; code < d->length; begin = ends[code++]) {
        size_t n;
        const char *text = fr_dictionary_text(d, code, &n);
        if (ends[code] > begin) put(s, code, quoted + begin, ends[code] - begin);
        else put(s, code, text, n);
    }
    return true;
}

static bool lay_out_column(fr_call *call, void *state, size_t column, size_t worker)
{
    (void)worker;
    way *w = &((fr_csv_strips *)state)->ways[column];
    return w->fill != fill_entries || (fr_go_on(call) && lay_out_entries(call, w));
}

void fr_csv_strips_close(fr_csv_strips *s)
{
    if (!s) return;
    fr_context *context = s->context;
    for (size_t c = 0; s->ways && c < s->width; c++) fr_arena_clear(&s->ways[c].arena);
    fr_free_array(context, s->ways, s->width, sizeof *s->ways);
    fr_free_array(context, s->ends, s->width, sizeof *s->ends);
    fr_free(context, s, sizeof *s);
}

fr_csv_strips *fr_csv_strips_new(fr_call *call, const fr_csv_style *style, const fr_frame *frame)
{
    fr_csv_strips *s = fr_new(call, sizeof *s);
    if (!s) return NULL;
    *s = (fr_csv_strips){ .context = call->context, .style = style, .width = frame->schema->width };
    s->ends = fr_new_array(call, s->width, sizeof *s->ends);
    s->ways = s->ends ? fr_new_array(call, s->width, sizeof *s->ways) : NULL;
    for (size_t c = 0; s->ways && c < s->width; c++) {
        way *w = &s->ways[c];
        *w = (way){ .style = style, .column = frame->columns[c], .fill = fill_of(style, frame->columns[c]) };
        fr_arena_init(&w->arena, call->context);
        s->ends[c].n = (uint16_t)(c + 1 < s->width ? 1 : style->n_line_end);
        memcpy(s->ends[c].text, c + 1 < s->width ? &style->sep : style->line_end, s->ends[c].n);
    }
    if (s->ways && fr_for_blocks(call, s->width, lay_out_column, s)) return s;
    fr_csv_strips_close(s);
    return NULL;
}

/* ---- rows out ---------------------------------------------------------------------------------------------------- */
/* One thread's slots, in one block, and the texts that cells were made of. */
typedef struct bench { slots *columns; fr_text *rooms; } bench;

enum { COLUMN_BYTES = FR_CSV_STRIP * (WIDE + 1) };

static bool fill_strip(fr_call *call, const fr_csv_strips *s, int64_t from, size_t n, bench *b)
{
    for (size_t c = 0; c < s->width; c++) {
        const way *w = &s->ways[c];
        slots *out = &b->columns[c];
        out->width = NEAR;
        out->far_bytes = 0;
        if (!w->fill(call, w, from, n, out, &b->rooms[c])) return false;
        if (w->column->valid && w->fill != fill_cells) put_nulls(w, from, n, out);
    }
    return true;
}

static bool reserve_strip(fr_call *call, const fr_csv_strips *s, size_t n, const bench *b, fr_text *out)
{
    size_t bytes = n * s->width * (WIDE + sizeof s->ends->text) + WIDE;
    for (size_t c = 0; c < s->width; c++)
        if (!fr_size_add(bytes, b->columns[c].far_bytes, &bytes)) return fr_fail_memory(call, SIZE_MAX);
    return fr_text_reserve(call, out, bytes);
}

/* `near`: no slot of the strip is wide and no cell far. */
FR_TEMPLATE_FN char *write_cell(char *p, const slots *cells, size_t row, bool near)
{
    const size_t n = cells->lengths[row];
    const char *cell = cells->bytes + row * (near ? (size_t)NEAR : cells->width);
    if (!near && n == FAR) {
        far_cell far;
        memcpy(&far, cell, sizeof far);
        memcpy(p, far.text, far.n);
        return p + far.n;
    }
    memcpy(p, cell, NEAR);
    if (!near && cells->width == WIDE) memcpy(p + NEAR, cell + NEAR, WIDE - NEAR);
    return p + n;
}

FR_TEMPLATE_FN char *write_strip(const fr_csv_strips *s, size_t n, const bench *b, char *p, bool near)
{
    for (size_t row = 0; row < n; row++)
        for (size_t c = 0; c < s->width; c++) {
            p = write_cell(p, &b->columns[c], row, near);
            memcpy(p, s->ends[c].text, sizeof s->ends[c].text);
            p += s->ends[c].n;
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
    for (size_t c = 0; c < width; c++) near &= b->columns[c].width == NEAR && !b->columns[c].far_bytes;
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
        b.columns[c] = (slots){ .bytes = bytes, .lengths = (uint8_t *)bytes + FR_CSV_STRIP * WIDE };
        b.rooms[c] = (fr_text)FR_TEXT_INIT(call);
    }
    bool fine = bytes && append_strips(call, s, from, to, &b, out);
    for (size_t c = 0; b.rooms && c < s->width; c++) fr_text_clear(&b.rooms[c]);
    return fine;
}
