/* pivot_axis.c — different keys and their places (see pivot_axis.h). */
#include "ops/pivot_axis.h"

#include "ops/order.h"

void fr_pivot_axis_clear(fr_pivot_axis *axis)
{
    fr_columns_clear(&axis->keys);
    fr_buffer_unref(axis->places);
    fr_grouping_free(axis->groups);
}

static bool take_keys(fr_call *call, fr_column *const *columns, size_t n, const fr_rows *rows, fr_columns *out)
{
    if (!fr_columns_init(call, out, n)) return false;
    for (size_t i = 0; i < n; i++)
        if (!(out->at[i] = fr_column_take(call, columns[i], rows))) return false;
    return true;
}

/* Keys in order, and where each group went. */
static bool order_keys(fr_call *call, fr_pivot_axis *axis)
{
    FR_CLEANUP(fr_columns_clear) fr_columns found = axis->keys;
    axis->keys = (fr_columns){ 0 };
    FR_CLEANUP(fr_keys_clear) fr_keys keys = FR_KEYS_INIT(call, (int64_t)axis->n);
    const fr_key_want want = { .ordered = true };
    for (size_t i = 0; i < found.n; i++)
        if (!fr_keys_add(call, &keys, found.at[i], &want, NULL)) return false;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *order = fr_order_of_keys(call, &keys);
    axis->places = order ? fr_buffer_array(call, axis->n, sizeof(uint32_t)) : NULL;
    if (!axis->places) return false;
    const fr_rows rows = fr_order_rows(order, (int64_t)axis->n);
    for (size_t i = 0; i < axis->n; i++) ((uint32_t *)axis->places->data)[fr_row_at(&rows, (int64_t)i)] = (uint32_t)i;
    return take_keys(call, found.at, found.n, &rows, &axis->keys);
}

bool fr_pivot_axis_make(fr_call *call, fr_column *const *columns, size_t n, int64_t n_rows, bool ordered,
                        fr_pivot_axis *axis)
{
    *axis = (fr_pivot_axis){ 0 };
    axis->groups = fr_grouping_of(call, columns, n, n_rows);
    if (!axis->groups || !fr_grouping_need_ids(call, axis->groups) || !fr_grouping_need_firsts(call, axis->groups))
        return false;
    axis->n = axis->groups->n_groups;
    const fr_rows firsts = fr_grouping_firsts(axis->groups);
    if (!take_keys(call, columns, n, &firsts, &axis->keys)) return false;
    return !ordered || n == 0 || order_keys(call, axis);
}
