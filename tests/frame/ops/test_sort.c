/* Sorting frames: keys, directions, nulls, stability, what comes back untouched. */
#include <frame/frame.h>

#include "frame/ops/apply.h"
#include "frame/ops/naive.h"
#include "ops/order.h"
#include "ops/verbs.h"
#include "support/torture.h"

#include "base/memory.h"

TEST(sort_orders_by_several_keys_each_its_way)
{
    fr_auto(frame) frame = fr_test_frame("k: b a _ b a; x: 1 2 3 4 2; row: 0 1 2 3 4", NULL);
    GIVES(frame, fr_sort("k"), "k x row|a 2 1|a 2 4|b 1 0|b 4 3|_ 3 2");
    GIVES(frame, fr_sort("k, x desc"), "k x row|a 2 1|a 2 4|b 4 3|b 1 0|_ 3 2");
    GIVES(frame, fr_sort("-k, x"), "k x row|b 1 0|b 4 3|a 2 1|a 2 4|_ 3 2");
    GIVES(frame, fr_sort("k asc, x", .descending = true), "k x row|a 2 1|a 2 4|b 4 3|b 1 0|_ 3 2");
    GIVES(frame, fr_sort("k", .nulls_first = true), "k x row|_ 3 2|a 2 1|a 2 4|b 1 0|b 4 3");
}

TEST(descending_keeps_the_order_of_equal_rows)
{
    fr_auto(frame) frame = fr_test_frame("k: 1 2 1 2; row: 0 1 2 3", NULL);
    GIVES(frame, fr_sort("k desc"), "k row|2 1|2 3|1 0|1 2");
}

TEST(the_largest_first_never_begins_with_nan_or_null)
{
    fr_auto(frame) frame = fr_test_frame("x f64: nan 1 _ 3 inf", NULL);
    GIVES(frame, fr_sort("x desc"), "x|inf|3|1|nan|_");
    GIVES(frame, fr_sort("x"), "x|1|3|inf|nan|_");
}

TEST(a_sorted_frame_comes_back_as_it_is)
{
    fr_auto(frame) frame = fr_test_frame("x: 1 2 2 3 _", NULL);
    fr_auto(frame) sorted = fr_test_apply(frame, fr_sort("x"));
    CHECK(sorted == frame);
    fr_auto(frame) none = fr_test_frame("x i64: ", NULL);
    GIVES(none, fr_sort("x"), "x");
}

TEST(sort_says_what_is_wrong)
{
    fr_auto(frame) plain = fr_test_frame("region: a", NULL);
    FAILS(plain, fr_sort("regon"), FR_ERR_NOT_FOUND, "regon");
    FAILS(plain, fr_sort(""), FR_ERR_ARGUMENT, "no key");
}

/* ---- many rows, some of whose columns are packed into records ------------------------------------------------ */
enum { MANY = 140001 };

static const char *const names[] = { "near", "float", "few", "half", "wide", "text", "small", "flag", "list", "cat" };

/* Events in order but for one in a hundred. */
static fr_column *nearly_ordered(fr_call *call, int64_t n)
{
    static int64_t values[MANY];
    uint64_t seed = 5;
    for (int64_t i = 0; i < n; i++) {
        const uint64_t r = fr_test_random(&seed);
        values[i] = r % 100 ? i : i + (int64_t)(r / 128 % 1000);
    }
    return fr_test_i64s(call, values, NULL, n);
}

static fr_frame *frame_of_rows(fr_call *call, int64_t n, int null_percent)
{
    fr_column *columns[] = {
        nearly_ordered(call, n), fr_test_column(call, "f64", n, null_percent, 1),
        fr_test_repeating(call, "i64", n, 60000, null_percent, 2), fr_test_repeating(call, "i64", n, 1000, 0, 3),
        fr_test_column(call, "i64", n, null_percent, 4), fr_test_column(call, "str", n, null_percent, 5),
        fr_test_column(call, "narrow i8", n, 0, 6), fr_test_column(call, "bool", n, null_percent, 7),
        fr_test_column(call, "list[i64]", n, null_percent, 8), fr_test_repeating(call, "cat", n, 300, null_percent, 9),
    };
    fr_frame *frame = fr_frame_of(call, NULL, names, columns, FR_COUNT_OF(columns), n);
    for (size_t i = 0; i < FR_COUNT_OF(columns); i++) fr_column_unref(columns[i]);
    return frame;
}

static fr_frame *large_frame(fr_call *call, int null_percent) { return frame_of_rows(call, MANY, null_percent); }

/* `by` names columns of the frame, each falling or not: its rows are those of the order, each column taken by itself. */
typedef struct sorting { const char *by; size_t n, keys[2]; bool falls[2], deals; } sorting;

static const sorting sortings[] = {
    { "near", 1, { 0 }, { false }, false },
    { "float", 1, { 1 }, { false }, true },
    { "few desc", 1, { 2 }, { true }, true },
    { "half, float", 2, { 3, 1 }, { false, false }, false },
    { "few, wide desc", 2, { 2, 4 }, { false, true }, false },
    { "wide, float desc", 2, { 4, 1 }, { false, true }, true },
    { "text", 1, { 5 }, { false }, false },
    { "cat, small", 2, { 9, 6 }, { false, false }, true },
    { "small desc", 1, { 6 }, { true }, false },
    { "cat, near", 2, { 9, 0 }, { false, false }, false },
};

static void keys_of(const sorting *s, const fr_frame *frame, fr_column **keys, fr_key_want *wants)
{
    for (size_t i = 0; i < s->n; i++) {
        keys[i] = frame->columns[s->keys[i]];
        wants[i] = (fr_key_want){ .ordered = true, .descending = s->falls[i] };
    }
}

static fr_buffer *order_dealt(fr_call *call, fr_column *const *keys, const fr_key_want *wants, size_t n, int64_t n_rows,
                              fr_row_deal *deal)
{
    FR_CLEANUP(fr_keys_clear) fr_keys codes = FR_KEYS_INIT(call, n_rows);
    for (size_t i = 0; i < n; i++)
        if (!fr_keys_add(call, &codes, keys[i], &wants[i], NULL)) return NULL;
    return fr_order_dealt(call, &codes, deal);
}

/* As sorts of more rows than these are done: other columns follow the keys to their buckets. */
static fr_frame *deal_and_gather(fr_call *call, fr_frame *frame, const sorting *s, bool own)
{
    fr_column *keys[2];
    fr_key_want wants[2];
    keys_of(s, frame, keys, wants);
    FR_CLEANUP(fr_row_deal_clear) fr_row_deal deal = { 0 };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *order = order_dealt(call, keys, wants, s->n, frame->length, &deal);
    if (!order) return NULL;
    fr_rows rows = fr_order_rows(order, frame->length);
    if (s->deals) fr_test_check(deal.places, s->by, __FILE__, __LINE__);
    if (deal.places) {
        rows.deal = &deal, deal.order = order;
        order = NULL;
    }
    fr_frame *gathered = own ? fr_frame_gather_own(call, frame, &rows) : fr_frame_gather(call, frame, &rows);
    if (s->deals) fr_test_check(!deal.order, "goes without row numbers", __FILE__, __LINE__);
    return gathered;
}

static void check_sorting(fr_call *call, fr_frame *frame, const sorting *s)
{
    fr_column *keys[2];
    fr_key_want wants[2];
    keys_of(s, frame, keys, wants);
    fr_auto(frame) sorted = fr_test_apply(frame, fr_sort(s->by));
    FR_OWNED fr_frame *dealt = deal_and_gather(call, frame, s, false);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *order = fr_order_of(call, keys, wants, NULL, s->n, MANY);
    REQUIRE(fr_ok(sorted) && order && dealt);
    const fr_rows rows = fr_order_rows(order, MANY);
    fr_column *const *columns = fr_test_columns(sorted);
    for (size_t i = 0; i < FR_COUNT_OF(names); i++) {
        FR_OWNED fr_column *slow = fr_column_take(call, frame->columns[i], &rows);
        CHECK(fr_test_column_is_sound(columns[i]));
        fr_test_check(slow && fr_column_equal(slow, columns[i]), s->by, __FILE__, (int)i);
        fr_test_check(slow && fr_column_equal(slow, dealt->columns[i]), "dealt", __FILE__, (int)i);
    }
}

/* Each sorting meets each number of threads, and columns with nulls and without. */
TEST(large_tables_are_sorted_as_each_of_their_columns)
{
    static const uint32_t threads[] = { 1, 2, 7 };
    for (size_t i = 0; i < 2 * FR_COUNT_OF(threads); i++) {
        fr_auto(context) context = fr_context_new(.threads = threads[i / 2]);
        fr_call call;
        fr_call_begin(&call, context, NULL, -1);
        FR_OWNED fr_frame *frame = large_frame(&call, i & 1 ? 10 : 0);
        REQUIRE(frame);
        for (size_t k = (i / 2 + i) % 2; k < FR_COUNT_OF(sortings); k += 2) check_sorting(&call, frame, &sortings[k]);
        fr_call_end(&call);
    }
}

/* ---- a frame that nobody else holds ---------------------------------------------------------------------------- */
static void check_own(const fr_frame *sorted, const fr_frame *own, const fr_frame *given, const char *what)
{
    fr_column *const *columns = fr_test_columns(sorted);
    REQUIRE(given);
    for (size_t i = 0; i < FR_COUNT_OF(names); i++) {
        fr_test_check(!own->columns[i], "is given up", __FILE__, (int)i);
        fr_test_check(fr_column_equal(columns[i], given->columns[i]), what, __FILE__, (int)i);
    }
}

TEST(a_frame_that_nobody_else_holds_is_sorted_the_same_and_gives_its_columns_up)
{
    for (size_t k = 0; k < FR_COUNT_OF(sortings); k++) {
        fr_auto(context) context = fr_context_new(.threads = k & 1 ? 7 : 1);
        fr_call call;
        fr_call_begin(&call, context, NULL, -1);
        FR_OWNED fr_frame *frame = large_frame(&call, 10), *plain = large_frame(&call, 10);
        FR_OWNED fr_frame *following = large_frame(&call, 10);
        const fr_sort_args args = { .by = sortings[k].by };
        REQUIRE(frame && plain && following);
        fr_auto(frame) sorted = fr_test_apply(frame, fr_sort(sortings[k].by));
        FR_OWNED fr_frame *plainly = fr_run_sort_own(&call, plain, &args);
        FR_OWNED fr_frame *dealt = deal_and_gather(&call, following, &sortings[k], true);
        check_own(sorted, plain, plainly, sortings[k].by);
        check_own(sorted, following, dealt, sortings[k].by);
        fr_call_end(&call);
    }
}

TEST(a_sorted_frame_that_nobody_else_holds_keeps_its_columns)
{
    WITH_CALL;
    FR_OWNED fr_frame *frame = large_frame(call, 0);
    REQUIRE(frame);
    FR_OWNED fr_frame *once = fr_run_sort(call, frame, &(fr_sort_args){ .by = "near" });
    REQUIRE(once);
    FR_OWNED fr_frame *twice = fr_run_sort_own(call, once, &(fr_sort_args){ .by = "near" });
    CHECK(twice == once && fr_column_equal(once->columns[1], fr_test_columns(twice)[1]));
}

/* The columns of a frame that the chain holds alone are the user's as well. */
TEST(a_chain_leaves_the_frame_it_began_with)
{
    WITH_CALL;
    FR_OWNED fr_frame *frame = large_frame(call, 10), *same = large_frame(call, 10);
    REQUIRE(frame && same);
    fr_auto(frame) chained = fr_pipe(frame, fr_with("z = half + 1"), fr_sort("few desc, half"));
    fr_auto(frame) with = fr_pipe(frame, fr_with("z = half + 1"));
    fr_auto(frame) sorted = fr_pipe(with, fr_sort("few desc, half"));
    CHECK(fr_equal(chained, sorted));
    CHECK(fr_equal(frame, same));
    fr_auto(frame) below = fr_pipe(frame, fr_concat(same), fr_sort("few desc, half"));          /* was late */
    fr_auto(frame) both = fr_pipe(frame, fr_concat(same));
    fr_auto(frame) slow = fr_pipe(both, fr_sort("few desc, half"));
    CHECK(fr_length(below) == 2 * MANY && fr_equal(below, slow));
}

/* ---- columns large enough for records, whatever their size ---------------------------------------------------- */
enum { FOLLOWING = 270001, MOST_FOLLOWING = 5 };

/* By the first column, whose rows are dealt: n columns, taken together where they followed its keys, and each by itself. */
static void check_following(fr_call *call, fr_column *const *columns, size_t n, bool descending)
{
    const fr_key_want want = { .ordered = true, .descending = descending };
    fr_column *taken[MOST_FOLLOWING];
    FR_CLEANUP(fr_row_deal_clear) fr_row_deal deal = { 0 };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *order = order_dealt(call, columns, &want, 1, FOLLOWING, &deal);
    REQUIRE(order && deal.places);
    const fr_rows plain = fr_order_rows(order, FOLLOWING);
    fr_rows rows = plain;
    rows.deal = &deal;
    REQUIRE(fr_columns_take(call, (const fr_column *const *)columns, n, &rows, NULL, taken));
    for (size_t i = 0; i < n; i++) {
        FR_OWNED fr_column *slow = fr_column_take(call, columns[i], &plain);
        fr_test_check(slow && fr_column_equal(slow, taken[i]), "follows its keys", __FILE__, (int)(10 * n + i));
        fr_column_unref(taken[i]);
    }
}

TEST(columns_follow_keys_of_many_bits_and_of_few_to_their_buckets)
{
    for (uint32_t threads = 1; threads < 8; threads += 6) {
        fr_auto(context) context = fr_context_new(.threads = threads);
        fr_call call;
        fr_call_begin(&call, context, NULL, -1);
        fr_column *columns[] = {
            fr_test_column(&call, "i16", FOLLOWING, 2, 1), fr_test_column(&call, "i64", FOLLOWING, 0, 2),
            fr_test_column(&call, "f64", FOLLOWING, 3, 3), fr_test_repeating(&call, "i64", FOLLOWING, 90, 3, 4),
            fr_test_column(&call, "str", FOLLOWING, 0, 5), fr_test_column(&call, "f64", FOLLOWING, 0, 6),
            fr_test_column(&call, "i32", FOLLOWING, 0, 7), fr_test_column(&call, "i8", FOLLOWING, 0, 8),
            fr_test_column(&call, "i16", FOLLOWING, 0, 9), fr_test_column(&call, "bool", FOLLOWING, 0, 10),
            fr_test_column(&call, "i32", FOLLOWING, 0, 11),
        };
        for (size_t n = 3; n <= MOST_FOLLOWING; n++) {
            check_following(&call, columns, n, threads == 1);
            check_following(&call, columns + 1, n, threads == 1);
            check_following(&call, columns + 6, n, threads == 1);           /* none as wide as a record */
        }
        for (size_t i = 0; i < FR_COUNT_OF(columns); i++) fr_column_unref(columns[i]);
        fr_call_end(&call);
    }
}

/* ---- a frequent value of the key ------------------------------------------------------------------------------ */
enum { HEAVY = 33001, MOST_KEYS = 3 };     /* a bucket has 8,192 rows at most */

/* A random column in which rows of one value are one in `often`. */
static fr_column *often_one(fr_call *call, const char *type, uint64_t often, int null_percent, uint64_t seed)
{
    FR_OWNED fr_column *any = fr_test_column(call, type, HEAVY, null_percent, seed);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = fr_buffer_array(call, HEAVY, sizeof(int64_t));
    if (!any || !rows) return NULL;
    int64_t *at = rows->data, one = 0;
    while (one < 100 && any->valid && !(any->valid[one / 64] >> (one % 64) & 1)) one++;
    for (int64_t i = 0; i < HEAVY; i++) at[i] = fr_test_random(&seed) % often ? i : one;
    return fr_column_take(call, any, &(fr_rows){ .wide = at, .n = HEAVY });
}

/* Rows rise, by their keys cell for cell and then by their number. */
static bool rows_rise(const fr_rows *rows, fr_column *const *keys, const fr_key_want *wants, size_t n)
{
    for (int64_t i = 1; i < rows->n; i++) {
        const int64_t a = fr_row_at(rows, i - 1), b = fr_row_at(rows, i);
        int order = 0;
        for (size_t k = 0; k < n && !order; k++) order = fr_naive_compare(keys[k], a, b, &wants[k]);
        if (order > 0 || (order == 0 && a >= b)) return false;
    }
    return true;
}

static void check_heavy(fr_call *call, fr_column *const *columns, size_t n, size_t n_keys, const fr_key_want *wants,
                        const char *what)
{
    fr_column *taken[16];
    FR_CLEANUP(fr_row_deal_clear) fr_row_deal deal = { 0 };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *order = order_dealt(call, columns, wants, n_keys, HEAVY, &deal);
    REQUIRE(order);
    const fr_rows plain = fr_order_rows(order, HEAVY);
    fr_rows rows = plain;
    if (deal.places) rows.deal = &deal;
    fr_test_check(rows_rise(&plain, columns, wants, n_keys), what, __FILE__, (int)n_keys);
    REQUIRE(fr_columns_take(call, (const fr_column *const *)columns, n, &rows, NULL, taken));
    for (size_t i = 0; i < n; i++) {
        FR_OWNED fr_column *slow = fr_column_take(call, columns[i], &plain);
        CHECK(fr_test_column_is_sound(taken[i]));
        fr_test_check(slow && fr_column_equal(slow, taken[i]), what, __FILE__, (int)i);
        fr_column_unref(taken[i]);
    }
}

TEST(columns_follow_frequent_keys_of_every_type)
{
    static const uint32_t threads[] = { 1, 7 };
    for (size_t t = 0; t < FR_COUNT_OF(threads); t++) {
        fr_auto(context) context = fr_context_new(.threads = threads[t]);
        fr_call call;
        fr_call_begin(&call, context, NULL, -1);
        fr_column *columns[] = {
            NULL, often_one(&call, "f64", 2, 20, 1), often_one(&call, "narrow i16", 4, 30, 2),
            fr_test_column(&call, "bool", HEAVY, 20, 3), fr_test_column(&call, "bool", HEAVY, 0, 4),
            fr_test_column(&call, "i32", HEAVY, 10, 5), fr_test_column(&call, "str", HEAVY, 10, 6),
            fr_test_column(&call, "list[i64]", HEAVY, 10, 7), fr_test_column(&call, "decimal(38,10)", HEAVY, 5, 8),
            fr_test_column(&call, "i8", HEAVY, 5, 9), fr_test_column(&call, "i64", HEAVY, 5, 10),
        };
        for (size_t k = 0; fr_key_types[k]; k++) {
            const size_t way = (k + 2 * t) % 4;
            const fr_key_want want = { .ordered = true, .descending = way & 1, .nulls_first = way & 2 };
            const fr_key_want wants[MOST_KEYS] = { want, { .ordered = true, .descending = !(way & 1) }, want };
            FR_OWNED fr_column *key = often_one(&call, fr_key_types[k], way & 1 ? 3 : 2, way & 2 ? 0 : 25, 20 + k);
            REQUIRE(key);
            columns[0] = key;
            check_heavy(&call, columns, FR_COUNT_OF(columns), 1 + (k + t) % MOST_KEYS, wants, fr_key_types[k]);
        }
        for (size_t i = 1; i < FR_COUNT_OF(columns); i++) fr_column_unref(columns[i]);
        fr_call_end(&call);
    }
}

typedef struct sorted_many { const fr_frame *frame; const sorting *by; bool own; } sorted_many;

static fr_outcome sort_many(fr_context *context, void *state)
{
    const sorted_many *s = state;
    const int64_t n = s->frame->length;
    const fr_key_want wants[2] = { { .ordered = true }, { .ordered = true } };
    fr_column *keys[2] = { s->frame->columns[s->by->keys[0]], s->frame->columns[s->by->keys[1]] };
    fr_call call;
    fr_call_begin(&call, context, NULL, 0);
    FR_CLEANUP(fr_row_deal_clear) fr_row_deal deal = { 0 };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *order = order_dealt(&call, keys, wants, s->by->n, n, &deal);
    fr_rows rows = order ? fr_order_rows(order, n) : (fr_rows){ 0 };
    rows.deal = deal.places ? &deal : NULL;
    FR_OWNED fr_frame *own = order && s->own ? fr_frame_same_rows(&call, s->frame, s->frame->schema, s->frame->columns)
                                             : NULL;
    FR_OWNED fr_frame *sorted = own ? fr_frame_gather_own(&call, own, &rows)
                              : order && !s->own ? fr_frame_gather(&call, s->frame, &rows) : NULL;
    uint64_t digest = 0;
    for (size_t i = 0; sorted && i < FR_COUNT_OF(names); i++)
        if (fr_phys_width(sorted->columns[i]->phys))
            digest = fr_digest(digest, sorted->columns[i]->values, (size_t)n * fr_phys_width(sorted->columns[i]->phys));
    return fr_outcome_of_call(&call, digest);
}

TEST(sorting_a_large_table_survives_every_failure)
{
    WITH_CALL;
    FR_OWNED fr_frame *frame = large_frame(call, 10);           /* enough rows for records */
    FR_OWNED fr_frame *shorter = frame_of_rows(call, 70001, 10);   /* two blocks of strays */
    REQUIRE(frame && shorter);
    TORTURE(sort_many, (&(sorted_many){ shorter, &sortings[0], false }));   /* strays */
    TORTURE(sort_many, (&(sorted_many){ frame, &sortings[4], false }));     /* buckets, ties, records */
    TORTURE(sort_many, (&(sorted_many){ shorter, &sortings[0], true }));
    TORTURE(sort_many, (&(sorted_many){ shorter, &sortings[1], true }));
}
