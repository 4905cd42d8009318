/* writer.c — the target is the old file or the complete new one, whatever fails and wherever.
 *
 *     open     .sales.csv.fr-tmp.<pid>-<random> beside sales.csv, created exclusively
 *     write    through a block of 256 KiB; interrupted and short writes are continued; the disk starts every 16 MiB, and
 *              from 64 MiB on a thread syncs what is there (early_sync.c)
 *     commit   flush, mode of the old file, fsync, close, rename over the target, fsync the folder
 *     abort    close, unlink the temporary
 *
 * Links are resolved first, so a link stays a link. What is not a regular file (a pipe, a terminal, anything under
 * /proc) cannot be replaced and is written to directly; "-" and /dev/stdout are the process's standard output.
 */
#include "base/vfs.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/context_state.h"
#include "base/early_sync.h"
#include "base/machine.h"
#include "base/memory.h"

enum { BLOCK = 262144, FLUSH = 16 << 20, LONG = 64 << 20, PATH_ROOM = 4096, MOST_LINKS = 40, MOST_TRIES = 100, MOST_NAMES = 10000 };
#define STALE_NS ((int64_t)600 * 1000000000)
#define MARK     ".fr-tmp."

static const fr_vfs *vfs_of(const fr_call *call)
{
    return &call->context->vfs;
}

static bool fail(fr_writer *writer, fr_call *call, const char *doing, int os_error)
{
    writer->failed = true;
    return fr_fail_os(call, writer->path, doing, os_error);
}

/* ---- which file -------------------------------------------------------------------------------------------------- */

static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* The folder of a path as a path of its own: "a/b" → "a/", "b" → "." */
static void copy_folder(const char *path, char out[PATH_ROOM])
{
    size_t length = folder_length(path);
    if (length >= PATH_ROOM) length = 0;
    memcpy(out, length ? path : ".", length ? length : 1);
    out[length ? length : 1] = 0;
}

/* Replace what path[folder…] names by the text of the link; false when it becomes too long. */
static bool step_into(char path[PATH_ROOM], const char *link, size_t n)
{
    size_t keep = link[0] == '/' ? 0 : folder_length(path);
    if (keep + n >= PATH_ROOM) return false;
    memcpy(path + keep, link, n);
    path[keep + n] = 0;
    return true;
}

/* Follow links from `path` to the name they end at; stops in /proc, whose links are no names. → 0 or -errno. */
static int resolve(fr_call *call, char path[PATH_ROOM])
{
    const fr_vfs *vfs = vfs_of(call);
    char link[PATH_ROOM];
    for (int links = 0; links <= MOST_LINKS; links++) {
        if (!vfs->readlink || strncmp(path, "/proc/", 6) == 0) return 0;
        int64_t n;
        do n = vfs->readlink(vfs->user, path, link, sizeof link); while (fr_again(call, n));
        if (n == -EINVAL || n == -ENOENT) return 0;
        if (n < 0) return (int)n;
        if ((size_t)n >= sizeof link || !step_into(path, link, (size_t)n)) return -ENAMETOOLONG;
    }
    return -ELOOP;
}

static bool names_stdout(const char *path)
{
    return strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0 || strcmp(path, "/dev/fd/1") == 0 ||
           strcmp(path, "/proc/self/fd/1") == 0;
}

/* ---- the temporary ----------------------------------------------------------------------------------------------- */

static void six_letters(uint64_t random, char out[7])
{
    for (int i = 0; i < 6; i++, random /= 36) out[i] = "abcdefghijklmnopqrstuvwxyz0123456789"[random % 36];
    out[6] = 0;
}

/* A name holds 255 bytes: of a longer target name the beginning is kept. */
static char *temporary_name(fr_call *call, const char *path)
{
    size_t folder = folder_length(path), room = folder + 256;
    char letters[7], *name = fr_new(call, room);
    if (!name) return NULL;
    six_letters(fr_machine_random(), letters);
    snprintf(name, room, "%.*s.%.200s" MARK "%ld-%s", (int)folder, path, path + folder, (long)getpid(), letters);
    char *exact = fr_copy_text(call, name);
    fr_free(call->context, name, room);
    return exact;
}

typedef struct sweep {
    const fr_vfs *vfs;
    const char   *folder, *prefix;
    int64_t       now_ns;
    size_t        names;
} sweep;

static bool process_is_gone(const char *digits)
{
    long pid = 0;
    for (; *digits >= '0' && *digits <= '9' && pid < 100000000; digits++) pid = pid * 10 + (*digits - '0');
    return *digits == '-' && pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

/* The process is gone here, but the folder may be shared with another machine: only what is also old is removed. */
static bool sweep_name(void *state, const char *name)
{
    sweep *s = state;
    size_t prefix = strlen(s->prefix);
    char path[PATH_ROOM];
    fr_file_stat found;
    if (strncmp(name, s->prefix, prefix) == 0 && process_is_gone(name + prefix)) {
        int length = snprintf(path, sizeof path, "%s/%s", s->folder, name);
        if (length > 0 && length < PATH_ROOM && s->vfs->stat(s->vfs->user, path, &found) == 0 &&
            found.kind == FR_FILE_REGULAR && s->now_ns - found.modified_ns > STALE_NS)
            (void)s->vfs->unlink(s->vfs->user, path);
    }
    return ++s->names < MOST_NAMES;
}

/* A courtesy: failing at it fails nothing. */
static void sweep_stale(fr_call *call, const char *path)
{
    char folder[PATH_ROOM], prefix[256];
    copy_folder(path, folder);
    snprintf(prefix, sizeof prefix, ".%.200s" MARK, path + folder_length(path));
    sweep state = { vfs_of(call), folder, prefix, fr_context_now(call->context), 0 };
    (void)state.vfs->list(state.vfs->user, folder, sweep_name, &state);
}

static bool open_temporary(fr_call *call, fr_writer *writer)
{
    const fr_vfs *vfs = vfs_of(call);
    uint32_t mode = writer->replaces ? writer->mode & 0777u : 0666u;
    int handle = -EEXIST;
    for (int tries = 0; tries < MOST_TRIES && handle == -EEXIST; tries++) {
        fr_free_text(call->context, writer->temporary);
        if (!(writer->temporary = temporary_name(call, writer->path))) return false;
        do handle = vfs->open(vfs->user, writer->temporary, FR_OPEN_WRITE | FR_OPEN_CREATE | FR_OPEN_EXCLUSIVE, mode);
        while (fr_again(call, handle));
    }
    if (handle < 0) {      /* nothing of ours exists: nothing may be unlinked */
        fr_free_text(call->context, writer->temporary);
        writer->temporary = NULL;
        return fail(writer, call, "creating a file beside the target", -handle);
    }
    writer->handle = handle;
    return true;
}

/* ---- opening ----------------------------------------------------------------------------------------------------- */

static bool open_stream(fr_call *call, fr_writer *writer)
{
    const fr_vfs *vfs = vfs_of(call);
    int handle;
    do handle = vfs->open(vfs->user, writer->path, FR_OPEN_WRITE, 0); while (fr_again(call, handle));
    if (handle < 0) return fail(writer, call, "opening", -handle);
    writer->handle = handle;
    return true;
}

static bool open_file(fr_call *call, fr_writer *writer)
{
    const fr_vfs *vfs = vfs_of(call);
    fr_file_stat old;
    int result;
    do result = vfs->stat(vfs->user, writer->path, &old); while (fr_again(call, result));
    if (result < 0 && result != -ENOENT) return fail(writer, call, "opening", -result);
    if (result == 0) {
        if (old.kind == FR_FILE_DIRECTORY) return fail(writer, call, "writing", EISDIR);
        if (old.kind != FR_FILE_REGULAR || strncmp(writer->path, "/proc/", 6) == 0) return open_stream(call, writer);
        if ((old.mode & 0222u) == 0) return fail(writer, call, "replacing a read-only file", EACCES);
        writer->replaces = true;
        writer->mode = old.mode & 07777u;
    }
    sweep_stale(call, writer->path);
    return open_temporary(call, writer);
}

static bool open_any(fr_call *call, const char *path, fr_writer *writer)
{
    char target[PATH_ROOM];
    size_t length = strlen(path);
    writer->path = fr_copy_text(call, path);
    if (!writer->path) return false;
    writer->block = fr_new(call, BLOCK);
    if (!writer->block) return false;
    if (names_stdout(path)) {
        writer->stdio = true;
        writer->handle = 1;
        return true;
    }
    if (length == 0 || length >= PATH_ROOM) return fail(writer, call, "opening", length ? ENAMETOOLONG : ENOENT);
    memcpy(target, path, length + 1);
    int result = resolve(call, target);
    if (result < 0) return fail(writer, call, "opening", -result);
    if (strcmp(target, path) != 0) {
        fr_free_text(call->context, writer->path);
        if (!(writer->path = fr_copy_text(call, target))) return false;
    }
    return open_file(call, writer);
}

bool fr_writer_open(fr_call *call, const char *path, fr_writer *out)
{
    *out = (fr_writer){ .call = call, .handle = -1 };
    if (open_any(call, path, out)) return true;
    fr_writer_abort(out);
    out->failed = true;
    return false;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

/* The disk begins while the rest is still being made: of 500 MB, fsync then waits for the last part only. */
static void start_disk(fr_call *call, fr_writer *writer, size_t n)
{
    const fr_vfs *vfs = vfs_of(call);
    writer->unflushed += (int64_t)n;
    if (writer->unflushed < FLUSH || !writer->temporary || !vfs->flush) return;
    vfs->flush(vfs->user, writer->handle, writer->flushed, writer->unflushed);
    writer->flushed += writer->unflushed;
    writer->unflushed = 0;
    if (writer->flushed >= LONG && !writer->early) writer->early = fr_early_sync_start(call->context, writer->handle);
    if (writer->early) fr_early_sync_tell(writer->early, writer->flushed);
}

static bool write_through(fr_call *call, fr_writer *writer, const char *bytes, size_t n)
{
    const fr_vfs *vfs = vfs_of(call);
    while (n > 0) {
        int64_t done = vfs->write(vfs->user, writer->handle, bytes, n);
        if (fr_again(call, done)) continue;
        if (done <= 0) return fail(writer, call, "writing", done == 0 ? ENOSPC : (int)-done);
        start_disk(call, writer, (size_t)done);
        bytes += done;
        n -= (size_t)done;
    }
    return true;
}

static bool flush(fr_call *call, fr_writer *writer)
{
    size_t used = writer->used;
    writer->used = 0;
    return write_through(call, writer, writer->block, used);
}

bool fr_writer_write(fr_call *call, fr_writer *writer, const void *bytes, size_t n)
{
    if (writer->failed || writer->handle < 0) {
        if (!fr_failed(call)) fr_fail(call, FR_ERR_INTERNAL, "writing to a file that is not open");
        return false;
    }
    writer->written += (int64_t)n;
    if (n > BLOCK - writer->used && !flush(call, writer)) return false;
    if (n >= BLOCK) return write_through(call, writer, bytes, n);
    if (n > 0) memcpy(writer->block + writer->used, bytes, n);
    writer->used += n;
    return true;
}

/* ---- ending ------------------------------------------------------------------------------------------------------ */

/* Some file systems and every pipe have nothing to sync. */
static bool is_synced(int result)
{
    return result == 0 || result == -EINVAL || result == -EROFS || result == -ENOTSUP || result == -ENOSYS;
}

static bool end_early_sync(fr_call *call, fr_writer *writer)
{
    const int result = fr_early_sync_end(writer->early);
    writer->early = NULL;
    return is_synced(result) || fail(writer, call, "syncing", -result);
}

static bool sync_handle(fr_call *call, fr_writer *writer, int handle, const char *doing)
{
    const fr_vfs *vfs = vfs_of(call);
    int result;
    do result = vfs->fsync(vfs->user, handle); while (fr_again(call, result));
    return is_synced(result) || fail(writer, call, doing, -result);
}

/* close reports what write could not; after EINTR Linux has closed the file all the same. */
static bool close_file(fr_call *call, fr_writer *writer)
{
    const fr_vfs *vfs = vfs_of(call);
    int handle = writer->handle;
    writer->handle = -1;
    int result = vfs->close(vfs->user, handle);
    return result == 0 || result == -EINTR || fail(writer, call, "closing", -result);
}

static bool keep_mode(fr_call *call, fr_writer *writer)
{
    const fr_vfs *vfs = vfs_of(call);
    if (!writer->replaces || !vfs->chmod) return true;
    int result;
    do result = vfs->chmod(vfs->user, writer->handle, writer->mode); while (fr_again(call, result));
    return result == 0 || result == -EPERM || result == -ENOTSUP || fail(writer, call, "setting the mode", -result);
}

static bool move_into_place(fr_call *call, fr_writer *writer)
{
    const fr_vfs *vfs = vfs_of(call);
    int result;
    do result = vfs->rename(vfs->user, writer->temporary, writer->path); while (fr_again(call, result));
    if (result < 0) return fail(writer, call, "replacing the file", -result);
    fr_free_text(call->context, writer->temporary);
    writer->temporary = NULL;
    return true;
}

/* The new name must survive a power cut too. A folder that may not be opened for reading cannot be synced: so be it. */
static bool sync_folder(fr_call *call, fr_writer *writer)
{
    const fr_vfs *vfs = vfs_of(call);
    char folder[PATH_ROOM];
    copy_folder(writer->path, folder);
    int handle;
    do handle = vfs->open(vfs->user, folder, FR_OPEN_READ | FR_OPEN_DIRECTORY, 0); while (fr_again(call, handle));
    if (handle == -EACCES) return true;
    if (handle < 0) return fail(writer, call, "syncing the folder", -handle);
    bool synced = sync_handle(call, writer, handle, "syncing the folder");
    (void)vfs->close(vfs->user, handle);
    return synced;
}

bool fr_writer_commit(fr_call *call, fr_writer *writer)
{
    bool done = !writer->failed && writer->handle >= 0;
    if (!done && !fr_failed(call)) fr_fail(call, FR_ERR_INTERNAL, "writing to a file that is not open");
    done = done && flush(call, writer);
    if (writer->temporary)
        done = done && end_early_sync(call, writer) && keep_mode(call, writer) &&
               sync_handle(call, writer, writer->handle, "syncing") && close_file(call, writer) &&
               move_into_place(call, writer) && sync_folder(call, writer);
    else if (!writer->stdio)
        done = done && close_file(call, writer);
    fr_writer_abort(writer);
    return done;
}

void fr_writer_abort(fr_writer *writer)
{
    if (!writer->call) return;
    fr_context *context = writer->call->context;
    const fr_vfs *vfs = &context->vfs;
    (void)fr_early_sync_end(writer->early);
    if (writer->handle >= 0 && !writer->stdio) (void)vfs->close(vfs->user, writer->handle);
    writer->handle = -1;
    if (writer->temporary) (void)vfs->unlink(vfs->user, writer->temporary);
    fr_free_text(context, writer->temporary);
    fr_free_text(context, writer->path);
    fr_free(context, writer->block, BLOCK);
    writer->temporary = writer->path = writer->block = NULL;
    writer->early = NULL;
}
