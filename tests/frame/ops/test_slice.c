/* head, tail, slice at every edge. */
#include "frame/ops/apply.h"

TEST(head_and_tail_count_from_either_end)
{
    fr_auto(frame) frame = fr_test_frame("x: 0 1 2 3 4 5 6", NULL);
    GIVES(frame, fr_head(2), "x|0|1");
    GIVES(frame, fr_head(), "x|0|1|2|3|4");
    GIVES(frame, fr_head(0), "x");
    GIVES(frame, fr_head(-5), "x|0|1");
    GIVES(frame, fr_head(-7), "x");
    GIVES(frame, fr_head(-100), "x");
    GIVES(frame, fr_head(100), "x|0|1|2|3|4|5|6");
    GIVES(frame, fr_tail(2), "x|5|6");
    GIVES(frame, fr_tail(), "x|2|3|4|5|6");
    GIVES(frame, fr_tail(-5), "x|5|6");
    GIVES(frame, fr_tail(0), "x");
    GIVES(frame, fr_head(INT64_MIN), "x");
    GIVES(frame, fr_tail(INT64_MIN), "x");
}

TEST(slice_takes_a_run_of_rows)
{
    fr_auto(frame) frame = fr_test_frame("x: 0 1 2 3 4", NULL);
    GIVES(frame, fr_slice(1, .n = 2), "x|1|2");
    GIVES(frame, fr_slice(3), "x|3|4");
    GIVES(frame, fr_slice(-2), "x|3|4");
    GIVES(frame, fr_slice(-2, .n = 1), "x|3");
    GIVES(frame, fr_slice(-100, .n = 1), "x|0");
    GIVES(frame, fr_slice(100), "x");
    GIVES(frame, fr_slice(.n = 0), "x");
    FAILS(frame, fr_slice(0, .n = -2), FR_ERR_ARGUMENT, "-2");
}
