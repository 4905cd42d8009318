/* number_slots.h — columns of short numbers as text, a strip of rows at a time (number_slots.isa.c). */
#ifndef FR_KERNEL_NUMBER_SLOTS_H
#define FR_KERNEL_NUMBER_SLOTS_H

#include "kernel/isa.h"

#define FR_NUMBER_STRIP 128            /* rows of a strip: a few columns of them stay in the first-level cache        */

/* Sixteen bytes, the first in the lowest byte of `low`. */
typedef struct fr_number_slot { uint64_t low, high; } fr_number_slot;

/* All print numbers as slots: the text, the ending of up to two bytes behind it, and in the last byte the length of
 * both. What lies between is anything. */
typedef struct fr_number_slot_kernels {
    /* Whole numbers as slots of eight bytes; false when some number does not fit. */
    bool (*tiny)(const int64_t *values, size_t n, const char ending[2], size_t n_ending, uint64_t *out);
    /* The same of sixteen bytes; numbers of more than twelve digits do not fit. */
    bool (*near)(const int64_t *values, size_t n, const char ending[2], size_t n_ending, fr_number_slot *out);
    /* Floats that are k / 10^6 and below 10^7, exactly, and with their ending, of one at least, at most fifteen bytes long.
     * fits[i] is 0 for the others, whose slots are undefined; returns how many those are. */
    size_t (*f64)(const double *values, size_t n, const char ending[2], size_t n_ending, fr_number_slot *out,
                  uint64_t *fits);
} fr_number_slot_kernels;

FR_ISA_DECLARE(fr_number_slot_kernels, fr_number_slot_kernels);

static inline size_t fr_number_slot_length(const fr_number_slot *slot) { return (size_t)(slot->high >> 56); }

#endif
