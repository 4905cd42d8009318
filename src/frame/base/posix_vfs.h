/* posix_vfs.h — the operating system's files behind the fr_vfs interface. */
#ifndef FR_BASE_POSIX_VFS_H
#define FR_BASE_POSIX_VFS_H

#include <frame/context.h>

int     fr_posix_open(void *user, const char *path, uint32_t flags, uint32_t mode);
int64_t fr_posix_read(void *user, int handle, void *bytes, size_t n);
int64_t fr_posix_pread(void *user, int handle, void *bytes, size_t n, int64_t offset);
int64_t fr_posix_write(void *user, int handle, const void *bytes, size_t n);
int64_t fr_posix_pwrite(void *user, int handle, const void *bytes, size_t n, int64_t offset);
int     fr_posix_fsync(void *user, int handle);
int     fr_posix_close(void *user, int handle);
int     fr_posix_stat(void *user, const char *path, fr_file_stat *out);
int     fr_posix_fstat(void *user, int handle, fr_file_stat *out);
int     fr_posix_rename(void *user, const char *from, const char *to);
int     fr_posix_unlink(void *user, const char *path);
int     fr_posix_mkdir(void *user, const char *path, uint32_t mode);
int     fr_posix_list(void *user, const char *path, bool (*each)(void *state, const char *name), void *state);
int     fr_posix_chmod(void *user, int handle, uint32_t mode);
int64_t fr_posix_readlink(void *user, const char *path, char *text, size_t n);
void    fr_posix_flush(void *user, int handle, int64_t offset, int64_t n);

#define FR_POSIX_VFS                                                                                                   \
    { .size_ = sizeof(fr_vfs), .open = fr_posix_open, .read = fr_posix_read, .pread = fr_posix_pread,                  \
      .write = fr_posix_write, .pwrite = fr_posix_pwrite, .fsync = fr_posix_fsync, .close = fr_posix_close,            \
      .stat = fr_posix_stat, .fstat = fr_posix_fstat, .rename = fr_posix_rename, .unlink = fr_posix_unlink,            \
      .mkdir = fr_posix_mkdir, .list = fr_posix_list, .chmod = fr_posix_chmod, .readlink = fr_posix_readlink,      \
      .flush = fr_posix_flush }
extern const fr_vfs fr_posix_vfs;

#endif
