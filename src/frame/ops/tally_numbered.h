/* tally_numbered.h — a tally of many groups that are numbered by ranges of their codes (ops/group_ranges.h). */
#ifndef FR_OPS_TALLY_NUMBERED_H
#define FR_OPS_TALLY_NUMBERED_H

#include "ops/tally_pass.h"

/* As fr_tally_run_parts, of a grouping that has ranges and fields that hold all rows (fr_tally_holds_all); takes all of
 * the fields. */
bool fr_tally_run_numbered(fr_call *call, fr_tally_pass *pass) FR_MUST_USE;

#endif
