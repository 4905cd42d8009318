/* bucket_plan.h — how many rows go to which bucket, and where, by the leading bits of their keys.
 *
 * The leading 16 bits of the keys are counted, neighbouring counts (bins) are put together into at most 1024 buckets of
 * about the same number of rows: floats crowd in few of the leading bits. Blocks of rows each have a place for their
 * rows of a bucket, block after block, so that blocks are written in parallel and the order of rows is kept.
 *
 *     bins 0 0 900 80 0 40 …     buckets of at most 1000     bin → bucket  0 0 0 0 0 1 …
 *
 * A bin of more rows than a bucket should have holds a frequent key, or keys that crowd. A sample of its keys says where to
 * cut it: into what is below a key of the sample, equal to it, above it and below the next one … The parts are counted and
 * put together as bins are, and a frequent key is a bucket of its own, whose rows need no sorting:
 *
 *     bin 3 of 5000, 4000 of them 77     parts  below 77: 600   77: 4000   above: 400     → three buckets
 */
#ifndef FR_KERNEL_BUCKET_PLAN_H
#define FR_KERNEL_BUCKET_PLAN_H

#include "base/memory.h"

enum { FR_BIN_BITS = 16, FR_BINS = 1 << FR_BIN_BITS, FR_MOST_BUCKETS = 1024 };

typedef struct fr_bin_cut {                /* part 2 k: keys below keys[k], and above the one before; 2 k + 1: equal to it */
    const uint64_t *keys;                  /* [n], rising */
    size_t          n, first;              /* its parts are first … first + 2 n of all cuts' */
} fr_bin_cut;

typedef struct fr_bucket_plan {
    const uint64_t *keys;                  /* borrowed */
    size_t          n_rows, n_blocks, block_rows;
    size_t          n, most;               /* n buckets of at most `most` rows, unless they are one bin, or part of one */
    unsigned        shift;                 /* key >> shift, without bits above: its bin */
    uint32_t       *counts;                /* [block][bin] */
    uint16_t       *bucket_of;             /* [bin]; FR_MOST_BUCKETS + k: see cuts[k] */
    fr_bin_cut     *cuts;
    size_t          n_cuts, n_parts;
    uint32_t       *part_counts;           /* [block][part] */
    uint16_t       *part_bucket;           /* [part] */
    bool           *same;                  /* [n]: has more than `most` rows, and they have one key */
    size_t         *begins;                /* [n + 1] */
    size_t         *places;                /* [block][FR_MOST_BUCKETS]: where the block's next row of a bucket goes */
} fr_bucket_plan;

/* For keys whose bits above shift + 16 are the same in all; tables are the arena's. parallel: blocks. `cuts`: large bins are
 * cut, and fr_bucket_of_cut tells buckets then. */
bool fr_bucket_plan_make(fr_call *call, fr_arena *arena, const uint64_t *keys, size_t n_rows, unsigned shift, bool cuts,
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
/* Which of a cut's parts: without a branch but the loop's, which mostly is not entered. */
static inline size_t fr_part_of(const fr_bin_cut *cut, uint64_t key)
{
    const uint64_t *keys = cut->keys;
    for (size_t left = cut->n, half; left > 1; left -= half) {
        half = left / 2;
        keys += keys[half - 1] < key ? half : 0;
    }
    return cut->first + 2 * (size_t)(keys - cut->keys) + (*keys <= key) + (*keys < key);
}
static inline size_t fr_bucket_of_cut(const fr_bucket_plan *plan, uint64_t key)
{
    const size_t bucket = fr_bucket_of(plan, key);
    return bucket < FR_MOST_BUCKETS ? bucket : plan->part_bucket[fr_part_of(&plan->cuts[bucket - FR_MOST_BUCKETS], key)];
}
static inline size_t fr_bucket_rows(const fr_bucket_plan *plan, size_t bucket)
{
    return plan->begins[bucket + 1] - plan->begins[bucket];
}

#endif
