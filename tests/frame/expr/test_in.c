/* x in (…) of every kind of number and of lists of every length, against a loop over the list. */
#include <frame/frame.h>

#include "support/columns.h"
#include "support/test.h"

#include <stdio.h>
#include <string.h>

enum { ROWS = 5000, MOST = 300 };

typedef struct list {
    size_t  n;
    int64_t values[MOST];
    bool    has_null;
} list;

/* n values from 0 up, `step` apart, somewhat out of order and the first one twice. */
static list list_of(size_t n, int64_t first, int64_t step, bool has_null)
{
    list l = { .n = n, .has_null = has_null };
    for (size_t i = 0; i < n; i++) l.values[i] = first + (int64_t)(i * 7 % n) * step;
    if (n > 2) l.values[1] = l.values[0];
    return l;
}

static void write_list(const list *l, const char *after, char *out, size_t room)
{
    size_t at = (size_t)snprintf(out, room, "x in (%s", l->has_null ? "null, " : "");
    for (size_t i = 0; i < l->n; i++)
        at += (size_t)snprintf(out + at, room - at, "%s%lld%s", i ? ", " : "", (long long)l->values[i], after);
    snprintf(out + at, room - at, ")");
}

static bool contains(const list *l, int64_t x)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->values[i] == x) return true;
    return false;
}

/* What each row must be: 1, 0, or -1 for null. */
static void check_in(const fr_frame *frame, const list *l, const int64_t *x, const uint8_t *valid, const char *type)
{
    char text[16384], where[16400];
    const bool is_float = type[0] == 'f';
    write_list(l, is_float ? ".0" : "", text, sizeof text);
    snprintf(where, sizeof where, "y = %s", text);
    fr_auto(frame) result = fr_pipe(frame, fr_with(where), fr_select("y"));
    REQUIRE(fr_ok(result));
    for (int64_t i = 0; i < fr_length(result); i++) {
        const fr_value y = fr_get(result, i, "y");
        const int found = contains(l, x[i]), expected = !valid[i] ? -1 : found ? 1 : l->has_null ? -1 : 0;
        if ((y.valid ? (int)y.as.i : -1) != expected) fr_test_check(false, type, __FILE__, (int)i);
    }
}

static void check_type(fr_kind kind, const char *type, bool is_unsigned, int64_t n, uint64_t seed)
{
    static int64_t x[ROWS];
    static int32_t narrow[ROWS];
    static double floats[ROWS];
    static uint8_t valid[ROWS];
    static const size_t lengths[] = { 1, 2, 16, 17, 18, 40, MOST };
    for (int64_t i = 0; i < n; i++) {
        x[i] = (int64_t)(fr_test_random(&seed) % 700) - (is_unsigned ? 0 : 300);
        narrow[i] = (int32_t)x[i];
        floats[i] = (double)x[i];
        valid[i] = fr_test_random(&seed) % 5 != 0;
    }
    const void *values = kind == FR_F64 ? (const void *)floats : kind == FR_I32 ? (const void *)narrow : x;
    fr_auto(frame) frame = fr_frame_new(n, fr_array("x", kind, values, .valid = valid));
    for (size_t k = 0; k < FR_COUNT_OF(lengths); k++)
        for (int way = 0; way < 6; way++) {
            const int64_t first = is_unsigned ? 3 : -100, step = way / 2 == 0 ? 1 : way / 2 == 1 ? 5 : 100000;
            const list l = list_of(lengths[k], first, step, way & 1);
            check_in(frame, &l, x, valid, type);
        }
}

TEST(in_equals_a_loop_over_the_list)
{
    static const int64_t many[] = { 1, 3, 63, 64, 65, 511, ROWS };
    for (size_t i = 0; i < FR_COUNT_OF(many); i++) {
        check_type(FR_I64, "i64", false, many[i], i);
        check_type(FR_U64, "u64", true, many[i], i + 10);
        check_type(FR_I32, "i32", false, many[i], i + 20);
        check_type(FR_F64, "f64", false, many[i], i + 30);
    }
}

TEST(in_of_extreme_values)
{
    const int64_t x[] = { INT64_MIN, INT64_MAX, 0, -1, 1 };
    const uint64_t u[] = { UINT64_MAX, INT64_MAX, (uint64_t)INT64_MAX + 1, 0, 7 };
    const double f[] = { 0.0, -0.0, __builtin_nan(""), __builtin_inf(), 1 };
    fr_auto(frame) frame = fr_frame_new(5, fr_array("x", FR_I64, x), fr_array("u", FR_U64, u),
                                           fr_array("f", FR_F64, f));
    char far[512] = "y = x in (-9223372036854775808, 9223372036854775807", near[512] = "y = u in (9223372036854775807";
    for (int i = 20; i < 40; i++) {
        snprintf(far + strlen(far), sizeof far - strlen(far), ", %d", i);
        snprintf(near + strlen(near), sizeof near - strlen(near), ", 92233720368547758%02d", i - 12);
    }
    strcat(far, ")"), strcat(near, ")");
    fr_auto(frame) ends = fr_pipe(frame, fr_with(far));
    fr_auto(frame) middle = fr_pipe(frame, fr_with(near));
    fr_auto(frame) zeros = fr_pipe(frame, fr_with("y = f in (0.0, 2.0)"));
    for (int i = 0; i < 5; i++) {
        CHECK_INT(fr_get(ends, i, "y").as.i, i < 2);
        CHECK_INT(fr_get(middle, i, "y").as.i, i == 1 || i == 2);
        CHECK_INT(fr_get(zeros, i, "y").as.i, i < 2);
    }
}

TEST(dates_in_a_list)
{
    const int32_t days[] = { 19753, 0, 19754, 20000 };
    const uint8_t valid[] = { 1, 0, 1, 1 };
    fr_auto(frame) frame = fr_frame_new(4, fr_array("d", FR_DATE, days, .valid = valid));
    char many[1024] = "y = d in (";
    for (int day = 1; day <= 28; day++)
        snprintf(many + strlen(many), sizeof many - strlen(many), "%s'2024-01-%02d'", day > 1 ? ", " : "", day);
    strcat(many, ", '2024-01-31')");
    fr_auto(frame) bits = fr_pipe(frame, fr_with(many));
    fr_auto(frame) few = fr_pipe(frame, fr_with("y = d in ('2024-01-31', '2025-01-01')"));
    CHECK(fr_ok(bits) && fr_ok(few));
    CHECK(fr_get(bits, 0, "y").as.i && !fr_get(bits, 1, "y").valid && !fr_get(bits, 2, "y").as.i);
    CHECK(fr_get(few, 0, "y").as.i && !fr_get(few, 1, "y").valid && !fr_get(few, 2, "y").as.i);
}

/* Compared as == does, which makes null of null; there are no literals of them. */
TEST(lists_and_structs_in_a_list_of_nulls)
{
    static const char *const types[] = { "list[i64]", "struct[a: i32, b: str]", "null" };
    static const char *const name = "x";
    WITH_CALL;
    for (size_t i = 0; i < FR_COUNT_OF(types); i++) {
        FR_OWNED fr_column *column = fr_test_column(call, types[i], 70, 20, 3);
        fr_auto(frame) frame = column ? fr_frame_of(call, NULL, &name, &column, 1, 70) : NULL;
        REQUIRE(frame != NULL);
        fr_auto(frame) in = fr_pipe(frame, fr_with("y = x in [null]"), fr_select("y"));
        fr_auto(frame) not_in = fr_pipe(frame, fr_with("y = is_in(x, [null, null])"), fr_select("y"));
        REQUIRE(fr_ok(in) && fr_ok(not_in));
        CHECK_INT(fr_null_count(in, 0), 70);
        CHECK(fr_equal(in, not_in));
    }
}
