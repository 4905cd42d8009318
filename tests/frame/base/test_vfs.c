/* Reading files through a context. */
#include "base/vfs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/posix_vfs.h"
#include "base/problem.h"
#include "support/hook_vfs.h"
#include "support/memory_vfs.h"
#include "support/test.h"
#include "support/torture.h"

static const fr_error_info *info_of(fr_call *call)
{
    fr_problem *problem = atomic_load(&call->problem);
    return problem ? &problem->info : NULL;
}

static fr_context *memory_context(memory_vfs *disk, const char *text)
{
    memory_vfs_init(disk);
    memory_vfs_put(disk, "a.txt", text);
    return fr_context_new(.vfs = &disk->vfs);
}

TEST(reading_stops_at_the_end)
{
    static memory_vfs disk;
    fr_auto(context) context = memory_context(&disk, "0123456789");
    fr_call call;
    fr_file file;
    char bytes[20] = "";
    fr_call_begin(&call, context, NULL, 0);
    CHECK(fr_file_open(&call, "a.txt", &file));
    CHECK_INT(file.stat.size_bytes, 10);
    CHECK_INT(fr_file_pread(&call, &file, bytes, 4, 3), 4);
    CHECK_BYTES(bytes, "3456", 4);
    CHECK_INT(fr_file_pread(&call, &file, bytes, 20, 8), 2);
    CHECK_INT(fr_file_pread(&call, &file, bytes, 20, 10), 0);
    CHECK_INT(fr_file_read(&call, &file, bytes, 3), 3);
    CHECK_BYTES(bytes, "012", 3);
    CHECK_INT(fr_file_read(&call, &file, bytes, 20), 7);
    CHECK(fr_file_unchanged(&call, &file));
    disk.files[0].now.n = 5;
    CHECK(!fr_file_unchanged(&call, &file));
    CHECK_STR(info_of(&call)->message, "the file changed while it was read");
    fr_file_close(&file);
    fr_file_close(&file);
    fr_call_end(&call);
}

TEST(what_cannot_be_read_is_named)
{
    fr_call call;
    fr_file file;
    fr_call_begin(&call, NULL, NULL, 0);
    CHECK(!fr_file_open(&call, "/no/such/file.csv", &file));
    CHECK_INT(info_of(&call)->code, FR_ERR_IO);
    CHECK_INT(info_of(&call)->os_error, ENOENT);
    CHECK_STR(info_of(&call)->path, "/no/such/file.csv");
    CHECK(info_of(&call)->hint == NULL);
    fr_call_forgive(&call);
    CHECK(!fr_file_open(&call, fr_test_path("LICENCE"), &file));
    CHECK_STR(info_of(&call)->hint, "did you mean 'LICENSE'?");
    fr_call_forgive(&call);
    CHECK(!fr_file_open(&call, "", &file));
    CHECK_INT(info_of(&call)->os_error, ENOENT);
    fr_call_forgive(&call);
    CHECK(!fr_file_open(&call, "/tmp", &file));
    CHECK_STR(info_of(&call)->message, "opening failed: Is a directory");
    fr_file_close(&file);
    fr_call_end(&call);
}

TEST(addresses_and_unexpanded_homes_are_told_what_to_do)
{
    static const struct { const char *path, *hint; } cases[] = {
        { "https://example.org/a.csv", "libframe opens files, not addresses: download it first, for instance with curl -LO" },
        { "s3://bucket/a.csv", "libframe opens files, not addresses: download it first, for instance with curl -LO" },
        { "file:///tmp/a.csv", "a path is written without file://" },
        { "~/no-such-file.csv", "the shell expands ~, libframe does not: write the folder out" },
        { "://a.csv", NULL }, { "no such folder://a.csv", NULL },
    };
    for (size_t i = 0; i < FR_COUNT_OF(cases); i++) {
        fr_call call;
        fr_file file;
        fr_call_begin(&call, NULL, NULL, 0);
        CHECK(!fr_file_open(&call, cases[i].path, &file));
        CHECK_INT(info_of(&call)->os_error, ENOENT);
        const char *hint = info_of(&call)->hint;
        CHECK_STR(hint ? hint : "", cases[i].hint ? cases[i].hint : "");
        fr_call_end(&call);
    }
}

/* Every other operation is interrupted, reads and writes come one byte at a time. */
typedef struct trickle {
    int calls;
} trickle;

static int interrupt_every_other(void *state, const char *operation)
{
    (void)operation;
    trickle *t = state;
    return ++t->calls % 2 ? -EINTR : 0;
}

static int64_t one_byte(void *user, int handle, void *bytes, size_t n, int64_t offset)
{
    (void)user;
    return fr_posix_pread(NULL, handle, bytes, n < 1 ? n : 1, offset);
}

TEST(interrupted_and_short_reads_are_continued)
{
    trickle t = { 0 };
    hook_vfs hook;
    fr_vfs slow = fr_posix_vfs;
    slow.pread = one_byte;
    hook_vfs_init(&hook, &slow, interrupt_every_other, &t);
    fr_auto(context) context = fr_context_new(.vfs = &hook.vfs);
    fr_call call;
    fr_file file;
    char bytes[12] = "";
    fr_call_begin(&call, context, NULL, 0);
    REQUIRE(fr_file_open(&call, fr_test_path("LICENSE"), &file));
    CHECK_INT(fr_file_pread(&call, &file, bytes, 11, 0), 11);
    CHECK_STR(bytes, "MIT License");
    CHECK(fr_file_unchanged(&call, &file));
    fr_file_close(&file);
    fr_call_end(&call);
}

static int interrupt_always(void *state, const char *operation)
{
    (void)operation;
    fr_context_cancel(state);
    return -EINTR;
}

TEST(a_cancelled_read_ends_when_interrupted)
{
    hook_vfs hook;
    hook_vfs_init(&hook, &fr_posix_vfs, interrupt_always, NULL);
    fr_auto(context) context = fr_context_new(.vfs = &hook.vfs);
    ((hook_vfs *)&hook)->state = context;
    fr_call call;
    fr_file file;
    fr_call_begin(&call, context, NULL, 0);
    CHECK(!fr_file_open(&call, fr_test_path("LICENSE"), &file));
    CHECK_INT(info_of(&call)->code, FR_ERR_CANCELLED);
    fr_call_end(&call);
}

static int64_t later_each_time(void *times)
{
    return atomic_fetch_add((_Atomic(int64_t) *)times, 1);
}

/* Neither a deadline nor a signal that came too early wakes read(2). */
TEST(a_read_of_a_silent_pipe_ends_when_it_is_told_to)
{
    int ends[2];
    char path[40], bytes[8];
    REQUIRE(pipe(ends) == 0);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    for (int with_deadline = 0; with_deadline < 2; with_deadline++) {
        _Atomic(int64_t) times = 0;
        fr_auto(context) context = fr_context_new(.clock_ns = later_each_time, .clock_user = &times,
                                                  .deadline_ns = with_deadline ? 3 : 0);
        fr_call call;
        fr_file file;
        fr_call_begin(&call, context, NULL, 0);
        REQUIRE(fr_file_open(&call, path, &file));
        CHECK(!fr_context_cancelled(context));
        if (!with_deadline) fr_context_cancel(context);
        CHECK(fr_context_cancelled(context) == !with_deadline);
        CHECK_INT(fr_file_read(&call, &file, bytes, sizeof bytes), -1);
        CHECK_INT(info_of(&call)->code, FR_ERR_CANCELLED);
        fr_file_close(&file);
        fr_call_end(&call);
    }
    close(ends[0]);
    close(ends[1]);
}

TEST(slurping_obeys_its_limit)
{
    static memory_vfs disk;
    fr_auto(context) context = memory_context(&disk, "0123456789");
    fr_call call;
    char *text = NULL;
    size_t n = 0;
    fr_call_begin(&call, context, NULL, 0);
    CHECK(fr_file_slurp(&call, "a.txt", 10, &text, &n));
    CHECK_INT(n, 10);
    CHECK_STR(text, "0123456789");
    fr_free(context, text, n + 1);
    CHECK(!fr_file_slurp(&call, "a.txt", 9, &text, &n));
    CHECK_INT(info_of(&call)->code, FR_ERR_LIMIT);
    fr_call_forgive(&call);
    CHECK(!fr_file_slurp(&call, "b.txt", 9, &text, &n));
    CHECK_INT(info_of(&call)->os_error, ENOENT);
    fr_call_end(&call);
    CHECK_INT(fr_context_live_bytes(context), 0);
}

TEST(files_that_do_not_know_their_size_are_slurped_whole)
{
    fr_call call;
    char *text = NULL;
    size_t n = 0;
    fr_call_begin(&call, NULL, NULL, 0);
    CHECK(fr_file_slurp(&call, "/proc/self/smaps", SIZE_MAX, &text, &n));       /* says 0 bytes, has many thousands */
    CHECK(n > 4096 && strlen(text) == n);
    fr_free(call.context, text, n + 1);
    CHECK(!fr_file_slurp(&call, "/proc/self/smaps", 5000, &text, &n));
    CHECK_INT(info_of(&call)->code, FR_ERR_LIMIT);
    fr_call_end(&call);
}

/* ---- every failure ----------------------------------------------------------------------------------------------- */

static fr_outcome slurp_licence(fr_context *context, void *state)
{
    fr_call call;
    char *text = NULL;
    size_t n = 0;
    fr_call_begin(&call, context, NULL, 0);
    uint64_t digest = 0;
    if (fr_file_slurp(&call, state, 100000, &text, &n)) digest = fr_digest(0, text, n);
    fr_free(context, text, n + 1);
    return fr_outcome_of_call(&call, digest);
}

TEST(slurping_survives_every_failure)
{
    TORTURE(slurp_licence, (void *)(uintptr_t)fr_test_path("LICENSE"));
}

static fr_outcome write_then_read(fr_context *context, void *path)
{
    fr_call call;
    fr_writer writer;
    uint64_t digest = 0;
    char *text = NULL;
    size_t n = 0;
    fr_call_begin(&call, context, NULL, 0);
    bool done = fr_writer_open(&call, path, &writer) && fr_writer_write(&call, &writer, "some text", 9) &&
                fr_writer_commit(&call, &writer);
    if (!done) fr_writer_abort(&writer);
    else if (fr_file_slurp(&call, path, 100, &text, &n)) digest = fr_digest(0, text, n);
    fr_free(context, text, n + 1);
    return fr_outcome_of_call(&call, digest);
}

TEST(writing_survives_every_failure)
{
    char folder[] = "/tmp/frame-vfs-XXXXXX", path[100], command[200];
    if (!mkdtemp(folder)) SKIP("no folder for temporary files");
    snprintf(path, sizeof path, "%s/a.txt", folder);
    TORTURE(write_then_read, path);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    CHECK(system(command) == 0);
}
