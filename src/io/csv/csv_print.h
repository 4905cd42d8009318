/* csv_print.h — columns of short numbers as text, a strip of rows at a time (csv_print.isa.c). */
#ifndef FR_IO_CSV_PRINT_H
#define FR_IO_CSV_PRINT_H

#include "kernel/isa.h"

#define FR_CSV_STRIP 128               /* rows of a strip: a few columns of them stay in the first-level cache        */

/* A slot of sixteen bytes (csv_slots.h), the first in the lowest byte of `low`. */
typedef struct fr_csv_pair { uint64_t low, high; } fr_csv_pair;

/* All print numbers as slots: the text, the ending of one or two bytes behind it, and in the last byte the length of
 * both. What lies between is zero or the like of an ending. */
typedef struct fr_csv_print_kernels {
    /* Whole numbers as slots of eight bytes; false when some number does not fit. */
    bool (*tiny)(const int64_t *values, size_t n, const char ending[2], size_t n_ending, uint64_t *out);
    /* The same of sixteen bytes; numbers of more than twelve digits do not fit. */
    bool (*near)(const int64_t *values, size_t n, const char ending[2], size_t n_ending, fr_csv_pair *out);
    /* Floats that are k / 10^6 and below 10^7, exactly, and with their ending at most fifteen bytes long. fits[i] is 0
     * for the others, whose slots are undefined; returns how many those are. */
    size_t (*f64)(const double *values, size_t n, const char ending[2], size_t n_ending, fr_csv_pair *out,
                  uint64_t *fits);
} fr_csv_print_kernels;

FR_ISA_DECLARE(fr_csv_print_kernels, fr_csv_print_kernels);

#endif
