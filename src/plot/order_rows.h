/* order_rows.h — numbers and rows in order: what marks need of sorting.
 *
 *     double x[] = { 3, 1, NaN, 1 };   uint32_t rows[] = { 0, 1, 2, 3 };
 *     fr_order_doubles(call, x, rows, 4)               → rows 1 3 0 2: stable, NaN last
 */
#ifndef FR_PLOT_ORDER_ROWS_H
#define FR_PLOT_ORDER_ROWS_H

#include "base/call.h"

/* Order the row numbers by keys[row], ascending, stable; NaN last. Radix sort, O(n). */
bool fr_order_doubles(fr_call *call, const double *keys, uint32_t *rows, size_t n) FR_MUST_USE;

/* Order values in place, ascending; NaN last. O(n). */
bool fr_sort_doubles(fr_call *call, double *values, size_t n) FR_MUST_USE;

/* Order row numbers by anything, stable: `before` says whether a must come before b. Merge sort, O(n log n). */
typedef bool fr_before(const void *context, uint32_t a, uint32_t b);
bool fr_arrange_rows(fr_call *call, uint32_t *rows, size_t n, fr_before *before, const void *context) FR_MUST_USE;

/* 0, 1, 2 … n - 1; NULL on failure. The caller frees n numbers. */
uint32_t *fr_rows_new(fr_call *call, size_t n) FR_MUST_USE;

#endif
