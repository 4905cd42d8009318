/* expr_support.h — expressions in tests: one value as text, an error as text, a column of a small frame. */
#ifndef FR_TEST_SUPPORT_EXPR_SUPPORT_H
#define FR_TEST_SUPPORT_EXPR_SUPPORT_H

#include "expr/expr.h"

/* The aggregates that tests of expressions use: sum, mean, count, min, max, size on numbers, and grouping by any keys.
 * Slow. */
const fr_aggregator *fr_test_aggregator(void);

/* The expression's value in the first row of a frame of one row; text quoted as a literal, null as null; an error as
 * "error: …". Returned in `room`. */
const char *fr_test_eval_text(const char *expression, char *room, size_t n);

/* The expression over n columns, which a frame of these names has; NULL: it failed. */
fr_column *fr_test_eval_columns(fr_call *call, const char *expression, const char *const *names, fr_column **columns, size_t n);

/* All values of the expression over the frame, "1, null, 'x'". */
const char *fr_test_eval_all(const fr_frame *frame, const char *expression, char *room, size_t n);

/* One value of a column as a literal. */
size_t fr_test_cell(const fr_column *column, int64_t row, char *room, size_t n);

#endif
