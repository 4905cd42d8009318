/* asof_keys.h — the ordered key of an as-of join: both sides in one type, each value as a number that sorts as it does.
 *
 *     left f64  2.5  nan  -1       codes  c(2.5)  –  c(-1)       has_value  1 0 1
 *     right i64   1    2  null     codes  c(1)  c(2)  –          has_value  1 1 0
 */
#ifndef FR_OPS_ASOF_KEYS_H
#define FR_OPS_ASOF_KEYS_H

#include "ops/asof_reach.h"
#include "ops/join_keys.h"

typedef struct fr_asof_side {
    fr_column *column;                     /* owned */
    fr_buffer *made;                       /* owned: the codes, where they are not the values as they lie */
    const int64_t *codes;                  /* a row; of one that has no value, any */
    fr_buffer *has_value;                  /* bits: neither null nor NaN; NULL: all rows */
    _Atomic(int64_t) n_back;               /* rows whose code is below that of the row above */
} fr_asof_side;

typedef struct fr_asof_keys {
    fr_asof_side   left, right;
    const fr_type *type;                   /* of both, borrowed; of two sides without any: null */
    bool           by_rank;                /* codes are ranks: how far apart two values are, columns tell */
} fr_asof_keys;

/* TYPE where the keys have no order, or not the same; VALUE, with its row, for a value that their common type has not. */
bool fr_asof_keys_make(fr_call *call, const fr_join_key *key, fr_asof_keys *out) FR_MUST_USE;
void fr_asof_keys_clear(fr_asof_keys *keys);               /* also after a failure; works as FR_CLEANUP */

static inline bool fr_asof_has_value(const fr_asof_side *side, int64_t row)
{
    return !side->has_value || fr_bit(side->has_value->data, row);
}

/* How far apart the keys of a left and of a right row are, compared: of integers, decimals, times as `whole`, of floats as
 * `real`, and the other is 0. */
typedef struct fr_asof_distance { fr_u128 whole; double real; } fr_asof_distance;
fr_asof_distance fr_asof_distance_of(const fr_asof_keys *keys, int64_t left_row, int64_t right_row);

#endif
