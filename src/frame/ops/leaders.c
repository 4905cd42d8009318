/* leaders.c — rows among which the first n of an order are, in one pass over the keys.
 *
 * A sample of the rows says which code is surely not before the n-th one; then rows up to that code are marked. Where
 * the first key is a number, 64 rows at a time are compared with the number the code stands for, and codes are made of
 * words in which some row may be near. Should fewer than n rows be marked, the sample has misled, and the pass is done
 * again with a code further off.
 *
 *     10^7 rows, n = 100      16,384 rows sampled, of which 0.2 are expected among the first 100; the code of the 7th:
 *                             about 4,000 rows are marked
 *
 * Values are compared 16,384 rows at a time, which are read at several places at once; words of bits that are zero, nearly
 * all, are only stored. (10^7 f64, busy machine with AVX2: 12.3 ms of CPU with bytes made of 2,048 rows, 6.5 so.)
 *
 * Of the rows with exactly that code no more are marked than a block has among its first n: a head asks for no more of
 * them, and few values may be shared by many rows.
 *
 * 10^7 f64, 100 of nine columns: 54 ms of CPU by counting leading bits and marking in a second pass, 6 so.
 */
#include "ops/leaders.h"

#include "base/threads.h"
#include "kernel/prefetch.h"
#include "kernel/rank_select.h"

#include <math.h>
#include <string.h>

enum { BLOCK_ROWS = 1 << 16, NEAR_ROWS = 1 << 14, SAMPLE_ROWS = 1 << 14, SAMPLE_WORDS = 1 << 11 };

typedef struct leaders {
    const fr_keys   *keys;
    int64_t          n;
    size_t           n_parts;              /* of the most significant run: they make the code */
    uint64_t         rest_span;            /* of its parts behind the first                   */
    uint64_t         last;                 /* the largest code that may be among the first    */
    uint64_t        *keep;
    _Atomic(int64_t) n_kept;
} leaders;

/* ---- the sample -------------------------------------------------------------------------------------------------- */
/* Rows of the sample lie in lines of their own, mostly in pages of their own. */
static void ask_for_word(const leaders *l, int64_t word)
{
    const fr_key_part *part = l->keys->parts;
    if (l->n_parts) fr_ask_for(part->values, 64 * (uint64_t)word, part->width);
}

/* Codes of all rows where they are few, else of the first rows of whole words, evenly spaced; → how many. A line of
 * memory costs as much as all the rows in it (10^7 f64: 16,384 lines 1.36 ms, 2,048 lines 0.15). Where neighbours are
 * alike the sample says less, and what it says may be too low: then there is a second pass. */
static size_t sample_codes(const leaders *l, uint64_t *codes)
{
    const int64_t n_rows = l->keys->n_rows;
    const bool all = n_rows <= SAMPLE_ROWS;
    const int64_t n_words = all ? (n_rows + 63) / 64 : n_rows / 64, n = n_words < SAMPLE_WORDS ? n_words : SAMPLE_WORDS;
    const int64_t of_word = all ? 64 : SAMPLE_ROWS / SAMPLE_WORDS;
    for (int64_t i = 0; i < n; i++) {
        const int64_t word = i * n_words / n, left = n_rows - 64 * word;
        ask_for_word(l, (i + FR_AHEAD) * n_words / n);
        fr_keys_codes(l->keys, 0, l->n_parts, 64 * word, (size_t)(left < of_word ? left : of_word), codes + of_word * i);
    }
    return (size_t)(all ? n_rows : n * of_word);
}

/* The rank in the sample below which, almost surely, n rows lie: four deviations above what is expected. */
static uint64_t rank_of(const leaders *l, size_t n_sampled)
{
    const double expected = (double)l->n * (double)n_sampled / (double)l->keys->n_rows;
    if ((int64_t)n_sampled == l->keys->n_rows) return l->n ? (uint64_t)l->n - 1 : 0;
    return (uint64_t)(expected + 4 * sqrt(expected) + 4);
}

/* ---- the pass ---------------------------------------------------------------------------------------------------- */
/* A bit for each row whose first key may belong to a code up to the last one, or below it without `ties`; all bits
 * where that cannot be seen. True: those rows do, and no others. */
static bool find_near(const leaders *l, int64_t first, size_t n, bool ties, uint64_t *bits)
{
    const fr_key_part *part = l->keys->parts;
    const uint64_t code = (l->last - (!ties && l->last)) / l->rest_span;
    const bool none = !ties && !l->last;
    const bool seen = l->n_parts && part->slice == FR_KEY_WHOLE && !part->map && part->kernels->near
                   && (!part->valid || part->rule.null_code > code) && part->rule.nan_code > code;
    if (none || !seen) memset(bits, none ? 0 : 0xff, (n + 63) / 64 * sizeof *bits);
    else part->kernels->near(bits, part->values + (size_t)first * part->width, n, &part->rule, code);
    return none || (seen && l->n_parts == 1 && !part->valid);
}

/* Up to 64 rows: those before the last code, and so many of those that have it. */
static uint64_t mark_word(const leaders *l, int64_t first, size_t n, int64_t *ties_left)
{
    uint64_t codes[64], before = 0, equal = 0;
    fr_keys_codes(l->keys, 0, l->n_parts, first, n, codes);
    for (size_t k = 0; k < n; k++) {
        before |= (uint64_t)(codes[k] < l->last) << k;
        equal |= (uint64_t)(codes[k] == l->last) << k;
    }
    if (l->n_parts < l->keys->n_parts) return before | equal;      /* the other keys tell them apart */
    while (__builtin_popcountll(equal) > *ties_left) equal &= ~((uint64_t)1 << (63 - __builtin_clzll(equal)));
    *ties_left -= __builtin_popcountll(equal);
    return before | equal;
}

/* Without codes: n rows of the block up to the last code are as good as n of that code. Ties that other keys tell apart
 * stay. */
static bool may_be_marked(const leaders *l, uint64_t near, bool ties, int64_t *ties_left)
{
    const int64_t n = __builtin_popcountll(near);
    if (l->n_parts < l->keys->n_parts) return true;
    if (ties && n > *ties_left) return false;
    if (ties) *ties_left -= n;
    return true;
}

static bool mark_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    leaders *l = state;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, left = l->keys->n_rows - begin;
    const int64_t end = begin + (left < BLOCK_ROWS ? left : BLOCK_ROWS);
    int64_t ties_left = l->n, n_kept = 0;
    if (!fr_go_on(call)) return false;
    for (int64_t first = begin, done; first < end; first += done) {
        uint64_t near[NEAR_ROWS / 64];
        const int64_t n = end - first < NEAR_ROWS ? end - first : NEAR_ROWS;
        const bool ties = ties_left > 0, exact = find_near(l, first, (size_t)n, ties, near);
        for (done = 0; done < n && (ties_left > 0) == ties; done += 64) {      /* without ties fewer are near */
            uint64_t *word = &l->keep[(first + done) / 64];
            *word = near[done / 64];
            if (!*word) continue;
            if (!exact || !may_be_marked(l, *word, ties, &ties_left))
                *word = mark_word(l, first + done, (size_t)(n - done < 64 ? n - done : 64), &ties_left);
            n_kept += __builtin_popcountll(*word);
        }
    }
    atomic_fetch_add_explicit(&l->n_kept, n_kept, memory_order_relaxed);
    return true;
}

bool fr_order_leaders(fr_call *call, const fr_keys *keys, int64_t n, fr_buffer **keep, int64_t *n_kept)
{
    const size_t n_rows = (size_t)keys->n_rows, n_blocks = fr_block_count(n_rows, BLOCK_ROWS);
    uint64_t span;
    leaders l = { .keys = keys, .n = n, .n_parts = fr_keys_fit(keys, 0, &span) };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *sample = fr_buffer_array(call, 2 * SAMPLE_ROWS, sizeof(uint64_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = fr_buffer_array(call, (n_rows + 63) / 64, sizeof(uint64_t));
    if (!sample || !bits) return false;
    uint64_t *codes = sample->data;
    const size_t n_sampled = sample_codes(&l, codes);
    l.rest_span = l.n_parts ? span / keys->parts[0].rule.span : 1;
    l.keep = bits->data;
    uint64_t rank = rank_of(&l, n_sampled);
    do {
        l.last = rank < n_sampled ? fr_key_at_rank(codes, n_sampled, rank, codes + SAMPLE_ROWS) : UINT64_MAX;
        atomic_store(&l.n_kept, 0);
        if (!fr_for_blocks(call, n_blocks, mark_block, &l)) return false;
        rank = 4 * rank + 4;
    } while (atomic_load(&l.n_kept) < n);
    *n_kept = atomic_load(&l.n_kept);
    *keep = bits;
    bits = NULL;
    return true;
}
