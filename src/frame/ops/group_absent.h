/* group_absent.h — values that no row has, in the gaps of a key column's range.
 *
 *     id2 0 … 95, id4 1 … 100 without 17      all codes that hold 17 are missing, and stay so
 *
 * Who looks for the first row of each code would read all rows for them. One look at each column that has a gap, which is
 * a few vector operations a value, tells that there is nothing to look for.
 */
#ifndef FR_OPS_GROUP_ABSENT_H
#define FR_OPS_GROUP_ABSENT_H

#include "base/memory.h"
#include "data/code_set.h"
#include "ops/keys.h"

typedef struct fr_absent_value_set {
    uint32_t *present;                     /* bits of a part's codes; NULL: any may come, as far as is known */
    size_t    span;
} fr_absent_value_set;

typedef struct fr_absent_values {
    size_t               n_parts;          /* 0: not looked for */
    fr_absent_value_set *parts;
} fr_absent_values;

/* `lowest` tells which codes have been seen: FR_NO_ROW32 of those that have not. */
bool fr_absent_values_find(fr_call *call, fr_arena *arena, const fr_keys *keys, const uint32_t *lowest, size_t span,
                           fr_absent_values *absent) FR_MUST_USE;
/* Does every code that has not been seen hold an absent value? */
bool fr_absent_values_explain(const fr_absent_values *absent, const uint32_t *lowest, size_t span);

/* The column that keys are the codes of, all its rows, as it lies; NULL: they are of several, or of something else. */
const fr_column *fr_column_of_codes(const fr_keys *keys);
/* What is known of its codes; NULL: nothing. */
const fr_code_set *fr_known_codes(const fr_keys *keys);

#endif
