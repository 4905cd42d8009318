/* text_counts.h — how many different texts a column has, and which of them comes most often, where they hardly repeat.
 *
 *     ada@x.example  bob@y.example  ada@x.example  null        different 2    most frequent: row 0, which comes 2 times
 *
 * Numbering the rows' texts, to count the numbers then, is twice the work.
 */
#ifndef FR_OPS_TEXT_COUNTS_H
#define FR_OPS_TEXT_COUNTS_H

#include "data/column.h"

typedef struct fr_text_counts {
    int64_t n_different;                   /* nulls aside */
    int64_t row, n;                        /* the most frequent one, of ties the one met first: its first row, how often */
} fr_text_counts;

/* Is this such a column: long texts, many, which in a sample hardly repeat? */
bool fr_has_many_texts(const fr_column *column);
/* *sure: the counts are right. Else different texts had one hash, and somebody has to look at the texts. */
bool fr_count_texts(fr_call *call, const fr_column *column, fr_text_counts *counts, bool *sure) FR_MUST_USE;

#endif
