/* Integers stored narrower than their type: nobody can tell but by the bytes they take. */
#include <string.h>

#include <frame/context.h>

#include "data/column_make.h"
#include "data/frame.h"
#include "frame/ops/apply.h"
#include "support/columns.h"
#include "support/test.h"

static fr_column *integers(fr_call *call, const int64_t *values, int64_t n, int64_t null_at)
{
    fr_builder *builder = fr_builder_new(call, fr_type_of(FR_I64), n);
    bool fine = builder != NULL;
    for (int64_t i = 0; fine && i < n; i++)
        fine = i == null_at ? fr_builder_add_null(call, builder) : fr_builder_add(call, builder, fr_v_i64(values[i]));
    fr_column *column = fine ? fr_builder_finish(call, builder) : NULL;
    fr_builder_unref(builder);
    return column;
}

static const int64_t ends[][2] = {
    { 0, 0 }, { INT8_MIN, INT8_MAX }, { INT8_MIN - 1, 0 }, { 0, INT8_MAX + 1 }, { INT16_MIN, INT16_MAX },
    { INT16_MIN - 1, 0 }, { 0, INT16_MAX + 1 }, { INT32_MIN, INT32_MAX }, { (int64_t)INT32_MIN - 1, 0 },
    { 0, (int64_t)INT32_MAX + 1 }, { INT64_MIN, INT64_MAX },
};
static const size_t widths[] = { 1, 1, 2, 2, 2, 4, 4, 4, 8, 8, 8 };

TEST(integers_take_as_many_bytes_as_the_widest_needs)
{
    WITH_CALL;
    for (size_t i = 0; i < FR_COUNT_OF(ends); i++) {
        FR_OWNED fr_column *column = integers(call, ends[i], 2, -1);
        REQUIRE(column);
        CHECK_INT(fr_phys_width(column->phys), widths[i]);
        CHECK(fr_type_equal(column->type, fr_type_of(FR_I64)));
        CHECK(fr_column_value(column, 0).as.i == ends[i][0] && fr_column_value(column, 1).as.i == ends[i][1]);
    }
}

TEST(widened_they_are_the_same_values)
{
    WITH_CALL;
    static const char *const types[] = { "narrow i8", "narrow i16", "narrow i32", "i64" };
    static const int64_t lengths[] = { 0, 1, 63, 64, 65, 127, 128, 129, 700 };
    for (size_t t = 0; t < FR_COUNT_OF(types); t++)
        for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
            for (int percent = 0; percent <= 100; percent += 50) {
                FR_OWNED fr_column *column = fr_test_column(call, types[t], lengths[l], percent, 7 * l + t);
                FR_OWNED fr_column *wide = fr_column_wide(call, column);
                REQUIRE(wide);
                CHECK_INT(wide->phys, FR_PHYS_I64);
                CHECK((wide == column) == !fr_is_narrow(column));
                CHECK(fr_test_column_is_sound(wide) && fr_column_equal(column, wide) && fr_column_equal(wide, column));
                for (int64_t i = 0; i < lengths[l]; i++)
                    CHECK(fr_cells_equal(column, i, wide, i) &&
                          fr_column_value(column, i).as.i == ((const int64_t *)wide->values)[i]);
            }
}

TEST(other_values_are_not_equal_in_another_layout)
{
    WITH_CALL;
    const int64_t small[] = { 1, 2, 3 }, large[] = { 1, 2, 1000 };
    FR_OWNED fr_column *a = integers(call, small, 3, -1);
    FR_OWNED fr_column *b = integers(call, large, 3, -1);
    FR_OWNED fr_column *c = integers(call, large, 3, 2);
    FR_OWNED fr_column *d = integers(call, small, 3, 2);
    CHECK(!fr_column_equal(a, b) && !fr_column_equal(b, a) && !fr_column_equal(b, c) && fr_column_equal(c, d));
    CHECK(fr_cells_equal(a, 1, b, 1) && !fr_cells_equal(a, 2, b, 2));
}

static fr_frame *frame_of(fr_context *context, const int64_t *values, int64_t n, const char *name)
{
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    FR_OWNED fr_column *column = integers(&call, values, n, -1);
    fr_frame *frame = fr_frame_of(&call, NULL, &name, &column, 1, n);
    fr_call_end(&call);
    return frame;
}

TEST(the_array_a_user_sees_is_of_the_type_and_stays)
{
    fr_auto(context) context = fr_context_new(.threads = 2);
    const int64_t values[] = { 3, -7, 100 };
    fr_auto(frame) frame = frame_of(context, values, 3, "x");
    const int64_t *array = fr_values(frame, "x", FR_I64, NULL);
    REQUIRE(array);
    CHECK(!memcmp(array, values, sizeof values));
    CHECK(fr_values(frame, "x", FR_I64, NULL) == array);
    CHECK(!fr_values(frame, "x", FR_I8, NULL));
}

TEST(without_memory_there_is_no_array)
{
    enum { N = 100000 };
    static int64_t values[N];
    for (int64_t i = 0; i < N; i++) values[i] = i % 100 - 50;
    fr_auto(context) context = fr_context_new(.threads = 1, .limits.memory_bytes = 1200000);
    fr_frame *frame = frame_of(context, values, N, "x");
    REQUIRE(fr_ok(frame));
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    fr_buffer *other = fr_buffer_new(&call, 600000);             /* 0.1 MB lie in x, 0.8 MB are wanted */
    CHECK(other && !fr_column_wide(&call, fr_test_columns(frame)[0]));
    CHECK(fr_failed(&call));
    fr_call_forgive(&call);
    CHECK(!fr_values(frame, "x", FR_I64, NULL));
    fr_buffer_unref(other);
    fr_call_end(&call);
    const int64_t *array = fr_values(frame, "x", FR_I64, NULL);
    CHECK(array && !memcmp(array, values, sizeof values));
    fr_unref(frame);
    CHECK_INT(fr_context_live_bytes(context), 0);
}

TEST(keys_of_two_layouts_meet)
{
    fr_auto(context) context = fr_context_new(.threads = 2);
    const int64_t small[] = { 1, -2, 3, 100 }, large[] = { 3, INT64_MAX, -2, INT64_MIN, 70000 };
    fr_auto(frame) a = frame_of(context, small, 4, "k");
    fr_auto(frame) b = frame_of(context, large, 5, "k");
    GIVES(a, fr_join(b, .on = "k", .how = FR_JOIN_INNER), "k|-2|3");
    GIVES(b, fr_join(a, .on = "k", .how = FR_JOIN_INNER), "k|3|-2");
    fr_auto(frame) both = fr_test_apply(a, fr_concat(b));
    GIVES(both, fr_group("k", .agg = "n = count()"), "k n|1 1|-2 2|3 2|100 1|9223372036854775807 1|"
                                                     "-9223372036854775808 1|70000 1");
}

TEST(they_become_times)
{
    WITH_CALL;
    const int64_t values[] = { 0, 86400 };
    FR_OWNED fr_column *column = integers(call, values, 2, -1);
    FR_OWNED const fr_type *type = fr_type_read(call, "datetime[s]", 11);
    FR_OWNED fr_column *times = fr_column_retype(call, column, type);
    REQUIRE(times);
    CHECK_INT(times->phys, FR_PHYS_I64);
    CHECK_INT(fr_column_value(times, 1).as.i, 86400);
}
