/* test_arith.c — arithmetic and comparison kernels of every instruction set against plain loops, at awkward lengths. */
#include "kernel/compare.h"
#include "kernel/convert.h"
#include "support/test.h"

#include <fenv.h>
#include <math.h>
#include <string.h>

enum { MOST = 520 };

static uint64_t next(uint64_t *seed)
{
    uint64_t x = *seed += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    return x ^ x >> 27;
}

/* small, large and boundary values */
static int64_t awkward(uint64_t *seed)
{
    static const int64_t edges[] = { 0, 1, -1, INT64_MAX, INT64_MIN, 1 << 30, -(1 << 30), INT64_C(3037000500) };
    uint64_t r = next(seed);
    return r % 4 == 0 ? edges[r / 8 % 8] : r % 4 == 1 ? (int64_t)next(seed) : (int64_t)(r >> 40) - (1 << 22);
}

static void check_integers(fr_isa isa, size_t n, size_t a_step, size_t b_step, uint64_t seed)
{
    const fr_arith_kernels *k = FR_ISA_AT(fr_arith_kernels, isa);
    fr_integer_kernel *const kernels[] = { k->i64[0], k->i64[1], k->i64[2], k->u64[0], k->u64[1], k->u64[2] };
    int64_t a[MOST], b[MOST], out[MOST + 8];
    for (size_t i = 0; i < n + 1; i++) a[i] = awkward(&seed), b[i] = seed % 3 ? awkward(&seed) : (int64_t)(seed % 7);
    for (int op = 0; op < 6; op++) {
        bool expected = false, same = true;
        bool bad = kernels[op](out, (fr_lanes){ a, a_step }, (fr_lanes){ b, b_step }, n);
        for (size_t i = 0; i < n; i++) {
            int64_t x = a[i * a_step], y = b[i * b_step], r = 0;
            uint64_t u = 0;
            bool over = op == 0   ? __builtin_add_overflow(x, y, &r)
                        : op == 1 ? __builtin_sub_overflow(x, y, &r)
                        : op == 2 ? __builtin_mul_overflow(x, y, &r)
                        : op == 3 ? __builtin_add_overflow((uint64_t)x, (uint64_t)y, &u)
                        : op == 4 ? __builtin_sub_overflow((uint64_t)x, (uint64_t)y, &u)
                                  : __builtin_mul_overflow((uint64_t)x, (uint64_t)y, &u);
            expected |= over;
            same &= out[i] == (op < 3 ? r : (int64_t)u);
        }
        CHECK(same);
        CHECK_INT(bad, n ? expected : bad);
    }
}

static bool holds(int op, double x, double y)
{
    return op == 0 ? x == y : op == 1 ? x != y : op == 2 ? x < y : op == 3 ? x <= y : op == 4 ? x > y : x >= y;
}

static bool holds_i64(int op, int64_t x, int64_t y)
{
    return op == 0 ? x == y : op == 1 ? x != y : op == 2 ? x < y : op == 3 ? x <= y : op == 4 ? x > y : x >= y;
}

static bool holds_u64(int op, uint64_t x, uint64_t y)
{
    return op == 0 ? x == y : op == 1 ? x != y : op == 2 ? x < y : op == 3 ? x <= y : op == 4 ? x > y : x >= y;
}

static void check_comparisons(fr_isa isa, size_t n, size_t a_step, size_t b_step, uint64_t seed)
{
    const fr_compare_kernels *k = FR_ISA_AT(fr_compare_kernels, isa);
    int64_t a[MOST], b[MOST];
    int32_t p[MOST], q[MOST];
    double x[MOST], y[MOST];
    uint64_t i64[MOST / 64 + 2], u64[MOST / 64 + 2], f64[MOST / 64 + 2], i32[MOST / 64 + 2];
    for (size_t i = 0; i < n + 1; i++) {
        a[i] = awkward(&seed), b[i] = i % 3 ? awkward(&seed) : a[i];
        p[i] = (int32_t)a[i], q[i] = (int32_t)b[i];
        x[i] = i % 11 == 5 ? (double)NAN : (double)a[i], y[i] = i % 7 == 5 ? -0.0 : (double)b[i];
    }
    for (int op = 0; op < FR_COMPARE_COUNT; op++) {
        bool same = true;
        k->i64[op](i64, (fr_lanes){ a, a_step }, (fr_lanes){ b, b_step }, n);
        k->u64[op](u64, (fr_lanes){ a, a_step }, (fr_lanes){ b, b_step }, n);
        k->f64[op](f64, (fr_lanes){ x, a_step }, (fr_lanes){ y, b_step }, n);
        k->i32[op](i32, (fr_lanes){ p, a_step }, (fr_lanes){ q, b_step }, n);
        for (size_t i = 0; i < n; i++) {
            size_t l = i * a_step, r = i * b_step;
            same &= (i64[i / 64] >> (i % 64) & 1) == holds_i64(op, a[l], b[r]);
            same &= (u64[i / 64] >> (i % 64) & 1) == holds_u64(op, (uint64_t)a[l], (uint64_t)b[r]);
            same &= (f64[i / 64] >> (i % 64) & 1) == holds(op, x[l], y[r]);
            same &= (i32[i / 64] >> (i % 64) & 1) == holds_i64(op, p[l], q[r]);
        }
        CHECK(same);
    }
}

static void each(void (*check)(fr_isa, size_t, size_t, size_t, uint64_t))
{
    static const size_t lengths[] = { 0, 1, 3, 7, 8, 9, 31, 63, 64, 65, 127, 128, 129, 511, 512, 513 };
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
            for (size_t steps = 0; steps < 4; steps++) check(isa, lengths[i], steps & 1, steps >> 1, 17 * i + steps);
}

TEST(integers_agree_with_plain_loops) { each(check_integers); }
TEST(comparisons_agree_with_plain_loops) { each(check_comparisons); }

static double awkward_f64(uint64_t *seed)
{
    static const double edges[] = { 0, -0.0, 1, -1, 2, 0.5, 0x1p-1022, 0x1p1022, 0x1p-1074, 3, INFINITY, NAN };
    uint64_t r = next(seed);
    return r % 3 == 0 ? edges[r / 8 % (sizeof edges / sizeof *edges)] : (double)awkward(seed) / 3;
}

static double plain(int op, double x, double y) { return op == 0 ? x + y : op == 1 ? x - y : op == 2 ? x * y : x / y; }

/* Equal bits, but any nan is as good as another. */
static bool same_f64(double x, double y) { return !memcmp(&x, &y, sizeof x) || (isnan(x) && isnan(y)); }

static void check_floats(fr_isa isa, size_t n, size_t a_step, size_t b_step, uint64_t seed)
{
    const fr_arith_kernels *k = FR_ISA_AT(fr_arith_kernels, isa);
    double x[MOST], y[MOST], out[MOST];
    int64_t a[MOST], b[MOST];
    for (size_t i = 0; i < n + 1; i++) {
        x[i] = awkward_f64(&seed), y[i] = awkward_f64(&seed);
        a[i] = awkward(&seed), b[i] = i % 2 ? awkward(&seed) : INT64_C(1) << (seed % 63);
    }
    for (int op = 0; op < FR_ARITH_COUNT; op++)
        for (size_t whole = 0; whole < 4; whole++) {
            bool a_whole = whole & 1, b_whole = whole >> 1, same = true;
            fr_lanes left = { a_whole ? (const void *)a : x, a_step }, right = { b_whole ? (const void *)b : y, b_step };
            k->f64[op][a_whole][b_whole](out, left, right, n);
            for (size_t i = 0; i < n; i++) {
                size_t l = i * a_step, r = i * b_step;
                same &= same_f64(out[i], plain(op, a_whole ? (double)a[l] : x[l], b_whole ? (double)b[r] : y[r]));
            }
            CHECK(same);
        }
}

TEST(floats_agree_with_plain_loops)
{
    each(check_floats);
    for (uint64_t seed = 0; seed < 200; seed++)            /* every kind of constant, powers of two above all */
        for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) check_floats(isa, 65, 1, 0, seed);
}

static void check_roots(fr_isa isa, size_t n, size_t a_step, size_t b_step, uint64_t seed)
{
    (void)a_step, (void)b_step;
    double x[MOST] = { 0 }, out[MOST + 1];
    bool same = true;
    for (size_t i = 0; i < n; i++) x[i] = awkward_f64(&seed);
    out[n] = 77;
    FR_ISA_AT(fr_arith_kernels, isa)->sqrt_f64(out, x, n);
    for (size_t i = 0; i < n; i++) same &= same_f64(out[i], sqrt(x[i]));
    CHECK(same && out[n] == 77);
}

TEST(roots_agree_with_plain_loops) { each(check_roots); }

#define CHECK_CONVERT(T, FROM, table, R)                                                           \
    if (k->table[FROM]) {                                                                          \
        T in[MOST] = { 0 };                                                                                \
        R out[MOST + 1];                                                                           \
        uint64_t x = seed;                                                                         \
        for (size_t i = 0; i < n; i++) in[i] = (T)awkward(&x);                                     \
        out[n] = (R)77;                                                                            \
        k->table[FROM](out, in, n);                                                                \
        bool same = out[n] == (R)77;                                                               \
        for (size_t i = 0; i < n; i++) same &= out[i] == (R)in[i] && !(out[i] == 0 && 1 / (double)out[i] < 0); \
        CHECK(same);                                                                               \
    }
#define CHECK_FROM(T, FROM) \
    CHECK_CONVERT(T, FROM, to_i64, int64_t) CHECK_CONVERT(T, FROM, to_u64, uint64_t) CHECK_CONVERT(T, FROM, to_f64, double)

static void check_conversions(fr_isa isa, size_t n, size_t a_step, size_t b_step, uint64_t seed)
{
    (void)a_step, (void)b_step;
    const fr_convert_kernels *k = FR_ISA_AT(fr_convert_kernels, isa);
    CHECK_FROM(int8_t, FR_FROM_I8) CHECK_FROM(int16_t, FR_FROM_I16) CHECK_FROM(int32_t, FR_FROM_I32)
    CHECK_FROM(int64_t, FR_FROM_I64) CHECK_FROM(uint8_t, FR_FROM_U8) CHECK_FROM(uint16_t, FR_FROM_U16)
    CHECK_FROM(uint32_t, FR_FROM_U32) CHECK_FROM(uint64_t, FR_FROM_U64) CHECK_FROM(float, FR_FROM_F32)
}

TEST(conversions_agree_with_plain_loops) { each(check_conversions); }

/* The program's rounding mode counts for 64-bit integers too, and never makes a zero negative. */
TEST(conversions_round_as_told)
{
    static const int modes[] = { FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO };
    static const int64_t values[] = { 0, 1, -1, INT64_MAX, INT64_MIN, (INT64_C(1) << 53) + 1, -(INT64_C(1) << 53) - 1,
                                      (INT64_C(1) << 53) + 3, 0x7fffffff00000001, -0x7ffffffffffffc01 };
    enum { N = sizeof values / sizeof *values };
    int before = fegetround();
    for (size_t m = 0; m < sizeof modes / sizeof *modes; m++)
        for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
            const fr_convert_kernels *k = FR_ISA_AT(fr_convert_kernels, isa);
            double i64[N], u64[N], expected_i64[N], expected_u64[N];
            fesetround(modes[m]);
            k->to_f64[FR_FROM_I64](i64, values, N);
            k->to_f64[FR_FROM_U64](u64, values, N);
            for (size_t i = 0; i < N; i++) {
                volatile int64_t x = values[i];
                volatile uint64_t u = (uint64_t)values[i];
                expected_i64[i] = (double)x, expected_u64[i] = (double)u;
            }
            fesetround(before);
            for (size_t i = 0; i < N; i++) {         /* clang makes -0 of 0 when it rounds down */
                CHECK(i64[i] == expected_i64[i] && u64[i] == expected_u64[i]);
                CHECK(values[i] || (!signbit(i64[i]) && !signbit(u64[i])));
            }
        }
}

TEST(mixed_comparisons_are_exact)
{
    CHECK_INT(fr_compare_i64_f64(INT64_C(9007199254740993), 9007199254740992.0), 1);
    CHECK_INT(fr_compare_i64_f64(INT64_MAX, 0x1p63), -1);
    CHECK_INT(fr_compare_i64_f64(INT64_MIN, -0x1p63), 0);
    CHECK_INT(fr_compare_i64_f64(0, -0.5), 1);
    CHECK_INT(fr_compare_i64_f64(0, 0.5), -1);
    CHECK_INT(fr_compare_i64_f64(0, (double)NAN), 2);
    CHECK_INT(fr_compare_u64_f64(UINT64_MAX, 0x1p64), -1);
    CHECK_INT(fr_compare_u64_f64(0, -1e-300), 1);
    CHECK_INT(fr_compare_i64_u64(-1, 0), -1);
    CHECK_INT(fr_compare_i64_u64(INT64_MAX, (uint64_t)INT64_MAX), 0);
}

/* As expressions had it, a number at a time. */
static double rounded(int how, double x)
{
    return how == FR_ROUND_EVEN ? nearbyint(x) : how == FR_ROUND_FLOOR ? floor(x) : how == FR_ROUND_CEIL ? ceil(x) : trunc(x);
}

static void check_rounding(fr_isa isa, size_t n, size_t a_step, size_t b_step, uint64_t seed)
{
    static const double units[] = { 1, 10, 100, 1e6, 1e22 };
    double x[MOST] = { 0 }, out[MOST];
    for (size_t i = 0; i < n; i++) x[i] = i % 5 == 1 ? ((double)(next(&seed) % 2001) - 1000) / 200 : awkward_f64(&seed);
    for (int how = 0; how < FR_ROUND_COUNT; how++)
        for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
            const double unit = units[u];
            const bool coarse = a_step + b_step == 1;
            bool same = true;
            FR_ISA_AT(fr_arith_kernels, isa)->round[how](out, x, n, unit, coarse);
            for (size_t i = 0; i < n; i++) {
                double y = coarse ? rounded(how, x[i] / unit) * unit : rounded(how, x[i] * unit) / unit;
                if (!isfinite(x[i]) || !isfinite(y)) y = x[i];
                same &= same_f64(out[i], y);
            }
            CHECK(same);
        }
}

TEST(rounding_agrees_with_libm) { each(check_rounding); }
