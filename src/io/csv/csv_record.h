/* csv_record.h — one record at a time, byte by byte: every dialect, every flaw named (csv_record.c). */
#ifndef FR_IO_CSV_RECORD_H
#define FR_IO_CSV_RECORD_H

#include "io/csv/csv_dialect.h"

typedef enum fr_csv_flaw {
    FR_CSV_FINE,
    FR_CSV_CUT,                /* the text ends before the record does, and more may follow                           */
    FR_CSV_OPEN_QUOTE,         /* the file ends inside quotes                                                         */
    FR_CSV_QUOTE_INSIDE,       /* a quote in a field that does not begin with one                                     */
    FR_CSV_TEXT_AFTER_QUOTE,   /* a closing quote is followed by neither separator, line end nor quote                */
    FR_CSV_TOO_FEW, FR_CSV_TOO_MANY, FR_CSV_NUL_BYTE, FR_CSV_BAD_UTF8,      /* found by others                        */
    FR_CSV_PADDED,             /* no flaw: a row with too few fields that was filled up                               */
} fr_csv_flaw;

typedef struct fr_csv_record {
    size_t      begin;         /* first byte                                                                          */
    size_t      next;          /* where the next record begins; after a flaw: the next line                           */
    size_t      n_fields;
    bool        blank;         /* an empty line                                                                       */
    bool        comment;       /* nothing but a comment                                                               */
    fr_csv_flaw flaw;
    size_t      flaw_at;       /* the offending byte                                                                  */
    size_t      quote_at;      /* where the quoted field of a flaw begins                                             */
} fr_csv_record;

/* Scan the record that begins at `begin` of text[0 … n). The ends of its first `capacity` fields go to `ends` (may be
 * NULL with capacity 0). `last`: nothing follows text[n-1], which then needs no line end. begin < n. */
void fr_csv_scan_record(const fr_csv_dialect *dialect, const char *text, size_t begin, size_t n, bool last,
                        uint32_t *ends, size_t capacity, fr_csv_record *out);

#endif
