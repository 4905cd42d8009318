/* Tables sorted whole, rows packed into a few words: bit by bit what each column taken in the order of rows is. */
#include "ops/sort_packed.h"

#include "base/memory.h"
#include "frame/ops/naive.h"
#include "ops/order.h"
#include "support/test.h"
#include "support/torture.h"

#include <math.h>
#include <string.h>

enum { MANY = 70001, MOST_COLUMNS = 12 };

typedef enum odd { PLAIN, ZERO, MINUS_ZERO, WITH_NAN, SMALL, ONE_VALUE, HALF_ONE, NEARLY } odd;

/* Doubles above zero, and of both signs, and what is odd about some of them. */
static fr_column *doubles(fr_call *call, odd kind)
{
    static double values[MANY];
    uint64_t seed = 7;
    for (int64_t i = 0; i < MANY; i++) {
        const uint64_t r = fr_test_random(&seed);
        values[i] = ldexp((double)(r >> 12) + 1, (int)(r % 41) - 20) * (kind != PLAIN && r & 1024 ? -1 : 1);
        if (kind == HALF_ONE && r & 2048) values[i] = 2.5 + (double)(r >> 40 & 3) * 0x1p-51;
    }
    if (kind != PLAIN && kind != HALF_ONE) values[5] = values[70000] = 0.0;
    if (kind == MINUS_ZERO) values[60000] = values[MANY - 1] = -0.0;
    if (kind == WITH_NAN) values[100] = NAN;
    return fr_test_f64s(call, values, NULL, MANY);
}

/* Decimals of three digits; ODD_END: but for the last one, which no sample sees. */
typedef enum decimal_kind { DECIMALS, WITH_ZERO, ODD_END, DECIMAL_KINDS } decimal_kind;

static fr_column *decimals(fr_call *call, decimal_kind kind, int null_percent)
{
    static double values[MANY];
    static uint8_t valid[MANY];
    uint64_t seed = 21;
    for (int64_t i = 0; i < MANY; i++) {
        const uint64_t r = fr_test_random(&seed);
        const bool is_null = (int)(r >> 8 & 127) < null_percent;
        values[i] = is_null ? 0 : (double)((int64_t)(r >> 16) % 20000000 - (kind == WITH_ZERO ? 10000000 : -1)) / 1000;
        valid[i] = !is_null;
    }
    if (kind == ODD_END) values[MANY - 1] = 1.0 / 3, valid[MANY - 1] = 1;
    return fr_test_f64s(call, values, null_percent ? valid : NULL, MANY);
}

static fr_column *integers(fr_call *call, odd kind)
{
    static int64_t values[MANY];
    uint64_t seed = 9;
    for (int64_t i = 0; i < MANY; i++) {
        const uint64_t r = fr_test_random(&seed);
        values[i] = kind == SMALL ? (int64_t)(r % 8000000) : kind == ONE_VALUE ? 42 : kind == NEARLY ? i * 1000 : (int64_t)(r >> 3);
        if (kind == NEARLY && r % 100 == 0) values[i] += 7654321;
    }
    return fr_test_i64s(call, values, NULL, MANY);
}

enum { MOST_KEYS = 3 };

typedef struct table {
    size_t     n, n_keys;                                  /* columns; the keys are those at `keys` */
    size_t     keys[MOST_KEYS];
    fr_column *columns[MOST_COLUMNS];
} table;

static void add(table *t, fr_column *column) { t->columns[t->n++] = column; }

static void add_key(table *t, fr_column *column)
{
    t->keys[t->n_keys++] = t->n;
    add(t, column);
}

static void drop_table(table *t)
{
    for (size_t i = 0; i < t->n; i++) fr_column_unref(t->columns[i]);
    t->n = t->n_keys = 0;
}

static fr_frame *frame_of(fr_call *call, const table *t)
{
    static const char *const names[MOST_COLUMNS] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l" };
    return fr_frame_of(call, NULL, names, t->columns, t->n, t->columns[0]->length);
}

/* Where there are values. */
static bool same_bits(const fr_column *a, const fr_column *b)
{
    const size_t width = fr_phys_width(a->phys);
    if (a->length != b->length || a->phys != b->phys || a->null_count != b->null_count || !a->valid != !b->valid) return false;
    return width == 0 || !memcmp(a->values, b->values, (size_t)a->length * width);
}

/* As sort.c does it. `own` is the frame, or NULL. */
static bool sort_whole(fr_call *call, const table *t, const fr_frame *frame, const fr_key_want *wants, fr_frame *own,
                       fr_frame **sorted)
{
    fr_column *columns[MOST_KEYS];
    FR_CLEANUP(fr_keys_clear) fr_keys codes = FR_KEYS_INIT(call, frame->length);
    for (size_t i = 0; i < t->n_keys; i++) {
        columns[i] = t->columns[t->keys[i]];
        if (!fr_keys_add(call, &codes, columns[i], &wants[i], NULL)) return false;
    }
    const fr_sort_by by = { .n = t->n_keys, .columns = columns, .wants = wants, .codes = &codes };
    return fr_sort_packed(call, frame, &by, own, sorted);
}

static void check_sorted(fr_call *call, const table *t, const fr_key_want *wants, const fr_frame *sorted, const char *what)
{
    fr_column *keys[MOST_KEYS];
    const int64_t n = t->columns[0]->length;
    for (size_t i = 0; i < t->n_keys; i++) keys[i] = t->columns[t->keys[i]];
    FR_CLEANUP(fr_drop_buffer) fr_buffer *order = fr_order_of(call, keys, wants, NULL, t->n_keys, n);
    REQUIRE(order);
    const fr_rows rows = fr_order_rows(order, n);
    for (size_t i = 0; i < t->n; i++) {
        FR_OWNED fr_column *slow = fr_column_take(call, t->columns[i], &rows);
        CHECK(fr_test_column_is_sound(sorted->columns[i]));
        fr_test_check(slow && fr_column_equal(slow, sorted->columns[i]) && same_bits(slow, sorted->columns[i]), what,
                      __FILE__, (int)i);
    }
}

/* A frame that nobody else holds gives its columns up. */
static void check_own(fr_call *call, const table *t, const fr_key_want *wants, const char *what)
{
    FR_OWNED fr_frame *own = frame_of(call, t), *sorted = NULL;
    REQUIRE(own && sort_whole(call, t, own, wants, own, &sorted) && sorted);
    for (size_t i = 0; i < t->n; i++) fr_test_check(!own->columns[i] || own->columns[i] == sorted->columns[i], what, __FILE__, 0);
    check_sorted(call, t, wants, sorted, what);
}

/* `packs`: this is the way, or must not be. */
static void check(fr_call *call, const table *t, const fr_key_want *wants, bool packs, const char *what)
{
    FR_OWNED fr_frame *frame = frame_of(call, t), *sorted = NULL;
    REQUIRE(frame && sort_whole(call, t, frame, wants, NULL, &sorted));
    fr_test_check(packs == (sorted != NULL), what, __FILE__, (int)t->n);
    if (!sorted) return;
    check_sorted(call, t, wants, sorted, what);
    if (!wants[0].descending) check_own(call, t, wants, what);
}

/* Of each key, and of the one behind it. */
static const fr_key_want ways[][2] = {
    { { .ordered = true }, { .ordered = true, .descending = true } },
    { { .ordered = true, .descending = true }, { .ordered = true } },
    { { .ordered = true, .nan_first = true }, { .ordered = true, .nulls_first = true } },
    { { .ordered = true, .descending = true, .nulls_first = true }, { .ordered = true, .nan_first = true } },
};

static void check_way(fr_call *call, const table *t, size_t w, bool packs, const char *what)
{
    const fr_key_want wants[MOST_KEYS] = { ways[w][0], ways[w][1], ways[w][0] };
    check(call, t, wants, packs, what);
}

static void check_ways(fr_call *call, table *t, bool packs, const char *what)
{
    for (size_t w = 0; w < FR_COUNT_OF(ways); w++) check_way(call, t, w, packs, what);
    drop_table(t);
}

/* A column of each type as key, beside others. */
static void check_keys(fr_call *call)
{
    static const char *const types[] = { "i16", "u16", "i32", "u32", "date", "i8" };
    table t = { 0 };
    for (int kind = PLAIN; kind <= HALF_ONE; kind++) {
        if (kind == SMALL || kind == ONE_VALUE) continue;
        add_key(&t, doubles(call, (odd)kind));
        add(&t, fr_test_column(call, "i32", MANY, 0, 3));
        check_ways(call, &t, true, "doubles");
    }
    for (int kind = PLAIN; kind <= NEARLY; kind++) {
        add_key(&t, integers(call, (odd)kind));
        add(&t, fr_test_column(call, "i64", MANY, 0, 4));
        check_ways(call, &t, kind != ONE_VALUE, "integers");
    }
    for (size_t i = 0; i < FR_COUNT_OF(types); i++)
        for (int nulls = 0; nulls <= 20; nulls += 20) {
            add(&t, fr_test_column(call, "i16", MANY, 0, 12));
            add_key(&t, fr_test_column(call, types[i], MANY, nulls, 11));
            add_key(&t, integers(call, SMALL));            /* of few bits alone, digits are quicker */
            check_ways(call, &t, true, types[i]);
        }
}

/* Those whose values by chance are too few, or too far apart. */
static void check_keys_of_chance(fr_call *call)
{
    static const char *const types[] = { "f32", "u64", "i64", "f64", "u8", "narrow i8", "datetime[us]", "cat", "codes", "time" };
    table t = { 0 };
    for (size_t i = 0; i < FR_COUNT_OF(types); i++)
        for (int nulls = 0; nulls <= 20; nulls += 20) {
            const fr_key_want wants[MOST_KEYS] = { { .ordered = true }, { .ordered = true } };
            add_key(&t, fr_test_column(call, types[i], MANY, nulls, 11));
            if (fr_phys_width(t.columns[0]->phys) < 4) add_key(&t, integers(call, SMALL));
            add(&t, fr_test_column(call, "i16", MANY, 0, 12));
            FR_OWNED fr_frame *frame = frame_of(call, &t), *sorted = NULL;
            REQUIRE(frame && sort_whole(call, &t, frame, wants, NULL, &sorted));
            check_ways(call, &t, sorted != NULL, types[i]);
        }
}

static void check_beside(fr_call *call)
{
    static const char *const many[][8] = {
        { NULL }, { "i8" }, { "u16" }, { "f32" }, { "f64" }, { "i32", "u32" }, { "i8", "i16", "i32" }, { "u8", "u8", "u8", "u8" },
        { "i8", "u16", "i8", "i32" }, { "narrow i8", "i8", "i8", "i8", "i8", "i8", "i8" }, { "date", "i32" }, { "bool" },
        { "bool", "i64", "bool", "f64", "i8" }, { "cat", "codes", "u8" }, { "i64", "u64" }, { "f32", "f64", "bool", "i16" },
        { "bool", "bool", "bool", "bool", "bool", "bool", "bool", "bool" },
    };
    static const char *const wide[][4] = { { "i64", "i64", "i64", "i64" }, { "str" }, { "null" }, { "list[i64]" },
                                           { "decimal(38,10)" }, { "struct[a: i64]" } };
    table t = { 0 };
    for (size_t k = 0; k < FR_COUNT_OF(many); k++)
        for (int nulls = 0; nulls <= 20; nulls += 20) {
            for (size_t i = 0; i < FR_COUNT_OF(many[k]) && many[k][i]; i++)
                add(&t, fr_test_column(call, many[k][i], MANY, nulls && i % 3 < 2 ? nulls : 0, k + i));
            add_key(&t, doubles(call, PLAIN));
            check_way(call, &t, k % FR_COUNT_OF(ways), true, "beside doubles");
            drop_table(&t);
        }
    for (size_t k = 0; k < FR_COUNT_OF(wide); k++) {
        add_key(&t, doubles(call, PLAIN));
        for (size_t i = 0; i < 4 && wide[k][i]; i++) add(&t, fr_test_column(call, wide[k][i], MANY, 0, k + i));
        check_way(call, &t, 0, false, wide[k][0]);
        drop_table(&t);
    }
}

/* Doubles with everything beside a key that has nothing to do with them, and none but nulls. */
static void check_odd(fr_call *call)
{
    table t = { 0 };
    for (int kind = PLAIN; kind <= HALF_ONE; kind++) {
        add_key(&t, integers(call, SMALL));
        add(&t, doubles(call, (odd)kind));
        add(&t, integers(call, (odd)(kind < WITH_NAN ? PLAIN : kind)));
        check_ways(call, &t, true, "odd doubles");
    }
    add_key(&t, integers(call, SMALL));
    add(&t, fr_column_null(call, fr_type_of(FR_F64), MANY));
    add(&t, fr_column_null(call, fr_type_of(FR_CAT), MANY));
    add(&t, fr_column_null(call, fr_type_of(FR_I64), MANY));
    check_ways(call, &t, true, "none but nulls");
}

static void check_several_keys(fr_call *call)
{
    static const char *const types[][3] = { { "i8", "codes", "u16" }, { "codes", "i32", NULL }, { "bool", "cat", "date" },
                                            { "i8", "bool", "i16" }, { "i32", "i32", NULL } };
    table t = { 0 };
    for (size_t k = 0; k < FR_COUNT_OF(types); k++)
        for (int nulls = 0; nulls <= 10; nulls += 10) {
            add(&t, fr_test_column(call, "i16", MANY, nulls, 1));
            for (size_t i = 0; i < 3 && types[k][i]; i++) add_key(&t, fr_test_column(call, types[k][i], MANY, nulls, k + i));
            add(&t, fr_test_column(call, "f64", MANY, 0, 2));
            check_ways(call, &t, true, types[k][0]);
        }
    add_key(&t, doubles(call, PLAIN));
    add_key(&t, integers(call, PLAIN));
    check_ways(call, &t, false, "keys of more than 64 bits");
    add_key(&t, integers(call, SMALL));
    t.keys[t.n_keys++] = 0;                                /* the same column twice */
    add(&t, fr_test_column(call, "i32", MANY, 0, 2));
    check_ways(call, &t, true, "one key twice");
}

/* Doubles that are decimals, where that makes a key fit, or a row shorter. */
static void check_decimals(fr_call *call)
{
    table t = { 0 };
    for (int kind = DECIMALS; kind < DECIMAL_KINDS; kind++)
        for (int nulls = 0; nulls <= 10; nulls += 10) {
            add(&t, fr_test_column(call, "i32", MANY, 0, 2));
            add_key(&t, fr_test_column(call, "u32", MANY, nulls, 3));
            add_key(&t, decimals(call, (decimal_kind)kind, nulls));
            check_ways(call, &t, kind != ODD_END, "keys of decimals");
            add_key(&t, integers(call, SMALL));
            for (int i = 0; i < 4; i++) add(&t, decimals(call, (decimal_kind)kind, nulls));
            add(&t, doubles(call, PLAIN));
            check_ways(call, &t, kind != ODD_END, "decimals beside a key");
            add_key(&t, decimals(call, (decimal_kind)kind, nulls));
            add(&t, fr_test_column(call, "i16", MANY, 0, 12));
            check_ways(call, &t, true, "a decimal and little beside");
        }
}

static void check_lengths(fr_call *call)
{
    static const int64_t lengths[] = { 32768, 32769, 65535, 65536, 65537, 66000 };
    table t = { 0 };
    for (size_t i = 0; i < FR_COUNT_OF(lengths); i++) {
        add_key(&t, fr_test_column(call, "i32", lengths[i], 3, 11));
        add(&t, fr_test_column(call, "bool", lengths[i], 3, 12));
        add(&t, fr_test_column(call, "f64", lengths[i], 0, 13));
        check_ways(call, &t, i > 0, "lengths");
    }
}

/* The same for any number of threads. */
static void for_threads(void (*check_some)(fr_call *call))
{
    static const uint32_t threads[] = { 1, 5 };
    for (size_t i = 0; i < FR_COUNT_OF(threads); i++) {
        fr_auto(context) context = fr_context_new(.threads = threads[i]);
        fr_call call;
        fr_call_begin(&call, context, NULL, -1);
        check_some(&call);
        fr_call_end(&call);
    }
}

TEST(tables_are_sorted_whole_by_keys_of_every_type)         { for_threads(check_keys); }
TEST(tables_are_sorted_whole_by_keys_of_any_range)          { for_threads(check_keys_of_chance); }
TEST(tables_are_sorted_whole_with_whatever_is_beside_a_key) { for_threads(check_beside); }
TEST(tables_are_sorted_whole_with_odd_numbers)              { for_threads(check_odd); }
TEST(tables_are_sorted_whole_by_several_keys)               { for_threads(check_several_keys); }
TEST(tables_are_sorted_whole_with_decimals)                 { for_threads(check_decimals); }
TEST(tables_are_sorted_whole_at_awkward_lengths)            { for_threads(check_lengths); }

/* What a step behind the sort need not find once more. */
TEST(ranges_stay_known_in_another_order)
{
    WITH_CALL;
    table t = { 0 };
    fr_facts facts[2], sorted_facts;
    add_key(&t, doubles(call, PLAIN));
    add(&t, fr_test_column(call, "i32", MANY, 0, 3));
    FR_OWNED fr_frame *frame = frame_of(call, &t), *sorted = NULL;
    for (size_t i = 0; i < t.n; i++) REQUIRE(fr_column_facts(call, t.columns[i], &facts[i]));
    REQUIRE(frame && sort_whole(call, &t, frame, &(fr_key_want){ .ordered = true }, NULL, &sorted) && sorted);
    for (size_t i = 0; i < t.n; i++) {
        const fr_facts known = sorted->columns[i]->facts;
        CHECK_INT(known.known, facts[i].known);
        CHECK(known.min.u == facts[i].min.u && known.max.u == facts[i].max.u);
        REQUIRE(fr_column_facts(call, sorted->columns[i], &sorted_facts));
        CHECK(sorted_facts.known & FR_FACT_RANGE);
    }
    CHECK(!(facts[0].known & FR_FACT_ASCENDING));
    drop_table(&t);
}

static fr_outcome sort_packed(fr_context *context, void *state)
{
    const table *t = state;
    const fr_key_want wants[MOST_KEYS] = { { .ordered = true }, { .ordered = true } };
    fr_call call;
    fr_call_begin(&call, context, NULL, 0);
    FR_OWNED fr_frame *frame = frame_of(&call, t), *sorted = NULL;
    const bool fine = frame && sort_whole(&call, t, frame, wants, frame, &sorted);
    uint64_t digest = 0;
    for (size_t i = 0; fine && sorted && i < t->n; i++)
        digest = fr_digest(digest, sorted->columns[i]->values, MANY * fr_phys_width(sorted->columns[i]->phys));
    return fr_outcome_of_call(&call, digest);
}

TEST(sorting_tables_whole_survives_every_failure)
{
    WITH_CALL;
    FR_CLEANUP(drop_table) table t = { 0 };
    add_key(&t, fr_test_column(call, "codes", MANY, 0, 1));
    add_key(&t, doubles(call, SMALL));
    add(&t, fr_test_column(call, "i32", MANY, 0, 1));
    add(&t, fr_test_column(call, "i16", MANY, 5, 2));
    TORTURE(sort_packed, &t);
    drop_table(&t);
    add_key(&t, fr_test_column(call, "i32", MANY, 0, 1));
    add_key(&t, decimals(call, DECIMALS, 5));
    add(&t, fr_test_column(call, "bool", MANY, 5, 2));
    TORTURE(sort_packed, &t);
}
