/* test_figure.c — fr_plot: what is refused and how it says so, what is counted, what every mark must survive. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/figure_support.h"
#include "support/test.h"
#include "support/torture.h"

static void check_error(const fr_figure *figure, fr_code code, const char *text)
{
    char room[1000];
    fr_error_text(figure, room, sizeof room);
    CHECK_INT(fr_error_code(figure), code);
    CHECK(strstr(room, text) != NULL);
    if (!strstr(room, text)) printf("      %s\n", room);
}

/* ---- errors ------------------------------------------------------------------------------------------------------ */

TEST(an_unknown_column_is_an_error_of_the_mark_with_a_suggestion)
{
    fr_auto(frame) sales = monthly_sales();
    fr_auto(figure) figure = fr_plot(sales, .marks = fr_marks(fr_mark_line("month", "revenu")));
    check_error(figure, FR_ERR_NOT_FOUND, "line: no column 'revenu' (did you mean 'revenue'?)");
    check_error(figure, FR_ERR_NOT_FOUND, "test_figure.c:");
}

TEST(a_mark_refuses_what_it_cannot_draw)
{
    fr_auto(frame) sales = monthly_sales();
    fr_auto(figure) text = fr_plot(sales, .marks = fr_marks(fr_mark_line("month", "region")));
    check_error(text, FR_ERR_TYPE, "y = 'region' is text, but must be a number");
    fr_auto(figure) needs = fr_plot(sales, .marks = fr_marks(fr_mark_line("month")));
    check_error(needs, FR_ERR_ARGUMENT, "a line mark needs y");
    fr_auto(figure) none = fr_plot(sales, .title = "nothing");
    check_error(none, FR_ERR_ARGUMENT, "the figure has no marks");
    fr_auto(figure) fill = fr_plot(sales, .marks = fr_marks(fr_mark_bar("region", .fill = "region")));
    check_error(fill, FR_ERR_ARGUMENT, "fill 'region' is no colour");
    fr_auto(figure) ninth = fr_plot(sales, .marks = fr_marks(fr_mark_bar("region", .fill = "9")));
    check_error(ninth, FR_ERR_ARGUMENT, "fill '9' is no colour");
    fr_auto(figure) format = fr_plot(sales, .marks = fr_marks(fr_mark_line("month", "revenue")), .y_format = "%%%");
    check_error(format, FR_ERR_ARGUMENT, "");
    fr_auto(figure) both = fr_plot(sales, .marks = fr_marks(fr_mark_bar("region"), fr_mark_rule(.x = "5")));
    check_error(both, FR_ERR_TYPE, "x is text in one mark and a number in another");
    fr_auto(figure) no_y = fr_plot(sales, .marks = fr_marks(fr_mark_histogram("revenue", "orders")));
    check_error(no_y, FR_ERR_ARGUMENT, "histogram: a histogram mark has no y");
    fr_auto(figure) no_colour = fr_plot(sales, .marks = fr_marks(fr_mark_pie("region", "revenue", .colour = "month")));
    check_error(no_colour, FR_ERR_ARGUMENT, "a pie mark has no colour");
    fr_auto(figure) no_fill = fr_plot(sales, .marks = fr_marks(fr_mark_correlation(.fill = "#000000")));
    check_error(no_fill, FR_ERR_ARGUMENT, "a correlation mark has no fill");
    fr_auto(figure) pie = fr_plot(sales, .marks = fr_marks(fr_mark_pie("region", "-revenue")));
    check_error(pie, FR_ERR_VALUE, "is negative for one part of the whole");
}

/* Does the drawn scene hold the text? */
static bool is_drawn(fr_figure *made, const char *text)
{
    fr_auto(figure) figure = made;
    fr_call call;
    fr_metrics metrics;
    fr_scene scene = { 0 };
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    plain_metrics(&metrics);
    fr_text dump = FR_TEXT_INIT(&call);
    const bool fine = lay_figure(&call, figure, &metrics, &scene) && fr_scene_dump(&call, &scene, &dump);
    const bool found = fine && strstr(dump.bytes, text);
    CHECK(fine);
    fr_text_clear(&dump);
    fr_scene_clear(&scene);
    fr_call_end(&call);
    return found;
}

TEST(a_trend_has_the_colour_of_its_points_in_every_facet)
{
    fr_auto(frame) sales = monthly_sales();
    const fr_mark plain = fr_mark_point("orders", "revenue", .trend = FR_TREND_LINEAR);
    const fr_mark coloured = fr_mark_point("orders", "revenue", .colour = "region", .trend = FR_TREND_LINEAR);
    CHECK(is_drawn(fr_plot(sales, .marks = fr_marks(plain), .facet = "region"), "stroke highlight"));
    CHECK(!is_drawn(fr_plot(sales, .marks = fr_marks(coloured), .facet = "region"), "stroke highlight"));
    CHECK(is_drawn(fr_plot(sales, .marks = fr_marks(coloured), .facet = "region"), "stroke series3 2.5"));
}

TEST(a_fill_is_a_colour_or_one_of_the_palette)
{
    fr_auto(frame) sales = monthly_sales();
    const fr_mark own = fr_mark_bar("region", .fill = "#07b"), second = fr_mark_bar("region", .fill = "2");
    CHECK(is_drawn(fr_plot(sales, .marks = fr_marks(own)), "fill rgb #0077bb"));
    CHECK(is_drawn(fr_plot(sales, .marks = fr_marks(second)), "fill series1"));
}

TEST(rows_are_counted_in_whole_numbers)
{
    const double one[] = { 7.5 };
    fr_auto(frame) f = fr_frame_new(1, fr_array("x", FR_F64, one));
    CHECK(!is_drawn(fr_plot(f, .marks = fr_marks(fr_mark_histogram("x"))), "\"0.5\""));
}

TEST(a_pie_of_noughts_says_so)
{
    const char *names[] = { "a", "b" };
    const double noughts[] = { 0, 0 }, one[] = { 0, 1 };
    fr_auto(frame) f = fr_frame_new(2, fr_array("c", FR_STR, names), fr_array("v", FR_F64, noughts),
                                    fr_array("w", FR_F64, one));
    fr_auto(figure) empty = fr_plot(f, .marks = fr_marks(fr_mark_pie("c", "v")));
    CHECK_STR(empty->note, "Every part is zero.");
    fr_auto(figure) full = fr_plot(f, .marks = fr_marks(fr_mark_pie("c", "w")));
    CHECK_STR(full->note, "");
}

TEST(names_beside_a_small_pie_are_whole_where_a_smaller_circle_helps)
{
    const char *names[] = { "Standing desk", "Mechanical keyboard" };
    const double values[] = { 2, 1 };
    fr_auto(frame) f = fr_frame_new(2, fr_array("c", FR_STR, names), fr_array("v", FR_F64, values));
    CHECK(is_drawn(fr_plot(f, .marks = fr_marks(fr_mark_pie("c", "v")), .width = 500, .height = 300), "Mechanical keyboard"));
}

TEST(a_bar_without_room_beside_it_has_its_value_within)
{
    const char *names[] = { "North", "South" };
    const double values[] = { 99, 50 };
    fr_auto(frame) f = fr_frame_new(2, fr_array("c", FR_STR, names), fr_array("v", FR_F64, values));
    CHECK(is_drawn(fr_plot(f, .marks = fr_marks(fr_mark_bar("c", "v", .horizontal = true)), .y_max = fr_v(99),
                           .y_format = "{.3f} kilograms", .width = 400, .height = 200), "over series0"));
}

TEST(an_axis_of_numbers_as_categories_says_which_column_it_is)
{
    int64_t class_[] = { 1, 2, 3, 1 }, hour[] = { 5, 6, 6, 7 };
    const char *deck[] = { "A", "B", "A", "C" };
    fr_auto(frame) f = fr_frame_new(4, fr_array("class", FR_I64, class_), fr_array("hour", FR_I64, hour),
                                    fr_array("deck", FR_STR, deck));
    CHECK(is_drawn(fr_plot(f, .marks = fr_marks(fr_mark_bar("class"))), "text \"class\""));
    CHECK(!is_drawn(fr_plot(f, .marks = fr_marks(fr_mark_bar("class + 1"))), "text \"class"));
    CHECK(!is_drawn(fr_plot(f, .marks = fr_marks(fr_mark_bar("deck"))), "text \"deck\""));
    CHECK(is_drawn(fr_plot(f, .marks = fr_marks(fr_mark_bar("class", .horizontal = true))), "\"number of rows by class\""));
    CHECK(is_drawn(fr_plot(f, .marks = fr_marks(fr_mark_heatmap("hour", "class"))), "\"number of rows by class\""));
    CHECK(is_drawn(fr_plot(f, .marks = fr_marks(fr_mark_heatmap("hour", "class"))), "text \"hour\""));
    CHECK(is_drawn(fr_plot(f, .marks = fr_marks(fr_mark_heatmap("hour", "deck"))), "\"number of rows\""));
    CHECK(is_drawn(fr_plot(f, .marks = fr_marks(fr_mark_bar("deck", .colour = "class"))), "\"number of rows by class\""));
    CHECK(is_drawn(fr_plot(f, .marks = fr_marks(fr_mark_bar("class", .colour = "hour", .horizontal = true))),
                   "\"number of rows by class and hour\""));
    CHECK(is_drawn(fr_plot(f, .marks = fr_marks(fr_mark_bar("class", .colour = "deck"))), "\"number of rows\""));
    CHECK(!is_drawn(fr_plot(f, .marks = fr_marks(fr_mark_heatmap("hour", "class")), .y_title = ""), "number of rows"));
}

TEST(several_rows_for_one_bar_are_an_error_that_says_what_to_do)
{
    fr_auto(frame) sales = monthly_sales();
    fr_auto(figure) figure = fr_plot(sales, .marks = fr_marks(fr_mark_bar("region", "revenue")));
    check_error(figure, FR_ERR_VALUE,
                "bar: 12 rows for one place: 'region' = 'North' (.reduce = FR_REDUCE_SUM adds them up");
}

TEST(errored_frames_and_null_are_handed_through)
{
    fr_auto(frame) missing = fr_read_csv("/no/such/file.csv");
    fr_auto(figure) figure = fr_plot(missing, .marks = fr_marks(fr_mark_line("a", "b")));
    check_error(figure, FR_ERR_IO, "/no/such/file.csv");
    fr_auto(figure) none = fr_plot(NULL, .marks = fr_marks(fr_mark_line("a", "b")));
    check_error(none, FR_ERR_ARGUMENT, "");
    fr_auto(frame) saved = fr_save_figure(figure, "x.svg");
    CHECK_INT(fr_error_code(saved), FR_ERR_IO);
    CHECK_STR(fr_figure_description(figure), "");
    CHECK_STR(fr_figure_title(NULL), "");
}

TEST(a_format_is_named_or_told_by_the_path)
{
    static const char *const formats[] = { "svg", "SVG", ".png", "pdf", "txt", "terminal", "a/b.c/chart.Png" };
    fr_auto(frame) sales = monthly_sales();
    fr_auto(figure) figure = fr_plot(sales, .marks = fr_marks(fr_mark_line("month", "revenue")), .width = 300,
                                     .height = 200);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        fr_auto(frame) drawn = fr_draw_figure(figure, formats[i], .dpi = 48);
        CHECK(fr_ok(drawn));
        CHECK(fr_get(drawn, 0, "bytes").length > 100);
    }
    fr_auto(frame) saved = fr_save_figure(figure, fr_test_scratch("chart.of.mine"), .format = "txt");
    CHECK(fr_ok(saved));
    CHECK_INT(fr_get(saved, 0, "width").as.i, 296);                    /* whole characters */
}

TEST(an_unknown_format_lists_the_known_ones)
{
    fr_auto(frame) sales = monthly_sales();
    fr_auto(figure) figure = fr_plot(sales, .marks = fr_marks(fr_mark_line("month", "revenue", .colour = "region")));
    fr_auto(frame) saved = fr_save_figure(figure, "chart.jpeg");
    char room[400];
    fr_error_text(saved, room, sizeof room);
    CHECK_INT(fr_error_code(saved), FR_ERR_ARGUMENT);
    CHECK(strstr(room, "svg") && strstr(room, "png") && strstr(room, "chart.jpeg"));
}

/* ---- what is not drawn is said ----------------------------------------------------------------------------------- */

static fr_frame *with_gaps(void)
{
    double x[] = { 1, 2, 3, 4, 5, 6 }, y[] = { 1, 0, (double)INFINITY, -2, (double)NAN, 6 };
    uint8_t valid[] = { 1, 0, 1, 1, 1, 1 };
    return fr_frame_new(6, fr_array("x", FR_F64, x), fr_array("y", FR_F64, y, .valid = valid));
}

TEST(options_without_their_size_are_refused)
{
    fr_auto(frame) frame = with_gaps();
    fr_auto(figure) none = fr_figure_make(frame, &(fr_plot_args){ .title = "A title" });
    CHECK_STR(fr_ok(none) ? "made" : fr_error(none)->message, "the options say they have 0 bytes; start from fr_plot_args_init");
    fr_auto(figure) figure = fr_plot(frame, .marks = fr_marks(fr_mark_point("x", "y")));
    fr_auto(frame) drawn = fr_figure_draw(figure, "svg", &(fr_draw_args){ .width = 900 });
    CHECK_STR(fr_ok(drawn) ? "drawn" : fr_error(drawn)->message, "the options say they have 0 bytes; start from fr_draw_args_init");
}

TEST(missing_and_infinite_rows_are_counted_in_the_note)
{
    fr_auto(frame) frame = with_gaps();
    fr_auto(figure) figure = fr_plot(frame, .marks = fr_marks(fr_mark_point("x", "y")));
    REQUIRE(fr_ok(figure));
    CHECK_STR(figure->note, "2 rows with missing values are not drawn. 1 infinite value is not drawn.");
    fr_auto(figure) log = fr_plot(frame, .marks = fr_marks(fr_mark_point("x", "y")), .y_axis = FR_AXIS_LOG,
                                  .note = "Source: x.");
    REQUIRE(fr_ok(log));
    CHECK_STR(log->note, "Source: x. 2 rows with missing values are not drawn. 1 infinite value is not drawn. "
                         "1 value of 0 or less has no place on a logarithmic axis.");
}

TEST(a_line_through_several_rows_of_one_x_says_so)
{
    double x[] = { 1, 1, 2, 2, 2 }, y[] = { 1, 2, 3, 4, 5 };
    fr_auto(frame) frame = fr_frame_new(5, fr_array("x", FR_F64, x), fr_array("y", FR_F64, y));
    fr_auto(figure) all = fr_plot(frame, .marks = fr_marks(fr_mark_line("x", "y")));
    REQUIRE(fr_ok(all));
    CHECK_STR(all->note, "3 rows share their x with another; the line goes through all of them.");
    fr_auto(figure) mean = fr_plot(frame, .marks = fr_marks(fr_mark_line("x", "y", .reduce = FR_REDUCE_MEAN)));
    REQUIRE(fr_ok(mean));
    CHECK_STR(mean->note, "");
}

TEST(values_below_zero_only_have_no_logarithmic_axis)
{
    fr_auto(frame) frame = with_gaps();
    fr_auto(figure) figure = fr_plot(frame, .marks = fr_marks(fr_mark_line("x", "-x")), .y_axis = FR_AXIS_LOG);
    check_error(figure, FR_ERR_VALUE, "no value is above 0");
}

/* A pie took its parts' sum for the number of a name. */
TEST(what_a_mark_measures_has_no_axis_of_categories)
{
    fr_auto(frame) frame = with_gaps();
    const fr_mark marks[] = { fr_mark_pie("x", "x"), fr_mark_bar("x", "x"), fr_mark_area("x", "x"), fr_mark_waterfall("x", "x"),
                              fr_mark_box("x", "x"), fr_mark_line("x", "x"), fr_mark_point("x", "x"), fr_mark_bar("x") };
    for (size_t i = 0; i < FR_COUNT_OF(marks); i++) {
        fr_auto(figure) figure = fr_plot(frame, .marks = fr_marks(marks[i]), .y_axis = FR_AXIS_CATEGORY);
        check_error(figure, FR_ERR_TYPE, "y_axis cannot have categories");
    }
    fr_auto(figure) counts = fr_plot(frame, .marks = fr_marks(fr_mark_histogram("x")), .x_axis = FR_AXIS_CATEGORY);
    check_error(counts, FR_ERR_TYPE, "x_axis cannot have categories: x of a histogram mark is a number");
    fr_auto(figure) cells = fr_plot(frame, .marks = fr_marks(fr_mark_heatmap("x", "x")), .y_axis = FR_AXIS_CATEGORY);
    CHECK(fr_ok(cells));
}

/* How often `part` stands in the chart as SVG. */
static size_t count_in_svg(const fr_figure *figure, const char *part)
{
    fr_auto(frame) drawn = fr_draw_figure(figure, "svg");
    size_t n = 0;
    if (!fr_ok(drawn)) return SIZE_MAX;
    for (const char *at = fr_get(drawn, 0, "text").as.s; (at = strstr(at, part)); at++) n++;
    return n;
}

TEST(what_begins_at_zero_begins_where_a_logarithmic_axis_does)
{
    static const double x[] = { 1, 2, 3, 4 }, y[] = { 1, 10, 250, 4000 };
    fr_auto(frame) frame = fr_frame_new(4, fr_array("x", FR_F64, x), fr_array("y", FR_F64, y));
    const fr_mark marks[] = { fr_mark_bar("x", "y"), fr_mark_bar("x", "y", .horizontal = true), fr_mark_area("x", "y") };
    for (size_t i = 0; i < FR_COUNT_OF(marks); i++) {
        fr_auto(figure) linear = fr_plot(frame, .marks = fr_marks(marks[i]));
        fr_auto(figure) log = fr_plot(frame, .marks = fr_marks(marks[i]), .y_axis = FR_AXIS_LOG);
        REQUIRE(fr_ok(linear) && fr_ok(log));
        CHECK_INT(count_in_svg(log, "<rect"), i < 2 ? 5 : 1);               /* and the ground */
        CHECK_INT(count_in_svg(log, "class=\"f-s1\""), 1);
        CHECK_INT(count_in_svg(log, "<rect"), count_in_svg(linear, "<rect"));
    }
}

TEST(more_categories_than_colours_become_other)
{
    enum { N = 24 };
    static const char *names[N] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l",
                                    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l" };
    int64_t y[N], x[N];
    for (int i = 0; i < N; i++) y[i] = i % 12 + 1, x[i] = i / 12;
    fr_auto(frame) frame = fr_frame_new(N, fr_array("x", FR_I64, x), fr_array("y", FR_I64, y),
                                        fr_array("name", FR_STR, names));
    fr_auto(figure) bars =
        fr_plot(frame, .marks = fr_marks(fr_mark_bar("x", "y", .colour = "name", .arrange = FR_ARRANGE_STACKED)));
    REQUIRE(fr_ok(bars));
    CHECK_INT(bars->n_series, 8);
    CHECK_STR(bars->series[7].name, "Other (5)");
    CHECK(strstr(bars->note, "Other: the 5 smallest categories.") != NULL);
    fr_auto(frame) data = fr_figure_data(bars, 0);
    CHECK_INT(fr_length(data), 16);
    CHECK_INT(fr_get(data, 15, "y").as.i, 1 + 2 + 3 + 4 + 5);
    fr_auto(figure) all = fr_plot(frame, .marks = fr_marks(fr_mark_bar("x", "y", .colour = "name")),
                                  .keep_categories = true);
    REQUIRE(fr_ok(all));
    CHECK_INT(all->n_series, 12);
}

TEST(dates_that_are_texts_are_told_in_the_note)
{
    static const char *const days[] = { "Jan 1, 2024", "Mar 2, 2024", "Feb 1, 2024" };
    static const char *const words[] = { "Jan", "Mar", "May 2024" };
    static const double values[] = { 1, 2, 3 };
    fr_auto(frame) frame = fr_frame_new(3, fr_array("day", FR_STR, days), fr_array("word", FR_STR, words),
                                        fr_array("v", FR_F64, values));
    fr_auto(figure) dates = fr_plot(frame, .marks = fr_marks(fr_mark_line("day", "v")));
    CHECK_STR(dates->note, "The dates are texts, placed side by side; parse_dates puts them on a calendar.");
    fr_auto(figure) plain = fr_plot(frame, .marks = fr_marks(fr_mark_line("word", "v")));
    CHECK_STR(plain->note, "");
}

TEST(very_many_bars_are_the_largest_and_the_note_says_so)
{
    enum { N = 5000 };
    static const char *names[N];
    static char room[N][8];
    static double y[N];
    for (int i = 0; i < N; i++) {
        snprintf(room[i], sizeof room[i], "c%d", i);
        names[i] = room[i];
        y[i] = i * 7919 % 5003;
    }
    fr_auto(frame) frame = fr_frame_new(N, fr_array("name", FR_STR, names), fr_array("y", FR_F64, y));
    fr_auto(figure) figure = fr_plot(frame, .marks = fr_marks(fr_mark_bar("name", "y", .order = FR_ORDER_LARGEST)));
    REQUIRE(fr_ok(figure));
    CHECK_STR(figure->note, "The 30 largest of 5,000 categories.");
    fr_auto(frame) data = fr_figure_data(figure, 0);
    CHECK_INT(fr_length(data), 30);
}

/* ---- geometry ---------------------------------------------------------------------------------------------------- */

TEST(reducing_is_what_it_says)
{
    const char *g[] = { "a", "a", "a", "b" };
    double y[] = { 1, 2, 6, 5 };
    static const double expected[] = { 9, 3, 2, 1, 6, 3 };
    fr_auto(frame) frame = fr_frame_new(4, fr_array("g", FR_STR, g), fr_array("y", FR_F64, y));
    for (uint32_t by = FR_REDUCE_SUM; by <= FR_REDUCE_COUNT; by++) {
        fr_auto(figure) figure = fr_plot(frame, .marks = fr_marks(fr_mark_bar("g", "y", .reduce = by)));
        fr_auto(frame) data = fr_figure_data(figure, 0);
        CHECK_F64(fr_get(data, 0, "y").as.f, expected[by - 1]);
    }
}

TEST(shares_of_a_stack_are_one)
{
    fr_auto(frame) sales = monthly_sales();
    fr_auto(figure) figure = fr_plot(sales, .marks = fr_marks(fr_mark_bar("month", "revenue", .colour = "region",
                                                                          .arrange = FR_ARRANGE_SHARE)));
    fr_auto(frame) data = fr_figure_data(figure, 0);
    fr_auto(frame) sums = fr_pipe(data, fr_group("month", .agg = "total = sum(revenue)"));
    CHECK_INT(fr_length(sums), 12);
    for (int64_t i = 0; i < 12; i++) CHECK_NEAR(fr_get(sums, i, "total").as.f, 1, 1e-15);
}

TEST(data_of_a_figure_keep_types_and_names)
{
    fr_auto(frame) sales = monthly_sales();
    fr_auto(figure) figure = fr_plot(sales, .marks = fr_marks(fr_mark_line("month", "revenue", .colour = "region")));
    fr_auto(frame) data = fr_figure_data(figure, 0);
    REQUIRE(fr_ok(data));
    CHECK_INT(fr_width(data), 3);
    CHECK_INT(fr_length(data), 48);
    CHECK_STR(fr_name(data, 0), "region");
    CHECK_INT(fr_type_kind(fr_type_at(data, 1)), FR_DATE);
    CHECK_INT(fr_get(data, 1, "month").as.i, 19723 + 31);
    fr_auto(frame) none = fr_figure_data(figure, 1);
    CHECK_INT(fr_error_code(none), FR_ERR_ARGUMENT);
}

TEST(data_of_a_figure_keep_integers_and_zones)
{
    const char *g[] = { "a", "b", "a" };
    int64_t n[] = { 1, 2, 4 }, at[] = { 0, 3600000000, 7200000000 };
    fr_auto(frame) frame = fr_frame_new(3, fr_array("g", FR_STR, g), fr_array("n", FR_I64, n),
                                        fr_array("at", FR_DATETIME, at, .zone = "Europe/Berlin"));
    fr_auto(figure) sums = fr_plot(frame,
                                   .marks = fr_marks(fr_mark_bar("g", "n", .reduce = FR_REDUCE_SUM), fr_mark_bar("g"),
                                                            fr_mark_bar("g", "n", .reduce = FR_REDUCE_MEAN)));
    fr_auto(frame) sum = fr_figure_data(sums, 0);
    CHECK_INT(fr_type_kind(fr_type_at(sum, 1)), FR_I64);
    CHECK_INT(fr_get(sum, 0, "n").as.i, 5);
    fr_auto(frame) count = fr_figure_data(sums, 1);
    CHECK_INT(fr_get(count, 0, "count").as.i, 2);
    fr_auto(frame) mean = fr_figure_data(sums, 2);
    CHECK_INT(fr_type_kind(fr_type_at(mean, 1)), FR_F64);
    fr_auto(figure) line = fr_plot(frame, .marks = fr_marks(fr_mark_line("at", "n")));
    fr_auto(frame) data = fr_figure_data(line, 0);
    char type[64];
    fr_type_text(fr_type_at(data, 0), type, sizeof type);
    CHECK_STR(type, "datetime[us, Europe/Berlin]");
    CHECK_INT(fr_get(data, 2, "at").as.i, 7200000000);
}

TEST(truth_is_one_and_its_opposite_nought)
{
    const bool open[] = { true, false, true, true };
    const char *const g[] = { "a", "a", "a", "a" };
    fr_auto(frame) frame = fr_frame_new(4, fr_array("g", FR_STR, g), fr_array("open", FR_BOOL, open));
    fr_auto(figure) figure = fr_plot(frame, .marks = fr_marks(fr_mark_bar("g", "open", .reduce = FR_REDUCE_MEAN),
                                                              fr_mark_bar("g", "open", .reduce = FR_REDUCE_SUM)));
    fr_auto(frame) mean = fr_figure_data(figure, 0);
    fr_auto(frame) sum = fr_figure_data(figure, 1);
    CHECK_F64(fr_get_at(mean, 0, fr_width(mean) - 1).as.f, 0.75);
    CHECK_INT(fr_get_at(sum, 0, fr_width(sum) - 1).as.i, 3);
}

TEST(a_box_is_its_quartiles)
{
    double y[] = { 1, 2, 3, 4, 100 };
    fr_auto(frame) frame = fr_frame_new(5, fr_array("y", FR_F64, y));
    fr_auto(figure) figure = fr_plot(frame, .marks = fr_marks(fr_mark_box(.y = "y")));
    fr_auto(frame) data = fr_figure_data(figure, 0);
    CHECK_F64(fr_get(data, 0, "median").as.f, 3);
    CHECK_F64(fr_get(data, 0, "q1").as.f, 2);
    CHECK_F64(fr_get(data, 0, "whisker_high").as.f, 4);
}

TEST(a_correlation_is_pearsons)
{
    double a[] = { 1, 2, 3, 4 }, b[] = { 2, 4, 6, 8 }, c[] = { 4, 3, 2, 1 }, d[] = { 5, 5, 5, 5 };
    fr_auto(frame) frame = fr_frame_new(4, fr_array("a", FR_F64, a), fr_array("b", FR_F64, b), fr_array("c", FR_F64, c),
                                        fr_array("d", FR_F64, d));
    fr_auto(figure) figure = fr_plot(frame, .marks = fr_marks(fr_mark_correlation()));
    fr_auto(frame) data = fr_figure_data(figure, 0);
    fr_auto(frame) pair = fr_pipe(data, fr_filter("column == 'a' and with == 'c'"));
    CHECK_INT(fr_length(pair), 1);
    CHECK_NEAR(fr_get(pair, 0, "correlation").as.f, -1, 1e-15);
    fr_auto(frame) flat = fr_pipe(data, fr_filter("column == 'a' and with == 'd'"));
    CHECK(!fr_get(flat, 0, "correlation").valid);
}

TEST(facets_are_panels_in_order_of_the_data)
{
    fr_auto(frame) sales = monthly_sales();
    fr_auto(figure) figure = fr_plot(sales, .marks = fr_marks(fr_mark_line("month", "revenue")), .facet = "region",
                                     .free_y = true);
    REQUIRE(fr_ok(figure));
    CHECK_INT(figure->n_panels, 4);
    CHECK_STR(figure->panels[2], "East");
    CHECK(figure->y[0].extent.high < figure->y[3].extent.high);
    CHECK_INT(misplaced_texts(figure, "facets"), 0);
}

TEST(ends_of_axes_may_be_given)
{
    fr_auto(frame) sales = monthly_sales();
    fr_auto(figure) figure = fr_plot(sales, .marks = fr_marks(fr_mark_line("month", "revenue", .colour = "region")),
                                     .y_min = fr_v(0), .y_max = fr_v(1e6), .x_min = fr_v("2024-03-01"));
    REQUIRE(fr_ok(figure));
    CHECK_F64(figure->y->low, 0);
    CHECK_F64(figure->x->low, 60 * 86400.0);
    CHECK_INT(misplaced_texts(figure, "ends"), 0);
    CHECK_STR(figure->note, "8 values lie beyond the axes.");          /* January and February of four regions */
    fr_auto(figure) crossed = fr_plot(sales, .marks = fr_marks(fr_mark_line("month", "revenue")), .y_min = fr_v(5),
                                      .y_max = fr_v(1));
    check_error(crossed, FR_ERR_ARGUMENT, "y_min is not below y_max");
}

TEST(ends_of_axes_are_decimals_and_durations_too)
{
    fr_auto(frame) sales = monthly_sales();
    const fr_value most = { .kind = FR_DECIMAL, .valid = true, .scale = 2, .as.decimal = { .low = 1250000 } };
    fr_auto(figure) money = fr_plot(sales, .marks = fr_marks(fr_mark_bar("region", "revenue", .reduce = FR_REDUCE_SUM)),
                                    .y_max = most);
    REQUIRE(fr_ok(money));
    CHECK_F64(money->y->high, 12500);

    static const int64_t waits[] = { 10, 300, 3600 };
    fr_auto(frame) raw = fr_frame_new(3, fr_array("n", FR_I64, waits), fr_array("wait", FR_I64, waits));
    fr_auto(frame) durations = fr_pipe(raw, fr_cast("wait: duration[s]"));
    const fr_value minutes = { .kind = FR_DURATION, .valid = true, .unit = FR_MS, .as.i = 600000 };
    fr_auto(figure) waiting = fr_plot(durations, .marks = fr_marks(fr_mark_line("n", "wait")), .y_min = fr_v(60),
                                      .y_max = minutes);
    if (!fr_ok(waiting)) fr_print_error(waiting);
    REQUIRE(fr_ok(waiting));
    CHECK_F64(waiting->y->low, 60);
    CHECK_F64(waiting->y->high, 600);
    fr_auto(frame) drawn = fr_draw_figure(waiting, "svg");
    const char *svg = fr_get(drawn, 0, "text").as.s;
    CHECK(fr_ok(drawn) && strstr(svg, ">10\u00a0min<") && !strstr(svg, ">1:00\u00a0h<"));
    CHECK_STR(waiting->note, "2 values lie beyond the axes.");
}

TEST(a_sparkline_reaches_as_far_as_a_double)
{
    static const double x[] = { -1e308, 1e308 }, y[] = { 1e308, -1e308 };
    fr_auto(frame) frame = fr_frame_new(2, fr_array("x", FR_F64, x), fr_array("y", FR_F64, y));
    fr_auto(figure) figure = fr_plot(frame, .marks = fr_marks(fr_mark_sparkline("x", "y", .area = true)), .width = 100,
                                     .height = 30);
    fr_auto(frame) drawn = fr_draw_figure(figure, "svg");
    REQUIRE(fr_ok(drawn));
    CHECK(strstr(fr_get(drawn, 0, "text").as.s, "<path d=\"M") != NULL);
}

TEST(a_description_says_what_the_chart_shows)
{
    fr_auto(frame) sales = monthly_sales();
    fr_auto(figure) figure = fr_plot(sales, .marks = fr_marks(fr_mark_line("month", "revenue", .colour = "region")),
                                     .title = "Revenue by month");
    CHECK_STR(fr_figure_description(figure),
              "Line chart. Revenue by month. revenue by month. 4 series: North, South, East, West. "
              "Highest 518\u00a0k (West, 2024-12-01). Lowest 200\u00a0k (North, 2024-01-01).");
    fr_auto(figure) own = fr_plot(sales, .marks = fr_marks(fr_mark_line("month", "revenue")), .description = "Mine.");
    CHECK_STR(fr_figure_description(own), "Mine.");
}

TEST(an_explicit_zero_means_zero)
{
    CHECK_F64(fr_mark_line("x", "y").args.line.width, 2);
    CHECK_F64(fr_mark_line("x", "y", .width = 0).args.line.width, 0);
    CHECK_F64(fr_mark_point("x", "y").args.point.opacity, -1);
    CHECK_F64(fr_mark_point("x", "y", .opacity = 0).args.point.opacity, 0);
    CHECK_F64(fr_mark_point("x", "y", .radius = 0).args.point.radius, 0);
    fr_mark mark;
    CHECK(fr_mark_init(&mark, "point"));
    CHECK_F64(mark.args.point.radius, 2.5);
    CHECK(!fr_mark_init(&mark, "points") && !fr_mark_init(&mark, NULL));
    fr_auto(frame) sales = monthly_sales();
    fr_auto(figure) flat = fr_plot(sales, .marks = fr_marks(fr_mark_line("month", "revenue")), .width = 0);
    check_error(flat, FR_ERR_ARGUMENT, "40 … 20,000 pixels wide");
    fr_auto(figure) figure = fr_plot(sales, .marks = fr_marks(fr_mark_line("month", "revenue", .width = 0)));
    fr_auto(frame) none = fr_draw_figure(figure, "png", .dpi = 0);
    CHECK_INT(fr_error_code(none), FR_ERR_ARGUMENT);
}

TEST(texts_of_any_bytes_and_length_are_drawn)
{
    enum { LONG = 1 << 20 };
    char *title = malloc(LONG + 1);
    REQUIRE(title != NULL);
    memset(title, 'x', LONG);
    title[LONG] = 0;
    const char *names[] = { title, "</text><script>", "\x01\x1f", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 שלום" };
    double y[] = { 1, 2, 3, 4 };
    fr_auto(frame) frame = fr_frame_new(4, fr_array("name", FR_STR, names), fr_array("y", FR_F64, y));
    fr_auto(figure) figure = fr_plot(frame, .marks = fr_marks(fr_mark_bar("name", "y", .colour = "name")), .title = title,
                                     .subtitle = "bad \xff\xfe bytes", .note = names[1], .facet = "name");
    REQUIRE(fr_ok(figure));
    CHECK_INT(misplaced_texts(figure, "bytes"), 0);
    fr_auto(frame) drawn = fr_draw_figure(figure, "svg");
    REQUIRE(fr_ok(drawn));
    fr_value svg = fr_get(drawn, 0, "text");
    CHECK(svg.length < 100000);
    CHECK(memmem(svg.as.s, svg.length, "<script", 7) == NULL);
    CHECK(memmem(svg.as.s, svg.length, "\x01", 1) == NULL);
    free(title);
}

/* ---- every mark survives everything ------------------------------------------------------------------------------ */

static fr_mark mark_named(const char *name)
{
    fr_mark mark;
    CHECK(fr_mark_init(&mark, name));
    fr_mark_line_args *args = &mark.args.line;
    bool table = !strcmp(name, "heatmap"), whole = !strcmp(name, "pie"),
        one = !strcmp(name, "histogram") || !strcmp(name, "correlation");
    args->x = !strcmp(name, "correlation") ? "x, y" : "x";
    args->y = one || !strcmp(name, "rule") ? NULL : table ? "name" : whole ? "y * y" : "y";
    if (!strcmp(name, "bar")) mark.args.bar.reduce = FR_REDUCE_SUM;
    if (!strcmp(name, "waterfall")) mark.args.waterfall.reduce = FR_REDUCE_SUM;
    if (!strcmp(name, "area")) mark.args.area.reduce = FR_REDUCE_SUM;
    if (!strcmp(name, "error_bar")) args->y = NULL, mark.args.error_bar.low = "y", mark.args.error_bar.high = "y + 1";
    if (!strcmp(name, "band")) args->y = NULL, mark.args.band.low = "y", mark.args.band.high = "y + 1";
    if (!strcmp(name, "text")) mark.args.text.label = "here";
    return mark;
}

typedef struct sample { const char *name; int64_t n; double x[6], y[6]; uint8_t valid[6]; } sample;

static const sample samples[] = {
    { "empty", 0, { 0 }, { 0 }, { 0 } },
    { "one point", 1, { 3 }, { 7 }, { 1 } },
    { "all null", 3, { 1, 2, 3 }, { 0 }, { 0 } },
    { "all equal", 4, { 5, 5, 5, 5 }, { 2, 2, 2, 2 }, { 1, 1, 1, 1 } },
    { "infinite", 4, { 1, 2, 3, 4 }, { (double)INFINITY, 1, -(double)INFINITY, 2 }, { 1, 1, 1, 1 } },
    { "huge", 3, { -1e308, 0, 1e308 }, { -1e308, 1, 1e308 }, { 1, 1, 1 } },
    { "tiny", 3, { 1e-308, 2e-308, 3e-308 }, { 1e-320, 2e-320, 3e-320 }, { 1, 1, 1 } },
    { "close", 3, { 1e15, 1e15 + 1, 1e15 + 2 }, { 1, 1 + 1e-15, 1 + 2e-15 }, { 1, 1, 1 } },
    { "negative", 3, { 1, 2, 3 }, { -5, -1, -3 }, { 1, 1, 1 } },
};

static void draw_sample(const char *mark_name, const sample *s)
{
    static const char *const names[] = { "a", "b", "a", "c", "b", "a" };
    char label[64];
    fr_auto(frame) frame = fr_frame_from_arrays(s->n, (fr_array_spec[]){ fr_array("x", FR_F64, s->x),
        fr_array("y", FR_F64, s->y, .valid = s->valid), fr_array("name", FR_STR, names) }, 3, NULL);
    fr_mark marks[2] = { mark_named(mark_name) };
    fr_plot_args args;
    fr_plot_args_init(&args);
    args.marks = marks;
    args.title = s->name;
    fr_auto(figure) figure = fr_figure_make(frame, &args);
    snprintf(label, sizeof label, "%s of %s", mark_name, s->name);
    if (!strcmp(mark_name, "histogram") && !strcmp(s->name, "huge")) {       /* bins wider than a double holds */
        CHECK_INT(fr_error_code(figure), FR_ERR_ARGUMENT);
        return;
    }
    if (!fr_ok(figure)) fr_print_error(figure);
    REQUIRE(fr_ok(figure));
    CHECK_INT(misplaced_texts(figure, label), 0);
    static const char *const formats[] = { "svg", "png", "terminal" };
    for (size_t i = 0; i < 3; i++) {
        fr_auto(frame) drawn = fr_draw_figure(figure, formats[i], .dpi = 40);
        if (!fr_ok(drawn)) fr_print_error(drawn);
        CHECK(fr_ok(drawn));
    }
    fr_auto(frame) data = fr_figure_data(figure, 0);
    CHECK(fr_ok(data));
    CHECK(fr_figure_description(figure)[0] != 0);
}

TEST(every_mark_draws_every_odd_sample)
{
    for (size_t i = 0; fr_mark_name(i); i++)
        for (size_t k = 0; k < sizeof samples / sizeof *samples; k++) draw_sample(fr_mark_name(i), &samples[k]);
}

TEST(every_mark_draws_a_million_points)
{
    enum { N = 1000000 };
    double *x = malloc(N * sizeof *x), *y = malloc(N * sizeof *y);
    const char **name = malloc(N * sizeof *name);
    for (int i = 0; i < N; i++) x[i] = i % 1000, y[i] = sin(i * 1e-4) + i % 7, name[i] = i % 3 ? "a" : "b";
    fr_auto(frame) frame = fr_frame_new(N, fr_array("x", FR_F64, x), fr_array("y", FR_F64, y),
                                        fr_array("name", FR_STR, name));
    free(x), free(y), free(name);
    for (size_t i = 0; fr_mark_name(i); i++) {
        if (!strcmp(fr_mark_name(i), "text") || !strcmp(fr_mark_name(i), "rule") || !strcmp(fr_mark_name(i),
            "error_bar")) continue;
        fr_mark marks[2] = { mark_named(fr_mark_name(i)) };
        if (!strcmp(fr_mark_name(i), "heatmap")) marks[0].args.heatmap.y = "x % 24";
        fr_plot_args args;
        fr_plot_args_init(&args);
        args.marks = marks;
        fr_auto(figure) figure = fr_figure_make(frame, &args);
        if (!fr_ok(figure)) fr_print_error(figure);
        CHECK(fr_ok(figure));
        fr_auto(frame) drawn = fr_draw_figure(figure, "svg");
        CHECK(fr_ok(drawn));
        if (fr_get(drawn, 0, "bytes").length > 4000000) printf("%s: %u\n", fr_mark_name(i),
                                                               fr_get(drawn, 0, "bytes").length);
        CHECK(fr_get(drawn, 0, "bytes").length < 4000000);
    }
}

/* ---- the same bytes ---------------------------------------------------------------------------------------------- */

static char *svg_with_threads(uint32_t threads)
{
    fr_auto(context) context = fr_context_new(.threads = threads);
    fr_auto(frame) sales = monthly_sales();
    fr_auto(frame) here = fr_with_context(sales, context);
    fr_auto(figure) figure =
        fr_plot(here, .marks = fr_marks(fr_mark_bar("month.dt.quarter", "sqrt(revenue)", .colour = "region",
        .reduce = FR_REDUCE_MEAN), fr_mark_rule(.y = "mean(revenue) / 1000")), .title = "Threads", .facet = "region");
    fr_auto(frame) drawn = fr_draw_figure(figure, "svg");
    CHECK(fr_ok(drawn));
    fr_value text = fr_get(drawn, 0, "text");
    return text.valid ? strndup(text.as.s, text.length) : NULL;
}

TEST(an_svg_is_the_same_for_any_number_of_threads)
{
    char *one = svg_with_threads(1), *two = svg_with_threads(2), *seven = svg_with_threads(7);
    REQUIRE(one && two && seven);
    CHECK_STR(two, one);
    CHECK_STR(seven, one);
    free(one), free(two), free(seven);
}

/* ---- everything that can fail ------------------------------------------------------------------------------------ */

static fr_outcome plot_and_save(fr_context *context, void *path)
{
    fr_auto(frame) sales = monthly_sales();
    fr_auto(frame) here = fr_with_context(sales, context);
    fr_auto(figure) figure = fr_plot(here, .marks = fr_marks(
        fr_mark_bar("month.dt.quarter", "revenue", .colour = "region", .reduce = FR_REDUCE_MEDIAN,
                    .order = FR_ORDER_LARGEST),
        fr_mark_rule(.y = "mean(revenue)", .label = "mean")), .title = "Torture", .facet = "region");
    fr_auto(frame) saved = fr_save_figure(figure, path);
    return fr_outcome_of(saved);
}

TEST(plotting_and_saving_survive_every_failure)
{
    TORTURE(plot_and_save, (void *)fr_test_scratch("torture.svg"));
}
