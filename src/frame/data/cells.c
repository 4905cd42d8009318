/* cells.c — single cells and whole value arrays of a frame, for its user. */
#include <string.h>

#include "data/frame.h"

static bool has_column(const fr_frame *frame, int64_t index)
{
    return fr_ok(frame) && frame->length >= 0 && index >= 0 && (size_t)index < fr_frame_width(frame);
}

/* NULL: no such column, or no memory to make it. */
static const fr_column *column_at(const fr_frame *frame, int64_t index)
{
    if (!has_column(frame, index)) return NULL;
    if (!fr_frame_is_late(frame)) return frame->columns[index];
    fr_call call;
    fr_call_begin(&call, frame->object.context, __FILE__, __LINE__);
    const fr_column *column = fr_frame_column(&call, frame, (size_t)index);
    fr_call_end(&call);
    return column;
}

/* A cell cannot fail: where the column cannot be made, it is read where it lies. */
static fr_value cell(const fr_frame *frame, int64_t row, int64_t index)
{
    if (!has_column(frame, index) || row < 0 || row >= frame->length) return fr_v_null();
    const fr_column *column = column_at(frame, index);
    return column ? fr_column_value(column, row) : fr_late_column_value(frame->late[index], row);
}

fr_value fr_get(const fr_frame *frame, int64_t row, const char *column)
{
    return cell(frame, row, fr_find(frame, column));
}

fr_value fr_get_at(const fr_frame *frame, int64_t row, size_t column)
{
    return column <= INT64_MAX ? cell(frame, row, (int64_t)column) : fr_v_null();
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
    if (index > INT64_MAX || !has_column(frame, (int64_t)index)) return 0;
    return fr_frame_is_late(frame) ? frame->late[index]->null_count : frame->columns[index]->null_count;
}
