/* Values stored in columns of other types, where they fit exactly. */

#include <frame/frame.h>

#include <stdio.h>
#include <string.h>

#include "data/cell_text.h"
#include "support/columns.h"
#include "support/test.h"

static void drop_builder(fr_builder **slot)
{
    fr_builder_unref(*slot);
}

static void check_stored(fr_value value, const char *type_text, const char *expected)
{
    fr_call call;
    char text[200] = "";
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    {
        FR_OWNED const fr_type *type = fr_type_read(&call, type_text, strlen(type_text));
        FR_CLEANUP(drop_builder) fr_builder *builder = fr_builder_new(&call, type, 1);
        FR_OWNED fr_column *column = fr_builder_add(&call, builder, value) ? fr_builder_finish(&call, builder) : NULL;
        FR_CLEANUP(fr_text_clear) fr_text cell = FR_TEXT_INIT(&call);
        if (column && fr_cell_append(&call, &cell, column, 0, &(fr_cell_style){ 0 })) snprintf(text, sizeof text, "%s", cell.bytes);
    }
    FR_OWNED fr_frame *failed = fr_failed(&call) ? fr_object_failed(&call, &fr_frame_class) : NULL;
    if (failed) snprintf(text, sizeof text, "%s", fr_error(failed)->message);
    fr_call_end(&call);
    CHECK_STR(text, expected);
}

static fr_value of_kind(fr_kind kind, int64_t i, fr_unit unit)
{
    return (fr_value){ .kind = (uint8_t)kind, .valid = true, .unit = (uint8_t)unit, .as.i = i };
}

static fr_value decimal(int64_t digits, int8_t scale)
{
    return (fr_value){ .kind = FR_DECIMAL, .valid = true, .scale = scale,
                       .as.decimal = { (uint64_t)digits, digits < 0 ? -1 : 0 } };
}

TEST(numbers_are_stored_where_they_fit)
{
    check_stored(fr_v(255), "u8", "255");
    check_stored(fr_v(256), "u8", "a value does not fit u8");
    check_stored(fr_v(-1), "u64", "a value does not fit u64");
    check_stored(fr_v(16777216), "f32", "16777216.0");
    check_stored(fr_v(16777217), "f32", "a value does not fit f32");
    check_stored(fr_v(1e300), "f32", "a value does not fit f32");
    check_stored(fr_v(1.5), "i64", "a value of type f64 cannot be stored as i64");
    check_stored(fr_v_bool(true), "i64", "a value of type bool cannot be stored as i64");
}

TEST(decimals_are_stored_where_no_digit_is_lost)
{
    check_stored(decimal(-1250, 3), "decimal(6,2)", "-1.25");
    check_stored(decimal(125, 3), "decimal(6,2)", "a value does not fit decimal(6,2)");
    check_stored(decimal(5, 0), "decimal(6,2)", "5.00");
    check_stored(fr_v(9999), "decimal(6,2)", "9999.00");
    check_stored(fr_v(10000), "decimal(6,2)", "a value does not fit decimal(6,2)");
    check_stored(fr_v(0.5), "decimal(6,2)", "a value of type f64 cannot be stored as decimal(6,2)");
    check_stored(decimal(5, 0), "f64", "a value of type decimal cannot be stored as f64");
}

TEST(moments_are_stored_in_other_units_where_that_is_exact)
{
    check_stored(of_kind(FR_DATETIME, 2000000, FR_NS), "datetime[ms]", "1970-01-01 00:00:00.002");
    check_stored(of_kind(FR_DATETIME, 1500000, FR_NS), "datetime[ms]", "a value does not fit datetime[ms]");
    check_stored(of_kind(FR_DATETIME, -1, FR_S), "datetime[ns]", "1969-12-31 23:59:59");
    check_stored(of_kind(FR_DATETIME, INT64_MAX, FR_S), "datetime[ns]", "a value does not fit datetime[ns]");
    check_stored(of_kind(FR_DATE, 1, 0), "datetime[s]", "1970-01-02 00:00:00");
    check_stored(of_kind(FR_DATE, 1, 0), "date", "1970-01-02");
    check_stored(of_kind(FR_DURATION, 1, FR_S), "date", "a value of type duration[us] cannot be stored as date");
}
