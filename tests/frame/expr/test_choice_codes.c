/* test_choice_codes.c — choices among constant texts, which give codes, against the same choice where one value is a column
 * of equal texts, which gives views. */
#include "expr/expr.h"
#include "support/columns.h"
#include "support/expr_support.h"
#include "support/test.h"

#include <string.h>

static fr_column *mids(fr_call *call, int64_t n)
{
    fr_builder *b = fr_builder_new(call, fr_type_of(FR_STR), n);
    for (int64_t i = 0; b && i < n; i++)
        if (!fr_builder_add_text(call, b, "mid", 3)) break;
    FR_OWNED fr_column *texts = b ? fr_builder_finish(call, b) : NULL;
    fr_builder_unref(b);
    return texts ? fr_column_as_views(call, texts) : NULL;
}

/* Each once with 'mid', and once with the column of it. */
static const char *const choices[][2] = {
    { "when(x < 0, 'neg', x > 1, 'more than twelve bytes', 'mid')", "when(x < 0, 'neg', x > 1, 'more than twelve bytes', m)" },
    { "when(x < 0, 'neg', x > 1, 'neg', 'mid')", "when(x < 0, 'neg', x > 1, 'neg', m)" },
    { "when(x < 0, null, x > 1, 'mid')", "when(x < 0, null, x > 1, m)" },
    { "when(x < 0, 'mid', x > 1, null, y > 0, '')", "when(x < 0, m, x > 1, null, y > 0, '')" },
    { "'mid' if x < y else null", "m if x < y else null" },
    { "'mid' if x is null else 'ä'", "m if x is null else 'ä'" },
};

static void check(const char *type, int64_t n, int nulls, uint64_t seed)
{
    static const char *const names[] = { "x", "y", "m" };
    WITH_CALL;
    fr_column *columns[3] = { fr_test_column(call, type, n, nulls, seed), fr_test_column(call, type, n, 10, seed + 1),
                              mids(call, n) };
    REQUIRE(columns[0] && columns[1] && columns[2]);
    for (size_t i = 0; i < FR_COUNT_OF(choices); i++) {
        FR_OWNED fr_column *codes = fr_test_eval_columns(call, choices[i][0], names, columns, 3);
        FR_OWNED fr_column *views = fr_test_eval_columns(call, choices[i][1], names, columns, 3);
        REQUIRE(codes && views);
        CHECK(codes->dictionary && codes->phys == FR_PHYS_U8 && !views->dictionary);
        CHECK(fr_test_column_is_sound(codes));
        if (!fr_column_equal(codes, views)) CHECK_STR(choices[i][0], choices[i][1]);
    }
    for (size_t i = 0; i < 3; i++) fr_column_unref(columns[i]);
}

TEST(choices_among_texts_are_codes_of_the_same_texts)
{
    static const int64_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 127, 129, 511, 4097, 9000 };
    for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
        for (int nulls = 0; nulls <= 100; nulls += 50) {
            check("f64", lengths[l], nulls, 3 * l);
            check("i32", lengths[l], nulls, 5 * l);
        }
}

/* A text once, whoever chooses it; none of a value that is null. */
TEST(each_text_has_one_code)
{
    static const char *const name = "x";
    WITH_CALL;
    FR_OWNED fr_column *x = fr_test_column(call, "f64", 300, 20, 4);
    FR_OWNED fr_column *codes = fr_test_eval_columns(call, "when(x < 0, 'a', x < 1, 'b', x < 2, null, 'a')", &name, &x, 1);
    REQUIRE(codes && codes->dictionary);
    CHECK_INT(codes->dictionary->length, 2);
}

TEST(a_condition_that_fails_names_its_lowest_row)
{
    static const int64_t values[] = { 1, -1, INT64_MAX, 3, INT64_MAX };
    char room[400];
    fr_auto(frame) frame = fr_frame_new(5, fr_array("i", FR_I64, values));
    CHECK_STR(fr_test_eval_all(frame, "when(i < 0, 'below', i < 9, 'few', 'many')", room, sizeof room),
              "'few', 'below', 'many', 'few', 'many'");
    CHECK_STR(fr_test_eval_all(frame, "when(i + 1 > 2, 'a', 'b')", room, sizeof room),
              "error: 9223372036854775807 + 1 overflows i64, row 2\n"
              "    when(i + 1 > 2, 'a', 'b')\n"
              "           ^");
}
