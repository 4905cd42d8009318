/* join_asof.h — each left row with the right row whose key is nearest: the last before it, the next behind it, or the
 * nearer of both.
 *
 *     left t    right t      backward  forward  nearest     strict: no_exact, backward
 *          1          1          1        1        1            –
 *          5          2          3        6        6            3
 *         10          3          7        –        7            7
 *                     6
 *                     7
 *
 * Keys that must be equal come first; then only right rows with the same are looked at. Of right rows with one key the last
 * is taken from before, the first from behind; of two that are equally near the one before. Neither side need be sorted.
 * A null, and a NaN, has no place in an order and goes with nothing.
 */
#ifndef FR_OPS_JOIN_ASOF_H
#define FR_OPS_JOIN_ASOF_H

#include <frame/verbs.h>

#include "ops/join_keys.h"
#include "ops/join_match.h"

typedef struct fr_asof {
    fr_join_key       key;                 /* the ordered one */
    fr_asof_direction direction;
    bool              no_exact;
    const fr_value   *tolerance;
} fr_asof;

/* `right` and `left`: the keys that must be equal, added in pairs; they may be folded. Without parts, there are none. */
bool fr_join_asof(fr_call *call, const fr_asof *how, fr_keys *right, fr_keys *left, fr_join_match *out) FR_MUST_USE;

#endif
