/* floors.h — quotients and remainders of 64-bit integers that round down, many at a time.
 *
 *     -1 by 7     quotient -1, remainder 6
 *
 * No processor divides 64-bit integers in vectors, and one at a time they take 46 cycles. Doubles do it: the factors of
 * two of a constant divisor go by a shift, which rounds down as well, and what is left of a microsecond's 64 bits by a
 * day, or of any number below 2^51, is a double. The product with the reciprocal, rounded to a whole number, is the
 * quotient or one more, and the remainder, exact, says which. Greater numbers are multiplied with a magic number in 128
 * bits (3 million i64 by 7, AVX2: 16 ns each → 2.7, by the magic number 3.2).
 *
 * `out` may be `x`.
 *
 * Source: the magic number is that of T. Granlund and P. Montgomery, "Division by Invariant Integers using
 * Multiplication", for dividends of 63 bits: x and ~x of a negative x have quotients that are each other's complement.
 */
#ifndef FR_KERNEL_FLOORS_H
#define FR_KERNEL_FLOORS_H

#include "kernel/arith.h"

typedef struct fr_divisor {
    int64_t  by;
    unsigned twos;             /* by = odd · 2^twos                                      */
    double   odd, reciprocal;
    bool     fits;             /* odd is below 2^51                                      */
    uint64_t magic;            /* x / by = (x · magic) >> (64 + after), 0 ≤ x < 2^63      */
    unsigned after;
} fr_divisor;

/* Requires by > 0. */
static inline fr_divisor fr_divisor_of(int64_t by)
{
    const unsigned twos = (unsigned)__builtin_ctzll((uint64_t)by);
    fr_divisor d = { .by = by, .twos = twos, .odd = (double)(by >> twos), .fits = by >> twos < INT64_C(1) << 51 };
    d.reciprocal = 1 / d.odd;
    if (by == 1) return d;
    const unsigned bits = 64 - (unsigned)__builtin_clzll((uint64_t)by - 1);            /* 2^bits ≥ by */
    d.after = bits - 1;
    d.magic = (uint64_t)(((fr_u128)1 << (63 + bits)) / (uint64_t)by) + 1;
    return d;
}

typedef void fr_floor_kernel(int64_t *out, const int64_t *x, size_t n, const fr_divisor *by);
/* False: some lane does not lie within ±2^51, and nothing useful was written. A divisor of 0 counts as 1. */
typedef bool fr_floor_each_kernel(int64_t *out, fr_lanes x, fr_lanes y, size_t n);

typedef struct fr_floors_kernels {
    fr_floor_kernel      *quotients, *remainders;
    /* The last multiple of the divisor plus `rung` at or before x; false: of some x beyond ±most, or there is none in 64
     * bits, and what was written is wrong. `out` may not be `x`. */
    bool (*rungs)(int64_t *out, const int64_t *x, size_t n, const fr_divisor *by, int64_t rung, int64_t most);
    fr_floor_each_kernel *each_quotient, *each_remainder;
} fr_floors_kernels;

FR_ISA_DECLARE(fr_floors_kernels, fr_floors_kernels);

#endif
