/* choice_codes.h — a choice among constant texts as a column of codes (see choice_codes.c). */
#ifndef FR_EXPR_CHOICE_CODES_H
#define FR_EXPR_CHOICE_CODES_H

#include "expr/typed.h"

/* if or when, and every value a text or null, one of them a text? */
bool fr_chooses_constant_texts(const fr_term *term);
/* Its value for rows 0 … n_rows-1; `base` is added to row numbers in errors. */
fr_column *fr_choose_codes(fr_call *call, fr_typed *typed, const fr_term *term, int64_t n_rows, int64_t base) FR_MUST_USE;

#endif
