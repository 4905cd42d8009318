/* group_late.h — what a group reads of a late frame (data/late_column.h): keys in one, other columns as they lie.
 *
 *     group id: sum(price), mean(price * 2), median(rate)
 *
 *     id       whole: a key
 *     price    as it lies, whole numbers of two digits behind the point, say; expressions read it by windows
 *     rate     whole: medians want it so
 *     others   not made at all
 */
#ifndef FR_OPS_GROUP_LATE_H
#define FR_OPS_GROUP_LATE_H

#include "ops/aggregates.h"

/* A frame for this group alone: what neither keys nor aggregates name has no column. Owned. parallel: blocks. */
fr_frame *fr_group_frame(fr_call *call, const fr_frame *late, const fr_list *by, const fr_assignments *agg) FR_MUST_USE;

#endif
