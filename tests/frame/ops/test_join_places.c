/* Rows by their places: whose columns lie beside whose, and what is refused. */
#include "frame/ops/apply.h"

#include <frame/frame.h>
#include <frame/csv.h>
#include <string.h>

#include "data/frame.h"
#include "data/lines.h"
#include "support/columns.h"
#include "support/test.h"

static fr_frame *read(const char *text) { return fr_read_csv_bytes(text, strlen(text)); }

TEST(columns_lie_side_by_side_without_a_copy)
{
    fr_auto(frame) left = read("a,k\n1,x\n2,y\n3,z\n");
    fr_auto(frame) right = read("p,k\n.5,u\n,v\n.7,w\n");
    fr_auto(frame) wanted = read("a,k_x,p,k_y\n1,x,.5,u\n2,y,,v\n3,z,.7,w\n");
    fr_auto(frame) joined = fr_test_apply(left, fr_join(right, .how = FR_JOIN_POSITIONAL));
    CHECK(fr_ok(joined));
    CHECK(fr_equal(joined, wanted));
    CHECK_INT(fr_line_of(joined->lines, 2), fr_line_of(left->lines, 2));
    fr_auto(frame) named = fr_test_apply(left, fr_join(right, .how = FR_JOIN_POSITIONAL, .left_suffix = "", .right_suffix = "2"));
    CHECK(fr_ok(named));
    CHECK_STR(fr_name(named, 1), "k");
    CHECK_STR(fr_name(named, 3), "k2");
    fr_auto(frame) clash = fr_test_apply(left, fr_join(right, .how = FR_JOIN_POSITIONAL, .left_suffix = "", .right_suffix = ""));
    CHECK(!fr_ok(clash));
}

TEST(a_frame_of_another_length_is_refused)
{
    fr_auto(frame) left = read("a\n1\n2\n3\n");
    fr_auto(frame) right = read("p\n1\n2\n");
    fr_auto(frame) joined = fr_test_apply(left, fr_join(right, .how = FR_JOIN_POSITIONAL));
    fr_test_fails(joined, FR_ERR_VALUE, "the left frame has 3 rows, the right 2", __FILE__, __LINE__);
    fr_auto(frame) none = fr_test_apply(left, fr_head(0));
    fr_auto(frame) nothing = fr_test_apply(right, fr_head(0));
    fr_auto(frame) empty = fr_test_apply(none, fr_join(nothing, .how = FR_JOIN_POSITIONAL));
    CHECK(fr_ok(empty));
    CHECK_INT(fr_length(empty), 0);
    CHECK_INT(fr_width(empty), 2);
}

TEST(what_is_for_keys_is_refused)
{
    fr_auto(frame) frame = read("a\n1\n");
    const fr_step steps[] = {
        fr_join(frame, .how = FR_JOIN_POSITIONAL, .on = "a"),
        fr_join(frame, .how = FR_JOIN_POSITIONAL, .left_on = "a", .right_on = "a"),
        fr_join(frame, .how = FR_JOIN_POSITIONAL, .right_on = "a"),
        fr_join(frame, .how = FR_JOIN_POSITIONAL, .validate = FR_JOIN_ONE_TO_ONE),
        fr_join(frame, .how = FR_JOIN_POSITIONAL, .nulls_match = true),
        fr_join(frame, .how = FR_JOIN_POSITIONAL, .indicator = true),
        fr_join(frame, .how = FR_JOIN_POSITIONAL, .max_rows = 9),
        fr_join(frame, .how = FR_JOIN_POSITIONAL, .no_exact = true),
    };
    static const char *const names[] = { "on", "left_on", "right_on", "validate", "nulls_match", "indicator",
                                         "max_rows", "no_exact" };
    for (size_t i = 0; i < FR_COUNT_OF(steps); i++) {
        fr_auto(frame) joined = fr_test_apply(frame, steps[i]);
        CHECK(!fr_ok(joined) && strstr(fr_error(joined)->message, names[i]));
    }
}

/* What the right had put aside and warned of rides along, as with every join. */
TEST(a_late_frame_and_its_history_are_joined)
{
    fr_auto(frame) left = read("a,b\n1,x\n2,y\n3,z\n4,w\n");
    fr_auto(frame) rows = fr_pipe(left, fr_sort("a desc"), fr_filter("a > 1"), fr_with("c = a * 2"));
    fr_auto(frame) few = fr_pipe(left, fr_tail(3));
    fr_auto(frame) joined = fr_pipe(few, fr_join(rows, .how = FR_JOIN_POSITIONAL), fr_select("a_x, a_y, c"));
    fr_auto(frame) wanted = read("a_x,a_y,c\n2,4,8\n3,3,6\n4,2,4\n");
    CHECK(fr_ok(joined));
    CHECK(fr_equal(joined, wanted));
    fr_auto(frame) account = fr_account(joined);
    CHECK(fr_length(account) >= 3);
}
