/* join_full.h — a full join: below the rows of a left join, the right rows that no left row goes with.
 *
 *     left k x    right k y      k x  y
 *          b 1          a 10     b 1 50      as in a left join
 *          z 5          b 50     z 5  _
 *                                a _ 10      the rest of the right (join_rest.h), in its order
 *
 * Columns of the left are null there, but for keys of one name: those are the right row's. So such a key is of the type
 * that both become, whether or not there is a rest. Integers and floats match by value, and a whole number that no float
 * is equal to must not become another key: it is refused.
 */
#ifndef FR_OPS_JOIN_FULL_H
#define FR_OPS_JOIN_FULL_H

#include "data/late_column.h"

typedef struct fr_join_shared {            /* a key of both frames, and what messages call it */
    const fr_column *left, *right;
    const char      *left_name, *right_name;
} fr_join_shared;

/* Both columns in one type. They are NULL or the caller's, also after a failure: VALUE where a value is not of that type,
 * with the row of its frame. */
bool fr_join_unite_key(fr_call *call, const fr_join_shared *key, fr_column **left, fr_column **right) FR_MUST_USE;

/* A column of the left join, which is taken over (NULL stays NULL), and below it the rest of a column of the right, of the
 * same type; right NULL: nulls. */
fr_late_column *fr_join_above_rest(fr_call *call, fr_late_column *above, const fr_kept_rows *rest,
                                   const fr_column *right) FR_MUST_USE;

#endif
