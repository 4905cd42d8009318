/* Rows that bring what they add to the range of their codes, against the same aggregates folded one by one: equal to the bit. */
#include <frame/context.h>

#include "base/context_state.h"
#include "frame/ops/naive.h"
#include "frame/ops/tally_twin.h"
#include "ops/aggregates.h"
#include "ops/tally_pass.h"
#include "ops/verb_result.h"
#include "support/test.h"
#include "support/torture.h"

#include <float.h>
#include <math.h>

enum { N_COLUMNS = 12, MOST_WANTED = 4 };

/* A few of them leave the doubles when they are added up. */
static fr_column *strange_floats(fr_call *call, int64_t n)
{
    static const double strange[] = { INFINITY, -INFINITY, NAN, DBL_MAX, -DBL_MAX };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(call, (size_t)n, sizeof(double));
    uint64_t state = 3;
    for (int64_t i = 0; values && i < n; i++) {
        const uint64_t r = fr_test_random(&state) % 400;
        ((double *)values->data)[i] = r < FR_COUNT_OF(strange) ? strange[r] : (double)r / 7;
    }
    return values ? fr_test_f64s(call, values->data, NULL, n) : NULL;
}

/* Their ranges are known, as those of columns that were read are: words are small where nothing is below zero. */
static bool make_columns(fr_call *call, int64_t n, fr_columns *x)
{
    fr_facts facts;
    if (!fr_columns_init(call, x, N_COLUMNS)) return false;
    x->at[0] = fr_test_integers(call, FR_I8, n, 1, 5, 0);
    x->at[1] = fr_test_integers(call, FR_I8, n, 0, 16, 5);
    x->at[2] = fr_test_integers(call, FR_I16, n, -700, 1500, 3);
    x->at[3] = fr_test_integers(call, FR_U16, n, 0, 3000, 0);
    x->at[4] = fr_test_repeating(call, "f64", n, 500, 0, 6);
    x->at[5] = fr_test_repeating(call, "f64", n, 500, 20, 7);
    x->at[6] = fr_test_repeating(call, "bool", n, 50, 20, 8);
    x->at[8] = strange_floats(call, n);
    x->at[7] = fr_test_integers(call, FR_I64, n, -((int64_t)1 << 41), (uint64_t)1 << 41, 2);
    x->at[9] = fr_test_scaled(call, 2, n, 0, 10000, 0);
    x->at[10] = fr_test_scaled(call, 6, n, 12, 100000000, 9);
    x->at[11] = fr_test_scaled(call, 9, n, INT32_MIN, UINT64_C(1) << 32, 0);
    for (size_t i = 0; i < N_COLUMNS; i++)
        if (!x->at[i] || !fr_column_facts(call, x->at[i], &facts)) return false;
    return true;
}

typedef struct wanted { const char *name; size_t column; } wanted;
typedef struct statement {
    wanted of[MOST_WANTED];                /* as far as there are names */
    bool   ranks;                          /* of few codes they have a table a worker, if workers are few */
} statement;

static const statement ride[] = {
    { .of = { { "sum", 4 } } },                                         /* a float alone */
    { .of = { { "sum", 5 } } },
    { .of = { { "sum", 0 }, { "mean", 4 } } },                          /* and a word, with the rows counted */
    { .of = { { "sum", 0 }, { "sum", 1 }, { "sum", 4 } } },
    { .of = { { "mean", 5 }, { "sum", 0 } } },
    { .of = { { "sum", 5 }, { "sum", 6 }, { "sum", 0 } } },
    { .of = { { "mean", 4 } } },
    { .of = { { "mean", 4 }, { "sum", 4 }, { "sum", 0 } } },            /* sums and rows that others want too */
    { .of = { { "mean", 4 }, { "count", 4 } } },
    { .of = { { "std", 4 }, { "mean", 4 } } },
    { .of = { { "mean", 8 }, { "sum", 0 } } },                          /* means that are no numbers */
    { .of = { { "mean", 8 }, { "sum", 8 } } },
    { .of = { { "sum", 9 } } },                                         /* scaled numbers */
    { .of = { { "mean", 9 } } },
    { .of = { { "sum", 0 }, { "mean", 9 } } },
    { .of = { { "sum", 0 }, { "sum", 1 }, { "sum", 9 } } },
    { .of = { { "sum", 0 }, { "sum", 1 }, { "sum", 10 } } },
    { .of = { { "mean", 10 }, { "sum", 0 } } },
    { .of = { { "sum", 10 }, { "std", 10 } } },
    { .of = { { "sum", 0 }, { "mean", 11 } } },
    { .of = { { "sum", 11 } } },
    { .of = { { "mean", 0 } } },                                        /* a word alone */
    { .of = { { "sum", 0 } } },
    { .of = { { "count", 6 } } },
    { .of = { { "sum", 0 }, { "count", 6 } } },
    { .of = { { "max", 0 }, { "min", 1 } }, .ranks = true },            /* two ranks, of one byte */
    { .of = { { "max", 3 }, { "min", 2 } }, .ranks = true },            /* … and of two */
};
static const statement walk[] = {                                       /* more than a row can bring */
    { .of = { { "sum", 4 }, { "sum", 5 } } },
    { .of = { { "sum", 2 }, { "mean", 4 } } },
    { .of = { { "sum", 7 }, { "sum", 0 } } },
    { .of = { { "max", 0 }, { "min", 2 } } },
    { .of = { { "max", 0 }, { "sum", 1 } } },
    { .of = { { "sum", 9 }, { "sum", 10 } } },
    { .of = { { "max", 9 }, { "min", 10 } } },
    { .of = { { "first", 9 }, { "mode", 10 }, { "nunique", 9 }, { "prod", 11 } } },
    { .of = { { "count", 0 } } },
};

static size_t count_wanted(const statement *s)
{
    size_t n = 0;
    while (n < MOST_WANTED && s->of[n].name) n++;
    return n;
}

static fr_tally *foreseen(fr_call *call, const fr_columns *x, const statement *s)
{
    fr_tally *tally = fr_tally_new(call);
    for (size_t k = 0; tally && k < count_wanted(s); k++)
        if (!fr_aggregate_foresee(call, tally, s->of[k].name, &x->at[s->of[k].column], 1)) {
            fr_tally_free(tally);
            return NULL;
        }
    return tally;
}

/* *rides: have records been made with the groups? */
static fr_grouping *tallied(fr_call *call, fr_column *key, const fr_columns *x, const statement *s, bool *rides)
{
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, key->length);
    fr_tally *tally = foreseen(call, x, s);
    fr_grouping *groups = NULL;
    if (tally && fr_keys_add(call, &keys, key, &(fr_key_want){ 0 }, NULL)) groups = fr_grouping_to_tally(call, &keys, tally);
    if (!groups) return fr_tally_free(tally), NULL;
    *rides = tally->ridden;
    groups->tally = tally;
    if (fr_tally_run(call, tally, groups)) return groups;
    fr_grouping_free(groups);
    return NULL;
}

static void check_statement(fr_call *call, fr_column *key, const fr_columns *x, const statement *s, bool may_ride)
{
    bool rides;
    FR_CLEANUP(fr_drop_grouping) fr_grouping *slow = fr_grouping_of(call, &key, 1, key->length);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *fast = tallied(call, key, x, s, &rides);
    REQUIRE(slow && fast && slow->n_groups == fast->n_groups);
    may_ride = may_ride && !fr_rows_are_wide(key->length) && !(s->ranks && fr_tally_has_table_a_worker(call));
    CHECK(rides == may_ride);
    for (size_t k = 0; k < count_wanted(s); k++)
        fr_test_check_same(call, s->of[k].name, &x->at[s->of[k].column], 1, fast, slow);
    REQUIRE(fr_grouping_need_ids(call, fast) && fr_grouping_need_firsts(call, fast));
    for (int64_t i = 0; i < key->length; i++) REQUIRE(fr_grouping_ids(fast)[i] == fr_grouping_ids(slow)[i]);
    for (size_t i = 0; i < fast->n_groups; i++) REQUIRE(fr_grouping_first(fast, i) == fr_grouping_first(slow, i));
}

/* Takes the key. */
static void check_all(fr_call *call, fr_column *taken)
{
    FR_OWNED fr_column *key = taken;
    FR_CLEANUP(fr_columns_clear) fr_columns x = { .context = call->context };
    REQUIRE(key && make_columns(call, key->length, &x));
    for (size_t i = 0; i < FR_COUNT_OF(ride); i++) check_statement(call, key, &x, &ride[i], true);
    for (size_t i = 0; i < FR_COUNT_OF(walk); i++) check_statement(call, key, &x, &walk[i], false);
}

/* With one thread, two, three and so on. */
static void with_threads(void (*check)(fr_call *call, uint32_t threads))
{
    for (uint32_t threads = 1; threads < 8; threads += 1 + threads / 3) {
        fr_auto(context) context = fr_context_new(.threads = threads, .chunk_rows = 64);
        fr_call call;
        fr_call_begin(&call, context, NULL, -1);
        check(&call, threads);
        CHECK(!fr_failed(&call));
        fr_call_end(&call);
    }
}

static void check_some_lengths(fr_call *call, uint32_t threads)
{
    for (int64_t n = 900 + threads; n < 20000; n = n * 3 + 65) {
        check_all(call, fr_test_integers(call, FR_I32, n, -9, (uint64_t)n / 2, 11));
        check_all(call, fr_test_integers(call, FR_U16, n, 0, (uint64_t)n, 0));
    }
}

TEST(rows_that_bring_what_they_add_give_the_same_bits)
{
    with_threads(check_some_lengths);
}

TEST(rows_of_whole_blocks_bring_what_they_add)
{
    static const struct { size_t chunk; int64_t n; uint64_t span; } cases[] = { { 3000, 16000, 12500 }, { 4900, 20481, 20001 } };
    for (uint32_t threads = 1; threads <= 3; threads += 2)
        for (size_t i = 0; i < FR_COUNT_OF(cases); i++) {
            fr_auto(context) context = fr_context_new(.threads = threads, .chunk_rows = cases[i].chunk);
            fr_call call;
            fr_call_begin(&call, context, NULL, -1);
            check_all(&call, fr_test_integers(&call, FR_I32, cases[i].n, -9, cases[i].span, 11));
            CHECK(!fr_failed(&call));
            fr_call_end(&call);
        }
}

/* Ten rows a code, and records that the largest cache holds. Takes the key. */
static void check_near(fr_call *call, fr_column *taken)
{
    FR_OWNED fr_column *key = taken;
    FR_CLEANUP(fr_columns_clear) fr_columns x = { .context = call->context };
    REQUIRE(key && make_columns(call, key->length, &x));
    for (size_t i = 0; i < FR_COUNT_OF(ride); i++)
        if (!ride[i].ranks) check_statement(call, key, &x, &ride[i], true);
    for (size_t i = 0; i < FR_COUNT_OF(walk); i++) check_statement(call, key, &x, &walk[i], false);
}

TEST(rows_of_records_that_had_none_before_are_first_rows)
{
    for (uint32_t threads = 1; threads <= 4; threads++) {
        fr_auto(context) context = fr_context_new(.threads = threads, .chunk_rows = 64);
        fr_call call;
        fr_call_begin(&call, context, NULL, -1);
        for (int64_t span = 500; span < 700; span += 61) {
            check_near(&call, fr_test_integers(&call, FR_I32, 10 * span, -9, (uint64_t)span, 11));
            check_near(&call, fr_test_integers(&call, FR_U16, 11 * span + 63, 0, (uint64_t)span, 0));
        }
        CHECK(!fr_failed(&call));
        fr_call_end(&call);
    }
}

/* Codes that first come in their order are groups already. */
static fr_column *keys_in_order(fr_call *call, int64_t n, int64_t span)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keys = fr_buffer_array(call, (size_t)n, sizeof(int64_t));
    uint64_t state = 5;
    for (int64_t i = 0; keys && i < n; i++)
        ((int64_t *)keys->data)[i] = i < 2 * span ? i / 2 : (int64_t)(fr_test_random(&state) % (uint64_t)span);
    return keys ? fr_test_i64s(call, keys->data, NULL, n) : NULL;
}

static void check_in_order(fr_call *call, int64_t n, int64_t span)
{
    FR_OWNED fr_column *key = keys_in_order(call, n, span);
    FR_CLEANUP(fr_columns_clear) fr_columns x = { .context = call->context };
    REQUIRE(key && make_columns(call, n, &x));
    for (size_t i = 0; i < FR_COUNT_OF(ride); i++) {
        bool rides;
        FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = tallied(call, key, &x, &ride[i], &rides);
        REQUIRE(groups && !rides);
        if (!ride[i].ranks && !fr_rows_are_wide(n)) CHECK(groups->tally->lone_words);      /* they went with their codes */
        check_statement(call, key, &x, &ride[i], false);
    }
    for (size_t i = 0; i < FR_COUNT_OF(walk); i++) check_statement(call, key, &x, &walk[i], false);
}

static void check_some_spans(fr_call *call, uint32_t threads)
{
    (void)threads;
    for (int64_t span = 511; span < 5000; span = span * 2 + 3) {
        check_in_order(call, 3 * span + 7, span);
        check_in_order(call, 11 * span, span);
    }
}

TEST(codes_that_are_groups_bring_what_their_rows_add)
{
    with_threads(check_some_spans);
}

/* Codes are many, but only every eighth comes: sums of so few groups are those of blocks, as a fold's are. */
TEST(where_groups_turn_out_few_nothing_was_brought)
{
    enum { N = (1 << 20) + 4321, SPAN = 1 << 20 };
    WITH_CALL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keys = fr_buffer_array(call, N, sizeof(int64_t));
    FR_CLEANUP(fr_columns_clear) fr_columns x = { .context = call->context };
    REQUIRE(keys && make_columns(call, N, &x));
    uint64_t state = 1;
    for (int64_t i = 0; i < N; i++) ((int64_t *)keys->data)[i] = (int64_t)(fr_test_random(&state) % (SPAN / 8) * 8);
    FR_OWNED fr_column *key = fr_test_i64s(call, keys->data, NULL, N);
    REQUIRE(key);
    check_statement(call, key, &x, &ride[3], false);
}

typedef struct tortured { int64_t n; uint64_t span; bool in_order; } tortured;

static fr_outcome tally_riders(fr_context *context, void *state)
{
    const tortured *t = state;
    fr_call call;
    uint64_t digest = 0;
    bool rides;
    context->chunk_rows = 64;
    fr_call_begin(&call, context, NULL, -1);
    FR_OWNED fr_column *key = t->in_order ? keys_in_order(&call, t->n, (int64_t)t->span)
                                          : fr_test_integers(&call, FR_I32, t->n, 0, t->span, 0);
    FR_CLEANUP(fr_columns_clear) fr_columns x = { .context = context };
    if (key && make_columns(&call, t->n, &x)) {
        FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = tallied(&call, key, &x, &ride[3], &rides);
        const fr_tally_want sums = { FR_TALLY_INT_SUM, x.at[0], NULL };
        FR_CLEANUP(fr_drop_buffer) fr_buffer *found = fr_tally_find(groups, &sums);
        if (found) digest = fr_digest(0, found->data, groups->n_groups * sizeof(int64_t));
    }
    return fr_outcome_of_call(&call, digest);
}

TEST(bringing_what_rows_add_survives_every_failed_allocation)
{
    TORTURE(tally_riders, (&(tortured){ .n = 900, .span = 600 }));
    TORTURE(tally_riders, (&(tortured){ .n = 5000, .span = 500 }));
    TORTURE(tally_riders, (&(tortured){ .n = 900, .span = 300, .in_order = true }));
}
