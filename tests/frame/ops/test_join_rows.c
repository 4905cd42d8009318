/* Joins that would be too large, or have too little memory, or keys meant to collide: a clear error, or the answer. */
#include "frame/ops/apply.h"
#include "frame/ops/naive.h"

#include <frame/steps.h>

#include "base/hash.h"
#include "base/memory.h"
#include "support/torture.h"

#include <stdlib.h>
#include <string.h>

/* Columns k (keys[i], or 7 where keys is NULL) and `number` (0, 1, 2 …). */
static fr_frame *frame_of(fr_context *context, const int64_t *keys, int64_t n, const char *number)
{
    fr_call call;
    int64_t *values = malloc((size_t)n * sizeof *values), *same = malloc((size_t)n * sizeof *same);
    for (int64_t i = 0; i < n; i++) values[i] = i, same[i] = 7;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    const char *names[] = { "k", number };
    fr_column *columns[] = { fr_test_i64s(&call, keys ? keys : same, NULL, n), fr_test_i64s(&call, values, NULL, n) };
    fr_frame *frame = fr_frame_of(&call, NULL, names, columns, 2, n);
    fr_column_unref(columns[0]);
    fr_column_unref(columns[1]);
    if (fr_failed(&call)) fr_test_check(false, "a frame", __FILE__, __LINE__);
    fr_call_end(&call);
    free(values);
    free(same);
    return frame;
}

static bool says(const fr_frame *result, const char *part)
{
    const fr_error_info *error = fr_error(result);
    return error && strstr(error->message, part);
}

/* ---- joins that explode ------------------------------------------------------------------------------------------ */
TEST(ten_thousand_million_rows_are_refused_before_memory_is_taken)
{
    fr_auto(context) context = fr_context_new(.limits.memory_bytes = (uint64_t)1 << 30, .threads = 2);
    fr_auto(frame) left = frame_of(context, NULL, 100000, "i");
    fr_auto(frame) right = frame_of(context, NULL, 100000, "j");
    const uint64_t before = fr_context_peak_bytes(context);
    const fr_join_how kinds[] = { FR_JOIN_INNER, FR_JOIN_LEFT, FR_JOIN_FULL };
    for (size_t i = 0; i < FR_COUNT_OF(kinds); i++) {
        fr_auto(frame) joined = fr_pipe(left, fr_join(right, .on = "k", .how = kinds[i]));
        fr_test_fails(joined, FR_ERR_LIMIT, "10,000,000,000 rows (100,000 left, 100,000 right)", __FILE__, __LINE__);
        CHECK(says(joined, fr_rows_are_wide(100000) ? "at least 250,000,000,000 bytes"
                                                    : "at least 170,000,000,000 bytes"));
        /* k takes 1 byte, i and j 4, two row numbers 4 or 8 each */
        CHECK(says(joined, "memory limit of 1,073,741,824 bytes"));
        CHECK_STR(fr_error(joined)->step, "join");
    }
    CHECK(fr_context_peak_bytes(context) < before + ((uint64_t)8 << 20));
}

TEST(more_rows_than_the_context_allows_are_refused)
{
    fr_auto(context) context = fr_context_new(.limits.join_rows = 999999);
    fr_auto(frame) left = frame_of(context, NULL, 1000, "i");
    fr_auto(frame) right = frame_of(context, NULL, 1000, "j");
    FAILS(left, fr_join(right, .on = "k"), FR_ERR_LIMIT, "1,000,000 rows (1,000 left, 1,000 right)");
    FAILS(left, fr_join(right, .on = "k"), FR_ERR_LIMIT, "more than 999,999 rows");
    fr_auto(frame) all = fr_test_apply(left, fr_join(right, .on = "k", .max_rows = 1000000));
    CHECK_INT(fr_length(all), 1000000);
    fr_auto(frame) once = frame_of(context, NULL, 1, "j");
    FAILS(left, fr_join(once, .on = "k", .max_rows = 999), FR_ERR_LIMIT, "more than 999 rows");
    static const int64_t others[] = { 1, 7, 2, 7, 3 };
    fr_auto(frame) more = frame_of(context, others, 5, "j");
    FAILS(once, fr_join(more, .on = "k", .how = FR_JOIN_FULL, .max_rows = 4), FR_ERR_LIMIT, "5 rows (1 left, 5 right)");
    fr_auto(frame) few = fr_test_apply(more, fr_slice(1, 2));
    FAILS(few, fr_join(more, .on = "k", .how = FR_JOIN_FULL, .max_rows = 4), FR_ERR_LIMIT, "would have 5 rows");
    fr_auto(frame) fits = fr_test_apply(once, fr_join(more, .on = "k", .how = FR_JOIN_FULL, .max_rows = 5));
    CHECK_INT(fr_length(fits), 5);
}

/* ---- little memory ----------------------------------------------------------------------------------------------- */
/* Whatever the budget: an error that says the step and how much was missing, or the one answer; and nothing stays. */
static void join_with(uint64_t bytes, const fr_frame *of_left, const fr_frame *of_right, fr_join_how how,
                      uint64_t *digest, bool *fits)
{
    fr_auto(context) context = fr_context_new(.limits.memory_bytes = bytes, .threads = 2);
    fr_frame *left = fr_with_context(of_left, context), *right = fr_with_context(of_right, context);
    fr_frame *joined = fr_pipe(left, fr_join(right, .on = "k", .how = how));
    *fits = fr_ok(joined);
    if (*fits) {
        const uint64_t now = fr_outcome_of(joined).digest;
        CHECK(*digest == 0 || *digest == now);
        *digest = now;
    } else {
        const fr_error_info *error = fr_error(joined);
        CHECK_STR(fr_code_name(error->code), "limit");
        CHECK(strstr(error->message, "bytes") && (says(joined, "more were needed") || says(joined, "at least")));
        CHECK_STR(error->step, "join");
    }
    fr_unref(joined);
    fr_unref(left);
    fr_unref(right);
    CHECK_INT(fr_context_live_bytes(context), 0);
}

static void join_with_ever_more(const int64_t *left_keys, const int64_t *right_keys, int64_t n, fr_join_how how)
{
    fr_auto(context) plenty = fr_context_new(.threads = 2);
    fr_auto(frame) left = frame_of(plenty, left_keys, n, "i");
    fr_auto(frame) right = frame_of(plenty, right_keys, n, "j");
    uint64_t digest = 0, n_failed = 0, n_fitted = 0;
    for (uint64_t bytes = 100000; n_fitted < 3; bytes += bytes / 16) {
        bool fits;
        join_with(bytes, left, right, how, &digest, &fits);
        n_fitted += fits;
        n_failed += !fits;
        CHECK(!n_fitted || fits || n_failed < 100);
    }
    CHECK(n_failed >= 3);
}

TEST(too_little_memory_is_an_error_that_says_where_and_how_much)
{
    enum { N = 50000 };
    int64_t *dense = malloc(N * sizeof *dense), *sparse = malloc(N * sizeof *sparse), *pairs = malloc(N * sizeof *pairs);
    for (int64_t i = 0; i < N; i++) dense[i] = i * 7919 % N, sparse[i] = i * 1000003, pairs[i] = i / 2;
    join_with_ever_more(dense, dense, N, FR_JOIN_INNER);
    join_with_ever_more(sparse, sparse, N, FR_JOIN_LEFT);
    join_with_ever_more(dense, pairs, N, FR_JOIN_LEFT);
    join_with_ever_more(pairs, sparse, N, FR_JOIN_FULL);
    join_with_ever_more(dense, pairs, N, FR_JOIN_FULL);
    free(dense);
    free(sparse);
    free(pairs);
}

/* ---- keys that collide ------------------------------------------------------------------------------------------- */
/* Keys whose hashes under `seed` end in 12 zero bits and begin alike: one chain of a hash table that does not grow out of
 * it. Key 0 and the last are there so that the codes of the keys are the keys. */
static void collide(int64_t *keys, int64_t n, uint64_t seed)
{
    int64_t at = 1;
    for (uint64_t code = 1; at < n; code++) {
        const uint64_t hash = fr_hash_u64(code, seed);
        if (!(hash & 0xfff) && !(hash >> 63)) keys[at++] = (int64_t)code;
    }
}

TEST(keys_made_to_collide_are_joined_as_any_others)
{
    enum { N = 1500 };
    static int64_t keys[N], twice[2 * N];
    uint64_t digests[2][2];
    const uint64_t seeds[] = { 4711, 4712 };
    collide(keys, N, seeds[0]);
    for (int64_t i = 0; i < 2 * N; i++) twice[i] = keys[i % N];
    for (int i = 0; i < 2; i++) {
        fr_auto(context) context = fr_context_new(.seed = seeds[i]);
        fr_auto(frame) left = frame_of(context, twice, 2 * N, "i");
        fr_auto(frame) once = frame_of(context, keys, N, "j");
        fr_auto(frame) both = frame_of(context, twice, 2 * N, "j");
        fr_auto(frame) single = fr_test_apply(left, fr_join(once, .on = "k"));
        fr_auto(frame) paired = fr_test_apply(left, fr_join(both, .on = "k"));
        CHECK_INT(fr_length(single), 2 * N);
        CHECK_INT(fr_length(paired), 4 * N);
        digests[i][0] = fr_outcome_of(single).digest;
        digests[i][1] = fr_outcome_of(paired).digest;
    }
    CHECK(digests[0][0] == digests[1][0]);
    CHECK(digests[0][1] == digests[1][1]);
}
