/* random_words.isa.c — Philox4x32-10 of as many counters as a register has 64-bit lanes, once per instruction set.
 *
 * Each of the four words of a counter lies in the lower half of a lane. What is in the upper half does not matter: the
 * multiplication takes lower halves alone, and their products are 64 bits. A word takes 7.7 ns one by one, 5.5 on level v2,
 * 2.8 on v3 and 1.7 on v4 (Zen 4); plain C has no such multiplication of vectors, and goes one by one.
 */
#include "kernel/random_words.h"

#include "base/rng.h"

#include <string.h>
#if FR_ISA_LEVEL >= 2
#include <immintrin.h>
#endif

#if FR_ISA_LEVEL >= 2
enum { LANES = FR_ISA_LEVEL >= 4 ? 8 : FR_ISA_LEVEL == 3 ? 4 : 2, ROUNDS = 10 };
typedef uint64_t pack __attribute__((vector_size(LANES * sizeof(uint64_t))));

/* Of the lower halves. */
FR_TEMPLATE_FN pack times(pack a, uint32_t factor)
{
#if FR_ISA_LEVEL >= 4
    return (pack)_mm512_mul_epu32((__m512i)a, _mm512_set1_epi64(factor));
#elif FR_ISA_LEVEL == 3
    return (pack)_mm256_mul_epu32((__m256i)a, _mm256_set1_epi64x(factor));
#else
    return (pack)_mm_mul_epu32((__m128i)a, _mm_set1_epi64x(factor));
#endif
}

/* Blocks first … first + LANES - 1. */
FR_TEMPLATE_FN void some_blocks(uint64_t seed, uint64_t stream, uint64_t first, uint64_t out[2 * LANES])
{
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    uint64_t numbers[LANES], one[2][LANES];
    pack c0, c1, c2, c3;
    for (int j = 0; j < LANES; j++) numbers[j] = first + (uint64_t)j;
    memcpy(&c0, numbers, sizeof c0);
    c1 = c0 >> 32;
    c2 = c0 - c0 + (uint32_t)stream;
    c3 = c0 - c0 + (stream >> 32);
    for (int round = 0; round < ROUNDS; round++) {
        const pack a = times(c0, 0xD2511F53u), b = times(c2, 0xCD9E8D57u);
        c0 = (b >> 32) ^ c1 ^ k0;
        c1 = b;
        c2 = (a >> 32) ^ c3 ^ k1;
        c3 = a;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    const pack words[2] = { (c0 & UINT32_MAX) | c1 << 32, (c2 & UINT32_MAX) | c3 << 32 };
    memcpy(one, words, sizeof one);
    for (int j = 0; j < LANES; j++) out[2 * j] = one[0][j], out[2 * j + 1] = one[1][j];
}
#endif

static void words(uint64_t seed, uint64_t stream, uint64_t first, size_t n, uint64_t *out)
{
    size_t i = 0;
#if FR_ISA_LEVEL >= 2
    for (; i + 2 * LANES <= n; i += 2 * LANES) some_blocks(seed, stream, (first + i) / 2, out + i);
#endif
    fr_rng_words(seed, stream, first + i, n - i, out + i);
}

const fr_random_kernels FR_ISA_NAME(fr_random_kernels) = { words };
