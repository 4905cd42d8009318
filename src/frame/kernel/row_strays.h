/* row_strays.h — the order of rows 0, 1, 2 … whose keys are nearly in order.
 *
 * Events written down a little late, a table to whose end rows were added: all but a few rows stand where they belong.
 * Those few, the strays, are sorted, and merged with the rest, which is read once more in order.
 *
 *     keys  10 20 90 30 40 50      stray 90      order  0 1 3 4 5 2
 */
#ifndef FR_KERNEL_ROW_STRAYS_H
#define FR_KERNEL_ROW_STRAYS_H

#include "kernel/radix_sort.h"

/* rows->at[place] = the row at a place, stable; *done is false when too many rows stray, and then nothing was written.
 * `ties` has a bit a place, all clear, or is NULL: set where the key is that of the place before. keys[row] are at most
 * top_key. */
bool fr_order_strays(fr_call *call, const uint64_t *keys, uint64_t top_key, const fr_row_array *rows, uint64_t *ties,
                     bool *done) FR_MUST_USE;

#endif
