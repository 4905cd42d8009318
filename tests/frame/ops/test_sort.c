/* Sorting frames: keys, directions, nulls, stability, what comes back untouched. */
#include "frame/ops/apply.h"

TEST(sort_orders_by_several_keys_each_its_way)
{
    fr_auto(frame) frame = fr_test_frame("k: b a _ b a; x: 1 2 3 4 2; row: 0 1 2 3 4", NULL);
    GIVES(frame, fr_sort("k"), "k x row|a 2 1|a 2 4|b 1 0|b 4 3|_ 3 2");
    GIVES(frame, fr_sort("k, x desc"), "k x row|a 2 1|a 2 4|b 4 3|b 1 0|_ 3 2");
    GIVES(frame, fr_sort("-k, x"), "k x row|b 1 0|b 4 3|a 2 1|a 2 4|_ 3 2");
    GIVES(frame, fr_sort("k asc, x", .descending = true), "k x row|a 2 1|a 2 4|b 4 3|b 1 0|_ 3 2");
    GIVES(frame, fr_sort("k", .nulls_first = true), "k x row|_ 3 2|a 2 1|a 2 4|b 1 0|b 4 3");
}

TEST(descending_keeps_the_order_of_equal_rows)
{
    fr_auto(frame) frame = fr_test_frame("k: 1 2 1 2; row: 0 1 2 3", NULL);
    GIVES(frame, fr_sort("k desc"), "k row|2 1|2 3|1 0|1 2");
}

TEST(the_largest_first_never_begins_with_nan_or_null)
{
    fr_auto(frame) frame = fr_test_frame("x f64: nan 1 _ 3 inf", NULL);
    GIVES(frame, fr_sort("x desc"), "x|inf|3|1|nan|_");
    GIVES(frame, fr_sort("x"), "x|1|3|inf|nan|_");
}

TEST(a_sorted_frame_comes_back_as_it_is)
{
    fr_auto(frame) frame = fr_test_frame("x: 1 2 2 3 _", NULL);
    fr_auto(frame) sorted = fr_test_apply(frame, fr_sort("x"));
    CHECK(sorted == frame);
    fr_auto(frame) none = fr_test_frame("x i64: ", NULL);
    GIVES(none, fr_sort("x"), "x");
}

TEST(sort_says_what_is_wrong)
{
    fr_auto(frame) plain = fr_test_frame("region: a", NULL);
    FAILS(plain, fr_sort("regon"), FR_ERR_NOT_FOUND, "regon");
    FAILS(plain, fr_sort(""), FR_ERR_ARGUMENT, "no key");
}
