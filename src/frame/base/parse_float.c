/* parse_float.c — decimal text to the nearest float, always.
 *
 * Three tiers. (1) Up to 19 digits: mantissa × 10^q through one or two 64×64-bit products with a table of powers of
 * ten; the result is proved to be correctly rounded for every input. (2) More digits: the first 19, taken as w and as w
 * + 1; when both round to the same float, the digits that were left out do not matter. (3) Else exact: compare all the
 * digits with the halfway points beside the candidate, in integers of a few thousand bits.
 *
 * Source: Lemire, "Number parsing at a gigabyte per second" (SPE 51, 2021); Mushtak & Lemire, "Fast number parsing
 * without fallback" (SPE 53, 2023).
 */
#include "base/bignum.h"
#include "base/eight_digits.h"
#include "base/number.h"
#include "base/pow10.h"

#include <string.h>

#define MAX_DIGITS 768      /* digits after which only "is there a non-zero one?" can matter, for doubles */

/* What differs between f64 and f32. */
typedef struct shape {
    int mantissa_bits;      /* stored: 52, 23                                   */
    int minimum_exponent;   /* -1023, -127                                      */
    int infinite_power;     /* 0x7FF, 0xFF                                      */
    int smallest_q, largest_q;
    int even_from, even_to; /* exponents of ten where a tie can be exact        */
} shape;

static const shape f64_shape = { 52, -1023, 0x7FF, -342, 308, -4, 23 };
static const shape f32_shape = { 23, -127, 0xFF, -65, 38, -17, 10 };

/* The number as text, taken apart. */
typedef struct decimal {
    bool        negative;
    uint64_t    mantissa;         /* first 19 significant digits                                          */
    int64_t     exponent;         /* value = mantissa × 10^exponent (+ less than one unit when truncated) */
    bool        truncated;        /* there were more digits                                               */
    const char *first, *end;      /* the digits, with the point among them                                */
} decimal;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* mantissa × 10^q as the bits of a float of this shape (sign aside) */
FR_TEMPLATE_FN uint64_t assemble(uint64_t w, int64_t q, const shape *s)
{
    if (!w || q < s->smallest_q) return 0;
    uint64_t infinity = (uint64_t)s->infinite_power << s->mantissa_bits;
    if (q > s->largest_q) return infinity;

    int zeros = __builtin_clzll(w);
    w <<= zeros;
    const fr_pow10 *power = fr_pow10_bits((int)q);
    fr_u128 product = (fr_u128)w * power->high;
    uint64_t high = (uint64_t)(product >> 64), low = (uint64_t)product;
    uint64_t undecided = UINT64_MAX >> (s->mantissa_bits + 3);
    if ((high & undecided) == undecided) {
        uint64_t more = (uint64_t)((fr_u128)w * power->low >> 64);
        low += more;
        if (low < more) high++;
    }

    int upper = (int)(high >> 63), shift = upper + 64 - s->mantissa_bits - 3;
    uint64_t mantissa = high >> shift;
    int64_t binary = ((217706 * q) >> 16) + 63 + upper - zeros - s->minimum_exponent;
    if (binary <= 0) {                                                          /* subnormal */
        if (1 - binary >= 64) return 0;
        mantissa >>= 1 - binary;
        mantissa += mantissa & 1;
        return mantissa >> 1;                     /* a carry into the exponent field makes the smallest normal number */
    }
    if (low <= 1 && q >= s->even_from && q <= s->even_to && (mantissa & 3) == 1 && mantissa << shift == high)
        mantissa &= ~UINT64_C(1);                                               /* an exact tie: to even */
    mantissa += mantissa & 1;
    mantissa >>= 1;
    if (mantissa >> (s->mantissa_bits + 1)) {
        mantissa >>= 1;
        binary++;
    }
    if (binary >= s->infinite_power) return infinity;
    return (uint64_t)binary << s->mantissa_bits | (mantissa & ((UINT64_C(1) << s->mantissa_bits) - 1));
}

/* All digits as an integer, at most MAX_DIGITS of them (a 1 is appended for what is cut); *exponent as for decimal. */
static void all_digits(const decimal *d, fr_big *out, int64_t *exponent)
{
    const char *p = d->first;
    int64_t scale = 0;
    size_t n = 0;
    bool point = false, sticky = false;
    fr_big_set(out, 0);
    for (; p < d->end; p++) {
        if (!is_digit(*p)) {
            point = true;
            continue;
        }
        if (n < MAX_DIGITS) {
            if (!out->n) fr_big_set(out, (uint64_t)(*p - '0'));
            else fr_big_muladd(out, 10, (uint64_t)(*p - '0'));
            n += out->n > 0;
            scale -= point;
        } else {
            sticky |= *p != '0';
            scale += !point;
        }
    }
    if (sticky) {
        fr_big_muladd(out, 10, 1);
        scale--;
    }
    *exponent = scale;
}

/* Is digits × 10^exponent below, at or above the point halfway between the floats `bits` and `bits + 1`? */
static int against_halfway(const fr_big *digits, int64_t exponent, uint64_t bits, const shape *s)
{
    uint64_t mantissa = bits & ((UINT64_C(1) << s->mantissa_bits) - 1);
    int64_t binary = (int64_t)(bits >> s->mantissa_bits);
    if (binary) mantissa |= UINT64_C(1) << s->mantissa_bits;
    else binary = 1;
    binary += s->minimum_exponent - s->mantissa_bits - 1;                       /* halfway = (2m + 1) × 2^binary */

    fr_big left = *digits, right;
    fr_big_set(&right, 2 * mantissa + 1);
    if (exponent >= 0) fr_big_mul_pow5(&left, (int)exponent);
    else fr_big_mul_pow5(&right, (int)-exponent);
    int64_t twos = exponent - binary;                                           /* left × 2^twos against right */
    if (twos >= 0) fr_big_shift_left(&left, (int)twos);
    else fr_big_shift_left(&right, (int)-twos);
    return fr_big_compare(&left, &right);
}

static FR_COLD uint64_t exactly(const decimal *d, uint64_t bits, const shape *s)
{
    fr_big digits;
    int64_t exponent;
    uint64_t infinity = (uint64_t)s->infinite_power << s->mantissa_bits;
    all_digits(d, &digits, &exponent);
    exponent += d->exponent;                                                   /* here: only what was written after e */
    for (;;) {
        int above = bits < infinity ? against_halfway(&digits, exponent, bits, s) : -1;
        if (above > 0 || (above == 0 && bits & 1)) {
            bits++;
            if (above == 0) return bits;
            continue;
        }
        if (!bits) return bits;
        int below = against_halfway(&digits, exponent, bits - 1, s);
        if (below > 0 || (below == 0 && !(bits & 1))) return bits;
        bits--;
        if (below == 0) return bits;
    }
}

/* Digits from p on are appended to *mantissa until 19 significant ones are there. */
typedef struct run { uint64_t mantissa; int significant; int64_t dropped; bool lost; } run;

static const char *digit_run(const char *p, const char *end, run *r)
{
    uint64_t eight;
    while (end - p >= 8 && r->significant <= 11 && fr_eight_digits(p, &eight)) {
        r->mantissa = r->mantissa * 100000000 + eight;
        if (r->mantissa)
            r->significant = r->significant ? r->significant + 8 : 8;           /* leading zeros counted: still ≤ 19 */
        p += 8;
    }
    for (; p < end && is_digit(*p); p++) {
        if (r->significant < 19) {
            r->mantissa = r->mantissa * 10 + (uint64_t)(*p - '0');
            r->significant += r->mantissa != 0;
        } else {
            r->dropped++;
            r->lost |= *p != '0';
        }
    }
    return p;
}

static const char *exponent_part(const char *p, const char *end, int64_t *exponent)
{
    const char *start = p;
    if (p == end || (*p != 'e' && *p != 'E')) return start;
    p++;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+')) p++;
    if (p == end || !is_digit(*p)) return start;
    int64_t value = 0;
    for (; p < end && is_digit(*p); p++)
        if (value < INT64_C(100000000000000000)) value = value * 10 + (*p - '0');
    *exponent += negative ? -value : value;
    return p;
}

/* Take the text apart; returns the end of the number, or NULL when there is none. *written: the exponent after 'e'. */
FR_TEMPLATE_FN const char *take_apart(const char *p, const char *end, decimal *d, int64_t *written)
{
    *d = (decimal){ 0 };
    if (p < end && (*p == '-' || *p == '+')) d->negative = *p++ == '-';
    run r = { 0 };
    d->first = p;
    p = digit_run(p, end, &r);
    int64_t whole = p - d->first, fraction = 0, dropped_whole = r.dropped;
    if (p < end && *p == '.') {
        const char *after = digit_run(p + 1, end, &r);
        fraction = after - p - 1;
        if (whole || fraction) p = after;
    }
    if (!whole && !fraction) return NULL;
    d->end = p;
    d->mantissa = r.mantissa;
    d->truncated = r.lost;
    d->exponent = dropped_whole - (fraction - (r.dropped - dropped_whole));
    *written = 0;
    p = exponent_part(p, end, written);
    d->exponent += *written;
    return p;
}

FR_TEMPLATE_FN uint64_t to_bits(decimal *d, int64_t written, const shape *s)
{
    uint64_t bits = assemble(d->mantissa, d->exponent, s);
    if (FR_UNLIKELY(d->truncated) && assemble(d->mantissa + 1, d->exponent, s) != bits) {
        d->exponent = written;
        return exactly(d, bits, s);
    }
    return bits;
}

static bool same_word(const char *p, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++)
        if ((p[i] | 0x20) != word[i]) return false;
    return true;
}

/* inf, infinity, nan after an optional sign; bytes used or 0 */
static size_t special(const char *text, size_t n, double *out)
{
    size_t sign = n && (*text == '-' || *text == '+');
    const char *p = text + sign;
    size_t rest = n - sign;
    bool negative = sign && *text == '-';
    if (rest >= 3 && same_word(p, 3, "nan")) {
        *out = __builtin_nan("");
        return sign + 3;
    }
    if (rest < 3 || !same_word(p, 3, "inf")) return 0;
    *out = negative ? -__builtin_inf() : __builtin_inf();
    return sign + (rest >= 8 && same_word(p, 8, "infinity") ? 8 : 3);
}

size_t fr_scan_f64(const char *text, size_t n, double *out)
{
    decimal d;
    int64_t written;
    const char *end = take_apart(text, text + n, &d, &written);
    if (!end) return special(text, n, out);
    uint64_t bits = to_bits(&d, written, &f64_shape) | (uint64_t)d.negative << 63;
    memcpy(out, &bits, sizeof bits);
    return (size_t)(end - text);
}

bool fr_parse_f64(const char *text, size_t n, double *out)
{
    double value;
    if (!n || fr_scan_f64(text, n, &value) != n) return false;
    *out = value;
    return true;
}

bool fr_parse_f32(const char *text, size_t n, float *out)
{
    decimal d;
    int64_t written;
    double value;
    if (!n) return false;
    const char *end = take_apart(text, text + n, &d, &written);
    if (!end) {
        if (special(text, n, &value) != n) return false;
        *out = (float)value;
        return true;
    }
    if (end != text + n) return false;
    uint32_t bits = (uint32_t)to_bits(&d, written, &f32_shape) | (uint32_t)d.negative << 31;
    memcpy(out, &bits, sizeof bits);
    return true;
}

bool fr_number_grouped(const char *text, size_t n, fr_number_format format)
{
    size_t i = n && (*text == '-' || *text == '+'), group = 0;
    bool grouped = false;
    for (; i < n && (is_digit(text[i]) || text[i] == format.thousands); i++) {
        if (is_digit(text[i])) {
            group++;
            continue;
        }
        if (group == 0 || group > 3 || (grouped && group != 3)) return false;
        grouped = true;
        group = 0;
    }
    return !grouped || group == 3;          /* another one, after the point, ends the number and is refused there */
}

bool fr_parse_f64_product(uint64_t mantissa, int exponent10, bool negative, double *out)
{
    uint64_t bits = assemble(mantissa, exponent10, &f64_shape) | (uint64_t)negative << 63;
    memcpy(out, &bits, sizeof bits);
    return true;
}
