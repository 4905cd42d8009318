/* radix_sort.c — the passes of radix_sort.h. */
#include "kernel/radix_sort.h"

#include "base/memory.h"
#include "base/object.h"
#include "base/threads.h"

#include <string.h>

enum { DIGIT_BITS = 11, SMALL = 48, LEAST_BLOCK = 1 << 16, MOST_BLOCKS = 64 };

typedef struct pass {
    const uint64_t *keys;
    const uint32_t *rows;
    uint64_t       *keys_out;
    uint32_t       *rows_out;
    uint32_t       *counts;          /* [block][digit]: counts, then the next place */
    size_t          n, block_rows;
    unsigned        shift;
    size_t          n_digits;
} pass;

static bool count_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)call, (void)worker;
    const pass *p = state;
    uint32_t *counts = p->counts + block * p->n_digits;
    const size_t end = (block + 1) * p->block_rows < p->n ? (block + 1) * p->block_rows : p->n;
    memset(counts, 0, p->n_digits * sizeof *counts);
    for (size_t i = block * p->block_rows; i < end; i++) counts[p->keys[i] >> p->shift & (p->n_digits - 1)]++;
    return true;
}

static bool scatter_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)call, (void)worker;
    const pass *p = state;
    uint32_t *places = p->counts + block * p->n_digits;
    const size_t end = (block + 1) * p->block_rows < p->n ? (block + 1) * p->block_rows : p->n;
    for (size_t i = block * p->block_rows; i < end; i++) {
        uint32_t place = places[p->keys[i] >> p->shift & (p->n_digits - 1)]++;
        p->keys_out[place] = p->keys[i];
        p->rows_out[place] = p->rows[i];
    }
    return true;
}

/* Counts to first places; false when one digit holds all rows, so that the pass would move nothing. */
static bool place_digits(const pass *p, size_t n_blocks)
{
    uint32_t at = 0;
    for (size_t digit = 0; digit < p->n_digits; digit++) {
        uint32_t before = at;
        for (size_t block = 0; block < n_blocks; block++) {
            uint32_t *count = p->counts + block * p->n_digits + digit;
            uint32_t n = *count;
            *count = at;
            at += n;
        }
        if (at - before == p->n) return false;
    }
    return true;
}

static void insertion_sort(uint64_t *keys, uint32_t *rows, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint64_t key = keys[i];
        uint32_t row = rows[i];
        size_t at = i;
        for (; at > 0 && keys[at - 1] > key; at--) keys[at] = keys[at - 1], rows[at] = rows[at - 1];
        keys[at] = key, rows[at] = row;
    }
}

static bool in_order(const uint64_t *keys, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (keys[i - 1] > keys[i]) return false;
    return true;
}

static unsigned bits_of(uint64_t top_key)
{
    return top_key ? 64 - (unsigned)__builtin_clzll(top_key) : 1;
}

bool fr_sort_rows(fr_call *call, uint64_t *keys, uint32_t *rows, size_t n, uint64_t top_key)
{
    if (n <= SMALL) {
        insertion_sort(keys, rows, n);
        return true;
    }
    if (in_order(keys, n)) return true;

    const unsigned bits = bits_of(top_key), n_passes = (bits + DIGIT_BITS - 1) / DIGIT_BITS;
    const unsigned digit_bits = (bits + n_passes - 1) / n_passes;
    const size_t block_rows = n / MOST_BLOCKS + 1 > LEAST_BLOCK ? n / MOST_BLOCKS + 1 : LEAST_BLOCK;
    const size_t n_blocks = fr_block_count(n, block_rows);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keys2 = fr_buffer_array(call, n, sizeof *keys);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows2 = fr_buffer_array(call, n, sizeof *rows);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *counts = fr_buffer_array(call, n_blocks << digit_bits, sizeof(uint32_t));
    if (!keys2 || !rows2 || !counts) return false;

    pass p = { .keys = keys, .rows = rows, .keys_out = keys2->data, .rows_out = rows2->data, .counts = counts->data,
               .n = n, .block_rows = block_rows, .n_digits = (size_t)1 << digit_bits };
    for (unsigned i = 0; i < n_passes; i++) {
        p.shift = i * digit_bits;
        if (!fr_go_on(call) || !fr_for_blocks(call, n_blocks, count_block, &p)) return false;
        if (!place_digits(&p, n_blocks)) continue;
        if (!fr_for_blocks(call, n_blocks, scatter_block, &p)) return false;
        uint64_t *sorted_keys = p.keys_out;
        uint32_t *sorted_rows = p.rows_out;
        p.keys_out = (uint64_t *)p.keys, p.rows_out = (uint32_t *)p.rows;
        p.keys = sorted_keys, p.rows = sorted_rows;
    }
    if (p.keys != keys) {
        memcpy(keys, p.keys, n * sizeof *keys);
        memcpy(rows, p.rows, n * sizeof *rows);
    }
    return true;
}

void fr_sort_keys(uint64_t *keys, uint64_t *scratch, size_t n)
{
    if (n <= SMALL) {
        for (size_t i = 1; i < n; i++) {
            uint64_t key = keys[i];
            size_t at = i;
            for (; at > 0 && keys[at - 1] > key; at--) keys[at] = keys[at - 1];
            keys[at] = key;
        }
        return;
    }
    uint64_t *from = keys, *to = scratch, differ = 0;
    for (size_t i = 1; i < n; i++) differ |= keys[i] ^ keys[0];
    for (unsigned shift = 0; shift < 64; shift += 8) {
        if (!(differ >> shift & 0xff)) continue;
        size_t places[257] = { 0 };
        for (size_t i = 0; i < n; i++) places[(from[i] >> shift & 0xff) + 1]++;
        for (size_t digit = 0; digit < 256; digit++) places[digit + 1] += places[digit];
        for (size_t i = 0; i < n; i++) to[places[from[i] >> shift & 0xff]++] = from[i];
        uint64_t *swap = from;
        from = to, to = swap;
    }
    if (from != keys) memcpy(keys, from, n * sizeof *keys);
}

static inline bool is_kept(const uint32_t *ids, const uint64_t *keep, size_t i)
{
    return (!ids || ids[i] != UINT32_MAX) && (!keep || (keep[i >> 6] >> (i & 63) & 1));
}

bool fr_rows_by_group(fr_call *call, const uint32_t *ids, const uint64_t *keep, size_t n, size_t n_groups,
                      fr_buffer **places, fr_buffer **rows)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *starts = fr_buffer_array(call, n_groups + 2, sizeof(uint64_t));
    if (!starts) return false;
    /* starts[g + 2] counts group g; after the running sum starts[g + 1] is its next free place, in the end its end */
    uint64_t *at = starts->data;
    memset(at, 0, (n_groups + 2) * sizeof *at);
    for (size_t i = 0; i < n; i++)
        if (is_kept(ids, keep, i)) at[(ids ? ids[i] : 0) + 2]++;
    for (size_t g = 0; g + 1 < n_groups + 2; g++) at[g + 1] += at[g];

    FR_CLEANUP(fr_drop_buffer) fr_buffer *order = fr_buffer_array(call, (size_t)at[n_groups + 1], sizeof(uint32_t));
    if (!order) return false;
    uint32_t *out = order->data;
    for (size_t i = 0; i < n; i++)
        if (is_kept(ids, keep, i)) out[at[(ids ? ids[i] : 0) + 1]++] = (uint32_t)i;
    *places = starts, *rows = order;
    starts = NULL, order = NULL;
    return true;
}
