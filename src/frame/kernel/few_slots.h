/* few_slots.h — rows of so few slots that what each adds up to stays in registers, and no record is looked for.
 *
 *     slots 0 1 1 0     values 5 2 4 1     sums[0] += 5 + 0 + 0 + 1     sums[1] += 0 + 2 + 4 + 0
 *
 * Integers go by once for each slot: 32 rows are compared with it at a time, what is of others becomes 0, and eight bytes are
 * added in one instruction. Floats, whose sums depend on the order of rows, are taken from four blocks side by side, a
 * block a lane: the lane's slot chooses the sum that the row is added to, and each block adds in its own order.
 *
 * Where there are no vectors of 256 bits the kernels are NULL: rows go to records then.
 */
#ifndef FR_KERNEL_FEW_SLOTS_H
#define FR_KERNEL_FEW_SLOTS_H

#include "kernel/tally_visits.h"

enum { FR_SUMMED_SLOTS = 12,               /* of integers, at most; beyond, records are as quick */
       FR_PAIRED_SLOTS = 4,                /* of floats */
       FR_SLOTTED_ROWS = 1 << 12 };        /* of a call, at most */

/* What a row adds: a byte, else 1 where its bit is set, else 1. */
typedef struct fr_slotted { const uint8_t *bytes; const uint64_t *bits; bool is_signed; } fr_slotted;

/* Sums of each slot in each lane, where records hold them: pair of slot s in lane k at field + k * lane_apart + s * stride. */
typedef struct fr_laned_pairs { char *field; size_t lane_apart, stride, n_slots; } fr_laned_pairs;

typedef struct fr_few_kernels {
    /* sums[s] += what rows of slot s add; rows of others add nothing. */
    void (*sums)(int64_t *sums, size_t n_slots, const uint8_t *slots, size_t n, const fr_slotted *in);
    /* Rows of FR_TALLY_LANES pieces, as of sum_f64_lanes: slots FR_LANE_ROWS and x `apart` from piece to piece; n of each. */
    void (*pairs)(const fr_laned_pairs *to, const uint8_t *slots, const double *x, size_t apart, size_t n);
} fr_few_kernels;
FR_ISA_DECLARE(fr_few_kernels, fr_few_kernels);

#endif
