/* csv_count.h — counting records 64 bytes at a time (csv_count.isa.c).
 *
 * A text of the plain dialect is cut anywhere; whether a piece begins inside quotes is not known while its neighbours are
 * still being read. So the first pass counts under both hypotheses, the quotes before the piece decide which one holds
 * (their number is odd or even), and the second pass (csv_index.h) lists the field ends of whole records.
 */
#ifndef FR_IO_CSV_COUNT_H
#define FR_IO_CSV_COUNT_H

#include "io/csv/csv_value.h"
#include "kernel/isa.h"

typedef struct fr_csv_half {       /* what a piece holds if its first byte is outside [0] or inside [1] quotes           */
    int64_t ends;                  /* record ends                                                                       */
    int64_t blanks;                /* of these, ends of empty lines whose beginning lies in the piece as well           */
    int64_t first, last;           /* positions of the first and last record end in the piece; -1: none                 */
    bool    bad;                   /* a quote stands where none may: the scanner must look at this                      */
} fr_csv_half;

typedef struct fr_csv_counts {
    fr_csv_half half[2];
    int64_t lines;                 /* line feeds, inside quotes or not                                                  */
    bool    odd_quotes;
    bool    ascii;                 /* no byte above 127                                                                 */
    bool    nul;                   /* some byte is 0                                                                    */
    bool    quotes;                /* some byte is the quote                                                            */
    bool    cr;                    /* some byte is CR                                                                   */
} fr_csv_counts;

typedef struct fr_csv_count_kernels {
    /* quote 0: none. Positions are relative to text. */
    void (*count)(const char *text, size_t n, char sep, char quote, fr_csv_counts *out);
} fr_csv_count_kernels;

FR_ISA_DECLARE(fr_csv_count_kernels, fr_csv_count_kernels);

#endif
