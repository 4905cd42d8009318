/* row_order.c — one pass through memory into buckets that fit the cache, then each by itself (see row_order.h).
 *
 * Every row goes to its bucket (kernel/bucket_plan.h) as one number. Writing to a thousand places at once is slow, so
 * each worker gathers lines for a bucket, which are written whole and past the caches. A bucket is sorted in the cache
 * (kernel/sort_in_cache.inc.h).
 *
 *     keys 57 bits, 10^7 rows     1: 16 bits to 1000 buckets of 10^4 rows     2: 2 digits of 10 bits     3: neighbours
 *
 * Rows that agree in the bits of the key that their numbers hold are then sorted by the bits that did not fit, which
 * are fetched for them alone. Where many rows have the same leading bits, they are a bucket of their own, sorted by the
 * bits that are left by fr_sort_rows with all threads.
 */
#include "kernel/row_order.h"

#include "base/memory.h"
#include "base/threads.h"
#include "kernel/bits.h"
#include "kernel/bucket_plan.h"
#include "kernel/prefetch.h"
#include "kernel/stream.h"

#include <string.h>

enum { MOST_ROW_BITS = 32,                 /* then what does not fit beside the row would fit there alone */
       FEW_KEY_BITS = 22,                  /* two digits of fr_sort_rows */
       LEAST_ROWS = 1 << 15,
       LINE = 8,                           /* numbers gathered before they are written: 64 bytes */
       NEAR = 16,                          /* ties asked for ahead */
       BIG_BLOCK = 1 << 16 };

#define T uint64_t
#define KEY(x) (x)
#define FEW 32
#define FN(name) name##_numbers
#include "kernel/sort_in_cache.inc.h"

typedef struct packing {
    const uint64_t *keys;
    fr_row_array    rows;
    uint64_t       *ties;
    fr_bucket_plan  plan;
    unsigned        row_bits;
    unsigned        drop;                  /* low bits of a key that a number has no room for */
    uint64_t       *numbers, *scratch;     /* scratch: [worker][2 * most] */
} packing;

static uint64_t low_bits(unsigned n)
{
    return n < 64 ? ((uint64_t)1 << n) - 1 : UINT64_MAX;
}

bool fr_order_is_packed(size_t n, uint64_t top_key)
{
    return n > LEAST_ROWS && fr_bit_length(n - 1) <= MOST_ROW_BITS && fr_bit_length(top_key) > FEW_KEY_BITS;
}

/* ---- to the buckets ---------------------------------------------------------------------------------------------- */
/* Numbers on their way: the slot of a place is its number modulo LINE, so that whole lines go where they belong. */
typedef struct lines { uint64_t slots[FR_MOST_BUCKETS][LINE]; size_t written[FR_MOST_BUCKETS]; } lines;

static inline void write_line(const packing *p, lines *l, size_t bucket, size_t end)
{
    const size_t begin = l->written[bucket], slot = begin % LINE;
    if (end - begin == LINE) fr_stream(p->numbers + begin, l->slots[bucket], sizeof l->slots[bucket]);
    else memcpy(p->numbers + begin, l->slots[bucket] + slot, (end - begin) * sizeof(uint64_t));
    l->written[bucket] = end;
}

static bool scatter_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const packing *p = state;
    const fr_bucket_plan *plan = &p->plan;
    size_t *places = plan->places + block * FR_MOST_BUCKETS;
    const size_t end = fr_bucket_block_end(plan, block);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_array(call, 1, sizeof(lines));
    if (!room || !fr_go_on(call)) return false;
    lines *l = room->data;
    memcpy(l->written, places, plan->n * sizeof *places);
    for (size_t i = block * plan->block_rows; i < end; i++) {
        const uint64_t key = p->keys[i];
        const size_t bucket = fr_bucket_of(plan, key), place = places[bucket]++;
        l->slots[bucket][place % LINE] = key >> p->drop << p->row_bits | i;
        if (place % LINE == LINE - 1) write_line(p, l, bucket, place + 1);
    }
    for (size_t k = 0; k < plan->n; k++) write_line(p, l, k, places[k]);
    fr_stream_end();
    return true;
}

/* ---- ties -------------------------------------------------------------------------------------------------------- */
static bool agree(const packing *p, uint64_t a, uint64_t b)
{
    return (a ^ b) >> p->row_bits == 0;
}

/* Places of a bucket whose key's bits are those of the place before. */
static size_t list_ties(const packing *p, const uint64_t *numbers, size_t n, uint64_t *places)
{
    size_t n_ties = 0;
    for (size_t i = 1; i < n; i++) {
        places[n_ties] = i;
        n_ties += agree(p, numbers[i - 1], numbers[i]);
    }
    return n_ties;
}

/* In the place of the bits that agree those that did not fit. */
static void repack(const packing *p, uint64_t *numbers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const uint64_t row = numbers[i] & low_bits(p->row_bits);
        numbers[i] = (p->keys[row] & low_bits(p->drop)) << p->row_bits | row;
    }
}

static void mark_tie(const packing *p, size_t place)
{
    if (p->ties) __atomic_fetch_or(&p->ties[place >> 6], (uint64_t)1 << (place & 63), __ATOMIC_RELAXED);
}

/* Stretches of ties, by the rest of their keys. `scratch`: a place each, then room for as many numbers. */
static void sort_ties(const packing *p, uint64_t *numbers, uint64_t *scratch, size_t begin, size_t n)
{
    const uint64_t *places = scratch;
    const size_t n_ties = list_ties(p, numbers, n, scratch);
    if (p->drop == 0) {
        for (size_t i = 0; i < n_ties; i++) mark_tie(p, begin + places[i]);
        return;
    }
    for (size_t i = 0, next; i < n_ties; i = next) {
        if (i + NEAR < n_ties) {
            const uint64_t *ahead = numbers + places[i + NEAR];
            fr_ask_for(p->keys, ahead[-1] & low_bits(p->row_bits), sizeof *p->keys);
            fr_ask_for(p->keys, ahead[0] & low_bits(p->row_bits), sizeof *p->keys);
        }
        for (next = i + 1; next < n_ties && places[next] == places[next - 1] + 1;) next++;
        const size_t first = places[i] - 1, end = places[next - 1] + 1;
        repack(p, numbers + first, end - first);
        sort_numbers(numbers + first, scratch + p->plan.most, end - first, p->row_bits);
        for (size_t k = first + 1; k < end; k++)
            if (agree(p, numbers[k - 1], numbers[k])) mark_tie(p, begin + k);
    }
}

static void store_rows(const packing *p, const uint64_t *numbers, size_t begin, size_t n)
{
    const uint64_t mask = low_bits(p->row_bits);
    int64_t *wide = p->rows.wide ? (int64_t *)p->rows.at + begin : NULL;
    uint32_t *narrow = p->rows.wide ? NULL : (uint32_t *)p->rows.at + begin;
    if (wide)
        for (size_t i = 0; i < n; i++) wide[i] = (int64_t)(numbers[i] & mask);
    else
        for (size_t i = 0; i < n; i++) narrow[i] = (uint32_t)(numbers[i] & mask);
}

static bool sort_bucket(fr_call *call, void *state, size_t k, size_t worker)
{
    const packing *p = state;
    const size_t begin = p->plan.begins[k], n = fr_bucket_rows(&p->plan, k);
    uint64_t *numbers = p->numbers + begin, *scratch = p->scratch + worker * 2 * p->plan.most;
    if (!fr_go_on(call)) return false;
    if (n > p->plan.most) return true;                             /* one bin: see sort_big */
    sort_numbers(numbers, scratch, n, p->row_bits);
    if (p->drop || p->ties) sort_ties(p, numbers, scratch, begin, n);
    store_rows(p, numbers, begin, n);
    return true;
}

/* ---- a bin that no cache holds ----------------------------------------------------------------------------------- */
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

/* Its numbers become the rest of the keys, and rows. */
static bool unpack_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    big *b = state;
    const packing *p = b->p;
    size_t begin;
    const size_t n = block_of_big(b, block, &begin);
    uint64_t *numbers = p->numbers + begin, differ = 0;
    if (!fr_go_on(call)) return false;
    store_rows(p, numbers, begin, n);
    for (size_t i = 0; i < n; i++) {
        numbers[i] = p->keys[numbers[i] & low_bits(p->row_bits)] & low_bits(p->plan.shift);
        differ |= numbers[i] ^ numbers[0];
    }
    atomic_fetch_or_explicit(&b->differ, differ, memory_order_relaxed);
    return true;
}

static bool differ_between_blocks(const big *b)
{
    const uint64_t *keys = b->p->numbers + b->begin;
    for (size_t i = BIG_BLOCK; i < b->n; i += BIG_BLOCK)
        if (keys[i] != keys[0]) return true;
    return false;
}

static bool mark_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const big *b = state;
    size_t begin;
    const size_t n = block_of_big(b, block, &begin);
    const uint64_t *keys = b->p->numbers + begin;
    for (size_t i = begin == b->begin; i < n; i++)
        if (keys[i] == keys[(int64_t)i - 1]) mark_tie(b->p, begin + i);
    return fr_go_on(call);
}

static bool sort_big(fr_call *call, const packing *p, size_t begin, size_t n)
{
    big b = { .p = p, .begin = begin, .n = n };
    const size_t n_blocks = fr_block_count(n, BIG_BLOCK);
    const fr_row_array rows = { .at = (char *)p->rows.at + begin * fr_row_bytes(p->rows.wide), .wide = p->rows.wide,
                                .n = n };
    if (!fr_for_blocks(call, n_blocks, unpack_block, &b)) return false;
    const bool differ = atomic_load(&b.differ) != 0 || differ_between_blocks(&b);
    if (differ && !fr_sort_rows(call, p->numbers + begin, &rows, low_bits(p->plan.shift))) return false;
    return !p->ties || fr_for_blocks(call, n_blocks, mark_block, &b);
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */
static bool through_buckets(fr_call *call, packing *p)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *numbers = fr_buffer_array(call, p->rows.n, sizeof(uint64_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *scratch =
        fr_buffer_array(call, fr_worker_count(call) * 2 * p->plan.most, sizeof(uint64_t));
    if (!numbers || !scratch) return false;
    p->numbers = numbers->data, p->scratch = scratch->data;
    if (!fr_for_blocks(call, p->plan.n_blocks, scatter_block, p)) return false;
    if (!fr_for_blocks(call, p->plan.n, sort_bucket, p)) return false;
    for (size_t k = 0; k < p->plan.n; k++) {
        const size_t n = fr_bucket_rows(&p->plan, k);
        if (n > p->plan.most && !sort_big(call, p, p->plan.begins[k], n)) return false;
    }
    return true;
}

bool fr_order_packed(fr_call *call, const uint64_t *keys, uint64_t top_key, const fr_row_array *rows, uint64_t *ties)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    const unsigned key_bits = fr_bit_length(top_key), row_bits = fr_bit_length(rows->n - 1);
    packing p = { .keys = keys, .rows = *rows, .ties = ties, .row_bits = row_bits,
                  .drop = key_bits + row_bits > 64 ? key_bits + row_bits - 64 : 0 };
    return fr_bucket_plan_make(call, &arena, keys, rows->n, key_bits - FR_BIN_BITS, &p.plan) && through_buckets(call, &p);
}
