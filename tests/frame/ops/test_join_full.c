/* Full joins: the rest of the right below the left's rows, keys in one type, and a twin put together by other verbs. */
#include "frame/ops/apply.h"
#include "frame/ops/naive.h"

#include "base/context_state.h"
#include "support/columns.h"

#include <stdlib.h>
#include <string.h>

#define FULL(right, ...) fr_join((right), .how = FR_JOIN_FULL, __VA_ARGS__)

/* ---- rows -------------------------------------------------------------------------------------------------------- */
TEST(a_full_join_has_the_rows_of_a_left_join_then_the_rest_of_the_right)
{
    fr_auto(frame) left = fr_test_frame("k: b a _ a z; x: 1 2 3 4 5", NULL);
    fr_auto(frame) right = fr_test_frame("k: e a _ c a b c; y: 5 10 20 30 40 50 60", NULL);
    GIVES(left, FULL(right, .on = "k"), "k x y|b 1 50|a 2 10|a 2 40|_ 3 _|a 4 10|a 4 40|z 5 _|e _ 5|_ _ 20|c _ 30|c _ 60");
    GIVES(left, FULL(right, .on = "k", .nulls_match = true),
          "k x y|b 1 50|a 2 10|a 2 40|_ 3 20|a 4 10|a 4 40|z 5 _|e _ 5|c _ 30|c _ 60");
    GIVES(left, FULL(right), "k x y|b 1 50|a 2 10|a 2 40|_ 3 _|a 4 10|a 4 40|z 5 _|e _ 5|_ _ 20|c _ 30|c _ 60");
}

TEST(a_full_join_with_unique_keys_looks_them_up)
{
    fr_auto(frame) left = fr_test_frame("k: 3 1 9 _; x: 5 6 7 8", NULL);
    fr_auto(frame) right = fr_test_frame("k: 4 1 2 3 _; y: 10 20 30 40 50", NULL);
    fr_auto(frame) far = fr_test_frame("k: 4 1 2000000000000 3 _; y: 10 20 30 40 50", NULL);
    GIVES(left, FULL(right, .on = "k"), "k x y|3 5 40|1 6 20|9 7 _|_ 8 _|4 _ 10|2 _ 30|_ _ 50");
    GIVES(left, FULL(right, .on = "k", .nulls_match = true), "k x y|3 5 40|1 6 20|9 7 _|_ 8 50|4 _ 10|2 _ 30");
    GIVES(left, FULL(far, .on = "k"), "k x y|3 5 40|1 6 20|9 7 _|_ 8 _|4 _ 10|2000000000000 _ 30|_ _ 50");
}

TEST(a_full_join_with_a_side_of_no_rows_has_the_others)
{
    fr_auto(frame) left = fr_test_frame("k: 1 2; x: 5 6", NULL);
    fr_auto(frame) none = fr_test_frame("k i64: ; y f64: ", NULL);
    fr_auto(frame) joined = fr_test_apply(none, FULL(left, .on = "k"));
    CHECK_STR(fr_test_text(joined), "k y x|1 _ 5|2 _ 6");
    CHECK_INT(fr_type_kind(fr_type_at(joined, 1)), FR_F64);
    GIVES(left, FULL(none, .on = "k"), "k x y|1 5 _|2 6 _");
    GIVES(none, FULL(none, .on = "k"), "k y_x y_y");
}

TEST(a_full_join_in_which_all_right_rows_match_is_a_left_join)
{
    fr_auto(frame) left = fr_test_frame("k: 3 1 2 3; x: 5 6 7 8", NULL);
    fr_auto(frame) right = fr_test_frame("k: 1 3; y: 10 30", NULL);
    fr_auto(frame) joined = fr_test_apply(left, FULL(right, .on = "k"));
    CHECK_STR(fr_test_text(joined), "k x y|3 5 30|1 6 10|2 7 _|3 8 30");
    if (FR_TOGETHER_ROWS) CHECK(fr_test_columns(joined)[1]->values == fr_test_columns(left)[1]->values);
}

/* ---- columns ----------------------------------------------------------------------------------------------------- */
TEST(a_full_join_keeps_both_keys_that_have_two_names)
{
    fr_auto(frame) left = fr_test_frame("a: 1 2; c: 7 7; x: 5 6", NULL);
    fr_auto(frame) right = fr_test_frame("b: 2 3; c: 7 8; y: 9 8", NULL);
    GIVES(left, FULL(right, .left_on = "a", .right_on = "b"), "a c_x x b c_y y|1 7 5 _ _ _|2 7 6 2 7 9|_ _ _ 3 8 8");
    GIVES(left, FULL(right, .left_on = "a, c", .right_on = "b, c"), "a c x b y|1 7 5 _ _|2 7 6 2 9|_ 8 _ 3 8");
}

TEST(a_full_join_gives_clashing_names_suffixes)
{
    fr_auto(frame) left = fr_test_frame("k: 1; v: 2", NULL);
    fr_auto(frame) right = fr_test_frame("k: 2; v: 3", NULL);
    GIVES(left, FULL(right, .on = "k"), "k v_x v_y|1 2 _|2 _ 3");
    GIVES(left, FULL(right, .on = "k", .left_suffix = "", .right_suffix = "_r"), "k v v_r|1 2 _|2 _ 3");
    FAILS(left, FULL(right, .on = "k", .left_suffix = "", .right_suffix = ""), FR_ERR_VALUE, "v");
}

TEST(the_indicator_of_a_full_join_knows_three_words)
{
    fr_auto(frame) left = fr_test_frame("k: 1 2", NULL);
    fr_auto(frame) right = fr_test_frame("k: 2 3", NULL);
    fr_auto(frame) twice = fr_test_frame("k: 3 2 2", NULL);
    GIVES(left, FULL(right, .on = "k", .indicator = true), "k _merge|1 left_only|2 both|3 right_only");
    GIVES(left, FULL(twice, .on = "k", .indicator = true), "k _merge|1 left_only|2 both|2 both|3 right_only");
    GIVES(right, FULL(right, .on = "k", .indicator = true), "k _merge|2 both|3 both");
}

TEST(a_full_join_checks_what_other_joins_check)
{
    fr_auto(frame) left = fr_test_frame("k: 1 1 2; x: 5 6 7", NULL);
    fr_auto(frame) right = fr_test_frame("k: 1 3 3; y: 5 6 7", NULL);
    fr_auto(frame) texts = fr_test_frame("k: a b; y: 5 6", NULL);
    FAILS(left, FULL(right, .on = "k", .validate = FR_JOIN_MANY_TO_ONE), FR_ERR_VALUE, "k = 3");
    FAILS(left, FULL(right, .on = "k", .validate = FR_JOIN_ONE_TO_MANY), FR_ERR_VALUE, "k = 1");
    FAILS(left, FULL(right, .on = "k", .max_rows = 4), FR_ERR_LIMIT, "would have 5 rows");
    GIVES(left, FULL(right, .on = "k", .max_rows = 5), "k x y|1 5 5|1 6 5|2 7 _|3 _ 6|3 _ 7");
    FAILS(left, FULL(texts, .on = "k"), FR_ERR_TYPE, "cannot be compared");
}

/* ---- keys of two types ------------------------------------------------------------------------------------------- */
static fr_kind kind_of_key(const fr_frame *left, const fr_frame *right)
{
    fr_auto(frame) joined = fr_test_apply(left, FULL(right, .on = "k"));
    return fr_ok(joined) ? fr_type_kind(fr_type_at(joined, 0)) : FR_NULL;
}

TEST(a_key_of_two_types_becomes_their_common_type)
{
    fr_auto(frame) ints = fr_test_frame("k: 1 2 -1; x: 1 2 3", NULL);
    fr_auto(frame) small = fr_test_frame("k i8: 2 5 _; y: 1 2 3", NULL);
    fr_auto(frame) floats = fr_test_frame("k f64: 1 2.5 nan -0.0; y: 10 20 30 40", NULL);
    fr_auto(frame) texts = fr_test_frame("k: a b; y: 1 2", NULL);
    fr_auto(frame) cats = fr_test_frame("k cat: b c; z: 1 2", NULL);
    GIVES(ints, FULL(floats, .on = "k"), "k x y|1 1 10|2 2 _|-1 3 _|2.5 _ 20|nan _ 30|-0 _ 40");
    GIVES(floats, FULL(ints, .on = "k"), "k y x|1 10 1|2.5 20 _|nan 30 _|-0 40 _|2 _ 2|-1 _ 3");
    GIVES(small, FULL(ints, .on = "k"), "k y x|2 1 2|5 2 _|_ 3 _|1 _ 1|-1 _ 3");
    GIVES(texts, FULL(cats, .on = "k"), "k y z|a 1 _|b 2 1|c _ 2");
    CHECK_INT(kind_of_key(ints, floats), FR_F64);
    CHECK_INT(kind_of_key(small, ints), FR_I64);
    CHECK_INT(kind_of_key(small, floats), FR_F64);
    CHECK_INT(kind_of_key(texts, cats), FR_STR);
    CHECK_INT(kind_of_key(cats, cats), FR_CAT);
}

TEST(the_type_of_a_key_does_not_depend_on_whether_there_is_a_rest)
{
    fr_auto(frame) ints = fr_test_frame("k: 1 2; x: 1 2", NULL);
    fr_auto(frame) floats = fr_test_frame("k f64: 1; y: 10", NULL);
    fr_auto(frame) nothing = fr_test_frame("k null: _ _; z: 1 2", NULL);
    CHECK_INT(kind_of_key(ints, floats), FR_F64);
    CHECK_INT(kind_of_key(floats, ints), FR_F64);
    GIVES(nothing, FULL(ints, .on = "k"), "k z x|_ 1 _|_ 2 _|1 _ 1|2 _ 2");
    GIVES(ints, FULL(nothing, .on = "k"), "k x z|1 1 _|2 2 _|_ _ 1|_ _ 2");
    CHECK_INT(kind_of_key(nothing, ints), FR_I64);
    GIVES(nothing, FULL(nothing, .on = "k"), "k z_x z_y|_ 1 _|_ 2 _|_ _ 1|_ _ 2");
}

TEST(a_key_that_the_common_type_cannot_hold_is_refused_with_its_place)
{
    fr_auto(frame) floats = fr_test_frame("k f64: 1 2; y: 1 2", NULL);
    fr_auto(frame) fine = fr_test_frame("k: 9007199254740992 -9007199254740994 4611686018427387904; x: 1 2 3", NULL);
    fr_auto(frame) odd = fr_test_frame("k: 1 _ -9007199254740993; x: 1 2 3", NULL);
    fr_auto(frame) odd_first = fr_test_frame("k: 9007199254740993 1; x: 1 2", NULL);
    fr_auto(frame) large = fr_test_frame("k u64: 1 18446744073709551615; x: 1 2", NULL);
    fr_auto(frame) ints = fr_test_frame("k: 1; y: 1", NULL);
    fr_auto(frame) days = fr_test_frame("k date: 10957 2932896; y: 1 2", NULL);
    fr_auto(frame) ticks = fr_test_frame("k datetime[ns]: 946684800000000; y: 1", NULL);
    fr_auto(frame) joined = fr_test_apply(floats, FULL(fine, .on = "k"));
    CHECK_INT(fr_length(joined), 5);
    FAILS(floats, FULL(odd, .on = "k"), FR_ERR_VALUE, "-9007199254740993 does not fit f64, key 'k' of the right frame");
    FAILS(odd, FULL(floats, .on = "k"), FR_ERR_VALUE, "-9007199254740993 does not fit f64, key 'k' of the left frame");
    FAILS(odd_first, FULL(floats, .on = "k"), FR_ERR_VALUE, "9007199254740993 does not fit f64");
    FAILS(large, FULL(floats, .on = "k"), FR_ERR_VALUE, "18446744073709551615 does not fit f64");
    FAILS(ints, FULL(large, .on = "k"), FR_ERR_VALUE, "18446744073709551615 does not fit i64");
    FAILS(ticks, FULL(days, .on = "k"), FR_ERR_VALUE, "9999-12-31 does not fit datetime[ns], key 'k' of the right frame");
    fr_auto(frame) wrong = fr_test_apply(floats, FULL(odd, .on = "k"));
    CHECK_INT(fr_error(wrong)->row, 2);
    CHECK_STR(fr_error(wrong)->column, "k");
}

/* ---- the twin: a left join, and below it the right's anti join ---------------------------------------------------- */
static fr_frame *random_frame(fr_call *call, const char *type, const char *number, int64_t n, int64_t distinct,
                              uint64_t seed)
{
    const char *names[] = { "k", number, number[0] == 'i' ? "a" : "b" };
    fr_column *columns[3] = { NULL, NULL, NULL };
    int64_t *numbers = calloc((size_t)n + 1, sizeof *numbers);
    for (int64_t i = 0; i < n; i++) numbers[i] = i;
    columns[0] = fr_test_repeating(call, type, n, distinct, 15, seed);
    columns[1] = fr_test_i64s(call, numbers, NULL, n);
    columns[2] = fr_test_column(call, fr_test_types[seed % 17], n, 20, seed + 1);
    fr_frame *frame = columns[0] && columns[1] && columns[2] ? fr_frame_of(call, NULL, names, columns, 3, n) : NULL;
    for (size_t i = 0; i < 3; i++) fr_column_unref(columns[i]);
    free(numbers);
    return frame;
}

static bool is_sound(const fr_frame *frame)
{
    bool sound = fr_ok(frame);
    for (size_t i = 0; sound && i < fr_width(frame); i++) sound = fr_test_column_is_sound(fr_test_columns(frame)[i]);
    return sound;
}

static void check_twin(const fr_frame *left, const fr_frame *right, bool nulls_match, const char *type)
{
    fr_auto(frame) full = fr_test_apply(left, FULL(right, .on = "k", .nulls_match = nulls_match));
    fr_auto(frame) above = fr_test_apply(left, fr_join(right, .on = "k", .how = FR_JOIN_LEFT, .nulls_match = nulls_match));
    fr_auto(frame) rest = fr_test_apply(right, fr_join(left, .on = "k", .how = FR_JOIN_ANTI, .nulls_match = nulls_match));
    fr_auto(frame) twin = fr_test_apply(above, fr_concat(rest, .relaxed = true));
    fr_test_check(is_sound(full) && fr_equal(full, twin), type, __FILE__, __LINE__);
}

TEST(a_full_join_is_a_left_join_and_below_it_the_anti_join_of_the_right)
{
    static const int64_t lengths[] = { 0, 1, 3, 63, 64, 65, 511, 2049 };
    for (uint32_t threads = 1; threads <= 5; threads += 2) {
        fr_auto(context) context = fr_context_new(.threads = threads);
        if (threads == 5) context->chunk_rows = 64;
        fr_call call;
        fr_call_begin(&call, context, __FILE__, __LINE__);
        for (uint64_t seed = 0; seed < 26 * 4; seed++) {
            const char *type = fr_key_types[seed % 26];
            const int64_t n = lengths[seed % 8], m = lengths[seed / 8 % 8];
            fr_auto(frame) left = random_frame(&call, type, "i", n, seed & 32 ? 300 : 6, seed);
            fr_auto(frame) right = random_frame(&call, type, "j", m, seed & 64 ? 300 : 8, seed + (seed & 1));
            check_twin(left, right, seed & 2, type);
        }
        fr_call_end(&call);
    }
}

static fr_frame *many_rows(fr_call *call, const char *cast, const char *number, int64_t n, int64_t distinct, uint64_t seed)
{
    const char *names[] = { "k", number };
    int64_t *keys = calloc((size_t)n, sizeof *keys), *numbers = calloc((size_t)n, sizeof *numbers);
    uint8_t *valid = calloc((size_t)n, 1);
    for (int64_t i = 0; i < n; i++) {
        keys[i] = (int64_t)(fr_test_random(&seed) % (uint64_t)distinct);
        valid[i] = fr_test_random(&seed) % 16 > 0;
        numbers[i] = i;
    }
    fr_column *columns[] = { fr_test_i64s(call, keys, valid, n), fr_test_i64s(call, numbers, NULL, n) };
    fr_auto(frame) frame = fr_frame_of(call, NULL, names, columns, 2, n);
    for (size_t i = 0; i < 2; i++) fr_column_unref(columns[i]);
    free(keys);
    free(numbers);
    free(valid);
    return fr_test_apply(frame, fr_cast(cast));
}

TEST(many_rows_of_a_full_join_are_the_same_for_any_number_of_threads)
{
    static const struct { const char *cast; int64_t n, m, distinct; } scenes[] = {
        { "k: i16", 140001, 90, 60 },       { "k: cat", 140001, 300, 200 },    { "k: i64", 140001, 66000, 100000 },
        { "k: str", 70001, 66000, 40000 },  { "k: f64", 66000, 140001, 50000 },
    };
    for (size_t i = 0; i < FR_COUNT_OF(scenes); i++)
        for (uint32_t threads = 1; threads <= 3; threads += 2) {
            fr_auto(context) context = fr_context_new(.threads = threads);
            fr_call call;
            fr_call_begin(&call, context, __FILE__, __LINE__);
            fr_auto(frame) left = many_rows(&call, scenes[i].cast, "i", scenes[i].n, scenes[i].distinct, 3);
            fr_auto(frame) right = many_rows(&call, scenes[i].cast, "j", scenes[i].m, scenes[i].distinct * 5 / 4, 4);
            check_twin(left, right, false, scenes[i].cast);
            fr_call_end(&call);
        }
}
