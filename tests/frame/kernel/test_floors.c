/* test_floors.c — division that rounds down, of every instruction set, against plain division at awkward lengths. */
#include "kernel/floors.h"
#include "support/test.h"

#include <string.h>

enum { MOST = 520 };

static uint64_t next(uint64_t *seed)
{
    uint64_t x = *seed += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    return x ^ x >> 27;
}

/* The plain way, rounding toward zero corrected. */
static int64_t plain(int64_t x, int64_t y, bool quotient)
{
    if (y == 0) y = 1;
    if (y == -1) return quotient ? (int64_t)(0 - (uint64_t)x) : 0;
    const int64_t r = x % y;
    const bool down = r != 0 && (r < 0) != (y < 0);
    return quotient ? x / y - down : down ? r + y : r;
}

static const int64_t divisors[] = {
    1, 2, 3, 5, 7, 10, 12, 24, 60, 64, 100, 365, 1000, 3600, 4096, 86400, 146097, 1000000, 86400000, INT64_C(3600000000),
    INT64_C(86400000000), INT64_C(86400000000000), INT64_C(604800000000000), (INT64_C(1) << 51) - 1, (INT64_C(1) << 51) + 1,
    INT64_C(1) << 62, (INT64_C(1) << 62) - 1, (INT64_C(1) << 62) + 1, INT64_MAX
};

/* Numbers of any size, and the multiples of the divisor with those next to them. */
static int64_t awkward(uint64_t *seed, int64_t by, unsigned most_bits)
{
    static const int64_t edges[] = { 0, 1, -1, INT64_MAX, INT64_MIN, INT64_MIN + 1, INT64_C(1) << 51, -(INT64_C(1) << 51),
                                     (INT64_C(1) << 51) - 1, -(INT64_C(1) << 51) - 1 };
    const uint64_t r = next(seed);
    const int64_t any = (int64_t)next(seed) >> (64 - most_bits + r / 16 % most_bits);
    if (r % 8 == 0 && most_bits == 64) return edges[r / 8 % FR_COUNT_OF(edges)];
    if (r % 2) return any;
    const int64_t near = any / by * by;
    return (int64_t)((uint64_t)near + r / 2 % 3 - 1);
}

static void check_constant(fr_isa isa, size_t n, int64_t by, unsigned bits, uint64_t seed)
{
    const fr_floors_kernels *k = FR_ISA_AT(fr_floors_kernels, isa);
    const fr_divisor d = fr_divisor_of(by);
    int64_t x[MOST] = { 0 }, q[MOST + 1], r[MOST + 1];
    bool same = true;
    for (size_t i = 0; i < n; i++) x[i] = awkward(&seed, by, bits);
    q[n] = 77;
    memcpy(r, x, sizeof x);
    k->quotients(q, x, n, &d);
    k->remainders(r, r, n, &d);                        /* in place */
    for (size_t i = 0; i < n; i++) same &= q[i] == plain(x[i], by, true) && r[i] == plain(x[i], by, false);
    CHECK(same);
    CHECK_INT(q[n], 77);
}

static void check_each(fr_isa isa, size_t n, size_t a_step, size_t b_step, unsigned bits, uint64_t seed)
{
    const fr_floors_kernels *k = FR_ISA_AT(fr_floors_kernels, isa);
    int64_t a[MOST], b[MOST], q[MOST], r[MOST];
    bool same = true, near = true;
    for (size_t i = 0; i < n + 1; i++) {
        const unsigned narrow = 2 + (unsigned)(seed % (bits - 2));
        b[i] = awkward(&seed, 3, narrow);
        a[i] = awkward(&seed, b[i] > 0 ? b[i] : b[i] < -1 && b[i] > INT64_MIN ? -b[i] : 3, bits);
    }
    for (size_t i = 0; i < n; i++) {
        const int64_t x = a[i * a_step], y = b[i * b_step], most = INT64_C(1) << 51;
        near &= x >= -most && x < most && y >= -most && y < most;
    }
    CHECK_INT(k->each_quotient(q, (fr_lanes){ a, a_step }, (fr_lanes){ b, b_step }, n), near);
    CHECK_INT(k->each_remainder(r, (fr_lanes){ a, a_step }, (fr_lanes){ b, b_step }, n), near);
    for (size_t i = 0; near && i < n; i++)
        same &= q[i] == plain(a[i * a_step], b[i * b_step], true) && r[i] == plain(a[i * a_step], b[i * b_step], false);
    CHECK(same);
}

static const size_t lengths[] = { 0, 1, 3, 7, 8, 63, 64, 65, 127, 128, 511, 513 };

TEST(constant_divisors_agree_with_plain_division)
{
    static const unsigned bits[] = { 8, 33, 51, 52, 58, 64 };
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t d = 0; d < FR_COUNT_OF(divisors); d++)
            for (size_t i = 0; i < FR_COUNT_OF(lengths); i++)
                for (size_t b = 0; b < FR_COUNT_OF(bits); b++)
                    check_constant(isa, lengths[i], divisors[d], bits[b], 31 * d + 7 * i + b);
}

TEST(any_constant_divisor_agrees)
{
    uint64_t seed = 4;
    for (int i = 0; i < 3000; i++) {
        const int64_t by = (int64_t)(next(&seed) >> (1 + seed % 63));
        for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
            check_constant(isa, 65, by ? by : 1, i % 2 ? 64 : 52, (uint64_t)i);
    }
}

TEST(divisors_of_each_row_agree_with_plain_division)
{
    static const unsigned bits[] = { 8, 33, 51, 52, 64 };
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t i = 0; i < FR_COUNT_OF(lengths); i++)
            for (size_t b = 0; b < FR_COUNT_OF(bits); b++)
                for (size_t steps = 0; steps < 4; steps++)
                    for (uint64_t seed = 0; seed < 20; seed++)
                        check_each(isa, lengths[i], steps & 1, steps >> 1, bits[b], 40 * i + 8 * b + seed);
}
