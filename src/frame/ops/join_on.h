/* join_on.h — which columns of two frames are compared, pair by pair.
 *
 *     on = "region"                         region of both; in the result one column
 *     on = "product = id"                   product of the left, id of the right; one column, product
 *     left_on = "product", right_on = "id"  the same pair; the result has both columns
 *     nothing                               all columns that both have; of a positional join none
 */
#ifndef FR_OPS_JOIN_ON_H
#define FR_OPS_JOIN_ON_H

#include <frame/verbs.h>

#include "expr/expr.h"

typedef struct fr_join_on {
    fr_arena arena;
    fr_list  left, right;                  /* as many: the n-th of both are a pair                                    */
    bool     united;                       /* given by on: pairs of two names are one column of the result as well    */
    int64_t *left_pairs, *right_pairs;     /* per column of the frame: fr_join_on_pair's answer                       */
} fr_join_on;

/* Clear it also after a failure. */
bool fr_join_on_read(fr_call *call, const fr_join_args *args, const fr_schema *left, const fr_schema *right,
                     fr_join_on *out) FR_MUST_USE;
void fr_join_on_clear(fr_join_on *on);

/* The pair that is one column of the result and that this column of the left, or of the right, is part of; -1: none. A
 * column of -1, as a name has that is not there, is part of none. */
static inline int64_t fr_join_on_pair(const fr_join_on *on, int64_t column, bool is_left)
{
    return column < 0 ? -1 : (is_left ? on->left_pairs : on->right_pairs)[column];
}

#endif
