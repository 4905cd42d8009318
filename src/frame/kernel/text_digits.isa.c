/* text_digits.isa.c — the loop of text_digits.h, once per instruction set. */
#include "kernel/text_digits.h"

#if FR_ISA_LEVEL >= 2
#include <immintrin.h>
#endif

static uint32_t number_one(const uint8_t *text, const fr_text_digits *d, fr_byte_ends *ends)
{
    uint32_t number = 0;
    for (size_t four = 0; four < FR_DIGIT_PLACES / 4; four++) {
        uint32_t sum = 0;
        for (size_t k = 0; k < 4; k++) {
            const size_t at = 4 * four + k;
            const int32_t digit = (uint8_t)(text[at] - d->low[at]);
            sum += (uint32_t)(digit * d->pairs[at]) * (uint32_t)(int32_t)d->fours[at / 2];
            ends->low[at] = text[at] < ends->low[at] ? text[at] : ends->low[at];
            ends->high[at] = text[at] > ends->high[at] ? text[at] : ends->high[at];
        }
        number += sum * d->worth[four];
    }
    return number;
}

#if FR_ISA_LEVEL >= 2
typedef struct weights { __m128i low, pairs, fours, worth; } weights;

static inline __m128i parts_of(__m128i text, const weights *w)
{
    const __m128i pairs = _mm_maddubs_epi16(_mm_sub_epi8(text, w->low), w->pairs);
    return _mm_mullo_epi32(_mm_madd_epi16(pairs, w->fours), w->worth);
}
#endif

static void number(uint32_t *out, const void *texts, size_t n, const fr_text_digits *d, fr_byte_ends *ends)
{
    const uint8_t *text = texts;
    size_t i = 0;
#if FR_ISA_LEVEL >= 2
    const weights w = { _mm_loadu_si128((const void *)d->low), _mm_loadu_si128((const void *)d->pairs),
                        _mm_loadu_si128((const void *)d->fours), _mm_loadu_si128((const void *)d->worth) };
    __m128i low = _mm_loadu_si128((const void *)ends->low), high = _mm_loadu_si128((const void *)ends->high);
    for (; i + 4 <= n; i += 4) {
        __m128i at[4], parts[4];
        for (size_t k = 0; k < 4; k++) at[k] = _mm_loadu_si128((const void *)(text + (i + k) * FR_DIGIT_PLACES));
        for (size_t k = 0; k < 4; k++) parts[k] = parts_of(at[k], &w);
        low = _mm_min_epu8(low, _mm_min_epu8(_mm_min_epu8(at[0], at[1]), _mm_min_epu8(at[2], at[3])));
        high = _mm_max_epu8(high, _mm_max_epu8(_mm_max_epu8(at[0], at[1]), _mm_max_epu8(at[2], at[3])));
        _mm_storeu_si128((void *)(out + i), _mm_hadd_epi32(_mm_hadd_epi32(parts[0], parts[1]),
                                                          _mm_hadd_epi32(parts[2], parts[3])));
    }
    _mm_storeu_si128((void *)ends->low, low);
    _mm_storeu_si128((void *)ends->high, high);
#endif
    for (; i < n; i++) out[i] = number_one(text + i * FR_DIGIT_PLACES, d, ends);
}

const fr_text_digits_kernels FR_ISA_NAME(fr_text_digits_kernels) = { .number = number };
