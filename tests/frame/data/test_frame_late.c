/* Late frames: whatever is asked of one gives what the frame made at once gives, and copies no more than it must. */
#include "data/frame.h"

#include <frame/frame.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/columns.h"
#include "support/test.h"
#include "support/torture.h"

enum { N = 2500 };

/* Rows with nulls; columns k, x, name. */
static fr_frame *some_rows(fr_context *context, int64_t n, int64_t salt)
{
    int64_t *k = calloc((size_t)n + 1, sizeof *k);
    double *x = calloc((size_t)n + 1, sizeof *x);
    const char **name = calloc((size_t)n + 1, sizeof *name);
    static const char *const names[] = { "pen", "ink", "a text that is longer than twelve bytes", NULL, "" };
    for (int64_t i = 0; k && x && name && i < n; i++) {
        k[i] = (i * 7 + salt) % 13;
        x[i] = (double)(i + salt) / 4;
        name[i] = names[(i + salt) % 5];
    }
    const fr_array_spec arrays[] = { fr_array("k", FR_I64, k), fr_array("x", FR_F64, x), fr_array("name", FR_STR, name) };
    fr_frame *frame = fr_frame_from_arrays(n, arrays, 3, context);
    free(k), free(x), free(name);
    return frame;
}

static fr_frame *late_rows(fr_context *context)
{
    fr_auto(frame) a = some_rows(context, N, 1);
    fr_auto(frame) b = some_rows(context, 2 * N, 5);
    return fr_pipe(a, fr_concat(b));
}

/* The same, made at once and one by one. */
static fr_frame *twin_rows(void)
{
    fr_auto(frame) late = late_rows(NULL);
    fr_auto(frame) settled = fr_collect(late);
    CHECK(fr_ok(settled) && !fr_frame_is_late(settled));
    return fr_steal(settled);
}

#define SAME(late, twin)                                                                                               \
    do {                                                                                                               \
        CHECK(fr_ok(late) && fr_ok(twin) && fr_equal(late, twin) && fr_equal(twin, late));                             \
        CHECK(fr_outcome_of(late).digest == fr_outcome_of(twin).digest);                                               \
    } while (0)

TEST(what_a_late_frame_says_of_itself_needs_no_copy)
{
    fr_auto(frame) late = late_rows(NULL);
    fr_auto(frame) again = late_rows(NULL);
    fr_auto(frame) twin = twin_rows();
    CHECK(fr_frame_is_late(late));
    CHECK_INT(fr_length(late), 3 * N);
    CHECK_INT(fr_width(late), 3);
    CHECK_INT(fr_find(late, "name"), 2);
    for (size_t i = 0; i < 3; i++) CHECK_INT(fr_null_count(late, i), fr_null_count(twin, i));
    CHECK(fr_equal(late, twin) && fr_equal(twin, late) && fr_equal(late, again));
    fr_auto(frame) account = fr_account(late);
    CHECK_INT(fr_length(account), 1);
    char text[4096], same[4096];
    CHECK(fr_frame_text(late, NULL, text, sizeof text) == fr_frame_text(twin, NULL, same, sizeof same));
    CHECK_STR(text, same);
    fr_auto(frame) names = fr_pipe(late, fr_select("name, k as key"), fr_rename("name as what"), fr_drop("key"));
    CHECK(fr_frame_is_late(names));
    for (size_t i = 0; i < 3; i++) CHECK(!fr_late_column_ready(late->late[i]));
}

TEST(a_column_that_is_asked_for_is_made_alone_and_once)
{
    fr_auto(frame) late = late_rows(NULL);
    fr_auto(frame) twin = twin_rows();
    fr_auto(frame) narrow = fr_pipe(late, fr_select("x"));
    const double *x = fr_values(narrow, "x", FR_F64, NULL);
    CHECK(x != NULL && x == fr_values(late, "x", FR_F64, NULL));
    CHECK(x && !memcmp(x, fr_values(twin, "x", FR_F64, NULL), 3 * N * sizeof *x));
    fr_auto(frame) sums = fr_pipe(late, fr_group("k", "s = sum(x)"), fr_sort("k"));
    fr_auto(frame) same = fr_pipe(twin, fr_group("k", "s = sum(x)"), fr_sort("k"));
    SAME(sums, same);
    CHECK(fr_frame_is_late(late) && fr_late_column_ready(late->late[0]) && !fr_late_column_ready(late->late[2]));
    fr_auto(frame) settled = fr_collect(late);
    CHECK(settled == late && !fr_frame_is_late(late));
    SAME(late, twin);
}

static const char *const read_in_place[] = {
    "size()", "count(x)", "count(k)", "sum(x)", "sum(k)", "mean(x)", "mean(k)", "prod(x)", "min(x - 100)", "max(k)",
    "var(x)", "std(k)", "sem(x)", "skew(x)", "kurt(k)", "any(x > 600)", "all(k < 12)", "sum(x * k - x)",
    "mean(x if k > 3 else 2 * x)", "sum(k // 2) + count(x)", "sum(x, min_count = 10000)", "min(x)",
};

TEST(aggregates_of_all_rows_read_the_parts_where_they_lie)
{
    fr_auto(frame) late = late_rows(NULL);
    fr_auto(frame) twin = twin_rows();
    char text[128];
    for (size_t i = 0; i < FR_COUNT_OF(read_in_place); i++) {
        snprintf(text, sizeof text, "v = %s", read_in_place[i]);
        fr_auto(frame) got = fr_pipe(late, fr_group("", text));
        fr_auto(frame) same = fr_pipe(twin, fr_group("", text));
        if (!fr_ok(got)) fr_print_error(got);
        SAME(got, same);
    }
    CHECK(fr_frame_is_late(late));
    for (size_t i = 0; i < 3; i++) CHECK(!fr_late_column_ready(late->late[i]));
    static const char *const others[] = {
        "count(name)", "min(name)", "first(x)", "median(x)", "nunique(k)", "sum(x, skipnan = true)", "corr(x, k)",
        "quantile(x, 0.3)", "min(x * 0)", "mode(k)", "max(len(name))", "sum(x - mean(x))", "last(k)",
    };
    for (size_t i = 0; i < FR_COUNT_OF(others); i++) {
        snprintf(text, sizeof text, "v = %s", others[i]);
        fr_auto(frame) fresh = late_rows(NULL);
        fr_auto(frame) got = fr_pipe(fresh, fr_group("", text));
        fr_auto(frame) same = fr_pipe(twin, fr_group("", text));
        CHECK_INT(fr_error_code(got), fr_error_code(same));
        if (fr_ok(same)) SAME(got, same);
    }
}

static fr_frame *fractions(int64_t n)
{
    fr_auto(frame) rows = some_rows(NULL, n, n);
    return fr_pipe(rows, fr_with("x = x / 3; n = null if k == 3 else 1 / (k + 0.1)"), fr_select("x, k, n"));
}

/* More rows than a block of a fold has, so that parts end within blocks, at their ends and beyond. */
TEST(sums_of_parts_have_the_bits_of_the_whole)
{
    enum { ROWS = 1 << 17 };
    static const int64_t lengths[][3] = { { ROWS - 1, ROWS + 77, 70000 }, { ROWS, 2 * ROWS, 1 }, { 5, 30, 3 * ROWS + 64 } };
    for (size_t i = 0; i < FR_COUNT_OF(lengths); i++) {
        fr_auto(frame) first = fractions(lengths[i][0]);
        fr_auto(frame) second = fractions(lengths[i][1]);
        fr_auto(frame) third = fractions(lengths[i][2]);
        fr_auto(frame) late = fr_pipe(first, fr_concat(second), fr_concat(third));
        fr_auto(frame) twin = fr_ref(late);
        const char *aggregates = "a = sum(x); b = sum(n); c = var(n); d = mean(k); e = sum(x * n); f = kurt(x); g = count(n)";
        fr_auto(frame) got = fr_pipe(late, fr_group("", aggregates));
        CHECK(fr_frame_is_late(late) && !fr_late_column_ready(late->late[0]));
        fr_auto(frame) settled = fr_collect(twin);
        fr_auto(frame) same = fr_pipe(settled, fr_group("", aggregates));
        SAME(got, same);
    }
}

TEST(every_verb_takes_a_late_frame)
{
    fr_auto(frame) twin = twin_rows();
    fr_auto(frame) other = late_rows(NULL);
    const fr_step steps[] = {
        fr_filter("x > 100 and name is not null"), fr_select("k, name"), fr_with("y = x * 2; k = k + 1"),
        fr_rename("k as key"), fr_drop("x"), fr_sort("name, -x"), fr_head(3), fr_head(-N), fr_tail(N + 7),
        fr_head(2, .by = "k"), fr_tail(1, .by = "name"), fr_slice(N - 3, 6), fr_slice(-2), fr_slice(10, 0),
        fr_sample(50), fr_group("name", "n = size(); m = median(x)"), fr_distinct("k, name"),
        fr_fill_null("name", .value = fr_v_str("none")), fr_drop_null(), fr_cast("k: f64"), fr_describe(),
        fr_value_counts("name"), fr_concat(other), fr_join(other, .on = "k, x"),
    };
    for (size_t i = 0; i < FR_COUNT_OF(steps); i++) {
        fr_auto(frame) late = late_rows(NULL);
        fr_auto(frame) got = fr_pipe(late, steps[i]);
        fr_auto(frame) same = fr_pipe(twin, steps[i]);
        if (!fr_ok(got)) fr_print_error(got);
        SAME(got, same);
    }
}

TEST(stretches_of_a_late_frame_copy_only_what_lies_in_two_parts)
{
    if (!FR_TOGETHER_ROWS) SKIP("this build takes every result apart");
    fr_auto(frame) late = late_rows(NULL);
    fr_auto(frame) twin = twin_rows();
    for (int64_t offset = 0; offset <= 3 * N; offset += N / 2)
        for (int64_t n = 0; offset + n <= 3 * N; n += 700) {
            fr_auto(frame) cut = fr_pipe(late, fr_slice(offset, n));
            fr_auto(frame) same = fr_pipe(twin, fr_slice(offset, n));
            if (offset + n <= N || offset >= N) CHECK(!fr_frame_is_late(cut));
            else CHECK(n <= FR_TOGETHER_ROWS || n == 3 * N || fr_frame_is_late(cut));
            SAME(cut, same);
        }
    for (size_t i = 0; i < 3; i++) CHECK(!fr_late_column_ready(late->late[i]));
}

TEST(other_doors_take_a_late_frame)
{
    fr_auto(frame) twin = twin_rows();
    char a[256], b[256];
    fr_auto(frame) cells = late_rows(NULL);
    CHECK(fr_cell_text(cells, N + 1, 2, a, sizeof a) == fr_cell_text(twin, N + 1, 2, b, sizeof b));
    CHECK_STR(a, b);
    fr_auto(frame) evaluated = late_rows(NULL);
    fr_auto(frame) value = fr_eval_expr(evaluated, "x + k");
    fr_auto(frame) same_value = fr_eval_expr(twin, "x + k");
    SAME(value, same_value);
    fr_auto(frame) moved = late_rows(NULL);
    fr_auto(context) context = fr_context_new(.threads = 1);
    fr_auto(frame) there = fr_with_context(moved, context);
    CHECK(fr_frame_is_late(there));
    SAME(there, twin);
    fr_auto(frame) exported = late_rows(NULL);
    for (int64_t batch = 0; batch <= 4000; batch += 1000) {
        struct ArrowArrayStream stream;
        const fr_arrow_args args = { .size_ = sizeof args, .batch_rows = batch };
        CHECK_INT(fr_frame_export_arrow(exported, &stream, &args), FR_ERR_OK);
        fr_auto(frame) back = fr_frame_import_arrow(&stream, NULL);
        SAME(back, twin);
    }
    const char *path = fr_test_scratch("late.csv");
    fr_auto(frame) written = late_rows(NULL);
    fr_auto(frame) receipt = fr_write_csv(written, path);
    CHECK_INT(fr_get(receipt, 0, "rows").as.i, 3 * N);
}

TEST(appending_to_a_late_frame_is_as_appending_at_once)
{
    fr_auto(frame) late = some_rows(NULL, 0, 0);
    fr_auto(frame) settled = fr_ref(late);
    for (int i = 0; i < 12; i++) {
        fr_auto(frame) more = some_rows(NULL, i % 3 ? 5 : 1500, i);
        fr_auto(frame) next = fr_pipe(late, fr_concat(more));
        fr_auto(frame) twin = fr_pipe(settled, fr_concat(more));
        fr_auto(frame) made = fr_collect(twin);
        fr_unref(late), fr_unref(settled);
        late = fr_ref(next), settled = fr_ref(made);
    }
    SAME(late, settled);
    fr_auto(frame) account = fr_account(late);
    CHECK_INT(fr_length(account), 12);
}

/* ---- errors and memory ------------------------------------------------------------------------------------------- */
TEST(what_is_wrong_with_a_concat_is_said_at_once)
{
    fr_auto(frame) late = late_rows(NULL);
    fr_auto(frame) odd = fr_pipe(late, fr_cast("k: f64"));
    fr_auto(frame) wrong = fr_pipe(late, fr_concat(odd));
    CHECK_INT(fr_error_code(wrong), FR_ERR_TYPE);
    fr_auto(frame) relaxed = fr_pipe(late, fr_concat(odd, .relaxed = true));
    CHECK(fr_ok(relaxed));
    CHECK_INT(fr_length(relaxed), 6 * N);
    CHECK(fr_get(relaxed, 6 * N - 1, "k").as.f == (double)fr_get(late, 3 * N - 1, "k").as.i);
}

TEST(where_memory_is_short_cells_are_still_right_and_the_frame_stays_usable)
{
    fr_faulty faulty;
    fr_faulty_init(&faulty);
    fr_auto(context) context = fr_faulty_context(&faulty, 1);
    {
        fr_auto(frame) late = late_rows(context);
        fr_auto(frame) twin = twin_rows();
        faulty.allocations = FR_FAULT_STICKY;
        faulty.fail_at = atomic_load(&faulty.n_allocations);
        for (int64_t row = 0; row < 3 * N; row += 11)
            for (size_t i = 0; i < 3; i++) {
                const fr_value is = fr_get_at(late, row, i), should = fr_get_at(twin, row, i);
                CHECK(is.valid == should.valid && is.kind == should.kind);
                if (is.kind == FR_STR && is.valid) CHECK(is.length == should.length && !memcmp(is.as.s, should.as.s, is.length));
                else CHECK(is.as.i == should.as.i);
            }
        CHECK(fr_equal(late, twin) && fr_equal(twin, late));
        CHECK_INT(fr_null_count(late, 2), fr_null_count(twin, 2));
        CHECK(fr_values(late, "x", FR_F64, NULL) == NULL);
        fr_auto(frame) failed = fr_collect(late);
        CHECK_INT(fr_error_code(failed), FR_ERR_MEMORY);
        CHECK(fr_frame_is_late(late));
        faulty.allocations = FR_FAULT_NONE;
        fr_auto(frame) settled = fr_collect(late);
        CHECK(settled == late);
        SAME(late, twin);
    }
}

static fr_outcome use_late(fr_context *context, void *state)
{
    (void)state;
    fr_auto(frame) late = late_rows(context);
    fr_auto(frame) part = fr_pipe(late, fr_slice(N - 700, 2000), fr_drop("x"));
    fr_auto(frame) more = fr_pipe(part, fr_concat(part));
    fr_auto(frame) sums = fr_pipe(more, fr_group("name", "s = sum(k)"), fr_sort("name"));
    if (fr_ok(sums)) {
        fr_auto(frame) settled = fr_collect(more);
        return fr_ok(settled) ? fr_outcome_of(sums) : fr_outcome_of(settled);
    }
    return fr_outcome_of(sums);
}

TEST(late_frames_survive_every_failure) { TORTURE(use_late, NULL); }

static fr_outcome use_relaxed(fr_context *context, void *state)
{
    (void)state;
    fr_auto(frame) late = late_rows(context);
    fr_auto(frame) real = fr_pipe(late, fr_head(1100), fr_cast("k: f64"));
    fr_auto(frame) both = fr_pipe(real, fr_select("x, k"), fr_concat(late, .relaxed = true));
    fr_auto(frame) few = fr_pipe(both, fr_slice(1000, 1200));
    return fr_outcome_of(few);
}

TEST(relaxed_late_frames_survive_every_failure) { TORTURE(use_relaxed, NULL); }

/* ---- rows that a join keeps -------------------------------------------------------------------------------------- */
enum { LEFT_ROWS = 80000, RIGHT_ROWS = 12 };

static fr_frame *left_rows(fr_context *context)
{
    fr_auto(frame) rows = some_rows(context, LEFT_ROWS, 1);
    return fr_pipe(rows, fr_with("x = null if k == 5 else x / 3"));
}

static fr_frame *join_most(const fr_frame *left, fr_context *context)
{
    int64_t k[RIGHT_ROWS], z[RIGHT_ROWS];
    for (int64_t i = 0; i < RIGHT_ROWS; i++) k[i] = i, z[i] = 10 * i;                    /* 12 is missing */
    const fr_array_spec arrays[] = { fr_array("k", FR_I64, k), fr_array("z", FR_I64, z) };
    fr_auto(frame) right = fr_frame_from_arrays(RIGHT_ROWS, arrays, 2, context);
    return fr_pipe(left, fr_join(right, .on = "k"));
}

static fr_frame *joined_rows(fr_context *context)
{
    fr_auto(frame) left = left_rows(context);
    return join_most(left, context);
}

static fr_frame *joined_twin(void)
{
    fr_auto(frame) left = left_rows(NULL);
    return fr_pipe(left, fr_filter("k != 12"), fr_with("z = k * 10"));
}

TEST(a_join_that_keeps_most_rows_copies_columns_when_they_are_needed)
{
    fr_auto(frame) twin = joined_twin();
    fr_auto(frame) late = joined_rows(NULL);
    REQUIRE(fr_ok(late) && fr_frame_is_late(late));
    CHECK(fr_equal(late, twin) && fr_equal(twin, late));
    CHECK_INT(fr_null_count(late, 1), fr_null_count(twin, 1));
    CHECK_INT(fr_null_count(late, 2), fr_null_count(twin, 2));
    char text[4096], same[4096];
    CHECK(fr_frame_text(late, NULL, text, sizeof text) == fr_frame_text(twin, NULL, same, sizeof same));
    CHECK_STR(text, same);
    CHECK(fr_frame_is_late(late) && !fr_late_column_ready(late->late[1]) && !fr_late_column_ready(late->late[2]));
    fr_auto(frame) sums = fr_pipe(late, fr_group("k", "s = sum(x)"));
    CHECK(fr_ok(sums) && fr_late_column_ready(late->late[1]) && !fr_late_column_ready(late->late[2]));
    SAME(late, twin);
}

TEST(aggregates_of_all_rows_that_a_join_keeps_copy_none)
{
    fr_auto(frame) twin = joined_twin();
    fr_auto(context) one = fr_context_new(.threads = 1);
    fr_auto(context) three = fr_context_new(.threads = 3);
    fr_context *const contexts[] = { one, three };
    char text[128];
    for (size_t c = 0; c < FR_COUNT_OF(contexts); c++) {
        fr_auto(frame) late = joined_rows(contexts[c]);
        for (size_t i = 0; i < FR_COUNT_OF(read_in_place); i++) {
            snprintf(text, sizeof text, "v = %s", read_in_place[i]);
            fr_auto(frame) got = fr_pipe(late, fr_group("", text));
            fr_auto(frame) same = fr_pipe(twin, fr_group("", text));
            SAME(got, same);
        }
        CHECK(fr_frame_is_late(late) && !fr_late_column_ready(late->late[1]));
    }
}

TEST(steps_over_rows_that_a_join_keeps_are_those_over_all)
{
    fr_auto(frame) twin = joined_twin();
    fr_auto(frame) late = joined_rows(NULL);
    fr_auto(frame) cut = fr_pipe(late, fr_slice(1000, 70000), fr_select("name, z, x as y"), fr_tail(69000));
    fr_auto(frame) cut_twin = fr_pipe(twin, fr_slice(1000, 70000), fr_select("name, z, x as y"), fr_tail(69000));
    CHECK(fr_frame_is_late(cut));
    SAME(cut, cut_twin);
    fr_auto(frame) longer = fr_pipe(late, fr_concat(late));
    fr_auto(frame) longer_twin = fr_pipe(twin, fr_concat(twin));
    SAME(longer, longer_twin);
    fr_auto(frame) again = joined_rows(NULL);
    fr_auto(frame) sorted = fr_pipe(again, fr_sort("name, x desc"), fr_head(100));
    fr_auto(frame) sorted_twin = fr_pipe(twin, fr_sort("name, x desc"), fr_head(100));
    SAME(sorted, sorted_twin);
    for (int64_t row = fr_length(twin) - 5; row < fr_length(twin); row++) {
        const fr_value is = fr_get(again, row, "x"), should = fr_get(twin, row, "x");
        CHECK(is.valid == should.valid && (!is.valid || is.as.f == should.as.f));
    }
}

static fr_outcome use_joined(fr_context *context, void *state)
{
    fr_auto(frame) left = fr_with_context(state, context);
    fr_auto(frame) late = join_most(left, context);
    fr_auto(frame) few = fr_pipe(late, fr_slice(70000, 30));
    fr_auto(frame) sum = fr_pipe(late, fr_group("", "s = sum(x)"));
    fr_auto(frame) names = fr_pipe(late, fr_select("name"), fr_concat(few), fr_filter("name == 'pen'"), fr_head(50));
    return fr_outcome_of(fr_ok(few) && fr_ok(sum) ? names : fr_ok(few) ? sum : few);
}

TEST(rows_that_a_join_keeps_survive_every_failure)
{
    fr_auto(frame) left = left_rows(NULL);
    fr_auto(frame) whole = fr_collect(left);              /* nothing of it is the failing context's to make */
    TORTURE(use_joined, whole);
}

/* ---- threads ----------------------------------------------------------------------------------------------------- */
static void *use(void *state)
{
    const fr_frame *late = state;
    fr_auto(frame) sums = fr_pipe(late, fr_group("k", "s = sum(x)"), fr_sort("k"));
    fr_auto(frame) names = fr_pipe(late, fr_filter("name == 'pen'"));
    fr_auto(frame) longer = fr_pipe(late, fr_concat(late));
    fr_auto(frame) settled = fr_collect(late);
    const bool fine = fr_ok(sums) && fr_ok(names) && fr_ok(longer) && fr_length(longer) == 6 * N && settled == late;
    return fine && fr_get(late, 3 * N - 1, "k").valid ? state : NULL;
}

TEST(threads_may_use_one_late_frame_at_once)
{
    fr_auto(frame) twin = twin_rows();
    for (int round = 0; round < 8; round++) {
        fr_auto(frame) late = late_rows(NULL);
        pthread_t threads[3];
        for (int i = 0; i < 3; i++) REQUIRE(pthread_create(&threads[i], NULL, use, late) == 0);
        for (int i = 0; i < 3; i++) {
            void *fine;
            pthread_join(threads[i], &fine);
            CHECK(fine != NULL);
        }
        SAME(late, twin);
    }
}
