/* made_keys.h — group, pivot, distinct and sort by what is computed: keys with a name and an expression become columns one
 * step before.
 *
 *     group region, month = floor(order_date, 'month'): n = size()
 *       →  with month = floor(order_date, 'month')  |  group region, month: n = size()
 *     sort far = abs(x - 5) desc  →  with far = abs(x - 5)  |  sort far desc
 */
#ifndef FR_PLAN_MADE_KEYS_H
#define FR_PLAN_MADE_KEYS_H

#include "base/memory.h"
#include "plan/verb_table.h"

/* The steps to run in place of `step`: itself, or two; texts lie in the arena. ARGUMENT where an aggregate reads a
 * column of a made key's name: the key, or the column of before, might be meant. → how many, 0 after a failure */
size_t fr_make_keys(fr_call *call, fr_arena *arena, const fr_step *step, fr_step out[2]);

#endif
