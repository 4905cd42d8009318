/* csv_numbers_v3.inc.h — eight fields at a time with AVX2: up to eight digits each, or four; included by csv_numbers.isa.c. */
/* ---- eight fields ------------------------------------------------------------------------------------------------- */
/* They lie in lanes of four bytes, 0 2 4 6 in the lower half of a register and 1 3 5 7 in the upper, as two shuffles leave the
 * lengths; texts of more bytes in two registers of longer lanes, 0 2 and 1 3, 4 6 and 5 7. What is wrong with a field sets the
 * top bit of some byte of its lane. */
typedef struct two { __m256i a, b; } two;

/* Where eight fields are. */
typedef enum layout { CUT_OUT, BARE, PERHAPS_QUOTED } layout;
typedef struct source {
    const fr_csv_field *fields;        /* cut out                                                                      */
    const char         *text;          /* else behind which, less the step, …                                          */
    const uint32_t     *before, *ends; /* … these are                                                                  */
    uint32_t            step;
} source;

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

FR_TEMPLATE_FN source source_at(const fr_csv_numbers *b, size_t i, layout how)
{
    const fr_csv_places *p = b->places;
    if (how == CUT_OUT) return (source){ .fields = b->fields + i };
    return (source){ .text = p->text + p->step, .before = p->before + i, .ends = p->ends + i, .step = p->step };
}

FR_TEMPLATE_FN const char *text_of(const source *s, size_t i, layout how)
{
    if (how == CUT_OUT) return s->fields[i].text;
    return how == BARE ? s->text + s->before[i] : s->text + (s->before[i] & FR_CSV_PLACE) + (s->ends[i] >> 30);
}

/* Below 0 where a field ends before it begins: wrong, as one of no length. */
FR_TEMPLATE_FN __m128 four_lengths(const source *s, size_t i, layout how, __m128i *quotes)
{
    const __m128i place = _mm_set1_epi32(FR_CSV_PLACE);
    __m128i before = _mm_loadu_si128((const __m128i *)(const void *)(s->before + i));
    __m128i end = _mm_loadu_si128((const __m128i *)(const void *)(s->ends + i));
    if (how == PERHAPS_QUOTED) {
        const __m128i quoted = _mm_srli_epi32(end, 30);
        *quotes = _mm_or_si128(*quotes, quoted);
        end = _mm_sub_epi32(_mm_and_si128(end, place), _mm_add_epi32(quoted, quoted));
        before = _mm_and_si128(before, place);
    }
    return _mm_castsi128_ps(_mm_sub_epi32(_mm_sub_epi32(end, before), _mm_set1_epi32((int)s->step)));
}

/* Of eight fields one of which is in quotes and must not be, none has a length. */
FR_TEMPLATE_FN lengths measure(const source *s, layout how, bool may_be_quoted)
{
    __m128i quotes = _mm_setzero_si128();
    const __m128 first = four_lengths(s, 0, how, &quotes), second = four_lengths(s, 4, how, &quotes);
    const __m128 even = _mm_shuffle_ps(first, second, 0x88), odd = _mm_shuffle_ps(first, second, 0xdd);
    lengths l = { halves(_mm_castps_si128(even), _mm_castps_si128(odd)), _mm256_setzero_si256() };
    if (how == PERHAPS_QUOTED && !may_be_quoted && !_mm_testz_si128(quotes, quotes)) l.wrong = each(0x80808080);
    return l;
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

FR_TEMPLATE_FN __m256i load_short_texts(const source *s, layout how)
{
    return halves(four_short_texts(text_of(s, 0, how), text_of(s, 2, how), text_of(s, 4, how), text_of(s, 6, how)),
                  four_short_texts(text_of(s, 1, how), text_of(s, 3, how), text_of(s, 5, how), text_of(s, 7, how)));
}

FR_TEMPLATE_FN __m256i four_texts(const source *s, size_t i, size_t from, layout how)
{
    const __m128i a = eight_bytes(text_of(s, i, how) + from), b = eight_bytes(text_of(s, i + 1, how) + from);
    const __m128i c = eight_bytes(text_of(s, i + 2, how) + from), d = eight_bytes(text_of(s, i + 3, how) + from);
    return halves(_mm_unpacklo_epi64(a, c), _mm_unpacklo_epi64(b, d));
}

FR_TEMPLATE_FN two load_texts(const source *s, size_t from, layout how)
{
    return (two){ four_texts(s, 0, from, how), four_texts(s, 4, from, how) };
}

FR_TEMPLATE_FN __m256i are_negative(__m256i first_bytes)
{
    return _mm256_cmpeq_epi32(_mm256_and_si256(first_bytes, each(0xff)), each('-'));
}

FR_TEMPLATE_FN __m256i no_digits(__m256i bytes) { return _mm256_adds_epu8(bytes, _mm256_set1_epi8(0x80 - 10)); }

/* The first n bytes of each lane as a number of n digits. */
FR_TEMPLATE_FN __m256i join_four(__m256i bytes, __m256i n, __m256i *wrong)
{
    const __m256i digits = _mm256_sllv_epi32(bytes, _mm256_sub_epi32(each(32), _mm256_slli_epi32(n, 3)));
    *wrong = _mm256_or_si256(*wrong, _mm256_or_si256(no_digits(digits), _mm256_sub_epi32(n, each(1))));
    return fours_256(digits);
}

FR_TEMPLATE_FN __m256i join_eight(two bytes, __m256i n, __m256i *wrong)
{
    const two shift = widen(_mm256_sub_epi32(each(64), _mm256_slli_epi32(n, 3)), _mm256_setzero_si256());
    const two digits = { _mm256_sllv_epi64(bytes.a, shift.a), _mm256_sllv_epi64(bytes.b, shift.b) };
    const two others = { no_digits(digits.a), no_digits(digits.b) };
    const __m256i outside = _mm256_or_si256(_mm256_sub_epi32(n, each(1)), _mm256_sub_epi32(each(8), n));
    *wrong = _mm256_or_si256(*wrong, _mm256_or_si256(outside, _mm256_or_si256(lower_halves(others), upper_halves(others))));
    return eights_256(fours_256(digits.a), fours_256(digits.b));
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
        if (field_of(b, at).length) others |= left & -left;
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

FR_TEMPLATE_FN eight_i32 read_short_integers(const source *s, lengths l, layout how)
{
    __m256i bytes = load_short_texts(s, how), negative = are_negative(bytes), n = _mm256_add_epi32(l.n, negative);
    bytes = _mm256_srlv_epi32(bytes, _mm256_and_si256(negative, each(8)));
    bytes = _mm256_xor_si256(bytes, _mm256_set1_epi8('0'));
    eight_i32 x = { .negative = negative, .wrong = _mm256_or_si256(l.wrong, leading_zeros(bytes, n, each(UINT32_MAX))) };
    x.value = join_four(bytes, n, &x.wrong);
    return x;
}

FR_TEMPLATE_FN eight_i32 read_integers_of_eight(const source *s, lengths l, layout how)
{
    two bytes = load_texts(s, 0, how);
    const __m256i negative = are_negative(lower_halves(bytes)), n = _mm256_add_epi32(l.n, negative);
    const two shift = widen(_mm256_and_si256(negative, each(8)), _mm256_setzero_si256());
    bytes.a = _mm256_xor_si256(_mm256_srlv_epi64(bytes.a, shift.a), _mm256_set1_epi8('0'));
    bytes.b = _mm256_xor_si256(_mm256_srlv_epi64(bytes.b, shift.b), _mm256_set1_epi8('0'));
    const __m256i zeros = leading_zeros(lower_halves(bytes), n, each(UINT32_MAX));
    eight_i32 x = { .negative = negative, .wrong = _mm256_or_si256(l.wrong, zeros) };
    x.value = join_eight(bytes, n, &x.wrong);
    return x;
}

FR_TEMPLATE_FN void integers_of(fr_csv_numbers *b, layout how)
{
    __m256i least = each(INT32_MAX), most = each((uint32_t)INT32_MIN);
    for (size_t at = 0; b->n >= 8 && at < b->n; at += 8) {
        const size_t i = at + 8 <= b->n ? at : b->n - 8;        /* the last eight may have been read before */
        const source s = source_at(b, i, how);
        const lengths l = how == CUT_OUT ? load_lengths(b, i) : measure(&s, how, b->quoted);
        if (has_longer(l, 8)) {
            each_integer(b, i, i + 8);
            continue;
        }
        const bool is_short = !has_longer(l, 4);
        const eight_i32 x = is_short ? read_short_integers(&s, l, how) : read_integers_of_eight(&s, l, how);
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

static void integers(fr_csv_numbers *b)
{
    if (!b->places) integers_of(b, CUT_OUT);
    else if (b->places->quoted) integers_of(b, PERHAPS_QUOTED);
    else integers_of(b, BARE);
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
FR_TEMPLATE_FN eight_f64 read_floats_of_eight(const source *s, lengths l, char decimal, layout how)
{
    const two texts = load_texts(s, 0, how), second = load_texts(s, 1, how), third = load_texts(s, 2, how);
    const __m256i negative = are_negative(lower_halves(texts)), n = _mm256_add_epi32(l.n, negative);
    const two signs = widen(negative, negative);
    const two bytes = { _mm256_blendv_epi8(texts.a, second.a, signs.a), _mm256_blendv_epi8(texts.b, second.b, signs.b) };
    const two next = { _mm256_blendv_epi8(second.a, third.a, signs.a), _mm256_blendv_epi8(second.b, third.b, signs.b) };
    const marked m = find_marks(bytes, n, decimal);
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

FR_TEMPLATE_FN void floats_of(fr_csv_numbers *b, layout how)
{
    const __m256d highest = _mm256_set1_pd(__builtin_inf()), lowest = _mm256_set1_pd(-__builtin_inf());
    __m256d least = highest, most = lowest;
    for (size_t at = 0; b->n >= 8 && at < b->n; at += 8) {
        const size_t i = at + 8 <= b->n ? at : b->n - 8;
        const source s = source_at(b, i, how);
        const lengths l = how == CUT_OUT ? load_lengths(b, i) : measure(&s, how, b->quoted);
        if (has_longer(l, 10)) {
            each_float(b, i, i + 8);
            continue;
        }
        const eight_f64 x = read_floats_of_eight(&s, l, b->decimal, how);
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

static void floats(fr_csv_numbers *b)
{
    if (!b->places) floats_of(b, CUT_OUT);
    else if (b->places->quoted) floats_of(b, PERHAPS_QUOTED);
    else floats_of(b, BARE);
}
