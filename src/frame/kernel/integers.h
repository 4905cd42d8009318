/* integers.h — integers of any layout as one signed layout, for values that are known to fit it. */
#ifndef FR_KERNEL_INTEGERS_H
#define FR_KERNEL_INTEGERS_H

#include "kernel/isa.h"

/* `out` may not overlap `values`. */
typedef void fr_integers_kernel(void *out, const void *values, size_t n);

/* words[i] += x[i] << shift, modulo 2^64; begin not NULL: words[i] was *begin */
typedef void fr_lift_kernel(uint64_t *words, const void *values, size_t n, unsigned shift, const uint64_t *begin);
/* The same modulo 2^32; shift below 32. */
typedef void fr_small_lift_kernel(uint32_t *words, const void *values, size_t n, unsigned shift, const uint64_t *begin);

typedef struct fr_integers_kernels {       /* from i8 i16 i32 i64 u8 u16 u32 u64 */
    fr_integers_kernel *to_i8[8], *to_i16[8], *to_i32[8], *to_i64[8];
    fr_lift_kernel     *lift[8];
    fr_small_lift_kernel *lift_small[8];
    void (*lift_bits)(uint64_t *words, const uint64_t *bits, size_t n, unsigned shift);     /* words[i] += bit i << shift */
    void (*lift_small_bits)(uint32_t *words, const uint64_t *bits, size_t n, unsigned shift);
} fr_integers_kernels;

FR_ISA_DECLARE(fr_integers_kernels, fr_integers_kernels);

#endif
