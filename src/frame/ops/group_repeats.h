/* group_repeats.h — the groups of keys that hardly repeat: nearly every row is alone, and the few others are grouped apart.
 *
 *     key    71  5  9  5  8  9        first rows   1 1 1 0 1 0
 *                                     among        rows 1 2 3 5, of which 1 and 3 are one group, 2 and 5 another
 *
 * Most aggregates of a row alone are its value, so an aggregate is run of the first rows as if each were its group, then
 * of the rows among which there are repeats; what the second finds replaces what the first said of those groups. Neither
 * the rows' groups nor the list of first rows is made, unless somebody asks (fr_grouping_settle).
 *
 * The sums are those of the whole grouping: groups are so many that a fold has one table, to which rows are added in
 * order (ops/fold.h), and so are the rows among which there are repeats, which are less than a block.
 */
#ifndef FR_OPS_GROUP_REPEATS_H
#define FR_OPS_GROUP_REPEATS_H

#include "ops/first_rows.h"

#define FR_MOST_REPEATS ((int64_t)1 << 15)
#define FR_REPEATS_SHARE 64                /* a row in so many, at most */

typedef struct fr_repeats {
    fr_buffer   *bits, *before;            /* of the first rows (ops/first_rows.h) */
    fr_buffer   *first_of;                 /* uint32_t[n_rows]: the first row with the row's key */
    fr_buffer   *rows;                     /* int64_t: those of groups with more than one, rising */
    fr_buffer   *groups;                   /* uint32_t: for each group of `among` the group of all rows that it is */
    fr_grouping *among;                    /* of those rows */
} fr_repeats;

static inline bool fr_repeats_are_few(int64_t n_rows, int64_t n_groups)
{
    const int64_t n = n_rows - n_groups;
    return n > 0 && n <= FR_MOST_REPEATS && n <= n_rows / FR_REPEATS_SHARE;
}

static inline fr_first_rows fr_repeats_firsts(const fr_repeats *r)
{
    return (fr_first_rows){ .bits = r->bits->data, .before = r->before->data };
}

/* From bits, before and first_of, of which it takes references. */
fr_repeats *fr_repeats_new(fr_call *call, const fr_grouping *g, fr_buffer *bits, fr_buffer *before,
                           fr_buffer *first_of) FR_MUST_USE;
void        fr_repeats_free(fr_context *context, fr_repeats *repeats);          /* NULL does nothing */
/* Every one of n rows is a group: a grouping without ids. */
fr_grouping *fr_grouping_alone(fr_call *call, int64_t n_rows) FR_MUST_USE;
/* A column of numbers, a value a group, with those of `few` in place of what it says of their groups; NULL without a
 * failure: a value does not fit. `alone` is given up. */
fr_column   *fr_repeats_replace(fr_call *call, const fr_repeats *repeats, fr_column *alone, const fr_column *few)
    FR_MUST_USE;

#endif
