/* csv_spool.c — the second life of a pipe. */
#include "io/csv/csv_spool.h"

#include "base/buffer.h"
#include "base/context_state.h"
#include "base/memory.h"

#include <string.h>

#define MEMORY_BYTES (64u << 20)
#define FOLDER       "/tmp"

struct fr_csv_spool {
    fr_context *context;           /* borrowed                                                                         */
    fr_buffer  *memory;            /* the first MEMORY_BYTES                                                           */
    size_t      in_memory;
    int64_t     in_file;
    int         writing, reading;  /* -1: no file yet                                                                  */
};

fr_csv_spool *fr_csv_spool_new(fr_call *call)
{
    fr_csv_spool *spool = fr_new(call, sizeof *spool);
    if (!spool) return NULL;
    spool->context = call->context;
    spool->writing = spool->reading = -1;
    spool->memory = fr_buffer_new(call, 1 << 16);
    if (spool->memory) return spool;
    fr_free(call->context, spool, sizeof *spool);
    return NULL;
}

void fr_csv_spool_close(fr_csv_spool *spool)
{
    if (!spool) return;
    const fr_vfs *vfs = &spool->context->vfs;
    if (spool->writing >= 0) vfs->close(vfs->user, spool->writing);
    if (spool->reading >= 0) vfs->close(vfs->user, spool->reading);
    fr_buffer_unref(spool->memory);
    fr_free(spool->context, spool, sizeof *spool);
}

int64_t fr_csv_spool_size(const fr_csv_spool *spool)
{
    return (int64_t)spool->in_memory + spool->in_file;
}

/* A file nobody else can open: made under an odd name, unlinked at once. */
static bool open_file(fr_call *call, fr_csv_spool *spool)
{
    const fr_vfs *vfs = &spool->context->vfs;
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    int64_t now = fr_context_now(spool->context);
    int handle = -17;                                           /* EEXIST */
    const char *path = NULL;
    for (int attempt = 0; handle == -17 && attempt < 100; attempt++) {
        path = fr_arena_format(call, &arena, FOLDER "/.frame-spool-%llx-%d", (unsigned long long)now ^
                               (unsigned long long)(uintptr_t)spool, attempt);
        if (!path) return false;
        handle = vfs->open(vfs->user, path, FR_OPEN_WRITE | FR_OPEN_CREATE | FR_OPEN_EXCLUSIVE, 0600);
    }
    if (handle < 0) return fr_fail_os(call, path, "make a temporary file", -handle);
    spool->writing = handle;
    spool->reading = vfs->open(vfs->user, path, FR_OPEN_READ, 0);
    int status = vfs->unlink(vfs->user, path);
    if (spool->reading < 0) return fr_fail_os(call, path, "open a temporary file", -spool->reading);
    return status >= 0 || fr_fail_os(call, path, "unlink a temporary file", -status);
}

static bool append_file(fr_call *call, fr_csv_spool *spool, const char *bytes, size_t n)
{
    const fr_vfs *vfs = &spool->context->vfs;
    if (spool->writing < 0 && !open_file(call, spool)) return false;
    while (n > 0) {
        int64_t done = vfs->pwrite(vfs->user, spool->writing, bytes, n, spool->in_file);
        if (done <= 0) return fr_fail_os(call, FOLDER, "write a temporary file", done < 0 ? (int)-done : 28 /* ENOSPC */);
        spool->in_file += done;
        bytes += done;
        n -= (size_t)done;
    }
    return true;
}

static bool append_memory(fr_call *call, fr_csv_spool *spool, const char *bytes, size_t n)
{
    size_t needed = spool->in_memory + n, size = spool->memory->size_bytes;
    if (needed > size) {
        while (size < needed) size *= 2;
        if (!fr_buffer_resize(call, spool->memory, size)) return false;
    }
    memcpy((char *)spool->memory->data + spool->in_memory, bytes, n);
    spool->in_memory += n;
    return true;
}

bool fr_csv_spool_append(fr_call *call, fr_csv_spool *spool, const void *bytes, size_t n)
{
    size_t room = MEMORY_BYTES - spool->in_memory, first = n < room ? n : room;
    return (first == 0 || append_memory(call, spool, bytes, first)) &&
           (first == n || append_file(call, spool, (const char *)bytes + first, n - first));
}

bool fr_csv_spool_at(fr_call *call, fr_csv_spool *spool, void *to, size_t n, int64_t offset)
{
    char *out = to;
    const fr_vfs *vfs = &spool->context->vfs;
    if ((size_t)offset < spool->in_memory) {
        size_t here = spool->in_memory - (size_t)offset, part = n < here ? n : here;
        memcpy(out, (const char *)spool->memory->data + offset, part);
        out += part;
        n -= part;
        offset += (int64_t)part;
    }
    for (int64_t at = offset - (int64_t)spool->in_memory; n > 0;) {
        int64_t done = vfs->pread(vfs->user, spool->reading, out, n, at);
        if (done <= 0) return fr_fail_os(call, FOLDER, "read a temporary file", done < 0 ? (int)-done : 5 /* EIO */);
        out += done;
        n -= (size_t)done;
        at += done;
    }
    return true;
}
