/* print_fixed.c — a double with so many decimals, exactly.
 *
 * A double is c × 2^q, so value × 10^decimals is c × 5^decimals × 2^(q + decimals): an integer shifted. It is computed
 * in full and rounded once, half to even: 0.125 with two decimals is 12.5 hundredths → "0.12"; 2.675, which is
 * 2.67499999999999982236431605997495353221893310546875, → "2.67". Up to 27 decimals it fits 128 bits, beyond that the
 * digits come from a stack integer of a few thousand.
 */
#include "base/bignum.h"
#include "base/number.h"
#include "base/pow10.h"

#include <string.h>

#define MOST_DECIMALS 1074        /* no double has more: the rest are zeros */
#define MOST_DIGITS   (309 + MOST_DECIMALS + 40)

/* round half to even (x / 2^bits) */
static fr_u128 round_right(fr_u128 x, int bits)
{
    if (bits <= 0) return x << -bits;
    if (bits > 127) return 0;                                          /* x < 2^127: less than half */
    fr_u128 whole = x >> bits, rest = x & (((fr_u128)1 << bits) - 1), half = (fr_u128)1 << (bits - 1);
    return whole + (rest > half || (rest == half && (whole & 1)));
}

static size_t digits_of_u128(fr_u128 x, char *digits)
{
    char text[FR_NUMBER_BYTES];
    size_t n = fr_print_i128((fr_i128)x, text);
    memcpy(digits, text, n);
    return n;
}

static size_t digits_of_big(fr_big *x, char *digits)
{
    uint64_t part[80];
    size_t parts = 0;
    while (x->n) part[parts++] = fr_big_divide(x, UINT64_C(10000000000000000000));
    if (!parts) part[parts++] = 0;
    size_t n = fr_print_u64(part[parts - 1], digits);
    for (size_t i = parts - 1; i-- > 0; n += 19) {
        char text[FR_NUMBER_BYTES];
        size_t length = fr_print_u64(part[i], text);
        memset(digits + n, '0', 19 - length);
        memcpy(digits + n + 19 - length, text, length);
    }
    return n;
}

/* The digits of round(c × 2^q × 10^decimals). */
static size_t scaled_digits(uint64_t c, int q, int decimals, char *digits)
{
    if (decimals <= 27 && q + decimals <= 0) {                         /* 53 + 63 bits */
        uint64_t fives = 1;
        for (int i = 0; i < decimals; i++) fives *= 5;
        return digits_of_u128(round_right((fr_u128)c * fives, -(q + decimals)), digits);
    }
    fr_big x;
    fr_big_set(&x, c);
    fr_big_mul_pow5(&x, decimals);
    if (q + decimals >= 0) fr_big_shift_left(&x, q + decimals);
    else fr_big_round_right(&x, -(q + decimals));
    return digits_of_big(&x, digits);
}

/* What snprintf does with a piece of text: bytes beyond the room are counted only. */
typedef struct sink { char *out; size_t room, n; } sink;

static void put(sink *s, const char *text, size_t n)
{
    if (s->n < s->room) memcpy(s->out + s->n, text, n < s->room - s->n ? n : s->room - s->n);
    s->n += n;
}

static void put_zeros(sink *s, size_t n)
{
    if (s->n < s->room) memset(s->out + s->n, '0', n < s->room - s->n ? n : s->room - s->n);
    s->n += n;
}

/* The ordinary case: the scaled number fits 64 bits. */
static bool put_small(sink *s, uint64_t c, int q, int decimals)
{
    uint64_t unit = fr_pow10_u64[decimals];
    fr_u128 rounded = round_right((fr_u128)c * unit, -q);               /* 53 + 57 bits */
    if (rounded > UINT64_MAX) return false;
    char text[2 * FR_NUMBER_BYTES], fraction[FR_NUMBER_BYTES];
    size_t n = fr_print_u64((uint64_t)rounded / unit, text);
    if (decimals) {
        fr_print_u64(unit + (uint64_t)rounded % unit, fraction);        /* a 1 in front keeps the zeros */
        fraction[0] = '.';
        memcpy(text + n, fraction, (size_t)decimals + 1);
        n += (size_t)decimals + 1;
    }
    put(s, text, n);
    return true;
}

static void put_number(sink *s, double value, int decimals)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint64_t c = bits & ((UINT64_C(1) << 52) - 1);
    int exponent = (int)(bits >> 52 & 0x7FF), q = exponent ? exponent - 1075 : -1074;
    if (exponent) c |= UINT64_C(1) << 52;

    if (decimals <= 17 && q < 0 && put_small(s, c, q, decimals)) return;
    char digits[MOST_DIGITS];
    int exact = decimals < MOST_DECIMALS ? decimals : MOST_DECIMALS;
    size_t n = scaled_digits(c, q, exact, digits), after = (size_t)exact;
    if (n > after) put(s, digits, n - after);
    else put_zeros(s, 1);
    if (decimals == 0) return;
    put(s, ".", 1);
    if (n < after) put_zeros(s, after - n);
    put(s, n > after ? digits + n - after : digits, n > after ? after : n);
    put_zeros(s, (size_t)(decimals - exact));
}

size_t fr_print_f64_fixed(double value, int decimals, char *out, size_t n)
{
    sink s = { out, n ? n - 1 : 0, 0 };
    bool nan = value != value;
    if (!nan && __builtin_signbit(value)) put(&s, "-", 1);
    if (nan || __builtin_isinf(value)) put(&s, nan ? "nan" : "inf", 3);
    else put_number(&s, value, decimals < 0 ? 0 : decimals);
    if (n) out[s.n < s.room ? s.n : s.room] = 0;
    return s.n;
}
