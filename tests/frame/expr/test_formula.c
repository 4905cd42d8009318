/* test_formula.c — formulas of doubles computed in one loop, of columns that lie in one, in pieces, and as scaled numbers,
 * against the same within another call, vector by vector. */
#include "data/column_make.h"
#include "data/pieced_column.h"
#include "data/scaled_column.h"
#include "expr/expr.h"
#include "support/columns.h"
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* 30 % of the rows, under which lie zeros. */
static fr_column *with_nulls(fr_call *call, const fr_column *column, uint64_t seed)
{
    const size_t n = (size_t)column->length, width = fr_phys_width(column->phys);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(call, n, width);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = fr_buffer_zeroed(call, (n + 63) / 64 * 8);
    if (!values || !valid) return NULL;
    memcpy(values->data, column->values, n * width);
    int64_t nulls = 0;
    for (size_t i = 0; i < n; i++) {
        const bool has = fr_test_random(&seed) % 10 >= 3;
        ((uint64_t *)valid->data)[i / 64] |= (uint64_t)has << (i & 63);
        if (!has) memset((char *)values->data + i * width, 0, width);
        nulls += !has;
    }
    return fr_column_new(call, &(fr_column_parts){ .type = column->type, .phys = column->phys, .length = (int64_t)n,
                                                   .null_count = nulls, .values = values, .valid = nulls ? valid : NULL });
}

static fr_column *numbers(fr_call *call, fr_kind kind, fr_phys phys, int64_t n, int64_t most, uint64_t seed)
{
    static const double odd[] = { NAN, INFINITY, -INFINITY, 0.0, -0.0, 5e-324, 1.7976931348623157e308 };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(call, (size_t)n, 8);
    for (int64_t i = 0; values && i < n; i++) {
        const int64_t x = (int64_t)(fr_test_random(&seed) % (uint64_t)(2 * most)) - most;
        if (kind == FR_F64) ((double *)values->data)[i] = x % 5 ? (double)x / 8 : odd[(size_t)(x + 7 * most) % 7];
        else ((int64_t *)values->data)[i] = x;
    }
    if (!values) return NULL;
    const fr_column_parts parts = { .type = fr_type_of(kind), .length = n, .values = values,
                                    .phys = kind == FR_F64 ? FR_PHYS_F64 : FR_PHYS_I64 };
    FR_OWNED fr_column *column = fr_column_new(call, &parts);
    return column && phys < FR_PHYS_I64 ? fr_column_as_integers(call, column, phys) : fr_steal(column);
}

static fr_column *decimals(fr_call *call, int64_t n, unsigned digits, uint64_t seed)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(call, (size_t)n, 8);
    if (!values) return NULL;
    for (int64_t i = 0; i < n; i++)
        ((double *)values->data)[i] = fr_scaled_real((int32_t)(fr_test_random(&seed) % 4000001) - 2000000, digits);
    const fr_column_parts parts = { .type = fr_type_of(FR_F64), .phys = FR_PHYS_F64, .length = n, .values = values };
    return fr_column_new(call, &parts);
}

enum { COLUMNS = 8 };

/* nulls: of the columns that have some, as bits. */
static fr_frame *rows_of(fr_call *call, int64_t n, unsigned nulls)
{
    static const char *const names[] = { "a", "b", "c", "w", "d", "e", "p", "q" };
    FR_OWNED fr_column *a = numbers(call, FR_I64, FR_PHYS_I8, n, 100, 1), *b = numbers(call, FR_I64, FR_PHYS_I16, n, 9000, 2);
    FR_OWNED fr_column *c = numbers(call, FR_I64, FR_PHYS_I32, n, 1 << 30, 3);
    FR_OWNED fr_column *w = numbers(call, FR_I64, FR_PHYS_I64, n, INT64_C(1) << 60, 4);
    FR_OWNED fr_column *d = numbers(call, FR_F64, FR_PHYS_F64, n, 1 << 20, 5), *e = numbers(call, FR_F64, FR_PHYS_F64, n, 50, 6);
    FR_OWNED fr_column *p = decimals(call, n, 2, 7), *q = decimals(call, n, 6, 8);
    if (!a || !b || !c || !w || !d || !e || !p || !q) return NULL;
    fr_column *columns[COLUMNS] = { a, b, c, w, d, e, p, q };
    for (unsigned i = 0; i < COLUMNS; i++)
        columns[i] = nulls >> i & 1 ? with_nulls(call, columns[i], (uint64_t)n + i) : fr_column_ref(columns[i]);
    fr_frame *frame = fr_frame_of(call, NULL, names, columns, COLUMNS, n);
    for (int i = 0; i < COLUMNS; i++) fr_column_unref(columns[i]);
    return frame;
}

static const char *const expressions[] = {
    "d * d", "d + e", "a * d", "d - b", "c / d", "d / 2", "d / 3", "d / a", "w / 4", "w * d", "w + w * d", "2 - d", "1.5 * e",
    "a * d + b / 2", "(d + e) * (d - e) / (a + 0.5)", "((((a * 1.5 + d) * 2.5 + e) * 3.5 + b) * 4.5 + c) * 5.5",
    "d if a > 2 else d * b", "d if e > 1.5 else 0.25", "e / 7 if d < e else w / 8", "d if c == 17 else e", "e if d != d else 1.0",
    "d if a > 3 and e < 2 else e", "d * 2 if a > 3 or b <= 7 or not (d > e) else e / 3", "d if w > 3 else e / 2",
    "when(a > 50, d, b > 0, e * 2, c >= 12, d / 5, e)", "(d if a > 0 else e) * (e if b > 0 else d)",
    "d + (e + (d + (e + (d + (e + (d * 3))))))", "a / b", "a / 2 + b / 2 + c / 2 + w / 2 + d / 2 + e / 2",
    "d * 1.1 + e * 2.2 + d * 3.3 + e * 4.4 + d * 5.5 + e * 6.6 + d * 7.7 + e * 8.8 + d * 9.9 + e * 10.1 + d * 11.11 + e * 12.12",
    "d if a >= 127 else e / 2", "d if a > 128 else e / 2", "d if -129 < a else e / 2", "d if b != -32769 else e / 2",
    "d if 12 >= c else e / 2", "d if w <= 9007199254740992 else e / 2", "d if w > -9007199254740993 else e / 2",
    "d if w == 3 or a == 3 and b < 3 else e / 2", "d if a < 2.5 else e / 2", "d if a < b else e / 2",
    "d if a > 9007199254740993 else e * 2", "(d + e) if a < 3 else (d - e) if a < 50 else (d * e)", "d > e", "d",
    "p * q", "p + p * p", "a * p + b / 2", "p / q - d", "p if a > 2 else p * b", "p if p > 0.5 else q", "p if q <= 0.25 else d + 1",
    "q if 0.5 < p else 2 * q", "d if p == 12.75 or p != 3 else e * q", "d if p == 0.001 else e", "q * 2 if p > 1e300 else d",
    "q * 2 if p >= -20000 and not (q < 1.9999995) else p + d", "p if p < q else q", "p * 1.5 + q * 2.5 + d * 3.5 + e * 4.5 + a * p",
    "when(p > 100, q, p > 0, p * q, p >= -3.14159, p / 3, -1.0)",
};

static fr_column *parsed(fr_call *call, const char *text, const fr_frame *frame)
{
    fr_expr *expr = fr_expr_parse(call, text, NULL, 0);
    fr_column *column = expr ? fr_expr_eval(call, expr, &(fr_eval){ .frame = frame }) : NULL;
    fr_expr_unref(expr);
    return column;
}

/* Decimals scaled, each column in two pieces. */
static fr_late_column *scaled_pieces(fr_call *call, const void *how, size_t index)
{
    const fr_frame *whole = how;
    const int64_t n = whole->length, at = n / 3;
    FR_CLEANUP(fr_pieces_clear) fr_pieces pieces = { 0 };
    FR_OWNED fr_column *column = fr_column_scaled(call, whole->columns[index]);
    FR_OWNED fr_column *first = column ? fr_column_slice(call, column, 0, at) : NULL;
    FR_OWNED fr_column *rest = column ? fr_column_slice(call, column, at, n - at) : NULL;
    const bool fine = first && rest && fr_pieces_add(call, &pieces, first) && fr_pieces_add(call, &pieces, rest);
    return fine ? fr_late_column_of(call, &pieces) : NULL;
}

/* coalesce is no part of a formula. */
static void compare(fr_call *call, int64_t n, unsigned nulls)
{
    fr_frame *whole = rows_of(call, n, nulls);
    REQUIRE(whole != NULL);
    fr_frame *above = fr_frame_cut(call, whole, 0, n / 3), *below = fr_frame_cut(call, whole, n / 3, n - n / 3);
    fr_frame *pieces = above && below ? fr_frame_below(call, above, below) : NULL;
    fr_frame *scaled = fr_frame_make_late(call, whole, whole->schema, scaled_pieces, whole, n);
    REQUIRE(pieces != NULL && scaled != NULL);
    const fr_frame *frames[] = { whole, pieces, scaled };
    for (size_t i = 0; i < FR_COUNT_OF(expressions); i++) {
        char other[256];
        (void)snprintf(other, sizeof other, "coalesce(%s, null)", expressions[i]);
        FR_OWNED fr_column *slow = parsed(call, other, whole);
        for (size_t f = 0; f < FR_COUNT_OF(frames); f++) {
            FR_OWNED fr_column *fast = parsed(call, expressions[i], frames[f]);
            if (!fast || !slow || !fr_column_equal(fast, slow)) CHECK_STR(expressions[i], "the same within coalesce");
            CHECK(fast && fr_test_column_is_sound(fast));
        }
    }
    fr_frame_unref(scaled), fr_frame_unref(pieces), fr_frame_unref(below), fr_frame_unref(above), fr_frame_unref(whole);
}

TEST(formulas_of_doubles_are_what_their_parts_are)
{
    WITH_CALL;
    static const int64_t lengths[] = { 1, 3, 7, 63, 64, 65, 511, 2048, 4096, 9001, 20000 };
    for (size_t i = 0; i < FR_COUNT_OF(lengths); i++) compare(call, lengths[i], 0);
}

TEST(formulas_of_doubles_with_nulls_are_what_their_parts_are)
{
    WITH_CALL;
    static const int64_t lengths[] = { 1, 3, 7, 63, 64, 65, 511, 2048, 4096, 9001, 20000 };
    static const unsigned nulls[] = { 1, 16, 32, 41, 22, 64, 128, 149, 255 };
    for (size_t i = 0; i < FR_COUNT_OF(lengths); i++)
        for (size_t k = 0; k < FR_COUNT_OF(nulls); k++) compare(call, lengths[i], nulls[k]);
}

/* Nulls filled with zero: the values are shared, the nulls are not. */
TEST(a_column_and_the_same_without_its_nulls_are_two)
{
    WITH_CALL;
    FR_OWNED fr_column *all = numbers(call, FR_F64, FR_PHYS_F64, 200, 50, 3), *a = all ? with_nulls(call, all, 4) : NULL;
    FR_OWNED fr_column *zero = fr_column_repeat(call, fr_type_of(FR_F64), fr_v_f64(0), 1);
    FR_OWNED fr_column *b = a && zero ? fr_column_fill(call, a, zero) : NULL;
    REQUIRE(b && b->values == a->values);
    fr_frame *frame = fr_frame_of(call, NULL, (const char *const[]){ "a", "b" }, (fr_column *[]){ a, b }, 2, 200);
    fr_expr *expr = fr_expr_parse(call, "b * 2 + a", NULL, 0), *other = fr_expr_parse(call, "b * 2 + b", NULL, 0);
    FR_OWNED fr_column *some = fr_expr_eval(call, expr, &(fr_eval){ .frame = frame });
    FR_OWNED fr_column *every = fr_expr_eval(call, other, &(fr_eval){ .frame = frame });
    REQUIRE(some && every);
    CHECK_INT(some->null_count, a->null_count);
    CHECK_INT(every->null_count, 0);
    fr_expr_unref(expr), fr_expr_unref(other), fr_frame_unref(frame);
}
