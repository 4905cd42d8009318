/* test_split.c — texts cut at separators, against cutting them one by one into a builder. */
#include "base/utf8.h"
#include "expr/expr.h"
#include "support/columns.h"
#include "support/expr_support.h"
#include "support/test.h"

#include <stdio.h>
#include <string.h>

static const char *const parts[] = { "a", "-", "--", "+", "é", " ", "\xc2\xa0", "\t", "a word of some length",
                                    "0123456789abc", NULL };

static bool add_words(fr_call *call, fr_builder *items, const char *text, size_t n)
{
    size_t begin = 0, at = 0;
    for (uint32_t code; at < n;) {
        const size_t width = fr_utf8_decode(text + at, n - at, &code);
        if (fr_code_is_space(code)) {
            if (at > begin && !fr_builder_add_text(call, items, text + begin, at - begin)) return false;
            begin = at + width;
        }
        at += width;
    }
    return n == begin || fr_builder_add_text(call, items, text + begin, n - begin);
}

static bool add_parts(fr_call *call, fr_builder *items, const char *text, size_t n, const char *by)
{
    size_t begin = 0, m = strlen(by);
    for (size_t at = 0; at + m <= n;) {
        if (memcmp(text + at, by, m)) {
            at++;
            continue;
        }
        if (!fr_builder_add_text(call, items, text + begin, at - begin)) return false;
        begin = at += m;
    }
    return fr_builder_add_text(call, items, text + begin, n - begin);
}

static fr_column *slow_split(fr_call *call, const fr_type *type, const fr_column *texts, const char *by)
{
    fr_builder *lists = fr_builder_new(call, type, texts->length);
    bool ok = lists != NULL;
    for (int64_t i = 0; ok && i < texts->length; i++) {
        size_t n;
        const char *text = fr_column_text(texts, i, &n);
        if (!text) ok = fr_builder_add_null(call, lists);
        else ok = (by ? add_parts(call, fr_builder_child(lists, 0), text, n, by)
                      : add_words(call, fr_builder_child(lists, 0), text, n)) && fr_builder_end_list(call, lists);
    }
    fr_column *column = ok ? fr_builder_finish(call, lists) : NULL;
    fr_builder_unref(lists);
    return column;
}

static fr_column *split(fr_call *call, fr_column *texts, const char *by)
{
    const char *const name = "c";
    char text[40];
    (void)snprintf(text, sizeof text, by ? "split(c, '%s')" : "split(c)", by);
    return fr_test_eval_columns(call, text, &name, &texts, 1);
}

static void agree(fr_call *call, fr_column *texts)
{
    static const char *const separators[] = { "-", "--", "a", "é", "a word of", NULL };
    FR_OWNED fr_column *codes = fr_column_as_codes(call, texts);
    REQUIRE(codes != NULL);
    for (size_t i = 0; i < FR_COUNT_OF(separators); i++) {
        FR_OWNED fr_column *fast = split(call, texts, separators[i]), *coded = split(call, codes, separators[i]);
        REQUIRE(fast && coded);
        FR_OWNED fr_column *slow = slow_split(call, fast->type, texts, separators[i]);
        REQUIRE(slow != NULL);
        CHECK(fr_column_equal(fast, slow) && fr_column_equal(coded, slow));
        CHECK(fr_test_column_is_sound(fast) && fr_test_column_is_sound(coded));
    }
}

TEST(texts_are_split_as_one_by_one)
{
    static const int64_t lengths[] = { 0, 1, 3, 63, 64, 65, 127, 128, 129, 511, 1500 };
    for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
        for (int nulls = 0; nulls < 2; nulls++) {
            WITH_CALL;
            FR_OWNED fr_column *all = fr_test_texts_of_parts(call, parts, lengths[l] + 70, nulls, (uint64_t)lengths[l] + 3);
            FR_OWNED fr_column *some = all ? fr_column_slice(call, all, 13, lengths[l]) : NULL;
            REQUIRE(some != NULL);
            agree(call, some);
        }
}

TEST(texts_that_are_all_null_have_no_items)
{
    WITH_CALL;
    FR_OWNED fr_column *nulls = fr_column_null(call, fr_type_of(FR_STR), 200);
    REQUIRE(nulls != NULL);
    agree(call, nulls);
}
