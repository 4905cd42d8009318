/* test_arith_narrow.c — arithmetic on columns of i64 that lie in one, two or four bytes, against the same in eight; and
 * results so large that they are written past the caches, against a loop. */
#include "expr/expr.h"
#include "kernel/stream.h"
#include "support/columns.h"
#include "support/test.h"

#include <string.h>

static fr_column *numbers(fr_call *call, fr_kind kind, int64_t n, int64_t most, uint64_t seed)
{
    fr_builder *b = fr_builder_new(call, fr_type_of(kind), n);
    bool ok = b != NULL;
    for (int64_t i = 0; ok && i < n; i++) {
        const int64_t x = (int64_t)(fr_test_random(&seed) % (uint64_t)(2 * most)) - most;
        fr_value v = { .kind = (uint8_t)kind, .valid = true };
        if (kind == FR_F64) v.as.f = (double)x / 8;
        else v.as.i = x;
        ok = i % 11 == 4 ? fr_builder_add_null(call, b) : fr_builder_add(call, b, v);
    }
    fr_column *column = ok ? fr_builder_finish(call, b) : NULL;
    fr_builder_unref(b);
    return column;
}

static const char *const expressions[] = {
    "x + d", "d + x", "x - d", "d - x", "x * d", "d * x", "x / d", "d / x", "x / x", "x / 2", "x / 3", "x * 1.5", "1.5 - x",
    "x / y", "y / x", "x * d + x / 2", "x + x", "x * y - x", "coalesce(x, 1) * d", "-x / 4.0", "x * d if x > 3 else x / 8",
    "x // 7", "x % 12", "x // 8", "x % -5", "y // x", "x % y", "7 // x", "x // 0", "(x // 3) % 7 + y",
};

static fr_frame *frame_of(fr_call *call, fr_column *x, fr_column *y, fr_column *d)
{
    static const char *const names[] = { "x", "y", "d" };
    return x && y && d ? fr_frame_of(call, NULL, names, (fr_column *[]){ x, y, d }, 3, x->length) : NULL;
}

static void compare_layouts(fr_phys phys, int64_t n, int64_t skip)
{
    WITH_CALL;
    FR_OWNED fr_column *all = numbers(call, FR_I64, n + skip, 100, (uint64_t)n);
    FR_OWNED fr_column *all_narrow = all ? fr_column_as_integers(call, all, phys) : NULL;
    FR_OWNED fr_column *narrow = all_narrow ? fr_column_slice(call, all_narrow, skip, n) : NULL;
    FR_OWNED fr_column *wide = narrow ? fr_column_as_integers(call, narrow, FR_PHYS_I64) : NULL;
    FR_OWNED fr_column *any = numbers(call, FR_I64, n, 1000000, 3);
    FR_OWNED fr_column *doubles = numbers(call, FR_F64, n, 1 << 20, 5);
    fr_frame *a = frame_of(call, narrow, any, doubles), *b = frame_of(call, wide, any, doubles);
    REQUIRE(a && b && narrow->phys == phys);
    for (size_t i = 0; i < FR_COUNT_OF(expressions); i++) {
        fr_expr *expr = fr_expr_parse(call, expressions[i], NULL, 0);
        FR_OWNED fr_column *fast = expr ? fr_expr_eval(call, expr, &(fr_eval){ .frame = a }) : NULL;
        FR_OWNED fr_column *slow = expr ? fr_expr_eval(call, expr, &(fr_eval){ .frame = b }) : NULL;
        if (!fast || !slow || !fr_column_equal(fast, slow)) CHECK_STR(expressions[i], "the same of eight bytes");
        fr_expr_unref(expr);
    }
    fr_frame_unref(a);
    fr_frame_unref(b);
}

TEST(arithmetic_does_not_depend_on_how_integers_lie)
{
    static const int64_t lengths[] = { 1, 63, 65, 511, 512, 513, 4096, 9001 };
    for (fr_phys phys = FR_PHYS_I8; phys <= FR_PHYS_I32; phys++)
        for (size_t l = 0; l < FR_COUNT_OF(lengths); l++) compare_layouts(phys, lengths[l], (int64_t)(l % 3));
}

TEST(large_results_are_what_small_ones_are)
{
    enum { N = FR_STREAM_MIN_BYTES / sizeof(double) + 77 };
    const char *const name = "x";
    WITH_CALL;
    FR_OWNED fr_column *x = numbers(call, FR_F64, N, 1 << 20, 9);
    fr_frame *frame = x ? fr_frame_of(call, NULL, &name, &x, 1, N) : NULL;
    fr_expr *expr = fr_expr_parse(call, "x * 3 + x / 7", NULL, 0);
    REQUIRE(frame && expr);
    FR_OWNED fr_column *answer = fr_expr_eval(call, expr, &(fr_eval){ .frame = frame });
    REQUIRE(answer && answer->length == N);
    int64_t wrong = 0;
    for (int64_t i = 0; i < N; i++) {
        const double from = ((const double *)x->values)[i], y = from * 3 + from / 7;
        wrong += fr_is_valid(answer, i) != fr_is_valid(x, i);
        wrong += fr_is_valid(x, i) && memcmp(&y, (const double *)answer->values + i, sizeof y) != 0;
        wrong += !fr_is_valid(x, i) && ((const uint64_t *)answer->values)[i] != 0;
    }
    CHECK_INT(wrong, 0);
    fr_expr_unref(expr);
    fr_frame_unref(frame);
}
