/* distinct_count.h — how many different keys rows have, without numbering them. */
#ifndef FR_OPS_DISTINCT_COUNT_H
#define FR_OPS_DISTINCT_COUNT_H

#include "ops/keys.h"

/* Whether fr_count_codes can count these keys: they fit one code, of which so few are possible that a bit each is no
 * more memory than four bytes a row. */
bool fr_can_count_codes(const fr_keys *keys);
/* Different codes among the rows that are not dead. */
bool fr_count_codes(fr_call *call, const fr_keys *keys, uint64_t *n) FR_MUST_USE;

#endif
