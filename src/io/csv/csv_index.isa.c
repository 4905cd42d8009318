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

const fr_csv_index_kernels FR_ISA_NAME(fr_csv_index_kernels) = { .index = list_ends, .table = table };
