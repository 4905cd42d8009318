/* Sizes of groups, found with the groups or afterwards: as many as a look at every row's group finds. */
#include "frame/ops/apply.h"
#include "frame/ops/naive.h"

#include "ops/group_sizes.h"
#include "support/columns.h"
#include "support/torture.h"

#include <string.h>

enum { MANY = 1 << 17 };

/* k: `below` values, every 17th row null (missing). */
static fr_column *keys_of(fr_call *call, int64_t n, int64_t below, bool missing)
{
    static int64_t values[MANY];
    static uint8_t valid[MANY];
    uint64_t seed = 11;
    for (int64_t i = 0; i < n; i++) {
        valid[i] = !missing || i % 17 != 5;
        values[i] = valid[i] ? (int64_t)(fr_test_random(&seed) / 64 % (uint64_t)below) * (below > MANY ? 1000003 : 1) : 0;
    }
    return fr_test_i64s(call, values, valid, n);
}

static bool sizes_are_right(fr_call *call, const fr_grouping *g, const fr_buffer *sizes)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *expected = fr_buffer_zeroed(call, (size_t)g->n_groups * sizeof(uint64_t));
    if (!expected || !fr_grouping_need_ids(call, g)) return false;
    for (int64_t i = 0; i < g->n_rows; i++)
        if (fr_grouping_ids(g)[i] != FR_NO_ID) ((uint64_t *)expected->data)[fr_grouping_ids(g)[i]]++;
    return !memcmp(expected->data, sizes->data, (size_t)g->n_groups * sizeof(uint64_t));
}

/* kill: rows with a null are in no group. */
static bool check(fr_call *call, const fr_column *column, bool kill, bool to_size)
{
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, column->length);
    if (!fr_keys_add(call, &keys, column, &(fr_key_want){ 0 }, NULL)) return false;
    if (kill && !fr_keys_kill_nulls(call, &keys, column)) return false;
    FR_CLEANUP(fr_drop_grouping) fr_grouping *g = to_size ? fr_grouping_to_size(call, &keys)
                                                          : fr_grouping_of_keys(call, &keys);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *sizes = g ? fr_grouping_sizes(call, g) : NULL;
    return sizes && sizes_are_right(call, g, sizes);
}

TEST(sizes_of_groups)
{
    static const int64_t lengths[] = { 0, 1, 3, 63, 64, 65, 511, 40000, MANY };
    static const int64_t distinct[] = { 1, 5, 1000, 100000, MANY, (int64_t)1 << 27, (int64_t)1 << 40 };
    static const uint32_t threads[] = { 1, 3 };
    for (size_t i = 0; i < FR_COUNT_OF(threads); i++) {
        fr_auto(context) context = fr_context_new(.threads = threads[i], .seed = 7 + i);
        fr_call call;
        fr_call_begin(&call, context, __FILE__, __LINE__);
        for (size_t k = 0; k < FR_COUNT_OF(lengths) * FR_COUNT_OF(distinct); k++) {
            for (int how = 0; how < 6; how++) {
                const int64_t below = distinct[k % FR_COUNT_OF(distinct)];
                FR_OWNED fr_column *column = keys_of(&call, lengths[k / FR_COUNT_OF(distinct)], below, how >= 2);
                CHECK(column && check(&call, column, how >= 4, how & 1));
            }
        }
        fr_call_end(&call);
    }
}

static fr_outcome size_some(fr_context *context, void *below)
{
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    FR_OWNED fr_column *column = keys_of(&call, 3000, *(int64_t *)below, true);
    const bool right = column && check(&call, column, false, true);
    return fr_outcome_of_call(&call, right);
}

TEST(sizes_survive_every_failed_allocation)
{
    TORTURE(size_some, &(int64_t){ 5 });
    TORTURE(size_some, &(int64_t){ (int64_t)1 << 40 });
}
