/* csv_dialect.h — how one file separates, quotes and ends things. */
#ifndef FR_IO_CSV_DIALECT_H
#define FR_IO_CSV_DIALECT_H

#include "base/compiler.h"

typedef struct fr_csv_dialect {
    char sep;
    char quote;              /* 0: none                                                                               */
    char escape;             /* 0: none; a quote inside quotes is then doubled                                        */
    char comment;            /* 0: none                                                                               */
    bool any_newline;        /* a lone CR ends a record as well (CR-only and mixed files)                             */
    bool trim;               /* blanks around unquoted fields and before quotes are no part of them                   */
    bool blank_is_row;       /* a blank line is a row of nulls                                                        */
} fr_csv_dialect;

/* True when records can be found by counting quotes, 64 bytes at a time; else the scanner of csv_record.c does it. */
static inline bool fr_csv_dialect_is_plain(const fr_csv_dialect *dialect)
{
    return !dialect->escape && !dialect->comment && !dialect->any_newline &&
           !(dialect->trim && dialect->quote);
}

#endif
