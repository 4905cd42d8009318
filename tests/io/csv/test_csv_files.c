/* Several files as one table: patterns, lists, types of all together, and a world in which everything fails in turn. */
#include <frame/frame.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/glob.h"
#include "support/test.h"
#include "support/torture.h"

/* A folder of a test's own, whose files are a few texts. */
typedef struct folder {
    char path[100];
    char names[8][160];
    int  n;
} folder;

static folder new_folder(void)
{
    folder f = { .path = "/tmp/frame-test-files-XXXXXX" };
    if (!mkdtemp(f.path)) f.path[0] = 0;
    return f;
}

static const char *put(folder *f, const char *name, const char *text)
{
    char path[160];
    snprintf(path, sizeof path, "%s/%s", f->path, name);
    memcpy(f->names[f->n++], path, sizeof path);
    FILE *out = fopen(path, "wb");
    if (out) fputs(text, out), fclose(out);
    return f->names[f->n - 1];
}

static const char *in(const folder *f, const char *pattern)
{
    static char paths[4][160];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", f->path, pattern);
    return path;
}

static void drop_folder(folder *f)
{
    for (int i = 0; i < f->n; i++) unlink(f->names[i]);
    rmdir(f->path);
}

TEST(files_of_a_pattern_are_one_table_in_the_order_of_their_names)
{
    FR_CLEANUP(drop_folder) folder f = new_folder();
    put(&f, "b.csv", "x,y\n3,b\n");
    put(&f, "a.csv", "x,y\n1,a\n2,a\n");
    put(&f, "B.csv", "y,x\nB,4\n");                      /* the first, whose order of columns it is */
    put(&f, "c.txt", "x,y\n9,c\n");
    put(&f, ".d.csv", "x,y\n9,d\n");
    fr_auto(frame) read = fr_read_csv(in(&f, "*.csv"));
    fr_auto(frame) want = fr_read_csv_bytes("y,x\nB,4\na,1\na,2\nb,3\n", 20);
    CHECK(fr_equal(read, want));
    fr_auto(frame) account = fr_account(read);
    CHECK_INT(fr_length(account), 1);
    CHECK_INT(fr_get(account, 0, "rows_in").as.i, 4);
    CHECK_STR(fr_get(account, 0, "note").as.s, "3 files");
    fr_auto(frame) scan = fr_scan_csv(in(&f, "*.csv"));
    fr_auto(frame) steps = fr_pipe(scan, fr_filter("x > 1"), fr_select("y"));
    fr_auto(frame) kept = fr_pipe(want, fr_filter("x > 1"), fr_select("y"));
    CHECK(fr_equal(steps, kept));
    fr_auto(frame) two = fr_read_csv_files(((const char *[]){ in(&f, "a.csv"), in(&f, "none.csv"), NULL }), .max_rows = 2);
    CHECK_INT(fr_length(two), 2);                         /* what is behind the last row is not opened */
    fr_auto(frame) three = fr_read_csv(in(&f, "*.csv"), .max_rows = 3);
    fr_auto(frame) first = fr_pipe(want, fr_head(3));
    CHECK(fr_equal(three, first));
    fr_auto(frame) list = fr_read_csv_files(((const char *[]){ f.names[0], in(&f, "a.*"), NULL }));
    CHECK_INT(fr_get(list, 0, "x").as.i, 3);              /* a list stays in its order */
    CHECK_INT(fr_length(list), 3);
}

TEST(a_scan_of_several_files_gives_the_rows_and_columns_that_are_asked_for)
{
    FR_CLEANUP(drop_folder) folder f = new_folder();
    put(&f, "a.csv", "x,y,z\n1,a,1.5\n2,b,2.5\n");
    put(&f, "b.csv", "x,y,z\n3,c,3.5\n4,d,4.5\n");
    fr_auto(frame) whole = fr_read_csv(in(&f, "*.csv"));
    static const int64_t rows[] = { 0, 1, 3, 4, 9 };
    for (size_t k = 0; k < FR_COUNT_OF(rows); k++) {
        fr_auto(frame) scan = fr_scan_csv(in(&f, "*.csv"));
        fr_auto(frame) part = fr_pipe(scan, fr_head(rows[k]), fr_select("z, x"));
        fr_auto(frame) same = fr_pipe(whole, fr_head(rows[k]), fr_select("z, x"));
        CHECK(fr_ok(same) && fr_equal(part, same));
    }
}

TEST(patterns)
{
    static const struct { const char *pattern, *first; int n; } cases[] = {
        { "*", "a1.csv", 3 }, { "a?.csv", "a1.csv", 2 }, { "*[!1].csv", "a2.csv", 2 }, { "a[0-9].csv", "a1.csv", 2 },
        { "?.csv", "\xc3\xa9.csv", 1 }, { "*a*1*", "a1.csv", 1 }, { "a[1.csv", NULL, 0 }, { "*b", NULL, 0 },
        { "[a-]2.csv", "a2.csv", 1 }, { "a*2.csv*", "a2.csv", 1 }, { "nowhere/*.csv", NULL, 0 }, { "a1.csv/*", NULL, 0 },
    };
    FR_CLEANUP(drop_folder) folder f = new_folder();
    put(&f, "a1.csv", "x\n1\n");
    put(&f, "a2.csv", "x\n2\n");
    put(&f, "\xc3\xa9.csv", "x\n3\n");
    put(&f, "a[2].csv", "x\n4\n");
    fr_auto(frame) literal = fr_read_csv(in(&f, "a[2].csv"));            /* a file of exactly this name */
    CHECK_INT(fr_get(literal, 0, "x").as.i, 4);
    unlink(in(&f, "a[2].csv"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fr_call call;
        fr_call_begin(&call, NULL, NULL, 0);
        fr_arena arena;
        fr_arena_init(&arena, call.context);
        fr_paths paths = { 0 };
        const bool found = fr_paths_add(&call, &arena, in(&f, cases[i].pattern), &paths);
        CHECK_INT(found, cases[i].n > 0);
        CHECK_INT(paths.n, cases[i].n);
        if (found && cases[i].n) CHECK_STR(strrchr(paths.items[0], '/') + 1, cases[i].first);
        fr_arena_clear(&arena);
        fr_call_end(&call);
    }
}

TEST(folders_in_a_pattern)
{
    FR_CLEANUP(drop_folder) folder f = new_folder();
    mkdir(in(&f, "2024"), 0700);
    mkdir(in(&f, "2023"), 0700);
    put(&f, "2024/x.csv", "x\n3\n");
    put(&f, "2023/x2.csv", "x\n2\n");
    put(&f, "2023/x1.csv", "x\n1\n");
    fr_auto(frame) read = fr_read_csv(in(&f, "20*/x*.csv"));
    fr_auto(frame) want = fr_read_csv_bytes("x\n1\n2\n3\n", 8);
    CHECK(fr_equal(read, want));
    for (int i = 0; i < f.n; i++) unlink(f.names[i]);
    rmdir(in(&f, "2024"));
    rmdir(in(&f, "2023"));
}

TEST(types_are_those_of_all_files)
{
    FR_CLEANUP(drop_folder) folder f = new_folder();
    put(&f, "1.csv", "n,code,when,none,flag\n1,1.50,2024-01-01,,true\n");
    put(&f, "2.csv", "n,code,when,none,flag\n2.5,007,2024-01-02 10:30:00,7,false\n");
    put(&f, "3.csv", "n,code,when,none,flag\n,A1,,,7\n");
    fr_auto(frame) read = fr_read_csv(in(&f, "?.csv"));
    static const char all[] = "n,code,when,none,flag\n1,1.50,2024-01-01,,true\n2.5,007,2024-01-02 10:30:00,7,false\n,A1,,,7\n";
    fr_auto(frame) one = fr_read_csv_bytes(all, sizeof all - 1);
    CHECK(fr_ok(read));
    CHECK(fr_equal(read, one));                           /* as if they were one file */
}

TEST(files_of_other_columns_are_named)
{
    FR_CLEANUP(drop_folder) folder f = new_folder();
    put(&f, "a.csv", "x,y\n1,2\n");
    put(&f, "b.csv", "x,z\n1,2\n");
    put(&f, "c.csv", "x,y,z\n1,2,3\n");
    fr_auto(frame) other = fr_read_csv(in(&f, "[ab].csv"));
    char want[500];
    snprintf(want, sizeof want, "column 'y' is in %s/a.csv, but not in %s/b.csv", f.path, f.path);
    CHECK_STR(fr_error(other)->message, want);
    CHECK(strstr(fr_error(other)->path, "b.csv") != NULL);
    fr_auto(frame) more = fr_read_csv(in(&f, "[ac].csv"));
    snprintf(want, sizeof want, "column 'z' is in %s/c.csv, but not in %s/a.csv", f.path, f.path);
    CHECK_STR(fr_error(more)->message, want);
    fr_auto(frame) shared = fr_read_csv(in(&f, "*.csv"), .columns = "x");
    CHECK_INT(fr_length(shared), 3);
    fr_auto(frame) none = fr_read_csv(in(&f, "*.parquet"));
    CHECK_INT(fr_error_code(none), FR_ERR_IO);
    CHECK_STR(fr_error(none)->message, "no file matches the pattern");
    fr_auto(frame) empty = fr_read_csv_files(NULL);
    CHECK_INT(fr_error_code(empty), FR_ERR_ARGUMENT);
    fr_auto(frame) sniffed = fr_sniff_csv(in(&f, "*.csv"));
    CHECK_STR(fr_error(sniffed)->message, "the pattern names 3 files; one is sniffed at a time");
}

static const char *text_of(const fr_frame *rejects, int64_t row, const char *column)
{
    static _Thread_local char text[600];
    const fr_value cell = fr_get(rejects, row, column);
    (void)snprintf(text, sizeof text, "%.*s", cell.valid ? (int)cell.length : 4, cell.valid ? cell.as.s : "none");
    return text;
}

/* "a.csv:3" */
static const char *place_of(const fr_frame *rejects, int64_t row)
{
    static _Thread_local char text[700];
    const char *file = text_of(rejects, row, "file"), *slash = strrchr(file, '/');
    const fr_value line = fr_get(rejects, row, "line");
    (void)snprintf(text, sizeof text, "%s:%lld", slash ? slash + 1 : file, line.valid ? (long long)line.as.i : -1);
    return text;
}

TEST(rejects_of_several_files_say_theirs)
{
    FR_CLEANUP(drop_folder) folder f = new_folder();
    put(&f, "a.csv", "x,y\n1,2\n");
    put(&f, "b.csv", "x,y\n1,2\n3\n");
    fr_auto(frame) read = fr_read_csv(in(&f, "*.csv"), .on_bad = FR_ON_BAD_COLLECT);
    fr_auto(frame) rejects = fr_rejects(read);
    CHECK_INT(fr_length(read), 2);
    CHECK_INT(fr_length(rejects), 1);
    CHECK_STR(text_of(rejects, 0, "reason"), "the record has 1 field, expected 2");
    CHECK_STR(place_of(rejects, 0), "b.csv:3");
    fr_auto(frame) failed = fr_read_csv(in(&f, "*.csv"));
    CHECK(strstr(fr_error(failed)->path, "b.csv") != NULL);
    CHECK_INT(fr_error(failed)->line, 3);
}

TEST(rows_of_several_files_that_a_step_puts_aside_have_their_file_and_line)
{
    FR_CLEANUP(drop_folder) folder f = new_folder();
    put(&f, "a.csv", "x,y\n1,2\ntwo,2\n");
    put(&f, "b.csv", "x,y\n\n1,2\nthree,1\n2,2\n");
    fr_auto(frame) read = fr_read_csv(in(&f, "*.csv"));
    fr_auto(frame) cast = fr_pipe(read, fr_filter("y > 0"), fr_cast("x: i64", .errors = FR_ERRORS_REJECT));
    fr_auto(frame) rejects = fr_rejects(cast);
    REQUIRE(fr_length(rejects) == 2);
    CHECK_STR(place_of(rejects, 0), "a.csv:3");
    CHECK_STR(place_of(rejects, 1), "b.csv:4");
    fr_auto(frame) failed = fr_pipe(read, fr_filter("y == 1"), fr_cast("x: i64"));
    REQUIRE(fr_error_code(failed) == FR_ERR_PARSE);
    CHECK(fr_error(failed)->path && strstr(fr_error(failed)->path, "b.csv"));
    CHECK_INT(fr_error(failed)->line, 4);
    fr_auto(frame) twice = fr_pipe(read, fr_join(read, "y", .validate = FR_JOIN_ONE_TO_MANY));
    REQUIRE(fr_error_code(twice) == FR_ERR_VALUE);
    CHECK(strstr(fr_error(twice)->message, "line 2 of ") && strstr(fr_error(twice)->message, "a.csv and line 3 of "));
}

TEST(rows_of_frames_below_each_other_have_their_file_and_line)
{
    FR_CLEANUP(drop_folder) folder f = new_folder();
    put(&f, "a.csv", "x\na\n1\n");
    put(&f, "b.csv", "x\n1\nb\n");
    static const char *const texts[] = { "c" };
    fr_auto(frame) a = fr_read_csv(in(&f, "a.csv"));
    fr_auto(frame) b = fr_read_csv(in(&f, "b.csv"));
    fr_auto(frame) none = fr_frame_new(1, fr_array("x", FR_STR, texts));
    fr_auto(frame) cast = fr_pipe(a, fr_concat(none), fr_concat(b), fr_cast("x: i64", .errors = FR_ERRORS_REJECT));
    fr_auto(frame) rejects = fr_rejects(cast);
    REQUIRE(fr_length(rejects) == 3);
    CHECK_STR(place_of(rejects, 0), "a.csv:2");
    CHECK_STR(place_of(rejects, 1), "none:-1");
    CHECK_STR(text_of(rejects, 1, "reason"), "does not fit i64 (row 2)");
    CHECK_STR(place_of(rejects, 2), "b.csv:3");
    fr_auto(frame) joined = fr_pipe(b, fr_cast("x: i64", .errors = FR_ERRORS_REJECT), fr_join(cast));
    fr_auto(frame) both = fr_rejects(joined);
    REQUIRE(fr_length(both) == 4);
    CHECK_STR(place_of(both, 0), "b.csv:3");
    CHECK_STR(place_of(both, 1), "a.csv:2");
}

static fr_outcome read_several(fr_context *context, void *state)
{
    fr_auto(frame) read = fr_read_csv(state, .context = context, .header = true);
    return fr_outcome_of(read);
}

static fr_outcome scan_several(fr_context *context, void *state)
{
    fr_auto(frame) scan = fr_scan_csv(state, .context = context, .header = true);
    return fr_outcome_of(scan);
}

TEST(reading_several_files_survives_every_failure)
{
    FR_CLEANUP(drop_folder) folder f = new_folder();
    put(&f, "a.csv", "x\n1\n");
    put(&f, "b.csv", "x\nu\n");
    TORTURE(read_several, (void *)(uintptr_t)in(&f, "*.csv"));
    TORTURE(scan_several, (void *)(uintptr_t)in(&f, "*.csv"));
}
