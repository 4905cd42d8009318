/* Dates, times and durations: what is read, what is refused and where, and that what is written comes back. */
#include "base/date_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/test.h"

/* "year-month-day hour:minute:second.ns offset parts", or "bad at N": everything fr_moment holds, to compare by eye. */
static const char *shown(bool ok, const fr_moment *m, const size_t *bad)
{
    static char room[8][120];
    static int at;
    char *out = room[at++ % 8];
    if (!ok) snprintf(out, 120, "bad at %zu", *bad);
    else
        snprintf(out, 120, "%" PRId64 "-%d-%d %d:%d:%d.%d %d %s%s%s%d", m->year, m->month, m->day, m->hour, m->minute, m->second,
                 m->nanosecond, m->offset_seconds, m->has_date ? "d" : "", m->has_time ? "t" : "", m->has_offset ? "o"
                     : "",
                 m->fraction_digits);
    return out;
}

static const char *iso(const char *text)
{
    fr_moment m;
    size_t bad = 99;
    return shown(fr_parse_iso(text, strlen(text), &m, &bad), &m, &bad);
}

static const char *by_format(const char *format, const char *text)
{
    fr_moment m;
    size_t bad = 99;
    return shown(fr_parse_date_format(format, strlen(format), text, strlen(text), &m, &bad), &m, &bad);
}

TEST(iso_8601_is_read)
{
    CHECK_STR(iso("2024-02-29"), "2024-2-29 0:0:0.0 0 d0");
    CHECK_STR(iso("20240229"), "2024-2-29 0:0:0.0 0 d0");
    CHECK_STR(iso("2024"), "2024-1-1 0:0:0.0 0 d0");
    CHECK_STR(iso("2024-02"), "2024-2-1 0:0:0.0 0 d0");
    CHECK_STR(iso("2024-02-29T12:30"), "2024-2-29 12:30:0.0 0 dt0");
    CHECK_STR(iso("2024-02-29 12:30:05.25+01:00"), "2024-2-29 12:30:5.250000000 3600 dto2");
    CHECK_STR(iso("2024-02-29 12:30:05,123456789Z"), "2024-2-29 12:30:5.123456789 0 dto9");
    CHECK_STR(iso("2024-02-29 12:30:05.12345678900 -0330"), "2024-2-29 12:30:5.123456789 -12600 dto9");
    CHECK_STR(iso("20240229T123005"), "2024-2-29 12:30:5.0 0 dt0");
    CHECK_STR(iso("20240229T1230+05"), "2024-2-29 12:30:0.0 18000 dto0");
    CHECK_STR(iso("12:30:05.5"), "1970-1-1 12:30:5.500000000 0 t1");
    CHECK_STR(iso("+12024-02-29"), "12024-2-29 0:0:0.0 0 d0");
    CHECK_STR(iso("-0044-03-15"), "-44-3-15 0:0:0.0 0 d0");
}

TEST(iso_8601_is_strict)
{
    CHECK_STR(iso(""), "bad at 0");
    CHECK_STR(iso("2020-02-30"), "bad at 8");
    CHECK_STR(iso("2020-13-01"), "bad at 5");
    CHECK_STR(iso("2021-02-29"), "bad at 8");
    CHECK_STR(iso("2020-01-01 24:00"), "bad at 11");
    CHECK_STR(iso("2020-01-01 12:60"), "bad at 14");
    CHECK_STR(iso("2020-01-01 12:30:60"), "bad at 17");
    CHECK_STR(iso("2020-1-1"), "bad at 6");
    CHECK_STR(iso("2020-01-01x"), "bad at 10");
    CHECK_STR(iso("2020-01-01 12:30x"), "bad at 16");
    CHECK_STR(iso("2020-01-01 12:30:05."), "bad at 20");
    CHECK_STR(iso("2020-01-01 12:30:05.1234567891"), "bad at 29");
    CHECK_STR(iso("2020-01-01  12:30"), "bad at 11");
    CHECK_STR(iso("2020-01-01 12:30+1"), "bad at 18");
    CHECK_STR(iso("2020-01-01 12:30+25:00"), "bad at 17");
    CHECK_STR(iso(" 2020-01-01"), "bad at 0");
    CHECK_STR(iso("20-01-01"), "bad at 2");
    CHECK_STR(iso("1:30"), "bad at 1");
}

TEST(formats_are_read)
{
    CHECK_STR(by_format("%d.%m.%Y", "29.02.2024"), "2024-2-29 0:0:0.0 0 d0");
    CHECK_STR(by_format("%d/%m/%Y", "1/2/2024"), "2024-2-1 0:0:0.0 0 d0");
    CHECK_STR(by_format("%m/%d/%y %I:%M %p", "02/29/24 12:05 AM"), "2024-2-29 0:5:0.0 0 dt0");
    CHECK_STR(by_format("%m/%d/%y %I:%M%p", "02/29/24 12:05pm"), "2024-2-29 12:5:0.0 0 dt0");
    CHECK_STR(by_format("%y", "68"), "2068-1-1 0:0:0.0 0 d0");
    CHECK_STR(by_format("%y", "69"), "1969-1-1 0:0:0.0 0 d0");
    CHECK_STR(by_format("%d %B %Y", "29 february 2024"), "2024-2-29 0:0:0.0 0 d0");
    CHECK_STR(by_format("%b %e, %Y", "Feb  9, 2024"), "2024-2-9 0:0:0.0 0 d0");
    CHECK_STR(by_format("%A, %d-%b-%Y", "Thursday, 29-Feb-2024"), "2024-2-29 0:0:0.0 0 d0");
    CHECK_STR(by_format("%Y-%j", "2024-366"), "2024-12-31 0:0:0.0 0 d0");
    CHECK_STR(by_format("%F %T.%f%z", "2024-02-29 12:30:05.5+0100"), "2024-2-29 12:30:5.500000000 3600 dto1");
    CHECK_STR(by_format("%H:%M:%S %Z", "12:30:05 UTC"), "1970-1-1 12:30:5.0 0 to0");
    CHECK_STR(by_format("%s", "86401"), "1970-1-2 0:0:1.0 0 dto0");
    CHECK_STR(by_format("100%% %D", "100% 02/29/24"), "2024-2-29 0:0:0.0 0 d0");
    CHECK_STR(by_format("%Y%m%d", "20240229"), "2024-2-29 0:0:0.0 0 d0");
}

TEST(formats_are_strict)
{
    CHECK_STR(by_format("%d.%m.%Y", "30.02.2024"), "bad at 0");
    CHECK_STR(by_format("%Y-%m-%d", "2024-02-30"), "bad at 8");
    CHECK_STR(by_format("%Y-%m-%d", "2024-13-01"), "bad at 5");
    CHECK_STR(by_format("%Y-%m-%d", "2024-01-01 "), "bad at 10");
    CHECK_STR(by_format("%Y-%m-%d", "24-01-01"), "bad at 2");
    CHECK_STR(by_format("%H:%M", "24:00"), "bad at 0");
    CHECK_STR(by_format("%H:%M:%S", "23:59:60"), "bad at 6");
    CHECK_STR(by_format("%I:%M %p", "13:00 PM"), "bad at 0");
    CHECK_STR(by_format("%a %F", "Mon 2024-02-29"), "bad at 0");
    CHECK_STR(by_format("%d %b %Y", "29 Fex 2024"), "bad at 3");
    CHECK_STR(by_format("%Y-%j", "2023-366"), "bad at 5");
    CHECK_STR(by_format("%q", "x"), "bad at 0");
    size_t bad = 0;
    CHECK(fr_date_format_check("%d/%m/%Y %H:%M:%S.%3f %-d %%", 28, &bad));
    CHECK(!fr_date_format_check("%d/%q", 5, &bad));
    CHECK_INT(bad, 3);
    CHECK(!fr_date_format_check("%d/%", 4, &bad));
    CHECK_INT(bad, 3);
    CHECK(!fr_date_format_check("%4f", 3, &bad));
}

static const char *written(const char *format, const fr_moment *m)
{
    static char room[8][200];
    static int at;
    char *out = room[at++ % 8];
    fr_print_date_format(format, strlen(format), m, out, 200);
    return out;
}

TEST(formats_are_written)
{
    fr_moment m = { .year = 2024, .month = 2, .day = 9, .hour = 15, .minute = 4, .second = 5, .nanosecond = 67000000,
        .has_date = true,
                    .has_time = true, .has_offset = true, .offset_seconds = -12600 };
    CHECK_STR(written("%Y-%m-%d %H:%M:%S.%f", &m), "2024-02-09 15:04:05.067000");
    CHECK_STR(written("%3f %9f %I %p %y %e %-d %-m %j", &m), "067 067000000 03 PM 24  9 9 2 040");
    CHECK_STR(written("%a %A %b %B %z %Z %%", &m), "Fri Friday Feb February -0330 UTC-0330 %");
    CHECK_STR(written("%F|%T|%D|%R", &m), "2024-02-09|15:04:05|02/09/24|15:04");
    CHECK_STR(written("%q", &m), "%q");
    char few[5];
    CHECK_INT(fr_print_date_format("%Y-%m", 5, &m, few, sizeof few), 7);
    CHECK_STR(few, "2024");
}

TEST(moments_and_ticks)
{
    fr_moment m;
    int64_t ticks = 0;
    bool inexact = true;
    CHECK(fr_parse_iso("1970-01-01 01:00:00.5+01:00", 27, &m, NULL) && fr_moment_ticks(&m, 1000, &ticks, &inexact));
    CHECK_INT(ticks, 500);
    CHECK(!inexact && fr_moment_ticks(&m, 1, &ticks, &inexact) && inexact && ticks == 0);
    CHECK(fr_parse_iso("1969-12-31 23:59:59.5", 21, &m, NULL) && fr_moment_ticks(&m, 1, &ticks, &inexact));
    CHECK_INT(ticks, -1);                                    /* cut downwards, towards the past */
    CHECK(fr_parse_iso("3000-01-01", 10, &m, NULL) && !fr_moment_ticks(&m, 1000000000, &ticks, NULL));

    char text[FR_DATE_BYTES];
    fr_print_datetime(-1, 1000000000, text);
    CHECK_STR(text, "1969-12-31 23:59:59.999999999");
    fr_print_datetime(1250, 1000, text);
    CHECK_STR(text, "1970-01-01 00:00:01.250");
    fr_print_datetime(INT64_MIN, 1000000000, text);
    CHECK_STR(text, "1677-09-21 00:12:43.145224192");
    fr_print_datetime(INT64_MAX, 1000000, text);
    CHECK_STR(text, "+294247-01-10 04:00:54.775807");
    fr_print_time(45005250000, 1000000, text);
    CHECK_STR(text, "12:30:05.250");
    fr_print_datetime_offset(1709206205, 1, 3600, text);
    CHECK_STR(text, "2024-02-29 12:30:05+01:00");
    fr_print_datetime_offset(0, 1, -12345, text);
    CHECK_STR(text, "1969-12-31 20:34:15-03:25:45");

    static const int64_t rates[] = { 1, 1000, 1000000, 1000000000 };
    uint64_t state = 9;
    for (int i = 0; i < 40000; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        int64_t t = (int64_t)(state >> (i % 40) ^ (uint64_t)-(i & 1)), rate = rates[i % 4], back = 0;
        if (rate == 1) t %= INT64_C(60000000000000);        /* years of int32 */
        size_t n = fr_print_datetime(t, rate, text);
        CHECK(fr_parse_iso(text, n, &m, NULL) && fr_moment_ticks(&m, rate, &back, &inexact) && !inexact && back == t);
    }
}

/* ---- durations --------------------------------------------------------------------------------------------------- */
static const char *duration(const char *text)
{
    static char room[4][FR_DATE_BYTES];
    static int at;
    char *out = room[at++ % 4];
    int64_t ticks;
    size_t bad = 99;
    if (fr_parse_duration(text, strlen(text), 1000000000, &ticks, &bad)) fr_print_duration(ticks, 1000000000, out);
    else snprintf(out, FR_DATE_BYTES, "bad at %zu", bad);
    return out;
}

TEST(durations_are_read_and_written_as_in_pandas)
{
    CHECK_STR(duration("1d2h"), "1 days 02:00:00");
    CHECK_STR(duration("1 days 02:03:04.5"), "1 days 02:03:04.500000");
    CHECK_STR(duration("-1 days +23:59:59"), "-1 days +23:59:59");
    CHECK_STR(duration("-1 days 2 min 3us"), "-2 days +23:57:59.999997");
    CHECK_STR(duration("90min"), "0 days 01:30:00");
    CHECK_STR(duration("1.5h"), "0 days 01:30:00");
    CHECK_STR(duration("02:03"), "0 days 02:03:00");
    CHECK_STR(duration("100:00:00"), "4 days 04:00:00");
    CHECK_STR(duration("1ns"), "0 days 00:00:00.000000001");
    CHECK_STR(duration("2 weeks, 1 day"), "15 days 00:00:00");
    CHECK_STR(duration("P1DT2H3M4.5S"), "1 days 02:03:04.500000");
    CHECK_STR(duration("-PT1S"), "-1 days +23:59:59");
    CHECK_STR(duration("P2W"), "14 days 00:00:00");
    static const char *const wrong[] = { "", "1", "-", "1x", "1.d", "1 month", "P", "P1", "PT", "P1DT", "P1H",
        "PT1D", "P1Y", "PT1.5H3M", "PT1S1M",
                                         "1d 2", "0.1ns", "1d,", "1d ", "300000d2000000h999999999999d", "1:60",
                                             "1.5:00" };
    for (size_t i = 0; i < FR_COUNT_OF(wrong); i++) CHECK(strncmp(duration(wrong[i]), "bad", 3) == 0);
    int64_t ticks;
    CHECK(!fr_parse_duration("1.5s", 4, 1, &ticks, NULL) && fr_parse_duration("1.5s", 4, 1000, &ticks, NULL) &&
        ticks == 1500);

    char text[FR_DATE_BYTES];
    uint64_t state = 5;
    for (int i = 0; i < 40000; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        int64_t t = (int64_t)(state >> (i % 60) ^ (uint64_t)-(i & 1)), rate = i % 3 ? 1000000000 : 1000, back = 0;
        if (i == 0) t = INT64_MIN;
        if (i == 1) t = INT64_MAX;
        CHECK(fr_parse_duration(text, fr_print_duration(t, rate, text), rate, &back, NULL) && back == t);
    }
}

/* ---- guessing ---------------------------------------------------------------------------------------------------- */
#define BIT FR_DATE_BIT
static uint64_t guess(const char *text) { return fr_date_guess(text, strlen(text)); }

TEST(shapes_are_guessed)
{
    CHECK_INT(guess("2024-02-29"), BIT(FR_DATE_ISO) | BIT(FR_TIME_NONE));
    CHECK_INT(guess("2024-02-29T12:30:05Z"),
        BIT(FR_DATE_ISO) | BIT(FR_TIME_SECONDS) | BIT(FR_TIME_ISO_T) | BIT(FR_TIME_OFFSET));
    CHECK_INT(guess("20240229"), BIT(FR_DATE_COMPACT) | BIT(FR_TIME_NONE));
    CHECK_INT(guess("20240229T123005"), BIT(FR_DATE_COMPACT) | BIT(FR_TIME_SECONDS) | BIT(FR_TIME_ISO_T));
    CHECK_INT(guess("01/02/2024"), BIT(FR_DATE_DMY_SLASH) | BIT(FR_DATE_MDY_SLASH) | BIT(FR_TIME_NONE));
    CHECK_INT(guess("13/02/2024 9:05 PM"), BIT(FR_DATE_DMY_SLASH) | BIT(FR_TIME_MINUTES_12));
    CHECK_INT(guess("02/13/2024 12:30:05.5"), BIT(FR_DATE_MDY_SLASH) | BIT(FR_TIME_FRACTION));
    CHECK_INT(guess("2024/02/29 12:30 +0100"), BIT(FR_DATE_YMD_SLASH) | BIT(FR_TIME_MINUTES) | BIT(FR_TIME_OFFSET));
    CHECK_INT(guess("29.02.2024 12:30"), BIT(FR_DATE_DMY_DOT) | BIT(FR_TIME_MINUTES));
    CHECK_INT(guess("29-Feb-2024"), BIT(FR_DATE_D_MON_Y_DASH) | BIT(FR_TIME_NONE));
    CHECK_INT(guess("29 February 2024"), BIT(FR_DATE_D_MONTH_Y) | BIT(FR_TIME_NONE));
    CHECK_INT(guess("1 May 2024"), BIT(FR_DATE_D_MON_Y) | BIT(FR_DATE_D_MONTH_Y) | BIT(FR_TIME_NONE));
    CHECK_INT(guess("Feb 29, 2024"), BIT(FR_DATE_MON_D_Y) | BIT(FR_TIME_NONE));
    CHECK_INT(guess("Jan 1 2000"), BIT(FR_DATE_MON_D_Y_BLANK) | BIT(FR_TIME_NONE));
    CHECK_INT(guess("February 29 2024 12:30"), BIT(FR_DATE_MONTH_D_Y_BLANK) | BIT(FR_TIME_MINUTES));
    CHECK_INT(guess("29/02/24"), BIT(FR_DATE_DMY2_SLASH) | BIT(FR_TIME_NONE));
    CHECK_INT(guess("12:30:05"), BIT(FR_DATE_TIME_ONLY) | BIT(FR_TIME_SECONDS));
    static const char *const none[] = { "", "hello", "2024", "1234567", "30/02/2024", "2024-02-30", "1.5.2",
        "2024-02-29x", "192.168.10.12", "12:30:60" };
    for (size_t i = 0; i < FR_COUNT_OF(none); i++) CHECK_INT(guess(none[i]), 0);
}

TEST(shapes_read_what_they_matched)
{
    static const char *const texts[] = { "2024-02-29 12:30:05", "13/02/2024 9:05 PM", "Feb 29, 2024 12:30",
        "20240229T123005+01", "12:30", "29.02.24" };
    for (size_t i = 0; i < FR_COUNT_OF(texts); i++) {
        uint64_t found = guess(texts[i]) & FR_DATE_DATES;
        fr_moment m;
        CHECK(found != 0);
        for (int shape = 0; shape < FR_DATE_SHAPE_COUNT; shape++)
            CHECK(fr_parse_date_shape((fr_date_shape)shape, texts[i], strlen(texts[i]), &m,
                                      NULL) == (found >> shape & 1));
    }
    fr_moment m;
    size_t bad = 99;
    CHECK_STR(shown(fr_parse_date_shape(FR_DATE_DMY_SLASH, "13/02/2024 9:05 PM", 18, &m, &bad), &m, &bad),
        "2024-2-13 21:5:0.0 0 dt0");
    CHECK_STR(shown(fr_parse_date_shape(FR_DATE_MDY_SLASH, "13/02/2024", 10, &m, &bad), &m, &bad), "bad at 0");
    CHECK_STR(shown(fr_parse_date_shape(FR_DATE_ISO, "2024-02-29 25:00", 16, &m, &bad), &m, &bad), "bad at 11");
    CHECK_STR(fr_date_shape_format(FR_DATE_DMY_SLASH), "%d/%m/%Y");
}
