/* Groups with subtotals: rows, levels, order, and what cannot be rolled up. */
#include "frame/ops/apply.h"
#include "support/columns.h"
#include "support/torture.h"

#define ROWS "k: b a b b _; p: x y y x x; v: 1 2 3 4 5"

TEST(rollup_adds_the_rows_of_fewer_and_fewer_keys)
{
    fr_auto(frame) frame = fr_test_frame(ROWS, NULL);
    GIVES(frame, fr_group("k, p", "n = size(); s = sum(v)", .rollup = true),
          "k p level n s|b x 2 2 5|a y 2 1 2|b y 2 1 3|_ x 2 1 5|b _ 1 3 8|a _ 1 1 2|_ _ 1 1 5|_ _ 0 5 15");
    GIVES(frame, fr_group("k", "s = sum(v)", .rollup = true), "k level s|b 1 8|a 1 2|_ 1 5|_ 0 15");
    GIVES(frame, fr_group("k", .rollup = true), "k level|b 1|a 1|_ 1|_ 0");
}

TEST(a_sorted_rollup_has_subtotals_behind_what_they_are_of)
{
    fr_auto(frame) frame = fr_test_frame(ROWS, NULL);
    GIVES(frame, fr_group("k, p", "s = sum(v)", .rollup = true, .sort = true),
          "k p level s|a y 2 2|a _ 1 2|b x 2 5|b y 2 3|b _ 1 8|_ x 2 5|_ _ 1 5|_ _ 0 15");
}

TEST(a_subtotal_is_of_its_rows_and_not_of_the_groups_above)
{
    fr_auto(frame) frame = fr_test_frame(ROWS, NULL);
    GIVES(frame, fr_group("k", "m = mean(v); u = nunique(p); q = median(v); w = sum(v) / size()", .rollup = true),
          "k level m u q w|b 1 2.66666666667 2 3 2.66666666667|a 1 2 1 2 2|_ 1 5 1 5 5|_ 0 3 2 3 3");
}

TEST(rollup_without_null_keys_leaves_their_rows_out_of_all_totals)
{
    fr_auto(frame) frame = fr_test_frame(ROWS, NULL);
    fr_auto(frame) made = fr_test_apply(frame, fr_group("k, p", "s = sum(v)", .rollup = true, .drop_nulls = true));
    CHECK_STR(fr_test_text(made), "k p level s|b x 2 5|a y 2 2|b y 2 3|b _ 1 8|a _ 1 2|_ _ 0 10");
    CHECK_STR(fr_test_account(made), "group 5 4 0 0 1 0 0");
}

TEST(rollup_of_no_rows_has_the_total_alone)
{
    fr_auto(frame) frame = fr_test_frame(ROWS, NULL);
    fr_auto(frame) none = fr_test_apply(frame, fr_head(0));
    GIVES(none, fr_group("k, p", "s = sum(v); m = max(v)", .rollup = true), "k p level s m|_ _ 0 0 _");
}

TEST(the_level_gets_a_name_of_its_own)
{
    fr_auto(frame) frame = fr_test_frame("level: a; v: 1", NULL);
    GIVES(frame, fr_group("level", "level_1 = size()", .rollup = true), "level level_2 level_1|a 1 1|_ 0 1");
    GIVES(frame, fr_group("level", "mean(numeric())", .rollup = true), "level level_1 v|a 1 1|_ 0 1");
}

TEST(what_cannot_be_rolled_up_is_told)
{
    fr_auto(frame) frame = fr_test_frame(ROWS, NULL);
    FAILS(frame, fr_group("", "n = size()", .rollup = true), FR_ERR_ARGUMENT, "needs keys");
    fr_auto(frame) made = fr_test_apply(frame, fr_group("k, p", "t = concat(p, size())", .rollup = true));
    REQUIRE(!fr_ok(made) && fr_error(made)->hint);
    CHECK_STR(fr_error(made)->hint, "subtotals have not all keys: inside an aggregate, first(p), they can be read");
}

static fr_outcome run_rollup(fr_context *context, void *state)
{
    (void)state;
    fr_auto(frame) frame = fr_test_frame(ROWS, context);
    if (!fr_ok(frame)) return fr_outcome_of(frame);
    fr_auto(frame) made = fr_test_apply(frame, fr_group("k, p", "s = sum(v); m = median(v)", .rollup = true, .sort = true));
    return fr_outcome_of(made);
}

TEST(rollups_survive_every_failed_allocation) { TORTURE(run_rollup, NULL); }
