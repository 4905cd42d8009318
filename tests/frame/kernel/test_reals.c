/* reals: every instruction-set level of this machine against one row at a time. */
#include "kernel/reals.h"

#include "kernel/scaled.h"
#include "support/columns.h"
#include "support/test.h"

#include <math.h>
#include <string.h>

enum { MOST = 520, FIRST = 64 };

/* (a > 3 and not (d < e)) or (a < 3 and b > 3 and c <= 3 and w != 3) ? a * d + 0.25 : b / e - c + w */
static const fr_reals formula = {
    .n_inputs = 6, .widths = { 1, 2, 4, 8, 8, 8 }, .constants = { [14] = 3, [13] = 0.25 }, .is_constant = 1u << 14 | 1u << 13,
    .n_steps = 24,
    .steps = {
        { FR_REALS_I8, .out = 0, .a = 0 }, { FR_REALS_COMPARE, .out = 15, .a = 0, .b = 14, .condition = 0, .how = FR_GREATER },
        { FR_REALS_F64, .out = 1, .a = 4 }, { FR_REALS_F64, .out = 2, .a = 5 },
        { FR_REALS_COMPARE, .out = 15, .a = 1, .b = 2, .condition = 1, .how = FR_LESS },
        { FR_REALS_NOT, .out = 15, .a = 1, .condition = 1 }, { FR_REALS_AND, .out = 15, .a = 0, .b = 1, .condition = 0 },
        { FR_REALS_MUL, .out = 3, .a = 0, .b = 1 }, { FR_REALS_ADD, .out = 5, .a = 3, .b = 13 },
        { FR_REALS_I16, .out = 6, .a = 1 }, { FR_REALS_DIV, .out = 7, .a = 6, .b = 2 },
        { FR_REALS_I32, .out = 8, .a = 2 }, { FR_REALS_SUB, .out = 9, .a = 7, .b = 8 },
        { FR_REALS_I64, .out = 10, .a = 3 }, { FR_REALS_ADD, .out = 11, .a = 9, .b = 10 },
        { FR_REALS_IF_I8, .out = 15, .a = 0, .b = 14, .condition = 3, .how = FR_LESS },
        { FR_REALS_IF_I16, .out = 15, .a = 1, .b = 14, .condition = 4, .how = FR_GREATER },
        { FR_REALS_AND, .out = 15, .a = 3, .b = 4, .condition = 3 },
        { FR_REALS_IF_I32, .out = 15, .a = 2, .b = 14, .condition = 4, .how = FR_LESS_EQUAL },
        { FR_REALS_AND, .out = 15, .a = 3, .b = 4, .condition = 3 },
        { FR_REALS_IF_I64, .out = 15, .a = 3, .b = 14, .condition = 4, .how = FR_UNEQUAL },
        { FR_REALS_AND, .out = 15, .a = 3, .b = 4, .condition = 3 },
        { FR_REALS_OR, .out = 15, .a = 0, .b = 3, .condition = 2 },
        { FR_REALS_CHOOSE, .out = 4, .a = 5, .b = 11, .condition = 2 },
    },
};

/* c of so many digits, twice, and as it lies: c <= 3 · 10^-digits ? (c + d) * c : c - 0.25 */
static const fr_reals scaled_formula = {
    .n_inputs = 2, .widths = { 4, 8 }, .constants = { [14] = 3, [13] = 0.25 }, .is_constant = 1u << 14 | 1u << 13, .n_steps = 7,
    .steps = {
        { FR_REALS_SCALED, .out = 0, .a = 0 }, { FR_REALS_F64, .out = 1, .a = 1 }, { FR_REALS_ADD, .out = 2, .a = 0, .b = 1 },
        { FR_REALS_MUL, .out = 3, .a = 2, .b = 0 }, { FR_REALS_SUB, .out = 4, .a = 0, .b = 13 },
        { FR_REALS_IF_I32, .out = 15, .a = 0, .b = 14, .condition = 0, .how = FR_LESS_EQUAL },
        { FR_REALS_CHOOSE, .out = 5, .a = 3, .b = 4, .condition = 0 },
    },
};

typedef struct rows {
    int8_t a[FIRST + MOST];
    int16_t b[FIRST + MOST];
    int32_t c[FIRST + MOST];
    int64_t w[FIRST + MOST];
    double d[FIRST + MOST], e[FIRST + MOST];
    uint64_t valids[6][(FIRST + MOST) / 64 + 1];
} rows;

typedef struct number { double value; bool there; } number;

static bool there(const rows *r, unsigned with_nulls, int input, size_t i)
{
    return !(with_nulls >> input & 1) || r->valids[input][i / 64] >> (i & 63) & 1;
}

enum { NO, YES, UNKNOWN };
static int known(bool there, bool yes) { return there ? yes : UNKNOWN; }
static int both(int a, int b) { return a == NO || b == NO ? NO : a == YES && b == YES ? YES : UNKNOWN; }
static int either(int a, int b) { return a == YES || b == YES ? YES : a == NO && b == NO ? NO : UNKNOWN; }
static int not(int a) { return a == UNKNOWN ? UNKNOWN : !a; }

static number one(const rows *r, unsigned with_nulls, size_t i)
{
    enum { A, B, C, W, D, E };
#define HAS(x) there(r, with_nulls, x, i)
    const int first = both(known(HAS(A), r->a[i] > 3), not(known(HAS(D) && HAS(E), r->d[i] < r->e[i])));
    const int second = both(both(known(HAS(A), r->a[i] < 3), known(HAS(B), r->b[i] > 3)),
                            both(known(HAS(C), r->c[i] <= 3), known(HAS(W), r->w[i] != 3)));
    if (either(first, second) == YES)
        return (number){ HAS(A) && HAS(D) ? (double)r->a[i] * r->d[i] + 0.25 : 0, HAS(A) && HAS(D) };
    const bool all = HAS(B) && HAS(E) && HAS(C) && HAS(W);
    return (number){ all ? (double)r->b[i] / r->e[i] - (double)r->c[i] + (double)r->w[i] : 0, all };
#undef HAS
}

static bool same(double a, double b) { return (isnan(a) && isnan(b)) || !memcmp(&a, &b, sizeof a); }

/* with_nulls: inputs that have some, as bits. */
static void check_level(const fr_reals_kernels *k, const rows *r, size_t n, bool stream, unsigned with_nulls)
{
    static _Alignas(64) double out[MOST + 1];
    uint64_t valid[MOST / 64 + 1];
    fr_reals reals = formula;
    const void *inputs[] = { r->a, r->b, r->c, r->w, r->d, r->e };
    size_t n_null = 0;
    memcpy(reals.inputs, inputs, sizeof inputs);
    for (int i = 0; i < 6; i++) reals.valids[i] = with_nulls >> i & 1 ? r->valids[i] : NULL;
    reals.has_nulls = with_nulls != 0;
    out[n] = 1234.5;
    const size_t found = k->run(&reals, FIRST, n, out, valid, stream);
    for (size_t i = 0; i < n; i++) {
        const number x = one(r, with_nulls, FIRST + i);
        n_null += !x.there;
        CHECK(same(out[i], x.value));
        if (with_nulls) CHECK((valid[i / 64] >> (i & 63) & 1) == x.there);
    }
    CHECK(out[n] == 1234.5);
    CHECK_INT((int64_t)found, (int64_t)n_null);
}

TEST(a_formula_is_that_of_each_row_at_every_level)
{
    static rows r;
    static const size_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 511, MOST };
    static const double odd[] = { NAN, INFINITY, -INFINITY, 0.0, -0.0, 5e-324 };
    static const unsigned nulls[] = { 0, 1, 2, 4, 8, 16, 32, 17, 46, 63 };
    uint64_t state = 7;
    for (size_t i = 0; i < FIRST + MOST; i++) {
        const uint64_t x = fr_test_random(&state);
        r.a[i] = (int8_t)(x % 11), r.b[i] = (int16_t)(x >> 8), r.c[i] = (int32_t)(x >> 16), r.w[i] = (int64_t)x;
        r.d[i] = i % 7 ? (double)(int)(x % 100) / 4 : odd[i % 6], r.e[i] = i % 9 ? (double)(int)(x % 77) / 3 : odd[i % 5];
    }
    for (int i = 0; i < 6; i++)
        for (size_t w = 0; w < FR_COUNT_OF(r.valids[i]); w++)
            r.valids[i][w] = w % 4 == 3 ? UINT64_MAX : fr_test_random(&state) | fr_test_random(&state);
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
            for (size_t w = 0; w < FR_COUNT_OF(nulls); w++)
                for (int stream = 0; stream < 2; stream++)
                    check_level(FR_ISA_AT(fr_reals_kernels, isa), &r, lengths[l], stream, nulls[w]);
}

static void check_scaled(const fr_reals_kernels *k, const rows *r, size_t n, unsigned digits)
{
    static _Alignas(64) double out[MOST];
    uint64_t valid[MOST / 64 + 1];
    fr_reals reals = scaled_formula;
    reals.steps[0].b = (uint8_t)digits;
    reals.inputs[0] = r->c, reals.inputs[1] = r->d;
    CHECK_INT((int64_t)k->run(&reals, FIRST, n, out, valid, false), 0);
    for (size_t i = 0; i < n; i++) {
        const double c = fr_scaled_real(r->c[FIRST + i], digits), d = r->d[FIRST + i];
        CHECK(same(out[i], r->c[FIRST + i] <= 3 ? (c + d) * c : c - 0.25));
    }
}

TEST(scaled_numbers_become_doubles_at_every_level)
{
    static rows r;
    static const size_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 511, MOST };
    uint64_t state = 9;
    for (size_t i = 0; i < FIRST + MOST; i++) {
        const uint64_t x = fr_test_random(&state);
        r.c[i] = (int32_t)(uint32_t)(x >> 20) >> (x % 30), r.d[i] = (double)(int)(x % 77) / 3;
    }
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
            for (unsigned digits = 1; digits <= FR_SCALED_MOST_DIGITS; digits++)
                check_scaled(FR_ISA_AT(fr_reals_kernels, isa), &r, lengths[l], digits);
}
