/* Numbers of few texts against the texts themselves, wherever the sample did not see one. */
#include "data/few_texts.h"

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

typedef struct kind { const char *name; int64_t n_texts, null_every; const char *late; int64_t late_row; } kind;

static const kind kinds[] = {
    { "few", 5, 0, NULL, 0 },              { "few and nulls", 5, 7, NULL, 0 },    { "one", 1, 0, NULL, 0 },
    { "most", 128, 0, NULL, 0 },           { "most and a late null", 127, 0, NULL, 69998 },
    { "a late one", 5, 3, "e", 69998 },    { "a late empty one", 5, 0, "", 69998 },
    { "too many", 129, 0, NULL, 0 },       { "a late one too many", 128, 0, "zz", 69998 },
    { "a late long one", 5, 0, "thirteen byte", 69998 },
};
enum { FIRST_REFUSED = 7 };

static fr_column *texts_of(fr_call *call, const kind *k, int64_t n)
{
    FR_CLEANUP(drop_builder) fr_builder *builder = fr_builder_new(call, fr_type_of(FR_STR), n);
    bool fine = builder != NULL;
    uint64_t random = 5;
    for (int64_t i = 0; fine && i < n; i++) {
        char text[16];
        const unsigned which = (unsigned)(fr_test_random(&random) % (uint64_t)k->n_texts);
        const int bytes = snprintf(text, sizeof text, "%c%.*s%u", 'a' + (int)(which % 3), (int)(which % 5), "xyxyx", which);
        const bool late = k->late_row && i == k->late_row;
        if ((k->null_every && i % k->null_every == 0) || (late && !k->late)) fine = fr_builder_add_null(call, builder);
        else if (late) fine = fr_builder_add_text(call, builder, k->late, strlen(k->late));
        else fine = fr_builder_add_text(call, builder, text, (size_t)bytes);
    }
    FR_OWNED fr_column *texts = fine ? fr_builder_finish(call, builder) : NULL;
    return texts ? fr_column_as_views(call, texts) : NULL;
}

static int sign(int x) { return (x > 0) - (x < 0); }

static bool are_right(const fr_column *texts, const fr_column *numbers, uint64_t span)
{
    const fr_view *views = texts->values;
    const uint8_t *number = numbers->values;
    const int64_t step = texts->length / 7 + 1;
    bool fine = numbers->length == texts->length && numbers->null_count == texts->null_count;
    for (int64_t i = 0; fine && i < texts->length; i++) {
        fine = number[i] < span && fr_is_valid(texts, i) == fr_is_valid(numbers, i) && (fr_is_valid(texts, i) || !number[i]);
        for (int64_t j = i % step; fine && j < texts->length; j += step)
            if (fr_is_valid(texts, i) && fr_is_valid(texts, j))
                fine = sign(fr_view_compare(&views[i], NULL, &views[j], NULL)) == (number[i] > number[j]) - (number[i] < number[j]);
    }
    return fine;
}

TEST(few_texts_are_numbered_as_they_are_ordered)
{
    static const int64_t lengths[] = { 4096, 4097, 70001, 140001 };
    for (uint32_t threads = 1; threads <= 3; threads += 2) {
        fr_auto(context) context = fr_context_new(.threads = threads);
        fr_call own;
        fr_call_begin(&own, context, __FILE__, __LINE__);
        for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
            for (size_t k = 0; k < FR_COUNT_OF(kinds); k++) {
                if (kinds[k].late_row >= lengths[l]) continue;
                uint64_t span = 0;
                fr_column *made;
                FR_OWNED fr_column *texts = texts_of(&own, &kinds[k], lengths[l]);
                REQUIRE(texts && fr_few_text_numbers(&own, texts, &made, &span));
                FR_OWNED fr_column *numbers = made;
                CHECK((numbers != NULL) == (k < FIRST_REFUSED));
                if (numbers) CHECK(are_right(texts, numbers, span));
            }
        fr_call_end(&own);
    }
}

/* Every third row is null, whatever lies there. */
static fr_column *with_texts_under_nulls(fr_call *call, const fr_column *texts, fr_buffer *views)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = fr_bits_new(call, texts->length);
    if (!valid || !views) return NULL;
    for (int64_t i = 0; i < texts->length; i++)
        if (i % 3) ((uint64_t *)valid->data)[i / 64] |= (uint64_t)1 << i % 64;
    return fr_column_new(call, &(fr_column_parts){ .type = fr_type_of(FR_STR), .phys = FR_PHYS_VIEW, .length = texts->length,
                                                   .values = views, .valid = valid, .null_count = -1 });
}

TEST(few_texts_of_somebody_else_may_lie_under_nulls)
{
    WITH_CALL;
    uint64_t span = 0;
    fr_column *made = NULL;
    FR_OWNED fr_column *texts = texts_of(call, kinds, 4097);
    REQUIRE(texts);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *views =
        fr_buffer_foreign(call, (void *)(uintptr_t)texts->values, 4097 * sizeof(fr_view), NULL, NULL);
    FR_OWNED fr_column *foreign = with_texts_under_nulls(call, texts, views);
    REQUIRE(foreign && foreign->foreign && fr_few_text_numbers(call, foreign, &made, &span));
    FR_OWNED fr_column *numbers = made;
    REQUIRE(numbers);
    CHECK(are_right(foreign, numbers, span));
}

TEST(few_texts_in_few_rows_are_left_to_others)
{
    WITH_CALL;
    uint64_t span;
    fr_column *numbers;
    FR_OWNED fr_column *texts = texts_of(call, kinds, 4095);
    REQUIRE(texts && fr_few_text_numbers(call, texts, &numbers, &span));
    CHECK(!numbers);
}

static fr_outcome number_texts(fr_context *context, void *state)
{
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    FR_OWNED fr_column *texts = texts_of(&call, state, 5000);
    fr_column *numbers = NULL;
    uint64_t span = 0;
    if (texts && fr_few_text_numbers(&call, texts, &numbers, &span)) fr_column_unref(numbers);
    return fr_outcome_of_call(&call, span);
}

TEST(few_texts_survive_every_failed_allocation)
{
    TORTURE(number_texts, (void *)(uintptr_t)&kinds[1]);
}
