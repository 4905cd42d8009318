/* Numbers of short texts against the texts themselves: equal and ordered alike. */
#include "data/text_numbers.h"

#include <stdio.h>
#include <string.h>

#include "data/column_make.h"
#include "support/columns.h"
#include "support/test.h"
#include "support/torture.h"

static void drop_builder(fr_builder **slot)
{
    fr_builder_unref(*slot);
}

typedef size_t text_maker(uint64_t *random, int64_t row, char text[16]);      /* SIZE_MAX: null */

static fr_column *texts_of(fr_call *call, text_maker *make, int64_t n)
{
    FR_CLEANUP(drop_builder) fr_builder *builder = fr_builder_new(call, fr_type_of(FR_BINARY), n);
    bool fine = builder != NULL;
    uint64_t random = 5;
    for (int64_t i = 0; fine && i < n; i++) {
        char text[16];
        const size_t bytes = make(&random, i, text);
        fine = bytes == SIZE_MAX ? fr_builder_add_null(call, builder) : fr_builder_add_text(call, builder, text, bytes);
    }
    FR_OWNED fr_column *texts = fine ? fr_builder_finish(call, builder) : NULL;
    return texts ? fr_column_as_views(call, texts) : NULL;
}

static fr_column *views_of(fr_call *call, const char *const *texts, int64_t n)
{
    FR_CLEANUP(drop_builder) fr_builder *builder = fr_builder_new(call, fr_type_of(FR_STR), n);
    bool fine = builder != NULL;
    for (int64_t i = 0; fine && i < n; i++) fine = fr_builder_add_text(call, builder, texts[i], strlen(texts[i]));
    FR_OWNED fr_column *column = fine ? fr_builder_finish(call, builder) : NULL;
    return column ? fr_column_as_views(call, column) : NULL;
}

/* ---- kinds of texts ---------------------------------------------------------------------------------------------- */
static size_t identifier(uint64_t *random, int64_t row, char text[16])
{
    (void)row;
    return (size_t)snprintf(text, 16, "id%06u", (unsigned)(fr_test_random(random) % 100000));
}

static size_t word(uint64_t *random, int64_t row, char text[16])
{
    (void)row;
    const size_t n = fr_test_random(random) % 8;
    if (fr_test_random(random) % 9 == 0) return SIZE_MAX;
    for (size_t i = 0; i < n; i++) text[i] = (char)('a' + fr_test_random(random) % 3);
    return n;
}

/* Zero bytes inside, bytes beyond 127, never a zero byte at the end. */
static size_t bytes(uint64_t *random, int64_t row, char text[16])
{
    (void)row;
    const size_t n = fr_test_random(random) % 5;
    for (size_t i = 0; i < n; i++) text[i] = (char)(fr_test_random(random) % 3 * 100);
    if (n && !text[n - 1]) text[n - 1] = 7;
    return n;
}

static size_t twelve(uint64_t *random, int64_t row, char text[16])
{
    (void)row;
    for (size_t i = 0; i < 12; i++) text[i] = (char)('A' + fr_test_random(random) % 26);
    return 12;
}

/* Of one length, and fewer numbers than rows: ranges of bytes say enough, also where not all bytes of a range occur. */
static size_t dense(uint64_t *random, int64_t row, char text[16])
{
    (void)row;
    return (size_t)snprintf(text, 16, "no%03u", (unsigned)(fr_test_random(random) % 500));
}

/* The same, as long as a text within a view can be. */
static size_t dense_to_the_end(uint64_t *random, int64_t row, char text[16])
{
    (void)row;
    return (size_t)snprintf(text, 16, "order-no.%03u", (unsigned)(fr_test_random(random) % 500));
}

/* Dense but for one text that no sample has: a larger first digit, a digit where all were the same, a larger digit behind,
 * a smaller one, another length, a zero byte at the end. */
static const char *const odd_texts[] = { "no50000", "no10000", "n100000", "no0000:", "no0000/", "no0000", "no0000\0" };
static size_t odd_one;

static size_t dense_but_one(uint64_t *random, int64_t row, char text[16])
{
    if (row == 69998) {
        memcpy(text, odd_texts[odd_one], 7);
        return odd_one == 5 ? 6 : 7;
    }
    return (size_t)snprintf(text, 16, "no%05u", (unsigned)(fr_test_random(random) % 10000));
}

static size_t with_gaps(uint64_t *random, int64_t row, char text[16])
{
    (void)row;
    for (size_t i = 0; i < 2; i++) text[i] = (char)(fr_test_random(random) % 3 * 100);
    text[2] = 'x';
    return 3;
}

static size_t same(uint64_t *random, int64_t row, char text[16])
{
    (void)random;
    memcpy(text, "same", 4);
    return row % 3 ? 4 : SIZE_MAX;
}

/* ---- comparing --------------------------------------------------------------------------------------------------- */
static uint64_t number_at(const fr_column *numbers, int64_t row)
{
    if (numbers->phys == FR_PHYS_U8) return ((const uint8_t *)numbers->values)[row];
    return numbers->phys == FR_PHYS_U32 ? ((const uint32_t *)numbers->values)[row] : ((const uint64_t *)numbers->values)[row];
}

static int sign(int x) { return (x > 0) - (x < 0); }

static bool in_step(const fr_column *texts, const fr_column *numbers, int64_t i, int64_t j)
{
    const fr_view *views = texts->values;
    const uint64_t a = number_at(numbers, i), b = number_at(numbers, j);
    if (!fr_is_valid(texts, i) || !fr_is_valid(texts, j)) return true;
    return sign(fr_view_compare(&views[i], NULL, &views[j], NULL)) == (a > b) - (a < b);
}

static void check_numbers(fr_call *call, const fr_column *texts)
{
    fr_column *made;
    uint64_t span = 0;
    REQUIRE(fr_text_numbers(call, texts, &made, &span));
    FR_OWNED fr_column *numbers = made;
    REQUIRE(numbers);
    bool fine = numbers->length == texts->length && numbers->null_count == texts->null_count;
    for (int64_t i = 0; fine && i < texts->length; i++) {
        fine = number_at(numbers, i) < span && fr_is_valid(texts, i) == fr_is_valid(numbers, i)
            && (fr_is_valid(texts, i) || number_at(numbers, i) == 0);
        const int64_t step = texts->length > 1000 ? texts->length / 7 : 1;
        for (int64_t j = i % step; fine && j < texts->length; j += step) fine = in_step(texts, numbers, i, j);
    }
    CHECK(fine);
}

static bool has_numbers(fr_call *call, const fr_column *column)
{
    fr_column *made;
    uint64_t span;
    CHECK(fr_text_numbers(call, column, &made, &span));
    FR_OWNED fr_column *numbers = made;
    return numbers != NULL;
}

TEST(text_numbers_are_equal_and_ordered_as_the_texts_are)
{
    static const int64_t lengths[] = { 1, 3, 7, 63, 64, 65, 511, 1025, 70001 };
    static text_maker *const makers[] = { identifier, word, bytes, twelve, dense, dense_to_the_end, with_gaps, same };
    static const uint32_t threads[] = { 1, 2, 3, 7 };
    for (size_t t = 0; t < FR_COUNT_OF(threads); t++) {
        fr_auto(context) context = fr_context_new(.threads = threads[t]);
        fr_call own;
        fr_call_begin(&own, context, __FILE__, __LINE__);
        for (size_t k = 0; k < FR_COUNT_OF(lengths); k++)
            for (size_t m = 0; m < FR_COUNT_OF(makers); m++) {
                if (threads[t] > 1 && lengths[k] < 1000) continue;              /* one block */
                FR_OWNED fr_column *texts = texts_of(&own, makers[m], lengths[k]);
                REQUIRE(texts);
                check_numbers(&own, texts);
            }
        fr_call_end(&own);
    }
}

TEST(text_numbers_know_a_text_that_the_sample_has_not)
{
    for (uint32_t threads = 1; threads <= 2; threads++) {
        fr_auto(context) context = fr_context_new(.threads = threads);
        fr_call own;
        fr_call_begin(&own, context, __FILE__, __LINE__);
        for (odd_one = 0; odd_one < FR_COUNT_OF(odd_texts); odd_one++) {
            FR_OWNED fr_column *texts = texts_of(&own, dense_but_one, 70001);
            REQUIRE(texts);
            if (odd_one == 6) CHECK(!has_numbers(&own, texts));
            else check_numbers(&own, texts);
        }
        fr_call_end(&own);
    }
}

TEST(text_numbers_of_a_part_are_its_own)
{
    WITH_CALL;
    FR_OWNED fr_column *texts = texts_of(call, word, 511);
    for (int64_t at = 0; at < 130; at += 13) {
        FR_OWNED fr_column *part = fr_column_slice(call, texts, at, 300);
        check_numbers(call, part);
    }
}

TEST(text_numbers_lie_as_close_together_as_digits_do)
{
    WITH_CALL;
    const char *const texts[] = { "id07", "id13", "id03" };
    FR_OWNED fr_column *column = views_of(call, texts, 3);
    fr_column *made;
    uint64_t span;
    REQUIRE(fr_text_numbers(call, column, &made, &span));
    FR_OWNED fr_column *numbers = made;
    REQUIRE(numbers);
    CHECK_INT(span, 4);
    CHECK_BYTES(numbers->values, ((uint32_t[]){ 1, 2, 0 }), 12);
}

static size_t ends_in_zero(uint64_t *random, int64_t row, char text[16])
{
    (void)random, (void)row;
    memcpy(text, "a\0", 2);
    return 2;
}

/* 60 bytes at each of twelve places: 70 bits */
static size_t any(uint64_t *random, int64_t row, char text[16])
{
    (void)random;
    for (size_t i = 0; i < 12; i++) text[i] = (char)('0' + row % 60);
    return 12;
}

TEST(text_numbers_are_not_made_of_texts_that_have_none)
{
    WITH_CALL;
    const char *const texts[] = { "twelve bytes", "thirteen byte", "" };
    FR_OWNED fr_column *twelve_bytes = views_of(call, texts, 1), *thirteen = views_of(call, texts, 2);
    FR_OWNED fr_column *zero = texts_of(call, ends_in_zero, 2), *wide = texts_of(call, any, 60);
    FR_OWNED fr_column *less_wide = texts_of(call, any, 38);
    CHECK(has_numbers(call, twelve_bytes));
    CHECK(!has_numbers(call, thirteen));
    CHECK(!has_numbers(call, zero));
    CHECK(!has_numbers(call, wide));
    CHECK(has_numbers(call, less_wide));                                   /* 38^12 < 2^63 */
}

static fr_outcome number_texts(fr_context *context, void *state)
{
    text_maker *const *make = state;
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    FR_OWNED fr_column *texts = texts_of(&call, *make, 700);
    fr_column *numbers = NULL;
    uint64_t span = 0;
    if (texts && fr_text_numbers(&call, texts, &numbers, &span)) fr_column_unref(numbers);
    return fr_outcome_of_call(&call, span);
}

TEST(text_numbers_survive_every_failed_allocation)
{
    TORTURE(number_texts, &(text_maker *){ word });
    TORTURE(number_texts, &(text_maker *){ dense });
}
