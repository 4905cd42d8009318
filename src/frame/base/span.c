/* span.c — the ladder of instants that a span stands for; see span.h.
 *
 * Every kind of span has rungs that are numbered by integers: fixed spans by t / length, weeks and days by day number,
 * months by year × 12 + month. Three functions per kind (number of the last rung at or before t, instant of a rung)
 * give floor, ceil, round and step for all of them.
 */
#include "base/span.h"

#include <string.h>

#include "base/civil.h"

#define NS INT64_C(1000000000)

/* ---- reading ----------------------------------------------------------------------------------------------------- */
typedef struct alias { const char *name; fr_span span; } alias;

#define FIXED(ns)         { .unit = FR_SPAN_TICK, .nanoseconds = (ns) }
#define OLD_FIXED(ns)     { .unit = FR_SPAN_TICK, .nanoseconds = (ns), .old_alias = true }
#define MONTHS(n, m, end) { .unit = FR_SPAN_MONTH, .months = (n), .anchor = (m), .at_end = (end) }
#define OLD_MONTHS(n, m)  { .unit = FR_SPAN_MONTH, .months = (n), .anchor = (m), .at_end = true, .old_alias = true }

static const alias aliases[] = {
    { "ns", FIXED(1) },             { "us", FIXED(1000) },          { "ms", FIXED(1000000) },       { "s", FIXED(NS) },
    { "min", FIXED(60 * NS) },      { "h", FIXED(3600 * NS) },      { "D", FIXED(86400 * NS) },
        { "d", FIXED(86400 * NS) },
    { "N", OLD_FIXED(1) },          { "U", OLD_FIXED(1000) },       { "L", OLD_FIXED(1000000) },
        { "S", OLD_FIXED(NS) },
    { "T", OLD_FIXED(60 * NS) },    { "H", OLD_FIXED(3600 * NS) },  { "B", { .unit = FR_SPAN_BUSINESS_DAY } },
    { "W", { .unit = FR_SPAN_WEEK, .anchor = 6, .at_end = true } },
    { "MS", MONTHS(1, 1, false) },  { "ME", MONTHS(1, 12, true) },  { "M", OLD_MONTHS(1, 12) },
    { "QS", MONTHS(3, 1, false) },  { "QE", MONTHS(3, 12, true) },  { "Q", OLD_MONTHS(3, 12) },
    { "YS", MONTHS(12, 1, false) }, { "YE", MONTHS(12, 12, true) }, { "Y", OLD_MONTHS(12, 12) },
        { "A", OLD_MONTHS(12, 12) },
    { "second", FIXED(NS) },        { "minute", FIXED(60 * NS) },   { "hour", FIXED(3600 * NS) },
        { "day", FIXED(86400 * NS) },
    { "week", { .unit = FR_SPAN_WEEK, .anchor = 0 } },              { "month", MONTHS(1, 1, false) },
    { "quarter", MONTHS(3, 1, false) },                             { "year", MONTHS(12, 1, false) },
};

static const char *const weekdays = "MONTUEWEDTHUFRISATSUN", *const months = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";

/* "-MON", "-MAR" after a week, quarter or year */
static bool read_anchor(const char *text, fr_span *span)
{
    bool week = span->unit == FR_SPAN_WEEK;
    const char *names = week ? weekdays : months;
    if (text[0] != '-' || (!week && span->months < 3)) return false;
    for (int i = 0; names[3 * i]; i++) {
        if (memcmp(names + 3 * i, text + 1, 3) != 0) continue;
        span->anchor = (int8_t)(week ? i : i + 1);
        return true;
    }
    return false;
}

bool fr_span_parse(const char *text, size_t n, fr_span *out)
{
    size_t at = 0, end = 0;
    int64_t count = 0;
    for (; at < n && text[at] >= '0' && text[at] <= '9'; at++) {
        if (count > 100000000) return false;
        count = count * 10 + (text[at] - '0');
    }
    if (at == 0) count = 1;
    for (end = at; end < n && text[end] != '-'; end++) {}
    for (size_t i = 0; i < FR_COUNT_OF(aliases); i++) {
        if (strlen(aliases[i].name) != end - at || memcmp(aliases[i].name, text + at, end - at) != 0) continue;
        fr_span span = aliases[i].span;
        bool anchored = span.unit == FR_SPAN_WEEK || span.unit == FR_SPAN_MONTH;
        if (end < n && (n - end != 4 || !anchored || !read_anchor(text + end, &span))) return false;
        span.count = count;
        if (count < 1 || (span.unit == FR_SPAN_BUSINESS_DAY && count != 1)) return false;
        *out = span;
        return true;
    }
    return false;
}

bool fr_span_is_of_days(const fr_span *span)
{
    const int64_t day = FR_SECONDS_PER_DAY * NS;
    return span->unit != FR_SPAN_TICK || (fr_i128)span->nanoseconds * span->count % day == 0;
}

/* ---- rungs ------------------------------------------------------------------------------------------------------- */
/* Ticks between two rungs of a fixed span; false when it is no whole number of ticks. */
static bool tick_length(const fr_span *span, int64_t per_second, int64_t *length)
{
    int64_t unit = NS / per_second;
    fr_i128 ns = (fr_i128)span->nanoseconds * span->count;
    if (ns % unit || ns / unit > INT64_MAX) return false;
    *length = (int64_t)(ns / unit);
    return true;
}

/* The day of a month rung: months are counted from year 0; k is the number of a rung. */
static int64_t month_day(const fr_span *span, int64_t k)
{
    int64_t month = k * span->months * span->count + (span->anchor - 1) % span->months, year = fr_floor_div(month, 12);
    int in_year = (int)fr_floor_mod(month, 12) + 1;
    return fr_civil_days(year, in_year, span->at_end ? fr_civil_month_days(year, in_year) : 1);
}

/* The number of the last rung on or before a day. */
static int64_t month_number(const fr_span *span, int64_t days)
{
    fr_civil date = fr_civil_from_days(days);
    int64_t month = date.year * INT64_C(12) + date.month - 1 - (span->anchor - 1) % span->months;
    int64_t k = fr_floor_div(month, span->months * span->count);
    return month_day(span, k) > days ? k - 1 : k;
}

/* Business days are numbered five a week: Monday 1970-01-05 is 0. */
static int64_t day_number(const fr_span *span, int64_t days)
{
    if (span->unit == FR_SPAN_MONTH) return month_number(span, days);
    if (span->unit == FR_SPAN_WEEK) return fr_floor_div(days + 3 - span->anchor, 7 * span->count);
    int64_t week = fr_floor_div(days - 4, 7), weekday = fr_floor_mod(days - 4, 7);
    return week * 5 + (weekday < 5 ? weekday : 4);
}

static int64_t number_day(const fr_span *span, int64_t k)
{
    if (span->unit == FR_SPAN_MONTH) return month_day(span, k);
    if (span->unit == FR_SPAN_WEEK) return k * 7 * span->count - 3 + span->anchor;
    return fr_floor_div(k, 5) * 7 + fr_floor_mod(k, 5) + 4;
}

/* The number of the last rung ≤ t; the instant of a rung. */
static bool number_at(const fr_span *span, int64_t t, int64_t per_second, int64_t *k)
{
    int64_t length;
    if (span->unit == FR_SPAN_TICK) {
        if (!tick_length(span, per_second, &length)) return false;
        *k = fr_floor_div(t, length);
        return true;
    }
    int64_t days = fr_floor_div(t, per_second * FR_SECONDS_PER_DAY);
    if (days > INT32_MAX || days < INT32_MIN) return false;
    *k = day_number(span, days);
    return true;
}

/* In 128 bits: the rungs around a time near the ends of 64 bits lie beyond them. */
static bool instant_of(const fr_span *span, fr_i128 k, int64_t per_second, fr_i128 *t)
{
    int64_t length;
    if (span->unit == FR_SPAN_TICK) {
        if (!tick_length(span, per_second, &length)) return false;
        *t = k * length;
        return true;
    }
    const int64_t most = INT64_C(1) << 33;
    fr_i128 size = span->unit == FR_SPAN_MONTH ? k * span->months * span->count : k * span->count;
    if (size > most || size < -most) return false;
    *t = (fr_i128)number_day(span, (int64_t)k) * per_second * FR_SECONDS_PER_DAY;
    return true;
}

static bool in_64_bits(fr_i128 t, int64_t *out)
{
    *out = (int64_t)t;
    return *out == t;
}

/* The last rung ≤ t, its number, and the one after it. */
typedef struct rungs { int64_t k; fr_i128 below, above; } rungs;

static bool rungs_around(const fr_span *span, int64_t t, int64_t per_second, rungs *out)
{
    return number_at(span, t, per_second, &out->k) && instant_of(span, out->k, per_second, &out->below) &&
        instant_of(span, (fr_i128)out->k + 1, per_second, &out->above);
}

bool fr_span_floor(const fr_span *span, int64_t t, int64_t per_second, int64_t *out)
{
    int64_t k;
    fr_i128 below;
    return number_at(span, t, per_second, &k) && instant_of(span, k, per_second, &below) && in_64_bits(below, out);
}

bool fr_span_step(const fr_span *span, int64_t t, int64_t steps, int64_t per_second, int64_t *out)
{
    int64_t k;
    fr_i128 rung;
    return number_at(span, t, per_second, &k) && !__builtin_add_overflow(k, steps, &k) &&
        instant_of(span, k, per_second, &rung) && in_64_bits(rung, out);
}

bool fr_span_ceil(const fr_span *span, int64_t t, int64_t per_second, int64_t *out)
{
    rungs r;
    return rungs_around(span, t, per_second, &r) && in_64_bits(r.below == t ? t : r.above, out);
}

bool fr_span_round(const fr_span *span, int64_t t, int64_t per_second, int64_t *out)
{
    rungs r;
    if (!rungs_around(span, t, per_second, &r)) return false;
    fr_i128 down = t - r.below, up = r.above - t;
    bool even = span->unit == FR_SPAN_TICK && (r.k & 1) == 0;
    return in_64_bits(down == 0 || down < up || (down == up && even) ? r.below : r.above, out);
}

fr_span_grain fr_span_grain_of(const fr_span *span, int64_t tick)
{
    if (span->unit != FR_SPAN_TICK) return FR_SPAN_COARSE;
    fr_i128 length = (fr_i128)span->nanoseconds * span->count;
    return length % tick == 0 ? FR_SPAN_COARSE : tick % length == 0 ? FR_SPAN_EVERY : FR_SPAN_BETWEEN;
}
