/* join_indicator.h — the column _merge of a join: from which side each row is, as categories.
 *
 *     rows      of left 0 1 2, of right 0 none 1, then one of the right alone
 *     _merge    both left_only both right_only
 */
#ifndef FR_OPS_JOIN_INDICATOR_H
#define FR_OPS_JOIN_INDICATOR_H

#include "ops/join_rows.h"

/* Of the rows and n_rest of the right below them. parallel: blocks. */
fr_column *fr_join_indicator(fr_call *call, const fr_join_rows *rows, int64_t n_rest) FR_MUST_USE;

#endif
