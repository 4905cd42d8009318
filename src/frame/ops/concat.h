/* concat.h — what columns the rows of several frames have one after the other; the planner asks as well (plan/trace.c). */
#ifndef FR_OPS_CONCAT_H
#define FR_OPS_CONCAT_H

#include <frame/verbs.h>

#include "data/frame.h"

/* Columns and types of the result, and what is wrong with them; the frames that are appended may be scans. Owned. */
fr_schema *fr_concat_schema(fr_call *call, const fr_schema *first, const fr_concat_args *args) FR_MUST_USE;

#endif
