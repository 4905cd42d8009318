/* fill_null: by value, carried, computed; within groups; what is refused. */
#include "frame/ops/apply.h"

#include <frame/context.h>

TEST(values_fill_the_columns_that_can_take_them)
{
    fr_auto(frame) frame = fr_test_frame("a: 1 _ 3; b f64: _ 2 _; c: x _ _; d cat: p _ q", NULL);
    GIVES(frame, fr_fill_null(.value = fr_v(0)), "a b c d|1 0 x p|0 2 _ _|3 0 _ q");
    GIVES(frame, fr_fill_null(.value = fr_v("?")), "a b c d|1 _ x p|_ 2 ? ?|3 _ ? q");
    GIVES(frame, fr_fill_null(.value = fr_v(0.5)), "a b c d|1 0.5 x p|_ 2 _ _|3 0.5 _ q");
    GIVES(frame, fr_fill_null("b", .value = fr_v(9)), "a b c d|1 9 x p|_ 2 _ _|3 9 _ q");
    fr_auto(frame) filled = fr_test_apply(frame, fr_fill_null(.value = fr_v(0)));
    CHECK_STR(fr_test_account(filled), "fill_null 3 3 0 0 0 3 0");
    CHECK_INT(fr_type_kind(fr_type_at(filled, 0)), FR_I64);
}

/* What a fill of all columns leaves is told: a value that does not fit, or nothing that could be filled. */
TEST(columns_that_keep_their_nulls_are_told)
{
    fr_auto(frame) frame = fr_test_frame("a: 1 _ 3; b f64: _ 2 _; c: x _ _", NULL);
    fr_auto(frame) half = fr_test_apply(frame, fr_fill_null(.value = fr_v(0.5)));
    CHECK_INT(fr_warning_count(half), 1);
    CHECK_STR(fr_warning(half, 0), "'a' of type i64 keeps its nulls: 0.5 does not fit (cast it first)");
    fr_auto(frame) zero = fr_test_apply(frame, fr_fill_null(.value = fr_v(0)));
    CHECK_INT(fr_warning_count(zero), 0);
    fr_auto(frame) numbers = fr_test_apply(frame, fr_select("a, b"));
    fr_auto(frame) words = fr_test_apply(numbers, fr_fill_null(.value = fr_v("?")));
    CHECK_INT(fr_warning_count(words), 1);
    CHECK_STR(fr_warning(words, 0), "nothing was filled: no column with nulls can be filled by a value of type str");
    fr_auto(frame) texts = fr_test_apply(frame, fr_select("c"));
    fr_auto(frame) mean = fr_test_apply(texts, fr_fill_null(.method = FR_FILL_MEAN));
    CHECK_STR(fr_warning(mean, 0), "nothing was filled: no column with nulls can be filled by mean");
    fr_auto(frame) full = fr_test_apply(zero, fr_select("a"));
    fr_auto(frame) idle = fr_test_apply(full, fr_fill_null(.value = fr_v("?")));
    CHECK_INT(fr_warning_count(idle), 0);
}

TEST(a_decimal_that_fills_nothing_is_called_one)
{
    fr_auto(frame) frame = fr_test_frame("x i64: 1 _", NULL);
    fr_value half = { .kind = FR_DECIMAL, .valid = true, .scale = 1 };
    half.as.decimal.low = 5;
    FAILS(frame, fr_fill_null("x", .value = half), FR_ERR_TYPE, "a value of type decimal cannot be stored as i64");
}

TEST(floats_fill_decimals_as_they_are_written)
{
    fr_auto(frame) frame = fr_test_frame("x decimal(5,2): 1 _", NULL);
    GIVES(frame, fr_fill_null("x", .value = fr_v(1.5)), "x|100E-2|150E-2");
    GIVES(frame, fr_fill_null("x", .value = fr_v(-0.01)), "x|100E-2|-1E-2");
    FAILS(frame, fr_fill_null("x", .value = fr_v(0.125)), FR_ERR_TYPE, "f64 cannot be stored as decimal(5,2)");
    FAILS(frame, fr_fill_null("x", .value = fr_v(1000.5)), FR_ERR_TYPE, "f64 cannot be stored as decimal(5,2)");
}

TEST(forward_and_backward_carry_values_up_to_a_limit)
{
    fr_auto(frame) frame = fr_test_frame("x: _ 1 _ _ _ 2", NULL);
    GIVES(frame, fr_fill_null(.method = FR_FILL_FORWARD), "x|_|1|1|1|1|2");
    GIVES(frame, fr_fill_null(.method = FR_FILL_FORWARD, .limit = 1), "x|_|1|1|_|_|2");
    GIVES(frame, fr_fill_null(.method = FR_FILL_FORWARD, .limit = 0), "x|_|1|_|_|_|2");
    GIVES(frame, fr_fill_null(.method = FR_FILL_BACKWARD), "x|1|1|2|2|2|2");
    GIVES(frame, fr_fill_null(.method = FR_FILL_BACKWARD, .limit = 2), "x|1|1|_|2|2|2");
}

/* Against a walk over the rows, where values come from another block of rows than the one they fill. */
static int wrong_rows(const fr_frame *filled, const fr_frame *frame, bool backward, int64_t limit)
{
    int wrong = 0;
    const int64_t n = fr_length(frame);
    fr_value last = { 0 };
    for (int64_t k = 0, used = 0; k < n; k++) {
        const int64_t row = backward ? n - 1 - k : k;
        const fr_value x = fr_get(frame, row, "x"), found = fr_get(filled, row, "x");
        if (x.valid) last = x, used = 0;
        else used++;
        const bool there = last.valid && (limit < 0 || used <= limit);
        wrong += found.valid != there || (there && found.as.i != last.as.i);
    }
    return wrong;
}

TEST(values_are_carried_from_block_to_block)
{
    enum { ROWS = 200001 };
    static int64_t values[ROWS];
    static uint8_t valid[ROWS];
    for (int64_t i = 0; i < ROWS; i++) values[i] = i, valid[i] = i / 40000 % 2 ? i % 40000 < 5 : i % 3 == 1;
    for (uint32_t threads = 1; threads <= 3; threads += 2)
        for (int64_t limit = -1; limit < 60000; limit = limit < 0 ? 3 : limit * 17) {
            fr_auto(context) context = fr_context_new(.threads = threads);
            const fr_array_spec array = fr_array("x", FR_I64, values, .valid = valid);
            fr_auto(frame) frame = fr_frame_from_arrays(ROWS, &array, 1, context);
            fr_auto(frame) forward = fr_test_apply(frame, fr_fill_null(.method = FR_FILL_FORWARD, .limit = limit));
            fr_auto(frame) backward = fr_test_apply(frame, fr_fill_null(.method = FR_FILL_BACKWARD, .limit = limit));
            REQUIRE(fr_ok(forward) && fr_ok(backward));
            CHECK_INT(wrong_rows(forward, frame, false, limit), 0);
            CHECK_INT(wrong_rows(backward, frame, true, limit), 0);
        }
}

TEST(values_never_cross_groups)
{
    fr_auto(frame) frame = fr_test_frame("k: a b a b a; x: 1 _ _ 4 _; t: p _ _ q _", NULL);
    GIVES(frame, fr_fill_null("x, t", .method = FR_FILL_FORWARD, .by = "k"), "k x t|a 1 p|b _ _|a 1 p|b 4 q|a 1 p");
    GIVES(frame, fr_fill_null("x", .method = FR_FILL_BACKWARD, .by = "k"), "k x t|a 1 p|b 4 _|a _ _|b 4 q|a _ _");
    GIVES(frame, fr_fill_null("t", .method = FR_FILL_MODE, .by = "k"), "k x t|a 1 p|b _ q|a _ p|b 4 q|a _ p");
}

TEST(means_medians_and_modes_fill)
{
    fr_auto(frame) frame = fr_test_frame("x f64: 1 _ 2 6; n: 1 2 _ 2; t: b a _ b", NULL);
    GIVES(frame, fr_fill_null("x", .method = FR_FILL_MEAN), "x n t|1 1 b|3 2 a|2 _ _|6 2 b");
    GIVES(frame, fr_fill_null("x", .method = FR_FILL_MEDIAN), "x n t|1 1 b|2 2 a|2 _ _|6 2 b");
    GIVES(frame, fr_fill_null("n, t", .method = FR_FILL_MODE), "x n t|1 1 b|_ 2 a|2 2 b|6 2 b");
    fr_auto(frame) mean = fr_test_apply(frame, fr_fill_null("n", .method = FR_FILL_MEAN));
    CHECK_INT(fr_type_kind(fr_type_at(mean, 1)), FR_F64);
    CHECK_NEAR(fr_get(mean, 2, "n").as.f, 5.0 / 3, 1e-15);
}

/* As in comparisons, which no command and no C program could write a date for otherwise. */
TEST(texts_fill_dates_and_times_that_they_read_as)
{
    fr_auto(frame) frame = fr_test_frame("d date: 0 _; t time: 0 _; m datetime: 0 _; u duration: 0 _; s: x _", NULL);
    REQUIRE(fr_ok(frame));
    GIVES(frame, fr_fill_null(.value = fr_v("1970-01-31")), "d t m u s|0 0 0 0 x|30 _ 2592000000000 _ 1970-01-31");
    GIVES(frame, fr_fill_null("t", .value = fr_v("08:30")), "d t m u s|0 0 0 0 x|_ 30600000000 _ _ _");
    GIVES(frame, fr_fill_null("u", .value = fr_v("90min")), "d t m u s|0 0 0 0 x|_ _ _ 5400000000 _");
    FAILS(frame, fr_fill_null("d", .value = fr_v("2020-02-30")), FR_ERR_TYPE, "column 'd' of type date cannot be filled");
    FAILS(frame, fr_fill_null("d", .value = fr_v("2020-01-31 10:00")), FR_ERR_TYPE, "cannot be filled");
    FAILS(frame, fr_fill_null("m", .value = fr_v("2020-01-31 10:00:00+01:00")), FR_ERR_TYPE, "cannot be filled");
    fr_auto(frame) wrong = fr_test_apply(frame, fr_fill_null("u", .value = fr_v("soon")));
    CHECK_STR(fr_error(wrong)->hint, "a duration is written like 1d 2h");
}

TEST(fill_null_says_what_is_wrong)
{
    fr_auto(frame) frame = fr_test_frame("a: 1 _; t: x _", NULL);
    FAILS(frame, fr_fill_null(), FR_ERR_ARGUMENT, "no value");
    FAILS(frame, fr_fill_null(.value = fr_v(0), .method = FR_FILL_MEAN), FR_ERR_ARGUMENT, "not both");
    FAILS(frame, fr_fill_null(.value = fr_v(0), .limit = 1), FR_ERR_ARGUMENT, "limit");
    FAILS(frame, fr_fill_null(.value = fr_v(0), .by = "t"), FR_ERR_ARGUMENT, "by");
    FAILS(frame, fr_fill_null("t", .value = fr_v(0)), FR_ERR_TYPE, "cannot be filled by a value of type i64");
    FAILS(frame, fr_fill_null("t", .method = FR_FILL_MEAN), FR_ERR_TYPE, "cannot be filled");
    fr_auto(frame) number = fr_test_apply(frame, fr_fill_null("t", .value = fr_v(0)));
    CHECK_STR(fr_error(number) ? fr_error(number)->hint : "", "in quotes it is a text: '0'");
    fr_auto(frame) large = fr_test_apply(frame, fr_fill_null("a", .value = fr_v((uint64_t)1 << 63)));
    CHECK_STR(fr_error(large) ? fr_error(large)->column : "", "a");
    fr_auto(frame) half = fr_test_apply(frame, fr_fill_null("a", .value = fr_v(0.5)));
    CHECK(!fr_ok(half));
}

/* Floats are rounded to f32; what would be infinite, or another whole number, is refused. */
TEST(values_for_f32)
{
    fr_auto(frame) frame = fr_test_frame("x f32: 1 _", NULL);
    GIVES(frame, fr_fill_null("x", .value = fr_v(0.1)), "x|1|0.10000000149");
    FAILS(frame, fr_fill_null("x", .value = fr_v(1e300)), FR_ERR_OVERFLOW, "does not fit f32");
    FAILS(frame, fr_fill_null("x", .value = fr_v(16777217)), FR_ERR_OVERFLOW, "does not fit f32");
    fr_auto(frame) dates = fr_test_frame("x date: 2024-01-01", NULL);
    const fr_value far = { .kind = FR_DATE, .valid = true, .as.i = INT64_C(1) << 32 };
    FAILS(dates, fr_filter("x > $1", .bind = { far }), FR_ERR_OVERFLOW, "a date is a number of days");
}

TEST(a_limit_is_a_number_of_rows_or_none)
{
    fr_auto(frame) frame = fr_test_frame("x: 1 _ _", NULL);
    FAILS(frame, fr_fill_null("x", .method = FR_FILL_FORWARD, .limit = -5), FR_ERR_ARGUMENT, "limit is -5");
    GIVES(frame, fr_fill_null("x", .method = FR_FILL_FORWARD, .limit = 0), "x|1|_|_");
}
