/* riders.h — rows that bring along what they add, numbered and added in one visit.
 *
 *     row      code 7, place 12, word 5 and 1.5           8 bytes, or 16 with a number of 8
 *     visit    slots[7] → number 3, or the next one, and then firsts[3] = 12
 *              record 3 += word and number
 *
 * What rows add was made by vectors when they were dealt (ops/tally_riders.h), so a visit has nothing to look at but the
 * row, a slot and a record, which the second-level cache holds.
 */
#ifndef FR_KERNEL_RIDERS_H
#define FR_KERNEL_RIDERS_H

#include "kernel/tally_fields.h"

#define FR_NO_RIDER_NUMBER UINT16_MAX      /* of a code that was not seen yet */

/* From the lowest bit on: 16 of the code, 16 of the place in its block, 32 of the word. */
static inline uint64_t fr_rider_row(uint32_t code, uint32_t place, uint32_t word)
{
    return (uint64_t)word << 32 | place << 16 | code;
}

typedef struct fr_rider { uint64_t row; double x; } fr_rider;

typedef struct fr_rider_numbers {          /* of a range; of fewer than 2^16 - 1 codes */
    uint16_t *slots;                       /* number of each code */
    uint16_t *firsts;                      /* by number: the place it was first seen at; room for one more */
    uint32_t  next;
} fr_rider_numbers;

/* n rows, fr_rider or their first words alone, to records of zero bits; → the number after the last. */
typedef uint32_t fr_rider_kernel(char *records, const void *rows, size_t n, const fr_rider_numbers *numbers,
                                 fr_tally_rise rise);

fr_rider_kernel fr_ride_words,             /* rows alone; uint64_t += (word << rise.by) + rise.every               */
    fr_ride_sums,                          /* fr_pair += x                                                         */
    fr_ride_sums_and_words,                /* both, in this order                                                  */
    fr_ride_bytes,                         /* rows alone; two of uint8_t: the larger of each half                  */
    fr_ride_halves;                        /* rows alone; two of uint16_t                                          */

#endif
