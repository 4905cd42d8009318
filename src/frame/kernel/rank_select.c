/* rank_select.c — rounds of counting and gathering (see rank_select.h). */
#include "kernel/rank_select.h"

#include "base/buffer.h"
#include "base/threads.h"
#include "kernel/bits.h"
#include "kernel/range.h"

#include <string.h>

enum { SMALL = 48,                         /* so few are sorted by insertion … */
       TINY = 16,                          /* … and of so few each is compared with all, which needs no branch */
       SERIAL_BITS = 8, PARALLEL_BITS = 12,
       MANY = 1 << 17,                     /* from so many keys on threads share a round */
       BLOCK_KEYS = 1 << 17 };

typedef struct key_range { uint64_t low, high; } key_range;

static key_range range_of(const uint64_t *keys, size_t n)
{
    fr_range r = { 0 };
    FR_ISA_PICK(fr_range_kernels)->fold[FR_RANGE_U64](&r, keys, NULL, (int64_t)n);
    return (key_range){ r.min.u, r.max.u };
}

/* (key - low) >> shift is below 2^bits */
static unsigned shift_of(key_range r, unsigned bits)
{
    const uint64_t width = r.high - r.low;
    const unsigned used = fr_bit_length(width);
    return used > bits ? used - bits : 0;
}

/* The bin that holds the rank, which becomes the rank within the bin. */
static size_t bin_of_rank(const uint64_t *counts, uint64_t *rank)
{
    size_t bin = 0;
    for (; *rank >= counts[bin]; bin++) *rank -= counts[bin];
    return bin;
}

static uint64_t by_insertion(const uint64_t *keys, size_t n, uint64_t rank)
{
    uint64_t sorted[SMALL] = { 0 };
    for (size_t i = 0; i < n; i++) {
        size_t at = i;
        for (; at > 0 && sorted[at - 1] > keys[i]; at--) sorted[at] = sorted[at - 1];
        sorted[at] = keys[i];
    }
    return sorted[rank];
}

/* The key that has at most `rank` keys below it, and more that are not above it. */
static uint64_t by_counting(const uint64_t *keys, size_t n, uint64_t rank)
{
    for (size_t i = 0; i + 1 < n; i++) {
        const uint64_t key = keys[i];
        uint64_t below = 0, not_above = 0;
        for (size_t k = 0; k < n; k++) {
            below += keys[k] < key;
            not_above += keys[k] <= key;
        }
        if (below <= rank && rank < not_above) return key;
    }
    return keys[n - 1];
}

static size_t gather_bin(const uint64_t *keys, size_t n, key_range r, unsigned shift, size_t bin, uint64_t *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        out[kept] = keys[i];
        kept += (keys[i] - r.low) >> shift == bin;
    }
    return kept;
}

uint64_t fr_key_at_rank(const uint64_t *keys, size_t n, uint64_t rank, uint64_t *scratch)
{
    while (n > SMALL) {
        const key_range r = range_of(keys, n);
        if (r.low == r.high) return r.low;
        const unsigned shift = shift_of(r, SERIAL_BITS);
        uint64_t counts[1 << SERIAL_BITS] = { 0 };
        for (size_t i = 0; i < n; i++) counts[(keys[i] - r.low) >> shift]++;
        n = gather_bin(keys, n, r, shift, bin_of_rank(counts, &rank), scratch);
        keys = scratch;
    }
    return n <= TINY ? by_counting(keys, n, rank) : by_insertion(keys, n, rank);
}

/* How many keys are not above a key, and the lowest that is. */
typedef struct above { uint64_t not_above, next; } above;

static above above_key(const uint64_t *keys, size_t n, uint64_t key)
{
    above a = { 0, UINT64_MAX };
    for (size_t i = 0; i < n; i++) {
        a.not_above += keys[i] <= key;
        a.next = keys[i] > key && keys[i] < a.next ? keys[i] : a.next;
    }
    return a;
}

uint64_t fr_key_after_rank(const uint64_t *keys, size_t n, uint64_t key, uint64_t rank)
{
    const above a = above_key(keys, n, key);
    return a.not_above > rank + 1 ? key : a.next;
}

/* ---- with all threads -------------------------------------------------------------------------------------------- */
typedef struct round_job {
    const uint64_t *keys;
    size_t          n, n_blocks, bin;
    key_range       range;
    key_range      *ranges;                /* by block */
    unsigned        shift;
    uint32_t       *counts;                /* [block][bin] */
    uint64_t       *places;                /* by block: where its candidates go */
    uint64_t       *out;
} round_job;

static const uint64_t *keys_of_block(const round_job *job, size_t block, size_t *n)
{
    const size_t begin = block * BLOCK_KEYS;
    *n = job->n - begin < BLOCK_KEYS ? job->n - begin : BLOCK_KEYS;
    return job->keys + begin;
}

static bool range_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)call, (void)worker;
    const round_job *job = state;
    size_t n;
    const uint64_t *keys = keys_of_block(job, block, &n);
    job->ranges[block] = range_of(keys, n);
    return true;
}

static bool count_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const round_job *job = state;
    size_t n;
    const uint64_t *keys = keys_of_block(job, block, &n);
    uint32_t *counts = job->counts + (block << PARALLEL_BITS);
    if (!fr_go_on(call)) return false;
    memset(counts, 0, sizeof *counts << PARALLEL_BITS);
    for (size_t i = 0; i < n; i++) counts[(keys[i] - job->range.low) >> job->shift]++;
    return true;
}

/* Blocks write side by side, so nothing may be written beyond what is kept. */
static bool gather_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)call, (void)worker;
    const round_job *job = state;
    size_t n, kept = 0;
    const uint64_t *keys = keys_of_block(job, block, &n);
    uint64_t *out = job->out + job->places[block];
    for (size_t i = 0; i < n; i++)
        if ((keys[i] - job->range.low) >> job->shift == job->bin) out[kept++] = keys[i];
    return true;
}

static void join_ranges(round_job *job)
{
    job->range = job->ranges[0];
    for (size_t k = 1; k < job->n_blocks; k++) {
        if (job->ranges[k].low < job->range.low) job->range.low = job->ranges[k].low;
        if (job->ranges[k].high > job->range.high) job->range.high = job->ranges[k].high;
    }
}

/* → candidates of the bin, each block's place among them */
static size_t place_candidates(round_job *job, uint64_t *rank)
{
    uint64_t sums[1 << PARALLEL_BITS] = { 0 };
    for (size_t k = 0; k < job->n_blocks; k++)
        for (size_t bin = 0; bin < (size_t)1 << PARALLEL_BITS; bin++)
            sums[bin] += job->counts[(k << PARALLEL_BITS) + bin];
    job->bin = bin_of_rank(sums, rank);
    uint64_t place = 0;
    for (size_t k = 0; k < job->n_blocks; k++) {
        job->places[k] = place;
        place += job->counts[(k << PARALLEL_BITS) + job->bin];
    }
    return (size_t)place;
}

/* One round: *candidates, of *n keys, take the place of the keys. NULL when all keys are equal (range.low). */
static bool play_round(fr_call *call, round_job *job, uint64_t *rank, fr_buffer **candidates, size_t *n)
{
    if (!fr_for_blocks(call, job->n_blocks, range_block, job)) return false;
    join_ranges(job);
    if (job->range.low == job->range.high) return true;
    job->shift = shift_of(job->range, PARALLEL_BITS);
    if (!fr_for_blocks(call, job->n_blocks, count_block, job)) return false;
    *n = place_candidates(job, rank);
    *candidates = fr_buffer_array(call, *n, sizeof(uint64_t));
    if (!*candidates) return false;
    job->out = (*candidates)->data;
    return fr_for_blocks(call, job->n_blocks, gather_block, job);
}

/* The rounds that threads share; *kept holds the candidates that are left (NULL: the keys themselves). */
static bool narrow_down(fr_call *call, round_job *job, uint64_t *rank, fr_buffer **kept, bool *equal)
{
    while (job->n >= MANY) {
        FR_CLEANUP(fr_drop_buffer) fr_buffer *candidates = NULL;
        size_t n = 0;
        job->n_blocks = fr_block_count(job->n, BLOCK_KEYS);
        if (!play_round(call, job, rank, &candidates, &n)) return false;
        *equal = !candidates;
        if (*equal) return true;
        fr_buffer *before = *kept;
        *kept = candidates;
        candidates = before;
        job->keys = (*kept)->data;
        job->n = n;
    }
    return true;
}

bool fr_key_at_rank_parallel(fr_call *call, const uint64_t *keys, size_t n, uint64_t rank, uint64_t *found)
{
    const size_t n_blocks = fr_block_count(n, BLOCK_KEYS);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *ranges = fr_buffer_array(call, n_blocks, sizeof(key_range));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = fr_buffer_array(call, n_blocks << PARALLEL_BITS, sizeof(uint32_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *places = fr_buffer_array(call, n_blocks, sizeof(uint64_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *kept = NULL;
    if (!ranges || !counts || !places) return false;
    round_job job = { .keys = keys, .n = n, .ranges = ranges->data, .counts = counts->data, .places = places->data };
    bool equal = false;
    if (!narrow_down(call, &job, &rank, &kept, &equal)) return false;
    if (equal) {
        *found = job.range.low;
        return true;
    }
    FR_CLEANUP(fr_drop_buffer) fr_buffer *scratch = fr_buffer_array(call, job.n, sizeof(uint64_t));
    if (!scratch) return false;
    *found = fr_key_at_rank(job.keys, job.n, rank, scratch->data);
    return true;
}

/* ---- one pass with all threads ----------------------------------------------------------------------------------- */
typedef struct pass_job {
    const uint64_t *keys;
    size_t          n;
    uint64_t        key;
    above          *found;                 /* by block; `next` of the highest: the highest */
} pass_job;

static bool above_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const pass_job *job = state;
    const size_t begin = block * BLOCK_KEYS, n = job->n - begin < BLOCK_KEYS ? job->n - begin : BLOCK_KEYS;
    job->found[block] = above_key(job->keys + begin, n, job->key);
    return fr_go_on(call);
}

static bool highest_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const pass_job *job = state;
    const size_t begin = block * BLOCK_KEYS, n = job->n - begin < BLOCK_KEYS ? job->n - begin : BLOCK_KEYS;
    job->found[block].next = range_of(job->keys + begin, n).high;
    return fr_go_on(call);
}

bool fr_key_after_rank_parallel(fr_call *call, const uint64_t *keys, size_t n, fr_ranked_key at, uint64_t *found)
{
    const size_t n_blocks = fr_block_count(n, BLOCK_KEYS);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *blocks = fr_buffer_array(call, n_blocks, sizeof(above));
    pass_job job = { .keys = keys, .n = n, .key = at.key, .found = blocks ? blocks->data : NULL };
    if (!blocks || !fr_for_blocks(call, n_blocks, above_block, &job)) return false;
    above all = { 0, UINT64_MAX };
    for (size_t k = 0; k < n_blocks; k++) {
        all.not_above += job.found[k].not_above;
        all.next = job.found[k].next < all.next ? job.found[k].next : all.next;
    }
    *found = all.not_above > at.rank + 1 ? at.key : all.next;
    return true;
}

bool fr_key_highest_parallel(fr_call *call, const uint64_t *keys, size_t n, uint64_t *found)
{
    const size_t n_blocks = fr_block_count(n, BLOCK_KEYS);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *blocks = fr_buffer_array(call, n_blocks, sizeof(above));
    pass_job job = { .keys = keys, .n = n, .found = blocks ? blocks->data : NULL };
    if (!blocks || !fr_for_blocks(call, n_blocks, highest_block, &job)) return false;
    *found = 0;
    for (size_t k = 0; k < n_blocks; k++) *found = job.found[k].next > *found ? job.found[k].next : *found;
    return true;
}
