/* rank_condition.h — `rank(x, 'first') over keys <= n` taken apart: the first n rows of each group in the order of x. */
#ifndef FR_EXPR_RANK_CONDITION_H
#define FR_EXPR_RANK_CONDITION_H

#include "expr/expr.h"

typedef struct fr_rank_condition {
    int64_t    n;                 /* 0: the condition is another one */
    fr_column *x;                 /* owned */
    bool       descending;        /* a minus before it was left out */
    fr_text    keys;              /* their names, as a list */
} fr_rank_condition;

/* Only where x has an order by which rows can be sorted and each key is a column. Errors are those of evaluating. */
bool fr_rank_condition_read(fr_call *call, const fr_expr *where, const fr_eval *env, fr_rank_condition *out) FR_MUST_USE;
void fr_rank_condition_clear(fr_rank_condition *condition);      /* works as FR_CLEANUP */

#endif
