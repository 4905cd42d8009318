/* row_order.c — one pass through memory into buckets that fit the cache, then each by itself (see row_order.h).
 *
 * The leading 16 bits of the keys are counted, neighbouring counts are put together into at most 1024 buckets of about
 * the same number of rows (floats crowd in few of the leading bits), and every row goes to its bucket as one number.
 * Writing to a thousand places at once is slow, so each worker gathers lines for a bucket, which are written whole and
 * past the caches. A bucket is sorted by the bits that rows of its number need to be told apart, least significant
 * digit first; the few that agree in those are put right after it.
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
#include "kernel/prefetch.h"
#include "kernel/stream.h"

#include <string.h>

enum { BIN_BITS = 16, BINS = 1 << BIN_BITS, MOST_BUCKETS = 1024, LEAST_BUCKET = 1 << 13,
       MOST_ROW_BITS = 32,                 /* then what does not fit beside the row would fit there alone */
       FEW_KEY_BITS = 22,                  /* two digits of fr_sort_rows */
       LEAST_ROWS = 1 << 15,
       FEW = 32,                           /* so few are sorted by insertion */
       LINE = 8,                           /* numbers gathered before they are written: 64 bytes */
       DIGIT_BITS = 11, SPARE_BITS = 6,    /* beyond the logarithm of the rows: one row in 64 agrees in all */
       NEAR = 16,                          /* ties asked for ahead */
       BIG_BLOCK = 1 << 16 };

typedef struct packing {
    const uint64_t *keys;
    fr_row_array    rows;
    uint64_t       *ties;
    unsigned        key_bits, row_bits;
    unsigned        drop;                  /* low bits of a key that a number has no room for */
    unsigned        shift;                 /* key >> shift: its bin */
    size_t          n_blocks, block_rows, n, most;     /* n buckets of at most `most` rows, unless they are one bin */
    uint32_t       *counts;                /* [block][bin] */
    uint16_t       *bucket_of;             /* [bin] */
    size_t         *begins;                /* [n + 1] */
    size_t         *places;                /* [block][bucket]: where the block's rows go */
    uint64_t       *numbers, *scratch;     /* scratch: [worker][2 * most] */
} packing;

static unsigned bits_of(uint64_t x)
{
    return x ? 64 - (unsigned)__builtin_clzll(x) : 0;
}

static uint64_t low_bits(unsigned n)
{
    return n < 64 ? ((uint64_t)1 << n) - 1 : UINT64_MAX;
}

bool fr_order_is_packed(size_t n, uint64_t top_key)
{
    return n > LEAST_ROWS && bits_of(n - 1) <= MOST_ROW_BITS && bits_of(top_key) > FEW_KEY_BITS;
}

/* ---- to the buckets ---------------------------------------------------------------------------------------------- */
static size_t block_end(const packing *p, size_t block)
{
    return (block + 1) * p->block_rows < p->rows.n ? (block + 1) * p->block_rows : p->rows.n;
}

static bool count_bins(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const packing *p = state;
    uint32_t *counts = p->counts + block * BINS;
    const size_t end = block_end(p, block);
    memset(counts, 0, BINS * sizeof *counts);
    for (size_t i = block * p->block_rows; i < end; i++) counts[p->keys[i] >> p->shift]++;
    return fr_go_on(call);
}

static size_t rows_of_bin(const packing *p, size_t bin)
{
    size_t n = 0;
    for (size_t block = 0; block < p->n_blocks; block++) n += p->counts[block * BINS + bin];
    return n;
}

/* Bins one after the other into buckets, a new one where the next bin would make it too large: two neighbours hold more
 * than `most`, so there are at most 2 n / most + 1. */
static void make_buckets(packing *p)
{
    size_t at = 0, in_bucket = 0;
    for (size_t bin = 0; bin < BINS; bin++) {
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

static void place_blocks(const packing *p)
{
    for (size_t block = 0; block < p->n_blocks; block++) {
        size_t *places = p->places + block * MOST_BUCKETS;
        memset(places, 0, MOST_BUCKETS * sizeof *places);
        for (size_t bin = 0; bin < BINS; bin++) places[p->bucket_of[bin]] += p->counts[block * BINS + bin];
    }
    for (size_t k = 0; k < p->n; k++) {
        size_t at = p->begins[k];
        for (size_t block = 0; block < p->n_blocks; block++) {
            const size_t n = p->places[block * MOST_BUCKETS + k];
            p->places[block * MOST_BUCKETS + k] = at;
            at += n;
        }
    }
}

/* Numbers on their way: the slot of a place is its number modulo LINE, so that whole lines go where they belong. */
typedef struct lines { uint64_t slots[MOST_BUCKETS][LINE]; size_t written[MOST_BUCKETS]; } lines;

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
    size_t *places = p->places + block * MOST_BUCKETS;
    const size_t end = block_end(p, block);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_array(call, 1, sizeof(lines));
    if (!room || !fr_go_on(call)) return false;
    lines *l = room->data;
    memcpy(l->written, places, p->n * sizeof *places);
    for (size_t i = block * p->block_rows; i < end; i++) {
        const uint64_t key = p->keys[i];
        const size_t bucket = p->bucket_of[key >> p->shift], place = places[bucket]++;
        l->slots[bucket][place % LINE] = key >> p->drop << p->row_bits | i;
        if (place % LINE == LINE - 1) write_line(p, l, bucket, place + 1);
    }
    for (size_t k = 0; k < p->n; k++) write_line(p, l, k, places[k]);
    fr_stream_end();
    return true;
}

/* ---- in cache ---------------------------------------------------------------------------------------------------- */
static void by_insertion(uint64_t *numbers, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const uint64_t number = numbers[i];
        size_t at = i;
        for (; at > 0 && numbers[at - 1] > number; at--) numbers[at] = numbers[at - 1];
        numbers[at] = number;
    }
}

static void scatter_digit(const uint64_t *from, uint64_t *to, size_t n, unsigned shift, unsigned bits)
{
    uint32_t places[1 << DIGIT_BITS] = { 0 }, at = 0;
    const uint64_t mask = low_bits(bits);
    for (size_t i = 0; i < n; i++) places[from[i] >> shift & mask]++;
    for (size_t digit = 0; digit <= mask; digit++) {
        const uint32_t count = places[digit];
        places[digit] = at;
        at += count;
    }
    for (size_t i = 0; i < n; i++) to[places[from[i] >> shift & mask]++] = from[i];
}

static void sort_numbers(uint64_t *numbers, uint64_t *scratch, size_t n, unsigned row_bits);

/* Those that agree in the bits from `shift` on stand together: sorted by the bits below. */
static void sort_runs(uint64_t *numbers, uint64_t *scratch, size_t n, unsigned shift, unsigned row_bits)
{
    for (size_t begin = 0, end; begin < n; begin = end) {
        bool sorted = true;
        for (end = begin + 1; end < n && numbers[end] >> shift == numbers[begin] >> shift; end++)
            sorted &= numbers[end - 1] <= numbers[end];
        if (!sorted) sort_numbers(numbers + begin, scratch, end - begin, row_bits);
    }
}

/* By the bits of the key; rows with equal ones stand in order already. */
static void sort_numbers(uint64_t *numbers, uint64_t *scratch, size_t n, unsigned row_bits)
{
    uint64_t differ = 0;
    if (n <= FEW) {
        by_insertion(numbers, n);
        return;
    }
    for (size_t i = 1; i < n; i++) differ |= numbers[i] ^ numbers[0];
    const unsigned bits = bits_of(differ >> row_bits), enough = bits_of(n) + SPARE_BITS;
    const unsigned used = bits < enough ? bits : enough, shift = row_bits + bits - used;
    const unsigned n_passes = (used + DIGIT_BITS - 1) / DIGIT_BITS;
    uint64_t *from = numbers, *to = scratch;
    for (unsigned pass = 0, at = 0; pass < n_passes; pass++) {
        const unsigned digit = (used - at) / (n_passes - pass);
        scatter_digit(from, to, n, shift + at, digit);
        uint64_t *other = from;
        from = to, to = other;
        at += digit;
    }
    if (from != numbers) memcpy(numbers, from, n * sizeof *numbers);
    if (used < bits) sort_runs(numbers, scratch, n, shift, row_bits);
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
        sort_numbers(numbers + first, scratch + p->most, end - first, p->row_bits);
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
    const size_t begin = p->begins[k], n = p->begins[k + 1] - begin;
    uint64_t *numbers = p->numbers + begin, *scratch = p->scratch + worker * 2 * p->most;
    if (!fr_go_on(call)) return false;
    if (n > p->most) return true;                             /* one bin: see sort_big */
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
        numbers[i] = p->keys[numbers[i] & low_bits(p->row_bits)] & low_bits(p->shift);
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
    if (differ && !fr_sort_rows(call, p->numbers + begin, &rows, low_bits(p->shift))) return false;
    return !p->ties || fr_for_blocks(call, n_blocks, mark_block, &b);
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */
static bool through_buckets(fr_call *call, packing *p)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *numbers = fr_buffer_array(call, p->rows.n, sizeof(uint64_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *scratch =
        fr_buffer_array(call, fr_worker_count(call) * 2 * p->most, sizeof(uint64_t));
    if (!numbers || !scratch) return false;
    p->numbers = numbers->data, p->scratch = scratch->data;
    if (!fr_for_blocks(call, p->n_blocks, count_bins, p)) return false;
    make_buckets(p);
    place_blocks(p);
    if (!fr_for_blocks(call, p->n_blocks, scatter_block, p) || !fr_for_blocks(call, p->n, sort_bucket, p)) return false;
    for (size_t k = 0; k < p->n; k++) {
        const size_t n = p->begins[k + 1] - p->begins[k];
        if (n > p->most && !sort_big(call, p, p->begins[k], n)) return false;
    }
    return true;
}

static bool make_tables(fr_call *call, fr_arena *arena, packing *p)
{
    p->counts = fr_arena_array(call, arena, p->n_blocks * BINS, sizeof *p->counts);
    p->bucket_of = fr_arena_array(call, arena, BINS, sizeof *p->bucket_of);
    p->begins = fr_arena_array(call, arena, MOST_BUCKETS + 1, sizeof *p->begins);
    p->places = fr_arena_array(call, arena, p->n_blocks * MOST_BUCKETS, sizeof *p->places);
    return p->counts && p->bucket_of && p->begins && p->places;
}

bool fr_order_packed(fr_call *call, const uint64_t *keys, uint64_t top_key, const fr_row_array *rows, uint64_t *ties)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    packing p = { .keys = keys, .rows = *rows, .ties = ties, .key_bits = bits_of(top_key),
                  .row_bits = bits_of(rows->n - 1) };
    p.drop = p.key_bits + p.row_bits > 64 ? p.key_bits + p.row_bits - 64 : 0;
    p.shift = p.key_bits - BIN_BITS;
    const size_t fair = rows->n / (MOST_BUCKETS / 2 - 1) + 1, n_blocks = 4 * fr_worker_count(call);
    p.most = fair > LEAST_BUCKET ? fair : LEAST_BUCKET;
    p.block_rows = rows->n / (n_blocks < 64 ? n_blocks : 64) + 1;
    p.n_blocks = fr_block_count(rows->n, p.block_rows);
    return make_tables(call, &arena, &p) && through_buckets(call, &p);
}
