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

/* Few values are addresses, and rows are read only until every value was seen: here the last row has a new one. */
TEST(a_value_that_comes_last_of_many_rows_is_found)
{
    enum { N = 300001 };
    static int64_t a[N], row[N];
    for (int64_t i = 0; i < N; i++) a[i] = i % 3 + (i == N - 1 ? 5 : 0), row[i] = i;
    const fr_array_spec arrays[] = { fr_array("a", FR_I64, a), fr_array("row", FR_I64, row) };
    fr_auto(frame) frame = fr_frame_from_arrays(N, arrays, 2, NULL);
    GIVES(frame, fr_distinct("a"), "a row|0 0|1 1|2 2|5 300000");
    GIVES(frame, fr_distinct("a", .keep = FR_KEEP_LAST), "a row|0 299997|1 299998|2 299999|5 300000");
    GIVES(frame, fr_distinct("a", .keep = FR_KEEP_NONE), "a row|5 300000");
}

TEST(all_columns_are_compared_when_none_is_named)
{
    fr_auto(frame) frame = fr_test_frame("a: 1 1 1; b: x y x; c f64: 0 0 -0.0", NULL);
    GIVES(frame, fr_distinct(), "a b c|1 x 0|1 y 0");
    fr_auto(frame) none = fr_test_frame("a i64: ", NULL);
    GIVES(none, fr_distinct(), "a");
}
