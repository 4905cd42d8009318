/* join_names.h — what the columns of a join's result are called; the planner asks as well (plan/trace.c).
 *
 *     left k v b    right k v    on k        k v_x b v_y      both have v
 *     left a b      right b a    on a = b    a b a_y          the right's b is in the left's a
 */
#ifndef FR_OPS_JOIN_NAMES_H
#define FR_OPS_JOIN_NAMES_H

#include "ops/join_on.h"

#define FR_JOIN_MERGE "_merge"             /* the column of `indicator` */

typedef struct fr_join_names {
    const fr_join_args *args;
    const fr_join_on   *on;
    const fr_schema    *left, *right;
} fr_join_names;

/* With the suffix when the result has a column of the other frame that is called so too. NULL after a failure. */
const char *fr_join_left_name(fr_call *call, fr_arena *arena, const fr_join_names *of, size_t column) FR_MUST_USE;
/* Of a column that is no key which the left gives (fr_join_on_pair). */
const char *fr_join_right_name(fr_call *call, fr_arena *arena, const fr_join_names *of, size_t column) FR_MUST_USE;

#endif
