/* key_slots.h — codes of keys made by vectors: those of key_codes.h, and their low halves for keys whose span fits 32
 * bits.
 *
 * All steps of a code (flip, add, multiply by a span) are the same modulo 2^32, so nothing wider is needed on the way:
 *
 *     u8 column in 3 … 7, rule low = 3      3 → 0   7 → 4      combined with a slot s before: s × 5 + code
 */
#ifndef FR_KERNEL_KEY_SLOTS_H
#define FR_KERNEL_KEY_SLOTS_H

#include "kernel/isa.h"
#include "kernel/key_codes.h"

enum { FR_SPREAD = 8, FR_SIEVE_ROOM = 16, FR_FEW_SLOTS = 1024 };

typedef void fr_plain_code_kernel(uint64_t *out, const void *values, size_t n, const fr_code_rule *rule, bool combine);

typedef struct fr_slot_kernels {
    fr_plain_code_kernel *codes_i8, *codes_i16, *codes_i32, *codes_i64, *codes_u8, *codes_u16, *codes_u32, *codes_u64,
        *codes_f32, *codes_f64;
    fr_slots_kernel *slots_i8, *slots_i16, *slots_i32, *slots_i64, *slots_u8, *slots_u16, *slots_u32, *slots_u64,
        *slots_f32, *slots_f64;
    /* codes[i] = slots[i], or codes[i] × span + slots[i] when `combine` */
    void (*append)(uint64_t *codes, const uint32_t *slots, size_t n, uint32_t span, bool combine);
    /* As fr_codes_patch_nulls. */
    void (*patch_nulls)(uint32_t *out, const uint64_t *valid, size_t n, uint32_t zero_code, uint32_t null_code);
    void (*shorten)(uint32_t *out, const uint64_t *codes, size_t n, unsigned shift);           /* codes >> shift, low halves */
    void (*scale)(uint32_t *slots, size_t n, uint32_t by, uint32_t begin);          /* slots[i] = slots[i] × by + begin */
    /* slots[i] = slots[i] × by + (i % FR_SPREAD) × apart: the same slot in tables side by side */
    void (*spread)(uint32_t *slots, size_t n, uint32_t by, uint32_t apart);
    void (*look_up)(uint32_t *out, const uint32_t *slots, size_t n, const uint32_t *table);
    uint32_t (*largest)(const uint32_t *slots, size_t n);               /* 0 of none */
    /* Is the bit of every slot set? Bits of fewer than FR_FEW_SLOTS slots have as many zeros behind them. */
    bool (*are_among)(const uint32_t *slots, size_t n, const uint32_t *bits, size_t n_bits);
    /* The same of bytes, of 256 bits. */
    bool (*bytes_are_among)(const uint8_t *bytes, size_t n, const uint8_t *bits);
    /* Of those in low … low + width - 1: codes, less low, and where they stand; both have room for n + FR_SIEVE_ROOM.
     * → how many */
    size_t (*sieve)(uint32_t *codes, uint32_t *places, const uint32_t *slots, size_t n, uint32_t low, uint32_t width);
} fr_slot_kernels;

FR_ISA_DECLARE(fr_slot_kernels, fr_slot_kernels);

#endif
