/* hook_vfs.c — fifteen operations, each asking the hook first. */
#include "support/hook_vfs.h"

#define ASK(operation)                                              \
    hook_vfs *h = user;                                             \
    int refused = h->before(h->state, operation);                   \
    if (refused) return refused;                                    \
    const fr_vfs *b = h->below

static int hook_open(void *user, const char *path, uint32_t flags, uint32_t mode)
{
    ASK("open");
    return b->open(b->user, path, flags, mode);
}

static int64_t hook_read(void *user, int handle, void *bytes, size_t n)
{
    ASK("read");
    return b->read(b->user, handle, bytes, n);
}

static int64_t hook_pread(void *user, int handle, void *bytes, size_t n, int64_t offset)
{
    ASK("pread");
    return b->pread(b->user, handle, bytes, n, offset);
}

static int64_t hook_write(void *user, int handle, const void *bytes, size_t n)
{
    ASK("write");
    return b->write(b->user, handle, bytes, n);
}

static int64_t hook_pwrite(void *user, int handle, const void *bytes, size_t n, int64_t offset)
{
    ASK("pwrite");
    return b->pwrite(b->user, handle, bytes, n, offset);
}

static int hook_fsync(void *user, int handle)
{
    ASK("fsync");
    return b->fsync(b->user, handle);
}

static int hook_close(void *user, int handle)
{
    ASK("close");
    return b->close(b->user, handle);
}

static int hook_stat(void *user, const char *path, fr_file_stat *out)
{
    ASK("stat");
    return b->stat(b->user, path, out);
}

static int hook_fstat(void *user, int handle, fr_file_stat *out)
{
    ASK("fstat");
    return b->fstat(b->user, handle, out);
}

static int hook_rename(void *user, const char *from, const char *to)
{
    ASK("rename");
    return b->rename(b->user, from, to);
}

static int hook_unlink(void *user, const char *path)
{
    ASK("unlink");
    return b->unlink(b->user, path);
}

static int hook_mkdir(void *user, const char *path, uint32_t mode)
{
    ASK("mkdir");
    return b->mkdir(b->user, path, mode);
}

static int hook_list(void *user, const char *path, bool (*each)(void *state, const char *name), void *state)
{
    ASK("list");
    return b->list(b->user, path, each, state);
}

static int hook_chmod(void *user, int handle, uint32_t mode)
{
    ASK("chmod");
    return b->chmod(b->user, handle, mode);
}

static int64_t hook_readlink(void *user, const char *path, char *text, size_t n)
{
    ASK("readlink");
    return b->readlink(b->user, path, text, n);
}

void hook_vfs_init(hook_vfs *hook, const fr_vfs *below, int (*before)(void *state, const char *operation), void *state)
{
    *hook = (hook_vfs){
        .vfs = { .size_ = sizeof(fr_vfs), .user = hook, .open = hook_open, .read = hook_read, .pread = hook_pread,
                 .write = hook_write, .pwrite = hook_pwrite, .fsync = hook_fsync, .close = hook_close,
                 .stat = hook_stat, .fstat = hook_fstat, .rename = hook_rename, .unlink = hook_unlink,
                 .mkdir = hook_mkdir, .list = hook_list, .chmod = below->chmod ? hook_chmod : NULL,
                 .readlink = below->readlink ? hook_readlink : NULL },
        .below = below, .before = before, .state = state,
    };
}
