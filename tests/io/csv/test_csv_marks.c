/* Columns of numbers written with other marks stay text, and the reader is told which marks would make numbers of them. */
#include <frame/frame.h>

#include "support/test.h"

#include <stdio.h>
#include <string.h>

static fr_frame *read(const char *text)
{
    return fr_read_csv_bytes(text, strlen(text), .header = true);
}

/* What the only warning says. */
static const char *said(const char *text)
{
    static char copy[400];
    fr_auto(frame) frame = read(text);
    if (!fr_ok(frame)) return "an error";
    if (fr_warning_count(frame) != 1) return fr_warning_count(frame) ? "several" : "nothing";
    (void)snprintf(copy, sizeof copy, "%s", fr_warning(frame, 0));
    return copy;
}

TEST(marks_that_make_numbers_are_named)
{
    static const struct { const char *text, *say; } cases[] = {
        { "n;x\n1;2,50\n2;7\n3;-19,99\n", "column 'x' stays text; its values would be numbers with .decimal ','" },
        { "n;x\n1;7\n2;\n3;1.200,00\n4;0,5\n",
          "column 'x' stays text; its values would be numbers with .decimal ',' and .thousands '.'" },
        { "n;x\n1;1'200,00\n2;NA\n",
          "column 'x' stays text; its values would be numbers with .decimal ',' and .thousands \"'\"" },
        { "n;x\n1;12,000,000\n2;1,234.50\n",
          "column 'x' stays text; its values would be numbers with .thousands ','" },
        { "n,x\n1,\"1,234\"\n2,\"25,000\"\n",
          "column 'x' stays text; its values would be numbers with .decimal ',' or .thousands ','" },
        { "n,x\n1,1'000\n2,2'000.5\n", "column 'x' stays text; its values would be numbers with .thousands \"'\"" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) CHECK_STR(said(cases[i].text), cases[i].say);
}

TEST(what_no_marks_make_numbers_is_not_spoken_of)
{
    CHECK_STR(said("n;x\n1;2,50\n2;about 3\n"), "nothing");
    CHECK_STR(said("n;x\n1;abc\n2;d,e\n"), "nothing");
    CHECK_STR(said("n;x\n1;1.2.3\n2;4.5.6\n"), "nothing");
    CHECK_STR(said("n;x\n1;1,2,3\n2;4,5\n"), "nothing");
    CHECK_STR(said("n;x\n1;12,34,56\n"), "nothing");
    CHECK_STR(said("n;x\n1;\n2;\n"), "nothing");
    CHECK_STR(said("n;x\n1;007\n2;008\n"), "nothing");
}

/* Numbers, and one with a comma in some row. */
static const char *with_a_comma_in(int where)
{
    static char text[20000];
    size_t n = (size_t)snprintf(text, sizeof text, "n;x\n");
    for (int row = 0; row < 1500; row++)
        n += (size_t)snprintf(text + n, sizeof text - n, row == where ? "%d;2,5\n" : "%d;5\n", row);
    return text;
}

TEST(only_the_first_thousand_rows_are_looked_at)
{
    CHECK(strstr(said(with_a_comma_in(999)), ".decimal ','") != NULL);
    CHECK_STR(said(with_a_comma_in(1000)), "nothing");
}

TEST(who_has_told_is_not_told)
{
    static const char text[] = "n;x\n1;2,50\n2;1.200,00\n";
    fr_auto(frame) commas = fr_read_csv_bytes(text, sizeof text - 1, .decimal = ",");
    fr_auto(frame) both = fr_read_csv_bytes(text, sizeof text - 1, .decimal = ",", .thousands = ".");
    fr_auto(frame) declared = fr_read_csv_bytes(text, sizeof text - 1, .dtypes = "x: str");
    CHECK_INT(fr_warning_count(commas), 0);
    CHECK_INT(fr_warning_count(both), 0);
    CHECK_INT(fr_warning_count(declared), 0);
    CHECK_INT(fr_type_kind(fr_type_at(both, 1)), FR_F64);
    CHECK(fr_get(both, 1, "x").as.f == 1200);
}

/* What is said is true: the marks named make the column numbers. */
TEST(the_marks_that_are_named_do_it)
{
    static const char text[] = "n;x\n1;2,50\n2;1.200,00\n3;7\n";
    fr_auto(frame) plain = read(text);
    REQUIRE(fr_warning_count(plain) == 1);
    CHECK(strstr(fr_warning(plain, 0), ".decimal ',' and .thousands '.'") != NULL);
    fr_auto(frame) told = fr_read_csv_bytes(text, sizeof text - 1, .decimal = ",", .thousands = ".");
    CHECK_INT(fr_warning_count(told), 0);
    CHECK_INT(fr_type_kind(fr_type_at(told, 1)), FR_F64);
}
