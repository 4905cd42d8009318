/* threads.h — one persistent pool; loops over fixed blocks.
 *
 * Work is cut by the data (block numbers), never by the number of threads; workers draw block numbers from a counter
 * and the caller takes part. Results go to places that belong to a block; whoever needs one answer merges the blocks in
 * order. Nested loops run inline. The pool survives fork (the child makes its own), starts on first use, and spins
 * briefly before it sleeps. A loop of a step that works on little (fr_call.is_little) is the caller's alone until it has
 * taken longer than waking a thread does.
 */
#ifndef FR_BASE_THREADS_H
#define FR_BASE_THREADS_H

#include "base/call.h"

/* Rows of a parallel block. Constant, so that float results do not depend on the machine; a test context may change
 * it. */
#define FR_BLOCK_ROWS 65536
size_t fr_block_rows(const fr_call *call);             /* FR_BLOCK_ROWS, or the context's chunk_rows */
static inline size_t fr_block_count(size_t n_rows, size_t block_rows) { return (n_rows + block_rows - 1) / block_rows; }

/* Work on one block. Return false after recording a failure in `call`: no new blocks are started. `worker` is smaller
 * than fr_worker_count(call), and no two running tasks share one: use it to index scratch memory, nothing else. */
typedef bool fr_block_fn(fr_call *call, void *state, size_t block, size_t worker);

/* Run fn for blocks 0 … n_blocks-1 on the pool; true when all succeeded. Blocks that are started finish. When several
 * fail, the failure of the lowest block is the one kept. n_blocks 0 is fine; 1 runs inline. */
FR_PRIVATE bool fr_for_blocks(fr_call *call, size_t n_blocks, fr_block_fn *fn, void *state) FR_MUST_USE;
/* The same for blocks of about n_values values in all, a nanosecond or two each: few of them are the caller's alone,
 * since waking a thread, and waiting for it, costs as much as thousands. */
bool fr_for_blocks_of(fr_call *call, size_t n_values, size_t n_blocks, fr_block_fn *fn, void *state) FR_MUST_USE;
FR_PRIVATE size_t fr_worker_count(const fr_call *call);

#endif
