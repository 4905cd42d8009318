/* The rules of reading CSV, one by one: docs/csv.md lists them in the same words. */
#include <frame/frame.h>

#include <stdio.h>
#include <stdlib.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

#define READ(text, ...) fr_read_csv_bytes((text), sizeof(text) - 1, ##__VA_ARGS__)

static const char *type_of(const fr_frame *frame, size_t column)
{
    static char texts[8][96];
    static unsigned next;
    char *text = texts[next++ % 8];
    const fr_type *type = fr_type_at(frame, column);
    if (!type) return "none";
    fr_type_text(type, text, sizeof texts[0]);
    return text;
}

static const char *text_at(const fr_frame *frame, int64_t row, size_t column)
{
    static char texts[8][256];
    static unsigned next;
    fr_value v = fr_get_at(frame, row, column);
    if (!v.valid) return NULL;
    char *text = texts[next++ % 8];
    size_t n = v.length < 255 ? v.length : 255;
    memcpy(text, v.as.s, n);
    text[n] = '\0';
    return text;
}

static const char *error_of(const fr_frame *frame)
{
    static char text[1000];
    fr_error_text(frame, text, sizeof text);
    return text;
}

TEST(types_of_a_small_table)
{
    fr_auto(frame) f = READ("id,when,price,zip,ok,name\n1,2024-02-29,9.99,01234,true,Ann\n2,,1e3,98101,,\"B, C\"\n");
    REQUIRE(fr_ok(f));
    CHECK_INT(fr_length(f), 2);
    CHECK_STR(type_of(f, 0), "i64");
    CHECK_STR(type_of(f, 1), "date");
    CHECK_STR(type_of(f, 2), "f64");
    CHECK_STR(type_of(f, 3), "str");
    CHECK_STR(type_of(f, 4), "bool");
    CHECK_STR(type_of(f, 5), "str");
    CHECK_INT(fr_get(f, 1, "id").as.i, 2);
    CHECK_INT(fr_get(f, 0, "when").as.i, 19782);
    CHECK(!fr_get(f, 1, "when").valid);
    CHECK_F64(fr_get(f, 1, "price").as.f, 1000.0);
    CHECK_STR(text_at(f, 0, 3), "01234");
    CHECK_STR(text_at(f, 1, 5), "B, C");
}

TEST(an_error_names_file_line_and_column)
{
    fr_auto(frame) f = READ("a,b\n1,2\n3,4,5\n");
    REQUIRE(!fr_ok(f));
    CHECK_INT(fr_error(f)->code, FR_ERR_FORMAT);
    CHECK_INT(fr_error(f)->line, 3);
    CHECK_INT(fr_error(f)->row, 1);
    CHECK(strstr(error_of(f), "the record has 3 fields, expected 2") != NULL);
}

/* More fields than the header has names, at the first record or in a file of one column: the header may be no header. */
TEST(lines_above_the_header_are_suspected)
{
    fr_auto(frame) title = READ("Report 2024\n\na,b\n1,2\n");
    fr_auto(frame) comment = READ("# exported\na,b\n1,2\n");
    fr_auto(frame) first = READ("a,b\n1,2,3\n");
    fr_auto(frame) later = READ("a,b\n1,2\n1,2,3\n");
    CHECK(strstr(fr_error(title)->hint, ".skip_rows leaves out lines above the header") != NULL);
    CHECK(strstr(fr_error(first)->hint, ".skip_rows leaves out lines above the header") != NULL);
    CHECK_STR(fr_error(comment)->hint, ".comment = \"#\" leaves out lines that begin with it");
    CHECK_STR(fr_error(later)->hint, ".on_bad = FR_ON_BAD_COLLECT puts such rows aside");
}

/* ---- types: from the whole file, whatever a null, a quote or a late value says -------------------------------------------- */
static void check_type(const char *values, const char *expected)
{
    char text[1000] = "k,v\n";
    int n = 0;
    for (const char *at = values; *at; at += strcspn(at, "|"), at += *at == '|') {
        char line[200];
        snprintf(line, sizeof line, "%d,%.*s\n", n++, (int)strcspn(at, "|"), at);
        strcat(text, line);
    }
    fr_auto(frame) f = fr_read_csv_bytes(text, strlen(text));
    if (strcmp(type_of(f, 1), expected) != 0) fprintf(stderr, "%s\n", values);
    CHECK_STR(type_of(f, 1), expected);
}

TEST(types_are_functions_of_all_values)
{
    check_type("1|2", "i64");
    check_type("1|NA|3", "i64");
    check_type("\"1\"|2", "i64");
    check_type(" 5|+5", "i64");
    check_type("-0|0", "i64");
    check_type("007|7", "str");
    check_type("7|00", "str");
    check_type("1|2.5", "f64");
    check_type("1e5|2", "f64");
    check_type(".5|5.", "f64");
    check_type("1.5|inf|-Infinity|NaN", "f64");
    check_type("9223372036854775807|1", "i64");
    check_type("9223372036854775808|1", "u64");
    check_type("9223372036854775808|-1", "decimal(38,0)");
    check_type("18446744073709551616|1", "decimal(38,0)");
    check_type("1234567890123456789012345678901234567890|1", "str");
    check_type("1234567890123456789012345678901234567890|-18446744073709551616|", "str");
    check_type("1234567890123456789012345678901234567890|1.5", "f64");
    check_type("2.5|1|+1234567890123456789012345678901234567890", "f64");
    check_type("1e400|1", "str");
    check_type("true|False|TRUE", "bool");
    check_type("true|NULL", "bool");
    check_type("yes|no", "str");
    check_type("t|f", "str");
    check_type("true|1", "str");
    check_type("2024-02-29|2023-01-01", "date");
    check_type("2024-02-30|2023-01-01", "str");
    check_type("2024-02-29|2024-02-29 10:00", "datetime[us]");
    check_type("2024-02-29T10:00:00.123456|2024-02-29 10:00", "datetime[us]");
    check_type("2024-02-29T10:00:00Z|2024-02-29T10:00:00+01:00", "datetime[us, UTC]");
    check_type("2024-02-29T10:00:00Z|2024-02-29T10:00:00", "str");
    check_type("20240229|20240301", "i64");
    check_type("0x10|1", "str");
    check_type("1_000|1", "str");
    check_type("1,000|1", "none");
    check_type("NA|NA", "str");
    check_type("|", "null");
    check_type("\"\"|1", "i64");
    check_type("\"\"|x", "str");
    check_type("1|x", "str");
}

TEST(nulls_words_and_empty_texts)
{
    fr_auto(frame) f = READ("n,t\nNA,NA\nNULL,NULL\n,\n\"\",\"\"\n1,x\n");
    REQUIRE(fr_ok(f));
    CHECK_STR(type_of(f, 0), "i64");
    CHECK_INT(fr_null_count(f, 0), 4);
    CHECK_STR(text_at(f, 0, 1), "NA");
    CHECK_STR(text_at(f, 1, 1), "NULL");
    CHECK_STR(text_at(f, 2, 1), NULL);
    CHECK_STR(text_at(f, 3, 1), "");
    fr_auto(frame) g = READ("n,t\nNA,NA\n1,x\n", .no_default_na = true);
    CHECK_STR(type_of(g, 0), "str");
    fr_auto(frame) h = READ("n,t\n-,-\n1,x\n-9,y\n", .na_values = "-, '-9'");
    CHECK_STR(type_of(h, 0), "i64");
    CHECK_INT(fr_null_count(h, 0), 2);
    CHECK_INT(fr_null_count(h, 1), 1);
}

TEST(a_word_for_null_among_blanks_is_told)
{
    fr_auto(frame) behind = READ("t,n\nx,1\n?  ,2\n", .na_values = "?");
    CHECK_INT(fr_warning_count(behind), 1);
    CHECK(strstr(fr_warning(behind, 0), "column 't' holds '?  ', which is no missing value: '?' of .na_values has no blanks"));
    fr_auto(frame) before = READ("t,n\nx,1\n ?,2\n", .na_values = "?");
    CHECK_INT(fr_warning_count(before), 1);
    fr_auto(frame) none = READ("t,n\nx,1\n ,2\n?,3\n ??,4\n", .na_values = "?");
    CHECK_INT(fr_warning_count(none), 0);
}

/* Wherever they stand, in the sample or behind it. */
TEST(rows_that_are_put_aside_say_nothing_about_types)
{
    static const char *const bad[] = { "ragged\n", "ragged,t,0.5,7\n", "ragged,\"t\"t,1\n", "7\xff,t,1\n" };
    enum { ROWS_AROUND = 3000 };
    static char text[40 * ROWS_AROUND];
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        for (int row = 0; row < ROWS_AROUND; row += ROWS_AROUND - 1) {
            size_t n = (size_t)sprintf(text, "id,t,x\n");
            for (int i = 0; i < ROWS_AROUND; i++) n += (size_t)sprintf(text + n, "%s%d,t,0.5\n", i == row ? bad[k] : "", i);
            fr_auto(frame) kept = fr_read_csv_bytes(text, n, .on_bad = FR_ON_BAD_SKIP);
            CHECK_STR(type_of(kept, 0), "i64");
            CHECK_STR(type_of(kept, 2), "f64");
            CHECK_INT(fr_length(kept), ROWS_AROUND);
        }
    fr_auto(frame) padded = READ("id,t\n1,t\nragged\n2,u\n", .pad_short_rows = true);
    CHECK_STR(type_of(padded, 0), "str");
}

TEST(a_declared_zone_other_than_UTC_needs_an_offset)
{
    fr_auto(frame) utc = READ("t\n2024-02-29 10:00\n", .dtypes = "t: datetime[us, UTC]");
    CHECK_INT(fr_get_at(utc, 0, 0).as.i, INT64_C(1709200800000000));
    fr_auto(frame) offset = READ("t\n2024-02-29 10:00+01:00\n", .dtypes = "t: datetime[us, Europe/Berlin]");
    CHECK_INT(fr_get_at(offset, 0, 0).as.i, INT64_C(1709197200000000));
    fr_auto(frame) none = READ("t\n2024-02-29 10:00\n", .dtypes = "t: datetime[us, Europe/Berlin]");
    CHECK_INT(fr_error_code(none), FR_ERR_PARSE);
    fr_auto(frame) needless = READ("t\n2024-02-29 10:00Z\n", .dtypes = "t: datetime[us]");
    CHECK_INT(fr_error_code(needless), FR_ERR_PARSE);
}

TEST(floats_are_exact)
{
    fr_auto(frame) f = READ("x\n0.30000000000000004\n-0.0\n5e-324\n123456789012345678\n0.1\n");
    CHECK_STR(type_of(f, 0), "f64");
    CHECK_F64(fr_get_at(f, 0, 0).as.f, 0.30000000000000004);
    CHECK_F64(fr_get_at(f, 1, 0).as.f, -0.0);
    CHECK_F64(fr_get_at(f, 2, 0).as.f, 5e-324);
    CHECK_F64(fr_get_at(f, 3, 0).as.f, 123456789012345678.0);
}

/* ---- headers -------------------------------------------------------------------------------------------------------------- */
TEST(headers)
{
    fr_auto(frame) a = READ("1,2\n3,4\n");
    CHECK_INT(fr_length(a), 2);
    CHECK_STR(fr_name(a, 0), "column_1");
    fr_auto(frame) b = READ("x,y\np,q\n");
    CHECK_INT(fr_length(b), 1);
    CHECK_INT(fr_warning_count(b), 1);
    fr_auto(frame) c = READ("x,y\np,q\n", .no_header = true);
    CHECK_INT(fr_length(c), 2);
    CHECK_INT(fr_warning_count(c), 0);
    fr_auto(frame) d = READ("1,2\n3,4\n", .header = true);
    CHECK_STR(fr_name(d, 1), "2");
    fr_auto(frame) e = READ("a,a,,a\n1,2,3,4\n");
    CHECK_STR(fr_name(e, 1), "a_1");
    CHECK_STR(fr_name(e, 2), "column_3");
    CHECK_STR(fr_name(e, 3), "a_2");
    fr_auto(frame) g = READ("a,b\n1,2\n", .names = "x, `y z`");
    CHECK_STR(fr_name(g, 1), "y z");
    CHECK_INT(fr_length(g), 1);
    fr_auto(frame) h = READ("a,b\n", .header = true);
    CHECK_INT(fr_length(h), 0);
    CHECK_INT(fr_width(h), 2);
    fr_auto(frame) i = READ("");
    CHECK_INT(fr_error_code(i), FR_ERR_FORMAT);
    fr_auto(frame) j = READ("2019,2020\nx,y\n");
    CHECK_STR(fr_name(j, 0), "2019");
}

/* ---- options, one after the other ------------------------------------------------------------------------------------------ */
TEST(separators_are_found)
{
    fr_auto(frame) a = READ("a;b\n1,5;2\n3;4\n");
    CHECK_INT(fr_width(a), 2);
    fr_auto(frame) b = READ("a\tb\n1\t2\n");
    CHECK_INT(fr_width(b), 2);
    fr_auto(frame) c = READ("a|b|c\n1|2|3\n");
    CHECK_INT(fr_width(c), 3);
    fr_auto(frame) d = READ("text\nx, y\nz\n");
    CHECK_INT(fr_error_code(d), FR_ERR_FORMAT);
    fr_auto(frame) e = READ("text\nx, y\nz\n", .sep = ";");
    CHECK_INT(fr_length(e), 2);
    fr_auto(frame) f = READ("a:b\n1:2\n", .sep = ":");
    CHECK_INT(fr_width(f), 2);
}

TEST(numbers_in_other_spellings)
{
    fr_auto(frame) f = READ("a;b\n1.234,5;1.000\n2,25;7\n", .sep = ";", .decimal = ",", .thousands = ".");
    REQUIRE(fr_ok(f));
    CHECK_F64(fr_get_at(f, 0, 0).as.f, 1234.5);
    CHECK_F64(fr_get_at(f, 1, 0).as.f, 2.25);
    CHECK_INT(fr_get_at(f, 0, 1).as.i, 1000);
    fr_auto(frame) g = READ("a\n1.00\n", .thousands = ".", .decimal = ",");
    CHECK_STR(type_of(g, 0), "str");
    fr_auto(frame) h = READ("a;b\n1,25;1\n", .sep = ";", .decimal = ",", .dtypes = "a: decimal(6,2), b: f32");
    CHECK_STR(type_of(h, 0), "decimal(6,2)");
    CHECK_INT(fr_get_at(h, 0, 0).as.decimal.low, 125);
}

/* 1 + 2^24 lies between two floats; a billionth more decides, of which double knows nothing. */
TEST(floats_of_32_bits_are_rounded_once)
{
    fr_auto(frame) f = READ("a\n16777217.000000001\n16777217\n", .dtypes = "a: f32");
    fr_auto(frame) g = READ("a\n\"16,777,217.000000001\"\n\"16,777,217\"\n", .thousands = ",", .dtypes = "a: f32");
    fr_auto(frame) h = READ("a\n16.777.217,000000001\n-inf\n", .sep = ";", .thousands = ".", .decimal = ",", .dtypes = "a: f32");
    REQUIRE(fr_ok(f) && fr_ok(g) && fr_ok(h));
    CHECK_F64(fr_get_at(f, 0, 0).as.f, 16777218.0);
    CHECK_F64(fr_get_at(f, 1, 0).as.f, 16777216.0);
    CHECK_F64(fr_get_at(g, 0, 0).as.f, 16777218.0);
    CHECK_F64(fr_get_at(g, 1, 0).as.f, 16777216.0);
    CHECK_F64(fr_get_at(h, 0, 0).as.f, 16777218.0);
    CHECK_F64(fr_get_at(h, 1, 0).as.f, -__builtin_inf());
}

TEST(integers_too_long_for_any_type_stay_exact)
{
    fr_auto(frame) f = READ("a\n1\n1234567890123456789012345678901234567890\n\n-7\n", .header = true);
    REQUIRE(fr_ok(f));
    CHECK_STR(type_of(f, 0), "str");
    CHECK_STR(text_at(f, 1, 0), "1234567890123456789012345678901234567890");
    CHECK_INT(fr_warning_count(f), 1);
    CHECK(strstr(fr_warning(f, 0), "column 'a' holds 1 integer of more than 38 digits") != NULL);
    fr_auto(frame) g = READ("a\n1234567890123456789012345678901234567890\nx\n", .header = true);
    CHECK_STR(type_of(g, 0), "str");
    CHECK_INT(fr_warning_count(g), 0);
}

TEST(rows_to_skip_and_to_read)
{
    fr_auto(frame) a = READ("made by a machine\n\"odd\na,b\n1,2\n3,4\n5,6\n", .skip_rows = 2, .max_rows = 2);
    REQUIRE(fr_ok(a));
    CHECK_INT(fr_length(a), 2);
    CHECK_STR(fr_name(a, 0), "a");
    fr_auto(frame) b = READ("a,b\n1,2\n", .max_rows = 0);
    CHECK_INT(fr_length(b), 0);
    CHECK_INT(fr_width(b), 2);
    fr_auto(frame) c = READ("a,b\n1,2\n3\n", .max_rows = 1);
    CHECK(fr_ok(c));
    fr_auto(frame) d = READ("a\n", .skip_rows = 5);
    CHECK(!fr_ok(d));
    fr_auto(frame) e = READ("a\n1\nx\n", .max_rows = 1);
    CHECK_STR(type_of(e, 0), "i64");
}

TEST(columns_and_types_that_are_asked_for)
{
    fr_auto(frame) f = READ("a,b,c\n1,2,x\n3,4,y\n", .columns = "c, a", .dtypes = "a: i16, c: cat");
    REQUIRE(fr_ok(f));
    CHECK_INT(fr_width(f), 2);
    CHECK_STR(fr_name(f, 0), "a");
    CHECK_STR(type_of(f, 0), "i16");
    CHECK_STR(type_of(f, 1), "cat");
    fr_auto(frame) g = READ("alpha,b\n1,2\n", .columns = "alhpa");
    CHECK_INT(fr_error_code(g), FR_ERR_NOT_FOUND);
    CHECK(strstr(error_of(g), "did you mean 'alpha'") != NULL);
    fr_auto(frame) h = READ("a\n300\n", .dtypes = "a: i8");
    CHECK_INT(fr_error_code(h), FR_ERR_PARSE);
    CHECK(strstr(error_of(h), "'300' is no i8") != NULL);
    fr_auto(frame) i = READ("a\n1\n", .dtypes = "a: list[i64]");
    CHECK_INT(fr_error_code(i), FR_ERR_PARSE);
    fr_auto(frame) j = READ("a\n007\n", .dtypes = "a: i64");
    CHECK_INT(fr_get_at(j, 0, 0).as.i, 7);
    fr_auto(frame) k = READ("a,b\nx,1\nx,2\n", .strings_as_cat = true);
    CHECK_STR(type_of(k, 0), "cat");
    CHECK_STR(type_of(k, 1), "i64");
    fr_auto(frame) l = READ("a\nnan\n1\n", .dtypes = "a: f64");
    CHECK_INT(fr_null_count(l, 0), 0);
    CHECK(fr_get_at(l, 0, 0).as.f != fr_get_at(l, 0, 0).as.f);
}

/* Narrow types once claimed to hold no values, and grouping by them read outside its table. */
TEST(declared_types_are_keys_like_any_other)
{
    static const char *const types[] = { "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64", "bool",
                                         "decimal(9,2)", "decimal(38,2)", "str", "cat" };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        char dtypes[50];
        snprintf(dtypes, sizeof dtypes, "k: %s, v: i64", types[i]);
        fr_auto(frame) f = READ("k,v\n1,1\n0,2\n1,3\n,4\n1,5\n", .dtypes = dtypes);
        fr_auto(frame) g = fr_pipe(f, fr_group("k", .agg = "n = size(); s = sum(v)"));
        REQUIRE(fr_ok(g));
        CHECK_INT(fr_length(g), 3);
        CHECK_INT(fr_get(g, 0, "n").as.i, 3);
        CHECK_INT(fr_get(g, 0, "s").as.i, 9);
        CHECK_INT(fr_get(g, 2, "s").as.i, 4);
        fr_auto(frame) sorted = fr_pipe(f, fr_sort("k desc, v desc"));
        CHECK_INT(fr_get(sorted, 0, "v").as.i, 5);
        CHECK_INT(fr_get(sorted, 4, "v").as.i, 4);
    }
}

TEST(an_error_in_the_header_names_its_column)
{
    fr_auto(frame) f = READ("caf\xe9,b\n1,2\n");
    CHECK_INT(fr_error_code(f), FR_ERR_ENCODING);
    CHECK_INT(fr_error(f)->line, 1);
    CHECK_INT(fr_error(f)->position, 4);
    fr_auto(frame) g = READ("a\0,\0b\0\n\0");
    CHECK_INT(fr_error_code(g), FR_ERR_ENCODING);
    CHECK_INT(fr_error(g)->position, 2);
    CHECK(strstr(error_of(g), "utf-16") != NULL);
    fr_auto(frame) h = READ("a,b\"c\n1,2\n");
    CHECK_INT(fr_error_code(h), FR_ERR_FORMAT);
    CHECK_INT(fr_error(h)->position, 4);
}

/* 100,000 columns of one name took minutes: every suffix was tried again for each of them. */
TEST(many_columns_of_one_name)
{
    enum { N = 100000 };
    char *text = malloc(2 * N);
    for (size_t i = 0; i < N; i++) text[2 * i] = 'a', text[2 * i + 1] = i + 1 < N ? ',' : '\n';
    fr_auto(frame) f = fr_read_csv_bytes(text, 2 * N, .header = true);
    CHECK_INT(fr_width(f), N);
    CHECK_STR(fr_ok(f) ? fr_name(f, N - 1) : error_of(f), "a_99999");
    free(text);
}

/* A line of 200 MB was taken for the name of a column: 27 s, 943 MB. */
TEST(names_and_headers_have_limits)
{
    size_t n = (17u << 20) + 5;
    char *text = malloc(n + 20);
    memset(text, 'x', n);
    memcpy(text + 65536, ",b\n1,2\n", 7);
    fr_auto(frame) a = fr_read_csv_bytes(text, 65536 + 7);
    CHECK_STR(fr_name(a, 1), "b");
    memcpy(text + 65536, "x,b\n1,2\n", 8);
    fr_auto(frame) b = fr_read_csv_bytes(text, 65536 + 8);
    CHECK_INT(fr_error_code(b), FR_ERR_LIMIT);
    CHECK_INT(fr_error(b)->line, 1);
    CHECK_INT(fr_error(b)->position, 1);
    CHECK(strstr(error_of(b), "the name of column 1 has 65537 bytes, names have at most 65536") != NULL);
    memset(text, 'x', n);
    memcpy(text + n, "\ny\n", 3);
    fr_auto(frame) c = fr_read_csv_bytes(text, n + 3);
    CHECK_INT(fr_error_code(c), FR_ERR_LIMIT);
    CHECK(strstr(error_of(c), "the first record is longer than 16777216 bytes, which no header is") != NULL);
    fr_auto(frame) d = fr_read_csv_bytes(text, n + 3, .no_header = true);
    CHECK_INT(fr_length(d), 2);
    CHECK_INT(fr_get_at(d, 0, 0).length, n);
    free(text);
}

TEST(an_empty_first_record_is_a_header_without_names)
{
    fr_auto(frame) a = READ(",,\n1,2,x\n");
    CHECK_INT(fr_length(a), 1);
    CHECK_STR(fr_name(a, 0), "column_1");
    CHECK_STR(fr_name(a, 2), "column_3");
    CHECK_STR(type_of(a, 0), "i64");
    CHECK_INT(fr_warning_count(a), 0);
    fr_auto(frame) b = READ("\"\";\"\"\nx;y\n");
    CHECK_INT(fr_length(b), 1);
    CHECK_STR(fr_name(b, 1), "column_2");
    fr_auto(frame) c = READ(",,\n");
    CHECK_INT(fr_length(c), 0);
    CHECK_INT(fr_width(c), 3);
    fr_auto(frame) d = READ(",\n1,2\n", .no_header = true);
    CHECK_INT(fr_length(d), 2);
    fr_auto(frame) e = READ(",\n1,2\n", .names = "a, b");
    CHECK_INT(fr_length(e), 2);
    fr_auto(frame) f = READ("NA,NA\n1,2\n");
    CHECK_INT(fr_length(f), 2);
}

/* The same for any chunk size: 1,000 bytes are a record, 1,001 are too many. */
TEST(a_record_has_a_limit)
{
    char text[3000] = "a,b\n1,2\n3,";
    const size_t begin = strlen("a,b\n1,2\n");
    for (size_t length = 1000; length <= 1001; length++)
        for (uint64_t chunk = 1; chunk <= 4096; chunk *= 8)
            for (int quoted = 0; quoted < 2; quoted++) {
                memset(text + begin + 2, 'y', length - 2);
                if (quoted) text[begin + 2] = text[begin + length - 1] = '"', text[begin + 500] = '\n';
                memcpy(text + begin + length, "\r\n4,5\n", 6);
                fr_auto(context) context = fr_context_new(.chunk_bytes = chunk, .limits = { .field_bytes = 1000 });
                fr_auto(frame) f = fr_read_csv_bytes(text, begin + length + 6, .context = context);
                const bool fine = length == 1000;
                CHECK_INT(fr_error_code(f), fine ? FR_ERR_OK : FR_ERR_LIMIT);
                if (fine) CHECK_INT(fr_length(f), 3);
                else CHECK_INT(fr_error(f)->line, 3);
            }
}

TEST(words_for_truth)
{
    fr_auto(frame) f = READ("a\nyes\nN\n", .true_values = "yes, Y", .false_values = "no, N");
    CHECK_STR(type_of(f, 0), "bool");
    CHECK_INT(fr_get_at(f, 0, 0).as.i, 1);
    CHECK_INT(fr_get_at(f, 1, 0).as.i, 0);
}

TEST(quoted_numbers_can_be_text)
{
    fr_auto(frame) f = READ("a,b\n\"1\",2\n", .quoted_is_string = true);
    CHECK_STR(type_of(f, 0), "str");
    CHECK_STR(type_of(f, 1), "i64");
}

TEST(quotes_can_be_switched_off)
{
    fr_auto(frame) f = READ("a,b\n5\" pipe,1\n\"x,2\n", .quote = "");
    REQUIRE(fr_ok(f));
    CHECK_STR(text_at(f, 0, 0), "5\" pipe");
    CHECK_STR(text_at(f, 1, 0), "\"x");
}

TEST(escapes_and_comments)
{
    fr_auto(frame) f = READ("# made today\na,b\nx\\,y,\"p\\\"q\"\n# no row\nz,w # rest\n", .escape = "\\", .comment = "#");
    REQUIRE(fr_ok(f));
    CHECK_INT(fr_length(f), 2);
    CHECK_STR(text_at(f, 0, 0), "x,y");
    CHECK_STR(text_at(f, 0, 1), "p\"q");
    CHECK_STR(text_at(f, 1, 1), "w ");
    fr_auto(frame) last = READ("a,b\nx,y\\", .escape = "\\");
    CHECK_INT(fr_length(last), 1);
    CHECK_STR(text_at(last, 0, 1), "y\\");
}

TEST(blank_lines)
{
    fr_auto(frame) a = READ("a,b\n\n1,2\n\n\n3,4\n\n");
    CHECK_INT(fr_length(a), 2);
    fr_auto(frame) account = fr_account(a);
    CHECK_STR(text_at(account, 0, 8), "4 blank lines left out");
    fr_auto(frame) b = READ("a,b\n\n1,2\n", .keep_blank_lines = true);
    CHECK_INT(fr_length(b), 2);
    CHECK_INT(fr_null_count(b, 0), 1);
    fr_auto(frame) c = READ("a\n1\n\n2\n");
    CHECK_INT(fr_length(c), 3);
    CHECK_INT(fr_null_count(c, 0), 1);
}

TEST(blank_lines_before_the_first_row_are_rows_where_there_is_no_header)
{
    fr_auto(frame) one = READ("\n\n5\n6\n", .no_header = true);
    CHECK_INT(fr_length(one), 4);
    CHECK_INT(fr_null_count(one, 0), 2);
    fr_auto(frame) found_out = READ("\n5\n6\n");
    CHECK_INT(fr_length(found_out), 3);
    fr_auto(frame) two = READ("\n1,2\n", .no_header = true);
    CHECK_INT(fr_length(two), 1);
    fr_auto(frame) account = fr_account(two);
    CHECK_STR(text_at(account, 0, 8), "1 blank line left out");
    fr_auto(frame) kept = READ("\n1,2\n", .no_header = true, .keep_blank_lines = true);
    CHECK_INT(fr_length(kept), 2);
    fr_auto(frame) header = READ("\nx\n5\n", .header = true);
    CHECK_INT(fr_length(header), 1);
    fr_auto(frame) wrong = READ("\n\n5\nx\n", .no_header = true, .dtypes = "column_1: i64");
    CHECK_INT(fr_error(wrong)->line, 4);
}

TEST(ragged_rows)
{
    fr_auto(frame) a = READ("a,b\n1\n2,3\n", .pad_short_rows = true);
    CHECK_INT(fr_length(a), 2);
    CHECK_INT(fr_null_count(a, 1), 1);
    fr_auto(frame) account = fr_account(a);
    CHECK_STR(text_at(account, 0, 8), "1 short row padded");
    fr_auto(frame) first = READ("a,b\n1\n2\n3\n", .pad_short_rows = true, .max_rows = 2);
    fr_auto(frame) two = fr_account(first);
    CHECK_STR(text_at(two, 0, 8), "2 short rows padded");
    fr_auto(frame) b = READ("a,b\n1\n2,3\n4,5,6\n7,8\n", .on_bad = FR_ON_BAD_COLLECT);
    REQUIRE(fr_ok(b));
    CHECK_INT(fr_length(b), 2);
    fr_auto(frame) rejects = fr_rejects(b);
    REQUIRE(fr_length(rejects) == 2);
    CHECK_INT(fr_get(rejects, 0, "line").as.i, 2);
    CHECK_INT(fr_get(rejects, 1, "line").as.i, 4);
    CHECK_STR(text_at(rejects, 1, 2), "the record has 3 fields, expected 2");
    CHECK_STR(text_at(rejects, 1, 3), "4,5,6");
    fr_auto(frame) log = fr_account(b);
    CHECK_INT(fr_get(log, 0, "rows_in").as.i, 4);
    CHECK_INT(fr_get(log, 0, "rows_kept").as.i, 2);
    CHECK_INT(fr_get(log, 0, "rejected").as.i, 2);
    fr_auto(frame) c = READ("a,b\n1\n2,3\n", .on_bad = FR_ON_BAD_SKIP);
    CHECK_INT(fr_length(c), 1);
}

TEST(values_that_refuse_their_type)
{
    fr_auto(frame) f = READ("id,n\n1,5\n2,x\n3,\n4,12 3\n", .dtypes = "n: i64", .on_bad = FR_ON_BAD_COLLECT);
    REQUIRE(fr_ok(f));
    CHECK_INT(fr_length(f), 2);
    CHECK_INT(fr_get(f, 1, "id").as.i, 3);
    fr_auto(frame) rejects = fr_rejects(f);
    CHECK_INT(fr_length(rejects), 2);
    CHECK_STR(text_at(rejects, 0, 1), "n");
    CHECK_STR(text_at(rejects, 0, 2), "'x' is no i64");
}

TEST(types_from_a_sample)
{
    fr_auto(frame) a = READ("n\n1\n2\n3\nx\n", .sample_types = 3);
    CHECK_INT(fr_error_code(a), FR_ERR_PARSE);
    CHECK_INT(fr_error(a)->line, 5);
    fr_auto(frame) b = READ("n\n1\n2\n3\nx\n", .sample_types = 4);
    CHECK_STR(type_of(b, 0), "str");
    fr_auto(frame) c = READ("n\n1\n2\n3\nx\n", .sample_types = 2, .on_bad = FR_ON_BAD_SKIP);
    CHECK_INT(fr_length(c), 3);
}

TEST(dates_in_any_spelling)
{
    fr_auto(frame) a = READ("d\n13/02/2024\n01/03/2024\nNA\n", .parse_dates = "d");
    CHECK_STR(type_of(a, 0), "date");
    CHECK_INT(fr_get_at(a, 1, 0).as.i, 19783);
    fr_auto(frame) b = READ("d\n03/02/2024\n01/03/2024\n", .parse_dates = "d");
    CHECK_INT(fr_error_code(b), FR_ERR_VALUE);
    fr_auto(frame) c = READ("d\n03/02/2024\n01/03/2024\n", .parse_dates = "d", .day_first = true);
    CHECK_INT(fr_get_at(c, 1, 0).as.i, 19783);
    fr_auto(frame) d = READ("d,e\n29 Feb 2024,x\n1 Mar 2024,y\n", .parse_dates = "*");
    CHECK_STR(type_of(d, 0), "date");
    CHECK_STR(type_of(d, 1), "str");
    fr_auto(frame) e = READ("d\n29.02.2024 12:30\n01.03.2024 13:00\n", .parse_dates = "d");
    CHECK_STR(type_of(e, 0), "datetime[us]");
    fr_auto(frame) times = READ("d,n\n10:00,1\n11:30,2\n", .parse_dates = "d");
    CHECK_STR(type_of(times, 0), "time");
    CHECK_INT(fr_get_at(times, 1, 0).as.i, INT64_C(41400000000));
    fr_auto(frame) f = READ("d\n13/02/2024\nnever\n", .parse_dates = "d");
    CHECK_INT(fr_error_code(f), FR_ERR_PARSE);
    CHECK_INT(fr_error(f)->line, 3);
}

TEST(a_column_of_numbers_that_is_named_as_dates_is_told)
{
    fr_auto(frame) whole = READ("d,e\n20240131,1\n20240201,2\n", .parse_dates = "d");
    CHECK_STR(type_of(whole, 0), "i64");
    REQUIRE(fr_warning_count(whole) == 1);
    CHECK(strstr(fr_warning(whole, 0), "column 'd' is i64, and .parse_dates reads texts") != NULL);
    fr_auto(frame) sampled = READ("d,e\n1.5,1\n2.5,2\n", .parse_dates = "d", .sample_types = 1);
    CHECK_INT(fr_warning_count(sampled), 1);
    fr_auto(frame) all = READ("d,e\n20240131,1\n20240201,2\n", .parse_dates = "*");
    CHECK_INT(fr_warning_count(all), 0);
    fr_auto(frame) declared = READ("d,e\n20240131,1\n20240201,2\n", .parse_dates = "d", .dtypes = "d: i32");
    CHECK_INT(fr_warning_count(declared), 0);
}

TEST(options_that_contradict_each_other)
{
    fr_auto(frame) a = READ("a\n1\n", .header = true, .no_header = true);
    CHECK_INT(fr_error_code(a), FR_ERR_ARGUMENT);
    fr_auto(frame) b = READ("a\n1\n", .sep = "ab");
    CHECK_INT(fr_error_code(b), FR_ERR_ARGUMENT);
    fr_auto(frame) c = READ("a\n1\n", .sep = ",", .decimal = ",");
    CHECK_INT(fr_error_code(c), FR_ERR_ARGUMENT);
    fr_auto(frame) d = READ("a\n1\n", .encoding = "ebcdic");
    CHECK_INT(fr_error_code(d), FR_ERR_ARGUMENT);
    fr_auto(frame) e = fr_read_csv(NULL);
    CHECK(!fr_ok(e));
    fr_auto(frame) f = fr_read_csv("/no/such/file.csv");
    CHECK_INT(fr_error_code(f), FR_ERR_IO);
    fr_auto(frame) g = fr_read_csv("/tmp");
    CHECK_INT(fr_error_code(g), FR_ERR_IO);
}

/* The fast readings of numbers against the C library, at every length and place of the point. */
TEST(random_numbers_are_read_to_the_last_bit)
{
    enum { ROWS = 30000 };
    char *text = malloc(ROWS * 24 + 10), *at = text;
    uint64_t state = 4711;
    at += sprintf(at, "x,y\n0.5,1\n");
    for (int i = 0; i < ROWS; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        char digits[40];
        int n = 1 + (int)(state >> 60), point = (int)(state >> 33) % 18;
        snprintf(digits, sizeof digits, "%llu%010llu", (unsigned long long)(1 + (state >> 20) % 1000000000u),
                 (unsigned long long)(state % 10000000000u));
        bool negative = state >> 45 & 1;
        if (point <= n) at += sprintf(at, "%s%.*s.%.*s,", negative ? "-" : "", point, point == 1 && n > 3 ? "0" : digits,
                                      n - point + (n == point), digits + point);
        else at += sprintf(at, "%s%.*s,", negative ? "-" : "", n, digits);
        at += sprintf(at, "%s%.*s\n", state >> 46 & 1 ? "-" : "", n, digits);
    }
    fr_auto(frame) f = fr_read_csv_bytes(text, (size_t)(at - text));
    REQUIRE(fr_ok(f));
    CHECK_STR(type_of(f, 0), "f64");
    CHECK_STR(type_of(f, 1), "i64");
    const double *x = fr_values(f, "x", FR_F64, NULL);
    const int64_t *y = fr_values(f, "y", FR_I64, NULL);
    REQUIRE(x && y);
    const char *line = strchr(text, '\n') + 1;
    for (int64_t row = 0; row < fr_length(f); row++) {
        char *end;
        double expected = strtod(line, &end);
        if (memcmp(&expected, &x[row], 8) != 0) fprintf(stderr, "%.*s\n", (int)(end - line), line);
        CHECK(memcmp(&expected, &x[row], 8) == 0);
        CHECK(strtoll(end + 1, &end, 10) == y[row]);
        line = end + 1;
    }
    free(text);
}

/* ---- dates in blocks --------------------------------------------------------------------------------------------- */
/* Rows of dates and datetimes, some of them missing, spelt oddly or of a year that only a declared type knows. */
static size_t make_times(char *text, int rows, int kind)
{
    static const char *const odd[] = { "2024-02-29 10:00", " 2024-02-29 ", "2024-02-29T10:00:00.123456000", "",
                                       "\"2024-02-29\"" };
    size_t n = (size_t)sprintf(text, "i,t\n");
    for (int i = 0; i < rows; i++) {
        unsigned r = (unsigned)i * 2654435761u >> 8;
        n += (size_t)sprintf(text + n, "%d,", i);
        bool time = kind == 1 || (kind == 2 && r % 3 == 0);
        if (kind == 2 && r % 7 == 0) n += (size_t)sprintf(text + n, "%s\n", odd[r / 7 % 5]);
        else n += (size_t)sprintf(text + n, "%04u-%02u-%02u%s\n", 1 + r % 9999, 1 + r % 12, 1 + r % 28,
                                  !time ? "" : r % 2 ? " 23:59:59" : "T00:00:01.5");
    }
    return n;
}

TEST(dates_read_in_blocks_are_those_of_their_texts)
{
    static const int rows[] = { 1, 7, 63, 64, 65, 1023, 1024, 1025, 5000 };
    char *text = malloc(5000 * 50);
    REQUIRE(text != NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows * 3; i++) {
        const int kind = (int)(i % 3);
        const char *const types[] = { "t: date", "t: datetime[us]", NULL };
        const size_t n = make_times(text, rows[i / 3], kind);
        fr_auto(frame) texts = fr_read_csv_bytes(text, n, .dtypes = "t: str");
        const char *parse = kind ? "t = parse_datetime(t)" : "t = parse_date(t, '%Y-%m-%d')";
        fr_auto(frame) parsed = fr_pipe(texts, fr_with(parse));
        fr_auto(frame) found = fr_read_csv_bytes(text, n);
        fr_auto(frame) declared = fr_read_csv_bytes(text, n, .dtypes = types[kind]);
        if (!fr_ok(parsed)) fr_print_error(parsed);
        CHECK(fr_ok(parsed));
        CHECK(fr_equal(found, parsed) || (kind == 2 && rows[i / 3] == 1));       /* one row, a date: no datetime */
        CHECK(fr_equal(declared, found));
    }
    free(text);
}
