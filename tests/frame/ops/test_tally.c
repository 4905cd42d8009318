/* States found in one pass against the same aggregates folded one by one: equal to the bit. */
#include "ops/tally_pass.h"

#include <frame/context.h>

#include "base/context_state.h"
#include "frame/ops/naive.h"
#include "frame/ops/tally_twin.h"
#include "ops/aggregates.h"
#include "ops/verb_result.h"
#include "ops/verbs.h"
#include "support/test.h"

#include <math.h>
#include <string.h>

static const char *const names[] = { "size", "count", "sum", "prod", "mean", "min", "max", "first", "last", "any", "all",
                                     "median", "var", "std", "sem", "skew", "kurt", "nunique", "mode" };
static const char *const pair_names[] = { "cov", "corr" };

/* Groups with the states of all aggregates of the columns. */
static fr_grouping *tallied(fr_call *call, fr_column *key, fr_column *x, fr_column *y)
{
    fr_column *both[] = { x, y };
    fr_grouping *groups = fr_test_with_tally(call, key, FR_CODES_RANGED);
    bool fine = groups != NULL;
    for (size_t i = 0; fine && i < FR_COUNT_OF(names); i++)
        fine = fr_aggregate_foresee(call, groups->tally, names[i], &x, i > 0);
    for (size_t i = 0; fine && i < 2; i++) fine = fr_aggregate_foresee(call, groups->tally, pair_names[i], both, 2);
    if (fine && fr_tally_run(call, groups->tally, groups)) return groups;
    fr_grouping_free(groups);
    return NULL;
}

/* What cov and corr come from, without and with a tally. */
static void check_pairs(fr_call *call, fr_column *key, fr_column *x, fr_column *y)
{
    fr_column *both[] = { x, y };
    FR_CLEANUP(fr_drop_grouping) fr_grouping *slow = fr_grouping_of(call, &key, 1, key->length);
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, key->length);
    REQUIRE(slow && fr_keys_add(call, &keys, key, &(fr_key_want){ 0 }, NULL));
    FR_CLEANUP(fr_drop_grouping) fr_grouping *fast = fr_grouping_of_held_keys(call, &keys, FR_CODES_RANGED);
    REQUIRE(fast && (fast->tally = fr_tally_new(call)) != NULL);
    REQUIRE(fr_aggregate_foresee(call, fast->tally, "cov", both, 2) && fr_tally_run(call, fast->tally, fast));
    for (size_t i = 0; i < 2; i++) fr_test_check_same(call, pair_names[i], both, 2, fast, slow);
}

static void check_columns(fr_call *call, fr_column *key, fr_column *x, fr_column *y)
{
    fr_column *both[] = { x, y };
    FR_CLEANUP(fr_drop_grouping) fr_grouping *slow = fr_grouping_of(call, &key, 1, key->length);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *fast = tallied(call, key, x, y);
    REQUIRE(slow && fast);
    CHECK_INT(fast->n_groups, slow->n_groups);
    for (size_t i = 0; i < FR_COUNT_OF(names); i++) fr_test_check_same(call, names[i], &x, i > 0, fast, slow);
    for (size_t i = 0; i < 2; i++) fr_test_check_same(call, pair_names[i], both, 2, fast, slow);
    REQUIRE(fr_grouping_need_ids(call, fast));
    CHECK(fast->n_rows == 0 || !memcmp(fr_grouping_ids(fast), fr_grouping_ids(slow), (size_t)fast->n_rows * 4));
}

static const int64_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 511, 2047, 2048, 2049, 5000 };

TEST(every_type_gives_the_same_with_and_without_a_tally)
{
    WITH_CALL;
    for (size_t t = 0; fr_test_types[t]; t++)
        for (size_t k = 0; k < FR_COUNT_OF(lengths); k += 1 + (t & 1)) {
            const int64_t n = lengths[k];
            FR_OWNED fr_column *key = fr_test_repeating(call, k % 2 ? "cat" : "u8", n, 1 + (int64_t)k * 3, 20, t + k);
            FR_OWNED fr_column *x = fr_test_column(call, fr_test_types[t], n, (int)(k % 3) * 30, t);
            FR_OWNED fr_column *y = fr_test_column(call, "f64", n, 10, t + 1);
            REQUIRE(key && x && y);
            check_columns(call, key, x, y);
        }
}

TEST(integers_of_every_width_and_range_give_the_same)
{
    WITH_CALL;
    static const struct { fr_kind kind; int64_t low; uint64_t range; } cases[] = {
        { FR_I8, -128, 256 }, { FR_U8, 0, 256 }, { FR_I16, -2047, 4095 }, { FR_I16, -2048, 4096 }, { FR_U16, 9, 60000 },
        { FR_I32, -5, 11 }, { FR_I32, INT32_MIN, UINT64_C(1) << 32 }, { FR_I32, -(1 << 21), (1 << 22) + 1 },
        { FR_I32, 1 << 21, 2 }, { FR_U32, 0, UINT64_C(1) << 32 }, { FR_U32, 1, 1 }, { FR_I64, -3, 7 },
        { FR_I64, -(INT64_C(1) << 42), (UINT64_C(1) << 43) + 1 }, { FR_I64, INT64_C(1) << 42, 9 },
        { FR_I64, INT32_MIN, 1 }, { FR_U64, 0, 100 }, { FR_U64, INT64_MAX, 1000 }, { FR_U64, 4000000000, 9 },
        { FR_I64, INT32_MAX - 3, 4 }, { FR_I32, 7, 0 },
    };
    for (size_t c = 0; c < FR_COUNT_OF(cases); c++)
        for (size_t k = 0; k < FR_COUNT_OF(lengths); k++)
            for (int64_t gap = 0; gap < 3; gap++) {
                const int64_t n = lengths[k];
                FR_OWNED fr_column *key = fr_test_repeating(call, "i16", n, 1 + (int64_t)(c * k), 10, c);
                FR_OWNED fr_column *x = fr_test_integers(call, cases[c].kind, n, cases[c].low, cases[c].range, gap * gap);
                FR_OWNED fr_column *y = fr_test_integers(call, FR_I16, n, -1000, 2000, gap ? 5 : 0);
                REQUIRE(key && x && y);
                check_columns(call, key, x, y);
            }
}

typedef struct numbers { fr_kind kind; int64_t low; uint64_t range; int64_t gap; } numbers;

/* Counts, sums and means of columns of integers, and of doubles, in one pass. */
static void check_words(fr_call *call, const numbers *of, size_t n_columns)
{
    static const char *const sums[] = { "count", "sum", "mean" };
    for (size_t k = 0; k < FR_COUNT_OF(lengths); k++)
        for (int64_t groups = 1; groups < 3000; groups = groups * 9 + 5) {
            const int64_t n = lengths[k];
            FR_CLEANUP(fr_columns_clear) fr_columns x = { .context = call->context };
            FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, n);
            FR_OWNED fr_column *key = fr_test_repeating(call, "i64", n, groups, 0, (uint64_t)n);
            REQUIRE(key && fr_columns_init(call, &x, n_columns + 1) && fr_keys_add(call, &keys, key, &(fr_key_want){ 0 }, NULL));
            for (size_t i = 0; i < n_columns; i++)
                REQUIRE((x.at[i] = fr_test_integers(call, of[i].kind, n, of[i].low, of[i].range, of[i].gap)) != NULL);
            REQUIRE((x.at[n_columns] = fr_test_column(call, "f64", n, 10, (uint64_t)n)) != NULL);
            FR_CLEANUP(fr_drop_grouping) fr_grouping *slow = fr_grouping_of(call, &key, 1, n);
            FR_CLEANUP(fr_drop_grouping) fr_grouping *fast = fr_grouping_of_held_keys(call, &keys, FR_CODES_RANGED);
            REQUIRE(slow && fast && (fast->tally = fr_tally_new(call)) != NULL);
            for (size_t i = 0; i <= n_columns; i++)
                for (size_t s = 0; s < FR_COUNT_OF(sums); s++)           /* rows below the first sum, or above it */
                    REQUIRE(fr_aggregate_foresee(call, fast->tally, sums[(s + k) % FR_COUNT_OF(sums)], &x.at[i], 1));
            REQUIRE(fr_tally_run(call, fast->tally, fast));
            for (size_t i = 0; i <= n_columns; i++)
                for (size_t s = 0; s < FR_COUNT_OF(sums); s++) fr_test_check_same(call, sums[s], &x.at[i], 1, fast, slow);
        }
}

/* Sums of several columns of integers are parts of one word: what is below zero must not show in those above. */
TEST(sums_that_share_a_word_are_those_of_each_column)
{
    static const numbers of[] = {
        { FR_I8, -128, 255, 0 }, { FR_I64, -3, 3, 5 }, { FR_U16, 0, 65535, 3 }, { FR_I32, -(1 << 20), 1 << 21, 0 },
        { FR_I64, -((int64_t)1 << 41), (uint64_t)1 << 41, 2 }, { FR_I64, 5, 1, 0 }, { FR_U8, 250, 5, 7 } };
    WITH_CALL;
    check_words(call, of, FR_COUNT_OF(of));
}

/* What a row adds to a word fits 32 bits, by a little or not quite. */
TEST(words_of_small_numbers_give_the_same)
{
    WITH_CALL;
    for (unsigned bits = 1; bits < 15; bits++)
        for (int64_t gap = 0; gap < 8; gap += 7) {
            const numbers of[] = { { FR_U8, 0, 64, gap }, { FR_I64, 0, UINT64_C(1) << bits, 0 } };
            check_words(call, of, FR_COUNT_OF(of));
        }
}

TEST(slices_know_bounds_and_give_the_same)
{
    WITH_CALL;
    static const fr_kind kinds[] = { FR_I8, FR_U8, FR_I16, FR_U16, FR_I32, FR_U32, FR_I64, FR_U64 };
    for (size_t k = 0; k < FR_COUNT_OF(kinds); k++)
        for (int64_t offset = 0; offset <= 128; offset += 64) {
            FR_OWNED fr_column *all = fr_test_integers(call, kinds[k], 2000, kinds[k] == FR_I64 ? -90 : 0, 120, offset ? 9 : 0);
            fr_facts facts;
            REQUIRE(all && fr_column_facts(call, all, &facts));
            FR_OWNED fr_column *x = fr_column_slice(call, all, offset, 1500);
            FR_OWNED fr_column *key = fr_test_repeating(call, "u8", 1500, 11, 10, k);
            FR_OWNED fr_column *y = fr_test_column(call, "f64", 1500, 10, k);
            REQUIRE(x && key && y);
            check_columns(call, key, x, y);
        }
}


/* Keys that stay the same for some rows each. */
static fr_column *runs(fr_call *call, fr_kind kind, int64_t n, int64_t run)
{
    fr_builder *builder = fr_builder_new(call, fr_type_of(kind), n);
    bool fine = builder != NULL;
    for (int64_t i = 0; fine && i < n; i++) fine = fr_builder_add(call, builder, fr_v_i64(i / run));
    fr_column *column = fine ? fr_builder_finish(call, builder) : NULL;
    fr_builder_unref(builder);
    return column;
}

static void check_sum_alone(fr_call *call, fr_column *key, fr_column *x)
{
    FR_CLEANUP(fr_drop_grouping) fr_grouping *slow = fr_grouping_of(call, &key, 1, key->length);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *fast = fr_test_with_tally(call, key, FR_CODES_RANGED);
    REQUIRE(slow && fast && fr_aggregate_foresee(call, fast->tally, "sum", &x, 1));
    REQUIRE(fr_tally_run(call, fast->tally, fast) && fr_test_is_found(fast, FR_TALLY_INT_SUM, x, NULL));
    fr_test_check_same(call, "sum", &x, 1, fast, slow);
}

/* So many groups that rows do not take copies of a table by turns, and so few that they do where a vector has several. */
TEST(rows_of_one_group_behind_each_other_are_summed_to_the_same)
{
    static const int64_t lengths_of_runs[] = { 2, 63, 64, 65, 130, 200, 2048, 4096, 5000 };
    WITH_CALL;
    for (size_t i = 0; i < FR_COUNT_OF(lengths_of_runs); i++) {
        const int64_t n = (lengths_of_runs[i] > 200 ? 7 : 300) * lengths_of_runs[i] + 17;
        FR_OWNED fr_column *key = runs(call, FR_I32, n, lengths_of_runs[i]);
        FR_OWNED fr_column *x = fr_test_integers(call, FR_I32, n, -1000, 2000, 9);
        REQUIRE(key && x);
        check_sum_alone(call, key, x);
    }
}

/* Keys of one byte each, or of more than that, and one sum of bytes, or of more. Takes the columns. */
static void check_sum_by(fr_call *call, fr_column *taken[3], fr_column *taken_x)
{
    FR_OWNED fr_column *key = taken[0], *second = taken[1], *third = taken[2], *x = taken_x;
    fr_facts facts;
    REQUIRE(key && second && third && x && fr_column_facts(call, x, &facts));       /* small numbers in two bytes, too */
    fr_column *columns[] = { key, second, third };
    for (size_t n = 1; n <= FR_COUNT_OF(columns); n++) {
        FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, key->length);
        for (size_t i = 0; i < n; i++) REQUIRE(fr_keys_add(call, &keys, columns[i], &(fr_key_want){ 0 }, NULL));
        FR_CLEANUP(fr_drop_grouping) fr_grouping *slow = fr_grouping_of(call, columns, n, key->length);
        FR_CLEANUP(fr_drop_grouping) fr_grouping *fast = fr_grouping_of_held_keys(call, &keys, FR_CODES_RANGED);
        REQUIRE(slow && fast && (fast->tally = fr_tally_new(call)) != NULL);
        REQUIRE(fr_aggregate_foresee(call, fast->tally, "sum", &x, 1) && fr_tally_run(call, fast->tally, fast));
        fr_test_check_same(call, "sum", &x, 1, fast, slow);
    }
}

TEST(sums_of_bytes_by_keys_of_bytes_are_the_same)
{
    static const numbers of[] = { { FR_I8, -128, 127, 0 }, { FR_U8, 0, 255, 0 }, { FR_I64, 0, 1000, 0 },
                                  { FR_I64, -100, 200, 0 } };
    static const int64_t distinct[] = { 1, 2, 12, 100 };
    WITH_CALL;
    for (size_t k = 0; k < FR_COUNT_OF(lengths); k++)
        for (size_t d = 0; d < FR_COUNT_OF(distinct); d++)
            for (int nulls = 0; nulls < 30; nulls += 12) {
                const int64_t n = lengths[k];
                fr_column *keys[] = { fr_test_repeating(call, d % 2 ? "cat" : "i8", n, distinct[d], nulls, k),
                                      fr_test_repeating(call, "u8", n, distinct[d], nulls / 2, k + 1),
                                      fr_test_repeating(call, k % 2 ? "i8" : "i64", n, 2, nulls, k + 2) };
                check_sum_by(call, keys, fr_test_integers(call, of[d].kind, n, of[d].low, of[d].range, nulls));
            }
}

/* Sorted: runs end within a vector and between two, and copies of a table are taken by turns or not. */
TEST(sums_of_bytes_in_runs_are_the_same)
{
    WITH_CALL;
    for (int64_t run = 1; run < 5000; run = run * 2 + 1) {
        const int64_t n = run * 90 < 20000 ? run * 90 : 20000 + run;
        FR_OWNED fr_column *key = runs(call, FR_I8, n, run);
        REQUIRE(key);
        fr_column *keys[] = { fr_column_ref(key), fr_column_ref(key), fr_test_repeating(call, "u8", n, 2, 0, 1) };
        check_sum_by(call, keys, fr_test_integers(call, FR_I8, n, -50, 90, 9));
    }
}

/* Groupings by hash are tallied by their ids. */
TEST(keys_of_a_wide_range_are_tallied_too)
{
    WITH_CALL;
    FR_OWNED fr_column *key = fr_test_repeating(call, "f64", 3000, 50, 10, 1);
    FR_OWNED fr_column *x = fr_test_integers(call, FR_I32, 3000, -9, 20, 7);
    FR_OWNED fr_column *y = fr_test_column(call, "f64", 3000, 10, 2);
    REQUIRE(key && x && y);
    check_columns(call, key, x, y);
}

TEST(a_pass_finds_what_was_foreseen_and_nothing_else)
{
    WITH_CALL;
    FR_OWNED fr_column *key = fr_test_repeating(call, "u8", 500, 9, 0, 1);
    FR_OWNED fr_column *x = fr_test_integers(call, FR_I32, 500, -9, 20, 3);
    FR_OWNED fr_column *y = fr_test_integers(call, FR_I64, 500, 0, 20, 0);
    FR_OWNED fr_column *other = fr_test_column(call, "f64", 500, 0, 2);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = tallied(call, key, x, y);
    REQUIRE(groups && (!groups->ids || fr_rows_are_wide(groups->n_rows)));       /* direct while row numbers are short */
    CHECK(fr_test_is_found(groups, FR_TALLY_VALUES, NULL, NULL) && fr_test_is_found(groups, FR_TALLY_VALUES, x, NULL));
    CHECK(fr_test_is_found(groups, FR_TALLY_VALUES, other, NULL));                 /* no nulls: the rows */
    CHECK(fr_test_is_found(groups, FR_TALLY_INT_SUM, x, NULL) && fr_test_is_found(groups, FR_TALLY_SQUARES, x, NULL));
    CHECK(fr_test_is_found(groups, FR_TALLY_LEAST, x, NULL) && fr_test_is_found(groups, FR_TALLY_MOST, x, NULL));
    CHECK(fr_test_is_found(groups, FR_TALLY_ENDS, x, NULL) && fr_test_is_found(groups, FR_TALLY_PAIRS, x, y));
    CHECK(!fr_test_is_found(groups, FR_TALLY_PAIRS, y, x) && !fr_test_is_found(groups, FR_TALLY_INT_SUM, y, NULL));
    CHECK(!fr_test_is_found(groups, FR_TALLY_FLOAT_SUM, other, NULL) && !fr_test_is_found(NULL, FR_TALLY_ENDS, x, NULL));
}

/* Each group's answer out of every block of rows, for one and for several threads. */
static void check_blocks(uint32_t threads, const char *key_type, int64_t distinct)
{
    enum { N = (9 << 20) / 4 + 77 };
    static const char *const some[] = { "size", "count", "sum", "mean", "min", "max", "first", "last", "var", "kurt" };
    fr_auto(context) context = fr_context_new(.threads = threads, .seed = threads);
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    {
        FR_OWNED fr_column *key = fr_test_repeating(&call, key_type, N, distinct, 0, 3);
        FR_OWNED fr_column *reals = fr_test_repeating(&call, "f64", N, 5000, 5, 4);
        FR_OWNED fr_column *small = fr_test_repeating(&call, "i16", N, 3000, 5, 5);
        FR_CLEANUP(fr_drop_grouping) fr_grouping *slow = fr_grouping_of(&call, &key, 1, N);
        FR_CLEANUP(fr_drop_grouping) fr_grouping *fast = tallied(&call, key, reals, small);
        FR_CLEANUP(fr_drop_grouping) fr_grouping *whole = tallied(&call, key, small, small);
        FR_OWNED fr_column *prices = fr_test_scaled(&call, 2, N, -99, 10000, 5);
        FR_OWNED fr_column *rates = fr_test_scaled(&call, 6, N, 1, 90000000, 0);
        FR_CLEANUP(fr_drop_grouping) fr_grouping *scaled = prices && rates ? tallied(&call, key, prices, rates) : NULL;
        REQUIRE(slow && fast && whole && scaled);
        fr_column *both[] = { small, small };
        for (size_t i = 0; i < FR_COUNT_OF(some); i++) {
            fr_test_check_same(&call, some[i], &reals, i > 0, fast, slow);
            fr_test_check_same(&call, some[i], &small, i > 0, whole, slow);
            fr_test_check_same(&call, some[i], &prices, i > 0, scaled, slow);
            fr_test_check_same(&call, some[i], &rates, i > 0, scaled, slow);
        }
        fr_test_check_same(&call, "corr", both, 2, whole, slow);
    }
    CHECK(!fr_failed(&call));
    fr_call_end(&call);
}

TEST(blocks_of_rows_are_merged_to_the_same_bits)
{
    check_blocks(1, "u8", 3);                                  /* fours of blocks by turns */
    check_blocks(2, "bool", 2);
    check_blocks(7, "u8", 30);
    check_blocks(3, "i16", 20000);
    check_blocks(2, "i32", 60000);                             /* records set apart */
}

/* Sums, counts and extremes of integers are exact: the same whether blocks add to one table or to their own, and whether
 * a word holds the sums of all rows or, being too narrow for those, of a block. */
static void check_exact(uint32_t threads, int64_t groups, const int64_t *low, const uint64_t *range, size_t n)
{
    enum { N = (1 << 20) + 70007, COLUMNS = 3 };
    static const char *const some[] = { "count", "sum", "mean", "min", "max" };
    fr_auto(context) context = fr_context_new(.threads = threads, .seed = threads);
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    {
        FR_CLEANUP(fr_columns_clear) fr_columns x = { .context = context };
        FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(&call, N);
        FR_OWNED fr_column *key = fr_test_repeating(&call, "i32", N, groups, 0, 3);
        REQUIRE(key && fr_columns_init(&call, &x, COLUMNS + 1) && fr_keys_add(&call, &keys, key, &(fr_key_want){ 0 }, NULL));
        for (size_t i = 0; i < COLUMNS; i++)
            REQUIRE((x.at[i] = fr_test_integers(&call, FR_I64, N, low[i], range[i], i == 1 ? 7 : 0)) != NULL);
        REQUIRE((x.at[COLUMNS] = fr_test_repeating(&call, "f64", N, 5000, 5, 4)) != NULL);
        FR_CLEANUP(fr_drop_grouping) fr_grouping *slow = fr_grouping_of(&call, &key, 1, N);
        FR_CLEANUP(fr_drop_grouping) fr_grouping *fast = fr_grouping_of_held_keys(&call, &keys, FR_CODES_RANGED);
        REQUIRE(slow && fast && (fast->tally = fr_tally_new(&call)) != NULL);
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < FR_COUNT_OF(some); k++)
                REQUIRE(fr_aggregate_foresee(&call, fast->tally, some[k], &x.at[i], 1));
        REQUIRE(fr_tally_run(&call, fast->tally, fast));
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < FR_COUNT_OF(some); k++) fr_test_check_same(&call, some[k], &x.at[i], 1, fast, slow);
    }
    CHECK(!fr_failed(&call));
    fr_call_end(&call);
}

TEST(exact_states_are_the_same_without_blocks)
{
    static const int64_t low[] = { -3, 0, -90 }, wide[] = { -1000, 0, -(1 << 20) };
    static const uint64_t few[] = { 7, 5, 100 }, many[] = { 2001, 2047, 1 << 21 };
    for (uint32_t threads = 1; threads < 5; threads += 2)
        for (size_t n = 3; n <= 4; n++) {                      /* with reals, or without */
            check_exact(threads, 1500, low, few, n);        /* words are whole */
            check_exact(threads, 9, wide, many, n);         /* … and are not */
        }
}

/* Sums of pairs as large as a block can make them, on either side of what three words hold. */
TEST(sums_of_pairs_fill_their_words_to_the_last_bit)
{
    enum { N = (1 << 17) + 300 };
    static const int64_t ends[][4] = { { 0, 1023, 0, 1023 }, { 0, 1023, 0, 1024 }, { 0, 1024, 0, 1023 },
                                       { -1023, 0, -1023, 0 }, { -512, 511, 0, 1 }, { 0, 0, 0, 2047 }, { 1, 1, 2, 2 },
                                       { 0, 181, 0, 181 }, { 0, 182, 0, 181 }, { -181, 0, -90, 91 }, { 0, 90, -182, 0 },
                                       { -1, 0, -5, 2042 }, { 0, 2048, 0, 1 }, { -(1 << 20), 1 << 20, 0, 15 } };
    WITH_CALL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_zeroed(call, 3 * N * sizeof(int64_t));
    REQUIRE(room);
    int64_t *k = room->data, *x = k + N, *y = x + N;
    for (size_t c = 0; c < FR_COUNT_OF(ends); c++)
        for (int which = 0; which < 4; which++) {
            for (size_t i = 0; i < N; i++) {
                const bool odd = i % 40000 == 39999;               /* each end occurs */
                x[i] = ends[c][(which & 1) ^ odd], y[i] = ends[c][2 + ((which >> 1) ^ odd)];
            }
            FR_OWNED fr_column *key = fr_test_i64s(call, k, NULL, N);
            FR_OWNED fr_column *a = fr_test_i64s(call, x, NULL, N), *b = fr_test_i64s(call, y, NULL, N);
            REQUIRE(key && a && b);
            check_pairs(call, key, a, b);
        }
}

/* Values and keys that are null everywhere, nowhere, at one end, or only in one word or block of rows. */
static bool is_null_in(int pattern, int64_t i, int64_t n)
{
    switch (pattern) {
    case 0:  return false;
    case 1:  return true;
    case 2:  return i == 0;
    case 3:  return i == n - 1;
    case 4:  return i / 64 == 3;
    case 5:  return i >= 2048 && i < 4096;
    default: return i * 7919 % 20 == 0;
    }
}

static fr_column *with_nulls(fr_call *call, int pattern, int64_t n, uint64_t seed, int64_t low, uint64_t range, bool real)
{
    static const double odd[] = { -0.0, 1e300, -1e300, 1e-300 };
    fr_builder *builder = fr_builder_new(call, fr_type_of(real ? FR_F64 : FR_I64), n);
    bool fine = builder != NULL;
    for (int64_t i = 0; fine && i < n; i++) {
        const uint64_t r = fr_test_random(&seed);
        const int64_t x = low + (int64_t)(r % range);
        if (is_null_in(pattern, i, n)) fine = fr_builder_add_null(call, builder);
        else if (!real) fine = fr_builder_add(call, builder, fr_v_i64(x));
        else fine = fr_builder_add(call, builder, fr_v_f64(r >> 58 ? (double)x / 3 : r >> 57 & 1 ? (double)NAN
                                                           : r >> 56 & 1 ? (double)INFINITY : odd[r >> 40 & 3]));
    }
    fr_column *column = fine ? fr_builder_finish(call, builder) : NULL;
    fr_builder_unref(builder);
    return column;
}

TEST(nulls_in_every_pattern_give_the_same)
{
    static const int64_t n[] = { 1, 64, 65, 2049, 5000 };
    enum { PATTERNS = 7 };
    WITH_CALL;
    for (size_t l = 0; l < FR_COUNT_OF(n); l++)
        for (int of_key = 0; of_key < PATTERNS; of_key++)
            for (int of_x = 0; of_x < PATTERNS; of_x++) {
                const int of_y = (of_x * 3 + of_key) % PATTERNS;
                FR_OWNED fr_column *key = with_nulls(call, of_key, n[l], 3, -4, 9, false);
                FR_OWNED fr_column *x = with_nulls(call, of_x, n[l], 4, -90, 180, false);
                FR_OWNED fr_column *y = with_nulls(call, of_y, n[l], 5, 3, 30000, false);
                FR_OWNED fr_column *f = with_nulls(call, of_x, n[l], 6, -50, 100, true);
                REQUIRE(key && x && y && f);
                check_columns(call, key, x, y);
                check_columns(call, key, y, x);
                check_columns(call, key, f, x);
                if (n[l] < 128) continue;
                FR_OWNED fr_column *late_key = fr_column_slice(call, key, 64, n[l] - 70);
                FR_OWNED fr_column *late_x = fr_column_slice(call, x, 64, n[l] - 70);
                FR_OWNED fr_column *late_f = fr_column_slice(call, f, 64, n[l] - 70);
                REQUIRE(late_key && late_x && late_f);
                check_columns(call, late_key, late_x, late_f);
                check_columns(call, late_key, late_f, late_x);
            }
}

/* Counts of three columns and two sums are more than a word: nulls are counted, unless they are many. */
TEST(few_nulls_are_counted_where_values_do_not_fit_a_word)
{
    enum { ROWS = 5000 };
    static const int few_in[] = { 6, 2, 1, 0 };                   /* patterns of null; the last two: all, none */
    WITH_CALL;
    FR_OWNED fr_column *key = with_nulls(call, 6, ROWS, 3, -4, 9, false);
    FR_OWNED fr_column *y = with_nulls(call, 6, ROWS, 5, 0, 30000, false), *z = with_nulls(call, 6, ROWS, 8, 0, 9, false);
    for (size_t i = 0; i < FR_COUNT_OF(few_in); i++) {
        FR_OWNED fr_column *x = with_nulls(call, few_in[i], ROWS, 4, 0, 180, false);
        REQUIRE(key && x && y && z);
        fr_column *columns[] = { x, y, z };
        FR_CLEANUP(fr_drop_grouping) fr_grouping *slow = fr_grouping_of(call, &key, 1, ROWS);
        FR_CLEANUP(fr_drop_grouping) fr_grouping *fast = fr_grouping_of(call, &key, 1, ROWS);
        REQUIRE(slow && fast && (fast->tally = fr_tally_new(call)));
        for (size_t k = 0; k < FR_COUNT_OF(columns); k++)
            REQUIRE(fr_aggregate_foresee(call, fast->tally, "mean", &columns[k], 1));
        REQUIRE(fr_tally_run(call, fast->tally, fast));
        size_t n_of_nulls = 0;
        for (size_t k = 0; k < fast->tally->n; k++) n_of_nulls += fast->tally->fields[k].of_nulls;
        CHECK_INT(n_of_nulls, few_in[i] == 6 || few_in[i] == 2 ? 3 : 2);
        for (size_t k = 0; k < FR_COUNT_OF(columns); k++) {
            CHECK(fr_test_is_found(fast, FR_TALLY_VALUES, columns[k], NULL));
            fr_test_check_same(call, "count", &columns[k], 1, fast, slow);
            fr_test_check_same(call, "mean", &columns[k], 1, fast, slow);
        }
    }
}
