/* test_simplify.c — what is known about an expression without computing it: columns, failures, aggregates, type. */
#include "base/memory.h"
#include "support/columns.h"
#include "support/expr_support.h"
#include "support/expr_twin.h"
#include "support/test.h"

#include <string.h>

typedef struct known { bool columns[7], can_fail, aggregate; char type[FR_TYPE_TEXT_BYTES]; } known;

static known about(const char *text)
{
    known k = { .type = "" };
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    fr_frame *frame = fr_twin_frame(&call, 1, 1);
    fr_expr *expr = fr_expr_parse(&call, text, NULL, 0);
    if (frame && expr) {
        fr_expr_mark_columns(expr, frame->schema, k.columns);
        k.can_fail = fr_expr_can_fail(expr, frame->schema);
        k.aggregate = fr_expr_has_aggregate(expr, fr_test_aggregator());
        const fr_type *type = fr_expr_type(&call, expr, frame->schema, fr_test_aggregator());
        if (type) (void)fr_type_name(type, k.type), fr_type_unref(type);
    }
    fr_expr_unref(expr);
    fr_frame_unref(frame);
    fr_call_end(&call);
    return k;
}

TEST(what_can_fail)
{
    CHECK(!about("x > 1 and s == 'a'").can_fail);
    CHECK(!about("k // 2 == 1").can_fail);
    CHECK(about("k * 1000 + len(s) - k == 1").can_fail);                     /* len is any i64 as far as is known … */
    CHECK(!about("k * 1000 + len(s) % 7 - k == 1").can_fail);                /* … and what a division leaves is not */
    CHECK(!about("year(d) * 10000 + month(d) * 100 + day(d) == 1").can_fail);
    CHECK(!about("k * 1000 + k - 7 == 1").can_fail);
    CHECK(about("k * k * k == 1").can_fail);
    CHECK(about("i // k == 1").can_fail);
    CHECK(!about("k in (1, 2) or upper(c) == 'X'").can_fail);
    CHECK(!about("x * 2 + k / 3 > 1").can_fail);
    CHECK(!about("year(d) == 2024").can_fail);
    CHECK(!about("try_cast(s, 'i64') > 1").can_fail);
    CHECK(about("i + 1 > 2").can_fail);
    CHECK(about("cast(s, 'i64') > 1").can_fail);
    CHECK(about("matches(s, 'a+')").can_fail);
    CHECK(about("nothing").can_fail);
}

/* What an expression says of columns of one type. */
static bool can_fail_over(const char *type, const char *text)
{
    static const char *const names[] = { "x", "d", "u", "i" };
    const char *const types[] = { type, "date", "u64", "i8" };
    WITH_CALL;
    fr_column *columns[4] = { NULL };
    for (size_t i = 0; i < 4; i++) columns[i] = fr_test_column(call, types[i], 0, 0, 1);
    fr_frame *frame = fr_frame_of(call, NULL, names, columns, 4, 0);
    fr_expr *expr = fr_expr_parse(call, text, NULL, 0);
    const bool fails = fr_expr_can_fail(expr, frame->schema);
    fr_expr_unref(expr);
    for (size_t i = 0; i < 4; i++) fr_column_unref(columns[i]);
    fr_frame_unref(frame);
    return fails;
}

/* Such a filter behind a sort stays there, so that its error names the row of the sorted frame. */
TEST(moments_and_widened_values_at_the_ends_of_their_range_can_fail)
{
    CHECK(can_fail_over("datetime[us, Europe/Berlin]", "hour(x) == 3") && !can_fail_over("datetime[us]", "hour(x) == 3"));
    CHECK(can_fail_over("datetime[s]", "date(x) == d") && !can_fail_over("datetime[us]", "date(x) == d"));
    CHECK(can_fail_over("date", "month_start(x) == d") && can_fail_over("datetime[s]", "year_end(x) == d"));
    CHECK(can_fail_over("datetime[us]", "coalesce(d, x) is null") && !can_fail_over("datetime[s]", "coalesce(d, x) is null"));
    CHECK(can_fail_over("duration[s]", "least(x, duration '1ns') is null"));
    CHECK(can_fail_over("i8", "u // i == 1") && can_fail_over("i8", "coalesce(u, i) == 1"));
    CHECK(can_fail_over("u64", "bit_and(u, i) == 1"));
    CHECK(can_fail_over("decimal(38,10)", "coalesce(x, cast(u, 'decimal(38,0)')) == 1"));
    CHECK(!can_fail_over("f32", "coalesce(x, u) == 1") && !can_fail_over("i16", "coalesce(x, i) == 1"));
    CHECK(can_fail_over("datetime[us, Europe/Berlin]", "coalesce(x, 'a') is null"));
}

TEST(what_is_read)
{
    known k = about("i + k > sum(x) over (c, d)");
    const bool expected[7] = { true, true, true, false, false, true, true };
    CHECK_BYTES(k.columns, expected, sizeof expected);
    CHECK(k.aggregate);
    CHECK(about("cum_sum(k)").aggregate);
    CHECK(!about("count(s, 'a')").aggregate);
    CHECK(about("count(s)").aggregate);
}

TEST(types_of_results)
{
    static const char *const cases[][2] = {
        { "k + 1", "i64" },
        { "k / 1", "f64" },
        { "k ** 2", "i64" },
        { "k ** k", "f64" },
        { "coalesce(k, 0)", "i32" },
        { "coalesce(k, 1.5)", "f64" },
        { "d - d", "duration[s]" },
        { "d + duration '1h'", "datetime[us]" },
        { "s + c", "str" },
        { "null", "null" },
        { "sum(k)", "i64" },
        { "mean(k) over c", "f64" },
        { "split(s, ' ')", "list[str]" },
        { "cast(k, 'decimal(9,2)') * 1.1", "decimal(11,3)" },
        { "x == 1", "bool" },
        { "localize(d, 'UTC')", "datetime[us, UTC]" },
        { "cast(s, 'cat')", "cat" },
        { "k if f else x", "f64" },
        { "hash(s)", "u64" },
    };
    for (size_t i = 0; i < FR_COUNT_OF(cases); i++) CHECK_STR(about(cases[i][0]).type, cases[i][1]);
}
