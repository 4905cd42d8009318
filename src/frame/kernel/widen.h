/* widen.h — integers of any layout as one signed layout, for values that are known to fit it. */
#ifndef FR_KERNEL_WIDEN_H
#define FR_KERNEL_WIDEN_H

#include "kernel/isa.h"

typedef void fr_widen_kernel(void *out, const void *values, size_t n);

typedef struct fr_widen_kernels {          /* i8 i16 i32 i64 u8 u16 u32 u64 */
    fr_widen_kernel *to_i32[8], *to_i64[8];
} fr_widen_kernels;

FR_ISA_DECLARE(fr_widen_kernels, fr_widen_kernels);

#endif
