/* Any text as a number, judged by libc: a float that we read has the bits that strtod gives, what we refuse strtod does
 * not take whole either, and every float survives printing and reading. Eight bytes are also taken as a float's bits. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
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
    n = fr_print_f64_short(x, text);
    if (!fr_parse_f64(text, n, &back) || (x == x && back != x)) __builtin_trap();
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

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char text[512];
    if (n >= sizeof text || (n && memchr(bytes, 0, n))) n = n > 8 ? 8 : n;
    if (n == 8) {
        double x;
        memcpy(&x, bytes, 8);
        must_survive_printing(x);
    }
    if (n) memcpy(text, bytes, n);
    text[n] = 0;
    if (strlen(text) != n) return 0;
    as_float(text, n);
    as_integer(text, n);
    return 0;
}
