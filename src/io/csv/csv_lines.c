/* csv_lines.c — one bit for each line of the file, once it is needed.
 *
 * In most files every record takes one line, and record i stands in line first + i: nothing is kept. With the first range
 * of a window that has more lines than records (quoted line ends, blank lines, comments) there is a bit for each line, set
 * where a record begins; record i begins in the line of the i-th bit. That is what dropping rows leaves behind as well
 * (data/lines.h), so nobody else has to know.
 *
 *     2  1,x              1        record 0 → line 2
 *     3  2,"two           1        record 1 → line 3
 *     4  lines"           0
 *     5                   0
 *     6  3,y              1        record 2 → line 6
 */
#include "io/csv/csv_lines.h"

#include <string.h>

void fr_csv_lines_clear(fr_csv_lines *lines)
{
    fr_buffer_unref(lines->bits);
    *lines = (fr_csv_lines){ 0 };
}

void fr_csv_lines_begin(fr_csv_lines *lines, fr_context *context, int64_t first)
{
    fr_csv_lines_clear(lines);
    lines->context = context;
    lines->first = first;
}

/* Bits from … to-1 become one. */
static void fill(const fr_csv_lines *lines, int64_t from, int64_t to)
{
    uint64_t *words = lines->bits->data;
    while (from < to && from % 64) words[from / 64] |= (uint64_t)1 << (from % 64), from++;
    for (; from + 64 <= to; from += 64) words[from / 64] = UINT64_MAX;
    for (; from < to; from++) words[from / 64] |= (uint64_t)1 << (from % 64);
}

/* Room for n bits in all; the new ones are zero. */
static bool grow(fr_call *call, fr_csv_lines *lines, int64_t n)
{
    size_t bytes = (size_t)(n + 63) / 64 * sizeof(uint64_t), old = lines->bits ? lines->bits->size_bytes : 0;
    if (lines->bits && bytes <= old) return true;
    if (bytes < old + old / 2) bytes = (old + old / 2) & ~(size_t)7;
    if (!lines->bits) return (lines->bits = fr_buffer_zeroed(call, bytes)) != NULL;
    if (!fr_buffer_resize(call, lines->bits, bytes)) return false;
    memset((char *)lines->bits->data + old, 0, bytes - old);
    return true;
}

/* The line behind a range, as if its last record were ended. Behind the text stands a line feed that is no part of it. */
static int64_t line_behind(const fr_csv_window *w, size_t range)
{
    if (range + 1 < w->n_ranges) return w->ranges[range + 1].line;
    char last = w->text[w->used - 1];
    bool ended = last == '\n' || (last == '\r' && w->dialect->any_newline && w->text[w->used] != '\n');
    return w->next_line + !ended;
}

bool fr_csv_lines_window(fr_call *call, fr_csv_lines *lines, fr_csv_window *w)
{
    const int64_t before = lines->n, behind = line_behind(w, w->n_ranges - 1) - lines->first;
    bool any = w->ranges[0].line - lines->first != before;         /* lines without a record came between */
    for (size_t i = 0; i < w->n_ranges; i++)
        any |= w->ranges[i].uneven = line_behind(w, i) - w->ranges[i].line != w->ranges[i].n_rows;
    lines->n = behind;
    const bool all_before = !lines->bits;
    if (!any && all_before) return true;
    if (!grow(call, lines, behind)) return false;
    if (all_before) fill(lines, 0, before);
    for (size_t i = 0; i < w->n_ranges; i++) {
        const int64_t first = w->ranges[i].line - lines->first;
        if (!w->ranges[i].uneven) fill(lines, first, first + w->ranges[i].n_rows);
    }
    return true;
}

/* Line ends in text[from … to), of which the last byte nearly always is the first. */
static int64_t lines_between(const fr_csv_window *w, size_t from, size_t to)
{
    if (from == to) return 0;
    if (!w->dialect->any_newline && memchr(w->text + from, '\n', to - from) == w->text + to - 1) return 1;
    return fr_csv_window_lines(w, from, to);
}

void fr_csv_lines_mark(fr_csv_lines *lines, const fr_csv_window *w, const uint32_t *begins, size_t n, size_t *at, int64_t *line)
{
    _Atomic(uint64_t) *words = lines->bits->data;
    uint64_t word = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t before = (*line - lines->first) / 64;
        *line += lines_between(w, *at, begins[i]);
        *at = begins[i];
        int64_t bit = *line - lines->first;
        if (bit / 64 != before && word) {
            atomic_fetch_or_explicit(&words[before], word, memory_order_relaxed);
            word = 0;
        }
        word |= (uint64_t)1 << (bit % 64);
    }
    if (word) atomic_fetch_or_explicit(&words[(*line - lines->first) / 64], word, memory_order_relaxed);
}

/* A copy: the next batch goes on with the reader's. */
static fr_buffer *copy_bits(fr_call *call, const fr_csv_lines *lines)
{
    fr_buffer *bits = fr_buffer_new(call, (size_t)(lines->n + 63) / 64 * sizeof(uint64_t));
    if (bits && bits->size_bytes) memcpy(bits->data, lines->bits->data, bits->size_bytes);
    return bits;
}

fr_lines *fr_csv_lines_finish(fr_call *call, const fr_csv_lines *lines, const char *file)
{
    fr_lines *all = fr_lines_from(call, lines->first, file);
    if (!all || !lines->bits) return all;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = copy_bits(call, lines);
    fr_lines *kept = bits ? fr_lines_keep(call, all, bits, lines->n) : NULL;
    fr_lines_unref(all);
    return kept;
}
