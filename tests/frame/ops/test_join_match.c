/* Unique keys on the right: the rows found by address or by hash against a plain array of places. */
#include "frame/ops/apply.h"
#include "frame/ops/naive.h"

#include "base/memory.h"
#include "support/columns.h"

#include <stdlib.h>

typedef struct scene {
    int64_t n_left, n_right, step, base;      /* right keys: base + step * (0 … n_right - 1), shuffled; left: those and more */
    bool    left_nulls, right_null;           /* the right has one null key, at row 0 */
    bool    near;                             /* left keys lie little beyond the right ones */
    bool    repeats;                          /* the last right row has the key of the one before it */
    uint32_t threads;
    fr_join_how how;
    bool    nulls_match;
} scene;

typedef struct side { int64_t *key, *number; uint8_t *valid; int64_t n; } side;

static void drop_side(side *s)
{
    free(s->key);
    free(s->number);
    free(s->valid);
}

static side make_side(int64_t n)
{
    side s = { .key = calloc((size_t)n + 1, 8), .number = calloc((size_t)n + 1, 8), .valid = calloc((size_t)n + 1, 1), .n = n };
    for (int64_t i = 0; i < n; i++) s.number[i] = i, s.valid[i] = 1;
    return s;
}

static fr_frame *frame_of(fr_context *context, const side *s, const char *number)
{
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    const char *names[] = { "k", number };
    fr_column *columns[] = { fr_test_i64s(&call, s->key, s->valid, s->n), fr_test_i64s(&call, s->number, NULL, s->n) };
    fr_frame *frame = fr_frame_of(&call, NULL, names, columns, 2, s->n);
    fr_column_unref(columns[0]);
    fr_column_unref(columns[1]);
    fr_call_end(&call);
    return frame;
}

static void fill_right(const scene *t, side *s, uint64_t *seed)
{
    for (int64_t i = 0; i < s->n; i++) s->key[i] = t->base + t->step * i;
    for (int64_t i = s->n - 1; i > 0; i--) {
        const int64_t j = (int64_t)(fr_test_random(seed) % (uint64_t)(i + 1)), swap = s->key[i];
        s->key[i] = s->key[j], s->key[j] = swap;
    }
    if (t->repeats && s->n > 1) s->key[s->n - 1] = s->key[s->n - 2];
    if (t->right_null && s->n) s->key[0] = 0, s->valid[0] = 0;
}

static void fill_left(const scene *t, side *s, uint64_t *seed)
{
    for (int64_t i = 0; i < s->n; i++) {
        const uint64_t r = fr_test_random(seed);
        const int64_t beyond = t->n_right / (t->near ? 16 : 4);
        s->key[i] = t->base + t->step * (int64_t)(r % (uint64_t)(t->n_right + beyond + 2)) - t->step;
        if (r >> 60 == 1 && !t->near) s->key[i] = (int64_t)fr_test_random(seed);                /* anywhere */
        if (t->left_nulls && r >> 60 < 1) s->key[i] = 0, s->valid[i] = 0;
    }
}

/* The right rows of a left row, at most two: twin[0] is the first, twin[1] the second; -1: none. */
static void places(const scene *t, const side *right, const side *left, int64_t row, const int64_t *where, int64_t out[2])
{
    out[0] = out[1] = -1;
    if (!left->valid[row]) {
        if (t->nulls_match && right->n && !right->valid[0]) out[0] = 0;
        return;
    }
    const int64_t key = left->key[row];
    const int64_t place = key < t->base || (key - t->base) % t->step ? -1 : (key - t->base) / t->step;
    if (place < 0 || place >= right->n) return;
    out[0] = where[2 * place], out[1] = where[2 * place + 1];
}

/* Below the left rows the right ones that nobody went with, in their order: k is theirs, i null. */
static bool rest_agrees(const side *right, const fr_frame *joined, const uint8_t *used, int64_t *at)
{
    fr_column *const *columns = fr_test_columns(joined);
    const int64_t *i_of = fr_values(joined, "i", FR_I64, NULL), *j_of = fr_values(joined, "j", FR_I64, NULL);
    const int64_t *k_of = fr_values(joined, "k", FR_I64, NULL);
    bool same = i_of && j_of && k_of;
    for (int64_t j = 0; same && j < right->n; j++) {
        if (used[j]) continue;
        same = *at < joined->length && !fr_is_valid(columns[1], *at) && fr_is_valid(columns[2], *at) && j_of[*at] == j
            && fr_is_valid(columns[0], *at) == (right->valid[j] != 0) && (!right->valid[j] || k_of[*at] == right->key[j]);
        ++*at;
    }
    return same;
}

static bool agrees(const scene *t, const side *right, const side *left, const fr_frame *joined)
{
    int64_t *where = malloc((size_t)(2 * right->n + 2) * 8), at = 0, twin[2];
    uint8_t *used = calloc((size_t)right->n + 1, 1);
    for (int64_t i = 0; i < 2 * right->n; i++) where[i] = -1;
    for (int64_t j = 0; j < right->n; j++) {
        if (!right->valid[j]) continue;
        int64_t *place = &where[2 * ((right->key[j] - t->base) / t->step)];
        place[*place >= 0] = j;
    }
    const bool sifts = t->how == FR_JOIN_SEMI || t->how == FR_JOIN_ANTI;
    const int64_t *i_of = fr_values(joined, "i", FR_I64, NULL), *j_of = sifts ? NULL : fr_values(joined, "j", FR_I64, NULL);
    bool same = fr_ok(joined) && fr_width(joined) == (sifts ? 2 : 3);
    fr_column *const *columns = same ? fr_test_columns(joined) : NULL;
    for (size_t i = 0; same && i < fr_width(joined); i++) same = fr_test_column_is_sound(columns[i]);
    for (int64_t row = 0; same && row < left->n; row++) {
        places(t, right, left, row, where, twin);
        if (sifts) {
            if ((twin[0] >= 0) == (t->how == FR_JOIN_SEMI)) same = at < joined->length && i_of[at++] == row;
            continue;
        }
        if (twin[0] < 0 && t->how == FR_JOIN_INNER) continue;
        for (int k = 0; same && k < (twin[1] < 0 ? 1 : 2); k++, at++) {
            same = at < joined->length && i_of[at] == row && fr_is_valid(columns[2], at) == (twin[k] >= 0);
            same = same && (twin[k] < 0 || j_of[at] == twin[k]);
            if (twin[k] >= 0) used[twin[k]] = 1;
        }
    }
    same = same && (t->how != FR_JOIN_FULL || rest_agrees(right, joined, used, &at));
    free(where);
    free(used);
    return same && at == joined->length;
}

static void check_scene(const scene *t, int line)
{
    uint64_t seed = (uint64_t)t->n_left * 31 + (uint64_t)t->n_right + 7;
    fr_auto(context) context = fr_context_new(.threads = t->threads);
    __attribute__((cleanup(drop_side))) side left = make_side(t->n_left);
    __attribute__((cleanup(drop_side))) side right = make_side(t->n_right);
    fill_right(t, &right, &seed);
    fill_left(t, &left, &seed);
    fr_auto(frame) l = frame_of(context, &left, "i");
    fr_auto(frame) r = frame_of(context, &right, "j");
    fr_auto(frame) joined = fr_test_apply(l, fr_join(r, .on = "k", .how = t->how, .nulls_match = t->nulls_match));
    static const char *const kinds[] = { "inner", "left", "semi", "anti", "full" };
    fr_test_check(agrees(t, &right, &left, joined), kinds[t->how], __FILE__, line);
}

static void check_all_ways(scene t, int line)
{
    for (unsigned way = 0; way < 40; way++) {
        t.how = (fr_join_how)(way >> 3);
        t.nulls_match = way & 1;
        t.left_nulls = way & 2;
        t.right_null = way & 4;
        check_scene(&t, line);
    }
}

static const int64_t lengths[] = { 0, 1, 3, 63, 64, 65, 511, 2047, 2049 };

TEST(dense_and_sparse_keys_are_found_where_they_are)
{
    for (size_t i = 0; i < FR_COUNT_OF(lengths); i++)
        for (size_t j = 0; j < FR_COUNT_OF(lengths); j++) {
            const scene dense = { lengths[i], lengths[j], 1, 5, .threads = 2 };
            check_all_ways(dense, __LINE__);
            check_all_ways((scene){ lengths[i], lengths[j], 7, -40, .threads = 1 }, __LINE__);
            check_all_ways((scene){ lengths[i], lengths[j], 2, -40, .near = true, .threads = 2 }, __LINE__);
            check_all_ways((scene){ lengths[i], lengths[j], 1000003, 11, .threads = 3 }, __LINE__);
            check_all_ways((scene){ lengths[i], lengths[j], 1, 0, .repeats = true, .threads = 2 }, __LINE__);
        }
}

TEST(keys_are_found_across_blocks_by_any_number_of_threads)
{
    const scene scenes[] = {
        { 70001, 65537, 1, 100, .left_nulls = true, .right_null = true },
        { 140000, 66000, 6, -100, .how = FR_JOIN_LEFT },
        { 140000, 66000, 6, -100, .near = true, .left_nulls = true },
        { 70001, 65600, 1000003, 0, .how = FR_JOIN_LEFT, .left_nulls = true, .right_null = true, .nulls_match = true },
        { 70001, 65600, 1, 0, .repeats = true, .how = FR_JOIN_LEFT, .left_nulls = true },
        { 70001, 65600, 1000003, 0, .repeats = true, .left_nulls = true, .right_null = true },
        { 3, 65600, 1000003, 0, .repeats = true, .how = FR_JOIN_LEFT },
        { 140000, 66000, 6, -100, .how = FR_JOIN_SEMI, .left_nulls = true },
        { 140000, 66000, 25, -100, .how = FR_JOIN_ANTI, .near = true, .left_nulls = true, .repeats = true },
        { 140001, 270000, 3, 0, .how = FR_JOIN_SEMI, .near = true, .right_null = true },
        { 70001, 65600, 1000003, 0, .how = FR_JOIN_SEMI, .left_nulls = true, .right_null = true, .nulls_match = true },
        { 70001, 65600, 1000003, 0, .how = FR_JOIN_ANTI, .left_nulls = true, .repeats = true },
        { 140000, 66000, 6, -100, .how = FR_JOIN_FULL, .left_nulls = true, .right_null = true },
        { 70001, 140001, 1000003, 0, .how = FR_JOIN_FULL, .left_nulls = true, .right_null = true, .nulls_match = true },
        { 70001, 140001, 1, 0, .repeats = true, .how = FR_JOIN_FULL, .left_nulls = true },
        { 70001, 65600, 1000003, 0, .repeats = true, .how = FR_JOIN_FULL, .left_nulls = true, .right_null = true },
        { 3, 140001, 1000003, 0, .how = FR_JOIN_FULL },
    };
    for (size_t i = 0; i < FR_COUNT_OF(scenes); i++)
        for (uint32_t threads = 1; threads <= 3; threads++) {
            scene t = scenes[i];
            t.threads = threads;
            check_scene(&t, __LINE__);
        }
}

/* Every left row once, in order: nothing is copied. */
TEST(a_join_in_which_every_left_row_stays_shares_the_left_columns)
{
    if (!FR_TOGETHER_ROWS) SKIP("this build takes every result apart, so its memory is its own");
    fr_auto(frame) left = fr_test_frame("k: 3 1 2 3; x: 5 6 7 8", NULL);
    fr_auto(frame) right = fr_test_frame("k: 1 2 3; y: 10 20 30", NULL);
    fr_auto(frame) few = fr_test_frame("k: 1 2; y: 10 20", NULL);
    fr_auto(frame) inner = fr_test_apply(left, fr_join(right, .on = "k"));
    fr_auto(frame) outer = fr_test_apply(left, fr_join(few, .on = "k", .how = FR_JOIN_LEFT));
    CHECK_STR(fr_test_text(inner), "k x y|3 5 30|1 6 10|2 7 20|3 8 30");
    CHECK_STR(fr_test_text(outer), "k x y|3 5 _|1 6 10|2 7 20|3 8 _");
    CHECK(fr_test_columns(inner)[1]->values == fr_test_columns(left)[1]->values);
    CHECK(fr_test_columns(outer)[1]->values == fr_test_columns(left)[1]->values);
}

TEST(columns_of_a_left_join_share_the_bitmap_of_missing_rows)
{
    if (!FR_TOGETHER_ROWS) SKIP("this build takes every result apart, so its memory is its own");
    fr_auto(frame) left = fr_test_frame("k: 3 1 2 3", NULL);
    fr_auto(frame) right = fr_test_frame("k: 1 2; y: 10 20; z: a b; w: _ 4", NULL);
    fr_auto(frame) joined = fr_test_apply(left, fr_join(right, .on = "k", .how = FR_JOIN_LEFT));
    CHECK_STR(fr_test_text(joined), "k y z w|3 _ _ _|1 10 a _|2 20 b 4|3 _ _ _");
    CHECK(fr_test_columns(joined)[1]->valid == fr_test_columns(joined)[2]->valid);
    CHECK(fr_test_columns(joined)[1]->valid != fr_test_columns(joined)[3]->valid);
}
