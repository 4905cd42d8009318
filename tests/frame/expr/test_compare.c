/* test_compare.c — integers in every layout compared with constants, against the comparison of two numbers in C. */
#include "expr/expr.h"
#include "support/columns.h"
#include "support/expr_support.h"
#include "support/test.h"

#include <stdio.h>
#include <string.h>

enum { ROWS = 5000 };

static const char *const operators[] = { "==", "!=", "<", "<=", ">", ">=" };

static bool compared(int64_t a, int op, int64_t b)
{
    switch (op) {
    case 0: return a == b;
    case 1: return a != b;
    case 2: return a < b;
    case 3: return a <= b;
    case 4: return a > b;
    default: return a >= b;
    }
}

/* Values from end to end of the layout, small ones among them; every fifth null. As type i64 in that layout, or of the
 * layout's own type. */
static fr_column *integers(fr_call *call, fr_phys phys, bool own_type, int64_t n)
{
    static const fr_kind own[] = { FR_I8, FR_I16, FR_I32, FR_I64 };
    const fr_kind kind = own_type ? own[phys - FR_PHYS_I8] : FR_I64;
    const int bits = 8 << (phys - FR_PHYS_I8);
    uint64_t seed = (uint64_t)n;
    fr_builder *b = fr_builder_new(call, fr_type_of(kind), n);
    bool ok = b != NULL;
    for (int64_t i = 0; ok && i < n; i++) {
        const int64_t any = (int64_t)(fr_test_random(&seed) << (64 - bits)) >> (64 - bits);
        const fr_value v = { .kind = (uint8_t)kind, .valid = true, .as.i = i % 3 ? any : any % 6 };
        ok = i % 5 == 2 ? fr_builder_add_null(call, b) : fr_builder_add(call, b, v);
    }
    FR_OWNED fr_column *column = ok ? fr_builder_finish(call, b) : NULL;
    fr_builder_unref(b);
    return column ? fr_column_as_integers(call, column, phys) : NULL;
}

static void check_one(fr_call *call, const fr_frame *frame, const fr_column *x, const int64_t *wide, int op, int64_t y,
                      bool mirrored)
{
    char text[80];
    if (mirrored) snprintf(text, sizeof text, "%lld %s x", (long long)y, operators[op]);
    else snprintf(text, sizeof text, "x %s %lld", operators[op], (long long)y);
    fr_expr *expr = fr_expr_parse(call, text, NULL, 0);
    FR_OWNED fr_column *answer = expr ? fr_expr_eval(call, expr, &(fr_eval){ .frame = frame }) : NULL;
    fr_expr_unref(expr);
    REQUIRE(answer && answer->length == x->length);
    bool same = true;
    for (int64_t i = 0; i < x->length; i++) {
        const bool expected = mirrored ? compared(y, op, wide[i]) : compared(wide[i], op, y);
        same &= fr_is_valid(answer, i) == fr_is_valid(x, i);
        same &= !fr_is_valid(x, i) || fr_bit(answer->values, i) == expected;
    }
    if (!same) CHECK_STR(text, "what C says");
}

static void check_layout(fr_phys phys, bool own_type, int64_t n, int64_t skip)
{
    static const int64_t constants[] = { 0, 5, -3, 127, 128, -128, -129, 32767, 32768, -32768, -32769, 2147483647,
                                         2147483648, -2147483648, -2147483649, INT64_MAX, INT64_MIN + 1 };
    static int64_t wide[ROWS];
    const char *const name = "x";
    WITH_CALL;
    FR_OWNED fr_column *all = integers(call, phys, own_type, n + skip);
    FR_OWNED fr_column *x = all ? fr_column_slice(call, all, skip, n) : NULL;
    fr_frame *frame = x ? fr_frame_of(call, NULL, &name, &x, 1, n) : NULL;
    REQUIRE(frame && x->phys == phys);
    fr_integers_at(x, 0, (size_t)n, wide);
    for (int op = 0; op < 6; op++)
        for (size_t i = 0; i < FR_COUNT_OF(constants); i++)
            for (int mirrored = 0; mirrored < 2; mirrored++)
                check_one(call, frame, x, wide, op, constants[i], mirrored);
    fr_frame_unref(frame);
}

TEST(integers_of_every_layout_are_compared_with_constants)
{
    static const int64_t lengths[] = { 1, 63, 64, 65, 511, 4500 };
    for (fr_phys phys = FR_PHYS_I8; phys <= FR_PHYS_I64; phys++)
        for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
            for (int own_type = 0; own_type < 2; own_type++) check_layout(phys, own_type, lengths[l], l % 2 ? 3 : 0);
}

/* A column as it lies is compared in one vector of 65,536 rows; `and` takes the same comparison 4,096 rows at a time. */
/* → whether it is true of some rows only. */
static bool check_scan(fr_call *call, const fr_frame *frame, const char *condition)
{
    char slow[80];
    int64_t n_fast = 0, n_slow = 0;
    snprintf(slow, sizeof slow, "%s and y", condition);
    fr_expr *expr = fr_expr_parse(call, condition, NULL, 0), *twin = fr_expr_parse(call, slow, NULL, 0);
    const fr_eval env = { .frame = frame };
    CHECK(expr && twin);
    if (!expr || !twin) return false;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *a = fr_expr_mask(call, expr, &env, &n_fast);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *b = fr_expr_mask(call, twin, &env, &n_slow);
    FR_OWNED fr_column *c = fr_expr_eval(call, expr, &env);
    FR_OWNED fr_column *d = fr_expr_eval(call, twin, &env);
    fr_expr_unref(expr);
    fr_expr_unref(twin);
    CHECK(a && b && c && d);
    if (!a || !b || !c || !d) return false;
    CHECK_INT(n_fast, n_slow);
    CHECK(!memcmp(a->data, b->data, fr_bits_bytes(frame->length)));              /* zeros behind the last row */
    CHECK(fr_column_equal(c, d));
    return n_fast > 0 && n_fast < frame->length;
}

TEST(a_whole_column_is_compared_as_vectors_of_it_are)
{
    static const char *const types[] = { "f64", "i64", "narrow i8", "narrow i16", "narrow i32", "u64", "i32", "date" };
    static const char *const conditions[] = { "x > 0", "x >= 1", "x != 3", "-1 < x", "x < 100" };
    static const char *const names[] = { "x", "y" };
    fr_context *context = fr_context_new(.threads = 2);
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    int telling = 0;
    for (size_t t = 0; t < FR_COUNT_OF(types); t++)
        for (int nulls = 0; nulls < 2; nulls++) {
            const int64_t n = 70001 + 64 * (int64_t)t;
            const bool date = !strcmp(types[t], "date");
            FR_OWNED fr_column *x = fr_test_column(&call, types[t], n, nulls * 10, t);
            FR_OWNED fr_column *all = fr_column_repeat(&call, fr_type_of(FR_BOOL), fr_v_bool(true), n);
            fr_column *columns[] = { x, all };
            fr_frame *frame = x && all ? fr_frame_of(&call, NULL, names, columns, 2, n) : NULL;
            REQUIRE(frame != NULL);
            if (date) telling += check_scan(&call, frame, "x > '2000-01-01'");
            for (size_t i = 0; !date && i < FR_COUNT_OF(conditions); i++) telling += check_scan(&call, frame, conditions[i]);
            fr_frame_unref(frame);
        }
    CHECK(telling > 40);
    fr_call_end(&call);
    fr_unref(context);
}

/* ---- texts ------------------------------------------------------------------------------------------------------- */
/* Of 0 to 20 bytes out of few, zero bytes among them, so that many begin alike; every seventh null. */
static fr_column *texts(fr_call *call, int64_t n, uint64_t seed, bool coded)
{
    fr_builder *b = fr_builder_new(call, fr_type_of(FR_STR), n);
    bool ok = b != NULL;
    for (int64_t i = 0; ok && i < n; i++) {
        char room[20];
        const uint64_t r = fr_test_random(&seed);
        for (size_t k = 0; k < sizeof room; k++) room[k] = "aab\0"[fr_test_random(&seed) % (k % 6 == 5 ? 4 : 2)];
        const fr_value v = { .kind = FR_STR, .valid = true, .as.s = room, .length = (uint32_t)(r % (r % 3 ? 4 : 21)) };
        ok = i % 7 == 3 ? fr_builder_add_null(call, b) : fr_builder_add(call, b, v);
    }
    FR_OWNED fr_column *column = ok ? fr_builder_finish(call, b) : NULL;
    fr_builder_unref(b);
    if (!column) return NULL;
    return coded ? fr_column_as_codes(call, column) : fr_column_ref(column);
}

static int order_of(fr_value a, fr_value b)
{
    const size_t n = a.length < b.length ? a.length : b.length;
    const int order = n ? memcmp(a.as.s, b.as.s, n) : 0;
    return order ? order : (a.length > b.length) - (a.length < b.length);
}

static void check_texts(fr_call *call, const fr_frame *frame, const char *other, const char *constant)
{
    for (int op = 0; op < 6; op++) {
        char text[80];
        snprintf(text, sizeof text, "x %s %s", operators[op], other);
        fr_expr *expr = fr_expr_parse(call, text, NULL, 0);
        FR_OWNED fr_column *answer = expr ? fr_expr_eval(call, expr, &(fr_eval){ .frame = frame }) : NULL;
        fr_expr_unref(expr);
        REQUIRE(answer != NULL);
        bool same = true;
        for (int64_t i = 0; i < answer->length; i++) {
            const fr_value a = fr_get_at(frame, i, 0);
            const fr_value b = constant ? (fr_value){ .valid = true, .as.s = constant, .length = (uint32_t)strlen(constant) }
                                        : fr_get_at(frame, i, 1);
            same &= fr_is_valid(answer, i) == (a.valid && b.valid);
            same &= !a.valid || !b.valid || fr_bit(answer->values, i) == compared(order_of(a, b), op, 0);
        }
        if (!same) CHECK_STR(text, "as memcmp says");
    }
}

TEST(texts_are_compared_as_memcmp_does_however_they_lie)
{
    static const int64_t lengths[] = { 0, 1, 3, 63, 64, 65, 511, 4097 };
    static const char *const names[] = { "x", "y" };
    for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
        for (unsigned coded = 0; coded < 4; coded++) {
            WITH_CALL;
            const int64_t n = lengths[l], skip = (int64_t)(l % 3);
            FR_OWNED fr_column *all_x = texts(call, n + 3, l, coded & 1), *all_y = texts(call, n + 3, l + 50, coded & 2);
            FR_OWNED fr_column *x = all_x ? fr_column_slice(call, all_x, skip, n) : NULL;
            FR_OWNED fr_column *y = all_y ? fr_column_slice(call, all_y, skip, n) : NULL;
            REQUIRE(x && y);
            fr_frame *frame = fr_frame_of(call, NULL, names, (fr_column *[]){ x, y }, 2, n);
            REQUIRE(frame != NULL);
            check_texts(call, frame, "y", NULL);
            check_texts(call, frame, "'aab'", "aab");
            check_texts(call, frame, "'aaabaabaaaaab'", "aaabaabaaaaab");
            check_texts(call, frame, "''", "");
            fr_frame_unref(frame);
        }
}

/* No f32 is the double 1.1: a literal beside an f32 is read as one, from its digits, where that leaves something of it. */
TEST(a_literal_beside_an_f32_is_read_as_one)
{
    static const float x[] = { 1.1f, 0.0f, 16777216.0f, 0.1f };
    static const double y[] = { 1.1, 0, 16777216, 0.1 };
    char room[512];
    fr_auto(frame) frame = fr_frame_new(4, fr_array("x", FR_F32, x), fr_array("y", FR_F64, y));
#define GIVES(text, expected) CHECK_STR(fr_test_eval_all(frame, text, room, sizeof room), expected)
    GIVES("x == 1.1", "true, false, false, false");
    GIVES("1.1 != x", "false, true, true, true");
    GIVES("x > 1.1", "false, false, true, false");
    GIVES("x <= 0.1", "false, true, false, true");
    GIVES("x between 0.1 and 1.1", "true, false, false, true");
    GIVES("x in (1.1, 0.1, null)", "true, null, null, true");
    GIVES("x in (1.1, 0 + y)", "true, true, true, false");
    GIVES("x * x == 1.21", "true, false, false, false");
    GIVES("-x == -0.1", "false, false, false, true");
    GIVES("x == 1.10000002384185791015625", "true, false, false, false");
    GIVES("x == y", "false, true, true, false");                          /* columns, and what is computed, as they are */
    GIVES("x == 1.0 + 0.1", "false, false, false, false");
    GIVES("x == 16777217", "false, false, false, false");                 /* whole numbers exactly */
    GIVES("x == 1e-60", "false, false, false, false");
    GIVES("x > 1e-60", "true, false, true, true");
    GIVES("x < 1e300", "true, true, true, true");
    GIVES("x > -1e300", "true, true, true, true");
#undef GIVES
}
