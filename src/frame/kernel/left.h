/* left.h — totals of what was left of records (kernel/riders.h): of each a word, or a double and a word.
 *
 *     left     12.5, 3 rows and 7     4.0, 1 row and 2          step 2
 *     parts    3 1                    rows of a word
 *     means    4.1666… 4.0
 */
#ifndef FR_KERNEL_LEFT_H
#define FR_KERNEL_LEFT_H

#include "kernel/isa.h"
#include "kernel/tally_fields.h"

typedef struct fr_left_kernels {
    /* out[i] = the part of the word at words + i × step; step: 1 or 2. */
    void (*parts)(uint64_t *out, const uint64_t *words, size_t step, size_t n, const fr_tally_part *part);
    /* out[i] = the i-th double / its rows, which are a part of the word behind it and not 0; → is each finite? */
    bool (*means)(double *out, const void *left, size_t n, const fr_tally_part *rows);
} fr_left_kernels;
FR_ISA_DECLARE(fr_left_kernels, fr_left_kernels);

#endif
