/* group_ends.h — the first or last rows of each group: `head 2 by region`, and the best ones of a sort before it.
 *
 * A group is found by its slot: the code of its key columns where that is a small number, else the number of its group.
 * Which slot a group has cannot be seen in the answer, so nothing is numbered where the codes will do.
 */
#ifndef FR_OPS_GROUP_ENDS_H
#define FR_OPS_GROUP_ENDS_H

#include "ops/keys.h"

typedef struct fr_cut {                   /* what a head or a tail asks for */
    const char *by;                        /* key columns; NULL or empty: the whole frame is one group */
    int64_t     n;                         /* negative: all but -n */
    bool        last;                      /* tail */
} fr_cut;

/* Keys of groups with one code a row, below *span. What does not fit `most` slots becomes numbers of groups. */
bool fr_slots_of(fr_call *call, const fr_frame *frame, const char *by, uint64_t most, fr_keys *keys,
                 uint64_t *span) FR_MUST_USE;
/* The same; *span may stay above `most` where a sample says that there are more groups, which then are not numbered. */
bool fr_few_slots_of(fr_call *call, const fr_frame *frame, const char *by, uint64_t most, fr_keys *keys,
                     uint64_t *span) FR_MUST_USE;
/* The rows that are left of a frame: a bit a row, n of them set; bits NULL: all. */
typedef struct fr_left_rows { fr_buffer *bits; int64_t n; } fr_left_rows;
static inline const uint64_t *fr_left_bits(const fr_left_rows *left) { return left->bits ? left->bits->data : NULL; }

/* Those rows of each group, in the order of the frame; `by` is given. Owned. */
fr_frame *fr_group_ends(fr_call *call, const fr_frame *frame, const fr_cut *cut) FR_MUST_USE;
/* The rows that `cut` (n > 0) would keep of those left of the frame, sorted by `order`, in the order of the frame: a bit a
 * row in *keep, owned, *n_kept of them. *keep stays NULL where sorting everything would be quicker. */
bool fr_group_best(fr_call *call, const fr_frame *frame, const fr_keys *order, const fr_cut *cut, fr_left_rows left,
                   fr_buffer **keep, int64_t *n_kept) FR_MUST_USE;

/* Rows cut into one stripe a worker, each a multiple of 64; what is found does not depend on how many there are. */
typedef struct fr_stripes { size_t n; int64_t rows, n_rows; } fr_stripes;
fr_stripes fr_stripes_of(const fr_call *call, int64_t n_rows, size_t most);
static inline int64_t fr_stripe_end(const fr_stripes *s, size_t stripe)
{
    const int64_t end = ((int64_t)stripe + 1) * s->rows;
    return end < s->n_rows ? end : s->n_rows;
}

#endif
