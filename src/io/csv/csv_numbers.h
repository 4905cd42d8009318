/* csv_numbers.h — columns of plain numbers, a block of fields at a time (csv_numbers.isa.c). */
#ifndef FR_IO_CSV_NUMBERS_H
#define FR_IO_CSV_NUMBERS_H

#include "io/csv/csv_unquote.h"
#include "kernel/isa.h"

typedef struct fr_csv_numbers {
    const fr_csv_field  *fields;       /* n of them, or                                                                */
    const fr_csv_places *places;       /* … where they are; NULL: there are fields                                     */
    size_t      n;
    bool        quoted;                /* fields in quotes are numbers as well                                         */
    char        decimal;
    void       *out;                   /* n values: int64_t or double                                                  */
    uint64_t   *left;                  /* out: bits of the fields that are not plain; their values are undefined       */
    bool        any;                   /* out: some field is plain; then the range of those that are                   */
    union { int64_t i; double f; } min, max;
} fr_csv_numbers;

typedef struct fr_csv_number_kernels {
    /* Plain: [blanks][-]digits, at most 16 bytes of them, no leading zeros. Floats: with a mark among them; up to 20 bytes
     * when the mark is one of the first 16; correctly rounded. */
    void (*i64)(fr_csv_numbers *block);
    void (*f64)(fr_csv_numbers *block);
    bool takes_places;
} fr_csv_number_kernels;

FR_ISA_DECLARE(fr_csv_number_kernels, fr_csv_number_kernels);

#endif
