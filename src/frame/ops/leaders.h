/* leaders.h — rows among which the first n of an order are. */
#ifndef FR_OPS_LEADERS_H
#define FR_OPS_LEADERS_H

#include "ops/keys.h"

/* Mark them: a bit a row in *keep (owned), *n_kept of them; all rows where few cannot be told. The parts of `keys` were
 * added with want.ordered. n is at most the number of rows. */
bool fr_order_leaders(fr_call *call, const fr_keys *keys, int64_t n, fr_buffer **keep, int64_t *n_kept) FR_MUST_USE;

#endif
