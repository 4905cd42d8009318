/* text_numbers.h — short texts as numbers that are equal and ordered as the texts are.
 *
 *     id07    0 × 2 + 1 = 1        Of the four places, two are the same in all rows and cost nothing; the third has the
 *     id13    1 × 2 + 0 = 2        bytes 0 and 1, the fourth 3 and 7. A byte's rank at its place is a digit, and as
 *     id03    0 × 2 + 0 = 0        many bytes as occur there are its radix. The numbers are below 2 × 2.
 *
 * Identifiers, codes, numbers and dates kept as text are mostly like this. Such numbers need no dictionary, are made by
 * all threads, and where the texts count from 1 to n they lie as close together as these numbers do.
 */
#ifndef FR_DATA_TEXT_NUMBERS_H
#define FR_DATA_TEXT_NUMBERS_H

#include "data/column.h"

/* *numbers: a column (u8, u32 or u64, below *span, the nulls of `column`, whose layout is views) or NULL, when a text has
 * more than 12 bytes or ends in a zero byte, or the span would not fit 63 bits. */
bool fr_text_numbers(fr_call *call, const fr_column *column, fr_column **numbers, uint64_t *span) FR_MUST_USE;

#endif
