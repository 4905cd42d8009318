/* key_near.isa.c — the loops of key_near.h, once per instruction set. */
#include "kernel/key_near.h"

#include "kernel/compare.h"
#include "kernel/pack64.h"

#include <string.h>

/* Where there are comparisons of the type into bits. */
#define BY_MASKS(type)                                                                                                \
    FR_TEMPLATE_FN bool by_masks_##type(uint64_t *bits, const void *x, size_t n, const void *bound, bool descending)   \
    {                                                                                                                 \
        const fr_compare_op op = descending ? FR_GREATER_EQUAL : FR_LESS_EQUAL;                                       \
        FR_ISA_NAME(fr_compare_kernels).type[op](bits, (fr_lanes){ x, 1 }, (fr_lanes){ bound, 0 }, n);                \
        return true;                                                                                                  \
    }
#define BY_BYTES(type)                                                                                                \
    FR_TEMPLATE_FN bool by_masks_##type(uint64_t *bits, const void *x, size_t n, const void *bound, bool descending)   \
    {                                                                                                                 \
        return (void)bits, (void)x, (void)n, (void)bound, (void)descending, false;                                    \
    }
BY_MASKS(i8) BY_MASKS(i16) BY_MASKS(i32) BY_MASKS(i64) BY_MASKS(u64) BY_MASKS(f64)
BY_BYTES(u8) BY_BYTES(u16) BY_BYTES(u32) BY_BYTES(f32)

#define FR_TEMPLATE "kernel/key_near.inc.h"
#include "kernel/for_each_number.h"

const fr_near_kernels FR_ISA_NAME(fr_near_kernels) = {
    near_i8, near_i16, near_i32, near_i64, near_u8, near_u16, near_u32, near_u64, near_f32, near_f64,
};
