/* bucket_sort.h — the rows of a bucket in the order of their keys, within a cache.
 *
 * A row is a number of 64 bits: its place in the bucket, and above it the bits in which the bucket's keys differ, as many as
 * fit. Such numbers are all different and the lower place is the smaller, so the order is stable by itself:
 *
 *     10^4 rows whose keys differ in 47 bits  →  47 bits of a key, 14 of its place, and 3 to spare
 *
 * Keys that differ in more bits, and agree in the upper ones, are sorted by the others, which lie in the cache too. (While
 * numbers held rows, each such key was a line of memory, by reckoning one key in ten at 10^7 rows and one in three at 10^8:
 * of 4·10^7 doubles, CPU 1.07 → 0.81 s on a busy machine.)
 */
#ifndef FR_KERNEL_BUCKET_SORT_H
#define FR_KERNEL_BUCKET_SORT_H

#include "base/compiler.h"

typedef struct fr_bucket {
    const uint64_t *keys;                  /* key i: keys[i * step] >> shift */
    size_t          step, n;               /* 1 … 4; at least one */
    unsigned        shift;
    uint64_t       *numbers, *scratch;     /* [n] */
    uint64_t       *ties;                  /* NULL, or a bit a row, this bucket's from bit ties_at on; others may set theirs */
    size_t          ties_at;
    unsigned        place_bits, drop;      /* found: of a number, the lowest; of a key, too many for a number */
    uint64_t        low;                   /* found: the lowest key */
} fr_bucket;

/* Numbers in the order of keys; of `ties` the bits of rows whose key is that of the row before. */
void fr_bucket_sort(fr_bucket *bucket);

static inline uint64_t fr_bucket_place_mask(const fr_bucket *b) { return ((uint64_t)1 << b->place_bits) - 1; }
static inline size_t   fr_bucket_place(const fr_bucket *b, size_t i) { return b->numbers[i] & fr_bucket_place_mask(b); }

#endif
