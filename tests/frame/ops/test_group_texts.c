/* Many long texts grouped by hash: the same groups as those of the numbers that the texts are made of. */
#include "frame/ops/apply.h"
#include "frame/ops/naive.h"

#include "base/memory.h"
#include "ops/group_texts.h"
#include "support/columns.h"
#include "support/torture.h"

#include <string.h>

enum { MANY = 9000 };                      /* more than ops/keys.c calls many */

/* Beyond a view, within it, and one that begins another; null where the number is negative. */
static fr_column *texts_of(fr_call *call, const int64_t *numbers, int64_t n)
{
    static const char *const begins[3] = { "", "a longer text, ", "twelve" };
    return fr_test_texts_of_numbers(call, begins, numbers, n);
}

static fr_column *numbers_of(fr_call *call, const int64_t *numbers, int64_t n)
{
    static int64_t values[MANY];
    static uint8_t valid[MANY];
    for (int64_t i = 0; i < n; i++) {
        valid[i] = numbers[i] >= 0;
        values[i] = valid[i] ? numbers[i] : 0;
    }
    return fr_test_i64s(call, values, valid, n);
}

/* Numbers below `below`, one in fifty a null. */
static void draw(int64_t *numbers, int64_t n, int64_t below, uint64_t seed)
{
    for (int64_t i = 0; i < n; i++) {
        const uint64_t r = fr_test_random(&seed);
        numbers[i] = r % 50 == 0 ? -1 : (int64_t)(r / 64 % (uint64_t)below);
    }
}

static bool same_groups(fr_call *call, fr_column *const *texts, fr_column *const *numbers, size_t n)
{
    const int64_t n_rows = texts[0]->length;
    FR_CLEANUP(fr_drop_grouping) fr_grouping *a = fr_grouping_of(call, texts, n, n_rows);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *b = fr_grouping_of(call, numbers, n, n_rows);
    return a && b && a->n_groups == b->n_groups && fr_grouping_need_firsts(call, a) && fr_grouping_need_firsts(call, b)
        && !memcmp(fr_grouping_ids(a), fr_grouping_ids(b), (size_t)n_rows * sizeof(uint32_t))
        && !memcmp(a->firsts->data, b->firsts->data, a->n_groups * sizeof(int64_t));
}

TEST(texts_are_grouped_as_their_numbers_are)
{
    static int64_t numbers[MANY];
    static const int64_t distinct[] = { 1, 60, 3000, 1000000 }, lengths[] = { 1, 63, 64, 65, 8191, 8192, MANY };
    static const uint32_t threads[] = { 1, 2, 3, 7 };
    for (size_t i = 0; i < FR_COUNT_OF(threads); i++) {
        fr_auto(context) context = fr_context_new(.threads = threads[i], .seed = 7 + i);
        fr_call call;
        fr_call_begin(&call, context, __FILE__, __LINE__);
        for (size_t k = 0; k < FR_COUNT_OF(distinct) * FR_COUNT_OF(lengths); k++) {
            const int64_t n = lengths[k / FR_COUNT_OF(distinct)];
            draw(numbers, n, distinct[k % FR_COUNT_OF(distinct)], k);
            FR_OWNED fr_column *text = texts_of(&call, numbers, n), *number = numbers_of(&call, numbers, n);
            CHECK(text && number && same_groups(&call, &text, &number, 1));
        }
        fr_call_end(&call);
    }
}

/* Hashes do not fit one code with others: they are folded first. */
TEST(texts_beside_other_keys_are_grouped_as_their_numbers_are)
{
    WITH_CALL;
    static int64_t few[MANY], many[MANY], wide[MANY];
    draw(few, MANY, 40, 1);
    draw(many, MANY, 4000, 2);
    draw(wide, MANY, INT64_MAX / 64, 3);
    fr_column *number[] = { numbers_of(call, few, MANY), numbers_of(call, many, MANY), numbers_of(call, wide, MANY) };
    fr_column *text[] = { texts_of(call, few, MANY), texts_of(call, many, MANY) };
    CHECK(same_groups(call, (fr_column *[]){ number[0], text[1] }, (fr_column *[]){ number[0], number[1] }, 2));
    CHECK(same_groups(call, (fr_column *[]){ text[0], text[1] }, (fr_column *[]){ number[0], number[1] }, 2));
    CHECK(same_groups(call, (fr_column *[]){ text[1], number[2], text[0] },
                      (fr_column *[]){ number[1], number[2], number[0] }, 3));
    for (size_t i = 0; i < 3; i++) fr_column_unref(number[i]);
    for (size_t i = 0; i < 2; i++) fr_column_unref(text[i]);
}

TEST(verbs_that_group_many_texts_give_what_they_give_of_numbers)
{
    WITH_CALL;
    static int64_t numbers[MANY];
    draw(numbers, MANY, 3000, 4);
    const char *names[] = { "t", "k" };
    fr_column *columns[] = { texts_of(call, numbers, MANY), numbers_of(call, numbers, MANY) };
    fr_auto(frame) frame = fr_frame_of(call, NULL, names, columns, 2, MANY);
    for (size_t i = 0; i < 2; i++) fr_column_unref(columns[i]);
    const fr_step by_text[] = { fr_distinct("t", .keep = FR_KEEP_LAST), fr_value_counts("t", .drop_nulls = true),
                                fr_group("t", .agg = "n = size(); k = first(k)"), fr_head(2, .by = "t"),
                                fr_group("", .agg = "n = nunique(t)"), fr_with("n = sum(k) over t") };
    const fr_step by_number[] = { fr_distinct("k", .keep = FR_KEEP_LAST), fr_value_counts("k", .drop_nulls = true),
                                  fr_group("k", .agg = "n = size(); t = first(t)"), fr_head(2, .by = "k"),
                                  fr_group("", .agg = "n = nunique(k)"), fr_with("n = sum(k) over k") };
    for (size_t i = 0; i < FR_COUNT_OF(by_text); i++) {
        fr_auto(frame) a = fr_test_apply(frame, by_text[i]);
        fr_auto(frame) b = fr_test_apply(frame, by_number[i]);
        REQUIRE(fr_ok(a) && fr_ok(b));
        const char *shared[] = { "t", "k", "count", "n" };
        for (size_t k = 0; k < FR_COUNT_OF(shared); k++) {
            const int64_t p = fr_schema_find(a->schema, shared[k], strlen(shared[k]));
            const int64_t q = fr_schema_find(b->schema, shared[k], strlen(shared[k]));
            CHECK_INT(fr_length(a), fr_length(b));
            if (p >= 0 && q >= 0) CHECK(fr_column_equal(fr_test_columns(a)[p], fr_test_columns(b)[q]));
        }
    }
}

/* ---- what is done about equal hashes of different texts ---------------------------------------------------------- */
TEST(a_group_of_different_texts_is_noticed)
{
    WITH_CALL;
    const int64_t numbers[] = { 4, 5, 4, 5, -1, -1 };
    FR_OWNED fr_column *texts = texts_of(call, numbers, 6);
    fr_key_part part = { .text = texts };
    const fr_keys keys = { .n_rows = 6, .n_parts = 1, .parts = &part };
    uint32_t ids[] = { 0, 1, 0, 1, 2, 2 };
    int64_t firsts[] = { 0, 1, 4 };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *id = fr_buffer_foreign(call, ids, sizeof ids, NULL, NULL);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *first = fr_buffer_foreign(call, firsts, sizeof firsts, NULL, NULL);
    const fr_grouping grouping = { .n_rows = 6, .n_groups = 3, .ids = id, .firsts = first };
    bool agree = false;
    CHECK(fr_group_texts_agree(call, &keys, &grouping, &agree) && agree);
    ids[3] = 0;                                                            /* 5 with 4 */
    CHECK(fr_group_texts_agree(call, &keys, &grouping, &agree) && !agree);
    ids[3] = FR_NO_ID;
    CHECK(fr_group_texts_agree(call, &keys, &grouping, &agree) && agree);
}

TEST(hashes_spelt_out_are_exact)
{
    WITH_CALL;
    static int64_t numbers[MANY];
    draw(numbers, MANY, 3000, 6);
    FR_OWNED fr_column *texts = texts_of(call, numbers, MANY), *plain = numbers_of(call, numbers, MANY);
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, MANY);
    REQUIRE(fr_keys_add(call, &keys, texts, &(fr_key_want){ 0 }, NULL) && fr_keys_are_hashed(&keys));
    REQUIRE(fr_keys_spell_out(call, &keys) && !fr_keys_are_hashed(&keys));
    FR_CLEANUP(fr_drop_grouping) fr_grouping *a = fr_grouping_of_keys(call, &keys);
    FR_CLEANUP(fr_drop_grouping) fr_grouping *b = fr_grouping_of(call, &plain, 1, MANY);
    REQUIRE(a && b);
    CHECK_BYTES(fr_grouping_ids(a), fr_grouping_ids(b), MANY * sizeof(uint32_t));
}

static fr_outcome group_many_texts(fr_context *context, void *state)
{
    static int64_t numbers[MANY];
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    draw(numbers, MANY, *(int64_t *)state, 8);
    fr_column *columns[] = { texts_of(&call, numbers, MANY), numbers_of(&call, numbers, MANY) };
    FR_CLEANUP(fr_drop_grouping) fr_grouping *groups =
        columns[0] && columns[1] ? fr_grouping_of(&call, columns, 2, MANY) : NULL;
    for (size_t i = 0; i < 2; i++) fr_column_unref(columns[i]);
    return fr_outcome_of_call(&call, groups ? groups->n_groups : 0);
}

TEST(grouping_many_texts_survives_every_failed_allocation)
{
    TORTURE(group_many_texts, &(int64_t){ 100 });
    TORTURE(group_many_texts, &(int64_t){ 100000 });
}
