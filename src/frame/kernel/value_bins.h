/* value_bins.h — which of a few bins each double is in, bins being in the order of the values; few bytes counted.
 *
 * A fine bin is the distance of the value's ordered bits from the lowest in units of 2^shift, at most FR_FINE_BINS - 1;
 * a map says which bin it belongs to. Values beyond the lowest and the highest are with these, NaN has a bin of its own,
 * and -0 is 0. The bin of a group's value is that of the group's first plus the value's; rows of no group are in those
 * of group n_groups. Of each group a few bins, one behind the other, may be wanted.
 *
 *     values 2.5 -1 NaN    bins 1 0 2        of groups 3 0 1, three bins each    10 0 5
 */
#ifndef FR_KERNEL_VALUE_BINS_H
#define FR_KERNEL_VALUE_BINS_H

#include "kernel/isa.h"

enum { FR_FINE_BINS = 1 << 13 };

typedef struct fr_bin_rule {
    uint64_t low, high;                    /* ordered bits (fr_ordered_f64) of the lowest and highest */
    unsigned shift;                        /* (high - low) >> shift is below FR_FINE_BINS */
    uint8_t  map[FR_FINE_BINS + 1];        /* by fine bin; the last is that of NaN */
} fr_bin_rule;

static inline uint32_t fr_ordered_i32(int32_t x) { return (uint32_t)x ^ (uint32_t)1 << 31; }

/* A few bins of 255, one behind the other. */
static inline uint16_t fr_bins_wanted(uint32_t first, uint32_t n) { return (uint16_t)(first | n << 8); }
static inline uint32_t fr_bins_first(uint16_t wanted) { return wanted & UINT8_MAX; }
static inline uint32_t fr_bins_number(uint16_t wanted) { return wanted >> 8; }

typedef struct fr_bins_kernels {
    void (*bins)(uint8_t *bins, const double *x, size_t n, const fr_bin_rule *rule);
    /* The same of whole numbers, whose ordered bits are those of 32 bits (fr_ordered_i32). */
    void (*whole_bins)(uint8_t *bins, const int32_t *x, size_t n, const fr_bin_rule *rule);
    void (*of_groups)(uint32_t *out, const uint8_t *bins, const uint32_t *groups, size_t n, uint32_t n_groups,
                      uint32_t n_bins);
    /* Bits of whole words: is the bin wanted of the group (fr_bins_wanted)? wanted[n_groups]: of no group. */
    void (*among)(uint64_t *words, const uint8_t *bins, const uint32_t *groups, size_t n, uint32_t n_groups,
                  const uint16_t *wanted);
    /* counts[v] more by how many bytes are low + v, v below n_values; others are not counted. All are looked at once for
     * each value: for few of them. */
    void (*count_bytes)(uint64_t *counts, const uint8_t *x, size_t n, uint8_t low, size_t n_values);
} fr_bins_kernels;
FR_ISA_DECLARE(fr_bins_kernels, fr_bins_kernels);

#endif
