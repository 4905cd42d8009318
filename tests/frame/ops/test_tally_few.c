/* Rows of few groups whose keys are bytes, against the same aggregates folded one by one: equal to the bit. */
#include "ops/tally_few.h"

#include <frame/context.h>

#include "base/context_state.h"
#include "frame/ops/naive.h"
#include "frame/ops/tally_twin.h"
#include "ops/aggregates.h"
#include "ops/verb_result.h"
#include "ops/verbs.h"
#include "support/test.h"

enum { COLUMNS = 6 };

/* Of each column what a byte or a bit a row and a float tell; which columns: bits of `which`. */
static void check(fr_call *call, fr_column *key, fr_column *const *x, unsigned which)
{
    static const char *const some[] = { "size", "count", "sum", "mean" };
    FR_CLEANUP(fr_drop_grouping) fr_grouping *slow = fr_grouping_of(call, &key, 1, key->length);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *fast = fr_test_with_tally(call, key, FR_CODES_RANGED);
    REQUIRE(slow && fast);
    for (size_t i = 0; i < COLUMNS; i++)
        for (size_t k = 0; which >> i & 1 && k < FR_COUNT_OF(some); k++)
            REQUIRE(fr_aggregate_foresee(call, fast->tally, some[k], &x[i], k > 0));
    REQUIRE(fr_tally_run(call, fast->tally, fast));
    for (size_t i = 0; i < COLUMNS; i++)
        for (size_t k = 0; which >> i & 1 && k < FR_COUNT_OF(some); k++)
            fr_test_check_same(call, some[k], &x[i], k > 0, fast, slow);
}

static bool make(fr_call *call, fr_columns *x, int64_t n, int nulls)
{
    if (!fr_columns_init(call, x, COLUMNS)) return false;
    x->at[0] = fr_test_integers(call, FR_I8, n, -128, 256, nulls);
    x->at[1] = fr_test_integers(call, FR_U8, n, 0, 256, nulls * 2);
    x->at[2] = fr_test_repeating(call, "bool", n, 2, nulls, 5);
    x->at[3] = fr_test_repeating(call, "f64", n, 5000, nulls, 6);
    x->at[4] = fr_test_repeating(call, "f64", n, 50, 0, 7);
    x->at[5] = fr_test_scaled(call, 3, n, -9, 100000, 2 * nulls);
    return x->at[0] && x->at[1] && x->at[2] && x->at[3] && x->at[4] && x->at[5];
}

static void check_rows(fr_context *context, const char *key_type, int64_t n, int64_t groups, int nulls)
{
    static const unsigned which[] = { 25, 63, 33, 31, 7, 8, 1, 2, 4, 3, 9, 10, 32, 40 };
    const size_t some = n > 5000 ? 3 : FR_COUNT_OF(which);
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    {
        FR_CLEANUP(fr_columns_clear) fr_columns x = { .context = context };
        FR_OWNED fr_column *key = fr_test_repeating(&call, key_type, n, groups, nulls, 3);
        REQUIRE(key && make(&call, &x, n, nulls));
        for (size_t i = 0; i < some; i++) check(&call, key, x.at, which[i]);
    }
    CHECK(!fr_failed(&call));
    fr_call_end(&call);
}

TEST(sums_of_few_groups_are_the_same)
{
    static const int64_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 511, 2047, 2048, 2049, 5000 };
    static const int64_t groups[] = { 1, 2, 3, 4, 5, 11, 12, 13 };
    fr_auto(context) context = fr_context_new(.threads = 2);
    for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
        for (size_t g = 0; g < FR_COUNT_OF(groups); g++)
            for (int nulls = 0; nulls < 30; nulls += 12)
                check_rows(context, g % 2 ? "u8" : l % 2 ? "i8" : "cat", lengths[l], groups[g], nulls);
}

/* Blocks go by in fours, and some are left. */
TEST(sums_of_few_groups_are_the_same_in_blocks)
{
    for (int64_t groups = 1; groups <= 4; groups++) {
        fr_auto(context) context = fr_context_new(.threads = 1 + (uint32_t)groups / 3);
        check_rows(context, "u8", (1 << 20) + 70007, groups, groups % 2 ? 0 : 6);
    }
}
