/* csv_foreign.h — files that are no delimited text, known by their first bytes. */
#ifndef FR_CSV_FOREIGN_H
#define FR_CSV_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

typedef struct fr_csv_foreign {
    const char *what;        /* "a Parquet file"; NULL: nothing is known against it                    */
    const char *advice;
    const char *looks;       /* a text, which somebody may want to read line by line: what to say then */
    bool        certain;     /* else brackets, with which the header of a table might begin            */
} fr_csv_foreign;

fr_csv_foreign fr_csv_foreign_of(const char *text, size_t n, const char *path);

#endif
