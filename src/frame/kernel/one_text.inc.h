/* one_text.inc.h — looking through one text: where a part comes first, how many characters it has. For the loops over many,
 * which begin where a text does (text_search.isa.c, view_scan.isa.c). */
#ifndef FR_KERNEL_ONE_TEXT_INC_H
#define FR_KERNEL_ONE_TEXT_INC_H

#include "base/utf8.h"
#include "kernel/text_search.h"

#include <string.h>
#if FR_ISA_LEVEL >= 2
#include <immintrin.h>
#endif

#if FR_ISA_LEVEL < 4
/* Up to four bytes roll through a register: 12 bytes of text cost less than the call of memmem. */
static const char *find_few(fr_piece t, fr_piece part)
{
    uint32_t wanted = 0, seen = 0, mask = UINT32_MAX >> (32 - 8 * part.n);
    size_t i = 0;
    for (; i < part.n; i++) {
        wanted = wanted << 8 | (unsigned char)part.text[i];
        seen = seen << 8 | (unsigned char)t.text[i];
    }
    for (; seen != wanted && i < t.n; i++) seen = (seen << 8 | (unsigned char)t.text[i]) & mask;
    return seen == wanted ? t.text + i - part.n : NULL;
}

static const char *find_plainly(fr_piece t, fr_piece part)
{
    enum { FEW = 4, SHORT = 64 };
    if (t.n < part.n) return NULL;
    return part.n <= FEW && t.n <= SHORT ? find_few(t, part) : memmem(t.text, t.n, part.text, part.n);
}
#endif

#if FR_ISA_LEVEL >= 4
static inline __mmask64 first_bits(size_t n) { return _bzhi_u64(UINT64_MAX, n < 64 ? (unsigned)n : 64); }

static inline bool is_there(const char *at, fr_piece part)
{
    if (part.n <= 2) return true;
    if (part.n > 64) return !memcmp(at, part.text, part.n);
    const __mmask64 bytes = first_bits(part.n);
    return !_mm512_cmpneq_epi8_mask(_mm512_maskz_loadu_epi8(bytes, at), _mm512_maskz_loadu_epi8(bytes, part.text));
}

static inline const char *find_part(fr_piece t, fr_piece part)
{
    const __m512i first = _mm512_set1_epi8(part.text[0]), last = _mm512_set1_epi8(part.text[part.n - 1]);
    for (size_t at = 0; at + part.n <= t.n; at += 64) {
        const char *from = t.text + at;
        const __mmask64 some = first_bits(t.n - part.n + 1 - at);
        __mmask64 hits = _mm512_mask_cmpeq_epi8_mask(some, _mm512_maskz_loadu_epi8(some, from), first);
        if (part.n > 1)
            hits = _mm512_mask_cmpeq_epi8_mask(hits, _mm512_maskz_loadu_epi8(some, from + part.n - 1), last);
        for (; hits; hits &= hits - 1) {
            const char *place = from + __builtin_ctzll(hits);
            if (is_there(place, part)) return place;
        }
    }
    return NULL;
}
#elif FR_ISA_LEVEL >= 2
/* Sixteen places at a time, the last ones once more rather than any beyond the text. */
static inline const char *find_part(fr_piece t, fr_piece part)
{
    if (t.n < part.n + 15) return find_plainly(t, part);
    const size_t places = t.n - part.n + 1;
    const __m128i first = _mm_set1_epi8(part.text[0]), last = _mm_set1_epi8(part.text[part.n - 1]);
    for (size_t at = 0; at < places; at += 16) {
        const char *from = t.text + (at + 16 <= places ? at : places - 16);
        const __m128i a = _mm_loadu_si128((const void *)from), b = _mm_loadu_si128((const void *)(from + part.n - 1));
        unsigned hits = (unsigned)_mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(a, first), _mm_cmpeq_epi8(b, last)));
        for (; hits; hits &= hits - 1) {
            const char *place = from + __builtin_ctz(hits);
            if (part.n <= 2 || !memcmp(place + 1, part.text + 1, part.n - 2)) return place;
        }
    }
    return NULL;
}
#else
static inline const char *find_part(fr_piece t, fr_piece part) { return find_plainly(t, part); }
#endif

/* ---- characters -------------------------------------------------------------------------------------------------- */
#if FR_ISA_LEVEL >= 4
static inline int64_t length_of(fr_piece t)
{
    int64_t inside = 0;                                     /* bytes that continue a character: 10xxxxxx, below -64 */
    for (size_t at = 0; at < t.n; at += 64) {
        const __m512i bytes = _mm512_maskz_loadu_epi8(first_bits(t.n - at), t.text + at);
        inside += __builtin_popcountll(_mm512_cmplt_epi8_mask(bytes, _mm512_set1_epi8(-64)));
    }
    return (int64_t)t.n - inside;
}
#else
static inline int64_t length_of(fr_piece t) { return t.n ? (int64_t)fr_utf8_length(t.text, t.n) : 0; }
#endif

#endif
