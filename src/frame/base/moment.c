/* moment.c — a moment as written, as a count of ticks, and as text again. See date_text.h. */
#include "base/date_text.h"

#include <string.h>

#include "base/number.h"

#define NS_PER_SECOND INT64_C(1000000000)

int64_t fr_moment_days(const fr_moment *moment)
{
    return moment->has_date ? fr_civil_days(moment->year, moment->month, moment->day) : 0;
}

bool fr_moment_ticks(const fr_moment *moment, int64_t per_second, int64_t *ticks, bool *inexact)
{
    int64_t seconds = fr_moment_days(moment) * FR_SECONDS_PER_DAY + moment->hour * 3600 + moment->minute * 60 + moment->second -
                      (moment->has_offset ? moment->offset_seconds : 0);
    int64_t unit = NS_PER_SECOND / per_second;                  /* nanoseconds a tick */
    fr_i128 whole = (fr_i128)seconds * per_second + moment->nanosecond / unit;
    if (whole > INT64_MAX || whole < INT64_MIN) return false;
    *ticks = (int64_t)whole;
    if (inexact) *inexact = moment->nanosecond % unit != 0;
    return true;
}

FR_TEMPLATE_FN int64_t split(int64_t ticks, int64_t per_second, int32_t *nanosecond)
{
    *nanosecond = (int32_t)(fr_floor_mod(ticks, per_second) * (NS_PER_SECOND / per_second));
    return fr_floor_div(ticks, per_second);
}

/* Seconds and nanoseconds; division by a constant is several times cheaper than by a variable. */
static int64_t split_ticks(int64_t ticks, int64_t per_second, int32_t *nanosecond)
{
    switch (per_second) {
    case 1: return split(ticks, 1, nanosecond);
    case 1000: return split(ticks, 1000, nanosecond);
    case 1000000: return split(ticks, 1000000, nanosecond);
    case NS_PER_SECOND: return split(ticks, NS_PER_SECOND, nanosecond);
    default: return split(ticks, per_second, nanosecond);
    }
}

void fr_moment_from_ticks(int64_t ticks, int64_t per_second, fr_moment *out)
{
    int32_t nanosecond;
    int64_t seconds = split_ticks(ticks, per_second, &nanosecond);
    int64_t days = fr_floor_div(seconds, FR_SECONDS_PER_DAY);
    int32_t of_day = (int32_t)fr_floor_mod(seconds, FR_SECONDS_PER_DAY);
    fr_civil date = fr_civil_from_days(days);
    *out = (fr_moment){
        .year = date.year, .month = (int8_t)date.month, .day = (int8_t)date.day,
        .hour = (int8_t)(of_day / 3600), .minute = (int8_t)(of_day / 60 % 60), .second = (int8_t)(of_day % 60),
        .nanosecond = nanosecond, .has_date = true, .has_time = true,
        .fraction_digits = per_second == 1 ? 0 : per_second == 1000 ? 3 : per_second == 1000000 ? 6 : 9,
    };
}

/* ---- printing ---------------------------------------------------------------------------------------------------- */
static char *two(char *p, int value)
{
    p[0] = (char)('0' + value / 10);
    p[1] = (char)('0' + value % 10);
    return p + 2;
}

static char *digits(char *p, int64_t value, int n)
{
    for (int i = n; i-- > 0; value /= 10) p[i] = (char)('0' + value % 10);
    return p + n;
}

/* Years have four digits; beyond 0 … 9999 a sign and as many as it takes, as in ISO 8601's expanded form. */
static char *put_year(char *p, int64_t year)
{
    if (year >= 0 && year <= 9999) return digits(p, year, 4);
    *p++ = year < 0 ? '-' : '+';
    char text[FR_NUMBER_BYTES];
    size_t n = fr_print_i64(year < 0 ? -year : year, text), least = n < 4 ? 4 : n;
    memset(p, '0', least - n);
    memcpy(p + least - n, text, n);
    return p + least;
}

static char *put_date(char *p, int64_t year, int month, int day)
{
    p = put_year(p, year);
    *p++ = '-';
    p = two(p, month);
    *p++ = '-';
    return two(p, day);
}

/* The fraction in 3, 6 or 9 digits, as few as hold it. */
static char *put_fraction(char *p, int64_t nanosecond)
{
    if (!nanosecond) return p;
    *p++ = '.';
    if (nanosecond % 1000000 == 0) return digits(p, nanosecond / 1000000, 3);
    if (nanosecond % 1000 == 0) return digits(p, nanosecond / 1000, 6);
    return digits(p, nanosecond, 9);
}

static char *put_clock(char *p, int hour, int minute, int second)
{
    p = two(p, hour);
    *p++ = ':';
    p = two(p, minute);
    *p++ = ':';
    return two(p, second);
}

static size_t finish(char *start, char *end)
{
    *end = 0;
    return (size_t)(end - start);
}

size_t fr_print_date(int64_t days, char out[FR_DATE_BYTES])
{
    fr_civil date = fr_civil_from_days(days);
    return finish(out, put_date(out, date.year, date.month, date.day));
}

size_t fr_print_time(int64_t ticks, int64_t per_second, char out[FR_DATE_BYTES])
{
    int64_t of_day = fr_floor_mod(ticks, per_second * FR_SECONDS_PER_DAY);
    fr_moment m;
    fr_moment_from_ticks(of_day, per_second, &m);
    return finish(out, put_fraction(put_clock(out, m.hour, m.minute, m.second), m.nanosecond));
}

static char *put_datetime(char *p, int64_t ticks, int64_t per_second)
{
    fr_moment m;
    fr_moment_from_ticks(ticks, per_second, &m);
    p = put_date(p, m.year, m.month, m.day);
    *p++ = ' ';
    return put_fraction(put_clock(p, m.hour, m.minute, m.second), m.nanosecond);
}

size_t fr_print_datetime(int64_t ticks, int64_t per_second, char out[FR_DATE_BYTES])
{
    return finish(out, put_datetime(out, ticks, per_second));
}

size_t fr_print_datetime_offset(int64_t ticks, int64_t per_second, int32_t offset_seconds, char out[FR_DATE_BYTES])
{
    fr_i128 local = (fr_i128)ticks + (fr_i128)offset_seconds * per_second;
    if (local > INT64_MAX || local < INT64_MIN) {        /* at the very ends of int64: the same instant in UTC */
        local = ticks;
        offset_seconds = 0;
    }
    char *p = put_datetime(out, (int64_t)local, per_second);
    int size = offset_seconds < 0 ? -offset_seconds : offset_seconds;
    *p++ = offset_seconds < 0 ? '-' : '+';
    p = two(p, size / 3600);
    *p++ = ':';
    p = two(p, size / 60 % 60);
    if (size % 60) {
        *p++ = ':';
        p = two(p, size % 60);
    }
    return finish(out, p);
}
