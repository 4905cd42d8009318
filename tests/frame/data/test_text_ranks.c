/* Ranks of texts against the texts themselves: equal, ordered alike, and without gaps. */
#include "data/text_ranks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/column_make.h"
#include "support/columns.h"
#include "support/test.h"
#include "support/torture.h"

enum { ROOM = 3000 };

static void drop_builder(fr_builder **slot)
{
    fr_builder_unref(*slot);
}

typedef size_t text_maker(uint64_t *random, int64_t row, char text[ROOM]);      /* SIZE_MAX: null */

static fr_column *texts_of(fr_call *call, text_maker *make, int64_t n)
{
    FR_CLEANUP(drop_builder) fr_builder *builder = fr_builder_new(call, fr_type_of(FR_BINARY), n);
    bool fine = builder != NULL;
    uint64_t random = 9;
    for (int64_t i = 0; fine && i < n; i++) {
        char text[ROOM];
        const size_t bytes = make(&random, i, text);
        fine = bytes == SIZE_MAX ? fr_builder_add_null(call, builder) : fr_builder_add_text(call, builder, text, bytes);
    }
    FR_OWNED fr_column *texts = fine ? fr_builder_finish(call, builder) : NULL;
    return texts ? fr_column_as_views(call, texts) : NULL;
}

/* ---- kinds of texts ---------------------------------------------------------------------------------------------- */
static size_t address(uint64_t *random, int64_t row, char text[ROOM])
{
    (void)row;
    const unsigned a = (unsigned)fr_test_random(random), b = (unsigned)(fr_test_random(random) % 999);
    return (size_t)snprintf(text, ROOM, "user %x@mail-%u.example", a, b);
}

/* Many rows agree in more than fits a number, and again behind it. */
static size_t path(uint64_t *random, int64_t row, char text[ROOM])
{
    const unsigned a = (unsigned)(fr_test_random(random) % 3), b = (unsigned)(fr_test_random(random) % 40);
    if (row % 13 == 0) return SIZE_MAX;
    return (size_t)snprintf(text, ROOM, "https://www.example.com/shop/category-%u/product-%05u/index.html?session=%x", a, b,
                            (unsigned)(fr_test_random(random) % 50000));
}

/* Zero bytes inside and at the end, bytes beyond 127, nothing at all. */
static size_t bytes(uint64_t *random, int64_t row, char text[ROOM])
{
    const size_t n = fr_test_random(random) % 24;
    for (size_t i = 0; i < n; i++) text[i] = (char)(fr_test_random(random) % 3 * 100);
    return row % 7 == 3 ? SIZE_MAX : n;
}

static size_t any(uint64_t *random, int64_t row, char text[ROOM])
{
    (void)row;
    const size_t n = fr_test_random(random) % 40;
    for (size_t i = 0; i < n; i++) text[i] = (char)fr_test_random(random);
    return n;
}

/* Each begins the next. */
static size_t ladder(uint64_t *random, int64_t row, char text[ROOM])
{
    (void)row;
    const size_t n = fr_test_random(random) % 600;
    memset(text, 'a', n);
    return n;
}

/* Kilobytes in which all agree. */
static size_t deep(uint64_t *random, int64_t row, char text[ROOM])
{
    (void)row;
    memset(text, 'd', 2000);
    return 2000 + (size_t)snprintf(text + 2000, ROOM - 2000, "%u", (unsigned)(fr_test_random(random) % 5000));
}

static size_t same(uint64_t *random, int64_t row, char text[ROOM])
{
    (void)random;
    memset(text, 's', 100);
    return row % 3 ? 100 : SIZE_MAX;
}

/* All but a few are one text; the others begin it or go on behind it. */
static size_t giant(uint64_t *random, int64_t row, char text[ROOM])
{
    memset(text, 'g', 90);
    return row % 10 ? 60 : fr_test_random(random) % 90;
}

/* Two large stretches, that agree within in more than a number holds, and a text that none of them is like. */
static size_t halves(uint64_t *random, int64_t row, char text[ROOM])
{
    if (row == 12345) return (size_t)snprintf(text, ROOM, "N/A");
    const char half = "XY"[fr_test_random(random) % 2];
    memset(text, half, 80);
    return 80 + (size_t)snprintf(text + 80, ROOM - 80, "%u", (unsigned)(fr_test_random(random) % 90000));
}

static size_t short_one(uint64_t *random, int64_t row, char text[ROOM])
{
    (void)row;
    const size_t n = fr_test_random(random) % 5;
    for (size_t i = 0; i < n; i++) text[i] = (char)fr_test_random(random);
    return n;
}

/* ---- comparing --------------------------------------------------------------------------------------------------- */
static uint64_t rank_at(const fr_column *ranks, int64_t row)
{
    return ranks->phys == FR_PHYS_U32 ? ((const uint32_t *)ranks->values)[row] : ((const uint64_t *)ranks->values)[row];
}

static int compare_rows(const fr_column *texts, int64_t i, int64_t j)
{
    const fr_view *views = texts->values;
    const char *const *bases = texts->heap ? texts->heap->bases : NULL;
    return fr_view_compare(&views[i], bases, &views[j], bases);
}

/* Each rank has a row, each row the text of its rank's, and these ascend. */
static bool ranks_are_true(const fr_column *texts, const fr_column *ranks, uint64_t span)
{
    int64_t *row_of = malloc((span + 1) * sizeof *row_of);
    bool fine = row_of != NULL;
    for (uint64_t k = 0; fine && k < span; k++) row_of[k] = -1;
    for (int64_t i = 0; fine && i < texts->length; i++) {
        const bool valid = fr_is_valid(texts, i);
        fine = valid == fr_is_valid(ranks, i) && (valid ? rank_at(ranks, i) < span : rank_at(ranks, i) == 0);
        if (!fine || !valid) continue;
        if (row_of[rank_at(ranks, i)] < 0) row_of[rank_at(ranks, i)] = i;
        fine = compare_rows(texts, row_of[rank_at(ranks, i)], i) == 0;
    }
    for (uint64_t k = 0; fine && k < span; k++)
        fine = row_of[k] >= 0 && (k == 0 || compare_rows(texts, row_of[k - 1], row_of[k]) < 0);
    free(row_of);
    return fine;
}

static void check_ranks(fr_call *call, const fr_column *texts)
{
    fr_column *made;
    uint64_t span = 0;
    REQUIRE(fr_text_ranks(call, texts, &made, &span));
    FR_OWNED fr_column *ranks = made;
    CHECK_INT(ranks->length, texts->length);
    CHECK_INT(ranks->null_count, texts->null_count);
    CHECK(texts->null_count == texts->length || ranks_are_true(texts, ranks, span));
}

/* The first of these in large columns too. */
static text_maker *const makers[] = { address, path, giant, halves, bytes, any, ladder, deep, same, short_one };
enum { LARGE_MAKERS = 4, LARGE = 10000 };

TEST(text_ranks_are_equal_and_ordered_as_the_texts_are)
{
    static const int64_t lengths[] = { 1, 2, 3, 7, 48, 49, 63, 64, 65, 511, 5000, 150001 };
    static const uint32_t threads[] = { 1, 3 };
    for (size_t t = 0; t < FR_COUNT_OF(threads); t++) {
        fr_auto(context) context = fr_context_new(.threads = threads[t]);
        fr_call own;
        fr_call_begin(&own, context, __FILE__, __LINE__);
        for (size_t k = 0; k < FR_COUNT_OF(lengths); k++)
            for (size_t m = 0; m < FR_COUNT_OF(makers); m++) {
                if (threads[t] > 1 && lengths[k] < LARGE) continue;             /* one block */
                if (m >= LARGE_MAKERS && lengths[k] > LARGE) continue;
                FR_OWNED fr_column *texts = texts_of(&own, makers[m], lengths[k]);
                REQUIRE(texts);
                check_ranks(&own, texts);
            }
        fr_call_end(&own);
    }
}

TEST(text_ranks_of_a_part_are_its_own)
{
    WITH_CALL;
    FR_OWNED fr_column *texts = texts_of(call, path, 511);
    for (int64_t at = 0; at < 130; at += 13) {
        FR_OWNED fr_column *part = fr_column_slice(call, texts, at, 300);
        check_ranks(call, part);
    }
}

TEST(text_ranks_count_only_texts_that_differ)
{
    WITH_CALL;
    FR_OWNED fr_column *texts = texts_of(call, same, 8);
    fr_column *made;
    uint64_t span;
    REQUIRE(fr_text_ranks(call, texts, &made, &span));
    FR_OWNED fr_column *ranks = made;
    CHECK_INT(span, 1);
    CHECK_BYTES(ranks->values, ((uint32_t[8]){ 0 }), 32);
}

TEST(texts_mostly_differ_or_do_not)
{
    WITH_CALL;
    FR_OWNED fr_column *differ = texts_of(call, address, 5000), *repeat = texts_of(call, same, 5000);
    FR_OWNED fr_column *few = texts_of(call, short_one, 1), *none = texts_of(call, same, 1);
    CHECK(fr_texts_mostly_differ(differ));
    CHECK(!fr_texts_mostly_differ(repeat));
    CHECK(fr_texts_mostly_differ(few));
    CHECK(!fr_texts_mostly_differ(none));                                  /* a null */
}

static fr_outcome rank_texts(fr_context *context, void *state)
{
    text_maker *const *make = state;
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    FR_OWNED fr_column *texts = texts_of(&call, *make, 300);
    fr_column *ranks = NULL;
    uint64_t span = 0;
    if (texts && fr_text_ranks(&call, texts, &ranks, &span)) fr_column_unref(ranks);
    return fr_outcome_of_call(&call, span);
}

/* Above 65,536 rows, so that all threads take part. */
static fr_outcome rank_many_texts(fr_context *context, void *state)
{
    const fr_column *texts = state;
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    fr_column *ranks = NULL;
    uint64_t span = 0;
    if (fr_text_ranks(&call, texts, &ranks, &span)) fr_column_unref(ranks);
    return fr_outcome_of_call(&call, span);
}

TEST(text_ranks_survive_every_failed_allocation)
{
    WITH_CALL;
    FR_OWNED fr_column *many = texts_of(call, address, 65600);
    TORTURE(rank_texts, &(text_maker *){ path });
    TORTURE(rank_texts, &(text_maker *){ ladder });
    TORTURE(rank_many_texts, many);
}
