/* riders.h — rows that bring along what they add, and the records of a range of codes they are added to.
 *
 *     row      code 7, place 12, word 5 and 1.5           8 bytes, or 16 with a number of 8
 *     visit    record 7 += word and number; was it visited before? else the row is listed as the next first one
 *     leave    records of listed rows, in that order, rounded: what was added to code 7 is the third record
 *
 * What rows add was made by vectors when they were dealt (ops/tally_riders.h), so a visit has nothing to look at but the
 * row and a record, which the second-level cache holds.
 */
#ifndef FR_KERNEL_RIDERS_H
#define FR_KERNEL_RIDERS_H

#include "kernel/tally_visits.h"

/* From the lowest bit on: 16 of the code, 16 of the place in its block, 32 of the word. */
static inline uint64_t fr_rider_row(uint32_t code, uint32_t place, uint32_t word)
{
    return (uint64_t)word << 32 | place << 16 | code;
}

typedef struct fr_rider { uint64_t row; double x; } fr_rider;

/* Rows to visit, and as many others that will be visited soon, which are asked for meanwhile. */
typedef struct fr_riders { const void *rows, *soon; size_t n; } fr_riders;

/* Rows, fr_rider or their first words alone, to records by code, of zero bits before the first. `firsts`: the low halves of
 * rows whose record was not visited before, `next` of them yet; room for one more than there are codes. → how many. */
typedef uint32_t fr_rider_visit(char *records, const fr_riders *riders, uint32_t *firsts, uint32_t next, fr_tally_rise rise);
/* What the records of n first rows come to, in this order; they are zero bits again. */
typedef void fr_rider_leave(void *to, char *records, const uint32_t *firsts, size_t n);

typedef struct fr_rider_kernel {
    fr_rider_visit *visit;
    fr_rider_leave *leave;
    size_t          record, left;          /* bytes of a record, and of what it comes to */
} fr_rider_kernel;

/* Words are below FR_SEEN_BIT. */
extern const fr_rider_kernel
    fr_ride_words,                         /* rows alone; uint64_t += (word << rise.by) + rise.every               */
    fr_ride_sums,                          /* fr_pair += x, left as a double                                       */
    fr_ride_sums_and_words,                /* both, in this order                                                  */
    fr_ride_bytes,                         /* rows alone; two of uint8_t: the larger of each half                  */
    fr_ride_halves;                        /* rows alone; two of uint16_t                                          */

#endif
