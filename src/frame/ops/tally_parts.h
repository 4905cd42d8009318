/* tally_parts.h — a tally of so many slots that their records do not fit the caches. */
#ifndef FR_OPS_TALLY_PARTS_H
#define FR_OPS_TALLY_PARTS_H

#include "ops/tally_pass.h"

/* As fr_tally_run_pass, but to totals by group, and sums of floats in the order of rows from the first to the last. Takes
 * as many of the fields as go together, at least one: n_fields and stride are set.
 *
 * More groups than have blocks (fr_fold_has_blocks), row numbers of 32 bits, no FR_TALLY_ENDS. */
bool fr_tally_run_parts(fr_call *call, fr_tally_pass *pass) FR_MUST_USE;

#endif
