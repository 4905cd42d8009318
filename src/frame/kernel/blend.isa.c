/* blend.isa.c — the loops of blend.h, once per instruction set: words of no or all rows skip or copy, others are
 * blended without a branch. */
#include "kernel/blend.h"
#include "kernel/bit_lanes.h"
#include "kernel/stream.h"

#include <string.h>
#if FR_ISA_LEVEL >= 4
#include <immintrin.h>
#endif

typedef struct pair { uint64_t low, high; } pair;

/* 64 rows, the set bits of `word` among them: lanes of all bits or none choose. */
#define WORD(name, T, lanes_of)                                                                            \
    FR_TEMPLATE_FN void name(T *restrict out, const T *restrict in, size_t step, uint64_t word)            \
    {                                                                                                      \
        T first = *in, mine[64];                                                                           \
        lanes_of(mine, word);                                                                              \
        if (step) for (int i = 0; i < 64; i++) out[i] = (T)((in[i] & mine[i]) | (out[i] & ~mine[i]));      \
        else for (int i = 0; i < 64; i++) out[i] = (T)((first & mine[i]) | (out[i] & ~mine[i]));           \
    }
WORD(word1, uint8_t, fr_lanes_u8)
WORD(word2, uint16_t, fr_lanes_u16)

#if FR_ISA_LEVEL >= 4
FR_TEMPLATE_FN void word4(uint32_t *out, const uint32_t *in, size_t step, uint64_t word)
{
    __m512i first = _mm512_set1_epi32((int)*in);
    for (int i = 0; i < 64; i += 16) {
        __m512i mine = step ? _mm512_loadu_si512(in + i) : first;
        _mm512_storeu_si512(out + i, _mm512_mask_mov_epi32(_mm512_loadu_si512(out + i), (__mmask16)(word >> i), mine));
    }
}

FR_TEMPLATE_FN void word8(uint64_t *out, const uint64_t *in, size_t step, uint64_t word)
{
    __m512i first = _mm512_set1_epi64((long long)*in);
    for (int i = 0; i < 64; i += 8) {
        __m512i mine = step ? _mm512_loadu_si512(in + i) : first;
        _mm512_storeu_si512(out + i, _mm512_mask_mov_epi64(_mm512_loadu_si512(out + i), (__mmask8)(word >> i), mine));
    }
}
#else
WORD(word4, uint32_t, fr_lanes_u32)
WORD(word8, uint64_t, fr_lanes_u64)
#endif

FR_TEMPLATE_FN void word16(pair *out, const pair *in, size_t step, uint64_t word)
{
    for (; word; word &= word - 1) {
        size_t i = (size_t)__builtin_ctzll(word);
        out[i] = in[i * step];
    }
}

#define BLEND(name, T, by_word)                                                                            \
    static void name(void *out_, const void *in_, size_t step, const uint64_t *rows, size_t n)             \
    {                                                                                                      \
        T *out = out_;                                                                                     \
        const T *in = in_;                                                                                 \
        size_t i = 0;                                                                                      \
        for (; i + 64 <= n; i += 64) {                                                                     \
            uint64_t word = rows[i >> 6];                                                                  \
            if (word == UINT64_MAX && step) memcpy(out + i, in + i, 64 * sizeof(T));                       \
            else if (word) by_word(out + i, in + i * step, step, word);                                    \
        }                                                                                                  \
        for (size_t j = i; j < n; j++)                                                                     \
            if (rows[i >> 6] >> (j - i) & 1) out[j] = in[j * step];                                        \
    }
BLEND(blend1, uint8_t, word1)
BLEND(blend2, uint16_t, word2)
BLEND(blend4, uint32_t, word4)
BLEND(blend8, uint64_t, word8)
BLEND(blend16, pair, word16)

/* 64 rows of either. */
#define EITHER(name, T, lanes_of)                                                                          \
    FR_TEMPLATE_FN void name##_word(T *restrict out, const T *restrict a, uint64_t word, const T *restrict b, size_t step) \
    {                                                                                                      \
        T first = *b, mine[64];                                                                            \
        lanes_of(mine, word);                                                                              \
        if (step) for (int i = 0; i < 64; i++) out[i] = (T)((a[i] & mine[i]) | (b[i] & ~mine[i]));         \
        else for (int i = 0; i < 64; i++) out[i] = (T)((a[i] & mine[i]) | (first & ~mine[i]));             \
    }                                                                                                      \
    EITHER_LOOP(name, T)
#define EITHER_LOOP(name, T)                                                                               \
    static void name(void *out_, const void *a_, const uint64_t *rows, const void *b_, size_t step, size_t n) \
    {                                                                                                      \
        T *out = out_;                                                                                     \
        const T *a = a_, *b = b_;                                                                          \
        size_t i = 0;                                                                                      \
        for (; i + 64 <= n; i += 64) {                                                                     \
            const uint64_t word = rows[i >> 6];                                                            \
            if (word == UINT64_MAX) memcpy(out + i, a + i, 64 * sizeof(T));                                \
            else if (!word && step) memcpy(out + i, b + i, 64 * sizeof(T));                                \
            else name##_word(out + i, a + i, word, b + i * step, step);                                    \
        }                                                                                                  \
        for (size_t j = i; j < n; j++) out[j] = rows[i >> 6] >> (j - i) & 1 ? a[j] : b[j * step];          \
    }
EITHER(either1, uint8_t, fr_lanes_u8)
EITHER(either2, uint16_t, fr_lanes_u16)
EITHER(either4, uint32_t, fr_lanes_u32)
#if FR_ISA_LEVEL >= 4
FR_TEMPLATE_FN void either8_word(uint64_t *out, const uint64_t *a, uint64_t word, const uint64_t *b, size_t step)
{
    const __m512i first = _mm512_set1_epi64((long long)*b);
    for (int i = 0; i < 64; i += 8) {
        const __m512i other = step ? _mm512_loadu_si512(b + i) : first;
        _mm512_storeu_si512(out + i, _mm512_mask_mov_epi64(other, (__mmask8)(word >> i), _mm512_loadu_si512(a + i)));
    }
}
EITHER_LOOP(either8, uint64_t)
#else
EITHER(either8, uint64_t, fr_lanes_u64)
#endif

FR_TEMPLATE_FN void either16_word(pair *out, const pair *a, uint64_t word, const pair *b, size_t step)
{
    for (size_t i = 0; i < 64; i++) out[i] = *(word >> i & 1 ? a + i : b + i * step);
}
EITHER_LOOP(either16, pair)

/* Words with gaps are put together in the cache. */
#define FILL(name, T, by_word)                                                                             \
    static void name(void *out_, const void *in_, const void *value, const uint64_t *valid, size_t n, bool stream) \
    {                                                                                                      \
        T *out = out_, whole[64];                                                                          \
        const T *in = in_;                                                                                 \
        size_t i = 0;                                                                                      \
        for (; i + 64 <= n; i += 64) {                                                                     \
            const T *from = in + i;                                                                        \
            if (valid[i >> 6] != UINT64_MAX) {                                                             \
                memcpy(whole, in + i, sizeof whole);                                                       \
                by_word(whole, value, 0, ~valid[i >> 6]);                                                  \
                from = whole;                                                                              \
            }                                                                                              \
            if (stream) fr_stream(out + i, from, sizeof whole);                                            \
            else memcpy(out + i, from, sizeof whole);                                                      \
        }                                                                                                  \
        for (size_t j = i; j < n; j++) out[j] = valid[i >> 6] >> (j - i) & 1 ? in[j] : *(const T *)value;  \
        if (stream) fr_stream_end();                                                                       \
    }
FILL(fill1, uint8_t, word1)
FILL(fill2, uint16_t, word2)
FILL(fill4, uint32_t, word4)
FILL(fill8, uint64_t, word8)
FILL(fill16, pair, word16)

const fr_blend_kernels FR_ISA_NAME(fr_blend_kernels) = {
    .blend = { blend1, blend2, blend4, blend8, blend16 },
    .fill = { fill1, fill2, fill4, fill8, fill16 },
    .either = { either1, either2, either4, either8, either16 },
};
