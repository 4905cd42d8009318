/* csv_print.h — columns of short numbers as text, a strip of rows at a time (csv_print.isa.c). */
#ifndef FR_IO_CSV_PRINT_H
#define FR_IO_CSV_PRINT_H

#include "kernel/isa.h"

#define FR_CSV_STRIP 128               /* rows of a strip: a few columns of them stay in the first-level cache        */

/* Texts of up to eight bytes, the first in the lowest; what lies behind them is undefined. */
typedef struct fr_csv_words8 { uint64_t text[FR_CSV_STRIP], length[FR_CSV_STRIP]; } fr_csv_words8;

typedef struct fr_csv_print_kernels {
    /* Whole numbers as cells of eight bytes, the first in the lowest: the text, the ending of one or two bytes behind
     * it, and in the last byte the length of both; false when some number does not fit. */
    bool (*cells)(const int64_t *values, size_t n, const char ending[2], size_t n_ending, uint64_t *out);
    /* Whole numbers of at most eight bytes with their sign; false when some number is longer. */
    bool (*i64)(const int64_t *values, size_t n, fr_csv_words8 *out);
    /* Floats that are k / 10^6 and below 10^7, exactly: sign and whole part, then point and decimals without zeros at
     * their end. plain[i] is 0 for the others, whose texts are undefined; returns how many are of
     * the others or longer than 13 bytes. */
    size_t (*f64)(const double *values, size_t n, fr_csv_words8 *whole, fr_csv_words8 *decimals, uint64_t *plain);
} fr_csv_print_kernels;

FR_ISA_DECLARE(fr_csv_print_kernels, fr_csv_print_kernels);

#endif
