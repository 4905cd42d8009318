/* hook_vfs.h — a file system that tells before every operation, then passes it on to another one.
 *
 * The hook may end the process (a kill sweep), look at the state of a memory_vfs (a power-loss sweep), or refuse the
 * operation with an error of its own.
 */
#ifndef FR_TEST_SUPPORT_HOOK_VFS_H
#define FR_TEST_SUPPORT_HOOK_VFS_H

#include <frame/context.h>

typedef struct hook_vfs {
    fr_vfs        vfs;                                                  /* for the context; its user is this struct */
    const fr_vfs *below;
    int         (*before)(void *state, const char *operation);          /* 0, or -errno instead of the operation */
    void         *state;
} hook_vfs;

void hook_vfs_init(hook_vfs *hook, const fr_vfs *below, int (*before)(void *state, const char *operation), void *state);

#endif
