/* group_firsts.h — which rows are the first of their codes, and nothing else. */
#ifndef FR_OPS_GROUP_FIRSTS_H
#define FR_OPS_GROUP_FIRSTS_H

#include "ops/group_ranges.h"

/* Ranges of which only bits and their sums by blocks are there. Rows below 2^32, none dead. */
fr_group_ranges *fr_group_firsts_new(fr_call *call, const fr_keys *keys, uint64_t span) FR_MUST_USE;

#endif
