/* value_counts: most frequent first, ties by first appearance, nulls counted. */
#include "frame/ops/apply.h"

TEST(ties_are_in_order_of_first_appearance)
{
    fr_auto(frame) frame = fr_test_frame("x: 3 1 2 1 3 2 9", NULL);
    GIVES(frame, fr_value_counts("x"), "x count|3 2|1 2|2 2|9 1");
    GIVES(frame, fr_value_counts(), "x count|3 2|1 2|2 2|9 1");
}

TEST(nulls_are_counted_unless_dropped)
{
    fr_auto(frame) frame = fr_test_frame("x: _ a _ b _; y: 1 1 1 1 2", NULL);
    GIVES(frame, fr_value_counts("x"), "x count|_ 3|a 1|b 1");
    GIVES(frame, fr_value_counts("x, y"), "x y count|_ 1 2|a 1 1|b 1 1|_ 2 1");
    GIVES(frame, fr_value_counts("x", .normalize = true), "x count share|_ 3 0.6|a 1 0.2|b 1 0.2");
    fr_auto(frame) dropped = fr_test_apply(frame, fr_value_counts("x", .drop_nulls = true, .normalize = true));
    CHECK_STR(fr_test_text(dropped), "x count share|a 1 0.5|b 1 0.5");
    CHECK_STR(fr_test_account(dropped), "value_counts 5 2 0 0 3 0 0");
}

TEST(a_column_called_count_keeps_its_name)
{
    fr_auto(frame) frame = fr_test_frame("count: 5 5", NULL);
    GIVES(frame, fr_value_counts("count"), "count count_1|5 2");
}
