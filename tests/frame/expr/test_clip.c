/* test_clip.c — clip, least and greatest of columns of every type and any nulls, against choices made by comparisons. */
#include "expr/expr.h"
#include "support/columns.h"
#include "support/test.h"

#include <stdio.h>

static const char *const types[] = { "i64", "narrow i8", "i8", "i32", "u16", "u64", "f64", "f32", "date", "datetime[us]",
                                     "decimal(18,2)", "str", "bool", "null" };

static fr_column *evaluate(fr_call *call, const fr_frame *frame, const char *text)
{
    fr_expr *expr = fr_expr_parse(call, text, NULL, 0);
    fr_column *result = expr ? fr_expr_eval(call, expr, &(fr_eval){ .frame = frame }) : NULL;
    fr_expr_unref(expr);
    return result;
}

static void same(fr_call *call, const fr_frame *frame, const char *type, const char *quick, const char *plain)
{
    FR_OWNED fr_column *a = evaluate(call, frame, quick), *b = evaluate(call, frame, plain);
    REQUIRE(a && b);
    if (!fr_column_equal(a, b)) CHECK_STR(type, quick);
}

static void check(const char *type, int64_t n, int nulls, uint64_t seed)
{
    static const char *const names[] = { "x", "lo", "hi" };
    WITH_CALL;
    fr_column *columns[3] = { NULL };
    for (size_t i = 0; i < 3; i++) columns[i] = fr_test_column(call, type, n, (nulls >> i & 1) * 20, seed + i);
    fr_frame *frame = fr_frame_of(call, NULL, names, columns, 3, n);
    REQUIRE(frame != NULL);
    same(call, frame, type, "clip(x, lo, hi)", "hi if hi < (lo if lo > x else x) else (lo if lo > x else x)");
    same(call, frame, type, "clip(x, null, hi)", "hi if hi < x else x");
    same(call, frame, type, "clip(x, lo, null)", "lo if lo > x else x");
    const bool real = type[0] == 'f';                  /* nan is the next test's and the kernels' */
    if (!real) same(call, frame, type, "least(x, lo)", "coalesce(lo if lo < x else x, lo)");
    if (!real) same(call, frame, type, "greatest(x, lo, hi)",
                    "coalesce(hi if hi > coalesce(lo if lo > x else x, lo) else coalesce(lo if lo > x else x, lo), hi)");
    fr_frame_unref(frame);
    for (size_t i = 0; i < 3; i++) fr_column_unref(columns[i]);
}

TEST(clip_and_extremes_are_choices)
{
    static const int64_t lengths[] = { 0, 1, 63, 65, 257, 4100 };
    for (size_t t = 0; t < FR_COUNT_OF(types); t++)
        for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
            for (int nulls = 0; nulls < 8; nulls++) check(types[t], lengths[l], nulls, 70 * t + 8 * l);
}
