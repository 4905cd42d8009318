/* print_number.c — numbers to text: integers two digits a step, floats with the fewest digits that come back.
 *
 * A double c × 2^q stands for all reals that round to it. Scaled by a power of ten so that one or two decimal
 * candidates lie inside, the shortest is found with three 64 × 128-bit products and no loop:
 *
 *     0.3 = 5404319552844596 × 2^-54    the interval holds 0.3 itself → digits 3, exponent -1 → "0.3"
 *
 * Source: R. Giulietti, "The Schubfach way to render doubles" (2020); the power table is that of parsing.
 */
#include "base/number.h"
#include "base/pow10.h"

#include <string.h>

static const char two_digits[201] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960"
    "6162636465666768697071727374757677787980818283848586878889909192939495969798" "99";

/* ---- integers ---------------------------------------------------------------------------------------------------- */
static int count_digits(uint64_t x)
{
    int guess = (64 - __builtin_clzll(x | 1)) * 1233 >> 12;         /* log10(2) ≈ 1233 / 4096 */
    return guess + (guess > 19 || x >= fr_pow10_u64[guess]) + (x == 0);
}

/* The digits of x, so that they end before `end`; returns where they begin. */
static char *digits_before(char *end, uint64_t x)
{
    for (; x >= 100; x /= 100) memcpy(end -= 2, two_digits + 2 * (x % 100), 2);
    if (x >= 10) memcpy(end -= 2, two_digits + 2 * x, 2);
    else *--end = (char)('0' + x);
    return end;
}

size_t fr_print_u64(uint64_t value, char out[FR_NUMBER_BYTES])
{
    size_t n = (size_t)count_digits(value);
    digits_before(out + n, value);
    out[n] = 0;
    return n;
}

size_t fr_print_i64(int64_t value, char out[FR_NUMBER_BYTES])
{
    if (value >= 0) return fr_print_u64((uint64_t)value, out);
    uint64_t size = 0 - (uint64_t)value;
    size_t n = (size_t)count_digits(size) + 1;
    out[0] = '-';
    digits_before(out + n, size);
    out[n] = 0;
    return n;
}

size_t fr_print_i128(fr_i128 value, char out[FR_NUMBER_BYTES])
{
    const uint64_t step = UINT64_C(10000000000000000000);
    char room[64], *end = room + sizeof room, *p = end;
    fr_u128 size = value < 0 ? 0 - (fr_u128)value : (fr_u128)value;
    while (size >= step) {
        char *stop = p - 19;
        p = digits_before(p, (uint64_t)(size % step));
        while (p > stop) *--p = '0';
        size /= step;
    }
    p = digits_before(p, (uint64_t)size);
    if (value < 0) *--p = '-';
    size_t n = (size_t)(end - p);
    memcpy(out, p, n);
    out[n] = 0;
    return n;
}

/* ---- the shortest digits ----------------------------------------------------------------------------------------- */
typedef struct shortest { uint64_t digits; int exponent; } shortest;     /* digits × 10^exponent */

static int floor_log10_pow2(int e, bool closer) { return (e * 1262611 - (closer ? 524031 : 0)) >> 22; }
static int floor_log2_pow10(int e) { return (e * 1741647) >> 19; }

/* Upper 64 bits of factor × power / 2^64, with a sticky lowest bit for what is cut. */
static uint64_t round_to_odd(fr_pow10 power, uint64_t factor)
{
    uint64_t x1 = (uint64_t)((fr_u128)power.low * factor >> 64);
    fr_u128 y = (fr_u128)power.high * factor + x1;
    return (uint64_t)(y >> 64) | ((uint64_t)y > 1);
}

/* The table's bits rounded up, as the method wants them. */
static fr_pow10 power_above(int exponent)
{
    fr_pow10 power = *fr_pow10_bits(exponent);
    if (exponent < -27 || exponent > 55) power.high += ++power.low == 0;
    return power;
}

/* `closer`: the float below is only half as far away as the one above (c is a power of two). */
static shortest find_shortest(uint64_t c, int q, bool closer)
{
    bool odd = c & 1;
    int k = floor_log10_pow2(q, closer), h = q + floor_log2_pow10(-k) + 1;
    fr_pow10 power = power_above(-k);
    uint64_t lower = round_to_odd(power, (4 * c - 2 + closer) << h) + odd;     /* bounds of an odd c are not included */
    uint64_t middle = round_to_odd(power, (4 * c) << h);
    uint64_t upper = round_to_odd(power, (4 * c + 2) << h) - odd;

    uint64_t s = middle / 4;
    if (s >= 10) {
        uint64_t tens = s / 10;
        bool below = lower <= 40 * tens, above = 40 * tens + 40 <= upper;
        if (below != above) return (shortest){ tens + above, k + 1 };
    }
    bool below = lower <= 4 * s, above = 4 * s + 4 <= upper;
    if (below != above) return (shortest){ s + above, k };
    uint64_t tie = 4 * s + 2;
    return (shortest){ s + (middle > tie || (middle == tie && (s & 1))), k };
}

static shortest without_zeros(shortest x)
{
    while (x.digits % 100000000 == 0) x = (shortest){ x.digits / 100000000, x.exponent + 8 };
    while (x.digits % 10 == 0) x = (shortest){ x.digits / 10, x.exponent + 1 };
    return x;
}

/* ---- layout: as Python's repr ------------------------------------------------------------------------------------ */
static char *zeros(char *p, int n)
{
    memset(p, '0', (size_t)n);
    return p + n;
}

static char *with_exponent(char *p, const char *digits, int n, int exponent)
{
    *p++ = digits[0];
    if (n > 1) {
        *p++ = '.';
        memcpy(p, digits + 1, (size_t)n - 1);
        p += n - 1;
    }
    *p++ = 'e';
    *p++ = exponent < 0 ? '-' : '+';
    unsigned size = (unsigned)(exponent < 0 ? -exponent : exponent);
    if (size >= 100) {
        *p++ = (char)('0' + size / 100);
        size %= 100;
    }
    memcpy(p, two_digits + 2 * size, 2);
    return p + 2;
}

/* digits × 10^exponent; positional for 1e-4 ≤ x < 1e16 */
static char *lay_out(char *p, shortest x, bool whole_without_point)
{
    char digits[24], *first = digits_before(digits + sizeof digits, x.digits);
    int n = (int)(digits + sizeof digits - first), point = n + x.exponent;
    if (point > 16 || point < -3) return with_exponent(p, first, n, point - 1);
    if (point <= 0) {
        memcpy(p, "0.", 2);
        p = zeros(p + 2, -point);
        memcpy(p, first, (size_t)n);
        return p + n;
    }
    if (point >= n) {
        memcpy(p, first, (size_t)n);
        p = zeros(p + n, point - n);
        if (whole_without_point) return p;
        memcpy(p, ".0", 2);
        return p + 2;
    }
    memcpy(p, first, (size_t)point);
    p[point] = '.';
    memcpy(p + point + 1, first + point, (size_t)(n - point));
    return p + n + 1;
}

/* What the layouts share: sign, zero, nan and inf; then c × 2^q. Returns the length. */
typedef struct parts { bool negative, special; uint64_t c; int q; bool closer; const char *word; } parts;

static size_t print_parts(parts x, char *out, bool whole_without_point)
{
    char *p = out;
    if (x.negative) *p++ = '-';
    if (x.special) {
        memcpy(p, x.word, 3);
        p += 3;
    } else if (x.c == 0) {
        memcpy(p, "0.0", 3);
        p += whole_without_point ? 1 : 3;
    } else {
        bool whole = x.q <= 0 && x.q > -64 && (x.c & ((UINT64_C(1) << -x.q) - 1)) == 0;      /* below 2^53: itself */
        shortest found = whole ? (shortest){ x.c >> -x.q, 0 } : find_shortest(x.c, x.q, x.closer);
        bool short_whole = whole && found.digits < UINT64_C(1000000000000000);               /* prints every digit  */
        p = lay_out(p, short_whole ? found : without_zeros(found), whole_without_point);
    }
    *p = 0;
    return (size_t)(p - out);
}

static parts take_f64(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);
    int exponent = (int)(bits >> 52 & 0x7FF);
    parts x = { .negative = bits >> 63, .c = fraction, .q = -1074 };
    if (exponent == 0x7FF) {
        x.special = true;
        x.negative &= fraction == 0;
        x.word = fraction ? "nan" : "inf";
    } else if (exponent) {
        x.c |= UINT64_C(1) << 52;
        x.q = exponent - 1075;
        x.closer = fraction == 0 && exponent > 1;
    }
    return x;
}

static parts take_f32(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint32_t fraction = bits & ((1u << 23) - 1);
    int exponent = (int)(bits >> 23 & 0xFF);
    parts x = { .negative = bits >> 31, .c = fraction, .q = -149 };
    if (exponent == 0xFF) {
        x.special = true;
        x.negative &= fraction == 0;
        x.word = fraction ? "nan" : "inf";
    } else if (exponent) {
        x.c |= 1u << 23;
        x.q = exponent - 150;
        x.closer = fraction == 0 && exponent > 1;
    }
    return x;
}

size_t fr_print_f64(double value, char out[FR_NUMBER_BYTES]) { return print_parts(take_f64(value), out, false); }
size_t fr_print_f64_short(double value, char out[FR_NUMBER_BYTES]) { return print_parts(take_f64(value), out, true); }
size_t fr_print_f32(float value, char out[FR_NUMBER_BYTES]) { return print_parts(take_f32(value), out, false); }
