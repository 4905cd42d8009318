/* radix_sort.h — a stable order of rows by 64-bit keys.
 *
 * Keys of many bits go through kernel/radix_buckets.h, the others by digits:
 *
 * Least significant digit first, digits of at most 11 bits, as many as the largest key needs; a digit in which all keys
 * agree is skipped. Each pass counts the digits of fixed blocks of rows, turns the counts into places (digit by digit,
 * block by block) and scatters, so blocks run in parallel and equal keys keep their order for any number of threads.
 *
 *     keys 20 10 20 10   rows 0 1 2 3   →   keys 10 10 20 20   rows 1 3 0 2
 */
#ifndef FR_KERNEL_RADIX_SORT_H
#define FR_KERNEL_RADIX_SORT_H

#include "base/buffer.h"
#include "kernel/rows.h"

/* Sort `rows` (and `keys` with them) by `keys`. Keys are at most top_key. Both arrays are used up and replaced by their
 * sorted content. */
typedef struct fr_row_array {
    void  *at;                       /* uint32_t[n], or int64_t[n] when wide */
    bool   wide;
    size_t n;
} fr_row_array;
FR_PRIVATE bool fr_sort_rows(fr_call *call, uint64_t *keys, const fr_row_array *rows, uint64_t top_key) FR_MUST_USE;

/* Sort plain keys in place, one thread; scratch has room for n. Ascending. */
FR_PRIVATE void fr_sort_keys(uint64_t *keys, uint64_t *scratch, size_t n);

/* A stable counting sort by group: places[g] … places[g + 1] is where the rows of group g stand in `rows`. ids NULL:
 * one group. Rows whose id is FR_NO_ID (UINT32_MAX) or, when keep is given, whose bit is not set are left out. Row
 * numbers are wide when those of n rows are. */
bool fr_rows_by_group(fr_call *call, const uint32_t *ids, const uint64_t *keep, size_t n, size_t n_groups,
                      fr_buffer **places /* uint64_t[n_groups + 1] */, fr_buffer **rows) FR_MUST_USE;

#endif
