/* group_sizes.h — how many rows each group has.
 *
 *     group of each row 0 1 0 2 0      sizes 3 1 1
 */
#ifndef FR_OPS_GROUP_SIZES_H
#define FR_OPS_GROUP_SIZES_H

#include "ops/grouping.h"

/* Groups of keys whose sizes are wanted, and the rows' groups hardly: as fr_grouping_of_held_keys. */
fr_grouping *fr_grouping_to_size(fr_call *call, fr_keys *keys) FR_MUST_USE;
/* uint64_t[n_groups]; rows without a group are in none. Not from a worker. */
fr_buffer *fr_grouping_sizes(fr_call *call, const fr_grouping *grouping) FR_MUST_USE;

#endif
