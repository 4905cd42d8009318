/* pivot_cells.c — rows put into cells, column after column.
 *
 *     row    0 1 2 3 4                 Jan  Feb  Mar
 *     index  a b b a a        a        3    0    4
 *     month  Feb Mar Jan Jan Mar   b   2    _    1         rows = 3 2 | 0 _ | 4 1
 *
 * One pass writes each row's number where its cell lies. Every cell has one row, or, where the rows were not grouped
 * before, perhaps several: then fewer cells are filled than there are rows, and which row came last does not matter.
 */
#include "ops/pivot_cells.h"

#include "base/memory.h"
#include "base/threads.h"

#include <string.h>

typedef struct filling {
    const fr_pivot_sides *sides;
    fr_pivot_cells       *cells;
    size_t                n_cells, block_rows;
    _Atomic(size_t)       n_filled;
} filling;

static inline size_t cell_of(const fr_pivot_sides *s, int64_t row)
{
    const uint32_t place = fr_pivot_place(s->columns, row);
    return (s->slots ? s->slots[place] : place) * s->height + fr_pivot_place(s->index, row);
}

/* Two blocks may have rows of one cell. */
static bool fill_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const filling *f = state;
    void *rows = f->cells->rows->data;
    const int64_t begin = (int64_t)(block * f->block_rows), left = f->sides->n_rows - begin;
    const int64_t end = begin + (left < (int64_t)f->block_rows ? left : (int64_t)f->block_rows);
    for (int64_t row = begin; row < end; row++) {
        const size_t cell = cell_of(f->sides, row);
        if (f->cells->wide) __atomic_store_n((int64_t *)rows + cell, row, __ATOMIC_RELAXED);
        else __atomic_store_n((uint32_t *)rows + cell, (uint32_t)row, __ATOMIC_RELAXED);
    }
    return fr_go_on(call);
}

static bool count_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    filling *f = state;
    const size_t begin = block * f->block_rows, left = f->n_cells - begin;
    const size_t end = begin + (left < f->block_rows ? left : f->block_rows);
    const fr_rows rows = fr_rows_view(f->cells->rows->data, f->cells->wide, (int64_t)f->n_cells);
    size_t n = 0;
    for (size_t i = begin; i < end; i++) {
        const int64_t row = fr_row_at(&rows, (int64_t)i);
        n += row >= 0 && row < f->sides->n_rows;
    }
    atomic_fetch_add_explicit(&f->n_filled, n, memory_order_relaxed);
    return fr_go_on(call);
}

/* No cell has a row yet. */
static void empty_cells(const fr_pivot_sides *sides, const fr_pivot_cells *cells, size_t n_cells)
{
    if (cells->may_miss) memset(cells->rows->data, 0xff, n_cells * fr_row_bytes(cells->wide));
    else
        for (size_t i = 0; i < n_cells; i++) fr_row_put(cells->rows->data, cells->wide, i, sides->n_values);
}

bool fr_pivot_cells_fill(fr_call *call, const fr_pivot_sides *sides, fr_pivot_cells *cells, bool *repeated)
{
    *cells = (fr_pivot_cells){ .n_rows = sides->height, .wide = fr_rows_are_wide(sides->n_values + 1),
                               .may_miss = !sides->next_row };
    filling f = { .sides = sides, .cells = cells, .block_rows = fr_block_rows(call) };
    if (!fr_size_mul(sides->height, sides->n_columns, &f.n_cells)) return fr_fail(call, FR_ERR_LIMIT, "too many cells");
    cells->rows = fr_buffer_array(call, f.n_cells, fr_row_bytes(cells->wide));
    if (!cells->rows) return false;
    empty_cells(sides, cells, f.n_cells);
    const size_t n_rows = (size_t)sides->n_rows;
    if (!fr_for_blocks(call, fr_block_count(n_rows, f.block_rows), fill_block, &f)) return false;
    *repeated = false;
    if (!sides->may_repeat) return true;
    if (!fr_for_blocks(call, fr_block_count(f.n_cells, f.block_rows), count_block, &f)) return false;
    *repeated = atomic_load_explicit(&f.n_filled, memory_order_relaxed) < n_rows;
    return true;
}

void fr_pivot_cells_clear(fr_pivot_cells *cells) { fr_buffer_unref(cells->rows); }

fr_rows fr_pivot_cells_of(const fr_pivot_cells *cells, size_t column)
{
    const fr_rows all = fr_rows_view(cells->rows->data, cells->wide, 0);
    fr_rows rows = fr_rows_from(&all, (int64_t)(column * cells->n_rows), (int64_t)cells->n_rows);
    rows.may_miss = cells->may_miss;
    return rows;
}

bool fr_pivot_find_repeated(fr_call *call, const fr_pivot_sides *sides, int64_t rows[2])
{
    const size_t n_cells = sides->height * sides->n_columns;
    FR_CLEANUP(fr_drop_buffer) fr_buffer *first = fr_buffer_zeroed(call, n_cells * sizeof(int64_t));
    int64_t *at = first ? first->data : NULL;                          /* the row, from 1 */
    for (int64_t row = 0; at && row < sides->n_rows; row++) {
        int64_t *cell = at + cell_of(sides, row);
        rows[0] = *cell - 1;
        rows[1] = row;
        if (*cell) return true;
        *cell = row + 1;
    }
    return at != NULL;
}
