/* csv_digits.inc.h — numbers of up to 16 digits out of one register or two machine words; included by csv_numbers.isa.c.
 *
 * Up to 16 bytes behind a field may be read: windows and rewritten fields have that slack.
 */
#include <string.h>

#include "base/eight_digits.h"
#include "base/number.h"
#include "kernel/join_digits.inc.h"

FR_TEMPLATE_FN uint64_t load8(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

#if FR_ISA_LEVEL >= 2
/* n bytes at the upper end of a register and zeros before them, without byte `skip` of them; n: those that are left. */
FR_TEMPLATE_FN __m128i last_bytes(const char *p, uint32_t n, uint32_t skip)
{
    static const int8_t places[32] = { -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
                                       0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
    const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
    const __m128i from = _mm_loadu_si128((const __m128i *)(const void *)(places + n));
    const __m128i behind = _mm_cmpgt_epi8(from, _mm_set1_epi8((char)((int)skip - 1)));
    return _mm_shuffle_epi8(_mm_xor_si128(bytes, _mm_set1_epi8('0')), _mm_sub_epi8(from, behind));
}

FR_TEMPLATE_FN bool join_sixteen_digits(__m128i digits, uint64_t *out)
{
    const __m128i wrong = _mm_subs_epu8(digits, _mm_set1_epi8(9));
    const __m128i fours = fours_128(digits);
    const uint64_t both = (uint64_t)_mm_cvtsi128_si64(eights_128(fours, fours));
    *out = (both & UINT32_MAX) * 100000000 + (both >> 32);
    return _mm_testz_si128(wrong, wrong);
}

/* n = 1 … 16 digits; reads sixteen bytes. */
FR_TEMPLATE_FN bool read_digits(const char *p, uint32_t n, uint64_t *out)
{
    return join_sixteen_digits(last_bytes(p, n, 16), out);
}
#else
/* n = 1 … 16 digits; reads up to 8 bytes behind them. */
FR_TEMPLATE_FN bool read_digits(const char *p, uint32_t n, uint64_t *out)
{
    uint64_t low;
    if (n <= 8) {
        uint64_t zeros = n < 8 ? 0x3030303030303030u >> (8 * n) : 0;
        return fr_eight_digits_of(load8(p) << (64 - 8 * n) | zeros, out);
    }
    uint32_t head = n - 8;
    uint64_t zeros = head < 8 ? 0x3030303030303030u >> (8 * head) : 0;
    if (!fr_eight_digits_of(load8(p) << (64 - 8 * head) | zeros, out) || !fr_eight_digits_of(load8(p + head), &low)) return false;
    *out = *out * 100000000 + low;
    return true;
}
#endif

/* [blanks][-]digits, 1 to 16 of them without leading zeros. */
FR_TEMPLATE_FN bool read_plain_integer(const char *p, uint32_t n, int64_t *out)
{
    uint64_t value;
    while (n && *p == ' ') p++, n--;
    uint32_t negative = *p == '-';                   /* what follows a field may be read */
    p += negative;
    n -= negative;
    if (n - 1 >= 16 || (*p == '0' && n > 1) || !read_digits(p, n, &value)) return false;
    *out = negative ? -(int64_t)value : (int64_t)value;
    return true;
}

/* ---- floats ------------------------------------------------------------------------------------------------------- */
static const double powers_of_ten[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                        1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

/* Sixteen bytes as one number, the first byte lowest. */
FR_TEMPLATE_FN fr_u128 load16(const char *p)
{
    return load8(p) | (fr_u128)load8(p + 8) << 64;
}

/* Where among the first n (at most 16) bytes the mark stands; n when it does not. */
FR_TEMPLATE_FN uint32_t find_mark(fr_u128 bytes, uint32_t n, char mark)
{
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u, pattern = ones * (uint8_t)mark;
    for (uint32_t half = 0; half < 2; half++) {
        uint64_t x = (uint64_t)(bytes >> (64 * half)) ^ pattern, zero = (x - ones) & ~x & tops;    /* lowest one is exact */
        if (zero) {
            uint32_t at = 8 * half + ((uint32_t)__builtin_ctzll(zero) >> 3);
            return at < n ? at : n;
        }
    }
    return n;
}

/* Exact when mantissa and power of ten are (Clinger, PLDI 1990). */
FR_TEMPLATE_FN bool scale_float(uint64_t mantissa, uint32_t after, bool negative, double *out)
{
    if (mantissa >> 53) return fr_parse_f64_digits(mantissa, -(int)after, negative, out);
    double value = (double)(int64_t)mantissa / powers_of_ten[after];
    *out = negative ? -value : value;
    return true;
}

#if FR_ISA_LEVEL >= 2
/* The same for at most 16 bytes. */
FR_TEMPLATE_FN bool read_sixteen_float(const char *p, uint32_t length, char decimal, bool negative, double *out)
{
    const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p), marks = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(decimal));
    const uint32_t place = (uint32_t)__builtin_ctz((uint32_t)_mm_movemask_epi8(marks) | 1u << length);
    const uint32_t has = place < length, n = length - has;
    uint64_t mantissa;
    return n > 0 && join_sixteen_digits(last_bytes(p, n, place), &mantissa) &&
           scale_float(mantissa, has ? n - place : 0, negative, out);
}
#else
/* The same for at most 8 bytes, in one word. */
FR_TEMPLATE_FN bool read_short_float(const char *p, uint32_t length, char decimal, bool negative, double *out)
{
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    uint64_t bytes = load8(p) << (64 - 8 * length), x = bytes ^ ones * (uint8_t)decimal;
    uint64_t zero = (x - ones) & ~x & tops & UINT64_MAX << (64 - 8 * length);         /* lowest one is exact */
    uint32_t n = length, after = 0;
    if (zero) {                                      /* what stands before the mark moves up by a byte */
        uint32_t mark = (uint32_t)__builtin_ctzll(zero) - 7;
        uint64_t before = ((uint64_t)1 << mark) - 1;
        bytes = (bytes & before) << 8 | (bytes & ~(before << 8 | 0xff));
        after = 7 - mark / 8;
        if (--n == 0) return false;
    }
    uint64_t mantissa;
    if (n < 8) bytes |= 0x3030303030303030u >> (8 * n);
    return fr_eight_digits_of(bytes, &mantissa) && scale_float(mantissa, after, negative, out);
}

/* The same for at most 16 bytes. */
FR_TEMPLATE_FN bool read_sixteen_float(const char *p, uint32_t length, char decimal, bool negative, double *out)
{
    if (length <= 8) return read_short_float(p, length, decimal, negative, out);
    fr_u128 bytes = load16(p);
    uint32_t mark = find_mark(bytes, length, decimal), n = length, after = 0;
    if (mark < length) {
        fr_u128 before = ((fr_u128)1 << (8 * mark)) - 1;
        bytes = (bytes & before) | (bytes >> 8 & ~before);
        after = length - 1 - mark;
        n--;
    }
    const fr_u128 zeros = (fr_u128)0x3030303030303030u << 64 | 0x3030303030303030u;
    if (n < 16) bytes = bytes << (8 * (16 - n)) | zeros >> (8 * n);
    uint64_t high, low;
    if (!fr_eight_digits_of((uint64_t)bytes, &high) || !fr_eight_digits_of((uint64_t)(bytes >> 64), &low)) return false;
    return scale_float(high * 100000000 + low, after, negative, out);
}
#endif

/* 17 to 20 bytes, as doubles are often written, with the mark among the first 16: 16 digits and one to three more. */
FR_TEMPLATE_FN bool read_long_float(const char *p, uint32_t length, char decimal, bool negative, double *out)
{
    fr_u128 bytes = load16(p);
    uint32_t mark = find_mark(bytes, 16, decimal);
    uint64_t high, low;
    if (mark == 16) return false;
    fr_u128 before = ((fr_u128)1 << (8 * mark)) - 1;
    bytes = (bytes & before) | (load16(p + 1) & ~before);
    if (!fr_eight_digits_of((uint64_t)bytes, &high) || !fr_eight_digits_of((uint64_t)(bytes >> 64), &low)) return false;
    uint64_t mantissa = high * 100000000 + low;
    for (uint32_t i = 17; i < length; i++) {
        uint32_t digit = (uint32_t)(unsigned char)p[i] - '0';
        if (digit > 9) return false;
        mantissa = mantissa * 10 + digit;
    }
    return fr_parse_f64_digits(mantissa, -(int)(length - 1 - mark), negative, out);
}

/* [blanks][-]digits[.digits] of at most 16 bytes after the sign (20 with a mark among the first 16), without leading zeros:
 * the mark is squeezed out, what is left are up to 16 digits, read as two halves. */
FR_TEMPLATE_FN bool read_plain_float(const char *p, uint32_t length, char decimal, double *out)
{
    while (length && *p == ' ') p++, length--;
    bool negative = length && *p == '-';
    p += negative;
    length -= negative;
    if (length - 1 >= 20 || (*p == '0' && length > 1 && p[1] != decimal)) return false;
    return length > 16 ? read_long_float(p, length, decimal, negative, out) : read_sixteen_float(p, length, decimal, negative, out);
}
