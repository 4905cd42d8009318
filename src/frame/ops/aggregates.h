/* aggregates.h — what the implementations of aggregates share: options, exact sums, counts, columns of results.
 *
 * An aggregate takes whole columns and a grouping and gives one value a group. It is one line in aggregates.def.h and
 * one function of type fr_aggregate_run; nulls are left out by all of them, NaN is a value that spreads (`skipnan =
 * true` makes it a null).
 */
#ifndef FR_OPS_AGGREGATES_H
#define FR_OPS_AGGREGATES_H

#include "ops/column_ranks.h"
#include "ops/fold.h"

typedef enum fr_interpolation { FR_LINEAR, FR_LOWER, FR_HIGHER, FR_MIDPOINT, FR_NEAREST } fr_interpolation;

typedef struct fr_aggregate_options {
    int64_t          ddof;                 /* var std sem cov: divide by n - ddof; default 1 */
    int64_t          min_count;            /* sum prod: null with fewer values; default 0 */
    double           q;                    /* quantile: 0 … 1 */
    fr_interpolation interpolation;        /* quantile; default linear */
    bool             skipnan;              /* NaN counts as null */
} fr_aggregate_options;

typedef struct fr_aggregate_job {
    const char          *name;
    fr_aggregate_options options;
    fr_column *const    *args;
    size_t               n_args;
    const fr_grouping   *grouping;         /* NULL: one group of all rows */
    int64_t              n_rows;
    size_t               n_groups;
    const fr_type       *type;             /* of the result */
} fr_aggregate_job;

/* Is every row a group of its own? Groups then are rows, in order, and most aggregates the values themselves. */
static inline bool fr_rows_are_alone(const fr_aggregate_job *job)
{
    return job->grouping && job->grouping->n_groups == job->n_rows;
}

typedef fr_column *fr_aggregate_run(fr_call *call, const fr_aggregate_job *job);
/* Type of the result, an owned reference; NULL with TYPE recorded. */
typedef const fr_type *fr_aggregate_type(fr_call *call, const char *name, const fr_type *const *types, size_t n);

/* one function per line of aggregates.def.h */
#define AGGREGATE(name, least, most, params, type_of, run, states, doc) fr_aggregate_run run;
#include "ops/aggregates.def.h"
#undef AGGREGATE

/* ---- results ----------------------------------------------------------------------------------------------------- */
typedef struct fr_results {                /* values of one fixed width, all valid until said otherwise */
    fr_buffer *values, *valid;
    int64_t    n, n_null;
} fr_results;
bool       fr_results_init(fr_call *call, fr_results *results, size_t n, size_t width) FR_MUST_USE;
void       fr_results_null(fr_results *results, size_t at);             /* the value must be zero */
/* Results made block by block: every value of groups begin … end - 1 is stored, of nulls zero bits; begin is a multiple of
 * 64. Of failures that of the lowest block is kept. */
typedef bool fr_results_fill(fr_call *call, const void *self, fr_results *out, size_t begin, size_t end);
bool       fr_results_make(fr_call *call, fr_results *results, size_t n, size_t width, fr_results_fill *fill,
                           const void *self) FR_MUST_USE;
fr_column *fr_results_finish(fr_call *call, fr_results *results, const fr_type *type) FR_MUST_USE;
/* The same of integers that are as narrow as `phys` (data/column_width.c). */
fr_column *fr_results_finish_as(fr_call *call, fr_results *results, const fr_type *type, fr_phys phys) FR_MUST_USE;
void       fr_results_clear(fr_results *results);

/* ---- states ------------------------------------------------------------------------------------------------------ */
/* uint64_t */
fr_buffer *fr_count_values(fr_call *call, const fr_column *column, const fr_aggregate_job *job) FR_MUST_USE;
/* Exact sums of integers, bools, decimals and temporal values: fr_i128 a group. OVERFLOW beyond 128 bits. */
fr_buffer *fr_exact_sums(fr_call *call, const fr_column *column, const fr_aggregate_job *job) FR_MUST_USE;
/* Compensated sums of floats, rounded: double a group. */
fr_buffer *fr_float_sums(fr_call *call, const fr_column *column, const fr_aggregate_job *job) FR_MUST_USE;
/* Values (sums, or means) of groups whose sum came out infinite or NaN: where the size of the values did that, they are
 * found another way. Groups of fewer than min_count values stay. counts: NULL where none are asked for. */
bool fr_mend_sums(fr_call *call, const fr_column *column, const fr_aggregate_job *job, const double *sums,
                  const uint64_t *counts, bool means, double *values) FR_MUST_USE;
/* Any number or bool as doubles (decimals divided by their scale), one rounding; zero under null. */
fr_buffer *fr_as_doubles(fr_call *call, const fr_column *column) FR_MUST_USE;
/* The same of rows first … first + n - 1, in `room` or where they lie already. */
const double *fr_some_doubles(const fr_column *column, size_t first, size_t n, double *room);
/* Values of FR_SAMPLE_ROWS rows at about n_places places, as keys in the order of the values (fr_ordered_f64), nulls and
 * NaN left out; → how many, at most (n_places + 1) × FR_SAMPLE_ROWS. */
enum { FR_SAMPLE_ROWS = 64 };
size_t fr_sample_doubles(const fr_column *column, size_t n_places, uint64_t *keys);
/* Where the distances of a group's floats are taken from: the value of its first row, or zero. */
double fr_float_centre(const fr_column *column, int64_t first_row);
/* Sums of rows that are groups of their own, a column of numbers: as doubles (a sum begins with 0, so -0 gives 0), or,
 * of integers below 128 bits, as int64_t or uint64_t. */
fr_buffer *fr_sums_alone(fr_call *call, const fr_column *column, bool real) FR_MUST_USE;
/* Mean of each group as the nearest double but for one more rounding; 0 where there are no values. double a group. */
fr_buffer *fr_group_means(fr_call *call, const fr_column *column, const fr_aggregate_job *job) FR_MUST_USE;
/* Row numbers (read by fr_order_rows) of a column's values by group and then by value; nulls come last in their group,
 * NaN before. */
fr_buffer *fr_rows_by_group_and_value(fr_call *call, const fr_column *column, const fr_aggregate_job *job) FR_MUST_USE;
/* uint64_t[n_groups + 1]: where each group begins in such an order. */
fr_buffer *fr_group_starts(fr_call *call, const fr_aggregate_job *job) FR_MUST_USE;
/* The first row with the smallest (largest) value of each group: int64_t, FR_ROW_MISSING64 for none. NaN wins. */
fr_buffer *fr_extreme_rows(fr_call *call, const fr_column *column, const fr_aggregate_job *job, bool largest)
    FR_MUST_USE;
/* The same for the most frequent value of each group, of ties the smallest value. */
fr_buffer *fr_mode_rows(fr_call *call, const fr_column *column, const fr_aggregate_job *job) FR_MUST_USE;

/* Several quantiles (type 7) of all values of a column of numbers, its keys made once; NaN with a NaN among the values.
 * *n_values 0: none. */
bool fr_quantiles_of_column(fr_call *call, fr_column *column, const double *q, size_t n, double *out, size_t *n_values,
                            fr_counted_sums *sums) FR_MUST_USE;
/* Mean and standard deviation (ddof 1) of n_values > 0 values of a column that fr_column_has_ranks, as the aggregates
 * have them, the sum made once; `known` may come from the quantiles. Of one value the deviation means nothing. */
typedef struct fr_column_spread { double mean, deviation; } fr_column_spread;
bool fr_spread_of_column(fr_call *call, fr_column *column, uint64_t n_values, const fr_counted_sums *known,
                         fr_column_spread *out) FR_MUST_USE;
/* a / n to within one rounding: the quotient exactly, its fraction as a double. */
double fr_exact_mean(fr_i128 a, uint64_t n);

const fr_fold_kernels *fr_fold_kernels_of(fr_phys phys);                 /* NULL for layouts that are no numbers */
/* False with OVERFLOW: "mean of region = North does not fit 38 digits". */
bool    fr_aggregate_too_large(fr_call *call, const fr_aggregate_job *job, size_t g, const char *type);
fr_i128 fr_divide_half_even(fr_i128 a, fr_i128 b);                       /* b > 0 */

/* Does it read scaled numbers (data/scaled_column.h) of groups as they lie? Others are given doubles. */
bool fr_aggregate_reads_scaled(const char *name);
/* What it reads so of a column in pieces, which is lent; else the column. */
fr_column *fr_aggregate_reads(fr_column *column);

/* Say what aggregates will ask for, so that ops/tally.h computes it in one pass: a call of `name` on whole columns. */
bool fr_aggregate_foresee(fr_call *call, struct fr_tally *tally, const char *name, fr_column *const *args, size_t n)
    FR_MUST_USE;

#endif
