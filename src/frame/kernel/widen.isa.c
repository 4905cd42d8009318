/* widen.isa.c — the loops of widen.h, once per instruction set. */
#include "kernel/widen.h"

#define FR_TEMPLATE "kernel/widen.inc.h"
#include "kernel/for_each_number.h"

const fr_widen_kernels FR_ISA_NAME(fr_widen_kernels) = {
    { to_i32_i8, to_i32_i16, to_i32_i32, to_i32_i64, to_i32_u8, to_i32_u16, to_i32_u32, to_i32_u64 },
    { to_i64_i8, to_i64_i16, to_i64_i32, to_i64_i64, to_i64_u8, to_i64_u16, to_i64_u32, to_i64_u64 },
};
