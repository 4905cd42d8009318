/* codes.isa.c — the loops of codes.h, once per instruction set.
 *
 * A bit per code instead of a byte: the answers for 10^5 codes stay in the first-level cache, which is worth more than
 * the shift (10^7 codes: 7.7 -> 4.3 ms). Gathering them with AVX-512 gives 3.8 here, and far less where gathers are
 * slow.
 */
#include "kernel/codes.h"

#include "kernel/pack64.h"

#define JOIN(name, width)     name##_##width
#define CODES_OF(name, width) JOIN(name, width)          /* after RECODE has become a name */

/* 64 answers as bytes that become a word, and as comparisons into masks where there are such. */
#define EQUAL64_BYTES(T)                                                                      \
    uint8_t bytes[64];                                                                        \
    for (int j = 0; j < 64; j++) bytes[j] = ((const T *)in)[j] == (T)wanted;                  \
    return fr_pack64(bytes, 0)
static inline uint64_t equal64_1(const void *in, uint32_t wanted)
{
#if FR_ISA_LEVEL >= 4
    return _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(in), _mm512_set1_epi8((char)wanted));
#else
    EQUAL64_BYTES(uint8_t);
#endif
}
static inline uint64_t equal64_2(const void *in, uint32_t wanted)
{
#if FR_ISA_LEVEL >= 4
    const __m512i all = _mm512_set1_epi16((short)wanted);
    const uint64_t low = _mm512_cmpeq_epi16_mask(_mm512_loadu_si512(in), all);
    return low | (uint64_t)_mm512_cmpeq_epi16_mask(_mm512_loadu_si512((const char *)in + 64), all) << 32;
#else
    EQUAL64_BYTES(uint16_t);
#endif
}
static inline uint64_t equal64_4(const void *in, uint32_t wanted)
{
#if FR_ISA_LEVEL >= 4
    const __m512i all = _mm512_set1_epi32((int)wanted);
    uint64_t word = 0;
    for (int part = 0; part < 4; part++)
        word |= (uint64_t)_mm512_cmpeq_epi32_mask(_mm512_loadu_si512((const char *)in + 64 * part), all) << 16 * part;
    return word;
#else
    EQUAL64_BYTES(uint32_t);
#endif
}

#define T uint8_t
#define EQUAL64 equal64_1
#define FN(name) CODES_OF(name, 1)
#include "kernel/codes.inc.h"
#undef T
#undef FN
#undef EQUAL64

#define T uint16_t
#define EQUAL64 equal64_2
#define FN(name) CODES_OF(name, 2)
#include "kernel/codes.inc.h"
#undef T
#undef FN
#undef EQUAL64

#define T uint32_t
#define EQUAL64 equal64_4
#define FN(name) CODES_OF(name, 4)
#include "kernel/codes.inc.h"

#define ALL(name)     { name##_1, name##_2, name##_4 }
#define TO_ALL(width) { recode_to_1_##width, recode_to_2_##width, recode_to_4_##width }
const fr_codes_kernels FR_ISA_NAME(fr_codes_kernels) = {
    .equal = ALL(equal),
    .test = ALL(test),
    .recode = { TO_ALL(1), TO_ALL(2), TO_ALL(4) },
    .widen = ALL(widen),
};
