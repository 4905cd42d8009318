/* csv_scaled.c — numbers of few digits while they are read (see csv_scaled.h).
 *
 * The first rows say how many digits there are behind the point. From then on a block of fields becomes doubles in a room
 * that stays in the first cache, as those of a packed column, and goes to its rows as whole numbers. A block with a number
 * that has more digits, that is too large, or that is none, such as NaN, is put aside; when the window is done the column
 * becomes doubles altogether and takes such blocks in. So what a column's numbers are decides, not who reads them.
 */
#include "io/csv/csv_scaled.h"

#include "base/memory.h"
#include "data/scaled_column.h"

bool fr_csv_column_scale(fr_call *call, fr_csv_column *c, int64_t rows)
{
    const double *reals = c->values->data;
    const unsigned digits = fr_scaled_digits(reals, (size_t)rows);
    if (!digits) return true;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *wholes = fr_buffer_array(call, (size_t)c->capacity, sizeof(int32_t));
    if (!wholes || !fr_csv_spills_begin(call, c)) return false;
    (void)FR_ISA_PICK(fr_scaled_kernels)->wholes(reals, (size_t)rows, digits, wholes->data);
    fr_buffer_unref(c->values);
    c->values = fr_steal(wholes);
    c->packed_width = sizeof(int32_t);
    c->digits = (uint8_t)digits;
    return true;
}

bool fr_csv_scaled_keep(const fr_csv_column *c, const fr_csv_block *b)
{
    int32_t *to = (int32_t *)c->values->data + b->row;
    return FR_ISA_PICK(fr_scaled_kernels)->wholes((const double *)(const void *)b->room, b->n, c->digits, to);
}

bool fr_csv_column_unscale(fr_call *call, fr_csv_column *c, int64_t rows)
{
    fr_buffer *reals = fr_buffer_array(call, (size_t)c->capacity, sizeof(double));
    if (!reals) return false;
    FR_ISA_PICK(fr_scaled_kernels)->reals(c->values->data, (size_t)rows, c->digits, reals->data);
    for (size_t w = 0; w < c->n_workers; w++) fr_csv_spill_take(&c->spills[w], sizeof(double), reals->data);
    fr_csv_spills_clear(c, call->context);
    fr_buffer_unref(c->values);
    c->values = reals;
    c->digits = 0;
    return true;
}
