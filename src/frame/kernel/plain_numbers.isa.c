/* plain_numbers.isa.c — the loops of plain_numbers.h, once per instruction set. */
#include "kernel/plain_numbers.h"

#include "kernel/few_bytes.h"
#include "kernel/join_digits.inc.h"

typedef struct plain { uint64_t digits; uint8_t after; bool negative; } plain;

static bool read_long(fr_piece t, plain *out)
{
    enum { MOST_DIGITS = 18 };
    const char *p = t.text, *end = p + t.n, *point = NULL;
    if (!t.n || end[-1] < '0') return false;
    out->negative = *p == '-';
    p += out->negative;
    if (*p == '.' || end - p > MOST_DIGITS) return false;
    for (out->digits = 0; p < end; p++) {
        const unsigned digit = (unsigned)(unsigned char)*p - '0';
        if (digit <= 9) out->digits = out->digits * 10 + digit;
        else if (*p != '.' || point) return false;
        else point = p;
    }
    out->after = point ? (uint8_t)(end - point - 1) : 0;
    return true;
}

#if FR_ISA_LEVEL >= 2
FR_TEMPLATE_FN __m128i load(fr_piece t)
{
#if FR_ISA_LEVEL >= 4
    return _mm_maskz_loadu_epi8((__mmask16)((1u << t.n) - 1), t.text);
#else
    return fr_load_few(t.text, t.n);
#endif
}

/* n = 1 … 16 bytes. */
FR_TEMPLATE_FN bool read_short(fr_piece t, plain *out)
{
    const __m128i places = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m128i bytes = load(t), values = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
    const __m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(values, _mm_set1_epi8(9)), values);
    const uint32_t n = (uint32_t)t.n, all = (1u << n) - 1, digit = (uint32_t)_mm_movemask_epi8(is_digit);
    const uint32_t points = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('.')));
    const uint32_t sign = *t.text == '-', rest = all & ~sign, point = (uint32_t)__builtin_ctz(points | 1u << n);
    const bool plainly = ((digit | points) & rest) == rest && !(points & (points - 1)) && digit >> (n - 1) & 1
                      && digit >> sign & 1;
    const __m128i at_end = _mm_shuffle_epi8(_mm_and_si128(values, is_digit),
                                            _mm_sub_epi8(places, _mm_set1_epi8((char)(16 - n))));
    const __m128i whole = _mm_cmpgt_epi8(_mm_set1_epi8((char)(points ? point + 17 - n : 0)), places);
    const __m128i joined = _mm_blendv_epi8(at_end, _mm_slli_si128(at_end, 1), whole);
    const __m128i fours = fours_128(joined);
    const uint64_t eights = (uint64_t)_mm_cvtsi128_si64(eights_128(fours, fours));
    out->digits = (eights & UINT32_MAX) * 100000000 + (eights >> 32);
    out->after = (uint8_t)(points ? n - 1 - point : 0);
    out->negative = sign;
    return plainly;
}

FR_TEMPLATE_FN bool read_one(fr_piece t, plain *out)
{
    return t.n - 1 < 16 ? read_short(t, out) : read_long(t, out);
}
#else
FR_TEMPLATE_FN bool read_one(fr_piece t, plain *out) { return read_long(t, out); }
#endif

static uint64_t read_rows(fr_plain_numbers *out, const fr_piece texts[64], uint64_t rows)
{
    uint64_t done = 0;
    out->negative = 0;
    for (; rows; rows &= rows - 1) {
        const unsigned i = (unsigned)__builtin_ctzll(rows);
        plain one = { 0 };
        done |= (uint64_t)read_one(texts[i], &one) << i;
        out->digits[i] = one.digits;
        out->after[i] = one.after;
        out->negative |= (uint64_t)one.negative << i;
    }
    return done;
}

const fr_plain_number_kernels FR_ISA_NAME(fr_plain_number_kernels) = { .read = read_rows };
