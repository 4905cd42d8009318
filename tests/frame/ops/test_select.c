/* select, drop, rename: columns by name and by selector. */
#include "frame/ops/apply.h"

#include <frame/frame.h>

#define FRAME "id: 1; q_a: 2; name: n; q_b f64: 3"

TEST(select_gives_columns_in_the_order_asked_for)
{
    fr_auto(frame) frame = fr_test_frame(FRAME, NULL);
    GIVES(frame, fr_select("name, id"), "name id|n 1");
    GIVES(frame, fr_select("name as label, matches('^q_')"), "label q_a q_b|n 2 3");
    GIVES(frame, fr_select("except(id)"), "q_a name q_b|2 n 3");
    FAILS(frame, fr_select("nmae"), FR_ERR_NOT_FOUND, "nmae");
    FAILS(frame, fr_select(""), FR_ERR_ARGUMENT, "no columns");
}

TEST(drop_leaves_the_others)
{
    fr_auto(frame) frame = fr_test_frame(FRAME, NULL);
    GIVES(frame, fr_drop("numeric()"), "name|n");
    GIVES(frame, fr_drop("id, name"), "q_a q_b|2 3");
    FAILS(frame, fr_drop("nope"), FR_ERR_NOT_FOUND, "nope");
}

TEST(rename_may_exchange_names)
{
    fr_auto(frame) frame = fr_test_frame("a: 1; b: 2; c: 3", NULL);
    GIVES(frame, fr_rename("a as b, b as a"), "b a c|1 2 3");
    FAILS(frame, fr_rename("a as c"), FR_ERR_VALUE, "c");
    FAILS(frame, fr_rename("a"), FR_ERR_ARGUMENT, "no new name");
}

static const char *only_warning(const fr_frame *frame)
{
    return fr_ok(frame) && fr_warning_count(frame) == 1 ? fr_warning(frame, 0) : "";
}

/* A selector may fit nothing, but what was named and is not there is told, once, by whatever step and plan. */
TEST(a_selector_that_fits_nothing_is_told)
{
    fr_auto(frame) frame = fr_test_frame(FRAME, NULL);
#define TOLD(warning, ...)                                                                                              \
    do {                                                                                                                \
        fr_auto(frame) got_ = fr_pipe(frame, __VA_ARGS__);                                                              \
        CHECK_STR(only_warning(got_), warning);                                                                         \
    } while (0)
    TOLD("no column fits matches('^zz')", fr_select("id, matches('^zz')"));
    TOLD("no column fits matches('^zz'), ends_with('y')", fr_select("except(matches('^zz')), ends_with('y', 'b')"), fr_head(1));
    TOLD("no column fits starts_with('t_')", fr_drop("starts_with('t_', 'q_'), name"), fr_filter("id > 0"), fr_select("id"));
    TOLD("no column fits contains('zz')", fr_select("name, contains('zz'), numeric()"), fr_select("q_a"));
    TOLD("no column fits type('f32')", fr_cast("type('f32'): f64"));
    TOLD("no column fits temporal()", fr_select("temporal()"));
    TOLD("no column fits starts_with('t')", fr_group("name", .agg = "sum(starts_with('t')); n = size()"), fr_select("name, n"));
    TOLD("no column fits starts_with('t')", fr_group("starts_with('t')", .agg = "n = size()"));
    TOLD("no column fits temporal(): all rows are one group", fr_group("temporal()", .agg = "n = size()"));
    TOLD("no column fits matches('zz')", fr_fill_null("matches('zz')", .value = fr_v(0)));
#undef TOLD
    fr_auto(frame) untold = fr_pipe(frame, fr_cast("integer(): i32"), fr_drop("temporal()"),
                                    fr_select("text(), numeric(), boolean()"));
    CHECK(fr_ok(untold) && fr_warning_count(untold) == 0);
    FAILS(frame, fr_distinct("matches('zz')"), FR_ERR_NOT_FOUND,
          "no column fits matches('zz'), and by no column all rows are equal");
}
