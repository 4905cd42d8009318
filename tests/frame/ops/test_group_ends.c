/* head and tail by groups, and after a sort: known answers, then random frames against slow twins. */
#include <frame/frame.h>

#include "base/context_state.h"
#include "frame/ops/apply.h"
#include "frame/ops/naive.h"
#include "ops/order.h"
#include "ops/verb_result.h"
#include "ops/verbs.h"
#include "support/columns.h"
#include "support/test.h"
#include "support/torture.h"

#include <stdio.h>
#include <string.h>

/* ---- known answers ----------------------------------------------------------------------------------------------- */
TEST(head_and_tail_by_groups_keep_the_order_of_the_rows)
{
    fr_auto(frame) frame = fr_test_frame("k: N S N N S _ N _; x: 1 1 2 3 2 1 4 2", NULL);
    GIVES(frame, fr_head(1, .by = "k"), "k x|N 1|S 1|_ 1");
    GIVES(frame, fr_head(2, .by = "k"), "k x|N 1|S 1|N 2|S 2|_ 1|_ 2");
    GIVES(frame, fr_head(-1, .by = "k"), "k x|N 1|S 1|N 2|N 3|_ 1");
    GIVES(frame, fr_tail(1, .by = "k"), "k x|S 2|N 4|_ 2");
    GIVES(frame, fr_tail(-1, .by = "k"), "k x|N 2|N 3|S 2|N 4|_ 2");
    GIVES(frame, fr_tail(-2, .by = "k"), "k x|N 3|N 4");
    GIVES(frame, fr_head(0, .by = "k"), "k x");
    GIVES(frame, fr_head(INT64_MIN, .by = "k"), "k x");
    GIVES(frame, fr_tail(INT64_MIN, .by = "k"), "k x");
    GIVES(frame, fr_head(1, .by = "k, x"), "k x|N 1|S 1|N 2|N 3|S 2|_ 1|N 4|_ 2");
    GIVES(frame, fr_head(1, .by = "numeric()"), "k x|N 1|N 2|N 3|N 4");
    GIVES(frame, fr_head(3, .by = ""), "k x|N 1|S 1|N 2");
}

TEST(a_head_by_groups_that_keeps_all_rows_gives_the_frame)
{
    fr_auto(frame) frame = fr_test_frame("k: a b a; x: 1 2 3", NULL);
    fr_auto(frame) all = fr_test_apply(frame, fr_head(2, .by = "k"));
    fr_auto(frame) none = fr_test_frame("k: ; x i64: ", NULL);
    CHECK(all == frame);
    GIVES(none, fr_head(1, .by = "k"), "k x");
    GIVES(none, fr_tail(1, .by = "x"), "k x");
}

TEST(nan_and_both_zeros_are_groups_as_in_group)
{
    fr_auto(frame) frame = fr_test_frame("k f64: nan 0 -0 nan _ _; x: 1 2 3 4 5 6", NULL);
    GIVES(frame, fr_head(1, .by = "k"), "k x|nan 1|0 2|_ 5");
    GIVES(frame, fr_tail(1, .by = "k"), "k x|-0 3|nan 4|_ 6");
}

TEST(head_by_columns_that_are_not_there_says_so)
{
    fr_auto(frame) frame = fr_test_frame("region: a", NULL);
    FAILS(frame, fr_head(1, .by = "regon"), FR_ERR_NOT_FOUND, "regon");
    FAILS(frame, fr_tail(1, .by = "region, region"), FR_ERR_ARGUMENT, "region");
}

TEST(a_sort_before_a_head_by_groups_gives_the_best_of_each)
{
    fr_auto(frame) frame = fr_test_frame("k: N S N N S _ N; x f64: 1 9 7 7 _ 2 nan; row: 0 1 2 3 4 5 6", NULL);
    fr_auto(frame) best = fr_pipe(frame, fr_sort("x desc"), fr_head(2, .by = "k"));
    fr_auto(frame) least = fr_pipe(frame, fr_sort("x"), fr_head(1, .by = "k"));
    fr_auto(frame) last = fr_pipe(frame, fr_sort("x"), fr_tail(1, .by = "k"));
    fr_auto(frame) nulls = fr_pipe(frame, fr_sort("x", .nulls_first = true), fr_head(1, .by = "k"));
    CHECK_STR(fr_test_text(best), "k x row|S 9 1|N 7 2|N 7 3|_ 2 5|S _ 4");
    CHECK_STR(fr_test_text(least), "k x row|N 1 0|_ 2 5|S 9 1");
    CHECK_STR(fr_test_text(last), "k x row|_ 2 5|N nan 6|S _ 4");
    CHECK_STR(fr_test_text(nulls), "k x row|S _ 4|N 1 0|_ 2 5");
}

/* ---- against slow twins ------------------------------------------------------------------------------------------ */
/* Which rows of `order` (NULL: as they stand) are kept, by counting in the groups of naive.h. */
static void naive_keep(const uint32_t *ids, const fr_rows *order, int64_t n_rows, const fr_cut *cut, bool *keep)
{
    for (int64_t i = 0; i < n_rows; i++) {
        int64_t before = 0, after = 0;
        const int64_t row = order ? fr_row_at(order, i) : i;
        for (int64_t k = 0; k < n_rows; k++) {
            const bool same = ids[order ? fr_row_at(order, k) : k] == ids[row];
            before += same && k < i;
            after += same && k > i;
        }
        const int64_t place = cut->last == (cut->n >= 0) ? after : before, limit = cut->n < 0 ? -cut->n : cut->n;
        keep[row] = (place < limit) == (cut->n >= 0);
    }
}

enum { MOST = 700 };
static const int64_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 128, 129, 511, MOST };

static fr_frame *frame_of_keys(fr_call *call, uint64_t *seed, int64_t n, size_t n_columns)
{
    static const char *const names[] = { "a", "b", "c", "d" };
    fr_column *columns[4] = { NULL };
    for (size_t i = 0; i < n_columns; i++) {
        const char *type = fr_key_types[fr_test_random(seed) % 26];
        const int64_t distinct = fr_test_random(seed) % 3 ? 1 + (int64_t)(fr_test_random(seed) % 9) : n + 1;
        columns[i] = fr_test_repeating(call, type, n, distinct, (int)(fr_test_random(seed) % 30), *seed);
    }
    fr_frame *frame = fr_frame_of(call, NULL, names, columns, n_columns, n);
    for (size_t i = 0; i < n_columns; i++) fr_column_unref(columns[i]);
    return frame;
}

static bool same_bits(const bool *keep, const uint64_t *bits, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (fr_bit(bits, i) != keep[i]) return false;
    return true;
}

TEST(ends_of_groups_agree_with_counting)
{
    WITH_CALL;
    static const char *const by[] = { "a", "a, b", "b, c, d" };
    uint64_t seed = 1;
    for (size_t k = 0; k < FR_COUNT_OF(lengths); k++)
        for (int round = 0; round < 24; round++) {
            uint32_t ids[MOST];
            bool keep[MOST];
            int64_t rows[MOST], n = 0;
            FR_OWNED fr_frame *frame = frame_of_keys(call, &seed, lengths[k], 4);
            const fr_cut cut = { .by = by[round % 3], .n = (int64_t)(fr_test_random(&seed) % 9) - 4,
                                 .last = round % 2 };
            (void)fr_naive_groups(fr_test_columns(frame) + round % 3 / 2, (size_t)round % 3 + 1, lengths[k], ids);
            naive_keep(ids, NULL, lengths[k], &cut, keep);
            for (int64_t i = 0; i < lengths[k]; i++)
                if (keep[i]) rows[n++] = i;
            FR_OWNED fr_frame *expected = fr_frame_gather(call, frame, &(fr_rows){ .wide = rows, .n = n });
            FR_OWNED fr_frame *found = fr_group_ends(call, frame, &cut);
            fr_test_check(found && fr_equal(found, expected), cut.by, __FILE__, (int)lengths[k]);
        }
}

/* The order of a frame by all its columns from the second on, each its way. */
static void add_order(fr_call *call, fr_keys *keys, const fr_frame *frame, uint64_t *seed)
{
    for (size_t i = 1; i < fr_frame_width(frame); i++) {
        const fr_key_want want = { .ordered = true, .descending = fr_test_random(seed) & 1,
                                   .nulls_first = fr_test_random(seed) & 1 };
        CHECK(fr_keys_add(call, keys, fr_test_columns(frame)[i], &want, NULL));
    }
}

/* The rows of an order that are left, in that order. */
static fr_rows rows_left(const fr_rows *rows, fr_left_rows left, int64_t *room)
{
    int64_t n = 0;
    for (int64_t i = 0; i < rows->n; i++)
        if (!left.bits || fr_bit(fr_left_bits(&left), fr_row_at(rows, i))) room[n++] = fr_row_at(rows, i);
    return (fr_rows){ .wide = room, .n = n };
}

/* Some rows of n, or all of them; bits behind the last row are set, as those of a mask may be. */
static fr_left_rows leave_some(uint64_t *seed, int64_t n, fr_buffer *buffer)
{
    uint64_t *bits = buffer->data;
    const uint64_t one_in = fr_test_random(seed) % 5;
    if (!one_in) return (fr_left_rows){ .n = n };
    memset(bits, 0xff, (MOST / 64 + 1) * sizeof *bits);
    for (int64_t i = 0; i < n; i++)
        if (fr_test_random(seed) % (one_in + 1) == 0) bits[i / 64] &= ~((uint64_t)1 << (i & 63));
    return (fr_left_rows){ .bits = buffer, .n = fr_bits_count(bits, n) };
}

/* → how many of the frames found their best rows without a sort. */
static int check_best(fr_call *call, uint64_t seed)
{
    int n_found = 0;
    for (size_t k = 0; k < FR_COUNT_OF(lengths); k++)
        for (int round = 0; round < 40; round++) {
            uint32_t ids[MOST];
            bool keep[MOST];
            const bool grouped = round % 5;
            FR_OWNED fr_frame *frame = frame_of_keys(call, &seed, lengths[k], 2 + (size_t)round % 3);
            FR_CLEANUP(fr_keys_clear) fr_keys order = FR_KEYS_INIT(call, lengths[k]);
            FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = NULL;
            int64_t n_kept = 0, n = 0, room[MOST];
            FR_CLEANUP(fr_drop_buffer) fr_buffer *left_bits = fr_buffer_array(call, MOST / 64 + 1, sizeof(uint64_t));
            if (!left_bits) return -1;
            const fr_left_rows left = leave_some(&seed, lengths[k], left_bits);
            const fr_cut cut = { .by = grouped ? "a" : NULL, .n = 1 + (int64_t)(fr_test_random(&seed) % 5),
                                 .last = round % 2 };
            add_order(call, &order, frame, &seed);
            CHECK(fr_group_best(call, frame, &order, &cut, left, &bits, &n_kept));
            n_found += bits != NULL;
            if (!bits) continue;                               /* too many groups for so few rows: the sort does it */
            FR_CLEANUP(fr_drop_buffer) fr_buffer *sorted = fr_order_of_keys(call, &order);
            const fr_rows all = fr_order_rows(sorted, lengths[k]), rows = rows_left(&all, left, room);
            (void)fr_naive_groups(fr_test_columns(frame), grouped, lengths[k], ids);
            memset(keep, 0, sizeof keep);
            naive_keep(ids, &rows, rows.n, &cut, keep);
            for (int64_t i = 0; i < lengths[k]; i++) n += keep[i];
            CHECK_INT(n_kept, n);
            fr_test_check(same_bits(keep, bits->data, lengths[k]), "the best rows", __FILE__, (int)lengths[k]);
        }
    return n_found;
}

TEST(the_best_of_each_group_are_those_of_a_full_sort)
{
    WITH_CALL;
    CHECK(check_best(call, 2) > 200);
}

/* Blocks of one row: any group is one of many, and they are dealt into parts. */
TEST(the_best_of_many_groups_are_those_of_a_full_sort)
{
    static const uint32_t threads[] = { 1, 2, 3, 7 };
    for (size_t i = 0; i < FR_COUNT_OF(threads); i++) {
        fr_auto(context) context = fr_context_new(.threads = threads[i], .chunk_rows = 1);
        fr_call call;
        fr_call_begin(&call, context, NULL, -1);
        CHECK(check_best(&call, 3 + i) > 200);
        fr_call_end(&call);
    }
}

static void check_very_many(uint32_t threads, uint64_t chunk_rows, uint64_t n_groups, int64_t n_best)
{
    enum { ROWS = 180000 };
    static int64_t k[ROWS], x[ROWS];
    fr_auto(context) context = fr_context_new(.threads = threads, .chunk_rows = chunk_rows);
    fr_call call;
    uint64_t seed = threads;
    fr_call_begin(&call, context, NULL, -1);
    for (size_t i = 0; i < ROWS; i++) {
        k[i] = (int64_t)(fr_test_random(&seed) % n_groups);
        x[i] = (int64_t)(fr_test_random(&seed) % 30) - 15;
    }
    fr_column *columns[] = { fr_test_i64s(&call, k, NULL, ROWS), fr_test_i64s(&call, x, NULL, ROWS) };
    fr_auto(frame) frame = fr_frame_of(&call, NULL, (const char *const[]){ "k", "x" }, columns, 2, ROWS);
    for (size_t i = 0; i < 2; i++) fr_column_unref(columns[i]);
    fr_call_end(&call);
    const fr_step sort = fr_sort("x desc"), cuts[] = { fr_head(n_best, .by = "k"), fr_tail(n_best, .by = "k") };
    fr_auto(frame) sorted = fr_test_apply(frame, sort);
    for (size_t i = 0; i < FR_COUNT_OF(cuts); i++) {
        fr_auto(frame) slow = fr_test_apply(sorted, cuts[i]);
        fr_auto(frame) fast = fr_pipe(frame, sort, cuts[i]);
        CHECK(fr_equal(slow, fast));
    }
}

/* So many entries that a stripe fills more than one slab, and more groups than the caches hold; no guess would pay. Then
 * ten rows a group, of which a guess leaves four, and some groups too few. */
TEST(the_best_of_very_many_groups_are_those_of_a_full_sort)
{
    for (uint32_t threads = 1; threads < 4; threads += 2) {
        check_very_many(threads, 0, 24000, 3);
        check_very_many(threads, 4096, 18000, 2);
        check_very_many(threads, 4096, 18000, 1);
    }
}

/* Groups whose values lie apart: a guess from all rows leaves most of them short. Some numbers are no group at all. */
static void check_groups_apart(uint32_t threads, uint64_t chunk_rows)
{
    enum { ROWS = 9000, GROUPS = 40 };
    static int64_t k[ROWS];
    static double x[ROWS];
    fr_auto(context) context = fr_context_new(.threads = threads, .chunk_rows = chunk_rows);
    fr_call call;
    uint64_t seed = threads;
    fr_call_begin(&call, context, NULL, -1);
    for (size_t i = 0; i < ROWS; i++) {
        k[i] = (int64_t)(fr_test_random(&seed) % GROUPS) * 2;
        x[i] = (double)(k[i] * 1000 + (int64_t)(fr_test_random(&seed) % 300));
    }
    fr_column *columns[] = { fr_test_i64s(&call, k, NULL, ROWS), fr_test_f64s(&call, x, NULL, ROWS) };
    fr_auto(frame) frame = fr_frame_of(&call, NULL, (const char *const[]){ "k", "x" }, columns, 2, ROWS);
    for (size_t i = 0; i < 2; i++) fr_column_unref(columns[i]);
    fr_call_end(&call);
    for (int way = 0; way < 4; way++) {
        const fr_step sort = way & 1 ? fr_sort("x desc") : fr_sort("x");
        const fr_step cut = way & 2 ? fr_tail(2, .by = "k") : fr_head(2, .by = "k");
        fr_auto(frame) sorted = fr_test_apply(frame, sort);
        fr_auto(frame) slow = fr_test_apply(sorted, cut);
        fr_auto(frame) fast = fr_pipe(frame, sort, cut);
        CHECK_INT(fr_length(fast), 2 * GROUPS);
        CHECK(fr_equal(slow, fast));
    }
}

TEST(the_best_of_groups_that_differ_are_found_in_a_second_pass)
{
    for (uint32_t threads = 1; threads < 4; threads++) {
        check_groups_apart(threads, 64);                       /* many groups: parts */
        check_groups_apart(threads, 1000);                     /* few: a heap a stripe */
    }
}

/* Doubles that differ, are the same, or seem so to a limit of 32 bits: beside a value that makes the range wide, others differ
 * in their last bits. Groups of ten rows, some without any, and one of many. */
static void check_limits(uint32_t threads, uint64_t same_in, double step, int64_t n_best)
{
    enum { ROWS = 20000, GROUPS = 1500 };
    static int64_t k[ROWS];
    static double x[ROWS];
    fr_auto(context) context = fr_context_new(.threads = threads, .chunk_rows = 64);
    fr_call call;
    uint64_t seed = threads + same_in;
    fr_call_begin(&call, context, NULL, -1);
    for (size_t i = 0; i < ROWS; i++) {
        k[i] = i % 4 ? (int64_t)(fr_test_random(&seed) % GROUPS) : 7;
        x[i] = 1 + step * (double)(fr_test_random(&seed) % (i % same_in ? 1000000000 : 3));
        if (step < 1e-9 && i % 100 == 3) x[i] = i % 200 == 3 ? 1e300 : -1e300;
    }
    fr_column *columns[] = { fr_test_i64s(&call, k, NULL, ROWS), fr_test_f64s(&call, x, NULL, ROWS) };
    fr_auto(frame) frame = fr_frame_of(&call, NULL, (const char *const[]){ "k", "x" }, columns, 2, ROWS);
    for (size_t i = 0; i < 2; i++) fr_column_unref(columns[i]);
    fr_call_end(&call);
    for (int way = 0; way < 4; way++) {
        const fr_step sort = way & 1 ? fr_sort("x desc") : fr_sort("x");
        const fr_step cut = way & 2 ? fr_tail(n_best, .by = "k") : fr_head(n_best, .by = "k");
        fr_auto(frame) sorted = fr_test_apply(frame, sort);
        fr_auto(frame) slow = fr_test_apply(sorted, cut);
        fr_auto(frame) fast = fr_pipe(frame, sort, cut);
        CHECK(fr_equal(slow, fast));
    }
}

TEST(the_best_of_groups_by_limits_are_those_of_a_full_sort)
{
    for (uint32_t threads = 1; threads < 4; threads++)
        for (int64_t n_best = 1; n_best < 4; n_best++) {
            check_limits(threads, 1 << 20, 0.5, n_best);                 /* none is the same */
            check_limits(threads, 50, 0.5, n_best);                      /* some */
            check_limits(threads, 2, 0.5, n_best);                       /* most */
            check_limits(threads, 50, 0x1p-50, n_best);                  /* the others seem so */
        }
}

/* Many groups of tiny blocks; `state`: rows that are the same in the end. */
static fr_outcome best_by_limits(fr_context *context, void *state)
{
    enum { ROWS = 900, GROUPS = 90 };
    static int64_t k[ROWS];
    static double x[ROWS];
    fr_call call;
    uint64_t seed = 5, digest = 0;
    context->chunk_rows = 64;
    fr_call_begin(&call, context, NULL, -1);
    for (size_t i = 0; i < ROWS; i++) {
        k[i] = (int64_t)(fr_test_random(&seed) % GROUPS);
        x[i] = *(const bool *)state && i % 40 == 0 ? 1e9 : (double)(fr_test_random(&seed) % 1000000000);
    }
    FR_CLEANUP(fr_columns_clear) fr_columns columns = { .context = context };
    FR_OWNED fr_frame *frame = NULL;
    if (fr_columns_init(&call, &columns, 2) && (columns.at[0] = fr_test_i64s(&call, k, NULL, ROWS))
        && (columns.at[1] = fr_test_f64s(&call, x, NULL, ROWS)))
        frame = fr_frame_of(&call, NULL, (const char *const[]){ "k", "x" }, columns.at, 2, ROWS);
    if (frame) {
        FR_CLEANUP(fr_keys_clear) fr_keys order = FR_KEYS_INIT(&call, ROWS);
        FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = NULL;
        int64_t n_kept = 0;
        if (fr_keys_add(&call, &order, fr_test_columns(frame)[1], &(fr_key_want){ .ordered = true, .descending = true }, NULL)
            && fr_group_best(&call, frame, &order, &(fr_cut){ .by = "k", .n = 2 }, (fr_left_rows){ .n = ROWS }, &bits, &n_kept)
            && bits)
            digest = fr_digest((uint64_t)n_kept, bits->data, fr_bits_bytes(ROWS));
    }
    return fr_outcome_of_call(&call, digest);
}

TEST(the_best_by_limits_survive_every_failed_allocation)
{
    TORTURE(best_by_limits, &(bool){ false });
    TORTURE(best_by_limits, &(bool){ true });
}

/* Values tell which rows are likely, but where nulls or NaN come first: doubles with both and both zeros, floats, integers
 * of narrow types. */
static void check_types(uint32_t threads, int64_t one_null_in)
{
    enum { ROWS = 9000, GROUPS = 40 };
    static const char *const orders[] = { "x", "x desc", "y", "y desc" };
    static const char *const types[] = { "f64", "f32", "i64", "i32", "i16", "i8" };
    static int64_t k[ROWS];
    static double x[ROWS];
    static uint8_t there[ROWS];
    fr_auto(context) context = fr_context_new(.threads = threads, .chunk_rows = 64);
    fr_call call;
    uint64_t seed = threads + (uint64_t)one_null_in;
    fr_call_begin(&call, context, NULL, -1);
    for (size_t i = 0; i < ROWS; i++) {
        const int64_t number = (int64_t)(fr_test_random(&seed) % 251) - 125;
        k[i] = (int64_t)(fr_test_random(&seed) % GROUPS);
        there[i] = one_null_in ? fr_test_random(&seed) % (uint64_t)one_null_in > 0 : 1;
        x[i] = !there[i] ? 0 : number ? (double)number : i % 2 ? 0.0 : -0.0;
    }
    fr_column *columns[] = { fr_test_i64s(&call, k, NULL, ROWS), fr_test_f64s(&call, x, there, ROWS) };
    fr_auto(frame) numbers = fr_frame_of(&call, NULL, (const char *const[]){ "k", "x" }, columns, 2, ROWS);
    for (size_t i = 0; i < 2; i++) fr_column_unref(columns[i]);
    fr_call_end(&call);
    for (size_t t = 0; t < FR_COUNT_OF(types); t++) {
        char to[32];
        snprintf(to, sizeof to, "y: %s", types[t]);
        fr_auto(frame) frame = fr_pipe(numbers, fr_with("y = x"), fr_cast(to), fr_with("x = 0 / 0 if x == 7 else x"));
        for (size_t i = 0; i < FR_COUNT_OF(orders); i++)
            for (int first = 0; first < 2; first++) {
                const fr_step sort = fr_sort(orders[i], .nulls_first = first), cut = fr_head(2, .by = "k");
                fr_auto(frame) sorted = fr_test_apply(frame, sort);
                fr_auto(frame) slow = fr_test_apply(sorted, cut);
                fr_auto(frame) fast = fr_pipe(frame, sort, cut);
                CHECK_INT(fr_length(fast), 2 * GROUPS);
                CHECK(fr_equal(slow, fast));
            }
    }
}

TEST(the_best_of_groups_by_values_of_every_type_are_those_of_a_full_sort)
{
    for (uint32_t threads = 1; threads < 4; threads++) {
        check_types(threads, 0);
        check_types(threads, 20);
    }
}

/* A filter that leaves most rows, few, or all; groups that it leaves without rows; then the sort and the cut. The account
 * tells of the filter either way, and an error is the one of the step that has it. */
TEST(a_filter_before_the_best_of_groups_keeps_what_it_keeps_by_itself)
{
    enum { ROWS = 5000, GROUPS = 60 };
    static int64_t k[ROWS], x[ROWS];
    static uint8_t there[ROWS];
    static const char *const wheres[] = { "x is not null", "x > 3", "x > 29", "k < 12", "k >= 20", "k > -1", "k > 1000" };
    WITH_CALL;
    uint64_t seed = 5;
    for (size_t i = 0; i < ROWS; i++) {
        k[i] = (int64_t)(fr_test_random(&seed) % GROUPS);
        x[i] = (int64_t)(fr_test_random(&seed) % 40);
        there[i] = fr_test_random(&seed) % 20 > 0;
    }
    fr_column *columns[] = { fr_test_i64s(call, k, NULL, ROWS), fr_test_i64s(call, x, there, ROWS) };
    fr_auto(frame) frame = fr_frame_of(call, NULL, (const char *const[]){ "k", "x" }, columns, 2, ROWS);
    for (size_t i = 0; i < 2; i++) fr_column_unref(columns[i]);
    for (size_t w = 0; w < FR_COUNT_OF(wheres); w++)
        for (int way = 0; way < 6; way++) {
            const fr_step filter = fr_filter(wheres[w]), sort = way & 1 ? fr_sort("x desc") : fr_sort("x");
            const fr_step cut = way < 2 ? fr_head(2, .by = "k") : way < 4 ? fr_tail(3, .by = "k") : fr_head(-1, .by = "k");
            fr_auto(frame) kept = fr_test_apply(frame, filter);
            fr_auto(frame) sorted = fr_test_apply(kept, sort);
            fr_auto(frame) slow = fr_test_apply(sorted, cut);
            fr_auto(frame) fast = fr_pipe(frame, filter, sort, cut);
            fr_auto(frame) slow_account = fr_account(slow);
            fr_auto(frame) fast_account = fr_account(fast);
            fr_test_check(fr_equal(slow, fast), wheres[w], __FILE__, way);
            fr_test_check(fr_equal(slow_account, fast_account), wheres[w], __FILE__, way);
        }
    fr_auto(frame) no_column = fr_pipe(frame, fr_filter("x is not null"), fr_sort("y"), fr_head(1, .by = "k"));
    fr_auto(frame) no_condition = fr_pipe(frame, fr_filter("y > 1"), fr_sort("y"), fr_head(1, .by = "k"));
    CHECK(!fr_ok(no_column) && !fr_ok(no_condition));
    CHECK_STR(fr_error(no_column)->step, "sort");
    CHECK_STR(fr_error(no_condition)->step, "filter");
}

/* Counts of a byte stop at the limit, and wider ones count on; many keys, and one of most rows. */
TEST(ends_of_large_groups_are_the_same_on_either_side_of_a_byte)
{
    enum { ROWS = 9001 };
    static const int64_t wanted[] = { 1, 3, 254, 255, 256, 257, 1000 };
    static int64_t k[ROWS], rows[ROWS];
    uint64_t seed = 7;
    for (size_t i = 0; i < ROWS; i++) k[i] = i % 4 ? 5 : (int64_t)(fr_test_random(&seed) % 3000);
    for (uint32_t threads = 1; threads < 8; threads += 3) {
        fr_auto(context) context = fr_context_new(.threads = threads, .chunk_rows = 512);
        fr_call call;
        fr_call_begin(&call, context, NULL, -1);
        {
            FR_OWNED fr_column *column = fr_test_i64s(&call, k, NULL, ROWS);
            FR_OWNED fr_frame *frame = fr_frame_of(&call, NULL, (const char *const[]){ "k" }, &column, 1, ROWS);
            REQUIRE(frame);
            for (size_t w = 0; w < FR_COUNT_OF(wanted); w++)
                for (int way = 0; way < 4; way++) {
                    static int64_t count[3000], total[3000];
                    const fr_cut cut = { .by = "k", .n = way & 1 ? -wanted[w] : wanted[w], .last = way & 2 };
                    int64_t n = 0;
                    memset(count, 0, sizeof count), memset(total, 0, sizeof total);
                    for (size_t i = 0; i < ROWS; i++) total[k[i]]++;
                    for (int64_t i = 0; i < ROWS; i++) {
                        const int64_t before = count[k[i]]++, after = total[k[i]] - count[k[i]];
                        const int64_t place = cut.last == (cut.n >= 0) ? after : before;
                        if ((place < wanted[w]) == (cut.n >= 0)) rows[n++] = i;
                    }
                    FR_OWNED fr_frame *expected = fr_frame_gather(&call, frame, &(fr_rows){ .wide = rows, .n = n });
                    FR_OWNED fr_frame *found = fr_group_ends(&call, frame, &cut);
                    CHECK(expected && found && fr_equal(found, expected));
                }
        }
        fr_call_end(&call);
    }
}

/* ---- any surroundings -------------------------------------------------------------------------------------------- */
/* Keys whose codes lie apart: counted by their codes, or, further apart, by the numbers of their groups. */
static void check_sparse(uint32_t threads, int64_t apart, int64_t n_groups)
{
    enum { ROWS = 6000 };
    static int64_t k[ROWS], far[ROWS], x[ROWS];
    fr_auto(context) context = fr_context_new(.threads = threads, .chunk_rows = 64);
    fr_call call;
    uint64_t seed = (uint64_t)apart;
    fr_call_begin(&call, context, NULL, -1);
    for (size_t i = 0; i < ROWS; i++) {
        k[i] = (int64_t)(fr_test_random(&seed) % (uint64_t)n_groups);
        far[i] = k[i] * apart * (ROWS / n_groups);
        x[i] = (int64_t)(fr_test_random(&seed) % 1000);
    }
    fr_column *columns[] = { fr_test_i64s(&call, k, NULL, ROWS), fr_test_i64s(&call, far, NULL, ROWS),
                             fr_test_i64s(&call, x, NULL, ROWS) };
    fr_auto(frame) frame = fr_frame_of(&call, NULL, (const char *const[]){ "k", "far", "x" }, columns, 3, ROWS);
    for (size_t i = 0; i < 3; i++) fr_column_unref(columns[i]);
    fr_call_end(&call);
    for (int64_t n = 1; n < 600; n = n * 3 + 1) {
        fr_auto(frame) near_best = fr_pipe(frame, fr_sort("x desc"), fr_head(n, .by = "k"));
        fr_auto(frame) far_best = fr_pipe(frame, fr_sort("x desc"), fr_head(n, .by = "far"));
        fr_auto(frame) near_last = fr_pipe(frame, fr_tail(-n, .by = "k"));
        fr_auto(frame) far_last = fr_pipe(frame, fr_tail(-n, .by = "far"));
        CHECK(fr_equal(near_best, far_best));
        CHECK(fr_equal(near_last, far_last));
    }
}

TEST(groups_whose_codes_lie_apart_are_cut_as_others_are)
{
    static const int64_t apart[] = { 3, 5, 15, 63, 65, 1000 };           /* codes a row */
    for (uint32_t threads = 1; threads < 4; threads += 2)
        for (size_t i = 0; i < FR_COUNT_OF(apart); i++) {
            check_sparse(threads, apart[i], 3000);
            check_sparse(threads, apart[i], 30);
        }
}

TEST(cuts_of_sorted_groups_are_the_same_for_any_threads_and_blocks)
{
    const fr_step cuts[] = { fr_head(2, .by = "a"), fr_tail(3, .by = "a"), fr_head(-2, .by = "a, b"), fr_tail(4),
                             fr_tail(-1, .by = "b") };
    for (uint64_t seed = 1; seed < 40; seed++)
        for (size_t c = 0; c < FR_COUNT_OF(cuts); c++) {
            fr_auto(frame) expected = NULL;
            for (uint32_t threads = 1; threads < 8; threads += 3) {
                fr_auto(context) context = fr_context_new(.threads = threads, .chunk_rows = 64 * threads,
                                                          .seed = threads);
                fr_call call;
                uint64_t state = seed;
                fr_call_begin(&call, context, NULL, -1);
                fr_auto(frame) frame = frame_of_keys(&call, &state, 611, 4);
                fr_call_end(&call);
                fr_auto(frame) sorted = fr_test_apply(frame, fr_sort("c desc, d"));
                fr_auto(frame) slow = fr_test_apply(sorted, cuts[c]);
                fr_auto(frame) fast = fr_pipe(frame, fr_sort("c desc, d"), cuts[c]);
                CHECK(fr_equal(slow, fast));
                if (expected) CHECK(fr_equal(expected, fast));
                else expected = fr_frame_ref(fast);
            }
        }
}
