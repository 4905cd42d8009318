/* join_places.h — two frames of as many rows side by side: the n-th row with the n-th (positional).
 *
 *     left a    right b      a b
 *          3          x      3 x
 *          1          y      1 y
 *
 * Nothing is copied. A frame that is longer than the other is an error: which of its rows should be left out, or go
 * without, nobody has said.
 */
#ifndef FR_OPS_JOIN_PLACES_H
#define FR_OPS_JOIN_PLACES_H

#include "data/frame.h"
#include "ops/join_names.h"

/* `names` has no keys. Owned; the left's rows, with their lines. */
fr_frame *fr_join_places(fr_call *call, const fr_frame *left, const fr_frame *right, const fr_join_names *names) FR_MUST_USE;

#endif
