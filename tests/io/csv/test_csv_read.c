/* The rules of reading CSV, one by one: docs/csv.md lists them in the same words. */
#include <frame/frame.h>

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
