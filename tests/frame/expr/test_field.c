/* test_field.c — fields of structs in expressions: by function, by point, nested, of computed structs, in groups, misspelt. */
#include "base/memory.h"
#include "support/columns.h"
#include "support/expr_support.h"
#include "support/test.h"

#include <frame/frame.h>

#include <stdio.h>
#include <string.h>

static bool add_home(fr_call *call, fr_builder *b, const char *city, int64_t year, bool flat)
{
    fr_builder *in = fr_builder_child(b, 1);
    return fr_builder_add(call, fr_builder_child(b, 0), fr_v_str(city))
        && fr_builder_add(call, fr_builder_child(in, 0), fr_v_i64(year))
        && fr_builder_add(call, fr_builder_child(in, 1), fr_v_bool(flat)) && fr_builder_end_struct(call, in)
        && fr_builder_add(call, fr_builder_child(b, 2), fr_v_i64(year / 100)) && fr_builder_end_struct(call, b);
}

/* home: { Rome, { 1999, true }, 19 }, null, { Oslo, { 2024, false }, 20 }; `odd.city`: a text; n: 1, 2, 3 */
static fr_frame *homes(fr_call *call)
{
    static const int64_t numbers[] = { 1, 2, 3 };
    static const char *const texts[] = { "x", "y", "x" };
    static const char type[] = "struct[city: str, `in`: struct[year: i64, flat: bool], count: i64]";
    FR_OWNED const fr_type *home = fr_type_read(call, type, strlen(type));
    fr_builder *b = home ? fr_builder_new(call, home, 3) : NULL;
    bool ok = b && add_home(call, b, "Rome", 1999, true) && fr_builder_add_null(call, b) && add_home(call, b, "Oslo", 2024, false);
    FR_OWNED fr_column *column = ok ? fr_builder_finish(call, b) : NULL;
    fr_builder_unref(b);
    fr_auto(frame) others = fr_frame_new(3, fr_array("n", FR_I64, numbers), fr_array("odd.city", FR_STR, texts));
    if (!column || !fr_ok(others)) return NULL;
    fr_column *all[] = { column, others->columns[0], others->columns[1] };
    return fr_frame_of(call, NULL, (const char *const[]){ "home", "n", "odd.city" }, all, 3, 3);
}

#define GIVES(text, expected) CHECK_STR(fr_test_eval_all(frame, text, room, sizeof room), expected)

TEST(a_field_is_a_column_with_the_nulls_of_the_struct)
{
    char room[1024];
    WITH_CALL;
    FR_OWNED fr_frame *frame = homes(call);
    REQUIRE(frame);
    GIVES("field(home, 'city')", "'Rome', null, 'Oslo'");
    GIVES("home.city", "'Rome', null, 'Oslo'");
    GIVES("home.`city`.lower()", "'rome', null, 'oslo'");
    GIVES("home.struct.field('city')", "'Rome', null, 'Oslo'");
    GIVES("home.`in`.flat", "true, null, false");
    GIVES("home.`in`.year + n", "2000, null, 2027");
    GIVES("home.city == 'Oslo' or n == 1", "true, null, true");
    GIVES("home.city is null", "false, true, false");
    GIVES("(home if n > 1 else null).city", "null, null, 'Oslo'");
    GIVES("shift(home).city", "null, 'Rome', null");
    GIVES("field(null, 'city')", "null, null, null");
}

/* Of what is both, the struct decides; brackets make it the function. */
TEST(a_field_comes_before_a_function_of_its_name)
{
    char room[1024];
    WITH_CALL;
    FR_OWNED fr_frame *frame = homes(call);
    REQUIRE(frame);
    GIVES("home.`in`.year", "1999, null, 2024");
    GIVES("home.count", "19, null, 20");
    GIVES("home.count()", "2, 2, 2");
    GIVES("sum(home.count)", "39, 39, 39");
    GIVES("home.is_null", "false, true, false");
}

TEST(nothing_is_copied)
{
    WITH_CALL;
    FR_OWNED fr_frame *frame = homes(call);
    fr_expr *expr = fr_expr_parse(call, "home.`in`.year", NULL, 0);
    REQUIRE(frame && expr);
    FR_OWNED fr_column *year = fr_expr_eval(call, expr, &(fr_eval){ .frame = frame });
    CHECK(year == frame->columns[0]->children[1]->children[0]);
    CHECK(!fr_expr_can_fail(expr, frame->schema));
    fr_expr_unref(expr);
}

static void fails(const fr_frame *frame, const char *text, const char *wanted)
{
    char room[1024], got[1200];
    (void)snprintf(got, sizeof got, "%s -> %s", text, fr_test_eval_all(frame, text, room, sizeof room));
    if (!strstr(got, wanted)) CHECK_STR(got, wanted);
}

TEST(errors_name_the_fields_there_are)
{
    WITH_CALL;
    FR_OWNED fr_frame *frame = homes(call);
    REQUIRE(frame);
    fails(frame, "home.citty",
          "no field 'citty' in the struct (it has: city, in, count) (did you mean 'city'?)\n    home.citty\n         ^");
    fails(frame, "field(home, 'x')",
          "no field 'x' in the struct (it has: city, in, count)\n    field(home, 'x')\n                ^");
    fails(frame, "home.`in`.yeer", "no field 'yeer' in the struct (it has: year, flat) (did you mean 'year'?)");
    fails(frame, "home.in.year", "a field of this name stands in backticks");
    fails(frame, "odd.city", "no column 'odd' (a name with a point in it stands in backticks)");
    fails(frame, "field(n, 'a')", "field needs a struct, not i64");
    fails(frame, "field(home, n)", "field needs a constant text here");
    fails(frame, "n.citty", "no function 'citty'");
    fails(frame, "home.citty over n", "no function 'citty'");
}

TEST(steps_reach_fields)
{
    WITH_CALL;
    FR_OWNED fr_frame *frame = homes(call);
    REQUIRE(frame);
    fr_auto(frame) got = fr_pipe(frame, fr_filter("home.`in`.year > 2000"),
                                 fr_with("home.city; field(home, 'count'); c = home.city"),
                                 fr_group("city, c", .agg = "n = sum(home.count); first = first(home.`in`.year)"));
    fr_auto(frame) twice = fr_pipe(frame, fr_concat(frame), fr_group("town = home.city", .agg = "n = size()"), fr_sort("n, town"));
    REQUIRE(fr_ok(got) && fr_ok(twice));
    CHECK_INT(fr_length(got), 1);
    CHECK_INT(fr_get(got, 0, "n").as.i, 20);
    CHECK_INT(fr_get(got, 0, "first").as.i, 2024);
    CHECK_INT(fr_length(twice), 3);
    fr_auto(frame) unquoted = fr_pipe(frame, fr_sort("odd.city"));
    CHECK(!fr_ok(unquoted) && !strcmp(fr_error(unquoted)->hint, "a name with a point in it stands in backticks"));
    fr_auto(frame) wrong = fr_pipe(frame, fr_group("n", .agg = "home.count"));
    CHECK(!fr_ok(wrong) && strstr(fr_error(wrong)->message, "column 'home' is neither a key nor inside an aggregate"));
}
