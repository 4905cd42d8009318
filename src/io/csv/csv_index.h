/* csv_index.h — finding field ends 64 bytes at a time (csv_index.isa.c).
 *
 * A text of the plain dialect is cut anywhere; whether a piece begins inside quotes is not known while its neighbours are
 * still being read. So the first pass counts under both hypotheses, the quotes before the piece decide which one holds
 * (their number is odd or even), and the second pass lists the field ends of whole records.
 */
#ifndef FR_IO_CSV_INDEX_H
#define FR_IO_CSV_INDEX_H

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

#define FR_CSV_END_OF_RECORD 0x80000000u
#define FR_CSV_QUOTED        0x40000000u       /* of a field end: the field is in quotes                                */
#define FR_CSV_PLACE         0x3fffffffu       /* the position                                                          */

typedef struct fr_csv_index_state {
    const char *text;              /* at least 64 readable bytes follow `end`                                           */
    size_t      at, end;           /* where to go on, where to stop; records begin at `at` on the first call            */
    uint64_t    inside;            /* all ones while inside quotes                                                      */
    uint64_t    after_close;       /* 1: the last byte closed quotes                                                    */
    uint64_t    after_close_cr;    /* 1: … and a CR followed                                                            */
    uint64_t    doubled;           /* not 0 once quotes opened right behind closing ones: a doubled quote               */
    char        sep, quote;
} fr_csv_index_state;

typedef struct fr_csv_index_kernels {
    /* quote 0: none. Positions are relative to text. */
    void   (*count)(const char *text, size_t n, char sep, char quote, fr_csv_counts *out);
    /* Writes the position of each field end, with FR_CSV_END_OF_RECORD on the last of a record and FR_CSV_QUOTED behind
     * closing quotes, and returns how many; stops when `state->at` reaches the end, which is at most FR_CSV_PLACE, or fewer
     * than 64 of `capacity` are left. */
    size_t (*index)(fr_csv_index_state *state, uint32_t *ends, size_t capacity);
    /* The ends of n_rows records of n_columns fields, put in columns: field c of row r ends at columns[c * stride + r]. False
     * when they are not that: some record has more or fewer. */
    bool   (*table)(const uint32_t *ends, size_t n_rows, size_t n_columns, uint32_t *columns, size_t stride);
    /* One column: field r reaches from text + before[r] + step to text + ends[r]; one that ends before it begins is empty. */
    void   (*fields)(const char *text, const uint32_t *before, uint32_t step, const uint32_t *ends, size_t n, fr_csv_field *out);
} fr_csv_index_kernels;

FR_ISA_DECLARE(fr_csv_index_kernels, fr_csv_index_kernels);

#endif
