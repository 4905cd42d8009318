/* cells.c — single cells and whole value arrays of a frame, for its user. */
#include <string.h>

#include "data/frame.h"

static const fr_column *column_at(const fr_frame *frame, int64_t index)
{
    return fr_ok(frame) && frame->columns && index >= 0 && (size_t)index < fr_frame_width(frame)
        ? frame->columns[index] : NULL;
}

static fr_value cell(const fr_column *column, int64_t row)
{
    return column && row >= 0 && row < column->length ? fr_column_value(column, row) : fr_v_null();
}

fr_value fr_get(const fr_frame *frame, int64_t row, const char *column)
{
    return cell(column_at(frame, fr_find(frame, column)), row);
}

fr_value fr_get_at(const fr_frame *frame, int64_t row, size_t column)
{
    return cell(column <= INT64_MAX ? column_at(frame, (int64_t)column) : NULL, row);
}

/* The array a narrow column's user expects, made once and kept with the column; NULL: no memory. */
static const void *wide_values(const fr_column *column)
{
    fr_column *shared = (fr_column *)(uintptr_t)column, *none = NULL;
    fr_column *wide = atomic_load_explicit(&column->late_wide, memory_order_acquire);
    if (wide) return wide->values;
    fr_call call;
    fr_call_begin(&call, column->object.context, __FILE__, __LINE__);
    wide = fr_column_wide(&call, column);
    fr_call_end(&call);
    if (!wide || atomic_compare_exchange_strong(&shared->late_wide, &none, wide)) return wide ? wide->values : NULL;
    fr_column_unref(wide);
    return none->values;
}

const void *fr_values(const fr_frame *frame, const char *name, fr_kind kind, const uint64_t **valid)
{
    if (valid) *valid = NULL;
    const fr_column *column = column_at(frame, fr_find(frame, name));
    if (!column || column->type->kind != kind || fr_kind_is_text(kind) || !fr_phys_width(column->phys)) return NULL;
    if (valid) *valid = column->valid;
    if (fr_is_narrow(column)) return wide_values(column);
    return column->phys == FR_PHYS_VIEW ? NULL : column->values;
}

int64_t fr_null_count(const fr_frame *frame, size_t index)
{
    const fr_column *column = index <= INT64_MAX ? column_at(frame, (int64_t)index) : NULL;
    return column ? column->null_count : 0;
}
