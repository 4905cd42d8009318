/* group_partition.h — the first row with each row's key, for keys of which there are many.
 *
 *     row    0   1   2   3                      first    0   1   0   3
 *     key   71   5  71   9
 *
 * A table of millions of keys misses the cache with every row. So rows are dealt out first, by bits of their keys'
 * hash, into parts of some thousand rows, and each part is numbered with a table that fits the cache. The dealing is
 * stable: a part's rows stand in row order, so the first of equal ones is the first row, whatever threads and seed are.
 */
#ifndef FR_OPS_GROUP_PARTITION_H
#define FR_OPS_GROUP_PARTITION_H

#include "ops/keys.h"

/* firsts[row] = the lowest row whose code (of all the keys' parts, which fit 64 bits) is the row's; FR_NO_ID for dead
 * rows. n_first: how many rows are the first of their key. Rows are below 2^32. Cost: one pass over the keys, 16 bytes
 * a row beside them. */
bool fr_first_rows_by_parts(fr_call *call, const fr_keys *keys, uint32_t *firsts, int64_t *n_first) FR_MUST_USE;

#endif
