/* A scan gives, batch by batch, what a read gives at once: whichever columns and however many rows are asked for. */
#include <frame/frame.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/call.h"
#include "base/memory.h"
#include "data/source.h"
#include "plan/job.h"
#include "support/columns.h"
#include "support/test.h"

static const char *scratch_path(void)
{
    static char path[200];
    snprintf(path, sizeof path, "/tmp/frame-test-csv-scan-%d.csv", (int)getpid());
    return path;
}

static void write_table(const char *path, int rows)
{
    FILE *out = fopen(path, "w");
    if (!out) return;
    fprintf(out, "id,text,x,when\n");
    for (int i = 0; i < rows; i++) {
        if (i % 97 == 13) fprintf(out, "ragged,%d\n", i);
        fprintf(out, "%d,\"t,%d\",%s,%02d.02.2024\n", i, i % 7, i % 5 ? "0.5" : "", 1 + i % 28);
    }
    fclose(out);
}

/* All batches of a demand, put together. */
static fr_frame *collect(fr_call *call, const fr_frame *scan, const fr_demand *demand, int *n_batches)
{
    fr_source *source = scan->source;
    void *cursor = source->class_->begin(call, source, demand);
    fr_frame *batches[200], *batch, *all = NULL;
    int n = 0;
    while (cursor && n < 200 && (batch = source->class_->next(call, cursor))) batches[n++] = batch;
    source->class_->end(cursor);
    *n_batches = n;
    if (n && !fr_failed(call)) {
        size_t width = batches[0]->schema->width;
        const char *names[8];
        fr_column *columns[8];
        int64_t rows = 0;
        for (int i = 0; i < n; i++) rows += batches[i]->length;
        for (size_t c = 0; c < width; c++) {
            const fr_column *parts[200];
            for (int i = 0; i < n; i++) parts[i] = fr_test_columns(batches[i])[c];
            names[c] = batches[0]->schema->fields[c].name;
            columns[c] = fr_column_concat(call, parts, (size_t)n);
        }
        all = fr_frame_of(call, batches[n - 1], names, columns, width, rows);
        for (size_t c = 0; c < width; c++) fr_column_unref(columns[c]);
    }
    for (int i = 0; i < n; i++) fr_frame_unref(batches[i]);
    return all;
}

static void check_demand(const fr_frame *scan, fr_context *context, const char *names, const fr_demand *demand)
{
    fr_auto(frame) expected = fr_read_csv(scratch_path(), .context = context, .columns = names, .on_bad = FR_ON_BAD_COLLECT,
                                          .parse_dates = names && !strstr(names, "when") ? NULL : "when");
    fr_call call;
    fr_call_begin(&call, context, NULL, 0);
    int n = 0;
    fr_auto(frame) actual = collect(&call, scan, demand, &n);
    CHECK(!fr_failed(&call));
    if (fr_failed(&call)) {
        fr_auto(frame) failed = fr_object_failed(&call, &fr_frame_class);
        char text[500];
        fr_error_text(failed, text, sizeof text);
        fprintf(stderr, "%s\n", text);
    }
    const int64_t most = demand->max_rows < 0 ? INT64_MAX : demand->max_rows;   /* of rows that are kept; more may come */
    fr_auto(frame) first = fr_pipe(actual, fr_head(most));
    fr_auto(frame) wanted = fr_pipe(expected, fr_head(most));
    CHECK(fr_equal(first, wanted));
    CHECK(demand->whole ? n == 1 : n >= 1);
    if (demand->max_rows < 0) {
        fr_auto(frame) a = fr_account(actual);
        fr_auto(frame) b = fr_account(expected);
        CHECK(fr_equal(a, b));
        fr_auto(frame) c = fr_rejects(actual);
        fr_auto(frame) d = fr_rejects(expected);
        CHECK(fr_equal(c, d));
    }
    fr_call_end(&call);
}

TEST(a_scan_gives_what_a_read_gives)
{
    write_table(scratch_path(), 3000);
    for (uint32_t threads = 1; threads <= 3; threads += 2) {
        fr_auto(context) context = fr_context_new(.threads = threads, .chunk_bytes = 500);
        fr_auto(frame) scan = fr_scan_csv(scratch_path(), .context = context, .on_bad = FR_ON_BAD_COLLECT, .parse_dates = "when");
        REQUIRE(fr_ok(scan));
        CHECK_INT(fr_length(scan), -1);
        CHECK_INT(fr_width(scan), 4);
        const bool two[] = { false, true, true, false }, last[] = { false, false, false, true };
        for (int whole = 0; whole < 2; whole++) {
            check_demand(scan, context, NULL, &(fr_demand){ .max_rows = -1, .whole = whole });
            check_demand(scan, context, "text, x", &(fr_demand){ .max_rows = -1, .whole = whole, .columns = two });
            check_demand(scan, context, "when", &(fr_demand){ .max_rows = -1, .whole = whole, .columns = last });
            check_demand(scan, context, "text, x", &(fr_demand){ .max_rows = 700, .whole = whole, .columns = two });
        }
    }
    unlink(scratch_path());
}

/* Which rows are rejected, and whether the read fails, does not depend on which columns somebody needs. */
TEST(a_column_nobody_needs_is_still_held_to_the_type_it_was_given)
{
    FILE *out = fopen(scratch_path(), "w");
    REQUIRE(out != NULL);
    fprintf(out, "a,b,c\n1,1,x\n2,bad,y\n3,3,z\n");
    fclose(out);
    for (int64_t sample = 0; sample < 2; sample++) {
        fr_auto(frame) strict = sample ? fr_scan_csv(scratch_path(), .sample_types = 1)
                                       : fr_scan_csv(scratch_path(), .dtypes = "b: i64");
        fr_auto(frame) a = fr_pipe(strict, fr_select("a"));
        CHECK_INT(fr_error_code(a), FR_ERR_PARSE);
        CHECK_INT(fr_error(a) ? fr_error(a)->line : 0, 3);
        fr_auto(frame) lenient = sample ? fr_scan_csv(scratch_path(), .sample_types = 1, .on_bad = FR_ON_BAD_COLLECT)
                                        : fr_scan_csv(scratch_path(), .dtypes = "b: i64", .on_bad = FR_ON_BAD_COLLECT);
        fr_auto(frame) counted = fr_pipe(lenient, fr_group(.agg = "n = size()"));
        fr_auto(frame) filtered = fr_pipe(lenient, fr_filter("a >= 2"), fr_select("a, c"));
        CHECK_INT(fr_get(counted, 0, "n").as.i, 2);
        CHECK_INT(fr_length(filtered), 1);
        CHECK_INT(fr_width(filtered), 2);
        CHECK_INT(fr_get(filtered, 0, "a").as.i, 3);
    }
    unlink(scratch_path());
}

/* The same of a joined scan: its rows, what it put aside and its steps in the account are those of a whole read. */
TEST(a_joined_scan_whose_columns_nobody_needs_rejects_the_same_rows)
{
    FILE *out = fopen(scratch_path(), "w");
    REQUIRE(out != NULL);
    fprintf(out, "a,b,c\n1,1,x\n2,bad,y\n3,3,z\n");
    fclose(out);
    static const int64_t a[] = { 3, 2, 1 };
    fr_auto(frame) left = fr_frame_new(3, fr_array("a", FR_I64, a));
    fr_auto(frame) strict = fr_scan_csv(scratch_path(), .dtypes = "b: i64");
    fr_auto(frame) refused = fr_pipe(left, fr_join(strict, "a"), fr_select("c"));
    CHECK_INT(fr_error_code(refused), FR_ERR_PARSE);
    CHECK_INT(fr_error(refused) ? fr_error(refused)->line : 0, 3);
    fr_auto(frame) scan = fr_scan_csv(scratch_path(), .dtypes = "b: i64", .on_bad = FR_ON_BAD_COLLECT);
    fr_auto(frame) read = fr_read_csv(scratch_path(), .dtypes = "b: i64", .on_bad = FR_ON_BAD_COLLECT);
    fr_auto(frame) one = fr_pipe(left, fr_join(scan, "a"), fr_select("c"));
    fr_auto(frame) other = fr_pipe(left, fr_join(read, "a"), fr_select("c"));
    fr_auto(frame) rejects = fr_rejects(one);
    fr_auto(frame) expected = fr_rejects(other);
    fr_auto(frame) account = fr_account(one);
    fr_auto(frame) expected_account = fr_account(other);
    CHECK_INT(fr_length(one), 2);
    CHECK(fr_equal(one, other));
    CHECK(fr_equal(rejects, expected));
    CHECK(fr_equal(account, expected_account));
    unlink(scratch_path());
}

/* A cancelled context is cancelled for good, but what is scanned can be read under another. */
TEST(a_scan_is_written_batch_by_batch_as_its_ending_says)
{
    static const char *const names[] = { "written.csv", "written.csv.gz" };
    write_table(scratch_path(), 5000);
    fr_auto(frame) whole = fr_read_csv(scratch_path(), .on_bad = FR_ON_BAD_SKIP);
    fr_auto(frame) kept = fr_pipe(whole, fr_filter("x > 0.1"), fr_select("text, x"));
    for (size_t k = 0; k < FR_COUNT_OF(names); k++) {
        const char *path = fr_test_scratch(names[k]);
        fr_auto(context) context = fr_context_new(.threads = 2, .chunk_bytes = 1 << 12);
        fr_auto(frame) scan = fr_scan_csv(scratch_path(), .on_bad = FR_ON_BAD_SKIP, .context = context);
        fr_auto(frame) receipt = fr_pipe(scan, fr_filter("x > 0.1"), fr_select("text, x"), fr_write(path));
        fr_auto(frame) back = fr_read_csv(path);
        CHECK(fr_ok(receipt) && fr_get(receipt, 0, "rows").as.i == fr_length(kept));
        CHECK(fr_equal(back, kept));
        FILE *in = fopen(path, "rb");
        CHECK(in && (fgetc(in) == 0x1f) == (k == 1));
        if (in) fclose(in);
    }
    unlink(scratch_path());
}

/* Of a pipe all is read at once, since it comes only once. */
TEST(a_scan_of_a_pipe_gives_its_rows_as_often_as_they_are_asked_for)
{
    static const char text[] = "x,y\n1,a\n2,b\n3,c\n";
    int ends[2];
    char path[40];
    REQUIRE(pipe(ends) == 0 && write(ends[1], text, sizeof text - 1) == (ssize_t)(sizeof text - 1));
    close(ends[1]);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    fr_auto(frame) scan = fr_scan_csv(path);
    close(ends[0]);
    fr_auto(frame) whole = fr_read_csv_bytes(text, sizeof text - 1);
    fr_auto(frame) first = fr_pipe(scan, fr_head(2), fr_select("y"));
    fr_auto(frame) expected = fr_pipe(whole, fr_head(2), fr_select("y"));
    fr_auto(frame) all = fr_collect(scan);
    CHECK(fr_ok(scan) && fr_equal(first, expected) && fr_equal(all, whole));
}

TEST(a_scan_moves_to_another_context)
{
    write_table(scratch_path(), 50);
    fr_auto(context) old = fr_context_new(.threads = 1);
    fr_auto(frame) scan = fr_scan_csv(scratch_path(), .context = old, .on_bad = FR_ON_BAD_SKIP);
    REQUIRE(fr_ok(scan));
    fr_context_cancel(old);
    fr_auto(frame) cancelled = fr_pipe(scan, fr_head(3));
    CHECK_INT(fr_error_code(cancelled), FR_ERR_CANCELLED);
    fr_auto(context) context = fr_context_new(.threads = 2);
    fr_auto(frame) moved = fr_with_context(scan, context);
    CHECK_INT(fr_length(moved), -1);
    fr_auto(frame) rows = fr_pipe(moved, fr_head(3));
    CHECK_INT(fr_length(rows), 3);
    CHECK(rows->object.context == context);
    unlink(scratch_path());
}

TEST(a_scan_says_what_it_reads)
{
    write_table(scratch_path(), 3);
    fr_auto(frame) scan = fr_scan_csv(scratch_path(), .sep = ",", .na_values = "?, \"x\"", .max_rows = 2, .trim = true);
    REQUIRE(fr_ok(scan));
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    char *text = NULL, expected[500];
    CHECK(scan->source->class_->describe(&call, scan->source, &text));
    snprintf(expected, sizeof expected, "read_csv(\"%s\", sep = \",\", na_values = \"?, \\\"x\\\"\", max_rows = 2, trim = true)",
             scratch_path());
    CHECK_STR(text, expected);
    fr_free_text(call.context, text);
    const fr_format *format = fr_format_of_path(&call, scratch_path());
    REQUIRE(format && format->scan);
    fr_auto(frame) again = format->scan(&call, scratch_path(),
                                        "sep = ',', na_values = \"?, \\\"x\\\"\", max_rows = 2, trim");
    CHECK(again != NULL && !fr_failed(&call));
    fr_auto(frame) wrong = format->scan(&call, scratch_path(), "seperator = ','");
    CHECK(wrong == NULL && fr_failed(&call));
    fr_call_end(&call);
    unlink(scratch_path());
}

/* A file that is written to while it is read, or between a scan and its reading, is not what it was. */
TEST(a_file_that_changed_is_refused)
{
    write_table(scratch_path(), 50);
    fr_auto(frame) scan = fr_scan_csv(scratch_path(), .on_bad = FR_ON_BAD_SKIP);
    REQUIRE(fr_ok(scan));
    FILE *out = fopen(scratch_path(), "w");
    fprintf(out, "other,text,x,when\n1,2,3,4\n");
    fclose(out);
    fr_call call;
    fr_call_begin(&call, NULL, NULL, 0);
    int n;
    fr_auto(frame) rows = collect(&call, scan, &(fr_demand){ .max_rows = -1 }, &n);
    CHECK(rows == NULL && fr_failed(&call));
    fr_call_end(&call);
    unlink(scratch_path());
}

static fr_schema *schema_of_ids(fr_call *call)
{
    const fr_field fields[] = { { .name = "id, or `number`", .type = fr_type_of(FR_STR), .nullable = true },
                                { .name = "x", .type = fr_type_of(FR_F32), .nullable = true } };
    return fr_schema_make(call, fields, 2);
}

/* What a scan says of itself makes the same scan again: any path, and the types of a schema. */
static void check_described_again(const char *path, const char *content)
{
    fr_call call;
    char *text = NULL;
    fr_call_begin(&call, NULL, NULL, 0);
    FILE *out = fopen(path, "w");
    REQUIRE(out);
    fputs(content, out);
    fclose(out);
    FR_OWNED fr_schema *schema = schema_of_ids(&call);
    fr_auto(frame) scan = fr_scan_csv(path, .schema = schema);
    fr_auto(frame) expected = fr_read_csv(path, .schema = schema);
    REQUIRE(fr_ok(scan) && scan->source->class_->describe(&call, scan->source, &text));
    fr_auto(frame) again = fr_scan_described(&call, text);
    REQUIRE(again && fr_ok(again));
    fr_auto(frame) rows = fr_collect(again);
    CHECK(fr_equal(rows, expected));
    CHECK_INT(fr_length(rows), 2);
    fr_free_text(call.context, text);
    fr_call_end(&call);
    unlink(path);
}

TEST(a_scan_can_be_made_again_from_what_it_says)
{
    char path[200];
    snprintf(path, sizeof path, "/tmp/frame-test \"a\\b\" %d.csv", (int)getpid());
    check_described_again(path, "\"id, or `number`\",x\n007,0.1\n8,2\n");
    check_described_again(path, "007,0.1\n8,2\n");
}

TEST(no_scan_moves_to_a_context_that_failed)
{
    write_table(scratch_path(), 3);
    fr_auto(frame) scan = fr_scan_csv(scratch_path(), .on_bad = FR_ON_BAD_SKIP);
    fr_auto(context) failed = fr_context_new(.threads = 1025);
    fr_auto(frame) moved = fr_with_context(scan, failed);
    CHECK(fr_ok(scan));
    CHECK_INT(fr_error_code(moved), FR_ERR_ARGUMENT);
    unlink(scratch_path());
}

TEST(limits_may_be_as_large_as_they_go)
{
    write_table(scratch_path(), 3000);
    fr_auto(context) context = fr_context_new(.threads = 1, .chunk_bytes = 500, .limits = { .field_bytes = UINT64_MAX,
        .columns = UINT64_MAX, .rows = UINT64_MAX, .expansion_ratio = UINT64_MAX, .nesting = UINT64_MAX });
    fr_auto(frame) frame = fr_read_csv(scratch_path(), .context = context, .on_bad = FR_ON_BAD_SKIP);
    CHECK_INT(fr_length(frame), 3000);
    if (!fr_ok(frame)) fr_print_error(frame);
    unlink(scratch_path());
}
