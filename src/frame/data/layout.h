/* layout.h — a frame as a table of text. */
#ifndef FR_DATA_LAYOUT_H
#define FR_DATA_LAYOUT_H

#include <frame/print.h>

#include "base/memory.h"
#include "data/frame.h"

/* Append the table; `args` complete (no zero defaults left to fill in but the documented ones). */
bool fr_layout_table(fr_call *call, const fr_frame *frame, const fr_print_args *args, fr_text *out) FR_MUST_USE;

/* Append names, types and null counts, one a line. */
bool fr_layout_schema(fr_call *call, const fr_frame *frame, bool color, fr_text *out) FR_MUST_USE;

#endif
