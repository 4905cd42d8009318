/* Joins by codes of the left key: the twin is the same join with keys of eight bytes, whose rows are found one by one. */
#include "frame/ops/apply.h"
#include "frame/ops/naive.h"

#include "base/context_state.h"
#include "ops/join_codes.h"
#include "support/columns.h"
#include "support/torture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum layout { WIDE, NARROW, VIEWS, CODES } layout;

typedef struct scene {
    int64_t     n_left, n_right, base, reach;     /* left keys: base … base + reach - 1; right: every other of those and more */
    bool        left_nulls, right_null, nulls_match;
    bool        few_columns;                      /* of the right: its number and a text */
    fr_join_how how;
    uint32_t    threads;
    uint64_t    chunk_rows;
} scene;

typedef struct side { int64_t *keys; uint8_t *valid; int64_t n; } side;

static side make_side(int64_t n)
{
    return (side){ calloc((size_t)n + 1, sizeof(int64_t)), calloc((size_t)n + 1, 1), n };
}

static void drop_side(side *s)
{
    free(s->keys);
    free(s->valid);
}

static side left_of(const scene *t, uint64_t seed)
{
    side s = make_side(t->n_left);
    for (int64_t i = 0; i < s.n; i++) {
        const uint64_t r = fr_test_random(&seed);
        s.valid[i] = !(t->left_nulls && r >> 61 == 0);
        if (s.valid[i]) s.keys[i] = t->base + (int64_t)(r % (uint64_t)t->reach);
    }
    return s;
}

/* Odd places, from the end: left keys have partners behind each other in no order, and others have none. */
static side right_of(const scene *t)
{
    side s = make_side(t->n_right);
    for (int64_t i = 0; i < s.n; i++) s.keys[i] = t->base + 2 * (s.n - i) - 3, s.valid[i] = 1;
    if (t->right_null && s.n) s.keys[0] = 0, s.valid[0] = 0;
    return s;
}

static fr_column *key_texts(fr_call *call, const side *s)
{
    fr_builder *builder = fr_builder_new(call, fr_type_of(FR_STR), s->n);
    bool fine = builder != NULL;
    for (int64_t i = 0; fine && i < s->n; i++) {
        char text[40];
        const int length = snprintf(text, sizeof text, "key %lld, a long text", (long long)s->keys[i]);
        fine = s->valid[i] ? fr_builder_add_text(call, builder, text, (size_t)length) : fr_builder_add_null(call, builder);
    }
    fr_column *column = fine ? fr_builder_finish(call, builder) : NULL;
    fr_builder_unref(builder);
    return column;
}

static fr_column *key_of(fr_call *call, const side *s, layout how)
{
    FR_OWNED fr_column *plain = how < VIEWS ? fr_test_i64s(call, s->keys, s->valid, s->n) : key_texts(call, s);
    if (!plain) return NULL;
    if (how == WIDE) return fr_column_as_integers(call, plain, FR_PHYS_I64);
    return how == CODES ? fr_column_as_codes(call, plain) : fr_column_ref(plain);
}

static fr_column *numbers(fr_call *call, int64_t n)
{
    side s = make_side(n);
    for (int64_t i = 0; i < n; i++) s.keys[i] = i;
    fr_column *column = fr_test_i64s(call, s.keys, NULL, n);
    drop_side(&s);
    return column;
}

/* k, the row's number, and, on the right, a text or `more`: columns of all types, with nulls in every other one. */
static fr_frame *frame_of(fr_call *call, const side *s, layout how, const char *number, bool more)
{
    const char *names[64] = { "k", number };
    char rooms[64][8];
    fr_column *columns[64] = { key_of(call, s, how), numbers(call, s->n) };
    size_t n = 2;
    bool fine = columns[0] && columns[1];
    for (size_t i = 0; fine && fr_test_types[i]; i++) {
        if (!more && (number[0] == 'i' || strcmp(fr_test_types[i], "str"))) continue;
        snprintf(rooms[n], sizeof rooms[n], "c%zu", i);
        names[n] = rooms[n];
        columns[n] = fr_test_column(call, fr_test_types[i], s->n, i & 1 ? 30 : 0, 17 + i);
        fine = columns[n++] != NULL;
    }
    fr_frame *frame = fine ? fr_frame_of(call, NULL, names, columns, n, s->n) : NULL;
    for (size_t i = 0; i < n; i++) fr_column_unref(columns[i]);
    return frame;
}

static fr_frame *join(fr_call *call, const scene *t, const side *left, const side *right, layout how)
{
    fr_auto(frame) l = frame_of(call, left, how, "i", false);
    fr_auto(frame) r = frame_of(call, right, how, "j", !t->few_columns);
    return fr_test_apply(l, fr_join(r, .on = "k", .how = t->how, .nulls_match = t->nulls_match,
                                    .indicator = t->how != FR_JOIN_SEMI && t->how != FR_JOIN_ANTI));
}

static bool same_columns(const fr_frame *a, const fr_frame *b, bool keys)
{
    if (!fr_ok(a) || !fr_ok(b) || fr_width(a) != fr_width(b)) return false;
    fr_column *const *x = fr_test_columns(a), *const *y = fr_test_columns(b);
    for (size_t i = !keys; i < fr_width(a); i++)
        if (!fr_column_equal(x[i], y[i]) || !fr_test_column_is_sound(x[i])) return false;
    return true;
}

/* Texts, of which the twin has none, agree with each other. */
static bool same_texts(fr_frame *joined, fr_frame **before)
{
    const bool same = !*before || fr_column_equal(fr_test_columns(joined)[0], fr_test_columns(*before)[0]);
    fr_unref(*before);
    *before = fr_ref(joined);
    return same;
}

static void check_scene(const scene *t, int line)
{
    fr_auto(context) context = fr_context_new(.threads = t->threads);
    if (t->chunk_rows) context->chunk_rows = t->chunk_rows;
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    __attribute__((cleanup(drop_side))) side left = left_of(t, (uint64_t)t->n_left + 5), right = right_of(t);
    fr_auto(frame) twin = join(&call, t, &left, &right, WIDE);
    fr_auto(frame) texts = NULL;
    for (layout how = NARROW; how <= CODES; how++) {
        fr_auto(frame) joined = join(&call, t, &left, &right, how);
        if (how >= VIEWS) CHECK(same_texts(joined, &texts));
        static const char *const kinds[] = { "inner", "left", "semi", "anti", "full" };
        fr_test_check(same_columns(joined, twin, how == NARROW), kinds[t->how], __FILE__, line);
    }
    fr_call_end(&call);
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

TEST(keys_of_few_values_are_joined_by_code_as_others_are_by_row)
{
    static const int64_t lengths[] = { 0, 1, 63, 64, 65, 511, 2047, 2049 };
    for (size_t i = 0; i < FR_COUNT_OF(lengths); i++) {
        check_all_ways((scene){ lengths[i], 2, -1, 3, .threads = 1 }, __LINE__);
        check_all_ways((scene){ lengths[i], 0, 0, 5, .threads = 2 }, __LINE__);
        check_all_ways((scene){ lengths[i], 1, 0, 1, .threads = 2 }, __LINE__);
        check_all_ways((scene){ lengths[i], 20, -100, 40, .threads = 7, .chunk_rows = 128 }, __LINE__);
    }
}

/* Columns of all types come over for one number of threads, two for the others: what is found is the same rows. */
TEST(blocks_of_rows_are_joined_by_code_by_any_number_of_threads)
{
    static const scene scenes[] = {
        { 140001, 60, -100, 200, .left_nulls = true },
        { 140001, 700, 1000, 1500, .how = FR_JOIN_LEFT },
        { 140001, 700, 1000, 1500, .how = FR_JOIN_SEMI },
        { 140001, 900, 1000, 1500, .how = FR_JOIN_FULL, .left_nulls = true, .right_null = true },
        { 140001, 90, -100, 20, .how = FR_JOIN_FULL },
        { 140001, 60, -100, 200, .how = FR_JOIN_ANTI, .left_nulls = true },
    };
    for (uint32_t threads = 1; threads <= 7; threads += 3)
        for (size_t i = 0; i < FR_COUNT_OF(scenes); i++) {
            scene t = scenes[i];
            t.threads = threads;
            t.few_columns = threads != 4;
            check_scene(&t, __LINE__);
        }
}

/* All 65,536 values that two bytes can have. */
TEST(keys_of_two_bytes_are_joined_by_code)
{
    scene t = { 530000, 9000, -9000, 18500, .few_columns = true, .threads = 2 };
    check_scene(&t, __LINE__);
    t.how = FR_JOIN_LEFT;
    t.left_nulls = true;
    check_scene(&t, __LINE__);
    t.how = FR_JOIN_FULL;
    check_scene(&t, __LINE__);
}

/* ---- when it is done --------------------------------------------------------------------------------------------- */
static bool goes_by_code(fr_call *call, const scene *t, layout how)
{
    __attribute__((cleanup(drop_side))) side left = left_of(t, 3), right = right_of(t);
    FR_CLEANUP(fr_keys_clear) fr_keys a = FR_KEYS_INIT(call, right.n);
    FR_CLEANUP(fr_keys_clear) fr_keys b = FR_KEYS_INIT(call, left.n);
    FR_OWNED fr_column *x = key_of(call, &right, how), *y = key_of(call, &left, how);
    CHECK(fr_keys_kill_nulls(call, &b, y) || t->nulls_match);
    CHECK(fr_keys_add_pair(call, &a, &b, x, y, "k"));
    CHECK(fr_keys_keep(call, &b, fr_column_ref(y)));
    const fr_column *codes = fr_join_codes_of(&b);
    CHECK(!codes || codes == y);
    return codes != NULL;
}

TEST(rows_must_be_many_times_the_codes)
{
    WITH_CALL;
    const scene enough = { .n_left = 2048, .n_right = 10, .reach = 20 }, one = { .n_left = 8, .n_right = 1, .reach = 1 };
    scene t = enough;
    CHECK(goes_by_code(call, &t, NARROW));
    CHECK(!goes_by_code(call, &t, WIDE));
    t.left_nulls = true;
    CHECK(goes_by_code(call, &t, NARROW));
    t.base = 1000;                                             /* two bytes: 65,536 codes */
    CHECK(!goes_by_code(call, &t, NARROW));
    t = enough, t.n_left = 2047;
    CHECK(!goes_by_code(call, &t, NARROW));
    t = one;
    CHECK(goes_by_code(call, &t, CODES));
    t.n_left = 7;
    CHECK(!goes_by_code(call, &t, CODES));
}

static fr_outcome join_in(fr_context *context, void *state)
{
    const scene *t = state;
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    __attribute__((cleanup(drop_side))) side left = left_of(t, 3), right = right_of(t);
    fr_auto(frame) l = frame_of(&call, &left, VIEWS, "i", false);
    fr_auto(frame) r = l ? frame_of(&call, &right, CODES, "j", true) : NULL;
    if (!l || !r) return fr_outcome_of_call(&call, 0);
    fr_call_end(&call);
    fr_auto(frame) joined = fr_test_apply(l, fr_join(r, .on = "k", .how = t->how));
    return fr_outcome_of(joined);
}

TEST(joins_by_code_survive_every_failed_allocation)
{
    scene inner = { 65, 2, 0, 3, .left_nulls = true }, left = { 65, 2, 0, 3, .left_nulls = true, .how = FR_JOIN_LEFT };
    TORTURE(join_in, &inner);
    TORTURE(join_in, &left);
    scene semi = { 65, 2, 0, 3, .left_nulls = true, .how = FR_JOIN_SEMI };
    scene anti = { 65, 2, 0, 3, .left_nulls = true, .how = FR_JOIN_ANTI };
    TORTURE(join_in, &semi);
    TORTURE(join_in, &anti);
    scene full = { 65, 3, 0, 3, .left_nulls = true, .how = FR_JOIN_FULL };
    TORTURE(join_in, &full);
}
