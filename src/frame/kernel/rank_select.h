/* rank_select.h — the key of a given rank among many, without sorting them.
 *
 *     keys 50 20 90 10    rank 0 → 10    rank 2 → 50
 *
 * The range of the keys is cut into equal bins, the keys of each are counted, and only those of the bin that holds the
 * rank go on to the next round, which is at most a 256th as wide: eight rounds at the worst, two or three on real data.
 * What is found is a value, so neither the order of the candidates nor the threads that gather them can show.
 */
#ifndef FR_KERNEL_RANK_SELECT_H
#define FR_KERNEL_RANK_SELECT_H

#include "base/call.h"

/* The key that `rank` keys stand before in ascending order; rank < n. scratch has room for n. One thread. */
uint64_t fr_key_at_rank(const uint64_t *keys, size_t n, uint64_t rank, uint64_t *scratch);
/* The key at rank + 1, where `key` is the one at rank; rank + 1 < n. */
uint64_t fr_key_after_rank(const uint64_t *keys, size_t n, uint64_t key, uint64_t rank);
/* With all threads: the two above, and the highest key; 0 < n. */
typedef struct fr_ranked_key { uint64_t key, rank; } fr_ranked_key;
bool fr_key_at_rank_parallel(fr_call *call, const uint64_t *keys, size_t n, uint64_t rank, uint64_t *found) FR_MUST_USE;
bool fr_key_after_rank_parallel(fr_call *call, const uint64_t *keys, size_t n, fr_ranked_key at, uint64_t *found)
    FR_MUST_USE;
bool fr_key_highest_parallel(fr_call *call, const uint64_t *keys, size_t n, uint64_t *found) FR_MUST_USE;

#endif
