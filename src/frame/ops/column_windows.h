/* column_windows.h — values of a column of doubles that stand at given ranks, in one reading. */
#ifndef FR_OPS_COLUMN_WINDOWS_H
#define FR_OPS_COLUMN_WINDOWS_H

#include "ops/column_ranks.h"

/* As fr_column_at_ranks (column_ranks.h), for f64 without NaN, also scaled; *found stays false where another way must be
 * taken: too few rows, too many windows, or a sample that has misled. */
bool fr_column_in_windows(fr_call *call, const fr_column *column, const uint64_t *ranks, size_t n, double *out,
                          bool *found, fr_counted_sums *sums) FR_MUST_USE;

#endif
