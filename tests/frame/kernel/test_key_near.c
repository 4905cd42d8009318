/* key_near: every instruction-set level of this machine against the codes themselves. */
#include "kernel/key_near.h"

#include <string.h>

#include "support/test.h"

enum { MOST = 520 };

static const size_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 511, MOST };

static uint64_t next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return *state ^ *state >> 29;
}

typedef struct type {
    fr_near_kernel        *near;
    const fr_code_kernels *codes;
    const char            *name;
    size_t                 width;
    bool                   is_float;
} type;

/* Small values that repeat, or any bytes; of floats numbers, a NaN and both zeros. */
static void fill(unsigned char *values, const type *t, bool small, uint64_t seed)
{
    for (size_t i = 0; i < MOST; i++) {
        const uint64_t r = next(&seed) >> 13;
        const double d = (double)(int)(r % 9) - 4, number = small ? d : d * 1e30 / (double)(r % 1000 + 1);
        const float f = (float)number;
        if (t->is_float) memcpy(values + i * t->width, t->width == 8 ? (const void *)&number : &f, t->width);
        else for (size_t k = 0; k < t->width; k++)
            values[i * t->width + k] = (unsigned char)(small ? k ? 0 : r % 9 : next(&seed) >> 9);
    }
    if (!t->is_float) return;
    const double nan = __builtin_nan(""), minus_zero = -0.0;
    const float nan32 = (float)nan, minus_zero32 = -0.0f;
    memcpy(values + 2 * t->width, t->width == 8 ? (const void *)&nan : &nan32, t->width);
    memcpy(values + 3 * t->width, t->width == 8 ? (const void *)&minus_zero : &minus_zero32, t->width);
}

static bool is_nan(const type *t, const unsigned char *value)
{
    double d = 0;
    float f = 0;
    if (!t->is_float) return false;
    memcpy(t->width == 8 ? (void *)&d : &f, value, t->width);
    return d != d || f != f;
}

/* Limits at codes that occur: near are exactly the numbers with codes up to it. */
static void check_near(const type *t, const unsigned char *values, size_t n, const fr_code_rule *rule)
{
    static uint64_t codes[MOST], bits[MOST / 64 + 2];
    t->codes->codes(codes, values, n, rule, NULL, false);
    for (size_t limit = 0; limit < n + 2; limit += 1 + n / 10) {
        const uint64_t last = limit < n ? codes[limit] : limit == n ? 0 : UINT64_MAX;
        if (last == rule->nan_code) continue;
        memset(bits, 0xee, sizeof bits);
        t->near(bits, values, n, rule, last);
        for (size_t i = 0; i < n; i++) {
            const bool expected = codes[i] <= last && !is_nan(t, values + i * t->width);
            if ((bits[i >> 6] >> (i & 63) & 1) != expected) fr_test_check(false, t->name, __FILE__, (int)i);
        }
        CHECK_INT(bits[(n + 63) / 64], UINT64_C(0xeeeeeeeeeeeeeeee));
    }
}

TEST(near_are_the_values_with_codes_up_to_the_limit)
{
    static unsigned char values[MOST * 8];
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
        const fr_near_kernels *k = FR_ISA_AT(fr_near_kernels, isa);
        const type types[] = {
            { k->near_i8, &fr_codes_i8, "i8", 1, 0 },    { k->near_i16, &fr_codes_i16, "i16", 2, 0 },
            { k->near_i32, &fr_codes_i32, "i32", 4, 0 }, { k->near_i64, &fr_codes_i64, "i64", 8, 0 },
            { k->near_u8, &fr_codes_u8, "u8", 1, 0 },    { k->near_u16, &fr_codes_u16, "u16", 2, 0 },
            { k->near_u32, &fr_codes_u32, "u32", 4, 0 }, { k->near_u64, &fr_codes_u64, "u64", 8, 0 },
            { k->near_f32, &fr_codes_f32, "f32", 4, 1 }, { k->near_f64, &fr_codes_f64, "f64", 8, 1 },
        };
        for (size_t t = 0; t < sizeof types / sizeof *types; t++)
            for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
                for (int way = 0; way < 4; way++) {
                    fill(values, &types[t], way & 1, l + 9);
                    fr_code_rule rule = { .shift = (uint64_t)(l % 3), .nan_code = UINT64_MAX - 7,
                                          .descending = way & 2 };
                    bool has_nan;
                    types[t].codes->range(values, NULL, MOST, &rule.low, &rule.top, &has_nan);
                    check_near(&types[t], values, lengths[l], &rule);
                }
    }
}
