/* csv_index.h — finding field ends 64 bytes at a time (csv_index.isa.c), the second pass over a text (csv_count.h). */
#ifndef FR_IO_CSV_INDEX_H
#define FR_IO_CSV_INDEX_H

#include "io/csv/csv_value.h"
#include "kernel/isa.h"

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
    char        sep, quote;        /* quote 0: none in the text                                                         */
    bool        cr;                /* some byte of the text is CR                                                       */
} fr_csv_index_state;

typedef struct fr_csv_index_kernels {
    /* Writes the position of each field end, with FR_CSV_END_OF_RECORD on the last of a record and FR_CSV_QUOTED behind
     * closing quotes, and returns how many; stops when `state->at` reaches the end, which is at most FR_CSV_PLACE, or fewer
     * than 64 of `capacity` are left. */
    size_t (*index)(fr_csv_index_state *state, uint32_t *ends, size_t capacity);
    /* The ends of n_rows records of n_columns fields, put in columns: field c of row r ends at columns[c * stride + r]. False
     * when they are not that: some record has more or fewer. */
    bool   (*table)(const uint32_t *ends, size_t n_rows, size_t n_columns, uint32_t *columns, size_t stride);
} fr_csv_index_kernels;

FR_ISA_DECLARE(fr_csv_index_kernels, fr_csv_index_kernels);

#endif
