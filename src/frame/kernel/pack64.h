/* pack64.h — bit `bit` of each of 64 bytes as one word; for .isa.c files.
 *
 * With AVX-512 or AVX2 by one or two moves of the bytes' top bits, elsewhere by a multiplication that gathers eight at
 * a time.
 */
#ifndef FR_KERNEL_PACK64_H
#define FR_KERNEL_PACK64_H

#include "kernel/isa.h"

#include <string.h>
#if FR_ISA_LEVEL >= 3
#include <immintrin.h>
#endif

FR_TEMPLATE_FN uint64_t fr_pack64(const uint8_t bytes[64], int bit)
{
#if FR_ISA_LEVEL >= 4
    return _mm512_test_epi8_mask(_mm512_loadu_si512(bytes), _mm512_set1_epi8((char)(1 << bit)));
#elif FR_ISA_LEVEL >= 3
    __m128i up = _mm_cvtsi32_si128(7 - bit);
    __m256i low = _mm256_sll_epi16(_mm256_loadu_si256((const __m256i *)(const void *)bytes), up);
    __m256i high = _mm256_sll_epi16(_mm256_loadu_si256((const __m256i *)(const void *)(bytes + 32)), up);
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
#else
    uint64_t word = 0, eight;
    for (size_t i = 0; i < 8; i++) {
        memcpy(&eight, bytes + 8 * i, 8);
        eight = eight >> bit & UINT64_C(0x0101010101010101);
        word |= (eight * UINT64_C(0x0102040810204080) >> 56) << (8 * i);
    }
    return word;
#endif
}

#endif
