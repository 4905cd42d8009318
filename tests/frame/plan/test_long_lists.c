/* Steps and lists of thousands of columns: what they take of memory grows as they do, counted by an allocator. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"
#include "plan/steps.h"
#include "support/meter.h"
#include "support/test.h"

typedef void write_item(char *to, size_t room, size_t i);

/* The items of a list, one behind the other. */
static char *list_of(write_item *item, size_t n)
{
    const size_t room = n * 48 + 1;
    char *text = calloc(room, 1);
    for (size_t i = 0, at = 0; text && i < n; i++) {
        item(text + at, room - at, i);
        at += strlen(text + at);
    }
    return text;
}

static void add_step(char *to, size_t room, size_t i) { snprintf(to, room, "%swith d%zu = a + %zu", i ? " | " : "", i, i); }
static void add_and_filter(char *to, size_t room, size_t i)
{
    snprintf(to, room, "%swith d%zu = a | where d%zu > 0", i ? " | " : "", i, i);
}
static void add_statement(char *to, size_t room, size_t i) { snprintf(to, room, "%s d%zu = a + %zu", i ? "," : "with", i, i); }
static void add_again(char *to, size_t room, size_t i) { snprintf(to, room, "%s d%zu = a + %zu", i ? "," : "with", i % 7, i); }
static void add_sum(char *to, size_t room, size_t i) { snprintf(to, room, "%s d%zu = sum(a + %zu)", i ? "," : "group c:", i, i); }
static void add_same(char *to, size_t room, size_t i) { snprintf(to, room, "%s d%zu = mean(b)", i ? "," : "group c:", i); }

static fr_frame *few_rows(fr_context *context)
{
    const int64_t a[] = { 1, 2, 3, 4 }, c[] = { 1, 1, 2, 2 };
    const double b[] = { 0.5, 1.5, 2.5, 3.5 };
    const fr_array_spec columns[] = { fr_array("a", FR_I64, a), fr_array("b", FR_F64, b), fr_array("c", FR_I64, c) };
    return fr_frame_from_arrays(4, columns, FR_COUNT_OF(columns), context);
}

/* Bytes taken altogether, or at once, beside the rows: n items run, of which columns came. */
static size_t bytes_of(write_item *item, size_t n, bool at_once)
{
    fr_meter meter;
    fr_auto(context) context = fr_meter_context(&meter);
    fr_auto(frame) frame = few_rows(context);
    char *chain = list_of(item, n);
    fr_auto(steps) steps = fr_steps_parse_chain(chain, context);
    fr_meter_begin(&meter);
    const size_t before = meter.live_bytes;
    fr_auto(frame) made = fr_pipe_steps(frame, steps->steps, sizeof(fr_step), NULL, -1);
    char message[256] = "";
    if (!fr_ok(made)) fr_error_text(made, message, sizeof message);
    CHECK_STR(message, "");
    free(chain);
    return at_once ? meter.peak_bytes - before : meter.taken_bytes;
}

/* Four times as much where it is quadratic. */
static void check_growth(write_item *item, size_t n, bool at_once)
{
    const size_t once = bytes_of(item, n, at_once), twice = bytes_of(item, 2 * n, at_once);
    CHECK_INT(twice * 2 < once * 5 ? 0 : (int64_t)(twice * 10 / once), 0);
}

TEST(steps_that_each_add_a_column_share_the_names_of_the_others)
{
    check_growth(add_step, 400, true);
    check_growth(add_and_filter, 300, true);
}

TEST(statements_and_aggregates_cost_what_they_are)
{
    write_item *const items[] = { add_statement, add_again, add_sum, add_same };
    for (size_t i = 0; i < FR_COUNT_OF(items); i++) check_growth(items[i], 600, false);
}

/* Of so many that whoever looks through a list of them for each of them does not end. */
enum { MANY = 20000 };

static fr_frame *wide(const char *prefix)
{
    char (*names)[16] = calloc(MANY, sizeof *names);
    const int64_t values[] = { 1, 2 };
    fr_array_spec *columns = calloc(MANY, sizeof *columns);
    for (size_t i = 0; columns && names && i < MANY; i++) {
        snprintf(names[i], sizeof names[i], "%s%zu", prefix, i);
        columns[i] = (fr_array_spec)fr_array(names[i], FR_I64, values);
    }
    fr_frame *frame = fr_frame_from_arrays(2, columns, MANY, NULL);
    free(columns);
    free(names);
    return frame;
}

TEST(frames_of_twenty_thousand_columns_are_joined_by_all_of_them)
{
    fr_auto(frame) frame = wide("c");
    fr_auto(frame) joined = fr_pipe(frame, fr_join(frame));
    fr_auto(frame) full = fr_pipe(frame, fr_join(frame, .how = FR_JOIN_FULL));
    CHECK(fr_equal(joined, frame));
    CHECK(fr_equal(full, frame));
}

TEST(frames_of_twenty_thousand_columns_each_are_appended)
{
    fr_auto(frame) above = wide("c");
    fr_auto(frame) below = wide("d");
    fr_auto(frame) made = fr_pipe(above, fr_concat(below), fr_concat(below), fr_concat(above));
    CHECK_INT(fr_width(made), 2 * MANY);
    CHECK_INT(fr_length(made), 8);
    CHECK(!fr_get_at(made, 2, MANY - 1).valid);
    CHECK_INT(fr_get_at(made, 3, 2 * MANY - 1).as.i, 2);
}

TEST(twenty_thousand_columns_are_keys_and_are_summed)
{
    fr_auto(frame) frame = wide("c");
    fr_auto(frame) rows = fr_pipe(frame, fr_distinct(""));
    fr_auto(frame) sums = fr_pipe(frame, fr_group("", .agg = "sum(numeric())"));
    fr_auto(frame) means = fr_pipe(frame, fr_group("c0", .agg = "mean(numeric())"));
    CHECK(fr_equal(rows, frame));
    CHECK_INT(fr_width(sums), MANY);
    CHECK_INT(fr_get_at(sums, 0, MANY - 1).as.i, 3);
    CHECK_INT(fr_width(means), MANY);
    CHECK_F64(fr_get_at(means, 1, MANY - 1).as.f, 2.0);
}
