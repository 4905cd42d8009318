/* group: null keys, order, names, selectors, empty frames. */
#include "frame/ops/apply.h"

#define KEYS "k: a _ b a _; v: 1 2 3 4 5"

#include <string.h>

TEST(a_null_key_is_a_group_of_its_own)
{
    fr_auto(frame) frame = fr_test_frame(KEYS, NULL);
    GIVES(frame, fr_group("k", .agg = "v = sum(v)"), "k v|a 5|_ 7|b 3");
    GIVES(frame, fr_group("k", .agg = "v = sum(v)", .sort = true), "k v|a 5|b 3|_ 7");
}

TEST(dropped_null_keys_are_counted)
{
    fr_auto(frame) frame = fr_test_frame(KEYS, NULL);
    fr_auto(frame) dropped = fr_test_apply(frame, fr_group("k", .agg = "v = sum(v)", .drop_nulls = true));
    CHECK_STR(fr_test_text(dropped), "k v|a 5|b 3");
    CHECK_STR(fr_test_account(dropped), "group 5 3 0 0 2 0 0");
}

TEST(aggregates_keep_the_order_and_the_names_written)
{
    fr_auto(frame) frame = fr_test_frame("k: a b a; x: 1 _ 3; y f64: 2 4 6", NULL);
    GIVES(frame, fr_group("k", .agg = "sum(x); orders = size(); mean(y); n = count(x)"),
          "k sum_x orders mean_y n|a 4 2 4 2|b 0 1 4 0");
    GIVES(frame, fr_group("k", .agg = "range = max(y) - min(y); size()"), "k range size|a 4 2|b 0 1");
    GIVES(frame, fr_group("k", .agg = "s = sum(x * 10)"), "k s|a 40|b 0");
    GIVES(frame, fr_group("k", .agg = "q = quantile(y, $1)", .bind = { fr_v(1.0) }), "k q|a 6|b 4");
}

TEST(a_sum_that_does_not_fit_names_its_group_and_a_way_out)
{
    fr_auto(frame) frame = fr_test_frame("k: a b b; y: 1 2 2; x: 1 9223372036854775807 1", NULL);
    FAILS(frame, fr_group("k, y", .agg = "sum(x)"), FR_ERR_OVERFLOW, "sum of k = b, y = 2 does not fit i64");
    fr_auto(frame) failed = fr_test_apply(frame, fr_group("k", .agg = "sum(x)"));
    CHECK(strstr(fr_error(failed)->hint, "sum(cast(x, 'f64')) rounds"));
    CHECK_INT(fr_error(failed)->row, 1);
    FAILS(frame, fr_group(.agg = "sum(x)"), FR_ERR_OVERFLOW, "sum of all rows does not fit i64");
    FAILS(frame, fr_group("k", .agg = "p = prod(x + 1)"), FR_ERR_OVERFLOW, "9223372036854775807 + 1 overflows i64");
    GIVES(frame, fr_group("k", .agg = "s = cast(sum(cast(x, 'decimal(38,0)')), 'str')"),
          "k s|a 1|b 9223372036854775808");
}

TEST(without_keys_the_frame_is_one_group)
{
    fr_auto(frame) frame = fr_test_frame("x: 1 2 3", NULL);
    fr_auto(frame) none = fr_test_frame("x i64: ; k str: ", NULL);
    GIVES(frame, fr_group(.agg = "s = sum(x); n = size()"), "s n|6 3");
    GIVES(none, fr_group(.agg = "s = sum(x); m = mean(x); n = size()"), "s m n|0 _ 0");
    fr_auto(frame) empty = fr_test_apply(none, fr_group("k", .agg = "s = sum(x); m = mean(x)"));
    CHECK_STR(fr_test_text(empty), "k s m");
    CHECK_INT(fr_type_kind(fr_type_at(empty, 1)), FR_I64);
    CHECK_INT(fr_type_kind(fr_type_at(empty, 2)), FR_F64);
}

TEST(a_selector_gives_a_column_for_each)
{
    fr_auto(frame) frame = fr_test_frame("k: 1 1; x: 1 3; y f64: 2 4; t: a b", NULL);
    GIVES(frame, fr_group("k", .agg = "mean(numeric())"), "k x y|1 2 3");
    GIVES(frame, fr_group("k", .agg = "n = size(); max(numeric()); last(text())"), "k n x y t|1 2 3 4 b");
    GIVES(frame, fr_group("k", .agg = "quantile(matches('^[xy]$'), 0.5)"), "k x y|1 2 3");
}

TEST(keys_alone_are_the_distinct_keys)
{
    fr_auto(frame) frame = fr_test_frame("k: b a b; x: 1 2 3", NULL);
    GIVES(frame, fr_group("k"), "k|b|a");
    GIVES(frame, fr_group("k, x", .sort = true), "k x|a 2|b 1|b 3");
}

TEST(group_says_what_is_wrong)
{
    fr_auto(frame) frame = fr_test_frame("k: a; x: 1", NULL);
    FAILS(frame, fr_group("k", .agg = "m = mean(k)"), FR_ERR_TYPE, "mean");
    FAILS(frame, fr_group("k", .agg = "m = mean(z)"), FR_ERR_NOT_FOUND, "z");
    FAILS(frame, fr_group("nope"), FR_ERR_NOT_FOUND, "nope");
    FAILS(frame, fr_group(""), FR_ERR_ARGUMENT, "nothing to do");
    FAILS(frame, fr_group("k", .agg = "k = sum(x)"), FR_ERR_VALUE, "k");
}
