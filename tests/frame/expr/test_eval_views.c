/* test_eval_views.c — texts computed from view to view, and parts that stay in their column's heap; the twin is the same
 * texts as codes, computed text by text. */
#include "base/utf8.h"
#include "expr/expr.h"
#include "support/columns.h"
#include "support/expr_support.h"
#include "support/test.h"

#include <stdio.h>
#include <string.h>

/* Texts of 0 … 40 characters, one in `odd` not ASCII, some white space around; nearly all different. */
static size_t random_text(char *room, uint64_t *seed, unsigned odd)
{
    static const char *const letters[] = { "é", "ß", "Ⱥ", "İ", "ſ", "€", "😀", "\xc2\xa0", "Ǆ", "ϒ", "\xe3\x80\x80" };
    size_t n = 0, length = fr_test_random(seed) % 41;
    bool plain = !odd || fr_test_random(seed) % odd;
    for (size_t k = 0; k < length; k++) {
        uint64_t r = fr_test_random(seed);
        const char *letter = plain || r % 4 ? NULL : letters[r / 4 % FR_COUNT_OF(letters)];
        if (letter) memcpy(room + n, letter, strlen(letter)), n += strlen(letter);
        else room[n++] = r % 9 == 0 ? ' ' : (char)('!' + r / 16 % 94);
    }
    return n;
}

static fr_column *texts_of(fr_call *call, int64_t n, unsigned odd, bool nulls, uint64_t seed)
{
    char room[200];
    fr_builder *b = fr_builder_new(call, fr_type_of(FR_STR), n);
    bool ok = b != NULL;
    for (int64_t i = 0; ok && i < n; i++)
        ok = nulls && i % 5 == 2 ? fr_builder_add_null(call, b)
                                 : fr_builder_add_text(call, b, room, random_text(room, &seed, odd));
    FR_OWNED fr_column *texts = ok ? fr_builder_finish(call, b) : NULL;
    fr_builder_unref(b);
    return texts ? fr_column_as_views(call, texts) : NULL;
}

static fr_column *backwards(fr_call *call, const fr_column *column)
{
    uint32_t rows[6000];
    for (int64_t i = 0; i < column->length; i++) rows[i] = (uint32_t)(column->length - 1 - i);
    return fr_column_take(call, column, &(fr_rows){ .narrow = rows, .n = column->length });
}

static fr_column *compute(fr_call *call, const char *text, fr_column *texts)
{
    const char *const name = "c";
    return fr_test_eval_columns(call, text, &name, &texts, 1);
}

static const char *const expressions[] = {
    "lower(c)", "upper(c)", "slice(c, 1, 4)", "slice(c, 0, 30)", "slice(c, 3)", "slice(c, -5)", "slice(c, -20, -2)",
    "slice(c, 2, -2)", "slice(c, 5, 2)", "slice(c, -3, 3)", "slice(c, 0, 0)", "slice(c, 12, 13)", "left(c, 3)",
    "left(c, 4)", "left(c, 5)", "left(c, 20)", "left(c, -1)", "right(c, 3)", "right(c, 20)", "right(c, 0)",
    "right(c, 9223372036854775807)", "slice(c, -9223372036854775807, 9223372036854775807)", "left(c, null)",
    "strip(c)", "lstrip(c)", "rstrip(c)", "strip(c, 'aé ')", "get(c, 2)", "get(c, -14)", "split_part(c, 'e', 1)",
    "remove_prefix(c, ' ')", "remove_suffix(c, ' ')", "extract(c, '[a-z]([^é]+)')", "extract(c, '.*', 0)",
    "strip(slice(c, 1, 30))", "slice(strip(c), 2)", "lower(strip(c))", "slice(upper(c), 1, 20)", "c + lower(c)",
    "slice(c, len(c) // 2)", "coalesce(slice(c, 2), 'none at all, or so')",
    "startswith(c, 'A')", "startswith(c, 'é')", "startswith(c, '!abc')", "startswith(c, '')", "startswith(c, null)",
    "endswith(c, 'z')", "endswith(c, ' a')", "contains(c, 'e')", "contains(c, '')", "len(c)", "bytes(c)", "hash(c)",
    "not startswith(c, ' ') and len(c) > 4", "hash(c) == hash(upper(c))", "len(upper(c))", "startswith(c, upper(c))",
    "c == '!'", "c != 'more than twelve bytes'", "len(c) + 1",
};

static void agree(fr_call *call, fr_column *views)
{
    FR_OWNED fr_column *codes = fr_column_as_codes(call, views);
    REQUIRE(codes && !views->dictionary && 2 * (int64_t)codes->dictionary->length >= views->length);
    for (size_t i = 0; i < FR_COUNT_OF(expressions); i++) {
        FR_OWNED fr_column *fast = compute(call, expressions[i], views);
        FR_OWNED fr_column *slow = compute(call, expressions[i], codes);
        if (!fast || !slow || !fr_column_equal(fast, slow) || !fr_test_column_is_sound(fast))
            CHECK_STR(expressions[i], "the same as of codes");
    }
}

TEST(views_and_codes_give_the_same_texts)
{
    static const int64_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 127, 128, 129, 511, 5000 };
    for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
        for (unsigned odd = 0; odd < 12; odd += 3) {
            WITH_CALL;
            FR_OWNED fr_column *all = texts_of(call, lengths[l] + 13, odd, odd % 2, (uint64_t)lengths[l] + odd);
            FR_OWNED fr_column *some = all ? fr_column_slice(call, all, 13, lengths[l]) : NULL;
            FR_OWNED fr_column *turned = some ? backwards(call, some) : NULL;
            REQUIRE(turned != NULL);
            agree(call, some);
            agree(call, turned);
        }
}

TEST(texts_of_several_heaps_too)
{
    WITH_CALL;
    FR_OWNED fr_column *first = texts_of(call, 700, 0, false, 7), *second = texts_of(call, 650, 2, true, 8);
    const fr_column *const both[] = { first, second };
    FR_OWNED fr_column *joined = first && second ? fr_column_concat(call, both, 2) : NULL;
    REQUIRE(joined != NULL);
    agree(call, joined);
}

/* Character by character, as Python's [start:stop]. */
static size_t slow_slice(const char *text, size_t n, int64_t start, int64_t stop, char *out)
{
    int64_t length = 0, k = 0;
    size_t written = 0;
    for (size_t at = 0; at < n; at++) length += ((unsigned char)text[at] & 0xc0) != 0x80;
    if (start < 0) start = start + length < 0 ? 0 : start + length;
    if (stop < 0) stop += length;
    for (size_t at = 0; at < n; k++)
        do {
            if (k >= start && k < stop) out[written++] = text[at];
            at++;
        } while (at < n && ((unsigned char)text[at] & 0xc0) == 0x80);
    return written;
}

static bool same_text(const fr_column *column, int64_t row, const char *text, size_t n)
{
    size_t length;
    const char *mine = fr_column_text(column, row, &length);
    return mine && length == n && !memcmp(mine, text, n);
}

TEST(slices_are_those_of_the_slow_way)
{
    char text[80], room[200];
    WITH_CALL;
    FR_OWNED fr_column *texts = texts_of(call, 200, 3, false, 3);
    REQUIRE(texts != NULL);
    for (int start = -16; start <= 16; start++)
        for (int stop = -16; stop <= 16; stop += 1 + (start & 1)) {
            (void)snprintf(text, sizeof text, "slice(c, %d, %d)", start, stop);
            FR_OWNED fr_column *slices = compute(call, text, texts);
            REQUIRE(slices != NULL);
            for (int64_t i = 0; i < 200; i++) {
                size_t n;
                const char *whole = fr_column_text(texts, i, &n);
                CHECK(same_text(slices, i, room, slow_slice(whole, n, start, stop, room)));
            }
        }
}

TEST(letters_are_those_of_the_exact_way)
{
    char room[300];
    WITH_CALL;
    FR_OWNED fr_column *texts = texts_of(call, 3000, 8, false, 5);
    FR_OWNED fr_column *small = texts ? compute(call, "lower(c)", texts) : NULL;
    FR_OWNED fr_column *large = small ? compute(call, "upper(c)", texts) : NULL;
    REQUIRE(large != NULL);
    for (int64_t i = 0; i < 3000; i++) {
        size_t n;
        const char *text = fr_column_text(texts, i, &n);
        CHECK(same_text(small, i, room, fr_utf8_lower(text, n, room)));
        CHECK(same_text(large, i, room, fr_utf8_upper(text, n, room)));
    }
}

/* Every length a view can hold, and one more. */
TEST(short_views_hold_their_text)
{
    const char *text = "abcdefghijklm";
    for (size_t n = 0; n <= FR_VIEW_INLINE; n++) {
        fr_view view = fr_view_short(text, n), expected = { .words = { 0, 0 } };
        expected.in.length = (uint32_t)n;
        memcpy(expected.in.text, text, n);
        CHECK(!memcmp(&view, &expected, sizeof view));
    }
}

/* ---- heaps ------------------------------------------------------------------------------------------------------- */
enum { MANY = 40000 };

static fr_column *long_texts(fr_call *call)
{
    char room[80];
    fr_builder *b = fr_builder_new(call, fr_type_of(FR_STR), MANY);
    bool ok = b != NULL;
    for (int i = 0; ok && i < MANY; i++)
        ok = fr_builder_add_text(call, b, room, (size_t)snprintf(room, sizeof room, " text number %07d, quite long, %07d ",
                                                                 i, i));
    FR_OWNED fr_column *texts = ok ? fr_builder_finish(call, b) : NULL;
    fr_builder_unref(b);
    return texts ? fr_column_as_views(call, texts) : NULL;
}

TEST(parts_stay_in_the_heap_of_their_column)
{
    static const char *const parts[] = { "strip(c)", "slice(c, 1, 30)", "slice(c, -25)", "rstrip(slice(c, 0, 40))",
                                         "extract(c, 'text.*long')" };
    WITH_CALL;
    FR_OWNED fr_column *texts = long_texts(call);
    REQUIRE(texts && texts->heap);
    for (size_t i = 0; i < FR_COUNT_OF(parts); i++) {
        FR_OWNED fr_column *part = compute(call, parts[i], texts);
        REQUIRE(part != NULL);
        CHECK(part->heap == texts->heap);
    }
}

/* Parts that use less than a quarter of a large heap do not keep it alive. */
TEST(short_parts_leave_the_heap)
{
    WITH_CALL;
    FR_OWNED fr_column *texts = long_texts(call);
    FR_OWNED fr_column *shorter = texts ? compute(call, "slice(c, 1, 10)", texts) : NULL;
    FR_OWNED fr_column *rare = texts ? compute(call, "extract(c, 'text number 000.*')", texts) : NULL;
    REQUIRE(shorter && rare);
    CHECK(shorter->heap == NULL);
    CHECK(rare->heap && rare->heap != texts->heap);
    CHECK(same_text(rare, 77, "text number 0000077, quite long, 0000077 ", 41));
    CHECK(!fr_is_valid(rare, 10000));
}

/* The same heaps for any number of threads and any blocks: the bytes of the views, not the texts alone. */
TEST(threads_do_not_show_in_views)
{
    static const char *const texts[] = { "lower(c)", "slice(c, 1, 20)", "strip(c)" };
    static const uint32_t threads[] = { 1, 2, 3, 7 };
    for (size_t e = 0; e < FR_COUNT_OF(texts); e++) {
        fr_column *kept = NULL;
        for (size_t t = 0; t < FR_COUNT_OF(threads); t++) {
            fr_auto(context) context = fr_context_new(.threads = threads[t], .chunk_rows = 256);
            fr_call call;
            fr_call_begin(&call, context, NULL, 0);
            fr_column *column = texts_of(&call, 5000, 6, true, 9);
            fr_column *result = column ? compute(&call, texts[e], column) : NULL;
            REQUIRE(result != NULL);
            if (kept) CHECK(!memcmp(kept->values, result->values, 5000 * sizeof(fr_view)) && fr_column_equal(kept, result));
            else kept = fr_column_ref(result);
            fr_column_unref(column);
            fr_column_unref(result);
            fr_call_end(&call);
        }
        fr_column_unref(kept);
    }
}

/* Sixteen blocks of so many rows that they are read in stretches by turns, against the same of blocks of 128 rows. */
TEST(many_texts_are_scanned_as_few_are)
{
    static const char *const scans[] = { "startswith(c, 'a')", "endswith(c, 'b')", "contains(c, 'a')", "len(c)", "bytes(c)",
                                         "hash(c)", "c == 'a'", "c != '!'", "c == 'not one of them, surely'" };
    WITH_CALL;
    fr_auto(context) context = fr_context_new(.threads = 3);
    fr_call large;
    fr_call_begin(&large, context, NULL, 0);
    FR_OWNED fr_column *texts = texts_of(call, 300000, 9, true, 21);
    REQUIRE(texts != NULL);
    for (size_t i = 0; i < FR_COUNT_OF(scans); i++) {
        FR_OWNED fr_column *fast = compute(&large, scans[i], texts), *slow = compute(call, scans[i], texts);
        if (!fast || !slow || !fr_column_equal(fast, slow) || !fr_test_column_is_sound(fast))
            CHECK_STR(scans[i], "the same as of few");
    }
    fr_call_end(&large);
}
