/* The key of a rank against sorting all keys. */
#include "base/buffer.h"
#include "base/memory.h"
#include "kernel/radix_sort.h"
#include "kernel/rank_select.h"
#include "support/columns.h"
#include "support/test.h"

#include <string.h>

/* kinds of keys: spread over all bits, few different ones, all equal, floats between 0 and 100, the ends */
static uint64_t key_of(int kind, uint64_t *state)
{
    const uint64_t random = fr_test_random(state);
    const double real = (double)(random >> 11) * 0x1p-53 * 100;
    uint64_t bits;
    memcpy(&bits, &real, sizeof bits);
    switch (kind) {
    case 0: return random;
    case 1: return random % 7;
    case 2: return 42;
    case 3: return bits;
    default: return random & 1 ? UINT64_MAX - random % 3 : random % 3;
    }
}

static bool ranks_agree(fr_call *call, const uint64_t *keys, const uint64_t *sorted, uint64_t *scratch, size_t n)
{
    const uint64_t ranks[] = { 0, n / 4, n / 2, n - 1 };
    for (size_t i = 0; i < FR_COUNT_OF(ranks); i++) {
        uint64_t found = 0;
        if (fr_key_at_rank(keys, n, ranks[i], scratch) != sorted[ranks[i]]) return false;
        if (!fr_key_at_rank_parallel(call, keys, n, ranks[i], &found) || found != sorted[ranks[i]]) return false;
        if (ranks[i] + 1 == n) continue;
        const fr_ranked_key at = { found, ranks[i] };
        if (fr_key_after_rank(keys, n, found, ranks[i]) != sorted[ranks[i] + 1]) return false;
        if (!fr_key_after_rank_parallel(call, keys, n, at, &found) || found != sorted[ranks[i] + 1]) return false;
    }
    uint64_t highest = 0;
    return fr_key_highest_parallel(call, keys, n, &highest) && highest == sorted[n - 1];
}

static bool finds_every_rank(uint32_t threads, int kind, size_t n)
{
    fr_auto(context) context = fr_context_new(.threads = threads);
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keys = fr_buffer_array(&call, n, 8), *sorted = fr_buffer_array(&call, n, 8),
                                        *scratch = fr_buffer_array(&call, n, 8);
    uint64_t state = n + (uint64_t)kind;
    for (size_t i = 0; i < n; i++) ((uint64_t *)keys->data)[i] = key_of(kind, &state);
    memcpy(sorted->data, keys->data, n * 8);
    fr_sort_keys(sorted->data, scratch->data, n);
    const bool agree = ranks_agree(&call, keys->data, sorted->data, scratch->data, n);
    fr_call_end(&call);
    return agree;
}

TEST(a_rank_holds_the_key_that_sorting_puts_there)
{
    static const size_t lengths[] = { 1, 2, 3, 15, 16, 17, 47, 48, 49, 65, 511, 5000 };
    for (int kind = 0; kind < 5; kind++)
        for (size_t i = 0; i < FR_COUNT_OF(lengths); i++) CHECK(finds_every_rank(1, kind, lengths[i]));
}

TEST(threads_find_the_same_key_of_a_rank)
{
    for (int kind = 0; kind < 5; kind++) {
        CHECK(finds_every_rank(1, kind, 300001));
        CHECK(finds_every_rank(3, kind, 300001));
        CHECK(finds_every_rank(7, kind, 1 << 17));
    }
}
