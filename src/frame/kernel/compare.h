/* compare.h — vectors compared straight into bits: bit i of out is a[i] OP b[i]; a step of 0 repeats the first value.
 *
 * Requires that out has room for whole words; those of the last word beyond n are zero.
 */
#ifndef FR_KERNEL_COMPARE_H
#define FR_KERNEL_COMPARE_H

#include "kernel/arith.h"

typedef enum fr_compare_op {
    FR_EQUAL,
    FR_UNEQUAL,
    FR_LESS,
    FR_LESS_EQUAL,
    FR_GREATER,
    FR_GREATER_EQUAL,
    FR_COMPARE_COUNT
} fr_compare_op;

typedef void fr_compare_kernel(uint64_t *out, fr_lanes a, fr_lanes b, size_t n);
typedef struct fr_compare_kernels {
    fr_compare_kernel *i64[FR_COMPARE_COUNT], *u64[FR_COMPARE_COUNT], *f64[FR_COMPARE_COUNT], *i32[FR_COMPARE_COUNT],
        *i16[FR_COMPARE_COUNT], *i8[FR_COMPARE_COUNT];
} fr_compare_kernels;
FR_ISA_DECLARE(fr_compare_kernels, fr_compare_kernels);

/* -1, 0, 1 exactly, whatever the types: no rounding on the way. nan: 2 (unordered). */
int fr_compare_i64_u64(int64_t a, uint64_t b);
int fr_compare_i64_f64(int64_t a, double b);
int fr_compare_u64_f64(uint64_t a, double b);

#endif
