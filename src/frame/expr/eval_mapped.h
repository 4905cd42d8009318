/* eval_mapped.h — parts of a tree that read one dictionary column: once per entry, then looked up by code. */
#ifndef FR_EXPR_EVAL_MAPPED_H
#define FR_EXPR_EVAL_MAPPED_H

#include "expr/typed.h"

/* Make look-ups of the largest parts that read one coded column with few entries. */
bool fr_map_codes(fr_call *call, fr_typed *typed, fr_term *term, int64_t n_rows) FR_MUST_USE;
/* One vector of such a part. */
bool fr_run_mapped(fr_run *run, const fr_term *term, fr_vector *out) FR_MUST_USE;
/* Is a vector of it nothing but bits, of as many rows as there is room for? */
bool fr_mapped_is_scan(const fr_term *term);
/* Is it a look-up of texts? Then all rows at once, as codes. */
bool       fr_mapped_is_text(const fr_term *term);
fr_column *fr_mapped_texts(fr_call *call, const fr_term *term) FR_MUST_USE;

#endif
