/* The rules of verbs and aggregates, one test a rule, numbered as in the acceptance list: G aggregates, B groups, J
 * joins, O order, D repeated and missing values. What differs from pandas has a row in docs/DIFFERENCES.md. */
#include "frame/ops/apply.h"

#include <string.h>

#define AGG(spec, agg_, expected)                                                                             \
    do {                                                                                                      \
        fr_auto(frame) frame_ = fr_test_frame(spec, NULL);                                                    \
        GIVES(frame_, fr_group(.agg = agg_), expected);                                                       \
    } while (0)
#define WITH(spec, expression, expected)                                                                      \
    do {                                                                                                      \
        fr_auto(frame) frame_ = fr_test_frame(spec, NULL);                                                    \
        fr_auto(frame) with_ = fr_test_apply(frame_, fr_with("r = " expression));                             \
        GIVES(with_, fr_select("r"), "r|" expected);                                                          \
    } while (0)

/* ---- aggregates -------------------------------------------------------------------------------------------------- */
TEST(G1_without_values_sums_are_0_and_the_rest_is_null)
{
    AGG("x i64: _ _; b bool: _ _", "s = sum(x); p = prod(x); c = count(x); n = nunique(x); a = any(b); l = all(b)",
        "s p c n a l|0 1 0 0 false true");
    AGG("x i64: _ _", "a = mean(x); b = min(x); c = max(x); d = median(x); e = std(x); f = var(x); g = first(x); h = last(x)",
        "a b c d e f g h|_ _ _ _ _ _ _ _");
    AGG("x i64: ", "s = sum(x); m = mean(x)", "s m|0 _");
    AGG("x i64: _", "s = sum(x, min_count = 1)", "s|_");
}

TEST(G2_variance_divides_by_n_minus_one_unless_told)
{
    AGG("x: 1 2 3 4", "v = var(x); p = var(x, ddof = 0)", "v p|1.66666666667 1.25");
    AGG("x: 7", "v = var(x); s = std(x); z = var(x, ddof = 0)", "v s z|_ _ 0");
}

TEST(G3_skew_and_kurtosis_are_corrected_for_bias)
{
    AGG("x: 1 2 3 10", "s = round(skew(x), 6); k = round(kurt(x), 3)", "s k|1.763633 3.228");
    AGG("x: 1 2", "s = skew(x); k = kurt(x)", "s k|_ _");
    AGG("x: 1 2 3", "k = kurt(x)", "k|_");
    AGG("x: 5 5 5 5", "s = skew(x); k = kurt(x)", "s k|0 0");
}

TEST(G4_quantiles_are_linear_unless_told)
{
    AGG("x: 1 2 3 4",
        "a = quantile(x, 0.4); b = quantile(x, 0.4, interpolation = 'lower'); c = quantile(x, 0.4, interpolation = 'higher')",
        "a b c|2.2 2 3");
    AGG("x: 1 2 3 4", "d = quantile(x, 0.4, interpolation = 'midpoint'); e = quantile(x, 0.4, interpolation = 'nearest')",
        "d e|2.5 2");
    AGG("x: 1 2 3 4", "n = quantile(x, 0.5, interpolation = 'nearest'); m = median(x)", "n m|3 2.5");
    AGG("x: 1 2", "n = quantile(x, 0.5, interpolation = 'nearest')", "n|1");
}

TEST(G5_nunique_leaves_nulls_out) { AGG("x: 1 _ 1 2", "n = nunique(x)", "n|2"); }

TEST(G6_first_and_last_skip_nulls) { AGG("x: _ 1 2 _", "f = first(x); l = last(x)", "f l|1 2"); }

TEST(G7_mode_is_the_smallest_of_the_most_frequent)
{
    AGG("x: 3 1 1 3 2", "m = mode(x)", "m|1");
    AGG("x i64: _ _", "m = mode(x)", "m|_");
}

TEST(G8_value_counts_come_largest_first_ties_as_they_appear)
{
    fr_auto(frame) frame = fr_test_frame("x: 3 1 2 1 3 2 9 _", NULL);
    GIVES(frame, fr_value_counts("x"), "x count|3 2|1 2|2 2|9 1|_ 1");
    GIVES(frame, fr_value_counts("x", .drop_nulls = true), "x count|3 2|1 2|2 2|9 1");
}

TEST(G9_correlation_uses_complete_pairs_and_of_a_constant_is_null)
{
    AGG("a: 1 2 3 _; b: 2 4 7 1; c: _ 1 2 3; d: 5 5 5 5",
        "ab = round(corr(a, b), 6); bc = corr(b, c); ad = corr(a, d)", "ab bc ad|0.993399 -0.5 _");
}

TEST(G10_describe_gives_the_statistics_of_each_kind)
{
    fr_auto(frame) frame = fr_test_frame("x: 1 2 3 4 _; s: a b a a _", NULL);
    GIVES(frame, fr_describe("x"), "statistic x|count 4|mean 2.5|std 1.29099444874|min 1|25% 1.75|50% 2.5|75% 3.25|max 4");
    GIVES(frame, fr_describe("s"), "statistic s|count 4|unique 2|top a|freq 3");
}

TEST(G11_an_aggregate_without_meaning_is_an_error)
{
    fr_auto(frame) frame = fr_test_frame("s: a b", NULL);
    FAILS(frame, fr_group(.agg = "m = mean(s)"), FR_ERR_TYPE, "mean of str has no meaning");
    FAILS(frame, fr_group(.agg = "m = sum(s)"), FR_ERR_TYPE, "sum of str has no meaning");
}

TEST(G12_running_totals_pass_over_nulls_in_their_place)
{
    WITH("x: 1 _ 2", "cum_sum(x)", "1|_|3");
    WITH("x: 1 _ 2", "cum_max(x)", "1|_|2");
}

/* ---- groups ------------------------------------------------------------------------------------------------------ */
#define KEYS "k: a _ b a _; v: 1 2 3 4 5"

TEST(B1_a_null_key_is_a_group)
{
    fr_auto(frame) frame = fr_test_frame(KEYS, NULL);
    GIVES(frame, fr_group("k", .agg = "v = sum(v)"), "k v|a 5|_ 7|b 3");
    GIVES(frame, fr_group("k", .agg = "v = sum(v)", .drop_nulls = true), "k v|a 5|b 3");
    fr_auto(frame) dropped = fr_test_apply(frame, fr_group("k", .agg = "v = sum(v)", .drop_nulls = true));
    CHECK_STR(fr_test_account(dropped), "group 5 3 0 0 2 0 0");
}

TEST(B2_rows_with_a_null_key_have_windows_of_their_own) { WITH(KEYS, "sum(v) over k", "5|7|3|5|7"); }

TEST(B3_groups_come_as_they_appear_or_sorted_with_null_last)
{
    fr_auto(frame) frame = fr_test_frame("k: b _ a b", NULL);
    GIVES(frame, fr_group("k", .agg = "n = size()"), "k n|b 2|_ 1|a 1");
    GIVES(frame, fr_group("k", .agg = "n = size()", .sort = true), "k n|a 1|b 2|_ 1");
}

TEST(B4_rows_keep_their_order_inside_a_group)
{
    fr_auto(frame) frame = fr_test_frame("k: b a b a; v: 9 1 3 7", NULL);
    GIVES(frame, fr_group("k", .agg = "f = first(v); l = last(v)"), "k f l|b 9 3|a 1 7");
    WITH("k: b a b a; v: 9 1 3 7", "shift(v) over k", "_|_|9|1");
}

TEST(B5_only_categories_that_occur_are_groups)
{
    fr_auto(frame) frame = fr_test_frame("k cat: a b; v: 1 2", NULL);
    fr_auto(frame) one = fr_test_apply(frame, fr_filter("k == 'b'"));
    GIVES(one, fr_group("k", .agg = "v = sum(v)"), "k v|b 2");
}

TEST(B6_count_is_of_values_size_of_rows_and_an_empty_frame_keeps_types)
{
    fr_auto(frame) frame = fr_test_frame("k: a a; v: 1 _", NULL);
    GIVES(frame, fr_group("k", .agg = "rows = size(); values = count(v)"), "k rows values|a 2 1");
    fr_auto(frame) none = fr_test_frame("k str: ; v i64: ", NULL);
    fr_auto(frame) groups = fr_test_apply(none, fr_group("k", .agg = "m = mean(v); s = sum(v)"));
    CHECK_STR(fr_test_text(groups), "k m s");
    CHECK_INT(fr_type_kind(fr_type_at(groups, 1)), FR_F64);
    CHECK_INT(fr_type_kind(fr_type_at(groups, 2)), FR_I64);
}

TEST(B7_a_window_keeps_rows_and_order)
{
    WITH("k: b a b; v: 1 2 3", "v / sum(v) over k", "0.25|1|0.75");
    fr_auto(frame) frame = fr_test_frame("k: b a b b; v: 1 2 3 4", NULL);
    GIVES(frame, fr_filter("row_index() over k < 2"), "k v|b 1|a 2|b 3");
}

TEST(B8_a_mean_of_text_in_groups_is_an_error)
{
    fr_auto(frame) frame = fr_test_frame("k: a; s: x", NULL);
    FAILS(frame, fr_group("k", .agg = "m = mean(s)"), FR_ERR_TYPE, "mean of str has no meaning");
    GIVES(frame, fr_group("k", .agg = "mean(numeric())"), "k|a");
}

/* ---- joins ------------------------------------------------------------------------------------------------------- */
#define LEFT  "k: b a _ a z; x: 1 2 3 4 5"
#define RIGHT "k: a _ c a b; y: 10 20 30 40 50"

TEST(J1_a_null_key_matches_nothing_unless_told)
{
    fr_auto(frame) left = fr_test_frame(LEFT, NULL);
    fr_auto(frame) right = fr_test_frame(RIGHT, NULL);
    GIVES(left, fr_join(right, .on = "k"), "k x y|b 1 50|a 2 10|a 2 40|a 4 10|a 4 40");
    GIVES(left, fr_join(right, .on = "k", .nulls_match = true), "k x y|b 1 50|a 2 10|a 2 40|_ 3 20|a 4 10|a 4 40");
}

TEST(J2_the_left_order_stays_then_the_right_order_within_a_key)
{
    fr_auto(frame) left = fr_test_frame(LEFT, NULL);
    fr_auto(frame) right = fr_test_frame(RIGHT, NULL);
    GIVES(left, fr_join(right, .on = "k", .how = FR_JOIN_LEFT), "k x y|b 1 50|a 2 10|a 2 40|_ 3 _|a 4 10|a 4 40|z 5 _");
}

TEST(J3_suffixes_go_to_clashing_columns_only)
{
    fr_auto(frame) left = fr_test_frame("v: 1; k: 1; a: 2", NULL);
    fr_auto(frame) right = fr_test_frame("k: 1; v: 3; b: 4", NULL);
    GIVES(left, fr_join(right, .on = "k"), "v_x k a v_y b|1 1 2 3 4");
    FAILS(left, fr_join(right, .on = "k", .left_suffix = "", .right_suffix = ""), FR_ERR_VALUE, "v");
}

TEST(J4_keys_of_two_names_are_both_kept)
{
    fr_auto(frame) left = fr_test_frame("a: 1 2", NULL);
    fr_auto(frame) right = fr_test_frame("b: 1; y: 5", NULL);
    GIVES(left, fr_join(right, .left_on = "a", .right_on = "b", .how = FR_JOIN_LEFT), "a b y|1 1 5|2 _ _");
}

TEST(J5_keys_need_a_common_kind)
{
    fr_auto(frame) numbers = fr_test_frame("k: 1 2; x: 5 6", NULL);
    fr_auto(frame) texts = fr_test_frame("k: a; y: 1", NULL);
    fr_auto(frame) floats = fr_test_frame("k f64: 1 2.5; y: 7 8", NULL);
    fr_auto(frame) others = fr_test_frame("z: 1", NULL);
    FAILS(numbers, fr_join(others), FR_ERR_ARGUMENT, "no column in common");
    FAILS(numbers, fr_join(texts, .on = "k"), FR_ERR_TYPE, "cannot be compared");
    GIVES(numbers, fr_join(floats, .on = "k"), "k x y|1 5 7");
}

TEST(J6_validate_names_a_key_that_is_there_twice)
{
    fr_auto(frame) left = fr_test_frame("k: 1 1; x: 1 2", NULL);
    fr_auto(frame) right = fr_test_frame("k: 1 2; y: 3 4", NULL);
    fr_auto(frame) nulls = fr_test_frame("k: _ _; y: 3 4", NULL);
    FAILS(left, fr_join(right, .on = "k", .validate = FR_JOIN_ONE_TO_MANY), FR_ERR_VALUE,
          "left frame has several rows with k = 1");
    FAILS(right, fr_join(left, .on = "k", .validate = FR_JOIN_MANY_TO_ONE), FR_ERR_VALUE,
          "right frame has several rows");
    FAILS(left, fr_join(nulls, .on = "k", .validate = FR_JOIN_MANY_TO_ONE), FR_ERR_VALUE, "several rows with k = null");
    GIVES(left, fr_join(left, .on = "k", .validate = FR_JOIN_MANY_TO_MANY), "k x_x x_y|1 1 1|1 1 2|1 2 1|1 2 2");
}

TEST(J7_the_indicator_says_where_a_row_comes_from)
{
    fr_auto(frame) left = fr_test_frame("k: 1 2", NULL);
    fr_auto(frame) right = fr_test_frame("k: 1; y: 5", NULL);
    GIVES(left, fr_join(right, .on = "k", .how = FR_JOIN_LEFT, .indicator = true), "k y _merge|1 5 both|2 _ left_only");
}

TEST(J2_a_full_join_has_the_left_rows_then_the_right_rows_that_are_left_over)
{
    fr_auto(frame) left = fr_test_frame(LEFT, NULL);
    fr_auto(frame) right = fr_test_frame(RIGHT, NULL);
    GIVES(left, fr_join(right, .on = "k", .how = FR_JOIN_FULL),
          "k x y|b 1 50|a 2 10|a 2 40|_ 3 _|a 4 10|a 4 40|z 5 _|_ _ 20|c _ 30");
    GIVES(left, fr_join(right, .on = "k", .how = FR_JOIN_FULL, .nulls_match = true),
          "k x y|b 1 50|a 2 10|a 2 40|_ 3 20|a 4 10|a 4 40|z 5 _|c _ 30");
}

TEST(S1_asof_joins_look_backward_forward_and_for_the_nearest)
{
    fr_auto(frame) trades = fr_test_frame("t: 1 5 10", NULL);
    fr_auto(frame) quotes = fr_test_frame("t: 1 2 3 6 7; q: 1 2 3 6 7", NULL);
    GIVES(trades, fr_join(quotes, "t", .how = FR_JOIN_ASOF), "t q|1 1|5 3|10 7");
    GIVES(trades, fr_join(quotes, "t", .how = FR_JOIN_ASOF, .direction = FR_ASOF_FORWARD), "t q|1 1|5 6|10 _");
    GIVES(trades, fr_join(quotes, "t", .how = FR_JOIN_ASOF, .direction = FR_ASOF_NEAREST), "t q|1 1|5 6|10 7");
    GIVES(trades, fr_join(quotes, "t", .how = FR_JOIN_ASOF, .no_exact = true), "t q|1 _|5 3|10 7");
    GIVES(trades, fr_join(quotes, "t", .how = FR_JOIN_ASOF, .tolerance = fr_v(1)), "t q|1 1|5 _|10 _");
}

TEST(S2_of_equally_near_keys_an_asof_join_takes_the_one_before)
{
    fr_auto(frame) four = fr_test_frame("t: 4", NULL);
    fr_auto(frame) around = fr_test_frame("t: 2 6; q: 2 6", NULL);
    GIVES(four, fr_join(around, "t", .how = FR_JOIN_ASOF, .direction = FR_ASOF_NEAREST), "t q|4 2");
    fr_auto(frame) two = fr_test_frame("t: 2", NULL);
    fr_auto(frame) twice = fr_test_frame("t: 2 2; q: 1 2", NULL);
    GIVES(two, fr_join(twice, "t", .how = FR_JOIN_ASOF), "t q|2 2");
    GIVES(two, fr_join(twice, "t", .how = FR_JOIN_ASOF, .direction = FR_ASOF_FORWARD), "t q|2 1");
}

TEST(J8_semi_and_anti_keep_the_left_order_and_only_left_columns)
{
    fr_auto(frame) left = fr_test_frame(LEFT, NULL);
    fr_auto(frame) right = fr_test_frame(RIGHT, NULL);
    GIVES(left, fr_join(right, .on = "k", .how = FR_JOIN_SEMI), "k x|b 1|a 2|a 4");
    GIVES(left, fr_join(right, .on = "k", .how = FR_JOIN_ANTI), "k x|_ 3|z 5");
    GIVES(left, fr_join(right, .on = "k", .how = FR_JOIN_ANTI, .nulls_match = true), "k x|z 5");
}

TEST(J9_an_explosion_is_refused_with_its_size)
{
    fr_auto(frame) many = fr_test_frame("k: 1 1 1 1", NULL);
    fr_auto(frame) right = fr_test_frame("k: 1 1 1 1; y: 1 2 3 4", NULL);
    FAILS(many, fr_join(right, .on = "k", .max_rows = 15), FR_ERR_LIMIT, "16 rows");
}

TEST(J10_categories_join_by_their_texts)
{
    fr_auto(frame) left = fr_test_frame("k cat: a b", NULL);
    fr_auto(frame) right = fr_test_frame("k cat: b c; y: 1 2", NULL);
    GIVES(left, fr_join(right, .on = "k"), "k y|b 1");
}

TEST(J11_a_miss_and_an_empty_side_keep_types)
{
    fr_auto(frame) left = fr_test_frame("k: 1 2", NULL);
    fr_auto(frame) right = fr_test_frame("k: 1; y i16: 5; b bool: true", NULL);
    fr_auto(frame) none = fr_test_frame("k i64: ; y i16: ", NULL);
    fr_auto(frame) joined = fr_test_apply(left, fr_join(right, .on = "k", .how = FR_JOIN_LEFT));
    fr_auto(frame) empty = fr_test_apply(left, fr_join(none, .on = "k", .how = FR_JOIN_LEFT));
    CHECK_INT(fr_type_kind(fr_type_at(joined, 1)), FR_I16);
    CHECK_INT(fr_type_kind(fr_type_at(joined, 2)), FR_BOOL);
    CHECK_INT(fr_type_kind(fr_type_at(empty, 1)), FR_I16);
}

/* ---- order ------------------------------------------------------------------------------------------------------- */
TEST(O1_a_sort_is_stable_also_downwards)
{
    fr_auto(frame) frame = fr_test_frame("k: b a b a; n: 1 2 3 4", NULL);
    GIVES(frame, fr_sort("k"), "k n|a 2|a 4|b 1|b 3");
    GIVES(frame, fr_sort("k desc"), "k n|b 1|b 3|a 2|a 4");
}

TEST(O2_nan_then_null_come_last_in_both_directions)
{
    fr_auto(frame) frame = fr_test_frame("x f64: _ nan 2 1", NULL);
    GIVES(frame, fr_sort("x"), "x|1|2|nan|_");
    GIVES(frame, fr_sort("x desc"), "x|2|1|nan|_");
    GIVES(frame, fr_sort("x", .nulls_first = true), "x|_|1|2|nan");
}

TEST(O3_text_sorts_by_bytes)
{
    fr_auto(frame) frame = fr_test_frame("s: é b B z A '' a", NULL);
    GIVES(frame, fr_sort("s"), "s||A|B|a|b|z|é");
}

TEST(O4_ranks)
{
    WITH("x: 3 1 3 _ 2", "rank(x)", "3.5|1|3.5|_|2");
    WITH("x: 3 1 3 _ 2", "rank(x, 'min')", "3|1|3|_|2");
    WITH("x: 3 1 3 _ 2", "rank(x, 'max')", "4|1|4|_|2");
    WITH("x: 3 1 3 _ 2", "rank(x, 'first')", "3|1|4|_|2");
    WITH("x: 3 1 3 _ 2", "rank(x, 'dense')", "3|1|3|_|2");
}

/* ---- repeated and missing values --------------------------------------------------------------------------------- */
TEST(D1_distinct_keeps_the_first_the_last_or_none)
{
    fr_auto(frame) frame = fr_test_frame("a: 1 1 2 _ _; n: 1 2 3 4 5", NULL);
    GIVES(frame, fr_distinct("a"), "a n|1 1|2 3|_ 4");
    GIVES(frame, fr_distinct("a", .keep = FR_KEEP_LAST), "a n|1 2|2 3|_ 5");
    GIVES(frame, fr_distinct("a", .keep = FR_KEEP_NONE), "a n|2 3");
}

TEST(D2_drop_null_takes_any_all_or_a_number_of_values)
{
    fr_auto(frame) frame = fr_test_frame("a: 1 _ _; b: 1 2 _; c: _ 1 _", NULL);
    GIVES(frame, fr_drop_null("a, b"), "a b c|1 1 _");
    GIVES(frame, fr_drop_null(.how = FR_DROP_ALL), "a b c|1 1 _|_ 2 1");
    GIVES(frame, fr_drop_null(.min_valid = 2), "a b c|1 1 _|_ 2 1");
}

TEST(D3_forward_fill_has_a_limit_and_stays_in_its_group)
{
    fr_auto(frame) frame = fr_test_frame("x: _ 1 _ _ _ 2", NULL);
    GIVES(frame, fr_fill_null("x", .method = FR_FILL_FORWARD, .limit = 1), "x|_|1|1|_|_|2");
    fr_auto(frame) groups = fr_test_frame("g: a b a b; x: 1 _ _ 2", NULL);
    GIVES(groups, fr_fill_null("x", .method = FR_FILL_FORWARD, .by = "g"), "g x|a 1|b _|a 1|b 2");
}

TEST(D7_clip_keeps_nulls)
{
    WITH("x: 1 _ 9", "clip(x, 2, 5)", "2|_|5");
    WITH("x f64: 0 1 _", "x / shift(x) - 1", "_|inf|_");
}

TEST(D8_shift_leaves_nulls_and_keeps_the_type)
{
    WITH("x: 1 2 3", "shift(x)", "_|1|2");
    WITH("x: 1 2 3", "shift(x, -1)", "2|3|_");
    fr_auto(frame) frame = fr_test_frame("x i16: 1 2", NULL);
    fr_auto(frame) shifted = fr_test_apply(frame, fr_with("r = shift(x)"));
    CHECK_INT(fr_type_kind(fr_type_at(shifted, 1)), FR_I16);
}

TEST(R10_concat_unites_columns_and_refuses_to_mix_kinds)
{
    fr_auto(frame) top = fr_test_frame("a: 1; b: 2", NULL);
    fr_auto(frame) below = fr_test_frame("b: 3; c: 4", NULL);
    fr_auto(frame) floats = fr_test_frame("a f64: 0.5; b: 1", NULL);
    fr_auto(frame) texts = fr_test_frame("a: x; b: 1", NULL);
    GIVES(top, fr_concat(below), "a b c|1 2 _|_ 3 4");
    FAILS(top, fr_concat(texts), FR_ERR_TYPE, "a");
    GIVES(top, fr_concat(floats, .relaxed = true), "a b|1 2|0.5 1");
}
