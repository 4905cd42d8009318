/* pivot_totals.h — what a pivot's aggregates say of whole rows and columns of cells, and shares of that.
 *
 * They are found as cells are, by a group of the rows with fewer keys, so that a mean in a margin is the mean of its rows
 * and not of cells. A value of all parts stands in one column, part below part:
 *
 *     cells     a group of index and columns      3 4 5       cells (1) take what they hold from any of its rows,
 *     rows      a group of index                  7 5         and a share is the quotient of two of its rows
 *     columns   a group of columns                8 4
 *     all                                         12
 */
#ifndef FR_OPS_PIVOT_TOTALS_H
#define FR_OPS_PIVOT_TOTALS_H

#include "ops/pivot_cells.h"
#include "ops/pivot_form.h"

typedef enum fr_pivot_part { FR_PIVOT_CELLS, FR_PIVOT_ROWS, FR_PIVOT_COLUMNS, FR_PIVOT_ALL, FR_PIVOT_PARTS } fr_pivot_part;

typedef struct fr_pivot_totals {
    fr_frame *parts[FR_PIVOT_PARTS];       /* keys, then aggregates; NULL: not wanted; owned                         */
    int64_t   first[FR_PIVOT_PARTS + 1];   /* row of each part in the column of all                                  */
} fr_pivot_totals;

/* Of the rows of `frame`, whose groups of cells are found already. Clear it also after a failure. */
bool fr_pivot_totals_make(fr_call *call, const fr_frame *frame, const fr_pivot_form *form, fr_frame *cells,
                          fr_pivot_totals *totals) FR_MUST_USE;
void fr_pivot_totals_clear(fr_pivot_totals *totals);

/* A value of all parts, as it is or as shares. Returns owned. */
fr_column *fr_pivot_totals_column(fr_call *call, const fr_pivot_totals *totals, const fr_pivot_form *form, size_t value,
                                  const fr_pivot_sides *sides) FR_MUST_USE;

/* The rows of totals into the last column of cells, and into the last cell of each column where columns have one more. */
void fr_pivot_totals_put(const fr_pivot_totals *totals, const fr_pivot_sides *sides, fr_pivot_cells *cells);

/* A column of the index with a row for totals below: their name in the first where it holds texts, else null. An error
 * where a row is called so already. Returns owned. */
fr_column *fr_pivot_totals_key(fr_call *call, const fr_pivot_form *form, const fr_pivot_axis *index, size_t key) FR_MUST_USE;

#endif
