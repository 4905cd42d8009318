/* distinct_count.c — a bit for every code there can be, set by all threads, counted at the end (see distinct_count.h).
 *
 *     codes 3 1 3     bits 0101     2
 *
 * Grouping 10^7 order numbers to learn that they are 10^7 fills 160 MB with ids, slots and first rows; the bits are
 * 1.2 MB. A bit is looked at before it is set, so that few values, often met, cost no write.
 */
#include "ops/distinct_count.h"

#include "base/threads.h"

#include <stdatomic.h>

enum { BLOCK_ROWS = 1 << 17, FEW_CODES = 1 << 16, BITS_A_ROW = 32 };

typedef struct seen_job {
    const fr_keys     *keys;
    const uint64_t    *dead;
    _Atomic(uint64_t) *seen;
} seen_job;

bool fr_can_count_codes(const fr_keys *keys)
{
    uint64_t span;
    if (fr_keys_fit(keys, 0, &span) != keys->n_parts) return false;
    return span <= FEW_CODES || span / BITS_A_ROW <= (uint64_t)keys->n_rows;
}

static inline void see(_Atomic(uint64_t) *seen, uint64_t code)
{
    const uint64_t bit = (uint64_t)1 << (code & 63);
    if (!(atomic_load_explicit(&seen[code >> 6], memory_order_relaxed) & bit))
        atomic_fetch_or_explicit(&seen[code >> 6], bit, memory_order_relaxed);
}

static bool see_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const seen_job *job = state;
    const int64_t begin = (int64_t)block * BLOCK_ROWS;
    const int64_t end = begin + BLOCK_ROWS < job->keys->n_rows ? begin + BLOCK_ROWS : job->keys->n_rows;
    uint64_t codes[FR_KEY_VECTOR];
    if (!fr_go_on(call)) return false;
    for (int64_t first = begin; first < end; first += FR_KEY_VECTOR) {
        const size_t n = end - first < FR_KEY_VECTOR ? (size_t)(end - first) : FR_KEY_VECTOR;
        fr_keys_codes(job->keys, 0, job->keys->n_parts, first, n, codes);
        for (size_t i = 0; i < n; i++)
            if (!job->dead || !fr_bit(job->dead, first + (int64_t)i)) see(job->seen, codes[i]);
    }
    return true;
}

bool fr_count_codes(fr_call *call, const fr_keys *keys, uint64_t *n)
{
    uint64_t span;
    (void)fr_keys_fit(keys, 0, &span);
    const size_t n_words = (size_t)(span / 64) + 1;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *seen = fr_buffer_zeroed(call, n_words * sizeof(uint64_t));
    if (!seen) return false;
    seen_job job = { .keys = keys, .dead = keys->dead ? keys->dead->data : NULL, .seen = seen->data };
    if (!fr_for_blocks(call, fr_block_count((size_t)keys->n_rows, BLOCK_ROWS), see_block, &job)) return false;
    *n = (uint64_t)fr_bits_count(seen->data, (int64_t)(n_words * 64));
    return true;
}
