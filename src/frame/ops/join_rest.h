/* join_rest.h — the right rows that no left row goes with, in their order.
 *
 *     right k      of left rows      marks     the rest
 *     0     a      1 none            0 1 0     0 2
 *     1     b
 *     2     a
 *
 * Left rows mark what they went with: a right row, a code or a group of right rows. What is unmarked in the end is the
 * rest, rows whose key is null or cannot be compared among it.
 */
#ifndef FR_OPS_JOIN_REST_H
#define FR_OPS_JOIN_REST_H

#include "data/kept_rows.h"
#include "ops/join_match.h"

/* The match of a left join (FR_MATCH_ALL), not yet used up. NULL on failure. */
fr_kept_rows *fr_join_rest(fr_call *call, const fr_join_match *match) FR_MUST_USE;

#endif
