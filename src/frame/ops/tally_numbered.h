/* tally_numbered.h — a tally of many groups that are numbered by ranges of their codes, or dealt to some
 * (ops/group_ranges.h). */
#ifndef FR_OPS_TALLY_NUMBERED_H
#define FR_OPS_TALLY_NUMBERED_H

#include "ops/tally_pass.h"

/* As fr_tally_run_parts, of a grouping that has ranges or whose slots are its groups, which some hold
 * (fr_group_ranges_hold); fields hold all rows (fr_tally_holds_all); takes all of them. */
bool fr_tally_run_numbered(fr_call *call, fr_tally_pass *pass) FR_MUST_USE;

#endif
