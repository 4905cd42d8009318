/* decimal.h — decimal(precision, scale): value × 10^scale in a 128-bit integer; money, exactly.
 *
 *     fr_parse_decimal("-12.5", 5, 18, 2, &x)   → FR_PARSE_OK, x = -1250
 *     fr_print_decimal(-1250, 2, out)           → "-12.50"
 *     fr_decimal_rescale(-1250, 2, 0, 38, &x)   → true, x = -12 (half to even)
 *
 * Precision is 1 … 38 digits, scale 0 … precision.
 */
#ifndef FR_BASE_DECIMAL_H
#define FR_BASE_DECIMAL_H

#include "base/number.h"

#define FR_DECIMAL_DIGITS 38

/** The 128 bits of a public value, whose halves stand apart. */
static inline fr_i128 fr_decimal_join(int64_t high, uint64_t low)
{
    return (fr_i128)((fr_u128)(uint64_t)high << 64 | low);
}

/** 10^n for n = 0 … 38. Requires that range. */
fr_i128 fr_decimal_pow10(int n);

/** True when |value| < 10^precision. */
bool fr_decimal_fits(fr_i128 value, int precision);

/**
 * Read the whole text as a decimal: [+-] digits [. digits] [e [+-] digits], a digit before or after the point.
 *
 * Returns  FR_PARSE_OK; FR_PARSE_BAD: not a number; FR_PARSE_RANGE: more than `precision` digits (after rounding);
 *          FR_PARSE_INEXACT: digits other than zero beyond `scale`; *out then holds the value rounded half to even, for
 *          callers that allow it. Zeros beyond `scale` are exact.
 * Cost     O(n).
 */
fr_parse fr_parse_decimal(const char *text, size_t n, int precision, int scale, fr_i128 *out);

/** The same with another decimal mark and thousands separator (see fr_number_grouped). */
fr_parse fr_parse_decimal_with(const char *text, size_t n, fr_number_format format, int precision, int scale,
                               fr_i128 *out);

/** "-12.50" from -1250 and scale 2; always `scale` digits after the point, none and no point for 0. Returns the
 * length. */
size_t fr_print_decimal(fr_i128 value, int scale, char out[FR_NUMBER_BYTES]);

/**
 * The same number at another scale, digits that fall away rounded half to even.
 *
 * Returns  false, *out unchanged, when the result has more than `precision` digits.
 */
bool fr_decimal_rescale(fr_i128 value, int from_scale, int to_scale, int precision, fr_i128 *out);

/** The nearest double (correctly rounded) and back (nearest decimal, half to even; false: nan, inf, too many
 * digits). */
double fr_decimal_to_f64(fr_i128 value, int scale);
bool   fr_decimal_from_f64(double value, int precision, int scale, fr_i128 *out);

#endif
