/* vfs.h — files through the context's vfs: whole reads, positioned reads, atomic writes.
 *
 * A writer writes to a temporary name beside the target, syncs it, renames it over the target and syncs the directory:
 * the target is either the old file or the complete new one, whatever fails and wherever. Targets that are no regular
 * files (pipes, /dev/stdout) are streamed.
 */
#ifndef FR_BASE_VFS_H
#define FR_BASE_VFS_H

#include "base/call.h"

typedef struct fr_file {
    fr_call     *call;        /* not owned; the call under which it is open */
    const char  *path;        /* borrowed */
    int          handle;      /* -1: closed */
    bool         stdio;       /* "-" : standard input; never closed */
    fr_file_stat stat;        /* at opening */
} fr_file;

/* Open for reading; a directory, a missing file, a refusal give IO with path and reason. "-" is standard input. */
bool    fr_file_open(fr_call *call, const char *path, fr_file *out) FR_MUST_USE;
void    fr_file_close(fr_file *file);
/* Read exactly n bytes at offset unless the file ends before; → bytes read, -1 with the failure recorded. EINTR
 * retried. */
int64_t fr_file_pread(fr_call *call, fr_file *file, void *bytes, size_t n, int64_t offset) FR_MUST_USE;
int64_t fr_file_read(fr_call *call, fr_file *file, void *bytes, size_t n) FR_MUST_USE;      /* for streams */
/* False with IO "changed while it was read" recorded when size or time of change differ from those at opening. */
bool    fr_file_unchanged(fr_call *call, fr_file *file) FR_MUST_USE;

/* Was a file operation interrupted, and shall it be tried again? False, with CANCELLED recorded, once the call is
 * cancelled:
 *     do result = vfs->stat(vfs->user, path, &found); while (fr_again(call, result)); */
bool    fr_again(fr_call *call, int64_t result);

/* A whole small file, as owned terminated text (limit in bytes → LIMIT); freed with fr_free(context, text, n + 1). */
bool    fr_file_slurp(fr_call *call, const char *path, size_t limit_bytes, char **text, size_t *n) FR_MUST_USE;

typedef struct fr_writer {
    fr_call *call;
    char    *path, *temporary;     /* owned; temporary NULL when streaming */
    int      handle;               /* -1: closed */
    bool     stdio, failed;
    bool     replaces;             /* the target exists: its mode is kept */
    uint32_t mode;
    char    *block;                /* owned write buffer */
    size_t   used;
    int64_t  written;              /* bytes so far */
    int64_t  flushed, unflushed;   /* bytes the disk was told of, and those behind them in the file */
    struct fr_early_sync *early;   /* owned; NULL while the file is short */
} fr_writer;

/* Opening removes temporaries of the same target that a process which is no more left behind over ten minutes ago. A
 * link as target stays a link; a target without any write permission is refused. After a failure: fr_writer_abort. */
/* "-" is standard output */
FR_PRIVATE bool fr_writer_open(fr_call *call, const char *path, fr_writer *out) FR_MUST_USE;
FR_PRIVATE bool fr_writer_write(fr_call *call, fr_writer *writer, const void *bytes, size_t n) FR_MUST_USE;
/* flush, fsync, rename, fsync directory */
FR_PRIVATE bool fr_writer_commit(fr_call *call, fr_writer *writer) FR_MUST_USE;
/* remove the temporary, free all; harmless (and not needed) after commit */
FR_PRIVATE void fr_writer_abort(fr_writer *writer);

#endif
