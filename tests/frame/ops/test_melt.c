/* Melt: rows column by column, types, nulls, names. */
#include "frame/ops/apply.h"

#include "base/context_state.h"
#include "support/columns.h"
#include "support/torture.h"

#define WIDE "r: a b _; x: 1 2 3; y: 4 _ 6"

TEST(melt_puts_columns_below_each_other)
{
    fr_auto(frame) frame = fr_test_frame(WIDE, NULL);
    GIVES(frame, fr_melt("r"), "r variable value|a x 1|b x 2|_ x 3|a y 4|b y _|_ y 6");
    GIVES(frame, fr_melt("r", "y"), "r variable value|a y 4|b y _|_ y 6");
    GIVES(frame, fr_melt("r", "y, x", "name", "v"), "r name v|a y 4|b y _|_ y 6|a x 1|b x 2|_ x 3");
    GIVES(frame, fr_melt(.values = "y"), "r x variable value|a 1 y 4|b 2 y _|_ 3 y 6");
    fr_auto(frame) numbers = fr_test_apply(frame, fr_select("x, y"));
    GIVES(numbers, fr_melt(), "variable value|x 1|x 2|x 3|y 4|y _|y 6");
}

TEST(melt_leaves_out_nulls_when_told_and_counts_them)
{
    fr_auto(frame) frame = fr_test_frame("r: a b; x: 1 2; y: _ 4; z i64: _ _", NULL);
    fr_auto(frame) melted = fr_test_apply(frame, fr_melt("r", .drop_nulls = true));
    CHECK_STR(fr_test_text(melted), "r variable value|a x 1|b x 2|b y 4");
    CHECK_STR(fr_test_account(melted), "melt 6 3 0 0 3 0 0");
}

TEST(melted_values_become_their_common_type)
{
    fr_auto(frame) frame = fr_test_frame("i: 1; f f64: 2.5; d date: 2024-01-01; n null: _; t: x", NULL);
    fr_auto(frame) numbers = fr_test_apply(frame, fr_melt("t", "i, n, f"));
    CHECK_STR(fr_test_text(numbers), "t variable value|x i 1|x n _|x f 2.5");
    CHECK_INT(fr_type_kind(fr_type_at(numbers, 2)), FR_F64);
    CHECK_INT(fr_type_kind(fr_type_at(numbers, 1)), FR_STR);
    FAILS(frame, fr_melt("t", "i, f, d"), FR_ERR_TYPE, "values of column 'f', of type f64, and 'd', of type date");
    FAILS(frame, fr_melt("t", "i, d"), FR_ERR_TYPE, "'i'");
}

TEST(melt_says_what_it_lacks)
{
    fr_auto(frame) frame = fr_test_frame(WIDE, NULL);
    FAILS(frame, fr_melt("all()"), FR_ERR_ARGUMENT, "no column is left");
    FAILS(frame, fr_melt("r, x", "x"), FR_ERR_ARGUMENT, "'x' is both in index and in values");
    FAILS(frame, fr_melt("r", .variable = "r"), FR_ERR_VALUE, "'r'");
    FAILS(frame, fr_melt("r", .variable = "k", .value = "k"), FR_ERR_VALUE, "'k'");
    FAILS(frame, fr_melt("nothing"), FR_ERR_NOT_FOUND, "nothing");
}

TEST(melt_of_no_rows_has_its_columns)
{
    fr_auto(frame) frame = fr_test_frame("r str: ; x f64: ; y f64: ", NULL);
    GIVES(frame, fr_melt("r"), "r variable value");
    GIVES(frame, fr_melt("r", .drop_nulls = true), "r variable value");
}
