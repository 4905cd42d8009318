/* convert.h — numbers of one layout as another that holds them: integers and floats widened, 64-bit integers as the
 * nearest double.
 *
 * Indexed by the layout they come from. NULL where there is nothing to do or the values need not fit. `out` may not
 * overlap `in`.
 */
#ifndef FR_KERNEL_CONVERT_H
#define FR_KERNEL_CONVERT_H

#include "kernel/isa.h"

typedef enum fr_convert_from {
    FR_FROM_I8, FR_FROM_I16, FR_FROM_I32, FR_FROM_I64, FR_FROM_U8, FR_FROM_U16, FR_FROM_U32, FR_FROM_U64, FR_FROM_F32,
    FR_FROM_COUNT
} fr_convert_from;

typedef void fr_convert_kernel(void *out, const void *in, size_t n);
typedef struct fr_convert_kernels {
    fr_convert_kernel *to_i64[FR_FROM_COUNT], *to_u64[FR_FROM_COUNT], *to_f64[FR_FROM_COUNT];
    /* False: some value has no counterpart, and what was written is of no use: doubles cut towards zero beyond i64 (nan
     * as well), integers beyond ±2^53 as doubles (which might be exact), integers beyond i32. */
    bool (*trunc_i64)(int64_t *out, const double *in, size_t n);
    bool (*exact_f64)(double *out, const int64_t *in, size_t n);
    bool (*fit_i32)(int32_t *out, const int64_t *in, size_t n);
} fr_convert_kernels;
FR_ISA_DECLARE(fr_convert_kernels, fr_convert_kernels);

#endif
