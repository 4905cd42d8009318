/* pivot_cells.h — which row stands in each cell of a pivot. */
#ifndef FR_OPS_PIVOT_CELLS_H
#define FR_OPS_PIVOT_CELLS_H

#include "ops/pivot_axis.h"

typedef struct fr_pivot_sides {
    const fr_pivot_axis *index, *columns;
    const uint32_t      *slots;            /* the column each place has; NULL: its number                            */
    size_t               n_columns, height;         /* of the cells: rows of the index, perhaps one of totals        */
    int64_t              n_rows;           /* to be put into cells                                                   */
    int64_t              n_values;         /* rows there are; those behind n_rows are totals                         */
    bool                 may_repeat;       /* several of them into one                                               */
    bool                 next_row;         /* a cell without a row gets the row behind the last, else a missing one  */
} fr_pivot_sides;

typedef struct fr_pivot_cells {
    size_t     n_rows;                     /* of a column                                                            */
    fr_buffer *rows;                       /* column after column; owned                                             */
    bool       wide, may_miss;
} fr_pivot_cells;

/* *repeated: is there a cell with several rows? Clear the cells also after a failure. parallel: rows */
bool fr_pivot_cells_fill(fr_call *call, const fr_pivot_sides *sides, fr_pivot_cells *cells, bool *repeated) FR_MUST_USE;
void fr_pivot_cells_clear(fr_pivot_cells *cells);
fr_rows fr_pivot_cells_of(const fr_pivot_cells *cells, size_t column);
/* The first row whose cell a row before it has, and that one. */
bool fr_pivot_find_repeated(fr_call *call, const fr_pivot_sides *sides, int64_t rows[2]) FR_MUST_USE;

#endif
