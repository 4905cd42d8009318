/* scaled_bound.c — the least whole number that is not below the bound, and whether it is the bound (see scaled_bound.h). */
#include "kernel/scaled_bound.h"

#include "kernel/scaled.h"

#include <math.h>

/* The product lies within 2^-21 of what it would be exactly; one number more to begin with, and steps to the right one. */
static int64_t least_from(double bound, unsigned digits)
{
    if (bound > fr_scaled_real(INT32_MAX, digits)) return (int64_t)INT32_MAX + 1;
    if (!(bound > fr_scaled_real(INT32_MIN, digits))) return INT32_MIN;
    int64_t whole = (int64_t)floor(bound * fr_scaled_power(digits)) - 1;
    if (whole < INT32_MIN) whole = INT32_MIN;
    while (fr_scaled_real((int32_t)whole, digits) < bound) whole++;
    return whole;
}

fr_scaled_bound fr_scaled_bound_of(fr_compare_op op, double bound, unsigned digits)
{
    static const fr_scaled_bound always = { FR_GREATER_EQUAL, INT32_MIN }, never = { FR_LESS, INT32_MIN };
    if (isnan(bound)) return op == FR_UNEQUAL ? always : never;
    const int64_t least = least_from(bound, digits);
    if (least > INT32_MAX) return op == FR_UNEQUAL || op == FR_LESS || op == FR_LESS_EQUAL ? always : never;
    const int32_t whole = (int32_t)least;
    const bool is_bound = fr_scaled_real(whole, digits) == bound;
    switch (op) {
    case FR_EQUAL:      return is_bound ? (fr_scaled_bound){ op, whole } : never;
    case FR_UNEQUAL:    return is_bound ? (fr_scaled_bound){ op, whole } : always;
    case FR_LESS:       return (fr_scaled_bound){ FR_LESS, whole };
    case FR_LESS_EQUAL: return (fr_scaled_bound){ is_bound ? FR_LESS_EQUAL : FR_LESS, whole };
    case FR_GREATER:    return (fr_scaled_bound){ is_bound ? FR_GREATER : FR_GREATER_EQUAL, whole };
    default:            return (fr_scaled_bound){ FR_GREATER_EQUAL, whole };
    }
}
