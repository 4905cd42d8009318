/* agg_text.h — statements of .agg that stand for several columns. */
#ifndef FR_OPS_AGG_TEXT_H
#define FR_OPS_AGG_TEXT_H

#include "base/memory.h"
#include "data/frame.h"

/* Write each statement of the form aggregate(selector(…), options) once for every column the selector describes, named
 * as the column; key columns (is_key, one per field) are left out. Other statements are copied. *out is text in the
 * arena, or `text` itself when there is nothing to write out. The step that runs warns of selectors that name what no
 * column has (fr_agg_text_expand_told). */
bool fr_agg_text_expand(fr_call *call, fr_arena *arena, const char *text, const fr_schema *schema, const bool *is_key,
                        const char **out) FR_MUST_USE;
bool fr_agg_text_expand_told(fr_call *call, fr_arena *arena, const char *text, const fr_schema *schema, const bool *is_key,
                             const char **out) FR_MUST_USE;

#endif
