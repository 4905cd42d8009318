/* join_semi.h — left rows whose key is on the right (semi), or is not (anti): the left's columns, no row twice.
 *
 *     left k    right k      semi k      anti k
 *         b           a           b           z
 *         z           a           a
 *         a           b
 *
 * Of each row a bit is known (join_match.h), so this is a filter.
 */
#ifndef FR_OPS_JOIN_SEMI_H
#define FR_OPS_JOIN_SEMI_H

#include "ops/join_rows.h"

/* The match has `found`, and may be changed. */
fr_frame *fr_join_semi(fr_call *call, const fr_frame *left, fr_join_match *match, const fr_join_size *size, bool anti)
    FR_MUST_USE;

#endif
