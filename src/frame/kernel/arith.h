/* arith.h — element-wise + - × ÷ on vectors; integers say whether anything overflowed.
 *
 * A step of 0 repeats the first value. `out` may not overlap an input. Integer loops compute every lane with
 * wrap-around and return true when some lane overflowed: the caller, who knows the nulls, finds out which. Loops of
 * doubles also take i64 on either side, so that no vector of converted numbers is written and read again.
 */
#ifndef FR_KERNEL_ARITH_H
#define FR_KERNEL_ARITH_H

#include "kernel/isa.h"

#include <string.h>

typedef struct fr_lanes { const void *values; size_t step; } fr_lanes;

typedef enum fr_arith_op { FR_ADD, FR_SUB, FR_MUL, FR_DIV, FR_ARITH_COUNT } fr_arith_op;

typedef bool fr_integer_kernel(void *out, fr_lanes a, fr_lanes b, size_t n);
typedef void fr_float_kernel(void *out, fr_lanes a, fr_lanes b, size_t n);

typedef enum fr_round { FR_ROUND_EVEN, FR_ROUND_FLOOR, FR_ROUND_CEIL, FR_ROUND_TRUNC, FR_ROUND_COUNT } fr_round;
/* Doubles rounded to whole multiples of `unit` (`coarse`), or of 1 / unit; what is or would become infinite stays. */
typedef void fr_round_kernel(double *out, const double *in, size_t n, double unit, bool coarse);

typedef struct fr_arith_kernels {
    fr_integer_kernel *i64[FR_DIV], *u64[FR_DIV];        /* + - × only */
    fr_float_kernel *f32[FR_DIV];
    fr_float_kernel *f64[FR_ARITH_COUNT][2][2];          /* [operator][a is i64][b is i64] */
    void (*sqrt_f64)(double *out, const double *in, size_t n);
    fr_round_kernel *round[FR_ROUND_COUNT];
} fr_arith_kernels;

FR_ISA_DECLARE(fr_arith_kernels, fr_arith_kernels);

/* Is y a power of two whose reciprocal is an ordinary number? Then x / y and x · (1 / y) are the same number rounded
 * once, thus the same bits, and the product is ten times as fast. */
static inline bool fr_has_exact_reciprocal(double y)
{
    uint64_t bits;
    memcpy(&bits, &y, sizeof bits);
    const uint64_t exponent = bits >> 52 & 2047;
    return (bits & ((UINT64_C(1) << 52) - 1)) == 0 && exponent > 0 && exponent < 2046;
}

#endif
