/* key_codes.c — instantiates key_codes.inc.h for numbers, and says the same for bits and for 128-bit decimals. */
#include "kernel/key_codes.h"

#include "kernel/key_near.h"
#include "kernel/key_slots.h"

#define FR_TEMPLATE "kernel/key_codes.inc.h"
#include "kernel/for_each_number.h"

static inline uint64_t bit_at(const uint64_t *words, size_t i)
{
    return words[i >> 6] >> (i & 63) & 1;
}

/* ---- bools ------------------------------------------------------------------------------------------------------- */
static void codes_bits(uint64_t *out, const void *values, size_t n, const fr_code_rule *rule, const uint32_t *map,
                       bool combine)
{
    (void)map;
    for (size_t i = 0; i < n; i++) {
        uint64_t u = bit_at(values, i);
        uint64_t code = (rule->descending ? rule->top - u : u - rule->low) + rule->shift;
        out[i] = combine ? out[i] * rule->span + code : code;
    }
}

static void slots_bits(uint32_t *out, const void *values, size_t n, const fr_code_rule *rule, bool combine)
{
    const uint32_t zero = (uint32_t)((rule->descending ? rule->top : 0 - rule->low) + rule->shift);
    const uint32_t one = (uint32_t)((rule->descending ? rule->top - 1 : 1 - rule->low) + rule->shift);
    for (size_t i = 0; i < n; i++) {
        const uint32_t code = bit_at(values, i) ? one : zero;
        out[i] = combine ? out[i] * (uint32_t)rule->span + code : code;
    }
}

static void outside_bits(uint64_t *outside, const void *values, size_t n, const fr_code_rule *rule)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t u = bit_at(values, i);
        outside[i >> 6] |= (uint64_t)(u < rule->low || u > rule->top) << (i & 63);
    }
}

static bool range_bits(const void *values, const uint64_t *valid, size_t n, uint64_t *low, uint64_t *top, bool *has_nan)
{
    bool any = false;
    *low = 1, *top = 0, *has_nan = false;
    for (size_t i = 0; i < n; i++) {
        if (valid && !bit_at(valid, i)) continue;
        uint64_t u = bit_at(values, i);
        *low = u < *low ? u : *low;
        *top = u > *top ? u : *top;
        any = true;
    }
    return any;
}

const fr_code_kernels fr_codes_bits = { .codes = codes_bits, .slots = slots_bits, .outside = outside_bits,
                                        .range = range_bits };

/* ---- 128-bit integers whose range fits 63 bits: the low words alone tell them apart, modulo 2^64 ----------------- */
static void codes_i128(uint64_t *out, const void *values, size_t n, const fr_code_rule *rule, const uint32_t *map,
                       bool combine)
{
    const fr_u128 *x = values;
    (void)map;
    for (size_t i = 0; i < n; i++) {
        uint64_t u = (uint64_t)x[i];
        uint64_t code = (rule->descending ? rule->top - u : u - rule->low) + rule->shift;
        out[i] = combine ? out[i] * rule->span + code : code;
    }
}

static void outside_i128(uint64_t *outside, const void *values, size_t n, const fr_code_rule *rule)
{
    (void)outside, (void)values, (void)n, (void)rule;          /* joins compare 128-bit keys by halves */
}

static bool range_i128(const void *values, const uint64_t *valid, size_t n, uint64_t *low, uint64_t *top, bool *has_nan)
{
    const fr_i128 *x = values;
    fr_i128 least = 0, most = 0;
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        if (valid && !bit_at(valid, i)) continue;
        if (!any || x[i] < least) least = x[i];
        if (!any || x[i] > most) most = x[i];
        any = true;
    }
    *low = (uint64_t)least, *top = (uint64_t)most;
    *has_nan = (fr_u128)most - (fr_u128)least >= (fr_u128)1 << 63;      /* "does not fit", see key_codes.h */
    return any;
}

const fr_code_kernels fr_codes_i128 = { .codes = codes_i128, .outside = outside_i128, .range = range_i128 };

/* ---- nulls and halves -------------------------------------------------------------------------------------------- */
void fr_codes_patch_nulls(uint64_t *out, const uint64_t *valid, size_t n, uint64_t zero_code, uint64_t null_code)
{
    const uint64_t add = null_code - zero_code;
    for (size_t i = 0; i < n; i += 64) {
        uint64_t missing = ~valid[i >> 6];
        if (n - i < 64) missing &= ((uint64_t)1 << (n - i)) - 1;
        for (; missing; missing &= missing - 1) out[i + (size_t)__builtin_ctzll(missing)] += add;
    }
}

void fr_codes_half(uint64_t *out, const uint64_t *ordered, size_t n, int which, bool descending, bool combine)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t u = descending ? ~ordered[i] : ordered[i];
        uint64_t code = which == 0 ? u >> 32 : u & UINT32_MAX;
        out[i] = combine ? (out[i] << 32) + code : code;
    }
}
