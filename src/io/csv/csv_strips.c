/* csv_strips.c — rows become text in strips of 128: column by column into slots of 8, 16 or 32 bytes, then row by row.
 *
 *     id3  id0000042202,··13      v1  5,·····2      v3  37.211254⏎·····10
 *          id0000029558,··13          5,·····2          48.951141⏎·····10
 *
 *     out  id0000042202,5,37.211254⏎id0000029558,5,48.951141⏎
 *
 * What fills the slots is the column's way (csv_way.h). Here a slot is copied whole and the next one laid over its end
 * (csv_slots.h), so no loop runs over the bytes of a cell.
 */
#include "io/csv/csv_strips.h"

#include <string.h>

#include "base/threads.h"
#include "kernel/number_slots.h"
#include "io/csv/csv_way.h"
#include "kernel/prefetch.h"

struct fr_csv_strips {
    fr_context *context;                         /* borrowed                                                          */
    size_t      width;
    fr_column **columns;                         /* owned references                                                  */
    fr_csv_way *ways;                            /* owned                                                             */
};

/* ---- before the first row ---------------------------------------------------------------------------------------- */
static bool prepare_column(fr_call *call, void *state, size_t column, size_t worker)
{
    (void)worker;
    return fr_go_on(call) && fr_csv_way_prepare(call, &((fr_csv_strips *)state)->ways[column]);
}

void fr_csv_strips_close(fr_csv_strips *s)
{
    if (!s) return;
    fr_context *context = s->context;
    for (size_t c = 0; s->ways && c < s->width; c++) fr_csv_way_clear(&s->ways[c]);
    for (size_t c = 0; s->columns && c < s->width; c++) fr_column_unref(s->columns[c]);
    fr_free_array(context, s->ways, s->width, sizeof *s->ways);
    fr_free_array(context, s->columns, s->width, sizeof *s->columns);
    fr_free(context, s, sizeof *s);
}

/* Of a late frame (data/frame.h) as they lie: numbers that stand for texts or other numbers become cells without them. */
static bool take_columns(fr_call *call, fr_csv_strips *s, const fr_csv_style *style, const fr_frame *frame)
{
    s->columns = fr_new_array(call, s->width, sizeof *s->columns);
    bool fine = s->columns != NULL;
    for (size_t c = 0; fine && c < s->width; c++) {
        s->columns[c] = style->escape_formulas ? fr_column_ref(fr_frame_column(call, frame, c))
                                               : fr_frame_column_as_it_lies(call, frame, c);
        fine = s->columns[c] != NULL;
    }
    return fine;
}

fr_csv_strips *fr_csv_strips_new(fr_call *call, const fr_csv_style *style, const fr_frame *frame)
{
    fr_csv_strips *s = fr_new(call, sizeof *s);
    if (!s) return NULL;
    *s = (fr_csv_strips){ .context = call->context, .width = frame->schema->width };
    s->ways = take_columns(call, s, style, frame) ? fr_new_array(call, s->width, sizeof *s->ways) : NULL;
    for (size_t c = 0; s->ways && c < s->width; c++)
        fr_csv_way_begin(call, &s->ways[c], style, s->columns[c], c + 1 == s->width);
    if (s->ways && fr_for_blocks(call, s->width, prepare_column, s)) return s;
    fr_csv_strips_close(s);
    return NULL;
}

/* ---- rows out ---------------------------------------------------------------------------------------------------- */
/* One thread's slots, in one block, and the texts that cells were made of. */
typedef struct bench { fr_csv_slots *columns; fr_text *rooms; } bench;

/* The slots of a column, and an odd number of cache lines so that the columns do not share their sets of lines. */
enum { COLUMN_BYTES = FR_CSV_STRIP * FR_CSV_WIDE + 21 * 64, STRIPS_AHEAD = 4 };

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
        ask_for_values(s->ways[c].column, from);
        if (!fr_csv_way_fill(call, &s->ways[c], from, n, &b->columns[c], &b->rooms[c])) return false;
    }
    return true;
}

static bool reserve_strip(fr_call *call, const fr_csv_strips *s, size_t n, const bench *b, fr_text *out)
{
    size_t bytes = n * s->width * (FR_CSV_WIDE + sizeof s->ways->end.text) + FR_CSV_WIDE;
    for (size_t c = 0; c < s->width; c++)
        if (!fr_size_add(bytes, b->columns[c].far_bytes, &bytes)) return fr_fail_memory(call, SIZE_MAX);
    return fr_text_reserve(call, out, bytes);
}

/* Two bytes more are copied than there may be: the next cell is laid over them. */
static char *write_far(const fr_csv_way *w, const char *cell, char *p)
{
    fr_csv_far far;
    memcpy(&far, cell, sizeof far);
    memcpy(p, far.text, far.n);
    memcpy(p + far.n, w->end.text, sizeof w->end.text);
    return p + far.n + w->end.n;
}

/* `near`: no slot of the strip is wide. Of a tiny slot the next is copied too, or what lies behind the last. */
FR_TEMPLATE_FN char *write_strip(const fr_csv_strips *s, size_t n, const bench *b, char *p, bool near)
{
    const fr_csv_slots *const columns = b->columns;
    const size_t n_columns = s->width;
    for (size_t row = 0; row < n; row++)
        for (size_t c = 0; c < n_columns; c++) {
            const size_t width = columns[c].width;
            const char *cell = columns[c].bytes + row * width;
            const size_t length = (uint8_t)cell[width - 1];
            if (!near && length == FR_CSV_FAR) {
                p = write_far(&s->ways[c], cell, p);
                continue;
            }
            memcpy(p, cell, FR_CSV_NEAR);
            if (!near && width == FR_CSV_WIDE) memcpy(p + FR_CSV_NEAR, cell + FR_CSV_NEAR, FR_CSV_WIDE - FR_CSV_NEAR);
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
    for (size_t c = 0; c < width; c++) near &= b->columns[c].width <= FR_CSV_NEAR;
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
        b.columns[c] = (fr_csv_slots){ .bytes = bytes };
        b.rooms[c] = (fr_text)FR_TEXT_INIT(call);
    }
    bool fine = bytes && append_strips(call, s, from, to, &b, out);
    for (size_t c = 0; b.rooms && c < s->width; c++) fr_text_clear(&b.rooms[c]);
    return fine;
}
