/* bucket_plan.c — counting bins, cutting large ones, and making buckets and places of the counts (see bucket_plan.h).
 *
 * Cuts are found by a sample, 64 keys for as many rows as a bucket may have, each of another stretch of rows. It is sorted
 * and walked from key to key, and cut where more than half of 64 came since the last cut: so a key that fills a bucket
 * alone is a cut, and what lies between two cuts fills half of one. Only the counts that follow are trusted: what the sample
 * missed is a bucket too large, as a bin would be that nobody cut.
 */
#include "kernel/bucket_plan.h"

#include "base/threads.h"
#include "kernel/radix_sort.h"

#include <string.h>

enum { LEAST_BUCKET = 1 << 13, MOST_BLOCKS = 64,
       LEAST_BLOCK = FR_BINS / 2,          /* rows: with fewer, clearing and adding up its bins costs more than they do */
       SAMPLES = 64 };                     /* of a bucket's rows */

static size_t blocks_for(const fr_call *call, size_t n_rows)
{
    const size_t wanted = 4 * fr_worker_count(call), most = n_rows / LEAST_BLOCK + 1;
    const size_t n = wanted < MOST_BLOCKS ? wanted : MOST_BLOCKS;
    return n < most ? n : most;
}

static size_t bin_of(const fr_bucket_plan *p, uint64_t key) { return key >> p->shift & (FR_BINS - 1); }

static bool count_bins(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const fr_bucket_plan *p = state;
    uint32_t *counts = p->counts + block * FR_BINS;
    const size_t end = fr_bucket_block_end(p, block);
    memset(counts, 0, FR_BINS * sizeof *counts);
    for (size_t i = block * p->block_rows; i < end; i++) counts[bin_of(p, p->keys[i])]++;
    return fr_go_on(call);
}

/* Of a bin, or of a part. */
static size_t rows_of(const fr_bucket_plan *p, const uint32_t *counts, size_t stride)
{
    size_t n = 0;
    for (size_t block = 0; block < p->n_blocks; block++) n += counts[block * stride];
    return n;
}

static size_t rows_of_bin(const fr_bucket_plan *p, size_t bin)
{
    return rows_of(p, p->counts + bin, FR_BINS);
}

/* ---- cuts -------------------------------------------------------------------------------------------------------- */
static size_t mark_large_bins(const fr_bucket_plan *p)
{
    size_t n = 0;
    for (size_t bin = 0; bin < FR_BINS; bin++)
        p->bucket_of[bin] = (uint16_t)(rows_of_bin(p, bin) > p->most ? FR_MOST_BUCKETS + n++ : 0);
    return n;
}

/* Keys of large bins, at most one of each stretch of rows, in their order. */
static size_t sample_keys(const fr_bucket_plan *p, size_t stretch, uint64_t *to, uint64_t *scratch)
{
    size_t n = 0;
    for (size_t at = 0; at + stretch <= p->n_rows; at += stretch) {
        const uint64_t key = p->keys[at + (at * 0x9e3779b97f4a7c15u >> 32) % stretch];
        if (fr_bucket_of(p, key) >= FR_MOST_BUCKETS) to[n++] = key;
    }
    fr_sort_keys(to, scratch, n);
    return n;
}

/* The keys that cut a bin, of the n that are its sample, over the first of these. */
static size_t choose_cuts(uint64_t *keys, size_t n)
{
    size_t n_cuts = 0, since = 0;
    for (size_t i = 0, next; i < n; i = next) {
        for (next = i + 1; next < n && keys[next] == keys[i];) next++;
        since += next - i;
        if (since <= SAMPLES / 2) continue;
        keys[n_cuts++] = keys[i];
        since = 0;
    }
    return n_cuts;
}

/* Every cut has a key: where the sample knows none, the lowest of its bin, which is the only one where bins are keys. */
static void begin_cuts(const fr_bucket_plan *p, uint64_t *lowest)
{
    for (size_t bin = 0; bin < FR_BINS; bin++) {
        if (p->bucket_of[bin] < FR_MOST_BUCKETS) continue;
        const size_t k = p->bucket_of[bin] - (size_t)FR_MOST_BUCKETS;
        lowest[k] = (uint64_t)bin << p->shift;
        p->cuts[k] = (fr_bin_cut){ .keys = &lowest[k], .n = 1 };
    }
}

static void cut_by_sample(fr_bucket_plan *p, uint64_t *sample, size_t n)
{
    for (size_t i = 0, next; i < n; i = next) {
        const size_t bin = bin_of(p, sample[i]);
        for (next = i + 1; next < n && bin_of(p, sample[next]) == bin;) next++;
        const size_t n_cuts = choose_cuts(sample + i, next - i);
        if (n_cuts) p->cuts[p->bucket_of[bin] - FR_MOST_BUCKETS] = (fr_bin_cut){ .keys = sample + i, .n = n_cuts };
    }
    for (size_t k = 0; k < p->n_cuts; k++) {
        p->cuts[k].first = p->n_parts;
        p->n_parts += 2 * p->cuts[k].n + 1;
    }
}

static bool count_parts(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const fr_bucket_plan *p = state;
    uint32_t *counts = p->part_counts + block * p->n_parts;
    const size_t end = fr_bucket_block_end(p, block);
    memset(counts, 0, p->n_parts * sizeof *counts);
    for (size_t i = block * p->block_rows; i < end; i++) {
        const size_t bucket = fr_bucket_of(p, p->keys[i]);
        if (bucket >= FR_MOST_BUCKETS) counts[fr_part_of(&p->cuts[bucket - FR_MOST_BUCKETS], p->keys[i])]++;
    }
    return fr_go_on(call);
}

static bool cut_large_bins(fr_call *call, fr_arena *arena, fr_bucket_plan *p)
{
    const size_t stretch = p->most / SAMPLES, n_stretches = p->n_rows / stretch;
    p->n_cuts = mark_large_bins(p);
    if (p->n_cuts == 0) return true;
    uint64_t *lowest = fr_arena_array(call, arena, p->n_cuts, sizeof *lowest);
    uint64_t *sample = fr_arena_array(call, arena, n_stretches, 2 * sizeof *sample);
    p->cuts = fr_arena_array(call, arena, p->n_cuts, sizeof *p->cuts);
    if (!lowest || !sample || !p->cuts) return false;
    begin_cuts(p, lowest);
    cut_by_sample(p, sample, sample_keys(p, stretch, sample, sample + n_stretches));
    p->part_counts = fr_arena_array(call, arena, p->n_blocks * p->n_parts, sizeof *p->part_counts);
    p->part_bucket = fr_arena_array(call, arena, p->n_parts, sizeof *p->part_bucket);
    return p->part_counts && p->part_bucket && fr_for_blocks(call, p->n_blocks, count_parts, p);
}

/* ---- buckets ----------------------------------------------------------------------------------------------------- */
typedef struct filling { fr_bucket_plan *plan; size_t at, in_bucket; } filling;

/* The next bin or part, into this bucket or a new one where it would make this one too large: two neighbours hold more
 * than `most`, so there are at most 2 n / most + 1. */
static uint16_t put_rows(filling *f, size_t n, bool same)
{
    fr_bucket_plan *p = f->plan;
    if (f->in_bucket && f->in_bucket + n > p->most) {
        p->begins[++p->n] = f->at;
        f->in_bucket = 0;
    }
    p->same[p->n] = same && n > p->most;
    f->in_bucket += n;
    f->at += n;
    return (uint16_t)p->n;
}

static void put_parts(filling *f, const fr_bin_cut *cut)
{
    const fr_bucket_plan *p = f->plan;
    for (size_t k = 0; k <= 2 * cut->n; k++) {
        const size_t part = cut->first + k;
        p->part_bucket[part] = put_rows(f, rows_of(p, p->part_counts + part, p->n_parts), k & 1);
    }
}

static void make_buckets(fr_bucket_plan *p)
{
    filling f = { .plan = p };
    for (size_t bin = 0; bin < FR_BINS; bin++)
        if (p->n_cuts && p->bucket_of[bin] >= FR_MOST_BUCKETS) put_parts(&f, &p->cuts[p->bucket_of[bin] - FR_MOST_BUCKETS]);
        else p->bucket_of[bin] = put_rows(&f, rows_of_bin(p, bin), false);
    p->begins[++p->n] = f.at;
}

static void count_block(const fr_bucket_plan *p, size_t block, size_t *rows)
{
    memset(rows, 0, FR_MOST_BUCKETS * sizeof *rows);
    for (size_t bin = 0; bin < FR_BINS; bin++)
        if (p->bucket_of[bin] < FR_MOST_BUCKETS) rows[p->bucket_of[bin]] += p->counts[block * FR_BINS + bin];
    for (size_t part = 0; part < p->n_parts; part++)
        rows[p->part_bucket[part]] += p->part_counts[block * p->n_parts + part];
}

static void place_blocks(const fr_bucket_plan *p)
{
    for (size_t block = 0; block < p->n_blocks; block++) count_block(p, block, p->places + block * FR_MOST_BUCKETS);
    for (size_t k = 0; k < p->n; k++) {
        size_t at = p->begins[k];
        for (size_t block = 0; block < p->n_blocks; block++) {
            const size_t n = p->places[block * FR_MOST_BUCKETS + k];
            p->places[block * FR_MOST_BUCKETS + k] = at;
            at += n;
        }
    }
}

bool fr_bucket_plan_make(fr_call *call, fr_arena *arena, const uint64_t *keys, size_t n_rows, unsigned shift, bool cuts,
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
    p.same = fr_arena_array(call, arena, FR_MOST_BUCKETS, sizeof *p.same);
    p.places = fr_arena_array(call, arena, p.n_blocks * FR_MOST_BUCKETS, sizeof *p.places);
    if (!p.counts || !p.bucket_of || !p.begins || !p.same || !p.places) return false;
    if (!fr_for_blocks(call, p.n_blocks, count_bins, &p)) return false;
    if (cuts && !cut_large_bins(call, arena, &p)) return false;
    make_buckets(&p);
    place_blocks(&p);
    *out = p;
    return true;
}
