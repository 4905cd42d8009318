/* Keys that hardly repeat, grouped apart from those that do, against the same rows grouped as any others: to the bit. */
#include "ops/group_repeats.h"

#include <frame/frame.h>

#include "frame/ops/naive.h"
#include "ops/aggregates.h"
#include "ops/verb_result.h"
#include "ops/verbs.h"
#include "support/columns.h"
#include "support/test.h"
#include "support/torture.h"

#include <math.h>
#include <string.h>

enum { MOST = 40001 };
static const char *const names[] = { "size", "count", "sum", "prod", "mean", "min", "max", "first", "last", "any", "all",
                                     "nunique", "mode", "median", "var", "std", "sem", "skew", "kurt" };

/* Where rows repeat an earlier key: row → the row it is like, itself where it is not. */
typedef struct pattern { int64_t n, every, back; } pattern;    /* every so many-th row is as the one so far back */

static int64_t like(const pattern *p, int64_t row)
{
    while (p->every && row % p->every == p->every - 1 && row >= p->back) row -= p->back;
    return row;
}

/* Keys of a range too wide to be addresses; floats with NaN, infinities and nulls, integers, texts. */
static bool make_columns(fr_call *call, const pattern *p, fr_column **key, fr_columns *x)
{
    static int64_t k[MOST], small[MOST], large[MOST];
    static double f[MOST];
    static uint8_t there[MOST];
    static const char *t[MOST];
    for (int64_t i = 0; i < p->n; i++) {
        uint64_t of_key = (uint64_t)like(p, i) + 1, of_row = (uint64_t)i + 7;
        k[i] = (int64_t)(fr_test_random(&of_key) >> 2);
        const uint64_t r = fr_test_random(&of_row);
        small[i] = (int64_t)(r % 100) - 50;
        large[i] = (int64_t)(r >> 3);
        f[i] = r % 50 == 0 ? (double)NAN : r % 51 == 0 ? (double)INFINITY : r % 52 == 0 ? -0.0 : (double)small[i] / 3;
        there[i] = r >> 32 & 7 ? 1 : 0;
        t[i] = r % 3 ? r % 3 == 1 ? "a" : "b" : NULL;
    }
    *key = fr_test_i64s(call, k, NULL, p->n);
    if (!*key || !fr_columns_init(call, x, 5)) return false;
    x->at[0] = fr_test_i64s(call, small, NULL, p->n);
    x->at[1] = fr_test_i64s(call, large, there, p->n);
    x->at[2] = fr_test_f64s(call, f, NULL, p->n);
    x->at[3] = fr_test_f64s(call, f, there, p->n);
    x->at[4] = fr_test_texts(call, t, p->n);
    return x->at[0] && x->at[1] && x->at[2] && x->at[3] && x->at[4];
}

static fr_grouping *held(fr_call *call, fr_column *key)
{
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, key->length);
    return fr_keys_add(call, &keys, key, &(fr_key_want){ 0 }, NULL) ? fr_grouping_of_held_keys(call, &keys, FR_CODES_RANGED) : NULL;
}

static bool has_meaning(fr_call *call, const fr_aggregate_call *what, const fr_type *const *types, size_t n)
{
    const fr_type *type = NULL;
    const bool fine = fr_aggregator_ops()->check(call, what, types, n, &type);
    fr_type_unref(type);
    if (!fine) fr_call_forgive(call);
    return fine;
}

static void check_aggregate(fr_call *call, const fr_aggregate_call *what, fr_column *const *args, size_t n,
                            const fr_grouping *fast, const fr_grouping *slow)
{
    const fr_type *types[] = { n ? args[0]->type : NULL, n > 1 ? args[1]->type : NULL };
    if (!has_meaning(call, what, types, n)) return;
    FR_OWNED fr_column *a = fr_aggregator_ops()->aggregate(call, what, args, n, fast, fast->n_rows);
    if (!a) fr_call_forgive(call);
    FR_OWNED fr_column *b = fr_aggregator_ops()->aggregate(call, what, args, n, slow, slow->n_rows);
    if (!b) fr_call_forgive(call);
    fr_test_check(a ? b && fr_column_equal(a, b) : !b, what->name, __FILE__, n ? (int)args[0]->phys : __LINE__);
}

/* Each aggregate meets a grouping that nobody has settled yet. */
static void check_aggregates(fr_call *call, fr_column *key, const fr_columns *x, const fr_grouping *slow)
{
    for (size_t k = 0; k < FR_COUNT_OF(names); k++) {
        FR_CLEANUP(fr_drop_grouping) fr_grouping *fast = held(call, key);
        const bool wide = fast && fr_rows_are_wide(fast->n_rows);        /* beyond 2^32 rows they are numbered as others */
        REQUIRE(fast && (wide || (fast->repeats && !fast->ids && !fast->firsts)));
        const fr_aggregate_call what = { .name = names[k] };
        for (size_t i = 0; i < x->n; i++) check_aggregate(call, &what, &x->at[i], k > 0, fast, slow);
        if (!strcmp(names[k], "mean")) CHECK(wide || !fast->ids);      /* nor was it settled for that */
    }
    FR_CLEANUP(fr_drop_grouping) fr_grouping *fast = held(call, key);
    REQUIRE(fast);
    check_aggregate(call, &(fr_aggregate_call){ .name = "cov" }, (fr_column *[]){ x->at[0], x->at[2] }, 2, fast, slow);
    check_aggregate(call, &(fr_aggregate_call){ .name = "corr" }, (fr_column *[]){ x->at[1], x->at[3] }, 2, fast, slow);
}

static void check_settled(fr_call *call, fr_column *key, const fr_grouping *slow)
{
    FR_CLEANUP(fr_drop_grouping) fr_grouping *fast = held(call, key);
    REQUIRE(fast && fr_grouping_settle(call, fast));
    CHECK_INT(fast->n_groups, slow->n_groups);
    CHECK(!memcmp(fr_grouping_ids(fast), fr_grouping_ids(slow), (size_t)slow->n_rows * sizeof(uint32_t)));
    CHECK(!memcmp(fast->firsts->data, slow->firsts->data, slow->n_groups * sizeof(int64_t)));
}

static void check_pattern(uint32_t threads, const pattern *p)
{
    fr_auto(context) context = fr_context_new(.threads = threads);
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    {
        FR_OWNED fr_column *key = NULL;
        FR_CLEANUP(fr_columns_clear) fr_columns x = { 0 };
        REQUIRE(make_columns(&call, p, &key, &x));
        FR_CLEANUP(fr_drop_grouping) fr_grouping *slow = fr_grouping_of(&call, &key, 1, p->n);
        REQUIRE(slow && !slow->repeats);
        check_aggregates(&call, key, &x, slow);
        check_settled(&call, key, slow);
    }
    fr_call_end(&call);
}

/* One repeat; some; groups of three and more; a group of hundreds, whose size does not fit a byte. */
TEST(aggregates_of_keys_that_hardly_repeat_are_those_of_any_keys)
{
    static const pattern patterns[] = { { 32768, 20000, 64 }, { 40000, 100, 1 }, { MOST, 70, 35 }, { 33000, 120, 120 } };
    for (uint32_t i = 0; i < FR_COUNT_OF(patterns); i++) check_pattern(1 + i, &patterns[i]);
    check_pattern(3, &patterns[0]);
}

/* The verbs, and what they say of sums that fit no type: the group and its first row are those of the whole frame. */
TEST(group_and_distinct_of_keys_that_hardly_repeat_take_their_first_rows)
{
    enum { ROWS = 33000 };
    static int64_t k[ROWS], x[ROWS], firsts[ROWS], lasts[ROWS];
    WITH_CALL;
    int64_t n = 0, m = 0;
    for (int64_t i = 0; i < ROWS; i++) {
        const bool again = i == 20000 || i == 20002, twice = i == 19999 || i == 20001;
        k[i] = (again ? i - 1 : i) * 1000003;
        x[i] = again || twice ? INT64_MAX / 2 + (i > 20000) : i;
        if (!again) firsts[n++] = i;
        if (!twice) lasts[m++] = i;
    }
    FR_OWNED fr_column *key = fr_test_i64s(call, k, NULL, ROWS), *value = fr_test_i64s(call, x, NULL, ROWS);
    REQUIRE(key && value);
    fr_column *columns[] = { key, value };
    fr_auto(frame) frame = fr_frame_of(call, NULL, (const char *const[]){ "k", "x" }, columns, 2, ROWS);
    fr_auto(frame) groups = fr_pipe(frame, fr_group("k", .agg = "n = size(); x = max(x)"));
    fr_auto(frame) first = fr_pipe(frame, fr_distinct("k"));
    fr_auto(frame) last = fr_pipe(frame, fr_distinct("k", .keep = FR_KEEP_LAST));
    fr_auto(frame) too_large = fr_pipe(frame, fr_group("k", .agg = "s = sum(x)"));
    const fr_rows first_rows = { .wide = firsts, .n = n }, last_rows = { .wide = lasts, .n = m };
    FR_OWNED fr_column *first_keys = fr_column_take(call, key, &first_rows);
    FR_OWNED fr_frame *first_frame = fr_frame_gather(call, frame, &first_rows);
    FR_OWNED fr_frame *last_frame = fr_frame_gather(call, frame, &last_rows);
    REQUIRE(fr_ok(groups) && fr_ok(first) && fr_ok(last));
    CHECK(fr_column_equal(fr_test_columns(groups)[0], first_keys));
    CHECK(fr_equal(first, first_frame) && fr_equal(last, last_frame));
    CHECK_INT(fr_get(groups, 19998, "n").as.i, 1);
    CHECK_INT(fr_get(groups, 19999, "n").as.i, 2);
    CHECK_INT(fr_get(groups, 20000, "x").as.i, INT64_MAX / 2 + 1);
    CHECK_INT(fr_error_code(too_large), FR_ERR_OVERFLOW);
    CHECK_INT(fr_error(too_large)->row, 20001);
    CHECK(strstr(fr_error(too_large)->message, "sum of k = 20001060003") != NULL);
}

static fr_outcome group_repeats(fr_context *context, void *state)
{
    (void)state;
    fr_call call;
    uint64_t digest = 0;
    fr_call_begin(&call, context, NULL, -1);
    FR_OWNED fr_column *key = NULL;
    FR_CLEANUP(fr_columns_clear) fr_columns x = { .context = context };
    if (make_columns(&call, &(pattern){ 32768, 2000, 3 }, &key, &x)) {
        FR_CLEANUP(fr_drop_grouping) fr_grouping *groups = held(&call, key);
        const fr_aggregate_call what = { .name = "sum" };
        FR_OWNED fr_column *sums =
            groups ? fr_aggregator_ops()->aggregate(&call, &what, &x.at[3], 1, groups, groups->n_rows) : NULL;
        if (sums) digest = fr_digest(0, sums->values, (size_t)sums->length * sizeof(double));
    }
    return fr_outcome_of_call(&call, digest);
}

TEST(keys_that_hardly_repeat_survive_every_failed_allocation) { TORTURE(group_repeats, NULL); }
