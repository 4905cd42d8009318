/* Writing a file: the target is the old or the complete new file, whatever fails and whenever the process or the power
 * goes. */
#include "base/vfs.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/context_state.h"
#include "base/memory.h"
#include "base/posix_vfs.h"
#include "support/hook_vfs.h"
#include "support/memory_vfs.h"
#include "support/test.h"
#include "support/torture.h"

#define OLD_TEXT "old contents\n"
#define NEW_TEXT "new contents, longer than the old\n"

static void remove_folder(char *folder)
{
    char command[4200];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0) CHECK(false);
}
#define FOLDER(name) \
    char name[] = "/tmp/frame-writer-XXXXXX"; \
    if (!mkdtemp(name)) SKIP("no folder for temporary files")

static const char *in(const char *folder, const char *name)
{
    static char paths[4][4300];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static void put(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    if (f) fputs(text, f), fclose(f);
}

/* The text of a file, or "(none)". */
static const char *get(const char *path)
{
    static char text[4096];
    FILE *f = fopen(path, "r");
    if (!f) return "(none)";
    text[fread(text, 1, sizeof text - 1, f)] = 0;
    fclose(f);
    return text;
}

static int files_in(const char *folder)
{
    char command[4300];
    int count = -1;
    snprintf(command, sizeof command, "ls -A '%s' | wc -l", folder);
    FILE *f = popen(command, "r");
    if (f && fscanf(f, "%d", &count) != 1) count = -1;
    if (f) pclose(f);
    return count;
}

/* Write text to path in three pieces; → the error, FR_ERR_OK when committed. */
static fr_code write_text(const fr_context *context, const char *path, const char *text)
{
    fr_call call;
    fr_writer writer;
    size_t n = strlen(text);
    fr_call_begin(&call, context, __FILE__, __LINE__);
    bool done = fr_writer_open(&call, path, &writer) && fr_writer_write(&call, &writer, text, n / 2) &&
                fr_writer_write(&call, &writer, text + n / 2, n - n / 2) && fr_writer_commit(&call, &writer);
    if (!done) fr_writer_abort(&writer);
    fr_problem *problem = fr_call_take_problem(&call);
    fr_code code = problem ? ((fr_error_info *)problem)->code : FR_ERR_OK;
    CHECK(done == !problem);
    if (problem) fr_fail_with(&call, problem);
    fr_call_end(&call);
    return code;
}

TEST(a_new_file_appears_whole)
{
    FOLDER(folder);
    CHECK_INT(write_text(NULL, in(folder, "a.csv"), NEW_TEXT), FR_ERR_OK);
    CHECK_STR(get(in(folder, "a.csv")), NEW_TEXT);
    CHECK_INT(files_in(folder), 1);
    remove_folder(folder);
}

TEST(an_aborted_writer_leaves_the_old_file_alone)
{
    FOLDER(folder);
    put(in(folder, "a.csv"), OLD_TEXT);
    fr_call call;
    fr_writer writer;
    fr_call_begin(&call, NULL, NULL, 0);
    CHECK(fr_writer_open(&call, in(folder, "a.csv"), &writer));
    CHECK(fr_writer_write(&call, &writer, "half", 4));
    CHECK_INT(files_in(folder), 2);
    fr_writer_abort(&writer);
    fr_writer_abort(&writer);
    CHECK(!fr_writer_write(&call, &writer, "more", 4));
    fr_call_end(&call);
    CHECK_STR(get(in(folder, "a.csv")), OLD_TEXT);
    CHECK_INT(files_in(folder), 1);
    remove_folder(folder);
}

TEST(the_mode_of_the_old_file_is_kept_and_new_files_follow_the_umask)
{
    FOLDER(folder);
    struct stat found;
    mode_t before = umask(027);
    CHECK_INT(write_text(NULL, in(folder, "new"), NEW_TEXT), FR_ERR_OK);
    CHECK(stat(in(folder, "new"), &found) == 0);
    CHECK_INT(found.st_mode & 07777, 0640);

    put(in(folder, "old"), OLD_TEXT);
    chmod(in(folder, "old"), 0666);
    CHECK_INT(write_text(NULL, in(folder, "old"), NEW_TEXT), FR_ERR_OK);
    CHECK(stat(in(folder, "old"), &found) == 0);
    CHECK_INT(found.st_mode & 07777, 0666);
    umask(before);

    chmod(in(folder, "old"), 0444);
    CHECK_INT(write_text(NULL, in(folder, "old"), OLD_TEXT), FR_ERR_IO);
    CHECK_STR(get(in(folder, "old")), NEW_TEXT);
    remove_folder(folder);
}

TEST(a_link_stays_a_link)
{
    FOLDER(folder);
    struct stat found;
    mkdir(in(folder, "store"), 0755);
    put(in(folder, "store/real.csv"), OLD_TEXT);
    CHECK(symlink("store/real.csv", in(folder, "one")) == 0);
    CHECK(symlink("one", in(folder, "two")) == 0);
    CHECK_INT(write_text(NULL, in(folder, "two"), NEW_TEXT), FR_ERR_OK);
    CHECK(lstat(in(folder, "one"), &found) == 0 && S_ISLNK(found.st_mode));
    CHECK(lstat(in(folder, "two"), &found) == 0 && S_ISLNK(found.st_mode));
    CHECK_STR(get(in(folder, "store/real.csv")), NEW_TEXT);

    CHECK(symlink("store/not-yet", in(folder, "dangling")) == 0);
    CHECK_INT(write_text(NULL, in(folder, "dangling"), NEW_TEXT), FR_ERR_OK);
    CHECK_STR(get(in(folder, "store/not-yet")), NEW_TEXT);

    CHECK(symlink("loop", in(folder, "loop")) == 0);
    CHECK_INT(write_text(NULL, in(folder, "loop"), NEW_TEXT), FR_ERR_IO);
    remove_folder(folder);
}

TEST(pipes_and_devices_are_streamed)
{
    FOLDER(folder);
    const char *path = in(folder, "pipe");
    CHECK(mkfifo(path, 0600) == 0);
    int reader = open(path, O_RDONLY | O_NONBLOCK);
    CHECK_INT(write_text(NULL, path, NEW_TEXT), FR_ERR_OK);
    char text[100] = "";
    CHECK_INT(read(reader, text, sizeof text - 1), sizeof NEW_TEXT - 1);
    CHECK_STR(text, NEW_TEXT);
    close(reader);
    CHECK_INT(write_text(NULL, "/dev/null", NEW_TEXT), FR_ERR_OK);
    if (access("/dev/full", W_OK) == 0) CHECK_INT(write_text(NULL, "/dev/full", NEW_TEXT), FR_ERR_IO);
    CHECK_INT(write_text(NULL, folder, NEW_TEXT), FR_ERR_IO);
    CHECK_INT(write_text(NULL, in(folder, "none/a.csv"), NEW_TEXT), FR_ERR_IO);
    CHECK_INT(write_text(NULL, "", NEW_TEXT), FR_ERR_IO);
    remove_folder(folder);
}

/* Bytes that follow from their position, so a misplaced block shows. */
TEST(large_writes_and_small_ones_arrive_in_order)
{
    FOLDER(folder);
    enum { TOTAL = 3000000 };
    char *expected = malloc(TOTAL), *actual = malloc(TOTAL);
    REQUIRE(expected && actual);
    for (int i = 0; i < TOTAL; i++) expected[i] = (char)(i * 7 + i / 251);

    fr_call call;
    fr_writer writer;
    fr_call_begin(&call, NULL, NULL, 0);
    CHECK(fr_writer_open(&call, in(folder, "big"), &writer));
    static const size_t pieces[] = { 1, 0, 70000, 262143, 1, 262144, 262145, 600000, 5 };
    size_t at = 0;
    for (size_t i = 0; at < TOTAL; i++) {
        size_t n = pieces[i % FR_COUNT_OF(pieces)];
        if (n > TOTAL - at) n = TOTAL - at;
        CHECK(fr_writer_write(&call, &writer, expected + at, n));
        at += n;
    }
    CHECK_INT(writer.written, TOTAL);
    CHECK(fr_writer_commit(&call, &writer));
    fr_call_end(&call);

    FILE *f = fopen(in(folder, "big"), "r");
    CHECK(f && fread(actual, 1, TOTAL, f) == TOTAL);
    if (f) fclose(f);
    CHECK_BYTES(actual, expected, TOTAL);
    free(expected);
    free(actual);
    remove_folder(folder);
}

TEST(long_names_get_a_temporary_that_fits)
{
    FOLDER(folder);
    char name[256];
    memset(name, 'x', 255);
    name[255] = 0;
    CHECK_INT(write_text(NULL, in(folder, name), NEW_TEXT), FR_ERR_OK);
    CHECK_STR(get(in(folder, name)), NEW_TEXT);
    remove_folder(folder);
}

static void *write_often(void *path)
{
    for (int i = 0; i < 50; i++) CHECK_INT(write_text(NULL, path, i % 2 ? OLD_TEXT : NEW_TEXT), FR_ERR_OK);
    return NULL;
}

TEST(several_writers_of_one_file_do_not_mix)
{
    FOLDER(folder);
    pthread_t threads[3];
    char *path = (char *)(uintptr_t)in(folder, "a.csv");
    put(path, OLD_TEXT);
    for (int i = 0; i < 3; i++) REQUIRE(pthread_create(&threads[i], NULL, write_often, path) == 0);
    for (int i = 0; i < 200; i++) {
        const char *text = get(path);
        CHECK(strcmp(text, OLD_TEXT) == 0 || strcmp(text, NEW_TEXT) == 0);
    }
    for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
    CHECK_INT(files_in(folder), 1);
    remove_folder(folder);
}

TEST(running_out_of_handles_is_an_error)
{
    const char *preloaded = getenv("LD_PRELOAD");
    if (preloaded && strstr(preloaded, "vgpreload")) SKIP("valgrind creates the file before it refuses the handle");
    FOLDER(folder);
    struct rlimit before, few;
    REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
    few = (struct rlimit){ 8, before.rlim_max };
    int held[16], n = 0;
    setrlimit(RLIMIT_NOFILE, &few);
    while (n < 16 && (held[n] = open("/dev/null", O_RDONLY)) >= 0) n++;
    CHECK_INT(write_text(NULL, in(folder, "a.csv"), NEW_TEXT), FR_ERR_IO);
    while (n > 0) close(held[--n]);
    setrlimit(RLIMIT_NOFILE, &before);
    CHECK_INT(files_in(folder), 0);
    remove_folder(folder);
}

/* ---- left-over temporaries --------------------------------------------------------------------------------------- */

static int64_t far_future_ns(void *user)
{
    (void)user;
    return INT64_C(4000000000) * 1000000000;
}

TEST(old_temporaries_of_dead_processes_are_swept)
{
    FOLDER(folder);
    enum { NOBODY = 1 << 22 };                          /* Linux numbers processes below it */
    char dead[100], alive[100], other[100];
    snprintf(dead, sizeof dead, ".a.csv.fr-tmp.%d-abcdef", NOBODY);
    snprintf(other, sizeof other, ".b.csv.fr-tmp.%d-abcdef", NOBODY);
    snprintf(alive, sizeof alive, ".a.csv.fr-tmp.%d-abcdef", (int)getpid());
    put(in(folder, dead), "x");
    put(in(folder, other), "x");
    put(in(folder, alive), "x");

    CHECK_INT(write_text(NULL, in(folder, "a.csv"), NEW_TEXT), FR_ERR_OK);
    CHECK_INT(files_in(folder), 4);                     /* too young: the folder may be shared with another machine */

    fr_auto(context) later = fr_context_new(.clock_ns = far_future_ns);
    CHECK_INT(write_text(later, in(folder, "a.csv"), NEW_TEXT), FR_ERR_OK);
    CHECK_INT(files_in(folder), 3);
    CHECK_STR(get(in(folder, dead)), "(none)");
    CHECK_STR(get(in(folder, alive)), "x");
    CHECK_STR(get(in(folder, other)), "x");
    remove_folder(folder);
}

/* ---- the process dies -------------------------------------------------------------------------------------------- */

typedef struct countdown {
    int left;
} countdown;

static int die_at_zero(void *state, const char *operation)
{
    (void)operation;
    countdown *c = state;
    if (c->left-- == 0) _exit(9);
    return 0;
}

/* In a child: write with a kill before the n-th file operation. → true when it died. */
static bool dies_at(const char *path, int n)
{
    pid_t child = fork();
    if (child == 0) {
        countdown c = { n };
        hook_vfs hook;
        hook_vfs_init(&hook, &fr_posix_vfs, die_at_zero, &c);
        fr_context *context = fr_context_new(.vfs = &hook.vfs);
        _exit(write_text(context, path, NEW_TEXT) == FR_ERR_OK ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(WIFEXITED(status) && (WEXITSTATUS(status) == 9 || WEXITSTATUS(status) == 0));
    return WEXITSTATUS(status) == 9;
}

TEST(a_writer_killed_anywhere_leaves_old_or_new)
{
    FOLDER(folder);
    fr_auto(context) later = fr_context_new(.clock_ns = far_future_ns);
    int n = 0, seen_old = 0, seen_new = 0, seen_temporary = 0;
    for (bool died = true; died && n < 100; n++) {
        char place[50];
        snprintf(place, sizeof place, "%s/%d", folder, n);
        mkdir(place, 0755);
        const char *path = in(place, "a.csv");
        put(path, OLD_TEXT);
        died = dies_at(path, n);
        const char *text = get(path);
        bool is_old = strcmp(text, OLD_TEXT) == 0, is_new = strcmp(text, NEW_TEXT) == 0;
        CHECK(is_old || is_new);
        CHECK(died || is_new);
        seen_old += is_old;
        seen_new += is_new;
        seen_temporary += files_in(place) == 2;
        CHECK_INT(write_text(later, path, NEW_TEXT), FR_ERR_OK);
        CHECK_INT(files_in(place), 1);                  /* the next run swept what the dead left behind */
    }
    CHECK_INT(n, 13);          /* link, stat, list, create, write, mode, sync, close, rename; then the folder's three */
    CHECK_INT(seen_old, 9);
    CHECK_INT(seen_new, 4);
    CHECK_INT(seen_temporary, 5);
    remove_folder(folder);
}

/* ---- an operation fails ------------------------------------------------------------------------------------------ */

typedef struct refusal {
    int at, error, seen;
} refusal;

static int refuse(void *state, const char *operation)
{
    (void)operation;
    refusal *r = state;
    return r->seen++ == r->at ? -r->error : 0;
}

TEST(an_operation_that_fails_gives_old_with_an_error_or_new)
{
    static const int errors[] = { EIO, ENOSPC, EDQUOT, EINTR };
    FOLDER(folder);
    const char *path = in(folder, "a.csv");
    for (size_t e = 0; e < FR_COUNT_OF(errors); e++) {
        refusal r = { 0, errors[e], 0 };
        for (bool reached = true; reached && r.at < 100; r.at++) {
            put(path, OLD_TEXT);
            r.seen = 0;
            hook_vfs hook;
            hook_vfs_init(&hook, &fr_posix_vfs, refuse, &r);
            fr_auto(context) context = fr_context_new(.vfs = &hook.vfs);
            fr_code code = write_text(context, path, NEW_TEXT);
            reached = r.seen > r.at;
            const char *text = get(path);
            CHECK(strcmp(text, NEW_TEXT) == 0 || (code == FR_ERR_IO && strcmp(text, OLD_TEXT) == 0));
            if (code == FR_ERR_OK) CHECK_STR(text, NEW_TEXT);
            if (errors[e] == EINTR) CHECK_INT(code, FR_ERR_OK);
            CHECK_INT(fr_context_live_bytes(context), 0);
        }
        CHECK(r.at > 8);
    }
    remove_folder(folder);
}

/* ---- the power goes ---------------------------------------------------------------------------------------------- */

typedef struct power {
    memory_vfs *disk;
    bool        had_old, committed;
    int         images, bad, old, new;
} power;

static void judge_image(void *state, const char *bytes, size_t n)
{
    power *p = state;
    bool is_new = bytes && n == sizeof NEW_TEXT - 1 && memcmp(bytes, NEW_TEXT, n) == 0;
    bool is_old = p->had_old ? bytes && n == sizeof OLD_TEXT - 1 && memcmp(bytes, OLD_TEXT, n) == 0 : !bytes;
    p->images++;
    p->old += is_old;
    p->new += is_new;
    p->bad += p->committed ? !is_new : !is_old && !is_new;
}

static int cut_power(void *state, const char *operation)
{
    (void)operation;
    power *p = state;
    memory_vfs_images(p->disk, "a.csv", judge_image, p);
    return 0;
}

static power write_with_power_cuts(bool had_old, bool lies_about_files, bool lies_about_folder)
{
    static memory_vfs disk;
    memory_vfs_init(&disk);
    if (had_old) memory_vfs_put(&disk, "a.csv", OLD_TEXT);
    disk.lies_about_files = lies_about_files;
    disk.lies_about_folder = lies_about_folder;
    power p = { .disk = &disk, .had_old = had_old };
    hook_vfs hook;
    hook_vfs_init(&hook, &disk.vfs, cut_power, &p);
    fr_auto(context) context = fr_context_new(.vfs = &hook.vfs);
    CHECK_INT(write_text(context, "folder/a.csv", NEW_TEXT), FR_ERR_OK);
    p.committed = true;
    cut_power(&p, "after");
    CHECK_STR(memory_vfs_text(&disk, "a.csv"), NEW_TEXT);
    return p;
}

TEST(a_power_cut_anywhere_leaves_old_or_new_and_after_commit_new)
{
    for (int had_old = 0; had_old < 2; had_old++) {
        power p = write_with_power_cuts(had_old, false, false);
        CHECK_INT(p.bad, 0);
        CHECK(p.images > 10 && p.old > 5 && p.new > 0);
    }
}

TEST(the_power_test_would_notice_a_missing_fsync)
{
    CHECK(write_with_power_cuts(true, true, false).bad > 0);
    CHECK(write_with_power_cuts(true, false, true).bad > 0);
}

/* ---- the disk starts early ---------------------------------------------------------------------------------------- */
static int64_t told[8], n_told;

static void tell(void *user, int handle, int64_t offset, int64_t n)
{
    (void)user, (void)handle;
    CHECK_INT(offset, n_told ? told[n_told - 1] : 0);
    if (n_told < 8) told[n_told++] = offset + n;
}

static bool write_pieces(const char *path, bool flush)
{
    fr_vfs vfs = fr_posix_vfs;
    vfs.flush = flush ? tell : NULL;
    fr_auto(context) context = fr_context_new(.vfs = &vfs);
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    fr_writer writer;
    char *piece = calloc(1, 5 << 20);
    bool fine = piece && fr_writer_open(&call, path, &writer);
    for (int i = 0; i < 8 && fine; i++) fine = fr_writer_write(&call, &writer, piece, 5 << 20);
    fine = fine && fr_writer_commit(&call, &writer);
    fr_call_end(&call);
    free(piece);
    return fine;
}

/* 40 MiB in eight writes: the file system is told of 20 and of 40. */
TEST(a_file_system_is_told_what_was_written)
{
    FOLDER(folder);
    n_told = 0;
    CHECK(write_pieces(in(folder, "told"), true));
    CHECK_INT(n_told, 2);
    CHECK_INT(told[0], 20 << 20);
    CHECK_INT(told[1], 40 << 20);
    CHECK(write_pieces(in(folder, "not told"), false));
    remove_folder(folder);
}

/* ---- a long file is synced while it is written --------------------------------------------------------------------- */
/* Files of which no byte is kept, and syncs that take their time and answer what they are told to. */
typedef struct long_file { _Atomic(int) n_syncs; int first_result; int64_t n_written; } long_file;

static int64_t swallow(void *user, int handle, const void *bytes, size_t n)
{
    (void)handle, (void)bytes;
    ((long_file *)user)->n_written += (int64_t)n;
    return (int64_t)n;
}

static int sync_slowly(void *user, int handle)
{
    long_file *f = user;
    (void)handle;
    usleep(2000);
    return atomic_fetch_add(&f->n_syncs, 1) == 0 ? f->first_result : 0;
}

static void hear(void *user, int handle, int64_t offset, int64_t n)
{
    (void)user, (void)handle, (void)offset, (void)n;
}

static fr_context *long_file_context(long_file *f, const fr_allocator *allocator)
{
    fr_vfs vfs = fr_posix_vfs;
    vfs.user = f;
    vfs.write = swallow;
    vfs.fsync = sync_slowly;
    vfs.flush = hear;
    return fr_context_new(.vfs = &vfs, .allocator = allocator);
}

static bool wait_for_a_sync(const long_file *f)
{
    for (int i = 0; i < 5000 && atomic_load(&f->n_syncs) == 0; i++) usleep(1000);
    return atomic_load(&f->n_syncs) > 0;
}

static bool write_megabytes(fr_call *call, fr_writer *writer, int n)
{
    static const char megabyte[1 << 20];
    bool fine = true;
    for (int i = 0; i < n && fine; i++) fine = fr_writer_write(call, writer, megabyte, sizeof megabyte);
    return fine;
}

enum { LONG_MB = 200 };

/* → the error; its own fsync comes behind one that answered first_result. */
static fr_code write_long_file(const char *path, int first_result, int *n_syncs)
{
    long_file f = { .first_result = first_result };
    fr_auto(context) context = long_file_context(&f, NULL);
    fr_call call;
    fr_writer writer;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    CHECK(fr_writer_open(&call, path, &writer));
    CHECK(write_megabytes(&call, &writer, LONG_MB));
    CHECK(wait_for_a_sync(&f));
    const bool done = fr_writer_commit(&call, &writer);
    CHECK_INT(f.n_written, (int64_t)LONG_MB << 20);
    *n_syncs = f.n_syncs;
    const fr_outcome outcome = fr_outcome_of_call(&call, 0);
    CHECK(done == (outcome.code == FR_ERR_OK));
    CHECK_INT(fr_context_live_bytes(context), 0);
    return outcome.code;
}

TEST(a_long_file_is_synced_early_and_at_the_end)
{
    FOLDER(folder);
    int n_syncs;
    CHECK_INT(write_long_file(in(folder, "a.csv"), 0, &n_syncs), FR_ERR_OK);
    CHECK(n_syncs >= 3);                                /* early, the file, its folder */
    CHECK_INT(write_long_file(in(folder, "a.csv"), -EINTR, &n_syncs), FR_ERR_OK);
    CHECK_INT(write_long_file(in(folder, "a.csv"), -EINVAL, &n_syncs), FR_ERR_OK);
    CHECK_INT(n_syncs, 3);                              /* a file that has nothing to sync is not asked again early */
    CHECK_INT(files_in(folder), 1);
    remove_folder(folder);
}

/* The system reports a lost block once: the last fsync says that all is well. */
TEST(an_early_sync_that_failed_is_not_forgotten)
{
    FOLDER(folder);
    int n_syncs;
    put(in(folder, "a.csv"), OLD_TEXT);
    CHECK_INT(write_long_file(in(folder, "a.csv"), -EIO, &n_syncs), FR_ERR_IO);
    CHECK_INT(n_syncs, 1);
    CHECK_STR(get(in(folder, "a.csv")), OLD_TEXT);
    CHECK_INT(files_in(folder), 1);
    remove_folder(folder);
}

TEST(a_long_file_is_given_up_while_it_is_synced)
{
    FOLDER(folder);
    long_file f = { 0 };
    fr_auto(context) context = long_file_context(&f, NULL);
    fr_call call;
    fr_writer writer;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    CHECK(fr_writer_open(&call, in(folder, "a.csv"), &writer));
    CHECK(write_megabytes(&call, &writer, LONG_MB));
    fr_writer_abort(&writer);
    fr_writer_abort(&writer);
    fr_call_end(&call);
    CHECK_INT(files_in(folder), 0);
    CHECK_INT(fr_context_live_bytes(context), 0);
    remove_folder(folder);
}

/* Without memory for the thread there is none, and the file is written all the same. */
TEST(a_long_file_survives_every_failure_of_memory)
{
    FOLDER(folder);
    int n_failed = 0, n_written = 0;
    for (bool reached = true; reached && n_failed + n_written < 100;) {
        fr_faulty faulty;
        fr_faulty_init(&faulty);
        faulty.allocations = FR_FAULT_ONCE;
        long_file f = { 0 };
        faulty.fail_at = n_failed + n_written;
        fr_auto(context) context = long_file_context(&f, &faulty.allocator);
        if (!fr_ok(context)) {
            n_failed++;
            continue;
        }
        fr_call call;
        fr_writer writer;
        fr_call_begin(&call, context, __FILE__, __LINE__);
        const bool done = fr_writer_open(&call, in(folder, "a.csv"), &writer) &&
                          write_megabytes(&call, &writer, LONG_MB) && fr_writer_commit(&call, &writer);
        fr_writer_abort(&writer);
        CHECK_INT(fr_outcome_of_call(&call, 0).code, done ? FR_ERR_OK : FR_ERR_MEMORY);
        reached = faulty.n_failures > 0;
        n_written += done;
        n_failed += !done;
    }
    CHECK(n_failed >= 3);
    CHECK_INT(n_written, 2);                            /* without the thread, and undisturbed */
    remove_folder(folder);
}
