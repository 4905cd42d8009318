/* eval_run.h — a prepared term (no aggregates, no whole-column functions left) over all rows. */
#ifndef FR_EXPR_EVAL_RUN_H
#define FR_EXPR_EVAL_RUN_H

#include "expr/typed.h"

/* Its value for rows 0 … n_rows-1; `base` is added to row numbers in errors. `phys`: the layout of the term's type, or that of
 * fr_term_layout. */
fr_column *fr_run_column(fr_call *call, fr_typed *typed, fr_term *term, fr_phys phys, int64_t n_rows, int64_t base)
    FR_MUST_USE;
/* The rows where it is true, as bits. */
fr_buffer *fr_run_mask(fr_call *call, fr_typed *typed, fr_term *term, int64_t n_rows, int64_t base, int64_t *n_true)
    FR_MUST_USE;

#endif
