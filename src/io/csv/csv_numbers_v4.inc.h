/* csv_numbers_v4.inc.h — eight fields at a time with AVX-512: lanes of eight bytes; included by csv_numbers.isa.c.
 *
 * Sixteen integers of four digits or less take half a lane each.
 */
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
    const __m512i fours = fours_512(digits);
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
    const __m512i value = fours_512(digits);
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
