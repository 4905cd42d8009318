/* concat: union of columns, types, dictionaries, histories. */
#include "frame/ops/apply.h"

#include <frame/csv.h>
#include <frame/frame.h>

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
    FAILS(whole, fr_concat(text, .relaxed = true), FR_ERR_TYPE, "column 'x' is i64 in one frame and str in another");
    fr_auto(frame) strict = fr_test_apply(whole, fr_concat(text));               /* relaxed would not help */
    CHECK_STR(fr_error(strict) ? fr_error(strict)->hint : "", "they have no common type: cast one of them first");
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

/* Two halves of one table, and a table doubled again and again: each step was run once. */
TEST(what_happened_once_is_listed_once)
{
    fr_auto(frame) a = fr_test_frame("x: 1 1 2", NULL);
    fr_auto(frame) once = fr_test_apply(a, fr_distinct());
    fr_auto(frame) low = fr_test_apply(once, fr_filter("x < 2"));
    fr_auto(frame) high = fr_test_apply(once, fr_filter("x >= 2"));
    fr_auto(frame) both = fr_test_apply(high, fr_concat(low));
    fr_auto(frame) account = fr_account(both);
    fr_auto(frame) steps = fr_test_apply(account, fr_select("step, rows_in, rows_kept"));
    CHECK_STR(fr_test_text(steps), "step rows_in rows_kept|distinct 3 2|filter 2 1|filter 2 1|concat 2 2");
    fr_auto(frame) many = fr_test_apply(both, fr_head(0));
    for (int i = 0; i < 60; i++) fr_set(many, fr_test_apply(many, fr_concat(many)));
    fr_auto(frame) listed = fr_account(many);
    CHECK_INT(fr_length(listed), 64);
}

/* One row at a time, at either end: what was once done is neither copied nor followed down the stack. */
TEST(a_long_past_is_a_list_and_no_tower)
{
    enum { STEPS = 30000 };
    fr_auto(frame) row = fr_test_frame("x: 1", NULL);
    fr_auto(frame) behind = fr_test_apply(row, fr_distinct());
    fr_auto(frame) before = fr_ref(behind);
    for (int i = 0; i < STEPS; i++) {
        fr_set(behind, fr_test_apply(behind, fr_concat(row)));
        fr_set(before, fr_test_apply(row, fr_concat(before)));
    }
    fr_auto(frame) account = fr_account(behind);
    CHECK_INT(fr_length(account), STEPS + 1);
    CHECK_INT(fr_get(account, STEPS, "rows_kept").as.i, STEPS + 1);
    fr_auto(frame) other = fr_account(before);
    CHECK(fr_equal(account, other));
}

TEST(rejects_of_one_read_are_kept_once_and_of_two_both)
{
    static const char text[] = "x\n1\nb\n3\n";
    fr_auto(frame) a = fr_read_csv_bytes(text, sizeof text - 1, .dtypes = "x: i64", .on_bad = FR_ON_BAD_COLLECT);
    fr_auto(frame) b = fr_read_csv_bytes(text, sizeof text - 1, .dtypes = "x: i64", .on_bad = FR_ON_BAD_COLLECT);
    fr_auto(frame) top = fr_test_apply(a, fr_head(1));
    fr_auto(frame) same = fr_test_apply(a, fr_concat(top));
    fr_auto(frame) two = fr_test_apply(a, fr_concat(.others = (const fr_frame *const[]){ top, b, NULL }));
    fr_auto(frame) once = fr_rejects(same);
    fr_auto(frame) twice = fr_rejects(two);
    CHECK_STR(fr_test_text(once), "line column reason text file|3 x 'b' is no i64 b _");
    CHECK_INT(fr_length(twice), 2);
}

/* Rows of the wrong table: all cells stay, but none beside another's. What is wanted behind the concat does not matter. */
TEST(tables_that_share_no_column_are_told)
{
    fr_auto(frame) a = fr_test_frame("x: 1; y: 2", NULL);
    fr_auto(frame) b = fr_test_frame("X: 3 4; Y: p q", NULL);
    fr_auto(frame) c = fr_test_frame("Y: r; y: 9", NULL);
    fr_auto(frame) strangers = fr_pipe(a, fr_concat(b), fr_select("x, X"));
    fr_auto(frame) relatives = fr_pipe(a, fr_concat(c), fr_select("x, Y"));
    fr_auto(frame) column_less = fr_pipe(a, fr_select("temporal()"));
    fr_auto(frame) nothing = fr_pipe(column_less, fr_concat(b));
    CHECK_INT(fr_warning_count(strangers), 1);
    CHECK_STR(fr_warning(strangers, 0),
              "concat: the tables share no column, so each row has nulls where the other's columns are");
    CHECK(fr_ok(relatives) && fr_warning_count(relatives) == 0);
    CHECK(fr_ok(nothing) && fr_warning_count(nothing) == 1);
}
