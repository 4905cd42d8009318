/* lines.c — a chain of selections, walked from the newest to the file (see lines.h).
 *
 * A selection keeps its bits, those that the rows were chosen by, and, for every 64 words, how many were set before them:
 * finding the r-th set bit is a binary search and at most 64 words. Bits are a 500th of the rows they stand for.
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
    char            *own_file;          /* owned; at the file                                         */
    const char      *file;              /* its name, there and of all that came from it; NULL: none   */
    bool             mixed;             /* rows of several files: `file` means nothing                */
    fr_lines        *before;            /* owned; NULL at the file                                    */
    fr_buffer       *keep;              /* owned reference; bits of the frame before, NULL: rows from first on  */
    int64_t         *counts;            /* owned; set bits before word STRIDE × i                     */
    int64_t          n_rows;            /* of the frame before; bits behind them mean nothing         */
    size_t           n_words, n_counts;
    fr_lines       **parts;             /* owned array of owned references: stretches                 */
    int64_t         *starts;            /* owned; first row of each                                   */
    size_t           n_parts;
    fr_lines        *next;              /* while it is being given up                                 */
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

fr_lines *fr_lines_from(fr_call *call, int64_t first, const char *file)
{
    fr_lines *lines = new_lines(call, first);
    if (!lines || !file) return lines;
    lines->file = lines->own_file = fr_copy_text(call, file);
    if (lines->file) return lines;
    fr_lines_unref(lines);
    return NULL;
}

/* The lines of rows that are among those of `lines`. */
static fr_lines *lines_among(fr_call *call, fr_lines *lines, int64_t first)
{
    fr_lines *some = new_lines(call, first);
    if (!some) return NULL;
    some->before = fr_lines_ref(lines);
    some->file = lines->file;
    some->mixed = lines->mixed;
    return some;
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

fr_lines *fr_lines_keep(fr_call *call, fr_lines *lines, fr_buffer *keep, int64_t n_rows)
{
    if (!lines) return NULL;
    fr_lines *kept = lines_among(call, lines, 0);
    if (!kept) return NULL;
    kept->n_words = (size_t)(n_rows + 63) / 64;
    kept->n_rows = n_rows;
    kept->keep = fr_buffer_ref(keep);
    if (count_words(call, kept)) return kept;
    fr_lines_unref(kept);
    return NULL;
}

fr_lines *fr_lines_cut(fr_call *call, fr_lines *lines, int64_t offset)
{
    return lines ? lines_among(call, lines, offset) : NULL;
}

static bool is_same_file(const fr_lines *a, const fr_lines *b)
{
    if (!a || !b || a->mixed || b->mixed) return false;
    return a->file && b->file ? !strcmp(a->file, b->file) : a->file == b->file;
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
        lines->mixed |= !is_same_file(parts[0], parts[i]);
        if (!lines->mixed) lines->file = parts[i]->file;
    }
    return true;
}

fr_lines *fr_lines_concat(fr_call *call, fr_lines *const *parts, const int64_t *lengths, size_t n)
{
    size_t n_known = 0;
    for (size_t i = 0; i < n; i++) n_known += parts[i] != NULL;
    fr_lines *lines = n_known ? new_lines(call, 0) : NULL;
    if (!lines || add_parts(call, lines, parts, lengths, n)) return lines;
    fr_lines_unref(lines);
    return NULL;
}

fr_lines *fr_lines_ref(fr_lines *lines)
{
    if (lines) atomic_fetch_add_explicit(&lines->refs, 1, memory_order_relaxed);
    return lines;
}

/* Lines whose last reference is given up come before those that are to be freed. */
static fr_lines *give_up(fr_lines *lines, fr_lines *dying)
{
    if (!lines || atomic_fetch_sub_explicit(&lines->refs, 1, memory_order_acq_rel) > 1) return dying;
    lines->next = dying;
    return lines;
}

static void free_lines(fr_lines *lines)
{
    fr_context *context = lines->context;
    if (lines->counts) fr_free_array(context, lines->counts, lines->n_counts, sizeof *lines->counts);
    if (lines->parts) fr_free_array(context, lines->parts, lines->n_parts, sizeof *lines->parts);
    if (lines->starts) fr_free_array(context, lines->starts, lines->n_parts, sizeof *lines->starts);
    fr_buffer_unref(lines->keep);
    fr_free_text(context, lines->own_file);
    fr_free(context, lines, sizeof *lines);
    fr_unref(context);
}

/* One after the other: a past may be longer than the stack is deep. */
void fr_lines_unref(fr_lines *lines)
{
    fr_lines *dying = give_up(lines, NULL);
    while (dying) {
        fr_lines *const one = dying;
        dying = give_up(one->before, one->next);
        for (size_t i = 0; one->parts && i < one->n_parts; i++) dying = give_up(one->parts[i], dying);
        free_lines(one);
    }
}

/* The place of set bit number `row`, -1: there are not so many. */
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
        const int64_t place = (int64_t)i * 64 + __builtin_ctzll(word);
        return place < lines->n_rows ? place : -1;
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

/* The file that a row came from, of which *row becomes its number there; NULL: none. */
static const fr_lines *file_of(const fr_lines *lines, int64_t *row)
{
    while (lines && *row >= 0 && (lines->before || lines->parts)) {
        if (lines->parts) {
            lines = part_of(lines, row);
            continue;
        }
        *row = lines->keep ? place_of(lines, *row) : *row + lines->first;
        lines = lines->before;
    }
    return *row < 0 ? NULL : lines;
}

int64_t fr_line_of(const fr_lines *lines, int64_t row)
{
    const fr_lines *file = file_of(lines, &row);
    return file ? file->first + row : -1;
}

const char *fr_file_of(const fr_lines *lines, int64_t row)
{
    const fr_lines *file = file_of(lines, &row);
    return file ? file->file : NULL;
}

bool fr_lines_are_mixed(const fr_lines *lines)
{
    return lines && lines->mixed;
}
