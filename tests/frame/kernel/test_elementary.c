/* elementary: every instruction-set level against the C library's long doubles, and against each other. */
#include "kernel/elementary.h"

#include "support/columns.h"
#include "support/test.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { MOST = 511 };

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static bool same(double a, double b) { return (isnan(a) && isnan(b)) || bits_of(a) == bits_of(b); }

/* How far a number is from the exact one, in units of its last place. */
static double units_off(double found, long double exact)
{
    int exponent;
    (void)frexpl(exact, &exponent);
    if (exponent < -1021) exponent = -1021;
    return (double)fabsl(((long double)found - exact) / ldexpl(1, exponent - DBL_MANT_DIG));
}

/* Between low and high, evenly or by magnitude. */
static double some_number(uint64_t *state, double low, double high)
{
    const double part = (double)(fr_test_random(state) >> 11) * 0x1p-53;
    return low > 0 ? exp(log(low) + (log(high) - log(low)) * part) : low + (high - low) * part;
}

typedef struct range { double low, high; } range;
typedef struct function {
    const char   *name;
    long double (*exact)(long double);
    double      (*library)(double);
    double        most_off;
    range         ranges[5];
} function;

static const function functions[] = {
    { "exp", expl, exp, 0.6, { { -1, 1 }, { -30, 30 }, { -707, 707 }, { 1e-20, 1e-3 }, { -745, 709 } } },
    { "log", logl, log, 0.6, { { 0.5, 2 }, { 0.98, 1.02 }, { 1e-300, 1e300 }, { 1, 1e6 }, { 5e-324, 1e-300 } } },
    { "sin", sinl, sin, 0.8, { { -0.8, 0.8 }, { -7, 7 }, { -1e5, 1e5 }, { 1e-30, 1e-2 }, { -1e9, 1e9 } } },
    { "cos", cosl, cos, 0.8, { { -0.8, 0.8 }, { -7, 7 }, { -1e5, 1e5 }, { 1e-30, 1e-2 }, { -1e9, 1e9 } } },
};

static fr_elementary_kernel *kernel_at(const fr_elementary_kernels *k, size_t which)
{
    fr_elementary_kernel *const all[] = { k->exp, k->log, k->sin, k->cos };
    return all[which];
}

static const double odd[] = {
    0.0, -0.0, 1.0, -1.0, NAN, INFINITY, -INFINITY, 5e-324, -5e-324, DBL_MIN, -DBL_MIN, DBL_MAX, -DBL_MAX, 707.0, 707.5, -707.5,
    709.7, 710.0, -745.0, -746.0, 1e5, 1.1e5, 1e22, 1.5707963267948966, 3.141592653589793, 6.283185307179586, 0x1p-30,
    0x1.fffffffffffffp-1, 0x1.0000000000001p0, 0.703125, 0x1.67fffffffffffp-1, 1.40625, 2.0, 10.0, 0.1, 1e-300,
};

TEST(numbers_are_those_of_long_doubles_but_for_the_last_place)
{
    static double x[MOST], y[MOST];
    uint64_t state = 3;
    for (size_t f = 0; f < FR_COUNT_OF(functions); f++)
        for (size_t r = 0; r < FR_COUNT_OF(functions[f].ranges); r++) {
            double most = 0;
            for (int times = 0; times < 100; times++) {
                for (size_t i = 0; i < MOST; i++)
                    x[i] = some_number(&state, functions[f].ranges[r].low, functions[f].ranges[r].high);
                kernel_at(FR_ISA_PICK(fr_elementary_kernels), f)(y, x, MOST);
                for (size_t i = 0; i < MOST; i++) most = fmax(most, units_off(y[i], functions[f].exact((long double)x[i])));
            }
            CHECK(most < functions[f].most_off);
        }
}

TEST(what_has_no_usual_result_is_the_librarys)
{
    double y[FR_COUNT_OF(odd)];
    for (size_t f = 0; f < FR_COUNT_OF(functions); f++) {
        kernel_at(FR_ISA_PICK(fr_elementary_kernels), f)(y, odd, FR_COUNT_OF(odd));
        for (size_t i = 0; i < FR_COUNT_OF(odd); i++) {
            const double other = functions[f].library(odd[i]);
            if (isnan(other) || isinf(other) || other == 0 || other == 1) CHECK(same(y[i], other));
            else CHECK(units_off(y[i], (long double)other) <= 1);
        }
    }
}

TEST(every_level_gives_the_same_bits)
{
    static const size_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 511 };
    static double x[MOST], y[MOST + 1], first[MOST + 1];
    uint64_t state = 4;
    for (size_t f = 0; f < FR_COUNT_OF(functions); f++)
        for (size_t l = 0; l < FR_COUNT_OF(lengths); l++) {
            const size_t n = lengths[l];
            for (size_t i = 0; i < n; i++)
                x[i] = i % 5 ? some_number(&state, functions[f].ranges[i % 4].low, functions[f].ranges[i % 4].high)
                             : odd[fr_test_random(&state) % FR_COUNT_OF(odd)];
            for (size_t i = 0; i < n; i++) kernel_at(FR_ISA_AT(fr_elementary_kernels, FR_ISA_PORTABLE), f)(first + i, x + i, 1);
            for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
                y[n] = 1234.5;
                kernel_at(FR_ISA_AT(fr_elementary_kernels, isa), f)(y, x, n);
                for (size_t i = 0; i < n; i++) CHECK(same(y[i], first[i]));
                CHECK(y[n] == 1234.5);
            }
        }
}

/* ---- powers ------------------------------------------------------------------------------------------------------ */
static void power(fr_isa isa, double *out, const double *a, size_t a_step, const double *b, size_t b_step, size_t n)
{
    FR_ISA_AT(fr_elementary_kernels, isa)->power(out, (fr_lanes){ a, a_step }, (fr_lanes){ b, b_step }, n);
}

TEST(powers_are_those_of_long_doubles_but_for_the_last_place)
{
    static const range bases[] = { { 0.5, 2 }, { 0.99, 1.01 }, { 1e-3, 1e3 }, { 1e-300, 1e300 }, { 1e-5, 1e5 } };
    static const range exponents[] = { { -3, 3 }, { -70000, 70000 }, { -100, 100 }, { -1, 1 }, { -60, 60 } };
    static double a[MOST], b[MOST], y[MOST];
    uint64_t state = 5;
    for (size_t r = 0; r < FR_COUNT_OF(bases); r++) {
        double most = 0;
        for (int times = 0; times < 100; times++) {
            for (size_t i = 0; i < MOST; i++) {
                a[i] = some_number(&state, bases[r].low, bases[r].high);
                b[i] = some_number(&state, exponents[r].low, exponents[r].high);
            }
            power(fr_isa_best(), y, a, 1, b, 1, MOST);
            for (size_t i = 0; i < MOST; i++) {
                const long double exact = powl((long double)a[i], (long double)b[i]);
                if (exact < 1e300L && exact > 1e-300L) most = fmax(most, units_off(y[i], exact));
            }
        }
        CHECK(most < 0.6);
    }
}

TEST(whole_powers_that_are_doubles_come_out_exactly)
{
    for (int base = 2; base <= 50; base++)
        for (int exponent = 0; exponent <= 52; exponent++) {
            double y, a = base, b = exponent, exact = 1;
            for (int i = 0; i < exponent; i++) exact *= a;
            if (exact > 0x1p53) break;
            power(fr_isa_best(), &y, &a, 1, &b, 0, 1);
            CHECK(y == exact);
            a = -a;
            power(fr_isa_best(), &y, &a, 1, &b, 0, 1);
            CHECK(y == (exponent % 2 ? -exact : exact));
        }
}

TEST(powers_of_odd_numbers_are_the_librarys_and_squares_are_products)
{
    static double y[FR_COUNT_OF(odd)];
    for (size_t k = 0; k < FR_COUNT_OF(odd); k++) {
        power(fr_isa_best(), y, odd, 1, odd + k, 0, FR_COUNT_OF(odd));
        for (size_t i = 0; i < FR_COUNT_OF(odd); i++) {
            const double other = odd[k] == 2 ? odd[i] * odd[i] : pow(odd[i], odd[k]);
            if (odd[k] == 2 || isnan(other) || isinf(other) || other == 0 || other == 1) CHECK(same(y[i], other));
            else CHECK(units_off(y[i], (long double)other) <= 1);
        }
    }
}

TEST(powers_have_the_same_bits_at_every_level_whichever_side_is_repeated)
{
    static const size_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 511 };
    static double a[MOST + 1], b[MOST + 1], y[MOST + 1], one;
    uint64_t state = 6;
    for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
        for (size_t steps = 0; steps < 4; steps++) {
            const size_t n = lengths[l], a_step = steps & 1, b_step = steps >> 1;
            for (size_t i = 0; i <= n; i++) {
                a[i] = i % 6 ? some_number(&state, 1e-9, 1e9) : odd[fr_test_random(&state) % FR_COUNT_OF(odd)];
                b[i] = i % 7 ? some_number(&state, -30, 30) : odd[fr_test_random(&state) % FR_COUNT_OF(odd)];
            }
            for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
                y[n] = 1234.5;
                power(isa, y, a, a_step, b, b_step, n);
                for (size_t i = 0; i < n; i++) {
                    power(FR_ISA_PORTABLE, &one, a + i * a_step, 1, b + i * b_step, 1, 1);
                    CHECK(same(y[i], one));
                }
                CHECK(y[n] == 1234.5);
            }
        }
}
