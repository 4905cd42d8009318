/* sort_packed.h — tables sorted whole, each row packed into a few words. */
#ifndef FR_OPS_SORT_PACKED_H
#define FR_OPS_SORT_PACKED_H

#include "ops/keys.h"

typedef struct fr_sort_by {              /* what a frame is sorted by; borrowed */
    size_t              n;
    fr_column   *const *columns;           /* [n], of the frame */
    const fr_key_want  *wants;
    const char  *const *names;
    const fr_keys      *codes;             /* made of these */
} fr_sort_by;

/* The frame's rows in the order of its keys; owned. *sorted stays NULL where this is not the way. own: the frame, where it
 * gives up its columns once they were packed, or NULL. */
bool fr_sort_packed(fr_call *call, const fr_frame *frame, const fr_sort_by *by, fr_frame *own, fr_frame **sorted) FR_MUST_USE;

#endif
