/* text_ranks.h — the rank of each text among those that are different: sorting long texts without a dictionary. */
#ifndef FR_DATA_TEXT_RANKS_H
#define FR_DATA_TEXT_RANKS_H

#include "data/column.h"

/* *ranks: a column (u32, or u64 of more rows than that) of numbers below *span, without gaps, equal and ordered as the
 * texts of `column` by bytes, whose nulls it has; its layout is views. */
bool fr_text_ranks(fr_call *call, const fr_column *column, fr_column **ranks, uint64_t *span) FR_MUST_USE;

/* By a sample: is a text mostly another one than those of other rows? Then ranks take less than a dictionary. */
bool fr_texts_mostly_differ(const fr_column *column);

/* The ranks of n views. */
bool fr_view_ranks(fr_call *call, const fr_view *views, const char *const *bases, uint32_t n,
                   uint32_t *ranks) FR_MUST_USE;

#endif
