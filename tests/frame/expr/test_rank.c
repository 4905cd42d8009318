/* Ranks against a slow twin that compares every row with every other of its group. */
#include <frame/frame.h>

#include <stdio.h>
#include <string.h>

#include "frame/ops/naive.h"
#include "support/test.h"

static const char *const methods[] = { "average", "min", "max", "dense", "first" };

/* Rows of the group before, equal and at an earlier place, and the different values before. */
typedef struct standing { int64_t before, ties, earlier, values; } standing;

static standing stand(const fr_column *x, const uint32_t *ids, int64_t row)
{
    const fr_key_want up = { .ordered = true };
    standing s = { 0 };
    for (int64_t i = 0; i < x->length; i++) {
        if (ids[i] != ids[row] || !fr_is_valid(x, i)) continue;
        const int order = fr_naive_compare(x, i, row, &up);
        s.ties += order == 0;
        s.earlier += order == 0 && i < row;
        if (order >= 0) continue;
        s.before++;
        bool seen = false;
        for (int64_t k = 0; k < i && !seen; k++)
            seen = ids[k] == ids[row] && fr_is_valid(x, k) && fr_naive_compare(x, k, i, &up) == 0;
        s.values += !seen;
    }
    return s;
}

static double naive_rank(const standing *s, size_t method)
{
    switch (method) {
    case 0: return (double)s->before + (double)(s->ties + 1) / 2;
    case 1: return (double)(s->before + 1);
    case 2: return (double)(s->before + s->ties);
    case 3: return (double)(s->values + 1);
    default: return (double)(s->before + s->earlier + 1);
    }
}

static bool agrees(const fr_frame *ranked, const fr_column *x, const standing *standings, size_t method)
{
    for (int64_t row = 0; row < x->length; row++) {
        const fr_value v = fr_get(ranked, row, "r");
        if (v.valid != fr_is_valid(x, row)) return false;
        if (v.valid && (method ? (double)v.as.i : v.as.f) != naive_rank(&standings[row], method)) return false;
    }
    return fr_ok(ranked);
}

/* Ranks of x, over k or over everything, by every method. */
static void check_ranks(fr_call *call, fr_column *x, fr_column *k, const char *what)
{
    static const char *const names[] = { "x", "k" };
    fr_column *columns[] = { x, k };
    uint32_t ids[600];
    standing standings[600];
    FR_OWNED fr_frame *frame = fr_frame_of(call, NULL, names, columns, 2, x->length);
    for (int over = 0; over < 2; over++) {
        (void)fr_naive_groups(&k, over ? 1 : 0, x->length, ids);
        for (int64_t row = 0; row < x->length; row++) standings[row] = stand(x, ids, row);
        for (size_t m = 0; m < FR_COUNT_OF(methods); m++) {
            char assign[64];
            snprintf(assign, sizeof assign, "r = rank(x, '%s')%s", methods[m], over ? " over k" : "");
            fr_auto(frame) ranked = fr_pipe(frame, fr_with(assign));
            fr_test_check(agrees(ranked, x, standings, m), what, assign, (int)x->length);
        }
    }
}

TEST(ranks_of_every_type_and_method_agree_with_comparing)
{
    WITH_CALL;
    static const int64_t lengths[] = { 0, 1, 3, 63, 64, 65, 130 };
    for (size_t t = 0; fr_key_types[t]; t++) {
        if (strchr(fr_key_types[t], '[') && (strstr(fr_key_types[t], "list") || strstr(fr_key_types[t], "struct"))) continue;
        for (size_t i = 0; i < FR_COUNT_OF(lengths); i++) {
            const int64_t n = lengths[i];
            const int nulls = i % 2 ? 15 : 0;
            FR_OWNED fr_column *x = i % 3 ? fr_test_repeating(call, fr_key_types[t], n, 7, nulls, t * 9 + i)
                                          : fr_test_column(call, fr_key_types[t], n, nulls, t * 9 + i);
            FR_OWNED fr_column *k = fr_test_repeating(call, "str", n, 5, 10, i);
            REQUIRE(x && k);
            check_ranks(call, x, k, fr_key_types[t]);
        }
    }
}

/* Codes of 64 bits leave no room for groups: values are numbered first. */
TEST(values_from_end_to_end_have_ranks_in_groups)
{
    WITH_CALL;
    int64_t values[300];
    uint8_t valid[300];
    uint64_t seed = 5;
    for (size_t i = 0; i < FR_COUNT_OF(values); i++) {
        const uint64_t r = fr_test_random(&seed);
        values[i] = r % 5 == 0 ? INT64_MIN : r % 5 == 1 ? INT64_MAX : r % 5 == 2 ? 0 : (int64_t)fr_test_random(&seed);
        valid[i] = r % 11 != 0;
    }
    FR_OWNED fr_column *x = fr_test_i64s(call, values, valid, FR_COUNT_OF(values));
    FR_OWNED fr_column *k = fr_test_repeating(call, "i8", FR_COUNT_OF(values), 9, 5, 1);
    FR_OWNED fr_column *one = fr_test_repeating(call, "bool", FR_COUNT_OF(values), 1, 100, 1);
    check_ranks(call, x, k, "i64 from end to end");
    check_ranks(call, k, x, "nearly every row a group");
    check_ranks(call, one, k, "nulls alone");
}

static fr_frame *ranked_with(uint32_t threads)
{
    fr_auto(context) context = fr_context_new(.threads = threads, .seed = threads);
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    static const char *const names[] = { "x", "k" };
    fr_column *columns[] = { fr_test_repeating(&call, "f64", 400000, 30000, 3, 1),
                             fr_test_repeating(&call, "i32", 400000, 900, 3, 2) };
    FR_OWNED fr_frame *frame = fr_frame_of(&call, NULL, names, columns, 2, 400000);
    fr_column_unref(columns[0]);
    fr_column_unref(columns[1]);
    fr_call_end(&call);
    return fr_pipe(frame, fr_with("a = rank(x) over k; b = rank(x, 'dense') over k; c = rank(x, 'first'); "
                                  "d = rank(k, 'min'); e = rank(k, 'max') over x"));
}

TEST(ranks_of_many_rows_are_the_same_for_any_threads)
{
    fr_auto(frame) one = ranked_with(1);
    fr_auto(frame) three = ranked_with(3);
    CHECK(fr_ok(one) && fr_equal(one, three));
    fr_auto(frame) sums = fr_pipe(one, fr_group(.agg = "n = count(c); top = max(c); all = sum(c)"));
    const int64_t n = fr_get(sums, 0, "n").as.i;
    CHECK_INT(fr_get(sums, 0, "top").as.i, n);
    CHECK_INT(fr_get(sums, 0, "all").as.i, n * (n + 1) / 2);
}
