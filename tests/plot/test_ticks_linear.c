/* Linear ticks: the paper's best labellings (golden/ticks), axes by eye, and laws that hold for any range. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "plot/ticks.h"
#include "support/test.h"
#include "support/torture.h"

/* ---- the paper --------------------------------------------------------------------------------------------------- */
typedef struct golden { fr_steps_wish wish; double score, second; int n; char first[40], step[40]; } golden;

static bool read_golden(const char *line, golden *out)
{
    char fit[16];
    *out = (golden){ .wish.finest = INT_MIN };
    if (line[0] == '#' || sscanf(line, "%lf %lf %d %15s | %lf %d %39s %39s %lf", &out->wish.low, &out->wish.high, &out->wish.count,
                                 fit, &out->score, &out->n, out->first, out->step, &out->second) != 9) return false;
    out->wish.fit = fit[0] == 'c' ? FR_STEPS_COVER : fit[0] == 'i' ? FR_STEPS_INSIDE : FR_STEPS_FREE;
    return true;
}

static bool is_number(fr_exact number, const char *text)
{
    char room[64];
    const char *e = strchr(text, 'e');
    const fr_exact want = fr_exact_reduced((fr_exact){ strtoll(text, NULL, 10), (int32_t)strtol(e + 1, NULL, 10) });
    snprintf(room, sizeof room, "%lld %d", (long long)number.digits, (int)number.exponent);
    return number.digits == want.digits && number.exponent == want.exponent;
}

TEST(labellings_are_the_best_by_the_paper)
{
    char line[256];
    int n = 0;
    FILE *file = fopen(fr_test_path("tests/golden/ticks/linear.txt"), "r");
    REQUIRE(file != NULL);
    while (fgets(line, sizeof line, file)) {
        golden g;
        fr_steps steps;
        if (!read_golden(line, &g)) continue;
        n++;
        CHECK(fr_steps_search(&g.wish, &steps));
        CHECK_NEAR(steps.score, g.score, 1e-9);
        if (g.score - g.second < 1e-9) continue;                 /* a tie: either is right */
        if (!is_number(fr_steps_tick(&steps, 0), g.first) || !is_number(fr_steps_step(&steps), g.step) || steps.n != g.n)
            CHECK_STR("other labels", line);
    }
    fclose(file);
    CHECK(n >= 190);
}

/* ---- axes -------------------------------------------------------------------------------------------------------- */
/* The labels of an axis of 300 pixels, joined by " | ". */
static const char *axis(double low, double high, fr_tick_wish wish)
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
    if (fr_scale_linear(&call, low, high, &scale)) {
        fr_scale_set_range(&scale, 300, 0);
        if (fr_scale_ticks(&call, &arena, &scale, &wish, &ticks)) out[0] = 0;
    }
    for (size_t i = 0; i < ticks.n; i++)
        snprintf(out + strlen(out), 2048 - strlen(out), "%s%s", i ? " | " : "", ticks.ticks[i].label);
    fr_call_end(&call);
    return out;
}

TEST(axes_read_well)
{
    CHECK_STR(axis(0, 97, (fr_tick_wish){ .cover = true }), "0 | 25 | 50 | 75 | 100");
    CHECK_STR(axis(3, 97, (fr_tick_wish){ 0 }), "20 | 40 | 60 | 80");
    CHECK_STR(axis(0.1, 0.9, (fr_tick_wish){ .cover = true }), "0.00 | 0.25 | 0.50 | 0.75 | 1.00");
    CHECK_STR(axis(1000, 1500, (fr_tick_wish){ .cover = true }), "1,000 | 1,100 | 1,200 | 1,300 | 1,400 | 1,500");
    CHECK_STR(axis(1995, 2024, (fr_tick_wish){ .cover = true, .whole = true }), "1995 | 2000 | 2005 | 2010 | 2015 | 2020 | 2025");
    CHECK_STR(axis(0, 1234567, (fr_tick_wish){ .cover = true, .style = { .symbol = "$" } }),
              "0 | 0.25\xc2\xa0M | 0.50\xc2\xa0M | 0.75\xc2\xa0M | 1.00\xc2\xa0M | $1.25\xc2\xa0M");
    CHECK_STR(axis(0, 2, (fr_tick_wish){ .style = { .format = ".0f" } }), "0 | 1 | 2");
    CHECK_STR(axis(0, 1, (fr_tick_wish){ .whole = true }), "0 | 1");
    CHECK_STR(axis(0.5, 1.5, (fr_tick_wish){ .whole = true }), "1");
    CHECK_STR(axis(0, 1e-300, (fr_tick_wish){ .count = 3 }), "0 | 5×10⁻³⁰¹ | 10×10⁻³⁰¹");
    CHECK_STR(axis(-1e300, 1e300, (fr_tick_wish){ .count = 3 }), "\xe2\x88\x92" "1×10³⁰⁰ | 0 | 1×10³⁰⁰");
    CHECK_STR(axis(0, 1, (fr_tick_wish){ .style = { .percent = true } }),
              "0\xc2\xa0% | 25\xc2\xa0% | 50\xc2\xa0% | 75\xc2\xa0% | 100\xc2\xa0%");
}

TEST(few_pixels_make_few_labels)
{
    CHECK_INT(fr_tick_count(&(fr_tick_wish){ .spacing = 60 }, 300), 6);
    CHECK_INT(fr_tick_count(&(fr_tick_wish){ .spacing = 60 }, -300), 6);
    CHECK_INT(fr_tick_count(&(fr_tick_wish){ .spacing = 60 }, 10), 2);
    CHECK_INT(fr_tick_count(&(fr_tick_wish){ 0 }, 300), 5);
    CHECK_INT(fr_tick_count(&(fr_tick_wish){ .count = 1000 }, 300), 50);
}

/* ---- laws -------------------------------------------------------------------------------------------------------- */
/* A double of any magnitude, sign and number of digits. */
static double any_number(fr_rng *rng)
{
    const double size = pow(10, (double)fr_rng_below(rng, 600) - 300) * (fr_rng_f64(rng) - 0.5);
    switch (fr_rng_below(rng, 6)) {
    case 0:  return 0;
    case 1:  return (double)fr_rng_below(rng, 200) - 100;
    case 2:  return 1e15 + (double)fr_rng_below(rng, 1000) / 8;
    case 3:  return (fr_rng_f64(rng) - 0.5) * 1000;
    default: return size;
    }
}

static void check_axis(fr_call *call, fr_arena *arena, double low, double high, const fr_tick_wish *wish)
{
    fr_scale scale;
    fr_ticks t;
    REQUIRE(fr_scale_linear(call, low, high, &scale));
    fr_scale_set_range(&scale, 0, 500);
    const double a = scale.low, b = scale.high;
    REQUIRE(fr_scale_ticks(call, arena, &scale, wish, &t));
    bool in_order = true, differ = true, inside = true;
    for (size_t i = 0; i < t.n; i++) {
        if (i > 0) in_order = in_order && t.ticks[i].value > t.ticks[i - 1].value;
        if (i > 0) differ = differ && strcmp(t.ticks[i].label, t.ticks[i - 1].label) != 0;
        inside = inside && t.ticks[i].at >= -1e-6 && t.ticks[i].at <= 500 + 1e-6;
    }
    CHECK(in_order && differ && inside);
    CHECK(scale.low <= a && scale.high >= b);
    if (wish->cover) CHECK(t.ticks[0].at <= 1e-6 && t.ticks[t.n - 1].at >= 500 - 1e-6);
    else CHECK(scale.low == a && scale.high == b);
    const bool short_of_bits = b / 2 - a / 2 < 1e-12 * fmax(fabs(a), fabs(b));       /* one more or less, then */
    const int most = wish->count + (wish->count / 2 > 2 ? wish->count / 2 : 2) + 2 * short_of_bits;
    CHECK((int)t.n >= (short_of_bits ? 1 : 2) && (int)t.n <= most);
}

TEST(any_range_has_ticks_in_order_within_and_with_labels_of_their_own)
{
    fr_call call;
    fr_rng rng;
    fr_rng_init(&rng, 7, 0);
    fr_call_begin(&call, NULL, NULL, 0);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call.context);
    for (int i = 0; i < 20000; i++) {
        const fr_tick_wish wish = { .count = 2 + (int)fr_rng_below(&rng, 12), .cover = i & 1 };
        check_axis(&call, &arena, any_number(&rng), any_number(&rng), &wish);
        if (i % 64 == 0) fr_arena_clear(&arena);
    }
    check_axis(&call, &arena, -DBL_MAX, DBL_MAX, &(fr_tick_wish){ .count = 5 });
    check_axis(&call, &arena, 0, 5e-324, &(fr_tick_wish){ .count = 5 });
    check_axis(&call, &arena, 1e15, 1e15 + 0.125, &(fr_tick_wish){ .count = 5, .cover = true });
    check_axis(&call, &arena, 0.1, 0.1, &(fr_tick_wish){ .count = 5, .cover = true });
    fr_call_end(&call);
}

static fr_outcome some_axis(fr_context *context, void *state)
{
    fr_call call;
    fr_scale scale;
    fr_ticks ticks = { 0 };
    uint64_t digest = 0;
    (void)state;
    fr_call_begin(&call, context, NULL, 0);
    fr_arena arena;
    fr_arena_init(&arena, call.context);
    if (fr_scale_linear(&call, 0, 97, &scale) && fr_scale_ticks(&call, &arena, &scale, &(fr_tick_wish){ 0 }, &ticks))
        for (size_t i = 0; i < ticks.n; i++) digest = fr_digest(digest, ticks.ticks[i].label, strlen(ticks.ticks[i].label));
    fr_arena_clear(&arena);
    return fr_outcome_of_call(&call, digest);
}

TEST(ticks_survive_every_failure) { TORTURE(some_axis, NULL); }
