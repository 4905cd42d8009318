/* cast: strict, coercing, putting rows aside. */
#include "frame/ops/apply.h"

TEST(cast_changes_types_that_fit)
{
    fr_auto(frame) frame = fr_test_frame("x: 1 2 _; t: 10 20 30", NULL);
    fr_auto(frame) texts = fr_test_frame("t str: 10 _ 30", NULL);
    fr_auto(frame) cast = fr_test_apply(frame, fr_cast("x: f64, t: i8"));
    CHECK_STR(fr_test_text(cast), "x t|1 10|2 20|_ 30");
    CHECK_INT(fr_type_kind(fr_type_at(cast, 0)), FR_F64);
    CHECK_INT(fr_type_kind(fr_type_at(cast, 1)), FR_I8);
    CHECK_STR(fr_test_account(cast), "cast 3 3 0 0 0 0 5");
    GIVES(texts, fr_cast("t: i64"), "t|10|_|30");
}

TEST(a_value_that_does_not_fit_fails_becomes_null_or_is_put_aside)
{
    fr_auto(frame) frame = fr_test_frame("t str: 10 twelve 30 _; x: 1 2 300 4", NULL);
    FAILS(frame, fr_cast("t: i64"), FR_ERR_PARSE, "");
    GIVES(frame, fr_cast("t: i64", .errors = FR_ERRORS_COERCE), "t x|10 1|_ 2|30 300|_ 4");
    fr_auto(frame) kept = fr_test_apply(frame, fr_cast("t: i64, x: i8", .errors = FR_ERRORS_REJECT));
    fr_auto(frame) rejects = fr_rejects(kept);
    CHECK_STR(fr_test_text(kept), "t x|10 1|_ 4");
    CHECK_STR(fr_test_account(kept), "cast 4 2 0 2 0 0 5");
    CHECK_STR(fr_test_text(rejects), "line column reason text|_ t does not fit i64 (row 1) twelve|_ x does not fit i8 (row 2) 300");
}

TEST(cast_says_what_is_wrong)
{
    fr_auto(frame) frame = fr_test_frame("x: 1", NULL);
    FAILS(frame, fr_cast("x"), FR_ERR_ARGUMENT, "no type");
    FAILS(frame, fr_cast("x: nonsense"), FR_ERR_SYNTAX, "");
    FAILS(frame, fr_cast("y: i64"), FR_ERR_NOT_FOUND, "y");
    FAILS(frame, fr_cast(""), FR_ERR_ARGUMENT, "no columns");
}
