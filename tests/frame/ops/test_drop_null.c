/* drop_null: any, all, at least so many. */
#include "frame/ops/apply.h"

TEST(drop_null_removes_rows_with_missing_values)
{
    fr_auto(frame) frame = fr_test_frame("a: 1 _ _ 4; b f64: 2 3 _ nan; c: x _ _ y", NULL);
    GIVES(frame, fr_drop_null(), "a b c|1 2 x|4 nan y");
    GIVES(frame, fr_drop_null(.how = FR_DROP_ALL), "a b c|1 2 x|_ 3 _|4 nan y");
    GIVES(frame, fr_drop_null("b"), "a b c|1 2 x|_ 3 _|4 nan y");
    GIVES(frame, fr_drop_null(.min_valid = 2), "a b c|1 2 x|4 nan y");
    GIVES(frame, fr_drop_null(.min_valid = 0), "a b c|1 2 x|_ 3 _|_ _ _|4 nan y");
    fr_auto(frame) kept = fr_test_apply(frame, fr_drop_null());
    CHECK_STR(fr_test_account(kept), "drop_null 4 2 0 0 2 0 0");
    FAILS(frame, fr_drop_null(.min_valid = 2, .how = FR_DROP_ALL), FR_ERR_ARGUMENT, "not both");
    FAILS(frame, fr_drop_null("z"), FR_ERR_NOT_FOUND, "z");
}

TEST(min_valid_is_a_number_of_values)
{
    fr_auto(frame) frame = fr_test_frame("x: 1 _", NULL);
    FAILS(frame, fr_drop_null(.min_valid = -5), FR_ERR_ARGUMENT, "min_valid is -5");
    GIVES(frame, fr_drop_null(.min_valid = 0), "x|1|_");
}
