/* vfs.c — reading files through the context's vfs: interrupted and short reads are continued, every failure names the
 * file. A cancelled call stops at the next interruption, so Ctrl-C ends a read that waits for a pipe.
 */
#include "base/vfs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/context_state.h"
#include "base/memory.h"
#include "base/suggest.h"

static const fr_vfs *vfs_of(const fr_call *call)
{
    return &call->context->vfs;
}

bool fr_again(fr_call *call, int64_t result)
{
    return result == -EINTR && fr_go_on(call);
}

static int describe(fr_call *call, const fr_file *file, fr_file_stat *out)
{
    const fr_vfs *vfs = vfs_of(call);
    int result;
    do result = vfs->fstat(vfs->user, file->handle, out); while (fr_again(call, result));
    return result;
}

/* ---- a file that is not there ------------------------------------------------------------------------------------ */

enum { MOST_NAMES = 10000, PATH_ROOM = 4096 };

typedef struct search {
    fr_suggestion suggestion;
    size_t        names;
} search;

static bool consider(void *state, const char *name)
{
    search *s = state;
    fr_suggestion_consider(&s->suggestion, name);
    return ++s->names < MOST_NAMES;
}

/* Say that there is no such file, and which one beside it may be meant. */
static bool fail_missing(fr_call *call, const char *path)
{
    const fr_vfs *vfs = vfs_of(call);
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    char folder[PATH_ROOM] = ".", hint[320];
    if (slash && (size_t)(name - path) < sizeof folder)
        snprintf(folder, sizeof folder, "%.*s", (int)(name - path), path);
    search s = { .names = 0 };
    fr_suggestion_begin(&s.suggestion, name);
    if (*name) (void)vfs->list(vfs->user, folder, consider, &s);
    if (!s.suggestion.best[0]) return fr_fail_os(call, path, "opening", ENOENT);
    snprintf(hint, sizeof hint, "did you mean '%s'?", s.suggestion.best);
    return fr_fail_at(call, fr_place_at(.path = path, .hint = hint, .os_error = ENOENT), FR_ERR_IO,
                      "opening failed: No such file or directory");
}

bool fr_file_open(fr_call *call, const char *path, fr_file *out)
{
    *out = (fr_file){ .call = call, .path = path, .handle = -1, .stdio = strcmp(path, "-") == 0 };
    const fr_vfs *vfs = vfs_of(call);
    int handle = 0, result;
    if (!out->stdio)
        do handle = vfs->open(vfs->user, path, FR_OPEN_READ, 0); while (fr_again(call, handle));
    if (handle == -ENOENT) return fail_missing(call, path);
    if (handle < 0) return fr_fail_os(call, path, "opening", -handle);
    out->handle = handle;

    result = describe(call, out, &out->stat);
    if (result == 0 && out->stat.kind == FR_FILE_DIRECTORY) result = -EISDIR;
    if (result == 0) return true;
    fr_file_close(out);
    return fr_fail_os(call, path, "opening", -result);
}

void fr_file_close(fr_file *file)
{
    if (!file->call) return;
    const fr_vfs *vfs = vfs_of(file->call);
    if (file->handle >= 0 && !file->stdio) (void)vfs->close(vfs->user, file->handle);   /* nothing was written */
    file->handle = -1;
}

/* offset < 0: from where the stream stands */
static int64_t read_all(fr_call *call, const fr_file *file, char *bytes, size_t n, int64_t offset)
{
    const fr_vfs *vfs = vfs_of(call);
    size_t used = 0;
    while (used < n) {
        int64_t got = offset < 0 ? vfs->read(vfs->user, file->handle, bytes + used, n - used)
                                 : vfs->pread(vfs->user, file->handle, bytes + used, n - used, offset + (int64_t)used);
        if (got == 0) break;
        if (fr_again(call, got)) continue;
        if (got < 0) {
            fr_fail_os(call, file->path, "reading", (int)-got);
            return -1;
        }
        used += (size_t)got;
    }
    return (int64_t)used;
}

int64_t fr_file_pread(fr_call *call, fr_file *file, void *bytes, size_t n, int64_t offset)
{
    return read_all(call, file, bytes, n, offset);
}

int64_t fr_file_read(fr_call *call, fr_file *file, void *bytes, size_t n)
{
    return read_all(call, file, bytes, n, -1);
}

bool fr_file_unchanged(fr_call *call, fr_file *file)
{
    if (file->stat.kind != FR_FILE_REGULAR) return true;
    fr_file_stat now;
    int result = describe(call, file, &now);
    if (result < 0) return fr_fail_os(call, file->path, "reading", -result);
    if (now.size_bytes == file->stat.size_bytes && now.modified_ns == file->stat.modified_ns) return true;
    return fr_fail_at(call, fr_place_at(.path = file->path), FR_ERR_IO, "the file changed while it was read");
}

/* ---- whole files ------------------------------------------------------------------------------------------------- */

static bool fail_too_long(fr_call *call, const char *path, size_t limit_bytes)
{
    return fr_fail_at(call, fr_place_at(.path = path), FR_ERR_LIMIT, "the file is longer than %zu bytes", limit_bytes);
}

/* Grow *text, of `room` bytes, to hold more; the result holds at most limit + 1 bytes, one beyond to see the excess. */
static bool grow(fr_call *call, char **text, size_t *room, size_t limit_bytes)
{
    size_t wider = *room < 4096 ? 4096 : *room * 2;
    if (wider > limit_bytes + 2) wider = limit_bytes + 2;
    char *moved = fr_resize_array(call, *text, *room, wider, 1);
    if (!moved) return false;
    *text = moved;
    *room = wider;
    return true;
}

/* The size at opening is only a hint: files in /proc say 0, and a file may grow. */
static bool slurp_open(fr_call *call, fr_file *file, size_t limit_bytes, char **text, size_t *n, size_t *room)
{
    int64_t hint = file->stat.size_bytes;
    if (hint > 0 && (uint64_t)hint > limit_bytes) return fail_too_long(call, file->path, limit_bytes);
    *room = (hint > 0 ? (size_t)hint : 0) + 2;
    if (!(*text = fr_new(call, *room))) return false;
    for (;;) {
        int64_t got = fr_file_read(call, file, *text + *n, *room - 1 - *n);
        if (got < 0) return false;
        *n += (size_t)got;
        if (*n > limit_bytes) return fail_too_long(call, file->path, limit_bytes);
        if (*n < *room - 1) break;
        if (!grow(call, text, room, limit_bytes)) return false;
    }
    char *exact = fr_resize_array(call, *text, *room, *n + 1, 1);
    if (!exact) return false;
    *text = exact;
    *room = *n + 1;
    exact[*n] = 0;
    return true;
}

bool fr_file_slurp(fr_call *call, const char *path, size_t limit_bytes, char **text, size_t *n)
{
    if (limit_bytes > SIZE_MAX / 4) limit_bytes = SIZE_MAX / 4;
    fr_file file;
    if (!fr_file_open(call, path, &file)) return false;
    char *read = NULL;
    size_t length = 0, room = 0;
    bool done = slurp_open(call, &file, limit_bytes, &read, &length, &room);
    fr_file_close(&file);
    if (!done) {
        fr_free(call->context, read, room);
        return false;
    }
    *text = read;
    *n = length;
    return true;
}
