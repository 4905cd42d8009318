/* first_rows.h — the first rows of groups as bits, and which of them each is: the number of its group.
 *
 *     first rows 0, 1, 3        bits 1 1 0 1        rank of row 3: two bits before it, so group 2
 */
#ifndef FR_OPS_FIRST_ROWS_H
#define FR_OPS_FIRST_ROWS_H

#include "kernel/bits.h"
#include "ops/grouping.h"

typedef struct fr_first_rows {
    uint64_t *bits;                        /* a bit a row */
    uint32_t *before;                      /* set bits in words 0 … w-1 */
} fr_first_rows;

static inline uint32_t fr_rank_of_first(const fr_first_rows *r, uint64_t row)
{
    return r->before[row >> 6] + fr_count_word(r->bits[row >> 6] & (((uint64_t)1 << (row & 63)) - 1));
}

/* From the bits: what is before each word, and the grouping's n_groups; then its firsts. */
bool fr_count_first_rows(fr_call *call, fr_grouping *g, fr_first_rows *r, size_t n_words) FR_MUST_USE;
bool fr_list_first_rows(fr_call *call, fr_grouping *g, const fr_first_rows *r, size_t n_words) FR_MUST_USE;
/* Both. */
bool fr_number_first_rows(fr_call *call, fr_grouping *g, fr_first_rows *r, size_t n_words) FR_MUST_USE;

#endif
