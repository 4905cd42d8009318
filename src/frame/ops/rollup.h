/* rollup.h — groups, and the rows of fewer and fewer of their keys. */
#ifndef FR_OPS_ROLLUP_H
#define FR_OPS_ROLLUP_H

#include "expr/expr.h"

/* The name of the column that counts a row's keys: level, or level_1 … where a key or an aggregate is called so. NULL after
 * a failure. */
const char *fr_rollup_level_name(fr_call *call, fr_arena *arena, const fr_list *by, const fr_assignments *agg);

/* The groups by all keys, then by all but the last, and so on to the whole frame: keys, null where a row is of all their
 * values; the level; aggregates. sort: by key, each row behind those it is of. */
fr_frame *fr_rollup(fr_call *call, const fr_frame *frame, const fr_list *by, const fr_assignments *agg, bool sort) FR_MUST_USE;

#endif
