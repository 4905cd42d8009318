/* test_scaled.c — doubles as whole numbers and back, at every level of instructions, against division and the parser. */
#include "kernel/scaled.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/columns.h"
#include "support/test.h"

enum { MOST = 300 };

static bool same_bits(double a, double b) { return memcmp(&a, &b, sizeof a) == 0; }

static int32_t awkward(uint64_t *state)
{
    static const int32_t edges[] = { 0, 1, -1, INT32_MAX, INT32_MIN, INT32_MIN + 1, 10, -10, 999999999, 1000000000 };
    const uint64_t r = fr_test_random(state);
    return r % 5 == 0 ? edges[r / 5 % FR_COUNT_OF(edges)] : (int32_t)(uint32_t)(r >> 20) >> (r % 30);
}

/* What a reader makes of the decimal. */
static double read_back(int32_t whole, unsigned digits)
{
    char text[40];
    const uint32_t size = whole < 0 ? 0 - (uint32_t)whole : (uint32_t)whole;
    uint32_t power = 1;
    for (unsigned i = 0; i < digits; i++) power *= 10;
    (void)snprintf(text, sizeof text, "%s%u.%0*u", whole < 0 ? "-" : "", size / power, (int)(digits ? digits : 1), size % power);
    return strtod(text, NULL);
}

static void check(const fr_scaled_kernels *k, size_t n, unsigned digits, uint64_t *state)
{
    int32_t wholes[MOST] = { 0 }, again[MOST];
    double reals[MOST];
    for (size_t i = 0; i < n; i++) wholes[i] = awkward(state);
    k->reals(wholes, n, digits, reals);
    for (size_t i = 0; i < n; i++) {
        CHECK(same_bits(reals[i], fr_scaled_real(wholes[i], digits)));
        if (i % 16 == 0) CHECK(same_bits(reals[i], read_back(wholes[i], digits)));
    }
    CHECK(k->wholes(reals, n, digits, again));
    CHECK(memcmp(wholes, again, n * sizeof *wholes) == 0);
}

/* One among others that is no such number is seen wherever it stands. */
static void check_others(const fr_scaled_kernels *k, size_t n, unsigned digits, uint64_t *state)
{
    const double one = 1 / fr_scaled_power(digits);
    const double others[] = { -0.0, NAN, -NAN, INFINITY, -INFINITY, one / 10, 5e-324, 1e300, -1e300, 2147483648.0 * one,
                              -2147483649.0 * one, 4294967297.0 * one, 9007199254740993.0, nextafter(one, 2),
                              nextafter(fr_scaled_real(7, digits), 0) };
    double reals[MOST];
    int32_t wholes[MOST];
    for (size_t o = 0; n && o < FR_COUNT_OF(others); o++) {
        for (size_t i = 0; i < n; i++) reals[i] = fr_scaled_real(awkward(state), digits);
        reals[fr_test_random(state) % n] = others[o];
        const bool none = !k->wholes(reals, n, digits, wholes);
        if (!none) (void)fprintf(stderr, "%g with %u digits\n", others[o], digits);
        CHECK(none);
    }
}

TEST(scaled_numbers_come_back_at_every_level)
{
    static const size_t lengths[] = { 0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100, 255, 256, 257, MOST };
    uint64_t state = 5;
    for (fr_isa level = FR_ISA_PORTABLE; level <= fr_isa_best(); level++)
        for (size_t i = 0; i < FR_COUNT_OF(lengths); i++)
            for (unsigned digits = 0; digits <= FR_SCALED_MOST_DIGITS; digits++) {
                check(FR_ISA_AT(fr_scaled_kernels, level), lengths[i], digits, &state);
                check_others(FR_ISA_AT(fr_scaled_kernels, level), lengths[i], digits, &state);
            }
}

/* FRAME_LONG: every number there is; without, every 4099th thousand. */
TEST(every_whole_number_divides_as_by_division)
{
    const int64_t step = getenv("FRAME_LONG") ? 1024 : 4099 * 1024;
    int32_t wholes[1024];
    double reals[1024];
    const fr_scaled_kernels *k = FR_ISA_PICK(fr_scaled_kernels);
    for (unsigned digits = 1; digits <= FR_SCALED_MOST_DIGITS; digits++) {
        uint64_t wrong = 0;
        for (int64_t from = INT32_MIN; from <= INT32_MAX; from += step) {
            const int64_t n = INT32_MAX - from + 1 < 1024 ? INT32_MAX - from + 1 : 1024;
            for (int64_t i = 0; i < n; i++) wholes[i] = (int32_t)(from + i);
            k->reals(wholes, (size_t)n, digits, reals);
            for (int64_t i = 0; i < n; i++) wrong += !same_bits(reals[i], fr_scaled_real(wholes[i], digits));
        }
        CHECK_INT((int64_t)wrong, 0);
    }
}
