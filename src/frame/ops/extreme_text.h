/* extreme_text.h — the smallest or largest text of each group, of a column of views. */
#ifndef FR_OPS_EXTREME_TEXT_H
#define FR_OPS_EXTREME_TEXT_H

#include "ops/aggregates.h"

/* int64_t per group: the first row with the smallest or largest text, FR_ROW_MISSING64 where there is none. */
fr_buffer *fr_extreme_text_rows(fr_call *call, const fr_column *column, const fr_aggregate_job *job,
                                bool largest) FR_MUST_USE;

#endif
