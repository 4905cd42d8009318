/* Asof joins: the nearest key, before, behind or on both sides; a twin that compares every left row with every right one. */
#include "frame/ops/apply.h"
#include "frame/ops/naive.h"

#include "base/context_state.h"
#include "support/columns.h"

#include <stdlib.h>
#include <string.h>

#define ASOF(right, ...) fr_join((right), __VA_ARGS__, .how = FR_JOIN_ASOF)

/* ---- which row goes with which ----------------------------------------------------------------------------------- */
TEST(an_asof_join_takes_the_last_key_before_the_first_behind_or_the_nearest)
{
    fr_auto(frame) left = fr_test_frame("t: 1 5 10", NULL);
    fr_auto(frame) right = fr_test_frame("t: 1 2 3 6 7; q: 1 2 3 6 7", NULL);
    GIVES(left, ASOF(right, "t"), "t q|1 1|5 3|10 7");
    GIVES(left, ASOF(right, "t", .direction = FR_ASOF_FORWARD), "t q|1 1|5 6|10 _");
    GIVES(left, ASOF(right, "t", .direction = FR_ASOF_NEAREST), "t q|1 1|5 6|10 7");
    GIVES(left, ASOF(right, "t", .no_exact = true), "t q|1 _|5 3|10 7");
    GIVES(left, ASOF(right, "t", .no_exact = true, .direction = FR_ASOF_FORWARD), "t q|1 2|5 6|10 _");
    GIVES(left, ASOF(right, "t", .no_exact = true, .direction = FR_ASOF_NEAREST), "t q|1 2|5 6|10 7");
    GIVES(left, ASOF(right, "t", .tolerance = fr_v(1)), "t q|1 1|5 _|10 _");
    GIVES(left, ASOF(right, "t", .tolerance = fr_v(2)), "t q|1 1|5 3|10 _");
    GIVES(left, ASOF(right, "t", .tolerance = fr_v(0)), "t q|1 1|5 _|10 _");
}

TEST(of_two_that_are_equally_near_an_asof_join_takes_the_one_before)
{
    fr_auto(frame) left = fr_test_frame("t: 4 2 6", NULL);
    fr_auto(frame) right = fr_test_frame("t: 2 2 6 6; q: 1 2 3 4", NULL);
    GIVES(left, ASOF(right, "t", .direction = FR_ASOF_NEAREST), "t q|4 2|2 2|6 4");
    GIVES(left, ASOF(right, "t"), "t q|4 2|2 2|6 4");
    GIVES(left, ASOF(right, "t", .direction = FR_ASOF_FORWARD), "t q|4 3|2 1|6 3");
    GIVES(left, ASOF(right, "t", .direction = FR_ASOF_NEAREST, .no_exact = true), "t q|4 2|2 3|6 2");
}

TEST(keys_before_the_last_one_are_equal)
{
    fr_auto(frame) left = fr_test_frame("k: a b a c _; t: 5 5 1 5 5", NULL);
    fr_auto(frame) right = fr_test_frame("k: b a a _ b; t: 6 3 9 1 5; q: 1 2 3 4 5", NULL);
    GIVES(left, ASOF(right, "k, t"), "k t q|a 5 2|b 5 5|a 1 _|c 5 _|_ 5 _");
    GIVES(left, ASOF(right, "k, t", .nulls_match = true), "k t q|a 5 2|b 5 5|a 1 _|c 5 _|_ 5 4");
    GIVES(left, ASOF(right, "k, t", .direction = FR_ASOF_FORWARD), "k t q|a 5 3|b 5 5|a 1 2|c 5 _|_ 5 _");
    GIVES(left, ASOF(right, "k, t", .direction = FR_ASOF_NEAREST, .indicator = true),
          "k t q _merge|a 5 2 both|b 5 5 both|a 1 2 both|c 5 _ left_only|_ 5 _ left_only");
}

TEST(a_null_or_nan_in_the_last_key_goes_with_nothing)
{
    fr_auto(frame) left = fr_test_frame("t f64: 1 _ nan -0.0 inf", NULL);
    fr_auto(frame) right = fr_test_frame("t f64: _ nan 0 inf 1; q: 1 2 3 4 5", NULL);
    fr_auto(frame) nulls = fr_test_frame("t null: _ _; q: 1 2", NULL);
    GIVES(left, ASOF(right, "t"), "t q|1 5|_ _|nan _|-0 3|inf 4");
    GIVES(left, ASOF(right, "t", .nulls_match = true, .no_exact = true), "t q|1 3|_ _|nan _|-0 _|inf 5");
    GIVES(left, ASOF(right, "t", .tolerance = fr_v(0.5)), "t q|1 5|_ _|nan _|-0 3|inf 4");
    GIVES(left, ASOF(nulls, "t"), "t q|1 _|_ _|nan _|-0 _|inf _");
    GIVES(nulls, ASOF(nulls, "t", .tolerance = fr_v("5s")), "t q_x q_y|_ 1 _|_ 2 _");
}

TEST(a_side_of_no_rows_gives_nulls_or_nothing)
{
    fr_auto(frame) left = fr_test_frame("k: a b; t: 1 2", NULL);
    fr_auto(frame) none = fr_test_frame("k str: ; t i64: ; q f64: ", NULL);
    GIVES(left, ASOF(none, "t", .left_suffix = "", .right_suffix = "_r"), "k t k_r q|a 1 _ _|b 2 _ _");
    GIVES(left, ASOF(none, "k, t"), "k t q|a 1 _|b 2 _");
    GIVES(none, ASOF(left, "k, t", .direction = FR_ASOF_NEAREST), "k t q");
    GIVES(none, ASOF(none, "k, t"), "k t q_x q_y");
}

/* ---- columns and the account ------------------------------------------------------------------------------------- */
TEST(an_asof_join_keeps_both_keys_that_have_two_names)
{
    fr_auto(frame) left = fr_test_frame("a: 5 1; x: 5 6", NULL);
    fr_auto(frame) right = fr_test_frame("b: 2 3; x: 9 8", NULL);
    GIVES(left, ASOF(right, .left_on = "a", .right_on = "b"), "a x_x b x_y|5 5 3 8|1 6 _ _");
}

TEST(an_asof_join_counts_rows_without_a_match)
{
    fr_auto(frame) left = fr_test_frame("t: 5 1 2", NULL);
    fr_auto(frame) right = fr_test_frame("t: 2 3; q: 9 8", NULL);
    fr_auto(frame) joined = fr_test_apply(left, ASOF(right, "t"));
    CHECK_STR(fr_test_account(joined), "join 3 3 0 0 0 0 0");
    GIVES(left, ASOF(right, "t", .max_rows = 3), "t q|5 8|1 _|2 9");
    FAILS(left, ASOF(right, "t", .max_rows = 2), FR_ERR_LIMIT, "would have 3 rows");
    fr_auto(frame) twice = fr_test_frame("t: 2 2; q: 9 8", NULL);
    GIVES(left, ASOF(twice, "t"), "t q|5 8|1 _|2 8");
    FAILS(left, ASOF(twice, "t", .validate = FR_JOIN_MANY_TO_ONE), FR_ERR_VALUE, "t = 2");
}

/* ---- types ------------------------------------------------------------------------------------------------------- */
TEST(keys_of_two_types_are_compared_in_one)
{
    fr_auto(frame) ints = fr_test_frame("t: 3 9007199254740993", NULL);
    fr_auto(frame) small = fr_test_frame("t i8: 2 3; q: 1 2", NULL);
    fr_auto(frame) floats = fr_test_frame("t f64: 2.5 3.5; q: 1 2", NULL);
    fr_auto(frame) tens = fr_test_apply(floats, fr_cast("t: decimal(9,1)"));
    fr_auto(frame) large = fr_test_frame("t u64: 1 18446744073709551615; q: 1 2", NULL);
    fr_auto(frame) few = fr_test_frame("t: 3 4", NULL);
    GIVES(ints, ASOF(small, "t"), "t q|3 2|9007199254740993 2");
    GIVES(few, ASOF(floats, "t"), "t q|3 1|4 2");
    GIVES(few, ASOF(tens, "t", .tolerance = fr_v(0.5)), "t q|3 1|4 2");
    GIVES(few, ASOF(tens, "t", .tolerance = fr_v(0.4)), "t q|3 _|4 _");
    FAILS(ints, ASOF(floats, "t"), FR_ERR_VALUE, "9007199254740993 does not fit f64, key 't' of the left frame");
    FAILS(few, ASOF(large, "t"), FR_ERR_VALUE, "18446744073709551615 does not fit i64, key 't' of the right frame");
    fr_auto(frame) wrong = fr_test_apply(ints, ASOF(floats, "t"));
    CHECK_INT(fr_error(wrong)->row, 1);
}

static fr_frame *decimals(const char *spec)
{
    fr_auto(frame) texts = fr_test_frame(spec, NULL);
    return fr_test_apply(texts, fr_cast("t: decimal(38,2)"));
}

static const char *found(const fr_frame *left, fr_step step)
{
    fr_auto(frame) joined = fr_test_apply(left, step);
    fr_auto(frame) rows = fr_test_apply(joined, fr_select("q"));
    return fr_test_text(rows);
}

TEST(dates_times_and_decimals_are_ordered_keys)
{
    fr_auto(frame) days = fr_test_frame("t date: 10 12", NULL);
    fr_auto(frame) ticks = fr_test_frame("t datetime[us]: 777600000001 1036800000000; q: 1 2", NULL);
    GIVES(days, ASOF(ticks, "t"), "t q|10 1|12 2");
    GIVES(days, ASOF(ticks, "t", .tolerance = fr_v("86399999999us")), "t q|10 1|12 2");
    GIVES(days, ASOF(ticks, "t", .tolerance = fr_v("86399999998us")), "t q|10 _|12 2");
    fr_auto(frame) other = fr_test_frame("t date: 9 14; q: 1 2", NULL);
    GIVES(days, ASOF(other, "t", .direction = FR_ASOF_NEAREST), "t q|10 1|12 2");
    GIVES(days, ASOF(other, "t", .tolerance = fr_v("36h")), "t q|10 1|12 _");
    fr_auto(frame) wide = decimals("t str: 99999999999999999999999999999999999.50 -5");
    fr_auto(frame) far = decimals("t str: -99999999999999999999999999999999999 99999999999999999999999999999999999; q: 1 2");
    CHECK_STR(found(wide, ASOF(far, "t", .tolerance = fr_v(0.5))), "q|2|_");
    CHECK_STR(found(wide, ASOF(far, "t", .tolerance = fr_v(0.49))), "q|_|_");
    for (int8_t scale = 1; scale <= 3; scale++) {
        static const uint64_t half[] = { 0, 5, 50, 500 };
        fr_value reach = { .kind = FR_DECIMAL, .valid = true, .scale = scale, .as.decimal.low = half[scale] };
        CHECK_STR(found(wide, ASOF(far, "t", .tolerance = reach)), "q|2|_");
        reach.as.decimal.low -= scale > 1 ? 1 : 5;
        CHECK_STR(found(wide, ASOF(far, "t", .tolerance = reach)), "q|_|_");
        reach.as.decimal = (fr_value){ .as.decimal = { UINT64_MAX, -1 } }.as.decimal;
        CHECK_STR(found(wide, ASOF(far, "t", .tolerance = reach)), "error: tolerance is below 0: keys are never less than 0 apart");
    }
    CHECK_STR(found(wide, ASOF(far, "t", .direction = FR_ASOF_NEAREST)), "q|2|1");
    CHECK_STR(found(wide, ASOF(far, "t", .tolerance = fr_v(1e37))), "q|2|1");
}

TEST(what_is_no_ordered_key_is_refused)
{
    fr_auto(frame) texts = fr_test_frame("t: a b; q: 1 2", NULL);
    fr_auto(frame) ints = fr_test_frame("t: 1 2; q: 1 2", NULL);
    fr_auto(frame) days = fr_test_frame("t date: 1 2; q: 1 2", NULL);
    FAILS(texts, ASOF(texts, "t"), FR_ERR_TYPE, "the last key of an asof join is a number, a date or a time; 't' is str");
    FAILS(ints, ASOF(texts, "t"), FR_ERR_TYPE, "'t' is str");
    FAILS(ints, ASOF(days, "t"), FR_ERR_TYPE, "keys 't' (i64) and 't' (date) cannot be compared");
    FAILS(ints, ASOF(ints, .left_on = NULL), FR_ERR_ARGUMENT, "needs on");
    FAILS(ints, ASOF(ints, "t", .direction = (fr_asof_direction)3), FR_ERR_ARGUMENT, "direction is 3");
}

TEST(a_tolerance_is_what_the_key_counts)
{
    fr_auto(frame) ints = fr_test_frame("t: 1 4; q: 1 2", NULL);
    fr_auto(frame) floats = fr_test_frame("t f64: 1 4; q: 1 2", NULL);
    fr_auto(frame) days = fr_test_frame("t date: 1 4; q: 1 2", NULL);
    GIVES(ints, ASOF(ints, "t", .tolerance = fr_v(2.9), .no_exact = true), "t q_x q_y|1 1 _|4 2 _");
    GIVES(ints, ASOF(ints, "t", .tolerance = fr_v(3u), .no_exact = true), "t q_x q_y|1 1 _|4 2 1");
    GIVES(ints, ASOF(ints, "t", .tolerance = fr_v(1e300), .no_exact = true), "t q_x q_y|1 1 _|4 2 1");
    GIVES(floats, ASOF(floats, "t", .tolerance = fr_v(2), .no_exact = true), "t q_x q_y|1 1 _|4 2 _");
    GIVES(days, ASOF(days, "t", .tolerance = fr_v("3d"), .no_exact = true), "t q_x q_y|1 1 _|4 2 1");
    FAILS(ints, ASOF(ints, "t", .tolerance = fr_v(-1)), FR_ERR_ARGUMENT, "tolerance is below 0");
    FAILS(floats, ASOF(floats, "t", .tolerance = fr_v(0.0 / 0.0)), FR_ERR_ARGUMENT, "tolerance is nan");
    FAILS(ints, ASOF(ints, "t", .tolerance = fr_v("5s")), FR_ERR_TYPE, "the tolerance for a key of type i64 is a number");
    FAILS(days, ASOF(days, "t", .tolerance = fr_v(1)), FR_ERR_TYPE, "the tolerance for a key of type date is a duration");
    FAILS(days, ASOF(days, "t", .tolerance = fr_v("soon")), FR_ERR_VALUE, "tolerance 'soon' is no duration");
    FAILS(days, ASOF(days, "t", .tolerance = fr_v("-1d")), FR_ERR_ARGUMENT, "tolerance is below 0");
}

TEST(options_of_an_asof_join_are_for_no_other)
{
    fr_auto(frame) ints = fr_test_frame("t: 1 2", NULL);
    FAILS(ints, fr_join(ints, "t", .direction = FR_ASOF_NEAREST), FR_ERR_ARGUMENT, "direction is for an asof join");
    FAILS(ints, fr_join(ints, "t", .how = FR_JOIN_LEFT, .tolerance = fr_v(1)), FR_ERR_ARGUMENT, "tolerance is for an asof join");
    FAILS(ints, fr_join(ints, "t", .no_exact = true), FR_ERR_ARGUMENT, "no_exact is for an asof join");
    GIVES(ints, fr_join(ints, "t", .tolerance = fr_v_null()), "t|1|2");
}

/* ---- the twin ---------------------------------------------------------------------------------------------------- */
typedef struct keys { int64_t n, *t, *group, *number; uint8_t *valid; } keys;

typedef struct scene {
    int64_t  n, m, distinct, n_groups;
    bool     left_sorted, right_sorted, nulls;
    uint64_t seed;
} scene;

static int by_value(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static keys random_keys(int64_t n, const scene *s, bool sorted, uint64_t seed)
{
    keys k = { n, calloc((size_t)n + 1, 8), calloc((size_t)n + 1, 8), calloc((size_t)n + 1, 8), calloc((size_t)n + 1, 1) };
    for (int64_t i = 0; i < n; i++) {
        k.t[i] = (int64_t)(fr_test_random(&seed) % (uint64_t)s->distinct) + 1;
        k.group[i] = (int64_t)(fr_test_random(&seed) % (uint64_t)s->n_groups);
        k.valid[i] = !s->nulls || fr_test_random(&seed) % 8 > 0;
        k.number[i] = i;
    }
    if (sorted) qsort(k.t, (size_t)n, sizeof *k.t, by_value);
    return k;
}

static void free_keys(keys *k)
{
    free(k->t);
    free(k->group);
    free(k->number);
    free(k->valid);
}

static fr_frame *frame_of(fr_call *call, const keys *k, const char *number, const char *cast)
{
    const char *names[] = { "g", "t", number };
    fr_column *columns[] = { fr_test_i64s(call, k->group, NULL, k->n), fr_test_i64s(call, k->t, k->valid, k->n),
                             fr_test_i64s(call, k->number, NULL, k->n) };
    fr_auto(frame) frame = fr_frame_of(call, NULL, names, columns, 3, k->n);
    for (size_t i = 0; i < 3; i++) fr_column_unref(columns[i]);
    return fr_test_apply(frame, fr_cast(cast));
}

typedef struct way { fr_asof_direction direction; bool no_exact; int64_t reach; } way;      /* reach -1: any */

/* Is right row j better than the best so far? Nearer is better; of equally near ones the one before, of equal keys the last
 * from before and the first from behind. */
static bool is_better(int64_t d, int64_t best_d, fr_asof_direction direction)
{
    const int64_t far = d < 0 ? -d : d, best_far = best_d < 0 ? -best_d : best_d;
    if (far != best_far) return far < best_far;
    if (d != best_d) return d < 0;
    return d < 0 || (d == 0 && direction != FR_ASOF_FORWARD);
}

/* Every left row beside every right one. */
static int64_t nearest(const keys *left, int64_t i, const keys *right, const way *w)
{
    int64_t best = -1, best_d = 0;
    for (int64_t j = 0; j < right->n; j++) {
        const int64_t d = right->t[j] - left->t[i];
        if (!left->valid[i] || !right->valid[j] || left->group[i] != right->group[j]) continue;
        if ((d == 0 && w->no_exact) || (w->reach >= 0 && (d < -w->reach || d > w->reach))) continue;
        if ((d > 0 && w->direction == FR_ASOF_BACKWARD) || (d < 0 && w->direction == FR_ASOF_FORWARD)) continue;
        if (best < 0 || is_better(d, best_d, w->direction)) best = j, best_d = d;
    }
    return best;
}

static bool is_as_expected(const fr_frame *joined, const keys *left, const keys *right, const way *w)
{
    if (!fr_ok(joined) || fr_length(joined) != left->n) return false;
    for (int64_t i = 0; i < left->n; i++) {
        const fr_value j = fr_get(joined, i, "j");
        const int64_t expected = nearest(left, i, right, w);
        if (j.valid ? j.as.i != expected : expected != -1) return false;
    }
    return true;
}

typedef struct key_type { const char *cast, *reach; } key_type;      /* a reach of five as text; NULL: a number */
static const key_type key_types[] = {
    { "t: i64", NULL }, { "t: i16", NULL }, { "t: u64", NULL }, { "t: u8", NULL }, { "t: f64", NULL }, { "t: f32", NULL },
    { "t: decimal(12,2)", NULL }, { "t: decimal(30,4)", NULL }, { "t: date", "5d" }, { "t: datetime[ms]", "5ms" },
    { "t: datetime[us, UTC]", "5us" }, { "t: time[us]", "5us" }, { "t: duration[s]", "5s" },
};

static void check_scene(fr_call *call, const scene *s, const key_type *type)
{
    keys left = random_keys(s->n, s, s->left_sorted, s->seed), right = random_keys(s->m, s, s->right_sorted, s->seed + 1);
    fr_auto(frame) a = frame_of(call, &left, "i", type->cast);
    fr_auto(frame) b = frame_of(call, &right, "j", type->cast);
    for (int i = 0; i < 12; i++) {
        const way w = { (fr_asof_direction)(i % 3), i / 3 % 2, i < 6 ? -1 : (int64_t)(s->seed % 2) * 5 };
        const fr_value reach = w.reach < 0 ? fr_v_null() : !type->reach ? fr_v(w.reach) : w.reach ? fr_v(type->reach) : fr_v("0s");
        fr_auto(frame) joined = fr_test_apply(a, ASOF(b, s->n_groups > 1 ? "g, t" : "t", .direction = w.direction,
                                                      .no_exact = w.no_exact, .tolerance = reach));
        fr_test_check(is_as_expected(joined, &left, &right, &w), type->cast, __FILE__, __LINE__);
    }
    free_keys(&left);
    free_keys(&right);
}

TEST(an_asof_join_finds_what_comparing_all_rows_finds)
{
    static const int64_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 211 };
    for (uint32_t threads = 1; threads <= 3; threads += 2) {
        fr_auto(context) context = fr_context_new(.threads = threads);
        if (threads == 3) context->chunk_rows = 64;
        fr_call call;
        fr_call_begin(&call, context, __FILE__, __LINE__);
        for (uint64_t seed = 0; seed < 13 * 8; seed++) {
            const scene s = { .n = lengths[seed % 8], .m = lengths[(seed / 3 + seed) % 8], .distinct = seed & 8 ? 12 : 120,
                              .n_groups = (int64_t[]){ 1, 3, 40 }[seed % 3], .left_sorted = seed & 1, .right_sorted = seed & 2,
                              .nulls = seed & 4, .seed = seed };
            check_scene(&call, &s, &key_types[seed % FR_COUNT_OF(key_types)]);
        }
        fr_call_end(&call);
    }
}

/* ---- many rows: in whatever order the sides come, the same ------------------------------------------------------- */
static fr_frame *put_back(const fr_frame *left, const fr_frame *right, const char *on, const way *w)
{
    fr_auto(frame) sorted = fr_test_apply(left, fr_sort("t, i"));
    fr_auto(frame) after = fr_test_apply(right, fr_sort("t"));
    fr_auto(frame) joined = fr_test_apply(sorted, ASOF(after, on, .direction = w->direction, .no_exact = w->no_exact));
    return fr_test_apply(joined, fr_sort("i"));
}

TEST(many_rows_of_an_asof_join_are_the_same_in_any_order_and_for_any_number_of_threads)
{
    static const scene scenes[] = {
        { .n = 140001, .m = 70001, .distinct = 100000, .n_groups = 1, .seed = 1 },
        { .n = 90001, .m = 70001, .distinct = 1000000000, .n_groups = 50, .nulls = true, .seed = 2 },
        { .n = 70001, .m = 140001, .distinct = 500, .n_groups = 30000, .seed = 3 },
    };
    for (size_t i = 0; i < FR_COUNT_OF(scenes); i++) {
        const scene *s = &scenes[i];
        keys left = random_keys(s->n, s, false, s->seed), right = random_keys(s->m, s, false, s->seed + 9);
        for (uint32_t threads = 1; threads <= 3; threads += 2) {
            fr_auto(context) context = fr_context_new(.threads = threads);
            fr_call call;
            fr_call_begin(&call, context, __FILE__, __LINE__);
            fr_auto(frame) a = frame_of(&call, &left, "i", i == 1 ? "t: f64" : "t: i64");
            fr_auto(frame) b = frame_of(&call, &right, "j", i == 1 ? "t: f64" : "t: i64");
            const way w = { (fr_asof_direction)(i % 3), i == 2, -1 };
            const char *on = s->n_groups > 1 ? "g, t" : "t";
            fr_auto(frame) joined = fr_test_apply(a, ASOF(b, on, .direction = w.direction, .no_exact = w.no_exact));
            fr_auto(frame) twin = put_back(a, b, on, &w);
            CHECK(fr_ok(joined) && fr_equal(joined, twin));
            for (int64_t row = 0; row < 40; row++) {
                const fr_value j = fr_get(joined, row, "j");
                CHECK_INT(j.valid ? j.as.i : -1, nearest(&left, row, &right, &w));
            }
            fr_call_end(&call);
        }
        free_keys(&left);
        free_keys(&right);
    }
}
