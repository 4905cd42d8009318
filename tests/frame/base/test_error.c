/* Errors as numbers and as text. */
#include <frame/error.h>

#include <string.h>

#include "base/object.h"
#include "base/problem.h"
#include "support/test.h"

#define BLANK .size_ = sizeof(fr_error_info), .call_line = -1, .row = -1, .line = -1, .byte = -1, .position = -1
#define CHECK_TEXT(info, expected)                                    \
    do {                                                              \
        char text_[2000];                                             \
        size_t n_ = fr_problem_text((info), text_, sizeof text_);     \
        CHECK_STR(text_, expected);                                   \
        CHECK_INT(n_, strlen(expected));                              \
    } while (0)

TEST(null_is_an_error_that_says_so)
{
    CHECK(!fr_ok(NULL));
    CHECK_INT(fr_error_code(NULL), FR_ERR_ARGUMENT);
    REQUIRE(fr_error(NULL));
    CHECK_STR(fr_error(NULL)->message, "NULL was passed where an object is needed");
    char text[100];
    fr_error_text(NULL, text, sizeof text);
    CHECK_STR(text, "NULL was passed where an object is needed");
}

TEST(every_code_has_its_word)
{
    CHECK_STR(fr_code_name(FR_ERR_OK), "ok");
    CHECK_STR(fr_code_name(FR_ERR_NOT_FOUND), "not found");
    CHECK_STR(fr_code_name(FR_ERR_INTERNAL), "internal");
    CHECK_STR(fr_code_name((fr_code)999), "unknown");
}

TEST(a_fine_object_has_no_error)
{
    char text[10] = "x";
    fr_auto(context) context = fr_context_new(.threads = 1);
    CHECK(fr_ok(context));
    CHECK(fr_error(context) == NULL);
    CHECK_INT(fr_error_code(context), FR_ERR_OK);
    CHECK_INT(fr_error_text(context, text, sizeof text), 0);
    CHECK_STR(text, "");
}

TEST(the_call_site_the_step_the_message_and_the_hint)
{
    CHECK_TEXT((&(fr_error_info){ .size_ = sizeof(fr_error_info), .message = "no column 'qty'", .step = "filter",
                                  .hint = "did you mean 'quantity'?", .call_file = "main.c", .call_line = 7, .row = -1,
                                  .line = -1, .byte = -1, .position = -1 }),
               "main.c:7: filter: no column 'qty' (did you mean 'quantity'?)");
}

TEST(a_file_to_blame_is_the_place)
{
    fr_error_info info = { .size_ = sizeof info, .message = "'12,5' is not a number", .path = "trips.csv",
                           .call_file = "main.c",
                           .call_line = 7, .row = 1, .line = 3, .byte = 40, .position = 12 };
    CHECK_TEXT(&info, "trips.csv:3:12: '12,5' is not a number");
    info.position = -1;
    CHECK_TEXT(&info, "trips.csv:3: '12,5' is not a number");
    info.line = -1;
    CHECK_TEXT(&info, "trips.csv: '12,5' is not a number, row 1");
    info.path = "a\nb.csv";
    CHECK_TEXT(&info, "a\\nb.csv: '12,5' is not a number, row 1");
}

TEST(a_row_is_named_once)
{
    fr_error_info info = { BLANK, .message = "cannot be told apart: row 1 'a', row 20 'b'" };
    info.row = 1;
    CHECK_TEXT(&info, "cannot be told apart: row 1 'a', row 20 'b'");
    info.row = 20;
    CHECK_TEXT(&info, "cannot be told apart: row 1 'a', row 20 'b'");
    info.row = 2;
    CHECK_TEXT(&info, "cannot be told apart: row 1 'a', row 20 'b', row 2");
}

TEST(a_caret_stands_under_the_character)
{
    fr_error_info info = { .size_ = sizeof info, .message = "unknown function 'foo'", .source = "a + foo(b)",
                           .call_line = -1,
                           .row = -1, .line = -1, .byte = -1, .position = 4 };
    CHECK_TEXT(&info, "unknown function 'foo'\n    a + foo(b)\n        ^");
    info.position = 0;
    CHECK_TEXT(&info, "unknown function 'foo'\n    a + foo(b)\n    ^");
    info.position = 10;                     /* at the end: something is missing */
    CHECK_TEXT(&info, "unknown function 'foo'\n    a + foo(b)\n              ^");
    info.position = 1000;
    CHECK_TEXT(&info, "unknown function 'foo'\n    a + foo(b)\n              ^");
}

TEST(a_caret_counts_columns_not_bytes)
{
    fr_error_info info = { .size_ = sizeof info, .message = "m", .call_line = -1, .row = -1, .line = -1, .byte = -1 };
    info.source = "`größe` > x";             /* ö and ß are two bytes and one column each */
    info.position = 12;
    CHECK_TEXT(&info, "m\n    `größe` > x\n              ^");
    info.source = "`数` > x";                /* three bytes, two columns */
    info.position = 8;
    CHECK_TEXT(&info, "m\n    `数` > x\n           ^");
    info.source = "e\xcc\x81 + x";           /* e and a combining acute: one column */
    info.position = 6;
    CHECK_TEXT(&info, "m\n    e\xcc\x81 + x\n        ^");
    info.source = "a\t+ x";                  /* a tab is shown as \t */
    info.position = 4;
    CHECK_TEXT(&info, "m\n    a\\t+ x\n         ^");
}

TEST(only_the_line_of_the_caret_is_shown)
{
    fr_error_info info = { .size_ = sizeof info, .message = "m", .source = "first = 1;\nsecond = ;\nthird = 3",
                           .call_line = -1,
                           .row = -1, .line = -1, .byte = -1, .position = 20 };
    CHECK_TEXT(&info, "m\n    second = ;\n             ^");
}

TEST(a_long_line_is_cut_around_the_caret)
{
    char source[301];
    for (int i = 0; i < 300; i++) source[i] = (char)('a' + i % 26);
    source[300] = 0;
    fr_error_info info = { .size_ = sizeof info, .message = "m", .source = source, .call_line = -1, .row = -1,
                           .line = -1,
                           .byte = -1, .position = 150 };
    char text[1000];
    fr_problem_text(&info, text, sizeof text);
    const char *caret = strrchr(text, '\n');
    CHECK_INT(strlen(caret), 1 + 4 + 1 + 60 + 1);       /* newline, margin, …, 60 characters, ^ */
    CHECK_INT(caret - text, 1 + 1 + 4 + 3 + 100 + 3);   /* m, newline, margin, …, 100 characters, … */
}

TEST(a_short_room_gets_a_beginning_of_whole_characters)
{
    fr_error_info info = { BLANK, .message = "é€x" };
    static const char *const expected[] = { "", "", "", "é", "é", "é", "é€", "é€x", "é€x" };
    for (size_t n = 1; n < 9; n++) {
        char text[20];
        memset(text, '#', sizeof text);
        CHECK_INT(fr_problem_text(&info, text, n), 6);
        CHECK_STR(text, expected[n]);
        CHECK_INT(text[n], '#');
    }
    CHECK_INT(fr_problem_text(&info, NULL, 0), 6);
}

TEST(well_formed_characters_are_told_from_others)
{
    CHECK_INT(fr_character_length("a", 1), 1);
    CHECK_INT(fr_character_length("é", 2), 2);
    CHECK_INT(fr_character_length("é", 1), 0);
    CHECK_INT(fr_character_length("€", 3), 3);
    CHECK_INT(fr_character_length("😀", 4), 4);
    CHECK_INT(fr_character_length("\xc0\x80", 2), 0);              /* overlong */
    CHECK_INT(fr_character_length("\xe0\x80\x80", 3), 0);
    CHECK_INT(fr_character_length("\xf0\x80\x80\x80", 4), 0);
    CHECK_INT(fr_character_length("\xed\xa0\x80", 3), 0);          /* surrogate */
    CHECK_INT(fr_character_length("\xf4\x90\x80\x80", 4), 0);      /* beyond U+10FFFF */
    CHECK_INT(fr_character_length("\xff", 1), 0);
    CHECK_INT(fr_character_length("", 0), 0);
}

TEST(a_column_that_steers_the_terminal_is_shown_escaped)
{
    CHECK_TEXT((&(fr_error_info){ BLANK, .message = "12 does not fit", .column = "a\x1b[31mb" }),
               "12 does not fit, column 'a\\x1b[31mb'");
    CHECK_TEXT((&(fr_error_info){ BLANK, .message = "no column 'a\\x1b[31mb'", .column = "a\x1b[31mb" }),
               "no column 'a\\x1b[31mb'");
    CHECK_TEXT((&(fr_error_info){ BLANK, .message = "'x' is not a date", .column = "date" }),
               "'x' is not a date, column 'date'");
}
