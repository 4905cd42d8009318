/* radix_sort.c — the passes of radix_sort.h. */
#include "kernel/radix_sort.h"
#include "kernel/radix_buckets.h"

#include "base/memory.h"
#include "base/object.h"
#include "base/threads.h"
#include "kernel/bits.h"
#include "kernel/together.h"

#include <string.h>

enum { DIGIT_BITS = 11, SMALL = 48, LEAST_BLOCK = 1 << 16, MOST_BLOCKS = 64 };

static bool in_order(const uint64_t *keys, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (keys[i - 1] > keys[i]) return false;
    return true;
}

static unsigned bits_of(uint64_t top_key)
{
    return top_key ? fr_bit_length(top_key) : 1;
}

#define ROW uint32_t
#define COUNT uint32_t
#define FN(name) narrow_##name
#include "kernel/radix_sort.inc.h"

#define ROW int64_t
#define COUNT uint64_t
#define FN(name) wide_##name
#include "kernel/radix_sort.inc.h"

static bool sort_by_bits(fr_call *call, uint64_t *keys, const fr_row_array *rows, unsigned bits)
{
    if (rows->n > SMALL && in_order(keys, rows->n)) return true;
    if (rows->n > SMALL && bits > 2 * DIGIT_BITS) return fr_sort_in_buckets(call, keys, rows, bits, sort_by_bits);
    if (rows->wide) return wide_sort_rows(call, keys, rows->at, rows->n, bits);
    return narrow_sort_rows(call, keys, rows->at, rows->n, bits);
}

bool fr_sort_rows(fr_call *call, uint64_t *keys, const fr_row_array *rows, uint64_t top_key)
{
    return sort_by_bits(call, keys, rows, bits_of(top_key));
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
        size_t i = 0;
        for (; i + FR_TOGETHER <= n; i += FR_TOGETHER) {
            size_t place[FR_TOGETHER];
            for (size_t k = 0; k < FR_TOGETHER; k++) place[k] = places[from[i + k] >> shift & 0xff]++;
            for (size_t k = 0; k < FR_TOGETHER; k++) to[place[k]] = from[i + k];
        }
        for (; i < n; i++) to[places[from[i] >> shift & 0xff]++] = from[i];
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

    const bool wide = fr_rows_are_wide((int64_t)n);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *order =
        fr_buffer_array(call, (size_t)at[n_groups + 1], fr_row_bytes(wide));
    if (!order) return false;
    for (size_t i = 0; i < n; i++)
        if (is_kept(ids, keep, i)) fr_row_put(order->data, wide, at[(ids ? ids[i] : 0) + 1]++, (int64_t)i);
    *places = starts, *rows = order;
    starts = NULL, order = NULL;
    return true;
}
