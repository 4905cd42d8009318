/* Running steps: errors with their place, errored and missing inputs, plain functions, explanations. */
#include <frame/frame.h>

#include <string.h>

#include "support/test.h"

static fr_frame *sales(void)
{
    static const char *const regions[] = { "EU", "US", "EU", NULL };
    int64_t quantity[] = { 3, 0, 2, 5 };
    double price[] = { 2.5, 4, 1.25, 1 };
    return fr_frame_new(4, fr_array("region", FR_STR, regions), fr_array("quantity", FR_I64, quantity),
                        fr_array("unit_price", FR_F64, price));
}

TEST(a_pipe_filters_groups_sorts_and_keeps_the_first)
{
    fr_auto(frame) input = sales();
    fr_auto(frame) top = fr_pipe(input,
        fr_filter("quantity > $1 and region is not null", .bind = { fr_v(0) }),
        fr_with("revenue = quantity * unit_price"),
        fr_group("region", .agg = "revenue = sum(revenue); orders = size()"),
        fr_sort("revenue", .descending = true),
        fr_head(10));
    CHECK(fr_ok(top));
    CHECK_INT(fr_length(top), 1);
    CHECK_F64(fr_get(top, 0, "revenue").as.f, 10);
    CHECK_INT(fr_get(top, 0, "orders").as.i, 2);
}

TEST(a_pipe_without_steps_is_the_frame_itself)
{
    fr_auto(frame) input = sales();
    const fr_step none[] = { { 0 } };
    fr_auto(frame) same = fr_pipe_steps(input, none, sizeof *none, "x.c", 1);
    CHECK(same == input);
}

TEST(a_failure_names_the_step_and_the_line_it_was_written_on)
{
    fr_auto(frame) input = sales();
    const int line = __LINE__ + 2;
    fr_auto(frame) wrong = fr_pipe(input, fr_head(3),
        fr_filter("quantty > 0"),
        fr_head(1));
    const fr_error_info *error = fr_error(wrong);
    REQUIRE(error != NULL);
    CHECK_INT(error->code, FR_ERR_NOT_FOUND);
    CHECK_STR(error->step, "filter");
    CHECK_STR(error->call_file, "test_pipe.c");
    CHECK_INT(error->call_line, line);
    CHECK_STR(error->hint, "did you mean 'quantity'?");
}

TEST(an_errored_input_is_handed_through)
{
    fr_auto(frame) input = sales();
    fr_auto(frame) wrong = fr_pipe(input, fr_filter("nothing > 0"));
    fr_auto(frame) later = fr_pipe(wrong, fr_sort("region"), fr_head(3));
    fr_auto(frame) joined = fr_pipe(input, fr_concat(wrong));
    fr_auto(frame) explained = fr_explain(wrong, fr_head(1));
    CHECK(later == wrong);
    CHECK_STR(fr_error(joined)->message, fr_error(wrong)->message);
    CHECK(!fr_ok(explained));
}

TEST(missing_frames_are_argument_errors)
{
    fr_auto(frame) input = sales();
    fr_auto(frame) none = fr_pipe(NULL, fr_head(3));
    fr_auto(frame) no_right = fr_pipe(input, fr_join(NULL, .on = "region"));
    fr_auto(frame) no_steps = fr_run(input, NULL);
    fr_auto(frame) explained = fr_explain(NULL, fr_head(1));
    CHECK_INT(fr_error_code(none), FR_ERR_ARGUMENT);
    CHECK_INT(fr_error_code(no_right), FR_ERR_ARGUMENT);
    CHECK_INT(fr_error_code(no_steps), FR_ERR_ARGUMENT);
    CHECK_INT(fr_error_code(explained), FR_ERR_ARGUMENT);
}

TEST(steps_that_are_wrong_in_themselves_are_refused_before_anything_runs)
{
    fr_auto(frame) input = sales();
    fr_step odd = fr_head(3);
    odd.verb = 4711;
    fr_auto(frame) unknown = fr_pipe(input, odd);
    CHECK_INT(fr_error_code(unknown), FR_ERR_ARGUMENT);
    fr_auto(steps) steps = fr_steps_new(odd);
    CHECK_INT(fr_error_code(steps), FR_ERR_ARGUMENT);
    fr_auto(frame) run = fr_run(input, steps);
    CHECK_INT(fr_error_code(run), FR_ERR_ARGUMENT);
}

TEST(plain_functions_do_what_the_macros_do)
{
    fr_auto(frame) input = sales();
    fr_sort_args sort;
    fr_head_args head;
    fr_sort_args_init(&sort);
    fr_head_args_init(&head);
    sort.by = "unit_price";
    sort.descending = true;
    head.n = 2;
    fr_auto(frame) sorted = fr_frame_sort(input, &sort);
    fr_auto(frame) first = fr_frame_head(sorted, &head);
    fr_auto(frame) piped = fr_pipe(input, fr_sort("unit_price", .descending = true), fr_head(2));
    CHECK(fr_equal(first, piped));
    fr_auto(frame) five = fr_frame_head(input, NULL);
    CHECK(fr_equal(five, input));
    fr_auto(frame) none = fr_frame_head(NULL, &head);
    CHECK_INT(fr_error_code(none), FR_ERR_ARGUMENT);
}

TEST(stored_steps_run_on_many_frames)
{
    fr_auto(frame) input = sales();
    fr_auto(frame) shorter = fr_pipe(input, fr_head(2));
    fr_auto(steps) steps = fr_steps_new(fr_filter("quantity > 0"), fr_select("region"));
    fr_auto(frame) one = fr_run(input, steps);
    fr_auto(frame) two = fr_run(shorter, steps);
    CHECK_INT(fr_length(one), 3);
    CHECK_INT(fr_length(two), 1);
}

TEST(steps_without_a_frame_run_on_the_input_they_name_or_say_so)
{
    fr_auto(steps) steps = fr_steps_parse("format = \"libframe job\"\nversion = 1\nreader = 1\n"
                                          "input = { names = [\"a\"], types = [\"i64\"], length = 2, rows = "
                                          "\"1\\n2\\n\" }\n[[step]]\nverb = \"tail\"\nn = 1\n",
                                          NULL);
    fr_auto(frame) last = fr_run(NULL, steps);
    CHECK_INT(fr_length(last), 1);
    CHECK_INT(fr_get(last, 0, "a").as.i, 2);
    fr_auto(steps) bare = fr_steps_new(fr_head(1));
    fr_auto(frame) none = fr_run(NULL, bare);
    CHECK_INT(fr_error_code(none), FR_ERR_ARGUMENT);
}

static const char *cell(const fr_frame *frame, int64_t row, const char *column)
{
    static char room[4][256];
    static unsigned turn;
    fr_value value = fr_get(frame, row, column);
    char *text = room[turn++ % 4];
    memcpy(text, value.as.s ? value.as.s : "", value.valid && value.length < 255 ? value.length : 0);
    text[value.valid && value.length < 255 ? value.length : 0] = 0;
    return text;
}

TEST(an_explanation_has_a_row_for_the_source_and_one_for_each_step_as_it_runs)
{
    fr_auto(frame) input = sales();
    fr_auto(frame) plan = fr_explain(input, fr_sort("region"), fr_filter("unit_price > 1.0"), fr_select("region"));
    REQUIRE(fr_ok(plan));
    REQUIRE(fr_length(plan) == 4);
    CHECK_STR(cell(plan, 0, "step"), "frame");
    CHECK_STR(cell(plan, 0, "columns"), "region, unit_price");
    CHECK_INT(fr_get(plan, 0, "rows").as.i, 4);
    CHECK_STR(cell(plan, 1, "step"), "filter");
    CHECK_STR(cell(plan, 1, "detail"), "where = \"unit_price > 1.0\"");
    CHECK_STR(cell(plan, 2, "step"), "sort");
    CHECK(!fr_get(plan, 2, "rows").valid);
    CHECK_STR(cell(plan, 3, "detail"), "columns = \"region\"");
}

TEST(an_explanation_says_where_the_columns_are_not_known)
{
    fr_auto(frame) input = sales();
    fr_auto(frame) plan = fr_explain(input, fr_pivot(.columns = "region", .values = "unit_price", .agg = "sum"), fr_head(1));
    REQUIRE(fr_ok(plan));
    CHECK_STR(cell(plan, 1, "detail"),
              "columns = \"region\", values = \"unit_price\", agg = \"sum\"; its rows decide what columns follow");
    CHECK(!fr_get(plan, 2, "columns").valid);
    fr_auto(frame) listed = fr_explain(input, fr_pivot(.columns = "region", .values = "unit_price", .agg = "sum; max",
                                                       .only = "North, South"), fr_select("max_North"), fr_sort("max_North"));
    REQUIRE(fr_ok(listed));
    CHECK_STR(cell(listed, 2, "columns"), "sum_North, sum_South, max_North, max_South");
    CHECK_STR(cell(listed, 3, "columns"), "max_North");
    fr_auto(frame) totals = fr_explain(input, fr_pivot("region", "region2 = upper(region)", .agg = "n = size()", .only = "NORTH",
                                                       .margins = true, .normalize = FR_SHARE_INDEX),
                                       fr_filter("Total <= 1.0"));
    CHECK_STR(fr_ok(totals) ? "" : fr_error(totals)->message, "");
    CHECK_STR(cell(totals, fr_length(totals) - 1, "columns"), "region, NORTH, Total");
    fr_auto(frame) texts = fr_explain(input, fr_pivot(.columns = "region", .agg = "first(region)", .only = "North",
                                                      .normalize = FR_SHARE_ALL), fr_head(1));
    CHECK_INT(fr_error_code(texts), FR_ERR_TYPE);
    fr_auto(frame) wrong = fr_explain(input, fr_pivot(.columns = "region", .values = "unit_price", .agg = "sum",
                                                      .only = "North"), fr_select("nothing"));
    CHECK_INT(fr_error_code(wrong), FR_ERR_NOT_FOUND);
    fr_auto(frame) melted = fr_explain(input, fr_melt("region", .value = "price"), fr_filter("price > 1.0"));
    REQUIRE(fr_ok(melted));
    CHECK_STR(cell(melted, 2, "columns"), "region, variable, price");
}

/* Before the sort, which would be first, and before the file is made. */
TEST(what_is_wrong_behind_a_pivot_is_said_when_its_columns_are_known)
{
    fr_auto(frame) input = sales();
    fr_auto(frame) wrong = fr_pipe(input, fr_pivot(.columns = "region", .values = "unit_price", .agg = "sum"),
                                   fr_with("x = cast('a', 'i64')"), fr_sort("nothing"));
    CHECK_INT(fr_error_code(wrong), FR_ERR_NOT_FOUND);
    CHECK_STR(fr_error(wrong)->step, "sort");
}

TEST(an_explanation_says_how_much_of_a_sort_is_done)
{
    fr_auto(frame) input = sales();
    fr_auto(frame) plan = fr_explain(input, fr_sort("unit_price"), fr_head(2, .by = "region"), fr_sort("region"),
                                     fr_tail(1), fr_sort("region"), fr_head(-1), fr_sort("region"));
    REQUIRE(fr_ok(plan));
    CHECK_STR(cell(plan, 1, "detail"), "by = \"unit_price\"; only the first 2 rows of each region");
    CHECK_STR(cell(plan, 2, "detail"), "n = 2, by = \"region\"");
    CHECK(!fr_get(plan, 2, "rows").valid);
    CHECK_STR(cell(plan, 3, "detail"), "by = \"region\"; only the last 1 rows");
    CHECK_STR(cell(plan, 5, "detail"), "by = \"region\"");
    CHECK_STR(cell(plan, 7, "detail"), "by = \"region\"");
}
