/* spreads.h — doubles added to the sums of their groups: distances from the group's centre and their squares.
 *
 *     x 1 4 3   groups 1 0 1   centres 4 1        group 0: 0 and 0     group 1: 0 + 2 and 0 + 4
 *
 * A row costs eight operations on two numbers. With AVX2 two neighbours of two groups share them, and states of a large table
 * are asked for some rows before they are added to.
 */
#ifndef FR_KERNEL_SPREADS_H
#define FR_KERNEL_SPREADS_H

#include "kernel/accumulate.h"
#include "kernel/isa.h"

enum { FR_SPREAD_ROWS = 2048 };

typedef struct fr_spread_kernels {
    /* As fr_spreads_kernel, of at most FR_SPREAD_ROWS rows with groups, whose states know their centres. */
    void (*add)(fr_spread_sums *states, const double *x, const uint64_t *valid, const fr_group_span *span);
} fr_spread_kernels;
FR_ISA_DECLARE(fr_spread_kernels, fr_spread_kernels);

#endif
