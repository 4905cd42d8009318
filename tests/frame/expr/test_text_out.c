/* test_text_out.c — texts that are written to where they stay; the twin is the same call inside of another one, whose texts
 * are pieces first, and the same of codes. */
#include "base/problem.h"
#include "base/utf8.h"
#include "expr/expr.h"
#include "support/columns.h"
#include "support/expr_support.h"
#include "support/test.h"

#include <stdio.h>
#include <string.h>

static const char *const parts[] = { "a", "mail", "-", "7", "é", "€", " ", "xyz", "A long part of a text, ", NULL };

static fr_column *numbers_of(fr_call *call, int64_t n, bool nulls, uint64_t seed)
{
    fr_builder *b = fr_builder_new(call, fr_type_of(FR_F64), n);
    bool ok = b != NULL;
    for (int64_t i = 0; ok && i < n; i++) {
        const double x = (double)(int64_t)(fr_test_random(&seed) % 2000001 - 1000000) / (i % 3 ? 1000 : 3) * (i % 7 ? 1 : 1e9);
        ok = nulls && i % 7 == 1 ? fr_builder_add_null(call, b) : fr_builder_add(call, b, fr_v_f64(x));
    }
    fr_column *numbers = ok ? fr_builder_finish(call, b) : NULL;
    fr_builder_unref(b);
    return numbers;
}

static fr_column *compute(fr_call *call, const char *text, fr_column *texts, fr_column *numbers)
{
    const char *const names[] = { "c", "x" };
    fr_column *columns[] = { texts, numbers };
    return fr_test_eval_columns(call, text, names, columns, 2);
}

static const char *const expressions[] = {
    "replace(c, 'mail', 'post')", "replace(c, 'a', '')", "replace(c, '-', ' and so on, ')", "replace(c, 'zz', 'y')",
    "replace(c, '', 'y')", "replace_first(c, 'a', 'bcd')", "concat(c, '-', c)", "concat(c, x)", "c + '!'", "repeat(c, 3)",
    "repeat(c, 0)", "reverse(c)", "ljust(c, 12)", "ljust(c, 40, 'é')", "rjust(c, 90, '.')", "center(c, 21)", "zfill(c, 14)",
    "zfill(cast(x, 'str'), 20)", "cast(x, 'str')", "cast(cast(round(x) % 100000, 'i64'), 'str')", "cast(x > 0, 'str')",
    "cast(cast(x % 100, 'i32'), 'str')", "strftime(from_epoch(cast(round(x) % 1000000000, 'i64'), 's'), '%Y-%m-%d %H:%M:%S')",
    "strftime(from_epoch(cast(round(x) % 1000000000, 'i64'), 's'), '%A %-d')", "replace_regex(c, '[0-9]+', '#')",
    "replace(ljust(c, 30), ' ', 'é')", "concat(replace(c, 'a', 'b'), reverse(c))", "lower(replace(c, 'A', 'BC'))",
    "chr(len(c) + 60)",
};

static void agree(fr_call *call, fr_column *texts, fr_column *numbers)
{
    FR_OWNED fr_column *codes = fr_column_as_codes(call, texts);
    REQUIRE(codes != NULL);
    for (size_t i = 0; i < FR_COUNT_OF(expressions); i++) {
        char inside[300];
        (void)snprintf(inside, sizeof inside, "remove_suffix(%s, 'never there')", expressions[i]);
        FR_OWNED fr_column *fast = compute(call, expressions[i], texts, numbers);
        FR_OWNED fr_column *slow = compute(call, inside, texts, numbers);
        FR_OWNED fr_column *coded = compute(call, expressions[i], codes, numbers);
        if (!fast || !slow || !coded || !fr_column_equal(fast, slow) || !fr_column_equal(fast, coded) ||
            !fr_test_column_is_sound(fast))
            CHECK_STR(expressions[i], "the same inside of another call, and of codes");
    }
}

TEST(texts_are_the_same_where_they_stay_and_as_pieces)
{
    static const int64_t lengths[] = { 0, 1, 3, 63, 64, 65, 127, 128, 129, 511, 5000 };
    for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
        for (int nulls = 0; nulls < 2; nulls++) {
            WITH_CALL;
            FR_OWNED fr_column *texts = fr_test_texts_of_parts(call, parts, lengths[l], nulls, (uint64_t)lengths[l] + 3);
            FR_OWNED fr_column *numbers = numbers_of(call, lengths[l], nulls, 8);
            REQUIRE(texts && numbers);
            agree(call, texts, numbers);
        }
}

TEST(blocks_of_many_vectors_too)
{
    fr_auto(context) context = fr_context_new();
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    FR_OWNED fr_column *texts = fr_test_texts_of_parts(&call, parts, 150000, true, 1);
    FR_OWNED fr_column *numbers = numbers_of(&call, 150000, true, 2);
    REQUIRE(texts && numbers);
    agree(&call, texts, numbers);
    fr_call_end(&call);
}

/* Byte by byte. */
static size_t slow_replace(const char *text, size_t n, const char *part, const char *by, char *out)
{
    size_t written = 0, m = strlen(part);
    for (size_t at = 0; at < n;) {
        if (n - at >= m && !memcmp(text + at, part, m)) {
            memcpy(out + written, by, strlen(by));
            written += strlen(by), at += m;
        } else {
            out[written++] = text[at++];
        }
    }
    return written;
}

TEST(replaced_texts_are_those_of_the_slow_way)
{
    static const char *const pairs[][2] = { { "a", "" }, { "mail", "post" }, { "-", "---" }, { "xyz", "é" }, { "aa", "a" } };
    char text[80], room[2000];
    WITH_CALL;
    FR_OWNED fr_column *texts = fr_test_texts_of_parts(call, parts, 700, false, 12), *numbers = numbers_of(call, 700, false, 1);
    REQUIRE(texts && numbers);
    for (size_t p = 0; p < FR_COUNT_OF(pairs); p++) {
        (void)snprintf(text, sizeof text, "replace(c, '%s', '%s')", pairs[p][0], pairs[p][1]);
        FR_OWNED fr_column *replaced = compute(call, text, texts, numbers);
        REQUIRE(replaced != NULL);
        for (int64_t i = 0; i < 700; i++) {
            size_t n, length;
            const char *whole = fr_column_text(texts, i, &n), *mine = fr_column_text(replaced, i, &length);
            const size_t wanted = slow_replace(whole, n, pairs[p][0], pairs[p][1], room);
            CHECK(mine && length == wanted && !memcmp(mine, room, wanted));
        }
    }
}

TEST(a_row_that_cannot_be_made_is_the_lowest)
{
    WITH_CALL;
    FR_OWNED fr_column *texts = fr_test_texts_of_parts(call, parts, 600, false, 12), *numbers = numbers_of(call, 600, false, 1);
    REQUIRE(texts && numbers);
    CHECK(!compute(call, "ljust(c, 1048577 if len(c) > 60 else 20)", texts, numbers));
    int64_t first = 0;
    for (size_t n; first < 600; first++) {
        const char *text = fr_column_text(texts, first, &n);
        if (fr_utf8_length(text, n) > 60) break;
    }
    fr_problem *problem = fr_call_take_problem(call);
    REQUIRE(problem != NULL);
    CHECK_INT(problem->info.row, first);
    fr_problem_unref(problem);
}
