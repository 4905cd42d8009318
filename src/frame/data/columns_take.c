/* columns_take.c — several columns at the same rows. */
#include "data/column_make.h"

/* Which rows are not missing, for the columns that have no nulls of their own. */
static fr_buffer *find_missing(fr_call *call, const fr_rows *rows, int64_t *n_found)
{
    const fr_select_kernels *kernels = FR_ISA_PICK(fr_select_kernels);
    fr_buffer *bits = fr_buffer_new(call, fr_bits_bytes(rows->n));
    if (!bits) return NULL;
    *n_found = rows->wide ? kernels->wide_bits(bits->data, NULL, rows->wide, rows->n)
                          : kernels->narrow_bits(bits->data, NULL, rows->narrow, rows->n);
    return bits;
}

bool fr_columns_take(fr_call *call, const fr_column *const *columns, size_t n, const fr_rows *rows,
                     const fr_found *found, fr_column **out)
{
    fr_found own = { 0 };
    FR_CLEANUP(fr_drop_buffer) fr_buffer *bits = NULL;
    for (size_t i = 0; i < n; i++) out[i] = NULL;
    if (rows->may_miss && !found) {
        own.bits = bits = find_missing(call, rows, &own.n);
        if (!bits) return false;
        found = &own;
    }
    for (size_t i = 0; i < n; i++) {
        out[i] = fr_column_take_found(call, columns[i], rows, found);
        if (!out[i]) return false;
    }
    return true;
}
