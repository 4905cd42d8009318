/* Frames out through the Arrow interfaces and back in, for every type; then arrays that somebody else might hand us. */
#include <frame/arrow.h>
#include <frame/frame.h>

#include <string.h>

#include "base/problem.h"
#include "data/cell_text.h"
#include "support/columns.h"
#include "support/test.h"

enum { MOST = 64 };

/* A frame of one column of every type. */
static fr_frame *all_types(fr_call *call, int64_t n, int null_percent)
{
    fr_column *columns[MOST] = { NULL };
    char names[MOST][8];
    const char *list[MOST] = { NULL };
    size_t width = 0;
    for (; fr_test_types[width]; width++) {
        columns[width] = fr_test_column(call, fr_test_types[width], n, null_percent, width);
        names[width][0] = 'c';
        names[width][1] = (char)('0' + width / 10);
        names[width][2] = (char)('0' + width % 10);
        names[width][3] = 0;
        list[width] = names[width];
        if (!columns[width]) return NULL;
    }
    fr_frame *frame = fr_frame_of(call, NULL, list, columns, width, n);
    for (size_t i = 0; i < width; i++) fr_column_unref(columns[i]);
    return frame;
}

static fr_frame *there_and_back(const fr_frame *frame, const fr_arrow_args *args, fr_context *context)
{
    struct ArrowArrayStream stream;
    if (fr_frame_export_arrow(frame, &stream, args) != FR_ERR_OK) return NULL;
    return fr_frame_import_arrow(&stream, context);
}

static void check_frames(const fr_frame *actual, const fr_frame *expected, int64_t n)
{
    char text[500] = "";
    if (!fr_ok(actual)) fr_error_text(actual, text, sizeof text);
    CHECK_STR(text, "");
    CHECK_INT(fr_length(actual), n);
    if (!fr_ok(actual)) return;
    for (size_t i = 0; i < fr_width(expected); i++) {
        bool same = fr_column_equal(fr_test_columns(actual)[i], fr_test_columns(expected)[i]) &&
            fr_test_column_is_sound(fr_test_columns(actual)[i]);
        if (!same) fr_test_check(false, "round trip", fr_test_types[i], (int)n);
    }
}

TEST(every_type_comes_back_the_same)
{
    WITH_CALL;
    static const int64_t lengths[] = { 0, 1, 7, 64, 130 };
    for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
        for (int nulls = 0; nulls <= 100; nulls += 50) {
            fr_auto(frame) frame = all_types(call, lengths[l], nulls);
            REQUIRE(fr_ok(frame));
            for (int way = 0; way < 4; way++) {
                fr_arrow_args args = { .size_ = sizeof args, .batch_rows = way & 1 ? 13 : 0, .large_text = way & 2 };
                fr_auto(frame) back = there_and_back(frame, &args, call->context);
                check_frames(back, frame, lengths[l]);
            }
        }
}

TEST(slices_come_back_the_same)
{
    WITH_CALL;
    fr_auto(frame) frame = all_types(call, 200, 20);
    REQUIRE(fr_ok(frame));
    for (int64_t offset = 0; offset < 70; offset += 23) {
        fr_auto(frame) cut = fr_frame_cut(call, frame, offset, 65);
        fr_auto(frame) back = there_and_back(cut, NULL, call->context);
        check_frames(back, cut, 65);
    }
}

TEST(an_exported_stream_outlives_its_frame_and_leaves_nothing_behind)
{
    fr_auto(context) context = fr_context_new(.threads = 1);
    uint64_t before = fr_context_live_bytes(context);
    struct ArrowArrayStream stream;
    {
        fr_call call;
        fr_call_begin(&call, context, NULL, -1);
        fr_auto(frame) frame = all_types(&call, 50, 20);
        REQUIRE(fr_ok(frame));
        CHECK_INT(fr_frame_export_arrow(frame, &stream, NULL), FR_ERR_OK);
        fr_call_end(&call);
    }
    fr_auto(frame) back = fr_frame_import_arrow(&stream, context);
    CHECK(stream.release == NULL);
    CHECK_INT(fr_length(back), 50);
    fr_set(back, NULL);
    CHECK_INT(fr_context_live_bytes(context), before);
}

TEST(an_errored_frame_gives_a_stream_that_says_why)
{
    fr_auto(frame) failed = fr_frame_new(-1, fr_array("a", FR_I64, NULL));
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    REQUIRE(fr_frame_export_arrow(failed, &stream, NULL) == FR_ERR_OK);
    CHECK(stream.get_schema(&stream, &schema) != 0);
    CHECK(strstr(stream.get_last_error(&stream), "-1 rows"));
    fr_auto(frame) back = fr_frame_import_arrow(&stream, NULL);
    CHECK_INT(fr_error_code(back), FR_ERR_IO);
    CHECK(strstr(fr_error(back)->message, "-1 rows"));
}

TEST(metadata_and_nullable_flags_are_kept)
{
    WITH_CALL;
    static const char metadata[] = "\x01\0\0\0\x03\0\0\0key\x05\0\0\0value";
    FR_OWNED fr_column *column = fr_test_column(call, "i64", 3, 0, 1);
    fr_field fields[] = { { .name = "a", .type = fr_type_of(FR_I64), .metadata = metadata,
                            .metadata_bytes = sizeof metadata - 1 } };
    FR_OWNED fr_schema *schema = fr_schema_make(call, fields, 1);
    REQUIRE(column && schema);
    fr_auto(frame) frame = fr_frame_next(call, NULL, schema, &column, 3);
    fr_auto(frame) back = there_and_back(frame, NULL, call->context);
    REQUIRE(fr_ok(back));
    CHECK(!back->schema->fields[0].nullable);
    REQUIRE(back->schema->fields[0].metadata_bytes == sizeof metadata - 1);
    CHECK_BYTES(back->schema->fields[0].metadata, metadata, sizeof metadata - 1);
}

/* ---- arrays of somebody else ------------------------------------------------------------------------------------- */

static int released;      /* how often release was called; tests of this file run one after the other */

static void release_array(struct ArrowArray *array)
{
    released++;
    array->release = NULL;
}

static void release_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

/* One column of `n` rows in up to three buffers. */
static fr_frame *import_one(const char *format, int64_t n, int64_t offset, int64_t nulls, const void **buffers,
                            int64_t n_buffers, struct ArrowArray *dictionary)
{
    struct ArrowSchema text = { .format = "u", .name = "", .release = release_schema };
    struct ArrowSchema schema = { .format = format, .name = "x", .flags = ARROW_FLAG_NULLABLE,
                                  .release = release_schema,
                                  .dictionary = dictionary ? &text : NULL };
    struct ArrowArray array = { .length = n, .offset = offset, .null_count = nulls, .n_buffers = n_buffers,
                                .buffers = buffers, .dictionary = dictionary, .release = release_array };
    released = 0;
    fr_frame *frame = fr_frame_import_arrow_array(&array, &schema, NULL);
    if (array.release || schema.release) fr_test_check(false, "taken over", format, 0);
    return frame;
}

TEST(numbers_are_used_in_place_and_released_once)
{
    static const int64_t values[] = { 1, 2, 3, 4 };
    const void *buffers[] = { NULL, values };
    fr_auto(frame) frame = import_one("l", 3, 1, 0, buffers, 2, NULL);
    REQUIRE(fr_ok(frame));
    CHECK(fr_values(frame, "x", FR_I64, NULL) == values + 1);
    fr_auto(frame) same = fr_ref(frame);
    CHECK_INT(released, 0);
    fr_set(frame, NULL);
    CHECK_INT(released, 0);
    fr_set(same, NULL);
    CHECK_INT(released, 1);
}

TEST(values_under_nulls_become_zero)
{
    static const int32_t values[] = { 1, 77, 3 };
    const uint8_t valid[] = { 5 };
    const void *buffers[] = { valid, values };
    fr_auto(frame) frame = import_one("i", 3, 0, -1, buffers, 2, NULL);
    REQUIRE(fr_ok(frame));
    CHECK_INT(fr_null_count(frame, 0), 1);
    CHECK_INT(((const int32_t *)fr_values(frame, "x", FR_I32, NULL))[1], 0);
    CHECK_INT(released, 1);      /* it was a copy */
}

TEST(texts_with_32_bit_offsets)
{
    static const int32_t offsets[] = { 0, 2, 2, 24, 26 };
    static const char data[] = "abthis is a longer text!ä";
    const uint8_t valid[] = { 13 };
    const void *buffers[] = { valid, offsets, data };
    fr_auto(frame) frame = import_one("u", 4, 0, 1, buffers, 3, NULL);
    REQUIRE(fr_ok(frame));
    CHECK(!memcmp(fr_get(frame, 0, "x").as.s, "ab", 2));
    CHECK(!fr_get(frame, 1, "x").valid);
    CHECK(fr_get(frame, 2, "x").as.s == data + 2);      /* not copied */
    CHECK_INT(fr_get(frame, 3, "x").length, 2);
}

/* A column of lists or structs over one child of five 32-bit integers, 1 2 3 4 5. */
static fr_frame *import_nested(const char *format, int64_t n, const void **buffers, int64_t n_buffers)
{
    static const int32_t values[] = { 1, 2, 3, 4, 5 };
    struct ArrowSchema field = { .format = "i", .name = "a", .flags = ARROW_FLAG_NULLABLE, .release = release_schema };
    struct ArrowArray items = { .length = 5, .n_buffers = 2, .buffers = (const void *[]){ NULL, values },
                                .release = release_array };
    struct ArrowSchema schema = { .format = format, .name = "x", .flags = ARROW_FLAG_NULLABLE, .release = release_schema,
                                  .n_children = 1, .children = (struct ArrowSchema *[]){ &field } };
    struct ArrowArray array = { .length = n, .null_count = -1, .n_buffers = n_buffers, .buffers = buffers, .n_children = 1,
                                .children = (struct ArrowArray *[]){ &items }, .release = release_array };
    return fr_frame_import_arrow_array(&array, &schema, NULL);
}

static void check_nested(fr_frame *taken, const char *expected)
{
    WITH_CALL;
    fr_auto(frame) frame = taken;
    REQUIRE(fr_ok(frame));
    const fr_column *column = fr_test_columns(frame)[0];
    FR_CLEANUP(fr_text_clear) fr_text text = FR_TEXT_INIT(call);
    for (int64_t i = 0; i < column->length; i++) {
        CHECK(fr_text_add(call, &text, i ? " " : ""));
        CHECK(fr_is_valid(column, i) ? fr_cell_append(call, &text, column, i, &(fr_cell_style){ 0 })
                                     : fr_text_add(call, &text, "null"));
    }
    CHECK_STR(text.bytes, expected);
    CHECK(fr_test_column_is_sound(column));
}

TEST(lists_and_structs_hide_what_lies_under_nulls)
{
    static const int32_t offsets[] = { 1, 2, 4, 5 }, starts[] = { 3, 0, 2 }, sizes[] = { 2, 4, 1 };
    const uint8_t valid[] = { 5 };
    check_nested(import_nested("+l", 3, (const void *[]){ NULL, offsets }, 2), "[2] [3, 4] [5]");
    check_nested(import_nested("+l", 3, (const void *[]){ valid, offsets }, 2), "[2] null [5]");
    check_nested(import_nested("+vl", 3, (const void *[]){ NULL, starts, sizes }, 3), "[4, 5] [1, 2, 3, 4] [3]");
    check_nested(import_nested("+vl", 3, (const void *[]){ valid, starts, sizes }, 3), "[4, 5] null [3]");
    check_nested(import_nested("+w:2", 2, (const void *[]){ NULL }, 1), "[1, 2] [3, 4]");
    check_nested(import_nested("+w:2", 2, (const void *[]){ (const uint8_t[]){ 2 } }, 1), "null [3, 4]");
    check_nested(import_nested("+s", 3, (const void *[]){ valid }, 1), "1 null 3");                /* a frame, not a column */
}

TEST(texts_may_be_anything_under_nulls_alone)
{
    static const int32_t offsets[] = { 0, 2, 4, 6 };
    static const char data[] = "ab\xff\xff\xc3\xa4";
    const uint8_t valid[] = { 5 }, other[] = { 3 };
    fr_auto(frame) frame = import_one("u", 3, 0, 1, (const void *[]){ valid, offsets, data }, 3, NULL);
    REQUIRE(fr_ok(frame));
    CHECK(!fr_get(frame, 1, "x").valid && !memcmp(fr_get(frame, 2, "x").as.s, "\xc3\xa4", 2));
    fr_auto(frame) wrong = import_one("u", 3, 0, 1, (const void *[]){ other, offsets, data }, 3, NULL);
    CHECK_INT(fr_error_code(wrong), FR_ERR_ENCODING);
}

TEST(texts_of_one_length_have_no_offsets)
{
    const uint8_t valid[] = { 5 };
    fr_auto(frame) frame = import_one("w:3", 2, 1, 1, (const void *[]){ valid, "abcdefghi" }, 2, NULL);
    REQUIRE(fr_ok(frame));
    CHECK_INT(fr_type_kind(fr_type_at(frame, 0)), FR_BINARY);
    CHECK(!fr_get(frame, 0, "x").valid);
    CHECK(fr_get(frame, 1, "x").length == 3 && !memcmp(fr_get(frame, 1, "x").as.s, "ghi", 3));
}

TEST(times_and_dates_of_another_width)
{
    static const int32_t seconds[] = { 0, 7, 86399 };
    static const int64_t ms[] = { -86400000, 5, 172800000 };
    const uint8_t valid[] = { 5 };
    fr_auto(frame) times = import_one("tts", 3, 0, 1, (const void *[]){ valid, seconds }, 2, NULL);
    REQUIRE(fr_ok(times));
    CHECK(fr_get(times, 0, "x").as.i == 0 && !fr_get(times, 1, "x").valid && fr_get(times, 2, "x").as.i == 86399);
    fr_auto(frame) back = there_and_back(times, NULL, NULL);
    CHECK(fr_equal(back, times));
    fr_auto(frame) dates = import_one("tdm", 3, 0, 1, (const void *[]){ valid, ms }, 2, NULL);
    REQUIRE(fr_ok(dates));
    CHECK(fr_get(dates, 0, "x").as.i == -1 && !fr_get(dates, 1, "x").valid && fr_get(dates, 2, "x").as.i == 2);
    fr_auto(frame) later = import_one("tdm", 1, 2, 0, (const void *[]){ NULL, ms }, 2, NULL);
    CHECK(fr_get(later, 0, "x").as.i == 2);
}

TEST(dictionaries_with_duplicates_and_nulls)
{
    static const int32_t offsets[] = { 0, 1, 1, 2, 3 };
    const uint8_t entry_valid[] = { 13 };
    const void *texts[] = { entry_valid, offsets, "aab" };
    struct ArrowArray entries = { .length = 4, .null_count = 1, .n_buffers = 3, .buffers = texts,
                                  .release = release_array };
    static const int8_t codes[] = { 0, 1, 2, 3 };
    const void *buffers[] = { NULL, codes };
    fr_auto(frame) frame = import_one("c", 4, 0, 0, buffers, 2, &entries);
    REQUIRE(fr_ok(frame));
    CHECK_INT(fr_type_kind(fr_type_at(frame, 0)), FR_CAT);
    CHECK_INT(fr_test_columns(frame)[0]->dictionary->length, 2);
    CHECK_INT(fr_null_count(frame, 0), 1);
    CHECK(!fr_get(frame, 1, "x").valid && fr_get(frame, 2, "x").as.s[0] == 'a' && fr_get(frame, 3, "x").as.s[0] == 'b');
}

static void expect(fr_frame *taken, fr_code code, const char *words)
{
    fr_auto(frame) frame = taken;
    CHECK_INT(fr_error_code(frame), code);
    if (fr_ok(frame)) return;
    if (!strstr(fr_error(frame)->message, words)) CHECK_STR(fr_error(frame)->message, words);
    CHECK_INT(released, 1);
}

TEST(arrays_that_contradict_themselves_are_refused)
{
    static const int32_t falling[] = { 0, 3, 1 }, rising[] = { 0, 1, 2 };
    static const int64_t words[] = { 1, 2 };
    static const uint8_t one_null[] = { 1 };
    static const int8_t codes[] = { 0, 4 };
    const void *fall[] = { NULL, falling, "abc" }, *not_text[] = { NULL, rising, "a\xff" },
        *no_data[] = { NULL, rising, NULL };
    const void *longs[] = { NULL, words }, *nulls[] = { one_null, words }, *missing[] = { NULL, NULL };
    expect(import_one("u", 2, 0, 0, fall, 3, NULL), FR_ERR_FORMAT, "offsets fall at row 1");
    expect(import_one("u", 2, 0, 0, not_text, 3, NULL), FR_ERR_ENCODING, "is not UTF-8");
    expect(import_one("u", 2, 0, 0, no_data, 3, NULL), FR_ERR_FORMAT, "its data are missing");
    expect(import_one("l", 2, 0, 0, longs, 3, NULL), FR_ERR_FORMAT, "3 buffers");
    expect(import_one("l", -1, 0, 0, longs, 2, NULL), FR_ERR_FORMAT, "negative");
    expect(import_one("l", INT64_MAX, 5, 0, longs, 2, NULL), FR_ERR_FORMAT, "beyond any memory");
    expect(import_one("l", 2, 0, 2, nulls, 2, NULL), FR_ERR_FORMAT, "1 nulls, 2 were announced");
    expect(import_one("l", 2, 0, 1, longs, 2, NULL), FR_ERR_FORMAT, "no validity");
    expect(import_one("l", 2, 0, 0, missing, 2, NULL), FR_ERR_FORMAT, "buffer 1 is missing");
    expect(import_one("e", 2, 0, 0, longs, 2, NULL), FR_ERR_UNSUPPORTED, "float16");
    expect(import_one("?", 2, 0, 0, longs, 2, NULL), FR_ERR_UNSUPPORTED, "not known");
    expect(import_one("", 2, 0, 0, longs, 2, NULL), FR_ERR_UNSUPPORTED, "not known");
    expect(import_one("w:x", 2, 0, 0, longs, 2, NULL), FR_ERR_FORMAT, "width");
    expect(import_one("w:-1", 2, 0, 0, longs, 2, NULL), FR_ERR_FORMAT, "width");
    expect(import_one("w:4294967298", 2, 0, 0, longs, 2, NULL), FR_ERR_FORMAT, "width");
    expect(import_one("d:39", 2, 0, 0, longs, 2, NULL), FR_ERR_FORMAT, "precision,scale");
    expect(import_one("tdm", 2, 0, 0, longs, 2, NULL), FR_ERR_VALUE, "no whole day");
    static const int32_t seconds[] = { 86399, 86400 };
    expect(import_one("tts", 2, 0, 0, (const void *[]){ NULL, seconds }, 2, NULL), FR_ERR_VALUE, "86400 is no time of day");
    static const int64_t before[] = { 0, -1 };
    expect(import_one("ttu", 2, 0, 0, (const void *[]){ NULL, before }, 2, NULL), FR_ERR_VALUE, "-1 is no time of day");
    struct ArrowArray entries = { .length = 2, .n_buffers = 3, .buffers = (const void *[]){ NULL, rising, "ab" },
                                  .release = release_array };
    expect(import_one("c", 2, 0, 0, (const void *[]){ NULL, codes }, 2, &entries), FR_ERR_FORMAT, "has code 4");
}

TEST(views_that_lead_outside_are_refused)
{
    fr_view view = fr_view_long("a text of some length", 21, 0, 5);
    static const int64_t sizes[] = { 21 }, enough[] = { 26 };
    const char data[] = "12345a text of some length";
    const void *outside[] = { NULL, &view, data, sizes }, *inside[] = { NULL, &view, data, enough };
    expect(import_one("vu", 1, 0, 0, outside, 4, NULL), FR_ERR_FORMAT, "leads outside");
    fr_auto(frame) fine = import_one("vu", 1, 0, 0, inside, 4, NULL);
    CHECK(fr_ok(fine) && fr_get(fine, 0, "x").as.s == data + 5);
    view.out.buffer = 1;
    expect(import_one("vu", 1, 0, 0, inside, 4, NULL), FR_ERR_FORMAT, "leads outside");
}

TEST(wide_and_narrow_decimals)
{
    static const int64_t small[] = { 125, -1 }, wide[] = { 125, 0, 0, 0, -1, -1, -1, -1 }, too_wide[] = { 0, 0, 1, 0 };
    fr_auto(frame) narrow = import_one("d:9,2,64", 2, 0, 0, (const void *[]){ NULL, small }, 2, NULL);
    REQUIRE(fr_ok(narrow));
    CHECK_INT(fr_get(narrow, 0, "x").as.decimal.low, 125);
    CHECK_INT(fr_get(narrow, 1, "x").as.decimal.high, -1);
    fr_auto(frame) big = import_one("d:50,2,256", 2, 0, 0, (const void *[]){ NULL, wide }, 2, NULL);
    REQUIRE(fr_ok(big));
    CHECK_INT((int64_t)fr_get(big, 1, "x").as.decimal.low, -1);
    expect(import_one("d:50,2,256", 1, 0, 0, (const void *[]){ NULL, too_wide }, 2, NULL), FR_ERR_OVERFLOW,
           "more than 38 digits");
}

/* Nobody could show its cells by its clock, or compare them: that is said before they are looked at. */
TEST(a_zone_that_nobody_knows_is_refused)
{
    static const int64_t ticks[] = { 0, 1 };
    const void *buffers[] = { NULL, ticks };
    expect(import_one("tsu:Mars/Base", 2, 0, 0, buffers, 2, NULL), FR_ERR_NOT_FOUND, "no time zone 'Mars/Base'");
    fr_auto(frame) fixed = import_one("tsu:+02:00", 2, 0, 0, buffers, 2, NULL);
    CHECK(fr_ok(fixed));
    fr_auto(frame) array = fr_frame_new(2, { .name = "t", .kind = FR_DATETIME, .zone = "Mars/Base", .values = ticks });
    CHECK_INT(fr_error_code(array), FR_ERR_NOT_FOUND);
    CHECK_STR(fr_error(array)->column, "t");
    fr_auto(frame) cast = fr_pipe(fixed, fr_cast("x: datetime[us, Mars/Base]"));
    fr_auto(frame) with = fr_pipe(fixed, fr_with("y = cast(x, 'datetime[us, Mars/Base]')"));
    CHECK(fr_error_code(cast) == FR_ERR_NOT_FOUND && fr_error_code(with) == FR_ERR_NOT_FOUND);
    CHECK_INT(fr_error(with)->position, 12);
}
