/* Narrow tables sorted by one number: bit by bit what each column taken in the order of rows is. */
#include "ops/sort_riders.h"

#include "base/memory.h"
#include "frame/ops/naive.h"
#include "ops/order.h"
#include "support/test.h"
#include "support/torture.h"

#include <math.h>
#include <string.h>

enum { MANY = 70001, MOST_COLUMNS = 9 };

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

static fr_column *integers(fr_call *call, odd kind)
{
    static int64_t values[MANY];
    uint64_t seed = 9;
    for (int64_t i = 0; i < MANY; i++) {
        const uint64_t r = fr_test_random(&seed);
        values[i] = kind == SMALL ? (int64_t)(r % 1000) : kind == ONE_VALUE ? 42 : kind == NEARLY ? i * 1000 : (int64_t)(r >> 3);
        if (kind == NEARLY && r % 100 == 0) values[i] += 7654321;
    }
    return fr_test_i64s(call, values, NULL, MANY);
}

typedef struct table {
    size_t     n;                                          /* columns; the key is the one at `key` */
    size_t     key;
    fr_column *columns[MOST_COLUMNS];
} table;

static void add(table *t, fr_column *column) { t->columns[t->n++] = column; }

static void drop_table(table *t)
{
    for (size_t i = 0; i < t->n; i++) fr_column_unref(t->columns[i]);
}

static fr_frame *frame_of(fr_call *call, const table *t)
{
    static const char *const names[MOST_COLUMNS] = { "a", "b", "c", "d", "e", "f", "g", "h", "i" };
    return fr_frame_of(call, NULL, names, t->columns, t->n, MANY);
}

static bool same_bits(const fr_column *a, const fr_column *b)
{
    return a->length == b->length && !a->valid == !b->valid
        && !memcmp(a->values, b->values, (size_t)a->length * fr_phys_width(a->phys));
}

/* `rides`: this is the way, or must not be. */
static void check(fr_call *call, const table *t, fr_key_want want, bool rides, const char *what)
{
    want.ordered = true;
    FR_OWNED fr_frame *frame = frame_of(call, t);
    FR_OWNED fr_frame *sorted = NULL;
    REQUIRE(frame && fr_sort_riding(call, frame, t->key, &want, &sorted));
    fr_test_check(rides == (sorted != NULL), what, __FILE__, __LINE__);
    if (!sorted) return;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *order = fr_order_of(call, &t->columns[t->key], &want, NULL, 1, MANY);
    REQUIRE(order);
    const fr_rows rows = fr_order_rows(order, MANY);
    for (size_t i = 0; i < t->n; i++) {
        FR_OWNED fr_column *slow = fr_column_take(call, t->columns[i], &rows);
        CHECK(fr_test_column_is_sound(sorted->columns[i]));
        fr_test_check(slow && fr_column_equal(slow, sorted->columns[i]) && same_bits(slow, sorted->columns[i]), what,
                      __FILE__, (int)i);
    }
}

static const fr_key_want ways[] = { { .descending = false }, { .descending = true }, { .nan_first = true },
                                    { .descending = true, .nulls_first = true } };

static void check_ways(fr_call *call, table *t, bool rides, const char *what)
{
    for (size_t w = 0; w < FR_COUNT_OF(ways); w++) check(call, t, ways[w], rides, what);
    drop_table(t);
    t->n = 0;
}

static void check_keys(fr_call *call)
{
    static const char *const types[] = { "i32", "u32", "u64", "i64", "date", "datetime[us]", "f32" };
    table t = { 0 };
    for (int kind = PLAIN; kind <= HALF_ONE; kind++) {
        if (kind == SMALL || kind == ONE_VALUE) continue;
        add(&t, doubles(call, (odd)kind));
        add(&t, fr_test_column(call, "i32", MANY, 0, 3));
        check_ways(call, &t, kind != MINUS_ZERO && kind != WITH_NAN, "doubles");
    }
    for (int kind = PLAIN; kind <= NEARLY; kind++) {
        add(&t, integers(call, (odd)kind));
        add(&t, fr_test_column(call, "i64", MANY, 0, 4));
        check_ways(call, &t, kind != SMALL && kind != ONE_VALUE, "integers");
    }
    for (size_t i = 0; i < FR_COUNT_OF(types); i++) {
        add(&t, fr_test_column(call, types[i], MANY, 0, 11));
        add(&t, fr_test_column(call, "i16", MANY, 0, 12));
        FR_OWNED fr_frame *frame = frame_of(call, &t), *sorted = NULL;
        const fr_key_want want = { .ordered = true };
        REQUIRE(frame && fr_sort_riding(call, frame, 0, &want, &sorted));          /* by chance with -0, or the widest range */
        check_ways(call, &t, sorted != NULL, types[i]);
    }
}

static void check_riders(fr_call *call)
{
    static const char *const many[][7] = {
        { NULL }, { "i8" }, { "u16" }, { "f32" }, { "f64" }, { "i32", "u32" }, { "i8", "i16", "i32" }, { "u8", "u8", "u8", "u8" },
        { "i8", "u16", "i8", "i32" }, { "narrow i8", "i8", "i8", "i8", "i8", "i8", "i8" }, { "date", "i32" },
    };
    static const char *const wide[][2] = { { "i64", "i8" }, { "str" }, { "bool" }, { "list[i64]" }, { "decimal(38,10)" } };
    table t = { 0 };
    for (size_t k = 0; k < FR_COUNT_OF(many); k++) {
        for (size_t i = 0; i < FR_COUNT_OF(many[k]) && many[k][i]; i++) add(&t, fr_test_column(call, many[k][i], MANY, 0, k + i));
        add(&t, doubles(call, PLAIN));
        t.key = t.n - 1;
        check_ways(call, &t, true, "beside doubles");
    }
    add(&t, integers(call, HALF_ONE));
    add(&t, fr_test_repeating(call, "cat", MANY, 300, 0, 5));
    t.key = 0;
    check_ways(call, &t, true, "codes of texts");
    for (size_t k = 0; k < FR_COUNT_OF(wide); k++) {
        add(&t, doubles(call, PLAIN));
        for (size_t i = 0; i < 2 && wide[k][i]; i++) add(&t, fr_test_column(call, wide[k][i], MANY, 0, k + i));
        check_ways(call, &t, false, wide[k][0]);
    }
    add(&t, doubles(call, PLAIN));
    add(&t, fr_test_column(call, "i32", MANY, 5, 5));
    check_ways(call, &t, false, "a null beside");
    add(&t, fr_test_column(call, "i64", MANY, 5, 5));
    add(&t, fr_test_column(call, "i32", MANY, 0, 5));
    check_ways(call, &t, false, "a null key");
}

TEST(columns_that_go_with_their_key_are_those_of_the_order)
{
    static const uint32_t threads[] = { 1, 2, 7 };
    for (size_t i = 0; i < FR_COUNT_OF(threads); i++) {
        fr_auto(context) context = fr_context_new(.threads = threads[i]);
        fr_call call;
        fr_call_begin(&call, context, NULL, -1);
        check_keys(&call);
        check_riders(&call);
        fr_call_end(&call);
    }
}

/* What a step behind the sort need not find once more. */
TEST(ranges_stay_known_in_another_order)
{
    WITH_CALL;
    table t = { 0 };
    fr_facts facts[2], sorted_facts;
    add(&t, doubles(call, PLAIN));
    add(&t, fr_test_column(call, "i32", MANY, 0, 3));
    FR_OWNED fr_frame *frame = frame_of(call, &t), *sorted = NULL;
    for (size_t i = 0; i < t.n; i++) REQUIRE(fr_column_facts(call, t.columns[i], &facts[i]));
    REQUIRE(frame && fr_sort_riding(call, frame, 0, &(fr_key_want){ .ordered = true }, &sorted) && sorted);
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

static fr_outcome sort_riding(fr_context *context, void *state)
{
    const fr_frame *frame = state;
    const fr_key_want want = { .ordered = true };
    fr_call call;
    fr_call_begin(&call, context, NULL, 0);
    FR_OWNED fr_frame *sorted = NULL;
    const bool fine = fr_sort_riding(&call, frame, 0, &want, &sorted);
    uint64_t digest = 0;
    for (size_t i = 0; fine && sorted && i < 3; i++)
        digest = fr_digest(digest, sorted->columns[i]->values, MANY * fr_phys_width(sorted->columns[i]->phys));
    return fr_outcome_of_call(&call, digest);
}

TEST(riding_survives_every_failure)
{
    WITH_CALL;
    FR_CLEANUP(drop_table) table t = { 0 };
    add(&t, doubles(call, PLAIN));
    add(&t, fr_test_column(call, "i32", MANY, 0, 1));
    add(&t, fr_test_column(call, "i16", MANY, 0, 2));
    FR_OWNED fr_frame *frame = frame_of(call, &t);
    REQUIRE(frame);
    TORTURE(sort_riding, frame);
}
