/* column_slice.c — some consecutive rows of a column, without copying values.
 *
 * Values are reached through a pointer into the same buffer; only bitmaps that would begin inside a word are copied.
 */
#include "data/column_make.h"

/* Bits from row `offset` on: inside the same buffer when that is a word's border, else a copy in *copy. */
static bool slice_bits(fr_call *call, const uint64_t *bits, int64_t offset, int64_t length, fr_buffer **copy,
                       const uint64_t **at)
{
    *copy = NULL;
    *at = bits + (offset >> 6);
    if ((offset & 63) == 0) return true;
    *copy = fr_bits_new(call, length);
    if (!*copy) return false;
    *at = (*copy)->data;
    FR_ISA_PICK(fr_bits_kernels)->cut((*copy)->data, bits, offset, length);
    return true;
}

static const void *value_at(const fr_column *column, int64_t offset)
{
    size_t width = column->phys == FR_PHYS_LIST ? sizeof(int64_t) : fr_phys_width(column->phys);
    return column->values ? (const char *)column->values + (size_t)offset * width : NULL;
}

static fr_column *slice_children(fr_call *call, const fr_column *column, fr_column_parts *parts, int64_t offset)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_column **children = fr_arena_array(call, &arena, column->n_children, sizeof *children);
    bool ok = children != NULL;
    for (size_t i = 0; ok && i < column->n_children; i++) {
        children[i] = fr_column_slice(call, column->children[i], offset, parts->length);
        ok = children[i] != NULL;
    }
    parts->children = children;
    fr_column *sliced = ok ? fr_column_new(call, parts) : NULL;
    for (size_t i = 0; children && i < column->n_children; i++) fr_column_unref(children[i]);
    return sliced;
}

fr_column *fr_column_slice(fr_call *call, const fr_column *column, int64_t offset, int64_t length)
{
    if (offset == 0 && length == column->length) return fr_column_ref(column);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = NULL;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = NULL;
    fr_column_parts parts = fr_parts_like(column);
    parts.length = length;
    parts.null_count = -1;
    parts.facts = fr_facts_of_some(column, true);
    if (column->valid && length) {
        if (!slice_bits(call, column->valid, offset, length, &valid, &parts.valid_at)) return NULL;
        parts.valid = valid ? valid : column->valid_buffer;
        if (column->null_count == column->length) parts.null_count = length;
    }
    parts.values = column->values_buffer;
    parts.values_at = value_at(column, offset);
    if (column->phys == FR_PHYS_BOOL) {
        const uint64_t *bits;
        if (!slice_bits(call, column->values, offset, length, &values, &bits)) return NULL;
        parts.values = values ? values : column->values_buffer;
        parts.values_at = bits;
    }
    return column->phys == FR_PHYS_STRUCT ? slice_children(call, column, &parts, offset) : fr_column_new(call, &parts);
}
