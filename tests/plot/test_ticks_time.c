/* Time ticks: every rung by eye, changes of the clock, far years, and laws for any interval in any zone. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/date_text.h"
#include "base/rng.h"
#include "data/zone_file.h"
#include "plot/ticks.h"
#include "support/test.h"
#include "support/torture.h"

#define B "\xc2\xa0"

typedef struct span { const char *low, *high, *zone; int64_t per_second; bool date_only, no_date; } span;

static int64_t instant(const char *text, int64_t per_second)
{
    fr_moment when;
    int64_t out = 0;
    CHECK(fr_parse_iso(text, strlen(text), &when, NULL) && fr_moment_ticks(&when, per_second, &out, NULL));
    return out;
}

static bool scale_of(fr_call *call, fr_arena *arena, const span *s, fr_scale *out)
{
    const int64_t rate = s->per_second ? s->per_second : 1;
    fr_time_domain d = { .per_second = rate, .date_only = s->date_only, .no_date = s->no_date };
    d.low  = instant(s->low, rate);
    d.high = instant(s->high, rate);
    return (!s->zone || fr_zone_read(call, arena, s->zone, &d.zone)) && fr_scale_time(call, &d, out);
}

/* Labels joined by blanks, with the context in brackets behind the tick that has one. */
static const char *axis_with(span s, fr_tick_wish wish)
{
    static char room[4][2048];
    static int at;
    char *out = room[at++ % 4];
    fr_call call;
    fr_scale scale;
    fr_ticks t = { 0 };
    fr_call_begin(&call, NULL, NULL, 0);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call.context);
    snprintf(out, 2048, "failed");
    if (scale_of(&call, &arena, &s, &scale) && fr_scale_ticks(&call, &arena, &scale, &wish, &t)) out[0] = 0;
    for (size_t i = 0; i < t.n; i++) {
        const fr_tick *k = &t.ticks[i];
        if (!k->label) continue;
        snprintf(out + strlen(out), 2048 - strlen(out), "%s%s", *out ? " " : "", k->label);
        if (k->context) snprintf(out + strlen(out), 2048 - strlen(out), "[%s]", k->context);
    }
    fr_call_end(&call);
    return out;
}

static const char *axis(const char *low, const char *high, int count)
{
    return axis_with((span){ .low = low, .high = high, .per_second = 1000000 }, (fr_tick_wish){ .count = count });
}

TEST(steps_go_from_fractions_of_a_second_to_centuries)
{
    CHECK_STR(axis("2024-02-29 12:30:05", "2024-02-29 12:30:05.001", 5),
              "5.0000" B "s[29 Feb 2024 12:30] 5.0002" B "s 5.0004" B "s 5.0006" B "s 5.0008" B "s 5.0010" B "s");
    CHECK_STR(axis("2024-02-29 12:30:59", "2024-02-29 12:31:00.5", 4),
              "59.0" B "s[29 Feb 2024 12:30] 59.5" B "s 0.0" B "s[29 Feb 2024 12:31] 0.5" B "s");
    CHECK_STR(axis("2024-02-29 23:59:30", "2024-03-01 00:00:30", 4),
              "23:59:30[29 Feb 2024] 23:59:45 00:00:00[1 Mar 2024] 00:00:15 00:00:30");
    CHECK_STR(axis("2024-02-29 12:00", "2024-02-29 13:00", 5), "12:00[29 Feb 2024] 12:10 12:20 12:30 12:40 12:50 13:00");
    CHECK_STR(axis("2024-02-28 18:00", "2024-03-01 12:00", 5), "00:00[29 Feb 2024] 12:00 00:00[1 Mar 2024] 12:00");
    CHECK_STR(axis("2024-02-27", "2024-03-02", 4), "27[Feb 2024] 28 29 1[Mar 2024] 2");
    CHECK_STR(axis("2024-01-25", "2024-02-07", 5), "25[Jan 2024] 27 29 1[Feb 2024] 3 5 7");
    CHECK_STR(axis("2024-01-01", "2024-02-10", 5), "1[Jan 2024] 8 15 22 29 5[Feb 2024]");
    CHECK_STR(axis("2024-01-01", "2024-12-31", 12), "Jan[2024] Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec");
    CHECK_STR(axis("2023-10-15", "2025-01-15", 5), "Jan[2024] Apr Jul Oct Jan[2025]");
    CHECK_STR(axis("2020-01-01", "2024-01-01", 5), "2020 2021 2022 2023 2024");
    CHECK_STR(axis("1900-01-01", "2024-01-01", 5), "1900 1920 1940 1960 1980 2000 2020");
}

TEST(far_years_are_years)
{
    CHECK_STR(axis("0001-01-01", "0005-06-01", 5), "0001 0002 0003 0004 0005");
    CHECK_STR(axis("0001-01-01", "9999-12-31", 5), "2000 4000 6000 8000");
    CHECK_STR(axis_with((span){ .low = "1970-01-01", .high = "1970-01-01" }, (fr_tick_wish){ 0 }),
              "12:00[31 Dec 1969] 18:00 00:00[1 Jan 1970] 06:00 12:00");
}

static const char *far_axis(int64_t low_days, int64_t high_days)
{
    static char out[512];
    fr_call call;
    fr_scale scale;
    fr_ticks t = { 0 };
    fr_call_begin(&call, NULL, NULL, 0);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call.context);
    const fr_time_domain d = { .low = low_days * 86400, .high = high_days * 86400, .per_second = 1, .date_only = true };
    CHECK(fr_scale_time(&call, &d, &scale) && fr_scale_ticks(&call, &arena, &scale, &(fr_tick_wish){ .cover = true }, &t));
    out[0] = 0;
    for (size_t i = 0; i < t.n; i++) snprintf(out + strlen(out), sizeof out - strlen(out), "%s%s", i ? " " : "", t.ticks[i].label);
    fr_call_end(&call);
    return out;
}

TEST(years_before_zero_and_of_six_digits_have_axes)
{
    CHECK_STR(far_axis(fr_civil_days(-4000, 1, 1), fr_civil_days(4000, 1, 1)),
              "\xe2\x88\x92" "4000 \xe2\x88\x92" "2000 0000 2000 4000");
    CHECK_STR(far_axis(fr_civil_days(99000, 1, 1), fr_civil_days(101000, 1, 1)), "99000 99500 100000 100500 101000");
    CHECK_STR(far_axis(INT32_MIN, INT32_MAX),
              "\xe2\x88\x92" "6000000 \xe2\x88\x92" "4000000 \xe2\x88\x92" "2000000 0000 2000000 4000000 6000000");
}

TEST(days_begin_at_the_midnight_of_their_zone)
{
    const span berlin = { "2024-03-30 00:00+01:00", "2024-04-02 00:00+02:00", "Europe/Berlin", 1, false, false };
    CHECK_STR(axis_with(berlin, (fr_tick_wish){ .count = 4 }), "30[Mar 2024] 31 1[Apr 2024] 2");
}

TEST(the_hour_that_comes_twice_has_names)
{
    const span back = { "2020-10-25 01:00+02:00", "2020-10-25 04:00+01:00", "Europe/Berlin", 1, false, false };
    CHECK_STR(axis_with(back, (fr_tick_wish){ .count = 5 }), "01:00[25 Oct 2020] 02:00" B "CEST 02:00" B "CET 03:00 04:00");
    const span day = { "2020-10-25 00:00+02:00", "2020-10-26 00:00+01:00", "Europe/Berlin", 1, false, false };
    CHECK_STR(axis_with(day, (fr_tick_wish){ .count = 5 }), "00:00[25 Oct 2020] 06:00 12:00 18:00 00:00[26 Oct 2020]");
}

TEST(the_hour_that_never_was_has_no_tick)
{
    const span forward = { "2020-03-29 00:00+01:00", "2020-03-29 05:00+02:00", "Europe/Berlin", 1, false, false };
    CHECK_STR(axis_with(forward, (fr_tick_wish){ .count = 5 }), "00:00[29 Mar 2020] 01:00 03:00 04:00 05:00");
    const span no_midnight = { "2018-11-03 03:00Z", "2018-11-05 02:00Z", "America/Sao_Paulo", 1, true, false };
    CHECK_STR(axis_with(no_midnight, (fr_tick_wish){ .count = 3 }), "3[Nov 2018] 4 5");
}

TEST(dates_have_no_hours_and_times_no_dates)
{
    CHECK_STR(axis_with((span){ .low = "2024-02-28", .high = "2024-03-01", .date_only = true }, (fr_tick_wish){ .count = 9 }),
              "28[Feb 2024] 29 1[Mar 2024]");
    const span a_day = { .low = "1970-01-01 00:00", .high = "1970-01-01 23:59", .no_date = true };
    CHECK_STR(axis_with(a_day, (fr_tick_wish){ .count = 5 }),
              "00:00 06:00 12:00 18:00");
}

TEST(a_date_format_of_the_user_is_followed_without_repeats)
{
    const span year = { .low = "2024-01-01", .high = "2024-12-31" };
    CHECK_STR(axis_with(year, (fr_tick_wish){ .count = 4, .date_format = "%b %Y" }), "Jan 2024 Apr 2024 Jul 2024 Oct 2024");
    CHECK_STR(axis_with(year, (fr_tick_wish){ .count = 4, .date_format = "%Y" }), "2024");
    CHECK_STR(axis_with(year, (fr_tick_wish){ .count = 4, .date_format = "%Q" }), "failed");
}

TEST(covering_reaches_the_next_rungs)
{
    const span s = { .low = "2024-01-15", .high = "2024-11-20" };
    CHECK_STR(axis_with(s, (fr_tick_wish){ .count = 4, .cover = true }), "Jan[2024] Apr Jul Oct Jan[2025]");
    const span morning = { .low = "2024-01-01 10:07", .high = "2024-01-01 11:55" };
    CHECK_STR(axis_with(morning, (fr_tick_wish){ .count = 4, .cover = true }),
              "10:00[1 Jan 2024] 10:30 11:00 11:30 12:00");
}

/* ---- laws -------------------------------------------------------------------------------------------------------- */
static const char *const zones[] = { "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe",
                                     "America/St_Johns", "Pacific/Apia", "America/Sao_Paulo" };

static bool same_text(const char *a, const char *b) { return a && b && strcmp(a, b) == 0; }

static void check_ticks(const fr_scale *scale, const fr_ticks *t, int most)
{
    const char *context = "";
    bool fine = true;
    for (size_t i = 0; i < t->n; i++) {
        const fr_tick *k = &t->ticks[i];
        fine = fine && k->label && k->value >= scale->low && k->value <= scale->high;
        if (i > 0) fine = fine && k->value > t->ticks[i - 1].value;
        if (i > 0 && !k->context) fine = fine && !same_text(k->label, t->ticks[i - 1].label);
        if (k->context) {
            fine = fine && !same_text(k->context, context);
            context = k->context;
        }
    }
    CHECK(fine);
    CHECK(t->n >= 2 && (int)t->n <= most);
}

TEST(any_interval_has_ticks_in_order_with_labels_that_differ)
{
    static const int64_t rates[] = { 1, 1000, 1000000, 1000000000 };
    fr_call call;
    fr_rng rng;
    fr_rng_init(&rng, 11, 0);
    fr_call_begin(&call, NULL, NULL, 0);
    FR_CLEANUP(fr_arena_clear) fr_arena arena, kept;
    fr_arena_init(&arena, call.context);
    fr_arena_init(&kept, call.context);
    const fr_zone *zone[FR_COUNT_OF(zones)];
    for (size_t i = 0; i < FR_COUNT_OF(zones); i++) REQUIRE(fr_zone_read(&call, &kept, zones[i], &zone[i]) && zone[i]);
    for (int round = 0; round < 20000; round++) {
        const int64_t rate = rates[round % 4];
        const int64_t middle = (int64_t)((fr_rng_f64(&rng) - 0.3) * 4e9) * rate;
        const int64_t half = (int64_t)(pow(10, fr_rng_f64(&rng) * 9.6 - 1) * (double)rate) + 3;
        const fr_time_domain d = { .low = middle - half, .high = middle + half, .per_second = rate,
                                   .zone = zone[fr_rng_below(&rng, FR_COUNT_OF(zones))] };
        fr_scale scale;
        fr_ticks t;
        const int count = 3 + (int)fr_rng_below(&rng, 10);
        REQUIRE(fr_scale_time(&call, &d, &scale));
        REQUIRE(fr_scale_ticks(&call, &arena, &scale, &(fr_tick_wish){ .count = count, .cover = round & 1 }, &t));
        check_ticks(&scale, &t, count * 3 / 2 + 5);
        if (round % 64 == 0) fr_arena_clear(&arena);
    }
    fr_arena_clear(&kept);
    fr_call_end(&call);
}

static fr_outcome a_year(fr_context *context, void *state)
{
    fr_call call;
    fr_scale scale;
    fr_ticks t = { 0 };
    uint64_t digest = 0;
    (void)state;
    fr_call_begin(&call, context, NULL, 0);
    fr_arena arena;
    fr_arena_init(&arena, call.context);
    const fr_time_domain d = { .low = 1704067200, .high = 1735689600, .per_second = 1 };
    if (fr_scale_time(&call, &d, &scale) && fr_scale_ticks(&call, &arena, &scale, &(fr_tick_wish){ .count = 12 }, &t))
        for (size_t i = 0; i < t.n; i++) digest = fr_digest(digest, t.ticks[i].label, strlen(t.ticks[i].label));
    fr_arena_clear(&arena);
    return fr_outcome_of_call(&call, digest);
}

TEST(time_ticks_survive_every_failure) { TORTURE(a_year, NULL); }
