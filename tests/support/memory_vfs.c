/* memory_vfs.c — files, names, and what a power cut may leave of them. */
#include "support/memory_vfs.h"

#include <errno.h>
#include <string.h>

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static memory_name *find(memory_name *names, const char *name)
{
    for (int i = 0; i < MEMORY_NAMES; i++)
        if (names[i].name[0] && strcmp(names[i].name, name) == 0) return &names[i];
    return NULL;
}

static void set_text(char out[128], const char *text)
{
    strncpy(out, text, 127);
    out[127] = 0;
}

static void link_name(memory_name *names, const char *name, int file)
{
    memory_name *slot = find(names, name);
    for (int i = 0; !slot && i < MEMORY_NAMES; i++)
        if (!names[i].name[0]) slot = &names[i];
    if (!slot) return;
    set_text(slot->name, name);
    slot->file = file;
}

static void unlink_name(memory_name *names, const char *name)
{
    memory_name *slot = find(names, name);
    if (slot) slot->name[0] = 0;
}

static void apply(memory_name *names, const memory_change *change)
{
    if (change->from[0]) unlink_name(names, change->from);
    if (change->to[0]) link_name(names, change->to, change->file);
}

static void change_names(memory_vfs *m, const char *from, const char *to, int file)
{
    memory_change *change = &m->changes[m->n_changes++];
    set_text(change->from, from);
    set_text(change->to, to);
    change->file = file;
    apply(m->now, change);
}

static int new_handle(memory_vfs *m, int file)
{
    for (int i = 3; i < MEMORY_HANDLES; i++) {
        if (m->handles[i].open) continue;
        m->handles[i].open = true;
        m->handles[i].file = file;
        m->handles[i].at = 0;
        return i;
    }
    return -EMFILE;
}

static int m_open(void *user, const char *path, uint32_t flags, uint32_t mode)
{
    memory_vfs *m = user;
    if (flags & FR_OPEN_DIRECTORY) return new_handle(m, -1);
    memory_name *found = find(m->now, base_name(path));
    if (found && flags & FR_OPEN_EXCLUSIVE) return -EEXIST;
    if (!found && !(flags & FR_OPEN_CREATE)) return -ENOENT;
    if (!found) {
        if (m->n_files == MEMORY_FILES || m->n_changes == MEMORY_CHANGES) return -ENOSPC;
        m->files[m->n_files] = (memory_file){ .mode = mode };
        change_names(m, "", base_name(path), m->n_files++);
        found = find(m->now, base_name(path));
    }
    if (flags & FR_OPEN_TRUNCATE) m->files[found->file].now.n = 0;
    return new_handle(m, found->file);
}

static int64_t m_pread(void *user, int handle, void *bytes, size_t n, int64_t offset)
{
    memory_vfs *m = user;
    const memory_bytes *from = &m->files[m->handles[handle].file].now;
    size_t at = (size_t)offset, left = at < from->n ? from->n - at : 0;
    if (n > left) n = left;
    memcpy(bytes, from->bytes + at, n);
    return (int64_t)n;
}

static int64_t m_read(void *user, int handle, void *bytes, size_t n)
{
    memory_vfs *m = user;
    int64_t got = m_pread(user, handle, bytes, n, (int64_t)m->handles[handle].at);
    m->handles[handle].at += (size_t)got;
    return got;
}

static int64_t m_pwrite(void *user, int handle, const void *bytes, size_t n, int64_t offset)
{
    memory_vfs *m = user;
    memory_bytes *to = &m->files[m->handles[handle].file].now;
    size_t at = (size_t)offset;
    if (at + n > MEMORY_BYTES) return -ENOSPC;
    memcpy(to->bytes + at, bytes, n);
    if (at + n > to->n) to->n = at + n;
    return (int64_t)n;
}

static int64_t m_write(void *user, int handle, const void *bytes, size_t n)
{
    memory_vfs *m = user;
    int64_t done = m_pwrite(user, handle, bytes, n, (int64_t)m->handles[handle].at);
    if (done > 0) m->handles[handle].at += (size_t)done;
    return done;
}

static int m_fsync(void *user, int handle)
{
    memory_vfs *m = user;
    int file = m->handles[handle].file;
    if (file >= 0) {
        if (!m->lies_about_files) m->files[file].synced = m->files[file].now;
    } else if (!m->lies_about_folder) {
        memcpy(m->synced, m->now, sizeof m->now);
        m->n_changes = 0;
    }
    return 0;
}

static int m_close(void *user, int handle)
{
    memory_vfs *m = user;
    if (!m->handles[handle].open) return -EBADF;
    m->handles[handle].open = false;
    return 0;
}

static void describe(const memory_vfs *m, int file, fr_file_stat *out)
{
    *out = (fr_file_stat){ .size_bytes = file < 0 ? -1 : (int64_t)m->files[file].now.n, .inode = (uint64_t)(file + 1),
                           .mode = file < 0 ? 0755u : m->files[file].mode,
                           .kind = (uint32_t)(file < 0 ? FR_FILE_DIRECTORY : FR_FILE_REGULAR) };
}

static int m_stat(void *user, const char *path, fr_file_stat *out)
{
    memory_vfs *m = user;
    memory_name *found = find(m->now, base_name(path));
    if (!found) return -ENOENT;
    describe(m, found->file, out);
    return 0;
}

static int m_fstat(void *user, int handle, fr_file_stat *out)
{
    memory_vfs *m = user;
    describe(m, m->handles[handle].file, out);
    return 0;
}

static int m_rename(void *user, const char *from, const char *to)
{
    memory_vfs *m = user;
    memory_name *found = find(m->now, base_name(from));
    if (!found) return -ENOENT;
    if (m->n_changes == MEMORY_CHANGES) return -ENOSPC;
    change_names(m, base_name(from), base_name(to), found->file);
    return 0;
}

static int m_unlink(void *user, const char *path)
{
    memory_vfs *m = user;
    if (!find(m->now, base_name(path))) return -ENOENT;
    if (m->n_changes == MEMORY_CHANGES) return -ENOSPC;
    change_names(m, base_name(path), "", 0);
    return 0;
}

static int m_mkdir(void *user, const char *path, uint32_t mode)
{
    (void)user, (void)path, (void)mode;
    return -ENOSPC;
}

static int m_list(void *user, const char *path, bool (*each)(void *state, const char *name), void *state)
{
    memory_vfs *m = user;
    (void)path;
    for (int i = 0; i < MEMORY_NAMES; i++)
        if (m->now[i].name[0] && !each(state, m->now[i].name)) break;
    return 0;
}

static int m_chmod(void *user, int handle, uint32_t mode)
{
    memory_vfs *m = user;
    m->files[m->handles[handle].file].mode = mode;
    return 0;
}

static int64_t m_readlink(void *user, const char *path, char *text, size_t n)
{
    (void)user, (void)path, (void)text, (void)n;
    return -EINVAL;
}

void memory_vfs_init(memory_vfs *m)
{
    *m = (memory_vfs){
        .vfs = { .size_ = sizeof(fr_vfs), .user = m, .open = m_open, .read = m_read, .pread = m_pread, .write = m_write,
                 .pwrite = m_pwrite, .fsync = m_fsync, .close = m_close, .stat = m_stat, .fstat = m_fstat,
                 .rename = m_rename, .unlink = m_unlink, .mkdir = m_mkdir, .list = m_list, .chmod = m_chmod,
                 .readlink = m_readlink },
    };
}

void memory_vfs_put(memory_vfs *m, const char *name, const char *text)
{
    memory_file *file = &m->files[m->n_files];
    file->now.n = strlen(text);
    memcpy(file->now.bytes, text, file->now.n);
    file->synced = file->now;
    file->mode = 0644;
    link_name(m->now, name, m->n_files);
    link_name(m->synced, name, m->n_files++);
}

const char *memory_vfs_text(const memory_vfs *m, const char *name)
{
    static char text[MEMORY_BYTES + 1];
    memory_name *found = find((memory_name *)(uintptr_t)m->now, name);
    if (!found) return NULL;
    const memory_bytes *bytes = &m->files[found->file].now;
    memcpy(text, bytes->bytes, bytes->n);
    text[bytes->n] = 0;
    return text;
}

/* Every subset of the changes of names, in order; for the file that then has the name: synced bytes, all bytes, or the
 * first half of what is there now. */
void memory_vfs_images(const memory_vfs *m, const char *name, void (*each)(void *state, const char *bytes, size_t n),
                       void *state)
{
    for (int kept = 0; kept < 1 << m->n_changes; kept++) {
        memory_name names[MEMORY_NAMES];
        memcpy(names, m->synced, sizeof names);
        for (int i = 0; i < m->n_changes; i++)
            if (kept >> i & 1) apply(names, &m->changes[i]);
        const memory_name *found = find(names, name);
        if (!found) {
            each(state, NULL, 0);
            continue;
        }
        const memory_file *file = &m->files[found->file];
        each(state, file->synced.bytes, file->synced.n);
        bool dirty = file->now.n != file->synced.n || memcmp(file->now.bytes, file->synced.bytes, file->now.n) != 0;
        if (dirty) each(state, file->now.bytes, file->now.n);
        if (dirty) each(state, file->now.bytes, file->now.n / 2);
    }
}
