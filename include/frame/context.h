/* context.h — everything the library takes from its surroundings, in one object.
 *
 * Memory, files, time, randomness, threads and limits are never taken from globals: they come from a context. Readers
 * and constructors take `.context`; a result inherits its first input's; verbs never name one. NULL means the process's
 * default context. Two threads with different contexts do not meet.
 */
#ifndef FRAME_CONTEXT_H
#define FRAME_CONTEXT_H

#include <frame/base.h>

FR_BEGIN_DECLS

/* ---- memory ----------------------------------------------------------------------------------------------------- */
/* All of the library's memory passes through these three, from any of its threads. `align` is a power of two ≥ 16. resize may
 * move the block; NULL of alloc or resize means that there is no memory, and ends the work with a MEMORY error. */
typedef struct fr_allocator {
    uint32_t size_;
    uint32_t pad_;
    void *user;
    void *(*alloc)(void *user, size_t size, size_t align);                                       /* NULL: no memory   */
    void *(*resize)(void *user, void *block, size_t old_size, size_t new_size, size_t align);    /* NULL: the same,   */
                                                                                                 /* block unchanged   */
    void  (*free)(void *user, void *block, size_t size, size_t align);
} fr_allocator;

/* ---- files ------------------------------------------------------------------------------------------------------ */
typedef struct fr_file_stat {
    int64_t  size_bytes;      /* -1 for pipes                                                                         */
    int64_t  modified_ns;     /* since 1970                                                                           */
    uint64_t inode;           /* its number on the device                                                             */
    uint64_t device;          /* 0: not known                                                                         */
    uint32_t mode;            /* permission bits                                                                      */
    uint32_t kind;            /* fr_file_kind                                                                         */
} fr_file_stat;

typedef enum fr_file_kind { FR_FILE_REGULAR, FR_FILE_DIRECTORY, FR_FILE_STREAM, FR_FILE_OTHER } fr_file_kind;

typedef enum fr_open_flags {
    FR_OPEN_READ      = 0,
    FR_OPEN_WRITE     = 1,     /* for writing                                                                         */
    FR_OPEN_CREATE    = 2,     /* create if absent                                                                    */
    FR_OPEN_EXCLUSIVE = 4,     /* fail if present                                                                     */
    FR_OPEN_TRUNCATE  = 8,
    FR_OPEN_DIRECTORY = 16,    /* to fsync a directory                                                                */
} fr_open_flags;

/* Every touch of the file system. Functions return ≥ 0 for success and -errno for failure. The handles 0 and 1 are the
 * process's standard input and output, open from the start. list calls each for every name but . and .. until it says
 * false. */
typedef struct fr_vfs {
    uint32_t size_;
    uint32_t pad_;
    void *user;
    int     (*open)(void *user, const char *path, uint32_t flags, uint32_t mode);                /* → handle          */
    int64_t (*read)(void *user, int handle, void *bytes, size_t n);
    int64_t (*pread)(void *user, int handle, void *bytes, size_t n, int64_t offset);
    int64_t (*write)(void *user, int handle, const void *bytes, size_t n);
    int64_t (*pwrite)(void *user, int handle, const void *bytes, size_t n, int64_t offset);
    int     (*fsync)(void *user, int handle);
    int     (*close)(void *user, int handle);
    int     (*stat)(void *user, const char *path, fr_file_stat *out);
    int     (*fstat)(void *user, int handle, fr_file_stat *out);
    int     (*rename)(void *user, const char *from, const char *to);
    int     (*unlink)(void *user, const char *path);
    int     (*mkdir)(void *user, const char *path, uint32_t mode);
    int     (*list)(void *user, const char *path, bool (*each)(void *state, const char *name), void *state);
    /* these three may be NULL: a file then keeps the mode it was opened with, no path is a symbolic link, and all the writing
     * to the disk is left to fsync */
    int     (*chmod)(void *user, int handle, uint32_t mode);
    /* → length, not terminated; -EINVAL: no link */
    int64_t (*readlink)(void *user, const char *path, char *text, size_t n);
    /* written bytes may go to the disk now: a hint, does not wait; fsync then may also come from a thread of the library */
    void    (*flush)(void *user, int handle, int64_t offset, int64_t n);
} fr_vfs;

/* ---- limits: 0 in a field of fr_context_args means the default --------------------------------------------------- */
typedef struct fr_limits {
    uint64_t memory_bytes;        /* budget of live bytes; default FRAME_MEMORY in the environment (from 16 MiB on),  */
                                  /* else 80 % of the cgroup's or machine's memory                                    */
    uint64_t field_bytes;         /* one text field, one record of a file; default 256 MiB                            */
    uint64_t columns;             /* default 100,000                                                                  */
    uint64_t rows;                /* default 2^62                                                                     */
    uint64_t expansion_ratio;     /* decompressed ÷ compressed after the first 64 MiB; default 1,000                  */
    uint64_t expression_nodes;    /* default 10,000                                                                   */
    uint64_t nesting;             /* depth of expressions, types and documents; default 512                           */
    uint64_t join_rows;           /* rows of one join's result; default 2^40                                          */
} fr_limits;

typedef struct fr_context_args {
    uint32_t size_;
    uint32_t threads;                                          /* 0: FRAME_THREADS, else the CPUs this process has    */
    const fr_allocator *allocator;                             /* copied; NULL: libc                                  */
    const fr_vfs       *vfs;                                   /* copied; NULL: POSIX                                 */
    fr_limits           limits;
    int64_t           (*clock_ns)(void *user);                 /* NULL: the system's real-time clock                  */
    void               *clock_user;
    uint64_t            seed;                                  /* 0: FRAME_SEED, else one drawn at start              */
    int64_t             deadline_ns;                           /* 0: none; else on the clock above                    */
    /* at most ten times a second, from any thread, never from two at once; share in 0…1, -1 when unknown */
    void              (*progress)(void *user, const char *what, double share);
    void               *progress_user;
    uint64_t            chunk_rows;                            /* tests only: rows of a parallel block; 0: default    */
    uint64_t            chunk_bytes;                           /* tests only: bytes of a reader's chunk; 0: default   */
} fr_context_args;

/** Set `args` to the defaults of this header's version (for C++ and foreign callers). Cost O(1). */
FR_API void fr_context_args_init(fr_context_args *args);

/**
 * Make a context.
 *
 * Nulls    args may be NULL: all defaults.
 * Cost     O(1).
 * Returns  a new context the caller owns, in error state when an argument is wrong.
 * Errors   ARGUMENT when a vtable lacks a function.
 */
FR_API fr_context *fr_context_make(const fr_context_args *args);
#ifndef __cplusplus
#define fr_context_new(...) fr_context_make(&(fr_context_args){ .size_ = sizeof(fr_context_args), __VA_ARGS__ })
#endif

/** Ask everything that runs under `context` to stop within 50 ms, for good; safe from any thread and from a signal
 * handler.
 *  Nulls: the default context. Cost O(1). */
FR_API void fr_context_cancel(fr_context *context);

/** Whether fr_context_cancel was called: what a host's own loops under `context` ask now and then.
 *  Nulls: the default context. Cost O(1). */
FR_API bool fr_context_cancelled(const fr_context *context);

/** Number of threads work under this context uses. Nulls: the default context. Cost O(1). */
FR_API uint32_t fr_context_threads(const fr_context *context);

/** Live bytes allocated under this context, and the most there ever were. Nulls: the default context. Cost O(1). */
FR_API uint64_t fr_context_live_bytes(const fr_context *context);
FR_API uint64_t fr_context_peak_bytes(const fr_context *context);

FR_END_DECLS

#endif
