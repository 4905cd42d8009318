/* column_bits.c — joining and parting bitmaps (see column_bits.h). */
#include "data/column_bits.h"

#include "data/column_make.h"

static bool has_bits(const fr_column *column)
{
    return column->phys == FR_PHYS_BOOL || (column->phys != FR_PHYS_LIST && fr_phys_width(column->phys) > 0);
}

bool fr_bits_list_of(fr_call *call, fr_arena *arena, const fr_column *const *columns, size_t n, int64_t n_rows,
                     fr_bits_list *out)
{
    *out = (fr_bits_list){ .at = fr_arena_array(call, arena, n, 2 * sizeof *out->at), .n_rows = n_rows };
    for (size_t i = 0; out->at && i < n; i++) {
        if (has_bits(columns[i]) && columns[i]->valid)
            out->at[out->n++] = (fr_column_bits){ .column = i, .is_validity = true, .from = columns[i]->valid };
        if (columns[i]->phys == FR_PHYS_BOOL)
            out->at[out->n++] = (fr_column_bits){ .column = i, .from = columns[i]->values };
    }
    return out->at != NULL;
}

size_t fr_bits_of_mark(const fr_bits_list *list, size_t first)
{
    return list->n - first < FR_MARK_BITS ? list->n - first : FR_MARK_BITS;
}

typedef struct marking {
    const fr_column_bits *bits;
    size_t                n;
    int64_t               n_rows, block_rows;
    uint8_t              *marks;           /* [n_rows] */
} marking;

static bool join_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const marking *m = state;
    const int64_t from = (int64_t)block * m->block_rows;
    const uint64_t *bits[FR_MARK_BITS];
    for (size_t k = 0; k < m->n; k++) bits[k] = m->bits[k].from + from / 64;
    fr_marks_join(bits, m->n, (size_t)fr_smaller(m->block_rows, m->n_rows - from), m->marks + from);
    return fr_go_on(call);
}

static bool part_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const marking *m = state;
    const int64_t from = (int64_t)block * m->block_rows;
    uint64_t *bits[FR_MARK_BITS];
    for (size_t k = 0; k < m->n; k++) bits[k] = (uint64_t *)m->bits[k].to->data + from / 64;
    fr_marks_part(m->marks + from, (size_t)fr_smaller(m->block_rows, m->n_rows - from), bits, m->n);
    return fr_go_on(call);
}

static bool for_rows(fr_call *call, const fr_bits_list *list, size_t first, const fr_buffer *marks, fr_block_fn *run)
{
    marking m = { .bits = list->at + first, .n = fr_bits_of_mark(list, first), .n_rows = list->n_rows,
                  .block_rows = fr_bit_block_rows(call), .marks = marks->data };
    return fr_for_blocks(call, fr_block_count((size_t)m.n_rows, (size_t)m.block_rows), run, &m);
}

fr_buffer *fr_bits_join(fr_call *call, const fr_bits_list *list, size_t first)
{
    FR_CLEANUP(fr_drop_buffer) fr_buffer *marks = fr_buffer_array(call, (size_t)list->n_rows, 1);
    if (!marks || !for_rows(call, list, first, marks, join_block)) return NULL;
    return fr_steal(marks);
}

bool fr_bits_part(fr_call *call, const fr_bits_list *list, size_t first, const fr_buffer *marks)
{
    for (size_t k = first; k < first + fr_bits_of_mark(list, first); k++) {
        list->at[k].to = fr_buffer_new(call, fr_bits_bytes(list->n_rows));
        if (!list->at[k].to) return false;
    }
    return for_rows(call, list, first, marks, part_block);
}

fr_buffer *fr_bits_moved(const fr_bits_list *list, size_t column, bool is_validity)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->at[i].column == column && list->at[i].is_validity == is_validity) return list->at[i].to;
    return NULL;
}

void fr_bits_list_clear(fr_bits_list *list)
{
    for (size_t i = 0; i < list->n; i++) fr_buffer_unref(list->at[i].to);
    *list = (fr_bits_list){ 0 };
}
