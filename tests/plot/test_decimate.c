/* test_decimate.c — dense lines: few points, the same pixels. */
#include "plot/decimate.h"

#include <math.h>
#include <string.h>

#include "support/test.h"
#include "support/torture.h"

static size_t decimate(fr_point *points, size_t n) { return fr_decimate_line(points, n, 1); }

TEST(a_column_keeps_first_lowest_highest_and_last_in_their_order)
{
    fr_point p[] = { { 7.0, 3 }, { 7.1, 4 }, { 7.3, 9 }, { 7.5, 1 }, { 7.6, 2 }, { 7.9, 5 }, { 8.0, 6 } };
    const double y[] = { 3, 9, 1, 5, 6 };
    REQUIRE(decimate(p, 7) == 5);
    for (size_t i = 0; i < 5; i++) CHECK_F64(p[i].y, y[i]);
}

TEST(few_points_a_pixel_stay_as_they_were)
{
    fr_point p[] = { { 0, 3 }, { 1, 4 }, { 1, 5 }, { 2.5, 6 }, { 2.7, 6 }, { 9, 1 } };
    REQUIRE(decimate(p, 6) == 6);
    CHECK_F64(p[2].y, 5);
    CHECK_F64(p[4].x, 2.7);
    CHECK_INT(decimate(p, 0), 0);
    CHECK_INT(decimate(p, 1), 1);
}

TEST(gaps_stay_and_a_line_that_turns_back_is_not_mixed_up)
{
    fr_point p[] = { { NAN, 1 }, { 1, 1 }, { NAN, 2 }, { 1, INFINITY }, { 1, 2 }, { 2, NAN } };
    REQUIRE(decimate(p, 6) == 3);
    CHECK(p[0].x == 1 && isnan(p[1].x) && p[2].y == 2);
    fr_point back[] = { { 5, 1 }, { 4, 2 }, { 3, 3 }, { 4, 4 }, { 5, 5 } };
    CHECK_INT(decimate(back, 5), 5);
    fr_point far[] = { { -1e300, 1 }, { 1e300, 2 }, { 1e300, 3 } };
    CHECK_INT(decimate(far, 3), 3);
}

/* The slow twin: which heights each column of pixels is crossed at, from all points. */
static void spans(const fr_point *p, size_t n, double low[64], double high[64])
{
    for (int c = 0; c < 64; c++) low[c] = INFINITY, high[c] = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        int c = (int)p[i].x;
        low[c] = fmin(low[c], p[i].y);
        high[c] = fmax(high[c], p[i].y);
    }
}

TEST(each_column_is_crossed_at_the_same_heights)
{
    enum { N = 5000 };
    static fr_point p[N];
    double low[64], high[64], low2[64], high2[64];
    uint32_t seed = 1;
    for (size_t i = 0; i < N; i++) {
        seed = seed * 1664525u + 1013904223u;
        p[i] = (fr_point){ 64.0 * (double)i / N, (double)(seed >> 20) };
    }
    spans(p, N, low, high);
    size_t n = decimate(p, N);
    CHECK(n <= 4 * 64);
    spans(p, n, low2, high2);
    CHECK_BYTES(low2, low, sizeof low);
    CHECK_BYTES(high2, high, sizeof high);
}

TEST(points_of_one_cell_become_one)
{
    fr_call call;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    const fr_box box = { 10, 10, 20, 20 };
    fr_point p[] = { { 11.2, 11.2 }, { 11.9, 11.9 }, { 12.1, 11 }, { NAN, 11 }, { 5, 11 }, { 30, 30 }, { 11.5, 11.1 } };
    size_t n = FR_COUNT_OF(p);
    REQUIRE(fr_decimate_points(&call, p, &n, box, 1));
    REQUIRE(n == 3);
    CHECK(p[0].x == 11.2 && p[1].x == 12.1 && p[2].x == 30);
    CHECK(!fr_decimate_points(&call, p, &n, box, 0));
    fr_call_end(&call);
}

static fr_outcome points_once(fr_context *context, void *state)
{
    (void)state;
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    fr_point p[] = { { 1, 1 }, { 1, 1 }, { 2, 2 } };
    size_t n = 3;
    bool done = fr_decimate_points(&call, p, &n, (fr_box){ 0, 0, 100, 100 }, 1);
    return fr_outcome_of_call(&call, done ? n : 0);
}

TEST(thinning_points_survives_every_failure) { TORTURE(points_once, NULL); }
