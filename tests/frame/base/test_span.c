/* Spans: rungs by eye, and the ladder's laws for every kind. */
#include "base/span.h"

#include <stdlib.h>
#include <string.h>

#include "base/date_text.h"
#include "support/test.h"

typedef bool snap(const fr_span *span, int64_t t, int64_t per_second, int64_t *out);

static const char *snapped(snap *how, const char *span_text, const char *time)
{
    static char room[8][FR_DATE_BYTES];
    static int at;
    char *out = room[at++ % 8];
    fr_span span;
    int64_t t = 0, rung = 0;
    strcpy(out, "no");
    fr_moment moment;
    if (fr_span_parse(span_text, strlen(span_text), &span) && fr_parse_iso(time, strlen(time), &moment, NULL) &&
        fr_moment_ticks(&moment, 1000000, &t, NULL) &&
        how(&span, t, 1000000, &rung)) fr_print_datetime(rung, 1000000, out);
    return out;
}

TEST(rungs_are_where_pandas_has_them)
{
    CHECK_STR(snapped(fr_span_floor, "15min", "2024-02-29 12:44:59"), "2024-02-29 12:30:00");
    CHECK_STR(snapped(fr_span_ceil, "15min", "2024-02-29 12:30:00"), "2024-02-29 12:30:00");
    CHECK_STR(snapped(fr_span_ceil, "15min", "2024-02-29 12:30:00.000001"), "2024-02-29 12:45:00");
    CHECK_STR(snapped(fr_span_floor, "D", "1969-12-31 23:59:59"), "1969-12-31 00:00:00");
    CHECK_STR(snapped(fr_span_round, "h", "2024-02-29 12:30:00"), "2024-02-29 12:00:00");
    CHECK_STR(snapped(fr_span_round, "h", "2024-02-29 13:30:00"), "2024-02-29 14:00:00");
    CHECK_STR(snapped(fr_span_round, "h", "2024-02-29 13:29:59"), "2024-02-29 13:00:00");
    CHECK_STR(snapped(fr_span_floor, "W", "2024-02-29 12:00:00"), "2024-02-25 00:00:00");            /* a Thursday */
    CHECK_STR(snapped(fr_span_ceil, "W", "2024-02-29 12:00:00"), "2024-03-03 00:00:00");
    CHECK_STR(snapped(fr_span_floor, "W-MON", "2024-02-29 12:00:00"), "2024-02-26 00:00:00");
    CHECK_STR(snapped(fr_span_floor, "MS", "2024-02-29 12:00:00"), "2024-02-01 00:00:00");
    CHECK_STR(snapped(fr_span_floor, "ME", "2024-02-28 12:00:00"), "2024-01-31 00:00:00");
    CHECK_STR(snapped(fr_span_ceil, "ME", "2024-02-28 12:00:00"), "2024-02-29 00:00:00");
    CHECK_STR(snapped(fr_span_floor, "ME", "2024-02-29 12:00:00"), "2024-02-29 00:00:00");
    CHECK_STR(snapped(fr_span_floor, "QS", "2024-02-29 12:00:00"), "2024-01-01 00:00:00");
    CHECK_STR(snapped(fr_span_ceil, "QE", "2024-02-29 12:00:00"), "2024-03-31 00:00:00");
    CHECK_STR(snapped(fr_span_ceil, "QE-JAN", "2024-02-29 12:00:00"), "2024-04-30 00:00:00");
    CHECK_STR(snapped(fr_span_floor, "YS", "2024-02-29 12:00:00"), "2024-01-01 00:00:00");
    CHECK_STR(snapped(fr_span_floor, "YS-APR", "2024-02-29 12:00:00"), "2023-04-01 00:00:00");
    CHECK_STR(snapped(fr_span_ceil, "YE", "2024-12-31 00:00:00"), "2024-12-31 00:00:00");
    CHECK_STR(snapped(fr_span_floor, "week", "2024-02-29 12:00:00"), "2024-02-26 00:00:00");
    CHECK_STR(snapped(fr_span_floor, "6hour", "2024-02-29 14:00:00"), "2024-02-29 12:00:00");
    CHECK_STR(snapped(fr_span_floor, "quarter", "2024-02-29 12:00:00"), "2024-01-01 00:00:00");
    CHECK_STR(snapped(fr_span_floor, "B", "2024-03-03 12:00:00"), "2024-03-01 00:00:00");          /* Sunday → Friday */
    CHECK_STR(snapped(fr_span_ceil, "B", "2024-03-02 00:00:00"), "2024-03-04 00:00:00");
}

TEST(spans_are_read_or_refused)
{
    fr_span span;
    CHECK(fr_span_parse("3MS", 3, &span) && span.count == 3 && span.months == 1 && !span.at_end);
    CHECK(fr_span_parse("M", 1, &span) && span.old_alias && span.at_end);
    CHECK(fr_span_parse("T", 1, &span) && span.old_alias);
    CHECK(fr_span_parse("W", 1, &span) && span.at_end && span.anchor == 6);
    static const char *const wrong[] = { "", "15", "0D", "min15", "W-XXX", "MS-JAN", "D-MON", "2B", "1.5h", "-1D",
        "W-MO", "999999999999D" };
    for (size_t i = 0; i < FR_COUNT_OF(wrong); i++) CHECK(!fr_span_parse(wrong[i], strlen(wrong[i]), &span));
    int64_t out;
    CHECK(fr_span_parse("1ns", 3, &span) && !fr_span_floor(&span, 5, 1000000, &out));          /* finer than a tick */
    CHECK(fr_span_parse("2D", 2, &span) && !fr_span_floor(&span, INT64_MIN, 1, &out));
    CHECK(fr_span_parse("MS", 2, &span) && !fr_span_floor(&span, INT64_MAX, 1, &out) && !fr_span_step(&span, 0,
        INT64_MAX, 1, &out));
}

TEST(rungs_at_the_ends_of_64_bits)
{
    fr_span hour, year;
    int64_t out, ns = 1000000000;
    CHECK(fr_span_parse("h", 1, &hour) && fr_span_parse("year", 4, &year));
    CHECK(!fr_span_floor(&hour, INT64_MIN, ns, &out) && !fr_span_ceil(&hour, INT64_MAX, ns, &out));
    CHECK(fr_span_ceil(&hour, INT64_MIN, ns, &out));
    CHECK_INT(out, INT64_C(-9223369200000000000));
    CHECK(!fr_span_round(&hour, INT64_MAX, ns, &out) && fr_span_round(&hour, INT64_MAX - 1200 * ns, ns, &out));
    CHECK_INT(out, INT64_C(9223369200000000000));
    CHECK(fr_span_round(&year, INT64_MAX, ns, &out));           /* 2262-04-11 */
    CHECK_INT(out, INT64_C(9214646400000000000));
    fr_span second;
    CHECK(fr_span_parse("1s", 2, &second) && fr_span_ceil(&second, INT64_MAX, 1, &out));    /* a rung, the last one */
    CHECK_INT(out, INT64_MAX);
}

TEST(grains)
{
    fr_span span;
    CHECK(fr_span_parse("500ms", 5, &span));
    CHECK_INT(fr_span_grain_of(&span, 1000000000), FR_SPAN_EVERY);
    CHECK_INT(fr_span_grain_of(&span, 500000000), FR_SPAN_COARSE);
    CHECK_INT(fr_span_grain_of(&span, 300000000), FR_SPAN_BETWEEN);
    CHECK(fr_span_parse("month", 5, &span));
    CHECK_INT(fr_span_grain_of(&span, 1000000000), FR_SPAN_COARSE);
}

TEST(the_ladder_holds)
{
    static const char *const texts[] = { "1us", "7min", "h", "D", "3D", "W", "W-WED", "2W", "B", "MS", "ME", "2MS",
        "QS", "QE-FEB", "YS", "YE-JUN", "5YS" };
    for (size_t k = 0; k < FR_COUNT_OF(texts); k++) {
        fr_span span;
        CHECK(fr_span_parse(texts[k], strlen(texts[k]), &span));
        int wrong = 0;
        for (int64_t i = -3000; i < 3000; i++) {
            int64_t t = i * INT64_C(987654321012), low = 0, high = 0, next = 0, back = 0, near = 0, again = 0;
            bool ok = fr_span_floor(&span, t, 1000000, &low) && fr_span_ceil(&span, t, 1000000, &high) &&
                      fr_span_step(&span, low, 1, 1000000, &next) && fr_span_step(&span, next, -1, 1000000, &back) &&
                      fr_span_round(&span, t, 1000000, &near) && fr_span_floor(&span, low, 1000000, &again);
            wrong += !ok || low > t || high < t || next <= t || back != low || again != low;
            wrong += high != (low == t ? low : next) || (near != low && near != high) ||
                llabs(near - t) > llabs(low - t);
        }
        CHECK_INT(wrong, 0);
    }
}
