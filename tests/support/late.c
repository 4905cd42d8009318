/* late.c — see late.h. */
#include "support/late.h"

#include <frame/frame.h>

#include <stdio.h>
#include <string.h>

#include "kernel/bits.h"
#include "support/columns.h"
#include "support/test.h"
#include "support/torture.h"

void fr_test_drop_late(fr_late_column **slot)
{
    fr_late_column_unref(*slot);
}

static bool same_bits(const uint64_t *a, const uint64_t *b, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if ((!a || fr_bit(a, i)) != (!b || fr_bit(b, i))) return false;
    return true;
}

void fr_test_check_window(const fr_column *column, const fr_column *twin, int64_t first, int64_t n)
{
    static uint64_t values[2 * FR_TEST_WINDOW + 1], valid[FR_TEST_WINDOW / 64 + 1];
    memset(values, 0xa5, sizeof values), memset(valid, 0xa5, sizeof valid);
    const size_t bytes = fr_window_bytes(column, n);
    const fr_window got = fr_column_window(column, first, n, &(fr_window_room){ values, valid });
    const fr_window same = fr_column_window(twin, first, n, NULL);
    CHECK(same_bits(got.valid, same.valid, n));
    if (column->phys == FR_PHYS_BOOL) CHECK(same_bits(got.values, same.values, n));
    else CHECK(!n || !memcmp(got.values, same.values, bytes));
    CHECK(((const unsigned char *)values)[bytes] == 0xa5);                  /* no more is written than was said */
    CHECK(valid[fr_bits_words(n)] == UINT64_C(0xa5a5a5a5a5a5a5a5));
}

/* ---- columns ----------------------------------------------------------------------------------------------------- */
fr_late_column *fr_test_late_of(fr_call *call, fr_column *const *columns, size_t n)
{
    fr_pieces pieces = { 0 };
    for (size_t i = 0; i < n; i++) CHECK(fr_pieces_add(call, &pieces, columns[i]));
    return fr_late_column_of(call, &pieces);
}

static bool same_cell(fr_value a, fr_value b)
{
    if (a.valid != b.valid || a.kind != b.kind) return false;
    if (a.valid && a.kind == FR_STR) return a.length == b.length && !memcmp(a.as.s, b.as.s, a.length);
    return !a.valid || a.as.i == b.as.i;
}

static void check_whole(fr_call *call, fr_late_column *late, const fr_column *twin)
{
    const fr_column *whole = fr_late_column_whole(call, late);
    CHECK(whole && !fr_is_formed(whole) && fr_column_equal(whole, twin) && fr_test_column_is_sound(whole));
}

void fr_test_check_late(fr_call *call, fr_late_column *late, const fr_column *twin)
{
    const int64_t n = twin->length, offsets[] = { 0, 1, 63, n / 3, n - 100, n };
    CHECK(late->length == n && late->null_count == twin->null_count);
    CHECK(!fr_late_column_ready(late) && fr_late_column_equals(late, twin));
    for (int64_t row = 0; row < n; row += 9973) CHECK(same_cell(fr_late_column_value(late, row), fr_column_value(twin, row)));
    for (size_t i = 0; i < FR_COUNT_OF(offsets); i++)
        for (int64_t rows = n - offsets[i] - !offsets[i]; rows; rows = rows > 1 ? rows / 3 : 0) {
            LATE *slice = fr_late_column_slice(call, late, offsets[i], rows);
            FR_OWNED fr_column *expected = fr_column_slice(call, twin, offsets[i], rows);
            REQUIRE(slice && expected);
            CHECK(fr_late_column_equals(slice, expected));
            check_whole(call, slice, expected);
        }
    CHECK(!fr_late_column_ready(late));
    check_whole(call, late, twin);
}

/* ---- frames ------------------------------------------------------------------------------------------------------ */
static fr_late_column *late_again(fr_call *call, const void *how, size_t index)
{
    const fr_frame *late = how;
    FR_CLEANUP(fr_pieces_clear) fr_pieces pieces = { 0 };
    return fr_frame_add_pieces(call, late, index, &pieces) ? fr_late_column_of(call, &pieces) : NULL;
}

fr_frame *fr_test_fresh_late(fr_call *call, const fr_frame *late)
{
    return fr_frame_make_late(call, late, late->schema, late_again, late, late->length);
}

bool fr_test_check_chain(const fr_frame *late, const fr_frame *twin, const char *chain)
{
    fr_auto(steps) steps = fr_steps_parse_chain(chain, NULL);
    fr_auto(frame) is = fr_run(late, steps);
    fr_auto(frame) should = fr_run(twin, steps);
    const bool same = fr_ok(should) ? fr_ok(is) && fr_equal(is, should) && fr_equal(should, is)
                                    : !fr_ok(is) && !strcmp(fr_error(is)->message, fr_error(should)->message);
    if (!same || !fr_test_columns(fr_ok(is) ? is : late)) (void)fprintf(stderr, "%s\n", chain);
    CHECK(same);
    CHECK(fr_outcome_of(is).digest == fr_outcome_of(should).digest);
    if (!fr_ok(should)) (void)fprintf(stderr, "%s: %s\n", chain, fr_error(should)->message);
    return fr_ok(should);
}

size_t fr_test_check_chains(fr_call *call, const fr_frame *late, const fr_frame *twin, const char *const *chains, size_t n)
{
    size_t answered = 0;
    for (size_t i = 0; i < n; i++) {
        fr_auto(frame) own = fr_test_fresh_late(call, late);
        const bool is_late = own && fr_frame_is_late(own);
        CHECK(is_late);
        if (is_late) answered += fr_test_check_chain(own, twin, chains[i]);
    }
    return answered;
}
