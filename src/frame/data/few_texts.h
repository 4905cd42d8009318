/* few_texts.h — the numbers of text_numbers.h for a column of few different texts: a text's rank among them.
 *
 *     south north south east      north 1, south 2, east 0      → 2 1 2 0
 *
 * A sample tells them, most likely all, and a small table finds the number of a row's text by one look at its view. Texts
 * that the sample lacks are noted while rows are numbered; where there are some it is done once more.
 */
#ifndef FR_DATA_FEW_TEXTS_H
#define FR_DATA_FEW_TEXTS_H

#include "data/column.h"

/* *numbers: a column (u8, below *span, the nulls of `column`, whose layout is views) or NULL, when texts are many, one has
 * more than 12 bytes, or rows are so few that it does not pay. */
bool fr_few_text_numbers(fr_call *call, const fr_column *column, fr_column **numbers, uint64_t *span) FR_MUST_USE;

#endif
