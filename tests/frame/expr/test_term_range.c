/* Results of whole numbers within known bounds are stored narrow, and say what wide ones say. */
#include <frame/frame.h>

#include "data/frame.h"
#include "frame/ops/apply.h"
#include "support/columns.h"
#include "support/test.h"

#include <stdio.h>

static fr_phys layout_of(const fr_frame *frame, const char *assign)
{
    fr_auto(frame) made = fr_test_apply(frame, fr_with(assign));
    CHECK(fr_ok(made));
    return fr_test_columns(made)[fr_frame_width(made) - 1]->phys;
}

TEST(whole_numbers_within_known_bounds_are_stored_narrow)
{
    fr_auto(frame) text = fr_test_frame("d: 2024-02-29 _ 1969-12-31; i: 5000000000 -1 7; b i8: 100 _ -100; f f64: 1 2 _", NULL);
    fr_auto(frame) frame = fr_test_apply(text, fr_with("d = cast(d, 'date'); t = cast(d, 'datetime[us]'); "
                                                       "s = cast(d, 'datetime[s]')"));
    CHECK_INT(layout_of(frame, "r = month(d)"), FR_PHYS_I8);
    CHECK_INT(layout_of(frame, "r = weekday(t)"), FR_PHYS_I8);
    CHECK_INT(layout_of(frame, "r = day_of_year(d)"), FR_PHYS_I16);
    CHECK_INT(layout_of(frame, "r = year(d)"), FR_PHYS_I32);
    CHECK_INT(layout_of(frame, "r = year(s)"), FR_PHYS_I64);
    CHECK_INT(layout_of(frame, "r = hour(t)"), FR_PHYS_I8);
    CHECK_INT(layout_of(frame, "r = hour(d)"), FR_PHYS_I8);
    CHECK_INT(layout_of(frame, "r = millisecond(t)"), FR_PHYS_I16);
    CHECK_INT(layout_of(frame, "r = nanosecond(t)"), FR_PHYS_I32);
    CHECK_INT(layout_of(frame, "r = sign(i)"), FR_PHYS_I8);
    CHECK_INT(layout_of(frame, "r = i % 7"), FR_PHYS_I8);
    CHECK_INT(layout_of(frame, "r = i % 1000"), FR_PHYS_I16);
    CHECK_INT(layout_of(frame, "r = i % 129"), FR_PHYS_I16);
    CHECK_INT(layout_of(frame, "r = i % 128"), FR_PHYS_I8);
    CHECK_INT(layout_of(frame, "r = month(d) * 100 + day(d)"), FR_PHYS_I16);
    CHECK_INT(layout_of(frame, "r = b + 1"), FR_PHYS_I16);
    CHECK_INT(layout_of(frame, "r = -sign(i)"), FR_PHYS_I8);
    CHECK_INT(layout_of(frame, "r = when(f > 1, 1, 0)"), FR_PHYS_I8);
    CHECK_INT(layout_of(frame, "r = when(f > 1, 1, f > 0, 200)"), FR_PHYS_I16);
    CHECK_INT(layout_of(frame, "r = 1 if f > 1 else null"), FR_PHYS_I8);
    CHECK_INT(layout_of(frame, "r = when(f > 1, i, 0)"), FR_PHYS_I64);
    CHECK_INT(layout_of(frame, "r = i + 1"), FR_PHYS_I64);
    CHECK_INT(layout_of(frame, "r = i // 7"), FR_PHYS_I64);
}

TEST(narrow_results_are_those_of_wide_ones)
{
    static const char *const terms[] = {
        "month(d)", "weekday(d)", "isoweek(d)", "day_of_year(d)", "year(d)", "days_in_month(d)", "hour(t)",
        "second(t)", "millisecond(t)", "nanosecond(t)", "sign(i)", "i % 7", "i % 128", "i % 129", "i % 40000",
        "b + 1", "b * b", "b - h", "b * h + 7", "when(b > 1, h * 1, 0)", "when(i > 0, 1, b is null, -300)",
        "year(d) * 10000 + month(d) * 100 + day(d)", "b % h", "cast(b, 'i64')",
    };
    static const int64_t lengths[] = { 0, 1, 63, 64, 65, 4095, 4096, 4097, 9000 };
    static const char *const names[] = { "d", "t", "i", "b", "h" };
    static const char *const types[] = { "date", "datetime[us]", "i64", "i8", "i16" };
    for (uint32_t threads = 1; threads < 4; threads += 2)
        for (size_t k = 0; k < FR_COUNT_OF(lengths); k++) {
            fr_auto(context) context = fr_context_new(.threads = threads, .chunk_rows = 100);
            fr_call call;
            fr_call_begin(&call, context, NULL, -1);
            fr_column *columns[FR_COUNT_OF(types)];
            for (size_t i = 0; i < FR_COUNT_OF(types); i++)
                columns[i] = fr_test_column(&call, types[i], lengths[k], k % 3 ? 20 : 0, k * 10 + i);
            fr_auto(frame) frame = fr_frame_of(&call, NULL, names, columns, FR_COUNT_OF(types), lengths[k]);
            for (size_t i = 0; i < FR_COUNT_OF(types); i++) fr_column_unref(columns[i]);
            fr_call_end(&call);
            for (size_t i = 0; i < FR_COUNT_OF(terms); i++) {
                char narrow[120], wide[160];
                (void)snprintf(narrow, sizeof narrow, "r = %s", terms[i]);
                (void)snprintf(wide, sizeof wide, "r = wrap_add(%s, 0)", terms[i]);
                fr_auto(frame) a = fr_test_apply(frame, fr_with(narrow));
                fr_auto(frame) b = fr_test_apply(frame, fr_with(wide));
                fr_test_check(fr_ok(a) && fr_equal(a, b), terms[i], __FILE__, (int)lengths[k]);
                CHECK_INT(fr_test_columns(b)[5]->phys, FR_PHYS_I64);
            }
        }
}
