/* csv_serial.isa.c — 64 fields become numbers, then the codes of all of them are loaded.
 *
 *     field            digits, moved        pairs         fours        eights
 *     id0000042202  →  00042202 00000000  →  0 4 22 2 0 …  →  4 2202 0 0  →  42202 0
 *
 * Each step multiplies neighbours together. Four fields at a time with AVX-512, one with SSE. Measured on Zen 4, 100,000 texts:
 * 8 ns a text by its bucket, 2 ns so.
 */
#include "io/csv/csv_serial.h"

#if FR_ISA_LEVEL >= 2
#include <immintrin.h>

FR_TEMPLATE_FN __m128i bytes_of(const void *p) { return _mm_loadu_si128((const __m128i *)p); }

FR_TEMPLATE_FN uint32_t number_of(const fr_csv_serial *s, const fr_csv_field *f)
{
    const __m128i text = bytes_of(f->text), zero = _mm_set1_epi8('0');
    __m128i digits = _mm_shuffle_epi8(_mm_xor_si128(text, zero), bytes_of(s->order));
    __m128i differ = _mm_and_si128(_mm_xor_si128(text, bytes_of(&s->prefix)), bytes_of(&s->mask));
    __m128i wrong = _mm_or_si128(differ, _mm_subs_epu8(digits, _mm_set1_epi8(9)));
    __m128i pairs = _mm_maddubs_epi16(digits, _mm_set1_epi16(0x010a));
    __m128i fours = _mm_madd_epi16(pairs, _mm_set1_epi32(0x00010064));
    __m128i eights = _mm_madd_epi16(_mm_packus_epi32(fours, fours), _mm_set1_epi32(0x00012710));
    const uint64_t number = (uint64_t)_mm_cvtsi128_si64(eights);        /* its upper half: what is before the last eight */
    return f->length == s->length && _mm_testz_si128(wrong, wrong) && number < s->size ? (uint32_t)number : s->size;
}
#else
FR_TEMPLATE_FN uint32_t number_of(const fr_csv_serial *s, const fr_csv_field *f)
{
    fr_csv_key key;
    return fr_csv_key_of(f->text, f->length, &key) ? fr_csv_serial_number(s, key, f->length) : s->size;
}
#endif

#if FR_ISA_LEVEL >= 4
FR_TEMPLATE_FN __m512i four_times(const void *p) { return _mm512_broadcast_i32x4(bytes_of(p)); }

FR_TEMPLATE_FN void four_numbers(const fr_csv_serial *s, const fr_csv_field *f, uint32_t *out)
{
    __m512i text = _mm512_castsi128_si512(bytes_of(f[0].text));
    text = _mm512_inserti32x4(text, bytes_of(f[1].text), 1);
    text = _mm512_inserti32x4(text, bytes_of(f[2].text), 2);
    text = _mm512_inserti32x4(text, bytes_of(f[3].text), 3);
    __m512i digits = _mm512_shuffle_epi8(_mm512_xor_si512(text, _mm512_set1_epi8('0')), four_times(s->order));
    __m512i differ = _mm512_and_si512(_mm512_xor_si512(text, four_times(&s->prefix)), four_times(&s->mask));
    __m512i wrong = _mm512_or_si512(differ, _mm512_subs_epu8(digits, _mm512_set1_epi8(9)));
    __m512i pairs = _mm512_maddubs_epi16(digits, _mm512_set1_epi16(0x010a));
    __m512i fours = _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x00010064));
    __m512i eights = _mm512_madd_epi16(_mm512_packus_epi32(fours, fours), _mm512_set1_epi32(0x00012710));
    /* words of 64 bits, two a field: the number is the first; the field's length is the second, in its lower half */
    uint32_t bad = _mm512_test_epi64_mask(wrong, wrong);
    uint32_t other = _mm512_cmpneq_epi32_mask(_mm512_loadu_si512(f), _mm512_set1_epi32(s->length));
    bad |= bad >> 1 | _mm512_cmpge_epu64_mask(eights, _mm512_set1_epi64(s->size));
    const __mmask16 fine = (__mmask16)(~(_pdep_u32(bad, 0x5555) | other >> 2) & 0x1111);
    __m512i numbers = _mm512_mask_mov_epi32(_mm512_set1_epi32((int)s->size), fine, eights);
    _mm_storeu_si128((__m128i *)(void *)out, _mm512_castsi512_si128(_mm512_maskz_compress_epi32(0x1111, numbers)));
}

FR_TEMPLATE_FN void numbers_of(const fr_csv_serial *s, const fr_csv_field *fields, size_t n, uint32_t *out)
{
    const bool large = s->size > 8192;             /* 32 KiB: beyond the first cache */
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        four_numbers(s, fields + i, out + i);
        for (size_t k = i; large && k < i + 4; k++) __builtin_prefetch(&s->codes[out[k]]);
    }
    for (; i < n; i++) out[i] = number_of(s, &fields[i]);
}

FR_TEMPLATE_FN uint64_t zeros_among(const uint32_t *codes, size_t n)
{
    uint64_t zeros = 0;
    for (size_t i = 0; i < n; i += 16) {
        const __mmask16 there = (__mmask16)_bzhi_u32(0xffff, (uint32_t)(n - i));
        const __m512i x = _mm512_maskz_loadu_epi32(there, codes + i);
        zeros |= (uint64_t)_mm512_mask_testn_epi32_mask(there, x, x) << i;
    }
    return zeros;
}
#else
FR_TEMPLATE_FN void numbers_of(const fr_csv_serial *s, const fr_csv_field *fields, size_t n, uint32_t *out)
{
    for (size_t i = 0; i < n; i++) out[i] = number_of(s, &fields[i]);
}

FR_TEMPLATE_FN uint64_t zeros_among(const uint32_t *codes, size_t n)
{
    uint64_t zeros = 0;
    for (size_t i = 0; i < n; i++) zeros |= (uint64_t)(codes[i] == 0) << i;
    return zeros;
}
#endif

static uint64_t find(const fr_csv_serial *s, const fr_csv_field *fields, size_t n, uint32_t *codes, uint64_t nulls)
{
    uint32_t numbers[FR_CSV_GROUP];
    numbers_of(s, fields, n, numbers);
    for (size_t i = 0; i < n; i++) codes[i] = s->codes[numbers[i]];
    for (uint64_t left = nulls; left; left &= left - 1) codes[__builtin_ctzll(left)] = 0;
    return zeros_among(codes, n) & ~nulls;
}

const fr_csv_serial_kernels FR_ISA_NAME(fr_csv_serial_kernels) = { .find = find };
