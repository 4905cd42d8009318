/* join_keys.h — key columns of two frames, made comparable. */
#ifndef FR_OPS_JOIN_KEYS_H
#define FR_OPS_JOIN_KEYS_H

#include "ops/join_texts.h"

typedef struct fr_join_key {               /* one key column of each side, and what messages call it */
    const fr_column *right, *left;
    const char      *right_name, *left_name;
    bool             nulls_match;
} fr_join_key;

/* Add one key column of each side to their keys: one type, one dictionary. Rows whose value the other side's type
 * cannot hold (0.5 against integers) match nothing and are dead; so are rows with nulls unless nulls match. With
 * `texts`, hashes may stand for texts, and are noted there; NULL: never. TYPE when the two cannot be compared. */
bool fr_join_keys_add(fr_call *call, fr_keys *right, fr_keys *left, const fr_join_key *key,
                      fr_join_texts *texts) FR_MUST_USE;

/* Can the two be compared at all? TYPE when they cannot. */
bool fr_join_keys_compare(fr_call *call, const fr_join_key *key) FR_MUST_USE;

#endif
