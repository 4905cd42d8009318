/* Any text as a date, a duration, and a text by a format (before and after the first line break). What is read survives
 * printing; a shape that a text is said to fit can be read by that shape. */
#include <string.h>

#include "base/date_text.h"
#include "fuzz/fuzz.h"

enum { PER_SECOND = 1000000 };

static void moment_survives(const fr_moment *moment)
{
    int64_t ticks = 0, again = 0;
    char text[FR_DATE_BYTES];
    fr_moment back;
    if (!moment->has_date || !fr_moment_ticks(moment, PER_SECOND, &ticks, NULL)) return;
    if (moment->year < 1 || moment->year > 9998) return;                    /* beyond ISO's four digits */
    size_t n = fr_print_datetime(ticks, PER_SECOND, text);
    if (n != strlen(text) || !fr_parse_iso(text, n, &back, NULL)) __builtin_trap();
    if (!fr_moment_ticks(&back, PER_SECOND, &again, NULL) || again != ticks) __builtin_trap();
}

static void as_date(const char *text, size_t n)
{
    fr_moment moment;
    size_t bad = 0;
    if (fr_parse_iso(text, n, &moment, &bad)) moment_survives(&moment);
    else if (bad > n) __builtin_trap();

    uint64_t shapes = fr_date_guess(text, n);
    for (int shape = 0; shape < FR_DATE_SHAPE_COUNT; shape++) {
        if (!(shapes & FR_DATE_BIT(shape))) continue;
        if (!fr_parse_date_shape((fr_date_shape)shape, text, n, &moment, &bad)) __builtin_trap();
        moment_survives(&moment);
    }
}

static void as_duration(const char *text, size_t n)
{
    int64_t ticks = 0, again = 0;
    char printed[FR_DATE_BYTES];
    if (!fr_parse_duration(text, n, PER_SECOND, &ticks, NULL)) return;
    size_t length = fr_print_duration(ticks, PER_SECOND, printed);
    if (!fr_parse_duration(printed, length, PER_SECOND, &again, NULL) || again != ticks) __builtin_trap();
    length = fr_print_duration_iso(ticks, PER_SECOND, printed);
    if (!fr_parse_duration(printed, length, PER_SECOND, &again, NULL) || again != ticks) __builtin_trap();
}

static void by_format(const char *format, size_t n_format, const char *text, size_t n)
{
    fr_moment moment;
    size_t bad = 0;
    char printed[4096];
    if (!fr_date_format_check(format, n_format, &bad)) return;
    if (!fr_parse_date_format(format, n_format, text, n, &moment, &bad)) return;
    moment_survives(&moment);
    size_t length = fr_print_date_format(format, n_format, &moment, printed, sizeof printed);
    if (length < sizeof printed && length != strlen(printed) && !memchr(format, 0, n_format)) __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const char *text = (const char *)bytes, *line_end = n ? memchr(bytes, '\n', n) : NULL;
    if (n > 512) return 0;
    if (line_end) {
        by_format(text, (size_t)(line_end - text), line_end + 1, n - (size_t)(line_end + 1 - text));
    } else {
        as_date(text, n);
        as_duration(text, n);
    }
    return 0;
}
