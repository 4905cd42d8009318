/* Joins: the golden rows of the semantics rules, keys of every type, the naive twin. */
#include "frame/ops/apply.h"
#include "frame/ops/naive.h"
#include "support/columns.h"

#define LEFT  "k: b a _ a z; x: 1 2 3 4 5"
#define RIGHT "k: a _ c a b; y: 10 20 30 40 50"

TEST(inner_join_has_the_left_order_then_the_right_order_within_a_key)
{
    fr_auto(frame) left = fr_test_frame(LEFT, NULL);
    fr_auto(frame) right = fr_test_frame(RIGHT, NULL);
    GIVES(left, fr_join(right, .on = "k"), "k x y|b 1 50|a 2 10|a 2 40|a 4 10|a 4 40");
    GIVES(left, fr_join(right, .on = "k", .nulls_match = true), "k x y|b 1 50|a 2 10|a 2 40|_ 3 20|a 4 10|a 4 40");
    GIVES(left, fr_join(right), "k x y|b 1 50|a 2 10|a 2 40|a 4 10|a 4 40");
}

TEST(left_join_keeps_rows_without_a_match)
{
    fr_auto(frame) left = fr_test_frame(LEFT, NULL);
    fr_auto(frame) right = fr_test_frame(RIGHT, NULL);
    GIVES(left, fr_join(right, .on = "k", .how = FR_JOIN_LEFT), "k x y|b 1 50|a 2 10|a 2 40|_ 3 _|a 4 10|a 4 40|z 5 _");
    GIVES(left, fr_join(right, .on = "k", .how = FR_JOIN_LEFT, .nulls_match = true),
          "k x y|b 1 50|a 2 10|a 2 40|_ 3 20|a 4 10|a 4 40|z 5 _");
}

/* ---- semi and anti ----------------------------------------------------------------------------------------------- */
TEST(semi_and_anti_joins_part_the_left_rows_in_their_order)
{
    fr_auto(frame) left = fr_test_frame("k: b a _ a z; x: 1 2 3 4 5", NULL);
    fr_auto(frame) right = fr_test_frame("k: a _ a b; y: 10 20 40 50", NULL);
    GIVES(left, fr_join(right, .on = "k", .how = FR_JOIN_SEMI), "k x|b 1|a 2|a 4");
    GIVES(left, fr_join(right, .on = "k", .how = FR_JOIN_ANTI), "k x|_ 3|z 5");
    GIVES(left, fr_join(right, .on = "k", .how = FR_JOIN_SEMI, .nulls_match = true), "k x|b 1|a 2|_ 3|a 4");
    GIVES(left, fr_join(right, .on = "k", .how = FR_JOIN_ANTI, .nulls_match = true), "k x|z 5");
    GIVES(left, fr_join(left, .how = FR_JOIN_SEMI), "k x|b 1|a 2|a 4|z 5");
}

TEST(names_of_the_right_neither_clash_nor_appear_in_a_semi_or_anti_join)
{
    fr_auto(frame) left = fr_test_frame("a: 1 2 3; v: 5 6 7; v_x: 1 1 1", NULL);
    fr_auto(frame) right = fr_test_frame("b: 2 2 9; v: 7 8 9", NULL);
    GIVES(left, fr_join(right, .left_on = "a", .right_on = "b", .how = FR_JOIN_SEMI), "a v v_x|2 6 1");
    GIVES(left, fr_join(right, .left_on = "a", .right_on = "b", .how = FR_JOIN_ANTI), "a v v_x|1 5 1|3 7 1");
    FAILS(left, fr_join(right, .left_on = "a", .right_on = "b", .how = FR_JOIN_SEMI, .right_suffix = "_r"),
          FR_ERR_ARGUMENT, "no columns of the right frame");
    FAILS(left, fr_join(right, .left_on = "a", .right_on = "b", .how = FR_JOIN_ANTI, .indicator = true),
          FR_ERR_ARGUMENT, "the same in each row of an anti join");
}

TEST(semi_and_anti_joins_with_a_side_of_no_rows)
{
    fr_auto(frame) left = fr_test_frame("k: 1 2; x: 5 6", NULL);
    fr_auto(frame) none = fr_test_apply(left, fr_head(0));
    GIVES(left, fr_join(none, .on = "k", .how = FR_JOIN_SEMI), "k x");
    GIVES(left, fr_join(none, .on = "k", .how = FR_JOIN_ANTI), "k x|1 5|2 6");
    GIVES(none, fr_join(left, .on = "k", .how = FR_JOIN_SEMI), "k x");
    GIVES(none, fr_join(left, .on = "k", .how = FR_JOIN_ANTI), "k x");
}

TEST(semi_and_anti_joins_check_what_other_joins_check)
{
    fr_auto(frame) left = fr_test_frame("k: 1 1 2; x: 5 6 7", NULL);
    fr_auto(frame) right = fr_test_frame("k: 1 3 3; y: 5 6 7", NULL);
    fr_auto(frame) texts = fr_test_frame("k: a b; y: 5 6", NULL);
    FAILS(left, fr_join(right, .on = "k", .how = FR_JOIN_SEMI, .validate = FR_JOIN_MANY_TO_ONE), FR_ERR_VALUE, "k = 3");
    FAILS(left, fr_join(right, .on = "k", .how = FR_JOIN_ANTI, .validate = FR_JOIN_ONE_TO_MANY), FR_ERR_VALUE, "k = 1");
    FAILS(left, fr_join(right, .on = "k", .how = FR_JOIN_SEMI, .max_rows = 1), FR_ERR_LIMIT, "would have 2 rows");
    GIVES(left, fr_join(right, .on = "k", .how = FR_JOIN_ANTI, .max_rows = 1), "k x|2 7");
    FAILS(left, fr_join(texts, .on = "k", .how = FR_JOIN_SEMI), FR_ERR_TYPE, "cannot be compared");
    FAILS(left, fr_join(right, .on = "k", .how = (fr_join_how)77), FR_ERR_ARGUMENT, "how");
}

TEST(the_account_says_which_rows_a_semi_or_anti_join_left_out)
{
    fr_auto(frame) left = fr_test_frame("k: 1 1 2 _; x: 5 6 7 8", NULL);
    fr_auto(frame) right = fr_test_frame("k: 1 3 3", NULL);
    fr_auto(frame) semi = fr_test_apply(left, fr_join(right, .on = "k", .how = FR_JOIN_SEMI));
    fr_auto(frame) anti = fr_test_apply(left, fr_join(right, .on = "k", .how = FR_JOIN_ANTI));
    fr_auto(frame) account = fr_account(anti);
    CHECK_INT(fr_length(semi), 2);
    REQUIRE(fr_length(account) == 1);
    fr_auto(frame) entry = fr_test_apply(account, fr_select("step, rows_in, rows_kept, filtered"));
    CHECK_STR(fr_test_text(entry), "step rows_in rows_kept filtered|join 4 2 2");
}

TEST(a_left_join_with_unique_keys_keeps_types_and_rows)
{
    fr_auto(frame) left = fr_test_frame("k: 1 2 3; x: 5 6 7", NULL);
    fr_auto(frame) right = fr_test_frame("k: 3 1; y i32: 30 10; flag bool: true false", NULL);
    fr_auto(frame) joined = fr_test_apply(left, fr_join(right, .on = "k", .how = FR_JOIN_LEFT));
    CHECK_STR(fr_test_text(joined), "k x y flag|1 5 10 false|2 6 _ _|3 7 30 true");
    CHECK_INT(fr_type_kind(fr_type_at(joined, 2)), FR_I32);
    CHECK_INT(fr_type_kind(fr_type_at(joined, 3)), FR_BOOL);
}

TEST(an_empty_side_keeps_its_types)
{
    fr_auto(frame) left = fr_test_frame("k: 1 2; x: 5 6", NULL);
    fr_auto(frame) none = fr_test_frame("k i64: ; y f64: ", NULL);
    fr_auto(frame) joined = fr_test_apply(left, fr_join(none, .on = "k", .how = FR_JOIN_LEFT));
    CHECK_STR(fr_test_text(joined), "k x y|1 5 _|2 6 _");
    CHECK_INT(fr_type_kind(fr_type_at(joined, 2)), FR_F64);
    GIVES(left, fr_join(none, .on = "k"), "k x y");
    GIVES(none, fr_join(left, .on = "k", .how = FR_JOIN_LEFT), "k y x");
}

TEST(clashing_names_get_suffixes)
{
    fr_auto(frame) left = fr_test_frame("k: 1; v: 2", NULL);
    fr_auto(frame) right = fr_test_frame("k: 1; v: 3", NULL);
    fr_auto(frame) taken = fr_test_frame("k: 1; v: 2; v_y: 4", NULL);
    GIVES(left, fr_join(right, .on = "k"), "k v_x v_y|1 2 3");
    GIVES(left, fr_join(right, .on = "k", .right_suffix = "_right", .left_suffix = ""), "k v v_right|1 2 3");
    FAILS(left, fr_join(right, .on = "k", .right_suffix = "", .left_suffix = ""), FR_ERR_VALUE, "v");
    FAILS(taken, fr_join(right, .on = "k"), FR_ERR_VALUE, "v_y");
}

TEST(keys_with_two_names_are_both_kept)
{
    fr_auto(frame) left = fr_test_frame("a: 1 2; x: 5 6", NULL);
    fr_auto(frame) right = fr_test_frame("b: 2 3; y: 7 8", NULL);
    GIVES(left, fr_join(right, .left_on = "a", .right_on = "b", .how = FR_JOIN_LEFT), "a x b y|1 5 _ _|2 6 2 7");
}

TEST(numbers_of_different_types_match_by_value)
{
    fr_auto(frame) ints = fr_test_frame("k: 1 2 9007199254740993 -1; x: 1 2 3 4", NULL);
    fr_auto(frame) floats = fr_test_frame("k f64: 1 2.5 9007199254740992 nan -1 1e300; y: 10 20 30 40 50 60", NULL);
    fr_auto(frame) large = fr_test_frame("k u64: 1 18446744073709551615; z: 7 8", NULL);
    fr_auto(frame) small = fr_test_frame("k i8: -1 1; z: 7 8", NULL);
    GIVES(ints, fr_join(floats, .on = "k"), "k x y|1 1 10|-1 4 50");
    GIVES(floats, fr_join(ints, .on = "k"), "k y x|1 10 1|-1 50 4");
    GIVES(ints, fr_join(large, .on = "k"), "k x z|1 1 7");
    GIVES(ints, fr_join(small, .on = "k"), "k x z|1 1 8|-1 4 7");
    GIVES(large, fr_join(small, .on = "k", .how = FR_JOIN_LEFT), "k z_x z_y|1 7 8|-1 8 _");
}

TEST(nan_matches_nan_and_minus_zero_zero)
{
    fr_auto(frame) left = fr_test_frame("k f64: nan -0.0; x: 1 2", NULL);
    fr_auto(frame) right = fr_test_frame("k f64: 0 nan; y: 3 4", NULL);
    GIVES(left, fr_join(right, .on = "k"), "k x y|nan 1 4|-0 2 3");
}

TEST(text_matches_categories)
{
    fr_auto(frame) left = fr_test_frame("k cat: a b c; x: 1 2 3", NULL);
    fr_auto(frame) right = fr_test_frame("k: c d a; y: 4 5 6", NULL);
    GIVES(left, fr_join(right, .on = "k"), "k x y|a 1 6|c 3 4");
    GIVES(right, fr_join(left, .on = "k"), "k y x|c 4 3|a 6 1");
}

TEST(keys_that_cannot_be_compared_are_refused)
{
    fr_auto(frame) left = fr_test_frame("k: 1; x: 1", NULL);
    fr_auto(frame) right = fr_test_frame("k: a; y: 1", NULL);
    fr_auto(frame) other = fr_test_frame("z: 1", NULL);
    FAILS(left, fr_join(right, .on = "k"), FR_ERR_TYPE, "cannot be compared");
    FAILS(left, fr_join(other), FR_ERR_ARGUMENT, "no column in common");
    FAILS(left, fr_join(other, .on = "x"), FR_ERR_NOT_FOUND, "no column 'x' in the right frame");
    FAILS(left, fr_join(other, .on = "z"), FR_ERR_NOT_FOUND, "no column 'z' in the left frame");
    FAILS(left, fr_join(right, .on = "k", .left_on = "x"), FR_ERR_ARGUMENT, "not both");
    FAILS(left, fr_join(right, .left_on = "x"), FR_ERR_ARGUMENT, "belong together");
    FAILS(left, fr_join(right, .left_on = "x", .right_on = "k, y"), FR_ERR_ARGUMENT, "names 1");
    FAILS(left, fr_join(right, .on = "nope"), FR_ERR_NOT_FOUND, "nope");
    FAILS(left, fr_join(NULL, .on = "k"), FR_ERR_ARGUMENT, "");
}

TEST(validate_names_a_key_that_is_not_unique)
{
    fr_auto(frame) twice = fr_test_frame("k: a b a; x: 1 2 3", NULL);
    fr_auto(frame) once = fr_test_frame("k: a b; y: 1 2", NULL);
    fr_auto(frame) nulls = fr_test_frame("k: _ _; z: 1 2", NULL);
    FAILS(once, fr_join(twice, .on = "k", .validate = FR_JOIN_MANY_TO_ONE), FR_ERR_VALUE, "k = a");
    FAILS(twice, fr_join(once, .on = "k", .validate = FR_JOIN_ONE_TO_MANY), FR_ERR_VALUE, "k = a");
    FAILS(twice, fr_join(once, .on = "k", .validate = FR_JOIN_ONE_TO_ONE), FR_ERR_VALUE, "left");
    FAILS(once, fr_join(nulls, .on = "k", .validate = FR_JOIN_MANY_TO_ONE), FR_ERR_VALUE, "k = null");
    GIVES(twice, fr_join(once, .on = "k", .validate = FR_JOIN_MANY_TO_ONE), "k x y|a 1 1|b 2 2|a 3 1");
}

TEST(validate_names_a_key_of_bytes_or_of_a_long_text)
{
    fr_auto(frame) bytes = fr_test_frame("k binary: a b a; x: 1 2 3", NULL);
    FAILS(bytes, fr_join(bytes, .on = "k", .validate = FR_JOIN_ONE_TO_ONE), FR_ERR_VALUE, "k = 0x61");
    fr_auto(frame) texts = fr_test_frame("k: 'ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä' "
                                         "'ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä ä'", NULL);
    FAILS(texts, fr_join(texts, .on = "k", .validate = FR_JOIN_ONE_TO_ONE), FR_ERR_VALUE, "ä…");
}

TEST(the_indicator_tells_where_a_row_comes_from)
{
    fr_auto(frame) left = fr_test_frame("k: 1 2", NULL);
    fr_auto(frame) right = fr_test_frame("k: 2", NULL);
    GIVES(left, fr_join(right, .on = "k", .how = FR_JOIN_LEFT, .indicator = true), "k _merge|1 left_only|2 both");
}

TEST(a_join_that_explodes_is_refused_with_its_size)
{
    fr_auto(frame) left = fr_test_frame("k: 1 1 1 1; x: 1 2 3 4", NULL);
    FAILS(left, fr_join(left, .on = "k", .max_rows = 15), FR_ERR_LIMIT, "16 rows");
    fr_auto(frame) all = fr_test_apply(left, fr_join(left, .on = "k", .max_rows = 16));
    CHECK_INT(fr_length(all), 16);
    FAILS(left, fr_join(left, .on = "k", .max_rows = 0), FR_ERR_LIMIT, "16 rows");
    FAILS(left, fr_join(left, .on = "k", .max_rows = -5), FR_ERR_ARGUMENT, "max_rows is -5");
}

/* ---- the twin: every left row against every right row ------------------------------------------------------------ */
static bool cells_match(fr_column *const *a, fr_column *const *b, size_t n, int64_t i, int64_t j)
{
    for (size_t k = 0; k < n; k++)
        if (!fr_is_valid(a[k], i) || !fr_is_valid(b[k], j) || !fr_naive_equal(a[k], i, b[k], j)) return false;
    return true;
}

static fr_frame *random_frame(fr_call *call, const char *const *types, const char *number, int64_t n, uint64_t seed)
{
    const char *names[] = { "k0", "k1", number };
    fr_column *columns[3] = { NULL, NULL, NULL };
    fr_buffer *numbers = fr_buffer_array(call, (size_t)n, 8);
    for (int64_t i = 0; i < n; i++) ((int64_t *)numbers->data)[i] = i;
    const fr_column_parts parts = { .type = fr_type_of(FR_I64), .phys = FR_PHYS_I64, .length = n, .values = numbers };
    columns[2] = fr_column_new(call, &parts);
    for (size_t i = 0; i < 2; i++) columns[i] = fr_test_repeating(call, types[i], n, 6, 15, seed / 7 + i);
    fr_frame *frame = fr_frame_of(call, NULL, names, columns, 3, n);
    for (size_t i = 0; i < 3; i++) fr_column_unref(columns[i]);
    fr_buffer_unref(numbers);
    return frame;
}

/* Left rows with a match, or those without one. */
static void check_sifted(const fr_frame *left, const fr_frame *right, const char *type, bool anti)
{
    const fr_join_how how = anti ? FR_JOIN_ANTI : FR_JOIN_SEMI;
    fr_auto(frame) sifted = fr_test_apply(left, fr_join(right, .on = "k0, k1", .how = how));
    const int64_t *i_of = fr_values(sifted, "i", FR_I64, NULL);
    int64_t at = 0;
    bool same = fr_ok(sifted) && fr_width(sifted) == 3;
    for (int64_t i = 0; same && i < left->length; i++) {
        bool found = false;
        for (int64_t j = 0; j < right->length; j++)
            found |= cells_match(fr_test_columns(left), fr_test_columns(right), 2, i, j);
        if (found != anti) same = at < sifted->length && i_of[at++] == i;
    }
    fr_test_check(same && at == sifted->length, type, __FILE__, __LINE__);
}

/* Below the left rows: the right rows without a match, in their order, with their keys. */
static bool rest_agrees(const fr_frame *left, const fr_frame *right, const fr_frame *joined, int64_t *at)
{
    fr_column *const *have = fr_test_columns(joined), *const *given = fr_test_columns(right);
    const int64_t *j_of = fr_values(joined, "j", FR_I64, NULL);
    bool same = true;
    for (int64_t j = 0; same && j < right->length; j++) {
        bool found = false;
        for (int64_t i = 0; i < left->length; i++) found |= cells_match(fr_test_columns(left), given, 2, i, j);
        if (found) continue;
        same = *at < joined->length && !fr_is_valid(have[2], *at) && j_of[*at] == j;
        for (size_t k = 0; same && k < 2; k++) same = fr_rows_equal(have[k], *at, given[k], j, 1);
        ++*at;
    }
    return same;
}

static void check_against_twin(const fr_frame *left, const fr_frame *right, const char *type, fr_join_how how)
{
    fr_auto(frame) joined = fr_test_apply(left, fr_join(right, .on = "k0, k1", .how = how));
    const int64_t *i_of = fr_values(joined, "i", FR_I64, NULL), *j_of = fr_values(joined, "j", FR_I64, NULL);
    int64_t at = 0;
    bool same = fr_ok(joined);
    for (int64_t i = 0; same && i < left->length; i++) {
        const int64_t before = at;
        for (int64_t j = 0; same && j < right->length; j++) {
            if (!cells_match(fr_test_columns(left), fr_test_columns(right), 2, i, j)) continue;
            same = at < joined->length && i_of[at] == i && j_of[at] == j && fr_is_valid(fr_test_columns(joined)[3], at);
            at++;
        }
        if (how == FR_JOIN_INNER || at > before) continue;
        same = at < joined->length && i_of[at] == i && !fr_is_valid(fr_test_columns(joined)[3], at);
        at++;
    }
    same = same && (how != FR_JOIN_FULL || rest_agrees(left, right, joined, &at));
    fr_test_check(same && at == joined->length, type, __FILE__, __LINE__);
}

TEST(joins_agree_with_two_nested_loops)
{
    WITH_CALL;
    for (uint64_t seed = 0; seed < 63; seed++) {
        const char *types[] = { fr_key_types[seed % 26], fr_key_types[seed / 3 % 21] };
        fr_auto(frame) left = random_frame(call, types, "i", 100, seed);
        fr_auto(frame) right = random_frame(call, types, "j", 70, seed + (seed & 1));
        check_against_twin(left, right, types[0], FR_JOIN_INNER);
        check_against_twin(left, right, types[0], FR_JOIN_LEFT);
        check_against_twin(left, right, types[0], FR_JOIN_FULL);
        check_sifted(left, right, types[0], false);
        check_sifted(left, right, types[0], true);
    }
}

TEST(moments_and_decimals_that_the_common_type_cannot_hold_match_nothing)
{
    fr_auto(frame) days = fr_test_frame("k date: 10957 2932896 _; x: 1 2 3", NULL);
    fr_auto(frame) ticks = fr_test_frame("k datetime[ns]: 946684800000000 5 _; y: 1 2 3", NULL);
    GIVES(days, fr_join(ticks, .on = "k"), "k x y|10957 1 1");
    GIVES(days, fr_join(ticks, .on = "k", .how = FR_JOIN_LEFT, .nulls_match = true), "k x y|10957 1 1|2932896 2 _|_ 3 3");
    GIVES(ticks, fr_join(days, .on = "k", .nulls_match = true), "k y x|946684800000000000 1 1|_ 3 3");
    fr_auto(frame) wide = fr_test_frame("w decimal(38,0): 9000000000 2; x: 1 2", NULL);
    fr_auto(frame) fine = fr_test_frame("w decimal(38,30): 2000000 5; y: 1 2", NULL);
    GIVES(wide, fr_join(fine, .on = "w"), "w x y");
}

TEST(keys_of_other_zones_are_told_how_they_meet)
{
    fr_auto(frame) frame = fr_test_frame("k datetime[us]: 0 5; x: 1 2", NULL);
    fr_auto(frame) utc = fr_test_apply(frame, fr_with("k = localize(k, 'UTC')"));
    fr_auto(frame) berlin = fr_test_apply(utc, fr_with("k = to_zone(k, 'Europe/Berlin')"));
    fr_auto(frame) zones = fr_test_apply(utc, fr_join(berlin, .on = "k"));
    fr_auto(frame) naive = fr_test_apply(frame, fr_join(berlin, .on = "k"));
    CHECK_STR(fr_error(zones)->hint, "to_zone(x, 'UTC') gives both one zone");
    CHECK_STR(fr_error(naive)->hint, "localize(x, 'Europe/Berlin') gives a zone, wall_time(x) takes it away");
    fr_auto(frame) back = fr_test_apply(berlin, fr_with("k = to_zone(k, 'UTC')"));
    fr_auto(frame) joined = fr_test_apply(utc, fr_join(back, .on = "k"));
    CHECK_INT(fr_length(joined), 2);
}
