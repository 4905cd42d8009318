/* Lists and structs as keys: what is equal, what comes first, and a tree of many nodes. */
#include <frame/steps.h>

#include "frame/ops/apply.h"
#include "frame/ops/naive.h"
#include "ops/nested_keys.h"
#include "support/torture.h"

/* l is the list that t spells: its items between dots, _ for no list */
static fr_frame *with_lists(const char *text)
{
    fr_auto(frame) frame = fr_test_frame(text, NULL);
    return fr_test_apply(frame, fr_with("l = split(t, '.')"));
}

TEST(lists_sort_item_by_item_the_shorter_first_and_no_list_last)
{
    fr_auto(frame) frame = with_lists("t: b a.c _ a b.a a.c a.b; n: 1 2 3 4 5 6 7");
    fr_auto(frame) rising = fr_pipe(frame, fr_sort("l"), fr_select("t, n"));
    fr_auto(frame) falling = fr_pipe(frame, fr_sort("l desc"), fr_select("t, n"));
    CHECK_STR(fr_test_text(rising), "t n|a 4|a.b 7|a.c 2|a.c 6|b 1|b.a 5|_ 3");
    CHECK_STR(fr_test_text(falling), "t n|b.a 5|b 1|a.c 2|a.c 6|a.b 7|a 4|_ 3");
}

TEST(equal_lists_are_one_group_one_row_and_one_match)
{
    fr_auto(frame) frame = with_lists("t: b a.c _ a a.c _; n: 1 2 3 4 5 6");
    fr_auto(frame) groups = fr_pipe(frame, fr_group("l", .agg = "t = first(t); n = sum(n)"), fr_drop("l"));
    fr_auto(frame) once = fr_pipe(frame, fr_distinct("l"), fr_select("t, n"));
    fr_auto(frame) right = with_lists("t: a.c a x; m: 10 20 30");
    fr_auto(frame) joined = fr_pipe(frame, fr_join(right, .on = "l"), fr_select("n, m"));
    fr_auto(frame) counted = fr_pipe(frame, fr_group(.agg = "lists = nunique(l)"));
    CHECK_STR(fr_test_text(groups), "t n|b 1|a.c 7|_ 9|a 4");
    CHECK_STR(fr_test_text(once), "t n|b 1|a.c 2|_ 3|a 4");
    CHECK_STR(fr_test_text(joined), "n m|2 10|4 20|5 10");
    CHECK_STR(fr_test_text(counted), "lists|3");
}

static fr_outcome group_and_sort_lists(fr_context *context, void *state)
{
    (void)state;
    fr_auto(frame) frame = fr_test_frame("t: b a.c _ a b.a a.c; n: 1 2 3 4 5 6", context);
    if (!fr_ok(frame)) return fr_outcome_of(frame);
    fr_auto(frame) lists = fr_test_apply(frame, fr_with("l = split(t, '.')"));
    fr_auto(frame) groups = fr_test_apply(lists, fr_group("l", .agg = "n = sum(n)", .sort = true));
    fr_auto(frame) joined = fr_test_apply(groups, fr_join(lists, .on = "l"));
    return fr_outcome_of(joined);
}

TEST(nested_keys_survive_every_failed_allocation) { TORTURE(group_and_sort_lists, NULL); }

TEST(lists_are_equal_or_not_in_expressions)
{
    fr_auto(frame) frame = fr_test_frame("a: x.y x _ z; b: x.y y x z.z", NULL);
    fr_auto(frame) lists = fr_test_apply(frame, fr_with("a = split(a, '.'); b = split(b, '.')"));
    fr_auto(frame) told = fr_test_apply(lists, fr_with("same = a == b; other = a != b"));
    GIVES(told, fr_select("same, other"), "same other|true false|false true|_ _|false true");
    fr_auto(frame) kept = fr_test_apply(told, fr_filter("a == b or same is null"));
    CHECK_INT(fr_length(kept), 2);
    FAILS(lists, fr_filter("a < b"), FR_ERR_TYPE, "cannot be compared");
    FAILS(lists, fr_filter("a == 'x'"), FR_ERR_TYPE, "cannot be compared");
}

TEST(lists_and_structs_of_different_types_do_not_join)
{
    fr_auto(frame) left = fr_test_frame("l list[i64]: _", NULL);
    fr_auto(frame) right = fr_test_frame("l list[str]: _", NULL);
    FAILS(left, fr_join(right, .on = "l"), FR_ERR_TYPE, "cannot be compared");
}

TEST(many_lists_are_numbered_in_their_order)
{
    WITH_CALL;
    static const char *const types[] = { "list[u8]", "list[bool]", "struct[a: list[bool], b: u8]" };
    for (size_t t = 0; t < 3; t++) {
        FR_OWNED fr_column *column = fr_test_column(call, types[t], 300, 20, t);
        FR_OWNED fr_column *numbers = fr_nested_numbers(call, column, true);
        REQUIRE(numbers);
        const fr_key_want up = { .ordered = true };
        for (int64_t i = 1; i < 300; i++) {
            const int order = fr_naive_compare(column, i - 1, i, &up),
                number = fr_naive_compare(numbers, i - 1, i, &up);
            CHECK_INT((order > 0) - (order < 0), (number > 0) - (number < 0));
        }
    }
}
