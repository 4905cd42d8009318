/* cut_views.isa.c — the loop of cut_views.h, once per instruction set. */
#include "kernel/cut_views.h"

#include <string.h>
#if FR_ISA_LEVEL >= 2
#include <immintrin.h>
#endif

#if FR_ISA_LEVEL >= 2
static inline const __m128i *table(const uint8_t bytes[16]) { return (const __m128i *)(const void *)bytes; }

static size_t cut_each(void *to, const void *from, size_t n, const fr_view_cuts *cuts)
{
    const __m128i *in = from;
    __m128i *out = to;
    for (size_t i = 0; i < n; i++) {
        const __m128i view = _mm_loadu_si128(in + i);
        const uint32_t length = (uint32_t)_mm_cvtsi128_si32(view);
        if (length >= FR_CUT_LENGTHS || _mm_movemask_epi8(view) & 0xFFF0) return i;
        const __m128i moved = _mm_shuffle_epi8(view, _mm_loadu_si128(table(cuts->from[length])));
        _mm_storeu_si128(out + i, _mm_or_si128(moved, _mm_loadu_si128(table(cuts->length[length]))));
    }
    return n;
}
#endif

#if FR_ISA_LEVEL >= 4
/* Four texts of one length at a time: codes mostly are. */
static size_t cut(void *to, const void *from, size_t n, const fr_view_cuts *cuts)
{
    const __m128i *in = from;
    __m128i *out = to;
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        const __m512i four = _mm512_loadu_si512(in + i);
        const uint32_t length = (uint32_t)_mm_cvtsi128_si32(_mm512_castsi512_si128(four));
        const __mmask16 alike = _mm512_cmpeq_epi32_mask(four, _mm512_set1_epi32((int)length)) & 0x1111;
        const uint64_t beyond_ascii = _mm512_movepi8_mask(four) & UINT64_C(0xFFF0FFF0FFF0FFF0);
        if (alike == 0x1111 && length < FR_CUT_LENGTHS && !beyond_ascii) {
            const __m512i moved = _mm512_shuffle_epi8(four, _mm512_broadcast_i32x4(_mm_loadu_si128(table(cuts->from[length]))));
            const __m512i lengths = _mm512_broadcast_i32x4(_mm_loadu_si128(table(cuts->length[length])));
            _mm512_storeu_si512(out + i, _mm512_or_si512(moved, lengths));
        } else {
            const size_t done = cut_each(out + i, in + i, 4, cuts);
            if (done < 4) return i + done;
        }
    }
    return i + cut_each(out + i, in + i, n - i, cuts);
}
#elif FR_ISA_LEVEL >= 2
static size_t cut(void *to, const void *from, size_t n, const fr_view_cuts *cuts)
{
    return cut_each(to, from, n, cuts);
}
#else
static size_t cut(void *to, const void *from, size_t n, const fr_view_cuts *cuts)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t view[17] = { 0 }, part[16];
        uint64_t high;
        uint32_t length, first;
        memcpy(view, (const char *)from + 16 * i, 16);
        memcpy(&length, view, sizeof length);
        memcpy(&first, view + 4, sizeof first);
        memcpy(&high, view + 8, sizeof high);
        if (length >= FR_CUT_LENGTHS || ((first | high | high >> 32) & UINT64_C(0x80808080))) return i;
        for (size_t k = 0; k < 16; k++) {
            const uint8_t place = cuts->from[length][k];
            part[k] = cuts->length[length][k] | view[place < 16 ? place : 16];
        }
        memcpy((char *)to + 16 * i, part, 16);
    }
    return n;
}
#endif

const fr_cut_views_kernels FR_ISA_NAME(fr_cut_views_kernels) = { .cut = cut };
