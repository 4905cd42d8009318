/* csv_unquote.isa.c — ends become fields, and quotes come off, a column at a time.
 *
 *     text    "id016",15,"x"↵      fields of column 0    id016   quoted
 *                    ↑ an end of           column 1    15
 *                      FR_CSV_QUOTED       column 2    x       quoted
 *
 * The masks that found the ends knew which of them close quotes, so the text is not looked at: asking for the first byte of
 * each field took an eighth of the time to read a table of nine columns.
 */
#include "io/csv/csv_unquote.h"

#if FR_ISA_LEVEL >= 2
#include <immintrin.h>
#endif

static void fields(const fr_csv_places *p, fr_csv_field *out)
{
    size_t r = 0;
#if FR_ISA_LEVEL >= 4
    const __m512i first = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11), second = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
    const __m512i base = _mm512_set1_epi64((int64_t)(uintptr_t)p->text);
    const __m256i place = _mm256_set1_epi32(FR_CSV_PLACE), step = _mm256_set1_epi32((int)p->step);
    for (; r + 8 <= p->n; r += 8) {
        __m256i before = _mm256_loadu_si256((const __m256i *)(const void *)(p->before + r));
        __m256i end = _mm256_loadu_si256((const __m256i *)(const void *)(p->ends + r));
        __m256i quoted = _mm256_srli_epi32(end, 30);
        __m256i begin = _mm256_add_epi32(_mm256_add_epi32(_mm256_and_si256(before, place), step), quoted);
        __m256i length = _mm256_sub_epi32(_mm256_sub_epi32(_mm256_and_si256(end, place), quoted), begin);
        length = _mm256_max_epi32(length, _mm256_setzero_si256());
        __m512i rest = _mm512_or_si512(_mm512_cvtepu32_epi64(length), _mm512_slli_epi64(_mm512_cvtepu32_epi64(quoted), 32));
        __m512i text = _mm512_add_epi64(_mm512_cvtepu32_epi64(begin), base);
        _mm512_storeu_si512(out + r, _mm512_permutex2var_epi64(text, first, rest));
        _mm512_storeu_si512(out + r + 4, _mm512_permutex2var_epi64(text, second, rest));
    }
#elif FR_ISA_LEVEL >= 2
    const __m128i base = _mm_set1_epi64x((int64_t)(uintptr_t)p->text), zero = _mm_setzero_si128();
    const __m128i place = _mm_set1_epi32(FR_CSV_PLACE), step = _mm_set1_epi32((int)p->step);
    for (; r + 4 <= p->n; r += 4) {
        __m128i before = _mm_loadu_si128((const __m128i *)(const void *)(p->before + r));
        __m128i end = _mm_loadu_si128((const __m128i *)(const void *)(p->ends + r)), quoted = _mm_srli_epi32(end, 30);
        __m128i begin = _mm_add_epi32(_mm_add_epi32(_mm_and_si128(before, place), step), quoted);
        __m128i length = _mm_sub_epi32(_mm_sub_epi32(_mm_and_si128(end, place), quoted), begin);
        length = _mm_max_epi32(length, zero);
        __m128i *to = (__m128i *)(void *)(out + r);
        __m128i text = _mm_add_epi64(_mm_unpacklo_epi32(begin, zero), base), rest = _mm_unpacklo_epi32(length, quoted);
        _mm_storeu_si128(to, _mm_unpacklo_epi64(text, rest));
        _mm_storeu_si128(to + 1, _mm_unpackhi_epi64(text, rest));
        text = _mm_add_epi64(_mm_unpackhi_epi32(begin, zero), base), rest = _mm_unpackhi_epi32(length, quoted);
        _mm_storeu_si128(to + 2, _mm_unpacklo_epi64(text, rest));
        _mm_storeu_si128(to + 3, _mm_unpackhi_epi64(text, rest));
    }
#endif
    for (; r < p->n; r++) out[r] = fr_csv_places_field(p, r);
}

static void last_fields(const fr_csv_places *p, fr_csv_field *out)
{
    for (size_t r = 0; r < p->n; r++) {
        const uint32_t end = p->ends[r] & FR_CSV_PLACE;
        const bool cr = end > fr_csv_places_begin(p, r) && p->text[end - 1] == '\r';
        out[r] = fr_csv_places_until(p, r, end - cr);
    }
}

const fr_csv_unquote_kernels FR_ISA_NAME(fr_csv_unquote_kernels) = { .fields = fields, .last_fields = last_fields };
