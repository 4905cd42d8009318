/* Groups beyond the caches, whose rows are dealt into parts or ranges, against the same aggregates folded one by one: equal
 * to the bit. */
#include <frame/context.h>

#include "base/context_state.h"
#include "frame/ops/naive.h"
#include "frame/ops/tally_twin.h"
#include "ops/aggregates.h"
#include "ops/verb_result.h"
#include "ops/verbs.h"
#include "support/test.h"
#include "support/torture.h"

enum { COLUMNS_DEALT = 12 };

/* Columns of every width, some with nulls: more than one tuple carries. */
static bool make_columns(fr_call *call, int64_t n, fr_columns *x)
{
    if (!fr_columns_init(call, x, COLUMNS_DEALT)) return false;
    x->at[0] = fr_test_integers(call, FR_I8, n, -128, 255, 0);
    x->at[1] = fr_test_integers(call, FR_I64, n, -3, 3, 5);
    x->at[2] = fr_test_integers(call, FR_U16, n, 0, 65535, 3);
    x->at[3] = fr_test_integers(call, FR_I32, n, -(1 << 20), 1 << 21, 0);
    x->at[4] = fr_test_integers(call, FR_I64, n, -((int64_t)1 << 41), (uint64_t)1 << 41, 2);
    x->at[5] = fr_test_integers(call, FR_U32, n, 0, UINT64_C(1) << 32, 7);
    x->at[6] = fr_test_repeating(call, "f64", n, 500, 5, 6);
    x->at[7] = fr_test_repeating(call, "f32", n, 500, 0, 7);
    x->at[8] = fr_test_repeating(call, "bool", n, 50, 20, 8);
    x->at[9] = fr_test_repeating(call, "bool", n, 50, 0, 9);
    x->at[10] = fr_test_scaled(call, 2, n, -500, 10000, 0);
    x->at[11] = fr_test_scaled(call, 6, n, 0, 100000000, 4);
    for (size_t i = 0; i < COLUMNS_DEALT; i++)
        if (!x->at[i]) return false;
    return true;
}

static const char *const dealt_names[] = { "count", "sum", "mean", "min", "max", "any", "var", "first" };

/* What records of all rows hold: without squares and products. */
static const char *const ranged_names[] = { "count", "sum", "mean", "min", "max", "any", "first" };

/* Ranks alone have tables of workers, where these are small. */
static const char *const ranked_names[] = { "min", "max" };

static fr_grouping *foreseen(fr_call *call, fr_column *key, fr_code_numbers numbers, const fr_columns *x, size_t from,
                             size_t to, const char *const *wanted, size_t n_wanted)
{
    fr_grouping *groups = fr_test_with_tally(call, key, numbers);
    bool fine = groups != NULL;
    for (size_t i = from; fine && i < to; i++)
        for (size_t k = 0; fine && k < n_wanted; k++)
            fine = fr_aggregate_foresee(call, groups->tally, wanted[k], &x->at[i], 1);
    if (fine && fr_tally_run(call, groups->tally, groups)) return groups;
    fr_grouping_free(groups);
    return NULL;
}

/* Columns by themselves and together. Takes the key. */
static void check_foreseen(fr_call *call, fr_column *taken, const char *const *wanted, size_t n_wanted)
{
    FR_OWNED fr_column *key = taken;
    FR_CLEANUP(fr_columns_clear) fr_columns x = { .context = call->context };
    REQUIRE(key && make_columns(call, key->length, &x));
    FR_CLEANUP(fr_drop_grouping) fr_grouping *slow = fr_grouping_of(call, &key, 1, key->length);
    REQUIRE(slow);
    for (size_t from = 0; from < COLUMNS_DEALT; from++)
        for (size_t to = from + 1; to <= COLUMNS_DEALT; to += 3) {
            const fr_code_numbers numbers = from % 2 == to / 3 % 2 ? FR_CODES_RANGED : FR_CODES_ALONE;
            FR_CLEANUP(fr_drop_grouping) fr_grouping *fast = foreseen(call, key, numbers, &x, from, to, wanted, n_wanted);
            REQUIRE(fast);
            for (size_t i = from; i < to; i++)
                for (size_t k = 0; k < n_wanted; k++) fr_test_check_same(call, wanted[k], &x.at[i], 1, fast, slow);
        }
}

static void check_ranged(fr_call *call, fr_column *key)
{
    check_foreseen(call, key, ranged_names, FR_COUNT_OF(ranged_names));
}

static void check_ranked(fr_call *call, fr_column *key)
{
    check_foreseen(call, key, ranked_names, FR_COUNT_OF(ranked_names));
}

TEST(many_groups_are_tallied_by_ranges_to_the_same_bits)
{
    for (uint32_t threads = 1; threads < 8; threads += 1 + threads / 3) {                    /* beyond 4, in no order: by parts */
        fr_auto(context) context = fr_context_new(.threads = threads, .chunk_rows = 64);
        fr_call call;
        fr_call_begin(&call, context, NULL, -1);
        for (int64_t n = 300 + threads; n < 9000; n = n * 3 + 65) {
            check_ranged(&call, fr_test_integers(&call, FR_I32, n, -9, (uint64_t)n, 11));
            check_ranged(&call, fr_test_integers(&call, FR_I32, n, 0, 280, 0));
            check_ranged(&call, fr_test_repeating(&call, "f64", n, 340, 5, 3));
            check_ranked(&call, fr_test_integers(&call, FR_I32, n, -9, (uint64_t)n, 11));
            check_ranked(&call, fr_test_repeating(&call, "f64", n, 340, 5, 3));
        }
        CHECK(!fr_failed(&call));
        fr_call_end(&call);
    }
}

/* 0, 1, 2 … come first in that order, and all come: a new one about every other row. */
static fr_column *in_order(fr_call *call, int64_t n)
{
    uint64_t state = (uint64_t)n;
    fr_builder *builder = fr_builder_new(call, fr_type_of(FR_I32), n);
    bool fine = builder != NULL;
    for (int64_t i = 0, next = 0; fine && i < n; i++) {
        const int64_t value = (int64_t)(fr_test_random(&state) % (uint64_t)(2 * next + 1));
        fine = fr_builder_add(call, builder, fr_v_i64(value < next ? value : next));
        next += value >= next;
    }
    fr_column *column = fine ? fr_builder_finish(call, builder) : NULL;
    fr_builder_unref(builder);
    return column;
}

TEST(groups_in_the_order_of_their_codes_are_dealt_to_the_same_bits)
{
    static const char *const some[] = { "count", "sum", "max" };
    for (uint32_t threads = 1; threads < 8; threads += 3)
        for (size_t chunk = 64; chunk < 800; chunk *= 3) {
            fr_auto(context) context = fr_context_new(.threads = threads, .chunk_rows = chunk);
            fr_call call;
            fr_call_begin(&call, context, NULL, -1);
            for (int64_t n = 6000 + threads; n < 20000; n = n * 3 + 65) {
                FR_OWNED fr_column *key = in_order(&call, n);
                FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = key ? fr_test_with_tally(&call, key, FR_CODES_RANGED) : NULL;
                REQUIRE(groups);
                CHECK(fr_rows_are_wide(n) || (groups->row_keys.context && groups->n_groups == groups->span));
                CHECK(groups->n_groups > 4 * chunk);
                check_foreseen(&call, key, some, FR_COUNT_OF(some));
                key = NULL;
            }
            CHECK(!fr_failed(&call));
            fr_call_end(&call);
        }
}

/* Every other row has one key: rows of a range in a block, and of all blocks, are more and fewer than a vector. */
static fr_column *one_and_others(fr_call *call, int64_t n, uint64_t span)
{
    uint64_t state = (uint64_t)n + span;
    fr_builder *builder = fr_builder_new(call, fr_type_of(FR_I32), n);
    bool fine = builder != NULL;
    for (int64_t i = 0; fine && i < n; i++)
        fine = fr_builder_add(call, builder, fr_v_i64(i % 2 ? 4711 : (int64_t)(fr_test_random(&state) % span)));
    fr_column *column = fine ? fr_builder_finish(call, builder) : NULL;
    fr_builder_unref(builder);
    return column;
}

TEST(ranges_of_many_rows_are_tallied_to_the_same_bits)
{
    static const struct { size_t chunk; int64_t n; uint64_t span; } cases[] = { { 3000, 16000, 12500 }, { 5000, 20481, 20001 } };
    static const char *const wanted[] = { "count", "sum", "max", "any" };
    for (uint32_t threads = 1; threads <= 3; threads += 2)
        for (size_t i = 0; i < FR_COUNT_OF(cases); i++) {
            fr_auto(context) context = fr_context_new(.threads = threads, .chunk_rows = cases[i].chunk);
            fr_call call;
            fr_call_begin(&call, context, NULL, -1);
            check_foreseen(&call, fr_test_integers(&call, FR_I32, cases[i].n, -9, cases[i].span, 11), wanted, FR_COUNT_OF(wanted));
            check_foreseen(&call, one_and_others(&call, cases[i].n, cases[i].span), wanted, FR_COUNT_OF(wanted));
            CHECK(!fr_failed(&call));
            fr_call_end(&call);
        }
}

/* Of columns `from` and those behind it, and of a pair. */
static fr_grouping *dealt(fr_call *call, fr_column *key, const fr_columns *x, size_t from)
{
    fr_column *const pair[] = { x->at[2], x->at[3] };
    fr_grouping *groups = fr_test_with_tally(call, key, FR_CODES_RANGED);
    bool fine = groups != NULL;
    for (size_t i = from; fine && i < COLUMNS_DEALT; i++)
        for (size_t k = 0; fine && k < FR_COUNT_OF(dealt_names); k++)
            fine = fr_aggregate_foresee(call, groups->tally, dealt_names[k], &x->at[i], 1);
    fine = fine && fr_aggregate_foresee(call, groups->tally, "size", NULL, 0)
        && fr_aggregate_foresee(call, groups->tally, "corr", pair, 2) && fr_tally_run(call, groups->tally, groups);
    if (fine) return groups;
    fr_grouping_free(groups);
    return NULL;
}

/* Takes the key. */
static void check_dealt(fr_call *call, fr_column *taken, size_t from)
{
    FR_OWNED fr_column *key = taken;
    FR_CLEANUP(fr_columns_clear) fr_columns x = { .context = call->context };
    REQUIRE(key && make_columns(call, key->length, &x));
    FR_CLEANUP(fr_drop_grouping) fr_grouping *slow = fr_grouping_of(call, &key, 1, key->length);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *fast = dealt(call, key, &x, from);
    REQUIRE(slow && fast);
    if (fast->n_groups > 256 && (int64_t)fast->n_groups < key->length && !fr_rows_are_wide(key->length)) {
        CHECK(fr_test_is_found(fast, FR_TALLY_VALUES, x.at[8], NULL) && fr_test_is_found(fast, FR_TALLY_INT_SUM, x.at[8], NULL));
        CHECK(fr_test_is_found(fast, FR_TALLY_PAIRS, x.at[2], x.at[3]) && !fr_test_is_found(fast, FR_TALLY_ENDS, x.at[8], NULL));
        CHECK(fr_test_is_found(fast, FR_TALLY_FLOAT_SUM, x.at[6], NULL) == (from < 7));
    }
    for (size_t i = from; i < COLUMNS_DEALT; i++)
        for (size_t k = 0; k < FR_COUNT_OF(dealt_names); k++) fr_test_check_same(call, dealt_names[k], &x.at[i], 1, fast, slow);
    fr_test_check_same(call, "size", NULL, 0, fast, slow);
    fr_test_check_same(call, "corr", (fr_column *const[]){ x.at[2], x.at[3] }, 2, fast, slow);
}

/* By code and by hash; tiny blocks of rows, so that few groups are many. */
static void check_tiny_blocks(uint32_t threads)
{
    fr_auto(context) context = fr_context_new(.threads = threads, .seed = threads, .chunk_rows = 64);
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    for (int64_t n = 300 + threads; n < 9000; n = n * 3 + 65)
        for (int64_t range = 300; range < 4 * n; range *= 3) {
            check_dealt(&call, fr_test_integers(&call, FR_I32, n, -9, (uint64_t)range, 11), 0);
            check_dealt(&call, fr_test_repeating(&call, "f64", n, range + 40, 5, 3), 0);
        }
    CHECK(!fr_failed(&call));
    fr_call_end(&call);
}

TEST(many_groups_are_tallied_by_parts_to_the_same_bits)
{
    check_tiny_blocks(1);
    check_tiny_blocks(2);
    check_tiny_blocks(3);
    check_tiny_blocks(7);
}

/* Many groups, and one of them has so many rows that counts and small sums must leave their records on the way. */
TEST(a_group_of_more_rows_than_a_record_holds_gives_the_same)
{
    enum { N = (1 << 21) + 300000, DISTINCT = 270001 };
    WITH_CALL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keys = fr_buffer_array(call, N, sizeof(int64_t));
    REQUIRE(keys);
    int64_t *key = keys->data;
    for (int64_t i = 0; i < N; i++) key[i] = i < DISTINCT ? i * 7 % DISTINCT : i % 5 ? 3 : i % DISTINCT;
    check_dealt(call, fr_test_i64s(call, key, NULL, N), COLUMNS_DEALT - 4);
}

static fr_outcome tally_parts(fr_context *context, void *state)
{
    (void)state;
    fr_call call;
    uint64_t digest = 0;
    fr_call_begin(&call, context, NULL, -1);
    FR_OWNED fr_column *key = fr_test_integers(&call, FR_I32, 700, 0, 600, 0);
    FR_CLEANUP(fr_columns_clear) fr_columns x = { .context = context };
    if (key && make_columns(&call, 700, &x)) {
        FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = dealt(&call, key, &x, 0);
        bool rounded;
        FR_CLEANUP(fr_drop_buffer) fr_buffer *sums = fr_tally_find_reals(groups, x.at[6], &rounded);
        if (sums) digest = fr_digest(0, sums->data, groups->n_groups * (rounded ? sizeof(double) : sizeof(fr_pair)));
    }
    return fr_outcome_of_call(&call, digest);
}

static fr_outcome tally_parts_of_tiny_blocks(fr_context *context, void *state)
{
    context->chunk_rows = 64;
    return tally_parts(context, state);
}

TEST(dealing_into_parts_survives_every_failed_allocation) { TORTURE(tally_parts_of_tiny_blocks, NULL); }

typedef struct tortured { bool ordered; fr_code_numbers numbers; } tortured;

static fr_outcome tally_ranges_of_tiny_blocks(fr_context *context, void *state)
{
    const tortured *t = state;
    context->chunk_rows = 64;
    fr_call call;
    uint64_t digest = 0;
    fr_call_begin(&call, context, NULL, -1);
    FR_OWNED fr_column *key = t->ordered ? in_order(&call, 700) : fr_test_integers(&call, FR_I32, 700, 0, 600, 0);
    FR_CLEANUP(fr_columns_clear) fr_columns x = { .context = context };
    if (key && make_columns(&call, 700, &x)) {
        FR_CLEANUP(fr_drop_grouping) fr_grouping *groups =
            foreseen(&call, key, t->numbers, &x, 5, 9, ranged_names, FR_COUNT_OF(ranged_names));
        bool rounded;
        FR_CLEANUP(fr_drop_buffer) fr_buffer *sums = fr_tally_find_reals(groups, x.at[6], &rounded);
        if (sums) digest = fr_digest(0, sums->data, groups->n_groups * (rounded ? sizeof(double) : sizeof(fr_pair)));
    }
    return fr_outcome_of_call(&call, digest);
}

TEST(ranges_survive_every_failed_allocation)
{
    TORTURE(tally_ranges_of_tiny_blocks, (&(tortured){ false, FR_CODES_RANGED }));
    TORTURE(tally_ranges_of_tiny_blocks, (&(tortured){ false, FR_CODES_ALONE }));
    TORTURE(tally_ranges_of_tiny_blocks, (&(tortured){ true, FR_CODES_RANGED }));
}
