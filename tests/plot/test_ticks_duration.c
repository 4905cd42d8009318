/* Ticks of durations: every step of the ladder by eye, and laws for any range. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/rng.h"
#include "plot/ticks.h"
#include "support/test.h"

#define B "\xc2\xa0"

/* The labels of low … high seconds at microseconds a tick, joined by " | ". */
static const char *axis(double low, double high, fr_tick_wish wish)
{
    static char room[4][1024];
    static int at;
    char *out = room[at++ % 4];
    fr_call call;
    fr_scale scale;
    fr_ticks ticks = { 0 };
    fr_call_begin(&call, NULL, NULL, 0);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call.context);
    snprintf(out, 1024, "failed");
    if (fr_scale_duration(&call, low * 1e6, high * 1e6, 1000000, &scale) && fr_scale_ticks(&call, &arena, &scale, &wish, &ticks))
        out[0] = 0;
    for (size_t i = 0; i < ticks.n; i++)
        snprintf(out + strlen(out), 1024 - strlen(out), "%s%s", i ? " | " : "", ticks.ticks[i].label);
    fr_call_end(&call);
    return out;
}

TEST(durations_are_counted_as_people_do)
{
    const fr_tick_wish four = { .count = 4 };
    CHECK_STR(axis(0, 0.001, four), "0.0" B "ms | 0.5" B "ms | 1.0" B "ms");
    CHECK_STR(axis(0, 2, four), "0.0" B "s | 0.5" B "s | 1.0" B "s | 1.5" B "s | 2.0" B "s");
    CHECK_STR(axis(0, 50, four), "0 | 10" B "s | 20" B "s | 30" B "s | 40" B "s | 50" B "s");
    CHECK_STR(axis(0, 130, four), "0 | 0:30" B "min | 1:00" B "min | 1:30" B "min | 2:00" B "min");
    CHECK_STR(axis(0, 3000, four), "0 | 10" B "min | 20" B "min | 30" B "min | 40" B "min | 50" B "min");
    CHECK_STR(axis(0, 7200, four), "0 | 0:30" B "h | 1:00" B "h | 1:30" B "h | 2:00" B "h");
    CHECK_STR(axis(-7200, 7200, four), "\xe2\x88\x92" "2" B "h | \xe2\x88\x92" "1" B "h | 0 | 1" B "h | 2" B "h");
    CHECK_STR(axis(3600, 3640, four), "1:00:00" B "h | 1:00:10" B "h | 1:00:20" B "h | 1:00:30" B "h | 1:00:40" B "h");
    CHECK_STR(axis(0, 86400, four), "0 | 6" B "h | 12" B "h | 18" B "h | 24" B "h");
    CHECK_STR(axis(0, 8 * 86400, four), "0" B "d | 2" B "d | 4" B "d | 6" B "d | 8" B "d");
    CHECK_STR(axis(0, 7000, (fr_tick_wish){ .count = 4, .cover = true }), "0 | 0:30" B "h | 1:00" B "h | 1:30" B "h | 2:00" B "h");
    CHECK_STR(axis(0, 7000, (fr_tick_wish){ .count = 4, .style = { .format = ",.0f" } }), "0 | 2,000 | 4,000 | 6,000");
    CHECK_STR(axis(0, 0, four), "\xe2\x88\x92" "1.0" B "s | \xe2\x88\x92" "0.5" B "s | 0.0" B "s | 0.5" B "s | 1.0" B "s");
}

static const char *duration(double seconds)
{
    static char room[8][FR_LABEL_BYTES];
    static int at;
    char *out = room[at++ % 8];
    fr_label_duration(seconds, out);
    return out;
}

TEST(a_duration_on_its_own_has_the_unit_of_its_size)
{
    CHECK_STR(duration(0), "0" B "s");
    CHECK_STR(duration(0.25), "250" B "ms");
    CHECK_STR(duration(12.5), "12.5" B "s");
    CHECK_STR(duration(90), "1:30" B "min");
    CHECK_STR(duration(-90), "\xe2\x88\x92" "1:30" B "min");
    CHECK_STR(duration(3599.7), "1:00:00" B "h");
    CHECK_STR(duration(7500), "2:05" B "h");
    CHECK_STR(duration(3.5 * 86400), "3.5" B "d");
    CHECK_STR(duration((double)INFINITY), "∞");
}

TEST(any_duration_has_ticks_in_order_and_within)
{
    fr_call call;
    fr_rng rng;
    fr_rng_init(&rng, 9, 0);
    fr_call_begin(&call, NULL, NULL, 0);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call.context);
    for (int round = 0; round < 5000; round++) {
        fr_scale scale;
        fr_ticks t;
        const fr_tick_wish wish = { .count = 2 + (int)fr_rng_below(&rng, 10), .cover = round & 1 };
        const double size = pow(10, fr_rng_f64(&rng) * 18);
        REQUIRE(fr_scale_duration(&call, (fr_rng_f64(&rng) - 0.5) * size, (fr_rng_f64(&rng) - 0.5) * size, 1000000, &scale));
        REQUIRE(fr_scale_ticks(&call, &arena, &scale, &wish, &t));
        bool fine = true;
        for (size_t i = 0; i < t.n; i++) {
            fine = fine && t.ticks[i].at >= -1e-6 && t.ticks[i].at <= 1 + 1e-6;
            if (i == 0) continue;
            fine = fine && t.ticks[i].value > t.ticks[i - 1].value && strcmp(t.ticks[i].label, t.ticks[i - 1].label) != 0;
        }
        CHECK(fine);
        CHECK(t.n >= 2 && (int)t.n <= wish.count * 3 / 2 + 3);
        if (round % 64 == 0) fr_arena_clear(&arena);
    }
    fr_call_end(&call);
}
