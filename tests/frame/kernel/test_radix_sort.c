/* Rows in the order of keys of every shape: the keys are sorted, go with their rows, and equal ones keep their order. */
#include "kernel/radix_sort.h"

#include <string.h>

#include "frame/kernel/key_shapes.h"
#include "support/columns.h"
#include "support/test.h"

static uint64_t few(uint64_t *state, size_t i)        { return (void)i, fr_test_random(state) % 3; }
static uint64_t digits(uint64_t *state, size_t i)     { return (void)i, fr_test_random(state) % 2000000; }
static uint64_t none(uint64_t *state, size_t i)       { return (void)state, (void)i, 7; }
static uint64_t rising(uint64_t *state, size_t i)     { return (void)state, (uint64_t)i << 30; }

static shape *const shapes[] = { all_bits, few, digits, none, falling, rising, half_same, far_one, crowded };

static void fill(const fr_row_array *rows, uint64_t *keys, shape *next, uint64_t *top)
{
    uint64_t state = rows->n;
    *top = 0;
    for (size_t i = 0; i < rows->n; i++) {
        keys[i] = next(&state, i);
        if (keys[i] > *top) *top = keys[i];
        fr_row_put(rows->at, rows->wide, i, (int64_t)i);
    }
}

static bool is_sorted(const fr_row_array *rows, const uint64_t *keys, const uint64_t *before)
{
    const fr_rows order = fr_rows_view(rows->at, rows->wide, (int64_t)rows->n);
    for (int64_t i = 0; i < order.n; i++) {
        const int64_t row = fr_row_at(&order, i);
        if (row < 0 || row >= order.n || keys[i] != before[row]) return false;
        if (i && (keys[i - 1] > keys[i] || (keys[i - 1] == keys[i] && fr_row_at(&order, i - 1) >= row))) return false;
    }
    return true;                           /* strictly rising pairs: every row occurs once */
}

static void check_shape(fr_call *call, size_t n, size_t shape_number, bool wide)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *keys = fr_buffer_array(call, n, sizeof(uint64_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *copy = fr_buffer_array(call, n, sizeof(uint64_t));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *at = fr_buffer_array(call, n, fr_row_bytes(wide));
    REQUIRE(keys && copy && at);
    const fr_row_array rows = { .at = at->data, .wide = wide, .n = n };
    uint64_t top;
    fill(&rows, keys->data, shapes[shape_number], &top);
    memcpy(copy->data, keys->data, n * sizeof(uint64_t));
    CHECK(fr_sort_rows(call, keys->data, &rows, top));
    fr_test_check(is_sorted(&rows, keys->data, copy->data), "sorted rows", __FILE__, (int)shape_number * 10000000 + (int)n);
}

TEST(rows_are_sorted_by_keys_of_every_shape)
{
    WITH_CALL;
    static const size_t lengths[] = { 0, 1, 3, 48, 49, 511, 5000, 32768, 32769, 70001, 400000 };
    for (size_t i = 0; i < FR_COUNT_OF(lengths); i++)
        for (size_t k = 0; k < FR_COUNT_OF(shapes); k++)
            for (int wide = 0; wide < 2; wide++) check_shape(call, lengths[i], k, wide);
}

TEST(rows_are_sorted_with_one_thread_too)
{
    fr_auto(context) context = fr_context_new(.threads = 1);
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    for (size_t k = 0; k < FR_COUNT_OF(shapes); k++) check_shape(&call, 100000, k, false);
    fr_call_end(&call);
}
