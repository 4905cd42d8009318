/* memory_vfs.h — one folder of small files in memory that knows what would survive a power cut.
 *
 * A file remembers its bytes at the last fsync, the folder its names at its last fsync and every create, rename and
 * unlink since. A power cut may keep any of those changes in any combination, and of a file's unsynced bytes all, none
 * or the first half: memory_vfs_images walks through all such images.
 */
#ifndef FR_TEST_SUPPORT_MEMORY_VFS_H
#define FR_TEST_SUPPORT_MEMORY_VFS_H

#include <frame/context.h>

enum { MEMORY_FILES = 8, MEMORY_BYTES = 4096, MEMORY_NAMES = 8, MEMORY_CHANGES = 8, MEMORY_HANDLES = 8 };

typedef struct memory_bytes {
    size_t n;
    char   bytes[MEMORY_BYTES];
} memory_bytes;

typedef struct memory_file {
    memory_bytes now, synced;
    uint32_t     mode;
} memory_file;

typedef struct memory_name {
    char name[128];       /* "" : free */
    int  file;
} memory_name;

typedef struct memory_change {      /* `from` moves to `to`; from "" creates file as `to`; to "" unlinks from */
    char from[128], to[128];
    int  file;
} memory_change;

typedef struct memory_vfs {
    fr_vfs        vfs;
    memory_file   files[MEMORY_FILES];
    int           n_files;
    memory_name   now[MEMORY_NAMES], synced[MEMORY_NAMES];
    memory_change changes[MEMORY_CHANGES];      /* of names since the folder was synced */
    int           n_changes;
    struct { int file; size_t at; bool open; } handles[MEMORY_HANDLES];     /* file -1: the folder */
    bool          lies_about_files, lies_about_folder;                      /* fsync says yes and does nothing */
} memory_vfs;

void memory_vfs_init(memory_vfs *m);
/* A file that is safely there. */
void memory_vfs_put(memory_vfs *m, const char *name, const char *text);
/* The text of a file now, or NULL. */
const char *memory_vfs_text(const memory_vfs *m, const char *name);
/* Call each with the content (NULL: no such file) that `name` has in every image a power cut now may leave. */
void memory_vfs_images(const memory_vfs *m, const char *name, void (*each)(void *state, const char *bytes, size_t n),
                       void *state);

#endif
