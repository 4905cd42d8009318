/* column_fill.c — the nulls of a column replaced by one value.
 *
 *     7 _ 9 _     value 5     → 7 5 9 5      one pass: what is valid, else the value
 *     7 _ 9 _     value 0     → 7 0 9 0      the column's own values: under a null are zero bits already
 *
 * A text is first put below the column's texts, which gives it a code or a place in the heap; what is filled in then is
 * its code or view.
 */
#include <string.h>

#include "data/column_make.h"
#include "data/scaled_column.h"
#include "kernel/blend.h"
#include "kernel/stream.h"

typedef struct filling {
    const fr_column *column;
    const void      *values, *value;   /* the column's, and what fills it, in the layout of the result */
    size_t           width;
    bool             stream;
    char            *out;
} filling;

static bool fill_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const filling *f = state;
    if (!fr_go_on(call)) return false;
    const int64_t rows = fr_bit_block_rows(call), from = (int64_t)block * rows;
    FR_ISA_PICK(fr_blend_kernels)->fill[fr_select_width(f->width)](
        f->out + (size_t)from * f->width, (const char *)f->values + (size_t)from * f->width, f->value,
        f->column->valid + from / 64, (size_t)fr_smaller(rows, f->column->length - from), f->stream);
    return true;
}

static fr_buffer *fill_values(fr_call *call, filling *f)
{
    const size_t n = (size_t)f->column->length, n_blocks = fr_block_count(n, (size_t)fr_bit_block_rows(call));
    FR_CLEANUP(fr_drop_buffer) fr_buffer *out = fr_buffer_array(call, n, f->width);
    if (!out) return NULL;
    f->out = out->data;
    f->stream = out->size_bytes >= FR_STREAM_MIN_BYTES;
    return fr_for_blocks(call, n_blocks, fill_block, f) ? fr_steal(out) : NULL;
}

static fr_buffer *fill_bits(fr_call *call, const fr_column *column)
{
    const uint64_t *values = column->values;
    fr_buffer *out = fr_bits_new(call, column->length);
    uint64_t *to = out ? out->data : NULL;
    for (size_t w = 0; out && w < fr_bits_words(column->length); w++) to[w] = values[w] | ~column->valid[w];
    return out;
}

static bool is_zero(const void *value, size_t width)
{
    static const char zero[16];
    return !memcmp(value, zero, width);
}

/* `base`: the column, or one that begins with its rows in the layout that can hold the value as well. */
static fr_column *fill_with(fr_call *call, const fr_column *column, const fr_column *base, const void *value,
                            const fr_facts *facts)
{
    const size_t width = fr_phys_width(base->phys);
    fr_column_parts parts = fr_parts_like(base);
    parts.length = column->length;
    parts.facts = *facts;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *made = NULL;
    const bool is_bits = base->phys == FR_PHYS_BOOL;
    if (is_bits ? !fr_bit(value, 0) : is_zero(value, width)) {
        parts.values = base->values_buffer;
        parts.values_at = base->values;
        return fr_column_new(call, &parts);
    }
    filling f = { .column = column, .values = base->values, .value = value, .width = width };
    parts.values = made = is_bits ? fill_bits(call, column) : fill_values(call, &f);
    return made ? fr_column_new(call, &parts) : NULL;
}

static fr_column *fill_values_of(fr_call *call, const fr_column *column, const fr_column *value)
{
    fr_facts facts = { .known = 0 };
    if (!fr_facts_filled(call, column, value, &facts)) return NULL;
    return fill_with(call, column, column, value->values, &facts);
}

/* Integers of two layouts: the wider one, or where the value fits it the column's. */
static fr_column *fill_integers(fr_call *call, const fr_column *column, const fr_column *value)
{
    const int64_t x = fr_column_value(value, 0).as.i;
    const fr_phys least = fr_integer_phys(x, x), phys = column->phys > least ? column->phys : least;
    FR_OWNED fr_column *base = fr_column_as_integers(call, column, phys);
    FR_OWNED fr_column *with = base ? fr_column_as_integers(call, value, phys) : NULL;
    return with ? fill_values_of(call, base, with) : NULL;
}

/* A value that is such a decimal as well is filled in as its whole number. */
static fr_column *fill_scaled(fr_call *call, const fr_column *column, const fr_column *value)
{
    FR_OWNED fr_column *whole = fr_column_scaled_as(call, value, column->digits);
    if (!whole || whole->digits) return whole ? fill_values_of(call, column, whole) : NULL;
    FR_OWNED fr_column *reals = fr_column_unscaled(call, column);
    return reals ? fill_values_of(call, reals, value) : NULL;
}

fr_column *fr_column_fill(fr_call *call, const fr_column *column, const fr_column *value)
{
    const fr_column *both[] = { column, value };
    const bool is_text = column->dictionary || column->phys == FR_PHYS_VIEW;
    const fr_facts none = { .known = 0 };
    if (!column->null_count || value->null_count) return fr_column_ref(column);
    if (column->digits) return fill_scaled(call, column, value);
    if (column->type->kind == FR_I64) return fill_integers(call, column, value);
    if (!is_text) return fill_values_of(call, column, value);
    FR_OWNED fr_column *all = fr_column_concat(call, both, 2);
    if (!all) return NULL;
    const char *last = (const char *)all->values + (size_t)column->length * fr_phys_width(all->phys);
    return fill_with(call, column, all, last, &none);
}
