/* column_take.c — a column's values at given rows, in the order of the rows; a missing row gives a null.
 *
 *     values  a b c null      rows  2 0 - 3 2      →   c a null null c
 *
 * Output blocks are filled in parallel. For lists the rows of the child are written out first, then taken in turn.
 * Values of a large column at rows in no order are asked for early (kernel/prefetch.h).
 * Columns without nulls of their own, taken at the same rows, are null in the same places: they share one bitmap.
 */
#include <string.h>

#include "data/column_make.h"
#include "kernel/prefetch.h"

enum { SAMPLES = 256,
       FAR = 32 };                      /* rows apart: another line */

typedef struct take {
    const fr_column *column;
    const fr_rows   *rows;
    int64_t          block_rows;
    bool             far;               /* each value is a line of memory of its own */
    char            *values;            /* NULL: nothing to fill */
    uint64_t        *valid;             /* NULL: no nulls in the result */
    int64_t         *n_valid;           /* per block */
} take;

static int64_t take_bits(const fr_rows *rows, int64_t from, int64_t n, const uint64_t *bits, uint64_t *out)
{
    const fr_select_kernels *kernels = FR_ISA_PICK(fr_select_kernels);
    return rows->wide ? kernels->wide_bits(out, bits, rows->wide + from, n)
                      : kernels->narrow_bits(out, bits, rows->narrow + from, n);
}

static void take_values(const fr_rows *rows, int64_t from, int64_t n, const void *values, size_t width, char *out)
{
    const fr_select_kernels *kernels = FR_ISA_PICK(fr_select_kernels);
    size_t w = fr_select_width(width);
    if (rows->wide) (rows->may_miss ? kernels->wide : kernels->wide_all)[w](out, values, rows->wide + from, n);
    else (rows->may_miss ? kernels->narrow : kernels->narrow_all)[w](out, values, rows->narrow + from, n);
}

bool fr_rows_are_apart(const fr_rows *rows, int64_t least)
{
    int64_t far = 0;
    if (rows->n <= SAMPLES) return false;
    for (int64_t k = 0; k < SAMPLES; k++) {
        const int64_t i = (rows->n - 1) / SAMPLES * k, step = fr_row_at(rows, i + 1) - fr_row_at(rows, i);
        far += step < 0 || step >= least;
    }
    return far > SAMPLES / 2;
}

bool fr_rows_are_scattered(const fr_rows *rows)
{
    return fr_rows_are_apart(rows, FAR + 1);
}

FR_TEMPLATE_FN void ask_for_values(const fr_rows *rows, int64_t from, int64_t n, const void *values, size_t width)
{
    for (int64_t i = from; i < from + n; i++)
        fr_ask_for(values, rows->wide ? (uint64_t)rows->wide[i] : rows->narrow[i], width);
}

/* Each piece is asked for while the one before it is taken. */
void fr_take_far_values(const fr_rows *rows, int64_t from, int64_t n, const void *values, size_t width, char *out)
{
    const int64_t end = from + n;
    ask_for_values(rows, from, fr_smaller(FR_AHEAD, n), values, width);
    for (; from < end; from += FR_AHEAD, out += FR_AHEAD * width) {
        const int64_t here = fr_smaller(FR_AHEAD, end - from);
        ask_for_values(rows, from + here, fr_smaller(FR_AHEAD, end - from - here), values, width);
        take_values(rows, from, here, values, width, out);
    }
}

static bool take_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    take *t = state;
    if (!fr_go_on(call)) return false;
    int64_t from = (int64_t)block * t->block_rows, n = fr_smaller(t->block_rows, t->rows->n - from);
    size_t width = fr_phys_width(t->column->phys);
    if (t->valid) t->n_valid[block] = take_bits(t->rows, from, n, t->column->valid, t->valid + from / 64);
    if (!t->values) return true;
    if (t->column->phys == FR_PHYS_BOOL)
        take_bits(t->rows, from, n, t->column->values, (uint64_t *)(void *)t->values + from / 64);
    else if (width)
        (t->far ? fr_take_far_values : take_values)(t->rows, from, n, t->column->values, width,
                                                 t->values + (size_t)from * width);
    return true;
}

/* Fill values and validity of all rows; parts, unless NULL, gets the count of nulls. */
static bool fill(fr_call *call, take *t, fr_column_parts *parts)
{
    size_t blocks = fr_block_count((size_t)t->rows->n, (size_t)t->block_rows);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    t->n_valid = fr_arena_array(call, &arena, blocks, sizeof *t->n_valid);
    if (!t->n_valid || !fr_for_blocks(call, blocks, take_block, t)) return false;
    if (!parts) return true;
    parts->null_count = t->rows->n;
    for (size_t i = 0; i < blocks; i++) parts->null_count -= t->n_valid[i];
    return true;
}

/* ---- lists ------------------------------------------------------------------------------------------------------- */

/* Offsets of the result; a missing row has no items. False when they do not fit. */
static bool list_offsets(fr_call *call, const int64_t *from, const fr_rows *rows, int64_t *out)
{
    int64_t total = out[0] = 0;
    for (int64_t i = 0; i < rows->n; i++) {
        int64_t row = fr_row_at(rows, i), n = row < 0 ? 0 : from[row + 1] - from[row];
        if (__builtin_add_overflow(total, n, &total)) return fr_fail(call, FR_ERR_LIMIT, "more than 2^63 list items");
        out[i + 1] = total;
    }
    return true;
}

static void item_rows(const int64_t *from, const fr_rows *rows, const int64_t *offsets, int64_t *out)
{
    for (int64_t i = 0; i < rows->n; i++) {
        int64_t n = offsets[i + 1] - offsets[i], first = n ? from[fr_row_at(rows, i)] : 0;
        for (int64_t j = 0; j < n; j++) *out++ = first + j;
    }
}

static fr_column *take_items(fr_call *call, const fr_column *column, const fr_rows *rows, const int64_t *offsets)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *items = fr_buffer_array(call, (size_t)offsets[rows->n], sizeof(int64_t));
    if (!items) return NULL;
    item_rows(column->values, rows, offsets, items->data);
    return fr_column_take(call, column->children[0], &(fr_rows){ .wide = items->data, .n = offsets[rows->n] });
}

static fr_column *take_list(fr_call *call, const fr_column *column, const fr_rows *rows, fr_column_parts *parts)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *offsets = fr_buffer_array(call, (size_t)rows->n + 1, sizeof(int64_t));
    if (!offsets || !list_offsets(call, column->values, rows, offsets->data)) return NULL;
    FR_OWNED fr_column *items = take_items(call, column, rows, offsets->data);
    if (!items) return NULL;
    parts->values = offsets;
    parts->children = &items;
    return fr_column_new(call, parts);
}

/* ---- structs ----------------------------------------------------------------------------------------------------- */

static fr_column *take_struct(fr_call *call, const fr_column *column, const fr_rows *rows, const fr_found *found,
                              fr_column_parts *parts)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    fr_column **children = fr_arena_array(call, &arena, column->n_children, sizeof *children);
    bool ok = children != NULL;
    for (size_t i = 0; ok && i < column->n_children; i++) {
        children[i] = fr_column_take_found(call, column->children[i], rows, found);
        ok = children[i] != NULL;
    }
    parts->children = children;
    fr_column *taken = ok ? fr_column_new(call, parts) : NULL;
    for (size_t i = 0; children && i < column->n_children; i++) fr_column_unref(children[i]);
    return taken;
}

static fr_buffer *room_for(fr_call *call, fr_phys phys, int64_t n)
{
    if (phys == FR_PHYS_BOOL) return fr_buffer_new(call, fr_bits_bytes(n));
    return fr_buffer_array(call, (size_t)n, fr_phys_width(phys));
}

/* Whose rows are null is known before their values are: nothing was null, so what is missing is. */
static bool knows_nulls(const fr_column *column, const fr_rows *rows, const fr_found *found, fr_column_parts *parts)
{
    if (column->valid || (rows->may_miss && !found)) return false;
    parts->null_count = rows->may_miss ? rows->n - found->n : 0;
    parts->valid = parts->null_count ? found->bits : NULL;
    return true;
}

/* `filled`: the values, taken already; NULL: not yet. */
static fr_column *take_into(fr_call *call, const fr_column *column, const fr_rows *rows, const fr_found *found,
                            fr_buffer *filled)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = filled ? fr_buffer_ref(filled) : room_for(call, column->phys, rows->n);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = NULL;
    if (!values) return NULL;
    fr_column_parts parts = fr_parts_like(column);
    take t = { .column = column, .rows = rows, .block_rows = fr_bit_block_rows(call),
               .values = filled ? NULL : values->data };
    t.far = t.values && (size_t)column->length * fr_phys_width(column->phys) >= FR_FAR_BYTES
         && fr_rows_are_scattered(rows);
    const bool knows = knows_nulls(column, rows, found, &parts);
    if (!knows) {
        parts.valid = valid = fr_buffer_new(call, fr_bits_bytes(rows->n));
        if (!valid) return NULL;
        t.valid = valid->data;
    }
    if (!(knows && filled) && !fill(call, &t, knows ? NULL : &parts)) return NULL;
    parts.length = rows->n;
    parts.facts = fr_facts_of_some(column, false);
    if (column->phys == FR_PHYS_LIST) return take_list(call, column, rows, &parts);
    if (column->phys == FR_PHYS_STRUCT) return take_struct(call, column, rows, found, &parts);
    parts.values = values;
    return fr_column_of_few(call, column, &parts);
}

fr_column *fr_column_take_found(fr_call *call, const fr_column *column, const fr_rows *rows, const fr_found *found)
{
    if (column->phys == FR_PHYS_NONE) return fr_column_null(call, column->type, rows->n);
    return take_into(call, column, rows, found, NULL);
}

fr_column *fr_column_taken(fr_call *call, const fr_column *column, const fr_rows *rows, const fr_found *found,
                           fr_buffer *values)
{
    return take_into(call, column, rows, found, values);
}

fr_column *fr_column_take(fr_call *call, const fr_column *column, const fr_rows *rows)
{
    return fr_column_take_found(call, column, rows, NULL);
}
