/* Any text as a number, judged by libc: a float that we read has the bits that strtod gives, what we refuse strtod does
 * not take whole either, and every float survives printing and reading. Eight bytes are also taken as a float's bits.
 * Decimals survive printing and reading as well, and fixed notation is printf's. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "fuzz/fuzz.h"

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static void must_survive_printing(double x)
{
    char text[FR_NUMBER_BYTES];
    double back = 0;
    size_t n = fr_print_f64(x, text);
    if (n != strlen(text) || !fr_parse_f64(text, n, &back)) __builtin_trap();
    if (x == x ? bits_of(back) != bits_of(x) : back == back) __builtin_trap();
    if (bits_of(strtod(text, NULL)) != bits_of(x) && x == x) __builtin_trap();
}

/* strtod takes more: blanks in front, hexadecimal, nan(…). */
static bool only_ours(const char *text, size_t n)
{
    return n > 0 && strspn(text, "+-.0123456789eE") == n;
}

static void as_float(const char *text, size_t n)
{
    double ours = 0;
    char *end;
    bool read = fr_parse_f64(text, n, &ours);
    double theirs = strtod(text, &end);
    bool whole = n > 0 && end == text + n;
    if (read && (!whole || (theirs == theirs && bits_of(ours) != bits_of(theirs)))) __builtin_trap();
    if (!read && whole && only_ours(text, n)) __builtin_trap();
    if (read) must_survive_printing(ours);
}

static void as_integer(const char *text, size_t n)
{
    int64_t ours = 0;
    fr_parse result = fr_parse_i64(text, n, &ours);
    if (n == 0 || strspn(text, "+-0123456789") != n) {
        if (result != FR_PARSE_BAD) __builtin_trap();
        return;
    }
    char *end;
    errno = 0;
    long long theirs = strtoll(text, &end, 10);
    fr_parse expected = end != text + n ? FR_PARSE_BAD : errno == ERANGE ? FR_PARSE_RANGE : FR_PARSE_OK;
    if (result != expected || (result == FR_PARSE_OK && ours != theirs)) __builtin_trap();
}

static void as_f32(const char *text, size_t n)
{
    float ours = 0, back = 0, theirs = strtof(text, NULL);
    char again[FR_NUMBER_BYTES];
    if (!fr_parse_f32(text, n, &ours) || ours != ours) return;
    if (memcmp(&ours, &theirs, sizeof ours) != 0) __builtin_trap();
    if (!fr_parse_f32(again, fr_print_f32(ours, again), &back) || memcmp(&ours, &back, sizeof ours) != 0)
        __builtin_trap();
}

static void as_decimal(const char *text, size_t n)
{
    int scale = n ? text[n - 1] & 31 : 0;
    fr_i128 x = 0, back = 0;
    fr_parse result = fr_parse_decimal(text, n, 38, scale, &x);
    double f = 0;
    if ((result == FR_PARSE_BAD) != (!fr_parse_f64(text, n, &f) || f != f || strpbrk(text, "iI") != NULL))
        __builtin_trap();
    if (result != FR_PARSE_OK && result != FR_PARSE_INEXACT) return;
    char again[FR_NUMBER_BYTES];
    if (fr_parse_decimal(again, fr_print_decimal(x, scale, again), 38, scale, &back) != FR_PARSE_OK ||
        back != x) __builtin_trap();
    if (result == FR_PARSE_OK && fr_decimal_to_f64(x, scale) != f) __builtin_trap();
}

static void as_fixed(double x, int decimals)
{
    static char ours[1500], theirs[1500];
    if (x - x != 0) return;
    size_t n = fr_print_f64_fixed(x, decimals, ours, sizeof ours);
    if ((int)n != snprintf(theirs, sizeof theirs, "%.*f", decimals, x) || strcmp(ours, theirs) != 0) __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char text[512];
    if (n >= sizeof text || (n && memchr(bytes, 0, n))) n = n > 8 ? 8 : n;
    if (n == 8) {
        double x;
        memcpy(&x, bytes, 8);
        must_survive_printing(x);
        as_fixed(x, bytes[0] % 40);
    }
    if (n) memcpy(text, bytes, n);
    text[n] = 0;
    if (strlen(text) != n) return 0;
    as_float(text, n);
    as_integer(text, n);
    as_f32(text, n);
    as_decimal(text, n);
    return 0;
}
