/* text_columns.h — planning what is cleaned, text column by text column, before anything is changed. */
#ifndef FR_REPORT_TEXT_COLUMNS_H
#define FR_REPORT_TEXT_COLUMNS_H

#include "analysis.h"

typedef struct text_column {
    const char *name, *quoted;
    size_t      index;              /* in raw */
    int64_t     n_valid, n_distinct;
    const fr_frame *among;          /* it and its neighbours: looking at one column of twenty thousand copies no names of all */
    fr_frame   *values;             /* distinct values (null too) with their count, most frequent first; NULL: too many */
} text_column;

enum { MOST_SPELLINGS = 500, MOST_DATE_TEXTS = 50000 };

bool plan_words(analysis *a, const text_column *column);       /* spelling.c: words that mean missing, spellings */
bool plan_number(analysis *a, const text_column *column, bool *planned);        /* numerals.c: numbers among texts */
bool plan_dates(analysis *a, const text_column *column, bool *planned);         /* dates.c: dates among texts */

const char *text_literal(store *s, const char *text);          /* 'it\'s', for expressions */

#endif
