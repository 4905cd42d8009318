/* view_texts.isa.c — the loop of view_texts.h, once per instruction set. */
#include "kernel/view_texts.h"

#include <string.h>
#if FR_ISA_LEVEL >= 4
#include <immintrin.h>
#endif

enum { INLINE = 12 };                       /* bytes of a text that lies in its view */

static void find_each(fr_piece *out, const char *views, size_t n, const char *const *bases)
{
    for (size_t i = 0; i < n; i++) {
        const char *view = views + 16 * i;
        uint32_t length, place[2];
        memcpy(&length, view, sizeof length);
        memcpy(place, view + 8, sizeof place);
        out[i] = (fr_piece){ length <= INLINE ? view + 4 : bases[place[0]] + place[1], length };
    }
}

#if FR_ISA_LEVEL >= 4
_Static_assert(sizeof(fr_piece) == 16, "eight fill two registers");

/* Eight at a time: the first words of the views, then the second ones, which say where long texts lie. */
static void find(fr_piece *out, const void *views, size_t n, const char *const *bases)
{
    const char *view = views;
    const __m512i even = _mm512_set_epi64(14, 12, 10, 8, 6, 4, 2, 0), odd = _mm512_set_epi64(15, 13, 11, 9, 7, 5, 3, 1);
    const __m512i low = _mm512_set_epi64(11, 3, 10, 2, 9, 1, 8, 0), high = _mm512_set_epi64(15, 7, 14, 6, 13, 5, 12, 4);
    const __m512i steps = _mm512_set_epi64(7 * 16 + 4, 6 * 16 + 4, 5 * 16 + 4, 4 * 16 + 4, 3 * 16 + 4, 2 * 16 + 4, 16 + 4, 4);
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        const __m512i a = _mm512_loadu_si512(view + 16 * i), b = _mm512_loadu_si512(view + 16 * i + 64);
        const __m512i first = _mm512_permutex2var_epi64(a, even, b), second = _mm512_permutex2var_epi64(a, odd, b);
        const __m512i lengths = _mm512_and_si512(first, _mm512_set1_epi64(UINT32_MAX));
        const __mmask8 far = _mm512_cmpgt_epi64_mask(lengths, _mm512_set1_epi64(INLINE));
        __m512i at = _mm512_add_epi64(_mm512_set1_epi64((long long)(uintptr_t)(view + 16 * i)), steps);
        if (far) {
            const __m512i buffers = _mm512_and_si512(second, _mm512_set1_epi64(UINT32_MAX));
            const __m512i begins = _mm512_mask_i64gather_epi64(at, far, buffers, bases, 8);
            at = _mm512_mask_add_epi64(at, far, begins, _mm512_srli_epi64(second, 32));
        }
        _mm512_storeu_si512(out + i, _mm512_permutex2var_epi64(at, low, lengths));
        _mm512_storeu_si512(out + i + 4, _mm512_permutex2var_epi64(at, high, lengths));
    }
    find_each(out + i, view + 16 * i, n - i, bases);
}
#else
static void find(fr_piece *out, const void *views, size_t n, const char *const *bases)
{
    find_each(out, views, n, bases);
}
#endif

const fr_view_text_kernels FR_ISA_NAME(fr_view_text_kernels) = { .find = find };
