/* test_eval.c — the rules of the semantics list, by eye: nulls, overflow, comparisons, selections, dictionaries,
 * groups. */
#include "base/memory.h"
#include "support/columns.h"
#include "support/expr_support.h"
#include "support/test.h"

#include <frame/frame.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

/* a: 1 2 null 4, b: 0 3 5 null, x: 1.5 nan null -2.5, s: 'ab' 'Äß' null '', r: coded EU UK EU null, d: dates, f:
 * flags */
static fr_frame *sample(void)
{
    static const int64_t a[] = { 1, 2, 0, 4 }, b[] = { 0, 3, 5, 0 };
    static const uint64_t u[] = { 0, 1, UINT64_MAX, 7 };
    static const uint8_t no2[] = { 1, 1, 0, 1 }, no3[] = { 1, 1, 1, 0 };
    static const bool f[] = { true, false, true, false };
    static const int32_t d[] = { 19753, 19783, 0, 19782 };          /* 2024-01-31, 2024-03-01, null, 2024-02-29 */
    static const int32_t i32[] = { 2147483647, -5, 7, 0 };
    static const char *const s[] = { "ab", "Äß", NULL, "" }, *const r[] = { "EU", "UK", "EU", NULL };
    double x[] = { 1.5, (double)NAN, 0, -2.5 };
    return fr_frame_new(4, fr_array("a", FR_I64, a, .valid = no2), fr_array("b", FR_I64, b, .valid = no3),
                        fr_array("x", FR_F64, x, .valid = no2), fr_array("u", FR_U64, u), fr_array("s", FR_STR, s),
                        fr_array("r", FR_STR, r), fr_array("d", FR_DATE, d, .valid = no2),
                        fr_array("f", FR_BOOL, f, .valid = no3), fr_array("i", FR_I32, i32));
}

#define ALL(text, expected)                                             \
    do {                                                                \
        char room_[2048];                                               \
        CHECK_STR(fr_test_eval_all(frame, text, room_, sizeof room_), expected); \
    } while (0)
#define ONE(text, expected)                                                      \
    do {                                                                         \
        char room_[2048];                                                        \
        CHECK_STR(fr_test_eval_text(text, room_, sizeof room_), expected);       \
    } while (0)

TEST(arithmetic_of_integers)
{
    fr_auto(frame) frame = sample();
    ALL("a + b", "1, 5, null, null");
    ALL("a / b", "inf, 0.6666666666666666, null, null");
    ALL("a // b", "null, 0, null, null");
    ALL("a % b", "null, 2, null, null");
    ALL("i + 1", "2147483648, -4, 8, 1");
    ALL("u + 1", "error: 18446744073709551615 + 1 overflows u64, row 2\n    u + 1\n      ^");
    ALL("u + a", "error: 18446744073709551615 does not fit i64, row 2\n    u + a\n    ^");
    ONE("-7 // 2", "-4");
    ONE("7 // -2", "-4");
    ONE("7 % -2", "-1");
    ONE("-7.5 % 2", "0.5");
    ONE("1 // 0", "null");
    ONE("0 / 0", "nan");
    ONE("1 / 0", "inf");
    ONE("9223372036854775807 + 1",
        "error: 9223372036854775807 + 1 overflows i64, row 0\n    9223372036854775807 + 1\n                        ^");
    ONE("1 ** null", "null");
    ONE("2 ** -1", "0.5");
    ONE("1.1 ** 2 == 1.1 * 1.1 and 0.3 ** 2 == 0.3 * 0.3", "true");
    ONE("2 ** 62 * 2", "error: 4611686018427387904 * 2 overflows i64, row 0\n    2 ** 62 * 2\n            ^");
    ONE("-9223372036854775808 // -1", "error: -9223372036854775808 // -1 overflows i64, row 0\n    "
                                      "-9223372036854775808 // -1\n                         ^");
}

TEST(nulls_and_nan)
{
    fr_auto(frame) frame = sample();
    ALL("a == null", "null, null, null, null");
    ALL("a is null", "false, false, true, false");
    ALL("x != x", "false, true, null, false");
    ALL("x == x", "true, false, null, true");
    ALL("a in (1, 4)", "true, false, null, true");
    ALL("a in (1, null)", "true, null, null, null");
    ALL("a not in (1, 4)", "false, true, null, false");
    ALL("a in []", "false, false, false, false");
    ALL("a in (b, 1)", "true, false, null, null");
    ALL("coalesce(a, b, 9)", "1, 2, 5, 4");
    ALL("f and null", "null, false, null, null");
    ALL("f or null", "true, null, true, null");
    ALL("not f", "false, true, false, null");
    ALL("xor(f, null)", "null, null, null, null");
    ALL("1 if f else 2", "1, 2, 1, 2");
    ALL("a between 2 and 4", "false, true, null, true");
    ALL("greatest(a, b)", "1, 3, 5, 4");
    ALL("nullif(a, 2)", "1, null, null, 4");
    ALL("null", "null, null, null, null");
    ALL("a if null else b", "0, 3, 5, null");
}

TEST(comparisons_are_exact)
{
    fr_auto(frame) frame = sample();
    ALL("u > -1", "true, true, true, true");
    ALL("u > 18446744073709551614", "false, false, true, false");
    ALL("u == 18446744073709551615.0", "false, false, false, false");
    ALL("a < 1.5", "true, false, null, false");
    ALL("0 < a <= 2", "true, true, null, false");
    ONE("9007199254740993 == 9007199254740992.0", "false");
    ONE("9007199254740993 > 9007199254740992.0", "true");
    ALL("s < 'b'", "true, false, null, true");
    ALL("r == 'EU'", "true, false, true, null");
    ALL("'EU' != r", "false, true, false, null");
    ALL("d >= '2024-02-29'", "false, true, null, true");
    ALL("d < datetime '2024-02-29 00:00:01'", "true, false, null, true");
    ALL("f == true", "true, false, true, null");
    ALL("a == 'x'", "error: i64 and str cannot be compared (write the number without quotes)\n    a == 'x'\n      ^");
}

/* An error counts only in rows that need the value; of several the lowest row. */
TEST(errors_of_rows_nobody_needs)
{
    fr_auto(frame) frame = sample();
    ALL("u < 10 and u + 18446744073709551608 > 1", "true, true, false, true");
    ALL("u + 1 if u < 10 else 0", "1, 2, 0, 8");
    ALL("coalesce(a, u + 1)",
        "error: 18446744073709551615 + 1 overflows u64, row 2\n    coalesce(a, u + 1)\n                  ^");
    ALL("coalesce(i, u + 1)", "2147483647, -5, 7, 0");
    ALL("when(u > 100, 1, u + 1 > 0, 2)", "2, 2, 1, 2");
    ALL("cast(s, 'i64') + (u + 1)", "error: 'ab' does not fit i64, row 0\n    cast(s, 'i64') + (u + 1)\n    ^");
    ALL("(u + 1) + cast(1 if u > 2 else 0, 'u64')",
        "error: 18446744073709551615 + 1 overflows u64, row 2\n    (u + 1) + cast(1 if u > 2 else 0, 'u64')\n       ^");
}

TEST(names_and_types_that_are_wrong)
{
    fr_auto(frame) frame = sample();
    ALL("aa + 1", "error: no column 'aa' (did you mean 'a'?)\n    aa + 1\n    ^");
    ALL("s.a", "error: no function 'a' (a column is named alone: a)\n    s.a\n      ^");
    ALL("count(*)", "error: expected a value, found '*' (size() counts rows)\n    count(*)\n          ^");
    ALL("lowr(s)", "error: no function 'lowr' (did you mean 'lower'?)\n    lowr(s)\n    ^");
    ALL("a and f", "error: 'and' needs true or false, not i64 (compare it, e.g. x != 0)\n    a and f\n    ^");
    ALL("upper(a)", "error: upper needs text, not i64\n    upper(a)\n          ^");
    ALL("d - '2024-01-01'", "error: date - str has no meaning (in sums write date '2024-01-31', datetime '2024-01-31 10:00', "
        "duration '1h')\n    d - '2024-01-01'\n      ^");
    ALL("s + 1", "error: str + i64 has no meaning (cast(x, 'f64') or cast(x, 'str') makes both sides alike)\n    s + "
                 "1\n      ^");
    ALL("d + 1", "error: date + i64 has no meaning (add_days(x, n), add_months(x, n), or x + duration '1d')\n    d + "
                 "1\n      ^");
    ALL("least(a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,b)",
        "error: least takes at most 32 arguments (the last argument may be least(…) of the others)\n"
        "    least(a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,…\n    ^");
    ALL("round(a, 1, 2)", "error: round takes (x, digits = 0), not 3 arguments\n    round(a, 1, 2)\n    ^");
    ALL("lower(s) over r", "error: lower is computed row by row and takes no 'over'\n    lower(s) over r\n    ^");
    ALL("1 if a else 2", "error: if needs a condition (true or false), not i64\n    1 if a else 2\n         ^");
}

TEST(text_functions_on_columns)
{
    fr_auto(frame) frame = sample();
    ALL("upper(s)", "'AB', 'ÄSS', null, ''");
    ALL("len(s)", "2, 2, null, 0");
    ALL("s + '-' + r", "'ab-EU', 'Äß-UK', null, null");
    ALL("concat(r, a)", "'EU1', 'UK2', null, null");
    ALL("s.get(0)", "'a', 'Ä', null, null");
    ONE("len('👍🏽')", "2");
    ONE("slice('héllo', -3)", "'llo'");
    ONE("split_part('a.b.c', '.', -1)", "'c'");
    ONE("list_len(split('a b  c', ' '))", "4");
    ONE("extract('x', '(y)')", "null");
    ONE("strip('\\u00a0 a ')", "'a'");
    ONE("lstrip('\\u00a0 a ')", "'a '");
    ONE("rstrip(' a \\u3000')", "' a'");
    ONE("strip('äüzx€y€😀ab', 'abcdefghijklmnopqrstuvwxyzäö')", "'üzx€y€😀'");
    ONE("strip('äüzx€y€😀ab', 'abcdefghijklmnopqrstuvwxyzäöü€😀')", "''");
    ONE("rstrip('äüzx€y€😁ab', 'abcdefghijklmnopqrstuvwxyzäöü€😀')", "'äüzx€y€😁'");
    ONE("strip('aab', repeat('xyz', 20)) + strip('xab', 'x') + strip('yaby', repeat('xyz', 20))", "'aababab'");
    ONE("'|' + rstrip(' \\t\\u3000') + lstrip(' \\t') + strip(' ') + '|'", "'||'");      /* nothing but white space */
    ONE("isdigit('²') and not isdecimal('²') and not isdigit('')", "true");
    ONE("matches('a', '(')", "error: pattern does not parse at its byte 1: missing closing parenthesis\n    "
                             "matches('a', '(')\n                 ^");
    ONE("matches(repeat('a', 40) + 'b', '^(a+)+$')", "error: the pattern takes too many steps on a text of 41 bytes, "
                                                     "row 0\n    matches(repeat('a', 40) + 'b', '^(a+)+$'…\n    ^");
}

/* Each fails in the second row. */
TEST(rows_that_a_condition_leaves_out_may_fail)
{
    static const bool f[] = { true, false };
    static const int64_t a[] = { 2, INT64_MAX };
    static const int32_t d[] = { 19753, 2932896 };                   /* 2024-01-31, 9999-12-31 */
    static const char *const t[] = { "2024-10-20 02:30", "2024-03-31 02:30" };
    fr_auto(frame) frame = fr_frame_new(2, fr_array("f", FR_BOOL, f), fr_array("a", FR_I64, a), fr_array("d", FR_DATE, d),
                                        fr_array("t", FR_STR, t));
    static const struct { const char *text, *first; } cases[] = {
        { "a + a", "4" }, { "a * a", "4" }, { "-(0 - a - 1)", "3" }, { "abs(0 - a - 1)", "3" }, { "a ** 2", "4" },
        { "bit_left(a, 3)", "16" }, { "cast(a, 'i8')", "2" }, { "cast(a * 1.0, 'i8')", "2" },
        { "cast(a, 'decimal(3,0)')", "2" }, { "repeat('ab', a)", "'abab'" }, { "zfill('7', a)", "'07'" },
        { "rjust('7', a)", "' 7'" }, { "add_days(d, a)", "2024-02-02" }, { "add_months(d, a)", "2024-03-31" },
        { "make_date(a, 1, 31)", "0002-01-31" }, { "duration(a, 'h')", "0 days 02:00:00" },
        { "duration '1d' * a", "2 days 00:00:00" }, { "d + duration '1d' * a", "2024-02-02 00:00:00" },
        { "cast(d, 'datetime[ns]')", "2024-01-31 00:00:00" },
        { "localize(parse_datetime(t), 'Europe/Berlin')", "2024-10-20 00:30:00" } };
    for (size_t i = 0; i < FR_COUNT_OF(cases); i++) {
        char text[200], alone[2048], expected[100], chosen[2048];
        snprintf(text, sizeof text, "when(f, %s, null)", cases[i].text);
        snprintf(expected, sizeof expected, "%s, null", cases[i].first);
        if (strncmp(fr_test_eval_all(frame, cases[i].text, alone, sizeof alone), "error: ", 7)) CHECK_STR(alone, "an error");
        CHECK_STR(fr_test_eval_all(frame, text, chosen, sizeof chosen), expected);
    }
}

TEST(casts)
{
    fr_auto(frame) frame = sample();
    ALL("cast(i, 'i8')", "error: 2147483647 does not fit i8, row 0\n    cast(i, 'i8')\n    ^");
    ALL("try_cast(i, 'i8')", "null, -5, 7, 0");
    ALL("cast(x, 'i64')", "error: nan does not fit i64, row 1\n    cast(x, 'i64')\n    ^");
    ALL("try_cast(x, 'i64')", "1, null, null, -2");
    ONE("cast(-1.9, 'i64')", "-1");
    ONE("cast(' 2 ', 'i64')", "2");
    ONE("try_cast('3.0', 'i64')", "null");
    ONE("cast('1e3', 'f64')", "1000.0");
    ONE("cast(1.5, 'decimal(5,1)') + 1", "2.5");
    ONE("cast('2024-02-29', 'date') + duration '1d'", "2024-03-01 00:00:00");
    ONE("cast(9007199254740993, 'f64')",
        "error: 9007199254740993 does not fit f64, row 0\n    cast(9007199254740993, 'f64')\n    ^");
    ONE("cast(86399, 'time[s]')", "23:59:59");
    ONE("cast(86400, 'time[s]')", "error: 86400 does not fit time[s], row 0\n    cast(86400, 'time[s]')\n    ^");
    ONE("try_cast(-1, 'time')", "null");
    ALL("try_cast(cast(a, 'i8'), 'time[s]')", "00:00:01, 00:00:02, null, 00:00:04");
    ONE("cast(1, 'bool')", "true");
    ONE("cast('yes', 'bool')", "true");
    ONE("cast(1, 'i9')", "error: not a type: expected a type such as i64, str or datetime[us] (did you mean 'i8'?)\n    i9\n    ^");
}

TEST(unsigned_and_short_operands_keep_their_type)
{
    fr_auto(frame) frame = sample();
    ALL("u // cast(2, 'u64')", "0, 0, 9223372036854775807, 3");
    ALL("u % cast(10, 'u64')", "0, 1, 5, 7");
    ALL("cast(7, 'u64') // u", "null, 7, 0, 1");
    ALL("cast(7, 'u64') % u", "null, 0, 7, 0");
    ALL("abs(u)", "0, 1, 18446744073709551615, 7");
    ALL("cast(x, 'f32') // cast(0.5, 'f32')", "3.0, nan, null, -5.0");
    ALL("cast(x, 'f32') % cast(2, 'f32')", "1.5, nan, null, 1.5");
    ALL("-cast(x, 'f32')", "-1.5, nan, null, 2.5");
    ALL("abs(cast(x, 'f32'))", "1.5, nan, null, 2.5");
    ALL("-cast(i, 'decimal(12,1)')", "-2147483647.0, 5.0, -7.0, 0.0");
    ALL("abs(cast(i, 'decimal(12,1)'))", "2147483647.0, 5.0, 7.0, 0.0");
    ALL("rank(cast(i, 'decimal(12,1)'))", "4.0, 1.0, 3.0, 2.0");
    ALL("hash(cast(x, 'f32')) == hash(x)", "true, true, null, true");
    ONE("hash(0.0) == hash(-0.0)", "true");
}

TEST(the_lowest_number_and_large_powers_overflow)
{
    fr_auto(frame) frame = sample();
    ALL("a ** 3", "1, 8, null, 64");
    ALL("a ** 70", "error: 2 ** 70 overflows i64, row 1\n    a ** 70\n      ^");
    ALL("-(a - 9223372036854775807)", "9223372036854775806, 9223372036854775805, null, 9223372036854775803");
    ALL("-(a - 9223372036854775807 - 2)", "error: -(-9223372036854775808) overflows i64, row 0\n"
        "    -(a - 9223372036854775807 - 2)\n    ^");
}

TEST(decimals_round_below_zero_as_above)
{
    ONE("round(cast('-2.45', 'decimal(5,2)'), 1)", "-2.40");
    ONE("round(cast('-2.55', 'decimal(5,2)'), 1)", "-2.60");
    ONE("round(cast('-2.46', 'decimal(5,2)'), 1)", "-2.50");
    ONE("floor(cast('-2.45', 'decimal(5,2)'))", "-3.00");
    ONE("ceil(cast('-2.45', 'decimal(5,2)'))", "-2.00");
    ONE("trunc(cast('-2.45', 'decimal(5,2)'))", "-2.00");
    ONE("round(cast('99.95', 'decimal(4,2)'), 1)", "error: the rounded value overflows, row 0\n"
        "    round(cast('99.95', 'decimal(4,2)'), 1)\n    ^");
}

TEST(digits_beyond_all_of_a_float_leave_it_or_nothing)
{
    fr_auto(frame) frame = sample();
    ALL("round(x, 400)", "1.5, nan, null, -2.5");
    ALL("round(x, -400)", "0.0, nan, null, -0.0");
}

TEST(durations_are_divided_as_whole_numbers_are)
{
    static const int64_t a[] = { 7, -7, 7, -7, 6, -6, 5 }, b[] = { 2, 2, -2, -2, 0, 3, -1 };
    fr_auto(frame) frame = fr_frame_new(7, fr_array("a", FR_I64, a), fr_array("b", FR_I64, b));
    ALL("(duration '1h' * a) // (duration '1h' * b)", "3, -4, -4, 3, null, -2, -5");
    ALL("(duration '1h' * a) % (duration '1h' * b) // duration '1h'", "1, 1, -1, -1, null, 0, 0");
    ALL("(duration '1h' * a) / (duration '1h' * b)", "3.5, -3.5, -3.5, 3.5, inf, -2.0, -5.0");
    ALL("(duration '10ns' * a) // b // duration '1ns'", "35, -35, -35, 35, null, -20, -50");
    ALL("cast(-9223372036854775807 - 1, 'duration[ns]') // b", "error: -9223372036854775808 // -1 overflows duration[ns], row 6\n"
        "    cast(-9223372036854775807 - 1, 'duration[ns]') // b\n                                                   ^");
}

TEST(dates)
{
    fr_auto(frame) frame = sample();
    ALL("year(d)", "2024, 2024, null, 2024");
    ALL("d.dt.month", "1, 3, null, 2");
    ALL("add_months(d, 1)", "2024-02-29, 2024-04-01, null, 2024-03-29");
    ALL("add_months(d, -1)", "2023-12-31, 2024-02-01, null, 2024-01-29");
    ALL("d - date '2024-01-31'", "0 days 00:00:00, 30 days 00:00:00, null, 29 days 00:00:00");
    ALL("weekday(d)", "2, 4, null, 3");
    ALL("strftime(d, '%d %b')", "'31 Jan', '01 Mar', null, '29 Feb'");
    ONE("isoweek(date '2020-12-31')", "53");
    ONE("isoweek(date '2021-01-03')", "53");
    ONE("weekday(date '2024-01-01') == 0 and isoweekday(date '2024-01-01') == 1", "true");
    ONE("add_months(date '2024-03-31', -1)", "2024-02-29");
    ONE("add_years(date '2024-02-29', 1)", "2025-02-28");
    ONE("month_end(date '2024-02-10')", "2024-02-29");
    ONE("round(datetime '2024-01-01 12:30', '1h')", "2024-01-01 12:00:00");
    ONE("round(datetime '2024-01-01 13:30', '1h')", "2024-01-01 14:00:00");
    ONE("floor(datetime '2024-01-01 12:44', '15min')", "2024-01-01 12:30:00");
    ONE("floor(date '2024-02-29', 'week')", "2024-02-26");
    ONE("floor(cast(datetime '2024-01-01 12:44:01', 'datetime[s]'), '500ms')", "2024-01-01 12:44:01");
    ONE("ceil(localize(cast(datetime '2024-01-01 12:44:01', 'datetime[s]'), 'Europe/Berlin'), 'us') == "
        "'2024-01-01 12:44:01'", "true");
    ONE("round(date '2024-02-29', '7500ms')", "2024-02-29");
    ONE("round(date '2024-02-29', 'h')", "2024-02-29");
    ONE("floor(cast(datetime '2024-01-01 12:44:01', 'datetime[s]'), '1500ms')",
        "error: datetime[s] has no fractions of a second as fine as '1500ms' (cast(x, 'datetime[ns]') counts finer ones)\n"
        "    floor(cast(datetime '2024-01-01 12:44:01', 'datetime[s]'), '1500ms')\n"
        "                                                               ^");
    ONE("round(date '2024-02-29', '7ms')",
        "error: date has no fractions of a second as fine as '7ms' (cast(x, 'datetime[ns]') counts finer ones)\n"
        "    round(date '2024-02-29', '7ms')\n"
        "                             ^");
    ONE("ceil(date '2024-02-29', 'month')", "2024-03-01");
    ONE("floor(date '2024-02-29', 'M')", "error: does 'M' mean the first or the last day? ('month', 'quarter' and 'year' "
        "begin on the first day, 'ME', 'QE' and 'YE' on the last)\n    floor(date '2024-02-29', 'M')\n"
        "                             ^");
    ONE("duration '1h' > 30", "error: duration[us] and i64 cannot be compared (a duration is written duration '30min')\n"
        "    duration '1h' > 30\n                  ^");
    ALL("d == f", "error: date and bool cannot be compared\n    d == f\n      ^");
    ONE("strptime('31/12/69', '%d/%m/%y')", "1969-12-31");
    ONE("strftime(date '2024-02-29', 'YYYY-MM')", "error: a date format without a single % (as in strftime: "
        "%Y-%m-%d %H:%M:%S)\n    strftime(date '2024-02-29', 'YYYY-MM')\n                                ^");
    ONE("strptime('31/12/68', '%d/%m/%y')", "2068-12-31");
    ONE("parse_date('2020-02-30')", "error: '2020-02-30' is not a date, row 0\n    parse_date('2020-02-30')\n    ^");
    ONE("parse_datetime('2024-01-01 10:00:00.000000001')",
        "error: '2024-01-01 10:00:00.000000001' is not a datetime of microseconds (cast(x, 'datetime[ns]') keeps finer "
        "ones), row 0\n    parse_datetime('2024-01-01 10:00:00.0000…\n    ^");
    ONE("duration '1s' - duration '2s'", "-1 days +23:59:59");
    ONE("date '2024-01-02' - datetime '2024-01-01 12:00'", "0 days 12:00:00");
    ONE("datetime '2024-01-01 12:00' - date '2024-01-02'", "-1 days +12:00:00");
    ONE("date '2024-01-02' - localize(datetime '2024-01-01 12:00', 'UTC')",
        "error: a date and a datetime with a zone cannot be subtracted (use date(x) on the datetime)\n"
        "    date '2024-01-02' - localize(datetime '2024-01-01 12:00', …\n                      ^");
    ONE("datetime '2024-01-01 10:00' == localize(datetime '2024-01-01 10:00', 'UTC')",
        "error: datetime[us] and datetime[us, UTC] cannot be compared (localize(x, 'Europe/Berlin') gives a zone, "
        "wall_time(x) takes it away)\n"
        "    datetime '2024-01-01 10:00' == localize(datetime '2024-01-01 10:00',…\n                                ^");
    ONE("epoch(localize(datetime '2020-10-25 02:30', 'Europe/Berlin', 'earliest'))", "1603585800");
    ONE("epoch(localize(datetime '2020-10-25 02:30', 'Europe/Berlin', 'latest'))", "1603589400");
    ONE("localize(datetime '2020-10-25 02:30', 'Europe/Berlin', 'null')", "null");
    ONE("epoch(localize(datetime '2020-10-25 02:30', 'Europe/Berlin'))",
        "error: 2020-10-25 02:30:00 happened twice in Europe/Berlin (localize's policy 'earliest', 'latest' or 'null' "
        "decides), row 0\n"
        "    epoch(localize(datetime '2020-10-25 02:30', 'E…\n          ^");
    ONE("localize(datetime '2020-10-25 02:30', 'Europe/Berlin', 'shift')",
        "error: 2020-10-25 02:30:00 happened twice in Europe/Berlin (localize's policy 'earliest', 'latest' or 'null' "
        "decides), row 0\n    localize(datetime '2020-10-25 02:30', 'E…\n    ^");
    ONE("epoch(localize(datetime '2020-03-29 02:30:00.5', 'Europe/Berlin', 'shift'), 'ms')", "1585443600000");
    ONE("epoch(localize(datetime '2020-03-29 02:30:00.5', 'Europe/Berlin', 'latest'), 'ms')", "1585443600000");
    ONE("epoch(localize(datetime '2020-03-29 03:00:00.5', 'Europe/Berlin', 'shift'), 'ms')", "1585443600500");
    ONE("localize(datetime '2024-01-01 10:00', 'Europe/Berlin') == '2024-01-01 10:00'", "true");
    ONE("localize(datetime '2024-01-01 10:00', 'Mars/Base')",
        "error: no time zone 'Mars/Base' (zones are named like 'Europe/Berlin', 'UTC' or '+02:00'; Debian's package is "
        "tzdata)\n"
        "    localize(datetime '2024-01-01 10:00', 'Mars/Base'…\n             ^");
}

/* Moments that the other side's unit does not hold are compared all the same, alone and in lists. */
TEST(moments_beyond_a_unit)
{
    const int64_t ticks[] = { 1000000000000000000, 2000000000000000000, 0 };
    const int32_t days[] = { 2932896, 23148, 1 };
    const uint8_t valid[] = { 1, 1, 0 };
    fr_auto(frame) raw = fr_frame_new(3, fr_array("t", FR_I64, ticks, .valid = valid), fr_array("d", FR_DATE, days));
    fr_auto(frame) frame = fr_pipe(raw, fr_with("t = cast(t, 'datetime[ns]')"),
                                   fr_with("z = localize(t, 'Europe/Berlin'); s = cast(t, 'datetime[s]'); "
                                           "h = time(cast(t, 'datetime[s]'))"));
    ALL("t < '9999-12-31'", "true, true, null");
    ALL("t < date '9999-12-31'", "true, true, null");
    ALL("date '0001-01-01' >= t", "false, false, null");
    ALL("t between '0001-01-01' and '9999-12-31 10:00'", "true, true, null");
    ALL("t < d", "true, false, null");
    ALL("d == floor(t, 'D')", "false, true, null");
    ALL("z > '0001-01-01'", "true, true, null");
    ALL("s < '2001-09-09 01:46:40.5'", "true, false, null");
    ALL("s == '2001-09-09 01:46:40.000000000'", "true, false, null");
    ALL("h < '01:46:40.000000001'", "true, false, null");
    ALL("t in ('9999-12-31', '2001-09-09 01:46:40')", "true, false, null");
    ALL("t not in ('9999-12-31', '2001-09-09 01:46:40')", "false, true, null");
    ALL("t in ('9999-12-31', '2001-09-09 01:46:40', null)", "true, null, null");
    ALL("s in ('2001-09-09 01:46:40.5', '2033-05-18 03:33:20')", "false, true, null");
    ALL("h in ('01:46:40.5', '03:33:20')", "false, true, null");
    ALL("z in ('2001-09-09 01:46:40', '2033-01-01')", "true, false, null");
    ALL("z not in ('2001-09-09 01:46:40')", "false, true, null");
    ALL("z in ('2001-09-08T23:46:40Z', '2001-01-01')", "true, false, null");
    ALL("z in ('2020-03-29 02:30', '2001-01-01')",
        "error: 2020-03-29 02:30:00 never happened in Europe/Berlin (localize's policy 'shift', 'earliest', 'latest' "
        "or 'null' decides), row 0\n"
        "    z in ('2020-03-29 02:30', '2001-01-01')\n"
        "          ^");
    ALL("t in ('2024-13-01')",
        "error: '2024-13-01' is no datetime (a datetime is written '2024-01-31 10:00:00')\n    t in ('2024-13-01')\n          ^");
}

/* In Berlin 02:00 … 03:00 comes twice on 2020-10-25, from 00:00 and from 01:00 UTC; in Havana the first hour of
 * 2020-11-01, from 04:00 UTC. */
#define AT(zone, utc, moved) "epoch(" moved("to_zone(localize(datetime '" utc "', 'UTC'), '" zone "')") ")" \
        " == epoch(localize(datetime '"
#define IS_AT(zone, utc, moved, result) ONE(AT(zone, utc, moved) result "', 'UTC'))", "true")
#define HOUR_FLOOR(x)    "floor(" x ", 'h')"
#define HOUR_CEIL(x)     "ceil(" x ", 'h')"
#define HOUR_ROUND(x)    "round(" x ", 'h')"
#define QUARTER_ROUND(x) "round(" x ", '15min')"
#define DAY_FLOOR(x)     "floor(" x ", 'D')"
#define DAY_CEIL(x)      "ceil(" x ", 'D')"
#define MONTH_ROUND(x)   "round(" x ", 'MS')"
#define NO_DAYS(x)       "add_days(" x ", 0)"
#define TOMORROW(x)      "add_days(" x ", 1)"
#define YESTERDAY(x)     "add_days(" x ", -1)"
#define NO_MONTHS(x)     "add_months(" x ", 0)"

TEST(an_hour_that_comes_twice_stays_itself)
{
    IS_AT("Europe/Berlin", "2020-10-25 00:30", HOUR_FLOOR, "2020-10-25 00:00");
    IS_AT("Europe/Berlin", "2020-10-25 01:30", HOUR_FLOOR, "2020-10-25 01:00");
    IS_AT("Europe/Berlin", "2020-10-25 00:45", HOUR_CEIL, "2020-10-25 01:00");
    IS_AT("Europe/Berlin", "2020-10-25 01:00", HOUR_CEIL, "2020-10-25 01:00");
    IS_AT("Europe/Berlin", "2020-10-25 01:45", HOUR_CEIL, "2020-10-25 02:00");
    IS_AT("Europe/Berlin", "2020-10-25 00:45", HOUR_ROUND, "2020-10-25 01:00");
    IS_AT("Europe/Berlin", "2020-10-25 01:20", HOUR_ROUND, "2020-10-25 01:00");
    IS_AT("Europe/Berlin", "2020-10-25 01:20", QUARTER_ROUND, "2020-10-25 01:15");
    IS_AT("Europe/Berlin", "2020-10-25 01:30", NO_DAYS, "2020-10-25 01:30");
    IS_AT("Europe/Berlin", "2020-10-25 01:30", NO_MONTHS, "2020-10-25 01:30");
    IS_AT("Europe/Berlin", "2020-10-24 00:30", TOMORROW, "2020-10-25 00:30");
    IS_AT("Europe/Berlin", "2020-10-26 01:30", YESTERDAY, "2020-10-25 01:30");
    IS_AT("Europe/Berlin", "2020-03-28 01:30:00.5", TOMORROW, "2020-03-29 01:00");
}

TEST(a_day_begins_once)
{
    IS_AT("America/Havana", "2020-11-01 04:30", DAY_FLOOR, "2020-11-01 04:00");
    IS_AT("America/Havana", "2020-11-01 05:30", DAY_FLOOR, "2020-11-01 04:00");
    IS_AT("America/Havana", "2020-11-01 05:30", MONTH_ROUND, "2020-11-01 04:00");
    IS_AT("America/Havana", "2020-11-01 05:30", HOUR_FLOOR, "2020-11-01 05:00");
    IS_AT("America/Havana", "2020-11-01 05:00", DAY_CEIL, "2020-11-01 05:00");
    IS_AT("America/Havana", "2020-10-31 12:00", DAY_CEIL, "2020-11-01 04:00");
}

/* Havana's clock shows 01:00 after 23:59:59 on 2024-03-10, at 05:00 UTC; Lord Howe's 02:30 after 01:59:59 on 2024-10-06. */
TEST(a_beginning_that_the_clock_leaves_out_is_the_end_of_the_gap)
{
    IS_AT("America/Havana", "2024-03-10 04:59:59", DAY_CEIL, "2024-03-10 05:00");
    IS_AT("America/Havana", "2024-03-10 05:00", DAY_FLOOR, "2024-03-10 05:00");
    IS_AT("America/Havana", "2024-03-10 05:00", DAY_CEIL, "2024-03-10 05:00");
    IS_AT("America/Havana", "2024-03-10 05:00", HOUR_CEIL, "2024-03-10 05:00");
    IS_AT("America/Havana", "2024-03-10 05:00:00.5", DAY_CEIL, "2024-03-11 04:00");
    IS_AT("America/Havana", "2024-03-10 05:00:01", DAY_CEIL, "2024-03-11 04:00");
    IS_AT("Australia/Lord_Howe", "2024-10-05 15:30", HOUR_FLOOR, "2024-10-05 15:30");
    IS_AT("Australia/Lord_Howe", "2024-10-05 15:30", HOUR_CEIL, "2024-10-05 15:30");
    IS_AT("Australia/Lord_Howe", "2024-10-05 15:30", DAY_CEIL, "2024-10-06 13:00");
}

TEST(decimals)
{
    ONE("cast('10.00', 'decimal(18,2)') * 1.19", "11.9000");
    ONE("cast('10.00', 'decimal(18,2)') + 1", "11.00");
    ONE("cast('10.00', 'decimal(18,2)') / 3", "3.33333333");
    ONE("cast('-7.50', 'decimal(18,2)') // 2", "-4");
    ONE("cast('-7.50', 'decimal(18,2)') % 2", "0.50");
    ONE("cast('0.10', 'decimal(18,2)') == 0.1", "true");
    ONE("cast('1.00', 'decimal(18,2)') / 0", "null");
    ONE("coalesce(cast('9007199254740993', 'decimal(38,0)'), 1.5)", "9007199254740993.0");
    ONE("fill_null(cast(null, 'decimal(5,2)'), 0.125)", "0.125");
    ONE("greatest(cast('1.50', 'decimal(5,2)'), 999.999)", "999.999");
    ONE("cast('1.50', 'decimal(5,2)') if 1 > 2 else 0.1 + 0.2", "0.30000000000000004");
    ONE("round(cast('2.675', 'decimal(18,3)'), 2)", "2.680");
    ONE("round(cast('2.665', 'decimal(18,3)'), 2)", "2.660");
    ONE("cast('-1.1', 'decimal(19,1)') % cast('-99999999999999999999999999999999999999', 'decimal(38,0)')", "-1.1");
    ONE("cast('1.1', 'decimal(19,1)') % cast('-9999999999999999999999999999999999999', 'decimal(38,0)')",
        "-9999999999999999999999999999999999997.9");
    ONE("cast('20000000000000000000000000000000000003', 'decimal(38,0)') % 0.7", "0.6");
    ONE("cast('-20000000000000000000000000000000000003', 'decimal(38,0)') % 0.7", "0.1");
    ONE("cast('20000000000000000000000000000000000003', 'decimal(38,0)') // 0.7",
        "28571428571428571428571428571428571432");
    ONE("cast('-20000000000000000000000000000000000003', 'decimal(38,0)') // 0.7",
        "-28571428571428571428571428571428571433");
    ONE("cast('20000000000000000000000000000000000003', 'decimal(38,0)') // 0.0", "null");
    ONE("cast('0.5', 'decimal(38,38)') // 63", "0");
    ONE("cast('-0.5', 'decimal(38,38)') // 63", "-1");
    ONE("cast('-1', 'decimal(38,0)') % cast('0.0000000000000000000000000000003', 'decimal(38,38)')",
        "0.00000000000000000000000000000020000000");
    ONE("cast('0.5', 'decimal(38,38)') % 63", "0.50000000000000000000000000000000000000");
    ONE("cast('-0.5', 'decimal(38,38)') % 63",
        "error: -0.50000000000000000000000000000000000000 % 63 overflows decimal(38,38), row 0\n"
        "    cast('-0.5', 'decimal(38,38)') % 63\n"
        "                                   ^");
    ONE("cast('99999999999999999999999999999999999999', 'decimal(38,0)') // 0.5",
        "error: 99999999999999999999999999999999999999 // 0.5 overflows decimal(38,0), row 0\n"
        "    …('99999999999999999999999999999999999999', 'decimal(38,0)') // 0.5\n"
        "                                                                 ^");
    ONE("cast('99999999999999999999999999999999999999', 'decimal(38,0)') + 1",
        "error: 99999999999999999999999999999999999999 + 1 overflows decimal(38,0), row 0\n"
        "    …('99999999999999999999999999999999999999', 'decimal(38,0)') + 1\n"
        "                                                                 ^");
}

TEST(rounding)
{
    ONE("round(0.5)", "0.0");
    ONE("round(1.5)", "2.0");
    ONE("round(2.5)", "2.0");
    ONE("round(-0.5)", "-0.0");
    ONE("round(2.675, 2)", "2.68");
    ONE("round(1.005, 2)", "1.0");
    ONE("round(15, -1)", "20");
    ONE("round(25, -1)", "20");
    ONE("floor(-1.5)", "-2.0");
}

TEST(aggregates_and_windows)
{
    fr_auto(frame) frame = sample();
    ALL("sum(a)", "7, 7, 7, 7");
    ALL("a - mean(b)", "-1.6666666666666665, -0.6666666666666665, null, 1.3333333333333335");
    ALL("sum(b) over r", "5, 3, 5, 0");
    ALL("size() over (r, f)", "2, 1, 2, 1");
    ALL("cum_sum(b)", "0, 3, 8, null");
    ALL("cum_sum(b) over r", "0, 3, 5, null");
    ALL("row_index() over r", "0, 0, 1, 0");
    ALL("shift(b)", "null, 0, 3, 5");
    ALL("shift(b, -1) over r", "5, null, null, null");
    ALL("diff(i)", "null, -2147483652, 12, -7");
    ALL("rolling_sum(b, 2)", "null, 3, 8, null");
    ALL("rolling_mean(b, 2) over r", "null, null, 2.5, null");
    ALL("cum_max(u)", "0, 1, 18446744073709551615, 18446744073709551615");
    ALL("cum_sum(u) over f", "0, 1, 18446744073709551615, 7");
    ALL("rolling_mean(u, 1)", "0.0, 1.0, 1.8446744073709552e+19, 7.0");
    ALL("rolling_sum(u, 2)", "error: rolling_sum overflows u64, row 2\n    rolling_sum(u, 2)\n    ^");
    ALL("cum_prod(u)", "0, 0, 0, 0");
    ALL("cum_sum(cast(b, 'decimal(3,2)') + 0.1)", "0.10, 3.20, 8.30, null");
    ALL("cum_sum(cast('60000000000000000000000000000000000001', 'decimal(38,0)') - a)",
        "error: cum_sum overflows decimal(38,0), row 1\n"
        "    cum_sum(cast('60000000000000000000000000…\n    ^");
    ALL("rolling_sum(cast('99999999999999999999999999999999999999', 'decimal(38,0)') - b, 3)",
        "error: rolling_sum overflows decimal(38,0), row 2\n"
        "    rolling_sum(cast('9999999999999999999999…\n    ^");
    ALL("rolling_max(cast('99999999999999999999999999999999999999', 'decimal(38,0)') - b, 2)",
        "null, 99999999999999999999999999999999999999, 99999999999999999999999999999999999996, null");
    ALL("cum_min(0.10 - cast(b, 'decimal(3,2)'))", "0.10, -2.90, -4.90, null");
    ALL("cum_max(cast(b, 'decimal(30,2)'))", "0.00, 3.00, 5.00, null");
    ALL("cum_prod(cast(b, 'decimal(3,2)'))", "0.0, 0.0, 0.0, null");
    ALL("cum_max(date '2024-02-28' + duration '1d' * b)",
        "2024-02-28 00:00:00, 2024-03-02 00:00:00, 2024-03-04 00:00:00, null");
    ALL("cum_min(cast(7 - b, 'date'))", "1970-01-08, 1970-01-05, 1970-01-03, null");
    ALL("cum_max(cast(7 - b, 'date')) over r", "1970-01-08, 1970-01-05, 1970-01-08, null");
    ALL("cum_min(cast(b, 'time'))", "00:00:00, 00:00:00, 00:00:00, null");
    ALL("cum_sum(cast(b + 4, 'decimal(1,0)'))", "4, 11, 20, null");
    ALL("cum_max(cast(b + 4, 'decimal(1,0)'))", "4, 7, 9, null");
    ALL("cum_sum(duration '1h' * b)", "0 days 00:00:00, 0 days 03:00:00, 0 days 08:00:00, null");
    ALL("cum_sum(duration '14000000d' * b)",
        "error: cum_sum overflows duration[us], row 2\n    cum_sum(duration '14000000d' * b)\n    ^");
    ALL("cum_sum(cast(b, 'date'))",
        "error: cum_sum needs a number or duration, not date\n    cum_sum(cast(b, 'date'))\n            ^");
    ALL("cum_prod(duration '1h')", "error: cum_prod needs a number, not duration[us]\n    cum_prod(duration '1h')\n             ^");
    ALL("cum_max('a')", "error: cum_max needs a number, date or time, not str\n    cum_max('a')\n            ^");
    ALL("rolling_sum(cast(b, 'decimal(3,2)'), 2)", "null, 3.00, 8.00, null");
    ALL("rolling_mean(cast(a, 'decimal(3,2)'), 2)", "null, 1.500000, null, null");
    ALL("rolling_mean(cast(b, 'decimal(3,1)') / 3, 3)", "null, null, 0.8888889, null");
    ALL("rolling_min(cast(b, 'decimal(30,2)'), 2)", "null, 0.00, 3.00, null");
    ALL("rolling_max(cast(b, 'decimal(3,2)') * 2, 2)", "null, 6.00, 10.00, null");
    ALL("rolling_max(b, 1)", "0, 3, 5, null");
    ALL("rolling_sum(b, 0)", "error: rolling_sum needs at least one row (so many rows: this one and those before it)\n"
        "    rolling_sum(b, 0)\n                   ^");
    ALL("rank(b)", "1.0, 2.0, 3.0, null");
    ALL("rank(r, 'dense')", "1, 2, 1, null");
    ALL("sum(a) over nothing", "error: no column 'nothing'\n    sum(a) over nothing\n                ^");
    ALL("sum(sum(a))", "error: an aggregate inside an aggregate: sum (aggregate again in a step behind it: with share = n / "
                       "sum(n))\n    sum(sum(a))\n        ^");
    ALL("first(r)", "'EU', 'EU', 'EU', 'EU'");
}

/* Per group: aggregates over the rows of each group, keys by their name, everything else on those results. */
static const char *by_region(const fr_frame *frame, const char *text, char *room, size_t n)
{
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    const fr_aggregator *slow = fr_test_aggregator();
    fr_column *region = fr_test_columns(frame)[fr_find(frame, "r")], *first = NULL;
    fr_grouping *grouping = slow->group(&call, &region, 1, frame->length);
    first = slow->aggregate(&call, &(fr_aggregate_call){ .name = "first" }, &region, 1, grouping, frame->length);
    fr_frame *keys = fr_frame_of(&call, NULL, (const char *const[]){ "r" }, &first, 1, first->length);
    fr_expr *expr = fr_expr_parse(&call, text, NULL, 0);
    fr_column *column =
        expr ? fr_expr_eval_groups(&call, expr, &(fr_eval){ .frame = frame, .aggregator = slow }, grouping, keys)
             : NULL;
    size_t at = 0;
    room[0] = 0;
    for (int64_t i = 0; column && i < column->length; i++) {
        if (i) at += (size_t)snprintf(room + at, n - at, ", ");
        at += fr_test_cell(column, i, room + at, n - at);
    }
    if (!column) {
        fr_frame *failed = fr_object_failed(&call, &fr_frame_class);
        (void)fr_error_text(failed, room, n);
        fr_frame_unref(failed);
    }
    fr_column_unref(column);
    fr_expr_unref(expr);
    fr_frame_unref(keys);
    fr_column_unref(first);
    slow->ungroup(grouping);
    fr_call_end(&call);
    return room;
}

TEST(groups)
{
    char room[512];
    fr_auto(frame) frame = sample();
    CHECK_STR(by_region(frame, "sum(b)", room, sizeof room), "5, 3, 0");
    CHECK_STR(by_region(frame, "sum(b) / size()", room, sizeof room), "2.5, 3.0, 0.0");
    CHECK_STR(by_region(frame, "sum(b + i) + 1", room, sizeof room), "2147483660, -1, 1");
    CHECK_STR(by_region(frame, "concat(r, '=', count(a))", room, sizeof room), "'EU=1', 'UK=1', null");
    CHECK_STR(by_region(frame, "7", room, sizeof room), "7, 7, 7");
    CHECK_STR(by_region(frame, "sum(b - sum(b) over f)", room, sizeof room), "-5, 0, 0");
    CHECK_STR(by_region(frame, "a + 1", room, sizeof room), "column 'a' is neither a key nor inside an aggregate (say "
                                                            "which value, e.g. first(x) or sum(x))\n    a + 1\n    ^");
    CHECK_STR(by_region(frame, "sum(b) over r", room, sizeof room),
              "'over' has no place in an aggregation by groups (compute it before grouping, in a step of with)\n    sum(b) "
              "over r\n    ^");
}
