/* check.h — taking in a step that a caller wrote: its room, its defaults, its arguments against the table. */
#ifndef FR_PLAN_CHECK_H
#define FR_PLAN_CHECK_H

#include "plan/verb_table.h"

/* Copy the step at `raw`, which lies in `stride` bytes, into `out` with what is missing filled in and every argument
 * checked: ARGUMENT for an unknown verb, a size that cannot be, a boolean or enumeration out of range; UNSUPPORTED for
 * options this version does not know. Texts and frames stay the caller's. */
bool fr_step_read(fr_call *call, const fr_step *raw, size_t stride, fr_step *out) FR_MUST_USE;

/* Number of steps before the end mark. */
size_t fr_step_count(const fr_step *steps, size_t stride);
static inline const fr_step *fr_step_raw(const fr_step *steps, size_t stride, size_t i)
{
    return (const fr_step *)(const void *)((const char *)steps + i * stride);
}

/* Messages of this step name it and its source line until the next call. */
void fr_call_at_step(fr_call *call, const fr_step *step);

#endif
