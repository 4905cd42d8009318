#include "data/type.h"

#include <string.h>

#include "support/columns.h"
#include "support/test.h"

/* The text of the type that `text` reads as. */
static const char *again(const char *text)
{
    static char room[4][200];
    static int turn;
    char *out = room[turn = (turn + 1) % 4];
    fr_auto(type) type = fr_type_parse(text);
    if (!fr_ok(type)) return fr_error(type)->message;
    fr_type_text(type, out, sizeof room[0]);
    return out;
}

TEST(types_are_written_as_they_are_read)
{
    static const char *const texts[] = {
        "null", "bool", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64", "str", "cat", "binary",
            "date", "time",
        "time[s]", "time[ns]", "datetime[us]", "datetime[ns, Europe/Berlin]", "datetime[s, UTC]", "duration[ms]",
        "decimal(18,2)", "decimal(38,0)", "list[i64]", "list[list[str]]", "struct[a: i64]", "struct[]",
        "struct[name: str, tags: list[str], `odd ``name`: struct[x: f64]]",
    };
    for (size_t i = 0; i < FR_COUNT_OF(texts); i++) CHECK_STR(again(texts[i]), texts[i]);
}

TEST(names_of_other_libraries_are_understood)
{
    CHECK_STR(again("int64"), "i64");
    CHECK_STR(again("float"), "f64");
    CHECK_STR(again(" string "), "str");
    CHECK_STR(again("category"), "cat");
    CHECK_STR(again("datetime"), "datetime[us]");
    CHECK_STR(again("duration"), "duration[us]");
    CHECK_STR(again("time[us]"), "time");
    CHECK_STR(again("decimal( 9 , 2 )"), "decimal(9,2)");
    CHECK_STR(again("decimal(9)"), "decimal(9,0)");
    CHECK_STR(again("struct[ a : int , b : list [ string ] ]"), "struct[a: i64, b: list[str]]");
}

static const char *hint_of(const char *text)
{
    static char room[200];
    fr_auto(type) type = fr_type_parse(text);
    const char *hint = fr_error(type) ? fr_error(type)->hint : "it is a type";
    return hint ? strncpy(room, hint, sizeof room - 1) : "none";
}

TEST(what_other_languages_call_a_type_leads_to_it)
{
    CHECK_STR(hint_of("Int64"), "here it is i64");
    CHECK_STR(hint_of("list[INTEGER]"), "here it is i64");
    CHECK_STR(hint_of("VARCHAR(20)"), "here it is str");
    CHECK_STR(hint_of("object"), "here it is str");
    CHECK_STR(hint_of("datetime64[ns]"), "here it is datetime, with its unit: datetime[ns]");
    CHECK_STR(hint_of("strng"), "did you mean 'string'?");
    CHECK_STR(hint_of("nothing of the kind"), "none");
    CHECK_STR(hint_of(""), "none");
    CHECK_STR(hint_of("i64"), "it is a type");
    CHECK_STR(hint_of("decimal"), "decimal(18,2): all digits, those behind the point");
}

static void check_bad(const char *text, fr_code code, int64_t position)
{
    fr_auto(type) type = fr_type_parse(text);
    bool ok = fr_error_code(type) == code && (position < 0 || fr_error(type)->position == position);
    fr_test_check(ok, text, __FILE__, (int)(fr_error(type) ? fr_error(type)->position : -1));
}

TEST(what_is_no_type_is_told_with_its_place)
{
    check_bad("", FR_ERR_SYNTAX, 0);
    check_bad("i65", FR_ERR_SYNTAX, 0);
    check_bad("i64 x", FR_ERR_SYNTAX, 4);
    check_bad("datetime[h]", FR_ERR_SYNTAX, 9);
    check_bad("datetime[us, ]", FR_ERR_SYNTAX, 13);
    check_bad("datetime[us", FR_ERR_SYNTAX, 11);
    check_bad("time[us, UTC]", FR_ERR_SYNTAX, 7);
    check_bad("list[i64", FR_ERR_SYNTAX, 8);
    check_bad("list", FR_ERR_SYNTAX, 4);
    check_bad("struct[a i64]", FR_ERR_SYNTAX, 9);
    check_bad("struct[a: i64, a: i64]", FR_ERR_SYNTAX, -1);
    check_bad("struct[`a: i64]", FR_ERR_SYNTAX, -1);
    check_bad("decimal(0,0)", FR_ERR_TYPE, -1);
    check_bad("decimal(39,0)", FR_ERR_TYPE, -1);
    check_bad("decimal(5,6)", FR_ERR_TYPE, -1);
    check_bad(NULL, FR_ERR_ARGUMENT, -1);
}

TEST(a_type_nested_too_deep_is_refused)
{
    char text[6000] = "";
    for (int i = 0; i < 1000; i++) memcpy(text + 5 * i, "list[", 6);
    fr_auto(type) type = fr_type_parse(text);
    CHECK_INT(fr_error_code(type), FR_ERR_LIMIT);
}

TEST(types_are_equal_in_every_part)
{
    static const char *const texts[] = { "i64", "u64", "time", "time[s]", "datetime[us]", "datetime[us, UTC]",
                                         "decimal(9,2)",
                                         "decimal(9,3)", "list[i64]", "list[u64]", "struct[a: i64]", "struct[b: i64]",
                                         "struct[a: i64, b: i64]" };
    for (size_t i = 0; i < FR_COUNT_OF(texts); i++)
        for (size_t j = 0; j < FR_COUNT_OF(texts); j++) {
            fr_auto(type) a = fr_type_parse(texts[i]);
            fr_auto(type) b = fr_type_parse(texts[j]);
            CHECK_INT(fr_type_equal(a, b), i == j);
        }
    CHECK(!fr_type_equal(NULL, fr_type_of(FR_I64)));
}

TEST(a_type_text_is_cut_to_the_room_there_is)
{
    char room[5];
    fr_auto(type) type = fr_type_parse("datetime[us]");
    CHECK_INT(fr_type_text(type, room, sizeof room), 12);
    CHECK_STR(room, "date");
    CHECK_INT(fr_type_text(type, NULL, 0), 12);
    CHECK_INT(fr_type_text(NULL, room, sizeof room), 0);
    CHECK_STR(room, "");
}
