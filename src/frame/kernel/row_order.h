/* row_order.h — the order of rows 0, 1, 2 … by a key each, for many rows and keys of many bits.
 *
 * kernel/radix_sort.h moves keys and rows that stand anyhow; here they are dealt once, to buckets that fit a cache, and
 * there a number of 64 bits holds the place of a row in its bucket and the bits in which the bucket's keys differ:
 *
 *     key 57 bits, 10^7 rows  →  buckets of 10^4 rows: about 47 bits of a key, 14 of its place, and 3 to spare
 *
 * Such numbers are all different and the lower place is the smaller, so the order is stable by itself.
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

/* What goes with the keys in the place of row numbers. */
typedef struct fr_riding {
    const void *values;                    /* by row: uint32_t, or uint64_t where `rows` are wide; NULL: nothing of use */
    /* Told of keys in order, where they lie, from a place on; what went with them is in order too. Runs in parallel. */
    void      (*settle)(const void *state, uint64_t *keys, size_t begin, size_t n);
    const void *state;
} fr_riding;

/* As fr_order_packed, but rows->at[place] is what went with the key. `dealt` has room for all keys, where they are settled. */
bool fr_order_riding(fr_call *call, const uint64_t *keys, uint64_t top_key, const fr_row_array *rows,
                     const fr_riding *riding, uint64_t *dealt) FR_MUST_USE;

#endif
