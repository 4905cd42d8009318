/* integers.isa.c — the loops of integers.h, once per instruction set. */
#include "kernel/bit_lanes.h"
#include "kernel/integers.h"

#define FR_TEMPLATE "kernel/integers.inc.h"
#include "kernel/for_each_number.h"

static void lift_bits(uint64_t *restrict words, const uint64_t *restrict bits, size_t n, unsigned shift)
{
    size_t i = 0;
#if FR_ISA_LEVEL >= 4
    const __m512i one = _mm512_set1_epi64((int64_t)((uint64_t)1 << shift));
    for (; i + 8 <= n; i += 8) {
        const __m512i word = _mm512_loadu_si512(words + i);
        _mm512_storeu_si512(words + i, _mm512_mask_add_epi64(word, (__mmask8)(bits[i >> 6] >> (i & 63)), word, one));
    }
#else
    const uint64_t one = (uint64_t)1 << shift;
    for (; i + 32 <= n; i += 32) {
        const uint32_t word = (uint32_t)(bits[i >> 6] >> (i & 63));
        for (size_t k = 0; k < 32; k++) words[i + k] += word & fr_bit_u64[k] ? one : 0;
    }
#endif
    for (; i < n; i++) words[i] += (bits[i >> 6] >> (i & 63) & 1) << shift;
}

static void lift_small_bits(uint32_t *restrict words, const uint64_t *restrict bits, size_t n, unsigned shift)
{
    const uint32_t one = (uint32_t)1 << shift;
    size_t i = 0;
    for (; i + 32 <= n; i += 32) {
        const uint32_t word = (uint32_t)(bits[i >> 6] >> (i & 63));
        for (size_t k = 0; k < 32; k++) words[i + k] += word & fr_bit_u32[k] ? one : 0;
    }
    for (; i < n; i++) words[i] += (uint32_t)(bits[i >> 6] >> (i & 63) & 1) << shift;
}

const fr_integers_kernels FR_ISA_NAME(fr_integers_kernels) = {
    { to_i8_i8, to_i8_i16, to_i8_i32, to_i8_i64, to_i8_u8, to_i8_u16, to_i8_u32, to_i8_u64 },
    { to_i16_i8, to_i16_i16, to_i16_i32, to_i16_i64, to_i16_u8, to_i16_u16, to_i16_u32, to_i16_u64 },
    { to_i32_i8, to_i32_i16, to_i32_i32, to_i32_i64, to_i32_u8, to_i32_u16, to_i32_u32, to_i32_u64 },
    { to_i64_i8, to_i64_i16, to_i64_i32, to_i64_i64, to_i64_u8, to_i64_u16, to_i64_u32, to_i64_u64 },
    { lift_i8, lift_i16, lift_i32, lift_i64, lift_u8, lift_u16, lift_u32, lift_u64 },
    .lift_small = { lift_small_i8, lift_small_i16, lift_small_i32, lift_small_i64, lift_small_u8, lift_small_u16,
                    lift_small_u32, lift_small_u64 },
    .lift_bits = lift_bits, .lift_small_bits = lift_small_bits,
};
