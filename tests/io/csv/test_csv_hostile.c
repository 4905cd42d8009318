/* Files that change under the reader, and file systems that refuse: an error that names the file and says what happened, or
 * exactly what was there. */
#include <frame/frame.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/posix_vfs.h"
#include "support/hook_vfs.h"
#include "support/test.h"

static const char *path_of(const char *ending)
{
    static char paths[4][200];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "/tmp/frame-test-hostile-%d%s", (int)getpid(), ending);
    return path;
}

static const char *error_of(const fr_frame *frame)
{
    static char text[1000];
    fr_error_text(frame, text, sizeof text);
    return text;
}

/* Of yesterday, so that any change to it has another time. */
static void write_table(const char *path, int rows)
{
    FILE *out = fopen(path, "wb");
    if (!out) return;
    fprintf(out, "id,text\n");
    for (int i = 0; i < rows; i++) fprintf(out, "%d,row %d\n", i, i % 13);
    fclose(out);
    const struct timespec times[2] = { { .tv_sec = 1700000000 }, { .tv_sec = 1700000000 } };
    utimensat(AT_FDCWD, path, times, 0);
}

/* ---- files that change --------------------------------------------------------------------------------------------- */
typedef enum change { GROWS, SHRINKS, IS_WRITTEN_OVER, IS_REPLACED, N_CHANGES } change;
typedef struct changing { const char *path; change how; int reads, at; } changing;

static void change_file(const changing *c)
{
    char other[300];
    FILE *out;
    switch (c->how) {
        case GROWS:
            out = fopen(c->path, "ab");
            if (out) fputs("9,more\n", out), fclose(out);
            break;
        case SHRINKS: CHECK_INT(truncate(c->path, 100), 0); break;
        case IS_WRITTEN_OVER:
            out = fopen(c->path, "r+b");
            if (out) fputs("ID,TEXT\n", out), fclose(out);
            break;
        default:
            snprintf(other, sizeof other, "%s.new", c->path);
            write_table(other, 3);
            CHECK_INT(rename(other, c->path), 0);
    }
}

static int before_read(void *state, const char *operation)
{
    changing *c = state;
    if (!strcmp(operation, "pread") && c->reads++ == c->at) change_file(c);
    return 0;
}

static fr_frame *read_while_it_changes(changing *c)
{
    hook_vfs hook;
    hook_vfs_init(&hook, &fr_posix_vfs, before_read, c);
    fr_auto(context) context = fr_context_new(.vfs = &hook.vfs, .threads = 1, .chunk_bytes = 1024);
    c->reads = 0;
    write_table(c->path, 3000);
    return fr_read_csv(c->path, .context = context);
}

/* Whoever opened the file goes on reading what was there when it is replaced; anything else is told. */
TEST(a_file_that_changes_while_it_is_read_is_an_error)
{
    const char *path = path_of(".csv");
    write_table(path, 3000);
    fr_auto(frame) whole = fr_read_csv(path);
    changing c = { .path = path, .at = -1 };
    fr_auto(frame) unchanged = read_while_it_changes(&c);
    CHECK(fr_equal(unchanged, whole));
    const int reads = c.reads;
    CHECK(reads > 20);
    for (c.how = 0; c.how < N_CHANGES; c.how++)
        for (c.at = 0; c.at < reads; c.at += 1 + c.at / 3) {
            fr_auto(frame) f = read_while_it_changes(&c);
            if (c.how == IS_REPLACED) {
                CHECK(fr_equal(f, whole));
                continue;
            }
            CHECK(!fr_ok(f));
            if (fr_error_code(f) == FR_ERR_IO) CHECK(strstr(error_of(f), "the file changed while it was read") != NULL);
            CHECK_STR(fr_error(f)->path, path);
        }
    unlink(path);
}

TEST(a_scan_of_a_file_that_changed_is_an_error)
{
    const char *path = path_of(".csv");
    for (change how = 0; how < N_CHANGES; how++) {
        write_table(path, 100);
        fr_auto(frame) scan = fr_scan_csv(path);
        REQUIRE(fr_ok(scan));
        change_file(&(changing){ .path = path, .how = how });
        fr_auto(frame) f = fr_pipe(scan, fr_filter("id < 50"));
        CHECK_INT(fr_error_code(f), FR_ERR_IO);
        CHECK(strstr(error_of(f), "the file changed since the scan was made (make the scan again)") != NULL);
    }
    unlink(path);
}

/* ---- file systems that refuse ----------------------------------------------------------------------------------------- */
typedef struct refusal { const char *operation; int error, after; } refusal;

static int refuse(void *state, const char *operation)
{
    refusal *r = state;
    return !strcmp(operation, r->operation) && r->after-- <= 0 ? -r->error : 0;
}

/* Without their size no option would count: a separator, a header that is none. */
TEST(options_without_their_size_are_refused)
{
    const char *path = path_of(".csv");
    write_table(path, 3);
    fr_csv_args args = { .sep = ";", .no_header = true };
    fr_auto(frame) read = fr_csv_read(path, &args);
    CHECK_STR(fr_ok(read) ? "read" : fr_error(read)->message, "the options say they have 0 bytes; start from fr_csv_args_init");
    fr_set(read, fr_csv_scan(path, &args));
    CHECK_INT(fr_error_code(read), FR_ERR_ARGUMENT);
    fr_set(read, fr_csv_sniff(path, &args));
    CHECK_INT(fr_error_code(read), FR_ERR_ARGUMENT);
    fr_set(read, fr_csv_read(path, NULL));
    fr_csv_write_args out = { .sep = ";" };
    fr_auto(frame) written = fr_csv_write(read, path, &out);
    CHECK_STR(fr_ok(written) ? "written" : fr_error(written)->message,
              "the options say they have 0 bytes; start from fr_csv_write_args_init");
}

TEST(what_cannot_be_opened_is_named)
{
    const char *path = path_of(".csv");
    write_table(path, 3);
    fr_auto(frame) folder = fr_read_csv("/tmp");
    CHECK_INT(fr_error_code(folder), FR_ERR_IO);
    CHECK(strstr(error_of(folder), "/tmp: read_csv: opening failed: Is a directory") != NULL);
    fr_auto(frame) none = fr_read_csv(NULL);
    CHECK_STR(fr_error(none)->message, "no paths to read");
    fr_set(none, fr_read_csv(""));
    CHECK_STR(fr_error(none)->hint, "the path is empty");
    fr_set(none, fr_sniff_csv(NULL));
    CHECK_STR(fr_error(none)->message, "the path is NULL");
    fr_auto(frame) table = fr_read_csv(path);
    fr_set(none, fr_write_csv(table, ""));
    CHECK_STR(fr_error(none)->hint, "the path is empty");
    refusal no = { .operation = "open", .error = EACCES };
    hook_vfs hook;
    hook_vfs_init(&hook, &fr_posix_vfs, refuse, &no);
    fr_auto(context) context = fr_context_new(.vfs = &hook.vfs);
    fr_auto(frame) f = fr_read_csv(path, .context = context);
    CHECK_INT(fr_error_code(f), FR_ERR_IO);
    CHECK_INT(fr_error(f)->os_error, EACCES);
    CHECK(strstr(error_of(f), "opening failed: Permission denied") != NULL);
    unlink(path);
}

static bool holds(const char *path, const char *expected)
{
    char text[100] = "";
    FILE *in = fopen(path, "rb");
    if (!in) return false;
    size_t n = fread(text, 1, sizeof text - 1, in);
    fclose(in);
    return n == strlen(expected) && !strcmp(text, expected);
}

static void put(const char *path, const char *text)
{
    FILE *out = fopen(path, "wb");
    if (!out) return;
    fputs(text, out);
    fclose(out);
}

/* The disk is full at the first write, the second, … : the old file stays. */
TEST(a_full_disk_leaves_the_old_file)
{
    const char *from = path_of(".csv");
    write_table(from, 40000);
    fr_auto(frame) table = fr_read_csv(from);
    for (int gzip = 0; gzip < 2; gzip++)
        for (int after = 0; after < 2; after++) {
            const char *path = path_of(gzip ? ".out.csv.gz" : ".out.csv");
            put(path, "old\n");
            refusal full = { .operation = "write", .error = ENOSPC, .after = after };
            hook_vfs hook;
            hook_vfs_init(&hook, &fr_posix_vfs, refuse, &full);
            fr_auto(context) context = fr_context_new(.vfs = &hook.vfs);
            fr_auto(frame) homed = fr_with_context(table, context);
            fr_auto(frame) done = fr_write_csv(homed, path);
            if (after && fr_ok(done)) {
                CHECK_INT(full.after, 0);              /* one write was enough */
            } else {
                CHECK_INT(fr_error_code(done), FR_ERR_IO);
                CHECK_INT(fr_error(done)->os_error, ENOSPC);
                CHECK_STR(fr_error(done)->path, path);
                CHECK(holds(path, "old\n"));
            }
            unlink(path);
        }
    unlink(from);
}
