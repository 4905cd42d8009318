/* key_slots.isa.c — the loops of key_slots.h, once per instruction set. */
#include "kernel/bit_lanes.h"
#include "kernel/key_slots.h"

#if FR_ISA_LEVEL >= 3
#include <immintrin.h>
#endif

#define FR_TEMPLATE "kernel/key_slots.inc.h"
#include "kernel/for_each_number.h"

/* A product of 64 and 32 bits by the two that vectors have. */
static inline uint64_t times(uint64_t code, uint32_t span)
{
    return (uint64_t)(uint32_t)code * span + ((uint64_t)(uint32_t)(code >> 32) * span << 32);
}

static void append(uint64_t *restrict codes, const uint32_t *restrict slots, size_t n, uint32_t span, bool combine)
{
    if (combine)
        for (size_t i = 0; i < n; i++) codes[i] = times(codes[i], span) + slots[i];
    else
        for (size_t i = 0; i < n; i++) codes[i] = slots[i];
}

static void patch_nulls(uint32_t *restrict out, const uint64_t *valid, size_t n, uint32_t zero_code, uint32_t null_code)
{
    const uint32_t add = null_code - zero_code;
    size_t i = 0;
#if FR_ISA_LEVEL >= 4
    const __m512i adds = _mm512_set1_epi32((int)add);
    for (; i + 16 <= n; i += 16) {
        const __m512i code = _mm512_loadu_si512(out + i);
        const __mmask16 missing = (__mmask16)~(valid[i >> 6] >> (i & 63));
        _mm512_storeu_si512(out + i, _mm512_mask_add_epi32(code, missing, code, adds));
    }
#else
    for (; i + 32 <= n; i += 32) {
        const uint32_t word = (uint32_t)(valid[i >> 6] >> (i & 63));
        for (size_t k = 0; k < 32; k++) out[i + k] += word & fr_bit_u32[k] ? 0 : add;
    }
#endif
    for (; i < n; i++) out[i] += valid[i >> 6] >> (i & 63) & 1 ? 0 : add;
}

static void shorten(uint32_t *restrict out, const uint64_t *restrict codes, size_t n, unsigned shift)
{
    for (size_t i = 0; i < n; i++) out[i] = (uint32_t)(codes[i] >> shift);
}

static void scale(uint32_t *slots, size_t n, uint32_t by, uint32_t begin)
{
    for (size_t i = 0; i < n; i++) slots[i] = slots[i] * by + begin;
}

static void spread(uint32_t *slots, size_t n, uint32_t by, uint32_t apart)
{
    uint32_t copy[FR_SPREAD];
    size_t i = 0;
    for (size_t k = 0; k < FR_SPREAD; k++) copy[k] = (uint32_t)k * apart;
    for (; i + FR_SPREAD <= n; i += FR_SPREAD)
        for (size_t k = 0; k < FR_SPREAD; k++) slots[i + k] = slots[i + k] * by + copy[k];
    for (size_t k = 0; i < n; i++, k++) slots[i] = slots[i] * by + copy[k];
}

static void look_up(uint32_t *restrict out, const uint32_t *restrict slots, size_t n, const uint32_t *restrict table)
{
    for (size_t i = 0; i < n; i++) out[i] = table[slots[i]];
}

static uint32_t largest(const uint32_t *slots, size_t n)
{
    uint32_t most = 0;
    for (size_t i = 0; i < n; i++) most = slots[i] > most ? slots[i] : most;
    return most;
}

static inline bool is_among(const uint32_t *bits, uint32_t slot) { return bits[slot >> 5] >> (slot & 31) & 1; }

#if FR_ISA_LEVEL >= 4
/* 1,024 bits are two registers. */
static bool are_among_few(const uint32_t *slots, size_t n, const uint32_t *bits)
{
    const __m512i low = _mm512_loadu_si512(bits), high = _mm512_loadu_si512(bits + 16), one = _mm512_set1_epi32(1);
    for (size_t i = 0; i < n; i += 16) {
        const __mmask16 in = n - i < 16 ? (__mmask16)((1u << (n - i)) - 1) : UINT16_MAX;
        const __m512i slot = _mm512_maskz_loadu_epi32(in, slots + i);
        const __m512i word = _mm512_permutex2var_epi32(low, _mm512_srli_epi32(slot, 5), high);
        if (_mm512_mask_testn_epi32_mask(in, _mm512_rorv_epi32(word, slot), one)) return false;
    }
    return true;
}
#endif

#if FR_ISA_LEVEL == 3
enum { REGISTER_SLOTS = 256 };

/* 256 bits are one register. Each lane shifts the bit of its slot to the top. */
static bool are_among_few(const uint32_t *slots, size_t n, const uint32_t *bits)
{
    const __m256i words = _mm256_loadu_si256((const void *)bits), top = _mm256_set1_epi32(31);
    __m256i all = _mm256_set1_epi32(-1);
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        const __m256i slot = _mm256_loadu_si256((const void *)(slots + i));
        const __m256i word = _mm256_permutevar8x32_epi32(words, _mm256_srli_epi32(slot, 5));
        all = _mm256_and_si256(all, _mm256_sllv_epi32(word, _mm256_andnot_si256(slot, top)));
    }
    bool most = _mm256_movemask_ps(_mm256_castsi256_ps(all)) == UINT8_MAX;
    for (; i < n; i++) most &= is_among(bits, slots[i]);
    return most;
}
#endif

static bool are_among(const uint32_t *slots, size_t n, const uint32_t *bits, size_t n_bits)
{
    bool all = true;
#if FR_ISA_LEVEL >= 4
    if (n_bits <= FR_FEW_SLOTS) return are_among_few(slots, n, bits);
#elif FR_ISA_LEVEL == 3
    if (n_bits <= REGISTER_SLOTS) return are_among_few(slots, n, bits);
#endif
    (void)n_bits;
#pragma GCC unroll 8
    for (size_t i = 0; i < n; i++) all &= is_among(bits, slots[i]);
    return all;
}

#if FR_ISA_LEVEL >= 3
static inline __m256i sixteen(const uint8_t *bytes)
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)bytes));
}

/* A byte's low half chooses one of 16 rows of the table of bits, its high half a bit of that row. A byte whose top bit is set
 * gives 0 when it is looked up, so that each half of the table is asked for its own. → how many are done; *all: they are */
static size_t bytes_among(const uint8_t *bytes, size_t n, const uint8_t *bits, bool *all)
{
    static const uint8_t bit_of[16] = { 1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128 };
    uint8_t below[16] = { 0 }, above[16] = { 0 };
    for (size_t b = 0; b < 128; b++) {
        below[b & 15] |= (uint8_t)((bits[b >> 3] >> (b & 7) & 1) << (b >> 4));
        above[b & 15] |= (uint8_t)((bits[16 + (b >> 3)] >> (b & 7) & 1) << (b >> 4));
    }
    const __m256i low = sixteen(below), high = sixteen(above), of = sixteen(bit_of), nibble = _mm256_set1_epi8(15);
    const __m256i kept = _mm256_set1_epi8((char)0x8f), top = _mm256_set1_epi8((char)0x80);
    __m256i others = _mm256_setzero_si256();
    size_t i = 0;
    for (; i + 32 <= n; i += 32) {
        const __m256i x = _mm256_loadu_si256((const void *)(bytes + i)), row = _mm256_and_si256(x, kept);
        const __m256i bit = _mm256_shuffle_epi8(of, _mm256_and_si256(_mm256_srli_epi16(x, 4), nibble));
        const __m256i in = _mm256_or_si256(_mm256_shuffle_epi8(low, row),
                                           _mm256_shuffle_epi8(high, _mm256_xor_si256(row, top)));
        others = _mm256_or_si256(others, _mm256_andnot_si256(in, bit));
    }
    *all = _mm256_testz_si256(others, others);
    return i;
}
#endif

static bool bytes_are_among(const uint8_t *bytes, size_t n, const uint8_t *bits)
{
    bool all = true;
    size_t i = 0;
#if FR_ISA_LEVEL >= 3
    i = bytes_among(bytes, n, bits, &all);
#endif
    for (; i < n; i++) all &= bits[bytes[i] >> 3] >> (bytes[i] & 7) & 1;
    return all;
}

static size_t sieve(uint32_t *restrict codes, uint32_t *restrict places, const uint32_t *restrict slots, size_t n,
                    uint32_t low, uint32_t width)
{
    size_t kept = 0, i = 0;
#if FR_ISA_LEVEL >= 4
    const __m512i lows = _mm512_set1_epi32((int)low), widths = _mm512_set1_epi32((int)width), more = _mm512_set1_epi32(16);
    __m512i at = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    for (; i + 16 <= n; i += 16) {
        const __m512i code = _mm512_sub_epi32(_mm512_loadu_si512(slots + i), lows);
        const __mmask16 in = _mm512_cmplt_epu32_mask(code, widths);
        _mm512_storeu_si512(codes + kept, _mm512_maskz_compress_epi32(in, code));
        _mm512_storeu_si512(places + kept, _mm512_maskz_compress_epi32(in, at));
        kept += (size_t)__builtin_popcount(in);
        at = _mm512_add_epi32(at, more);
    }
#endif
    for (; i < n; i++) {                                       /* no branch: half of them may be in */
        codes[kept] = slots[i] - low;
        places[kept] = (uint32_t)i;
        kept += slots[i] - low < width;
    }
    return kept;
}

const fr_slot_kernels FR_ISA_NAME(fr_slot_kernels) = {
    codes_i8, codes_i16, codes_i32, codes_i64, codes_u8, codes_u16, codes_u32, codes_u64, codes_f32, codes_f64,
    slots_i8, slots_i16, slots_i32, slots_i64, slots_u8, slots_u16, slots_u32, slots_u64, slots_f32, slots_f64,
    .append = append, .patch_nulls = patch_nulls, .shorten = shorten, .scale = scale, .spread = spread, .look_up = look_up,
    .largest = largest,
    .are_among = are_among, .bytes_are_among = bytes_are_among, .sieve = sieve,
};
