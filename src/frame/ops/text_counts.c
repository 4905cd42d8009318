/* text_counts.c — hashes of texts dealt into parts that fit the cache, and counted there (see text_counts.h).
 *
 * A block of rows makes its hashes and deals them, in its own stretch of memory, which the second-level cache holds, to
 * parts by their leading bits. What is left of a hash and the row's place in the block are one word:
 *
 *     hash 10 110…, row 3 of its block      part 2: 110… | 3
 *
 * Of each part two maps in the first-level cache tell which hashes may have come twice: a bit of the one is set by every
 * row, a bit of the other by a row that found it set. Those alone are counted in a table. A part's rows come in order, so
 * the first of equal ones is the first row, whatever threads and seed are. Rows with an earlier one's hash are compared
 * with it.
 *
 * 10^6 addresses of 32 bytes, none twice, CPU of describe: numbered and counted 18 ms, so 10.
 */
#include "ops/text_counts.h"

#include "base/context_state.h"
#include "base/memory.h"
#include "base/threads.h"
#include "data/column_make.h"
#include "data/text_ranks.h"
#include "kernel/together.h"
#include "ops/text_hashes.h"

#include <stdatomic.h>
#include <string.h>

enum { MANY_ROWS = 1 << 15,
       BLOCK_BITS = 14, BLOCK_ROWS = 1 << BLOCK_BITS,      /* their hashes and words: 256 KB */
       PART_ROWS = 1 << 12,                                /* rows wanted in a part */
       LEAST_PART_BITS = 3, MOST_PART_BITS = 11,
       BITS_A_ROW = 32, MOST_BITS = 1 << 20,               /* of each map */
       FIRST_SLOTS = 1 << 10 };

typedef struct text {                      /* one of a part's */
    uint64_t rest;                         /* of its hash */
    int64_t  row, n;                       /* the first one, and how many there are so far */
} text;

/* Kept by a worker from part to part. */
typedef struct table {
    uint32_t      *slots;                  /* place among the part's texts + 1; 0: free */
    text          *texts;                  /* half as many as slots; owned, as these */
    size_t         n_slots, n;
    uint64_t      *picked;                 /* [BLOCK_ROWS]: words of a piece */
    fr_text_pairs  pairs;                  /* still to be compared */
    fr_text_counts counts;                 /* of all parts so far */
} table;

typedef struct met { uint64_t once, twice; } met;          /* a word of each map */

typedef struct counting {
    fr_row_texts texts;
    int64_t      n_rows;
    uint64_t     seed;
    unsigned     part_bits;
    size_t       n_blocks, n_parts;
    uint16_t    *begins;                   /* [block][n_parts + 1]: of the parts' pieces, in the block's stretch */
    uint64_t    *words;                    /* [block][BLOCK_ROWS] */
    table       *tables;                   /* by worker */
    met         *bits;                     /* by worker, n_bits of each map */
    size_t       n_bits;
    atomic_bool  differ;                   /* texts with one hash */
} counting;
_Static_assert(BLOCK_ROWS <= UINT16_MAX, "places in a block fit 16 bits");

static uint16_t *begins_of(const counting *c, size_t block)
{
    return c->begins + block * (c->n_parts + 1);
}

/* ---- dealing ----------------------------------------------------------------------------------------------------- */
typedef struct hand {                      /* of a worker with a block */
    uint64_t hashes[BLOCK_ROWS], words[BLOCK_ROWS];
    uint16_t rows[BLOCK_ROWS];             /* whose hashes they are */
    uint16_t places[1 << MOST_PART_BITS];
} hand;

static inline size_t part_of(const counting *c, uint64_t hash) { return hash >> (64 - c->part_bits); }

/* Of the block's valid rows; → how many. Leading bits of a hash are the ones that tell. */
static size_t hash_rows(const counting *c, size_t block, hand *h)
{
    const int64_t first = (int64_t)block * BLOCK_ROWS, n = fr_smaller(BLOCK_ROWS, c->n_rows - first);
    const uint64_t *valid = c->texts.column->valid;
    const fr_view *views = c->texts.views + first;
    size_t n_valid = 0;
    for (int64_t i = 0; i < n; i++) {
        if (valid && !fr_bit(valid, first + i)) continue;
        h->hashes[n_valid] = fr_text_hash(&views[i], c->texts.bases, c->seed) << (64 - FR_TEXT_HASH_BITS);
        h->rows[n_valid++] = (uint16_t)i;
    }
    return n_valid;
}

static void find_pieces(const counting *c, const hand *h, size_t n, uint16_t *begins)
{
    memset(begins, 0, (c->n_parts + 1) * sizeof *begins);
    for (size_t i = 0; i < n; i++) begins[part_of(c, h->hashes[i]) + 1]++;
    for (size_t part = 0; part < c->n_parts; part++) begins[part + 1] = (uint16_t)(begins[part + 1] + begins[part]);
}

/* The places of all n rows before any is written (kernel/together.h). */
FR_TEMPLATE_FN void deal_some(const counting *c, hand *h, size_t first, size_t n)
{
    const uint64_t *hashes = h->hashes + first;
    uint32_t places[FR_TOGETHER];
    for (size_t k = 0; k < n; k++) places[k] = h->places[part_of(c, hashes[k])]++;
    for (size_t k = 0; k < n; k++)
        h->words[places[k]] = hashes[k] << c->part_bits >> BLOCK_BITS << BLOCK_BITS | h->rows[first + k];
}

static bool deal_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const counting *c = state;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_new(call, sizeof(hand));
    if (!room || !fr_go_on(call)) return false;
    hand *h = room->data;
    const size_t n = hash_rows(c, block, h);
    find_pieces(c, h, n, begins_of(c, block));
    memcpy(h->places, begins_of(c, block), c->n_parts * sizeof *h->places);
    size_t i = 0;
    for (; i + FR_TOGETHER <= n; i += FR_TOGETHER) deal_some(c, h, i, FR_TOGETHER);
    for (; i < n; i++) deal_some(c, h, i, 1);
    memcpy(c->words + block * BLOCK_ROWS, h->words, n * sizeof *h->words);
    return true;
}

/* ---- one part: who may have come twice --------------------------------------------------------------------------- */
static uint64_t rest_of(uint64_t word) { return word >> BLOCK_BITS; }

static void mark_bits(const counting *c, const uint64_t *words, size_t n, met *bits)
{
#pragma GCC unroll 8
    for (size_t i = 0; i < n; i++) {
        const uint64_t at = rest_of(words[i]) & (c->n_bits - 1), bit = (uint64_t)1 << (at & 63);
        bits[at / 64].twice |= bits[at / 64].once & bit;
        bits[at / 64].once |= bit;
    }
}

/* → how many */
static size_t pick_repeats(const counting *c, const uint64_t *words, size_t n, const met *bits, uint64_t *picked)
{
    size_t n_picked = 0;
    for (size_t i = 0; i < n; i++) {
        const uint64_t at = rest_of(words[i]) & (c->n_bits - 1);
        picked[n_picked] = words[i];
        n_picked += bits[at / 64].twice >> (at & 63) & 1;
    }
    return n_picked;
}

/* ---- those counted ----------------------------------------------------------------------------------------------- */
static bool more_slots(fr_call *call, table *t)
{
    const size_t n_slots = t->n_slots ? t->n_slots * 4 : FIRST_SLOTS, mask = n_slots - 1;
    uint32_t *slots = fr_new_array(call, n_slots, sizeof *slots);
    if (!slots) return false;
    text *texts = fr_resize_array(call, t->texts, t->n_slots / 2, n_slots / 2, sizeof *texts);
    if (!texts) return fr_free_array(call->context, slots, n_slots, sizeof *slots), false;
    for (size_t i = 0; i < t->n; i++) {
        size_t at = texts[i].rest & mask;
        while (slots[at]) at = (at + 1) & mask;
        slots[at] = (uint32_t)i + 1;
    }
    fr_free_array(call->context, t->slots, t->n_slots, sizeof *slots);
    t->texts = texts, t->slots = slots, t->n_slots = n_slots;
    return true;
}

static void compare_pairs(counting *c, fr_text_pairs *pairs)
{
    if (!fr_same_texts(&c->texts, &c->texts, pairs)) atomic_store_explicit(&c->differ, true, memory_order_relaxed);
    pairs->n = 0;
}

static void add_pair(counting *c, fr_text_pairs *pairs, int64_t row, int64_t first)
{
    pairs->a[pairs->n] = row;
    pairs->b[pairs->n++] = first;
    if (pairs->n == FR_TEXT_PAIRS) compare_pairs(c, pairs);
}

/* Is a text that comes n times, at first in `row`, more frequent than all so far? */
static void note_most(fr_text_counts *counts, int64_t row, int64_t n)
{
    if (n < counts->n || (n == counts->n && row > counts->row)) return;
    counts->row = row;
    counts->n = n;
}

static bool count_rows(fr_call *call, counting *c, const uint64_t *words, size_t n, int64_t first_row, table *t)
{
    for (size_t i = 0; i < n; i++) {
        const uint64_t rest = rest_of(words[i]);
        const int64_t row = first_row + (int64_t)(words[i] & (BLOCK_ROWS - 1));
        if (2 * t->n >= t->n_slots && !more_slots(call, t)) return false;
        const size_t mask = t->n_slots - 1;
        size_t at = rest & mask;
        while (t->slots[at] && t->texts[t->slots[at] - 1].rest != rest) at = (at + 1) & mask;
        if (!t->slots[at]) {
            t->texts[t->n] = (text){ .rest = rest, .row = row };
            t->slots[at] = (uint32_t)++t->n;
        }
        text *seen = &t->texts[t->slots[at] - 1];
        if (!seen->n++) continue;
        add_pair(c, &t->pairs, row, seen->row);
        note_most(&t->counts, seen->row, seen->n);
    }
    return true;
}

/* ---- a part ------------------------------------------------------------------------------------------------------ */
typedef struct piece { const uint64_t *words; size_t n; } piece;

static piece piece_of(const counting *c, size_t block, size_t part)
{
    const uint16_t *begins = begins_of(c, block);
    return (piece){ c->words + block * BLOCK_ROWS + begins[part], begins[part + 1] - begins[part] };
}

static bool count_part(fr_call *call, void *state, size_t part, size_t worker)
{
    counting *c = state;
    table *t = &c->tables[worker];
    met *bits = c->bits + worker * c->n_bits / 64;
    if (!fr_go_on(call)) return false;
    if (t->slots) memset(t->slots, 0, t->n_slots * sizeof *t->slots);
    memset(bits, 0, c->n_bits / 64 * sizeof *bits);
    t->n = 0;
    for (size_t block = 0; block < c->n_blocks; block++) {
        const piece p = piece_of(c, block, part);
        mark_bits(c, p.words, p.n, bits);
    }
    for (size_t block = 0; block < c->n_blocks && !atomic_load_explicit(&c->differ, memory_order_relaxed); block++) {
        const piece p = piece_of(c, block, part);
        const size_t n = pick_repeats(c, p.words, p.n, bits, t->picked);
        t->counts.n_different += (int64_t)(p.n - n);
        if (!count_rows(call, c, t->picked, n, (int64_t)(block * BLOCK_ROWS), t)) return false;
    }
    compare_pairs(c, &t->pairs);
    t->counts.n_different += (int64_t)t->n;
    return true;
}

static bool count_parts(fr_call *call, counting *c, fr_text_counts *counts)
{
    const size_t n_workers = fr_worker_count(call);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = fr_buffer_array(call, n_workers * c->n_bits / 64, sizeof *c->bits);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *picked = fr_buffer_array(call, n_workers * BLOCK_ROWS, sizeof(uint64_t));
    c->tables = bits && picked ? fr_new_array(call, n_workers, sizeof *c->tables) : NULL;
    if (!c->tables) return false;
    c->bits = bits->data;
    for (size_t i = 0; i < n_workers; i++) c->tables[i].picked = (uint64_t *)picked->data + i * BLOCK_ROWS;
    const bool fine = fr_for_blocks(call, c->n_parts, count_part, c);
    for (size_t i = 0; i < n_workers; i++) {
        table *t = &c->tables[i];
        if (t->counts.n) note_most(counts, t->counts.row, t->counts.n);
        counts->n_different += t->counts.n_different;
        fr_free_array(call->context, t->texts, t->n_slots / 2, sizeof *t->texts);
        fr_free_array(call->context, t->slots, t->n_slots, sizeof *t->slots);
    }
    fr_free_array(call->context, c->tables, n_workers, sizeof *c->tables);
    return fine;
}

/* Where none comes twice, the first one. */
static fr_text_counts once_each(const fr_column *column)
{
    for (int64_t row = 0; row < column->length; row++)
        if (fr_is_valid(column, row)) return (fr_text_counts){ .row = row, .n = 1 };
    return (fr_text_counts){ 0 };
}

/* ---- the interface ----------------------------------------------------------------------------------------------- */
bool fr_has_many_texts(const fr_column *column)
{
    return column->phys == FR_PHYS_VIEW && column->heap && column->length >= MANY_ROWS && fr_texts_mostly_differ(column);
}

bool fr_count_texts(fr_call *call, const fr_column *column, fr_text_counts *counts, bool *sure)
{
    counting c = { .texts = fr_row_texts_of(column), .n_rows = column->length, .seed = fr_context_seed(call->context),
                   .part_bits = LEAST_PART_BITS };
    while (c.part_bits < MOST_PART_BITS && (int64_t)PART_ROWS << c.part_bits < c.n_rows) c.part_bits++;
    c.n_parts = (size_t)1 << c.part_bits;
    c.n_bits = (size_t)BITS_A_ROW * PART_ROWS;
    while (c.n_bits < MOST_BITS && c.n_bits / BITS_A_ROW * c.n_parts < (size_t)c.n_rows) c.n_bits *= 2;
    c.n_blocks = fr_block_count((size_t)c.n_rows, BLOCK_ROWS);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *begins = fr_buffer_array(call, c.n_blocks * (c.n_parts + 1), sizeof *c.begins);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *words = fr_buffer_array(call, c.n_blocks * BLOCK_ROWS, sizeof *c.words);
    if (!begins || !words) return false;
    c.begins = begins->data;
    c.words = words->data;
    *counts = once_each(column);
    if (!fr_for_blocks(call, c.n_blocks, deal_block, &c) || !count_parts(call, &c, counts)) return false;
    *sure = !c.differ;
    return true;
}
