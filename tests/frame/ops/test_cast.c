/* cast: strict, coercing, putting rows aside. */
#include "frame/ops/apply.h"

#include <stdio.h>
#include <string.h>

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
    CHECK_STR(fr_test_text(rejects),
              "line column reason text file|_ t does not fit i64 (row 1) twelve _|_ x does not fit i8 (row 2) 300 _");
}

/* "" : no warning */
static const char *warning_of(const fr_frame *frame, fr_step cast)
{
    static char text[200];
    fr_auto(frame) result = fr_test_apply(frame, cast);
    CHECK(fr_warning_count(result) <= 1);
    snprintf(text, sizeof text, "%s", fr_warning_count(result) ? fr_warning(result, 0) : "");
    return text;
}

TEST(fractions_that_are_cut_are_warned_of)
{
    fr_auto(frame) plain = fr_test_frame("x f64: 1.0 -2.99 _; w f64: 3.0 -4.0 _; d f64: 1.0 2.5 _; e f64: 1.0 -2.0 _;"
                                         "s f32: 0.5 1 2; big f64: 300.5 2 _", NULL);
    fr_auto(frame) frame = fr_test_apply(plain, fr_cast("d: decimal(6,2), e: decimal(6,2)"));
    GIVES(frame, fr_cast("x: i64, w: i8, d: u16, e: i64, s: i32, big: i16"),
          "x w d e s big|1 3 1 1 0 300|-2 -4 2 -2 1 2|_ _ _ _ 2 _");
    CHECK_STR(warning_of(frame, fr_cast("w: i64, x: i64")),
              "values of 'x' lost their fractions as i64; trunc, floor or round before the cast says what is meant");
    CHECK(strstr(warning_of(frame, fr_cast("d: i32")), "'d'"));
    CHECK(strstr(warning_of(frame, fr_cast("s: i8")), "'s'"));
    CHECK_STR(warning_of(frame, fr_cast("w: i64, e: i64, x: f32, d: f64, s: str")), "");
    CHECK_STR(warning_of(frame, fr_cast("big: i8", .errors = FR_ERRORS_COERCE)), "");
    CHECK_STR(warning_of(frame, fr_cast("big: i8", .errors = FR_ERRORS_REJECT)), "");
    fr_auto(frame) both = fr_test_apply(frame, fr_cast("x: i64, d: i64"));
    CHECK_INT(fr_warning_count(both), 2);
}

TEST(cast_says_what_is_wrong)
{
    fr_auto(frame) frame = fr_test_frame("x: 1", NULL);
    FAILS(frame, fr_cast("x"), FR_ERR_ARGUMENT, "no type");
    FAILS(frame, fr_cast("x: nonsense"), FR_ERR_SYNTAX, "");
    FAILS(frame, fr_cast("y: i64"), FR_ERR_NOT_FOUND, "y");
    FAILS(frame, fr_cast(""), FR_ERR_ARGUMENT, "no columns");
}
