/* buffer_pool.h — large blocks in huge pages, kept for reuse.
 *
 * Fresh memory from the kernel costs a fault and a clearing per page (measured: 540 MB of output = 174 ms in 4 KiB
 * pages, 51 ms in huge ones, nothing when recycled). Blocks given back are kept up to a share of the machine's memory
 * and handed out again, whole or their pages; what nobody took for some seconds goes back to the kernel.
 */
#ifndef FR_BASE_BUFFER_POOL_H
#define FR_BASE_BUFFER_POOL_H

#include "base/compiler.h"

/* Sanitizers must see every block die: there the pool is not used. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FR_POOL_OFF 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define FR_POOL_OFF 1
#endif
#endif
#ifndef FR_POOL_OFF
#define FR_POOL_OFF 0
#endif

/* Smaller blocks are libc's. It gives freed blocks from 128 KiB on, and what is free at the end of its heap, back to the
 * kernel, so tables of 10,000 to 10^6 rows were made of fresh pages again and again. CPU ms at 10^5 rows, busy machine:
 * sort of nine columns 4.4 -> 2.5, g9 1.7 -> 0.8, a join 1.4 -> 0.5. */
#define FR_POOL_MIN_BYTES ((size_t)1 << 16)

/* The size class a block of `size` bytes is served from: eight an octave from 64 KiB. 0 when too large. */
size_t fr_pool_class(size_t size);

/* A block of exactly `bytes` (a size class). *zeroed: in: is zeroed memory wanted; out: is it known to be zero. NULL: no
 * memory. */
void  *fr_pool_take(size_t bytes, bool *zeroed);
/* The same, in huge pages even where they are slow to come: for what is read or written in no order. */
void  *fr_pool_take_huge(size_t bytes, bool *zeroed);
void   fr_pool_give(void *block, size_t bytes);
/* Move a block to another size class keeping its contents; NULL leaves it as it was. */
void  *fr_pool_move(void *block, size_t old_bytes, size_t new_bytes);

/* Return to the kernel what was not asked for in the last max_age_ns (0: everything). → bytes still kept. */
size_t fr_pool_trim(int64_t max_age_ns);

/* How long a fresh huge page may take before small ones are used; below 0: the first -1 - ns of a block come quickly, the
 * others do not; → before. For tests. */
int64_t fr_pool_set_patience(int64_t ns);
/* The memory of the machine, of which the pool keeps a quarter at most; → before. For tests. */
size_t  fr_pool_set_memory(size_t bytes);

/* For fork: take and give back the pool's lock. */
void fr_pool_lock(void);
void fr_pool_unlock(void);

#endif
