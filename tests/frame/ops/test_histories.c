/* What a join and a concat carry along from frames that are not their first: rejects, warnings, accounts. */
#include <frame/frame.h>

#include "frame/ops/apply.h"
#include "support/torture.h"

#include <stdio.h>
#include <string.h>

#define STEPS "step, rows_in, rows_kept, rejected, filtered, joined"

static fr_frame *read(const char *text, fr_context *context)
{
    return fr_read_csv_bytes(text, strlen(text), .context = context, .dtypes = "k: i64", .on_bad = FR_ON_BAD_COLLECT);
}

static const char *steps_of(const fr_frame *frame)
{
    static char text[600];
    fr_auto(frame) account = fr_account(frame);
    fr_auto(frame) steps = fr_test_apply(account, fr_select(STEPS));
    (void)snprintf(text, sizeof text, "%s", fr_test_text(steps));
    return text;
}

TEST(what_a_joined_table_put_aside_is_not_lost)
{
    fr_auto(frame) left = read("k,x\n1,5\nb,6\n2,7\n3,8\n", NULL);
    fr_auto(frame) right = read("k,y\n1,50\n2,70\nc,80\nd,90\n", NULL);
    fr_auto(frame) made = fr_test_apply(left, fr_join(right, .on = "k"));
    fr_auto(frame) rejects = fr_rejects(made);
    fr_auto(frame) texts = fr_test_apply(rejects, fr_select("line, text"));
    CHECK_STR(fr_test_text(made), "k x y|1 5 50|2 7 70");
    CHECK_STR(fr_test_text(texts), "line text|3 b,6|4 c,80|5 d,90");
    CHECK_STR(steps_of(made), "step rows_in rows_kept rejected filtered joined|read_csv 4 3 1 0 false|"
                              "read_csv 4 2 2 0 true|join 3 2 0 1 false");
    for (int how = FR_JOIN_LEFT; how <= FR_JOIN_FULL; how++) {
        fr_auto(frame) other = fr_test_apply(left, fr_join(right, .on = "k", .how = (fr_join_how)how));
        fr_auto(frame) same = fr_rejects(other);
        CHECK(fr_equal(rejects, same));
    }
}

/* Whether the right's keys are unique or not, a left row counts once. */
TEST(the_account_of_a_join_counts_left_rows)
{
    static const struct { fr_join_how how; const char *once, *twice, *note; } cases[] = {
        { FR_JOIN_INNER, "join 5 3 2", "join 5 3 2", NULL },
        { FR_JOIN_LEFT, "join 5 5 0", "join 5 5 0", "2 without a match" },
        { FR_JOIN_SEMI, "join 5 3 2", "join 5 3 2", NULL },
        { FR_JOIN_ANTI, "join 5 2 3", "join 5 2 3", NULL },
        { FR_JOIN_FULL, "join 5 5 0", "join 5 5 0", "2 without a match, 1 of the right frame alone" },
    };
    fr_auto(frame) left = fr_test_frame("k: b a _ a z; x: 1 2 3 4 5", NULL);
    fr_auto(frame) once = fr_test_frame("k: a b q", NULL);
    fr_auto(frame) twice = fr_test_frame("k: a b a q", NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int repeats = 0; repeats < 2; repeats++) {
            fr_auto(frame) made = fr_test_apply(left, fr_join(repeats ? twice : once, .on = "k", .how = cases[i].how));
            fr_auto(frame) account = fr_account(made);
            fr_auto(frame) entry = fr_test_apply(account, fr_select("step, rows_in, rows_kept, filtered"));
            char expected[80];
            (void)snprintf(expected, sizeof expected, "step rows_in rows_kept filtered|%s",
                           repeats ? cases[i].twice : cases[i].once);
            CHECK_STR(fr_test_text(entry), expected);
            const fr_value note = fr_get(account, 0, "note");
            CHECK(note.valid == (cases[i].note != NULL));
            if (note.valid) CHECK_STR(note.as.s, cases[i].note);
        }
}

TEST(a_full_join_without_left_rows_that_stand_alone_says_what_the_right_added)
{
    fr_auto(frame) left = fr_test_frame("k: a", NULL);
    fr_auto(frame) right = fr_test_frame("k: a b c", NULL);
    fr_auto(frame) made = fr_test_apply(left, fr_join(right, .on = "k", .how = FR_JOIN_FULL));
    fr_auto(frame) account = fr_account(made);
    CHECK_STR(fr_get(account, 0, "note").as.s, "2 of the right frame alone");
}

/* Steps that both sides have behind them were run once, and on this table's own way. */
TEST(a_table_joined_to_what_was_made_of_it_has_its_steps_once)
{
    fr_auto(frame) all = read("k,x\n1,5\n1,6\nb,7\n2,8\n", NULL);
    fr_auto(frame) few = fr_test_apply(all, fr_distinct("k"));
    fr_auto(frame) made = fr_test_apply(all, fr_join(few, .on = "k"));
    fr_auto(frame) itself = fr_test_apply(all, fr_join(all, .on = "k"));
    fr_auto(frame) rejects = fr_rejects(made);
    CHECK_STR(steps_of(made), "step rows_in rows_kept rejected filtered joined|read_csv 4 3 1 0 false|"
                              "distinct 3 2 0 0 true|join 3 3 0 0 false");
    CHECK_STR(steps_of(itself), "step rows_in rows_kept rejected filtered joined|read_csv 4 3 1 0 false|join 3 3 0 0 false");
    CHECK_INT(fr_length(rejects), 1);
}

/* Below a joined table's steps, those of a table joined to that one are joined as well. */
TEST(steps_of_tables_joined_to_joined_tables_are_joined)
{
    fr_auto(frame) a = read("k,x\n1,5\n", NULL);
    fr_auto(frame) b = read("k,y\n1,6\n", NULL);
    fr_auto(frame) c = read("k,z\nx,7\n1,8\n", NULL);
    fr_auto(frame) inner = fr_test_apply(b, fr_join(c, .on = "k"));
    fr_auto(frame) made = fr_test_apply(a, fr_join(inner, .on = "k"));
    CHECK_STR(steps_of(made), "step rows_in rows_kept rejected filtered joined|read_csv 1 1 0 0 false|read_csv 1 1 0 0 true|"
                              "read_csv 2 1 1 0 true|join 1 1 0 0 true|join 1 1 0 0 false");
    fr_auto(frame) below = fr_test_apply(inner, fr_concat(inner));
    CHECK_STR(steps_of(below), "step rows_in rows_kept rejected filtered joined|read_csv 1 1 0 0 false|"
                               "read_csv 2 1 1 0 true|join 1 1 0 0 false|concat 2 2 0 0 false");
}

TEST(warnings_of_all_tables_are_given_once)
{
    fr_auto(frame) left = fr_test_frame("k: 1 2; x f64: 1.5 2", NULL);
    fr_auto(frame) cut = fr_test_apply(left, fr_cast("x: i64"));
    fr_auto(frame) right = fr_test_apply(cut, fr_rename("x as y"));
    fr_auto(frame) made = fr_test_apply(left, fr_join(right, .on = "k"));
    fr_auto(frame) both = fr_test_apply(cut, fr_join(right, .on = "k"));
    fr_auto(frame) below = fr_test_apply(cut, fr_concat(cut));
    REQUIRE(fr_warning_count(cut) == 1);
    CHECK_INT(fr_warning_count(left), 0);
    CHECK_INT(fr_warning_count(made), 1);
    CHECK_STR(fr_warning(made, 0), fr_warning(cut, 0));
    CHECK_INT(fr_warning_count(both), 1);
    CHECK_INT(fr_warning_count(below), 1);
}

static fr_outcome run_join(fr_context *context, void *state)
{
    fr_auto(frame) left = read("k,x\n1,5\nb,6\n2,7\n", context);
    if (!fr_ok(left)) return fr_outcome_of(left);
    fr_auto(frame) right = read("k,y\n1,50\nc,70\n3,70\n", context);
    if (!fr_ok(right)) return fr_outcome_of(right);
    fr_auto(frame) made = fr_test_apply(left, fr_join(right, .on = "k", .how = *(const fr_join_how *)state));
    if (!fr_ok(made)) return fr_outcome_of(made);
    fr_auto(frame) account = fr_account(made);
    return fr_outcome_of(account);
}

TEST(histories_survive_every_failed_allocation)
{
    fr_join_how how = FR_JOIN_FULL;
    TORTURE(run_join, &how);
}
