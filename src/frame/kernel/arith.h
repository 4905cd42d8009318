/* arith.h — element-wise + - × ÷ on vectors; integers say whether anything overflowed.
 *
 * A step of 0 repeats the first value. `out` may not overlap an input. Integer loops compute every lane with
 * wrap-around and return true when some lane overflowed: the caller, who knows the nulls, finds out which.
 */
#ifndef FR_KERNEL_ARITH_H
#define FR_KERNEL_ARITH_H

#include "kernel/isa.h"

typedef struct fr_lanes { const void *values; size_t step; } fr_lanes;

typedef bool fr_integer_kernel(void *out, fr_lanes a, fr_lanes b, size_t n);
typedef void fr_float_kernel(void *out, fr_lanes a, fr_lanes b, size_t n);

typedef struct fr_arith_kernels {
    fr_integer_kernel *add_i64, *sub_i64, *mul_i64, *add_u64, *sub_u64, *mul_u64;
    fr_float_kernel *add_f64, *sub_f64, *mul_f64, *div_f64, *add_f32, *sub_f32, *mul_f32, *div_i64; /* div_i64 → f64 */
} fr_arith_kernels;

FR_ISA_DECLARE(fr_arith_kernels, fr_arith_kernels);

#endif
