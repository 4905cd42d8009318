/* words.h — what a column's name says. */
#ifndef FR_REPORT_WORDS_H
#define FR_REPORT_WORDS_H

#include "analysis.h"

/* The weights of a name's words for every role, added up (words.def.h). */
typedef struct name_weights {
    int of[N_ROLES];
} name_weights;

name_weights weigh_name(const char *name);
bool name_has_word(const char *name, const char *word);

/* "$" for a name such as "Cost ($)", "total_usd"; NULL when it names no currency. */
const char *currency_in_name(const char *name);

/* 1 … 12 for an English month's name, 21 … 27 for a weekday's (three letters do); 0 for any other text. */
int calendar_order(const char *text);

/* "total_bill" → "Total bill" */
const char *pretty_name(store *s, const char *name);

#endif
