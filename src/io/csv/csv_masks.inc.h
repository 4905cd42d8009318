/* csv_masks.inc.h — 64 bytes of text as bit masks, for csv_count.isa.c and csv_index.isa.c.
 *
 * 64 bytes become one word per character looked for: bit i says whether byte i is that character. The running exclusive
 * or of the quote bits (one carry-less multiplication where the CPU has it) marks the bytes inside quotes:
 *
 *     text     a,"b,c",d↵
 *     quotes   0010001000
 *     inside   0011110000      from the opening quote to before the closing one
 *     sep      0100101100  & ~inside = 0100000100
 *
 * A doubled quote closes and opens again, which changes nothing for the separators around it.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if FR_ISA_LEVEL >= 2
#include <immintrin.h>
#endif

/* ---- 64 bytes → 64 bits ------------------------------------------------------------------------------------------- */
/* A mask is a word of its own register file at some levels and costs a trip, so what is asked of a whole piece (is any byte
 * above 127, is any 0?) is gathered as bytes: keep_zeros has a 0 where one of the two has. */
#if FR_ISA_LEVEL >= 4
typedef struct bytes64 { __m512i a; } bytes64;

FR_TEMPLATE_FN bytes64 load(const char *p)
{
    return (bytes64){ _mm512_loadu_si512(p) };
}
FR_TEMPLATE_FN uint64_t equal(bytes64 x, char c)
{
    return _mm512_cmpeq_epi8_mask(x.a, _mm512_set1_epi8(c));
}
FR_TEMPLATE_FN uint64_t high_bits(bytes64 x)
{
    return _mm512_movepi8_mask(x.a);
}
FR_TEMPLATE_FN bytes64 same_bytes(char c)
{
    return (bytes64){ _mm512_set1_epi8(c) };
}
FR_TEMPLATE_FN bytes64 either(bytes64 x, bytes64 y)
{
    return (bytes64){ _mm512_or_si512(x.a, y.a) };
}
FR_TEMPLATE_FN bytes64 keep_zeros(bytes64 x, bytes64 y)
{
    return (bytes64){ _mm512_min_epu8(x.a, y.a) };
}
#elif FR_ISA_LEVEL == 3
typedef struct bytes64 { __m256i a, b; } bytes64;

FR_TEMPLATE_FN bytes64 load(const char *p)
{
    return (bytes64){ _mm256_loadu_si256((const __m256i *)(const void *)p),
                      _mm256_loadu_si256((const __m256i *)(const void *)(p + 32)) };
}
FR_TEMPLATE_FN uint64_t pack(__m256i a, __m256i b)
{
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(a) | (uint64_t)(uint32_t)_mm256_movemask_epi8(b) << 32;
}
FR_TEMPLATE_FN uint64_t equal(bytes64 x, char c)
{
    __m256i v = _mm256_set1_epi8(c);
    return pack(_mm256_cmpeq_epi8(x.a, v), _mm256_cmpeq_epi8(x.b, v));
}
FR_TEMPLATE_FN uint64_t high_bits(bytes64 x)
{
    return pack(x.a, x.b);
}
FR_TEMPLATE_FN bytes64 same_bytes(char c)
{
    __m256i v = _mm256_set1_epi8(c);
    return (bytes64){ v, v };
}
FR_TEMPLATE_FN bytes64 either(bytes64 x, bytes64 y)
{
    return (bytes64){ _mm256_or_si256(x.a, y.a), _mm256_or_si256(x.b, y.b) };
}
FR_TEMPLATE_FN bytes64 keep_zeros(bytes64 x, bytes64 y)
{
    return (bytes64){ _mm256_min_epu8(x.a, y.a), _mm256_min_epu8(x.b, y.b) };
}
#elif FR_ISA_LEVEL == 2
typedef struct bytes64 { __m128i a, b, c, d; } bytes64;

FR_TEMPLATE_FN __m128i load16(const char *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}
FR_TEMPLATE_FN bytes64 load(const char *p)
{
    return (bytes64){ load16(p), load16(p + 16), load16(p + 32), load16(p + 48) };
}
FR_TEMPLATE_FN uint64_t pack(__m128i a, __m128i b, __m128i c, __m128i d)
{
    return (uint64_t)(uint32_t)_mm_movemask_epi8(a) | (uint64_t)(uint32_t)_mm_movemask_epi8(b) << 16 |
           (uint64_t)(uint32_t)_mm_movemask_epi8(c) << 32 | (uint64_t)(uint32_t)_mm_movemask_epi8(d) << 48;
}
FR_TEMPLATE_FN uint64_t equal(bytes64 x, char c)
{
    __m128i v = _mm_set1_epi8(c);
    return pack(_mm_cmpeq_epi8(x.a, v), _mm_cmpeq_epi8(x.b, v), _mm_cmpeq_epi8(x.c, v), _mm_cmpeq_epi8(x.d, v));
}
FR_TEMPLATE_FN uint64_t high_bits(bytes64 x)
{
    return pack(x.a, x.b, x.c, x.d);
}
FR_TEMPLATE_FN bytes64 same_bytes(char c)
{
    __m128i v = _mm_set1_epi8(c);
    return (bytes64){ v, v, v, v };
}
FR_TEMPLATE_FN bytes64 either(bytes64 x, bytes64 y)
{
    return (bytes64){ _mm_or_si128(x.a, y.a), _mm_or_si128(x.b, y.b), _mm_or_si128(x.c, y.c), _mm_or_si128(x.d, y.d) };
}
FR_TEMPLATE_FN bytes64 keep_zeros(bytes64 x, bytes64 y)
{
    return (bytes64){ _mm_min_epu8(x.a, y.a), _mm_min_epu8(x.b, y.b), _mm_min_epu8(x.c, y.c), _mm_min_epu8(x.d, y.d) };
}
#else
typedef struct bytes64 { uint64_t word[8]; } bytes64;

FR_TEMPLATE_FN bytes64 load(const char *p)
{
    bytes64 x;
    memcpy(&x, p, sizeof x);
    return x;
}
/* the top bit of each byte, gathered into eight bits */
FR_TEMPLATE_FN uint64_t top_bits(uint64_t word)
{
    return ((word >> 7 & 0x0101010101010101u) * 0x0102040810204080u) >> 56;
}
FR_TEMPLATE_FN uint64_t equal(bytes64 x, char c)
{
    uint64_t pattern = 0x0101010101010101u * (uint8_t)c, bits = 0;
    for (int i = 0; i < 8; i++) {
        uint64_t y = x.word[i] ^ pattern;                                               /* zero byte where equal     */
        uint64_t zero = ~(((y & 0x7f7f7f7f7f7f7f7fu) + 0x7f7f7f7f7f7f7f7fu) | y);        /* exact: no borrow crosses  */
        bits |= top_bits(zero & 0x8080808080808080u) << (8 * i);
    }
    return bits;
}
FR_TEMPLATE_FN uint64_t high_bits(bytes64 x)
{
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++) bits |= top_bits(x.word[i]) << (8 * i);
    return bits;
}
FR_TEMPLATE_FN bytes64 same_bytes(char c)
{
    bytes64 x;
    memset(&x, c, sizeof x);
    return x;
}
FR_TEMPLATE_FN bytes64 either(bytes64 x, bytes64 y)
{
    for (int i = 0; i < 8; i++) x.word[i] |= y.word[i];
    return x;
}
FR_TEMPLATE_FN bytes64 keep_zeros(bytes64 x, bytes64 y)
{
    for (int i = 0; i < 8; i++) {
        uint64_t some = (((y.word[i] & 0x7f7f7f7f7f7f7f7fu) + 0x7f7f7f7f7f7f7f7fu) | y.word[i]) >> 7;
        x.word[i] &= (some & 0x0101010101010101u) * 255;
    }
    return x;
}
#endif

/* Bit i of the result is the exclusive or of bits 0 … i. */
FR_TEMPLATE_FN uint64_t prefix_xor(uint64_t bits)
{
#if FR_ISA_LEVEL >= 3
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (int64_t)bits), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
#else
    for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
    return bits;
#endif
}

FR_TEMPLATE_FN bytes64 load_part(const char *text, size_t at, size_t n, uint64_t *valid)
{
    size_t left = n - at;
    if (left >= 64) {
        *valid = UINT64_MAX;
        return load(text + at);
    }
    char part[64] = { 0 };
    memcpy(part, text + at, left);
    *valid = ((uint64_t)1 << left) - 1;
    return load(part);
}
