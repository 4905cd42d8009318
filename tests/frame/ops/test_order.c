/* The order of rows against a slow insertion sort that compares cells. */
#include "frame/ops/naive.h"
#include "ops/order.h"
#include "support/test.h"

static const int64_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 511 };

static int compare_rows(fr_column *const *columns, const fr_key_want *wants, size_t n, int64_t a, int64_t b)
{
    for (size_t i = 0; i < n; i++) {
        const int order = fr_naive_compare(columns[i], a, b, &wants[i]);
        if (order) return order;
    }
    return 0;
}

/* Is it a stable sort? Each pair of neighbours is in order, equal ones by row, and every row occurs once. */
static bool is_sorted(fr_column *const *columns, const fr_key_want *wants, size_t n, const fr_rows *rows)
{
    const int64_t length = rows->n;
    uint64_t sum = 0;
    for (int64_t i = 0; i < length; i++) {
        const int64_t row = fr_row_at(rows, i), before = i ? fr_row_at(rows, i - 1) : -1;
        sum += (uint64_t)row;
        if (i == 0) continue;
        const int order = compare_rows(columns, wants, n, before, row);
        if (order > 0 || (order == 0 && before >= row)) return false;
    }
    return sum == (uint64_t)length * (uint64_t)(length - 1) / 2 || length == 0;
}

static void check_order(fr_call *call, fr_column *const *columns, const fr_key_want *wants, size_t n, const char *what)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = fr_order_of(call, columns, wants, NULL, n, columns[0]->length);
    const fr_rows order = rows ? fr_order_rows(rows, columns[0]->length) : (fr_rows){ 0 };
    fr_test_check(rows && is_sorted(columns, wants, n, &order), what, __FILE__,
                  (int)columns[0]->length);
}

TEST(every_type_sorts_up_and_down_with_nulls_at_either_end)
{
    WITH_CALL;
    for (size_t t = 0; fr_key_types[t]; t++)
        for (size_t k = 0; k < FR_COUNT_OF(lengths); k++)
            for (int how = 0; how < 4; how++) {
                const fr_key_want want = { .ordered = true, .descending = how & 1, .nulls_first = how & 2 };
                FR_OWNED fr_column *column = fr_test_column(call, fr_key_types[t], lengths[k], how == 0 ? 0 : 20,
                                                            t + k);
                check_order(call, &column, &want, 1, fr_key_types[t]);
            }
}

TEST(several_keys_sort_by_the_first_then_the_next)
{
    WITH_CALL;
    for (uint64_t seed = 0; seed < 60; seed++) {
        fr_column *columns[3];
        fr_key_want wants[3];
        for (size_t i = 0; i < 3; i++) {
            uint64_t r = seed * 3 + i;
            const char *type = fr_key_types[fr_test_random(&r) % 26];
            columns[i] = fr_test_repeating(call, type, 300, 5, 20, r);
            wants[i] = (fr_key_want){ .ordered = true, .descending = fr_test_random(&r) & 1,
                                      .nulls_first = fr_test_random(&r) & 1 };
        }
        check_order(call, columns, wants, 3, "three keys");
        for (size_t i = 0; i < 3; i++) fr_column_unref(columns[i]);
    }
}

TEST(many_rows_sort_stably_in_blocks)
{
    WITH_CALL;
    const fr_key_want wants[] = { { .ordered = true }, { .ordered = true, .descending = true } };
    fr_column *columns[] = { fr_test_repeating(call, "f64", 300000, 1000, 5, 1),
                             fr_test_column(call, "i64", 300000, 5, 2) };
    check_order(call, columns, wants, 1, "repeated floats");
    check_order(call, columns, wants, 2, "two wide keys, two runs");
    fr_column_unref(columns[0]);
    fr_column_unref(columns[1]);
}

/* Wide keys of which some rows agree in the leading bits, a few of them or many at once, up to the last key; so few that
 * only their codes are made, or more. */
static fr_column *partly_repeating(fr_call *call, int64_t n, uint64_t seed, uint64_t one_in, uint64_t values)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_array(call, (size_t)n, sizeof(int64_t));
    if (!room) return NULL;
    int64_t *at = room->data;
    for (int64_t i = 0; i < n; i++) {
        const uint64_t r = fr_test_random(&seed);
        at[i] = (int64_t)(fr_test_random(&seed) % one_in ? r : (r % values) << 50 | (r & 3));
    }
    return fr_test_i64s(call, at, NULL, n);
}

TEST(rows_that_agree_in_the_leading_bits_are_put_in_order)
{
    WITH_CALL;
    static const int64_t many[] = { 3, 65, 511, 70000 };
    for (size_t k = 0; k < FR_COUNT_OF(many); k++)
        for (uint64_t seed = 0; seed < 9; seed++) {
            const int64_t n = many[k];
            fr_column *columns[] = { fr_test_repeating(call, "i16", n, 50, 5, seed),
                                     partly_repeating(call, n, seed, seed < 6 ? 3 : 500, seed % 2 ? 1000 : 5),
                                     partly_repeating(call, n, seed + 9, 2, 3), fr_test_column(call, "f64", n, 5, seed) };
            const fr_key_want wants[] = { { .ordered = true, .descending = seed & 1 }, { .ordered = true },
                                          { .ordered = true, .descending = seed & 2 },
                                          { .ordered = true, .nulls_first = seed & 1 } };
            check_order(call, columns + seed % 2, wants, 3, "three wide keys");
            check_order(call, columns, wants, 4, "four wide keys");
            for (size_t i = 0; i < 4; i++) fr_column_unref(columns[i]);
        }
}

TEST(nan_comes_after_numbers_and_before_null_in_both_directions)
{
    WITH_CALL;
    const double values[] = { __builtin_nan(""), 2, 0, -1 };
    const uint8_t valid[] = { 1, 1, 0, 1 };
    FR_OWNED fr_column *column = fr_test_f64s(call, values, valid, 4);
    const fr_key_want up = { .ordered = true }, down = { .ordered = true, .descending = true };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rising = fr_order_of(call, &column, &up, NULL, 1, 4);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *falling = fr_order_of(call, &column, &down, NULL, 1, 4);
    REQUIRE(rising && falling);
    CHECK_BYTES(rising->data, ((uint32_t[]){ 3, 1, 0, 2 }), 16);
    CHECK_BYTES(falling->data, ((uint32_t[]){ 1, 3, 0, 2 }), 16);
}

TEST(texts_sort_by_bytes)
{
    WITH_CALL;
    static const char *const texts[] = { "b", "é", "", "Z", "a", "A", "z", "B" };
    FR_OWNED fr_column *column = fr_test_texts(call, texts, 8);
    const fr_key_want up = { .ordered = true };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rows = fr_order_of(call, &column, &up, NULL, 1, 8);
    REQUIRE(rows);
    CHECK_BYTES(rows->data, ((uint32_t[]){ 2, 5, 7, 3, 4, 0, 6, 1 }), 32);
}

TEST(extreme_integers_sort_with_nulls)
{
    WITH_CALL;
    const int64_t values[] = { INT64_MAX, 0, INT64_MIN, -1, 0 };
    const uint8_t valid[] = { 1, 1, 1, 1, 0 };
    FR_OWNED fr_column *column = fr_test_i64s(call, values, valid, 5);
    const fr_key_want up = { .ordered = true }, down = { .ordered = true, .descending = true, .nulls_first = true };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *rising = fr_order_of(call, &column, &up, NULL, 1, 5);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *falling = fr_order_of(call, &column, &down, NULL, 1, 5);
    REQUIRE(rising && falling);
    CHECK_BYTES(rising->data, ((uint32_t[]){ 2, 3, 1, 0, 4 }), 20);
    CHECK_BYTES(falling->data, ((uint32_t[]){ 4, 0, 1, 3, 2 }), 20);
}
