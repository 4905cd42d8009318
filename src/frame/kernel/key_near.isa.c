/* key_near.isa.c — the loops of key_near.h, once per instruction set. */
#include "kernel/key_near.h"

#include "kernel/pack64.h"

#include <string.h>

#define FR_TEMPLATE "kernel/key_near.inc.h"
#include "kernel/for_each_number.h"

const fr_near_kernels FR_ISA_NAME(fr_near_kernels) = {
    near_i8, near_i16, near_i32, near_i64, near_u8, near_u16, near_u32, near_u64, near_f32, near_f64,
};
