/* Writing, and reading back what was written: the same names, types, nulls and bits. */
#include <frame/file.h>
#include <frame/frame.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/call.h"
#include "data/frame.h"
#include "support/test.h"

static const char *scratch_path(const char *ending)
{
    static char path[200];
    snprintf(path, sizeof path, "/tmp/frame-test-csv-%d%s", (int)getpid(), ending);
    return path;
}

static char *slurp(const char *path, size_t *n)
{
    FILE *in = fopen(path, "rb");
    if (!in) return NULL;
    char *text = calloc(1, 1 << 20);
    *n = fread(text, 1, (1 << 20) - 1, in);
    fclose(in);
    return text;
}

static void check_text(const fr_frame *receipt, const char *path, const char *expected)
{
    size_t n = 0;
    char *text = slurp(path, &n);
    CHECK(fr_ok(receipt));
    CHECK_STR(text, expected);
    CHECK_INT(fr_get(receipt, 0, "bytes").as.i, strlen(expected));
    CHECK_STR(fr_get(receipt, 0, "path").as.s, path);
    free(text);
    unlink(path);
}

static fr_frame *small_frame(void)
{
    const char *name[] = { "Ann", "", NULL, "a,b", "say \"hi\"", "two\nlines" };
    bool ok[] = { true, false, true, false, true, false };
    const uint8_t ok_valid[] = { 1, 1, 0, 1, 1, 1 };
    double x[] = { 1, -0.0, 0.1, 1e300, INFINITY, NAN };
    int64_t n[] = { 1, INT64_MIN, INT64_MAX, 0, -1, 2 };
    return fr_frame_new(6, fr_array("name", FR_STR, name), fr_array("ok", FR_BOOL, ok, .valid = ok_valid),
                        fr_array("x", FR_F64, x), fr_array("n", FR_I64, n));
}

TEST(what_is_written)
{
    fr_auto(frame) f = small_frame();
    REQUIRE(fr_ok(f));
    const char *path = scratch_path(".csv");
    fr_auto(frame) done = fr_write_csv(f, path);
    check_text(done, path, "name,ok,x,n\nAnn,True,1.0,1\n\"\",False,-0.0,-9223372036854775808\n,,0.1,9223372036854775807\n"
                           "\"a,b\",False,1e+300,0\n\"say \"\"hi\"\"\",True,inf,-1\n\"two\nlines\",False,nan,2\n");
    fr_auto(frame) other = fr_write_csv(f, path, .sep = ";", .na = "NA", .no_header = true, .line_end = "\r\n");
    check_text(other, path, "Ann;True;1.0;1\r\n\"\";False;-0.0;-9223372036854775808\r\nNA;NA;0.1;9223372036854775807\r\n"
                            "a,b;False;1e+300;0\r\n\"say \"\"hi\"\"\";True;inf;-1\r\n\"two\nlines\";False;nan;2\r\n");
}

/* A decimal of which `.na` is the text, a date that holds the separator, and quotes around all. */
TEST(dates_and_decimals_are_quoted_where_they_must_be)
{
    const char *price[] = { "1.50", "-20.25", NULL }, *day[] = { "2024-02-29", NULL, "1999-12-31" };
    fr_auto(frame) texts = fr_frame_new(3, fr_array("price", FR_STR, price), fr_array("day", FR_STR, day));
    fr_auto(frame) f = fr_pipe(texts, fr_cast("price: decimal(9, 2), day: date"));
    REQUIRE(fr_ok(f));
    const char *path = scratch_path(".csv");
    fr_auto(frame) plain = fr_write_csv(f, path);
    check_text(plain, path, "price,day\n1.50,2024-02-29\n-20.25,\n,1999-12-31\n");
    fr_auto(frame) all = fr_write_csv(f, path, .quote_all = true);
    check_text(all, path, "\"price\",\"day\"\n\"1.50\",\"2024-02-29\"\n\"-20.25\",\n,\"1999-12-31\"\n");
    fr_auto(frame) dashed = fr_write_csv(f, path, .sep = "-", .na = "1.50");
    check_text(dashed, path, "price-day\n\"1.50\"-\"2024-02-29\"\n\"-20.25\"-1.50\n1.50-\"1999-12-31\"\n");
}

/* No reader should find a separator in a table of one column. */
TEST(a_column_alone_is_read_as_it_was_written)
{
    const char *note[] = { "plain", "a; b", "c | d", "\t", "e, f", "", NULL, "g: h" };
    const char *path = scratch_path(".csv");
    for (int way = 0; way < 3; way++) {
        fr_auto(frame) f = fr_frame_new(8, fr_array("the; note", way == 2 ? FR_CAT : FR_STR, note));
        fr_auto(frame) done = fr_write_csv(f, path, .sep = way == 1 ? ";" : ",");
        fr_auto(frame) back = fr_read_csv(path, .header = true);
        CHECK(fr_ok(done) && fr_ok(back));
        CHECK_INT(fr_length(back), 8);
        for (int i = 0; i < 8; i++) {
            CHECK_INT(fr_get(back, i, "the; note").valid, note[i] != NULL);
            if (note[i]) CHECK_STR(fr_get(back, i, "the; note").as.s, note[i]);
        }
        check_text(done, path, "\"the; note\"\nplain\n\"a; b\"\n\"c | d\"\n\"\t\"\n\"e, f\"\n\"\"\n\ng: h\n");
    }
}

TEST(formulas_are_escaped_when_asked)
{
    const char *cell[] = { "=1+1", "-x", "@a", "+b", "plain", "=a,b" };
    fr_auto(frame) f = fr_frame_new(6, fr_array("cell", FR_STR, cell));
    const char *path = scratch_path(".csv");
    fr_auto(frame) done = fr_write_csv(f, path, .escape_formulas = true);
    check_text(done, path, "cell\n'=1+1\n'-x\n'@a\n'+b\nplain\n\"'=a,b\"\n");
}

TEST(gzip_and_back)
{
    fr_auto(frame) f = small_frame();
    const char *path = scratch_path(".csv.gz");
    fr_auto(frame) done = fr_write_csv(f, path);
    REQUIRE(fr_ok(done));
    fr_auto(schema) schema = fr_schema(f);
    fr_auto(frame) back = fr_read_csv(path, .schema = schema);
    CHECK(fr_ok(back));
    CHECK(fr_equal(f, back));
    fr_auto(context) blocks = fr_context_new(.chunk_rows = 128);
    fr_auto(frame) by_blocks = fr_read_csv(path, .schema = schema, .context = blocks);
    CHECK(fr_equal(f, by_blocks));
    unlink(path);
}

/* Without a header nothing is written: what the columns are must be said again. */
TEST(no_rows_without_a_header_come_back_with_their_schema)
{
    fr_auto(frame) f = small_frame();
    fr_auto(frame) none = fr_pipe(f, fr_head(0));
    fr_auto(schema) schema = fr_schema(f);
    const char *const endings[] = { ".csv", ".csv.gz" };
    for (size_t i = 0; i < 2; i++) {
        const char *path = scratch_path(endings[i]);
        fr_auto(frame) done = fr_write_csv(none, path, .no_header = true);
        CHECK(fr_ok(done));
        fr_auto(frame) back = fr_read_csv(path, .schema = schema, .no_header = true);
        fr_auto(frame) scan = fr_scan_csv(path, .schema = schema, .no_header = true);
        fr_auto(frame) scanned = fr_collect(scan);
        fr_auto(frame) named = fr_read_csv(path, .names = "name, x", .no_header = true);
        fr_auto(frame) nameless = fr_read_csv(path, .no_header = true);
        fr_auto(frame) headed = fr_read_csv(path, .schema = schema);
        CHECK(fr_equal(none, back) && fr_equal(none, scanned));
        CHECK(fr_length(named) == 0 && fr_width(named) == 2);
        CHECK_INT(fr_error_code(nameless), FR_ERR_FORMAT);
        CHECK_INT(fr_error_code(headed), FR_ERR_FORMAT);
        unlink(path);
    }
    fr_auto(frame) blank = fr_read_csv_bytes("\n\n", 2, .schema = schema, .no_header = true);
    CHECK(fr_equal(none, blank));
}

/* As other programs see it: one member, whose bytes do not depend on the threads. */
static size_t bytes_of(const char *path, char *bytes, size_t room)
{
    FILE *in = fopen(path, "rb");
    size_t n = in ? fread(bytes, 1, room, in) : 0;
    if (in) fclose(in);
    return n;
}

TEST(gzip_of_many_blocks_is_one_member)
{
    enum { ROWS = 300000, ROOM = 4 << 20 };
    int64_t *k = malloc(ROWS * sizeof *k);
    char *text = malloc(ROOM), *packed = malloc(ROOM), *other = malloc(ROOM), *back = malloc(ROOM);
    const char *plain = fr_test_scratch("blocks.csv"), *path = fr_test_scratch("blocks.csv.gz");
    for (int64_t i = 0; i < ROWS; i++) k[i] = i * i % 9973;
    for (int64_t rows = 0; rows <= ROWS; rows += rows ? rows : 8191) {
        fr_auto(frame) f = fr_frame_new(rows, fr_array("k", FR_I64, k));
        fr_auto(frame) written = fr_write_csv(f, plain);
        CHECK(fr_ok(written));
        size_t n = bytes_of(plain, text, ROOM), n_packed = 0;
        for (uint32_t threads = 1; threads <= 3; threads++) {
            fr_auto(context) context = fr_context_new(.threads = threads);
            fr_auto(frame) g = fr_with_context(f, context);
            fr_auto(frame) done = fr_write_csv(g, path);
            CHECK(fr_ok(done));
            size_t n_other = bytes_of(path, other, ROOM);
            if (threads > 1) CHECK(n_other == n_packed && memcmp(other, packed, n_packed) == 0);
            memcpy(packed, other, n_packed = n_other);
        }
        z_stream z = { .next_in = (Bytef *)packed, .avail_in = (uInt)n_packed, .next_out = (Bytef *)back, .avail_out = ROOM };
        inflateInit2(&z, 15 + 16);
        CHECK_INT(inflate(&z, Z_FINISH), Z_STREAM_END);
        CHECK_INT(z.avail_in, 0);
        CHECK(ROOM - z.avail_out == n && memcmp(back, text, n) == 0);
        inflateEnd(&z);
    }
    free(back);
    free(other);
    free(packed);
    free(text);
    free(k);
}

/* ---- the property: read(write(x), .schema = schema of x) is x ------------------------------------------------------- */
static uint64_t random_state = 2463534242;

static uint64_t next_random(void)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return random_state ^ random_state >> 29;
}

static fr_value random_value(const fr_type *type)
{
    static const char *const texts[] = { "", "a", "NULL", "NA", "007", "1.5", "a,b", "\"", "\n", "\r\n", " x ", "é😎", "=1",
        "a rather long text that does not fit a view", "true", "2024-02-29", "\ufeffbom", "\\", "'" };
    static const double doubles[] = { 0.0, -0.0, 1.0, 0.1, 1e22, 1e23, 5e-324, 1.7976931348623157e308, 123456789.125 };
    uint64_t r = next_random();
    fr_value v = fr_v_i64(0);
    v.kind = (uint8_t)fr_type_kind(type);
    switch (fr_type_kind(type)) {
        case FR_BOOL: v.as.i = r & 1; break;
        case FR_I8: v.as.i = (int8_t)r; break;
        case FR_I16: v.as.i = (int16_t)r; break;
        case FR_I32: v.as.i = (int32_t)r; break;
        case FR_I64: v.as.i = (int64_t)(r << (r % 60)); break;
        case FR_U8: v.as.u = (uint8_t)r; break;
        case FR_U16: v.as.u = (uint16_t)r; break;
        case FR_U32: v.as.u = (uint32_t)r; break;
        case FR_U64: v.as.u = r << (r % 60); break;
        case FR_F32: v.as.f = (double)(float)((double)(int64_t)r * (r & 64 ? 1e-30 : 1e-9)); break;
        case FR_F64: {
            v.as.f = doubles[r % 9];
            if (r >> 62) memcpy(&v.as.u, &r, 8), v.as.u &= ~(UINT64_C(1) << 62);
            if (r % 17 == 0) v.as.f = r & 256 ? (double)NAN : (double)-INFINITY;
            break;
        }
        case FR_DATE: v.as.i = (int64_t)(r % 3000000) - 700000; break;
        case FR_DATETIME: v.as.i = (int64_t)(r % 200000000000u) - 60000000000; v.unit = (uint8_t)type->unit; break;
        case FR_TIME: v.as.i = (int64_t)(r % 86400000000), v.unit = (uint8_t)type->unit; break;
        case FR_DURATION: v.as.i = (int64_t)(r % 2000000000000) - 1000000000000, v.unit = (uint8_t)type->unit; break;
        case FR_DECIMAL: v.as.decimal.low = r % 1000000000; v.scale = type->scale; break;
        default: v = fr_v_str(texts[r % 19]);
    }
    return v;
}

static bool add_random(fr_call *call, fr_builder *b, const fr_type *type)
{
    if (fr_type_kind(type) == FR_NULL || next_random() % 5 == 0) return fr_builder_add_null(call, b);
    if (fr_type_kind(type) == FR_LIST) {
        bool fine = true;
        for (uint64_t n = next_random() % 4; fine && n; n--) fine = add_random(call, fr_builder_child(b, 0), type->fields[0].type);
        return fine && fr_builder_end_list(call, b);
    }
    if (fr_type_kind(type) == FR_STRUCT) {
        bool fine = true;
        for (size_t i = 0; fine && i < type->n_fields; i++) fine = add_random(call, fr_builder_child(b, i), type->fields[i].type);
        return fine && fr_builder_end_struct(call, b);
    }
    fr_value v = random_value(type);
    return v.kind == FR_STR ? fr_builder_add_text(call, b, v.as.s, v.length) : fr_builder_add(call, b, v);
}

static fr_column *random_column(fr_call *call, const fr_type *type, int64_t rows)
{
    fr_builder *b = fr_builder_new(call, type, rows);
    bool fine = b != NULL;
    for (int64_t i = 0; i < rows && fine; i++) fine = add_random(call, b, type);
    fr_column *column = fine ? fr_builder_finish(call, b) : NULL;
    fr_builder_unref(b);
    return column;
}

static void round_trip(const char *type_text, int64_t rows, size_t n_columns)
{
    fr_call call;
    fr_call_begin(&call, NULL, __FILE__, __LINE__);
    const fr_type *type = fr_type_read(&call, type_text, strlen(type_text));
    static const char *const names[] = { "a", "b,c", "d \"e\"" };
    fr_column *columns[3] = { NULL };
    for (size_t c = 0; c < n_columns && !fr_failed(&call); c++) columns[c] = random_column(&call, type, rows);
    REQUIRE(!fr_failed(&call));
    fr_auto(frame) f = fr_frame_of(&call, NULL, names, columns, n_columns, rows);
    for (size_t c = 0; c < n_columns; c++) fr_column_unref(columns[c]);
    fr_type_unref(type);
    CHECK(!fr_failed(&call));
    fr_call_end(&call);

    const char *path = scratch_path(".csv");
    fr_auto(frame) done = fr_write_csv(f, path);
    fr_auto(schema) schema = fr_schema(f);
    fr_auto(frame) back = fr_read_csv(path, .schema = schema);
    char text[500] = "";
    if (!fr_ok(done)) fr_error_text(done, text, sizeof text);
    else if (!fr_ok(back)) fr_error_text(back, text, sizeof text);
    if (text[0]) fprintf(stderr, "%s: %s\n", type_text, text);
    if (!fr_equal(f, back)) fprintf(stderr, "%s, %zu columns of %d rows came back changed\n", type_text, n_columns, (int)rows);
    CHECK(fr_equal(f, back));
    unlink(path);
}

TEST(what_is_written_is_read_back_bit_for_bit)
{
    static const char *const types[] = { "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64", "bool", "str",
        "cat", "date", "datetime[us]", "datetime[s]", "datetime[ns]", "datetime[us, UTC]", "datetime[us, Europe/Berlin]",
        "decimal(12,2)", "decimal(38,2)", "binary", "time[us]", "time[ns]", "duration[us]", "duration[ns]", "duration[s]",
        "list[i16]", "list[u16]", "list[u32]", "list[i64]", "list[u64]", "list[f64]", "list[f32]", "list[bool]", "list[str]",
        "list[cat]", "list[binary]",
        "list[date]", "list[datetime[us, UTC]]", "list[time[us]]", "list[duration[s]]", "list[decimal(12,2)]",
        "list[decimal(38,2)]", "list[list[i8]]", "list[null]", "struct[a: i64, b: str]",
        "struct[`two words`: f64, `\"`: list[struct[x: bool, y: struct[z: str]]]]", "list[struct[day: date, tags: list[str]]]" };
    static const int64_t rows[] = { 0, 1, 65, 9000 };
    for (size_t t = 0; t < sizeof types / sizeof *types; t++)
        for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
            const bool nested = !strncmp(types[t], "list", 4) || !strncmp(types[t], "struct", 6);
            for (size_t c = 1; c <= 3; c += 2) round_trip(types[t], nested ? rows[r] / 9 : rows[r], c);
        }
}

/* ---- lists and structs ------------------------------------------------------------------------------------------------ */
TEST(nested_columns_are_written_as_json)
{
    static const char text[] = "x\n\"[1,null , 3]\"\n[]\n\"\"\nnull\n\n";
    fr_auto(frame) f = fr_read_csv_bytes(text, sizeof text - 1, .header = true, .dtypes = "x: list[i64]");
    REQUIRE(fr_ok(f));
    CHECK_INT(fr_null_count(f, 0), 3);
    const char *path = scratch_path(".csv");
    fr_auto(frame) done = fr_write_csv(f, path);
    check_text(done, path, "x\n\"[1, null, 3]\"\n[]\n\n\n\n");
    static const char other[] = "s\n\"{\"\"n\"\": \"\"\\u00e9\\ud83d\\ude0e\\\"\"\\n\"\", \"\"f\"\": 1e2}\"\n"
                                "\"{\"\"f\"\": \"\"nan\"\"}\"\n{}\n";
    fr_auto(frame) g = fr_read_csv_bytes(other, sizeof other - 1, .header = true, .dtypes = "s: struct[f: f64, n: str]");
    if (!fr_ok(g)) fr_print_error(g);
    REQUIRE(fr_ok(g));
    fr_auto(frame) again = fr_write_csv(g, path);
    check_text(again, path, "s\n\"{\"\"f\"\": 100.0, \"\"n\"\": \"\"\303\251\360\237\230\216\\\"\"\\n\"\"}\"\n"
                            "\"{\"\"f\"\": \"\"nan\"\", \"\"n\"\": null}\"\n\"{\"\"f\"\": null, \"\"n\"\": null}\"\n");
}

TEST(texts_in_json_are_escaped_and_read_back)
{
    static const char text[] = "x\n\"[\"\"say \\\"\"ah\\\"\" now\"\", \"\"\\u0001 and \\t\"\"]\"\n";
    fr_auto(frame) f = fr_read_csv_bytes(text, sizeof text - 1, .header = true, .dtypes = "x: list[str]");
    REQUIRE(fr_ok(f));
    const char *path = scratch_path(".csv");
    fr_auto(frame) done = fr_write_csv(f, path);
    check_text(done, path, text);
}

/* Whatever is no JSON of the type is a bad value, told like any other. */
TEST(json_that_does_not_fit_is_a_bad_value)
{
    static const char *const bad[] = { "[1", "[1]]", "[1 2]", "[x]", "[1.5]", "[\"\"1\"\"", "1", "{}", "[1,]", "[,1]", "[tru]",
                                       "[[1]]", "[\"\"\\x\"\"]", "[9223372036854775808]", "[NA]", "[\"\"\"\"]" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[200];
        int n = snprintf(text, sizeof text, "k,x\n1,[7]\n2,\"%s\"\n3,[8]\n", bad[i]);
        fr_auto(frame) f = fr_read_csv_bytes(text, (size_t)n, .dtypes = "x: list[i64]");
        if (fr_error_code(f) != FR_ERR_PARSE) fprintf(stderr, "%s\n", bad[i]);
        CHECK_INT(fr_error_code(f), FR_ERR_PARSE);
        CHECK_INT(fr_error(f)->line, 3);
        CHECK_STR(fr_error(f)->column, "x");
        fr_auto(frame) g = fr_read_csv_bytes(text, (size_t)n, .dtypes = "x: list[i64]", .on_bad = FR_ON_BAD_COLLECT);
        CHECK_INT(fr_length(g), 2);
    }
    static const char *const bad_structs[] = { "{\"\"a\"\": 1, \"\"a\"\": 2}", "{\"\"c\"\": 1}", "{a: 1}", "{\"\"a\"\" 1}", "[]",
                                               "{\"\"b\"\": \"\"\\ud800\"\"}", "{\"\"b\"\": 1}", "{\"\"a\"\": 1" };
    for (size_t i = 0; i < sizeof bad_structs / sizeof *bad_structs; i++) {
        char text[200];
        int n = snprintf(text, sizeof text, "k,x\n2,\"%s\"\n", bad_structs[i]);
        fr_auto(frame) f = fr_read_csv_bytes(text, (size_t)n, .dtypes = "x: struct[a: i64, b: str]");
        if (fr_error_code(f) != FR_ERR_PARSE) fprintf(stderr, "%s\n", bad_structs[i]);
        CHECK_INT(fr_error_code(f), FR_ERR_PARSE);
    }
}

TEST(rows_without_columns_are_refused)
{
    static const int64_t values[] = { 1, 2, 3 };
    fr_auto(frame) frame = fr_frame_new(3, fr_array("a", FR_I64, values));
    fr_auto(frame) bare = fr_pipe(frame, fr_drop("a"));
    fr_auto(frame) done = fr_write_csv(bare, "bare.csv");
    CHECK_INT(fr_error_code(done), FR_ERR_ARGUMENT);
    CHECK(fr_error(done) && strstr(fr_error(done)->message, "no place for its 3 rows") != NULL);
}

TEST(rows_put_aside_do_not_replace_the_file_they_came_from)
{
    const char *path = fr_test_scratch("rejects_of.csv");
    fr_auto(frame) receipt = fr_write_text(path, "a,b\n1,2\n3\n", 10, NULL);
    fr_auto(frame) frame = fr_read_csv(path, .on_bad = FR_ON_BAD_COLLECT);
    REQUIRE(fr_ok(receipt) && fr_length(frame) == 1);
    fr_auto(frame) done = fr_csv_write_rejects(frame, path);
    CHECK_INT(fr_error_code(done), FR_ERR_ARGUMENT);
    CHECK(fr_error(done) && strstr(fr_error(done)->message, "the rows were read from this file") != NULL);
    fr_auto(frame) elsewhere = fr_csv_write_rejects(frame, fr_test_scratch("rejects_of_it.csv"));
    CHECK_INT(fr_get(elsewhere, 0, "rows").as.i, 1);
}
