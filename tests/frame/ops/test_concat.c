/* concat: union of columns, types, dictionaries, histories. */
#include "frame/ops/apply.h"

TEST(columns_come_in_order_of_first_appearance)
{
    fr_auto(frame) a = fr_test_frame("x: 1; y: 2", NULL);
    fr_auto(frame) b = fr_test_frame("y: 3 4; z: p q", NULL);
    fr_auto(frame) c = fr_test_frame("z: r; w f64: 0.5; x: 9", NULL);
    GIVES(a, fr_concat(b), "x y z|1 2 _|_ 3 p|_ 4 q");
    const fr_frame *others[] = { b, c, NULL };
    GIVES(a, fr_concat(.others = others), "x y z w|1 2 _ _|_ 3 p _|_ 4 q _|9 _ r 0.5");
    GIVES(a, fr_concat(c, .others = (const fr_frame *const[]){ b, NULL }), "x y z w|1 2 _ _|9 _ r 0.5|_ 3 p _|_ 4 q _");
}

TEST(types_must_agree_unless_relaxed)
{
    fr_auto(frame) whole = fr_test_frame("x: 1 _", NULL);
    fr_auto(frame) real = fr_test_frame("x f64: 0.5", NULL);
    fr_auto(frame) text = fr_test_frame("x: a", NULL);
    fr_auto(frame) nothing = fr_test_frame("x null: _", NULL);
    FAILS(whole, fr_concat(real), FR_ERR_TYPE, "column 'x' is i64 in one frame and f64 in another");
    GIVES(whole, fr_concat(real, .relaxed = true), "x|1|_|0.5");
    FAILS(whole, fr_concat(text, .relaxed = true), FR_ERR_TYPE, "");
    GIVES(whole, fr_concat(nothing), "x|1|_|_");
    GIVES(nothing, fr_concat(text), "x|_|a");
}

TEST(categories_are_united)
{
    fr_auto(frame) a = fr_test_frame("k cat: p q", NULL);
    fr_auto(frame) b = fr_test_frame("k cat: r p _", NULL);
    fr_auto(frame) both = fr_test_apply(a, fr_concat(b));
    CHECK_STR(fr_test_text(both), "k|p|q|r|p|_");
    CHECK_INT(fr_type_kind(fr_type_at(both, 0)), FR_CAT);
    CHECK_STR(fr_test_account(both), "concat 5 5 0 0 0 0 0");
}

TEST(histories_of_all_frames_are_kept)
{
    fr_auto(frame) a = fr_test_frame("x: 1 1", NULL);
    fr_auto(frame) once = fr_test_apply(a, fr_distinct());
    fr_auto(frame) both = fr_test_apply(a, fr_concat(once));
    fr_auto(frame) account = fr_account(both);
    CHECK_INT(fr_length(account), 2);
    FAILS(a, fr_concat(NULL), FR_ERR_ARGUMENT, "no frame");
}
