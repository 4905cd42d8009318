#include <frame/print.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/frame.h"
#include "data/layout.h"
#include "support/columns.h"
#include "support/test.h"
#include "support/torture.h"

static const char *table(const fr_frame *frame, fr_print_args args)
{
    static char room[20000];
    args.size_ = sizeof args;
    fr_frame_text(frame, &args, room, sizeof room);
    return room;
}

TEST(a_small_table)
{
    static const char *const region[] = { "North", "South", NULL, "", "München\n" };
    static const int64_t quantity[] = { 3, -1, 0, 12, 5 };
    static const double price[] = { 9.99, 5, 0.125, 1000000.5, __builtin_inf() };
    static const uint8_t valid[] = { 1, 1, 0, 1, 1 };
    static const int32_t day[] = { 0, 19782, -1, 18321, 1 };
    fr_array_spec specs[] = { fr_array("region", FR_STR, region),
                              { .name = "quantity", .kind = FR_I64, .values = quantity, .valid = valid },
                              fr_array("price", FR_F64, price), fr_array("day", FR_DATE, day) };
    fr_auto(frame) frame = fr_frame_from_arrays(5, specs, 4, NULL);
    CHECK_STR(table(frame, (fr_print_args){ 0 }),
              "5 rows × 4 columns\n"
              "\n"
              " region     quantity        price  day\n"
              " str             i64          f64  date\n"
              " ────────────────────────────────────────────\n"
              " North             3        9.990  1970-01-01\n"
              " South            -1        5.000  2024-02-29\n"
              " null           null        0.125  1969-12-31\n"
              " \"\"               12  1000000.500  2020-02-29\n"
              " München\\n         5          inf  1970-01-02\n");
    CHECK_STR(table(frame, (fr_print_args){ .no_types = true, .no_shape = true, .max_rows = 2, .max_cols = 2 }),
              " region     …  day\n"
              " ────────────────────────\n"
              " North      …  1970-01-01\n"
              " …          …  …\n"
              " München\\n  …  1970-01-02\n"
              "\n"
              "2 columns not shown: quantity, price\n");
}

TEST(rows_are_left_out_of_the_middle)
{
    int64_t values[100];
    for (int i = 0; i < 100; i++) values[i] = i;
    fr_auto(frame) frame = fr_frame_new(100, fr_array("a", FR_I64, values));
    CHECK_STR(table(frame, (fr_print_args){ .max_rows = 3 }), "100 rows × 1 column\n\n   a\n i64\n ───\n   0\n   1\n   …\n  99\n");
}

TEST(columns_are_left_out_of_the_middle_and_named)
{
    static const int64_t v[] = { 1 };
    fr_auto(frame) frame = fr_frame_new(1, fr_array("first", FR_I64, v), fr_array("second", FR_I64, v),
                                        fr_array("third", FR_I64, v),
                                        fr_array("fourth", FR_I64, v), fr_array("last", FR_I64, v));
    CHECK_STR(table(frame, (fr_print_args){ .max_width = 25, .no_shape = true }),
              " first  second  …  last\n"
              "   i64     i64  …   i64\n"
              " ──────────────────────\n"
              "     1       1  …     1\n"
              "\n"
              "2 columns not shown: third, fourth\n");
    CHECK_STR(table(frame, (fr_print_args){ .max_cols = 1, .no_shape = true, .no_types = true }),
              " first  …\n"
              " ────────\n"
              "     1  …\n"
              "\n"
              "4 columns not shown: second, third, fourth, last\n");
}

TEST(wide_characters_are_two_columns_wide)
{
    static const char *const name[] = { "日本語", "ab", "🙂" };
    static const int64_t n[] = { 1, 2, 3 };
    fr_auto(frame) frame = fr_frame_new(3, fr_array("都市", FR_STR, name), fr_array("n", FR_I64, n));
    CHECK_STR(table(frame, (fr_print_args){ .no_shape = true }),
              " 都市      n\n"
              " str     i64\n"
              " ───────────\n"
              " 日本語    1\n"
              " ab        2\n"
              " 🙂        3\n");
}

static const char *column_of(const double *values, int64_t n)
{
    static char room[2000];
    fr_auto(frame) frame = fr_frame_new(n, fr_array("x", FR_F64, values));
    fr_print_args args = { .size_ = sizeof args, .no_shape = true, .no_types = true };
    fr_frame_text(frame, &args, room, sizeof room);
    return strchr(strchr(room, '\n') + 1, '\n') + 1;
}

TEST(floats_share_their_decimals)
{
    CHECK_STR(column_of((double[]){ 1, 2.5, 1000000.123 }, 3), "       1.000\n       2.500\n 1000000.123\n");
    CHECK_STR(column_of((double[]){ 1, 2, -3 }, 3), "  1.0\n  2.0\n -3.0\n");
    CHECK_STR(column_of((double[]){ 1.0 / 3, __builtin_nan("") }, 2), " 0.333333\n      NaN\n");
    CHECK_STR(column_of((double[]){ 3e-7 / 1.7, 1.5, 0 }, 3), " 1.7647e-07\n 1.5000e+00\n 0.0000e+00\n");
    CHECK_STR(column_of((double[]){ 1e300, -9.99999e20 }, 2), " 1.0000e+300\n -1.0000e+21\n");
    CHECK_STR(column_of((double[]){ 1e300, -0.0 }, 2), " 1.0000e+300\n -0.0000e+00\n");
}

/* A sum that missed its last bit gives no column of zeros. */
TEST(rounded_floats_end_without_zeros_in_all_rows)
{
    CHECK_STR(column_of((double[]){ 0.1 + 0.2, 0.5, 98396.789999999994 + 1e-11 }, 3), "     0.30\n     0.50\n 98396.79\n");
    CHECK_STR(column_of((double[]){ 0.1 + 0.2, -2, __builtin_inf() }, 3), "  0.3\n -2.0\n  inf\n");
    CHECK_STR(column_of((double[]){ 1.9999999999, 1.00000049 }, 2), " 2.0\n 1.0\n");
    CHECK_STR(column_of((double[]){ 1.0 / 3, 0.5 }, 2), " 0.333333\n 0.500000\n");
    CHECK_STR(column_of((double[]){ 100.0 / 3 * 1e8, 10.00 }, 2), " 3333333333.33\n         10.00\n");
}

TEST(cells_as_text)
{
    WITH_CALL;
    FR_OWNED const fr_type *type = fr_type_read(call, "struct[a: list[i64], b: str]", 28);
    fr_builder *builder = fr_builder_new(call, type, 2), *list = fr_builder_child(builder, 0);
    CHECK(fr_builder_add(call, fr_builder_child(list, 0), fr_v_i64(1)) &&
          fr_builder_add_null(call, fr_builder_child(list, 0)));
    CHECK(fr_builder_end_list(call, list) && fr_builder_add(call, fr_builder_child(builder, 1),
                                                            fr_v_str("say \"hi\"\n")));
    CHECK(fr_builder_end_struct(call, builder) && fr_builder_add_null(call, builder));
    FR_OWNED fr_column *column = fr_builder_finish(call, builder);
    fr_builder_unref(builder);
    fr_auto(frame) frame = fr_frame_of(call, NULL, (const char *[]){ "s" }, &column, 1, 2);
    REQUIRE(frame);
    char room[100];
    CHECK_INT(fr_cell_text(frame, 0, 0, room, sizeof room), 33);
    CHECK_STR(room, "{a: [1, null], b: \"say \\\"hi\\\"\\n\"}");
    CHECK_INT(fr_cell_text(frame, 1, 0, room, sizeof room), 0);
    CHECK_STR(room, "");
    CHECK_INT(fr_cell_text(frame, 2, 0, room, sizeof room), 0);
    CHECK_INT(fr_cell_text(frame, 0, 0, room, 4), 33);
    CHECK_STR(room, "{a:");
}

TEST(every_type_has_a_text)
{
    WITH_CALL;
    for (size_t t = 0; fr_test_types[t]; t++) {
        FR_OWNED fr_column *column = fr_test_column(call, fr_test_types[t], 30, 20, t);
        fr_auto(frame) frame = fr_frame_of(call, NULL, (const char *[]){ "x" }, &column, 1, 30);
        REQUIRE(frame);
        size_t n = fr_frame_text(frame, NULL, NULL, 0);
        CHECK(n > 40);
        char *exact = malloc(n + 1);
        REQUIRE(exact);
        CHECK_INT(fr_frame_text(frame, NULL, exact, n + 1), n);
        CHECK_INT(strlen(exact), n);
        free(exact);
    }
}

TEST(what_is_no_table_is_told)
{
    char room[200];
    fr_auto(frame) failed = fr_frame_from_arrays(-1, NULL, 0, NULL);
    CHECK(fr_frame_text(failed, NULL, room, sizeof room) > 0);
    CHECK(strstr(room, "-1 rows"));
    CHECK(fr_frame_text(NULL, NULL, room, sizeof room) > 0);
    fr_auto(frame) none = fr_frame_from_arrays(0, NULL, 0, NULL);
    CHECK_STR(table(none, (fr_print_args){ 0 }), "0 rows × 0 columns\n\n");
}

static fr_outcome print_small(fr_context *context, void *state)
{
    static const char *const texts[] = { "a", "b" };
    (void)state;
    fr_auto(frame) frame = fr_frame_from_arrays(2, &fr_array("x", FR_STR, texts), 1, context);
    char room[500];
    size_t n = fr_frame_text(frame, NULL, room, sizeof room);
    if (!fr_ok(frame)) return fr_outcome_of(frame);
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    if (!n) fr_fail_memory(&call, 1);      /* it has no other way to say so */
    return fr_outcome_of_call(&call, fr_digest(0, room, n));
}

TEST(printing_survives_every_failure) { TORTURE(print_small, NULL); }

TEST(no_field_name_steers_the_terminal)
{
    WITH_CALL;
    FR_OWNED const fr_type *type = fr_type_read(call, "struct[`a\x1b[2J`: i64]", 20);
    REQUIRE(type);
    FR_OWNED fr_column *column = fr_column_null(call, type, 1);
    FR_OWNED fr_frame *frame = column ? fr_frame_of(call, NULL, (const char *const[]){ "s" }, &column, 1, 1) : NULL;
    REQUIRE(frame);
    FR_CLEANUP(fr_text_clear) fr_text text = FR_TEXT_INIT(call);
    CHECK(fr_layout_schema(call, frame, false, &text));
    CHECK(strstr(text.bytes, "a\\x1b[2J") && !strchr(text.bytes, '\x1b'));
    CHECK(!strchr(table(frame, (fr_print_args){ 0 }), '\x1b'));
}

TEST(zoned_datetimes_show_their_own_clock)
{
    static const int64_t us[] = { INT64_C(1709206205000000), INT64_C(1719835200000000) };
    fr_array_spec spec = { .name = "t", .kind = FR_DATETIME, .values = us, .zone = "Europe/Berlin" };
    fr_auto(frame) berlin = fr_frame_from_arrays(2, &spec, 1, NULL);
    spec.zone = "-03:30";
    fr_auto(frame) fixed = fr_frame_from_arrays(2, &spec, 1, NULL);
    WITH_CALL;
    FR_OWNED const fr_type *odd = fr_type_datetime(call, FR_US, "No/Such_Place");       /* as from a machine with other tzdata */
    FR_OWNED fr_column *elsewhere = odd ? fr_column_retype(call, fixed->columns[0], odd) : NULL;
    FR_OWNED fr_frame *nowhere = elsewhere ? fr_frame_of(call, NULL, (const char *const[]){ "t" }, &elsewhere, 1, 2) : NULL;
    REQUIRE(nowhere);
    char room[64];
    fr_cell_text(fixed, 0, 0, room, sizeof room);
    CHECK_STR(room, "2024-02-29 08:00:05-03:30");
    fr_cell_text(nowhere, 0, 0, room, sizeof room);
    CHECK_STR(room, "2024-02-29 11:30:05+00:00");
    if (access("/usr/share/zoneinfo/Europe/Berlin", R_OK) != 0) SKIP("no tzdata");
    fr_cell_text(berlin, 0, 0, room, sizeof room);
    CHECK_STR(room, "2024-02-29 12:30:05+01:00");
    fr_cell_text(berlin, 1, 0, room, sizeof room);
    CHECK_STR(room, "2024-07-01 14:00:00+02:00");
}
