/* elementary.h — e^x, logarithms, sines, cosines and powers of doubles, a vector at a time.
 *
 * No call of the C library's per number: a loop of additions and multiplications for all of them. What it does not do is
 * marked and left to the C library: nan, infinities, numbers that are not normal, logarithms of what is not positive and
 * broken powers of it, results beyond e^±707, angles beyond ±10^5 or near a multiple of π/2 that is not 0.
 *
 * Results are off by less than 0.6 of the last place (sines and cosines: 0.8), so where there is an exact one it comes out.
 * Nothing is multiplied and added in one rounding, which not every instruction set can: every level gives the same bits.
 */
#ifndef FR_KERNEL_ELEMENTARY_H
#define FR_KERNEL_ELEMENTARY_H

#include "kernel/arith.h"

typedef void fr_elementary_kernel(double *out, const double *in, size_t n);

typedef struct fr_elementary_kernels {
    fr_elementary_kernel *exp, *log, *sin, *cos;
    /* a to the power of b; squares are products. */
    void (*power)(double *out, fr_lanes a, fr_lanes b, size_t n);
} fr_elementary_kernels;
FR_ISA_DECLARE(fr_elementary_kernels, fr_elementary_kernels);

#endif
