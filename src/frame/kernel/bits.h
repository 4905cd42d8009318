/* bits.h — loops over bitmaps: one bit a row, LSB first, in 64-bit words.
 *
 * `n` counts bits. Inputs may have anything in the bits beyond n; outputs have zeros there up to the end of the last
 * word. Outputs may not overlap inputs, except that `out` may be `a` itself.
 */
#ifndef FR_KERNEL_BITS_H
#define FR_KERNEL_BITS_H

#include "kernel/isa.h"

typedef struct fr_bits_kernels {
    int64_t (*count)(const uint64_t *bits, int64_t n);                                         /* how many are set */
    void    (*both)(uint64_t *out, const uint64_t *a, const uint64_t *b, int64_t n);           /* a & b */
    void    (*either)(uint64_t *out, const uint64_t *a, const uint64_t *b, int64_t n);         /* a | b */
    void    (*only_first)(uint64_t *out, const uint64_t *a, const uint64_t *b, int64_t n);     /* a & ~b */
    void    (*invert)(uint64_t *out, const uint64_t *a, int64_t n);                            /* ~a */
    /* n bits from bit `offset` of `bits` (any byte address) on; reads no byte that holds none of them */
    void    (*cut)(uint64_t *out, const void *bits, int64_t offset, int64_t n);
    /* the bits whose `keep` bit is set, packed, written from bit `at` of `out` on (bits below `at` stay, bits of the
     * last written word above them become zero); → how many */
    int64_t (*keep)(uint64_t *out, int64_t at, const uint64_t *bits, const uint64_t *keep, int64_t n);
    /* append n bits of `bits` (from bit 0) at bit `at` of `out`; as above */
    void    (*append)(uint64_t *out, int64_t at, const uint64_t *bits, int64_t n);
    /* bit i: the lowest of byte i */
    void    (*of_bytes)(uint64_t *out, const uint8_t *bytes, int64_t n);
    /* how many bits are set below bit places[i]; before[w]: below word w */
    void    (*ranks)(uint32_t *out, const uint64_t *bits, const uint16_t *before, const uint16_t *places, int64_t n);
} fr_bits_kernels;
FR_ISA_DECLARE(fr_bits_kernels, fr_bits_kernels);

/* The bits of word `word` that lie below bit n. */
static inline uint64_t fr_bits_below(int64_t word, int64_t n)
{
    int64_t left = n - 64 * word;
    return left >= 64 ? UINT64_MAX : left <= 0 ? 0 : ((uint64_t)1 << left) - 1;
}

/* Bits up to the highest that is set: 0 of 0, 3 of 5. */
static inline unsigned fr_bit_length(uint64_t x)
{
    return x ? 64 - (unsigned)__builtin_clzll(x) : 0;
}

/* Bits set, in line: without the instruction, which plain x86-64 lacks, the compiler would call a function a row. */
static inline uint32_t fr_count_word(uint64_t x)
{
    x -= x >> 1 & UINT64_C(0x5555555555555555);
    x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
    x = (x + (x >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (uint32_t)(x * UINT64_C(0x0101010101010101) >> 56);
}

static inline size_t fr_bits_words(int64_t n) { return ((size_t)n + 63) / 64; }
static inline size_t fr_bits_bytes(int64_t n) { return fr_bits_words(n) * 8; }      /* of a buffer for n bits */

#endif
