/* Melt: rows column by column, types, nulls, names. */
#include "frame/ops/apply.h"

#include "base/context_state.h"
#include "support/columns.h"

#include <stdio.h>
#include <string.h>

#define WIDE "r: a b _; x: 1 2 3; y: 4 _ 6"

TEST(melt_puts_columns_below_each_other)
{
    fr_auto(frame) frame = fr_test_frame(WIDE, NULL);
    GIVES(frame, fr_melt("r"), "r variable value|a x 1|b x 2|_ x 3|a y 4|b y _|_ y 6");
    GIVES(frame, fr_melt("r", "y"), "r variable value|a y 4|b y _|_ y 6");
    GIVES(frame, fr_melt("r", "y, x", "name", "v"), "r name v|a y 4|b y _|_ y 6|a x 1|b x 2|_ x 3");
    GIVES(frame, fr_melt(.values = "y"), "r x variable value|a 1 y 4|b 2 y _|_ 3 y 6");
    fr_auto(frame) numbers = fr_test_apply(frame, fr_select("x, y"));
    GIVES(numbers, fr_melt(), "variable value|x 1|x 2|x 3|y 4|y _|y 6");
}

TEST(melt_leaves_out_nulls_when_told_and_counts_them)
{
    fr_auto(frame) frame = fr_test_frame("r: a b; x: 1 2; y: _ 4; z i64: _ _", NULL);
    fr_auto(frame) melted = fr_test_apply(frame, fr_melt("r", .drop_nulls = true));
    CHECK_STR(fr_test_text(melted), "r variable value|a x 1|b x 2|b y 4");
    CHECK_STR(fr_test_account(melted), "melt 6 3 0 0 3 0 0");
}

TEST(melted_values_become_their_common_type)
{
    fr_auto(frame) frame = fr_test_frame("i: 1; f f64: 2.5; d date: 2024-01-01; n null: _; t: x", NULL);
    fr_auto(frame) numbers = fr_test_apply(frame, fr_melt("t", "i, n, f"));
    CHECK_STR(fr_test_text(numbers), "t variable value|x i 1|x n _|x f 2.5");
    CHECK_INT(fr_type_kind(fr_type_at(numbers, 2)), FR_F64);
    CHECK_INT(fr_type_kind(fr_type_at(numbers, 1)), FR_STR);
    FAILS(frame, fr_melt("t", "i, f, d"), FR_ERR_TYPE, "values of column 'f', of type f64, and 'd', of type date");
    FAILS(frame, fr_melt("t", "i, d"), FR_ERR_TYPE, "'i'");
}

TEST(melt_says_what_it_lacks)
{
    fr_auto(frame) frame = fr_test_frame(WIDE, NULL);
    FAILS(frame, fr_melt("all()"), FR_ERR_ARGUMENT, "no column is left");
    FAILS(frame, fr_melt("r, x", "x"), FR_ERR_ARGUMENT, "'x' is both in index and in values");
    FAILS(frame, fr_melt("r", .variable = "r"), FR_ERR_VALUE, "'r'");
    FAILS(frame, fr_melt("r", .variable = "k", .value = "k"), FR_ERR_VALUE, "'k'");
    FAILS(frame, fr_melt("nothing"), FR_ERR_NOT_FOUND, "nothing");
}

TEST(melt_of_no_rows_has_its_columns)
{
    fr_auto(frame) frame = fr_test_frame("r str: ; x f64: ; y f64: ", NULL);
    GIVES(frame, fr_melt("r"), "r variable value");
    GIVES(frame, fr_melt("r", .drop_nulls = true), "r variable value");
}

TEST(rows_beyond_the_memory_limit_are_refused_before_they_are_made)
{
    enum { N = 200 };
    fr_auto(context) context = fr_context_new(.limits.memory_bytes = (uint64_t)8 << 20, .threads = 1);
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    char names[N][8];
    const char *listed[N];
    fr_column *columns[N], *column = fr_column_repeat(&call, fr_type_of(FR_I64), fr_v_i64(1), 50000);
    for (size_t i = 0; i < N; i++) {
        snprintf(names[i], sizeof names[i], "c%zu", i);
        listed[i] = names[i];
        columns[i] = column;
    }
    fr_auto(frame) frame = fr_frame_of(&call, NULL, listed, columns, N, 50000);
    fr_column_unref(column);
    const uint64_t before = fr_context_peak_bytes(context);
    FAILS(frame, fr_melt(), FR_ERR_LIMIT, "10,000,000 rows (50,000 of 200 columns)");
    CHECK(fr_context_peak_bytes(context) < before + (1 << 20));
    fr_call_end(&call);
}

/* ---- the twin: a select of each column, one below the other -------------------------------------------------------- */
static fr_frame *piece_of(const fr_frame *frame, const char *name)
{
    char columns[64], assign[64];
    snprintf(columns, sizeof columns, "k, %s as value", name);
    snprintf(assign, sizeof assign, "variable = '%s'", name);
    fr_auto(frame) picked = fr_test_apply(frame, fr_select(columns));
    fr_auto(frame) named = fr_test_apply(picked, fr_with(assign));
    return fr_test_apply(named, fr_select("k, variable, value"));
}

static void check_twin(const fr_frame *frame, bool drop_nulls, const char *type)
{
    fr_auto(frame) twin = piece_of(frame, "x");
    fr_auto(frame) y = piece_of(frame, "y");
    fr_auto(frame) z = piece_of(frame, "z");
    fr_set(twin, fr_test_apply(twin, fr_concat(y, .relaxed = true)));
    fr_set(twin, fr_test_apply(twin, fr_concat(z, .relaxed = true)));
    if (drop_nulls) fr_set(twin, fr_test_apply(twin, fr_drop_null("value")));
    fr_auto(frame) melted = fr_test_apply(frame, fr_melt("k", .drop_nulls = drop_nulls));
    fr_column *const *columns = fr_ok(melted) ? fr_test_columns(melted) : NULL;
    for (size_t i = 0; columns && i < 3; i++) CHECK(fr_test_column_is_sound(columns[i]));
    fr_test_check(fr_ok(melted) && fr_equal(melted, twin), type, __FILE__, __LINE__);
}

TEST(a_melt_is_each_column_below_the_other)
{
    static const int64_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 511 };
    WITH_CALL;
    for (size_t t = 0; fr_test_types[t]; t++)
        for (uint64_t seed = 0; seed < 8; seed++) {
            const int64_t n = lengths[seed];
            const char *names[] = { "k", "x", "y", "z" };
            fr_column *columns[4];
            for (uint64_t i = 0; i < 4; i++)
                columns[i] = fr_test_column(call, i ? fr_test_types[t] : "str", n, (int)(10 * i), seed + i);
            fr_auto(frame) frame = fr_frame_of(call, NULL, names, columns, 4, n);
            for (size_t i = 0; i < 4; i++) fr_column_unref(columns[i]);
            check_twin(frame, seed & 1, fr_test_types[t]);
            check_twin(frame, !(seed & 1), fr_test_types[t]);
        }
}

TEST(more_names_than_a_byte_counts_are_melted)
{
    enum { N = 300 };
    WITH_CALL;
    char names[N][8];
    const char *listed[N];
    fr_column *columns[N];
    for (int64_t i = 0; i < N; i++) {
        snprintf(names[i], sizeof names[i], "c%d", (int)i);
        listed[i] = names[i];
        columns[i] = fr_column_repeat(call, fr_type_of(FR_I64), fr_v_i64(i), 2);
    }
    fr_auto(frame) frame = fr_frame_of(call, NULL, listed, columns, N, 2);
    for (size_t i = 0; i < N; i++) fr_column_unref(columns[i]);
    fr_auto(frame) melted = fr_test_apply(frame, fr_melt());
    CHECK_INT(fr_length(melted), 2 * N);
    fr_column *const *made = fr_test_columns(melted);
    for (int64_t i = 0; i < 2 * N; i++) {
        size_t n;
        const char *text = fr_column_text(made[0], i, &n);
        CHECK(text && n == strlen(names[i / 2]) && !memcmp(text, names[i / 2], n));
        CHECK_INT(fr_column_value(made[1], i).as.i, i / 2);
    }
}
