/* verb_result.h — small things the verbs share: an entry of the account, frames with other columns, was an option
 * given. */
#ifndef FR_OPS_VERB_RESULT_H
#define FR_OPS_VERB_RESULT_H

#include "base/memory.h"
#include "data/frame.h"
#include "expr/expr.h"

static inline bool fr_given(const char *text) { return text && *text; }

/* Take over `frame` (NULL stays NULL), add the entry, hand it on; NULL after a failure. The frame is one nobody else
 * has seen: just made by fr_frame_next or a function that calls it. */
fr_frame *fr_accounted(fr_call *call, fr_frame *frame, const fr_account_entry *entry) FR_MUST_USE;

/* The rows whose bit is set (all of them: the same columns), as a frame nobody else has seen. */
fr_frame *fr_frame_kept(fr_call *call, const fr_frame *frame, fr_buffer *keep, int64_t n_kept) FR_MUST_USE;

/* The bit of each row without a null among the listed columns; owned. */
fr_buffer *fr_rows_without_null(fr_call *call, const fr_frame *frame, const fr_list *list) FR_MUST_USE;
/* Those rows; *n_kept of them. */
fr_frame *fr_without_null_keys(fr_call *call, const fr_frame *frame, const fr_list *by, int64_t *n_kept) FR_MUST_USE;

/* The same frame with other columns at some places: replaced[i] NULL keeps column i. */
fr_frame *fr_frame_replaced(fr_call *call, const fr_frame *frame, fr_column *const *replaced) FR_MUST_USE;

/* "region = North, store = 3": cells of one row, for a message; fields NULL: the first n columns. */
bool fr_describe_row(fr_call *call, const fr_frame *frame, const int64_t *fields, size_t n, int64_t row, fr_text *out)
    FR_MUST_USE;

/* "line 2 and line 3" of two rows, or rows, from 0, where lines are not known. */
bool fr_describe_places(fr_call *call, const fr_frame *frame, const int64_t rows[2], fr_text *out) FR_MUST_USE;

/* The name, or name_1 … where one of the listed columns has it; NULL after a failure. */
const char *fr_free_name(fr_call *call, fr_arena *arena, const fr_list *list, const char *name) FR_MUST_USE;

/* n columns, references owned; for cleanup. */
typedef struct fr_columns {
    fr_context *context;
    size_t      n;
    fr_column **at;
} fr_columns;
bool fr_columns_init(fr_call *call, fr_columns *columns, size_t n) FR_MUST_USE;
void fr_columns_clear(fr_columns *columns);

#endif
