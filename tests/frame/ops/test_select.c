/* select, drop, rename: columns by name and by selector. */
#include "frame/ops/apply.h"

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
