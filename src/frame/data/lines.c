/* lines.c — a chain of selections, walked from the newest to the file (see lines.h).
 *
 * A selection keeps a copy of its bits and, for every 64 words, how many were set before them: finding the r-th set bit
 * is a binary search and at most 64 words. The copies are a 500th of the rows they stand for.
 */
#include "data/lines.h"

#include "base/memory.h"
#include "base/starts.h"
#include "kernel/bits.h"

#include <string.h>

enum { STRIDE = 64 };                   /* words between two counts */

struct fr_lines {
    _Atomic(int64_t) refs;
    fr_context      *context;           /* owned reference                                            */
    int64_t          first;             /* added to a row's number                                    */
    fr_lines        *before;            /* owned; NULL at the file                                    */
    fr_buffer       *keep;              /* owned; bits of the frame before, NULL: rows from first on  */
    int64_t         *counts;            /* owned; set bits before word STRIDE × i                     */
    size_t           n_words, n_counts;
    fr_lines       **parts;             /* owned array of owned references: stretches                 */
    int64_t         *starts;            /* owned; first row of each                                   */
    size_t           n_parts;
};

static fr_lines *new_lines(fr_call *call, int64_t first)
{
    fr_lines *lines = fr_new(call, sizeof *lines);
    if (!lines) return NULL;
    atomic_init(&lines->refs, 1);
    lines->context = fr_ref(call->context);
    lines->first = first;
    return lines;
}

fr_lines *fr_lines_from(fr_call *call, int64_t first)
{
    return new_lines(call, first);
}

static bool count_words(fr_call *call, fr_lines *lines)
{
    const fr_bits_kernels *kernels = FR_ISA_PICK(fr_bits_kernels);
    const uint64_t *words = lines->keep->data;
    lines->n_counts = (lines->n_words + STRIDE - 1) / STRIDE;
    lines->counts = fr_new_array(call, lines->n_counts, sizeof *lines->counts);
    if (!lines->counts) return false;
    int64_t count = 0;
    for (size_t i = 0; i < lines->n_counts; i++) {
        size_t left = lines->n_words - i * STRIDE;
        lines->counts[i] = count;
        count += kernels->count(words + i * STRIDE, 64 * (int64_t)(left < STRIDE ? left : STRIDE));
    }
    return true;
}

fr_lines *fr_lines_keep(fr_call *call, fr_lines *lines, const uint64_t *keep, int64_t n_rows)
{
    if (!lines) return NULL;
    fr_lines *kept = new_lines(call, 0);
    if (!kept) return NULL;
    kept->before = fr_lines_ref(lines);
    kept->n_words = (size_t)(n_rows + 63) / 64;
    kept->keep = fr_buffer_array(call, kept->n_words, sizeof *keep);
    if (kept->keep && kept->n_words) {
        uint64_t *words = kept->keep->data;
        memcpy(words, keep, kept->n_words * sizeof *keep);
        if (n_rows % 64) words[kept->n_words - 1] &= ((uint64_t)1 << n_rows % 64) - 1;
    }
    if (kept->keep && count_words(call, kept)) return kept;
    fr_lines_unref(kept);
    return NULL;
}

fr_lines *fr_lines_cut(fr_call *call, fr_lines *lines, int64_t offset)
{
    if (!lines) return NULL;
    fr_lines *cut = new_lines(call, offset);
    if (cut) cut->before = fr_lines_ref(lines);
    return cut;
}

static bool add_parts(fr_call *call, fr_lines *lines, fr_lines *const *parts, const int64_t *lengths, size_t n)
{
    lines->parts = fr_new_array(call, n, sizeof(fr_lines *));
    lines->starts = fr_new_array(call, n, sizeof(int64_t));
    lines->n_parts = n;
    if (!lines->parts || !lines->starts) return false;
    int64_t start = 0;
    for (size_t i = 0; i < n; start += lengths[i++]) {
        lines->parts[i] = fr_lines_ref(parts[i]);
        lines->starts[i] = start;
    }
    return true;
}

fr_lines *fr_lines_concat(fr_call *call, fr_lines *const *parts, const int64_t *lengths, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!parts[i]) return NULL;
    fr_lines *lines = n ? new_lines(call, 0) : NULL;
    if (!lines || add_parts(call, lines, parts, lengths, n)) return lines;
    fr_lines_unref(lines);
    return NULL;
}

fr_lines *fr_lines_ref(fr_lines *lines)
{
    if (lines) atomic_fetch_add_explicit(&lines->refs, 1, memory_order_relaxed);
    return lines;
}

void fr_lines_unref(fr_lines *lines)
{
    while (lines && atomic_fetch_sub_explicit(&lines->refs, 1, memory_order_acq_rel) == 1) {
        fr_lines *before = lines->before;               /* a loop, not recursion: chains may be long */
        fr_context *context = lines->context;
        if (lines->counts) fr_free_array(context, lines->counts, lines->n_counts, sizeof *lines->counts);
        if (lines->parts)
            for (size_t i = 0; i < lines->n_parts; i++) fr_lines_unref(lines->parts[i]);
        if (lines->parts) fr_free_array(context, lines->parts, lines->n_parts, sizeof *lines->parts);
        if (lines->starts) fr_free_array(context, lines->starts, lines->n_parts, sizeof *lines->starts);
        fr_buffer_unref(lines->keep);
        fr_free(context, lines, sizeof *lines);
        fr_unref(context);
        lines = before;
    }
}

/* The place of set bit number `row`. */
static int64_t place_of(const fr_lines *lines, int64_t row)
{
    const uint64_t *words = lines->keep->data;
    const size_t low = fr_part_at(lines->counts, lines->n_counts, row);
    int64_t left = lines->n_counts ? row - lines->counts[low] : 0;
    for (size_t i = low * STRIDE; i < lines->n_words; i++) {
        int64_t set = __builtin_popcountll(words[i]);
        if (left >= set) {
            left -= set;
            continue;
        }
        uint64_t word = words[i];
        for (; left; left--) word &= word - 1;
        return (int64_t)i * 64 + __builtin_ctzll(word);
    }
    return -1;
}

/* The part a row is in: the last that does not start behind it. *row becomes its number there. */
static const fr_lines *part_of(const fr_lines *lines, int64_t *row)
{
    const size_t part = fr_part_at(lines->starts, lines->n_parts, *row);
    *row -= lines->starts[part];
    return lines->parts[part];
}

int64_t fr_line_of(const fr_lines *lines, int64_t row)
{
    while (lines && row >= 0 && (lines->before || lines->parts)) {
        if (lines->parts) {
            lines = part_of(lines, &row);
            continue;
        }
        row = lines->keep ? place_of(lines, row) : row + lines->first;
        lines = lines->before;
    }
    if (!lines || row < 0) return -1;
    return lines->first + row;
}
