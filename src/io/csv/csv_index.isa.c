/* csv_index.isa.c — field ends of delimited text by bit masks (csv_masks.inc.h). */
#include "io/csv/csv_index.h"
#include "io/csv/csv_masks.inc.h"

/* ---- second pass ---------------------------------------------------------------------------------------------------- */
#if FR_ISA_LEVEL >= 4
/* Positions of the set bits, 16 at a time: compress the numbers 0 … 63, widen, add the offset. Two bits below a number say
 * what ends there, and a rotation makes them the two highest of a position. */
FR_TEMPLATE_FN size_t emit(uint32_t *ends, uint64_t bits, uint64_t newlines, uint64_t quoted, uint32_t at)
{
    const __m512i counting = _mm512_set_epi8(63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44,
        43, 42, 41, 40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15,
        14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0), numbers = _mm512_slli_epi32(counting, 2);
    __m512i flagged = _mm512_mask_add_epi8(numbers, newlines, numbers, _mm512_set1_epi8(2));
    flagged = _mm512_mask_add_epi8(flagged, quoted, flagged, _mm512_set1_epi8(1));
    __m512i packed = _mm512_maskz_compress_epi8(bits, flagged), base = _mm512_set1_epi32((int)at);
    const size_t n = (size_t)__builtin_popcountll(bits);
    size_t i = 0;
    do {                                      /* nearly always once: blocks without an end are as rare as those of many */
        __m512i wide = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed));
        _mm512_storeu_si512(ends + i, _mm512_add_epi32(_mm512_ror_epi32(wide, 2), base));
        packed = _mm512_alignr_epi32(packed, packed, 4);
    } while ((i += 16) < n);
    return n;
}
#elif FR_ISA_LEVEL == 3
#include "kernel/set_lanes.inc.h"

FR_TEMPLATE_FN __m128i places_in(uint64_t byte)
{
    return _mm_loadl_epi64((const __m128i *)(const void *)(set_lanes + byte));
}

/* Has some byte more than four bits? */
FR_TEMPLATE_FN bool has_five(uint64_t bits)
{
    const uint64_t pairs = bits - (bits >> 1 & 0x5555555555555555u);
    const uint64_t fours = (pairs & 0x3333333333333333u) + (pairs >> 2 & 0x3333333333333333u);
    const uint64_t three_more = fours + (fours >> 4) + 0x0303030303030303u;       /* in the low half of each byte */
    return three_more & 0x0808080808080808u;
}

/* Positions of the set bits, a byte at a time; what is behind those of one byte the next one writes over. Half a register is
 * stored where that does: stores are what takes longest. */
FR_TEMPLATE_FN size_t list_few(uint32_t *ends, uint64_t bits, uint32_t at)
{
    __m128i base = _mm_set1_epi32((int)at);
    size_t n = 0;
    for (int i = 0; i < 8; i++, bits >>= 8) {
        const __m128i places = _mm_cvtepu8_epi32(places_in(bits & 255));
        _mm_storeu_si128((__m128i *)(void *)(ends + n), _mm_add_epi32(places, base));
        base = _mm_add_epi32(base, _mm_set1_epi32(8));
        n += (size_t)__builtin_popcountll(bits & 255);
    }
    return n;
}

static FR_COLD size_t list_many(uint32_t *ends, uint64_t bits, uint32_t at)
{
    size_t n = 0;
    for (; bits; bits >>= 8, at += 8) {
        const __m256i places = _mm256_cvtepu8_epi32(places_in(bits & 255));
        _mm256_storeu_si256((__m256i *)(void *)(ends + n), _mm256_add_epi32(places, _mm256_set1_epi32((int)at)));
        n += (size_t)__builtin_popcountll(bits & 255);
    }
    return n;
}

/* Marks those of the ends of all bits whose bits are among `marks`: nearly always two at most, and asking whether there are
 * guesses wrong. Where none is left nothing is added, to an end not beyond the last. */
FR_TEMPLATE_FN void mark_ends(uint32_t *ends, uint64_t bits, uint64_t marks, uint32_t mark)
{
    for (int i = 0; i < 2 || marks; i++, marks &= marks - 1)
        ends[__builtin_popcountll(bits & (marks ^ (marks - 1)) >> 1)] |= marks ? mark : 0;
}

FR_TEMPLATE_FN size_t emit(uint32_t *ends, uint64_t bits, uint64_t newlines, uint64_t quoted, uint32_t at)
{
    const size_t n = has_five(bits) ? list_many(ends, bits, at) : list_few(ends, bits, at);
    mark_ends(ends, bits, bits & newlines, FR_CSV_END_OF_RECORD);
    if (quoted) mark_ends(ends, bits, bits & quoted, FR_CSV_QUOTED);
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
    uint64_t after_close = close << 1 | state->after_close;
    *behind = after_close;
    if (state->cr) {
        uint64_t close_cr = after_close & equal(x, '\r');
        *behind |= close_cr << 1 | state->after_close_cr;
        state->after_close_cr = close_cr >> 63;
    }
    state->doubled |= quotes & inside & after_close;
    state->inside = (uint64_t)((int64_t)inside >> 63);
    state->after_close = close >> 63;
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
/* The ends of rows r and r + 4, four of each. */
FR_TEMPLATE_FN __m256i two_rows(const uint32_t *ends, size_t n_columns, size_t r)
{
    const __m128i a = _mm_loadu_si128((const __m128i *)(const void *)(ends + r * n_columns));
    const __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(ends + (r + 4) * n_columns));
    return _mm256_inserti128_si256(_mm256_castsi128_si256(a), b, 1);
}

/* Four columns of eight rows, turned over by two rounds of shuffles inside each half. → all ends together. */
FR_TEMPLATE_FN __m256i turn_four(const uint32_t *ends, size_t n_columns, uint32_t *columns, size_t stride)
{
    const __m256i row0 = two_rows(ends, n_columns, 0), row1 = two_rows(ends, n_columns, 1);
    const __m256i row2 = two_rows(ends, n_columns, 2), row3 = two_rows(ends, n_columns, 3);
    const __m256i low01 = _mm256_unpacklo_epi32(row0, row1), high01 = _mm256_unpackhi_epi32(row0, row1);
    const __m256i low23 = _mm256_unpacklo_epi32(row2, row3), high23 = _mm256_unpackhi_epi32(row2, row3);
    _mm256_storeu_si256((__m256i *)(void *)columns, _mm256_unpacklo_epi64(low01, low23));
    _mm256_storeu_si256((__m256i *)(void *)(columns + stride), _mm256_unpackhi_epi64(low01, low23));
    _mm256_storeu_si256((__m256i *)(void *)(columns + 2 * stride), _mm256_unpacklo_epi64(high01, high23));
    _mm256_storeu_si256((__m256i *)(void *)(columns + 3 * stride), _mm256_unpackhi_epi64(high01, high23));
    return _mm256_or_si256(_mm256_or_si256(row0, row1), _mm256_or_si256(row2, row3));
}

/* Eight rows, all columns but the last. */
FR_TEMPLATE_FN uint32_t turn_rows(const uint32_t *ends, size_t n_columns, uint32_t *columns, size_t stride)
{
    __m256i all = _mm256_setzero_si256();
    uint32_t some = 0;
    size_t c = 0;
    for (; c + 4 < n_columns; c += 4)
        all = _mm256_or_si256(all, turn_four(ends + c, n_columns, columns + c * stride, stride));
    for (; c + 1 < n_columns; c++)
        for (size_t i = 0; i < 8; i++) some |= columns[c * stride + i] = ends[i * n_columns + c];
    return some | ((uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(all)) ? FR_CSV_END_OF_RECORD : 0);
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

const fr_csv_index_kernels FR_ISA_NAME(fr_csv_index_kernels) = { .index = list_ends, .table = table };
