/* integers.isa.c — the loops of integers.h, once per instruction set. */
#include "kernel/integers.h"

#define FR_TEMPLATE "kernel/integers.inc.h"
#include "kernel/for_each_number.h"

const fr_integers_kernels FR_ISA_NAME(fr_integers_kernels) = {
    { to_i8_i8, to_i8_i16, to_i8_i32, to_i8_i64, to_i8_u8, to_i8_u16, to_i8_u32, to_i8_u64 },
    { to_i16_i8, to_i16_i16, to_i16_i32, to_i16_i64, to_i16_u8, to_i16_u16, to_i16_u32, to_i16_u64 },
    { to_i32_i8, to_i32_i16, to_i32_i32, to_i32_i64, to_i32_u8, to_i32_u16, to_i32_u32, to_i32_u64 },
    { to_i64_i8, to_i64_i16, to_i64_i32, to_i64_i64, to_i64_u8, to_i64_u16, to_i64_u32, to_i64_u64 },
    { lift_i8, lift_i16, lift_i32, lift_i64, lift_u8, lift_u16, lift_u32, lift_u64 },
};
