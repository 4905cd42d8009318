/* Filters by rank(…, 'first') over groups: which conditions are known, and that they keep the rows whose ranks say so. */
#include "frame/ops/apply.h"
#include "frame/ops/naive.h"
#include "ops/rank_filter.h"
#include "ops/verbs.h"
#include "support/columns.h"

#include <stdio.h>

static bool finds(fr_call *call, const fr_frame *frame, const char *where)
{
    int64_t n_kept;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keep = NULL;
    FR_CLEANUP(fr_drop_expr) fr_expr *expr = fr_expr_parse(call, where, NULL, 0);
    const fr_eval env = { .frame = frame, .aggregator = fr_aggregator_ops() };
    CHECK(expr && fr_rank_filter(call, expr, &env, &keep, &n_kept));
    return keep != NULL;
}

TEST(conditions_that_keep_the_first_ranks_are_known)
{
    WITH_CALL;
    fr_auto(frame) frame = fr_test_frame("k: a b a b a b a b; x: 3 1 2 2 9 9 9 _; y f64: 1 2 3 4 5 6 7 8", NULL);
    CHECK(finds(call, frame, "rank(x, 'first') over k <= 2"));
    CHECK(finds(call, frame, "rank(x, method = 'first') over k < 2"));
    CHECK(finds(call, frame, "rank(-y, 'first') over (k) == 1"));
    CHECK(finds(call, frame, "1 == rank(x + y, 'first') over k"));
    CHECK(finds(call, frame, "2 >= rank(x, 'first') over k"));
    CHECK(finds(call, frame, "2 > rank(x, 'first') over k"));
    CHECK(!finds(call, frame, "rank(x, 'first') over k < 1"));
    CHECK(!finds(call, frame, "rank(x, 'first') over k <= 0"));
    CHECK(!finds(call, frame, "rank(x, 'first') over k == 2"));
    CHECK(!finds(call, frame, "rank(x, 'first') over k >= 2"));
    CHECK(!finds(call, frame, "2 <= rank(x, 'first') over k"));
    CHECK(!finds(call, frame, "rank(x, 'first') over k <= null"));
    CHECK(!finds(call, frame, "rank(x, 'first') over k <= x"));
    CHECK(!finds(call, frame, "rank(x, 'first') over k <= 2.5"));
    CHECK(!finds(call, frame, "rank(x, 'min') over k <= 2"));
    CHECK(!finds(call, frame, "rank(x) over k <= 2"));
    CHECK(!finds(call, frame, "rank(x, 'first') <= 2"));
    CHECK(!finds(call, frame, "rank(x, 'first') over (upper(k)) <= 2"));
    CHECK(!finds(call, frame, "row_index() over k <= 2"));
    CHECK(!finds(call, frame, "rank(null, 'first') over k <= 2"));
}

TEST(the_rows_keep_their_order_and_those_without_a_value_go)
{
    fr_auto(frame) frame = fr_test_frame("k: N S N N S _ N _ S; x f64: 1 9 7 7 _ 2 nan -0 nan; row: 0 1 2 3 4 5 6 7 8", NULL);
    GIVES(frame, fr_filter("rank(-x, 'first') over k <= 2"), "k x row|S 9 1|N 7 2|N 7 3|_ 2 5|_ -0 7|S nan 8");
    GIVES(frame, fr_filter("rank(x, 'first') over k == 1"), "k x row|N 1 0|S 9 1|_ -0 7");
    GIVES(frame, fr_filter("rank(x, 'first') over k <= 3"), "k x row|N 1 0|S 9 1|N 7 2|N 7 3|_ 2 5|_ -0 7|S nan 8");
    fr_auto(frame) kept = fr_test_apply(frame, fr_filter("rank(x, 'first') over k < 2"));
    CHECK_STR(fr_test_account(kept), "filter 9 3 0 0 6 0 0");
    fr_auto(frame) none = fr_test_frame("k: ; x i64: ", NULL);
    GIVES(none, fr_filter("rank(x, 'first') over k <= 2"), "k x");
}

TEST(what_cannot_be_ranked_is_told_of_as_ever)
{
    fr_auto(frame) frame = fr_test_frame("k: a b; x: 1 -9223372036854775808", NULL);
    FAILS(frame, fr_filter("rank(-x, 'first') over k <= 1"), FR_ERR_OVERFLOW, "");
    FAILS(frame, fr_filter("rank(y, 'first') over k <= 1"), FR_ERR_NOT_FOUND, "y");
    FAILS(frame, fr_filter("rank(x, 'first') over kk <= 1"), FR_ERR_NOT_FOUND, "kk");
    FAILS(frame, fr_filter("rank(-k, 'first') over k <= 1"), FR_ERR_TYPE, "");
    FAILS(frame, fr_filter("rank([x, x], 'first') over k <= 1"), FR_ERR_TYPE, "");
}

/* ---- against ranks ----------------------------------------------------------------------------------------------- */
static void check_ranks(const fr_frame *frame, const char *x, const char *keys, int64_t n)
{
    char assign[80], where[80];
    (void)snprintf(assign, sizeof assign, "r = rank(%s, 'first') over (%s)", x, keys);
    (void)snprintf(where, sizeof where, "rank(%s, 'first') over (%s) <= %lld", x, keys, (long long)n);
    fr_auto(frame) ranked = fr_test_apply(frame, fr_with(assign));
    fr_auto(frame) first = fr_test_apply(ranked, fr_filter("r <= $1", .bind = { fr_v(n) }));
    fr_auto(frame) slow = fr_test_apply(first, fr_drop("r"));
    fr_auto(frame) fast = fr_test_apply(frame, fr_filter(where));
    fr_test_check(fr_equal(slow, fast), where, __FILE__, (int)fr_length(frame));
}

static void check_type(fr_call *call, const char *type, int64_t length, uint64_t seed)
{
    static const char *const names[] = { "x", "j", "k" };
    fr_column *columns[] = { fr_test_repeating(call, type, length, length / 3 + 1, 20, seed),
                             fr_test_repeating(call, "u8", length, 5, 10, seed + 1),
                             fr_test_repeating(call, "str", length, length / 20 + 1, 10, seed + 2) };
    fr_auto(frame) frame = fr_frame_of(call, NULL, names, columns, 3, length);
    for (size_t i = 0; i < 3; i++) fr_column_unref(columns[i]);
    for (int64_t n = 1; n < 200; n = n * 2 + 1) {
        check_ranks(frame, "x", "j", n);
        check_ranks(frame, "x", "k, j", n);
        if (type[0] == 'f') check_ranks(frame, "-x", "k", n);
    }
}

TEST(rows_of_the_first_ranks_are_kept_whatever_the_type)
{
    static const int64_t lengths[] = { 1, 64, 65, 700 };
    static const uint32_t threads[] = { 1, 2, 7 };
    for (size_t i = 0; i < FR_COUNT_OF(threads); i++) {
        fr_auto(context) context = fr_context_new(.threads = threads[i], .chunk_rows = 100);
        fr_call call;
        fr_call_begin(&call, context, NULL, -1);
        for (size_t t = 0; t < 21; t++)                                    /* lists and structs have no ranks */
            for (size_t k = 0; k < FR_COUNT_OF(lengths); k++) check_type(&call, fr_key_types[t], lengths[k], t * 7 + k + i);
        fr_call_end(&call);
    }
}

TEST(rows_of_the_first_ranks_of_very_many_groups_are_kept)
{
    enum { ROWS = 120000 };
    static int64_t k[ROWS];
    static double x[ROWS];
    WITH_CALL;
    uint64_t seed = 1;
    for (size_t i = 0; i < ROWS; i++) {
        k[i] = (int64_t)(fr_test_random(&seed) % 30000);
        x[i] = (double)(fr_test_random(&seed) % 1000) / 8;
    }
    fr_column *columns[] = { fr_test_i64s(call, k, NULL, ROWS), fr_test_f64s(call, x, NULL, ROWS) };
    fr_auto(frame) frame = fr_frame_of(call, NULL, (const char *const[]){ "k", "x" }, columns, 2, ROWS);
    for (size_t i = 0; i < 2; i++) fr_column_unref(columns[i]);
    check_ranks(frame, "x", "k", 1);
    check_ranks(frame, "-x", "k", 2);
    check_ranks(frame, "x * x", "k", 3);
}
