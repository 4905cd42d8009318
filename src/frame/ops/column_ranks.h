/* column_ranks.h — the values of a whole column of numbers that stand at given ranks, without sorting. */
#ifndef FR_OPS_COLUMN_RANKS_H
#define FR_OPS_COLUMN_RANKS_H

#include "data/column.h"
#include "kernel/accumulate.h"

enum { FR_MOST_RANKS = 64 };

/* Is there a way for this column? Integers and floats of our own memory. */
bool fr_column_has_ranks(const fr_column *column);
/* out[i] = the value that ranks[i] values stand before in ascending order, as a double (-0 becomes 0); nulls do not
 * count. `facts` are the column's, with a range and no NaN; every rank must be below the number of values, n at most
 * FR_MOST_RANKS. Scaled numbers (data/scaled_column.h) lie in one, and `facts` are told of the whole ones. Where
 * each value was counted their sums come with it, of doubles read once perhaps those of them and of their distances from
 * fr_float_centre. */
typedef struct fr_counted_sums {
    bool           known, real_known;
    fr_squares     sums;
    fr_pair        real;
    fr_spread_sums about;
} fr_counted_sums;
bool fr_column_at_ranks(fr_call *call, const fr_column *column, const fr_facts *facts, const uint64_t *ranks, size_t n,
                        double *out, fr_counted_sums *sums) FR_MUST_USE;

#endif
