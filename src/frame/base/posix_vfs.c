/* posix_vfs.c — system calls, errno turned into a negative result; nothing is retried here.
 *
 * A read of a stream that says nothing for 50 ms returns as if interrupted, so that callers look whether they are to stop:
 * neither the deadline of a context nor a signal that comes just before read(2) would end it otherwise.
 */
#include "base/posix_vfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/compiler.h"

const fr_vfs fr_posix_vfs = FR_POSIX_VFS;

enum { MOST_AT_ONCE = 1 << 30,       /* Linux moves at most 0x7ffff000 bytes a call */
       LISTEN_MS    = 50 };

static int or_errno(int result)
{
    return result < 0 ? -errno : result;
}

static int64_t count_or_errno(ssize_t result)
{
    return result < 0 ? -errno : (int64_t)result;
}

static size_t at_once(size_t n)
{
    return n < MOST_AT_ONCE ? n : MOST_AT_ONCE;
}

int fr_posix_open(void *user, const char *path, uint32_t flags, uint32_t mode)
{
    (void)user;
    int how = O_CLOEXEC | O_NOCTTY | (flags & FR_OPEN_WRITE ? O_WRONLY : O_RDONLY);
    if (flags & FR_OPEN_CREATE) how |= O_CREAT;
    if (flags & FR_OPEN_EXCLUSIVE) how |= O_EXCL | O_NOFOLLOW;
    if (flags & FR_OPEN_TRUNCATE) how |= O_TRUNC;
    if (flags & FR_OPEN_DIRECTORY) how |= O_DIRECTORY;
    return or_errno(open(path, how, (mode_t)mode));
}

int64_t fr_posix_read(void *user, int handle, void *bytes, size_t n)
{
    (void)user;
    const int ready = poll(&(struct pollfd){ .fd = handle, .events = POLLIN }, 1, LISTEN_MS);
    if (ready <= 0) return ready < 0 ? -errno : -EINTR;
    return count_or_errno(read(handle, bytes, at_once(n)));
}

int64_t fr_posix_pread(void *user, int handle, void *bytes, size_t n, int64_t offset)
{
    (void)user;
    return count_or_errno(pread(handle, bytes, at_once(n), (off_t)offset));
}

int64_t fr_posix_write(void *user, int handle, const void *bytes, size_t n)
{
    (void)user;
    return count_or_errno(write(handle, bytes, at_once(n)));
}

int64_t fr_posix_pwrite(void *user, int handle, const void *bytes, size_t n, int64_t offset)
{
    (void)user;
    return count_or_errno(pwrite(handle, bytes, at_once(n), (off_t)offset));
}

int fr_posix_fsync(void *user, int handle)
{
    (void)user;
    return or_errno(fsync(handle));
}

int fr_posix_close(void *user, int handle)
{
    (void)user;
    return or_errno(close(handle));
}

static void describe(const struct stat *from, fr_file_stat *out)
{
    bool stream = S_ISFIFO(from->st_mode) || S_ISSOCK(from->st_mode) || S_ISCHR(from->st_mode);
    *out = (fr_file_stat){
        .size_bytes = S_ISREG(from->st_mode) ? (int64_t)from->st_size : -1,
        .modified_ns = (int64_t)from->st_mtim.tv_sec * 1000000000 + from->st_mtim.tv_nsec,
        .inode = (uint64_t)from->st_ino,
        .device = (uint64_t)from->st_dev,
        .mode = from->st_mode & 07777u,
        .kind = S_ISREG(from->st_mode) ? FR_FILE_REGULAR : S_ISDIR(from->st_mode) ? FR_FILE_DIRECTORY
                : stream ? FR_FILE_STREAM : FR_FILE_OTHER,
    };
}

int fr_posix_stat(void *user, const char *path, fr_file_stat *out)
{
    (void)user;
    struct stat found;
    if (stat(path, &found) != 0) return -errno;
    describe(&found, out);
    return 0;
}

int fr_posix_fstat(void *user, int handle, fr_file_stat *out)
{
    (void)user;
    struct stat found;
    if (fstat(handle, &found) != 0) return -errno;
    describe(&found, out);
    return 0;
}

int fr_posix_rename(void *user, const char *from, const char *to)
{
    (void)user;
    return or_errno(rename(from, to));
}

int fr_posix_unlink(void *user, const char *path)
{
    (void)user;
    return or_errno(unlink(path));
}

int fr_posix_mkdir(void *user, const char *path, uint32_t mode)
{
    (void)user;
    return or_errno(mkdir(path, (mode_t)mode));
}

int fr_posix_list(void *user, const char *path, bool (*each)(void *state, const char *name), void *state)
{
    (void)user;
    DIR *folder = opendir(path);
    if (!folder) return -errno;
    struct dirent *entry;
    errno = 0;
    while ((entry = readdir(folder))) {
        bool self = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
        if (!self && !each(state, entry->d_name)) break;
        errno = 0;
    }
    int result = entry ? 0 : -errno;
    closedir(folder);
    return result;
}

int fr_posix_chmod(void *user, int handle, uint32_t mode)
{
    (void)user;
    return or_errno(fchmod(handle, (mode_t)mode));
}

int64_t fr_posix_readlink(void *user, const char *path, char *text, size_t n)
{
    (void)user;
    return count_or_errno(readlink(path, text, n));
}

void fr_posix_flush(void *user, int handle, int64_t offset, int64_t n)
{
    (void)user;
    (void)sync_file_range(handle, (off_t)offset, (off_t)n, SYNC_FILE_RANGE_WRITE);
}
