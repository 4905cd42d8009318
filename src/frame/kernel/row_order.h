/* row_order.h — the order of rows 0, 1, 2 … by a key each, for many rows and keys of many bits.
 *
 * kernel/radix_sort.h moves keys and rows that stand anyhow; here they are dealt once, to buckets that fit a cache, and put
 * in order there (kernel/bucket_sort.h).
 */
#ifndef FR_KERNEL_ROW_ORDER_H
#define FR_KERNEL_ROW_ORDER_H

#include "kernel/radix_sort.h"
#include "kernel/row_deal.h"

/* Is this the way? Not for few rows, and for keys of few bits fr_sort_rows needs two passes. That is as quick while
 * nothing follows the keys. Where columns do, keys of which a few dozen are all there are must be enough for it (10^7 rows by
 * texts of 17 bits: no difference, 3·10^7 with their eight other columns: CPU beside busy neighbours 2.6 → 1.8 s; by 100
 * numbers: no difference, 450 → 200 MB beside the table). */
bool fr_order_is_packed(size_t n, uint64_t top_key, bool deals);

/* rows->at[place] = the row at a place, for all keys. `ties` has a bit a place, all clear, or is NULL: set where the
 * key is that of the place before. keys[row] are at most top_key. */
bool fr_order_packed(fr_call *call, const uint64_t *keys, uint64_t top_key, const fr_row_array *rows, uint64_t *ties,
                     fr_row_deal *deal) FR_MUST_USE;

#endif
