/* Aggregates: the golden values of the semantics rules, exactness, and slow twins over random groups. */
#include <frame/frame.h>

#include "frame/ops/naive.h"
#include "ops/aggregates.h"
#include "ops/grouping.h"
#include "ops/verbs.h"
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* One aggregate of all rows; a named option when `option` is given. */
static fr_column *run(fr_call *call, const char *name, fr_column *const *args, size_t n, const char *option,
                      fr_value value)
{
    const fr_aggregate_call what = { .name = name, .params = &value, .n_params = option != NULL,
                                     .param_names = option && *option ? &option : NULL };
    return fr_aggregator_ops()->aggregate(call, &what, args, n, NULL, n ? args[0]->length : 3);
}

static fr_value answer(fr_call *call, const char *name, fr_column *column)
{
    FR_OWNED fr_column *result = run(call, name, &column, 1, NULL, fr_v_null());
    return result ? fr_column_value(result, 0) : fr_v_null();
}

static double real(fr_call *call, const char *name, fr_column *column)
{
    const fr_value v = answer(call, name, column);
    return v.valid && v.kind == FR_F64 ? v.as.f : NAN;
}

static fr_value with_option(fr_call *call, const char *name, fr_column *column, const char *option, fr_value value)
{
    FR_OWNED fr_column *result = run(call, name, &column, 1, option, value);
    return result ? fr_column_value(result, 0) : fr_v_null();
}

static fr_column *reals(fr_call *call, const double *x, int64_t n)
{
    return fr_test_f64s(call, x, NULL, n);
}
#define REALS(...) reals(call, (const double[]){ __VA_ARGS__ }, (int64_t)(sizeof((const double[]){ __VA_ARGS__ }) / 8))

/* ---- G1: no values ----------------------------------------------------------------------------------------------- */
static void check_no_values(fr_call *call, fr_column *column)
{
    static const char *const nulls[] = { "mean", "min", "max", "median", "std", "var", "sem", "skew", "kurt",
                                         "first", "last", "mode" };
    CHECK_INT(answer(call, "count", column).as.i, 0);
    CHECK_INT(answer(call, "nunique", column).as.i, 0);
    CHECK_F64(real(call, "sum", column), 0);
    CHECK_F64(real(call, "prod", column), 1);
    for (size_t i = 0; i < FR_COUNT_OF(nulls); i++)
        fr_test_check(!answer(call, nulls[i], column).valid, nulls[i], __FILE__, __LINE__);
    CHECK(!with_option(call, "sum", column, "min_count", fr_v_i64(1)).valid);
}

TEST(no_values_sum_to_zero_multiply_to_one_and_have_no_mean)
{
    WITH_CALL;
    FR_OWNED fr_column *empty = fr_column_null(call, fr_type_of(FR_F64), 0);
    FR_OWNED fr_column *nulls = fr_column_null(call, fr_type_of(FR_F64), 3);
    check_no_values(call, empty);
    check_no_values(call, nulls);
    FR_OWNED fr_column *bools = fr_column_null(call, fr_type_of(FR_BOOL), 2);
    CHECK_INT(answer(call, "any", bools).as.i, 0);
    CHECK_INT(answer(call, "all", bools).as.i, 1);
    CHECK(answer(call, "any", bools).valid && answer(call, "all", bools).valid);
    FR_OWNED fr_column *untyped = fr_column_null(call, fr_type_of(FR_NULL), 2);
    CHECK_INT(answer(call, "sum", untyped).as.i, 0);
    CHECK(!answer(call, "max", untyped).valid);
}

/* ---- G2, G3: spread ---------------------------------------------------------------------------------------------- */
TEST(variance_divides_by_n_minus_ddof)
{
    WITH_CALL;
    FR_OWNED fr_column *x = REALS(1, 2, 3, 4);
    FR_OWNED fr_column *one = REALS(5);
    CHECK_NEAR(real(call, "var", x), 5.0 / 3, 1e-15);
    CHECK_F64(with_option(call, "var", x, "ddof", fr_v_i64(0)).as.f, 1.25);
    CHECK_NEAR(real(call, "std", x), sqrt(5.0 / 3), 1e-15);
    CHECK_NEAR(real(call, "sem", x), sqrt(5.0 / 12), 1e-15);
    CHECK(!answer(call, "var", one).valid);
    CHECK_F64(with_option(call, "var", one, "ddof", fr_v_i64(0)).as.f, 0);
}

TEST(skew_and_kurt_are_bias_corrected)
{
    WITH_CALL;
    FR_OWNED fr_column *x = REALS(1, 2, 3, 10);
    FR_OWNED fr_column *three = REALS(1, 2, 4);
    FR_OWNED fr_column *two = REALS(1, 2);
    FR_OWNED fr_column *constant = REALS(3, 3, 3, 3);
    CHECK_NEAR(real(call, "skew", x), 1.763632614803888, 1e-14);       /* pandas 2.3 */
    CHECK_NEAR(real(call, "kurt", x), 3.228, 1e-14);
    CHECK(answer(call, "skew", three).valid && !answer(call, "kurt", three).valid);
    CHECK(!answer(call, "skew", two).valid);
    CHECK_F64(real(call, "skew", constant), 0);
    CHECK_F64(real(call, "kurt", constant), 0);
}

TEST(an_offset_costs_the_variance_nothing)
{
    WITH_CALL;
    FR_OWNED fr_column *x = REALS(1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16);
    const int64_t near_the_end[] = { INT64_MAX - 12, INT64_MAX - 9, INT64_MAX - 3, INT64_MAX };
    FR_OWNED fr_column *whole = fr_test_i64s(call, near_the_end, NULL, 4);
    CHECK_F64(real(call, "var", x), 30);
    CHECK_F64(real(call, "var", whole), 30);
}

/* Floats by group against sums of long doubles about the mean. A first value far from all others, none in the first row,
 * an offset: the distances from it tell less, and the means take its place. */
typedef enum odd_start { NOTHING_ODD, FAR_FIRST, NULL_FIRST, OFFSET } odd_start;

static double spread_value(odd_start odd, size_t i, size_t group, uint64_t *state)
{
    const double x = (double)(fr_test_random(state) % 1000000) / 1e4 + (double)group;
    if (odd == FAR_FIRST && i < 7) return 1e7 * (double)(i + 1);
    return odd == OFFSET ? 1e9 + x : x;
}

static double slow_variance(const double *x, const uint8_t *valid, size_t n, size_t n_groups, size_t group)
{
    long double sum = 0, squares = 0, count = 0;
    for (size_t i = group; i < n; i += n_groups) sum += valid[i] ? x[i] : 0, count += valid[i];
    for (size_t i = group; i < n; i += n_groups) squares += valid[i] ? (x[i] - sum / count) * (x[i] - sum / count) : 0;
    return (double)(squares / (count - 1));
}

static void check_spreads(fr_call *call, odd_start odd, size_t n)
{
    enum { MOST = 3000, GROUPS = 7 };
    double x[MOST], groups[MOST];
    uint8_t valid[MOST];
    uint64_t state = n + odd;
    for (size_t i = 0; i < n; i++) {
        groups[i] = (double)(i % GROUPS);
        valid[i] = odd == NULL_FIRST ? i >= GROUPS && i % 3 > 0 : 1;
        x[i] = valid[i] ? spread_value(odd, i, i % GROUPS, &state) : 0;
    }
    FR_OWNED fr_column *column = fr_test_f64s(call, x, valid, (int64_t)n);
    FR_OWNED fr_column *key = reals(call, groups, (int64_t)n);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *grouping = fr_grouping_of(call, &key, 1, (int64_t)n);
    const fr_aggregate_call what = { .name = "var" };
    REQUIRE(column && grouping);
    FR_OWNED fr_column *result = fr_aggregator_ops()->aggregate(call, &what, &column, 1, grouping, (int64_t)n);
    REQUIRE(result);
    for (size_t g = 0; g < GROUPS; g++)
        CHECK_NEAR(fr_column_value(result, (int64_t)g).as.f, slow_variance(x, valid, n, GROUPS, g), 1e-14);
}

TEST(the_variance_of_groups_has_all_its_digits_wherever_they_begin)
{
    WITH_CALL;
    static const size_t lengths[] = { 63, 64, 65, 511, 3000 };
    for (int odd = NOTHING_ODD; odd <= OFFSET; odd++)
        for (size_t i = 0; i < FR_COUNT_OF(lengths); i++) check_spreads(call, (odd_start)odd, lengths[i]);
}

/* Keys that are held have rows come by code, those whose groups are listed by group. */
static void check_by_code(fr_call *call, const char *name, fr_column *x, fr_column *key)
{
    const fr_aggregate_call what = { .name = name };
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, key->length);
    REQUIRE(fr_keys_add(call, &keys, key, &(fr_key_want){ 0 }, NULL));
    FR_CLEANUP(fr_drop_grouping) fr_grouping *by_code = fr_grouping_of_held_keys(call, &keys, FR_CODES_NUMBERED);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *by_group = fr_grouping_of(call, &key, 1, key->length);
    REQUIRE(by_code && by_group && !fr_grouping_has_codes(by_group));
    CHECK(fr_grouping_has_codes(by_code) == !fr_rows_are_wide(key->length));   /* rows of wide numbers are listed */
    FR_OWNED fr_column *a = fr_aggregator_ops()->aggregate(call, &what, &x, 1, by_code, key->length);
    FR_OWNED fr_column *b = fr_aggregator_ops()->aggregate(call, &what, &x, 1, by_group, key->length);
    REQUIRE(a && b && a->length == b->length);
    for (int64_t g = 0; g < a->length; g++) CHECK(fr_naive_equal(a, g, b, g));
}

/* Codes from the last to the first, one of which no row has; several blocks of rows. */
TEST(rows_that_come_by_code_are_aggregated_to_the_same_values)
{
    enum { ROWS = 300000, CODES = 101, ABSENT = 50 };
    static const char *const types[] = { "f64", "i32", "str" };
    static const char *const names[][8] = { { "var", "sum", "prod", "median", "skew", "max", "last" },
                                            { "sum", "std", "kurt", "min", "median", "count", "first" },
                                            { "min", "max", "first", "count" } };
    static int64_t codes[ROWS];
    WITH_CALL;
    uint64_t state = 7;
    for (size_t i = 0; i < ROWS; i++) {
        codes[i] = (int64_t)(CODES - 1 - (i < CODES ? i : fr_test_random(&state) % CODES));
        if (codes[i] == ABSENT) codes[i] = 0;
    }
    FR_OWNED fr_column *key = fr_test_i64s(call, codes, NULL, ROWS);
    for (size_t t = 0; t < FR_COUNT_OF(types); t++) {
        FR_OWNED fr_column *x = fr_test_column(call, types[t], ROWS, 5 * (int)t, t);
        REQUIRE(key && x);
        for (size_t k = 0; k < 8 && names[t][k]; k++) check_by_code(call, names[t][k], x, key);
    }
}

/* NIST StRD NumAcc4: 10000000.2, then 10000000.1 and 10000000.3 in turn; certified sd 0.1, mean 10000000.2. The doubles
 * themselves allow 8.3 digits of the sd. */
TEST(numacc4_keeps_the_digits_its_doubles_have)
{
    WITH_CALL;
    double x[1001] = { 10000000.2 };
    for (int i = 1; i < 1001; i++) x[i] = i % 2 ? 10000000.1 : 10000000.3;
    FR_OWNED fr_column *column = reals(call, x, 1001);
    CHECK_NEAR(real(call, "mean", column), 10000000.2, 1e-15);
    CHECK_NEAR(real(call, "std", column), 0.1, 6e-9);
    CHECK_NEAR(real(call, "var", column), 0.010000000111758709, 1e-13);   /* exact arithmetic on the doubles */
}

/* ---- G4: quantiles ----------------------------------------------------------------------------------------------- */
static double quantile(fr_call *call, fr_column *column, double q, const char *interpolation)
{
    const fr_value params[] = { fr_v_f64(q), fr_v_str(interpolation) };
    const fr_aggregate_call what = { .name = "quantile", .params = params, .n_params = interpolation ? 2 : 1 };
    FR_OWNED fr_column *result = fr_aggregator_ops()->aggregate(call, &what, &column, 1, NULL, column->length);
    return result ? fr_column_value(result, 0).as.f : NAN;
}

/* Row i is of group i % n and has the value i / n: a group of k rows has 0 … k - 1. */
TEST(medians_of_few_and_of_many_groups_are_those_of_each)
{
    enum { ROWS = 40000 };
    static const int64_t numbers[] = { 1, 2, 63, 1023, 1024, 3001, 39999, ROWS };
    static const uint32_t threads[] = { 1, 2, 7 };
    static int64_t k[ROWS];
    static double v[ROWS];
    for (size_t i = 0; i < FR_COUNT_OF(numbers) * FR_COUNT_OF(threads); i++) {
        const int64_t n = numbers[i / FR_COUNT_OF(threads)];
        fr_auto(context) context = fr_context_new(.threads = threads[i % FR_COUNT_OF(threads)]);
        fr_call call;
        fr_call_begin(&call, context, NULL, -1);
        for (int64_t row = 0; row < ROWS; row++) k[row] = row % n, v[row] = (double)(row / n);
        FR_OWNED fr_column *key = fr_test_i64s(&call, k, NULL, ROWS), *x = fr_test_f64s(&call, v, NULL, ROWS);
        FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = key ? fr_grouping_of(&call, &key, 1, ROWS) : NULL;
        REQUIRE(x && groups && groups->n_groups == n);
        const fr_aggregate_job job = { .name = "median", .args = &x, .n_args = 1, .grouping = groups, .n_rows = ROWS,
                                       .n_groups = (size_t)n, .type = fr_type_of(FR_F64) };
        FR_OWNED fr_column *medians = fr_run_median(&call, &job);
        REQUIRE(medians && medians->length == n && !medians->null_count);
        for (int64_t g = 0; g < n; g++)
            CHECK_F64(((const double *)medians->values)[g], (double)((ROWS - 1 - g) / n) / 2);
        fr_call_end(&call);
    }
}

TEST(quantiles_interpolate_in_five_ways)
{
    WITH_CALL;
    FR_OWNED fr_column *x = REALS(3, 1, 4, 2);
    FR_OWNED fr_column *two = REALS(2, 1);
    CHECK_NEAR(quantile(call, x, 0.4, NULL), 2.2, 1e-15);
    CHECK_F64(quantile(call, x, 0.4, "lower"), 2);
    CHECK_F64(quantile(call, x, 0.4, "higher"), 3);
    CHECK_F64(quantile(call, x, 0.4, "midpoint"), 2.5);
    CHECK_F64(quantile(call, x, 0.4, "nearest"), 2);
    CHECK_F64(quantile(call, x, 0.5, "nearest"), 3);          /* a tie goes to the even index: 2 */
    CHECK_F64(quantile(call, two, 0.5, "nearest"), 1);        /* index 0 */
    CHECK_F64(quantile(call, x, 0, NULL), 1);
    CHECK_F64(quantile(call, x, 1, NULL), 4);
    CHECK_F64(real(call, "median", x), 2.5);
    FR_OWNED fr_column *infinite = REALS(-INFINITY, INFINITY, INFINITY);
    CHECK_F64(quantile(call, infinite, 0.75, NULL), INFINITY);
}

/* The quantile of two decimals(30,8), as text. */
static void check_decimals(const char *low, const char *high, const char *share, const char *expected)
{
    const char *both[] = { low, high };
    char agg[200];
    fr_auto(frame) texts = fr_frame_from_arrays(2, &(fr_array_spec){ .name = "x", .kind = FR_STR, .values = both }, 1, NULL);
    (void)snprintf(agg, sizeof agg, "q = cast(quantile(x, %s), 'str')", share);
    fr_auto(frame) one = fr_pipe(texts, fr_cast("x: decimal(30,8)"), fr_group("", .agg = agg));
    CHECK_STR(fr_ok(one) ? fr_get(one, 0, "q").as.s : "failed", expected);
}

TEST(quantiles_of_decimals_are_exact_and_half_to_even)
{
    check_decimals("-0.00000001", "0.00000001", "0.25", "0.00000000");         /* -0.5 of the last place */
    check_decimals("-0.00000001", "0.00000001", "0.75", "0.00000000");
    check_decimals("0.00000001", "0.00000003", "0.25", "0.00000002");          /* 1.5 */
    check_decimals("0.00000001", "0.00000004", "0.5", "0.00000002");           /* 2.5 */
    check_decimals("0.00000002", "0.00000005", "0.5", "0.00000004");           /* 3.5 */
    check_decimals("0.00000005", "9999999999999999999999.99999999", "0.25", "2500000000000000000000.00000004");
    check_decimals("-9999999999999999999999.99999999", "9999999999999999999999.99999999", "0.5", "0.00000000");
    check_decimals("-9999999999999999999999.99999999", "9999999999999999999999.99999998", "0.25",
                   "-5000000000000000000000.00000000");
    check_decimals("0", "1000000000000000000000", "1e-25", "0.00010000");
    check_decimals("0", "9000000000000000000000", "1e-40", "0.00000000");
}

/* ---- nulls and NaN ----------------------------------------------------------------------------------------------- */
TEST(nulls_are_left_out_and_nan_spreads_unless_skipped)
{
    WITH_CALL;
    static const char *const names[] = { "sum", "mean", "min", "max", "median", "var", "std", "prod" };
    FR_OWNED fr_column *x = fr_test_f64s(call, (const double[]){ 1, NAN, 3, 0 }, (const uint8_t[]){ 1, 1, 1, 0 }, 4);
    for (size_t i = 0; i < FR_COUNT_OF(names); i++)
        fr_test_check_f64(answer(call, names[i], x).as.f, NAN, names[i], __FILE__, __LINE__);
    CHECK_INT(answer(call, "count", x).as.i, 3);
    CHECK_F64(with_option(call, "sum", x, "skipnan", fr_v_bool(true)).as.f, 4);
    CHECK_F64(with_option(call, "mean", x, "skipnan", fr_v_bool(true)).as.f, 2);
    CHECK_F64(with_option(call, "min", x, "skipnan", fr_v_bool(true)).as.f, 1);
    CHECK_INT(with_option(call, "count", x, "skipnan", fr_v_bool(true)).as.i, 2);
}

TEST(nunique_counts_nan_once_and_null_not_at_all)
{
    WITH_CALL;
    FR_OWNED fr_column *x = fr_test_f64s(call, (const double[]){ NAN, NAN, 0, 0, 1 },
                                         (const uint8_t[]){ 1, 1, 0, 0, 1 }, 5);
    CHECK_INT(answer(call, "nunique", x).as.i, 2);
}

/* Row i has (i % kinds) × step: few, many and nearly all different values, near each other and far apart; every fifth row
 * is null, and kinds is no multiple of five, so that each value has rows that are not. */
static void check_nunique(uint32_t threads, int64_t kinds, int64_t step)
{
    enum { ROWS = 300000 };
    fr_auto(context) context = fr_context_new(.threads = threads);
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(&call, ROWS, sizeof(int64_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = fr_buffer_zeroed(&call, ROWS / 8 + 8);
    for (int64_t i = 0; i < ROWS; i++) {
        ((int64_t *)values->data)[i] = i % 5 ? i % kinds * step : 0;
        ((uint64_t *)valid->data)[i / 64] |= (uint64_t)(i % 5 != 0) << (i % 64);
    }
    const fr_column_parts parts = { .type = fr_type_of(FR_I64), .phys = FR_PHYS_I64, .length = ROWS, .null_count = -1,
                                    .values = values, .valid = valid };
    FR_OWNED fr_column *x = fr_column_new(&call, &parts);
    CHECK_INT(answer(&call, "nunique", x).as.i, kinds == ROWS ? ROWS / 5 * 4 : kinds);
    fr_call_end(&call);
}

TEST(nunique_of_all_rows_is_the_same_however_far_apart_the_values_are)
{
    static const int64_t kinds[] = { 1, 7, 1001, 59999, 300000 }, steps[] = { 1, 3, 1000, 1000000000007 };
    for (size_t k = 0; k < FR_COUNT_OF(kinds); k++)
        for (size_t s = 0; s < FR_COUNT_OF(steps); s++) {
            check_nunique(1, kinds[k], steps[s]);
            check_nunique(7, kinds[k], steps[s]);
        }
}

/* The first byte of an answer that is text, which lives no longer than its column. */
static char first_byte(fr_call *call, const char *name, fr_column *column)
{
    FR_OWNED fr_column *result = run(call, name, &column, 1, NULL, fr_v_null());
    return result ? fr_column_value(result, 0).as.s[0] : 0;
}

TEST(first_and_last_skip_nulls)
{
    WITH_CALL;
    FR_OWNED fr_column *x = fr_test_texts(call, (const char *const[]){ NULL, "b", "a", NULL }, 4);
    CHECK_INT(first_byte(call, "first", x), 'b');
    CHECK_INT(first_byte(call, "last", x), 'a');
    CHECK_INT(first_byte(call, "min", x), 'a');
    CHECK_INT(first_byte(call, "max", x), 'b');
}

TEST(of_equally_frequent_values_the_smallest_is_the_mode)
{
    WITH_CALL;
    FR_OWNED fr_column *x = fr_test_i64s(call, (const int64_t[]){ 3, 1, 1, 3, 2 }, NULL, 5);
    CHECK_INT(answer(call, "mode", x).as.i, 1);
}

TEST(corr_and_cov_use_complete_pairs)
{
    WITH_CALL;
    FR_OWNED fr_column *a = fr_test_f64s(call, (const double[]){ 1, 2, 3, 0 }, (const uint8_t[]){ 1, 1, 1, 0 }, 4);
    FR_OWNED fr_column *b = REALS(2, 4, 7, 1);
    FR_OWNED fr_column *c = fr_test_f64s(call, (const double[]){ 0, 1, 2, 3 }, (const uint8_t[]){ 0, 1, 1, 1 }, 4);
    FR_OWNED fr_column *flat = REALS(5, 5, 5, 5);
    FR_OWNED fr_column *ab = run(call, "corr", (fr_column *[]){ a, b }, 2, NULL, fr_v_null());
    FR_OWNED fr_column *bc = run(call, "corr", (fr_column *[]){ b, c }, 2, NULL, fr_v_null());
    FR_OWNED fr_column *bf = run(call, "corr", (fr_column *[]){ b, flat }, 2, NULL, fr_v_null());
    FR_OWNED fr_column *cov = run(call, "cov", (fr_column *[]){ a, b }, 2, NULL, fr_v_null());
    REQUIRE(ab && bc && bf && cov);
    CHECK_NEAR(fr_column_value(ab, 0).as.f, 0.9933992677987828, 1e-15);
    CHECK_NEAR(fr_column_value(bc, 0).as.f, -0.5, 1e-15);
    CHECK(!fr_column_value(bf, 0).valid);
    CHECK_F64(fr_column_value(cov, 0).as.f, 2.5);
}

/* ---- exactness --------------------------------------------------------------------------------------------------- */
TEST(integer_sums_never_wrap)
{
    WITH_CALL;
    FR_OWNED fr_column *there_and_back = fr_test_i64s(call, (const int64_t[]){ INT64_MAX, 5, -5, INT64_MIN }, NULL, 4);
    FR_OWNED fr_column *large = fr_test_i64s(call, (const int64_t[]){ INT64_MAX, 1 }, NULL, 2);
    CHECK_INT(answer(call, "sum", there_and_back).as.i, -1);
    CHECK_F64(real(call, "mean", large), 0x1p62);
    FR_OWNED fr_column *failed = run(call, "sum", &large, 1, NULL, fr_v_null());
    CHECK(!failed && fr_failed(call));
    fr_call_forgive(call);
    FR_OWNED fr_column *product = run(call, "prod", &large, 1, NULL, fr_v_null());
    CHECK(product && fr_column_value(product, 0).as.i == INT64_MAX);
    FR_OWNED fr_column *zero = fr_test_i64s(call, (const int64_t[]){ INT64_MAX, INT64_MAX, 0, -2 }, NULL, 4);
    CHECK_INT(answer(call, "prod", zero).as.i, 0);
    FR_OWNED fr_column *least = fr_test_i64s(call, (const int64_t[]){ INT64_MIN / 2, 2 }, NULL, 2);
    CHECK_INT(answer(call, "prod", least).as.i, INT64_MIN);
}

TEST(narrow_integers_sum_as_wide_ones)
{
    WITH_CALL;
    FR_OWNED fr_column *bytes = fr_column_repeat(call, fr_type_of(FR_I8), fr_v_i64(127), 3000);
    CHECK_INT(answer(call, "sum", bytes).as.i, 381000);
    CHECK_F64(real(call, "mean", bytes), 127);
    FR_OWNED fr_column *words = fr_column_repeat(call, fr_type_of(FR_U64), fr_v_u64(UINT64_MAX / 2), 2);
    CHECK_INT(answer(call, "sum", words).kind, FR_U64);
    CHECK(answer(call, "sum", words).as.u == UINT64_MAX - 1);
    FR_OWNED fr_column *truths = fr_column_repeat(call, fr_type_of(FR_BOOL), fr_v_bool(true), 70);
    CHECK_INT(answer(call, "sum", truths).as.i, 70);
    CHECK_F64(real(call, "mean", truths), 1);
}

TEST(float_sums_are_compensated_and_infinity_survives)
{
    WITH_CALL;
    FR_OWNED fr_column *cancelling = REALS(1e16, 1, 1, -1e16);
    FR_OWNED fr_column *infinite = REALS(1, INFINITY, 2);
    FR_OWNED fr_column *undefined = REALS(INFINITY, -INFINITY);
    double tenths[1000];
    for (size_t i = 0; i < 1000; i++) tenths[i] = 0.1;
    FR_OWNED fr_column *many = reals(call, tenths, 1000);
    CHECK_F64(real(call, "sum", cancelling), 2);
    CHECK_F64(real(call, "sum", infinite), INFINITY);
    CHECK(isnan(answer(call, "sum", undefined).as.f));
    CHECK_F64(real(call, "sum", many), 100);
}

static fr_column *money(fr_call *call, const int64_t *cents, int64_t n)
{
    FR_OWNED const fr_type *type = fr_type_decimal(call, 9, 2);
    fr_builder *builder = fr_builder_new(call, type, n);
    for (int64_t i = 0; i < n; i++) {
        fr_value v = { .kind = FR_DECIMAL, .valid = true, .scale = 2 };
        const fr_i128 x = cents[i];
        memcpy(&v.as.decimal, &x, sizeof x);
        if (!fr_builder_add(call, builder, v)) break;
    }
    fr_column *column = fr_builder_finish(call, builder);
    fr_builder_unref(builder);
    return column;
}

TEST(decimals_stay_decimals)
{
    WITH_CALL;
    FR_OWNED fr_column *x = money(call, (const int64_t[]){ 1050, 999, 1 }, 3);
    const fr_value sum = answer(call, "sum", x), mean = answer(call, "mean", x), median = answer(call, "median", x);
    CHECK_INT(sum.kind, FR_DECIMAL);
    CHECK_INT(sum.as.decimal.low, 2050);
    CHECK_INT(sum.scale, 2);
    CHECK_INT(mean.as.decimal.low, 6833333);              /* 6.833333 */
    CHECK_INT(mean.scale, 6);
    CHECK_INT(median.as.decimal.low, 9990000);
    CHECK_INT(answer(call, "max", x).as.decimal.low, 1050);
    CHECK_NEAR(real(call, "std", x), 5.914679478495292, 1e-14);      /* of 10.50, 9.99, 0.01 */
}

TEST(dates_have_a_mean_in_microseconds_and_a_median)
{
    WITH_CALL;
    fr_builder *builder = fr_builder_new(call, fr_type_of(FR_DATE), 2);
    fr_value day = { .kind = FR_DATE, .valid = true, .as.i = 10 };
    CHECK(fr_builder_add(call, builder, day));
    day.as.i = 13;
    CHECK(fr_builder_add(call, builder, day));
    FR_OWNED fr_column *days = fr_builder_finish(call, builder);
    fr_builder_unref(builder);
    CHECK_INT(answer(call, "mean", days).kind, FR_DATETIME);
    CHECK_INT(answer(call, "mean", days).as.i, INT64_C(23) * 43200 * 1000000);
    CHECK_INT(answer(call, "median", days).as.i, INT64_C(23) * 43200 * 1000000);
    CHECK_INT(answer(call, "max", days).as.i, 13);
}

/* ---- errors ------------------------------------------------------------------------------------------------------ */
static void check_refused(fr_call *call, const char *name, fr_column *column, const char *option, fr_value value)
{
    FR_OWNED fr_column *result = run(call, name, &column, 1, option, value);
    fr_test_check(!result && fr_failed(call), name, __FILE__, __LINE__);
    fr_call_forgive(call);
}

TEST(what_has_no_meaning_is_refused)
{
    WITH_CALL;
    FR_OWNED fr_column *texts = fr_test_texts(call, (const char *const[]){ "a" }, 1);
    FR_OWNED fr_column *x = REALS(1, 2);
    check_refused(call, "sum", texts, NULL, fr_v_null());
    check_refused(call, "mean", texts, NULL, fr_v_null());
    check_refused(call, "any", x, NULL, fr_v_null());
    check_refused(call, "sum", x, "ddof", fr_v_i64(0));
    check_refused(call, "var", x, "ddof", fr_v_i64(-1));
    check_refused(call, "quantile", x, "", fr_v_f64(1.5));
    check_refused(call, "quantile", x, NULL, fr_v_null());
    check_refused(call, "quantile", x, "", fr_v_str("0.5"));
    CHECK_F64(quantile(call, x, 0.5, "lower"), 1);
    CHECK(isnan(quantile(call, x, 0.5, "cubic")) && fr_failed(call));
    fr_call_forgive(call);
    check_refused(call, "nothing", x, NULL, fr_v_null());
}

/* ---- slow twin over groups --------------------------------------------------------------------------------------- */
typedef struct twin { long double sum, squares; double least, most; int64_t n; } twin;

static void twin_of(const fr_column *column, const uint32_t *ids, uint32_t group, twin *t)
{
    *t = (twin){ .least = INFINITY, .most = -INFINITY };
    for (int64_t i = 0; i < column->length; i++) {
        if (ids[i] != group || !fr_is_valid(column, i)) continue;
        const double x = ((const double *)column->values)[i];
        t->sum += x;
        t->n++;
        t->least = x < t->least ? x : t->least;
        t->most = x > t->most ? x : t->most;
    }
    for (int64_t i = 0; i < column->length; i++)
        if (ids[i] == group && fr_is_valid(column, i)) {
            const long double d = (long double)((const double *)column->values)[i] - t->sum / (long double)t->n;
            t->squares += d * d;
        }
}

TEST(grouped_aggregates_agree_with_a_loop_in_long_double)
{
    WITH_CALL;
    static const char *const names[] = { "sum", "mean", "var", "min", "max", "count" };
    for (uint64_t seed = 1; seed < 6; seed++) {
        double x[511];
        uint8_t valid[511];
        uint64_t state = seed;
        for (int i = 0; i < 511; i++) {
            x[i] = (double)(int64_t)fr_test_random(&state) / 1e12;
            valid[i] = fr_test_random(&state) % 5 != 0;
        }
        FR_OWNED fr_column *column = fr_test_f64s(call, x, valid, 511);
        FR_OWNED fr_column *key = fr_test_repeating(call, "str", 511, 7, 20, seed);
        FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = fr_grouping_of(call, &key, 1, 511);
        REQUIRE(column && key && groups);
        for (size_t k = 0; k < FR_COUNT_OF(names); k++) {
            const fr_aggregate_call what = { .name = names[k] };
            FR_OWNED fr_column *result = fr_aggregator_ops()->aggregate(call, &what, &column, 1, groups, 511);
            REQUIRE(result);
            CHECK_INT(result->length, groups->n_groups);
            for (uint32_t g = 0; g < groups->n_groups; g++) {
                twin t;
                twin_of(column, fr_grouping_ids(groups), g, &t);
                const fr_value v = fr_column_value(result, g);
                const double expected[] = { (double)t.sum, (double)(t.sum / (long double)t.n),
                                            (double)(t.squares / (long double)(t.n - 1)), t.least, t.most };
                if (k == 5) CHECK_INT(v.as.i, t.n);
                else if (k >= 3) CHECK_F64(v.as.f, expected[k]);
                else CHECK_NEAR(v.as.f, expected[k], 1e-15);
            }
        }
    }
}

/* ---- every row a group of its own -------------------------------------------------------------------------------- */
static fr_column *alone(fr_call *call, const char *name, fr_column *column, const fr_grouping *groups)
{
    return fr_aggregator_ops()->aggregate(call, &(fr_aggregate_call){ .name = name }, &column, 1, groups, column->length);
}

static void check_alone(fr_call *call, fr_column *column, const fr_grouping *groups, size_t row, double sum)
{
    static const char *const picks[] = { "min", "max", "first", "last" };
    for (size_t i = 0; i < FR_COUNT_OF(picks); i++) {
        FR_OWNED fr_column *picked = alone(call, picks[i], column, groups);
        REQUIRE(picked);
        CHECK(fr_column_equal(picked, column));
    }
    FR_OWNED fr_column *sums = alone(call, "sum", column, groups);
    FR_OWNED fr_column *means = alone(call, "mean", column, groups);
    FR_OWNED fr_column *counts = alone(call, "count", column, groups);
    REQUIRE(sums && means && counts && sums->null_count == 0);
    const bool valid = fr_is_valid(column, (int64_t)row);
    const fr_value total = fr_column_value(sums, (int64_t)row), mean = fr_column_value(means, (int64_t)row);
    CHECK_F64(total.kind == FR_F64 ? total.as.f : total.kind == FR_U64 ? (double)total.as.u : (double)total.as.i, sum);
    CHECK_INT(mean.valid, valid);
    if (valid) CHECK_F64(mean.as.f, sum);
    CHECK_INT(fr_column_value(counts, (int64_t)row).as.i, valid);
}

TEST(a_row_alone_in_its_group_is_its_own_sum_mean_and_extreme)
{
    WITH_CALL;
    const double keys[] = { 5, 2, 9, 1, 7 }, x[] = { 1.5, -0.0, NAN, -INFINITY, 4 };
    const int64_t whole[] = { 3, INT64_MAX, -1, 0, INT64_MIN };
    const uint8_t valid[] = { 1, 1, 1, 1, 0 };
    FR_OWNED fr_column *key = reals(call, keys, 5);
    FR_OWNED fr_column *floats = fr_test_f64s(call, x, valid, 5);
    FR_OWNED fr_column *integers = fr_test_i64s(call, whole, valid, 5);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = fr_grouping_of(call, &key, 1, 5);
    REQUIRE(groups && groups->n_groups == 5);
    for (size_t row = 0; row < 5; row++) {
        check_alone(call, floats, groups, row, valid[row] ? x[row] + 0.0 : 0);
        check_alone(call, integers, groups, row, valid[row] ? (double)whole[row] : 0);
    }
    FR_OWNED fr_column *sums = alone(call, "sum", floats, groups);
    CHECK(!signbit(((const double *)sums->values)[1]));                    /* 0 + -0 */
    const fr_aggregate_call at_least = { .name = "sum", .params = &(fr_value){ .kind = FR_I64, .valid = 1, .as.i = 1 },
                                         .n_params = 1, .param_names = (const char *const[]){ "min_count" } };
    FR_OWNED fr_column *some = fr_aggregator_ops()->aggregate(call, &at_least, &floats, 1, groups, 5);
    CHECK(some && some->null_count == 1 && !fr_is_valid(some, 4));
}

TEST(integers_of_every_width_are_their_own_sums)
{
    WITH_CALL;
    static const char *const types[] = { "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "bool", "duration[us]" };
    FR_OWNED fr_column *key = fr_test_column(call, "i64", 300, 0, 3);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = fr_grouping_of(call, &key, 1, 300);
    REQUIRE(groups && groups->n_groups == 300);
    for (size_t t = 0; t < FR_COUNT_OF(types); t++) {
        FR_OWNED fr_column *column = fr_test_column(call, types[t], 300, 20, t);
        FR_OWNED fr_column *sums = column ? alone(call, "sum", column, groups) : NULL;
        REQUIRE(sums);
        for (int64_t row = 0; row < 300; row++) {
            const fr_value sum = fr_column_value(sums, row), value = fr_column_value(column, row);
            const uint64_t expected = !value.valid ? 0 : value.as.u;
            fr_test_check(sum.valid && sum.as.u == expected, types[t], __FILE__, (int)row);
        }
    }
}

/* ---- determinism ------------------------------------------------------------------------------------------------- */
static uint64_t bits_of_all(uint32_t threads, uint64_t chunk, uint64_t seed, int64_t n, int64_t n_groups)
{
    static const char *const names[] = { "sum", "var", "last", "mean", "skew", "median", "min", "nunique", "mode",
                                         "prod" };
    const size_t n_names = n > 100000 ? 3 : FR_COUNT_OF(names);
    fr_auto(context) context = fr_context_new(.threads = threads, .chunk_rows = chunk, .seed = seed);
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    uint64_t digest = 0, state = 9;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(&call, (size_t)n, 8);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keys = fr_buffer_array(&call, (size_t)n, 8);
    for (int64_t i = 0; i < n; i++) {
        const uint64_t r = fr_test_random(&state);
        ((double *)values->data)[i] = (double)(int64_t)(r >> 20) / 3e5;
        ((double *)keys->data)[i] = (double)(r % (uint64_t)n_groups);
    }
    const fr_column_parts parts = { .type = fr_type_of(FR_F64), .phys = FR_PHYS_F64, .length = n, .values = values };
    fr_column_parts key_parts = parts;
    key_parts.values = keys;
    FR_OWNED fr_column *column = fr_column_new(&call, &parts);
    FR_OWNED fr_column *key = fr_column_new(&call, &key_parts);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = fr_grouping_of(&call, &key, 1, n);
    for (size_t k = 0; groups && k < n_names; k++) {
        const fr_aggregate_call what = { .name = names[k] };
        FR_OWNED fr_column *result = fr_aggregator_ops()->aggregate(&call, &what, &column, 1, groups, n);
        for (int64_t g = 0; result && g < result->length; g++) {
            const fr_value v = fr_column_value(result, g);
            digest = (digest ^ (v.valid ? v.as.u : 7)) * UINT64_C(0x9E3779B97F4A7C15) + (digest >> 32);
        }
    }
    fr_drop_grouping(&groups);
    groups = NULL;
    if (fr_failed(&call)) digest = 0;
    fr_call_end(&call);
    return digest;
}

TEST(aggregates_have_the_same_bits_for_any_threads_chunk_and_seed)
{
    static const uint32_t threads[] = { 2, 3, 7 };
    for (int big = 0; big < 3; big++) {
        const int64_t n = big ? 1100000 : 5000, groups = big == 2 ? 300000 : 37;
        const uint64_t expected = bits_of_all(1, 0, 1, n, groups);
        CHECK(expected != 0);
        for (size_t t = 0; t < (big ? 1 : 3); t++)
            CHECK(bits_of_all(threads[t], 1000 * t, t + 2, n, groups) == expected);
    }
}

/* Rows of several blocks, whose states are merged: sums of decimals, products, moments of large integers, exactly. */
TEST(states_of_blocks_add_up_to_those_of_all_rows)
{
    enum { ROWS = 300000, GROUPS = 3 };
    static int64_t g[ROWS], n[ROWS], few[ROWS];
    static double f[ROWS];
    int64_t sums[GROUPS] = { 0 }, products[GROUPS] = { 1, 1, 1 }, counts[GROUPS] = { 0 };
    double squares[GROUPS] = { 0 };
    for (int64_t i = 0; i < ROWS; i++) {
        g[i] = i % GROUPS;
        n[i] = 1000000000 + i % 1000 * 10;
        few[i] = i % 50000 == 7 ? -2 : 1;
        f[i] = (double)few[i] / (i % 100000 == 7 ? 8 : 1);
        sums[g[i]] += n[i];
        products[g[i]] *= few[i];
        counts[g[i]]++;
    }
    for (int64_t i = 0; i < ROWS; i++) {
        const double off = (double)n[i] - (double)sums[g[i]] / (double)counts[g[i]];
        squares[g[i]] += off * off;
    }
    fr_auto(frame) frame = fr_frame_new(ROWS, fr_array("g", FR_I64, g), fr_array("n", FR_I64, n), fr_array("f", FR_F64, f),
                                        fr_array("few", FR_I64, few));
    for (uint32_t threads = 1; threads <= 3; threads += 2) {
        fr_auto(context) context = fr_context_new(.threads = threads);
        fr_auto(frame) mine = fr_with_context(frame, context);
        fr_auto(frame) out = fr_pipe(mine, fr_with("d = cast(n, 'decimal(30,2)')"),
                                     fr_group("g", "s = sum(d), p = prod(few), q = prod(f), v = var(n), k = kurt(n)"));
        REQUIRE(fr_ok(out) && fr_length(out) == GROUPS);
        for (int64_t k = 0; k < GROUPS; k++) {
            CHECK_INT(fr_get(out, k, "s").as.decimal.low, 100 * sums[k]);
            CHECK_INT(fr_get(out, k, "p").as.i, products[k]);
            CHECK_F64(fr_get(out, k, "q").as.f, (double)products[k] / 8);
            CHECK_NEAR(fr_get(out, k, "v").as.f, squares[k] / (double)(counts[k] - 1), 1e-12);
            CHECK_NEAR(fr_get(out, k, "k").as.f, -1.2, 1e-3);                     /* that of even steps */
        }
    }
}

/* All rows without a grouping (facts, lanes) and as the one group of a grouping. */
TEST(all_rows_give_what_their_one_group_gives)
{
    static const char *const types[] = { "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64", "bool",
                                         "date", "decimal(9,2)" };
    static const char *const names[] = { "count", "min", "max", "sum", "mean", "var", "std", "skew", "kurt" };
    static const int64_t lengths[] = { 1, 2, 7, 64, 65, 511 };
    WITH_CALL;
    for (size_t t = 0; t < FR_COUNT_OF(types); t++)
        for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
            for (int nulls = 0; nulls <= 100; nulls += 25) {
                const int64_t n = lengths[l];
                FR_OWNED fr_column *x = fr_test_column(call, types[t], n, nulls, 3 * l + t);
                FR_CLEANUP(fr_drop_grouping) fr_grouping *one = fr_grouping_of(call, NULL, 0, n);
                REQUIRE(x && one);
                for (size_t a = 0; a < FR_COUNT_OF(names); a++) {
                    const fr_aggregate_call what = { .name = names[a] };
                    FR_OWNED fr_column *all = fr_aggregator_ops()->aggregate(call, &what, &x, 1, NULL, n);
                    if (!all) fr_call_forgive(call);
                    FR_OWNED fr_column *group = fr_aggregator_ops()->aggregate(call, &what, &x, 1, one, n);
                    if (!group) fr_call_forgive(call);
                    fr_test_check(all ? group && fr_column_equal(all, group) : !group, names[a], __FILE__, (int)n);
                }
            }
}

/* docs/expressions.md is written by tools/gen_expressions.py; an aggregate that is not in it was forgotten. */
TEST(the_manual_lists_every_aggregate)
{
    size_t n;
    char line[64];
    static char manual[1 << 18];
    const char *const *names = fr_aggregator_ops()->names(&n);
    FILE *file = fopen(fr_test_path("docs/expressions.md"), "rb");
    REQUIRE(file != NULL);
    manual[fread(manual, 1, sizeof manual - 1, file)] = 0;
    fclose(file);
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(line, sizeof line, "\n| `%s(", names[i]);
        if (!strstr(manual, line)) CHECK_STR(line, "a line of docs/expressions.md");
    }
}
