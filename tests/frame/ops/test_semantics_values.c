/* The rules of values, one test a rule, numbered as in the acceptance list: N nulls and NaN, A arithmetic, P dates, X
 * text, E the language. What differs from pandas has a row in docs/DIFFERENCES.md. */
#include "frame/ops/apply.h"
#include "support/expr_support.h"

#include <string.h>

#define IS(expression, expected)                                                                              \
    do {                                                                                                      \
        char room_[1024];                                                                                     \
        CHECK_STR(fr_test_eval_text((expression), room_, sizeof room_), (expected));                          \
    } while (0)
/* The whole text of an error has the row and a caret below; this is its first line. */
#define IS_ERROR(expression, part)                                                                            \
    do {                                                                                                      \
        char room_[1024];                                                                                     \
        const char *said_ = fr_test_eval_text((expression), room_, sizeof room_);                             \
        CHECK_STR(strstr(said_, part) ? part : said_, part);                                                  \
    } while (0)
/* A column `r` computed from the others. */
#define WITH(spec, expression, expected)                                                                      \
    do {                                                                                                      \
        fr_auto(frame) frame_ = fr_test_frame(spec, NULL);                                                    \
        fr_auto(frame) with_ = fr_test_apply(frame_, fr_with("r = " expression));                             \
        GIVES(with_, fr_select("r"), "r|" expected);                                                          \
    } while (0)
#define TYPE(spec, expression, expected)                                                                      \
    do {                                                                                                      \
        char room_[80];                                                                                       \
        fr_auto(frame) frame_ = fr_test_frame(spec, NULL);                                                    \
        fr_auto(frame) with_ = fr_test_apply(frame_, fr_with("r = " expression));                             \
        REQUIRE(fr_ok(with_));                                                                                \
        fr_type_text(fr_type_at(with_, fr_width(with_) - 1), room_, sizeof room_);                            \
        CHECK_STR(room_, expected);                                                                           \
    } while (0)

/* ---- nulls and NaN ----------------------------------------------------------------------------------------------- */
TEST(N1_a_null_changes_no_type)
{
    TYPE("x: 1 _", "x + 1", "i64");
    TYPE("x bool: true _", "not x", "bool");
    TYPE("x i8: 1 _", "x", "i8");
    WITH("x: 9007199254740993 _", "x + 0", "9007199254740993|_");
}

TEST(N2_nan_comes_from_arithmetic_and_spreads_a_null_is_skipped)
{
    IS("0 / 0", "nan");
    IS("log(-1)", "nan");
    WITH("x f64: 1 nan 3 _", "sum(x)", "nan|nan|nan|nan");
    WITH("x f64: 1 nan 3 _", "mean(x, skipnan = true)", "2|2|2|2");
    WITH("x f64: 1 nan 3 _", "count(x, skipnan = true)", "2|2|2|2");
    WITH("x f64: 1 nan 3", "max(x)", "nan|nan|nan");
}

TEST(N3_a_comparison_with_null_is_null_and_nan_equals_nothing)
{
    IS("1 == null", "null");
    IS("null != null", "null");
    IS("0 / 0 == 0 / 0", "false");
    IS("0 / 0 != 0 / 0", "true");
    IS("0 / 0 < 1", "false");
    fr_auto(frame) frame = fr_test_frame("x: 1 _ 3", NULL);
    GIVES(frame, fr_filter("x != 1"), "x|3");
    GIVES(frame, fr_filter("not (x == 1)"), "x|3");
}

TEST(N4_logic_is_kleenes)
{
    IS("true or null", "true");
    IS("false or null", "null");
    IS("false and null", "false");
    IS("true and null", "null");
    IS("not (null == 1)", "null");
    IS("xor(null == 1, true)", "null");
}

TEST(N5_membership_of_null_is_null_and_a_null_in_the_list_leaves_doubt)
{
    IS("null in (1, 2)", "null");
    IS("1 in (2, null)", "null");
    IS("1 in (1, null)", "true");
    IS("1 not in (2, null)", "null");
}

TEST(N6_zeros_are_one_key_all_nans_are_one_and_null_is_another)
{
    fr_auto(frame) frame = fr_test_frame("x f64: 0 -0 nan nan _ _", NULL);
    GIVES(frame, fr_group("x", .agg = "n = size()"), "x n|0 2|nan 2|_ 2");
    GIVES(frame, fr_distinct("x"), "x|0|nan|_");
    WITH("x f64: 0 -0 nan nan _ _", "nunique(x)", "2|2|2|2|2|2");
}

TEST(N7_a_power_of_null_is_null)
{
    IS("1 ** null", "null");
    IS("null ** 0", "null");
}

/* ---- arithmetic -------------------------------------------------------------------------------------------------- */
TEST(A1_division_is_true_division)
{
    TYPE("x i8: 7", "x / x", "f64");
    IS("7 / 2", "3.5");
    IS("1 / 0", "inf");
    IS("-1 / 0", "-inf");
    IS("0 / 0", "nan");
}

TEST(A2_floor_division_and_remainder_round_down_and_of_integers_by_zero_are_null)
{
    IS("-7 // 2", "-4");
    IS("-7 % 2", "1");
    IS("7 // -2", "-4");
    IS("7 % -2", "-1");
    IS("-7.5 % 2", "0.5");
    IS("7 // 0", "null");
    IS("7 % 0", "null");
    TYPE("x i32: 7", "x // 0", "i64");
}

TEST(A3_integers_widen_and_an_overflow_names_row_and_operands)
{
    WITH("x i8: 100", "x + x", "200");
    TYPE("x i8: 100", "x + x", "i64");
    fr_auto(frame) frame = fr_test_frame("x: 1 9223372036854775807", NULL);
    FAILS(frame, fr_with("r = x + 1"), FR_ERR_OVERFLOW, "9223372036854775807 + 1 overflows i64");
    FAILS(frame, fr_with("r = x * 2"), FR_ERR_OVERFLOW, "9223372036854775807 * 2 overflows i64");
    fr_auto(frame) failed = fr_test_apply(frame, fr_with("r = x + 1"));
    CHECK_INT(fr_error(failed)->row, 1);
    GIVES(frame, fr_with("x = wrap_add(x, 1)"), "x|2|-9223372036854775808");
}

TEST(A3_bits_of_unsigned_integers_are_unsigned)
{
    const char *const all = "x u64: 18446744073709551615";
    WITH(all, "bit_and(x, 255)", "255");
    WITH(all, "bit_and(255, x)", "255");
    WITH(all, "bit_or(x, 1) == 18446744073709551615", "true");
    WITH(all, "bit_xor(x, 1) == 18446744073709551614", "true");
    WITH(all, "bit_not(x)", "0");
    WITH(all, "bit_count(x)", "64");
    WITH(all, "bit_right(x, 60)", "15");
    WITH(all, "bit_left(bit_right(x, 60), 60) == 17293822569102704640", "true");
    WITH(all, "bit_and(x, null)", "_");
    WITH(all, "bit_right(x, 64)", "_");
    WITH("x: -1", "bit_right(x, 60)", "-1");
    TYPE(all, "bit_and(1, x)", "u64");
    TYPE(all, "bit_count(x)", "i64");
    TYPE("x u64: 1", "bit_right(7, x)", "i64");
    TYPE("x u8: 1", "bit_not(x)", "i64");
    fr_auto(frame) frame = fr_test_frame("x u64: 18446744073709551615; y: -1", NULL);
    FAILS(frame, fr_with("r = bit_and(x, y)"), FR_ERR_VALUE, "-1 does not fit u64");
    FAILS(frame, fr_with("r = bit_left(x, 1)"), FR_ERR_OVERFLOW, "18446744073709551615 shifted left by 1 overflows u64");
    FAILS(frame, fr_with("r = bit_left(y, x)"), FR_ERR_VALUE, "18446744073709551615 does not fit i64");
    FAILS(frame, fr_with("r = bit_and(x, 'a')"), FR_ERR_TYPE, "an integer");
}

TEST(A4_mixed_numbers_have_the_type_of_the_rule)
{
    TYPE("x: 1; y u64: 2", "x + y", "i64");
    TYPE("x i32: 1; y f32: 2", "x + y", "f64");
    TYPE("x i16: 1; y f32: 2", "x + y", "f32");
    fr_auto(frame) frame = fr_test_frame("x: 1; y u64: 18446744073709551615", NULL);
    FAILS(frame, fr_with("r = x + y"), FR_ERR_VALUE, "18446744073709551615 does not fit i64");
}

TEST(A5_sums_are_wide_and_fit_or_fail)
{
    TYPE("x i8: 1", "sum(x)", "i64");
    TYPE("x bool: true", "sum(x)", "i64");
    TYPE("x u8: 1", "sum(x)", "u64");
    TYPE("x f32: 1", "sum(x)", "f64");
    WITH("x i32: 2147483647 1", "sum(x)", "2147483648|2147483648");
    fr_auto(frame) frame = fr_test_frame("x: 4611686018427387904 4611686018427387904", NULL);
    FAILS(frame, fr_group(.agg = "s = sum(x)"), FR_ERR_OVERFLOW, "sum of all rows does not fit i64");
}

TEST(A6_means_are_f64_and_of_bools_the_share)
{
    TYPE("x i8: 127 127", "mean(x)", "f64");
    WITH("x i8: 127 127", "mean(x)", "127|127");
    WITH("x bool: true false _", "mean(x)", "0.5|0.5|0.5");
    TYPE("x f32: 1", "mean(x)", "f64");
}

TEST(A7_round_goes_to_even)
{
    WITH("x f64: 0.5 1.5 2.5 -0.5", "round(x)", "0|2|2|-0");
    IS("round(2.675, 2)", "2.68");
    IS("round(1.005, 2)", "1.0");
}

TEST(A8_casts_cut_towards_zero_and_refuse_what_does_not_fit)
{
    IS("cast(1.9, 'i64')", "1");
    IS("cast(-1.9, 'i64')", "-1");
    IS_ERROR("cast(0 / 0, 'i64')", "nan does not fit i64");
    IS_ERROR("cast(300, 'i8')", "300 does not fit i8");
    IS("try_cast(300, 'i8')", "null");
    IS_ERROR("cast('3.0', 'i64')", "'3.0' does not fit i64");
    IS("cast(' 2', 'i64')", "2");
    fr_auto(frame) frame = fr_test_frame("x: 1 300 _", NULL);
    FAILS(frame, fr_cast("x: i8"), FR_ERR_VALUE, "300 does not fit i8");
    GIVES(frame, fr_cast("x: i8", .errors = FR_ERRORS_COERCE), "x|1|_|_");
}

TEST(A9_a_float_sum_is_compensated)
{
    WITH("x f64: 1e16 1 1 -1e16", "sum(x)", "2|2|2|2");
    WITH("x f64: 0.1 0.2 0.3 -0.6", "abs(sum(x)) < 1e-16", "true|true|true|true");
}

/* ---- dates ------------------------------------------------------------------------------------------------------- */
TEST(P1_the_format_is_inferred_from_all_values_and_ambiguity_is_refused)
{
    fr_auto(frame) day = fr_test_frame("d str: 13/02/2020 01/02/2020", NULL);
    fr_auto(frame) both = fr_test_frame("d str: 01/02/2020 03/04/2020", NULL);
    fr_auto(frame) mixed = fr_test_frame("d str: 2020-01-02 2020-01-03T10:00", NULL);
    GIVES(day, fr_parse_dates("d"), "d|18305|18293");                          /* 13 and 1 February */
    FAILS(both, fr_parse_dates("d"), FR_ERR_VALUE, "day");
    GIVES(both, fr_parse_dates("d", .day_first = true), "d|18293|18355");
    GIVES(both, fr_parse_dates("d", .month_first = true), "d|18263|18325");
    GIVES(mixed, fr_parse_dates("d"), "d|1577923200000000|1578045600000000");      /* ISO says which is which */
}

TEST(P2_impossible_dates_fail_or_become_null)
{
    fr_auto(frame) frame = fr_test_frame("d str: 2020-02-29 2020-02-30", NULL);
    FAILS(frame, fr_parse_dates("d"), FR_ERR_PARSE, "2020-02-30");
    GIVES(frame, fr_parse_dates("d", .errors = FR_ERRORS_COERCE), "d|18321|_");
    IS("try_parse_datetime('2020-01-01 24:00')", "null");
    IS("try_parse_datetime('2020-01-01 23:60')", "null");
    IS("strptime('69', '%y') == date '1969-01-01'", "true");
    IS("strptime('68', '%y') == date '2068-01-01'", "true");
}

TEST(P3_microseconds_are_the_unit_and_finer_ones_are_checked)
{
    TYPE("s: x", "parse_datetime('2020-01-01 10:00')", "datetime[us]");
    IS_ERROR("cast(datetime '2263-01-01 00:00', 'datetime[ns]')", "2263-01-01 00:00:00 does not fit datetime[ns]");
    IS_ERROR("cast(date '9999-12-31', 'datetime[ns]')", "9999-12-31 does not fit datetime[ns]");
    IS("year(cast(datetime '2262-01-01 00:00', 'datetime[ns]'))", "2262");
}

TEST(P4_clocks_with_and_without_a_zone_do_not_compare)
{
    IS_ERROR("localize(datetime '2020-01-01 00:00', 'UTC') == datetime '2020-01-01 00:00'", "cannot be compared");
    IS_ERROR("localize(datetime '2020-10-25 02:30', 'Europe/Berlin')", "2020-10-25 02:30");
    IS_ERROR("localize(datetime '2020-03-29 02:30', 'Europe/Berlin')", "2020-03-29 02:30");
    IS("hour(to_zone(localize(datetime '2020-10-25 02:30', 'Europe/Berlin', 'latest'), 'UTC'))", "1");
    IS("hour(localize(datetime '2020-03-29 02:30', 'Europe/Berlin', 'shift'))", "3");
    IS("datetime '2020-03-28 12:00' + duration '1d' == '2020-03-29 12:00'", "true");
}

TEST(P5_months_are_clipped_to_their_last_day)
{
    IS("add_months(date '2020-01-31', 1) == '2020-02-29'", "true");
    IS("add_months(date '2020-03-31', -1) == '2020-02-29'", "true");
    IS("add_years(date '2020-02-29', 1) == '2021-02-28'", "true");
    IS("month_end(date '2020-01-31') == '2020-01-31'", "true");
}

TEST(P6_weekdays_begin_with_monday)
{
    IS("weekday(date '2024-01-01')", "0");
    IS("isoweekday(date '2024-01-07')", "7");
}

TEST(P7_iso_weeks_negative_durations_and_rounding)
{
    IS("isoweek(date '2020-12-31')", "53");
    IS("isoyear(date '2021-01-03')", "2020");
    IS("isoweek(date '2021-01-03')", "53");
    IS("cast(duration '-1s', 'str')", "'-1 days +23:59:59'");
    IS("round(datetime '2020-01-01 12:30', 'h') == '2020-01-01 12:00'", "true");
    IS("round(datetime '2020-01-01 13:30', 'h') == '2020-01-01 14:00'", "true");
}

/* ---- text -------------------------------------------------------------------------------------------------------- */
TEST(X1_lengths_are_code_points_and_sharp_s_becomes_two)
{
    IS("len('👍🏽')", "2");
    IS("len('e\\u0301')", "2");
    IS("upper('ß')", "'SS'");
}

TEST(X2_contains_and_replace_take_the_text_as_it_is)
{
    IS("contains('a.c', '.')", "true");
    IS("contains('abc', '.')", "false");
    IS("matches('abc', '.')", "true");
    IS("contains(null, 'a')", "null");
    IS("replace('a.a.a', '.', '-')", "'a-a-a'");
}

TEST(X3_split_without_separator_goes_by_white_space)
{
    IS("list_len(split('  a  b '))", "2");
    IS("list_len(split('a  b', ' '))", "3");
    IS("list_len(split('a..b', '..'))", "2");
    IS("split_part('a-b', '-', 5)", "null");
}

TEST(X4_positions_may_be_negative_and_blanks_may_be_wide)
{
    IS("slice('abcdef', -2)", "'ef'");
    IS("get('abc', 9)", "null");
    IS("strip('\\u00a0 a \\u2003')", "'a'");
    IS("zfill('-5', 3)", "'-05'");
    IS("title('o\\'neil mc-x')", "'O\\'Neil Mc-X'");
    IS("extract('abc', '([0-9]+)')", "null");
}

TEST(X5_a_null_makes_a_joined_text_null_but_a_list_skips_it)
{
    IS("'a' + null", "null");
    IS("concat('a', null)", "null");
}

TEST(X6_digits_are_told_apart)
{
    IS("isdigit('²')", "true");
    IS("isdecimal('²')", "false");
    IS("isdigit('')", "false");
    IS("try_cast(' 2 ', 'f64')", "2.0");
    IS("try_cast('1e3', 'f64')", "1000.0");
    IS("try_cast('0x10', 'i64')", "null");
}

/* ---- the language ------------------------------------------------------------------------------------------------ */
TEST(E1_what_pandas_users_write_is_understood_or_explained)
{
    IS("1 < 2 <= 3", "true");
    IS("7 // 2", "3");
    IS("2 ** 10", "1024");
    IS("'abc'.str.startswith('a')", "true");
    WITH("t date: 18293 18263", "t >= '2020-02-01'", "true|false");
    WITH("x: 1 3", "x in [1, 2]", "true|false");
    fr_auto(frame) plain = fr_test_frame("x: 1 3", NULL);
    fr_auto(frame) odd = fr_test_apply(plain, fr_rename("x as `odd name`"));
    GIVES(odd, fr_filter("`odd name` > 1"), "odd name|3");
    WITH("x f64: 1 nan", "x != x", "false|true");
    IS_ERROR("1 > 0 & 2 > 1", "and");
    IS_ERROR("1 and 2", "and");
}

TEST(E2_what_libframe_adds)
{
    IS("'big' if 5 > 3 else 'small'", "'big'");
    IS("2 between 1 and 3", "true");
    IS("null is null", "true");
    IS("coalesce(null, 3)", "3");
    WITH("g: a b a; x: 1 2 3", "sum(x) over g", "4|2|4");
}
