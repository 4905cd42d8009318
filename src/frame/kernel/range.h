/* range.h — least and greatest of an array of numbers, nulls left out, NaN noted.
 *
 * A fold: start from fr_range_none, fold as many blocks as there are, in any order; the result is the same.
 */
#ifndef FR_KERNEL_RANGE_H
#define FR_KERNEL_RANGE_H

#include "kernel/isa.h"

typedef union fr_range_end { int64_t i; uint64_t u; double f; } fr_range_end;      /* by the layout's family */

typedef struct fr_range {
    fr_range_end min, max;
    bool         some;           /* at least one value that is neither null nor NaN */
    bool         has_nan;
} fr_range;

typedef enum fr_range_of {
    FR_RANGE_I8, FR_RANGE_I16, FR_RANGE_I32, FR_RANGE_I64, FR_RANGE_U8, FR_RANGE_U16, FR_RANGE_U32, FR_RANGE_U64,
    FR_RANGE_F32, FR_RANGE_F64, FR_RANGE_COUNT
} fr_range_of;

typedef struct fr_range_kernels {
    /* Fold n values into *range; valid (may be NULL) begins at the first value's bit 0. */
    void (*fold[FR_RANGE_COUNT])(fr_range *range, const void *values, const uint64_t *valid, int64_t n);
} fr_range_kernels;
FR_ISA_DECLARE(fr_range_kernels, fr_range_kernels);

#endif
