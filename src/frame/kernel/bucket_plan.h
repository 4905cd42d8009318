/* bucket_plan.h — how many rows go to which bucket, and where, by the leading bits of their keys.
 *
 * The leading 16 bits of the keys are counted, neighbouring counts (bins) are put together into at most 1024 buckets of
 * about the same number of rows: floats crowd in few of the leading bits. Blocks of rows each have a place for their
 * rows of a bucket, block after block, so that blocks are written in parallel and the order of rows is kept.
 *
 *     bins 0 0 900 80 0 40 …     buckets of at most 1000     bin → bucket  0 0 0 0 0 1 …
 */
#ifndef FR_KERNEL_BUCKET_PLAN_H
#define FR_KERNEL_BUCKET_PLAN_H

#include "base/memory.h"

enum { FR_BIN_BITS = 16, FR_BINS = 1 << FR_BIN_BITS, FR_MOST_BUCKETS = 1024 };

typedef struct fr_bucket_plan {
    const uint64_t *keys;                  /* borrowed */
    size_t          n_rows, n_blocks, block_rows;
    size_t          n, most;               /* n buckets of at most `most` rows, unless they are one bin */
    unsigned        shift;                 /* key >> shift, without bits above: its bin */
    uint32_t       *counts;                /* [block][bin] */
    uint16_t       *bucket_of;             /* [bin] */
    size_t         *begins;                /* [n + 1] */
    size_t         *places;                /* [block][FR_MOST_BUCKETS]: where the block's next row of a bucket goes */
} fr_bucket_plan;

/* For keys whose bits above shift + 16 are the same in all; tables are the arena's. parallel: blocks. */
bool fr_bucket_plan_make(fr_call *call, fr_arena *arena, const uint64_t *keys, size_t n_rows, unsigned shift,
                         fr_bucket_plan *out) FR_MUST_USE;

static inline size_t fr_bucket_block_end(const fr_bucket_plan *plan, size_t block)
{
    const size_t end = (block + 1) * plan->block_rows;
    return end < plan->n_rows ? end : plan->n_rows;
}
static inline size_t fr_bucket_of(const fr_bucket_plan *plan, uint64_t key)
{
    return plan->bucket_of[key >> plan->shift & (FR_BINS - 1)];
}
static inline size_t fr_bucket_rows(const fr_bucket_plan *plan, size_t bucket)
{
    return plan->begins[bucket + 1] - plan->begins[bucket];
}

#endif
