/* numbers.h — numbers as people read them: separators, one decimal for percent, money with two places. */
#ifndef FR_REPORT_NUMBERS_H
#define FR_REPORT_NUMBERS_H

#include "keeping.h"

/* "1 row", "1,204 rows" */
const char *counted(store *s, int64_t number, const char *what);
const char *grouped(store *s, int64_t number);                          /* 1,234,567 */
/* A number's plain text ("-1234.5") with separators; of money two decimals, with the currency's sign before the digits. */
const char *grouped_text(store *s, const char *digits);
const char *money_text(store *s, const char *digits, const char *currency);
const char *share_text(store *s, double share);                         /* 0.415 → 41.5 %; NaN → – */
const char *change_text(store *s, double change);                       /* 0.083 → +8.3 %; NaN → – */
const char *short_number(store *s, double number);                      /* at most six digits, separators; NaN → – */

#endif
