/* accumulate.h — running states of aggregates, one a group: sums, counts, moments, extremes, ends.
 *
 * A state that is all zero bits is the state of no rows. `add` kernels take a span of rows and the groups they are in;
 * `merge` kernels add one table of states to another, for blocks of rows that were summed apart. What makes float
 * results independent of threads is the caller's: fixed blocks, merged in order (ops/fold.c).
 *
 * Float sums are pairs (high, low): every addition is a TwoSum whose rounding error goes into low (Neumaier, ZAMM 54
 * (1974) 39-51). high alone tells of infinities and NaN, for which low is meaningless.
 */
#ifndef FR_KERNEL_ACCUMULATE_H
#define FR_KERNEL_ACCUMULATE_H

#include "base/compiler.h"

#include <math.h>

/* Rows and their groups. Groups outside low … low + n_groups - 1 are skipped (as are rows without one); states[0] is
 * the state of group `low`. ids NULL: all rows are in group 0. */
typedef struct fr_group_span {
    const uint32_t *ids;
    uint32_t        low, n_groups;
    size_t          n;
} fr_group_span;

typedef struct fr_pair { double high, low; } fr_pair;

static inline void fr_pair_add(fr_pair *sum, double x)
{
    const double total = sum->high + x, part = total - sum->high;
    sum->low += (sum->high - (total - part)) + (x - part);
    sum->high = total;
}

/* The same for a pair in a table: high is stored by itself, as soon as it is known. Stored together with low, as
 * compilers like to, the next row of the group would wait for all six additions. */
static inline void fr_pair_add_at(fr_pair *sum, double x)
{
    const double high = sum->high, total = high + x, part = total - high;
    *(volatile double *)&sum->high = total;
    sum->low += (high - (total - part)) + (x - part);
}

/* Two neighbours in a table at once, each as by fr_pair_add. */
typedef double fr_two_doubles __attribute__((vector_size(2 * sizeof(double))));
static inline void fr_pairs_add_two(fr_pair *sums, fr_two_doubles x)
{
    const fr_two_doubles high = { sums[0].high, sums[1].high }, low = { sums[0].low, sums[1].low };
    const fr_two_doubles total = high + x, part = total - high, rest = low + ((high - (total - part)) + (x - part));
    sums[0] = (fr_pair){ total[0], rest[0] };
    sums[1] = (fr_pair){ total[1], rest[1] };
}

/* The same of pairs whose halves lie side by side; high is stored by itself, as in fr_pair_add_at. */
typedef double fr_halves __attribute__((vector_size(2 * sizeof(double)), aligned(sizeof(double)), may_alias));
static inline void fr_halves_add_two(double *high, double *low, fr_two_doubles x)
{
    const fr_two_doubles before = *(const fr_halves *)high, total = before + x, part = total - before;
    *(volatile fr_halves *)high = total;
    *(fr_halves *)low += (before - (total - part)) + (x - part);
}

static inline void fr_pair_merge(fr_pair *into, const fr_pair *from)
{
    fr_pair_add(into, from->high);
    into->low += from->low;
}

/* x - centre; of integers exactly, then rounded, the centre being one. */
static inline double fr_minus_i64(int64_t x, double centre)
{
    const int64_t c = centre >= 0x1p63 ? INT64_MAX : (int64_t)centre;
    int64_t d;
    return __builtin_sub_overflow(x, c, &d) ? (double)((fr_i128)x - c) : (double)d;
}

static inline double fr_minus_u64(uint64_t x, double centre)
{
    const uint64_t c = centre >= 0x1p64 ? UINT64_MAX : (uint64_t)centre;
    return x >= c ? (double)(x - c) : -(double)(c - x);
}

static inline double fr_minus_f64(double x, double centre) { return x - centre; }

static inline double fr_pair_value(const fr_pair *sum)
{
    return isfinite(sum->high) ? sum->high + sum->low : sum->high;
}

typedef struct fr_co_moments { fr_pair x, y, xx, yy, xy; } fr_co_moments;
/* Distances from a centre and their squares: two pairs, halves side by side, so that a row loads and stores each half
 * of both at once. The centre lies with them, and all in one line, since what two lines hold costs two. */
typedef struct fr_spread_sums { double high[2], low[2], centre; uint64_t n, pad_[2]; } fr_spread_sums;
static inline fr_pair fr_spread_pair(const fr_spread_sums *s, size_t k) { return (fr_pair){ s->high[k], s->low[k] }; }
typedef struct fr_squares { fr_i128 x, xx; } fr_squares;        /* of integers of at most 22 bits                     */
typedef struct fr_product { uint64_t magnitude; bool negative, overflow, zero; uint8_t pad[5]; bool any; } fr_product;
typedef struct fr_real_product { double value; uint64_t any; } fr_real_product;
typedef struct fr_best { uint64_t rank, row; } fr_best;         /* complement of the smallest code; row + 1, 0: none  */
typedef struct fr_ends { uint64_t first, last; } fr_ends;       /* row + 1; 0: none                                   */

/* Values under nulls are zero, so sums need no validity. */
typedef void fr_sum_int_kernel(fr_i128 *sums, const void *values, const fr_group_span *span);
typedef void fr_sum_float_kernel(fr_pair *sums, const void *values, const fr_group_span *span);
typedef void fr_squares_kernel(fr_squares *states, const void *values, const fr_group_span *span);
/* centres: one a group; integers use the nearest integer, so that differences are exact. powers: 2 or 4, and so many
 * pairs a state: fr_pair[powers]. */
typedef void fr_moments_kernel(fr_pair *states, const void *values, const uint64_t *valid, const double *centres,
                               const fr_group_span *span, int powers);
/* The same of two powers, with the number of values; with ids, each state knows its centre. */
typedef void fr_spreads_kernel(fr_spread_sums *states, const void *values, const uint64_t *valid, const double *centres,
                               const fr_group_span *span);
/* Of all rows, which are scaled numbers (kernel/scaled.h): the sums, to the bit, of the doubles that they stand for. */
void fr_sum_scaled(fr_pair *sum, const void *wholes, unsigned digits, const fr_group_span *span);
void fr_moments_of_scaled(fr_pair *state, const void *wholes, unsigned digits, const uint64_t *valid, double centre,
                          const fr_group_span *span, int powers);
void fr_spread_of_scaled(fr_spread_sums *state, const void *wholes, unsigned digits, const uint64_t *valid, double centre,
                         const fr_group_span *span);
typedef void fr_product_kernel(fr_product *states, const void *values, const uint64_t *valid,
                               const fr_group_span *span);
typedef void fr_real_product_kernel(fr_real_product *states, const void *values, const uint64_t *valid,
                                    const fr_group_span *span);

typedef struct fr_fold_kernels {          /* of one number type; what has no meaning is NULL */
    fr_sum_int_kernel      *sum_int;
    fr_sum_float_kernel    *sum_float;
    fr_squares_kernel      *squares;
    fr_moments_kernel      *moments;
    fr_spreads_kernel      *spreads;      /* of floats */
    fr_product_kernel      *product;
    fr_real_product_kernel *real_product;
} fr_fold_kernels;

extern const fr_fold_kernels fr_fold_i8, fr_fold_i16, fr_fold_i32, fr_fold_i64, fr_fold_u8, fr_fold_u16, fr_fold_u32,
    fr_fold_u64, fr_fold_f32, fr_fold_f64;

/* Bits as 0 and 1; bits under nulls are 0. */
void fr_sum_bits(fr_i128 *sums, const uint64_t *bits, const fr_group_span *span);
/* 128-bit values; overflow[g] is set when a partial sum of group g left 128 bits. */
typedef struct fr_wide_sum { fr_i128 sum; uint64_t overflow, pad; } fr_wide_sum;
void fr_sum_i128(fr_wide_sum *sums, const fr_i128 *values, const fr_group_span *span);
/* Valid rows; valid NULL: all rows. */
void fr_count_valid(uint64_t *counts, const uint64_t *valid, const fr_group_span *span);
/* The smallest code and its first row, codes of rows first_row …; rows that are not valid are left out. */
void fr_best_of(fr_best *states, const uint64_t *codes, const uint64_t *valid, int64_t first_row,
                const fr_group_span *span);
/* First and last valid row. */
void fr_ends_of(fr_ends *states, const uint64_t *valid, int64_t first_row, const fr_group_span *span);
/* Pairs in which both are valid. centres[2 g], centres[2 g + 1]: of x and y. */
void fr_co_moments_of(fr_co_moments *states, const double *x, const double *y, const uint64_t *valid,
                      const double *centres, const fr_group_span *span);

/* into[g] += from[g] for n groups */
void fr_merge_int_sums(void *into, const void *from, size_t n);
void fr_merge_wide_sums(void *into, const void *from, size_t n);
void fr_merge_squares(void *into, const void *from, size_t n);
void fr_merge_pairs(void *into, const void *from, size_t n);
void fr_merge_counts(void *into, const void *from, size_t n);
void fr_merge_two_moments(void *into, const void *from, size_t n);
void fr_merge_four_moments(void *into, const void *from, size_t n);
void fr_merge_spreads(void *into, const void *from, size_t n);
void fr_merge_co_moments(void *into, const void *from, size_t n);
void fr_merge_products(void *into, const void *from, size_t n);
void fr_merge_real_products(void *into, const void *from, size_t n);
void fr_merge_best(void *into, const void *from, size_t n);
void fr_merge_ends(void *into, const void *from, size_t n);

#endif
