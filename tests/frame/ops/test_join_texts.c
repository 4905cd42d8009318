/* Text keys compared by hash: the same rows as a join by the numbers that the texts are made of. */
#include "frame/ops/apply.h"
#include "frame/ops/naive.h"

#include "base/memory.h"
#include "ops/join_texts.h"
#include "support/columns.h"
#include "support/torture.h"

#include <stdio.h>
#include <string.h>

enum { MANY = 9000 };                      /* more than ops/join_texts.c calls many */

typedef enum layout { VIEWS, CODES, CATEGORIES } layout;

static void drop_builder(fr_builder **slot)
{
    fr_builder_unref(*slot);
}

/* Some within a view, some beyond; all different, and some differ in their last byte only. */
static const char *text_of(int64_t number, char text[64], size_t *n)
{
    static const char *const begins[] = { "", "a longer text, ", "twelve" };
    *n = (size_t)snprintf(text, 64, "%s%06lld", begins[number % 3], (long long)number);
    return text;
}

static fr_column *texts_of(fr_call *call, const int64_t *numbers, int64_t n, layout how)
{
    FR_CLEANUP(drop_builder) fr_builder *builder = fr_builder_new(call, fr_type_of(FR_STR), n);
    bool fine = builder != NULL;
    for (int64_t i = 0; fine && i < n; i++) {
        char room[64];
        size_t bytes;
        const char *text = text_of(numbers[i] < 0 ? 0 : numbers[i], room, &bytes);
        fine = numbers[i] < 0 ? fr_builder_add_null(call, builder) : fr_builder_add_text(call, builder, text, bytes);
    }
    FR_OWNED fr_column *views = fine ? fr_builder_finish(call, builder) : NULL;
    if (!views || how == VIEWS) return views ? fr_column_as_views(call, views) : NULL;
    FR_OWNED fr_column *codes = fr_column_as_codes(call, views);
    return codes ? fr_column_retype(call, codes, fr_type_of(how == CODES ? FR_STR : FR_CAT)) : NULL;
}

/* k: the number (null where it is negative), t: its text, and the row's own number. */
static fr_frame *frame_of(fr_call *call, const int64_t *numbers, int64_t n, layout how, const char *row_name)
{
    static int64_t keys[MANY], rows[MANY];
    static uint8_t valid[MANY];
    for (int64_t i = 0; i < n; i++) {
        keys[i] = numbers[i] < 0 ? 0 : numbers[i];
        valid[i] = numbers[i] >= 0;
        rows[i] = i;
    }
    const char *names[] = { "k", "t", row_name };
    fr_column *columns[] = { fr_test_i64s(call, keys, valid, n), texts_of(call, numbers, n, how),
                             fr_test_i64s(call, rows, NULL, n) };
    fr_frame *frame = fr_failed(call) ? NULL : fr_frame_of(call, NULL, names, columns, 3, n);
    for (size_t i = 0; i < 3; i++) fr_column_unref(columns[i]);
    return frame;
}

static void draw(int64_t *numbers, int64_t n, int64_t below, bool once, uint64_t seed)
{
    for (int64_t i = 0; i < n; i++) {
        const uint64_t r = fr_test_random(&seed);
        numbers[i] = r % 50 == 0 ? -1 : once ? (i * 7919) % n : (int64_t)(r / 64 % (uint64_t)below);
    }
}

static void check_texts(fr_call *call, layout a, layout b, bool once, int way)
{
    static int64_t left_numbers[MANY], right_numbers[MANY];
    const int64_t n_right = way & 1 ? 100 : MANY;
    draw(left_numbers, MANY, n_right + 500, false, 3 + (uint64_t)way);
    draw(right_numbers, n_right, n_right, once, 5 + (uint64_t)way);
    fr_auto(frame) left = frame_of(call, left_numbers, MANY, a, "i");
    fr_auto(frame) right = frame_of(call, right_numbers, n_right, b, "j");
    const fr_join_how how = (fr_join_how)(way >> 2);
    const bool sifts = how == FR_JOIN_SEMI || how == FR_JOIN_ANTI;
    fr_auto(frame) by_text = fr_test_apply(left, fr_join(right, .on = "t", .how = how, .nulls_match = way & 2));
    fr_auto(frame) by_number = fr_test_apply(left, fr_join(right, .on = "k", .how = how, .nulls_match = way & 2));
    REQUIRE(fr_ok(by_text) && fr_ok(by_number));
    const int64_t i = fr_schema_find(by_text->schema, "i", 1), j = fr_schema_find(by_text->schema, "j", 1);
    const int64_t p = fr_schema_find(by_number->schema, "i", 1), q = fr_schema_find(by_number->schema, "j", 1);
    CHECK(fr_column_equal(fr_test_columns(by_text)[i], fr_test_columns(by_number)[p]));
    CHECK(sifts ? j < 0 && q < 0 : fr_column_equal(fr_test_columns(by_text)[j], fr_test_columns(by_number)[q]));
}

TEST(texts_are_joined_as_their_numbers_are)
{
    WITH_CALL;
    const layout pairs[][2] = { { VIEWS, VIEWS }, { VIEWS, CODES }, { CATEGORIES, VIEWS }, { CODES, CODES } };
    for (size_t i = 0; i < FR_COUNT_OF(pairs); i++)
        for (int way = 0; way < 20; way++) {
            check_texts(call, pairs[i][0], pairs[i][1], true, way);
            check_texts(call, pairs[i][0], pairs[i][1], false, way);
        }
}

TEST(text_keys_beside_others_are_joined_as_their_numbers_are)
{
    WITH_CALL;
    static int64_t numbers[MANY];
    draw(numbers, MANY, 3000, false, 11);
    fr_auto(frame) left = frame_of(call, numbers, MANY, VIEWS, "i");
    draw(numbers, MANY, 3000, false, 12);
    fr_auto(frame) right = frame_of(call, numbers, MANY, VIEWS, "j");
    fr_auto(frame) by_both = fr_test_apply(left, fr_join(right, .on = "t, k", .nulls_match = true));
    fr_auto(frame) by_number = fr_test_apply(left, fr_join(right, .on = "k, t", .nulls_match = true));
    fr_auto(frame) by_text = fr_test_apply(left, fr_join(right, .left_on = "t", .right_on = "t", .nulls_match = true));
    CHECK_INT(fr_length(by_both), fr_length(by_text));
    CHECK(fr_column_equal(fr_test_columns(by_both)[2], fr_test_columns(by_number)[2]));
    CHECK(fr_column_equal(fr_test_columns(by_both)[3], fr_test_columns(by_number)[3]));
}

/* A column without any value has no texts of its own to keep. */
TEST(a_column_of_nulls_matches_no_text)
{
    WITH_CALL;
    static int64_t numbers[MANY];
    draw(numbers, MANY, 3000, false, 13);
    fr_auto(frame) left = frame_of(call, numbers, MANY, VIEWS, "i");
    fr_auto(frame) one = fr_test_frame("t: _ _; j: 1 2", NULL);
    fr_auto(frame) nulls = fr_test_apply(left, fr_with("n = null; m = n"));
    fr_auto(frame) none = fr_test_apply(nulls, fr_join(nulls, .left_on = "t", .right_on = "n"));
    CHECK_INT(fr_length(none), 0);
    fr_auto(frame) some = fr_test_apply(left, fr_join(one, .on = "t"));
    CHECK_INT(fr_length(some), 0);
}

/* ---- what is done about equal hashes of different texts ---------------------------------------------------------- */
TEST(a_match_of_different_texts_is_noticed)
{
    WITH_CALL;
    const int64_t left_numbers[] = { 4, 5, 6, 7 }, right_numbers[] = { 5, 4, 6, 6 };
    FR_OWNED fr_column *left = texts_of(call, left_numbers, 4, VIEWS);
    FR_OWNED fr_column *right = texts_of(call, right_numbers, 4, CODES);
    const fr_join_texts texts = { .n = 1, .right = { right }, .left = { left } };
    uint32_t rows[] = { 1, 0, 2, FR_ROW_MISSING32 };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *by_row = fr_buffer_foreign(call, rows, sizeof rows, NULL, NULL);
    const fr_join_match unique = { .n_left = 4, .n_right = 4, .unique = true, .rows = by_row };
    bool agree = false;
    CHECK(fr_join_texts_agree(call, &texts, &unique, &agree) && agree);
    rows[1] = 1;                                                           /* 5 with 4 */
    CHECK(fr_join_texts_agree(call, &texts, &unique, &agree) && !agree);

    uint32_t ids[] = { 1, 0, 2, FR_NO_ID }, members[] = { 0, 1, 2, 3 };
    uint64_t starts[] = { 0, 1, 2, 4, 0 };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *id = fr_buffer_foreign(call, ids, sizeof ids, NULL, NULL);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *member = fr_buffer_foreign(call, members, sizeof members, NULL, NULL);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *start = fr_buffer_foreign(call, starts, sizeof starts, NULL, NULL);
    const fr_join_match groups = { .n_left = 4, .n_right = 4, .ids = id, .members = member, .starts = start };
    CHECK(fr_join_texts_agree(call, &texts, &groups, &agree) && agree);
    ids[0] = 0;                                                            /* 4 with 5 */
    CHECK(fr_join_texts_agree(call, &texts, &groups, &agree) && !agree);
    ids[0] = 1, members[3] = 1;                                            /* 6 and 4 in one group */
    CHECK(fr_join_texts_agree(call, &texts, &groups, &agree) && !agree);
}

typedef struct two_sides { const fr_frame *left, *right; fr_join_how kind; } two_sides;

/* Only what the join takes is the failing context's. */
static fr_outcome join_many_texts(fr_context *context, void *state)
{
    const two_sides *sides = state;
    fr_auto(frame) left = fr_with_context(sides->left, context);
    fr_auto(frame) right = fr_with_context(sides->right, context);
    fr_auto(frame) joined = fr_test_apply(left, fr_join(right, .on = "t", .how = sides->kind));
    return fr_outcome_of(joined);
}

static void survive_join(layout how, bool once, fr_join_how kind)
{
    static int64_t numbers[MANY];
    WITH_CALL;
    draw(numbers, MANY, 300, false, 17);
    fr_auto(frame) left = frame_of(call, numbers, MANY, how, "i");
    draw(numbers, 300, 200, once, 18);
    fr_auto(frame) right = frame_of(call, numbers, 300, how, "j");
    REQUIRE(left && right);
    TORTURE(join_many_texts, (&(two_sides){ left, right, kind }));
}

TEST(a_join_of_many_texts_survives_every_failed_allocation)
{
    survive_join(VIEWS, true, FR_JOIN_LEFT);
    survive_join(VIEWS, false, FR_JOIN_LEFT);
    survive_join(VIEWS, false, FR_JOIN_SEMI);
    survive_join(VIEWS, false, FR_JOIN_FULL);
}

TEST(a_join_of_codes_survives_every_failed_allocation)
{
    survive_join(CODES, true, FR_JOIN_LEFT);
}
