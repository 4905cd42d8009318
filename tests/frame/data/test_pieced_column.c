/* Windows of a column in pieces are those of the same column in one, wherever they begin and end. */
#include "data/pieced_column.h"

#include <string.h>

#include "support/columns.h"
#include "support/late.h"
#include "support/test.h"
#include "support/torture.h"

enum { N_PIECES = 3 };


static fr_late_column *late_of(fr_call *call, fr_column *const *columns, size_t n)
{
    fr_pieces pieces = { 0 };
    for (size_t i = 0; i < n; i++)
        if (!fr_pieces_add(call, &pieces, columns[i])) return fr_pieces_clear(&pieces), NULL;
    return fr_late_column_of(call, &pieces);
}

static bool is_plain(const char *type)
{
    static const char *const others[] = { "null", "str", "codes", "cat", "binary", "list", "struct" };
    for (size_t i = 0; i < FR_COUNT_OF(others); i++)
        if (!strncmp(type, others[i], strlen(others[i]))) return false;
    return true;
}

static void check_type(fr_call *call, const char *type, const int64_t *lengths, size_t n_pieces)
{
    static const int64_t sizes[] = { 0, 1, 3, 7, 63, 64, 65, 511, FR_TEST_WINDOW };
    fr_column *columns[N_PIECES] = { NULL };
    for (size_t i = 0; i < n_pieces; i++) columns[i] = fr_test_column(call, type, lengths[i], i == 1 ? 0 : 20, i + 1);
    FR_OWNED fr_column *twin = fr_column_concat(call, (const fr_column *const *)columns, n_pieces);
    LATE *late = late_of(call, columns, n_pieces);
    FR_OWNED fr_column *column = late ? fr_column_of_late(call, late) : NULL;
    for (size_t i = 0; i < n_pieces; i++) fr_column_unref(columns[i]);
    REQUIRE(twin && column);
    CHECK((column->pieced != NULL) == is_plain(type));
    CHECK_INT(column->length, twin->length);
    CHECK_INT(column->null_count, twin->null_count);
    CHECK((fr_late_column_ready(late) == NULL) == is_plain(type));
    for (int64_t first = 0; column->pieced && first < twin->length; first += 64)
        for (size_t i = 0; i < FR_COUNT_OF(sizes); i++)
            if (sizes[i] <= twin->length - first) fr_test_check_window(column, twin, first, sizes[i]);
    FR_OWNED fr_column *together = fr_column_together(call, column);
    CHECK(together && !together->pieced && fr_column_equal(together, twin));
}

TEST(windows_of_pieces_are_those_of_the_whole)
{
    WITH_CALL;
    static const int64_t lengths[][N_PIECES] = {
        { 8200, 65, 8300 }, { 1, 16384, 1500 }, { 8192, 8193, 1 }, { 1100, 14999, 777 },
    };
    for (size_t t = 0; fr_test_types[t]; t++) {
        for (size_t i = 0; i < FR_COUNT_OF(lengths); i++) check_type(call, fr_test_types[t], lengths[i], N_PIECES);
        check_type(call, fr_test_types[t], (const int64_t[]){ 1025, 70 }, 2);
    }
}

TEST(many_small_pieces_and_pieces_that_lie_differently_are_put_together)
{
    WITH_CALL;
    fr_column *small[4], *mixed[2] = { fr_test_column(call, "narrow i8", 9000, 0, 1), fr_test_column(call, "i64", 9000, 0, 2) };
    for (size_t i = 0; i < 4; i++) small[i] = fr_test_column(call, "f64", 1500, 0, i);
    LATE *a = late_of(call, small, 4), *b = late_of(call, mixed, 2);
    REQUIRE(a && b);
    FR_OWNED fr_column *x = fr_column_of_late(call, a), *y = fr_column_of_late(call, b);
    CHECK(x && !x->pieced && x == fr_late_column_ready(a));
    CHECK(y && !y->pieced && y == fr_late_column_ready(b));
    for (size_t i = 0; i < 4; i++) fr_column_unref(small[i]);
    for (size_t i = 0; i < 2; i++) fr_column_unref(mixed[i]);
}

TEST(the_range_of_a_column_in_pieces_is_that_of_the_whole)
{
    WITH_CALL;
    static const char *const types[] = { "i8", "narrow i16", "i64", "u32", "u64", "f32", "f64", "date" };
    for (size_t t = 0; t < FR_COUNT_OF(types); t++) {
        fr_column *columns[] = { fr_test_column(call, types[t], 9000, 10, 5), fr_test_column(call, types[t], 7000, 0, 6) };
        FR_OWNED fr_column *twin = fr_column_concat(call, (const fr_column *const *)columns, 2);
        LATE *late = late_of(call, columns, 2);
        FR_OWNED fr_column *column = late ? fr_column_of_late(call, late) : NULL;
        fr_facts facts, same;
        REQUIRE(twin && column && column->pieced);
        CHECK(fr_column_facts(call, column, &facts) && fr_column_facts(call, twin, &same));
        const uint32_t range = FR_FACT_RANGE | FR_FACT_HAS_NAN | FR_FACT_NO_VALUES;
        CHECK((facts.known & range) == (same.known & range));
        CHECK(facts.min.u == same.min.u && facts.max.u == same.max.u);
        for (size_t i = 0; i < 2; i++) fr_column_unref(columns[i]);
    }
}

static fr_outcome use_pieces(fr_context *context, void *state)
{
    (void)state;
    fr_call call;
    fr_call_begin(&call, context, __FILE__, __LINE__);
    FR_OWNED fr_column *a = fr_test_column(&call, "f64", 1500, 10, 1), *b = fr_test_column(&call, "f64", 2000, 10, 2);
    LATE *late = a && b ? late_of(&call, (fr_column *[]){ a, b }, 2) : NULL;
    FR_OWNED fr_column *column = late ? fr_column_of_late(&call, late) : NULL;
    FR_OWNED fr_column *whole = column ? fr_column_together(&call, column) : NULL;
    return fr_outcome_of_call(&call, whole ? fr_digest(0, whole->values, 3500 * sizeof(double)) : 0);
}

TEST(columns_in_pieces_survive_every_failure) { TORTURE(use_pieces, NULL); }
