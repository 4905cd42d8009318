#include <string.h>

#include "data/column_make.h"
#include "support/columns.h"
#include "support/test.h"

static fr_column *numbers(fr_call *call, const int64_t *values, const uint8_t *valid, int64_t n)
{
    const fr_array_spec spec = { .name = "a", .kind = FR_I64, .values = values, .valid = valid };
    fr_auto(frame) frame = fr_frame_from_arrays(n, &spec, 1, call->context);
    return fr_column_ref(fr_test_columns(frame)[0]);
}

static fr_facts facts_of(fr_call *call, const fr_column *column)
{
    fr_facts facts = { .known = 0 };
    CHECK(fr_column_facts(call, column, &facts));
    return facts;
}

TEST(range_and_order_of_integers)
{
    WITH_CALL;
    FR_OWNED fr_column *up = numbers(call, (int64_t[]){ -3, 1, 1, 8 }, NULL, 4);
    FR_OWNED fr_column *nulls_last = numbers(call, (int64_t[]){ 8, 1, 0 }, (uint8_t[]){ 1, 1, 0 }, 3);
    FR_OWNED fr_column *null_first = numbers(call, (int64_t[]){ 0, 1, 2 }, (uint8_t[]){ 0, 1, 1 }, 3);
    fr_facts a = facts_of(call, up), b = facts_of(call, nulls_last), c = facts_of(call, null_first);
    CHECK_INT(a.known, FR_FACT_RANGE | FR_FACT_ASCENDING);
    CHECK_INT(a.min.i, -3);
    CHECK_INT(a.max.i, 8);
    CHECK_INT(b.known, FR_FACT_RANGE | FR_FACT_DESCENDING);
    CHECK_INT(b.min.i, 1);
    CHECK_INT(c.known, FR_FACT_RANGE);
}

TEST(only_nulls_have_no_range)
{
    WITH_CALL;
    FR_OWNED fr_column *none = fr_column_null(call, fr_type_of(FR_F32), 70);
    CHECK(facts_of(call, none).known & FR_FACT_NO_VALUES);
}

TEST(nan_is_no_bound)
{
    WITH_CALL;
    double values[70];
    for (int i = 0; i < 70; i++) values[i] = i % 7 ? i : __builtin_nan("");
    fr_auto(frame) frame = fr_frame_from_arrays(70, &fr_array("a", FR_F64, values), 1, call->context);
    fr_facts facts = facts_of(call, fr_test_columns(frame)[0]);
    CHECK_INT(facts.known, FR_FACT_RANGE | FR_FACT_HAS_NAN);
    CHECK_F64(facts.min.f, 1);
    CHECK_F64(facts.max.f, 69);
}

TEST(a_part_of_a_column_keeps_bounds_only)
{
    WITH_CALL;
    FR_OWNED fr_column *up = numbers(call, (int64_t[]){ 1, 2, 3 }, NULL, 3);
    (void)facts_of(call, up);
    FR_OWNED fr_column *cut = fr_column_slice(call, up, 0, 2);
    REQUIRE(cut);
    CHECK_INT(cut->facts.known, FR_FACT_BOUNDS | FR_FACT_ASCENDING);
    CHECK_INT(cut->facts.max.i, 3);
    CHECK_INT(facts_of(call, cut).max.i, 2);
    FR_OWNED fr_column *taken = fr_column_take(call, up, &(fr_rows){ .wide = (int64_t[]){ 2, 0 }, .n = 2 });
    REQUIRE(taken);
    CHECK_INT(taken->facts.known, FR_FACT_BOUNDS);
}

TEST(filling_nulls_keeps_the_range)
{
    WITH_CALL;
    FR_OWNED fr_column *gaps = numbers(call, (int64_t[]){ 5, 0, 9 }, (uint8_t[]){ 1, 0, 1 }, 3);
    FR_OWNED fr_column *two = numbers(call, (int64_t[]){ 2 }, NULL, 1);
    FR_OWNED fr_column *unknown = fr_column_fill(call, gaps, two);
    (void)facts_of(call, gaps);
    FR_OWNED fr_column *full = fr_column_fill(call, gaps, two);
    FR_OWNED fr_column *part = fr_column_slice(call, gaps, 0, 2);
    FR_OWNED fr_column *full_part = fr_column_fill(call, part, two);
    REQUIRE(unknown && full && full_part);
    CHECK_INT(unknown->facts.known, 0);
    CHECK_INT(full->facts.known, FR_FACT_RANGE);
    CHECK_INT(full->facts.min.i, 2);
    CHECK_INT(full->facts.max.i, 9);
    CHECK_INT(full_part->facts.known, FR_FACT_BOUNDS);
    CHECK_INT(full_part->facts.max.i, 9);
}

TEST(filling_with_nan_keeps_the_range)
{
    WITH_CALL;
    FR_OWNED fr_column *gaps = fr_test_column(call, "f64", 70, 30, 3);
    FR_OWNED fr_column *nan = fr_column_repeat(call, gaps->type, fr_v_f64(__builtin_nan("")), 1);
    const fr_facts before = facts_of(call, gaps);
    FR_OWNED fr_column *full = fr_column_fill(call, gaps, nan);
    REQUIRE(full);
    CHECK_INT(full->facts.known, FR_FACT_RANGE | FR_FACT_HAS_NAN);
    CHECK_F64(full->facts.min.f, before.min.f);
    CHECK_F64(full->facts.max.f, before.max.f);
    FR_OWNED fr_column *none = fr_column_null(call, gaps->type, 70);
    CHECK(facts_of(call, none).known & FR_FACT_NO_VALUES);
    FR_OWNED fr_column *nans = fr_column_fill(call, none, nan);
    REQUIRE(nans);
    CHECK_INT(nans->facts.known, FR_FACT_RANGE | FR_FACT_HAS_NAN | FR_FACT_NO_VALUES);
}

TEST(ranges_equal_a_plain_loop)
{
    WITH_CALL;
    static const char *const types[] = { "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64" };
    for (size_t t = 0; t < FR_COUNT_OF(types); t++)
        for (int64_t n = 1; n < 300; n += 41) {
            FR_OWNED fr_column *column = fr_test_column(call, types[t], n, 20, (uint64_t)n);
            REQUIRE(column);
            fr_facts facts = facts_of(call, column);
            bool some = false, lowest = false, highest = false, is_float = t >= 8, is_unsigned = t >= 4 && t < 8;
            for (int64_t i = 0; i < n; i++) {
                fr_value v = fr_column_value(column, i);
                if (!v.valid || (is_float && v.as.f != v.as.f)) continue;
                some = true;
                bool inside = is_float      ? facts.min.f <= v.as.f && v.as.f <= facts.max.f
                              : is_unsigned ? facts.min.u <= v.as.u && v.as.u <= facts.max.u
                                            : facts.min.i <= v.as.i && v.as.i <= facts.max.i;
                if (!inside) fr_test_check(false, types[t], __FILE__, (int)i);
                lowest |= is_float ? facts.min.f == v.as.f : facts.min.u == v.as.u;
                highest |= is_float ? facts.max.f == v.as.f : facts.max.u == v.as.u;
            }
            CHECK(!some || (lowest && highest));
            CHECK_INT(!(facts.known & FR_FACT_NO_VALUES), some);
        }
}
