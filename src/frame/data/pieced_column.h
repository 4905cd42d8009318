/* pieced_column.h — a column that is read where its rows lie, in several pieces.
 *
 *     pieces            [ 0 … 99 ][ 100 … 299 ]
 *     rows   0 …  63    lie in the first piece, and are read there
 *     rows  64 … 127    lie in both: copied, one behind the other, into room of the reader's
 *     rows 128 … 191    lie in the second piece; their bits begin within a word of it, and are moved
 *
 * Rows kept of a longer column (data/kept_rows.h) are read there where they lie one behind the other, and else copied,
 * without those between.
 *
 * It is a column like others but for `values` and `valid`, which are NULL. Who reads those asks for a window of rows,
 * which every column has, or for the same column in one. Only numbers and bools that lie alike in all pieces are read
 * so, and texts of one form and scaled numbers (data/text_form.h, scaled_column.h), whose windows are their numbers and
 * which are in pieces even where there is one. Expressions and aggregates are given such columns by a late frame
 * (expr/typecheck.c); nothing else meets one.
 */
#ifndef FR_DATA_PIECED_COLUMN_H
#define FR_DATA_PIECED_COLUMN_H

#include "data/late_column.h"
#include "kernel/bits.h"

typedef struct fr_pieced {
    fr_late_column *late;               /* owned reference: the whole is asked of it                 */
    fr_pieces       pieces;             /* owned: they stay as long as they are read                 */
    size_t          n;
    int64_t        *starts;             /* owned; the first row of each piece, and the length        */
} fr_pieced;

/* The rows of a late column: in pieces where they can be read so, else in one. Owned. parallel: blocks. */
fr_column *fr_column_of_late(fr_call *call, fr_late_column *late) FR_MUST_USE;
/* The same column in one; of scaled numbers, which lie in one, as doubles. Owned. parallel: blocks. */
fr_column *fr_column_together(fr_call *call, const fr_column *column) FR_MUST_USE;
/* Where all rows of a column in pieces lie in one of scaled numbers, that one, which is lent; else NULL. */
fr_column *fr_scaled_piece(const fr_column *column);
void       fr_pieced_free(fr_context *context, fr_pieced *pieced);          /* NULL does nothing */

/* Rows as kernels want them: values (words of bits, of bools) and validity, NULL where all are there. */
typedef struct fr_window { const void *values; const uint64_t *valid; } fr_window;
/* Where those come to lie that cannot be read where they are: values of so many rows, bits of so many rows. */
typedef struct fr_window_room { void *values; uint64_t *valid; } fr_window_room;

fr_window fr_pieced_window(const fr_column *column, int64_t first, int64_t n, const fr_window_room *room);

/* Rows first … first + n - 1; first is a multiple of 64. Only columns in pieces need room. */
static inline fr_window fr_column_window(const fr_column *column, int64_t first, int64_t n,
                                           const fr_window_room *room)
{
    if (column->pieced) return fr_pieced_window(column, first, n, room);
    const size_t bytes = column->phys == FR_PHYS_BOOL ? (size_t)first / 8
                                                      : (size_t)first * fr_phys_width(column->phys);
    return (fr_window){ column->values ? (const char *)column->values + bytes : NULL,
                         column->valid ? column->valid + first / 64 : NULL };
}

/* Are all rows read where they lie, however many a window has? But for bits. */
static inline bool fr_lies_in_one(const fr_column *column)
{
    return !column->pieced || (column->pieced->n == 1 && !column->pieced->pieces.kept);
}

/* Bytes of the values of n rows. */
static inline size_t fr_window_bytes(const fr_column *column, int64_t n)
{
    return column->phys == FR_PHYS_BOOL ? fr_bits_bytes(n) : (size_t)n * fr_phys_width(column->phys);
}

#endif
