/* number.h — numbers from text and text from numbers: correctly rounded, shortest, free of locale.
 *
 * Reading takes bytes and a length, never a terminator. `scan` takes the longest prefix that is a number and says how
 * many bytes it used; `parse` wants the whole text, without blanks around it:
 *
 *     fr_scan_f64("1e5;x", 5, &x)      → 3, x = 100000.0
 *     fr_parse_f64("1e5;x", 5, &x)     → false
 *     fr_parse_i64("-042", 4, &i)      → FR_PARSE_OK, i = -42
 *
 * A float is the one nearest to the decimal text, ties to even, for any number of digits; too large gives inf, too
 * small a subnormal or zero. Printing gives the fewest digits that read back to the same bits, as Python's repr writes
 * them. Nothing here allocates, and nothing looks at the locale.
 */
#ifndef FR_BASE_NUMBER_H
#define FR_BASE_NUMBER_H

#include "base/compiler.h"

#include <string.h>

/* Not a truth value: compare with FR_PARSE_OK. */
typedef enum fr_parse {
    FR_PARSE_OK,
    FR_PARSE_BAD,          /* not a number                                                        */
    FR_PARSE_RANGE,        /* a number that does not fit                                          */
    FR_PARSE_INEXACT       /* decimals only: more digits after the point than the type holds      */
} fr_parse;

/* How a number is written: 0 stands for '.' and for no thousands separator. {',', '.'} reads "1.234.567,89". */
typedef struct fr_number_format { char decimal, thousands; } fr_number_format;

/* ---- floats ------------------------------------------------------------------------------------------------------ */
/* [+-] digits [. digits] [e|E [+-] digits], with a digit before or after the point; or inf, infinity, nan in any case.
 * No blanks, no hexadecimal, no underscores. *out is written only on success. */

/** Bytes of the longest prefix that is a number; 0 when there is none. "1e" and "1ex" use 1 byte. Cost O(bytes
 * used). */
size_t fr_scan_f64(const char *text, size_t n, double *out);

/** Read the whole text as a number. Cost O(n). Equals Python's float(text), except blanks and underscores. */
FR_PRIVATE bool fr_parse_f64(const char *text, size_t n, double *out);
/* Was it digits, too large for a float, that became infinite, and not the word inf? `text` is what was parsed into
 * x. */
static inline bool fr_went_infinite(const char *text, size_t n, double x)
{
    return (x > 1.7976931348623157e308 || x < -1.7976931348623157e308) && text[n - 1] <= '9';
}

/** The same, rounded once to f32 (through double it would be rounded twice). */
bool fr_parse_f32(const char *text, size_t n, float *out);

/**
 * True when the thousands separators of a text (if any) stand where they should; the rest is not looked at.
 *
 * That is where groups of exactly three digits follow the first (one to three digits), and only before the decimal mark:
 * "1,234" but not "1,23", "12,34,567" or "1.5,000". Or none at all: "1234".
 */
bool fr_number_grouped(const char *text, size_t n, fr_number_format format);

/** The second half of the next function: Eisel and Lemire's product with a table of powers. */
FR_PRIVATE bool fr_parse_f64_product(uint64_t mantissa, int exponent10, bool negative, double *out);

/**
 * ±mantissa × 10^exponent10, correctly rounded.
 *
 * For callers that found the digits themselves; `mantissa` holds all of them (at most 19).
 * Returns  true; should a case ever need the digits again it would be false: call fr_parse_f64 with the text then.
 * Source   W. D. Clinger, PLDI 1990 (both numbers exact in a double, so that one operation rounds once).
 */
static inline bool fr_parse_f64_digits(uint64_t mantissa, int exponent10, bool negative, double *out)
{
    static const double exact[23] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
    if (mantissa > (UINT64_C(1) << 53) || exponent10 < -22 || exponent10 > 22)
        return fr_parse_f64_product(mantissa, exponent10, negative, out);
    double x = (double)mantissa;
    x = exponent10 < 0 ? x / exact[-exponent10] : x * exact[exponent10];
    uint64_t bits;                                          /* no branch: signs are as they come */
    memcpy(&bits, &x, sizeof bits);
    bits |= (uint64_t)negative << 63;
    memcpy(out, &bits, sizeof bits);
    return true;
}

/* ---- integers ---------------------------------------------------------------------------------------------------- */
/* [+-] digits, nothing else; any number of leading zeros. *out is written only with FR_PARSE_OK. Cost O(n). */

/** RANGE beyond -2^63 … 2^63-1. */
FR_PRIVATE fr_parse fr_parse_i64(const char *text, size_t n, int64_t *out);

/** RANGE beyond 0 … 2^64-1: "-1" is RANGE, "-0" is 0. */
fr_parse fr_parse_u64(const char *text, size_t n, uint64_t *out);

/** True for "007", "-01", "00.5", "00"; false for "0", "-0", "0.5", "10". Such texts are codes more often than
 * numbers. */
bool fr_has_leading_zero(const char *text, size_t n);

/* ---- printing ---------------------------------------------------------------------------------------------------- */
/* All return the length and terminate `out`. */

#define FR_NUMBER_BYTES 48      /* room for any number in its shortest form, i128 and decimals too */

/**
 * The shortest text that reads back to the same bits; of several, the closest.
 *
 * Equals   Python's repr: 0.1  1.0  123456.789  1e+16  1.5e-07  -0.0  nan  inf  -inf
 * Source   R. Giulietti, The Schubfach way to render doubles (2020).
 */
FR_PRIVATE size_t fr_print_f64(double value, char out[FR_NUMBER_BYTES]);

/** The same for f32: the fewest digits that fr_parse_f32 reads back. Equals numpy's str(float32). */
size_t fr_print_f32(float value, char out[FR_NUMBER_BYTES]);

/**
 * Fixed notation with so many decimals: the exact binary value, rounded half to even.
 *
 * 2.675 → "2.67" (the double is below the tie), 0.125 → "0.12", -0.001 → "-0.00", 1e22 → "10000000000000000000000.00".
 * Returns  the length of the full text, as snprintf does; `out` gets at most n - 1 bytes and a terminator. Negative
 *          decimals count as 0.
 * Equals   printf("%.*f"), "nan" and "inf" apart from the sign of nan, which is never printed.
 */
size_t fr_print_f64_fixed(double value, int decimals, char *out, size_t n);

FR_PRIVATE size_t fr_print_i64(int64_t value, char out[FR_NUMBER_BYTES]);
FR_PRIVATE size_t fr_print_u64(uint64_t value, char out[FR_NUMBER_BYTES]);
size_t fr_print_i128(fr_i128 value, char out[FR_NUMBER_BYTES]);

#endif
