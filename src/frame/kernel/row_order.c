/* row_order.c — one pass through memory into buckets that fit the cache, then each by itself (see row_order.h).
 *
 * Every key and its row go to a bucket (kernel/bucket_plan.h). Writing to a thousand places at once is slow, so each
 * worker gathers lines for a bucket, which are written whole and past the caches. A bucket is sorted in the cache
 * (kernel/bucket_sort.h) by numbers that hold what its keys do not share and a place each; then its rows move.
 *
 *     keys 57 bits, 10^7 rows     1: 16 bits to 1000 buckets of 10^4 rows     2: 2 digits of 10 bits     3: neighbours
 *
 * A key of many rows is a bucket of its own and needs no sorting. Where keys crowd so that a bucket is too large nevertheless,
 * fr_sort_rows sorts it by the bits that are left, with all threads.
 */
#include "kernel/row_order.h"

#include "base/memory.h"
#include "base/threads.h"
#include "kernel/bits.h"
#include "kernel/bucket_plan.h"
#include "kernel/bucket_sort.h"
#include "kernel/stream.h"
#include "kernel/together.h"

#include <string.h>

enum { MOST_ROW_BITS = 40,                 /* a row of a bucket then has 32 bits at most */
       FEW_KEY_BITS = 22,                  /* two digits of fr_sort_rows */
       FEW_DEALT_BITS = 5,                 /* with fewer keys than 32 the next row of a key is near: columns are read on */
       LEAST_ROWS = 1 << 15,
       LINE = 16,                          /* keys and rows gathered before they are written: 128 and 64 bytes */
       BIG_BLOCK = 1 << 16,
       MOST_TIED = 1 << 18 };              /* rows of one key whose order may change: 2 or 4 MB of records a worker */

typedef struct packing {
    const uint64_t *keys;                  /* by row */
    fr_row_array    rows;
    uint64_t       *ties;
    fr_bucket_plan  plan;
    uint64_t       *dealt, *scratch;       /* keys bucket by bucket; [worker][2 * most] */
    uint16_t       *buckets;               /* of a deal; NULL: not asked for */
    void           *places;
    bool            wide_places;
} packing;

static uint64_t low_bits(unsigned n)
{
    return n < 64 ? ((uint64_t)1 << n) - 1 : UINT64_MAX;
}

bool fr_order_is_packed(size_t n, uint64_t top_key, bool deals)
{
    const unsigned few = deals ? FEW_DEALT_BITS : FEW_KEY_BITS;
    return n > LEAST_ROWS && fr_bit_length(n - 1) <= MOST_ROW_BITS && top_key >> few != 0;
}

/* ---- to the buckets ---------------------------------------------------------------------------------------------- */
/* Keys and rows on their way: the slot of a place is its number modulo LINE, so that whole lines go where they belong. */
typedef struct lines {
    uint64_t keys[FR_MOST_BUCKETS][LINE];
    size_t   written[FR_MOST_BUCKETS];
    uint64_t rows[FR_MOST_BUCKETS * LINE]; /* narrow ones lie in the first half */
} lines;

static inline void write_line(const packing *p, lines *l, size_t bucket, size_t end)
{
    const size_t begin = l->written[bucket], slot = begin % LINE, row_bytes = fr_row_bytes(p->rows.wide);
    char *to = (char *)p->rows.at + begin * row_bytes;
    const char *rows = (const char *)l->rows + (bucket * LINE + slot) * row_bytes;
    if (end - begin == LINE) {
        fr_stream(p->dealt + begin, l->keys[bucket], sizeof l->keys[bucket]);
        fr_stream(to, rows, LINE * row_bytes);
    } else {
        memcpy(p->dealt + begin, l->keys[bucket] + slot, (end - begin) * sizeof(uint64_t));
        memcpy(to, rows, (end - begin) * row_bytes);
    }
    l->written[bucket] = end;
}

/* The places of all n rows before any is written (kernel/together.h). */
FR_TEMPLATE_FN void deal_some(const packing *p, lines *l, size_t *places, size_t first, size_t n, bool wide, bool cut)
{
    size_t bucket[FR_TOGETHER], place[FR_TOGETHER];
    for (size_t k = 0; k < n; k++) {
        const uint64_t key = p->keys[first + k];
        bucket[k] = cut ? fr_bucket_of_cut(&p->plan, key) : fr_bucket_of(&p->plan, key);
        place[k] = places[bucket[k]]++;
    }
    for (size_t k = 0; k < n; k++) {
        const size_t i = first + k, slot = place[k] % LINE;
        l->keys[bucket[k]][slot] = p->keys[i];
        if (p->buckets) p->buckets[i] = (uint16_t)bucket[k];
        fr_row_put(l->rows, wide, bucket[k] * LINE + slot, (int64_t)i);
        if (slot == LINE - 1) write_line(p, l, bucket[k], place[k] + 1);
    }
}

FR_TEMPLATE_FN void deal(const packing *p, lines *l, size_t *places, size_t begin, size_t end, bool wide, bool cut)
{
    size_t i = begin;
    for (; i + FR_TOGETHER <= end; i += FR_TOGETHER) deal_some(p, l, places, i, FR_TOGETHER, wide, cut);
    for (; i < end; i++) deal_some(p, l, places, i, 1, wide, cut);
}

FR_TEMPLATE_FN void deal_all(const packing *p, lines *l, size_t *places, size_t begin, size_t end, bool wide)
{
    if (p->plan.n_cuts) deal(p, l, places, begin, end, wide, true);
    else deal(p, l, places, begin, end, wide, false);
}

static bool scatter_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const packing *p = state;
    const fr_bucket_plan *plan = &p->plan;
    size_t *places = plan->places + block * FR_MOST_BUCKETS;
    const size_t begin = block * plan->block_rows, end = fr_bucket_block_end(plan, block);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_array(call, 1, sizeof(lines));
    if (!room || !fr_go_on(call)) return false;
    lines *l = room->data;
    memcpy(l->written, places, plan->n * sizeof *places);
    if (p->rows.wide) deal_all(p, l, places, begin, end, true);
    else deal_all(p, l, places, begin, end, false);
    for (size_t k = 0; k < plan->n; k++) write_line(p, l, k, places[k]);
    fr_stream_end();
    return true;
}

static void mark_tie(const packing *p, size_t place)
{
    if (p->ties) __atomic_fetch_or(&p->ties[place >> 6], (uint64_t)1 << (place & 63), __ATOMIC_RELAXED);
}

/* ---- a bucket ---------------------------------------------------------------------------------------------------- */
static fr_bucket bucket_of(const packing *p, size_t k, size_t worker)
{
    const size_t begin = p->plan.begins[k];
    uint64_t *numbers = p->scratch + worker * 2 * p->plan.most;
    return (fr_bucket){ .keys = p->dealt + begin, .step = 1, .n = fr_bucket_rows(&p->plan, k), .numbers = numbers,
                        .scratch = numbers + p->plan.most, .ties = p->ties, .ties_at = begin };
}

FR_TEMPLATE_FN void permute(const packing *p, const fr_bucket *b, size_t begin, bool wide)
{
    const size_t row_bytes = fr_row_bytes(wide);
    char *rows = (char *)p->rows.at + begin * row_bytes;
    memcpy(b->scratch, rows, b->n * row_bytes);
    for (size_t i = 0; i < b->n; i++) fr_row_put(rows, wide, i, fr_row_get(b->scratch, wide, fr_bucket_place(b, i)));
}

static void tell_places(const packing *p, const fr_bucket *b, size_t begin)
{
    for (size_t i = 0; i < b->n; i++) fr_dealt_put(p->places, p->wide_places, begin + i, fr_bucket_place(b, i));
}

static bool sort_bucket(fr_call *call, void *state, size_t k, size_t worker)
{
    const packing *p = state;
    const size_t begin = p->plan.begins[k];
    if (!fr_go_on(call)) return false;
    if (fr_bucket_rows(&p->plan, k) > p->plan.most) return true;   /* see sort_big */
    fr_bucket b = bucket_of(p, k, worker);
    fr_bucket_sort(&b);
    if (p->rows.wide) permute(p, &b, begin, true);
    else permute(p, &b, begin, false);
    if (p->places) tell_places(p, &b, begin);
    return true;
}

/* ---- a bin, or a key, that no cache holds ------------------------------------------------------------------------ */
typedef struct big {
    const packing    *p;
    size_t            begin, n;
    _Atomic(uint64_t) differ;              /* bits in which its keys do */
} big;

static size_t block_of_big(const big *b, size_t block, size_t *begin)
{
    const size_t at = block * BIG_BLOCK;
    *begin = b->begin + at;
    return b->n - at < BIG_BLOCK ? b->n - at : BIG_BLOCK;
}

/* Of its keys those bits that are not the bin's. */
static bool shorten_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    big *b = state;
    const packing *p = b->p;
    size_t begin;
    const size_t n = block_of_big(b, block, &begin);
    uint64_t *keys = p->dealt + begin, differ = 0;
    if (!fr_go_on(call)) return false;
    for (size_t i = 0; i < n; i++) {
        keys[i] &= low_bits(p->plan.shift);
        differ |= keys[i] ^ keys[0];
    }
    atomic_fetch_or_explicit(&b->differ, differ, memory_order_relaxed);
    return true;
}

static bool differ_between_blocks(const big *b)
{
    const uint64_t *keys = b->p->dealt + b->begin;
    for (size_t i = BIG_BLOCK; i < b->n; i += BIG_BLOCK)
        if (keys[i] != keys[0]) return true;
    return false;
}

/* And where a bucket that lies in order can be followed, others may still put its ties in another one. */
static bool mark_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const big *b = state;
    size_t begin;
    const size_t n = block_of_big(b, block, &begin);
    const uint64_t *keys = b->p->dealt + begin;
    for (size_t i = begin == b->begin; i < n; i++)
        if (keys[i] == keys[(int64_t)i - 1]) mark_tie(b->p, begin + i);
    for (size_t i = begin; b->p->places && i < begin + n; i++)
        fr_dealt_put(b->p->places, b->p->wide_places, i, i - b->begin);
    return fr_go_on(call);
}

static bool sort_by_low_bits(fr_call *call, big *b)
{
    const packing *p = b->p;
    const fr_row_array rows = { .at = (char *)p->rows.at + b->begin * fr_row_bytes(p->rows.wide), .wide = p->rows.wide,
                                .n = b->n };
    if (!fr_for_blocks(call, fr_block_count(b->n, BIG_BLOCK), shorten_block, b)) return false;
    const bool differ = atomic_load(&b->differ) != 0 || differ_between_blocks(b);
    return !differ || fr_sort_rows(call, p->dealt + b->begin, &rows, low_bits(p->plan.shift));
}

static bool sort_big(fr_call *call, const packing *p, size_t k)
{
    big b = { .p = p, .begin = p->plan.begins[k], .n = fr_bucket_rows(&p->plan, k) };
    const size_t n_blocks = fr_block_count(b.n, BIG_BLOCK);
    if (!p->plan.same[k] && !sort_by_low_bits(call, &b)) return false;
    return !p->ties || fr_for_blocks(call, n_blocks, mark_block, &b);
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */
static bool through_buckets(fr_call *call, packing *p)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *scratch =
        fr_buffer_array(call, fr_worker_count(call) * 2 * p->plan.most, sizeof(uint64_t));
    if (!scratch) return false;
    p->scratch = scratch->data;
    if (!fr_for_blocks(call, p->plan.n_blocks, scatter_block, p)) return false;
    if (!fr_for_blocks(call, p->plan.n, sort_bucket, p)) return false;
    for (size_t k = 0; k < p->plan.n; k++)
        if (fr_bucket_rows(&p->plan, k) > p->plan.most && !sort_big(call, p, k)) return false;
    return true;
}

/* ---- what others need to follow ---------------------------------------------------------------------------------- */
/* A bucket of one key lies in order when it is dealt. But where ties are asked for, its rows are one stretch of them, which
 * somebody sorts by another key. */
static bool stays_in_order(const packing *p, size_t k) { return p->plan.same[k] && !p->ties; }

/* The most rows of a bucket with places. SIZE_MAX: keys crowd in one that is too large, so its rows are not put in order by
 * places, or more rows are tied than should be copied to be put in order. */
static size_t most_placed(const packing *p)
{
    size_t most = p->plan.most;
    for (size_t k = 0; k < p->plan.n; k++) {
        const size_t n = fr_bucket_rows(&p->plan, k);
        if (n <= most || stays_in_order(p, k)) continue;
        if (!p->plan.same[k] || n > MOST_TIED) return SIZE_MAX;
        most = n;
    }
    return most;
}

static fr_deal_window *put_windows(fr_deal_window *to, const packing *p, size_t k)
{
    const size_t begin = p->plan.begins[k], end = p->plan.begins[k + 1];
    const bool in_order = stays_in_order(p, k);
    const size_t most = in_order ? BIG_BLOCK : end - begin;
    for (size_t at = begin; at < end; at += most)
        *to++ = (fr_deal_window){ .begin = at, .n = end - at < most ? end - at : most, .lies_in_order = in_order };
    return to;
}

static bool make_windows(fr_call *call, const packing *p, fr_row_deal *deal)
{
    deal->windows = fr_buffer_array(call, p->plan.n + p->rows.n / BIG_BLOCK, sizeof(fr_deal_window));
    if (!deal->windows) return false;
    fr_deal_window *at = deal->windows->data;
    for (size_t k = 0; k < p->plan.n; k++) at = put_windows(at, p, k);
    deal->n_windows = (size_t)(at - (fr_deal_window *)deal->windows->data);
    return true;
}

/* Where there is no memory for it there is no deal, and nothing has failed. */
static void begin_deal(fr_call *call, packing *p, fr_row_deal *deal)
{
    const fr_bucket_plan *plan = &p->plan;
    const size_t most = deal ? most_placed(p) : SIZE_MAX;
    if (most == SIZE_MAX) return;
    deal->n_blocks = plan->n_blocks, deal->block_rows = plan->block_rows, deal->n_buckets = plan->n;
    deal->most = most, deal->wide = most > FR_NARROW_PLACES;
    deal->begins = fr_buffer_array(call, plan->n_blocks * FR_MOST_BUCKETS, sizeof *plan->places);
    deal->buckets = deal->begins ? fr_buffer_array(call, p->rows.n, sizeof *p->buckets) : NULL;
    deal->places = deal->buckets ? fr_buffer_array(call, p->rows.n, fr_dealt_bytes(deal)) : NULL;
    if (!deal->places || !make_windows(call, p, deal)) {
        fr_row_deal_clear(deal);
        fr_call_forgive(call);
        return;
    }
    memcpy(deal->begins->data, plan->places, plan->n_blocks * FR_MOST_BUCKETS * sizeof *plan->places);
    p->buckets = deal->buckets->data, p->places = deal->places->data, p->wide_places = deal->wide;
}

static bool plan_buckets(fr_call *call, fr_arena *arena, packing *p, uint64_t top_key, bool cuts)
{
    const unsigned bits = fr_bit_length(top_key), shift = bits > FR_BIN_BITS ? bits - FR_BIN_BITS : 0;
    return fr_bucket_plan_make(call, arena, p->keys, p->rows.n, shift, cuts, &p->plan);
}

bool fr_order_packed(fr_call *call, const uint64_t *keys, uint64_t top_key, const fr_row_array *rows, uint64_t *ties,
                     fr_row_deal *deal)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    packing p = { .keys = keys, .rows = *rows, .ties = ties };
    const bool cuts = deal != NULL;        /* alone, rows of a large bin are sorted as quickly as they are cut */
    if (!plan_buckets(call, &arena, &p, top_key, cuts)) return false;
    begin_deal(call, &p, deal);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *dealt = fr_buffer_array(call, rows->n, sizeof(uint64_t));
    if (!dealt) return false;
    p.dealt = dealt->data;
    return through_buckets(call, &p);
}
