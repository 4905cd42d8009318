/* group_near: the keys near wanted ranks of each group against all keys of the group, sorted. */
#include "ops/group_keys.h"

#include <frame/context.h>

#include "frame/ops/naive.h"
#include "support/test.h"
#include "support/torture.h"

#include <math.h>
#include <stdlib.h>

static int by_key(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static fr_rank_pair around(const fr_aggregate_job *job, uint64_t n)
{
    const uint64_t low = (uint64_t)((double)(n - 1) * job->options.q);
    return (fr_rank_pair){ low, low + 1 < n ? low + 1 : low };
}

static uint64_t word_of(const fr_buffer *buffer, size_t at) { return ((const uint64_t *)buffer->data)[at]; }

/* `all` and `near` are the keys of one group. */
static void check_group(const fr_aggregate_job *job, uint64_t *all, uint64_t n, uint64_t *near, uint64_t n_near,
                        uint64_t before)
{
    qsort(all, n, sizeof *all, by_key);
    qsort(near, n_near, sizeof *near, by_key);
    if (n && all[n - 1] == FR_KEY_NAN) {
        CHECK(n_near > 0 && near[0] == FR_KEY_NAN);
        return;
    }
    if (!n) CHECK_INT(n_near, 0);
    if (!n) return;
    const fr_rank_pair ranks = around(job, n);
    REQUIRE(ranks.low >= before && ranks.high - before < n_near);
    CHECK(near[ranks.low - before] == all[ranks.low] && near[ranks.high - before] == all[ranks.high]);
}

static bool find_near(fr_call *call, fr_column *key, fr_column *x, fr_group_keys *near, fr_aggregate_job *job,
                      fr_grouping **groups)
{
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, key->length);
    if (!fr_keys_add(call, &keys, key, &(fr_key_want){ 0 }, NULL)) return false;
    *groups = fr_grouping_of_held_keys(call, &keys, FR_CODES_RANGED);
    if (!*groups) return false;
    job->grouping = *groups;
    job->n_groups = (*groups)->n_groups;
    job->n_rows = key->length;
    return fr_group_keys_near(call, x, job, around, near);
}

static void check(fr_call *call, fr_column *key, fr_column *x, double q)
{
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = NULL;
    FR_CLEANUP(fr_group_keys_clear) fr_group_keys all = { 0 };
    FR_CLEANUP(fr_group_keys_clear) fr_group_keys near = { 0 };
    fr_aggregate_job job = { .name = "quantile", .args = &x, .n_args = 1, .options = { .q = q } };
    REQUIRE(find_near(call, key, x, &near, &job, &groups));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *doubles = fr_as_doubles(call, x);
    REQUIRE(doubles && fr_group_keys_make(call, x, doubles->data, &job, &all));
    for (size_t g = 0; g < job.n_groups; g++) {
        const uint64_t at = word_of(all.starts, g), n = word_of(all.starts, g + 1) - at;
        const uint64_t at_near = word_of(near.starts, g);
        CHECK_INT(word_of(near.counts, g), n);
        check_group(&job, (uint64_t *)all.keys->data + at, n, (uint64_t *)near.keys->data + at_near,
                    word_of(near.starts, g + 1) - at_near, word_of(near.before, g));
    }
}

static const int64_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 511, 2049, 9000 };
static const double shares[] = { 0, 0.25, 0.5, 0.999, 1 };

TEST(keys_near_a_rank_are_those_that_stand_there)
{
    static const char *const types[] = { "i8", "narrow i8", "u16", "i32", "i64", "u64", "f32", "f64", "bool" };
    WITH_CALL;
    for (size_t t = 0; t < FR_COUNT_OF(types); t++)
        for (size_t k = 0; k < FR_COUNT_OF(lengths); k++)
            for (int nulls = 0; nulls < 3; nulls++) {
                const int64_t n_keys = 1 + (int64_t)(k * k * k);
                FR_OWNED fr_column *key = fr_test_repeating(call, k % 2 ? "cat" : "i64", lengths[k], n_keys, 10, t);
                FR_OWNED fr_column *x = fr_test_column(call, types[t], lengths[k], nulls * 50, t + k);
                REQUIRE(key && x);
                check(call, key, x, shares[(t + k) % FR_COUNT_OF(shares)]);
            }
}

/* Shapes of values that a sample may mislead about; under every number of threads. */
static double shape(int which, int64_t i, int64_t group, uint64_t *state)
{
    const double x = (double)(fr_test_random(state) % 100000) / 1000;
    switch (which) {
    case 0: return x;
    case 1: return x + (double)group * 1e6;                                     /* groups lie apart */
    case 2: return 7;
    case 3: return i % 3 ? -0.0 : 0.0;
    case 4: return i % 5 == 0 ? INFINITY : i % 5 == 1 ? -INFINITY : x;
    case 5: return i % 997 == 5 ? NAN : x - 50;
    case 6: return ldexp(x, (int)(i % 2000) - 1000) * (i % 2 ? 1 : -1);
    default: return i < 64 ? x : x * 1e9;                                       /* few of the sample are typical */
    }
}

TEST(values_of_any_shape_are_found_for_any_threads_and_stripes)
{
    enum { ROWS = 6000 };
    static double x[ROWS];
    static int64_t k[ROWS];
    for (uint32_t threads = 1; threads < 8; threads += threads < 3 ? 1 : 4)
        for (int which = 0; which < 8; which++) {
            fr_auto(context) context = fr_context_new(.threads = threads, .chunk_rows = 64);
            fr_call call;
            uint64_t state = (uint64_t)which;
            fr_call_begin(&call, context, NULL, -1);
            for (int64_t i = 0; i < ROWS; i++) {
                k[i] = (int64_t)(fr_test_random(&state) % (which % 2 ? 3 : 70));
                x[i] = shape(which, i, k[i], &state);
            }
            FR_OWNED fr_column *key = fr_test_i64s(&call, k, NULL, ROWS), *value = fr_test_f64s(&call, x, NULL, ROWS);
            REQUIRE(key && value);
            for (size_t s = 0; s < FR_COUNT_OF(shares); s++) check(&call, key, value, shares[s]);
            fr_call_end(&call);
        }
}

static fr_outcome near_of_five_groups(fr_context *context, void *state)
{
    (void)state;
    fr_call call;
    uint64_t digest = 0;
    fr_call_begin(&call, context, NULL, -1);
    FR_OWNED fr_column *key = fr_test_repeating(&call, "i64", 700, 5, 0, 1);
    FR_OWNED fr_column *x = fr_test_column(&call, "i32", 700, 10, 2);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = NULL;
    FR_CLEANUP(fr_group_keys_clear) fr_group_keys near = { 0 };
    fr_aggregate_job job = { .name = "median", .args = &x, .n_args = 1, .options = { .q = 0.5 } };
    if (key && x && find_near(&call, key, x, &near, &job, &groups))
        for (size_t g = 0; g < job.n_groups; g++)
            digest = digest * 31 + word_of(near.counts, g) + word_of(near.before, g);
    return fr_outcome_of_call(&call, digest);
}

TEST(finding_keys_near_ranks_survives_every_failure)
{
    TORTURE(near_of_five_groups, NULL);
}
