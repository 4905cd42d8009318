/* Aggregates of numbers at the ends of their types: the way to an answer leaves the doubles, the answer does not. */
#include <frame/frame.h>

#include "support/columns.h"
#include "support/test.h"
#include "support/torture.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS = 4000 };

/* One aggregate of x, of all rows or as the one group of a key. */
static double found(fr_array_spec x, int64_t n, const char *aggregate, bool by_group)
{
    static int64_t one[MOST_ROWS];
    char text[100];
    (void)snprintf(text, sizeof text, "y = %s", aggregate);
    fr_auto(frame) frame = fr_frame_new(n, fr_array("g", FR_I64, one), x);
    fr_auto(frame) answer = fr_pipe(frame, fr_group(by_group ? "g" : "", text));
    const fr_value y = fr_get(answer, 0, "y");
    return y.valid && y.kind == FR_F64 ? y.as.f : DBL_MIN;
}

static void check(fr_array_spec x, int64_t n, const char *aggregate, double expected)
{
    fr_test_check_f64(found(x, n, aggregate, false), expected, aggregate, __FILE__, __LINE__);
    fr_test_check_f64(found(x, n, aggregate, true), expected, aggregate, __FILE__, __LINE__);
}
#define REALS(...) fr_array("x", FR_F64, ((const double[]){ __VA_ARGS__ })), \
                   (int64_t)(sizeof((const double[]){ __VA_ARGS__ }) / sizeof(double))
#define WHOLE(...) fr_array("x", FR_I64, ((const int64_t[]){ __VA_ARGS__ })), \
                   (int64_t)(sizeof((const int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t))
#define UNSIGNED(...) fr_array("x", FR_U64, ((const uint64_t[]){ __VA_ARGS__ })), \
                      (int64_t)(sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t))

/* ---- quantiles --------------------------------------------------------------------------------------------------- */
TEST(a_median_lies_between_doubles_whose_distance_is_none)
{
    check(REALS(1.7e308, -1.7e308), "median(x)", 0);
    check(REALS(-1.7e308, 1.7e308), "quantile(x, 0.25)", -8.5e307);
    check(REALS(1.7e308, -1.7e308), "quantile(x, 0.25, 'midpoint')", 0);
    check(REALS(1.7e308, 1.5e308), "median(x)", 1.6e308);
}

TEST(between_an_infinity_and_a_number_lies_the_infinity)
{
    check(REALS(-INFINITY, 5), "median(x)", -INFINITY);
    check(REALS(INFINITY, 5), "median(x)", INFINITY);
    check(REALS(-INFINITY, 5), "quantile(x, 0)", -INFINITY);
    check(REALS(-INFINITY, 5), "quantile(x, 1)", 5);
    check(REALS(-INFINITY, INFINITY), "median(x)", NAN);
}

TEST(integers_that_doubles_do_not_hold_have_exact_medians)
{
    const int64_t exact = (int64_t)1 << 53;
    check(WHOLE(INT64_MAX, INT64_MIN), "median(x)", -0.5);
    check(WHOLE(exact + 1, -exact - 2), "median(x)", -0.5);
    check(WHOLE(exact + 1, -exact - 2, 7), "quantile(x, 0.5)", 7);
    check(WHOLE(exact + 1, exact + 3), "median(x)", (double)(exact + 2));
    check(WHOLE(INT64_MIN, INT64_MAX, -3, 2), "median(x)", -0.5);
    check(UNSIGNED(UINT64_MAX, 1), "median(x)", 0x1p63);
    check(UNSIGNED(UINT64_MAX, UINT64_MAX - 2), "median(x)", 0x1p64);
    check(UNSIGNED(0, UINT64_MAX, 5), "quantile(x, 0.5)", 5);
}

TEST(describe_tells_the_quartiles_of_wide_integers)
{
    const int64_t x[] = { INT64_MAX, INT64_MIN };
    fr_auto(frame) frame = fr_frame_new(2, fr_array("x", FR_I64, x));
    fr_auto(frame) answer = fr_pipe(frame, fr_describe());
    CHECK(!memcmp(fr_get(answer, 5, "statistic").as.s, "50%", 3));
    CHECK_F64(fr_get(answer, 5, "x").as.f, -0.5);
}

/* Random integers of all 64 bits against their 128-bit twin. */
static int wider(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

TEST(medians_of_wide_integers_are_those_of_a_sorted_twin)
{
    static const int64_t lengths[] = { 1, 2, 3, 63, 64, 65, 511, MOST_ROWS };
    int64_t x[MOST_ROWS], sorted[MOST_ROWS];
    uint64_t state = 5;
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        const int64_t n = lengths[k];
        for (int64_t i = 0; i < n; i++) sorted[i] = x[i] = (int64_t)fr_test_random(&state);
        qsort(sorted, (size_t)n, sizeof *sorted, wider);
        const __int128 both = (__int128)sorted[(n - 1) / 2] + sorted[n / 2];
        check(fr_array("x", FR_I64, x), n, "median(x)", (double)both / 2);
    }
}

/* ---- sums -------------------------------------------------------------------------------------------------------- */
TEST(a_mean_of_large_doubles_is_among_them)
{
    check(REALS(1.7e308, 1.7e308), "mean(x)", 1.7e308);
    check(REALS(-0x1.8p1023, -0x1.8p1023, -0x1.8p1023), "mean(x)", -0x1.8p1023);
    check(REALS(DBL_MAX, DBL_MAX, DBL_MAX, DBL_MAX), "mean(x)", DBL_MAX);
    check(REALS(1.7e308, 1.7e308, INFINITY), "mean(x)", INFINITY);
    check(REALS(INFINITY, -INFINITY, 1.7e308), "mean(x)", NAN);
    check(REALS(1.7e308, NAN), "mean(x)", NAN);
}

TEST(a_sum_that_leaves_the_doubles_comes_back)
{
    check(REALS(1.7e308, 1.7e308, -1.7e308), "sum(x)", 1.7e308);
    check(REALS(1.7e308, 1.7e308), "sum(x)", INFINITY);
    check(REALS(-1.7e308, -1.7e308), "sum(x)", -INFINITY);
    check(REALS(INFINITY, 1.7e308), "sum(x)", INFINITY);
    double x[MOST_ROWS];
    for (int64_t i = 0; i < MOST_ROWS; i++) x[i] = i % 8 < 4 ? 1.7e308 : -1.7e308;    /* lanes of one sign */
    for (int64_t n = 8; n <= MOST_ROWS; n += 8 * 83) check(fr_array("x", FR_F64, x), n, "sum(x)", 0);
}

TEST(each_group_has_its_own_large_sum)
{
    const int64_t g[] = { 1, 2, 1, 2, 3, 3 };
    const double x[] = { 1.7e308, 1, 1.7e308, 2, INFINITY, 1 };
    fr_auto(frame) frame = fr_frame_new(6, fr_array("g", FR_I64, g), fr_array("x", FR_F64, x));
    fr_auto(frame) answer = fr_pipe(frame, fr_group("g", "m = mean(x); s = sum(x)"));
    CHECK_F64(fr_get(answer, 0, "m").as.f, 1.7e308);
    CHECK_F64(fr_get(answer, 1, "m").as.f, 1.5);
    CHECK_F64(fr_get(answer, 2, "m").as.f, INFINITY);
    CHECK_F64(fr_get(answer, 0, "s").as.f, INFINITY);
    CHECK_F64(fr_get(answer, 1, "s").as.f, 3);
}

/* ---- every failure ----------------------------------------------------------------------------------------------- */
static fr_outcome aggregates_of_large_numbers(fr_context *context, void *what)
{
    (void)what;
    static const int64_t g[] = { 1, 2, 1, 2 }, n[] = { INT64_MAX, INT64_MIN, INT64_MAX, 3 };
    static const double x[] = { 1.7e308, 1, 1.7e308, 2 };
    fr_auto(frame) made = fr_frame_new(4, fr_array("g", FR_I64, g), fr_array("n", FR_I64, n), fr_array("x", FR_F64, x));
    fr_auto(frame) frame = fr_with_context(made, context);
    fr_auto(frame) answer = fr_pipe(frame, fr_group("g", "a = median(n); b = mean(x); c = sum(x); d = quantile(x, 0.3)"));
    return fr_outcome_of(answer);
}

TEST(aggregates_of_large_numbers_survive_every_failed_allocation) { TORTURE(aggregates_of_large_numbers, NULL); }

/* ---- decimals and dates whose results have finer units ------------------------------------------------------------ */
/* An aggregate of the texts as values of a type, printed; else the error's message. */
static void check_text(const char *type, int64_t n, const char *const *texts, const char *aggregate, const char *expected)
{
    char steps[300];
    (void)snprintf(steps, sizeof steps, "x = cast(x, '%s')", type);
    fr_auto(frame) raw = fr_frame_new(n, fr_array("x", FR_STR, texts));
    fr_auto(frame) x = fr_pipe(raw, fr_with(steps));
    (void)snprintf(steps, sizeof steps, "y = %s", aggregate);
    fr_auto(frame) all = fr_pipe(x, fr_group("", steps));
    fr_auto(frame) y = fr_pipe(all, fr_with("y = cast(y, 'str')"));
    CHECK(fr_ok(x));
    if (fr_ok(all)) CHECK_STR(fr_get(y, 0, "y").as.s, expected);
    else CHECK_STR(fr_error(all)->message, expected);
}
#define TEXTS(...) (int64_t)(sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *)), \
                   (const char *const[]){ __VA_ARGS__ }
#define NINES "99999999999999999999999999999999"                   /* 32, before six places */

TEST(quantiles_of_decimals_fit_or_fail)
{
    check_text("decimal(38,0)", TEXTS("-3", "200000000000000000000000000000000"), "quantile(x, 1)",
               "quantile of all rows does not fit 38 digits");
    check_text("decimal(38,0)", TEXTS("-99999999999999999999999999999999999999", "5", "7"), "median(x)", "5.000000");
    check_text("decimal(38,0)", TEXTS("100000000000000000000000000000000"), "median(x)",
               "median of all rows does not fit 38 digits");
    check_text("decimal(38,0)", TEXTS("120000000000000000000000000000000"), "mean(x)",
               "mean of all rows does not fit 38 digits");
    check_text("decimal(38,0)", TEXTS(NINES, NINES), "mean(x)", NINES ".000000");
    check_text("decimal(38,0)", TEXTS(NINES, NINES, "99999999999999999999999999999998"), "mean(x)",
               "99999999999999999999999999999998.666667");
    check_text("decimal(18,4)", TEXTS("0", "10000000000000.0001"), "quantile(x, 0.125)", "1250000000000.000012");
    check_text("decimal(38,6)", TEXTS(NINES ".999999", NINES ".999998"), "median(x)", NINES ".999998");
    check_text("decimal(38,6)", TEXTS(NINES ".999999", NINES ".999997"), "median(x)", NINES ".999998");
    check_text("decimal(38,6)", TEXTS(NINES ".999997", NINES ".999998"), "median(x)", NINES ".999998");
    check_text("decimal(38,6)", TEXTS("-" NINES ".999999", "-" NINES ".999998"), "median(x)", "-" NINES ".999998");
    check_text("decimal(38,6)", TEXTS("-" NINES ".999999", NINES ".999999"), "median(x)", "0.000000");
    check_text("decimal(38,6)", TEXTS("-" NINES ".999999", NINES ".999999"), "quantile(x, 0.5, 'lower')", "-" NINES ".999999");
    check_text("decimal(38,6)", TEXTS("-80000000000000000000000000000000", "80000000000000000000000000000000"),
               "quantile(x, 0.25)", "-40000000000000000000000000000000.000000");
    check_text("decimal(38,6)", TEXTS("-96000000000000000000000000000000", "96000000000000000000000000000000"),
               "quantile(x, 0.75)", "48000000000000000000000000000000.000000");
}

TEST(dates_beyond_the_microseconds)
{
    const int32_t far[] = { INT32_MAX, INT32_MAX - 4, 0 };
    const char *const aggregates[] = { "m = median(d)", "m = mean(d)", "m = quantile(d, 1)" };
    fr_auto(frame) frame = fr_frame_new(3, fr_array("d", FR_DATE, far));
    for (size_t i = 0; i < 3; i++) {
        fr_auto(frame) failed = fr_pipe(frame, fr_group("", aggregates[i]));
        CHECK(!fr_ok(failed) && fr_error_code(failed) == FR_ERR_OVERFLOW);
        CHECK(strstr(fr_error(failed)->message, "of all rows does not fit microseconds in 64 bits"));
    }
    fr_auto(frame) seconds = fr_pipe(frame, fr_with("d = cast(d, 'datetime[s]')"), fr_group("", "m = median(d)"));
    CHECK_INT(fr_get(seconds, 0, "m").as.i, (int64_t)far[1] * 86400);
}

TEST(describe_of_wide_decimals)
{
    const char *const texts[] = { "-3", "200000000000000000000000000000000", "10000000000000000000000000000000000000" };
    fr_auto(frame) raw = fr_frame_new(3, fr_array("x", FR_STR, texts));
    fr_auto(frame) frame = fr_pipe(raw, fr_with("x = cast(x, 'decimal(38,0)')"), fr_describe());
    CHECK(fr_ok(frame));
    CHECK_STR(fr_get(frame, 5, "statistic").as.s, "50%");
    fr_test_check_f64(fr_get(frame, 5, "x").as.f, 2e32, "50%", __FILE__, __LINE__);
    fr_test_check_f64(fr_get(frame, 7, "x").as.f, 1e37, "max", __FILE__, __LINE__);
}
