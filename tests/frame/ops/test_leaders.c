/* The rows that may be among the first n, against the order of all. */
#include <frame/frame.h>

#include "frame/ops/apply.h"
#include "frame/ops/naive.h"
#include "ops/leaders.h"
#include "ops/order.h"
#include "support/test.h"

static int64_t marked(fr_call *call, fr_column *const *columns, const fr_key_want *wants, size_t n_keys, int64_t n,
                      fr_buffer **keep)
{
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, columns[0]->length);
    int64_t n_kept = -1;
    for (size_t i = 0; i < n_keys; i++)
        if (!fr_keys_add(call, &keys, columns[i], &wants[i], "k")) return -1;
    return fr_order_leaders(call, &keys, n, keep, &n_kept) ? n_kept : -1;
}

/* The first n rows are among the marked ones. */
static int64_t check_leaders(fr_call *call, fr_column *const *columns, const fr_key_want *wants, size_t n_keys,
                             int64_t n, const char *what)
{
    const int64_t length = columns[0]->length;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *order = fr_order_of(call, columns, wants, NULL, n_keys, length);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keep = NULL;
    const int64_t n_kept = marked(call, columns, wants, n_keys, n, &keep);
    if (!order || !keep) return fr_test_check(false, what, __FILE__, (int)n), 0;
    const fr_rows rows = fr_order_rows(order, length);
    bool all = n_kept == fr_bits_count(keep->data, length);
    for (int64_t i = 0; i < n; i++) all &= fr_bit(keep->data, fr_row_at(&rows, i));
    fr_test_check(all, what, __FILE__, (int)n);
    return n_kept;
}

TEST(the_first_rows_of_every_type_are_marked)
{
    WITH_CALL;
    static const int64_t lengths[] = { 1, 3, 7, 63, 64, 65, 511, 5000 }, heads[] = { 0, 1, 2, 10, 63, 500 };
    for (size_t t = 0; fr_key_types[t]; t++)
        for (size_t k = 0; k < FR_COUNT_OF(lengths); k++)
            for (int how = 0; how < 8; how++) {
                const fr_key_want want = { .ordered = true, .descending = how & 1, .nulls_first = how & 2 };
                const int percent = how & 4 ? 60 : how == 0 ? 0 : 10;
                FR_OWNED fr_column *column = how & 4
                    ? fr_test_repeating(call, fr_key_types[t], lengths[k], 5, percent, t + k)
                    : fr_test_column(call, fr_key_types[t], lengths[k], percent, t + k);
                REQUIRE(column);
                for (size_t h = 0; h < FR_COUNT_OF(heads) && heads[h] <= lengths[k]; h++)
                    check_leaders(call, &column, &want, 1, heads[h], fr_key_types[t]);
            }
}

TEST(the_first_rows_by_several_keys_are_marked)
{
    WITH_CALL;
    for (uint64_t seed = 0; seed < 40; seed++) {
        fr_column *columns[3];
        fr_key_want wants[3];
        for (size_t i = 0; i < 3; i++) {
            uint64_t r = seed * 3 + i;
            const char *type = seed % 4 ? fr_key_types[fr_test_random(&r) % 26] : "f64";        /* more than one run */
            columns[i] = fr_test_repeating(call, type, 3000, seed % 3 ? 5 : 3000, 20, r);
            wants[i] = (fr_key_want){ .ordered = true, .descending = fr_test_random(&r) & 1,
                                      .nulls_first = fr_test_random(&r) & 1 };
        }
        for (int64_t n = 1; n < 3000; n *= 7) check_leaders(call, columns, wants, 1 + seed % 3, n, "three keys");
        for (size_t i = 0; i < 3; i++) fr_column_unref(columns[i]);
    }
}

/* A number of its own for each eight rows, in no order. */
static int64_t scattered_eight(int64_t i)
{
    uint64_t seed = (uint64_t)i / 8 + 1;
    return (int64_t)fr_test_random(&seed) >> 1;
}

/* Rows beyond the sample: few are marked whether values are scattered, in order, few, or like their neighbours. */
TEST(few_of_many_rows_are_marked)
{
    WITH_CALL;
    enum { N = 300000 };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_array(call, N, sizeof(int64_t));
    REQUIRE(room);
    int64_t *values = room->data;
    for (int way = 0; way < 6; way++) {
        uint64_t seed = 1;
        for (int64_t i = 0; i < N; i++)
            values[i] = way == 0 ? (int64_t)fr_test_random(&seed) >> 1 : way == 1 ? i : way == 2 ? -i
                      : way == 3 ? (int64_t)(fr_test_random(&seed) % 3) : way == 4 ? i / 1000
                      : scattered_eight(i);
        FR_OWNED fr_column *column = fr_test_i64s(call, values, NULL, N);
        for (int descending = 0; descending < 2; descending++) {
            const fr_key_want want = { .ordered = true, .descending = descending };
            CHECK(check_leaders(call, &column, &want, 1, 10, "ten") < 3000);
            CHECK(check_leaders(call, &column, &want, 1, 1000, "a thousand") < 20000);
            CHECK(check_leaders(call, &column, &want, 1, 70000, "many") < 220000);
        }
    }
}

/* The sample sees the first eight rows of each word only: here those are all small, then all large. */
TEST(a_sample_that_misleads_costs_time_and_no_rows)
{
    WITH_CALL;
    enum { N = 100000 };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_array(call, N, sizeof(int64_t));
    REQUIRE(room);
    for (int64_t i = 0; i < N; i++) ((int64_t *)room->data)[i] = i % 64 >= 8 ? 1000000000 + i : i;
    FR_OWNED fr_column *column = fr_test_i64s(call, room->data, NULL, N);
    const fr_key_want want = { .ordered = true };
    check_leaders(call, &column, &want, 1, 20000, "the sample sees the small ones");
    for (int64_t i = 0; i < N; i++) ((int64_t *)room->data)[i] = i % 64 >= 8 ? i : INT64_MAX / 2 - i;
    FR_OWNED fr_column *other = fr_test_i64s(call, room->data, NULL, N);
    check_leaders(call, &other, &want, 1, 20000, "the sample sees the large ones");
}

TEST(a_head_behind_a_sort_gives_the_rows_of_the_whole_order)
{
    static const char *const sorts[] = { "v", "-v", "v, w desc", "w", "-w, v", "t, -v" };
    fr_auto(context) context = fr_context_new(.threads = 3);
    enum { N = 40000 };
    static int64_t w[N];
    static double v[N];
    static const char *t[N];
    uint64_t seed = 5;
    for (int64_t i = 0; i < N; i++) {
        static const char *const words[] = { "b", "a", "c" };
        w[i] = (int64_t)(fr_test_random(&seed) % 4);
        v[i] = fr_test_random(&seed) % 50 ? (double)(fr_test_random(&seed) % 5000) / 8 - 200 : __builtin_nan("");
        t[i] = words[fr_test_random(&seed) % 3];
    }
    const fr_array_spec arrays[] = { fr_array("v", FR_F64, v), fr_array("w", FR_I64, w), fr_array("t", FR_STR, t) };
    fr_auto(frame) frame = fr_frame_from_arrays(N, arrays, 3, context);
    for (size_t i = 0; i < FR_COUNT_OF(sorts); i++) {
        fr_auto(frame) few = fr_pipe(frame, fr_sort(sorts[i]), fr_head(30));
        fr_auto(frame) whole = fr_pipe(frame, fr_sort(sorts[i]));
        fr_auto(frame) first = fr_pipe(whole, fr_head(30));
        CHECK_STR(fr_test_text(few), fr_test_text(first));
    }
}
