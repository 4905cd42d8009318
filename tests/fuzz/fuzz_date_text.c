/* Any text as a date, a time, a duration or a span, and any format. What is read is written and read again as the same;
 * what is refused is refused at a place inside the text; what fr_date_guess promises fr_parse_date_shape keeps. */
#include <stdlib.h>
#include <string.h>

#include "base/date_text.h"
#include "base/span.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "kernel/iso_times.h"

static bool same(const fr_moment *a, const fr_moment *b)
{
    return fr_moment_days(a) == fr_moment_days(b) && a->hour == b->hour && a->minute == b->minute &&
        a->second == b->second &&
           a->nanosecond == b->nanosecond && a->offset_seconds == b->offset_seconds;
}

static bool sane(const fr_moment *m)
{
    return fr_civil_valid(m->year, m->month, m->day) && m->hour >= 0 && m->hour < 24 && m->minute >= 0 &&
        m->minute < 60 &&
           m->second >= 0 && m->second < 60 && m->nanosecond >= 0 && m->nanosecond < 1000000000 &&
           abs(m->offset_seconds) < 86400;
}

static void must_come_back(const fr_moment *m)
{
    char text[100];
    const char *format = m->has_offset ? "%Y-%m-%d %H:%M:%S.%9f%z" : "%Y-%m-%d %H:%M:%S.%9f";
    fr_moment back;
    if (!sane(m)) __builtin_trap();
    if (m->year < 0 || m->year > 9999 || m->offset_seconds % 60) return;
    size_t n = fr_print_date_format(format, strlen(format), m, text, sizeof text);
    if (!fr_parse_date_format(format, strlen(format), text, n, &back, NULL) || !same(m, &back)) __builtin_trap();
    if (!fr_parse_iso(text, n, &back, NULL) || !same(m, &back)) __builtin_trap();
}

static void as_iso(const char *text, size_t n)
{
    fr_moment m;
    size_t bad = n + 1;
    if (fr_parse_iso(text, n, &m, &bad)) must_come_back(&m);
    else if (bad > n) __builtin_trap();
}

/* What the kernels of the usual form take is what fr_parse_iso reads: the same moment, without offset and to the
 * microsecond; and they take all of it that looks so. */
static bool looks_usual(const char *text, size_t n)
{
    if (n == 10) return text[4] == '-';
    return n == 19 && text[4] == '-' && (text[10] == ' ' || text[10] == 'T') && text[13] == ':' && text[16] == ':';
}

static int64_t us_of_day(const fr_moment *m)
{
    return ((m->hour * 60 + m->minute) * 60 + m->second) * INT64_C(1000000) + m->nanosecond / 1000;
}

static void as_usual(const char *text, size_t n)
{
    fr_iso_words words;
    fr_iso_times times;
    fr_moment m;
    fr_iso_take(&words, 0, text, n);
    bool read = fr_parse_iso(text, n, &m, NULL);
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
        bool good = FR_ISA_AT(fr_iso_kernels, isa)->read(&words, 1, &times);
        if (good && (!read || m.has_offset || m.nanosecond % 1000)) __builtin_trap();
        if (good && (times.days[0] != fr_moment_days(&m) || fr_iso_us_of_day(&times, 0) != us_of_day(&m))) __builtin_trap();
        if (read && !good && looks_usual(text, n)) __builtin_trap();
    }
}

static void as_duration(const char *text, size_t n)
{
    int64_t ticks, back;
    size_t bad = n + 1;
    char again[FR_DATE_BYTES];
    if (!fr_parse_duration(text, n, 1000000000, &ticks, &bad)) {
        if (bad > n) __builtin_trap();
        return;
    }
    size_t length = fr_print_duration(ticks, 1000000000, again);
    if (!fr_parse_duration(again, length, 1000000000, &back, NULL) || back != ticks) __builtin_trap();
}

static void as_shape(const char *text, size_t n)
{
    uint64_t found = fr_date_guess(text, n);
    fr_moment m;
    for (int shape = 0; shape < FR_DATE_SHAPE_COUNT; shape++) {
        size_t bad = n + 1;
        bool read = fr_parse_date_shape((fr_date_shape)shape, text, n, &m, &bad);
        if (read) must_come_back(&m);
        else if (bad > n) __builtin_trap();
        if (n >= 4 && n <= 64 && read != (found >> shape & 1)) __builtin_trap();
    }
}

static void as_span(const char *text, size_t n)
{
    fr_span span;
    int64_t low, high, t = INT64_C(1700000000123456);
    if (!fr_span_parse(text, n, &span)) return;
    if (fr_span_floor(&span, t, 1000000, &low) && (low > t || (fr_span_step(&span, low, 1, 1000000, &high) &&
                                                               high <= t)))
        __builtin_trap();
}

static void as_format(const char *format, size_t n_format, const char *text, size_t n)
{
    fr_moment m = { .year = 2024, .month = 2, .day = 29, .hour = 23, .has_date = true };
    char few[7];
    size_t bad = n + 1, full = fr_print_date_format(format, n_format, &m, NULL, 0);
    if (fr_print_date_format(format, n_format, &m, few, sizeof few) != full || strlen(few) > full) __builtin_trap();
    if (fr_parse_date_format(format, n_format, text, n, &m, &bad)) {
        if (!fr_date_format_check(format, n_format, NULL)) __builtin_trap();
        must_come_back(&m);
    } else if (bad > n) __builtin_trap();
}

static void as_utf8(const char *text, size_t n)
{
    size_t good = fr_utf8_check(text, n), units = 0;
    for (size_t i = 0; i < n; units++) {
        uint32_t code;
        char again[4];
        size_t length = fr_utf8_decode(text + i, n - i, &code);
        bool valid = fr_utf8_encode(code, again) == length && memcmp(again, text + i, length) == 0;
        if (valid != (i < good)) __builtin_trap();
        if (!valid) break;
        i += length;
    }
    if (good == n && fr_utf8_length(text, n) != units) __builtin_trap();
    char *out = malloc(fr_utf8_case_room(n) + 1);
    if (out && (fr_utf8_upper(text, n, out) > fr_utf8_case_room(n) ||
                fr_utf8_title(text, n, out) > fr_utf8_case_room(n)))
        __builtin_trap();
    free(out);
    (void)fr_utf8_width(text, n);
    if (fr_utf8_space_prefix(text, n) + fr_utf8_space_suffix(text, n) > n) __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const char *text = (const char *)bytes, *bar = n ? memchr(text, '|', n) : NULL;
    if (n > 4096) return 0;
    if (bar) as_format(text, (size_t)(bar - text), bar + 1, n - 1 - (size_t)(bar - text));
    as_iso(text, n);
    as_usual(text, n);
    as_duration(text, n);
    as_shape(text, n);
    as_span(text, n);
    as_utf8(text, n);
    return 0;
}
