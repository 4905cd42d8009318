/* rank_filter.h — a filter by rank(…, 'first') over groups: their best rows, found without ranking the others. */
#ifndef FR_OPS_RANK_FILTER_H
#define FR_OPS_RANK_FILTER_H

#include "expr/expr.h"

/* A bit a row in *keep, owned, *n_kept of them; *keep stays NULL where the condition is another one, or ranking all rows
 * would be as quick. */
bool fr_rank_filter(fr_call *call, const fr_expr *where, const fr_eval *env, fr_buffer **keep, int64_t *n_kept) FR_MUST_USE;

#endif
