/* tally.h — what several aggregates of one grouping need, counted and summed in one pass over the rows.
 *
 *     group id4: v1 = mean(v1), v2 = sum(v2)          wants   values of v1 (= rows: no nulls), sum of v1, sum of v2
 *                                                     record  n, v1, v2: 12 bytes a group
 *
 * Whoever runs a grouping says beforehand which states it will want; the pass computes those that fit it (ranges of
 * integers decide how wide a sum is) and the aggregates find them here instead of making a pass of their own. What is
 * not found is folded one by one (ops/fold.h), to the same bits: integers are exact, floats are pairs added in the same
 * blocks in the same order.
 */
#ifndef FR_OPS_TALLY_H
#define FR_OPS_TALLY_H

#include "kernel/tally_fields.h"
#include "ops/grouping.h"

typedef enum fr_tally_kind {               /* states, and what fr_tally_find gives a group                            */
    FR_TALLY_VALUES,                       /* uint64_t: rows with a value; x NULL: rows                               */
    FR_TALLY_INT_SUM,                      /* integers, bools: int64_t if they cannot leave it, else fr_i128          */
    FR_TALLY_FLOAT_SUM,                    /* fr_pair, or double where that is what it comes to                       */
    FR_TALLY_LEAST, FR_TALLY_MOST,         /* of integers; fr_tally_find_ranks says how wide, fr_tally_value reads it */
    FR_TALLY_ENDS,                         /* fr_ends                                                                 */
    FR_TALLY_SQUARES,                      /* fr_i128: small integers                                                 */
    FR_TALLY_PAIRS,                        /* fr_exact_pairs: two columns of small integers                           */
    FR_TALLY_MEAN                          /* of floats without nulls; what it comes to is fr_tally_find_means'       */
} fr_tally_kind;

typedef struct fr_tally_want { fr_tally_kind kind; const fr_column *x, *y; } fr_tally_want;

typedef struct fr_tally fr_tally;

fr_tally *fr_tally_new(fr_call *call) FR_MUST_USE;
void      fr_tally_free(fr_tally *tally);                      /* NULL does nothing */
/* The columns must stay. What the pass cannot do, and what is wanted already, is left out. */
bool fr_tally_add(fr_call *call, fr_tally *tally, const fr_tally_want *want) FR_MUST_USE;
/* What of codes of so large a span are records made for? */
fr_code_numbers fr_tally_wanted_numbers(const fr_call *call, const fr_tally *tally, int64_t n_rows, uint64_t span);
/* The pass. Groupings with very many slots are left to folds: nothing is found then. */
bool fr_tally_run(fr_call *call, fr_tally *tally, const fr_grouping *grouping) FR_MUST_USE;
/* A reference to the states of all groups, or NULL: not computed. */
fr_buffer *fr_tally_find(const fr_grouping *grouping, const fr_tally_want *want);
/* Sums of integers or bools; *narrow: int64_t. */
fr_buffer *fr_tally_find_sums(const fr_grouping *grouping, const fr_column *column, bool *narrow);
/* Ranks of smallest or largest values, *width bytes each. */
fr_buffer *fr_tally_find_ranks(const fr_grouping *grouping, const fr_column *column, bool largest, size_t *width);
/* Sums of floats; *rounded: double. */
fr_buffer *fr_tally_find_reals(const fr_grouping *grouping, const fr_column *column, bool *rounded);
/* Means of a column, all of them finite; NULL: sum and count are found, if they are. */
fr_buffer *fr_tally_find_means(const fr_grouping *grouping, const fr_column *column);
/* The smallest (largest) value of a column, from a rank that is not 0. */
bool fr_tally_value(fr_call *call, const fr_column *column, bool largest, uint32_t rank, int64_t *value) FR_MUST_USE;

/* Integers of at most 22 bits: their squares are summed exactly, in 64 bits within a block and as pairs of doubles. */
bool fr_is_small_integer(fr_call *call, const fr_column *column, bool *small) FR_MUST_USE;

#endif
