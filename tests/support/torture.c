/* torture.c — a counting, failing allocator and file system, and the sweep over their failures. */
#include "support/torture.h"

#include "base/problem.h"
#include "support/test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- failing ----------------------------------------------------------------------------------------------------- */

static bool fails(fr_faulty *f, fr_fault mode, _Atomic(int64_t) *counter)
{
    int64_t number = atomic_fetch_add(counter, 1);
    bool now = mode == FR_FAULT_ONCE ? number == f->fail_at : mode == FR_FAULT_STICKY && number >= f->fail_at;
    if (now) atomic_fetch_add(&f->n_failures, 1);
    return now;
}

enum { EDGE = 32 << 10 };

/* Both ends of a long block: some windows are of 16 MiB, and filling those twice was most of a sweep's time. */
static void fill(void *block, int byte, size_t size)
{
    if (size <= 2 * EDGE) {
        memset(block, byte, size);
        return;
    }
    memset(block, byte, EDGE);
    memset((char *)block + size - EDGE, byte, EDGE);
}

static void *take(void *user, size_t size, size_t align)
{
    fr_faulty *f = user;
    void *block = NULL;
    if (fails(f, f->allocations, &f->n_allocations)) return NULL;
    if (posix_memalign(&block, align < sizeof(void *) ? sizeof(void *) : align, size ? size : 1)) return NULL;
    fill(block, 0xa5, size);                       /* whoever reads before writing sees it */
    atomic_fetch_add(&f->live_blocks, 1);
    return block;
}

static void give_back(void *user, void *block, size_t size, size_t align)
{
    fr_faulty *f = user;
    (void)align;
    if (!block) return;
    fill(block, 0x5a, size);                       /* a wrong size passed back shows under a sanitizer */
    atomic_fetch_sub(&f->live_blocks, 1);
    free(block);
}

/* Always moves, so that a kept old pointer shows. */
static void *change_size(void *user, void *block, size_t old_size, size_t new_size, size_t align)
{
    void *moved = take(user, new_size, align);
    if (!moved) return NULL;
    if (block) memcpy(moved, block, old_size < new_size ? old_size : new_size);
    give_back(user, block, old_size, align);
    return moved;
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

static int64_t or_errno(int64_t result)
{
    return result < 0 ? -errno : result;
}

/* True when this operation is to fail with os_error. Those that move bytes (n is given) are cut short where os_error is
 * 0, and only they are interrupted. */
static bool refused(fr_faulty *f, size_t *n)
{
    if (!fails(f, f->operations, &f->n_operations)) return false;
    if (f->os_error) return f->os_error != EINTR || n;
    if (n && *n > 1) *n /= 2;
    return false;
}

static int open_file(void *user, const char *path, uint32_t flags, uint32_t mode)
{
    fr_faulty *f = user;
    if (refused(f, NULL)) return -(int)f->os_error;
    int os = (flags & FR_OPEN_WRITE ? O_WRONLY : O_RDONLY) | (flags & FR_OPEN_CREATE ? O_CREAT : 0) |
             (flags & FR_OPEN_EXCLUSIVE ? O_EXCL : 0) | (flags & FR_OPEN_TRUNCATE ? O_TRUNC : 0) |
             (flags & FR_OPEN_DIRECTORY ? O_DIRECTORY : 0) | O_CLOEXEC;
    int handle = open(path, os, mode);
    if (handle >= 0) atomic_fetch_add(&f->open_files, 1);
    return (int)or_errno(handle);
}

static int64_t read_file(void *user, int handle, void *bytes, size_t n)
{
    fr_faulty *f = user;
    return refused(f, &n) ? -f->os_error : or_errno(read(handle, bytes, n));
}

static int64_t pread_file(void *user, int handle, void *bytes, size_t n, int64_t offset)
{
    fr_faulty *f = user;
    return refused(f, &n) ? -f->os_error : or_errno(pread(handle, bytes, n, offset));
}

static int64_t write_file(void *user, int handle, const void *bytes, size_t n)
{
    fr_faulty *f = user;
    return refused(f, &n) ? -f->os_error : or_errno(write(handle, bytes, n));
}

static int64_t pwrite_file(void *user, int handle, const void *bytes, size_t n, int64_t offset)
{
    fr_faulty *f = user;
    return refused(f, &n) ? -f->os_error : or_errno(pwrite(handle, bytes, n, offset));
}

static int sync_file(void *user, int handle)
{
    fr_faulty *f = user;
    (void)handle;
    return refused(f, NULL) ? -(int)f->os_error : 0;      /* a disk is not waited for: nobody pulls a plug here */
}

/* A close that fails has closed all the same, as on Linux. */
static int close_file(void *user, int handle)
{
    fr_faulty *f = user;
    bool refuse = refused(f, NULL);
    atomic_fetch_sub(&f->open_files, 1);
    int result = (int)or_errno(close(handle));
    return refuse ? -(int)f->os_error : result;
}

static int describe(const struct stat *from, fr_file_stat *to)
{
    *to = (fr_file_stat){ .size_bytes = S_ISREG(from->st_mode) ? from->st_size : -1,
                          .modified_ns = from->st_mtim.tv_sec * INT64_C(1000000000) + from->st_mtim.tv_nsec,
                          .inode = from->st_ino, .mode = from->st_mode & 07777,
                          .kind = S_ISREG(from->st_mode) ? FR_FILE_REGULAR : S_ISDIR(from->st_mode) ? FR_FILE_DIRECTORY
                                : S_ISFIFO(from->st_mode) ? FR_FILE_STREAM : FR_FILE_OTHER };
    return 0;
}

static int stat_path(void *user, const char *path, fr_file_stat *out)
{
    fr_faulty *f = user;
    struct stat found;
    if (refused(f, NULL)) return -(int)f->os_error;
    return stat(path, &found) < 0 ? -errno : describe(&found, out);
}

static int stat_file(void *user, int handle, fr_file_stat *out)
{
    fr_faulty *f = user;
    struct stat found;
    if (refused(f, NULL)) return -(int)f->os_error;
    return fstat(handle, &found) < 0 ? -errno : describe(&found, out);
}

static int rename_file(void *user, const char *from, const char *to)
{
    fr_faulty *f = user;
    return refused(f, NULL) ? -(int)f->os_error : (int)or_errno(rename(from, to));
}

static int unlink_file(void *user, const char *path)
{
    fr_faulty *f = user;
    return refused(f, NULL) ? -(int)f->os_error : (int)or_errno(unlink(path));
}

static int make_directory(void *user, const char *path, uint32_t mode)
{
    fr_faulty *f = user;
    return refused(f, NULL) ? -(int)f->os_error : (int)or_errno(mkdir(path, mode));
}

static int list_directory(void *user, const char *path, bool (*each)(void *state, const char *name), void *state)
{
    fr_faulty *f = user;
    if (refused(f, NULL)) return -(int)f->os_error;
    DIR *directory = opendir(path);
    if (!directory) return -errno;
    for (struct dirent *entry; (entry = readdir(directory)) && each(state, entry->d_name);) continue;
    closedir(directory);
    return 0;
}

static int change_mode(void *user, int handle, uint32_t mode)
{
    fr_faulty *f = user;
    return refused(f, NULL) ? -(int)f->os_error : (int)or_errno(fchmod(handle, mode));
}

static int64_t read_link(void *user, const char *path, char *text, size_t n)
{
    fr_faulty *f = user;
    return refused(f, NULL) ? -f->os_error : or_errno(readlink(path, text, n));
}

void fr_faulty_init(fr_faulty *f)
{
    *f = (fr_faulty){
        .allocator = { .size_ = sizeof f->allocator, .user = f, .alloc = take, .resize = change_size,
                       .free = give_back },
        .vfs = { .size_ = sizeof f->vfs, .user = f, .open = open_file, .read = read_file, .pread = pread_file,
                 .write = write_file, .pwrite = pwrite_file, .fsync = sync_file, .close = close_file, .stat = stat_path,
                 .fstat = stat_file, .rename = rename_file, .unlink = unlink_file, .mkdir = make_directory,
                 .list = list_directory, .chmod = change_mode, .readlink = read_link },
    };
}

fr_context *fr_faulty_context(fr_faulty *f, uint32_t threads)
{
    return fr_context_new(.allocator = &f->allocator, .vfs = &f->vfs, .threads = threads, .seed = 1);
}

/* ---- outcomes ---------------------------------------------------------------------------------------------------- */

fr_outcome fr_outcome_of_call(fr_call *call, uint64_t digest)
{
    fr_problem *problem = atomic_load(&call->problem);
    fr_outcome outcome = { .code = problem ? problem->info.code : FR_ERR_OK, .digest = digest };
    if (problem) snprintf(outcome.message, sizeof outcome.message, "%s", problem->info.message);
    fr_call_end(call);
    return outcome;
}

/* ---- the sweep --------------------------------------------------------------------------------------------------- */

enum { MOST_POINTS = 300 };      /* a longer scenario is failed at evenly spaced points */

typedef struct sweep {
    fr_scenario *scenario;
    void        *state;
    const char  *name, *file;
    int          line;
    fr_outcome   expected;
} sweep;

static void complain(const sweep *s, const fr_faulty *f, const char *what, const fr_outcome *got)
{
    char text[600];
    snprintf(text, sizeof text, "%s with %s %lld failing %s (error %lld): %s; code %d %s", s->name,
             f->allocations ? "allocation" : "file operation", (long long)f->fail_at,
             f->allocations == FR_FAULT_STICKY || f->operations == FR_FAULT_STICKY ? "for good" : "once",
             (long long)f->os_error, what, (int)got->code, got->message);
    fr_test_check(false, text, s->file, s->line);
}

static fr_outcome run(const sweep *s, fr_faulty *f, uint32_t threads)
{
    fr_context *context = fr_faulty_context(f, threads);
    fr_outcome outcome = { .code = fr_error_code(context) };
    if (outcome.code == FR_ERR_OK) outcome = s->scenario(context, s->state);
    fr_unref(context);
    return outcome;
}

/* A cut-short or interrupted operation must not show; a refused one may show as the error it is. */
static void judge(const sweep *s, fr_faulty *f, fr_outcome got)
{
    fr_code honest = f->allocations ? FR_ERR_MEMORY : FR_ERR_IO;
    bool harmless = f->operations && (f->os_error == 0 || f->os_error == EINTR);
    bool same = got.code == FR_ERR_OK && got.digest == s->expected.digest;
    bool clean = !harmless && got.code == honest && atomic_load(&f->n_failures) > 0 && !strstr(got.message, ": 0 bytes");
    if (!same && !clean) complain(s, f, "neither a clean error nor the same result", &got);
    if (atomic_load(&f->live_blocks) != 0) complain(s, f, "blocks leaked", &got);
    if (atomic_load(&f->open_files) != 0) complain(s, f, "files left open", &got);
    fr_test_check(true, "", s->file, s->line);
}

static void fail_each(const sweep *s, int64_t n, bool files, fr_fault mode, int64_t os_error)
{
    int64_t step = n > MOST_POINTS ? n / MOST_POINTS : 1;
    for (int64_t at = 0; at < n; at += at < MOST_POINTS / 2 ? 1 : step) {
        fr_faulty f;
        fr_faulty_init(&f);
        *(files ? &f.operations : &f.allocations) = mode;
        f.fail_at = at;
        f.os_error = os_error;
        judge(s, &f, run(s, &f, 1));
    }
}

void fr_torture(fr_scenario *scenario, void *state, const char *name, const char *file, int line)
{
    sweep s = { .scenario = scenario, .state = state, .name = name, .file = file, .line = line };
    fr_faulty f;
    fr_faulty_init(&f);
    s.expected = run(&s, &f, 1);
    fr_test_check(s.expected.code == FR_ERR_OK, s.expected.message, file, line);
    if (s.expected.code != FR_ERR_OK) return;
    judge(&s, &f, s.expected);

    int64_t n_allocations = atomic_load(&f.n_allocations), n_operations = atomic_load(&f.n_operations);
    fail_each(&s, n_allocations, false, FR_FAULT_ONCE, 0);
    fail_each(&s, n_allocations, false, FR_FAULT_STICKY, 0);
    static const int refusals[] = { EIO, ENOSPC, EINTR, 0 };
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        fail_each(&s, n_operations, true, FR_FAULT_ONCE, refusals[i]);
    fail_each(&s, n_operations, true, FR_FAULT_STICKY, EIO);
    fail_each(&s, n_operations, true, FR_FAULT_STICKY, 0);
}
