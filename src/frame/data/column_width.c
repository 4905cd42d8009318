/* column_width.c — whole numbers are stored as narrow as they are: a column of type i64 whose values all fit one byte
 * has the layout of i8, and so on. What reads by the layout works on any; what needs the layout of the type asks here.
 */
#include <string.h>

#include "data/column_make.h"
#include "kernel/integers.h"

fr_phys fr_integer_phys(int64_t low, int64_t high)
{
    if (low >= INT8_MIN && high <= INT8_MAX) return FR_PHYS_I8;
    if (low >= INT16_MIN && high <= INT16_MAX) return FR_PHYS_I16;
    return low >= INT32_MIN && high <= INT32_MAX ? FR_PHYS_I32 : FR_PHYS_I64;
}

void fr_integers_copy(fr_phys to, void *out, fr_phys from, const void *values, size_t n)
{
    const fr_integers_kernels *k = FR_ISA_PICK(fr_integers_kernels);
    const size_t layout = (size_t)from - FR_PHYS_I8;
    switch (to) {
    case FR_PHYS_I8:  k->to_i8[layout](out, values, n); break;
    case FR_PHYS_I16: k->to_i16[layout](out, values, n); break;
    case FR_PHYS_I32: k->to_i32[layout](out, values, n); break;
    default:          k->to_i64[layout](out, values, n);
    }
}

void fr_integers_at(const fr_column *column, int64_t first, size_t n, int64_t *out)
{
    const char *values = (const char *)column->values + (size_t)first * fr_phys_width(column->phys);
    fr_integers_copy(FR_PHYS_I64, out, column->phys, values, n);
}

typedef struct copying {
    const fr_column *column;
    fr_phys          phys;
    char            *out;
    int64_t          block_rows;
} copying;

static bool copy_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const copying *c = state;
    const int64_t first = (int64_t)block * c->block_rows, n = fr_smaller(c->block_rows, c->column->length - first);
    fr_integers_copy(c->phys, c->out + (size_t)first * fr_phys_width(c->phys), c->column->phys,
                     (const char *)c->column->values + (size_t)first * fr_phys_width(c->column->phys), (size_t)n);
    return fr_go_on(call);
}

fr_column *fr_column_as_integers(fr_call *call, const fr_column *column, fr_phys phys)
{
    if (column->phys == phys) return fr_column_ref(column);
    const size_t n = (size_t)column->length;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(call, n, fr_phys_width(phys));
    if (!values) return NULL;
    copying c = { column, phys, values->data, fr_bit_block_rows(call) };
    if (!fr_for_blocks(call, fr_block_count(n, (size_t)c.block_rows), copy_block, &c)) return NULL;
    fr_column_parts parts = { .type = column->type, .phys = phys, .length = column->length, .values = values,
                              .null_count = column->null_count, .valid = column->valid_buffer,
                              .valid_at = column->valid, .facts = column->facts };
    return fr_column_new(call, &parts);
}

fr_column *fr_column_wide(fr_call *call, const fr_column *column)
{
    return fr_column_as_integers(call, column, fr_is_narrow(column) ? FR_PHYS_I64 : column->phys);
}
