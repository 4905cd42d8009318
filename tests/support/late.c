/* late.c — see late.h. */
#include "support/late.h"

#include <string.h>

#include "kernel/bits.h"
#include "support/test.h"

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
