/* test_eval_mapped.c — an expression of a coded column is computed per entry; its twin is the same texts as views,
 * computed per row. */
#include "expr/expr.h"
#include "support/columns.h"
#include "support/test.h"

#include <stdio.h>
#include <string.h>

/* n texts out of `n_texts`, every seventh null if asked for; as codes. */
static fr_column *coded(fr_call *call, int64_t n, uint32_t n_texts, bool nulls, uint64_t seed)
{
    char room[32];
    fr_builder *b = fr_builder_new(call, fr_type_of(FR_STR), n);
    bool ok = b != NULL;
    for (int64_t i = 0; ok && i < n; i++) {
        uint32_t text = (uint32_t)(fr_test_random(&seed) % n_texts);
        int length = snprintf(room, sizeof room, text % 3 ? "t%u" : "a long text, T%u", text);
        ok = nulls && i % 7 == 3 ? fr_builder_add_null(call, b) : fr_builder_add_text(call, b, room, (size_t)length);
    }
    FR_OWNED fr_column *texts = ok ? fr_builder_finish(call, b) : NULL;
    fr_builder_unref(b);
    return texts ? fr_column_as_codes(call, texts) : NULL;
}

static fr_frame *frame_of(fr_call *call, fr_column *texts)
{
    const char *const name = "c";
    return texts ? fr_frame_of(call, NULL, &name, &texts, 1, texts->length) : NULL;
}

static const char *const expressions[] = {
    "c == 't1'",                                              /* one entry */
    "c == 'nowhere'",                                         /* none */
    "len(c) > 0",                                          /* all */
    "contains(c, '1')",                                       /* some */
    "contains(c, '27')", "contains(c, '1277')",               /* few */
    "c is null", "c is not null", "coalesce(c, 'x') == 'x'",  /* null has an answer of its own */
    "null if c == 't1' else len(c) > 2",                     /* an entry without an answer */
    "len(c)", "len(coalesce(c, 'four'))", "nullif(len(c), 2)", "len(c) / 2",
    "upper(c)",                                               /* as many texts as before */
    "coalesce(upper(c), 'x')", "slice(c, 0, 2)",              /* one more; fewer */
    "nullif(c, 't1')", "c if contains(c, '1') else 'other'", "coalesce(nullif(slice(c, 0, 2), 't1'), 'new')",
    "upper(c) == 'T1' or len(lower(c)) > 3", "len(c) + len(upper(c)) * 2",
};

static void compare(fr_call *call, const fr_frame *codes, const fr_frame *views)
{
    for (size_t i = 0; i < FR_COUNT_OF(expressions); i++) {
        fr_expr *expr = fr_expr_parse(call, expressions[i], NULL, 0);
        FR_OWNED fr_column *fast = expr ? fr_expr_eval(call, expr, &(fr_eval){ .frame = codes }) : NULL;
        FR_OWNED fr_column *slow = expr ? fr_expr_eval(call, expr, &(fr_eval){ .frame = views }) : NULL;
        int64_t n_fast = 0, n_slow = 0;
        if (!fast || !slow || !fr_column_equal(fast, slow) || !fr_test_column_is_sound(fast))
            CHECK_STR(expressions[i], "the same as of views");
        if (fast && fast->type->kind == FR_BOOL) {
            FR_CLEANUP(fr_drop_buffer) fr_buffer *a = fr_expr_mask(call, expr, &(fr_eval){ .frame = codes }, &n_fast);
            FR_CLEANUP(fr_drop_buffer) fr_buffer *b = fr_expr_mask(call, expr, &(fr_eval){ .frame = views }, &n_slow);
            REQUIRE(a && b);
            CHECK_INT(n_fast, n_slow);
            CHECK(!memcmp(a->data, b->data, (size_t)((codes->length + 63) / 64) * 8));
        }
        fr_expr_unref(expr);
    }
}

static void check(int64_t n, uint32_t n_texts, bool nulls, int64_t skip)
{
    WITH_CALL;
    FR_OWNED fr_column *all = coded(call, n + skip, n_texts, nulls, (uint64_t)n);
    FR_OWNED fr_column *some = all ? fr_column_slice(call, all, skip, n) : NULL;
    FR_OWNED fr_column *views = some ? fr_column_as_views(call, some) : NULL;
    fr_frame *fast = frame_of(call, some), *slow = frame_of(call, views);
    REQUIRE(fast && slow && some->dictionary && !views->dictionary);
    compare(call, fast, slow);
    fr_frame_unref(fast);
    fr_frame_unref(slow);
}

TEST(coded_and_plain_texts_give_the_same)
{
    static const int64_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 127, 128, 511, 5000 };
    for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
        for (int nulls = 0; nulls < 2; nulls++) {
            check(lengths[l], 5, nulls, 0);
            check(lengths[l], 5, nulls, 13);
        }
}

TEST(codes_of_two_and_four_bytes_too)
{
    for (int nulls = 0; nulls < 2; nulls++) {
        check(3000, 400, nulls, 5);                            /* U16, and U8 after slice */
        check(200000, 70000, nulls, 64);                       /* U32 */
    }
}

/* Entries that all become other texts cost nothing per row. */
TEST(rows_keep_their_codes_when_every_entry_has_a_text_of_its_own)
{
    WITH_CALL;
    FR_OWNED fr_column *codes = coded(call, 1000, 20, true, 3);
    fr_frame *frame = frame_of(call, codes);
    fr_expr *expr = fr_expr_parse(call, "upper(c)", NULL, 0);
    REQUIRE(frame && expr);
    FR_OWNED fr_column *upper = fr_expr_eval(call, expr, &(fr_eval){ .frame = frame });
    REQUIRE(upper != NULL);
    CHECK(upper->values == codes->values);
    CHECK(upper->valid == codes->valid);
    fr_expr_unref(expr);
    fr_frame_unref(frame);
}
