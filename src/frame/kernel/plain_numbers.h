/* plain_numbers.h — numbers out of texts that are written plainly: [-]digits[.digits], at most 18 bytes behind the sign,
 * with a digit at both ends (plain_numbers.isa.c).
 *
 *     "-123.456"    bytes   - 1 2 3 . 4 5 6
 *                           . . . . . . . . - 1 2 3 . 4 5 6     moved to the end of sixteen places
 *                           . . . . . . . . . . 1 2 3 4 5 6     what is before the point one place more; no digit: 0
 *                           123456, three of them behind the point, negative
 *
 * Up to sixteen bytes are read so, without a branch: how long texts are and where their points stand nobody could foresee.
 */
#ifndef FR_KERNEL_PLAIN_NUMBERS_H
#define FR_KERNEL_PLAIN_NUMBERS_H

#include "kernel/text_search.h"

typedef struct fr_plain_numbers {
    uint64_t digits[64];
    uint8_t  after[64];                     /* so many digits are behind the point */
    uint64_t negative;                      /* bits of rows */
} fr_plain_numbers;

typedef struct fr_plain_number_kernels {
    /* The texts whose bit is in `rows`. → bits of those that are written so; of others nothing is known. */
    uint64_t (*read)(fr_plain_numbers *out, const fr_piece texts[64], uint64_t rows);
} fr_plain_number_kernels;

FR_ISA_DECLARE(fr_plain_number_kernels, fr_plain_number_kernels);

#endif
