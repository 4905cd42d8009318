/* Rows kept of a column, read where they lie, against what fr_column_filter gives at once. */
#include "data/kept_rows.h"
#include "data/pieced_column.h"

#include <string.h>

#include "support/columns.h"
#include "support/late.h"
#include "support/test.h"
#include "support/torture.h"

enum { MANY = 66000 + 37 };                 /* rows kept, enough to wait */

#define KEPT FR_CLEANUP(fr_drop_kept_rows) fr_kept_rows

/* n bits and a few more: all, nine in ten, long runs, every other one. */
enum { ALL, MOSTLY, RUNS, ALTERNATE, N_PATTERNS };

static bool is_kept(int pattern, int64_t row, uint64_t *state)
{
    const uint64_t random = fr_test_random(state);
    switch (pattern) {
    case ALL:    return true;
    case MOSTLY: return random % 10 != 0;
    case RUNS:   return row / 5000 % 3 != 1;
    default:     return row % 2;
    }
}

static fr_buffer *bits_of(fr_call *call, int pattern, int64_t n)
{
    uint64_t state = 7;
    fr_buffer *bits = fr_bits_new(call, n);
    for (int64_t row = 0; bits && row < n; row++)
        if (is_kept(pattern, row, &state)) ((uint64_t *)bits->data)[row / 64] |= (uint64_t)1 << row % 64;
    if (bits && n % 64) ((uint64_t *)bits->data)[n / 64] |= UINT64_MAX << n % 64;           /* which are undefined */
    return bits;
}

/* As few rows as give so many kept ones. */
static int64_t rows_for(int pattern, int64_t n_kept)
{
    uint64_t state = 7;
    int64_t row = 0;
    for (; n_kept; row++) n_kept -= is_kept(pattern, row, &state);
    return row;
}

TEST(spans_and_cuts_are_those_of_a_count)
{
    WITH_CALL;
    for (int pattern = 0; pattern < N_PATTERNS; pattern++)
        for (int64_t n_kept = 0; n_kept < 9000; n_kept = 3 * n_kept + 1) {
            const int64_t n = rows_for(pattern, n_kept);
            FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = bits_of(call, pattern, n);
            KEPT *kept = fr_kept_rows_new(call, bits, n, n_kept);
            REQUIRE(kept != NULL);
            CHECK_INT(fr_kept_count(kept), n_kept);
            int64_t at = 0;
            for (int64_t row = 0; row < n; row++) {
                if (!fr_bit(bits->data, row)) continue;
                const fr_kept_span one = fr_kept_span_of(kept, at, 1), rest = fr_kept_span_of(kept, at, n_kept - at);
                CHECK(one.from == row && one.until == row + 1 && rest.from == row && rest.until == n);
                if (at++ % 97) continue;
                KEPT *cut = fr_kept_rows_cut(call, kept, rest, n_kept - at + 1);
                CHECK(cut && cut->selection.n == n - row / 64 * 64);
                CHECK_INT(fr_kept_span_of(cut, 0, 1).from, row % 64);
            }
            CHECK_INT(at, n_kept);
        }
}

/* ---- late columns ------------------------------------------------------------------------------------------------ */
typedef struct kept_column { fr_late_column *late; fr_column *twin; } kept_column;

static void drop_both(kept_column *c)
{
    fr_late_column_unref(c->late);
    fr_column_unref(c->twin);
}

static kept_column keep(fr_call *call, fr_column *column, int pattern)
{
    kept_column c = { 0 };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = column ? bits_of(call, pattern, column->length) : NULL;
    KEPT *kept = bits ? fr_kept_rows_new(call, bits, column->length, -1) : NULL;
    fr_pieces pieces = { 0 };
    if (kept && fr_pieces_keep(call, &pieces, column, kept)) c.late = fr_late_column_of(call, &pieces);
    if (c.late) c.twin = fr_column_filter(call, column, bits->data, fr_kept_count(kept));
    return c;
}

static bool same_value(fr_value a, fr_value b)
{
    if (a.valid != b.valid || a.kind != b.kind || a.length != b.length) return false;
    if (!a.valid) return true;
    if (fr_kind_is_text(a.kind)) return !memcmp(a.as.s, b.as.s, a.length);
    return (a.kind != FR_I64 && a.kind != FR_F64) || a.as.i == b.as.i;
}

static void check_slice(fr_call *call, const kept_column *c, int64_t offset, int64_t n)
{
    FR_OWNED fr_column *expected = fr_column_slice(call, c->twin, offset, n);
    LATE *slice = fr_late_column_slice(call, c->late, offset, n);
    REQUIRE(expected && slice);
    CHECK_INT(slice->null_count, expected->null_count);
    CHECK(fr_late_column_equals(slice, expected));
    LATE *again = fr_late_column_slice(call, slice, n / 3, n / 2);
    FR_OWNED fr_column *part = fr_column_slice(call, expected, n / 3, n / 2);
    CHECK(again && part && fr_late_column_equals(again, part));
    const fr_column *whole = fr_late_column_whole(call, slice);
    CHECK(whole && fr_column_equal(whole, expected) && fr_test_column_is_sound(whole));
}

static void check_type(fr_call *call, const char *type, int pattern, int null_percent)
{
    FR_OWNED fr_column *column = fr_test_column(call, type, rows_for(pattern, MANY), null_percent, 3);
    FR_CLEANUP(drop_both) kept_column c = keep(call, column, pattern), again = keep(call, column, pattern);
    REQUIRE(c.late && c.twin && again.late);
    const int64_t n = c.twin->length;
    CHECK(!fr_late_column_ready(c.late));
    CHECK(c.late->length == n && c.late->null_count == c.twin->null_count);
    CHECK(fr_late_column_equals(c.late, c.twin) && fr_late_column_equal(c.late, again.late));
    check_slice(call, &c, 1, n - 1);
    check_slice(call, &c, 0, 10);
    check_slice(call, &c, n - 5, 5);
    check_slice(call, &c, 777, 0);
    check_slice(call, &c, 333, n - 340);
    for (int64_t row = 0; row < n; row += 997)
        CHECK(same_value(fr_late_column_value(c.late, row), fr_column_value(c.twin, row)));
    CHECK(!fr_late_column_ready(c.late) || !strncmp(type, "cat", 3));          /* a slice has all categories */
    const fr_column *whole = fr_late_column_whole(call, c.late);
    CHECK(whole && fr_column_equal(whole, c.twin) && fr_test_column_is_sound(whole));
    CHECK(fr_late_column_equals(c.late, c.twin) && fr_late_column_equal(c.late, again.late));
}

TEST(kept_rows_of_every_type_are_those_of_a_filter)
{
    WITH_CALL;
    for (size_t t = 0; fr_test_types[t]; t++) {
        check_type(call, fr_test_types[t], MOSTLY, 20);
        check_type(call, fr_test_types[t], RUNS, 0);
        check_type(call, fr_test_types[t], ALTERNATE, 10);
    }
}

TEST(kept_rows_are_copied_at_once_where_they_are_few)
{
    if (!FR_TOGETHER_ROWS) SKIP("this build takes every result apart");
    WITH_CALL;
    FR_OWNED fr_column *column = fr_test_column(call, "i64", 200000, 0, 1);
    FR_OWNED fr_column *shorter = fr_test_column(call, "i64", 60000, 0, 1);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = fr_bits_new(call, 200000);
    memset(bits->data, 0xff, 10000);                           /* 80,000 rows, less than half */
    KEPT *kept = fr_kept_rows_new(call, bits, 200000, 80000);
    fr_pieces pieces = { 0 };
    REQUIRE(kept && fr_pieces_keep(call, &pieces, column, kept));
    LATE *late = fr_late_column_of(call, &pieces);
    FR_CLEANUP(drop_both) kept_column c = keep(call, shorter, MOSTLY);
    CHECK(late && fr_late_column_ready(late));
    CHECK(c.late && fr_late_column_ready(c.late));
    CHECK_INT(atomic_load(&column->object.refs), 1);           /* and nothing else is held */
}

TEST(a_column_is_given_up_when_its_kept_rows_are_copied)
{
    WITH_CALL;
    FR_OWNED fr_column *column = fr_test_column(call, "f64", rows_for(MOSTLY, MANY), 10, 1);
    FR_CLEANUP(drop_both) kept_column c = keep(call, column, MOSTLY);
    CHECK_INT(atomic_load(&column->object.refs), 2);
    CHECK(fr_late_column_whole(call, c.late) != NULL);
    CHECK_INT(atomic_load(&column->object.refs), 1);
}

TEST(kept_rows_are_appended_to_others_and_others_to_them)
{
    WITH_CALL;
    FR_OWNED fr_column *column = fr_test_column(call, "str", rows_for(MOSTLY, MANY), 10, 1);
    FR_CLEANUP(drop_both) kept_column c = keep(call, column, MOSTLY);
    FR_CLEANUP(fr_pieces_clear) fr_pieces above = { 0 };
    FR_CLEANUP(fr_pieces_clear) fr_pieces below = { 0 };
    REQUIRE(fr_pieces_add_late(call, &above, c.late) && fr_pieces_add(call, &above, column));
    REQUIRE(fr_pieces_add(call, &below, column) && fr_pieces_add_late(call, &below, c.late));
    LATE *a = fr_late_column_of(call, &above), *b = fr_late_column_of(call, &below);
    FR_OWNED fr_column *x = fr_column_concat(call, (const fr_column *[]){ c.twin, column }, 2);
    FR_OWNED fr_column *y = fr_column_concat(call, (const fr_column *[]){ column, c.twin }, 2);
    CHECK(a && b && x && y && fr_late_column_equals(a, x) && fr_late_column_equals(b, y));
}

/* ---- windows ----------------------------------------------------------------------------------------------------- */
static void check_windows(fr_call *call, const char *type, int pattern)
{
    static const int64_t sizes[] = { 0, 1, 3, 63, 64, 65, 511, FR_TEST_WINDOW };
    FR_OWNED fr_column *column = fr_test_column(call, type, rows_for(pattern, MANY), 10, 5);
    FR_CLEANUP(drop_both) kept_column c = keep(call, column, pattern);
    REQUIRE(c.late && c.twin);
    FR_OWNED fr_column *kept = fr_column_of_late(call, c.late);
    REQUIRE(kept && kept->pieced);
    for (int64_t first = 0; first < c.twin->length; first += 64 * 13)
        for (size_t i = 0; i < FR_COUNT_OF(sizes); i++)
            if (sizes[i] <= c.twin->length - first) fr_test_check_window(kept, c.twin, first, sizes[i]);
    const int64_t last = (c.twin->length - 1) / 64 * 64;
    fr_test_check_window(kept, c.twin, last, c.twin->length - last);
    fr_facts facts, same;
    CHECK(fr_column_facts(call, kept, &facts) && fr_column_facts(call, c.twin, &same));
    CHECK(facts.known == (same.known & ~(uint32_t)(FR_FACT_ASCENDING | FR_FACT_DESCENDING)));
    CHECK(facts.min.u == same.min.u && facts.max.u == same.max.u);
    CHECK(!fr_late_column_ready(c.late));
}

TEST(windows_and_range_of_kept_rows_are_those_of_a_filter)
{
    WITH_CALL;
    static const char *const types[] = { "bool", "i8", "narrow i16", "i64", "u32", "f32", "f64", "date" };
    for (size_t t = 0; t < FR_COUNT_OF(types); t++)
        for (int pattern = 0; pattern < N_PATTERNS; pattern++) check_windows(call, types[t], pattern);
}

static fr_outcome use_kept(fr_context *context, void *state)
{
    (void)state;
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    FR_OWNED fr_column *column = fr_test_column(&call, "f64", rows_for(MOSTLY, MANY), 10, 1);
    FR_CLEANUP(drop_both) kept_column c = keep(&call, column, MOSTLY);
    LATE *slice = c.twin ? fr_late_column_slice(&call, c.late, 100, 65800) : NULL;
    FR_OWNED fr_column *windows = slice ? fr_column_of_late(&call, slice) : NULL;
    FR_OWNED fr_column *whole = windows ? fr_column_together(&call, windows) : NULL;
    return fr_outcome_of_call(&call, whole ? fr_digest(0, whole->values, 65800 * sizeof(double)) : 0);
}

TEST(kept_rows_survive_every_failure) { TORTURE(use_kept, NULL); }
