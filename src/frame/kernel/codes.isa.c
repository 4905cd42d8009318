/* codes.isa.c — the loops of codes.h, once per instruction set.
 *
 * A bit per code instead of a byte: the answers for 10^5 codes stay in the first-level cache, which is worth more than
 * the shift (10^7 codes: 7.7 -> 4.3 ms). Gathering them with AVX-512 gives 3.8 here, and far less where gathers are
 * slow. For few codes a sieve in registers leaves one in ten to be looked up: 4.9 -> 2.7 ms.
 */
#include "kernel/codes.h"

#include "kernel/compare.h"
#include "kernel/pack64.h"

#define JOIN(name, width)     name##_##width
#define CODES_OF(name, width) JOIN(name, width)          /* after RECODE has become a name */

#define EQUAL(width, T, type)                                                                                          \
    static void equal_##width(uint64_t *out, const void *codes, uint32_t code, int64_t n)                              \
    {                                                                                                                  \
        const fr_compare_kernels *k = &FR_ISA_NAME(fr_compare_kernels);                                                \
        const T wanted = (T)code;                                                                                      \
        k->type[FR_EQUAL](out, (fr_lanes){ codes, 1 }, (fr_lanes){ &wanted, 0 }, (size_t)n);                           \
    }
EQUAL(1, int8_t, i8)
EQUAL(2, int16_t, i16)
EQUAL(4, int32_t, i32)

/* Which of some codes the sieve lets through: their places, written down before they are looked up, since a branch for
 * each word of them would be guessed wrong (10^7 codes: 4.0 -> 2.7 ms). Only where registers can be permuted. */
enum { SIFTED = 512, SIFTED_WELL = SIFTED / 4 };

#if FR_ISA_LEVEL >= 4
#define SIFT(name, T, LOAD)                                                                                            \
    static inline size_t name(uint32_t places[SIFTED + 16], const T *in, const fr_code_sieve *sieve)                   \
    {                                                                                                                  \
        const __m512i low0 = _mm512_loadu_si512(sieve->low), low1 = _mm512_loadu_si512(sieve->low + 16);               \
        const __m512i high0 = _mm512_loadu_si512(sieve->high), high1 = _mm512_loadu_si512(sieve->high + 16);           \
        const __m512i one = _mm512_set1_epi32(1), step = _mm512_set1_epi32(16);                                        \
        __m512i at = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);                          \
        size_t n = 0;                                                                                                  \
        for (int i = 0; i < SIFTED; i += 16, at = _mm512_add_epi32(at, step)) {                                        \
            const __m512i codes = LOAD(in + i);                                                                        \
            const __m512i low = _mm512_permutex2var_epi32(low0, codes, low1);                                          \
            const __m512i high = _mm512_permutex2var_epi32(high0, _mm512_srli_epi32(codes, 7), high1);                 \
            __mmask16 some = _mm512_test_epi32_mask(low, _mm512_rolv_epi32(one, _mm512_srli_epi32(codes, 5)));         \
            some = _mm512_mask_test_epi32_mask(some, high, _mm512_rolv_epi32(one, _mm512_srli_epi32(codes, 12)));      \
            _mm512_storeu_si512(places + n, _mm512_maskz_compress_epi32(some, at));                                    \
            n += (size_t)__builtin_popcount(some);                                                                     \
        }                                                                                                              \
        return n;                                                                                                      \
    }
#define LOAD_2(in) _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(const void *)(in)))
SIFT(sifted_2, uint16_t, LOAD_2)
SIFT(sifted_4, uint32_t, _mm512_loadu_si512)
#else
#define sifted_2(places, in, sieve) ((void)(places), (void)(in), (void)(sieve), (size_t)SIFTED)
#define sifted_4 sifted_2
#endif
#define sifted_1(places, in, sieve) ((void)(places), (void)(in), (void)(sieve), (size_t)SIFTED)

#define T uint8_t
#define SIFT_ALL sifted_1
#define FN(name) CODES_OF(name, 1)
#include "kernel/codes.inc.h"
#undef T
#undef FN
#undef SIFT_ALL

#define T uint16_t
#define SIFT_ALL sifted_2
#define FN(name) CODES_OF(name, 2)
#include "kernel/codes.inc.h"
#undef T
#undef FN
#undef SIFT_ALL

#define T uint32_t
#define SIFT_ALL sifted_4
#define FN(name) CODES_OF(name, 4)
#include "kernel/codes.inc.h"

#define ALL(name)     { name##_1, name##_2, name##_4 }
#define TO_ALL(width) { recode_to_1_##width, recode_to_2_##width, recode_to_4_##width }
const fr_codes_kernels FR_ISA_NAME(fr_codes_kernels) = {
    .equal = ALL(equal),
    .test = ALL(test),
    .sift = ALL(sift),
    .recode = { TO_ALL(1), TO_ALL(2), TO_ALL(4) },
    .widen = ALL(widen),
};
