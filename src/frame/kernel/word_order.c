/* word_order.c — one pass through memory into buckets that fit the cache, then each by itself (see word_order.h).
 *
 * Buckets are those of kernel/bucket_plan.h, each sorted by kernel/bucket_sort.h. A bucket of one key needs no sorting and may
 * have any number of rows. Where keys crowd so that another one is too large, fr_sort_rows says its order, with all threads.
 */
#include "kernel/word_order.h"

#include "base/memory.h"
#include "base/threads.h"
#include "kernel/bucket_sort.h"
#include "kernel/radix_sort.h"

#include <string.h>

enum { LEAST_KEY_BITS = 6,                 /* with fewer keys than 32 the next row of a key is near: columns are read on */
       FEW_KEY_BITS = 22,                  /* two digits of fr_sort_rows */
       LEAST_ROWS = 1 << 15,
       MANY_ROWS = 1 << 19,                /* nine columns by texts: of 10^5 rows CPU 0.8 ms by digits, 1.8 so; of 10^6 22 and 16 */
       BIG_BLOCK = 1 << 16 };

bool fr_words_are_dealt(size_t n_rows, unsigned key_bits)
{
    return key_bits >= LEAST_KEY_BITS && n_rows > (key_bits <= FEW_KEY_BITS ? MANY_ROWS : LEAST_ROWS);
}

void fr_word_deal_clear(fr_word_deal *deal)
{
    fr_buffer_unref(deal->rows);
    *deal = (fr_word_deal){ 0 };
}

/* ---- to the buckets ---------------------------------------------------------------------------------------------- */
static bool deal_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const fr_word_deal *deal = state;
    const fr_bucket_plan *plan = &deal->plan;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_array(call, 1, sizeof(fr_word_lines));
    if (!room || !fr_go_on(call)) return false;
    FR_ISA_PICK(fr_row_words_kernels)->deal(deal->words, plan, block * plan->block_rows, fr_bucket_block_end(plan, block),
                                            plan->places + block * FR_MOST_BUCKETS, room->data);
    return true;
}

bool fr_words_deal(fr_call *call, fr_arena *arena, fr_row_words *words, const uint64_t *keys, size_t n, fr_word_deal *out)
{
    const unsigned shift = words->key_bits > FR_BIN_BITS ? words->key_bits - FR_BIN_BITS : 0;
    FR_CLEANUP(fr_word_deal_clear) fr_word_deal deal = { .words = words };
    if (!fr_bucket_plan_make(call, arena, keys, n, shift, true, &deal.plan)) return false;
    deal.rows = fr_buffer_array(call, n, words->n_words * sizeof(uint64_t));
    if (!deal.rows) return false;
    words->at = deal.rows->data;
    if (!fr_for_blocks(call, deal.plan.n_blocks, deal_block, &deal)) return false;
    *out = deal;
    deal.rows = NULL;
    return true;
}

/* ---- a bucket ---------------------------------------------------------------------------------------------------- */
typedef struct unpacking {
    const fr_word_deal *deal;
    uint64_t           *scratch;           /* [worker][2 * most] */
} unpacking;

static const uint64_t *row_at(const fr_word_deal *deal, size_t i) { return deal->words->at + i * deal->words->n_words; }

static void unpack(const fr_word_deal *deal, size_t first, const uint64_t *numbers, uint64_t mask, size_t begin, size_t n)
{
    FR_ISA_PICK(fr_row_words_kernels)->unpack(deal->words, row_at(deal, first), numbers, mask, begin, n);
}

static bool unpack_bucket(fr_call *call, void *state, size_t k, size_t worker)
{
    const unpacking *u = state;
    const fr_word_deal *deal = u->deal;
    const fr_bucket_plan *plan = &deal->plan;
    const size_t begin = plan->begins[k], n_words = deal->words->n_words;
    if (!fr_go_on(call)) return false;
    if (fr_bucket_rows(plan, k) > plan->most) return true;             /* see unpack_big */
    uint64_t *numbers = u->scratch + worker * 2 * plan->most;
    fr_bucket b = { .keys = row_at(deal, begin) + n_words - 1, .step = n_words, .n = fr_bucket_rows(plan, k),
                    .shift = fr_words_key_shift(deal->words), .numbers = numbers, .scratch = numbers + plan->most };
    fr_bucket_sort(&b);
    unpack(deal, begin, b.numbers, fr_bucket_place_mask(&b), begin, b.n);
    return true;
}

/* ---- a bin, or a key, that no cache holds ------------------------------------------------------------------------ */
typedef struct big {
    const fr_word_deal *deal;
    size_t              begin, n;
    uint64_t           *keys, *places;     /* those bits of a key that are not the bin's; NULL: the rows lie in order */
} big;

static size_t block_of_big(const big *b, size_t block, size_t *at)
{
    *at = block * BIG_BLOCK;
    return b->n - *at < BIG_BLOCK ? b->n - *at : BIG_BLOCK;
}

static bool list_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const big *b = state;
    const fr_row_words *words = b->deal->words;
    const uint64_t mask = ((uint64_t)1 << b->deal->plan.shift) - 1;
    size_t at;
    const size_t n = block_of_big(b, block, &at);
    for (size_t i = at; i < at + n; i++) {
        b->keys[i] = row_at(b->deal, b->begin + i)[words->n_words - 1] >> fr_words_key_shift(words) & mask;
        b->places[i] = i;
    }
    return fr_go_on(call);
}

static bool unpack_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const big *b = state;
    size_t at;
    const size_t n = block_of_big(b, block, &at);
    if (!fr_go_on(call)) return false;
    if (b->places) unpack(b->deal, b->begin, b->places + at, UINT64_MAX, b->begin + at, n);
    else unpack(b->deal, b->begin + at, NULL, 0, b->begin + at, n);
    return true;
}

static bool unpack_big(fr_call *call, const fr_word_deal *deal, size_t k)
{
    big b = { .deal = deal, .begin = deal->plan.begins[k], .n = fr_bucket_rows(&deal->plan, k) };
    const size_t n_blocks = fr_block_count(b.n, BIG_BLOCK);
    const bool in_order = deal->plan.same[k] || deal->plan.shift == 0;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = in_order ? NULL : fr_buffer_array(call, b.n, 2 * sizeof(uint64_t));
    if (in_order) return fr_for_blocks(call, n_blocks, unpack_block, &b);
    if (!room) return false;
    b.keys = room->data;
    b.places = b.keys + b.n;
    const fr_row_array places = { .at = b.places, .wide = true, .n = b.n };
    return fr_for_blocks(call, n_blocks, list_block, &b)
        && fr_sort_rows(call, b.keys, &places, ((uint64_t)1 << deal->plan.shift) - 1)
        && fr_for_blocks(call, n_blocks, unpack_block, &b);
}

bool fr_words_unpack(fr_call *call, const fr_word_deal *deal)
{
    const fr_bucket_plan *plan = &deal->plan;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *scratch =
        fr_buffer_array(call, fr_worker_count(call) * 2 * plan->most, sizeof(uint64_t));
    if (!scratch) return false;
    unpacking u = { .deal = deal, .scratch = scratch->data };
    if (!fr_for_blocks(call, plan->n, unpack_bucket, &u)) return false;
    for (size_t k = 0; k < plan->n; k++)
        if (fr_bucket_rows(plan, k) > plan->most && !unpack_big(call, deal, k)) return false;
    return true;
}
