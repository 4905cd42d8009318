/* From a file through a pipe to a file, as a user writes it, with every allocation and every file operation failing in
 * turn: a clean error or the identical result, nothing leaked, and the target is the old file or the complete new
 * one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <frame/frame.h>

#include "support/test.h"
#include "support/torture.h"

static const char old_text[] = "what was there before\n";
static const char rows[] = "k,x,y,d\na,3,1.5,2024-01-02\nb,,2.5,2024-01-03\n,1,,\na,3,1.5,2024-01-02\n\"c,d\",2,-0.0,2024-02-29\n";

typedef struct route {
    const char *from, *to;
    const char *chain;
    bool        read_whole;
    char       *complete;          /* what the target holds after a run that went well; owned, NULL before            */
} route;

static char *text_of(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, 8192);
    if (file) text[fread(text, 1, 8191, file)] = 0;
    if (file) fclose(file);
    return text;
}

static void put_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    fputs(text, file);
    fclose(file);
}

/* The target was the old file; it must be that or the complete one, and after success the complete one. */
static void check_target(route *r, bool fine)
{
    char *now = text_of(r->to);
    if (fine && !r->complete) r->complete = now, now = NULL;
    if (now) CHECK((r->complete && !strcmp(now, r->complete)) || (!fine && !strcmp(now, old_text)));
    free(now);
    put_text(r->to, old_text);
}

static fr_outcome run_route(fr_context *context, void *state)
{
    route *r = state;
    fr_auto(steps) steps = fr_steps_parse_chain(r->chain, context);
    if (!fr_ok(steps)) return (fr_outcome){ .code = fr_error_code(steps) };
    fr_auto(frame) input = r->read_whole ? fr_read_csv(r->from, .context = context)
        : fr_scan_csv(r->from, .context = context);
    fr_auto(frame) result = fr_run(input, steps);
    fr_auto(frame) receipt = fr_pipe(result, fr_write(r->to));
    check_target(r, fr_ok(receipt));
    return fr_ok(receipt) ? fr_outcome_of(result) : fr_outcome_of(receipt);
}

static void check_route(const char *chain, bool read_whole, const char *ending)
{
    char from[300], to[300];
    snprintf(from, sizeof from, "%s", fr_test_scratch("from.csv"));
    snprintf(to, sizeof to, "%s%s", fr_test_scratch("to"), ending);
    put_text(from, rows);
    put_text(to, old_text);
    route r = { .from = from, .to = to, .chain = chain, .read_whole = read_whole };
    TORTURE(run_route, &r);
    free(r.complete);
    remove(to);
}

TEST(a_scan_filtered_and_written_survives_every_failure)
{
    check_route("where x > 1 | select k, y", false, ".csv");
}

TEST(grouping_a_scan_survives_every_failure)
{
    check_route("with z = x * 2 | group k: n = size(); s = sum(z); m = mean(y); u = nunique(d) | sort -s", false,
                ".csv");
}

TEST(joining_a_scan_of_which_little_is_needed_survives_every_failure)
{
    char chain[400];
    snprintf(chain, sizeof chain, "left join '%s' on k | drop x_x, x_y, y_y | sort d_y", fr_test_scratch("from.csv"));
    check_route(chain, false, ".csv");
}

TEST(cleaning_a_file_survives_every_failure)
{
    check_route("distinct | fill_null x median | drop_null d | cast x: i64 coerce | value_counts k", true, ".csv.gz");
}

/* A head that was asked of the file once counted the rows put aside. */
TEST(a_head_of_a_scan_counts_the_rows_that_are_kept)
{
    const char *path = fr_test_scratch("rejects.csv");
    put_text(path, "x,y\n1,1\n1000,zz\n2,2\n-50,3,9\n3,4\n");
    for (int how = FR_ON_BAD_SKIP; how <= FR_ON_BAD_COLLECT; how++) {
        fr_auto(frame) scan = fr_scan_csv(path, .dtypes = "x: i64, y: i64", .on_bad = (fr_on_bad)how);
        fr_auto(frame) two = fr_pipe(scan, fr_head(2));
        CHECK_INT(fr_length(two), 2);
        CHECK_INT(fr_get(two, 1, "x").as.i, 2);
    }
}
