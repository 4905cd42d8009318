/* test_arith.c — arithmetic and comparison kernels of every instruction set against plain loops, at awkward lengths. */
#include "kernel/compare.h"
#include "support/test.h"

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
    fr_integer_kernel *const kernels[] = { k->add_i64, k->sub_i64, k->mul_i64, k->add_u64, k->sub_u64, k->mul_u64 };
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

TEST(floats_agree_with_plain_loops)
{
    double a[100], b[100], out[100];
    uint64_t seed = 3;
    for (size_t i = 0; i < 100; i++) a[i] = (double)awkward(&seed) / 3, b[i] = i % 9 ? (double)awkward(&seed) : 0;
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
        const fr_arith_kernels *k = FR_ISA_AT(fr_arith_kernels, isa);
        fr_float_kernel *const kernels[] = { k->add_f64, k->sub_f64, k->mul_f64, k->div_f64 };
        for (int op = 0; op < 4; op++) {
            kernels[op](out, (fr_lanes){ a, 1 }, (fr_lanes){ b, 1 }, 100);
            for (size_t i = 0; i < 100; i++)
                CHECK_F64(out[i], op == 0 ? a[i] + b[i] : op == 1 ? a[i] - b[i] : op == 2 ? a[i] * b[i] : a[i] / b[i]);
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
