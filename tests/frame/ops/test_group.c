/* group: null keys, order, names, selectors, empty frames. */
#include "base/context_state.h"
#include "frame/ops/apply.h"
#include "frame/ops/naive.h"
#include "ops/verbs.h"

#define KEYS "k: a _ b a _; v: 1 2 3 4 5"

#include <string.h>

TEST(a_null_key_is_a_group_of_its_own)
{
    fr_auto(frame) frame = fr_test_frame(KEYS, NULL);
    GIVES(frame, fr_group("k", .agg = "v = sum(v)"), "k v|a 5|_ 7|b 3");
    GIVES(frame, fr_group("k", .agg = "v = sum(v)", .sort = true), "k v|a 5|b 3|_ 7");
}

TEST(dropped_null_keys_are_counted)
{
    fr_auto(frame) frame = fr_test_frame(KEYS, NULL);
    fr_auto(frame) dropped = fr_test_apply(frame, fr_group("k", .agg = "v = sum(v)", .drop_nulls = true));
    CHECK_STR(fr_test_text(dropped), "k v|a 5|b 3");
    CHECK_STR(fr_test_account(dropped), "group 5 3 0 0 2 0 0");
}

TEST(aggregates_keep_the_order_and_the_names_written)
{
    fr_auto(frame) frame = fr_test_frame("k: a b a; x: 1 _ 3; y f64: 2 4 6", NULL);
    GIVES(frame, fr_group("k", .agg = "sum(x); orders = size(); mean(y); n = count(x)"),
          "k sum_x orders mean_y n|a 4 2 4 2|b 0 1 4 0");
    GIVES(frame, fr_group("k", .agg = "range = max(y) - min(y); size()"), "k range size|a 4 2|b 0 1");
    GIVES(frame, fr_group("k", .agg = "s = sum(x * 10)"), "k s|a 40|b 0");
    GIVES(frame, fr_group("k", .agg = "q = quantile(y, $1)", .bind = { fr_v(1.0) }), "k q|a 6|b 4");
}

TEST(a_sum_that_does_not_fit_names_its_group_and_a_way_out)
{
    fr_auto(frame) frame = fr_test_frame("k: a b b; y: 1 2 2; x: 1 9223372036854775807 1", NULL);
    FAILS(frame, fr_group("k, y", .agg = "sum(x)"), FR_ERR_OVERFLOW, "sum of k = b, y = 2 does not fit i64");
    fr_auto(frame) failed = fr_test_apply(frame, fr_group("k", .agg = "sum(x)"));
    CHECK(strstr(fr_error(failed)->hint, "sum(cast(x, 'f64')) rounds"));
    CHECK_INT(fr_error(failed)->row, 1);
    FAILS(frame, fr_group(.agg = "sum(x)"), FR_ERR_OVERFLOW, "sum of all rows does not fit i64");
    FAILS(frame, fr_group("k", .agg = "p = prod(x + 1)"), FR_ERR_OVERFLOW, "9223372036854775807 + 1 overflows i64");
    GIVES(frame, fr_group("k", .agg = "s = cast(sum(cast(x, 'decimal(38,0)')), 'str')"),
          "k s|a 1|b 9223372036854775808");
}

TEST(without_keys_the_frame_is_one_group)
{
    fr_auto(frame) frame = fr_test_frame("x: 1 2 3", NULL);
    fr_auto(frame) none = fr_test_frame("x i64: ; k str: ", NULL);
    GIVES(frame, fr_group(.agg = "s = sum(x); n = size()"), "s n|6 3");
    GIVES(none, fr_group(.agg = "s = sum(x); m = mean(x); n = size()"), "s m n|0 _ 0");
    fr_auto(frame) empty = fr_test_apply(none, fr_group("k", .agg = "s = sum(x); m = mean(x)"));
    CHECK_STR(fr_test_text(empty), "k s m");
    CHECK_INT(fr_type_kind(fr_type_at(empty, 1)), FR_I64);
    CHECK_INT(fr_type_kind(fr_type_at(empty, 2)), FR_F64);
}

TEST(a_selector_gives_a_column_for_each)
{
    fr_auto(frame) frame = fr_test_frame("k: 1 1; x: 1 3; y f64: 2 4; t: a b", NULL);
    GIVES(frame, fr_group("k", .agg = "mean(numeric())"), "k x y|1 2 3");
    GIVES(frame, fr_group("k", .agg = "n = size(); max(numeric()); last(text())"), "k n x y t|1 2 3 4 b");
    GIVES(frame, fr_group("k", .agg = "quantile(matches('^[xy]$'), 0.5)"), "k x y|1 2 3");
}

TEST(keys_alone_are_the_distinct_keys)
{
    fr_auto(frame) frame = fr_test_frame("k: b a b; x: 1 2 3", NULL);
    GIVES(frame, fr_group("k"), "k|b|a");
    GIVES(frame, fr_group("k, x", .sort = true), "k x|a 2|b 1|b 3");
}

/* Every tenth row is as the one before it, or none is, or every third: so many first rows that columns are filtered by
 * them, or copied, or so few that rows are taken. Nulls are at every fifth of the numbers and every seventh of the texts. */
static void check_first_rows(uint32_t threads, int64_t n, int64_t every)
{
    static const char *const names[] = { "a", "b", "t" };
    fr_auto(context) context = fr_context_new(.threads = threads);
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    {
        FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_array(&call, (size_t)n, 4 * sizeof(int64_t));
        REQUIRE(room);
        int64_t *a = room->data, *b = a + n, *firsts = b + n, n_firsts = 0;
        const char **t = (const char **)(void *)(firsts + n);
        for (int64_t i = 0; i < n; i++) {
            const bool again = every && i % every == every - 1;
            const int64_t like = again ? i - 1 : i;
            a[i] = like * 3, b[i] = like / 2;
            t[i] = like % 7 ? like % 2 ? "odd" : "even" : NULL;
            if (!again) firsts[n_firsts++] = i;
        }
        FR_OWNED fr_column *x = fr_test_i64s(&call, a, NULL, n), *text = fr_test_texts(&call, t, n), *y = NULL;
        fr_builder *builder = fr_builder_new(&call, fr_type_of(FR_I64), n);
        REQUIRE(builder);
        for (int64_t i = 0; i < n; i++)
            REQUIRE(b[i] % 5 ? fr_builder_add(&call, builder, fr_v_i64(b[i])) : fr_builder_add_null(&call, builder));
        y = fr_builder_finish(&call, builder);
        fr_builder_unref(builder);
        fr_column *columns[] = { x, y, text };
        FR_OWNED fr_frame *frame = fr_frame_of(&call, NULL, names, columns, 3, n);
        REQUIRE(x && y && text && frame);
        FR_OWNED fr_frame *groups = fr_run_group(&call, frame, &(fr_group_args){ .by = "a, b, t" });
        REQUIRE(groups);
        CHECK_INT(groups->length, n_firsts);
        for (size_t i = 0; i < 3; i++) {
            FR_OWNED fr_column *wanted = fr_column_take(&call, columns[i], &(fr_rows){ .wide = firsts, .n = n_firsts });
            CHECK(wanted && fr_column_equal(groups->columns[i], wanted));
        }
    }
    fr_call_end(&call);
}

TEST(keys_are_those_of_first_rows_however_many)
{
    static const int64_t lengths[] = { 1, 63, 64, 65, 511, 131072, 131073, 300001 }, every[] = { 10, 0, 3, 2, 5 };
    for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
        for (size_t k = 0; k < FR_COUNT_OF(every); k++)
            for (uint32_t threads = 1; threads < 5; threads += 3) check_first_rows(threads, lengths[l], every[k]);
}

/* Keys, some of them null, and a double that is whole; about `share` rows of a hundred have a key of their own. */
static fr_frame *keys_in_no_order(fr_call *call, int64_t n, uint64_t share)
{
    static const char *const names[] = { "k", "x" };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *room = fr_buffer_array(call, (size_t)n, 2 * sizeof(int64_t) + 1);
    if (!room) return NULL;
    int64_t *k = room->data;
    double *x = (double *)(void *)(k + n);
    uint8_t *valid = (uint8_t *)(x + n);
    uint64_t state = (uint64_t)n + share;
    for (int64_t i = 0; i < n; i++) {
        const bool alone = fr_test_random(&state) % 100 < share;
        k[i] = alone ? (i * 7919) % n : (int64_t)(fr_test_random(&state) % 350);
        valid[i] = k[i] % 700 != 9;
        x[i] = (double)(fr_test_random(&state) % 1000);
    }
    FR_OWNED fr_column *keys = fr_test_i64s(call, k, valid, n), *values = fr_test_f64s(call, x, NULL, n);
    fr_column *columns[] = { keys, values };
    return keys && values ? fr_frame_of(call, NULL, names, columns, 2, n) : NULL;
}

/* In blocks of 64 rows groups are numbered by ranges, in one of all rows they are not; a spread begins at first rows. */
TEST(keys_and_spreads_are_the_same_by_ranges)
{
    static const uint64_t shares[] = { 3, 20, 45, 90 };
    for (size_t i = 0; i < FR_COUNT_OF(shares); i++)
        for (uint32_t threads = 1; threads < 5; threads += 3) {
            fr_auto(context) context = fr_context_new(.threads = threads);
            const fr_group_args args = { .by = "k", .agg = "s = sum(x); m = mean(x); v = var(x); n = size()" };
            fr_call call;
            fr_call_begin(&call, context, NULL, -1);
            {
                FR_OWNED fr_frame *frame = keys_in_no_order(&call, 4000 + (int64_t)i, shares[i]);
                FR_OWNED fr_frame *slow = frame ? fr_run_group(&call, frame, &args) : NULL;
                context->chunk_rows = 64;
                FR_OWNED fr_frame *fast = frame ? fr_run_group(&call, frame, &args) : NULL;
                REQUIRE(slow && fast);
                CHECK_INT(fast->length, slow->length);
                for (size_t c = 0; c < 5; c++) CHECK(fr_column_equal(fast->columns[c], slow->columns[c]));
            }
            fr_call_end(&call);
        }
}

TEST(group_says_what_is_wrong)
{
    fr_auto(frame) frame = fr_test_frame("k: a; x: 1", NULL);
    FAILS(frame, fr_group("k", .agg = "m = mean(k)"), FR_ERR_TYPE, "mean");
    FAILS(frame, fr_group("k", .agg = "m = mean(z)"), FR_ERR_NOT_FOUND, "z");
    FAILS(frame, fr_group("nope"), FR_ERR_NOT_FOUND, "nope");
    FAILS(frame, fr_group(""), FR_ERR_ARGUMENT, "nothing to do");
    FAILS(frame, fr_group("k", .agg = "k = sum(x)"), FR_ERR_VALUE, "k");
}
