/* join_keys.h — key columns of two frames, made comparable. */
#ifndef FR_OPS_JOIN_KEYS_H
#define FR_OPS_JOIN_KEYS_H

#include "ops/keys.h"

/* Add one key column of each side to their keys: one type, one dictionary. Rows whose value the other side's type
 * cannot hold (0.5 against integers) match nothing and are dead; so are rows with nulls unless `nulls_match`. TYPE when
 * the two cannot be compared. */
bool fr_join_keys_add(fr_call *call, fr_keys *right, fr_keys *left, const fr_column *right_column,
                      const fr_column *left_column, const char *right_name, const char *left_name, bool nulls_match)
    FR_MUST_USE;

#endif
