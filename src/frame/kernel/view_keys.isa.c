/* view_keys.isa.c — the loop of view_keys.h, once per instruction set. */
#include "kernel/view_keys.h"

#include <string.h>
#if FR_ISA_LEVEL >= 4
#include <immintrin.h>
#endif

/* Up to 64 views. */
static uint64_t find_each(const char *views, size_t n, const fr_view_key *keys, size_t n_keys)
{
    uint64_t found = 0;
    for (size_t k = 0; k < n_keys; k++)
        for (size_t i = 0; i < n; i++) {
            fr_view_key view;
            memcpy(&view, views + 16 * i, sizeof view);
            found |= (uint64_t)((view.first == keys[k].first) & (view.second == keys[k].second)) << i;
        }
    return found;
}

#if FR_ISA_LEVEL >= 4
/* Eight views: their first words, and their second ones. */
static inline uint64_t find_eight(const char *views, const fr_view_key *keys, size_t n_keys)
{
    const __m512i a = _mm512_loadu_si512(views), b = _mm512_loadu_si512(views + 64);
    const __m512i first = _mm512_permutex2var_epi64(a, _mm512_set_epi64(14, 12, 10, 8, 6, 4, 2, 0), b);
    const __m512i second = _mm512_permutex2var_epi64(a, _mm512_set_epi64(15, 13, 11, 9, 7, 5, 3, 1), b);
    __mmask8 found = 0;
    for (size_t k = 0; k < n_keys; k++) {
        const __mmask8 alike = _mm512_cmpeq_epi64_mask(first, _mm512_set1_epi64((long long)keys[k].first));
        found |= _mm512_mask_cmpeq_epi64_mask(alike, second, _mm512_set1_epi64((long long)keys[k].second));
    }
    return found;
}

static uint64_t find_word(const char *views, size_t n, const fr_view_key *keys, size_t n_keys)
{
    uint64_t found = 0;
    if (n < 64) return find_each(views, n, keys, n_keys);
    for (size_t i = 0; i < 64; i += 8) found |= find_eight(views + 16 * i, keys, n_keys) << i;
    return found;
}
#else
static uint64_t find_word(const char *views, size_t n, const fr_view_key *keys, size_t n_keys)
{
    return find_each(views, n, keys, n_keys);
}
#endif

static void find(uint64_t *out, const void *views, size_t n, const fr_view_key *keys, size_t n_keys)
{
    for (size_t i = 0; i < n; i += 64)
        out[i / 64] = find_word((const char *)views + 16 * i, n - i < 64 ? n - i : 64, keys, n_keys);
}

const fr_view_key_kernels FR_ISA_NAME(fr_view_key_kernels) = { .find = find };
