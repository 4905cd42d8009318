/* Pivot: cells, keys and their order, names, what is refused; a twin by nested loops. */
#include "frame/ops/apply.h"
#include "frame/ops/naive.h"

#include "base/context_state.h"
#include "support/columns.h"

#include <stdlib.h>
#include <string.h>

#define SALES "r: b a a b _; c: y x y x y; v: 1 2 3 4 5; w: 1 _ _ _ 2"

/* ---- cells ------------------------------------------------------------------------------------------------------- */
TEST(a_pivot_puts_values_into_cells)
{
    fr_auto(frame) frame = fr_test_frame(SALES, NULL);
    GIVES(frame, fr_pivot("r", "c", "v"), "r x y|b 4 1|a 2 3|_ _ 5");
    GIVES(frame, fr_pivot("c", "r", "v"), "c a b null|y 3 1 5|x 2 4 _");
    GIVES(frame, fr_pivot("r", "c", "v", .sort = true), "r x y|a 2 3|b 4 1|_ _ 5");
}

TEST(a_pivot_of_several_values_names_each_column_by_both)
{
    fr_auto(frame) frame = fr_test_frame(SALES, NULL);
    GIVES(frame, fr_pivot("r", "c", "v, w"), "r v_x v_y w_x w_y|b 4 1 _ 1|a 2 3 _ _|_ _ 5 _ 2");
    GIVES(frame, fr_pivot("r", "c", "v, w", .naming = "{column}.{value}"), "r x.v y.v x.w y.w|b 4 1 _ 1|a 2 3 _ _|_ _ 5 _ 2");
    GIVES(frame, fr_pivot("r", "c", "v", .naming = "in {c}"), "r in x in y|b 4 1|a 2 3|_ _ 5");
}

TEST(aggregates_say_what_becomes_of_the_rows_of_a_cell)
{
    fr_auto(frame) frame = fr_test_frame("r: a a b b _; c: x y x x y; v: 1 2 3 5 7; w: 1 _ _ _ 2", NULL);
    GIVES(frame, fr_pivot("r", "c", "v", "sum"), "r x y|a 1 2|b 8 _|_ _ 7");
    GIVES(frame, fr_pivot("r", "c", "v", "mean"), "r x y|a 1 2|b 4 _|_ _ 7");
    GIVES(frame, fr_pivot("r", "c", "v", "min; max"), "r min_x min_y max_x max_y|a 1 2 1 2|b 3 _ 5 _|_ _ 7 _ 7");
    GIVES(frame, fr_pivot("r", "c", "v, w", " max,count "),
          "r max_v_x max_v_y max_w_x max_w_y count_v_x count_v_y count_w_x count_w_y|"
          "a 1 2 1 _ 1 1 1 0|b 5 _ _ _ 2 _ 0 _|_ _ 7 _ 2 _ 1 _ 1");
    GIVES(frame, fr_pivot("r", "c", .agg = "t = sum(v * 10)"), "r x y|a 10 20|b 80 _|_ _ 70");
    GIVES(frame, fr_pivot("r", "c", .agg = "s = sum(v) - $1; n = size()", .bind = { fr_v(1) }),
          "r s_x s_y n_x n_y|a 0 1 1 1|b 7 _ 2 _|_ _ 6 _ 1");
    GIVES(frame, fr_pivot("r", "c", .agg = "max(integer())"),
          "r v_x v_y w_x w_y|a 1 2 1 _|b 5 _ _ _|_ _ 7 _ 2");
}

/* The sum of nothing but nulls is 0; of no rows there is none. */
TEST(fill_stands_in_cells_without_rows_only)
{
    fr_auto(frame) frame = fr_test_frame("r: a a b b _; c: x y x x y; v: 1 2 3 5 7; w: 1 _ _ _ 2", NULL);
    GIVES(frame, fr_pivot("r", "c", "w", "sum"), "r x y|a 1 0|b 0 _|_ _ 2");
    GIVES(frame, fr_pivot("r", "c", "w", "mean", .fill = fr_v(9)), "r x y|a 1 _|b _ 9|_ 9 2");
    GIVES(frame, fr_pivot("r", "c", .agg = "size()", .fill = fr_v(0)), "r x y|a 1 1|b 2 0|_ 0 1");
    fr_auto(frame) texts = fr_test_frame("r: a b; c: x y; t: p q; z cat: k l; d date: 2024-01-01 2024-01-02", NULL);
    GIVES(texts, fr_pivot("r", "c", "t", .fill = fr_v("?")), "r x y|a p ?|b ? q");
    GIVES(texts, fr_pivot("r", "c", "z", .fill = fr_v("?")), "r x y|a k ?|b ? l");
    FAILS(texts, fr_pivot("r", "c", "t", .fill = fr_v(0)), FR_ERR_TYPE, "t");
    FAILS(texts, fr_pivot("r", "c", "d", .fill = fr_v(0)), FR_ERR_TYPE, "d");
    FAILS(frame, fr_pivot("r", "c", "v", "sum", .fill = fr_v(0.5)), FR_ERR_TYPE, "i64");
}

TEST(a_cell_with_two_rows_is_an_error_that_names_it)
{
    fr_auto(frame) frame = fr_test_frame("r: a b a b; c: x x y x; v: 1 2 3 4", NULL);
    FAILS(frame, fr_pivot("r", "c", "v"), FR_ERR_VALUE, "r = b, c = x: row 1 and row 3");
    fr_auto(frame) pivoted = fr_test_apply(frame, fr_pivot("r", "c", "v"));
    CHECK_INT(fr_error(pivoted)->row, 3);
    CHECK(strstr(fr_error(pivoted)->hint, "agg") != NULL);
    fr_auto(frame) nulls = fr_test_frame("r: _ b a _ b; c: x x y _ x; v: 1 2 3 4 5", NULL);
    FAILS(nulls, fr_pivot("r", "c", "v", .drop_nulls = true), FR_ERR_VALUE, "row 1 and row 4");
    FAILS(nulls, fr_pivot(.columns = "c", .values = "v"), FR_ERR_VALUE, "c = x: row 0 and row 1");
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */
TEST(columns_are_in_the_order_of_keys_null_last)
{
    fr_auto(frame) frame = fr_test_frame("r: 1 1 1 1 1; c f64: 10 -1 nan _ 9.5; v: 1 2 3 4 5", NULL);
    GIVES(frame, fr_pivot("r", "c", "v"), "r -1.0 9.5 10.0 nan null|1 2 5 1 3 4");
    fr_auto(frame) several = fr_test_frame("r: 1 1 1 1; c: 2 10 2 10; k: b a a _; v: 1 2 3 4", NULL);
    GIVES(several, fr_pivot("r", "c, k", "v"), "r 2_a 2_b 10_a 10_null|1 3 1 2 4");
    fr_auto(frame) zeros = fr_test_frame("r: 1 2; c f64: -0.0 0; v: 1 2", NULL);
    GIVES(zeros, fr_pivot("r", "c", "v"), "r 0.0|1 1|2 2");
}

TEST(without_an_index_there_is_one_row)
{
    fr_auto(frame) frame = fr_test_frame(SALES, NULL);
    GIVES(frame, fr_pivot(.columns = "c", .values = "v", .agg = "sum"), "x y|6 9");
    fr_auto(frame) none = fr_test_frame("r str: ; c str: ; v i64: ", NULL);
    GIVES(none, fr_pivot("r", "c", "v"), "r");
    GIVES(none, fr_pivot("r", "c", "v", "sum", .only = "a"), "r a");
}

TEST(nulls_are_keys_unless_dropped)
{
    fr_auto(frame) frame = fr_test_frame("r: a _ a b; c: x x _ _; v: 1 2 3 4", NULL);
    GIVES(frame, fr_pivot("r", "c", "v"), "r x null|a 1 3|_ 2 _|b _ 4");
    fr_auto(frame) dropped = fr_test_apply(frame, fr_pivot("r", "c", "v", .drop_nulls = true));
    CHECK_STR(fr_test_text(dropped), "r x|a 1");
    CHECK_STR(fr_test_account(dropped), "pivot 4 1 0 0 3 0 0");
}

TEST(only_lists_keys_and_leaves_out_other_rows)
{
    fr_auto(frame) frame = fr_test_frame("r: a a b b; c: x y z y; v: 1 2 3 4", NULL);
    fr_auto(frame) listed = fr_test_apply(frame, fr_pivot("r", "c", "v", .only = "y, 'x'"));
    CHECK_STR(fr_test_text(listed), "r y x|a 2 1|b 4 _");
    CHECK_STR(fr_test_account(listed), "pivot 4 3 0 0 1 0 0");
    CHECK_INT(fr_warning_count(listed), 0);
    fr_auto(frame) unseen = fr_test_apply(frame, fr_pivot("r", "c", "v", "sum", .only = "q, z", .fill = fr_v(0)));
    CHECK_STR(fr_test_text(unseen), "r q z|b 0 3");
    CHECK(strstr(fr_warning(unseen, 0), "'q'") != NULL);
    fr_auto(frame) numbers = fr_test_frame("r: 1 1; c: 2 _; d: 3 4; v: 5 6", NULL);
    GIVES(numbers, fr_pivot("r", "c", "v", .only = "null, 2"), "r null 2|1 6 5");
    GIVES(numbers, fr_pivot("r", "c, d", "v", .only = "2_3"), "r 2_3|1 5");
    FAILS(frame, fr_pivot("r", "c", "v", .only = "x, y, x"), FR_ERR_ARGUMENT, "'x' twice");
    FAILS(frame, fr_pivot("r", "c", "v", .only = "'x"), FR_ERR_ARGUMENT, "quote");
}

/* ---- totals and shares ------------------------------------------------------------------------------------------- */
TEST(margins_are_what_the_aggregates_say_of_all_rows)
{
    fr_auto(frame) frame = fr_test_frame("r: a a b b b; c: x y x x _; v: 1 2 3 6 _", NULL);
    GIVES(frame, fr_pivot("r", "c", "v", "sum", .margins = true), "r x y null Total|a 1 2 _ 3|b 9 _ 0 9|Total 10 2 0 12");
    GIVES(frame, fr_pivot("r", "c", "v", "mean", .margins = true, .fill = fr_v(0)),
          "r x y null Total|a 1 2 0 1.5|b 4.5 0 _ 4.5|Total 3.33333333333 2 _ 3");
    GIVES(frame, fr_pivot("r", "c", .agg = "n = size(); m = median(v)", .margins = true, .naming = "{value}.{column|All}"),
          "r n.x n.y n.null n.All m.x m.y m.null m.All|a 1 1 _ 2 1 2 _ 1.5|b 2 _ 1 3 4.5 _ _ 4.5|All 3 1 1 5 3 2 _ 2.5");
    GIVES(frame, fr_pivot("c", "r", "v", "max", .margins = true, .sort = true, .drop_nulls = true),
          "c a b Total|x 1 6 6|y 2 _ 2|Total 2 6 6");
    GIVES(frame, fr_pivot("r", "c", "v", "sum", .margins = true, .only = "y, q", .fill = fr_v(0)),
          "r y q Total|a 2 0 2|Total 2 0 2");
    GIVES(frame, fr_pivot(.columns = "c", .agg = "size()", .margins = true), "x y null Total|3 1 1 5");
    fr_auto(frame) none = fr_test_frame("r str: ; c str: ; v i64: ", NULL);
    GIVES(none, fr_pivot("r", "c", "v", "sum", .margins = true), "r Total|Total 0");
    GIVES(none, fr_pivot(.columns = "c", .agg = "sum(v)", .margins = true), "Total");
}

/* A key that holds no texts cannot be called so. */
TEST(the_row_of_totals_is_told_from_all_others)
{
    fr_auto(frame) frame = fr_test_frame("y: 1 2 1; k: a b _; t: p Total q; d date: 2024-01-01 _ 2024-01-01; z cat: u v u", NULL);
    GIVES(frame, fr_pivot("y", "t", .agg = "size()", .margins = true, .naming = "{column|all}"),
          "y Total p q all|1 _ 1 1 2|2 1 _ _ 1|_ 1 1 1 3");
    GIVES(frame, fr_pivot("z, d", "y", .agg = "size()", .margins = true), "z d 1 2 Total|u 2024 2 _ 2|v _ _ 1 1|Total _ 2 1 3");
    GIVES(frame, fr_pivot("k", "y", .agg = "size()", .margins = true), "k 1 2 Total|a 1 _ 1|b _ 1 1|_ 1 _ 1|Total 2 1 3");
    FAILS(frame, fr_pivot("t", "y", .agg = "size()", .margins = true), FR_ERR_VALUE, "called as another, Total");
    FAILS(frame, fr_pivot("d", "y", .agg = "size()", .margins = true), FR_ERR_VALUE, "called as another, null");
    FAILS(frame, fr_pivot("y", "t", .agg = "size()", .margins = true), FR_ERR_VALUE, "two columns would be called 'Total'");
    FAILS(frame, fr_pivot("y", "k", .agg = "size()", .margins = true, .max_columns = 3), FR_ERR_LIMIT, "4 columns of 2 rows");
}

TEST(shares_are_cells_divided_by_totals)
{
    fr_auto(frame) frame = fr_test_frame("r: a a b b b; c: x y x x x; v: 1 3 4 4 8; z: 0 0 0 0 0", NULL);
    GIVES(frame, fr_pivot("r", "c", "v", "sum", .normalize = FR_SHARE_INDEX), "r x y|a 0.25 0.75|b 1 _");
    GIVES(frame, fr_pivot("r", "c", "v", "sum", .normalize = FR_SHARE_ALL, .fill = fr_v(0)), "r x y|a 0.05 0.15|b 0.8 0");
    GIVES(frame, fr_pivot("r", "c", .agg = "size()", .normalize = FR_SHARE_COLUMNS, .margins = true),
          "r x y Total|a 0.25 1 0.4|b 0.75 _ 0.6|Total 1 1 1");
    GIVES(frame, fr_pivot("r", "c", .agg = "size()", .normalize = FR_SHARE_INDEX, .margins = true),
          "r x y Total|a 0.5 0.5 1|b 1 _ 1|Total 0.8 0.2 1");
    GIVES(frame, fr_pivot("r", "c", "z", "sum", .normalize = FR_SHARE_ALL), "r x y|a _ _|b _ _");
    GIVES(frame, fr_pivot(.columns = "c", .agg = "size()", .normalize = FR_SHARE_INDEX), "x y|0.8 0.2");
    fr_auto(frame) money = fr_test_frame("r: a a; c: x y; v decimal(38,1): 1.0 2.0", NULL);
    GIVES(money, fr_pivot("r", "c", "v", "sum", .normalize = FR_SHARE_INDEX), "r x y|a 0.333333333333 0.666666666667");
    FAILS(frame, fr_pivot(.columns = "c", .values = "r", .agg = "max", .normalize = FR_SHARE_ALL), FR_ERR_TYPE, "'r' is str");
    FAILS(frame, fr_pivot("r", "v", "z", .normalize = FR_SHARE_ALL), FR_ERR_ARGUMENT, "shares of cells that are not");
    FAILS(frame, fr_pivot("r", "v", "z", .margins = true), FR_ERR_ARGUMENT, "totals of cells that are not aggregates");
}

/* ---- what is refused --------------------------------------------------------------------------------------------- */
TEST(names_that_would_be_the_same_are_an_error)
{
    fr_auto(frame) frame = fr_test_frame("r: 1 1; a: x_y x; b: z y_z; c: r r; t: null _; v: 1 2", NULL);
    FAILS(frame, fr_pivot("r", "a, b", "v"), FR_ERR_VALUE, "x_y_z");
    GIVES(frame, fr_pivot("r", "a, b", "v", .naming = "{a}/{b}"), "r x/y_z x_y/z|1 2 1");
    FAILS(frame, fr_pivot("r", "c", "v", "sum"), FR_ERR_VALUE, "'r'");
    GIVES(frame, fr_pivot("r", "c", "v", "sum", .naming = "c_{column}"), "r c_r|1 3");
    FAILS(frame, fr_pivot("r", "t", "v"), FR_ERR_VALUE, "'null'");
    FAILS(frame, fr_pivot("r", "a", "v", .naming = "same"), FR_ERR_VALUE, "'same'");
    FAILS(frame, fr_pivot("r", "a", "v", .naming = "{b}"), FR_ERR_ARGUMENT, "{b}");
    FAILS(frame, fr_pivot("r", "a", "v", .naming = "{a"), FR_ERR_ARGUMENT, "{a");
}

TEST(what_a_pivot_lacks_is_said)
{
    fr_auto(frame) frame = fr_test_frame(SALES, NULL);
    FAILS(frame, fr_pivot("r", .values = "v"), FR_ERR_ARGUMENT, "columns");
    FAILS(frame, fr_pivot("r", "c"), FR_ERR_ARGUMENT, "values");
    FAILS(frame, fr_pivot("r", "c", .agg = "sum"), FR_ERR_ARGUMENT, "sum of what");
    FAILS(frame, fr_pivot("r", "c", "v", "sum(v)"), FR_ERR_ARGUMENT, "both values and agg");
    FAILS(frame, fr_pivot("r", "c", "v", "summ"), FR_ERR_NOT_FOUND, "summ");
    FAILS(frame, fr_pivot("r, c", "c", "v"), FR_ERR_ARGUMENT, "'c' is both in index and in columns");
    FAILS(frame, fr_pivot("r", "nothing", "v"), FR_ERR_NOT_FOUND, "nothing");
    FAILS(frame, fr_pivot("r", "c", "v", .max_columns = -1), FR_ERR_ARGUMENT, "max_columns");
}

TEST(more_columns_than_allowed_are_an_error)
{
    fr_auto(frame) frame = fr_test_frame("r: 1 1 1; c: 1 2 3; v: 1 2 3", NULL);
    FAILS(frame, fr_pivot("r", "c", "v", .max_columns = 2), FR_ERR_LIMIT, "3 columns of 1 rows");
    GIVES(frame, fr_pivot("r", "c", "v", .max_columns = 3), "r 1 2 3|1 1 2 3");
}

/* Each of 3,000 rows has a column of its own. */
TEST(cells_beyond_the_memory_limit_are_refused_before_they_are_made)
{
    fr_auto(context) context = fr_context_new(.limits.memory_bytes = (uint64_t)32 << 20, .threads = 1);
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    int64_t numbers[3000];
    for (int64_t i = 0; i < 3000; i++) numbers[i] = i * 100000;
    const char *names[] = { "r", "c", "v" };
    fr_column *column = fr_test_i64s(&call, numbers, NULL, 3000);
    fr_column *columns[] = { column, column, column };
    fr_auto(frame) frame = fr_frame_of(&call, NULL, names, columns, 3, 3000);
    fr_column_unref(column);
    const uint64_t before = fr_context_peak_bytes(context);
    FAILS(frame, fr_pivot("r", "c", "v"), FR_ERR_LIMIT, "3,000 columns of 3,000 rows");
    FAILS(frame, fr_pivot("r", "c", "v"), FR_ERR_LIMIT, "beyond the memory limit of 33,554,432 bytes");
    CHECK(fr_context_peak_bytes(context) < before + (4 << 20));
    fr_call_end(&call);
}

/* ---- the twin: two loops ----------------------------------------------------------------------------------------- */
typedef struct cell_rows {
    fr_column *index, *keys, *values;      /* of the frame, lent */
    int64_t    n;
} cell_rows;

/* Different keys in order of first appearance, then in order. */
static size_t list_keys(const fr_column *keys, int64_t n, bool ordered, int64_t *rows)
{
    const fr_key_want want = { .ordered = true };
    size_t found = 0;
    for (int64_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < found && !fr_naive_equal(keys, rows[k], keys, i)) k++;
        if (k == found) rows[found++] = i;
    }
    for (size_t i = 1; ordered && i < found; i++)
        for (size_t k = i; k > 0 && fr_naive_compare(keys, rows[k], rows[k - 1], &want) < 0; k--) {
            const int64_t row = rows[k];
            rows[k] = rows[k - 1];
            rows[k - 1] = row;
        }
    return found;
}

static fr_column *column_of_key(fr_call *call, const cell_rows *t, const int64_t *index, size_t n_index, int64_t key)
{
    fr_builder *builder = fr_builder_new(call, t->values->type, 8);
    bool fine = builder != NULL;
    for (size_t i = 0; fine && i < n_index; i++) {
        int64_t row = 0;
        while (row < t->n && !(fr_naive_equal(t->index, index[i], t->index, row) &&
                               fr_naive_equal(t->keys, key, t->keys, row))) row++;
        fine = fr_test_add_row(call, builder, t->values, row < t->n ? row : -1);
    }
    fr_column *column = fine ? fr_builder_finish(call, builder) : NULL;
    if (builder) fr_builder_unref(builder);
    return column;
}

/* The frame has no two rows of one cell. */
static void check_twin(fr_call *call, const fr_frame *frame, bool sort, const char *type)
{
    fr_auto(frame) pivoted = fr_test_apply(frame, fr_pivot("r", "c", "v", .naming = "k_{column}", .sort = sort));
    CHECK_STR(fr_ok(pivoted) ? "" : fr_error(pivoted)->message, "");
    if (!fr_ok(pivoted)) return;
    fr_column *const *in = fr_test_columns(frame), *const *out = fr_test_columns(pivoted);
    const cell_rows t = { in[0], in[1], in[2], fr_length(frame) };
    int64_t *index = calloc((size_t)t.n + 1, sizeof *index), *keys = calloc((size_t)t.n + 1, sizeof *keys);
    const size_t n_index = list_keys(t.index, t.n, sort, index), n_keys = list_keys(t.keys, t.n, true, keys);
    CHECK_INT(fr_length(pivoted), n_index);
    CHECK_INT(fr_width(pivoted), 1 + n_keys);
    for (size_t i = 0; i < n_index; i++) CHECK(fr_naive_equal(t.index, index[i], out[0], (int64_t)i));
    for (size_t k = 0; k < n_keys; k++) {
        fr_column *expected = column_of_key(call, &t, index, n_index, keys[k]);
        const bool same = expected && fr_column_equal(out[1 + k], expected) && fr_test_column_is_sound(out[1 + k]);
        fr_test_check(same, type, __FILE__, __LINE__);
        fr_column_unref(expected);
    }
    free(index);
    free(keys);
}

static fr_frame *frame_of_cells(fr_call *call, const char *key, const char *value, int64_t n, uint64_t seed)
{
    const char *names[] = { "r", "c", "v" };
    fr_column *columns[] = { fr_test_repeating(call, seed & 1 ? key : "str", n, 20, 15, seed),
                             fr_test_repeating(call, key, n, 6, 15, seed + 1), fr_test_column(call, value, n, 20, seed + 2) };
    fr_auto(frame) frame = fr_frame_of(call, NULL, names, columns, 3, n);
    for (size_t i = 0; i < 3; i++) fr_column_unref(columns[i]);
    return fr_test_apply(frame, fr_distinct("r, c"));
}

TEST(cells_are_those_that_two_loops_find)
{
    static const int64_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 511 };
    size_t n_types = 0;
    while (fr_test_types[n_types]) n_types++;
    for (uint32_t threads = 1; threads <= 3; threads += 2) {
        fr_auto(context) context = fr_context_new(.threads = threads);
        context->chunk_rows = threads == 3 ? 64 : 0;
        fr_call call;
        fr_call_begin(&call, context, __FILE__, __LINE__);
        for (size_t k = 0; fr_key_types[k]; k++)
            for (uint64_t i = 0; i < 8; i++) {
                const char *value = fr_test_types[(k * 8 + i) % n_types];
                fr_auto(frame) frame = frame_of_cells(&call, fr_key_types[k], value, lengths[i], k * 8 + i);
                check_twin(&call, frame, i & 2, fr_key_types[k]);
            }
        fr_call_end(&call);
    }
}

/* Totals of rows are those of a group by r, totals of columns a pivot without an index, and the last one a group of all. */
static void check_margins(const fr_frame *frame)
{
    const char *agg = "s = sum(v); n = size(); q = median(v)";
    const fr_kind kind = fr_type_kind(fr_type_at(frame, 0));
    const char *of_all = kind == FR_STR   ? "r = 't'; s_t = sum(v); n_t = size(); q_t = median(v); one = 1"
                         : kind == FR_CAT ? "r = cast('t', 'cat'); s_t = sum(v); n_t = size(); q_t = median(v); one = 1"
                         : "r = nullif(first(r), first(r)); s_t = sum(v); n_t = size(); q_t = median(v); one = 1";
    fr_auto(frame) whole = fr_test_apply(frame, fr_drop_null("r"));
    fr_auto(frame) with = fr_test_apply(whole, fr_pivot("r", "c", .agg = agg, .margins = true, .naming = "{value}_{column|t}"));
    fr_auto(frame) rows = fr_test_apply(whole, fr_group("r", .agg = "s_t = sum(v); n_t = size(); q_t = median(v)"));
    fr_auto(frame) twin = fr_test_apply(whole, fr_pivot("r", "c", .agg = agg, .naming = "{value}_{column}"));
    fr_auto(frame) last = fr_test_apply(whole, fr_pivot(.columns = "c", .agg = agg, .naming = "{value}_{column}"));
    fr_auto(frame) all = fr_test_apply(whole, fr_group(.agg = of_all));
    fr_set(last, fr_test_apply(last, fr_with("one = 1")));
    fr_set(last, fr_test_apply(last, fr_join(all, "one")));
    fr_set(last, fr_test_apply(last, fr_drop("one")));
    fr_set(twin, fr_test_apply(twin, fr_join(rows, "r")));
    fr_set(twin, fr_test_apply(twin, fr_concat(last)));
    fr_set(twin, fr_test_apply(twin, fr_select("r, starts_with('s_'), starts_with('n_'), starts_with('q_')")));
    CHECK_STR(fr_ok(twin) ? "" : fr_error(twin)->message, "");
    CHECK(fr_ok(with) && fr_equal(with, twin));
}

/* A group, whose result is pivoted without aggregates; and what fill does is a coalesce where there is no row. */
TEST(aggregates_are_those_of_a_group)
{
    for (uint32_t threads = 1; threads <= 5; threads += 2) {
        fr_auto(context) context = fr_context_new(.threads = threads);
        context->chunk_rows = threads == 5 ? 64 : 0;
        fr_call call;
        fr_call_begin(&call, context, __FILE__, __LINE__);
        for (size_t k = 0; fr_key_types[k]; k++) {
            const char *names[] = { "r", "c", "v" };
            const int64_t n = k % 2 ? 2049 : 511;
            fr_column *columns[] = { fr_test_repeating(&call, fr_key_types[k], n, 30, 10, k),
                                     fr_test_repeating(&call, "codes", n, 7, 10, k + 1),
                                     fr_test_column(&call, "f64", n, 20, k + 2) };
            fr_auto(frame) frame = fr_frame_of(&call, NULL, names, columns, 3, n);
            for (size_t i = 0; i < 3; i++) fr_column_unref(columns[i]);
            fr_auto(frame) pivoted = fr_test_apply(frame, fr_pivot("r", "c", .agg = "s = sum(v); n = size(); q = median(v)",
                                                                   .naming = "{value}_{column}", .sort = true));
            fr_auto(frame) grouped = fr_test_apply(frame, fr_group("r, c", .agg = "s = sum(v); n = size(); q = median(v)"));
            fr_auto(frame) twin = fr_test_apply(grouped, fr_pivot("r", "c", "s, n, q", .sort = true));
            CHECK(fr_ok(pivoted) && fr_equal(pivoted, twin));
            fr_auto(frame) filled = fr_test_apply(frame, fr_pivot("r", "c", .agg = "size()", .fill = fr_v(0),
                                                                  .naming = "k_{column}", .sort = true));
            fr_auto(frame) counted = fr_test_apply(frame, fr_pivot("r", "c", .agg = "size()", .naming = "k_{column}",
                                                                   .sort = true));
            fr_set(counted, fr_test_apply(counted, fr_fill_null("starts_with('k_')", fr_v(0))));
            CHECK(fr_ok(filled) && fr_equal(filled, counted));
            check_margins(frame);
        }
        fr_call_end(&call);
    }
}
