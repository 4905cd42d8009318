/* bucket_plan.c — counting bins, and making buckets and places of the counts (see bucket_plan.h). */
#include "kernel/bucket_plan.h"

#include "base/threads.h"

#include <string.h>

enum { LEAST_BUCKET = 1 << 13, MOST_BLOCKS = 64,
       LEAST_BLOCK = FR_BINS / 2 };        /* rows: with fewer, clearing and adding up its bins costs more than they do */

static size_t blocks_for(const fr_call *call, size_t n_rows)
{
    const size_t wanted = 4 * fr_worker_count(call), most = n_rows / LEAST_BLOCK + 1;
    const size_t n = wanted < MOST_BLOCKS ? wanted : MOST_BLOCKS;
    return n < most ? n : most;
}

static bool count_bins(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const fr_bucket_plan *p = state;
    uint32_t *counts = p->counts + block * FR_BINS;
    const size_t end = fr_bucket_block_end(p, block);
    memset(counts, 0, FR_BINS * sizeof *counts);
    for (size_t i = block * p->block_rows; i < end; i++) counts[p->keys[i] >> p->shift & (FR_BINS - 1)]++;
    return fr_go_on(call);
}

static size_t rows_of_bin(const fr_bucket_plan *p, size_t bin)
{
    size_t n = 0;
    for (size_t block = 0; block < p->n_blocks; block++) n += p->counts[block * FR_BINS + bin];
    return n;
}

/* Bins one after the other into buckets, a new one where the next bin would make it too large: two neighbours hold more
 * than `most`, so there are at most 2 n / most + 1. */
static void make_buckets(fr_bucket_plan *p)
{
    size_t at = 0, in_bucket = 0;
    for (size_t bin = 0; bin < FR_BINS; bin++) {
        const size_t n = rows_of_bin(p, bin);
        if (in_bucket && in_bucket + n > p->most) {
            p->begins[++p->n] = at;
            in_bucket = 0;
        }
        p->bucket_of[bin] = (uint16_t)p->n;
        in_bucket += n;
        at += n;
    }
    p->begins[++p->n] = at;
}

static void place_blocks(const fr_bucket_plan *p)
{
    for (size_t block = 0; block < p->n_blocks; block++) {
        size_t *places = p->places + block * FR_MOST_BUCKETS;
        memset(places, 0, FR_MOST_BUCKETS * sizeof *places);
        for (size_t bin = 0; bin < FR_BINS; bin++) places[p->bucket_of[bin]] += p->counts[block * FR_BINS + bin];
    }
    for (size_t k = 0; k < p->n; k++) {
        size_t at = p->begins[k];
        for (size_t block = 0; block < p->n_blocks; block++) {
            const size_t n = p->places[block * FR_MOST_BUCKETS + k];
            p->places[block * FR_MOST_BUCKETS + k] = at;
            at += n;
        }
    }
}

bool fr_bucket_plan_make(fr_call *call, fr_arena *arena, const uint64_t *keys, size_t n_rows, unsigned shift,
                         fr_bucket_plan *out)
{
    const size_t fair = n_rows / (FR_MOST_BUCKETS / 2 - 1) + 1;
    fr_bucket_plan p = { .keys = keys, .n_rows = n_rows, .shift = shift };
    p.most = fair > LEAST_BUCKET ? fair : LEAST_BUCKET;
    p.block_rows = n_rows / blocks_for(call, n_rows) + 1;
    p.n_blocks = fr_block_count(n_rows, p.block_rows);
    p.counts = fr_arena_array(call, arena, p.n_blocks * FR_BINS, sizeof *p.counts);
    p.bucket_of = fr_arena_array(call, arena, FR_BINS, sizeof *p.bucket_of);
    p.begins = fr_arena_array(call, arena, FR_MOST_BUCKETS + 1, sizeof *p.begins);
    p.places = fr_arena_array(call, arena, p.n_blocks * FR_MOST_BUCKETS, sizeof *p.places);
    if (!p.counts || !p.bucket_of || !p.begins || !p.places) return false;
    if (!fr_for_blocks(call, p.n_blocks, count_bins, &p)) return false;
    make_buckets(&p);
    place_blocks(&p);
    *out = p;
    return true;
}
