/* Scales: positions and back at every kind's ends and middles, domains that are odd, extents with odd values. */
#include "plot/scale.h"

#include <float.h>
#include <math.h>

#include "base/rng.h"
#include "support/test.h"

static const double inf = (double)INFINITY, nan_ = (double)NAN;

static fr_scale linear(double low, double high)
{
    fr_call call;
    fr_scale scale;
    fr_call_begin(&call, NULL, NULL, 0);
    CHECK(fr_scale_linear(&call, low, high, &scale));
    fr_scale_set_range(&scale, 0, 800);
    fr_call_end(&call);
    return scale;
}

TEST(a_linear_scale_maps_ends_to_ends_and_back)
{
    const fr_scale y = linear(0, 97);
    CHECK_F64(fr_scale_at(&y, 0), 0);
    CHECK_F64(fr_scale_at(&y, 97), 800);
    CHECK_F64(fr_scale_at(&y, 48.5), 400);
    CHECK_F64(fr_scale_invert(&y, 200), 24.25);
    CHECK(isnan(fr_scale_at(&y, nan_)));
    CHECK_F64(fr_scale_at(&y, inf), inf);
}

TEST(a_range_may_run_downward)
{
    fr_scale y = linear(0, 10);
    fr_scale_set_range(&y, 400, 0);
    CHECK_F64(fr_scale_at(&y, 0), 400);
    CHECK_F64(fr_scale_at(&y, 2.5), 300);
    CHECK_F64(fr_scale_invert(&y, 300), 2.5);
}

TEST(equal_ends_are_widened)
{
    CHECK_F64(linear(0, 0).low, -1);
    CHECK_F64(linear(0, 0).high, 1);
    CHECK_F64(linear(50, 50).low, 45);
    CHECK_F64(linear(-50, -50).high, -45);
    CHECK(linear(DBL_MAX, DBL_MAX).low < DBL_MAX);
    CHECK(linear(5e-324, 5e-324).low < linear(5e-324, 5e-324).high);
}

TEST(ends_a_few_steps_of_a_double_apart_are_widened)
{
    const fr_scale y = linear(1e15, 1e15 + 0.25);
    CHECK(y.high - y.low >= 3.9 && y.high - y.low <= 4.1);
    CHECK(y.low < 1e15 && y.high > 1e15 + 0.25);
    CHECK_F64(linear(1e15, 1e15 + 8).low, 1e15);
}

TEST(ends_in_the_wrong_order_are_swapped)
{
    CHECK_F64(linear(7, 3).low, 3);
    CHECK_F64(linear(7, 3).high, 7);
}

TEST(the_whole_range_of_doubles_is_a_domain)
{
    const fr_scale y = linear(-DBL_MAX, DBL_MAX);
    CHECK_F64(fr_scale_at(&y, 0), 400);
    CHECK_F64(fr_scale_at(&y, DBL_MAX), 800);
    CHECK_F64(fr_scale_invert(&y, 800), DBL_MAX);
    const fr_scale tiny = linear(0, 1e-320);
    CHECK_NEAR(fr_scale_at(&tiny, 5e-321), 400, 1e-3);
}

static bool refuses(double low, double high, double base)
{
    fr_call call;
    fr_scale scale;
    fr_call_begin(&call, NULL, NULL, 0);
    const bool made = base == 0 ? fr_scale_linear(&call, low, high, &scale) : fr_scale_log(&call, low, high, base, &scale);
    fr_call_end(&call);
    return !made;
}

TEST(what_is_no_domain_is_refused)
{
    CHECK(refuses(nan_, 1, 0));
    CHECK(refuses(0, inf, 0));
    CHECK(refuses(-inf, 0, 0));
    CHECK(refuses(0, 10, 10));
    CHECK(refuses(-1, 10, 10));
    CHECK(refuses(1, 10, 7));
    CHECK(refuses(1, nan_, 2));
    CHECK(!refuses(1, 10, 2));
}

TEST(a_log_scale_maps_factors_to_distances)
{
    fr_call call;
    fr_scale x;
    fr_call_begin(&call, NULL, NULL, 0);
    REQUIRE(fr_scale_log(&call, 1, 10000, 10, &x));
    fr_scale_set_range(&x, 0, 400);
    CHECK_NEAR(fr_scale_at(&x, 10), 100, 1e-12);
    CHECK_NEAR(fr_scale_invert(&x, 300), 1000, 1e-12);
    CHECK(isnan(fr_scale_at(&x, 0)));
    CHECK(isnan(fr_scale_at(&x, -5)));
    REQUIRE(fr_scale_pad(&call, &x, 0.25));
    CHECK_NEAR(x.low, 0.1, 1e-12);
    CHECK_NEAR(x.high, 1e5, 1e-12);
    fr_call_end(&call);
}

TEST(instants_keep_their_nanoseconds)
{
    fr_call call;
    fr_scale x;
    const int64_t t = INT64_C(1700000000123456789);
    fr_call_begin(&call, NULL, NULL, 0);
    REQUIRE(fr_scale_time(&call, &(fr_time_domain){ .low = t, .high = t + 1000, .per_second = 1000000000 }, &x));
    fr_scale_set_range(&x, 0, 1000);
    CHECK_F64(fr_scale_at(&x, fr_scale_time_value(&x, t + 1)), 1);
    CHECK_F64(fr_scale_at(&x, fr_scale_time_value(&x, t + 999)), 999);
    REQUIRE(fr_scale_time(&call, &(fr_time_domain){ .low = INT64_MIN, .high = INT64_MAX, .per_second = 1000000000 }, &x));
    CHECK_F64(fr_scale_at(&x, fr_scale_time_value(&x, INT64_MAX)), 1);
    CHECK(!fr_scale_time(&call, &(fr_time_domain){ .low = 0, .high = INT64_MAX, .per_second = 1 }, &x));
    fr_call_end(&call);
}

TEST(bands_share_the_range_with_gaps_between)
{
    fr_call call;
    fr_scale x;
    fr_call_begin(&call, NULL, NULL, 0);
    REQUIRE(fr_scale_band(&call, 4, NULL, &x));
    fr_scale_set_range(&x, 0, 400);                                      /* a step of 100: 12.5 margin, 75 bar, 25 gap */
    CHECK_F64(fr_scale_band_at(&x, 0).low, 12.5);
    CHECK_F64(fr_scale_band_at(&x, 0).high, 87.5);
    CHECK_F64(fr_scale_band_at(&x, 3).high, 387.5);
    CHECK_F64(fr_scale_at(&x, 1), 150);
    CHECK_F64(fr_scale_invert(&x, 160), 1);
    CHECK_F64(fr_scale_invert(&x, -1000), 0);
    CHECK_F64(fr_scale_invert(&x, 1000), 3);
    fr_scale_set_range(&x, 400, 0);
    CHECK_F64(fr_scale_band_at(&x, 0).low, 312.5);
    const fr_interval part = fr_interval_part((fr_interval){ 0, 70 }, 1, 2, 0.25);
    CHECK_F64(part.low, 40);
    CHECK_F64(part.high, 70);
    CHECK(!fr_scale_band(&call, 0, NULL, &x));
    fr_call_end(&call);
}

TEST(an_extent_counts_what_it_cannot_show)
{
    const double values[] = { 3, nan_, -2, 97, inf, 0, 1e300, -inf, 5 };
    const uint64_t valid = 0x1ff & ~(1u << 6);
    fr_extent e = FR_EXTENT_EMPTY;
    fr_extent_add(&e, values, &valid, 9);
    CHECK_F64(e.low, -2);
    CHECK_F64(e.high, 97);
    CHECK_F64(e.low_positive, 3);
    CHECK_INT(e.n, 5);
    CHECK_INT(e.n_null, 1);
    CHECK_INT(e.n_nan, 1);
    CHECK_INT(e.n_infinite, 2);
    CHECK_INT(e.n_not_positive, 2);
    fr_extent none = FR_EXTENT_EMPTY;
    fr_extent_zero(&none, FR_ZERO_ALWAYS);
    CHECK(none.low > none.high);
    fr_extent_merge(&none, &e);
    CHECK_F64(none.low, -2);
}

static fr_extent with_zero(double low, double high, fr_zero_rule rule)
{
    fr_extent e = { .low = low, .high = high, .n = 2 };
    fr_extent_zero(&e, rule);
    return e;
}

TEST(zero_joins_when_it_must_or_is_near)
{
    CHECK_F64(with_zero(90, 100, FR_ZERO_ALWAYS).low, 0);
    CHECK_F64(with_zero(-9, -5, FR_ZERO_ALWAYS).high, 0);
    CHECK_F64(with_zero(0, 0, FR_ZERO_ALWAYS).high, 1);
    CHECK_F64(with_zero(20, 100, FR_ZERO_NEAR).low, 0);        /* 20 is 25 % of 80 */
    CHECK_F64(with_zero(21, 100, FR_ZERO_NEAR).low, 21);
    CHECK_F64(with_zero(-100, -20, FR_ZERO_NEAR).high, 0);
    CHECK_F64(with_zero(1, 100, FR_ZERO_NEVER).low, 1);
    CHECK_F64(with_zero(-5, 5, FR_ZERO_NEAR).low, -5);
}
