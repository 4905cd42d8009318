/* csv_numbers.isa.c — eight fields become eight numbers.
 *
 * The bytes of each field come into a lane, what lies behind the field is shifted out, and digits are multiplied
 * together in pairs: 1 2 3 4 5 6 7 8 → 12 34 56 78 → 1234 5678 → 12345678.
 *
 *     lane         -4.25,7…  →  4.25…  →  425 (the mark squeezed out)  →  00000425  →  425 / 10^2  →  negated
 *
 * Sixteen integers of four digits or less take half a lane each. A lane that is no plain number is read again by itself
 * (csv_digits.inc.h). With AVX2 eight fields have up to eight digits each, or four; below it every field is read by itself.
 */
#include "io/csv/csv_numbers.h"

#include "io/csv/csv_digits.inc.h"

#if FR_ISA_LEVEL >= 3
#include <immintrin.h>
#endif

/* ---- one field ---------------------------------------------------------------------------------------------------- */
FR_TEMPLATE_FN bool one_integer(fr_csv_numbers *b, size_t i)
{
    const fr_csv_field *f = &b->fields[i];
    int64_t *out = (int64_t *)b->out + i;
    if ((f->quoted && !b->quoted) || !read_plain_integer(f->text, f->length, out)) return false;
    b->min.i = *out < b->min.i ? *out : b->min.i;
    b->max.i = *out > b->max.i ? *out : b->max.i;
    b->any = true;
    return true;
}

FR_TEMPLATE_FN bool one_float(fr_csv_numbers *b, size_t i)
{
    const fr_csv_field *f = &b->fields[i];
    double *out = (double *)b->out + i;
    if ((f->quoted && !b->quoted) || !read_plain_float(f->text, f->length, b->decimal, out)) return false;
    b->min.f = *out < b->min.f ? *out : b->min.f;
    b->max.f = *out > b->max.f ? *out : b->max.f;
    b->any = true;
    return true;
}

#if FR_ISA_LEVEL < 4
/* Fields i … end-1, one by one. The block is copied, so that its range stays in registers. */
static void each_integer(fr_csv_numbers *block, size_t i, size_t end)
{
    fr_csv_numbers b = *block;
    for (; i < end; i++)
        if (!one_integer(&b, i)) b.left[i / 64] |= (uint64_t)1 << (i % 64);
    *block = b;
}

static void each_float(fr_csv_numbers *block, size_t i, size_t end)
{
    fr_csv_numbers b = *block;
    for (; i < end; i++)
        if (!one_float(&b, i)) b.left[i / 64] |= (uint64_t)1 << (i % 64);
    *block = b;
}
#endif

#if FR_ISA_LEVEL >= 4
/* ---- eight fields ------------------------------------------------------------------------------------------------- */
#define GROUP 64

typedef struct eight {                 /* without signs                                                                */
    __m512i  low, high;                /* sixteen bytes of each                                                        */
    __m512i  length;
    __mmask8 there, negative;
} eight;

FR_TEMPLATE_FN __m512i splat(uint64_t x)
{
    return _mm512_set1_epi64((int64_t)x);
}

/* Sixteen bytes of each field, one after the other: gathering them eight at a time takes twice as long on Zen 4. */
FR_TEMPLATE_FN void load_group(const fr_csv_numbers *b, size_t from, __m128i *bytes)
{
    size_t n = b->n - from < GROUP ? b->n - from : GROUP;
    for (size_t i = 0; i < n; i++)
        _mm_store_si128(bytes + i, _mm_loadu_si128((const __m128i *)(const void *)b->fields[from + i].text));
}

/* One byte less in front. Sixteen become fifteen, so the last one may be missing. */
FR_TEMPLATE_FN void drop_first(eight *e, __mmask8 lanes)
{
    __m512i low = _mm512_or_si512(_mm512_srli_epi64(e->low, 8), _mm512_slli_epi64(e->high, 56));
    e->low = _mm512_mask_mov_epi64(e->low, lanes, low);
    e->high = _mm512_mask_srli_epi64(e->high, lanes, e->high, 8);
    e->length = _mm512_mask_sub_epi64(e->length, lanes, e->length, splat(1));
}

/* Fields from i on, whose bytes are given. Those in quotes have no length unless they may be numbers; nor those of sixteen
 * digits behind a sign. */
FR_TEMPLATE_FN eight load_eight(const fr_csv_numbers *b, size_t i, const __m128i *bytes)
{
    const __m512i even = _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14), odd = _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15);
    eight e = { .there = (__mmask8)(b->n - i >= 8 ? 0xff : (1u << (b->n - i)) - 1) };
    const uint32_t words = _pdep_u32(e.there, 0x5555) * 3;
    __m512i a = _mm512_maskz_loadu_epi64((__mmask8)words, b->fields + i);
    __m512i c = _mm512_maskz_loadu_epi64((__mmask8)(words >> 8), b->fields + i + 4);
    __m512i rest = _mm512_permutex2var_epi64(a, odd, c);
    e.length = _mm512_and_si512(rest, splat(UINT32_MAX));
    if (!b->quoted) e.length = _mm512_maskz_mov_epi64(_mm512_cmpeq_epi64_mask(rest, e.length), e.length);
    a = _mm512_load_si512(bytes);
    c = _mm512_load_si512(bytes + 4);
    e.low = _mm512_permutex2var_epi64(a, even, c);
    e.high = _mm512_permutex2var_epi64(a, odd, c);
    e.negative = _mm512_mask_cmpeq_epi64_mask(e.there, _mm512_and_si512(e.low, splat(0xff)), splat('-'));
    if (e.negative) {
        drop_first(&e, e.negative);
        __mmask8 cut = _mm512_mask_cmpgt_epu64_mask(e.negative, e.length, splat(15));
        e.length = _mm512_mask_mov_epi64(e.length, cut, splat(0));
    }
    return e;
}

/* Eight digits, as values 0 … 9, the first in the lowest byte of each lane. */
FR_TEMPLATE_FN __m512i join_digits(__m512i digits)
{
    __m512i pairs = _mm512_maddubs_epi16(digits, _mm512_set1_epi16(0x010a));
    __m512i fours = _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x00010064));
    return _mm512_add_epi64(_mm512_mul_epu32(fours, splat(10000)), _mm512_srli_epi64(fours, 32));
}

FR_TEMPLATE_FN __mmask8 lanes_with(__mmask64 bytes)
{
    return _mm512_test_epi64_mask(_mm512_movm_epi8(bytes), _mm512_movm_epi8(bytes));
}

/* The first `n` bytes of each lane, as digits at its upper end with zeros before them; which lanes hold anything else is
 * added to *wrong. */
FR_TEMPLATE_FN __m512i digits_of(__m512i bytes, __m512i n, __mmask8 *wrong)
{
    __m512i shift = _mm512_sub_epi64(splat(64), _mm512_slli_epi64(n, 3));
    __m512i digits = _mm512_sllv_epi64(_mm512_xor_si512(bytes, splat(0x3030303030303030u)), shift);
    *wrong |= lanes_with(_mm512_cmpgt_epu8_mask(digits, _mm512_set1_epi8(9)));
    return digits;
}

/* The same for up to sixteen of 128 bits: those that are too many in the one lane move up into the other. */
FR_TEMPLATE_FN __m512i join_sixteen(__m512i low, __m512i high, __m512i n, __mmask8 *wrong)
{
    /* counts of 64 and more, and negative ones, shift everything out */
    __m512i up = _mm512_sub_epi64(splat(128), _mm512_slli_epi64(n, 3));
    low = _mm512_xor_si512(low, splat(0x3030303030303030u));
    high = _mm512_xor_si512(high, splat(0x3030303030303030u));
    high = _mm512_or_si512(_mm512_or_si512(_mm512_sllv_epi64(high, up), _mm512_srlv_epi64(low, _mm512_sub_epi64(splat(64), up))),
                           _mm512_sllv_epi64(low, _mm512_sub_epi64(up, splat(64))));
    low = _mm512_sllv_epi64(low, up);
    *wrong |= lanes_with(_mm512_cmpgt_epu8_mask(_mm512_max_epu8(low, high), _mm512_set1_epi8(9)));
    return _mm512_add_epi64(_mm512_mul_epu32(join_digits(low), splat(100000000)), join_digits(high));
}

FR_TEMPLATE_FN __mmask8 leading_zeros(__m512i bytes, __m512i length)
{
    __mmask8 zero = _mm512_cmpeq_epi64_mask(_mm512_and_si512(bytes, splat(0xff)), splat('0'));
    return _mm512_mask_cmpgt_epu64_mask(zero, length, splat(1));
}

/* The bits of lanes that are left for others: empty ones, and what is no number when it is tried by itself. */
FR_TEMPLATE_FN void try_singly(fr_csv_numbers *b, size_t i, __mmask8 wrong, const eight *e,
                               bool (*one)(fr_csv_numbers *, size_t))
{
    const uint32_t empty = wrong & _mm512_testn_epi64_mask(e->length, e->length) & ~(uint32_t)e->negative;
    b->left[i / 64] |= (uint64_t)empty << (i % 64);
    for (uint32_t lanes = wrong & ~empty; lanes; lanes &= lanes - 1) {
        size_t at = i + (size_t)__builtin_ctz(lanes);
        if (!one(b, at)) b->left[at / 64] |= (uint64_t)1 << (at % 64);
    }
}

/* ---- integers ----------------------------------------------------------------------------------------------------- */
static __attribute__((noinline)) bool again_integer(fr_csv_numbers *b, size_t i) { return one_integer(b, i); }

typedef struct short_range { __m512i least, most; bool any; } short_range;      /* of integers of four digits or less    */

/* Word `at` of each of sixteen records of sixteen bytes. */
FR_TEMPLATE_FN __m512i word_of_sixteen(const void *records, int at)
{
    const char *p = records;
    const __m512i which = _mm512_add_epi32(_mm512_set1_epi32(at),
                                           _mm512_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28, 0, 0, 0, 0, 0, 0, 0, 0));
    __m512i low = _mm512_permutex2var_epi32(_mm512_loadu_si512(p), which, _mm512_loadu_si512(p + 64));
    __m512i high = _mm512_permutex2var_epi32(_mm512_loadu_si512(p + 128), which, _mm512_loadu_si512(p + 192));
    return _mm512_inserti64x4(low, _mm512_castsi512_si256(high), 1);
}

/* Sixteen fields at once, if they are there and all of them one to four digits and nothing else; false, and nothing done,
 * when not. */
FR_TEMPLATE_FN bool sixteen_short(const fr_csv_numbers *b, size_t i, const __m128i *bytes, short_range *range)
{
    if (b->n - i < 16) return false;
    const __m512i length = word_of_sixteen(b->fields + i, 2), quoted = word_of_sixteen(b->fields + i, 3);
    const __m512i one = _mm512_set1_epi32(1);
    if (_mm512_cmpgt_epu32_mask(_mm512_sub_epi32(length, one), _mm512_set1_epi32(3))) return false;
    if (!b->quoted && _mm512_test_epi32_mask(quoted, quoted)) return false;
    const __m512i text = _mm512_xor_si512(word_of_sixteen(bytes, 0), _mm512_set1_epi8('0'));
    const __m512i digits = _mm512_sllv_epi32(text, _mm512_sub_epi32(_mm512_set1_epi32(32), _mm512_slli_epi32(length, 3)));
    const __m512i over = _mm512_subs_epu8(digits, _mm512_set1_epi8(9));
    const __mmask16 zero_first = _mm512_testn_epi32_mask(text, _mm512_set1_epi32(0xff));
    if (_mm512_test_epi32_mask(over, over) | (zero_first & _mm512_cmpgt_epu32_mask(length, one))) return false;
    __m512i value = _mm512_madd_epi16(_mm512_maddubs_epi16(digits, _mm512_set1_epi16(0x010a)), _mm512_set1_epi32(0x00010064));
    int64_t *out = (int64_t *)b->out + i;
    _mm512_storeu_si512(out, _mm512_cvtepi32_epi64(_mm512_castsi512_si256(value)));
    _mm512_storeu_si512(out + 8, _mm512_cvtepi32_epi64(_mm512_extracti64x4_epi64(value, 1)));
    range->least = _mm512_min_epi32(range->least, value);
    range->most = _mm512_max_epi32(range->most, value);
    range->any = true;
    return true;
}

static void integers(fr_csv_numbers *b)
{
    _Alignas(64) __m128i bytes[GROUP];
    __m512i least = splat(INT64_MAX), most = splat((uint64_t)INT64_MIN);
    short_range shorts = { _mm512_set1_epi32(INT32_MAX), _mm512_setzero_si512(), false };
    __mmask8 any = 0;
    for (size_t i = 0; i < b->n; i += 8) {
        if (i % GROUP == 0) load_group(b, i, bytes);
        if (i % 16 == 0 && sixteen_short(b, i, bytes + i % GROUP, &shorts)) {
            i += 8;
            continue;
        }
        eight e = load_eight(b, i, bytes + i % GROUP);
        __mmask8 wrong = leading_zeros(e.low, e.length), longer = _mm512_cmpgt_epu64_mask(e.length, splat(8));
        wrong |= _mm512_cmpgt_epu64_mask(_mm512_sub_epi64(e.length, splat(1)), splat(15));       /* none, or too many */
        __m512i value = longer ? join_sixteen(e.low, e.high, e.length, &wrong)
                               : join_digits(digits_of(e.low, e.length, &wrong));
        value = _mm512_mask_sub_epi64(value, e.negative, _mm512_setzero_si512(), value);
        __mmask8 fine = e.there & (__mmask8)~wrong;
        _mm512_mask_storeu_epi64((int64_t *)b->out + i, e.there, value);
        least = _mm512_mask_min_epi64(least, fine, least, value);
        most = _mm512_mask_max_epi64(most, fine, most, value);
        any |= fine;
        if (wrong & e.there) try_singly(b, i, wrong & e.there, &e, again_integer);
    }
    b->any |= any != 0 || shorts.any;
    int64_t low = _mm512_reduce_min_epi64(least), high = _mm512_reduce_max_epi64(most);
    if (shorts.any) {
        const int64_t short_low = _mm512_reduce_min_epi32(shorts.least), short_high = _mm512_reduce_max_epi32(shorts.most);
        low = short_low < low ? short_low : low;
        high = short_high > high ? short_high : high;
    }
    b->min.i = low < b->min.i ? low : b->min.i;
    b->max.i = high > b->max.i ? high : b->max.i;
}

/* ---- floats ------------------------------------------------------------------------------------------------------- */
static __attribute__((noinline)) bool again_float(fr_csv_numbers *b, size_t i) { return one_float(b, i); }

/* A byte of ones where the first mark of each lane stands; none, zero. */
FR_TEMPLATE_FN __m512i first_mark(__m512i bytes, __m512i length, char decimal)
{
    __m512i bits = _mm512_slli_epi64(length, 3), beyond = _mm512_sllv_epi64(splat(UINT64_MAX), bits);
    __mmask64 marks = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(decimal)) & ~_mm512_movepi8_mask(beyond);
    __m512i ones = _mm512_maskz_mov_epi8(marks, _mm512_set1_epi8(1));
    return _mm512_and_si512(ones, _mm512_sub_epi64(_mm512_setzero_si512(), ones));     /* 1 in the lowest byte that is set */
}

/* a below the mark, b from it on; a where there is none. */
FR_TEMPLATE_FN __m512i squeeze(__m512i a, __m512i b, __m512i mark)
{
    __m512i below = _mm512_sub_epi64(mark, splat(1));              /* all ones without a mark */
    return _mm512_ternarylogic_epi64(below, a, b, 0xca);
}

/* Bytes of the place of the mark: 0 … 7. */
FR_TEMPLATE_FN __m512i place_of(__m512i mark)
{
    return _mm512_srli_epi64(_mm512_sub_epi64(splat(63), _mm512_lzcnt_epi64(mark)), 3);
}

typedef struct parsed { __m512i mantissa, after; __mmask8 wrong; } parsed;

/* Up to eight digits: all of them lie in the first nine bytes. */
FR_TEMPLATE_FN parsed join_short(const eight *e, __m512i mark)
{
    parsed p = { .wrong = 0 };
    __mmask8 has = _mm512_test_epi64_mask(mark, mark);
    __m512i shifted = _mm512_or_si512(_mm512_srli_epi64(e->low, 8), _mm512_slli_epi64(e->high, 56));
    __m512i n = _mm512_mask_sub_epi64(e->length, has, e->length, splat(1));
    p.after = _mm512_maskz_sub_epi64(has, n, place_of(mark));
    p.wrong = _mm512_cmpgt_epu64_mask(_mm512_sub_epi64(n, splat(1)), splat(7));
    p.mantissa = join_digits(digits_of(squeeze(e->low, shifted, mark), n, &p.wrong));
    return p;
}

/* Up to sixteen bytes, the mark among the first eight or among the others. */
FR_TEMPLATE_FN parsed join_long(const eight *e, __m512i mark, char decimal)
{
    parsed p = { .wrong = 0 };
    const __m512i one = splat(1), eights = splat(8);
    __mmask8 longer = _mm512_mask_cmpgt_epu64_mask(e->there, e->length, eights), early = _mm512_test_epi64_mask(mark, mark);
    __m512i late_mark = first_mark(e->high, _mm512_maskz_sub_epi64(longer, e->length, eights), decimal);
    late_mark = _mm512_maskz_mov_epi64((__mmask8)~early, late_mark);
    __mmask8 late = _mm512_test_epi64_mask(late_mark, late_mark), has = early | late;
    __m512i place = _mm512_mask_add_epi64(place_of(mark), late, place_of(late_mark), eights);
    __m512i shifted_low = _mm512_or_si512(_mm512_srli_epi64(e->low, 8), _mm512_slli_epi64(e->high, 56));
    __m512i shifted_high = _mm512_srli_epi64(e->high, 8);
    __m512i high = _mm512_mask_mov_epi64(squeeze(e->high, shifted_high, late_mark), early, shifted_high);
    __m512i n = _mm512_mask_sub_epi64(e->length, has, e->length, one);
    p.after = _mm512_maskz_sub_epi64(has, n, place);
    p.wrong = _mm512_cmpgt_epu64_mask(_mm512_sub_epi64(e->length, one), splat(15)) | _mm512_testn_epi64_mask(n, n);
    p.mantissa = join_sixteen(squeeze(e->low, shifted_low, mark), high, n, &p.wrong);
    p.wrong |= _mm512_cmpneq_epi64_mask(_mm512_srli_epi64(p.mantissa, 53), _mm512_setzero_si512());
    return p;
}

/* Exact when mantissa and power of ten are (Clinger, PLDI 1990): below 2^53, at most 10^15, since sixteen bytes hold the mark
 * as well. The powers come out of two registers, which takes an eighth less time for all of it than a gather. */
FR_TEMPLATE_FN __m512d scale(const parsed *p, __mmask8 negative)
{
    const __m512d low = _mm512_loadu_pd(powers_of_ten), high = _mm512_loadu_pd(powers_of_ten + 8);
    __m512d power = _mm512_permutex2var_pd(low, p->after, high);
    __m512d value = _mm512_div_pd(_mm512_cvtepu64_pd(p->mantissa), power);
    return _mm512_mask_xor_pd(value, negative, value, _mm512_set1_pd(-0.0));
}

/* 0.5 has no leading zero, 00.5 and 05 have one. */
FR_TEMPLATE_FN __mmask8 leading_zeros_before(__m512i bytes, __m512i length, char decimal)
{
    __m512i second = _mm512_and_si512(_mm512_srli_epi64(bytes, 8), splat(0xff));
    return leading_zeros(bytes, length) & _mm512_cmpneq_epi64_mask(second, splat((uint8_t)decimal));
}

static void floats(fr_csv_numbers *b)
{
    __m512d least = _mm512_set1_pd(__builtin_inf()), most = _mm512_set1_pd(-__builtin_inf());
    _Alignas(64) __m128i bytes[GROUP];
    __mmask8 any = 0;
    for (size_t i = 0; i < b->n; i += 8) {
        if (i % GROUP == 0) load_group(b, i, bytes);
        eight e = load_eight(b, i, bytes + i % GROUP);
        __m512i mark = first_mark(e.low, e.length, b->decimal);
        __m512i room = _mm512_mask_add_epi64(splat(8), _mm512_test_epi64_mask(mark, mark), splat(8), splat(1));
        bool is_short = !_mm512_mask_cmpgt_epu64_mask(e.there, e.length, room);
        parsed p = is_short ? join_short(&e, mark) : join_long(&e, mark, b->decimal);
        __m512d value = scale(&p, e.negative);
        __mmask8 wrong = e.there & (p.wrong | leading_zeros_before(e.low, e.length, b->decimal));
        __mmask8 fine = e.there & (__mmask8)~wrong;
        _mm512_mask_storeu_pd((double *)b->out + i, e.there, value);
        least = _mm512_mask_min_pd(least, fine, least, value);
        most = _mm512_mask_max_pd(most, fine, most, value);
        any |= fine;
        if (wrong) try_singly(b, i, wrong, &e, again_float);
    }
    b->any |= any != 0;
    double low = _mm512_reduce_min_pd(least), high = _mm512_reduce_max_pd(most);
    b->min.f = low < b->min.f ? low : b->min.f;
    b->max.f = high > b->max.f ? high : b->max.f;
}
#elif FR_ISA_LEVEL == 3
/* ---- eight fields ------------------------------------------------------------------------------------------------- */
/* They lie in lanes of four bytes, 0 2 4 6 in the lower half of a register and 1 3 5 7 in the upper, as two shuffles leave the
 * lengths; texts of more bytes in two registers of longer lanes, 0 2 and 1 3, 4 6 and 5 7. What is wrong with a field sets the
 * top bit of some byte of its lane. */
typedef struct two { __m256i a, b; } two;

typedef struct lengths {
    __m256i n;
    __m256i wrong;                     /* in quotes, though they may not be                                            */
} lengths;

FR_TEMPLATE_FN __m256i each(uint32_t x) { return _mm256_set1_epi32((int)x); }
FR_TEMPLATE_FN __m128i eight_bytes(const char *p) { return _mm_loadl_epi64((const __m128i *)(const void *)p); }

FR_TEMPLATE_FN __m256i halves(__m128i low, __m128i high)
{
    return _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
}

/* Of lanes of eight bytes. */
FR_TEMPLATE_FN __m256i lower_halves(two x)
{
    return _mm256_castps_si256(_mm256_shuffle_ps(_mm256_castsi256_ps(x.a), _mm256_castsi256_ps(x.b), 0x88));
}

FR_TEMPLATE_FN __m256i upper_halves(two x)
{
    return _mm256_castps_si256(_mm256_shuffle_ps(_mm256_castsi256_ps(x.a), _mm256_castsi256_ps(x.b), 0xdd));
}

/* Lanes of eight bytes, `upper` the upper halves. */
FR_TEMPLATE_FN two widen(__m256i lower, __m256i upper)
{
    return (two){ _mm256_unpacklo_epi32(lower, upper), _mm256_unpackhi_epi32(lower, upper) };
}

/* Lanes of four bytes in the order of their fields, 0 1 2 3 and 4 5 6 7. */
FR_TEMPLATE_FN void put_in_order(__m256i x, __m128i *first, __m128i *second)
{
    const __m128i even = _mm256_castsi256_si128(x), odd = _mm256_extracti128_si256(x, 1);
    *first = _mm_unpacklo_epi32(even, odd);
    *second = _mm_unpackhi_epi32(even, odd);
}

FR_TEMPLATE_FN lengths load_lengths(const fr_csv_numbers *b, size_t i)
{
    const __m256i *pairs = (const __m256i *)(const void *)(b->fields + i);
    const two rest = { _mm256_unpackhi_epi64(_mm256_loadu_si256(pairs), _mm256_loadu_si256(pairs + 1)),
                       _mm256_unpackhi_epi64(_mm256_loadu_si256(pairs + 2), _mm256_loadu_si256(pairs + 3)) };
    const __m256i quoted = _mm256_slli_epi32(upper_halves(rest), 31);
    return (lengths){ lower_halves(rest), b->quoted ? _mm256_setzero_si256() : quoted };
}

FR_TEMPLATE_FN bool has_longer(lengths l, uint32_t most)
{
    return _mm256_movemask_epi8(_mm256_cmpgt_epi32(l.n, each(most)));
}

FR_TEMPLATE_FN __m128i four_bytes(const char *p)
{
    int word;
    memcpy(&word, p, sizeof word);
    return _mm_cvtsi32_si128(word);
}

FR_TEMPLATE_FN __m128i four_short_texts(const char *a, const char *b, const char *c, const char *d)
{
    return _mm_unpacklo_epi64(_mm_unpacklo_epi32(four_bytes(a), four_bytes(b)), _mm_unpacklo_epi32(four_bytes(c), four_bytes(d)));
}

FR_TEMPLATE_FN __m256i load_short_texts(const fr_csv_field *f)
{
    return halves(four_short_texts(f[0].text, f[2].text, f[4].text, f[6].text),
                  four_short_texts(f[1].text, f[3].text, f[5].text, f[7].text));
}

FR_TEMPLATE_FN __m256i four_texts(const fr_csv_field *f, size_t from)
{
    return halves(_mm_unpacklo_epi64(eight_bytes(f[0].text + from), eight_bytes(f[2].text + from)),
                  _mm_unpacklo_epi64(eight_bytes(f[1].text + from), eight_bytes(f[3].text + from)));
}

FR_TEMPLATE_FN two load_texts(const fr_csv_field *f, size_t from)
{
    return (two){ four_texts(f, from), four_texts(f + 4, from) };
}

FR_TEMPLATE_FN __m256i are_negative(__m256i first_bytes)
{
    return _mm256_cmpeq_epi32(_mm256_and_si256(first_bytes, each(0xff)), each('-'));
}

FR_TEMPLATE_FN __m256i join_pairs(__m256i digits)
{
    return _mm256_madd_epi16(_mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010a)), each(0x00010064));
}

FR_TEMPLATE_FN __m256i no_digits(__m256i bytes) { return _mm256_adds_epu8(bytes, _mm256_set1_epi8(0x80 - 10)); }

/* The first n bytes of each lane as a number of n digits. */
FR_TEMPLATE_FN __m256i join_four(__m256i bytes, __m256i n, __m256i *wrong)
{
    const __m256i digits = _mm256_sllv_epi32(bytes, _mm256_sub_epi32(each(32), _mm256_slli_epi32(n, 3)));
    *wrong = _mm256_or_si256(*wrong, _mm256_or_si256(no_digits(digits), _mm256_sub_epi32(n, each(1))));
    return join_pairs(digits);
}

FR_TEMPLATE_FN __m256i join_eight(two bytes, __m256i n, __m256i *wrong)
{
    const two shift = widen(_mm256_sub_epi32(each(64), _mm256_slli_epi32(n, 3)), _mm256_setzero_si256());
    const two digits = { _mm256_sllv_epi64(bytes.a, shift.a), _mm256_sllv_epi64(bytes.b, shift.b) };
    const two others = { no_digits(digits.a), no_digits(digits.b) };
    const __m256i outside = _mm256_or_si256(_mm256_sub_epi32(n, each(1)), _mm256_sub_epi32(each(8), n));
    *wrong = _mm256_or_si256(*wrong, _mm256_or_si256(outside, _mm256_or_si256(lower_halves(others), upper_halves(others))));
    return _mm256_madd_epi16(_mm256_packus_epi32(join_pairs(digits.a), join_pairs(digits.b)), each(0x00012710));
}

/* A zero first, and more behind it, in lanes where that may not be. */
FR_TEMPLATE_FN __m256i leading_zeros(__m256i first_digits, __m256i n, __m256i may_not)
{
    const __m256i more = _mm256_and_si256(_mm256_cmpgt_epi32(n, each(1)), may_not);
    return _mm256_add_epi32(_mm256_and_si256(first_digits, each(0xff)), more);
}

FR_TEMPLATE_FN __m256i wrong_lanes(__m256i wrong)
{
    const __m256i fine = _mm256_cmpeq_epi32(_mm256_and_si256(wrong, each(0x80808080)), _mm256_setzero_si256());
    return _mm256_xor_si256(fine, each(UINT32_MAX));
}

/* Those of eight fields that are in the lanes: empty ones are left, and where there are many all are read again. */
FR_TEMPLATE_FN void try_lanes(fr_csv_numbers *b, size_t i, __m256i lanes, void (*each_one)(fr_csv_numbers *, size_t, size_t))
{
    __m128i first, second;
    put_in_order(lanes, &first, &second);
    uint32_t left = (uint32_t)_mm_movemask_ps(_mm_castsi128_ps(first)) | (uint32_t)_mm_movemask_ps(_mm_castsi128_ps(second)) << 4;
    uint32_t others = 0;
    for (; left; left &= left - 1) {
        const size_t at = i + (size_t)__builtin_ctz(left);
        if (b->fields[at].length) others |= left & -left;
        else b->left[at / 64] |= (uint64_t)1 << (at % 64);
    }
    if (__builtin_popcount(others) > 3) {
        each_one(b, i, i + 8);
        return;
    }
    for (; others; others &= others - 1) {
        const size_t at = i + (size_t)__builtin_ctz(others);
        each_one(b, at, at + 1);
    }
}

/* ---- integers ----------------------------------------------------------------------------------------------------- */
typedef struct eight_i32 { __m256i value, negative, wrong; } eight_i32;         /* the value without its sign          */

FR_TEMPLATE_FN eight_i32 read_short_integers(const fr_csv_field *f, lengths l)
{
    __m256i bytes = load_short_texts(f), negative = are_negative(bytes), n = _mm256_add_epi32(l.n, negative);
    bytes = _mm256_srlv_epi32(bytes, _mm256_and_si256(negative, each(8)));
    bytes = _mm256_xor_si256(bytes, _mm256_set1_epi8('0'));
    eight_i32 x = { .negative = negative, .wrong = _mm256_or_si256(l.wrong, leading_zeros(bytes, n, each(UINT32_MAX))) };
    x.value = join_four(bytes, n, &x.wrong);
    return x;
}

FR_TEMPLATE_FN eight_i32 read_integers_of_eight(const fr_csv_field *f, lengths l)
{
    two bytes = load_texts(f, 0);
    const __m256i negative = are_negative(lower_halves(bytes)), n = _mm256_add_epi32(l.n, negative);
    const two shift = widen(_mm256_and_si256(negative, each(8)), _mm256_setzero_si256());
    bytes.a = _mm256_xor_si256(_mm256_srlv_epi64(bytes.a, shift.a), _mm256_set1_epi8('0'));
    bytes.b = _mm256_xor_si256(_mm256_srlv_epi64(bytes.b, shift.b), _mm256_set1_epi8('0'));
    const __m256i zeros = leading_zeros(lower_halves(bytes), n, each(UINT32_MAX));
    eight_i32 x = { .negative = negative, .wrong = _mm256_or_si256(l.wrong, zeros) };
    x.value = join_eight(bytes, n, &x.wrong);
    return x;
}

static void integers(fr_csv_numbers *b)
{
    __m256i least = each(INT32_MAX), most = each((uint32_t)INT32_MIN);
    for (size_t at = 0; b->n >= 8 && at < b->n; at += 8) {
        const size_t i = at + 8 <= b->n ? at : b->n - 8;        /* the last eight may have been read before */
        const lengths l = load_lengths(b, i);
        if (has_longer(l, 8)) {
            each_integer(b, i, i + 8);
            continue;
        }
        const bool is_short = !has_longer(l, 4);
        const eight_i32 x = is_short ? read_short_integers(b->fields + i, l) : read_integers_of_eight(b->fields + i, l);
        const __m256i value = _mm256_sub_epi32(_mm256_xor_si256(x.value, x.negative), x.negative);
        __m128i first, second;
        put_in_order(value, &first, &second);
        __m256i *out = (__m256i *)(void *)((int64_t *)b->out + i), low = value, high = value;
        _mm256_storeu_si256(out, _mm256_cvtepi32_epi64(first));
        _mm256_storeu_si256(out + 1, _mm256_cvtepi32_epi64(second));
        if (_mm256_movemask_epi8(x.wrong)) {
            const __m256i wrong = wrong_lanes(x.wrong);
            low = _mm256_blendv_epi8(value, each(INT32_MAX), wrong);
            high = _mm256_blendv_epi8(value, each((uint32_t)INT32_MIN), wrong);
            try_lanes(b, i, wrong, each_integer);
        }
        least = _mm256_min_epi32(least, low);
        most = _mm256_max_epi32(most, high);
    }
    if (b->n < 8) each_integer(b, 0, b->n);
    for (size_t lane = 0; lane < 8; lane++) {
        int32_t low, high;
        memcpy(&low, (const char *)&least + 4 * lane, sizeof low);
        memcpy(&high, (const char *)&most + 4 * lane, sizeof high);
        if (low > high) continue;                             /* none */
        b->any = true;
        b->min.i = low < b->min.i ? low : b->min.i;
        b->max.i = high > b->max.i ? high : b->max.i;
    }
}

/* ---- floats ------------------------------------------------------------------------------------------------------- */
typedef struct marked { two below, place; } marked;            /* ones before the mark, and how many: all and 8 without */

FR_TEMPLATE_FN __m256i below_mark(__m256i bytes, __m256i n, char decimal)
{
    const __m256i beyond = _mm256_sllv_epi64(each(UINT32_MAX), _mm256_slli_epi64(n, 3));
    const __m256i marks = _mm256_andnot_si256(beyond, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(decimal)));
    return _mm256_andnot_si256(marks, _mm256_add_epi64(marks, each(UINT32_MAX)));       /* below the lowest one that is set */
}

FR_TEMPLATE_FN __m256i count_bytes(__m256i ones)
{
    return _mm256_sad_epu8(_mm256_and_si256(ones, _mm256_set1_epi8(1)), _mm256_setzero_si256());
}

FR_TEMPLATE_FN marked find_marks(two bytes, __m256i n, char decimal)
{
    const two wide = widen(n, _mm256_setzero_si256());
    const two below = { below_mark(bytes.a, wide.a, decimal), below_mark(bytes.b, wide.b, decimal) };
    return (marked){ below, { count_bytes(below.a), count_bytes(below.b) } };
}

/* The lower bits of a, and of b the others, without '0'. */
FR_TEMPLATE_FN __m256i squeeze(__m256i a, __m256i b, __m256i lower)
{
    return _mm256_xor_si256(_mm256_or_si256(_mm256_and_si256(lower, a), _mm256_andnot_si256(lower, b)), _mm256_set1_epi8('0'));
}

typedef struct eight_f64 { __m256d first, second; __m256i wrong; } eight_f64;

/* Mantissas divided by powers of ten; as exact as these are, which have four bytes: 5^7 < 2^24. */
FR_TEMPLATE_FN void scale_eight(__m256i mantissa, __m256i after, __m256i negative, eight_f64 *out)
{
    const __m256 powers = _mm256_setr_ps(1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f);
    const __m256i signs = _mm256_slli_epi32(negative, 31);
    const __m256i divisor = _mm256_or_si256(_mm256_castps_si256(_mm256_permutevar8x32_ps(powers, after)), signs);
    __m128i low, high, low_divisor, high_divisor;
    put_in_order(mantissa, &low, &high);
    put_in_order(divisor, &low_divisor, &high_divisor);
    out->first = _mm256_div_pd(_mm256_cvtepi32_pd(low), _mm256_cvtps_pd(_mm_castsi128_ps(low_divisor)));
    out->second = _mm256_div_pd(_mm256_cvtepi32_pd(high), _mm256_cvtps_pd(_mm_castsi128_ps(high_divisor)));
}

/* Up to eight digits, seven of them behind the mark: all lie in the first ten bytes. */
FR_TEMPLATE_FN eight_f64 read_floats_of_eight(const fr_csv_numbers *b, size_t i, lengths l)
{
    const fr_csv_field *f = b->fields + i;
    const two texts = load_texts(f, 0), second = load_texts(f, 1), third = load_texts(f, 2);
    const __m256i negative = are_negative(lower_halves(texts)), n = _mm256_add_epi32(l.n, negative);
    const two signs = widen(negative, negative);
    const two bytes = { _mm256_blendv_epi8(texts.a, second.a, signs.a), _mm256_blendv_epi8(texts.b, second.b, signs.b) };
    const two next = { _mm256_blendv_epi8(second.a, third.a, signs.a), _mm256_blendv_epi8(second.b, third.b, signs.b) };
    const marked m = find_marks(bytes, n, b->decimal);
    const __m256i place = lower_halves(m.place), has = _mm256_cmpgt_epi32(each(8), place), digits = _mm256_add_epi32(n, has);
    const __m256i after = _mm256_and_si256(has, _mm256_sub_epi32(digits, place));
    const two squeezed = { squeeze(bytes.a, next.a, m.below.a), squeeze(bytes.b, next.b, m.below.b) };
    const __m256i first = _mm256_xor_si256(lower_halves(bytes), each('0'));
    const __m256i no_mark_second = _mm256_xor_si256(_mm256_cmpeq_epi32(place, each(1)), each(UINT32_MAX));
    eight_f64 x = { .wrong = _mm256_or_si256(l.wrong, leading_zeros(first, n, no_mark_second)) };
    x.wrong = _mm256_or_si256(x.wrong, _mm256_sub_epi32(each(7), after));
    scale_eight(join_eight(squeezed, digits, &x.wrong), after, negative, &x);
    return x;
}

static void floats(fr_csv_numbers *b)
{
    const __m256d highest = _mm256_set1_pd(__builtin_inf()), lowest = _mm256_set1_pd(-__builtin_inf());
    __m256d least = highest, most = lowest;
    for (size_t at = 0; b->n >= 8 && at < b->n; at += 8) {
        const size_t i = at + 8 <= b->n ? at : b->n - 8;
        const lengths l = load_lengths(b, i);
        if (has_longer(l, 10)) {
            each_float(b, i, i + 8);
            continue;
        }
        const eight_f64 x = read_floats_of_eight(b, i, l);
        double *out = (double *)b->out + i;
        _mm256_storeu_pd(out, x.first);
        _mm256_storeu_pd(out + 4, x.second);
        if (!_mm256_movemask_epi8(x.wrong)) {
            least = _mm256_min_pd(least, _mm256_min_pd(x.first, x.second));
            most = _mm256_max_pd(most, _mm256_max_pd(x.first, x.second));
            continue;
        }
        const __m256i wrong = wrong_lanes(x.wrong);
        __m128i first, second;
        put_in_order(wrong, &first, &second);
        const __m256d skip_first = _mm256_castsi256_pd(_mm256_cvtepi32_epi64(first));
        const __m256d skip_second = _mm256_castsi256_pd(_mm256_cvtepi32_epi64(second));
        least = _mm256_min_pd(least, _mm256_blendv_pd(x.first, highest, skip_first));
        least = _mm256_min_pd(least, _mm256_blendv_pd(x.second, highest, skip_second));
        most = _mm256_max_pd(most, _mm256_blendv_pd(x.first, lowest, skip_first));
        most = _mm256_max_pd(most, _mm256_blendv_pd(x.second, lowest, skip_second));
        try_lanes(b, i, wrong, each_float);
    }
    if (b->n < 8) each_float(b, 0, b->n);
    for (size_t lane = 0; lane < 4; lane++) {
        double low, high;
        memcpy(&low, (const char *)&least + 8 * lane, sizeof low);
        memcpy(&high, (const char *)&most + 8 * lane, sizeof high);
        if (low > high) continue;                             /* none */
        b->any = true;
        b->min.f = low < b->min.f ? low : b->min.f;
        b->max.f = high > b->max.f ? high : b->max.f;
    }
}
#else
static void integers(fr_csv_numbers *b) { each_integer(b, 0, b->n); }
static void floats(fr_csv_numbers *b) { each_float(b, 0, b->n); }
#endif

static void read_integers(fr_csv_numbers *b)
{
    memset(b->left, 0, (b->n + 63) / 64 * sizeof *b->left);
    b->any = false;
    b->min.i = INT64_MAX;
    b->max.i = INT64_MIN;
    integers(b);
}

static void read_floats(fr_csv_numbers *b)
{
    memset(b->left, 0, (b->n + 63) / 64 * sizeof *b->left);
    b->any = false;
    b->min.f = __builtin_inf();
    b->max.f = -__builtin_inf();
    floats(b);
}

const fr_csv_number_kernels FR_ISA_NAME(fr_csv_number_kernels) = { .i64 = read_integers, .f64 = read_floats };
