/* moments.h — the days of dates and of datetimes' ticks, some rows at a time. */
#ifndef FR_EXPR_MOMENTS_H
#define FR_EXPR_MOMENTS_H

#include "expr/typed.h"
#include "kernel/calendar.h"
#include "kernel/floors.h"

enum { FR_DAYS_ROWS = 512 };      /* at a time: they stay in the first-level cache */

/* The days of n ≤ FR_DAYS_ROWS rows from the first on; `per_day` ticks of a datetime, 0 for dates. False: one of them is
 * too far for kernel/calendar.h. Requires a vector with steps of 1. */
static inline bool fr_days_of(const fr_vector *v, size_t first, size_t n, int64_t per_day, int32_t *days)
{
    const fr_calendar_kernels *k = FR_ISA_PICK(fr_calendar_kernels);
    if (!per_day) {
        memcpy(days, (const int32_t *)v->values + first, n * sizeof *days);
        return k->near(days, n);
    }
    int64_t wide[FR_DAYS_ROWS];
    const fr_divisor day = fr_divisor_of(per_day);
    FR_ISA_PICK(fr_floors_kernels)->quotients(wide, (const int64_t *)v->values + first, n, &day);
    return k->narrow(days, wide, n);
}

/* The same, but those of dates are read where they lie; NULL for false. */
static inline const int32_t *fr_days_at(const fr_vector *v, size_t first, size_t n, int64_t per_day, int32_t *room)
{
    if (per_day) return fr_days_of(v, first, n, per_day, room) ? room : NULL;
    const int32_t *days = (const int32_t *)v->values + first;
    return FR_ISA_PICK(fr_calendar_kernels)->near(days, n) ? days : NULL;
}

#endif
