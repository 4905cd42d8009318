/* context_state.h — the inside of fr_context, and raw allocation under it.
 *
 * What may be slow to find out (CPU quota, memory limit, a random seed) is found out on first use and remembered in an
 * atomic; the process's default context is constant-initialised, so using it costs nothing at start.
 */
#ifndef FR_BASE_CONTEXT_STATE_H
#define FR_BASE_CONTEXT_STATE_H

#include "base/object.h"

struct fr_context {
    fr_object         object;           /* object.context is NULL: a context is its own                               */
    fr_allocator      allocator;
    fr_vfs            vfs;
    fr_limits         limits;           /* as given; 0 = default, see fr_context_limits                               */
    int64_t         (*clock_ns)(void *user);
    void             *clock_user;
    int64_t           deadline_ns;
    void            (*progress)(void *user, const char *what, double share);
    void             *progress_user;
    uint64_t          chunk_rows, chunk_bytes;
    bool              own_allocator;    /* the user's: no buffer pool, so that every block is seen                    */

    _Atomic(uint32_t) threads;          /* 0 until asked                                                              */
    _Atomic(uint64_t) seed;             /* 0 until asked                                                              */
    _Atomic(uint64_t) memory_limit;     /* 0 until asked                                                              */
    _Atomic(int64_t)  progress_at_ns;   /* when progress was last reported                                            */
    atomic_flag       reporting;        /* held while the progress callback runs                                      */
    atomic_bool       cancelled;

    _Alignas(64) _Atomic(uint64_t) live_bytes;
    _Atomic(uint64_t) peak_bytes;
};

extern const fr_class fr_context_class;

fr_context *fr_context_default(void);              /* immortal                                                       */
void        fr_context_destroy(fr_context *context);   /* by the last fr_object_unref                                */

/* Limits with the defaults filled in. memory_bytes asks the machine on first use. */
fr_limits fr_context_limits(fr_context *context);
FR_PRIVATE uint64_t fr_context_seed(fr_context *context);    /* for hashing: never shows in a result                           */
int64_t   fr_context_now(const fr_context *context);

/* The budget: reserve counts bytes as live and says whether that stays within it; release gives them back. Whoever may
 * not fail for lack of budget (error records) passes force. */
bool fr_context_reserve(fr_context *context, size_t bytes, bool force) FR_MUST_USE;
void fr_context_unreserve(fr_context *context, size_t bytes);

/* A block from the context's allocator, counted, outside the budget, not zeroed; NULL when there is no memory. */
void *fr_context_alloc(fr_context *context, size_t size, size_t align) FR_MUST_USE;
void  fr_context_release(fr_context *context, void *block, size_t size, size_t align);

/* Blocks within the budget, failures recorded in the call. Large ones come from the buffer pool, in its size classes,
 * unless the context has an allocator of its own: fr_block_bytes says what a block of `size` really takes (0: too
 * large). take and resize are asked for, and give is told, exactly that number. */
size_t fr_block_bytes(const fr_context *context, size_t size);
typedef enum fr_block_use { FR_BLOCK_IN_ORDER, FR_BLOCK_SCATTERED } fr_block_use;   /* fr_pool_take, fr_pool_take_huge */
/* zero: in: is zeroed memory wanted; out: is it known to be zero. */
void  *fr_block_take(fr_call *call, size_t bytes, size_t align, fr_block_use use, bool *zero) FR_MUST_USE;
/* Contents are kept; NULL leaves the old block as it was. */
void  *fr_block_resize(fr_call *call, void *block, size_t old_bytes, size_t old_align, size_t new_bytes,
                       size_t new_align)
    FR_MUST_USE;
void   fr_block_give(fr_context *context, void *block, size_t bytes, size_t align);

/* libc behind the allocator interface */
void *fr_libc_alloc(void *user, size_t size, size_t align);
void *fr_libc_resize(void *user, void *block, size_t old_size, size_t new_size, size_t align);
void  fr_libc_free(void *user, void *block, size_t size, size_t align);
#define FR_LIBC_ALLOCATOR \
    { .size_ = sizeof(fr_allocator), .alloc = fr_libc_alloc, .resize = fr_libc_resize, .free = fr_libc_free }
extern const fr_allocator fr_libc_allocator;

#endif
