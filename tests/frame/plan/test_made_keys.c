/* Groups, pivots, distinct rows and sorts by what is computed: the same as a with before them. */
#include <frame/frame.h>

#include "frame/ops/apply.h"
#include "support/torture.h"

#define ORDERS "day: 130 201 229 102 _; region: a b a _ b; x: 1 2 3 4 5"

static void gives(const fr_step step, const char *expected)
{
    fr_auto(frame) frame = fr_test_frame(ORDERS, NULL);
    fr_auto(frame) made = fr_pipe(frame, step);
    CHECK_STR(fr_test_text(made), expected);
}

static void fails(const fr_step step, fr_code code, const char *part)
{
    fr_auto(frame) frame = fr_test_frame(ORDERS, NULL);
    fr_auto(frame) made = fr_pipe(frame, step);
    fr_test_fails(made, code, part, __FILE__, (int)step.line);
}

static void same(const fr_step *one, const fr_step *two)
{
    fr_auto(frame) frame = fr_test_frame(ORDERS, NULL);
    fr_auto(frame) given = fr_pipe_steps(frame, one, sizeof *one, __FILE__, __LINE__);
    fr_auto(frame) expected = fr_pipe_steps(frame, two, sizeof *two, __FILE__, __LINE__);
    CHECK_STR(fr_test_text(given), fr_test_text(expected));
    CHECK(fr_ok(given) && fr_equal(given, expected));
}

#define SAME(one, ...) same((const fr_step[]){ one, { 0 } }, (const fr_step[]){ __VA_ARGS__, { 0 } })

TEST(keys_with_a_name_and_an_expression_are_computed)
{
    gives(fr_group("m = day // 100", .agg = "s = sum(x)"), "m s|1 5|2 5|_ 5");
    gives(fr_group("region, early = x < 3", .agg = "s = sum(x)"),
          "region early s|a true 1|b true 2|a false 3|_ false 4|b false 5");
    SAME(fr_group("m = day // 100, region", .agg = "n = size()", .sort = true),
         fr_with("m = day // 100"), fr_group("m, region", .agg = "n = size()", .sort = true));
    SAME(fr_group("u = concat(region, ','), `odd name` = x % 2", .agg = "n = size()"),
         fr_with("u = concat(region, ','); `odd name` = x % 2"), fr_group("u, `odd name`", .agg = "n = size()"));
    SAME(fr_group("day = day // 100", .agg = "n = size()", .drop_nulls = true),
         fr_with("day = day // 100"), fr_group("day", .agg = "n = size()", .drop_nulls = true));
    SAME(fr_group("big = x > $1", .agg = "n = sum(x * :k)", .bind = { fr_v(2), fr_named("k", 3) }),
         fr_with("big = x > 2"), fr_group("big", .agg = "n = sum(x * 3)"));
}

TEST(other_verbs_have_computed_keys_as_well)
{
    gives(fr_sort("far = abs(x - 3) desc, x"), "day region x far|130 a 1 2|_ b 5 2|201 b 2 1|102 _ 4 1|229 a 3 0");
    SAME(fr_sort("-far = abs(x - 3), region asc"), fr_with("far = abs(x - 3)"), fr_sort("far desc, region"));
    SAME(fr_sort("m = day // 100", .descending = true, .nulls_first = true), fr_with("m = day // 100"),
         fr_sort("m", .descending = true, .nulls_first = true));
    SAME(fr_sort("`a desc` = x % 2, y = 0 - x desc"), fr_with("`a desc` = x % 2; y = 0 - x"), fr_sort("`a desc`, y desc"));
    gives(fr_distinct("m = day // 100"), "day region x m|130 a 1 1|201 b 2 2|_ b 5 _");
    SAME(fr_distinct("region, odd = x % 2", .keep = FR_KEEP_LAST), fr_with("odd = x % 2"),
         fr_distinct("region, odd", .keep = FR_KEEP_LAST));
    SAME(fr_pivot("m = day // 100", "early = x < 3", "x", "sum", .sort = true), fr_with("m = day // 100; early = x < 3"),
         fr_pivot("m", "early", "x", "sum", .sort = true));
    SAME(fr_pivot("region", "m = day // $1", .agg = "s = sum(x) * :k", .bind = { fr_v(100), fr_named("k", 2) }),
         fr_with("m = day // 100"), fr_pivot("region", "m", .agg = "s = sum(x) * 2"));
    fails(fr_pivot("region", "x = x % 2", .agg = "s = sum(x)"), FR_ERR_ARGUMENT, "'x' is a key that is made here");
    fails(fr_sort("far = abs(y) desc"), FR_ERR_NOT_FOUND, "no column 'y'");
    fails(fr_sort("x == 1"), FR_ERR_SYNTAX, "");
    fails(fr_distinct("m = "), FR_ERR_SYNTAX, "");
    fr_auto(frame) frame = fr_test_frame(ORDERS, NULL);
    fr_auto(frame) call = fr_pipe(frame, fr_sort("abs(x)"));
    fr_auto(frame) product = fr_pipe(frame, fr_distinct("x * 2"));
    REQUIRE(fr_error(call) && fr_error(product));
    CHECK_STR(fr_error(call)->hint, "columns are named here; one that is computed has a name: key = abs(…)");
    CHECK_STR(fr_error(product)->hint, "columns are named here; one that is computed has a name: y = …");
}

TEST(a_direction_is_a_word_behind_an_expression)
{
    fr_auto(frame) frame = fr_test_frame("desc: 2 1 3; asc: 1 1 2", NULL);
    fr_auto(frame) named = fr_pipe(frame, fr_sort("k = desc"));
    CHECK_STR(fr_test_text(named), "desc asc k|1 1 1|2 1 2|3 2 3");
    fr_auto(frame) down = fr_pipe(frame, fr_sort("k = desc desc"));
    CHECK_STR(fr_test_text(down), "desc asc k|3 2 3|2 1 2|1 1 1");
    fr_auto(frame) sum = fr_pipe(frame, fr_sort("k = asc + desc"));
    CHECK_STR(fr_test_text(sum), "desc asc k|1 1 2|2 1 3|3 2 5");
}

TEST(comparisons_and_patterns_are_no_names)
{
    gives(fr_group("matches('x=|^x')", .agg = "n = size()"), "x n|1 1|2 1|3 1|4 1|5 1");
    fails(fr_group("x == 1", .agg = "n = size()"), FR_ERR_SYNTAX, "expected ',' between columns");
    fails(fr_group("x >= 1", .agg = "n = size()"), FR_ERR_SYNTAX, "expected ',' between columns");
    fails(fr_group("abs(day)", .agg = "n = size()"), FR_ERR_SYNTAX, "no selector 'abs'");
}

TEST(what_is_wrong_with_a_computed_key_is_told)
{
    fails(fr_group("m = dag // 100", .agg = "n = size()"), FR_ERR_NOT_FOUND, "no column 'dag'");
    fails(fr_group("m = ", .agg = "n = size()"), FR_ERR_SYNTAX, "");
    fails(fr_group("m = abs(day", .agg = "n = size()"), FR_ERR_SYNTAX, "");
    fails(fr_group("m = x, m = x + 1", .agg = "n = size()"), FR_ERR_ARGUMENT, "'m'");
    fails(fr_group("m = day // 100", .agg = "n = sum(y)"), FR_ERR_NOT_FOUND, "no column 'y'");
    fails(fr_group("m = day // 100", .agg = "n = sum("), FR_ERR_SYNTAX, "");
}

/* The key, or the column that was there before? */
TEST(an_aggregate_does_not_read_a_column_of_a_computed_key_s_name)
{
    fails(fr_group("day = day // 100", .agg = "n = nunique(day)"), FR_ERR_ARGUMENT,
          "'day' is a key that is made here");
    fails(fr_group("region, `x` = x % 2", .agg = "n = size(); s = sum(x)"), FR_ERR_ARGUMENT, "'x' is a key");
    gives(fr_group("x = x % 2", .agg = "d = nunique(day)"), "x d|1 2|0 2");
}

TEST(a_computed_key_s_name_may_have_a_backtick)
{
    fr_auto(frame) frame = fr_test_frame("a`b: 1 1 2; c: 2 3 5", NULL);
    fr_auto(frame) clash = fr_pipe(frame, fr_group("`a``b` = c % 2", .agg = "n = sum(`a``b`)"));
    fr_auto(frame) fine = fr_pipe(frame, fr_group("`c``d` = c % 2", .agg = "n = sum(`a``b`)"));
    fr_test_fails(clash, FR_ERR_ARGUMENT, "'a`b' is a key that is made here", __FILE__, __LINE__);
    CHECK_STR(fr_test_text(fine), "c`d n|0 1|1 3");
}

/* Behind a pivot the steps that are left are taken in once more. */
TEST(values_go_where_they_are_named)
{
    fr_auto(frame) frame = fr_test_frame(ORDERS, NULL);
    fr_auto(frame) made = fr_pipe(frame, fr_pivot("x", "region", "day"),
                                  fr_group("big = x > :low", .agg = "n = sum(x * $2)", .bind = { fr_named("low", 2), fr_v(3) }));
    CHECK_STR(fr_test_text(made), "big n|false 9|true 36");
    fails(fr_group("big = x > 2", .agg = "n = sum(x)", .bind = { fr_named("low", 2) }), FR_ERR_ARGUMENT, "does not name");
}

static fr_outcome run_group(fr_context *context, void *state)
{
    (void)state;
    fr_auto(frame) frame = fr_test_frame(ORDERS, context);
    if (!fr_ok(frame)) return fr_outcome_of(frame);
    fr_auto(frame) made = fr_pipe(frame, fr_group("region, m = day // 100", .agg = "s = sum(x)"));
    return fr_outcome_of(made);
}

static fr_outcome run_others(fr_context *context, void *state)
{
    (void)state;
    fr_auto(frame) frame = fr_test_frame(ORDERS, context);
    if (!fr_ok(frame)) return fr_outcome_of(frame);
    fr_auto(frame) made = fr_pipe(frame, fr_distinct("x, m = day // 100"), fr_sort("far = abs(x) desc"),
                                  fr_pivot("m", "region, odd = x % $1", .agg = "s = sum(far)", .bind = { fr_v(2) }));
    return fr_outcome_of(made);
}

TEST(computed_keys_survive_every_failed_allocation)
{
    TORTURE(run_group, NULL);
    TORTURE(run_others, NULL);
}
