/* nested_keys.h — lists and structs as keys: one number for each distinct value.
 *
 * Two lists are equal when they have the same length and equal items; two structs when all fields are. Inside, a null
 * equals a null, NaN equals NaN and -0 equals 0, as they do for plain keys. Ordered numbers sort lists item by item, a
 * list before its own continuations, and structs field by field; items and fields ascend with NaN after numbers and
 * null last.
 *
 *     [2]  [1, 3]  null  []  [1]  [1, 3]          equality  0 1 _ 2 3 1          ordered  3 2 _ 0 1 2
 */
#ifndef FR_OPS_NESTED_KEYS_H
#define FR_OPS_NESTED_KEYS_H

#include "data/column.h"

/* A u32 column with a list's or struct's number in each row, null where the row is. LIMIT beyond 2^32 - 2 numbers. */
fr_column *fr_nested_numbers(fr_call *call, const fr_column *column, bool ordered) FR_MUST_USE;

#endif
