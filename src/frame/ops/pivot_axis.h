/* pivot_axis.h — the rows or the columns of a pivot: different keys, each with a place.
 *
 *     month   Mar Jan Mar null Feb        keys  Jan Feb Mar null      place of each row   2 0 2 3 1
 */
#ifndef FR_OPS_PIVOT_AXIS_H
#define FR_OPS_PIVOT_AXIS_H

#include "ops/grouping.h"
#include "ops/verb_result.h"

typedef struct fr_pivot_axis {
    fr_grouping *groups;                   /* of the rows; owned                                                     */
    size_t       n;                        /* places                                                                 */
    fr_buffer   *places;                   /* uint32_t a group; NULL: the group's number; owned                      */
    fr_columns   keys;                     /* one row a place                                                        */
} fr_pivot_axis;

/* `ordered`: places go up with the keys, null last, else they are in order of first appearance. Without columns there is
 * one place, or none when there are no rows. Clear it also after a failure. */
bool fr_pivot_axis_make(fr_call *call, fr_column *const *columns, size_t n, int64_t n_rows, bool ordered,
                        fr_pivot_axis *axis) FR_MUST_USE;
void fr_pivot_axis_clear(fr_pivot_axis *axis);

static inline uint32_t fr_pivot_place_of(const fr_pivot_axis *axis, uint32_t group)
{
    return axis->places ? ((const uint32_t *)axis->places->data)[group] : group;
}

static inline uint32_t fr_pivot_place(const fr_pivot_axis *axis, int64_t row)
{
    return fr_pivot_place_of(axis, fr_grouping_ids(axis->groups)[row]);
}

#endif
