/* parse_int.c — integers from text, eight digits a step, overflow told apart from nonsense. */
#include "base/number.h"

#include "base/eight_digits.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Digits only; the whole text. */
static fr_parse magnitude(const char *p, size_t n, uint64_t *out)
{
    const char *end = p + n;
    uint64_t value = 0, part;
    bool over = false;
    if (!n) return FR_PARSE_BAD;
    if (n >= 8 && n <= 19) {
        if (!fr_eight_digits(p, &value)) return FR_PARSE_BAD;
        p += 8;
        if (n >= 16) {
            if (!fr_eight_digits(p, &part)) return FR_PARSE_BAD;
            value = value * 100000000 + part;
            p += 8;
        }
    }
    for (; p < end; p++) {
        if (!is_digit(*p)) return FR_PARSE_BAD;
        over |= __builtin_mul_overflow(value, 10, &value);
        over |= __builtin_add_overflow(value, (uint64_t)(*p - '0'), &value);
    }
    *out = value;
    return over ? FR_PARSE_RANGE : FR_PARSE_OK;
}

fr_parse fr_parse_u64(const char *text, size_t n, uint64_t *out)
{
    bool negative = n && *text == '-', sign = negative || (n && *text == '+');
    uint64_t value;
    fr_parse result = magnitude(text + sign, n - sign, &value);
    if (result != FR_PARSE_OK) return result;
    if (negative && value) return FR_PARSE_RANGE;
    *out = value;
    return FR_PARSE_OK;
}

fr_parse fr_parse_i64(const char *text, size_t n, int64_t *out)
{
    bool negative = n && *text == '-', sign = negative || (n && *text == '+');
    uint64_t value;
    fr_parse result = magnitude(text + sign, n - sign, &value);
    if (result != FR_PARSE_OK) return result;
    if (value > (uint64_t)INT64_MAX + negative) return FR_PARSE_RANGE;
    *out = negative ? (int64_t)(0 - value) : (int64_t)value;
    return FR_PARSE_OK;
}

bool fr_has_leading_zero(const char *text, size_t n)
{
    size_t sign = n && (*text == '-' || *text == '+');
    return n - sign >= 2 && text[sign] == '0' && is_digit(text[sign + 1]);
}
