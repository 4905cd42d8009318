/* sort_riders.h — narrow tables sorted by one number, whose other columns go with it. */
#ifndef FR_OPS_SORT_RIDERS_H
#define FR_OPS_SORT_RIDERS_H

#include "ops/keys.h"

/* The frame's rows in the order of one of its columns, owned; *sorted stays NULL where this is not the way. */
bool fr_sort_riding(fr_call *call, const fr_frame *frame, size_t key, const fr_key_want *want,
                    fr_frame **sorted) FR_MUST_USE;

#endif
