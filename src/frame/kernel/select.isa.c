/* select.isa.c — compressing by bitmap and gathering by row.
 *
 * With VBMI2 a register is compressed by one instruction (never straight to memory: vpcompress to memory is microcoded
 * on Zen 4); below, 16 bytes are shuffled by indices out of a table, or all rows written one over the other. Empty and
 * full words of 64 rows, the ordinary case in sorted data, touch nothing or copy whole.
 */
#include "kernel/select.h"

#include <string.h>
#if FR_ISA_LEVEL >= 2
#include <immintrin.h>
#endif

typedef struct pair { uint64_t low, high; } pair;

/* Of a word with fewer kept rows than this, only the cache lines they lie in are touched. Walking more of them guesses
 * wrong how many there are: at 6 % of 10^7 rows of nine columns a limit of 5 takes 41 ms, this one 25. */
#define FR_SPARSE_WORD 2

#define WALK(out, room, in, word) \
    ((void)(room), ({ __typeof__(*(out)) *walk_ = (out); \
       for (uint64_t w_ = (word); w_; w_ &= w_ - 1) *walk_++ = (in)[__builtin_ctzll(w_)]; }))

/* Every row is written, and the next one over it where it is not kept: without a branch that half of the rows may take
 * (10^7 rows of 16 bytes, 86 % kept, Zen 1: 12.5 -> 5 ms). Of few kept rows walking is quicker; writes up to 64 rows. */
#define PASS(out, room, in, word) \
    ({ const uint64_t bits_ = (word); \
       __typeof__(*(out)) *to_ = (out); \
       if ((room) < 64 || __builtin_popcountll(bits_) < 12) WALK(out, room, in, word); \
       else _Pragma("GCC unroll 64") for (int j_ = 0; j_ < 64; j_++) *to_ = (in)[j_], to_ += bits_ >> j_ & 1; })

#if FR_ISA_LEVEL == 2 || FR_ISA_LEVEL == 3
/* Two rows of eight bytes, or four of four, in a register of 16: which of its bytes are kept. Registers of 32 bytes take
 * longer on Zen 1, where they are two (10^7 rows in the cache: 6.4 ms -> 4.3 of eight bytes, 3.0 -> 2.1 of four). */
#define FOUR(lane) 4 * (lane), 4 * (lane) + 1, 4 * (lane) + 2, 4 * (lane) + 3
static const _Alignas(16) uint8_t quads[16][16] = {
    { 0 }, { FOUR(0) }, { FOUR(1) }, { FOUR(0), FOUR(1) },
    { FOUR(2) }, { FOUR(0), FOUR(2) }, { FOUR(1), FOUR(2) }, { FOUR(0), FOUR(1), FOUR(2) },
    { FOUR(3) }, { FOUR(0), FOUR(3) }, { FOUR(1), FOUR(3) }, { FOUR(0), FOUR(1), FOUR(3) },
    { FOUR(2), FOUR(3) }, { FOUR(0), FOUR(2), FOUR(3) }, { FOUR(1), FOUR(2), FOUR(3) }, { FOUR(0), FOUR(1), FOUR(2), FOUR(3) },
};
static const _Alignas(16) uint8_t pairs[4][16] = {
    { 0 }, { FOUR(0), FOUR(1) }, { FOUR(2), FOUR(3) }, { FOUR(0), FOUR(1), FOUR(2), FOUR(3) },
};

static inline void shuffle_16(void *out, const void *in, const uint8_t lanes[16])
{
    const __m128i values = _mm_loadu_si128((const __m128i *)in), which = _mm_load_si128((const __m128i *)(const void *)lanes);
    _mm_storeu_si128((__m128i *)out, _mm_shuffle_epi8(values, which));
}

static inline void compress4(uint32_t *out, int64_t room, const uint32_t *in, uint64_t word)
{
    if (room < 64) {
        WALK(out, room, in, word);
        return;
    }
#pragma GCC unroll 16
    for (int part = 0; part < 64; part += 4) {
        const uint64_t four = word >> part & 15;
        shuffle_16(out, in + part, quads[four]);
        out += __builtin_popcountll(four);
    }
}

static inline void compress8(uint64_t *out, int64_t room, const uint64_t *in, uint64_t word)
{
    if (room < 64) {
        WALK(out, room, in, word);
        return;
    }
#pragma GCC unroll 32
    for (int part = 0; part < 64; part += 2) {
        const uint64_t two = word >> part & 3;
        shuffle_16(out, in + part, pairs[two]);
        out += __builtin_popcountll(two);
    }
}
#endif

#if FR_ISA_LEVEL >= 4
/* Store the first `n` of the register's lanes; whole when there is room for all. */
#define COMPRESS_LANES(name_, T_, lanes_, mask_type_, load_, compress_, store_, mask_store_)                              \
    static inline void name_(T_ *out, int64_t room, const T_ *in, uint64_t word)                                         \
    {                                                                                                                  \
        for (int part = 0; part < 64; part += lanes_) {                                                                  \
            mask_type_ mask = (mask_type_)(word >> part);                                                                \
            if (lanes_ < 8) mask &= (mask_type_)((1u << (lanes_ & 7)) - 1);                                               \
            int kept = __builtin_popcountll(mask);                                                                      \
            __m512i packed = compress_(mask, load_(in + part));                                                          \
            if (room >= lanes_) store_(out, packed);                                                                     \
            else mask_store_(out, (mask_type_)(((uint64_t)1 << kept) - 1), packed);                                        \
            out += kept;                                                                                               \
            room -= kept;                                                                                              \
        }                                                                                                              \
    }
COMPRESS_LANES(compress2, uint16_t, 32, __mmask32, _mm512_loadu_si512, _mm512_maskz_compress_epi16, _mm512_storeu_si512,
               _mm512_mask_storeu_epi16)
COMPRESS_LANES(compress4, uint32_t, 16, __mmask16, _mm512_loadu_si512, _mm512_maskz_compress_epi32, _mm512_storeu_si512,
               _mm512_mask_storeu_epi32)
COMPRESS_LANES(compress8, uint64_t, 8, __mmask8, _mm512_loadu_si512, _mm512_maskz_compress_epi64, _mm512_storeu_si512,
               _mm512_mask_storeu_epi64)

static inline void compress1(uint8_t *out, int64_t room, const uint8_t *in, uint64_t word)
{
    int kept = __builtin_popcountll(word);
    __m512i packed = _mm512_maskz_compress_epi8(word, _mm512_loadu_si512(in));
    if (room >= 64) _mm512_storeu_si512(out, packed);
    else _mm512_mask_storeu_epi8(out, ((uint64_t)1 << kept) - 1, packed);   /* kept < 64: full words do not come here */
}

static inline void compress16(pair *out, int64_t room, const pair *in, uint64_t word)
{
    for (int part = 0; part < 64; part += 4) {
        uint64_t four = word >> part & 15;
        __mmask8 mask = (__mmask8)(_pdep_u64(four, 0x55) * 3);
        int kept = __builtin_popcountll(four);
        __m512i packed = _mm512_maskz_compress_epi64(mask, _mm512_loadu_si512(in + part));
        if (room >= 4) _mm512_storeu_si512(out, packed);
        else _mm512_mask_storeu_epi64(out, (__mmask8)((1u << 2 * kept) - 1), packed);
        out += kept;
        room -= kept;
    }
}
#define COMPRESS1 compress1
#define COMPRESS2 compress2
#define COMPRESS4 compress4
#define COMPRESS8 compress8
#define COMPRESS16 compress16

#elif FR_ISA_LEVEL == 3
#include "kernel/set_lanes.inc.h"

static inline __m128i bytes_of(uint64_t eight)
{
    return _mm_loadl_epi64((const __m128i *)(const void *)(set_lanes + eight));
}

static inline void compress1(uint8_t *out, int64_t room, const uint8_t *in, uint64_t word)
{
    for (; word && room >= 8; word >>= 8, in += 8) {
        const int kept = __builtin_popcountll(word & 255);
        const __m128i values = _mm_loadl_epi64((const __m128i *)(const void *)in);
        _mm_storel_epi64((__m128i *)(void *)out, _mm_shuffle_epi8(values, bytes_of(word & 255)));
        out += kept;
        room -= kept;
    }
    WALK(out, room, in, word);
}

static inline void compress2(uint16_t *out, int64_t room, const uint16_t *in, uint64_t word)
{
    for (; word && room >= 8; word >>= 8, in += 8) {
        const int kept = __builtin_popcountll(word & 255);
        const __m128i values = _mm_loadu_si128((const __m128i *)(const void *)in);
        const __m128i first = _mm_slli_epi16(_mm_cvtepu8_epi16(bytes_of(word & 255)), 1);     /* 2 × lane: its low byte */
        const __m128i bytes = _mm_add_epi16(_mm_or_si128(first, _mm_slli_epi16(first, 8)), _mm_set1_epi16(0x0100));
        _mm_storeu_si128((__m128i *)(void *)out, _mm_shuffle_epi8(values, bytes));
        out += kept;
        room -= kept;
    }
    WALK(out, room, in, word);
}
#define COMPRESS1 compress1
#define COMPRESS2 compress2
#define COMPRESS4 compress4
#define COMPRESS8 compress8
#define COMPRESS16 PASS

#elif FR_ISA_LEVEL == 2
#define COMPRESS1 PASS
#define COMPRESS2 PASS
#define COMPRESS4 compress4
#define COMPRESS8 compress8
#define COMPRESS16 PASS

#else
#define COMPRESS1 PASS
#define COMPRESS2 PASS
#define COMPRESS4 PASS
#define COMPRESS8 PASS
#define COMPRESS16 PASS
#endif

#define T uint8_t
#define FN(name) name##_1
#define COMPRESS COMPRESS1
#include "kernel/select.inc.h"
#undef T
#undef FN
#undef COMPRESS

#define T uint16_t
#define FN(name) name##_2
#define COMPRESS COMPRESS2
#include "kernel/select.inc.h"
#undef T
#undef FN
#undef COMPRESS

#define T uint32_t
#define FN(name) name##_4
#define COMPRESS COMPRESS4
#include "kernel/select.inc.h"
#undef T
#undef FN
#undef COMPRESS

#define T uint64_t
#define FN(name) name##_8
#define COMPRESS COMPRESS8
#include "kernel/select.inc.h"
#undef T
#undef FN
#undef COMPRESS

#define T pair
#define FN(name) name##_16
#define COMPRESS COMPRESS16
#include "kernel/select.inc.h"

/* ---- bits -------------------------------------------------------------------------------------------------------- */

static inline uint64_t bit_at(const uint64_t *bits, uint64_t row)
{
    return bits ? bits[row >> 6] >> (row & 63) & 1 : 1;
}

/* Which of up to 64 rows are not missing. */
static inline uint64_t narrow_found(const uint32_t *rows, int64_t n)
{
    uint64_t word = 0;
#if FR_ISA_LEVEL >= 4
    const __m512i missing = _mm512_set1_epi32(-1);
    for (int part = 0; n == 64 && part < 64; part += 16)
        word |= (uint64_t)_mm512_cmpneq_epu32_mask(_mm512_loadu_si512(rows + part), missing) << part;
    if (n == 64) return word;
#endif
    for (int64_t j = 0; j < n; j++) word |= (uint64_t)(rows[j] != UINT32_MAX) << j;
    return word;
}

static int64_t narrow_bits(uint64_t *out, const uint64_t *bits, const uint32_t *rows, int64_t n)
{
    int64_t total = 0;
    for (int64_t i = 0; i < n; i += 64) {
        int64_t here = n - i < 64 ? n - i : 64;
        uint64_t word = 0, found = narrow_found(rows + i, here);
        if (!bits) word = found;
        for (uint64_t left = bits ? found : 0; left; left &= left - 1) {
            int j = __builtin_ctzll(left);
            word |= bit_at(bits, rows[i + j]) << j;
        }
        out[i >> 6] = word;
        total += __builtin_popcountll(word);
    }
    return total;
}

static int64_t wide_bits(uint64_t *out, const uint64_t *bits, const int64_t *rows, int64_t n)
{
    int64_t total = 0;
    for (int64_t i = 0; i < n; i += 64) {
        uint64_t word = 0;
        int64_t here = n - i < 64 ? n - i : 64;
        for (int64_t j = 0; j < here; j++)
            if (rows[i + j] >= 0) word |= bit_at(bits, (uint64_t)rows[i + j]) << j;
        out[i >> 6] = word;
        total += __builtin_popcountll(word);
    }
    return total;
}

/* ---- a byte for a byte ------------------------------------------------------------------------------------------- */
/* All 256 lie in four registers. */
static void bytes_of_bytes(void *out_, const void *values, const void *codes, int64_t n)
{
    uint8_t *out = out_;
    const uint8_t *code = codes;
    int64_t i = 0;
#if FR_ISA_LEVEL >= 4
    __m512i table[4];
    for (int k = 0; k < 4; k++) table[k] = _mm512_loadu_si512((const uint8_t *)values + 64 * k);
    for (; i + 64 <= n; i += 64) {
        const __m512i some = _mm512_loadu_si512(code + i);
        const __m512i low = _mm512_permutex2var_epi8(table[0], some, table[1]);
        const __m512i high = _mm512_permutex2var_epi8(table[2], some, table[3]);
        _mm512_storeu_si512(out + i, _mm512_mask_blend_epi8(_mm512_movepi8_mask(some), low, high));
    }
#endif
    coded_1_1(out + i, values, code + i, n - i);
}

#define ALL(name) { name##_1, name##_2, name##_4, name##_8, name##_16 }
const fr_select_kernels FR_ISA_NAME(fr_select_kernels) = {
    .keep = ALL(keep),
    .narrow = ALL(narrow),
    .wide = ALL(wide),
    .narrow_all = ALL(narrow_all),
    .wide_all = ALL(wide_all),
    .coded = { { bytes_of_bytes, coded_1_2, coded_1_4, coded_1_8, coded_1_16 }, ALL(coded_2), ALL(coded_4) },
    .narrow_bits = narrow_bits,
    .wide_bits = wide_bits,
};
