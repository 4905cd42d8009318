/* group_firsts.h — which rows are the first of their codes, and nothing else. */
#ifndef FR_OPS_GROUP_FIRSTS_H
#define FR_OPS_GROUP_FIRSTS_H

#include "ops/group_ranges.h"

/* Ranges of which only bits and their sums by blocks are there. Rows below 2^32, none dead. */
fr_group_ranges *fr_group_firsts_new(fr_call *call, const fr_keys *keys, uint64_t span) FR_MUST_USE;
/* The same with nothing in it, and then from n times the bits of all rows, of which each has those of some codes. */
fr_group_ranges *fr_group_firsts_begun(fr_call *call, const fr_keys *keys, uint64_t span) FR_MUST_USE;
bool             fr_group_firsts_join(fr_call *call, fr_group_ranges *ranges, const uint64_t *bits, size_t n) FR_MUST_USE;

#endif
