/* bit_lanes.h — bits of 64 rows as lanes of all bits or none, for files that are built per instruction set (kernel/isa.h).
 *
 *     bits 0b…0110      u16 lanes   0, 0xffff, 0xffff, 0, …
 *
 * Where no instruction makes lanes of a mask, each lane looks at a bit of its own: with shifts that differ by lane the loops
 * that use this took two to ten times as long. Bytes come eight at a time out of one multiplication.
 */
#ifndef FR_KERNEL_BIT_LANES_H
#define FR_KERNEL_BIT_LANES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if FR_ISA_LEVEL >= 4
#include <immintrin.h>
#endif

enum { FR_LANES = 64 };

#define FR_BITS_4(at)  UINT32_C(1) << (at), UINT32_C(2) << (at), UINT32_C(4) << (at), UINT32_C(8) << (at)
#define FR_BITS_16(at) FR_BITS_4(at), FR_BITS_4((at) + 4), FR_BITS_4((at) + 8), FR_BITS_4((at) + 12)

/* The bit of each lane, of 16 or 32 rows. */
static const uint16_t fr_bit_u16[16] = { FR_BITS_16(0) };
static const uint32_t fr_bit_u32[32] = { FR_BITS_16(0), FR_BITS_16(16) };
static const uint64_t fr_bit_u64[32] = { FR_BITS_16(0), FR_BITS_16(16) };

#if FR_ISA_LEVEL >= 4
#define FR_LANES_OF(name, T, width, Mask)                                                                       \
    static inline void fr_lanes_##name(T *lanes, uint64_t bits)                                                 \
    {                                                                                                           \
        for (size_t k = 0; k < FR_LANES; k += 512 / (width))                                                    \
            _mm512_storeu_si512(lanes + k, _mm512_movm_epi##width((Mask)(bits >> k)));                          \
    }
FR_LANES_OF(u8, uint8_t, 8, __mmask64)
FR_LANES_OF(u16, uint16_t, 16, __mmask32)
FR_LANES_OF(u32, uint32_t, 32, __mmask16)
FR_LANES_OF(u64, uint64_t, 64, __mmask8)
#else
#define FR_LANES_OF(name, T, Word)                                                                              \
    static inline void fr_lanes_##name(T *lanes, uint64_t bits)                                                 \
    {                                                                                                           \
        enum { STEP = sizeof fr_bit_##name / sizeof *fr_bit_##name };                                           \
        for (size_t i = 0; i < FR_LANES; i += STEP) {                                                           \
            const Word word = (Word)(bits >> i);                                                                \
            for (size_t k = 0; k < STEP; k++) lanes[i + k] = word & fr_bit_##name[k] ? (T)~(T)0 : 0;            \
        }                                                                                                       \
    }
FR_LANES_OF(u16, uint16_t, uint16_t)
FR_LANES_OF(u32, uint32_t, uint32_t)
FR_LANES_OF(u64, uint64_t, uint32_t)

/* Eight copies of eight bits, of which byte k keeps bit k: its highest bit is set, then all are. */
static inline void fr_lanes_u8(uint8_t *lanes, uint64_t bits)
{
    const uint64_t every = UINT64_C(0x0101010101010101);
    for (size_t k = 0; k < FR_LANES; k += 8) {
        const uint64_t one = (bits >> k & 0xff) * every & UINT64_C(0x8040201008040201);
        const uint64_t high = (one + 0x7f * every) >> 7 & every, all = (high << 8) - high;
        memcpy(lanes + k, &all, sizeof all);
    }
}
#endif

#endif
