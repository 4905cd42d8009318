/* key_codes.h — values to small unsigned codes, so that grouping, joining and sorting become integer work.
 *
 * A value is first seen as ordered bits: a u64 that sorts as the value does (sign bit flipped for signed integers;
 * floats mirrored below zero, with -0 = 0). A rule then turns ordered bits into a code below `span`, from the range the
 * column is known to have; NaN and null have codes of their own, at either end:
 *
 *     i64 column in 5 … 7, one null, ascending        5 → 0   6 → 1   7 → 2   null → 3      span 4
 *     the same, descending                            7 → 0   6 → 1   5 → 2   null → 3
 *
 * Several columns make one code in mixed radix: combine[i] = before[i] × span + code[i].
 * Kernels: nothing may overlap; values under a null are zero bits (the invariant of columns), which lets nulls be
 * patched in afterwards by a constant, 64 rows at a time.
 */
#ifndef FR_KERNEL_KEY_CODES_H
#define FR_KERNEL_KEY_CODES_H

#include "base/compiler.h"

typedef struct fr_code_rule {
    uint64_t low, top;         /* range of ordered bits; rows outside get a meaningless code                          */
    uint64_t shift;            /* code of the first number: what stands before numbers                                */
    uint64_t nan_code, null_code;
    uint64_t span;             /* all codes are below it                                                              */
    bool     descending;
} fr_code_rule;

/* out[i] = code, or out[i] × span + code when `combine`. `map` (unsigned 8…32-bit layouts only, else NULL): values are
 * dictionary codes and map[value] are the ordered bits. */
typedef void fr_code_kernel(uint64_t *out, const void *values, size_t n, const fr_code_rule *rule, const uint32_t *map,
                            bool combine);
/* Set bit i of `outside` for values whose ordered bits are not in low … top (NaN never is outside). */
typedef void fr_outside_kernel(uint64_t *outside, const void *values, size_t n, const fr_code_rule *rule);
/* Range of the ordered bits of valid values that are not NaN; has_nan tells whether some are. False: there are none. */
typedef bool fr_range_kernel(const void *values, const uint64_t *valid, size_t n, uint64_t *low, uint64_t *top,
                             bool *has_nan);

/* The same in 32 bits, for a rule without a map whose span (with all parts before it) fits them. */
typedef void fr_slots_kernel(uint32_t *out, const void *values, size_t n, const fr_code_rule *rule, bool combine);

/* Bit i: values[i] can have a code up to `last` (a NaN's bit is 0). For a rule without a map. */
typedef void fr_near_kernel(uint64_t *bits, const void *values, size_t n, const fr_code_rule *rule, uint64_t last);

typedef struct fr_code_kernels {
    fr_code_kernel    *codes;
    fr_slots_kernel   *slots;              /* NULL: none for this layout */
    fr_near_kernel    *near;               /* NULL: the same */
    fr_outside_kernel *outside;
    fr_range_kernel   *range;
} fr_code_kernels;

extern const fr_code_kernels fr_codes_i8, fr_codes_i16, fr_codes_i32, fr_codes_i64, fr_codes_u8, fr_codes_u16,
    fr_codes_u32, fr_codes_u64, fr_codes_f32, fr_codes_f64, fr_codes_bits, fr_codes_i128;
/* bits: bools, one bit a value, `values` at bit 0 of a word. i128: only for a range that fits 64 bits; low and top are
 * then the low words of the two ends (`range` reports false in has_nan when it does not fit). */

/* Add null's code: `valid` is at bit 0. zero_code: what the kernel above made of the zero under every null. */
void fr_codes_patch_nulls(uint64_t *out, const uint64_t *valid, size_t n, uint64_t zero_code, uint64_t null_code);

/* 64-bit values by halves, for ranges that leave no room for null: which 0 = high 32 bits of the ordered bits, 1 =
 * low. */
void fr_codes_half(uint64_t *out, const uint64_t *ordered, size_t n, int which, bool descending, bool combine);

static inline uint64_t fr_ordered_i64(int64_t x) { return (uint64_t)x ^ (uint64_t)1 << 63; }
static inline uint64_t fr_ordered_f64(double x)
{
    double clean = x + 0.0;                                    /* -0 becomes 0 */
    uint64_t bits;
    __builtin_memcpy(&bits, &clean, sizeof bits);
    return bits >> 63 ? ~bits : bits ^ (uint64_t)1 << 63;
}
static inline double fr_unordered_f64(uint64_t ordered)
{
    uint64_t bits = ordered >> 63 ? ordered ^ (uint64_t)1 << 63 : ~ordered;
    double x;
    __builtin_memcpy(&x, &bits, sizeof x);
    return x;
}

#endif
