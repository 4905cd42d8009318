/* key_near.h — which values can have a code up to a limit, without making codes.
 *
 *     f64 column, descending, the limit the code of 99.5      x near when x >= 99.5
 *
 * For finding the first few of many rows: nearly all are turned away by one comparison with a value.
 */
#ifndef FR_KERNEL_KEY_NEAR_H
#define FR_KERNEL_KEY_NEAR_H

#include "kernel/isa.h"
#include "kernel/key_codes.h"

typedef struct fr_near_kernels {
    fr_near_kernel *near_i8, *near_i16, *near_i32, *near_i64, *near_u8, *near_u16, *near_u32, *near_u64, *near_f32,
        *near_f64;
} fr_near_kernels;

FR_ISA_DECLARE(fr_near_kernels, fr_near_kernels);

#endif
