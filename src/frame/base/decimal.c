/* decimal.c — decimals in 128-bit integers; see decimal.h. */
#include "base/decimal.h"

#include "base/pow10.h"

#include <string.h>

fr_i128 fr_decimal_pow10(int n)
{
    return n < 20 ? (fr_i128)fr_pow10_u64[n] : (fr_i128)fr_pow10_u64[19] * (fr_i128)fr_pow10_u64[n - 19];
}

static fr_u128 size_of(fr_i128 value) { return value < 0 ? 0 - (fr_u128)value : (fr_u128)value; }
static fr_i128 signed_of(fr_u128 size, bool negative) { return negative ? (fr_i128)(0 - size) : (fr_i128)size; }

bool fr_decimal_fits(fr_i128 value, int precision)
{
    return size_of(value) < (fr_u128)fr_decimal_pow10(precision);
}

/* ---- scale ------------------------------------------------------------------------------------------------------- */
/* size / 10^digits, half to even; any number of digits ≥ 0 */
static fr_u128 divide_pow10(fr_u128 size, int digits)
{
    if (digits == 0) return size;
    if (digits > FR_DECIMAL_DIGITS) return 0;              /* size < 2^127 < 10^39 / 2 */
    fr_u128 unit = (fr_u128)fr_decimal_pow10(digits), whole = size / unit, rest = size % unit;
    return whole + (rest > unit / 2 || (rest == unit / 2 && (whole & 1)));
}

bool fr_decimal_rescale(fr_i128 value, int from_scale, int to_scale, int precision, fr_i128 *out)
{
    fr_u128 size = size_of(value);
    int up = to_scale - from_scale;
    if (up > 0 && size) {
        if (up > FR_DECIMAL_DIGITS || __builtin_mul_overflow(size, (fr_u128)fr_decimal_pow10(up), &size)) return false;
    } else if (up < 0) {
        size = divide_pow10(size, -up);
    }
    if (size >= (fr_u128)fr_decimal_pow10(precision)) return false;
    *out = signed_of(size, value < 0);
    return true;
}

/* ---- text -------------------------------------------------------------------------------------------------------- */
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Where the digits lie, the exponent after 'e', and how many digits stand before the point. */
typedef struct layout { const char *first, *end; int64_t exponent, whole; bool negative; } layout;

static bool take_exponent(const char *p, const char *end, int64_t *exponent)
{
    *exponent = 0;
    if (p == end) return true;
    if (*p != 'e' && *p != 'E') return false;
    p++;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+')) p++;
    if (p == end) return false;
    for (; p < end; p++) {
        if (!is_digit(*p)) return false;
        if (*exponent < INT64_C(100000000000000000)) *exponent = *exponent * 10 + (*p - '0');
    }
    if (negative) *exponent = -*exponent;
    return true;
}

static bool take_apart(const char *text, size_t n, fr_number_format format, layout *l)
{
    const char *p = text, *end = text + n;
    bool any = false, point = false;
    *l = (layout){ 0 };
    if (p < end && (*p == '-' || *p == '+')) l->negative = *p++ == '-';
    l->first = p;
    for (; p < end; p++) {
        if (is_digit(*p)) {
            any = true;
            l->whole += !point;
        } else if (*p == format.decimal && !point) {
            point = true;
        } else if (!format.thousands || *p != format.thousands || point) {
            break;
        }
    }
    l->end = p;
    return any && take_exponent(p, end, &l->exponent);
}

/* Digits up to position `keep` (1 is the first; ≤ 0: none), and what the rest amounts to. */
typedef struct digits { fr_u128 value; bool over; int next; bool rest; } digits;

static digits collect(const layout *l, int64_t keep)
{
    digits d = { .next = 0 };
    int64_t at = 0;
    for (const char *p = l->first; p < l->end; p++) {
        if (!is_digit(*p)) continue;
        int digit = *p - '0';
        at++;
        if (at <= keep) {
            d.over |= __builtin_mul_overflow(d.value, 10u, &d.value);
            d.over |= __builtin_add_overflow(d.value, (unsigned)digit, &d.value);
        } else if (at == keep + 1) {
            d.next = digit;
        } else {
            d.rest |= digit != 0;
        }
    }
    for (; at < keep && d.value && !d.over; at++) d.over |= __builtin_mul_overflow(d.value, 10u, &d.value);
    return d;
}

fr_parse fr_parse_decimal_with(const char *text, size_t n, fr_number_format format, int precision, int scale,
                               fr_i128 *out)
{
    layout l;
    if (!format.decimal) format.decimal = '.';
    if (format.thousands && !fr_number_grouped(text, n, format)) return FR_PARSE_BAD;
    if (!take_apart(text, n, format, &l)) return FR_PARSE_BAD;

    digits d = collect(&l, l.whole + l.exponent + scale);
    if (d.over) return FR_PARSE_RANGE;
    bool up = d.next > 5 || (d.next == 5 && (d.rest || (d.value & 1)));
    fr_u128 size = d.value + up;
    if (size < d.value || size >= (fr_u128)fr_decimal_pow10(precision)) return FR_PARSE_RANGE;
    *out = signed_of(size, l.negative);
    return d.next || d.rest ? FR_PARSE_INEXACT : FR_PARSE_OK;
}

fr_parse fr_parse_decimal(const char *text, size_t n, int precision, int scale, fr_i128 *out)
{
    return fr_parse_decimal_with(text, n, (fr_number_format){ 0, 0 }, precision, scale, out);
}

size_t fr_print_decimal(fr_i128 value, int scale, char out[FR_NUMBER_BYTES])
{
    char whole[FR_NUMBER_BYTES];
    size_t n = fr_print_i128(signed_of(size_of(value), false), whole), decimals = (size_t)scale;
    char *p = out;
    if (value < 0) *p++ = '-';
    if (n <= decimals) {
        memcpy(p, "0.", 2);
        memset(p + 2, '0', decimals - n);
        memcpy(p + 2 + decimals - n, whole, n);
        p += 2 + decimals;
    } else {
        memcpy(p, whole, n - decimals);
        p += n - decimals;
        if (decimals) *p++ = '.';
        memcpy(p, whole + n - decimals, decimals);
        p += decimals;
    }
    *p = 0;
    return (size_t)(p - out);
}

/* ---- doubles ----------------------------------------------------------------------------------------------------- */
double fr_decimal_to_f64(fr_i128 value, int scale)
{
    char text[FR_NUMBER_BYTES];
    double x = 0;
    if (size_of(value) < UINT64_C(10000000000000000000) &&
        fr_parse_f64_digits((uint64_t)size_of(value), -scale, value < 0, &x)) return x;
    size_t n = fr_print_decimal(value, scale, text);
    (void)fr_parse_f64(text, n, &x);
    return x;
}

bool fr_decimal_from_f64(double value, int precision, int scale, fr_i128 *out)
{
    char text[96];
    if (!(value < 1e39 && value > -1e39)) return false;
    size_t n = fr_print_f64_fixed(value, scale, text, sizeof text);      /* the exact binary value, rounded once */
    return fr_parse_decimal(text, n, precision, scale, out) == FR_PARSE_OK;
}
