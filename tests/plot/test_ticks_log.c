/* Log ticks: axes by eye for each ladder, and laws for any range of positive numbers. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/rng.h"
#include "plot/ticks.h"
#include "support/test.h"

#define B "\xc2\xa0"

typedef struct ends { double low, high, base; } ends;

/* The labels joined by " | "; a number in brackets counts the minor ticks. */
static const char *axis(ends e, fr_tick_wish wish)
{
    static char room[4][2048];
    static int at;
    char *out = room[at++ % 4];
    fr_call call;
    fr_scale scale;
    fr_ticks ticks = { 0 };
    fr_call_begin(&call, NULL, NULL, 0);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call.context);
    snprintf(out, 2048, "failed");
    if (fr_scale_log(&call, e.low, e.high, e.base, &scale) && fr_scale_ticks(&call, &arena, &scale, &wish, &ticks)) out[0] = 0;
    for (size_t i = 0; i < ticks.n; i++)
        if (ticks.ticks[i].label) snprintf(out + strlen(out), 2048 - strlen(out), "%s%s", *out ? " | " : "", ticks.ticks[i].label);
    if (ticks.n > ticks.n_labels) snprintf(out + strlen(out), 2048 - strlen(out), " [%zu]", ticks.n - ticks.n_labels);
    fr_call_end(&call);
    return out;
}

TEST(ladders_follow_the_wish)
{
    CHECK_STR(axis((ends){ 3, 400, 10 }, (fr_tick_wish){ .count = 6 }), "5 | 10 | 20 | 50 | 100 | 200 [14]");
    CHECK_STR(axis((ends){ 3, 40000, 10 }, (fr_tick_wish){ .count = 5, .no_minor = true }), "10 | 100 | 1,000 | 10,000");
    CHECK_STR(axis((ends){ 1e-9, 1e12, 10 }, (fr_tick_wish){ .count = 5 }), "10⁻⁵ | 10⁰ | 10⁵ | 10¹⁰ [18]");
    CHECK_STR(axis((ends){ 20, 90, 10 }, (fr_tick_wish){ .count = 5 }), "20 | 40 | 60 | 80");
    CHECK_STR(axis((ends){ 0.001, 1, 10 }, (fr_tick_wish){ .count = 4, .no_minor = true }), "0.001 | 0.01 | 0.1 | 1");
    CHECK_STR(axis((ends){ 100, 1e7, 10 }, (fr_tick_wish){ .count = 6, .no_minor = true }),
              "100 | 1" B "k | 10" B "k | 100" B "k | 1" B "M | 10" B "M");
}

TEST(base_two_has_powers_of_two)
{
    CHECK_STR(axis((ends){ 1, 64, 2 }, (fr_tick_wish){ .count = 7 }), "1 | 2 | 4 | 8 | 16 | 32 | 64");
    CHECK_STR(axis((ends){ 0.25, 4, 2 }, (fr_tick_wish){ .count = 5 }), "0.25 | 0.5 | 1 | 2 | 4");
    CHECK_STR(axis((ends){ 1, 0x1p40, 2 }, (fr_tick_wish){ .count = 5 }), "2⁰ | 2⁹ | 2¹⁸ | 2²⁷ | 2³⁶ [36]");
}

TEST(styles_apply_to_each_label)
{
    CHECK_STR(axis((ends){ 1, 100, 10 }, (fr_tick_wish){ .count = 3, .no_minor = true, .style = { .symbol = "$" } }),
              "1 | 10 | $100");
    CHECK_STR(axis((ends){ 0.01, 1, 10 }, (fr_tick_wish){ .count = 3, .no_minor = true, .style = { .percent = true } }),
              "1" B "% | 10" B "% | 100" B "%");
    CHECK_STR(axis((ends){ 1, 1e4, 10 }, (fr_tick_wish){ .count = 5, .no_minor = true, .style = { .format = ",.1f" } }),
              "1.0 | 10.0 | 100.0 | 1,000.0 | 10,000.0");
}

static double covered(double low, double high, bool want_high)
{
    fr_call call;
    fr_scale scale;
    fr_ticks ticks;
    fr_call_begin(&call, NULL, NULL, 0);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call.context);
    CHECK(fr_scale_log(&call, low, high, 10, &scale));
    CHECK(fr_scale_ticks(&call, &arena, &scale, &(fr_tick_wish){ .cover = true }, &ticks));
    fr_call_end(&call);
    return want_high ? scale.high : scale.low;
}

TEST(covering_widens_to_one_two_five)
{
    CHECK_F64(covered(3, 40000, false), 2);
    CHECK_F64(covered(3, 40000, true), 50000);
    CHECK_F64(covered(1, 1000, false), 1);
    CHECK_F64(covered(1, 1000, true), 1000);
    CHECK_F64(covered(0.02, 700, false), 0.02);
    CHECK_F64(covered(0.02, 700, true), 1000);
}

static double any_positive(fr_rng *rng)
{
    return pow(10, (fr_rng_f64(rng) - 0.5) * (fr_rng_below(rng, 2) ? 600 : 8));
}

TEST(any_positive_range_has_ticks_in_order_and_within)
{
    fr_call call;
    fr_rng rng;
    fr_rng_init(&rng, 5, 0);
    fr_call_begin(&call, NULL, NULL, 0);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call.context);
    for (int round = 0; round < 5000; round++) {
        fr_scale scale;
        fr_ticks t;
        const fr_tick_wish wish = { .count = 2 + (int)fr_rng_below(&rng, 10), .cover = round & 1 };
        const double low = any_positive(&rng), high = any_positive(&rng);
        REQUIRE(fr_scale_log(&call, low, high, round % 3 ? 10 : 2, &scale));
        REQUIRE(fr_scale_ticks(&call, &arena, &scale, &wish, &t));
        bool fine = true;
        const char *before = "";
        for (size_t i = 0; i < t.n; i++) {
            fine = fine && t.ticks[i].at >= -1e-9 && t.ticks[i].at <= 1 + 1e-9;
            fine = fine && (i == 0 || t.ticks[i].value > t.ticks[i - 1].value);
            if (!t.ticks[i].label) continue;
            fine = fine && strcmp(before, t.ticks[i].label) != 0;
            before = t.ticks[i].label;
        }
        CHECK(fine);
        CHECK(t.n_labels >= 2 && (int)t.n_labels <= wish.count * 3 / 2 + 2);
        if (round % 64 == 0) fr_arena_clear(&arena);
    }
    fr_call_end(&call);
}
