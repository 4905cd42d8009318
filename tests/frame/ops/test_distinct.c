/* distinct: which of equal rows stays, and how many went. */
#include "frame/ops/apply.h"

TEST(distinct_keeps_the_first_the_last_or_none_of_equal_rows)
{
    fr_auto(frame) frame = fr_test_frame("a: 1 1 2 _ _; row: 0 1 2 3 4", NULL);
    GIVES(frame, fr_distinct("a"), "a row|1 0|2 2|_ 3");
    GIVES(frame, fr_distinct("a", .keep = FR_KEEP_LAST), "a row|1 1|2 2|_ 4");
    GIVES(frame, fr_distinct("a", .keep = FR_KEEP_NONE), "a row|2 2");
    fr_auto(frame) first = fr_test_apply(frame, fr_distinct("a"));
    fr_auto(frame) none = fr_test_apply(frame, fr_distinct("a", .keep = FR_KEEP_NONE));
    CHECK_STR(fr_test_account(first), "distinct 5 3 2 0 0 0 0");
    CHECK_STR(fr_test_account(none), "distinct 5 1 4 0 0 0 0");
}

TEST(all_columns_are_compared_when_none_is_named)
{
    fr_auto(frame) frame = fr_test_frame("a: 1 1 1; b: x y x; c f64: 0 0 -0.0", NULL);
    GIVES(frame, fr_distinct(), "a b c|1 x 0|1 y 0");
    fr_auto(frame) none = fr_test_frame("a i64: ", NULL);
    GIVES(none, fr_distinct(), "a");
}
