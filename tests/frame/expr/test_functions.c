/* test_functions.c — every example of functions.def.h gives what it says. */
#include "support/test.h"

#include "base/memory.h"
#include "expr/functions.h"
#include "support/expr_support.h"

#include <frame/expr.h>
#include <frame/table.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TEST(every_example_gives_its_result)
{
    size_t n;
    const fr_function *f = fr_functions(&n);
    for (size_t i = 0; i < n; i++) {
        char room[512], named[600];
        (void)snprintf(named, sizeof named, "%s -> %s", f[i].example, f[i].result);
        char got[1024];
        (void)snprintf(got, sizeof got, "%s -> %s", f[i].example, fr_test_eval_text(f[i].example, room, sizeof room));
        CHECK_STR(got, named);
    }
}

TEST(names_are_there_once)
{
    size_t n;
    const fr_function *f = fr_functions(&n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) CHECK(strcmp(f[i].name, f[j].name) != 0);
}

/* docs/expressions.md is written by tools/gen_expressions.py; a function that is not in it was forgotten. */
TEST(the_manual_lists_every_function)
{
    size_t n;
    char line[256];
    static char manual[1 << 18];
    const fr_function *f = fr_functions(&n);
    FILE *file = fopen(fr_test_path("docs/expressions.md"), "rb");
    REQUIRE(file != NULL);
    manual[fread(manual, 1, sizeof manual - 1, file)] = 0;
    fclose(file);
    for (size_t i = 0; i < n; i++) {
        if (!strcmp(f[i].family, "operators")) continue;
        (void)snprintf(line, sizeof line, "| `%s(%s)` | %s |", f[i].name, f[i].params, f[i].doc);
        if (!strstr(manual, line)) CHECK_STR(line, "a line of docs/expressions.md");
    }
}

static void gives(const char *expression, const char *wanted)
{
    char room[512], got[1024], named[1024];
    fr_test_eval_text(expression, room, sizeof room);
    if (!strncmp(room, "error", 5)) room[strcspn(room, "\n")] = 0;         /* of an error its first line */
    (void)snprintf(named, sizeof named, "%s -> %s", expression, wanted);
    (void)snprintf(got, sizeof got, "%s -> %s", expression, room);
    CHECK_STR(got, named);
}

TEST(the_whole_text_is_looked_for_among_all_ways_to_match)
{
    gives("fullmatch('ab', 'a|ab')", "true");
    gives("fullmatch('abc', 'a|ab')", "false");
    gives("fullmatch('aab', 'a*?')", "false");
    gives("fullmatch('aaa', 'a*?')", "true");
    gives("fullmatch('', '')", "true");
    gives("fullmatch('x\ny', '.*')", "false");
    gives("fullmatch('a\n', 'a$')", "false");
}

TEST(cube_roots_reach_to_both_ends_of_the_floats)
{
    gives("cbrt(1.7976931348623157e308)", "5.643803094122362e+102");
    gives("cbrt(-1.7976931348623157e308)", "-5.643803094122362e+102");
    gives("abs(cbrt(1e-312) / 1e-104 - 1) < 1e-11", "true");
    gives("cbrt(27)", "3.0");
}

TEST(unsigned_integers_are_rounded_too)
{
    gives("round(cast(1250, 'u64'), -2)", "1200");
    gives("ceil(cast(18446744073709551601, 'u64'), -1)", "18446744073709551610");
    gives("ceil(cast(18446744073709551601, 'u64'), -2)", "error: the rounded value overflows, row 0");
    gives("floor(cast(18446744073709551601, 'u64'), -2)", "18446744073709551600");
}

TEST(any_number_but_zero_is_true)
{
    gives("cast(1e30, 'bool')", "true");
    gives("cast(-1 / 0, 'bool')", "true");
    gives("cast(-0.0, 'bool')", "false");
    gives("cast(0 / 0, 'bool')", "error: nan does not fit bool, row 0");
}

TEST(dates_of_far_years_are_dates_or_none)
{
    gives("year_month(date '-0044-03-15')", "'-0044-03'");
    gives("year_quarter(date '-0044-03-15')", "'-0044Q1'");
    gives("year_month(date '+12024-03-15')", "'+12024-03'");
    gives("date '+9999999-01-01'", "error: not a date (write them like date '2024-01-31', datetime '2024-01-31 10:00:00', "
                                   "time '10:00', duration '1d 2h')");
    gives("cast(to_zone(localize(from_epoch(9223372036854775807, 'ns'), 'UTC'), 'Europe/Berlin'), 'date')",
          "2262-04-12");
    gives("cast(to_zone(localize(from_epoch(-9223372036854775807, 'ns'), 'UTC'), '-05:00'), 'date')",
          "1677-09-20");
    gives("cast(to_zone(localize(from_epoch(9223372036854775807, 'ns'), 'UTC'), '+02:00'), 'time')",
          "01:47:16.854775");
}

TEST(a_literal_has_no_offset_to_lose)
{
    gives("datetime '2024-01-31 10:00+02:00'", "error: a datetime literal has no offset (write "
                                               "localize(datetime '2024-01-31 10:00', '+02:00'))");
}

TEST(a_format_has_a_time_also_without_padding)
{
    gives("try_strptime('2024-01-01 5', '%Y-%m-%d %-H')", "2024-01-01 05:00:00");
    gives("try_strptime('2024-01-01 .5', '%Y-%m-%d .%3f')", "2024-01-01 00:00:00.500");
}

TEST(a_date_is_rounded_to_whole_days)
{
    gives("floor(date '2024-01-01', '7h')", "error: rounded to this unit the date is no whole day (cast it to datetime "
                                            "first), row 0");
    gives("floor(date '2024-01-01', '6h')", "2024-01-01");
}

TEST(nothing_hashes_to_nothing)
{
    gives("hash(null)", "null");
}

TEST(lists_are_chosen_whole)
{
    static const int64_t x[] = { 1, 2, 3, 0 };
    static const char *const y[] = { "a;b", "c", NULL, "d;e;f" };
    static const uint8_t valid[] = { 1, 1, 1, 0 };
    char room[512];
    fr_auto(frame) frame = fr_frame_new(4, fr_array("x", FR_I64, x, .valid = valid), fr_array("y", FR_STR, y));
#define GIVES(expression, wanted) CHECK_STR(fr_test_eval_all(frame, expression, room, sizeof room), wanted)
    gives("len(split('a b'))", "error: len needs text, not list[str] (of lists it is list_len)");
    GIVES("join(split(y, ';') if x > 1 else split('u;v', ';'), '|')", "'u|v', 'c', null, 'u|v'");
    GIVES("join(when(x == 1, split(y, ';'), x == 3, split('p', ';')), '|')", "'a|b', null, 'p', null");
    GIVES("join(when(x == 1, split(y, ';'), null, split('n', ';'), split('q', ';')), '|')", "'a|b', 'q', 'q', 'q'");
    GIVES("join(null if x == 1 else split(y, ';'), '|')", "null, 'c', null, 'd|e|f'");
    GIVES("join(coalesce(split(y, ';'), split('z', ';')), '|')", "'a|b', 'c', 'z', 'd|e|f'");
    GIVES("join(nullif(split(y, ';'), split('c', ';')), '|')", "'a|b', null, null, 'd|e|f'");
    GIVES("list_len(split(y, ';') if true else split(y, 'b'))", "2, 1, null, 3");
#undef GIVES
}

/* NAME(null, [1], null) and so on: the list at each place once. */
static void list_at(const fr_function *f, size_t n_args, size_t place)
{
    char text[512];
    size_t n = (size_t)snprintf(text, sizeof text, "%s(", f->name);
    for (size_t i = 0; i < n_args; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", i ? ", " : "", i == place ? "[1]" : "null");
    (void)snprintf(text + n, sizeof text - n, ")");
    gives(text, "error: a list stands only after 'in'");
}

TEST(literal_lists_are_no_values)
{
    static const char *const operators[] = { "[1] is null", "not [true]",  "-[1]",   "[1] + 1",       "2 == [2]",
                                             "[1] in [1]",  "1 in [[1]]", "1 in [null, [1]]", "true or [true]",
                                             "[1] between 0 and 2", "1 if [true] else 2" };
    size_t n;
    const fr_function *f = fr_functions(&n);
    for (size_t i = 0; i < n; i++) {
        if (!strcmp(f[i].family, "operators")) continue;
        for (size_t place = 0; place < 3; place++)
            if (place != 1 || strcmp(f[i].name, "is_in")) list_at(&f[i], 3, place);
    }
    for (size_t i = 0; i < FR_COUNT_OF(operators); i++) gives(operators[i], "error: a list stands only after 'in'");
    gives("1 in [1, null]", "true");
    gives("is_in(list=[1], x=1)", "true");
    gives("is_in([1], x=1)", "error: a list stands only after 'in'");
}

TEST(lists_have_no_order)
{
    gives("least(split('a', ';'), split('b', ';'))", "error: least needs values in an order, not list[str]");
    gives("clip(split('a', ';'), split('b', ';'), null)", "error: clip needs values in an order, not list[str]");
}

/* Seconds reach far beyond the years of a date. */
TEST(names_of_elsewhere_have_a_hint)
{
    gives("row_number()", "error: no function 'row_number' (here it is row_index, which begins with 0: 1 + row_index() over key; "
                          "in the order of x: rank(x, 'first') over key)");
    gives("substr('abc', 1)", "error: no function 'substr' (here it is slice)");
    gives("TRIM('abc')", "error: no function 'TRIM' (here it is strip)");
    gives("'a' == Male", "error: no column 'Male' (texts stand in quotes)");
    gives("Male > 3", "error: no column 'Male'");
    gives("true == False", "error: no column 'False' (write false)");
    gives("1 == NULL", "error: no column 'NULL' (x is null asks for it)");
    gives("1.5 != nan", "error: no column 'nan' (is_nan(x) asks for it)");
    gives("1.5 > sqrt", "error: no column 'sqrt' (the function is written sqrt(x))");
}

TEST(the_calendar_goes_as_far_as_seconds_do)
{
#define FAR "from_epoch(9000000000000000000, 's')"
    gives("year(" FAR ")", "285198648531");
    gives("month(" FAR ") * 100 + day(" FAR ")", "421");
    gives("isoyear(" FAR ") * 100 + isoweek(" FAR ")", "28519864853116");
    gives("cast(" FAR ", 'str')", "'+285198648531-04-21 16:00:00'");
    gives("strftime(" FAR ", '%Y')", "'285198648531'");
    gives("year_quarter(" FAR ")", "'+285198648531Q2'");
    gives("month_start(" FAR ")", "error: the date is out of range, row 0");
#undef FAR
}

TEST(the_largest_product)
{
    gives("18446744073709551615 * 1", "18446744073709551615");
    gives("18446744073709551615 * 18446744073709551615",
          "error: 18446744073709551615 * 18446744073709551615 overflows u64, row 0");
}

/* Days are of 32 bits: nothing reads them as ticks. */
TEST(times_of_dates_are_zero)
{
    static const char *const parts[] = { "hour(d)", "second(d)", "millisecond(d)", "microsecond(d)", "nanosecond(d)" };
    int32_t *days = calloc(500, sizeof *days);
    REQUIRE(days);
    fr_array_spec spec = fr_array("d", FR_DATE, days);
    spec.release = free;
    spec.owner = days;
    fr_auto(frame) frame = fr_frame_new(500, spec);
    for (size_t i = 0; i < FR_COUNT_OF(parts); i++) {
        fr_auto(frame) result = fr_eval_expr(frame, parts[i]);
        CHECK_INT(fr_length(result), 500);
        CHECK_INT(fr_get_at(result, 499, 0).as.i, 0);
    }
}
