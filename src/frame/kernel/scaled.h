/* scaled.h — doubles that are decimals of few digits, as whole numbers of 32 bits.
 *
 *     12.75   with two digits behind the point: 1275
 *
 * The nearest double of a decimal is its whole number divided by the power of ten, since both are exact and a division
 * rounds once: so what a reader makes of the text "12.75" and what comes back of 1275 are the same bits. -0, NaN,
 * infinities and whatever has more digits are no such doubles.
 */
#ifndef FR_KERNEL_SCALED_H
#define FR_KERNEL_SCALED_H

#include "kernel/isa.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FR_SCALED_MOST_DIGITS 9            /* behind the point, of numbers of 32 bits */

typedef struct fr_scaled_kernels {
    /* The doubles for n whole numbers. */
    void (*reals)(const int32_t *wholes, size_t n, unsigned digits, double *out);
    /* The whole numbers for n doubles; false: some double has none, and what was written is of no use. */
    bool (*wholes)(const double *reals, size_t n, unsigned digits, int32_t *out);
} fr_scaled_kernels;

FR_ISA_DECLARE(fr_scaled_kernels, fr_scaled_kernels);

/* 10^digits, at most FR_SCALED_MOST_DIGITS. */
static inline double fr_scaled_power(unsigned digits)
{
    static const double tens[FR_SCALED_MOST_DIGITS + 1] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9 };
    return tens[digits];
}

static inline double fr_scaled_real(int32_t whole, unsigned digits)
{
    return (double)whole / fr_scaled_power(digits);
}

#endif
