/* eval_views.h — answers that are texts of one column, or parts of them: from view to view, in the column's heap. */
#ifndef FR_EXPR_EVAL_VIEWS_H
#define FR_EXPR_EVAL_VIEWS_H

#include "expr/typed.h"

/* The column of views whose texts hold those of the term; NULL: there is none. */
const fr_column *fr_whole_of_parts(const fr_term *term);
/* How the term is computed on the views of its first argument, which then is a column; NULL: not so. */
fr_views_fn *fr_views_of(const fr_term *term);

#endif
