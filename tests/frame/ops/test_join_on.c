/* Keys of a join: of one name and of two, and what is wrong with them. */
#include "frame/ops/apply.h"
#include "support/columns.h"
#include "support/torture.h"

#define LEFT  "a: 2 1 _ 3; x: 5 6 7 8"
#define RIGHT "b: 1 2 2 9; y: 1 2 3 4"
#define ON(right_, how_) fr_join(right_, .on = "a = b", .how = FR_JOIN_##how_)

TEST(keys_of_two_names_are_one_column_called_as_on_the_left)
{
    fr_auto(frame) left = fr_test_frame(LEFT, NULL);
    fr_auto(frame) right = fr_test_frame(RIGHT, NULL);
    GIVES(left, ON(right, INNER), "a x y|2 5 2|2 5 3|1 6 1");
    GIVES(left, ON(right, LEFT), "a x y|2 5 2|2 5 3|1 6 1|_ 7 _|3 8 _");
    GIVES(left, ON(right, FULL), "a x y|2 5 2|2 5 3|1 6 1|_ 7 _|3 8 _|9 _ 4");
    GIVES(left, ON(right, SEMI), "a x|2 5|1 6");
    GIVES(left, ON(right, ANTI), "a x|_ 7|3 8");
    GIVES(left, ON(right, ASOF), "a x y|2 5 3|1 6 1|_ 7 _|3 8 3");
}

TEST(keys_of_two_names_stand_beside_those_of_one)
{
    fr_auto(frame) left = fr_test_frame("r: n n s; a: 1 2 1; x: 5 6 7", NULL);
    fr_auto(frame) right = fr_test_frame("b: 1 1 2; y: 1 2 3; r: s n n", NULL);
    GIVES(left, fr_join(right, .on = "r, a = b"), "r a x y|n 1 5 2|n 2 6 3|s 1 7 1");
    GIVES(left, fr_join(right, .on = "a == b, r"), "r a x y|n 1 5 2|n 2 6 3|s 1 7 1");
    GIVES(left, fr_join(right, .on = "a=b,r = r"), "r a x y|n 1 5 2|n 2 6 3|s 1 7 1");
    GIVES(left, fr_join(right, .on = "r, a = b", .how = FR_JOIN_FULL), "r a x y|n 1 5 2|n 2 6 3|s 1 7 1");
}

/* The right's b is in the left's a, so that the left's own b needs no suffix; the right's own a does. */
TEST(a_key_of_two_names_clashes_with_other_columns_only)
{
    fr_auto(frame) left = fr_test_frame("a: 1 2; b: 7 8; v: 1 1", NULL);
    fr_auto(frame) right = fr_test_frame("b: 2 3; a: 5 6; v: 3 4", NULL);
    GIVES(left, ON(right, LEFT), "a b v_x a_y v_y|1 7 1 _ _|2 8 1 5 3");
    GIVES(left, ON(right, FULL), "a b v_x a_y v_y|1 7 1 _ _|2 8 1 5 3|3 _ _ 6 4");
    GIVES(left, fr_join(right, .on = "a = b, b = a"), "a b v_x v_y");
    GIVES(left, fr_join(right, .on = "a = b", .right_suffix = "_r", .left_suffix = ""), "a b v a_r v_r|2 8 1 5 3");
}

TEST(a_full_join_of_keys_of_two_names_and_types_has_their_common_type)
{
    fr_auto(frame) left = fr_test_frame("a: 1 2", NULL);
    fr_auto(frame) right = fr_test_frame("b f64: 2 2.5; y: 1 2", NULL);
    fr_auto(frame) made = fr_test_apply(left, ON(right, FULL));
    CHECK_STR(fr_test_text(made), "a y|1 _|2 1|2.5 2");
    CHECK_INT(fr_type_kind(fr_type_at(made, 0)), FR_F64);
    fr_auto(frame) inner = fr_test_apply(left, ON(right, INNER));
    CHECK_INT(fr_type_kind(fr_type_at(inner, 0)), FR_I64);
}

TEST(odd_names_of_keys_are_in_backticks)
{
    fr_auto(frame) left = fr_test_frame("k: 1 2; x: 5 6", NULL);
    fr_auto(frame) odd_left = fr_test_apply(left, fr_rename("k as `a = b, c`"));
    fr_auto(frame) odd_right = fr_test_apply(left, fr_rename("k as `größe x`, x as y"));
    GIVES(odd_left, fr_join(odd_right, .on = "`a = b, c` = `größe x`"), "a = b, c x y|1 5 5|2 6 6");
}

TEST(keys_of_two_names_tell_which_side_lacks_one)
{
    fr_auto(frame) left = fr_test_frame(LEFT, NULL);
    fr_auto(frame) right = fr_test_frame(RIGHT, NULL);
    FAILS(left, fr_join(right, .on = "a = c"), FR_ERR_NOT_FOUND, "no column 'c' in the right frame");
    FAILS(left, fr_join(right, .on = "c = b"), FR_ERR_NOT_FOUND, "no column 'c' in the left frame");
    FAILS(left, fr_join(right, .on = "b = a"), FR_ERR_NOT_FOUND, "no column 'b' in the left frame");
    FAILS(left, fr_join(right, .on = "a = b, a = y"), FR_ERR_ARGUMENT, "'a' is listed twice");
    FAILS(left, fr_join(right, .on = "a = b", .left_on = "a"), FR_ERR_ARGUMENT, "not both");
}

TEST(what_is_no_pair_of_keys_is_told)
{
    fr_auto(frame) left = fr_test_frame(LEFT, NULL);
    fr_auto(frame) right = fr_test_frame(RIGHT, NULL);
    static const char *const none[] = { "a =", "= b", "a = b = y", "a = , x", "a = b y", "=", "a = = b" };
    for (size_t i = 0; i < FR_COUNT_OF(none); i++) {
        fr_auto(frame) made = fr_test_apply(left, fr_join(right, .on = none[i]));
        CHECK(!fr_ok(made) && fr_error(made)->code == FR_ERR_SYNTAX);
    }
    FAILS(left, fr_join(right, .on = "a = b and x = y"), FR_ERR_SYNTAX, "keys are a list");
    FAILS(left, fr_join(right, .on = "l.a = r.b"), FR_ERR_SYNTAX, "names of columns alone");
    FAILS(left, fr_join(right, .on = "abs(a) = b"), FR_ERR_SYNTAX, "keys are columns");
}

TEST(an_error_in_keys_shows_them_as_they_were_written)
{
    fr_auto(frame) left = fr_test_frame(LEFT, NULL);
    fr_auto(frame) right = fr_test_frame(RIGHT, NULL);
    fr_auto(frame) made = fr_test_apply(left, fr_join(right, .on = "a = c"));
    CHECK_STR(fr_error(made)->source, "a = c");
    CHECK_INT(fr_error(made)->position, 4);
    fr_auto(frame) swapped = fr_test_apply(left, fr_join(right, .on = "b = a"));
    CHECK_STR(fr_error(swapped)->hint, "the left frame's column stands first, then the right one's");
    fr_auto(frame) single = fr_test_apply(left, fr_join(right, .on = "a = b, x"));
    CHECK(!fr_error(single)->hint);
}

static fr_outcome run_pairs(fr_context *context, void *how)
{
    fr_auto(frame) left = fr_test_frame("r: n n s; a: 1 2 1; y: 5 6 7", context);
    fr_auto(frame) right = fr_test_frame("b: 1 1 2; y: 1 2 3; r: s n n", context);
    if (!fr_ok(left)) return fr_outcome_of(left);
    if (!fr_ok(right)) return fr_outcome_of(right);
    fr_auto(frame) made = fr_test_apply(left, fr_join(right, .on = "r, a = b", .how = *(const fr_join_how *)how));
    return fr_outcome_of(made);
}

TEST(keys_of_two_names_survive_every_failed_allocation)
{
    fr_join_how how[] = { FR_JOIN_INNER, FR_JOIN_FULL, FR_JOIN_ANTI };
    for (size_t i = 0; i < FR_COUNT_OF(how); i++) TORTURE(run_pairs, &how[i]);
}
