/* rank_values.h — the integers that ranks of extremes stand for (kernel/tally_fields.h).
 *
 *     largest of 3 … 9     worst 3      ranks 1 7 0     3 9 and none
 *     smallest of 3 … 9    worst 9      ranks 1 7 0     9 3 and none
 */
#ifndef FR_KERNEL_RANK_VALUES_H
#define FR_KERNEL_RANK_VALUES_H

#include "kernel/isa.h"

typedef struct fr_rank_values_of { int64_t worst; bool least; } fr_rank_values_of;

/* values[i] = worst + ranks[i] - 1, of least ones worst - ranks[i] + 1, and 0 where the rank is 0; → is any? */
typedef bool fr_rank_values(void *values, const void *ranks, size_t n, const fr_rank_values_of *of);

typedef struct fr_rank_kernels {
    fr_rank_values *values[3][4];          /* by the logarithms of the widths of a rank and of a value */
} fr_rank_kernels;
FR_ISA_DECLARE(fr_rank_kernels, fr_rank_kernels);

/* Of 1, 2, 4 or 8. */
static inline size_t fr_width_log(size_t width) { return (size_t)__builtin_ctzll(width); }

#endif
