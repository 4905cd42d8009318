/* test_parse.c — trees (shown as normal form), precedence, errors with their carets, limits. */
#include "expr/tree.h"
#include "support/expr_support.h"
#include "support/test.h"

#include <frame/table.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void show_failure(fr_call *call, char *room, size_t n)
{
    fr_frame *failed = fr_object_failed(call, &fr_frame_class);
    (void)fr_error_text(failed, room, n);
    fr_frame_unref(failed);
}

static const char *normal(const char *text, char *room, size_t n)
{
    fr_call call;
    char *out = NULL;
    fr_call_begin(&call, NULL, NULL, 0);
    fr_expr *expr = fr_expr_parse(&call, text, NULL, 0);
    if (expr && fr_expr_text(&call, expr, &out)) (void)snprintf(room, n, "%s", out);
    else show_failure(&call, room, n);
    fr_free_text(call.context, out);
    fr_expr_unref(expr);
    fr_call_end(&call);
    return room;
}

#define NORMAL(text, expected) CHECK_STR(normal(text, room, sizeof room), expected)

TEST(precedence)
{
    char room[1024];
    NORMAL("1+2*3", "1 + 2 * 3");
    NORMAL("(1+2)*3", "(1 + 2) * 3");
    NORMAL("a-(b-c)-d", "a - (b - c) - d");
    NORMAL("-a**2", "-a ** 2");
    NORMAL("(-a)**2", "(-a) ** 2");
    NORMAL("2**3**2", "2 ** 3 ** 2");
    NORMAL("(2**3)**2", "(2 ** 3) ** 2");
    NORMAL("2**-1", "2 ** -1");
    NORMAL("a or b and not c == d", "a or b and not c == d");
    NORMAL("(a or b) and c", "(a or b) and c");
    NORMAL("1 < a <= 3", "1 < a and a <= 3");
    NORMAL("a if b else c if d else e", "a if b else c if d else e");
    NORMAL("x not in (1,2)", "not x in [1, 2]");
    NORMAL("x not between 1 and 2 and y", "not x between 1 and 2 and y");
    NORMAL("a is not null or b is null", "a is not null or b is null");
    NORMAL("not a is null", "not a is null");
    NORMAL("-9223372036854775808", "-9223372036854775808");
    NORMAL("- - 5", "-(-5)");
    NORMAL("+a", "a");
}

TEST(calls)
{
    char room[1024];
    NORMAL("name.lower()", "lower(name)");
    NORMAL("name.str.lower()", "lower(name)");
    NORMAL("lower(name)", "lower(name)");
    NORMAL("date.dt.year", "year(date)");
    NORMAL("date.year", "date.year");
    NORMAL("home.`odd name`", "field(home, 'odd name')");
    NORMAL("home.struct.city", "home.city");
    NORMAL("5 .abs", "abs(5)");
    NORMAL("order_date.dt.month.abs()", "abs(month(order_date))");
    NORMAL("sum(x) over region", "sum(x) over (region)");
    NORMAL("sum(x) over (region, month) / 2", "sum(x) over (region, month) / 2");
    NORMAL("sum(x) over ()", "sum(x) over ()");
    NORMAL("x.sum() over date.dt.year + 1", "sum(x) over (year(date)) + 1");
    NORMAL("round(x, digits = 2)", "round(x, digits = 2)");
    NORMAL("size + size()", "size + size()");
    NORMAL("`odd name` + `a``b`", "`odd name` + `a``b`");
    NORMAL("date '2024-01-31' > datetime '2024-01-01 10:00'", "date '2024-01-31' > datetime '2024-01-01 10:00:00'");
    NORMAL("'it\\'s' + \"q\"", "'it\\'s' + 'q'");
}

/* What normal form parses to is the same again. */
TEST(normal_form_is_stable)
{
    const char *texts[] = { "a - (b - c) * -d ** 2 if not (x in (1, 'b', null) and y) else z.strip('x').len() over (k)",
                            "1 < a <= 3 != true",
                            "(a if b else c) + 1",
                            "-(-(a))",
                            "not (a and b) or c",
                            "`if` + `and`",
                            "x == (y == z)",
                            "(a if b else c).d.e + -f.g ** h.`odd name`.i",
                            "(a.str).lower.b + (-a).b" };
    char once[1024], twice[1024];
    for (size_t i = 0; i < FR_COUNT_OF(texts); i++)
        CHECK_STR(normal(normal(texts[i], once, sizeof once), twice, sizeof twice), once);
}

TEST(errors_point_at_the_place)
{
    char room[1024];
    NORMAL("", "the expression is empty\n    \n    ^");
    NORMAL("a +", "expected a value, found the end\n    a +\n       ^");
    NORMAL("a = 1", "expected an operator, found '=' (use == to compare)\n    a = 1\n      ^");
    NORMAL("sum(a) over (b order by c)", "expected ',' or ')', found 'order' (over takes keys alone, over (region, year); "
           "rows come in the frame's order, so sort before it)\n    sum(a) over (b order by c)\n                   ^");
    NORMAL("sum(a) over (partition by b)", "expected ',' or ')', found 'by' (over takes keys alone, over (region, year); "
           "rows come in the frame's order, so sort before it)\n    sum(a) over (partition by b)\n                           ^");
    NORMAL("sum(a) over (b rows 3)", "expected ',' or ')', found 'rows' (over takes keys alone; rolling_sum(x, n) and the "
           "like are of the last n rows, cum_sum(x) of all so far)\n    sum(a) over (b rows 3)\n                   ^");
    NORMAL("sum(a) over (b DESC)", "expected ',' or ')', found 'DESC' (over takes keys alone, over (region, year); "
           "rows come in the frame's order, so sort before it)\n    sum(a) over (b DESC)\n                   ^");
    NORMAL("rank(a desc)", "expected ',' or ')', found 'desc'\n    rank(a desc)\n           ^");
    NORMAL("sum(a) over [b, c]", "the keys of over stand in ( ) (write over (region, year))\n"
                                 "    sum(a) over [b, c]\n                ^");
    NORMAL("sum(a) - 1 over b", "expected an operator, found 'over' (it stands right behind a function: sum(x) over region)\n"
                                "    sum(a) - 1 over b\n               ^");
    NORMAL("a & b", "expected an operator, found '&' (use 'and')\n    a & b\n      ^");
    NORMAL("a || b", "expected an operator, found '||' (use 'or')\n    a || b\n      ^");
    NORMAL("a AND b", "expected an operator, found 'AND' (use 'and')\n    a AND b\n      ^");
    NORMAL("a like 'x%'", "expected an operator, found 'like' (use matches(x, 'pattern'), contains, startswith or "
                          "endswith)\n"
                          "    a like 'x%'\n      ^");
    NORMAL("!a", "expected a value, found '!' (use 'not')\n    !a\n    ^");
    NORMAL("a => 2", "expected an operator, found '=>' (use >=)\n    a => 2\n      ^");
    NORMAL("a =< 2", "expected an operator, found '=<' (use <=)\n    a =< 2\n      ^");
    NORMAL("a === 2", "expected an operator, found '===' (use ==)\n    a === 2\n      ^");
    NORMAL("a > @b", "unexpected character '@' (a value from outside is :name or $1, given in .bind)\n    a > @b\n        ^");
    NORMAL("(a", "expected ')', found the end\n    (a\n      ^");
    NORMAL("x in 3", "expected a list such as (1, 2), found '3'\n    x in 3\n         ^");
    NORMAL("a if b", "expected 'else', found the end (else null, where there is no other value)\n    a if b\n          ^");
    NORMAL("x is 3", "expected null behind 'is' (use == to compare)\n    x is 3\n         ^");
    NORMAL("$1 > 2", "parameter $1 is not bound (give its value in .bind)\n    $1 > 2\n    ^");
    NORMAL("2 < :lo", "parameter :lo is not bound (give its value in .bind)\n    2 < :lo\n        ^");
    NORMAL("date '2024-02-30'", "not a date (write them like date '2024-01-31', datetime '2024-01-31 10:00:00', time "
                                "'10:00', duration '1d 2h')\n"
                                "    date '2024-02-30'\n         ^");
    NORMAL("f(a b)", "expected ',' or ')', found 'b'\n    f(a b)\n        ^");
    NORMAL("a b", "expected an operator, found 'b'\n    a b\n      ^");
    NORMAL("and", "expected a value, found 'and' (a column of this name is written in backticks)\n    and\n    ^");
}

TEST(habits_from_elsewhere_are_told_what_it_is_here)
{
    static const char *const cases[][2] = {
        { "a::text", "found '::' (cast(x, 'f64') changes the type)" }, { "a := 1", "found ':=' (use = to name a result)" },
        { "interval '1 day'", "(a span of time is duration '1d 2h'; months: add_months(date, 1))" },
        { "DATE '2024-01-01'", "(write date '2024-01-31')" }, { "f'{a}'", "(texts are put together by concat(a, ' ', b), or +)" },
        { "NOT a", "found 'NOT' (use 'not')" }, { "a And b", "found 'And' (use 'and')" }, { "a IS null", "found 'IS' (use 'is')" },
        { "a ILIKE 'x'", "(use contains(lower(x), 'part'))" }, { "a ≥ 2", "(use >=)" }, { "a IsNull", "(use 'is null')" },
        { "a contains 'x'", "(a function stands before its arguments: contains(text, part))" },
        { "a == 'it''s'", "(a quote in a text is written \\')" }, { "a %in% (1, 2)", "found 'in' (write x in (1, 2))" },
        { "if a then b", "found 'if' (write 'a' if x > 3 else 'b')" },
        { "if(a, b, c)", "found 'if' (write when(x > 3, 'a', 'b'))" },
        { "case when a", "found 'when' (use 'a if condition else b')" }, { "count(*)", "found '*' (size() counts rows)" },
        { "count(distinct a)", "expected ',' or ')' (nunique(x) counts distinct values)" },
        { "sum(a) as b", "(the name stands before: total = sum(x))" }, { "a > 1, b", "('and' joins conditions;" },
        { "a order by b", "(a step of its own, behind a bar: sort x)" }, { "a > 1_000", "(digits stand side by side: 1000000)" },
        { "a > 0x10", "(numbers are decimal)" }, { "a is True", "(a condition stands by itself: x, not x)" },
        { "a is NaN", "(is_nan(x) asks for it)" }, { "a is None", "(write null)" }, { "a is NULL", "(use 'null')" },
    };
    char room[1024];
    for (size_t i = 0; i < FR_COUNT_OF(cases); i++)
        if (!strstr(normal(cases[i][0], room, sizeof room), cases[i][1])) CHECK_STR(room, cases[i][1]);
        else CHECK(strstr(room, cases[i][0]) != NULL);
}

/* Hostile texts end in an error, not in a stack overflow. */
TEST(depth_and_size_are_limited)
{
    size_t n = 100000;
    char *text = malloc(4 * n + 1), room[2048];
    memset(text, '(', n), text[n] = 0;
    CHECK(strstr(normal(text, room, sizeof room), "nested more than 512 deep") != NULL);
    CHECK(strstr(room, "compute it in parts, each a column") != NULL);
    memset(text, '-', n), text[n] = 0;
    CHECK(strstr(normal(text, room, sizeof room), "nested more than 512 deep") != NULL);
    for (size_t i = 0; i < n; i++) memcpy(text + 2 * i, "a+", 2);
    memcpy(text + 2 * n, "a", 2);
    CHECK(strstr(normal(text, room, sizeof room), "nested more than 512 deep") != NULL);
    for (size_t i = 0; i < n; i++) memcpy(text + 4 * i, "not ", 4);
    text[4 * n] = 0;
    CHECK(strstr(normal(text, room, sizeof room), "nested more than 512 deep") != NULL);
    strcpy(text, "x in (1");
    for (size_t i = 0, at = 7; i < 20000; i++, at += 2) strcpy(text + at, ",1");
    CHECK(strstr(normal(text, room, sizeof room), "more than 10000 parts") != NULL);
    CHECK(strstr(room, "semi join values.csv on x") != NULL);
    free(text);
}

TEST(a_long_run_of_and_is_wide_not_deep)
{
    char *text = malloc(20000), room[64];
    strcpy(text, "true");
    for (size_t i = 0; i < 1500; i++) strcat(text, " and true");
    CHECK_STR(fr_test_eval_text(text, room, sizeof room), "true");
    free(text);
}

TEST(a_float_too_large_is_an_error_and_no_infinity)
{
    char room[1024];
    NORMAL("x < 1e400", "the number is too large for f64 (1 / 0 is infinity)\n    x < 1e400\n        ^");
    NORMAL("x < 1e308", "x < 1e308");
    NORMAL("x < 1e-400", "x < 1e-400");
    CHECK_STR(fr_test_eval_text("cast('1e400', 'f64')", room, sizeof room),
              "error: '1e400' does not fit f64, row 0\n    cast('1e400', 'f64')\n    ^");
    CHECK_STR(fr_test_eval_text("cast('1e39', 'f32')", room, sizeof room),
              "error: '1e39' does not fit f32, row 0\n    cast('1e39', 'f32')\n    ^");
    CHECK_STR(fr_test_eval_text("cast('-Infinity', 'f64')", room, sizeof room), "-inf");
}

TEST(bound_values_take_part)
{
    fr_call call;
    char *out = NULL;
    fr_value bind[] = { fr_v(3), fr_v("E'U"), fr_v(2.5), fr_v_null() };
    fr_call_begin(&call, NULL, NULL, 0);
    fr_expr *expr = fr_expr_parse(&call, "x > $1 and region == $2 or y < $3 or z == $4", bind, 4);
    REQUIRE(expr != NULL);
    CHECK(fr_expr_text(&call, expr, &out));
    CHECK_STR(out, "x > 3 and region == 'E\\'U' or y < 2.5 or z == null");
    fr_free_text(call.context, out);
    fr_expr_unref(expr);
    fr_call_end(&call);
}

TEST(parameters_with_names_are_found_by_name_and_by_place)
{
    fr_call call;
    char *out = NULL;
    fr_value bind[] = { fr_named("hi", 7), fr_v(3), fr_named("größe", "E'U") };
    fr_call_begin(&call, NULL, NULL, 0);
    fr_expr *expr = fr_expr_parse(&call, "x > $2 and x < :hi and region == :größe and y == $1", bind, 3);
    REQUIRE(expr != NULL);
    CHECK(fr_expr_text(&call, expr, &out));
    CHECK_STR(out, "x > 3 and x < 7 and region == 'E\\'U' and y == 7");
    fr_free_text(call.context, out);
    fr_expr_unref(expr);
    fr_call_end(&call);
}

TEST(a_misspelt_parameter_has_a_suggestion)
{
    char room[256];
    fr_call call;
    fr_value bind[] = { fr_named("region", "EU") };
    fr_call_begin(&call, NULL, NULL, 0);
    CHECK(!fr_expr_parse(&call, "a == :regoin", bind, 1));
    show_failure(&call, room, sizeof room);
    CHECK_STR(room, "parameter :regoin is not bound (did you mean ':region'?)\n    a == :regoin\n         ^");
    fr_call_end(&call);
}

TEST(values_given_are_checked_like_the_text)
{
    char room[256];
    const fr_value bind[] = { fr_v_text("a\xff", 2), { .kind = FR_BINARY, .valid = true, .length = 1, .as.s = "\xff" } };
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    CHECK(!fr_expr_parse(&call, "a == $1", bind, 2));
    show_failure(&call, room, sizeof room);
    CHECK_STR(room, "the text given here is not valid UTF-8\n    a == $1\n         ^");
    fr_call_forgive(&call);
    fr_expr *expr = fr_expr_parse(&call, "a == $2", bind, 2);
    CHECK(expr != NULL);
    fr_expr_unref(expr);
    fr_call_end(&call);
}
