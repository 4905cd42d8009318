/* row_deal.h — how rows were dealt to buckets before each bucket was put in order, so that other columns may follow.
 *
 * Taking columns by an order reads them at random. Dealt the way the keys were (each row behind the last one of its
 * bucket), a bucket's values lie together, and the order of its rows then is one within a cache:
 *
 *     order      2 5 0 | 4 1 3          rows dealt   0 2 5 | 1 3 4        places   1 2 0 | 2 0 1
 *
 * Blocks of rows are dealt in parallel, each with places of its own. Where all rows of a bucket have one key, they lie in
 * order once they are dealt: then it may have any number of rows, and is cut into windows that need no places.
 */
#ifndef FR_KERNEL_ROW_DEAL_H
#define FR_KERNEL_ROW_DEAL_H

#include "base/buffer.h"

/* So many rows are worth it (data/columns_deal.c). Nine columns by a double, CPU on a busy machine with 8 MB of L3: of
 * 10^6 rows no less, of 2·10^6 137 → 119 ms, of 4·10^6 359 → 250. */
#ifndef FR_DEALT_ROWS
#define FR_DEALT_ROWS (1 << 20)            /* the test build `torn` makes it 100,000 */
#endif

#ifndef FR_NARROW_PLACES
#define FR_NARROW_PLACES (UINT16_MAX + 1)  /* a test build makes it 60, so that both widths run */
#endif

typedef struct fr_deal_window {            /* a bucket, or some rows of one that lies in order */
    size_t begin, n;
    bool   lies_in_order;
} fr_deal_window;

typedef struct fr_row_deal {               /* zero: none; owned */
    fr_buffer *order;                      /* row numbers, or NULL: given up where they are not needed any more */
    fr_buffer *buckets;                    /* uint16_t[n], by row */
    fr_buffer *places;                     /* [n]: which one of its window's rows stands there; uint32_t where `wide` */
    fr_buffer *begins;                     /* size_t[n_blocks][FR_MOST_BUCKETS]: where a block's first row of a bucket is */
    fr_buffer *windows;                    /* fr_deal_window[n_windows] */
    size_t     n_blocks, block_rows, n_buckets, n_windows;
    size_t     most;                       /* rows of a window that does not lie in order */
    bool       wide;
} fr_row_deal;

static inline size_t fr_dealt_bytes(const fr_row_deal *deal) { return deal->wide ? sizeof(uint32_t) : sizeof(uint16_t); }

static inline size_t fr_dealt_place(const void *places, bool wide, size_t i)
{
    return wide ? ((const uint32_t *)places)[i] : ((const uint16_t *)places)[i];
}

static inline void fr_dealt_put(void *places, bool wide, size_t i, size_t place)
{
    if (wide) ((uint32_t *)places)[i] = (uint32_t)place;
    else ((uint16_t *)places)[i] = (uint16_t)place;
}

static inline void fr_row_deal_forget_order(fr_row_deal *deal)
{
    fr_drop_buffer(&deal->order);
    deal->order = NULL;
}

/* Empty again; works as FR_CLEANUP. */
static inline void fr_row_deal_clear(fr_row_deal *deal)
{
    fr_drop_buffer(&deal->order);
    fr_drop_buffer(&deal->buckets);
    fr_drop_buffer(&deal->places);
    fr_drop_buffer(&deal->begins);
    fr_drop_buffer(&deal->windows);
    *deal = (fr_row_deal){ 0 };
}

/* Nothing follows it. */
static inline void fr_row_deal_keep_order(fr_row_deal *deal)
{
    fr_buffer *order = deal->order;
    deal->order = NULL;
    fr_row_deal_clear(deal);
    deal->order = order;
}

#endif
