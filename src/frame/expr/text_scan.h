/* text_scan.h — functions that look at each text of a column once (see text_scan.c). */
#ifndef FR_EXPR_TEXT_SCAN_H
#define FR_EXPR_TEXT_SCAN_H

#include "expr/typed.h"

/* The lazy run of startswith, endswith, contains, len, bytes and hash. */
fr_lazy_fn fr_run_text_scan;
/* Is that one look at the views of a column, of any number of rows at a time where the answer has its place? */
bool fr_is_text_scan(const fr_term *term);

#endif
