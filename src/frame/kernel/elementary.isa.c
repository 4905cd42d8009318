/* elementary.isa.c — the loops of elementary.h, once per instruction set.
 *
 * e^x: x = k ln 2 + r with |r| ≤ 0.35, so e^x = 2^k e^r, and e^r is its series up to r^13, whose rest is below 2^-57.
 *
 * log x: x = 2^k z, and z times a tabled number near 1/z is 1 + r with |r| ≤ 1/64 (kernel/logarithms.inc.h). The product is
 * exact in two halves. log(1 + r) = r - r²/2 + r³/3 …: the first two terms are kept in two doubles, and the sum with k ln 2
 * and the tabled logarithm as well: its error is below 2^-64, so that powers, e^(b log a), have something to lose.
 *
 * sin x, cos x: x = k π/2 + r with |r| ≤ π/4 and π/2 in three parts of 119 bits together, of which the first two times k
 * are exact; then the series up to r^17, and k says which of the two and with which sign. Where r is below 2^-20 although
 * k is not 0, too many of the bits are lost.
 *
 * Source: reduction in parts is W. J. Cody and W. Waite, Software Manual for the Elementary Functions (1980); the tabled
 * reciprocal P. T. P. Tang, ACM TOMS 16 (1990); exact sums and products of two doubles T. J. Dekker, Numer. Math. 18 (1971).
 */
#include "kernel/elementary.h"

#include "kernel/logarithms.inc.h"
#include "kernel/to_f64.h"

#include <math.h>

enum { ROWS = 64 };
#define ROUNDER      0x1.8p52                  /* added and taken away: the nearest whole number, whose bits lie below */
#define MOST_EXPONENT 707.0                    /* e to it is a normal number, and to its negative */
#define MOST_ANGLE    1e5                      /* k has 16 bits */
#define ONE          UINT64_C(0x3FF0000000000000)
#define FIRST_BITS   UINT64_C(0x3FE6800000000000)              /* of 45/64, where the first stretch begins */
#define EXPONENT     UINT64_C(0xFFF0000000000000)

typedef struct two { double high, low; } two;  /* a sum whose second part is beyond the end of the first */

/* a + b, where a is not smaller or 0. */
FR_TEMPLATE_FN two quick_sum(double a, double b)
{
    const double sum = a + b;
    return (two){ sum, (a - sum) + b };
}

FR_TEMPLATE_FN two difference(double a, double b)
{
    const double rest = a - b, back = rest - a;
    return (two){ rest, (a - (rest - back)) - (b + back) };
}

/* The leading 26 bits, whose product with others of these is exact. */
FR_TEMPLATE_FN double upper_half(double x)
{
    return fr_f64_of_bits(fr_bits_of_f64(x) & ~((UINT64_C(1) << 27) - 1));
}

FR_TEMPLATE_FN two product(double a, double b)
{
    const double p = a * b, a1 = upper_half(a), b1 = upper_half(b), a2 = a - a1, b2 = b - b1;
    return (two){ p, ((a1 * b1 - p) + a1 * b2 + a2 * b1) + a2 * b2 };
}

/* Questions, answered by 1 or 0, of bits alone: a comparison may become a branch, and then the loop has no vectors. Of
 * numbers without their signs the bits have the order of the numbers, with nan above all. */
FR_TEMPLATE_FN uint64_t magnitude_bits(double x) { return fr_bits_of_f64(x) & INT64_MAX; }
FR_TEMPLATE_FN uint64_t is_below(double x, double y) { return (magnitude_bits(x) - magnitude_bits(y)) >> 63; }
FR_TEMPLATE_FN uint64_t differs(uint64_t a, uint64_t b) { return ((a - b) | (b - a)) >> 63; }           /* less than 2^63 apart */

/* Not positive, or not normal. */
FR_TEMPLATE_FN uint64_t is_unusual(double x)
{
    const uint64_t least = UINT64_C(1) << 52, above = fr_bits_of_f64(x) - least;
    return (above | (2046 * least - 1 - above)) >> 63;
}

/* ---- one number -------------------------------------------------------------------------------------------------- */
/* e^(x + rest) */
FR_TEMPLATE_FN double exp_of(double x, double rest)
{
    const double moved = x * PER_LN_2 + ROUNDER, k = moved - ROUNDER;
    const two r = quick_sum(x - k * LN_2_HIGH, rest - k * LN_2_LOW);
    const double a = r.high, aa = a * a;
    const double even = 1.0 / 24 + aa * (1.0 / 720 + aa * (1.0 / 40320 + aa * (1.0 / 3628800 + aa * (1.0 / 479001600))));
    const double odd = 1.0 / 6 + aa * (1.0 / 120 + aa * (1.0 / 5040 + aa * (1.0 / 362880 + aa * (1.0 / 39916800
                     + aa * (1.0 / 6227020800.0)))));
    const double a1 = upper_half(a), rest_of_half = 0.5 * ((a - a1) * (a + a1));
    const two linear = quick_sum(1, a), head = quick_sum(linear.high, 0.5 * (a1 * a1));
    const double tail = aa * (a * odd + aa * even) + (rest_of_half + (linear.low + head.low) + (r.low + r.low * a));
    const double y = head.high + tail;
    return fr_f64_of_bits(fr_bits_of_f64(y) + (fr_bits_of_f64(moved) << 52));
}

FR_TEMPLATE_FN two log_of(double x)
{
    const uint64_t bits = fr_bits_of_f64(x), moved = bits + (ONE - FIRST_BITS), i = moved >> 46 & 63;
    const double k = fr_f64_of_bits(UINT64_C(0x4330000000000000) | moved >> 52) - (0x1p52 + 1023);
    const double z = fr_f64_of_bits(bits - (moved & EXPONENT) + ONE), z1 = upper_half(z), inverse = logarithms[i].inverse;
    const two r = quick_sum(z1 * inverse - 1, (z - z1) * inverse);
    const double a = r.high, a1 = upper_half(a);
    const double aa = a * a;
    const double odd = 1.0 / 3 + aa * (1.0 / 5 + aa * (1.0 / 7 + aa * (1.0 / 9 + aa * (1.0 / 11))));
    const double even = 1.0 / 4 + aa * (1.0 / 6 + aa * (1.0 / 8 + aa * (1.0 / 10)));
    const two sum = quick_sum(k * LN_2_HIGH + logarithms[i].high, a), less = quick_sum(sum.high, -0.5 * (a1 * a1));
    const double small = (r.low - r.low * a) - 0.5 * ((a - a1) * (a + a1)) + a * aa * (odd - a * even);
    return quick_sum(less.high, sum.low + less.low + ((k * LN_2_LOW + logarithms[i].low) + small));
}

/* sin(x + quarters π/2), of x without its sign */
FR_TEMPLATE_FN double wave(double x, uint64_t quarters, uint64_t *unusual)
{
    const double moved = x * PER_HALF_PI + ROUNDER, k = moved - ROUNDER;
    const uint64_t which = fr_bits_of_f64(moved) + quarters;
    const two most = difference(x - k * HALF_PI_1, k * HALF_PI_2), r = quick_sum(most.high, most.low - k * HALF_PI_3);
    const double a = r.high, aa = a * a, half = 0.5 * aa, less = 1 - half;
    const double s = -1.0 / 6 + aa * (1.0 / 120 + aa * (-1.0 / 5040 + aa * (1.0 / 362880 + aa * (-1.0 / 39916800
                   + aa * (1.0 / 6227020800.0 + aa * (-1.0 / 1307674368000.0 + aa * (1.0 / 355687428096000.0)))))));
    const double c = 1.0 / 24 + aa * (-1.0 / 720 + aa * (1.0 / 40320 + aa * (-1.0 / 3628800 + aa * (1.0 / 479001600
                   + aa * (-1.0 / 87178291200.0 + aa * (1.0 / 20922789888000.0))))));
    const double sine = a + (a * aa * s + (r.low - half * r.low));
    const double cosine = less + (((1 - less) - half) + (aa * aa * c - a * r.low));
    const uint64_t turn = 0 - (which & 1), sign = (which & 2) << 62;
    *unusual = is_below(MOST_ANGLE, x) | (is_below(a, 0x1p-20) & differs(fr_bits_of_f64(moved), fr_bits_of_f64(ROUNDER)));
    return fr_f64_of_bits(((fr_bits_of_f64(cosine) & turn) | (fr_bits_of_f64(sine) & ~turn)) ^ sign);
}

FR_TEMPLATE_FN double one_exp(double x, uint64_t *unusual)
{
    *unusual = is_below(MOST_EXPONENT, x);
    return exp_of(x, 0);
}

FR_TEMPLATE_FN double one_log(double x, uint64_t *unusual)
{
    *unusual = is_unusual(x);
    return log_of(x).high;
}

/* That of -x is another's with the other sign, of -0 as well. */
FR_TEMPLATE_FN double one_sin(double x, uint64_t *unusual)
{
    const double y = wave(fabs(x), 0, unusual);
    return fr_f64_of_bits(fr_bits_of_f64(y) ^ (fr_bits_of_f64(x) & ~(uint64_t)INT64_MAX));
}

FR_TEMPLATE_FN double one_cos(double x, uint64_t *unusual) { return wave(fabs(x), 1, unusual); }

/* ---- loops ------------------------------------------------------------------------------------------------------- */
FR_TEMPLATE_FN bool any_of(const uint64_t *unusual, size_t n)
{
    uint64_t any = 0;
    for (size_t i = 0; i < n; i++) any |= unusual[i];
    return any != 0;
}

#define LOOP(name, usual, other)                                                          \
    static void name(double *restrict out, const double *restrict in, size_t n)            \
    {                                                                                      \
        uint64_t unusual[ROWS];                                                            \
        for (size_t i = 0; i < n; i += ROWS) {                                             \
            const size_t some = n - i < ROWS ? n - i : ROWS;                               \
            for (size_t k = 0; k < some; k++) out[i + k] = usual(in[i + k], unusual + k);  \
            if (!any_of(unusual, some)) continue;                                          \
            for (size_t k = 0; k < some; k++)                                              \
                if (unusual[k]) out[i + k] = other(in[i + k]);                             \
        }                                                                                  \
    }
LOOP(exps, one_exp, exp)
LOOP(logs, one_log, log)
LOOP(sines, one_sin, sin)
LOOP(cosines, one_cos, cos)

/* The logarithms first, then their products' powers of e: each loop by itself has more numbers under way at once. A whole
 * power of -a is that of a, with another sign where it is odd. */
FR_TEMPLATE_FN void some_powers(double *restrict out, const double *restrict a, size_t a_step, const double *restrict b,
                                size_t b_step, size_t n)
{
    uint64_t unusual[ROWS], signs[ROWS];
    two exponents[ROWS];
    for (size_t k = 0; k < n; k++) {
        const double x = a[k * a_step], y = b[k * b_step], moved = y + ROUNDER;
        const two l = log_of(fabs(x)), p = product(y, l.high);
        const uint64_t negative = fr_bits_of_f64(x) >> 63;
        const uint64_t broken = differs(fr_bits_of_f64(moved - ROUNDER), fr_bits_of_f64(y)) | is_below(0x1p50, y);
        exponents[k] = (two){ p.high, p.low + y * l.low };
        signs[k] = (negative & fr_bits_of_f64(moved)) << 63;
        unusual[k] = is_unusual(fabs(x)) | (negative & broken) | is_below(MOST_EXPONENT, p.high);
    }
    for (size_t k = 0; k < n; k++)
        out[k] = fr_f64_of_bits(fr_bits_of_f64(exp_of(exponents[k].high, exponents[k].low)) | signs[k]);
    if (any_of(unusual, n))
        for (size_t k = 0; k < n; k++)
            if (unusual[k]) out[k] = pow(a[k * a_step], b[k * b_step]);
    for (size_t k = 0; k < n; k++)
        if (b[k * b_step] == 2) out[k] = a[k * a_step] * a[k * a_step];
}

static void powers(double *out, fr_lanes a_, fr_lanes b_, size_t n)
{
    const double *a = a_.values, *b = b_.values;
    for (size_t i = 0; i < n; i += ROWS) {
        const size_t some = n - i < ROWS ? n - i : ROWS;
        if (a_.step && b_.step) some_powers(out + i, a + i, 1, b + i, 1, some);
        else if (a_.step) some_powers(out + i, a + i, 1, b, 0, some);
        else if (b_.step) some_powers(out + i, a, 0, b + i, 1, some);
        else some_powers(out + i, a, 0, b, 0, some);
    }
}

const fr_elementary_kernels FR_ISA_NAME(fr_elementary_kernels) = { exps, logs, sines, cosines, powers };
