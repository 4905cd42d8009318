/* scaled_bound.h — comparing whole numbers of 10^-digits (scaled.h) with a double, as whole numbers.
 *
 *     x > 99.5, two digits behind the point     k > 9950
 *     x > 99.505                                k >= 9951: the bound lies between two numbers
 *     x == 99.505                               never
 *
 * A greater whole number stands for a greater double, and two never for the same, since decimals of ten digits are
 * farther apart than doubles; so every comparison of doubles is one of whole numbers.
 */
#ifndef FR_KERNEL_SCALED_BOUND_H
#define FR_KERNEL_SCALED_BOUND_H

#include "kernel/compare.h"

/* `k op whole`, which always or never holds where whole is the least number of 32 bits. */
typedef struct fr_scaled_bound { fr_compare_op op; int32_t whole; } fr_scaled_bound;

/* What x OP bound is for x = k / 10^digits, whatever double the bound is. */
fr_scaled_bound fr_scaled_bound_of(fr_compare_op op, double bound, unsigned digits);

#endif
