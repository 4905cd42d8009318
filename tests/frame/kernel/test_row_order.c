/* The order of rows 0, 1, 2 … by keys of every shape, whole and with strays: keys rise, equal ones keep the order of
 * their rows and are marked, keys are left alone. */
#include "kernel/row_order.h"
#include "kernel/row_strays.h"

#include <string.h>

#include "kernel/bits.h"
#include "frame/kernel/key_shapes.h"
#include "support/columns.h"
#include "support/test.h"

static uint64_t fits(uint64_t *state, size_t i)       { return (void)i, fr_test_random(state) >> 32; }
static uint64_t none(uint64_t *state, size_t i)       { return (void)state, (void)i, (uint64_t)1 << 40; }

/* Ties in all that fits beside a row, told apart by the low bits, or not at all. */
static uint64_t high_and_low(uint64_t *state, size_t i)
{
    const uint64_t r = fr_test_random(state);
    return (void)i, r % 1000 << 50 | (r >> 40 & 3);
}

/* Half the keys have the same leading bits, and differ below them. */
static uint64_t half_one(uint64_t *state, size_t i)
{
    const uint64_t r = fr_test_random(state);
    return (void)i, r & 1 ? (uint64_t)1 << 62 | (r >> 40 & 0xffff) : r;
}

/* Fewer bits than are counted, a few more, and none at all. */
static uint64_t twelve(uint64_t *state, size_t i)     { return (void)i, fr_test_random(state) >> 52; }
static uint64_t seventeen(uint64_t *state, size_t i)  { return (void)i, fr_test_random(state) >> 47; }
static uint64_t zero(uint64_t *state, size_t i)       { return (void)state, (void)i, 0; }

/* Frequent keys: one among neighbours in its bin, the highest, neighbours of each other, all there are. */
static uint64_t one_in_eight(uint64_t *state, size_t i)
{
    const uint64_t r = fr_test_random(state);
    return (void)i, r % 8 ? r / 8 % 100000 : 50001;
}

static uint64_t highest_often(uint64_t *state, size_t i)
{
    const uint64_t r = fr_test_random(state);
    return (void)i, r % 10 ? r / 10 % 100000 : 100000;
}

static uint64_t neighbours(uint64_t *state, size_t i)
{
    const uint64_t r = fr_test_random(state);
    return (void)i, r % 2 ? ((uint64_t)5 << 40) + r / 2 % 5 : r >> 16;
}

static uint64_t three_keys(uint64_t *state, size_t i) { return (void)i, fr_test_random(state) % 3 << 30; }

static shape *const shapes[] = { all_bits, fits, none, falling, high_and_low, half_one, half_same, far_one, crowded,
                                 twelve, seventeen, zero, one_in_eight, highest_often, neighbours, three_keys };

/* ---- nearly in order --------------------------------------------------------------------------------------------- */
static uint64_t rising(uint64_t *state, size_t i)     { return (void)state, i / 3; }
static uint64_t early(uint64_t *state, size_t i)      { return fr_test_random(state) % 40 ? i / 3 : i / 3 + 700; }
static uint64_t late(uint64_t *state, size_t i)       { return fr_test_random(state) % 40 || i < 3000 ? i : i - 2999; }
static uint64_t long_ago(uint64_t *state, size_t i)
{
    const uint64_t r = fr_test_random(state);
    return r % 64 ? i : r / 64 % (i + 1);
}

static uint64_t highest(uint64_t *state, size_t i)    { return fr_test_random(state) % 64 ? i / 2 : UINT64_MAX; }
static uint64_t few_more(uint64_t *state, size_t i)   { return i < 195000 ? 7 * i : fr_test_random(state) % 1000000; }

static uint64_t a_block_away(uint64_t *state, size_t i)
{
    return (void)state, i / 65536 == 1 && i % 65536 < 4000 ? 5 : i;
}


static shape *const near_shapes[] = { rising, early, late, long_ago, highest, few_more, a_block_away, none };

/* ---- checks ------------------------------------------------------------------------------------------------------ */
typedef struct sample {
    size_t       n;
    bool         wide;
    uint64_t     top, *keys, *ties;
    fr_row_array rows;
    fr_buffer   *buffers[3];
} sample;

static bool make_sample(fr_call *call, sample *s, shape *next, uint64_t seed)
{
    uint64_t state = seed;
    s->buffers[0] = fr_buffer_array(call, s->n, sizeof(uint64_t));
    s->buffers[1] = fr_buffer_array(call, s->n, fr_row_bytes(s->wide));
    s->buffers[2] = fr_buffer_zeroed(call, fr_bits_bytes((int64_t)s->n) + 8);
    if (!s->buffers[0] || !s->buffers[1] || !s->buffers[2]) return false;
    s->keys = s->buffers[0]->data;
    s->rows = (fr_row_array){ .at = s->buffers[1]->data, .wide = s->wide, .n = s->n };
    s->ties = s->buffers[2]->data;
    memset(s->rows.at, 0xff, s->n * fr_row_bytes(s->wide));
    for (size_t i = 0; i < s->n; i++) {
        s->keys[i] = next(&state, i);
        if (s->keys[i] > s->top) s->top = s->keys[i];
    }
    return true;
}

static void drop_sample(sample *s)
{
    for (size_t i = 0; i < FR_COUNT_OF(s->buffers); i++) fr_buffer_unref(s->buffers[i]);
}

static bool is_in_order(const sample *s, bool with_ties)
{
    const fr_rows order = fr_rows_view(s->rows.at, s->wide, (int64_t)s->n);
    for (int64_t i = 0; i < order.n; i++) {
        const int64_t row = fr_row_at(&order, i), before = i ? fr_row_at(&order, i - 1) : -1;
        if (row < 0 || row >= order.n) return false;
        const bool tie = i && s->keys[before] == s->keys[row];
        if (i && (s->keys[before] > s->keys[row] || (tie && before >= row))) return false;
        if (fr_bit(s->ties, i) != (tie && with_ties)) return false;
    }
    return true;                           /* strictly rising pairs: every row occurs once */
}

static void check_packed(fr_call *call, size_t n, size_t k, bool wide, bool with_ties)
{
    FR_CLEANUP(drop_sample) sample s = { .n = n, .wide = wide };
    REQUIRE(make_sample(call, &s, shapes[k], n + k));
    CHECK(fr_order_packed(call, s.keys, s.top, &s.rows, with_ties ? s.ties : NULL, NULL));
    fr_test_check(is_in_order(&s, with_ties), "rows in order", __FILE__, (int)k * 10000000 + (int)n);
}

/* Row by row to its bucket, as the other columns will be. */
static void deal_rows(const fr_row_deal *deal, size_t n, uint32_t *dealt)
{
    size_t next[FR_MOST_BUCKETS];
    for (size_t i = 0; i < n; i++) {
        const size_t *begins = (const size_t *)deal->begins->data + i / deal->block_rows * FR_MOST_BUCKETS;
        if (i % deal->block_rows == 0) memcpy(next, begins, deal->n_buckets * sizeof *next);
        dealt[next[((const uint16_t *)deal->buckets->data)[i]]++] = (uint32_t)i;
    }
}

/* Windows follow one another, and the rows dealt are in order by the places of each. */
static bool follows_windows(const sample *s, const fr_row_deal *deal)
{
    static uint32_t dealt[200000];
    const fr_deal_window *windows = deal->windows->data;
    size_t at = 0;
    memset(dealt, 0xff, sizeof dealt);
    deal_rows(deal, s->n, dealt);
    for (size_t k = 0; k < deal->n_windows; k++) {
        if (windows[k].begin != at || (!windows[k].lies_in_order && windows[k].n > deal->most)) return false;
        for (const size_t begin = at; at < begin + windows[k].n; at++) {
            const size_t from = windows[k].lies_in_order ? at
                                                         : begin + fr_dealt_place(deal->places->data, deal->wide, at);
            if ((int64_t)dealt[from] != fr_row_get(s->rows.at, s->wide, at)) return false;
        }
    }
    return at == s->n;
}

static void check_followed(fr_call *call, size_t n, size_t k, bool wide, bool with_ties)
{
    FR_CLEANUP(drop_sample) sample s = { .n = n, .wide = wide };
    FR_CLEANUP(fr_row_deal_clear) fr_row_deal deal = { 0 };
    REQUIRE(make_sample(call, &s, shapes[k], n + k));
    CHECK(fr_order_packed(call, s.keys, s.top, &s.rows, with_ties ? s.ties : NULL, &deal));
    fr_test_check(is_in_order(&s, with_ties), "rows in order", __FILE__, (int)k * 10000000 + (int)n);
    fr_test_check(deal.places && follows_windows(&s, &deal), "rows as they were dealt", __FILE__, (int)k);
}

TEST(rows_of_every_shape_can_be_followed_to_their_buckets)
{
    static const uint32_t threads[] = { 1, 2, 7 };
    for (size_t i = 0; i < FR_COUNT_OF(threads); i++) {
        fr_auto(context) context = fr_context_new(.threads = threads[i]);
        fr_call call;
        fr_call_begin(&call, context, NULL, -1);
        for (size_t k = 0; k < FR_COUNT_OF(shapes); k++) check_followed(&call, 150001, k, i == 1, i != 1);
        fr_call_end(&call);
    }
}

TEST(rows_are_put_in_order_by_keys_of_every_shape)
{
    WITH_CALL;
    static const size_t lengths[] = { 63, 64, 65, 511, 5000, 32769, 150001 };
    for (size_t i = 0; i < FR_COUNT_OF(lengths); i++)
        for (size_t k = 0; k < FR_COUNT_OF(shapes); k++)
            for (int way = 0; way < 4; way++)
                if (lengths[i] < 6000 || way % 3 == 0) check_packed(call, lengths[i], k, way & 1, way & 2);
}

TEST(keys_of_few_bits_go_to_buckets_where_columns_follow)
{
    CHECK(fr_order_is_packed(100000, 1 << 22, false));
    CHECK(!fr_order_is_packed(100000, (1 << 22) - 1, false));
    CHECK(fr_order_is_packed(100000, 32, true));
    CHECK(!fr_order_is_packed(100000, 31, true));
    CHECK(!fr_order_is_packed(1000, UINT64_MAX, true));
}

TEST(rows_are_put_in_order_with_one_thread_too)
{
    fr_auto(context) context = fr_context_new(.threads = 1);
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    for (size_t k = 0; k < FR_COUNT_OF(shapes); k++) check_packed(&call, 100000, k, false, true);
    fr_call_end(&call);
}

static void check_near(fr_call *call, size_t n, size_t k, bool wide, bool with_ties)
{
    bool done = false;
    FR_CLEANUP(drop_sample) sample s = { .n = n, .wide = wide };
    REQUIRE(make_sample(call, &s, near_shapes[k], n + k));
    CHECK(fr_order_strays(call, s.keys, s.top, &s.rows, with_ties ? s.ties : NULL, &done));
    if (n > 65536 || near_shapes[k] == rising) CHECK(done);
    if (done) fr_test_check(is_in_order(&s, with_ties), "strays in order", __FILE__, (int)k * 10000000 + (int)n);
}

TEST(strays_are_merged_where_they_belong)
{
    WITH_CALL;
    static const size_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 511, 5000, 65535, 65537, 131072, 200001 };
    for (size_t i = 0; i < FR_COUNT_OF(lengths); i++)
        for (size_t k = 0; k < FR_COUNT_OF(near_shapes); k++)
            for (int way = 0; way < 4; way++) check_near(call, lengths[i], k, way & 1, way & 2);
}

/* Stretches that rise, one behind the other: a few rows look ordered, all are not. */
static uint64_t saw(uint64_t *state, size_t i) { return (void)state, i % 30000; }
/* Too early and too late: seen from either end, each of one kind makes strays of all between. */
static uint64_t both(uint64_t *state, size_t i)
{
    const uint64_t r = fr_test_random(state);
    return r % 64 ? i : r / 64 % 200000;
}

TEST(nothing_is_done_where_too_many_stray)
{
    WITH_CALL;
    shape *const wild[] = { all_bits, falling, saw, both };
    for (size_t k = 0; k < FR_COUNT_OF(wild); k++) {
        bool done = true;
        FR_CLEANUP(drop_sample) sample s = { .n = 200000 };
        REQUIRE(make_sample(call, &s, wild[k], 1));
        CHECK(fr_order_strays(call, s.keys, s.top, &s.rows, s.ties, &done));
        CHECK(!done);
        CHECK_INT(((const uint32_t *)s.rows.at)[0], UINT32_MAX);
    }
}
