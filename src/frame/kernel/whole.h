/* whole.h — sums and moments of all rows at once: one state, summed in eight lanes.
 *
 *     row    0  1  2  3  4  5  6  7 | 8  9 …          lane 0 is rows 0, 8, 16, …; in the end lanes are added in order
 *
 * One compensated sum waits for itself at each row; eight of them take as long as memory does. The lanes are the same at
 * every level of the instruction set, and so is the sum.
 */
#ifndef FR_KERNEL_WHOLE_H
#define FR_KERNEL_WHOLE_H

#include "kernel/accumulate.h"
#include "kernel/isa.h"

typedef void fr_whole_int_sum(fr_i128 *sum, const void *values, size_t n);
typedef void fr_whole_float_sum(fr_pair *sum, const void *values, size_t n);
typedef void fr_whole_squares(fr_squares *sums, const void *values, size_t n);
/* As fr_moments_kernel. */
typedef void fr_whole_moments(fr_pair *state, const void *values, const uint64_t *valid, double centre, size_t n,
                              int powers);

/* The same of the doubles that whole numbers of so many digits stand for (kernel/scaled.h). */
typedef void fr_whole_scaled_sum(fr_pair *sum, const int32_t *wholes, unsigned digits, size_t n);
typedef void fr_whole_scaled_moments(fr_pair *state, const int32_t *wholes, unsigned digits, const uint64_t *valid, double centre,
                                     size_t n, int powers);

/* As fr_co_moments_of; centres: of x and y. */
typedef void fr_whole_pairs(fr_co_moments *state, const double *x, const double *y, const uint64_t *valid,
                            const double *centres, size_t n);

typedef struct fr_whole_kernels {
    fr_whole_int_sum   *sum_i8, *sum_i16, *sum_i32, *sum_i64, *sum_u8, *sum_u16, *sum_u32, *sum_u64;
    fr_whole_float_sum *sum_f32, *sum_f64;
    fr_whole_squares   *squares_i8, *squares_i16, *squares_i32, *squares_i64, *squares_u8, *squares_u16, *squares_u32,
                       *squares_u64;
    fr_whole_moments   *moments_i8, *moments_i16, *moments_i32, *moments_i64, *moments_u8, *moments_u16, *moments_u32,
                       *moments_u64, *moments_f32, *moments_f64;
    fr_whole_pairs     *pairs;
    fr_whole_scaled_sum *sum_scaled;
    fr_whole_scaled_moments *moments_scaled;
} fr_whole_kernels;

FR_ISA_DECLARE(fr_whole_kernels, fr_whole_kernels);

#endif
