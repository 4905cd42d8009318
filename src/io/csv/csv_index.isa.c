/* csv_index.isa.c — record and field ends of delimited text by bit masks.
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
#include "io/csv/csv_index.h"

#include <string.h>

#if FR_ISA_LEVEL >= 2
#include <immintrin.h>
#endif

/* ---- 64 bytes → 64 bits ------------------------------------------------------------------------------------------- */
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

/* ---- first pass ----------------------------------------------------------------------------------------------------- */
typedef struct carry {             /* what the 64 bytes before leave behind, per hypothesis                            */
    uint64_t inside;
    uint64_t after_end;            /* 1: the last byte ended a record                                                  */
    uint64_t after_end_cr;         /* 1: the last byte is a CR that began a line                                       */
    uint64_t after_delimiter;      /* 1: a quote may open here                                                         */
    uint64_t after_close;          /* 1: the last byte closed a quoted field                                           */
    uint64_t after_close_cr;       /* 1: … and a CR followed                                                           */
} carry;

FR_TEMPLATE_FN void count_ends(fr_csv_half *half, carry *c, uint64_t ends, uint64_t cr, size_t at)
{
    uint64_t begins = ends << 1 | c->after_end, cr_line = cr & begins;
    half->blanks += __builtin_popcountll(ends & (begins | cr_line << 1 | c->after_end_cr));
    c->after_end = ends >> 63;
    c->after_end_cr = cr_line >> 63;
    if (!ends) return;
    half->ends += __builtin_popcountll(ends);
    if (half->first < 0) half->first = (int64_t)at + __builtin_ctzll(ends);
    half->last = (int64_t)at + 63 - __builtin_clzll(ends);
}

/* Are all quotes where RFC 4180 wants them? An opening one follows a delimiter or (doubled) a closing one; after a
 * closing one comes a delimiter, a quote, or CR LF. */
FR_TEMPLATE_FN void check_quotes(fr_csv_half *half, carry *c, uint64_t quotes, uint64_t inside, uint64_t delimiters,
                                 uint64_t newlines, uint64_t cr, uint64_t valid)
{
    uint64_t open = quotes & inside, close = quotes & ~inside, outside = delimiters & ~inside;
    uint64_t may_open = (outside | close) << 1 | c->after_delimiter;
    uint64_t after_close = (close << 1 | c->after_close) & valid;
    uint64_t close_cr = after_close & cr, after_cr = (close_cr << 1 | c->after_close_cr) & valid;
    half->bad |= ((open & ~may_open) | (after_close & ~(outside | quotes | cr)) | (after_cr & ~newlines)) != 0;
    c->after_delimiter = (outside | close) >> 63;
    c->after_close = close >> 63;
    c->after_close_cr = close_cr >> 63;
}

/* No quote in the whole piece, which is the common case: one hypothesis holds every line feed, the other none. */
static void count_without_quotes(const char *text, size_t n, fr_csv_counts *out)
{
    fr_csv_half *half = &out->half[0];
    carry c = { 0 };
    uint64_t high = 0, nul = 0, cr = 0;
    for (size_t at = 0; at < n; at += 64) {
        uint64_t valid;
        bytes64 x = load_part(text, at, n, &valid);
        high |= high_bits(x);
        nul |= equal(x, 0) & valid;
        uint64_t returns = equal(x, '\r');
        cr |= returns;
        count_ends(half, &c, equal(x, '\n'), returns, at);
    }
    out->lines = half->ends;
    out->ascii = high == 0;
    out->nul = nul != 0;
    out->cr = cr != 0;
}

static void count_with_quotes(const char *text, size_t n, char sep, char quote, fr_csv_counts *out)
{
    carry c[2] = { { .after_delimiter = 1 }, { .inside = UINT64_MAX, .after_delimiter = 1 } };
    uint64_t high = 0, nul = 0, parity = 0, any_cr = 0;
    for (size_t at = 0; at < n; at += 64) {
        uint64_t valid;
        bytes64 x = load_part(text, at, n, &valid);
        uint64_t quotes = equal(x, quote), newlines = equal(x, '\n'), cr = equal(x, '\r');
        uint64_t delimiters = newlines | equal(x, sep), xors = prefix_xor(quotes);
        high |= high_bits(x);
        nul |= equal(x, 0) & valid;
        any_cr |= cr;
        parity ^= (uint64_t)__builtin_popcountll(quotes);
        out->lines += __builtin_popcountll(newlines);
        for (int h = 0; h < 2; h++) {
            uint64_t inside = xors ^ c[h].inside;
            count_ends(&out->half[h], &c[h], newlines & ~inside, cr, at);
            check_quotes(&out->half[h], &c[h], quotes, inside, delimiters, newlines, cr, valid);
            c[h].inside = (uint64_t)((int64_t)inside >> 63);
        }
    }
    out->odd_quotes = parity & 1;
    out->ascii = high == 0;
    out->nul = nul != 0;
    out->cr = any_cr != 0;
    out->quotes = true;
}

static void count(const char *text, size_t n, char sep, char quote, fr_csv_counts *out)
{
    memset(out, 0, sizeof *out);
    for (int h = 0; h < 2; h++) out->half[h].first = out->half[h].last = -1;
    if (quote && n && memchr(text, quote, n)) count_with_quotes(text, n, sep, quote, out);
    else count_without_quotes(text, n, out);
}

/* ---- second pass ---------------------------------------------------------------------------------------------------- */
#if FR_ISA_LEVEL >= 4
/* Positions of the set bits, 16 at a time: compress the numbers 0 … 63, widen, add the offset. The two bits above a number
 * become the two above a position. */
FR_TEMPLATE_FN size_t emit(uint32_t *ends, uint64_t bits, uint64_t newlines, uint64_t quoted, uint32_t at)
{
    const __m512i numbers = _mm512_set_epi8(63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43,
        42, 41, 40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14,
        13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    __m512i flagged = _mm512_mask_add_epi8(numbers, newlines, numbers, _mm512_set1_epi8((char)128));
    flagged = _mm512_mask_add_epi8(flagged, quoted, flagged, _mm512_set1_epi8(64));
    __m512i packed = _mm512_maskz_compress_epi8(bits, flagged), base = _mm512_set1_epi32((int)at);
    size_t n = (size_t)__builtin_popcountll(bits);
    for (size_t i = 0; i < n; i += 16) {
        __m512i wide = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed));
        __m512i place = _mm512_add_epi32(_mm512_and_si512(wide, _mm512_set1_epi32(63)), base);
        __m512i flag = _mm512_slli_epi32(_mm512_and_si512(wide, _mm512_set1_epi32(192)), 24);
        _mm512_storeu_si512(ends + i, _mm512_or_si512(place, flag));
        packed = _mm512_alignr_epi32(packed, packed, 4);
    }
    return n;
}
#else
FR_TEMPLATE_FN size_t emit(uint32_t *ends, uint64_t bits, uint64_t newlines, uint64_t quoted, uint32_t at)
{
    size_t n = (size_t)__builtin_popcountll(bits);
    for (size_t i = 0; i < n; i++) {
        uint32_t bit = (uint32_t)__builtin_ctzll(bits);
        ends[i] = (at + bit) | (uint32_t)(newlines >> bit & 1) << 31 | (uint32_t)(quoted >> bit & 1) << 30;
        bits &= bits - 1;
    }
    return n;
}
#endif

/* 64 bytes with quotes: which of them are inside, and which stand behind closing quotes, or behind these and a CR. */
FR_TEMPLATE_FN uint64_t follow_quotes(fr_csv_index_state *state, bytes64 x, uint64_t *behind)
{
    uint64_t quotes = equal(x, state->quote), inside = prefix_xor(quotes) ^ state->inside, close = quotes & ~inside;
    uint64_t after_close = close << 1 | state->after_close, close_cr = after_close & equal(x, '\r');
    *behind = after_close | close_cr << 1 | state->after_close_cr;
    state->doubled |= quotes & inside & after_close;
    state->inside = (uint64_t)((int64_t)inside >> 63);
    state->after_close = close >> 63;
    state->after_close_cr = close_cr >> 63;
    return inside;
}

static size_t list_ends(fr_csv_index_state *caller_state, uint32_t *ends, size_t capacity)
{
    fr_csv_index_state state = *caller_state;               /* in registers */
    size_t n = 0;
    while (state.at < state.end && n + 64 <= capacity) {
        uint64_t valid, quoted = 0;
        bytes64 x = load_part(state.text, state.at, state.end, &valid);
        uint64_t newlines = equal(x, '\n'), bits = newlines | equal(x, state.sep);
        if (state.quote) bits &= ~follow_quotes(&state, x, &quoted);
        n += emit(ends + n, bits & valid, newlines, quoted, (uint32_t)state.at);
        state.at += 64;
    }
    if (state.at > state.end) state.at = state.end;
    *caller_state = state;
    return n;
}

/* ---- rows and columns ----------------------------------------------------------------------------------------------- */
#if FR_ISA_LEVEL >= 3
/* Up to eight columns of eight rows, turned over by three rounds of shuffles. → all ends together. */
FR_TEMPLATE_FN __m256i turn_eight(const uint32_t *ends, size_t n_columns, size_t n_taken, uint32_t *columns, size_t stride)
{
    const __m256i taken = _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n_taken), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    __m256i row[8], pairs[8], fours[8], column[8], some = _mm256_setzero_si256();
    for (size_t i = 0; i < 8; i++) {
        row[i] = _mm256_maskload_epi32((const int *)(const void *)(ends + i * n_columns), taken);
        some = _mm256_or_si256(some, row[i]);
    }
    for (size_t i = 0; i < 8; i += 2) {
        pairs[i] = _mm256_unpacklo_epi32(row[i], row[i + 1]);
        pairs[i + 1] = _mm256_unpackhi_epi32(row[i], row[i + 1]);
    }
    for (size_t i = 0; i < 8; i += 4)
        for (size_t k = 0; k < 2; k++) {
            fours[i + 2 * k] = _mm256_unpacklo_epi64(pairs[i + k], pairs[i + k + 2]);
            fours[i + 2 * k + 1] = _mm256_unpackhi_epi64(pairs[i + k], pairs[i + k + 2]);
        }
    for (size_t i = 0; i < 4; i++) {
        column[i] = _mm256_permute2x128_si256(fours[i], fours[i + 4], 0x20);
        column[i + 4] = _mm256_permute2x128_si256(fours[i], fours[i + 4], 0x31);
    }
    for (size_t i = 0; i < 8; i++)
        if (i < n_taken) _mm256_storeu_si256((__m256i *)(void *)(columns + i * stride), column[i]);
    return some;
}

/* Eight rows, all columns but the last. */
FR_TEMPLATE_FN uint32_t turn_rows(const uint32_t *ends, size_t n_columns, uint32_t *columns, size_t stride)
{
    __m256i some = _mm256_setzero_si256();
    for (size_t c = 0; c + 1 < n_columns; c += 8) {
        const size_t left = n_columns - 1 - c;
        const __m256i seen = turn_eight(ends + c, n_columns, left < 8 ? left : 8, columns + c * stride, stride);
        some = _mm256_or_si256(some, seen);
    }
    return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(some)) ? FR_CSV_END_OF_RECORD : 0;
}
#endif

static bool table(const uint32_t *ends, size_t n_rows, size_t n_columns, uint32_t *columns, size_t stride)
{
    uint32_t some = 0, all = UINT32_MAX;
    size_t r = 0;
#if FR_ISA_LEVEL >= 3
    for (; r + 8 <= n_rows; r += 8, ends += 8 * n_columns) {
        some |= turn_rows(ends, n_columns, columns + r, stride);
        for (size_t i = 0; i < 8; i++) {
            const uint32_t last = ends[(i + 1) * n_columns - 1];
            all &= last;
            columns[(n_columns - 1) * stride + r + i] = last & ~FR_CSV_END_OF_RECORD;
        }
    }
#endif
    for (; r < n_rows; r++, ends += n_columns) {
        uint32_t *to = columns + r;
        for (size_t c = 0; c + 1 < n_columns; c++, to += stride) {
            some |= ends[c];
            *to = ends[c];
        }
        all &= ends[n_columns - 1];
        *to = ends[n_columns - 1] & ~FR_CSV_END_OF_RECORD;
    }
    return !(some & FR_CSV_END_OF_RECORD) && (all & FR_CSV_END_OF_RECORD);
}

static void fields(const char *text, const uint32_t *before, uint32_t step, const uint32_t *ends, size_t n, fr_csv_field *out)
{
    size_t r = 0;
#if FR_ISA_LEVEL >= 4
    const __m512i base = _mm512_set1_epi64((int64_t)(uintptr_t)text), steps = _mm512_set1_epi64(step);
    const __m512i first = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11), second = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
    for (; r + 8 <= n; r += 8) {
        __m512i begin = _mm512_cvtepu32_epi64(_mm256_loadu_si256((const __m256i *)(const void *)(before + r)));
        __m512i end = _mm512_cvtepu32_epi64(_mm256_loadu_si256((const __m256i *)(const void *)(ends + r)));
        begin = _mm512_add_epi64(begin, steps);
        __m512i length = _mm512_max_epi64(_mm512_sub_epi64(end, begin), _mm512_setzero_si512());
        begin = _mm512_add_epi64(begin, base);
        _mm512_storeu_si512(out + r, _mm512_permutex2var_epi64(begin, first, length));
        _mm512_storeu_si512(out + r + 4, _mm512_permutex2var_epi64(begin, second, length));
    }
#endif
    for (; r < n; r++) {
        uint32_t begin = before[r] + step, end = ends[r];
        out[r] = (fr_csv_field){ .text = text + begin, .length = end > begin ? end - begin : 0 };
    }
}

const fr_csv_index_kernels FR_ISA_NAME(fr_csv_index_kernels) = {
    .count = count, .index = list_ends, .table = table, .fields = fields,
};
