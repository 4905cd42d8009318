/* Waterfalls: running sums and totals by eye, what is refused, and what stands in the picture. */
#include <frame/plot.h>

#include <string.h>

#include "support/test.h"
#include "support/torture.h"

static fr_frame *profit(fr_context *context)
{
    static const char *const step[] = { "2023", "Sales", "Costs", "Tax", "2024" };
    static const double      change[] = { 1200000, 310000, -260000, -45000, 0 };
    static const uint8_t     known[] = { 1, 1, 1, 1, 0 };
    static const bool        total[] = { true, false, false, false, true };
    return fr_frame_from_arrays(5, (const fr_array_spec[]){ { .name = "step", .kind = FR_STR, .values = step },
                                                            { .name = "change", .kind = FR_F64, .values = change, .valid = known },
                                                            { .name = "total", .kind = FR_BOOL, .values = total } }, 3, context);
}

TEST(each_change_begins_where_the_one_before_ended)
{
    fr_auto(frame) frame = profit(NULL);
    fr_auto(figure) figure = fr_plot(frame, .marks = fr_marks(fr_mark_waterfall("step", "change", .total = "total")));
    fr_auto(frame) data = fr_figure_data(figure, 0);
    REQUIRE(fr_ok(data));
    const double from[] = { 0, 1200000, 1250000, 1205000, 0 }, to[] = { 1200000, 1510000, 1510000, 1250000, 1205000 };
    for (int i = 0; i < 5; i++) {
        CHECK_F64(fr_get(data, i, "from").as.f, from[i]);
        CHECK_F64(fr_get(data, i, "to").as.f, to[i]);
    }
    CHECK_F64(fr_get(data, 4, "change").as.f, 1205000);
    CHECK_STR(fr_figure_description(figure),
              "Waterfall chart. change by step. Highest 1.21\xc2\xa0M (2024). Lowest \xe2\x88\x92" "260\xc2\xa0k (Costs).");
}

TEST(a_total_with_a_value_sets_the_sum)
{
    static const char *const step[] = { "a", "b", "c", "d" };
    static const double      change[] = { 5, -7, 100, 1 };
    static const bool        total[] = { false, false, true, false };
    fr_auto(frame) frame = fr_frame_new(4, fr_array("s", FR_STR, step), fr_array("c", FR_F64, change),
                                        fr_array("t", FR_BOOL, total));
    fr_auto(figure) figure = fr_plot(frame, .marks = fr_marks(fr_mark_waterfall("s", "c", .total = "t")));
    fr_auto(frame) data = fr_figure_data(figure, 0);
    CHECK_F64(fr_get(data, 1, "from").as.f, -2);
    CHECK_F64(fr_get(data, 1, "to").as.f, 5);
    CHECK_F64(fr_get(data, 3, "from").as.f, 100);
    CHECK_F64(fr_get(data, 3, "to").as.f, 101);
}

TEST(labels_have_signs_and_one_unit)
{
    fr_auto(frame) frame = profit(NULL);
    fr_auto(figure) figure = fr_plot(frame, .marks = fr_marks(fr_mark_waterfall("step", "change", .total = "total")),
                                     .y_format = "$");
    fr_auto(frame) drawn = fr_draw_figure(figure, "svg");
    REQUIRE(fr_ok(drawn));
    const char *svg = fr_get(drawn, 0, "text").as.s;
    CHECK(strstr(svg, "+$310\xc2\xa0k") != NULL);
    CHECK(strstr(svg, "\xe2\x88\x92$45\xc2\xa0k") != NULL);
    CHECK(strstr(svg, "$1,205\xc2\xa0k") != NULL);
    CHECK(strstr(svg, "not drawn") == NULL);                     /* the total without a value is no missing row */
}

TEST(several_rows_of_a_step_are_reduced_when_asked)
{
    static const char *const step[] = { "a", "b", "a", "b" };
    static const double      change[] = { 5, -7, 10, 1 };
    fr_auto(frame) frame = fr_frame_new(4, fr_array("s", FR_STR, step), fr_array("c", FR_F64, change));
    fr_auto(figure) figure = fr_plot(frame, .marks = fr_marks(fr_mark_waterfall("s", "c", .reduce = FR_REDUCE_SUM)));
    fr_auto(frame) data = fr_figure_data(figure, 0);
    REQUIRE(fr_length(data) == 2);
    CHECK_F64(fr_get(data, 0, "to").as.f, 15);
    CHECK_F64(fr_get(data, 1, "c").as.f, -6);
    CHECK_F64(fr_get(data, 1, "from").as.f, 9);
}

static fr_code code_of(const fr_mark *marks)
{
    fr_auto(frame) frame = profit(NULL);
    fr_auto(figure) figure = fr_plot(frame, .marks = marks);
    return fr_error_code(figure);
}

TEST(what_a_waterfall_cannot_show_is_refused)
{
    CHECK_INT(code_of(fr_marks(fr_mark_waterfall("'one'", "change"))), FR_ERR_VALUE);
    CHECK_INT(code_of(fr_marks(fr_mark_waterfall("step", "change", .colour = "step"))), FR_ERR_ARGUMENT);
    CHECK_INT(code_of(fr_marks(fr_mark_waterfall("step", "change", .labels = 9))), FR_ERR_ARGUMENT);
    CHECK_INT(code_of(fr_marks(fr_mark_waterfall("step", "change", .total = "step"))), FR_ERR_TYPE);
    CHECK_INT(code_of(fr_marks(fr_mark_waterfall("step"))), FR_ERR_ARGUMENT);
    CHECK_INT(code_of(fr_marks(fr_mark_waterfall("step", "change", .total = "total", .horizontal = true))), FR_ERR_OK);
}

static fr_outcome draw_profit(fr_context *context, void *state)
{
    fr_auto(frame) frame = profit(context);
    fr_auto(figure) figure = fr_plot(frame, .marks = fr_marks(fr_mark_waterfall("step", "change", .total = "total")));
    fr_auto(frame) data = fr_figure_data(figure, 0);
    (void)state;
    return fr_outcome_of(data);
}

TEST(waterfalls_survive_every_failure) { TORTURE(draw_profit, NULL); }
