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

/* ---- their text -------------------------------------------------------------------------------------------------- */
/* Digits of x < 10^8 as bytes 0 … 9, the first in the lowest: halved three times, all parts at once. */
FR_TEMPLATE_FN uint64_t eight_digits(uint64_t x)
{
    const uint64_t top = x / 10000, fours = top | (x - 10000 * top) << 32;
    const uint64_t hundreds = (fours * 10486 >> 20) & UINT64_C(0x0000007f0000007f);
    const uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
    const uint64_t tens = (twos * 103 >> 10) & UINT64_C(0x000f000f000f000f);
    return tens | (twos - 10 * tens) << 8;
}

/* Without zeros at either end: a 17th digit in front, if there is one, and up to 16, the first in the lowest byte. They
 * are shifted to where a point or the end parts them, since what was just stored in pieces is slow to load. */
typedef struct digit_text { fr_u128 rest; int n, has_top, exponent; char top; } digit_text;

static digit_text text_of(shortest x)
{
    const uint64_t step = 100000000, zeros = UINT64_C(0x3030303030303030);
    const uint64_t above = x.digits / step, top = above / step;
    const uint64_t high = eight_digits(above - top * step), low = eight_digits(x.digits - above * step);
    const int before = top ? 0 : high ? __builtin_ctzll(high) / 8 : 8 + __builtin_ctzll(low) / 8;
    const int behind = low ? __builtin_clzll(low) / 8 : high ? 8 + __builtin_clzll(high) / 8 : 16;
    const fr_u128 rest = ((fr_u128)(low | zeros) << 64 | (high | zeros)) >> 8 * before;
    return (digit_text){ .rest = rest, .n = (top > 0) + 16 - before - behind, .has_top = top > 0,
                         .exponent = x.exponent + behind, .top = (char)('0' + top) };
}

/* As many bytes as there may be, whatever there is. */
static void put_digits(char *p, const digit_text *d)
{
    *p = d->top;
    memcpy(p + d->has_top, &d->rest, sizeof d->rest);
}

/* Those behind the first `skipped`, of which there are fewer than all. */
static void put_digits_behind(char *p, const digit_text *d, int skipped)
{
    const fr_u128 rest = d->rest >> 8 * (skipped - d->has_top);
    memcpy(p, &rest, sizeof rest);
}

/* ---- layout: as Python's repr ------------------------------------------------------------------------------------ */
static char *with_exponent(char *p, const digit_text *d, int exponent)
{
    put_digits(p, d);
    if (d->n > 1) {
        put_digits_behind(p + 2, d, 1);
        p[1] = '.';
        p += d->n;
    }
    p[1] = 'e';
    p[2] = exponent < 0 ? '-' : '+';
    p += 3;
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
    const digit_text d = text_of(x);
    const int point = d.n + d.exponent;
    if (point > 16 || point < -3) return with_exponent(p, &d, point - 1);
    if (point <= 0) {
        memcpy(p, "0.000", 5);
        put_digits(p + 2 - point, &d);
        return p + 2 - point + d.n;
    }
    put_digits(p, &d);
    if (point < d.n) {
        put_digits_behind(p + point + 1, &d, point);
        p[point] = '.';
        return p + d.n + 1;
    }
    memset(p + d.n, '0', 16);
    if (whole_without_point) return p + point;
    memcpy(p + point, ".0", 2);
    return p + point + 2;
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
        p = lay_out(p, found, whole_without_point);
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
