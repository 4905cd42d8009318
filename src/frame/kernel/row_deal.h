/* row_deal.h — how rows were dealt to buckets before each bucket was put in order, so that other columns may follow.
 *
 * Taking columns by an order reads them at random. Dealt the way the keys were (each row behind the last one of its
 * bucket), a bucket's values lie together, and the order of its rows then is one within a cache:
 *
 *     order      2 5 0 | 4 1 3          rows dealt   0 2 5 | 1 3 4        places   1 2 0 | 5 3 4
 *
 * Blocks of rows are dealt in parallel, each with places of its own.
 */
#ifndef FR_KERNEL_ROW_DEAL_H
#define FR_KERNEL_ROW_DEAL_H

#include "base/buffer.h"

/* So many rows are worth it: 4·10^7 of nine columns by a double, CPU beside busy neighbours 1.7 → 1.3 s; 10^7 no less. */
#ifndef FR_DEALT_ROWS
#define FR_DEALT_ROWS (1 << 24)            /* the test build `torn` makes it 100,000 */
#endif

typedef struct fr_row_deal {               /* zero: none; owned */
    fr_buffer *buckets;                    /* uint16_t[n], by row */
    fr_buffer *places;                     /* row numbers [n]: where the row of a place was dealt */
    fr_buffer *begins;                     /* size_t[n_blocks][FR_MOST_BUCKETS]: where a block's first row of a bucket is */
    size_t     n_blocks, block_rows, n_buckets;
} fr_row_deal;

/* Empty again; works as FR_CLEANUP. */
static inline void fr_row_deal_clear(fr_row_deal *deal)
{
    fr_drop_buffer(&deal->buckets);
    fr_drop_buffer(&deal->places);
    fr_drop_buffer(&deal->begins);
    *deal = (fr_row_deal){ 0 };
}

#endif
