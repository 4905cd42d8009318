/* bounds.isa.c — the loops of bounds.h, once per instruction set: 256 lanes are chosen beside the vectors, which may be
 * the same, and then copied. */
#include "kernel/bounds.h"

enum { ROWS = 256 };

#define FR_TEMPLATE "kernel/bounds.inc.h"
#include "kernel/for_each_number.h"

#define EVERY(name) { name##_i8, name##_i16, name##_i32, name##_i64, name##_u8, name##_u16, name##_u32, name##_u64, \
                      name##_f32, name##_f64 }
const fr_bounds_kernels FR_ISA_NAME(fr_bounds_kernels) = {
    .lower = EVERY(lower), .higher = EVERY(higher), .least = EVERY(least), .greatest = EVERY(greatest),
};
