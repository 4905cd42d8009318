/* group_ranges.h — groups numbered by ranges of their codes, and which number each row has.
 *
 *     codes of rows   5 0 4 5 1 0           range 0: codes 0 … 2     0, 1 are 0, 1         range 1: 5, 4 are 0, 1
 *     a vector        rows of range 0, then of range 1               numbers 0 1 0 | 0 1 0     places 1 4 5 | 0 2 3
 *     groups          in order of their first rows 0, 1, 2, 4:       range 0: 1, 3             range 1: 0, 2
 *
 * Each worker takes the rows of a range out of all rows, in order, so its numbers rise with the first rows of groups, and
 * ranges become the order of all by a merge of bits. Records laid out by these numbers (ops/tally_ranges.h) are written
 * from the front to the end as groups appear, and read so when they are put in order: nothing but the number of a code,
 * and the record of a group that has been seen before, is looked for in memory.
 */
#ifndef FR_OPS_GROUP_RANGES_H
#define FR_OPS_GROUP_RANGES_H

#include "ops/grouping.h"

enum { FR_MOST_GROUP_RANGES = 4 };         /* each reads all codes: no more workers than that */

typedef struct fr_group_ranges {
    fr_context *context;
    size_t      n_ranges, n_words, n_vectors;
    uint64_t    span;
    uint32_t    n_groups[FR_MOST_GROUP_RANGES];
    fr_buffer  *bits;                      /* uint64_t[n_ranges][n_words]: first rows of groups */
    fr_buffer  *numbers;                   /* uint32_t[n_rows]: within a vector of rows, range by range */
    fr_buffer  *places;                    /* uint16_t[n_rows]: of the same rows, within the vector */
    fr_buffer  *begins;                    /* uint16_t[n_vectors][n_ranges]: the first row of a range within the vector */
    fr_buffer  *before;                    /* uint32_t[n_vectors][n_ranges]: groups of a range that came before */
} fr_group_ranges;

/* Rows of a range in a vector. */
typedef struct fr_range_rows { const uint32_t *numbers; const uint16_t *places; size_t n; } fr_range_rows;

/* Are there few enough workers, and too few rows a code for most of them to come after the last new one? */
bool fr_group_ranges_pay(const fr_call *call, const fr_keys *keys, uint64_t span);
/* `slots` ([span], all FR_NO_ID) become numbers within the ranges. */
fr_group_ranges *fr_group_ranges_new(fr_call *call, const fr_keys *keys, uint64_t span, uint32_t *slots) FR_MUST_USE;
void             fr_group_ranges_free(fr_group_ranges *ranges);            /* NULL does nothing */
/* The bits of all ranges. */
bool fr_group_ranges_join(fr_call *call, const fr_group_ranges *ranges, uint64_t *bits) FR_MUST_USE;
fr_range_rows fr_rows_of_range(const fr_group_ranges *ranges, size_t vector, size_t range, size_t n_rows);
/* Groups whose first rows are in vectors before this one. */
size_t fr_groups_before(const fr_group_ranges *ranges, size_t vector);
/* Where a range's groups whose first rows are in a vector stand among all of those; → how many. */
size_t fr_ranks_in_vector(const fr_group_ranges *ranges, size_t vector, size_t range, uint32_t *ranks);
/* The first of a range's numbers, were ranges one behind the other. */
size_t fr_numbers_before(const fr_group_ranges *ranges, size_t range);
/* Numbers in `slots` become groups. */
bool fr_group_ranges_resolve(fr_call *call, const fr_group_ranges *ranges, uint32_t *slots) FR_MUST_USE;

static inline uint32_t fr_range_groups_before(const fr_group_ranges *ranges, size_t vector, size_t range)
{
    return ((const uint32_t *)ranges->before->data)[vector * ranges->n_ranges + range];
}

#endif
