/* csv_lenient.h — text that only resembles CSV becomes CSV (csv_lenient.c). */
#ifndef FR_IO_CSV_LENIENT_H
#define FR_IO_CSV_LENIENT_H

#include "io/csv/csv_gunzip.h"

typedef struct fr_csv_lenient fr_csv_lenient;

/* Text is taken from `pull`; MODULE when libcsv is not installed. quote 0: none. */
fr_csv_lenient *fr_csv_lenient_new(fr_call *call, char sep, char quote, fr_csv_pull *pull, void *state) FR_MUST_USE;
/* Up to n bytes of regular CSV; 0 at the end, -1 with the failure recorded. */
int64_t         fr_csv_lenient_read(fr_call *call, fr_csv_lenient *lenient, char *to, size_t n);
void            fr_csv_lenient_close(fr_csv_lenient *lenient);      /* NULL does nothing */

#endif
