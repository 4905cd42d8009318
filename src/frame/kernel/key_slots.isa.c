/* key_slots.isa.c — the loops of key_slots.h, once per instruction set. */
#include "kernel/key_slots.h"

#define FR_TEMPLATE "kernel/key_slots.inc.h"
#include "kernel/for_each_number.h"

static void scale(uint32_t *slots, size_t n, uint32_t by)
{
    for (size_t i = 0; i < n; i++) slots[i] *= by;
}

static void look_up(uint32_t *restrict out, const uint32_t *restrict slots, size_t n, const uint32_t *restrict table)
{
    for (size_t i = 0; i < n; i++) out[i] = table[slots[i]];
}

const fr_slot_kernels FR_ISA_NAME(fr_slot_kernels) = {
    slots_i8, slots_i16, slots_i32, slots_i64, slots_u8, slots_u16, slots_u32, slots_u64, slots_f32, slots_f64,
    .scale = scale, .look_up = look_up,
};
