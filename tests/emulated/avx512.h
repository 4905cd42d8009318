/* avx512.h — the kernels of level v4 where the machine has no AVX-512: included before them for frame-tests-emulated.
 *
 * SIMDe computes what most intrinsics do; what its version in Debian 12 lacks is below, a loop each. For tests only.
 */
#ifndef FR_TESTS_EMULATED_AVX512_H
#define FR_TESTS_EMULATED_AVX512_H

#include <immintrin.h>
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/avx512.h>

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#undef _mm512_madd_epi16                       /* the alias wants a mask */
#define _mm512_madd_epi16 simde_mm512_madd_epi16

#define EM_FN static inline __attribute__((unused))

/* ---- comparisons -------------------------------------------------------------------------------------------------- */
#define EM_HOLDS(x, y, op) \
    ((op) == _MM_CMPINT_EQ ? (x) == (y) : (op) == _MM_CMPINT_LT ? (x) < (y) : (op) == _MM_CMPINT_LE ? (x) <= (y) \
     : (op) == _MM_CMPINT_NE ? (x) != (y) : (op) == _MM_CMPINT_NLT ? (x) >= (y) : (x) > (y))

#define EM_COMPARE(name, type) \
    EM_FN uint64_t name(__m512i a, __m512i b, int op) \
    { \
        type x[64 / sizeof(type)], y[64 / sizeof(type)]; \
        uint64_t mask = 0; \
        memcpy(x, &a, 64), memcpy(y, &b, 64); \
        for (size_t i = 0; i < 64 / sizeof(type); i++) mask |= (uint64_t)EM_HOLDS(x[i], y[i], op) << i; \
        return mask; \
    }
EM_COMPARE(em_cmp_i8, int8_t)
EM_COMPARE(em_cmp_i16, int16_t)
EM_COMPARE(em_cmp_i32, int32_t)
EM_COMPARE(em_cmp_i64, int64_t)
EM_COMPARE(em_cmp_u32, uint32_t)
EM_COMPARE(em_cmp_u64, uint64_t)

#undef _mm512_cmp_epi8_mask
#undef _mm512_cmp_epi16_mask
#undef _mm512_cmp_epi32_mask
#undef _mm512_cmp_epi64_mask
#undef _mm512_cmp_epu64_mask
#define _mm512_cmp_epi8_mask(a, b, op)            ((__mmask64)em_cmp_i8(a, b, op))
#define _mm512_cmp_epi16_mask(a, b, op)           ((__mmask32)em_cmp_i16(a, b, op))
#define _mm512_cmp_epi32_mask(a, b, op)           ((__mmask16)em_cmp_i32(a, b, op))
#define _mm512_cmp_epi64_mask(a, b, op)           ((__mmask8)em_cmp_i64(a, b, op))
#define _mm512_cmp_epu64_mask(a, b, op)           ((__mmask8)em_cmp_u64(a, b, op))
#define _mm512_cmpeq_epi16_mask(a, b)             ((__mmask32)em_cmp_i16(a, b, _MM_CMPINT_EQ))
#define _mm512_cmpneq_epi32_mask(a, b)            ((__mmask16)em_cmp_i32(a, b, _MM_CMPINT_NE))
#define _mm512_cmpneq_epu32_mask(a, b)            ((__mmask16)em_cmp_i32(a, b, _MM_CMPINT_NE))
#define _mm512_cmpneq_epi64_mask(a, b)            ((__mmask8)em_cmp_i64(a, b, _MM_CMPINT_NE))
#define _mm512_cmpgt_epu32_mask(a, b)             ((__mmask16)em_cmp_u32(a, b, _MM_CMPINT_NLE))
#define _mm512_cmplt_epu32_mask(a, b)             ((__mmask16)em_cmp_u32(a, b, _MM_CMPINT_LT))
#define _mm512_cmpgt_epu64_mask(a, b)             ((__mmask8)em_cmp_u64(a, b, _MM_CMPINT_NLE))
#define _mm512_mask_cmpgt_epu64_mask(k, a, b)     ((__mmask8)((k) & em_cmp_u64(a, b, _MM_CMPINT_NLE)))
#define _mm512_testn_epi32_mask(a, b) \
    ((__mmask16)em_cmp_i32(simde_mm512_and_si512(a, b), simde_mm512_setzero_si512(), _MM_CMPINT_EQ))
#define _mm512_mask_testn_epi32_mask(k, a, b)     ((__mmask16)((k) & _mm512_testn_epi32_mask(a, b)))

/* ---- memory under a mask: what the mask leaves out is not touched ------------------------------------------------- */
#define EM_MEMORY(loaded, stored, compressed, type) \
    EM_FN __m512i loaded(uint64_t mask, const void *from) \
    { \
        type x[64 / sizeof(type)] = { 0 }; \
        __m512i out; \
        for (size_t i = 0; i < 64 / sizeof(type); i++) \
            if (mask >> i & 1) memcpy(x + i, (const type *)from + i, sizeof(type)); \
        memcpy(&out, x, 64); \
        return out; \
    } \
    EM_FN void stored(void *to, uint64_t mask, __m512i a) \
    { \
        type x[64 / sizeof(type)]; \
        memcpy(x, &a, 64); \
        for (size_t i = 0; i < 64 / sizeof(type); i++) \
            if (mask >> i & 1) memcpy((char *)to + i * sizeof(type), x + i, sizeof(type)); \
    } \
    EM_FN __m512i compressed(uint64_t mask, __m512i a) \
    { \
        type x[64 / sizeof(type)], y[64 / sizeof(type)] = { 0 }; \
        size_t n = 0; \
        memcpy(x, &a, 64); \
        for (size_t i = 0; i < 64 / sizeof(type); i++) \
            if (mask >> i & 1) y[n++] = x[i]; \
        memcpy(&a, y, 64); \
        return a; \
    }
EM_MEMORY(em_load_8, em_store_8, em_compress_8, uint8_t)
EM_MEMORY(em_load_16, em_store_16, em_compress_16, uint16_t)
EM_MEMORY(em_load_32, em_store_32, em_compress_32, uint32_t)
EM_MEMORY(em_load_64, em_store_64, em_compress_64, uint64_t)

EM_FN __m128i em_load_16_bytes(__mmask16 mask, const void *from)
{
    uint8_t x[16] = { 0 };
    for (size_t i = 0; i < 16; i++)
        if (mask >> i & 1) x[i] = ((const uint8_t *)from)[i];
    return _mm_loadu_si128((const __m128i *)x);
}

#define _mm_maskz_loadu_epi8(k, from)             em_load_16_bytes(k, from)
#define _mm512_maskz_loadu_epi32(k, from)         em_load_32(k, from)
#define _mm512_maskz_loadu_epi64(k, from)         em_load_64(k, from)
#define _mm512_mask_storeu_epi8(to, k, a)         em_store_8(to, k, a)
#define _mm512_mask_storeu_epi16(to, k, a)        em_store_16(to, k, a)
#define _mm512_mask_storeu_epi32(to, k, a)        em_store_32(to, k, a)
#define _mm512_mask_storeu_epi64(to, k, a)        em_store_64(to, k, a)
#define _mm512_mask_storeu_pd(to, k, a)           em_store_64(to, k, (__m512i)(a))
#define _mm512_stream_pd(to, a)                   _mm512_storeu_pd(to, a)
#define _mm512_maskz_compress_epi8(k, a)          em_compress_8(k, a)
#define _mm512_maskz_compress_epi16(k, a)         em_compress_16(k, a)

/* ---- conversions, shifts ------------------------------------------------------------------------------------------ */
#define EM_WIDEN(name, narrow, wide, source) \
    EM_FN __m512i name(source a) \
    { \
        narrow x[64 / sizeof(wide)]; \
        wide y[64 / sizeof(wide)]; \
        __m512i out; \
        memcpy(x, &a, sizeof x); \
        for (size_t i = 0; i < 64 / sizeof(wide); i++) y[i] = x[i]; \
        memcpy(&out, y, 64); \
        return out; \
    }
EM_WIDEN(em_i32_i64, int32_t, int64_t, __m256i)
EM_WIDEN(em_u32_u64, uint32_t, uint64_t, __m256i)
EM_WIDEN(em_u16_u32, uint16_t, uint32_t, __m256i)
EM_WIDEN(em_u8_u32, uint8_t, uint32_t, __m128i)

EM_FN __m512d em_u64_f64(__m512i a)
{
    uint64_t x[8];
    __m512d out;
    memcpy(x, &a, 64);
    for (int i = 0; i < 8; i++) out[i] = (double)x[i];
    return out;
}

EM_FN __m512i em_lzcnt_64(__m512i a)
{
    uint64_t x[8];
    memcpy(x, &a, 64);
    for (int i = 0; i < 8; i++) x[i] = x[i] ? (uint64_t)__builtin_clzll(x[i]) : 64;
    memcpy(&a, x, 64);
    return a;
}

EM_FN __m512i em_align_32(__m512i high, __m512i low, int by)
{
    uint32_t x[32];
    memcpy(x, &low, 64), memcpy(x + 16, &high, 64);
    memcpy(&low, x + (by & 15), 64);
    return low;
}

#define _mm512_cvtepi32_epi64(a)                  em_i32_i64(a)
#define _mm512_cvtepu32_epi64(a)                  em_u32_u64(a)
#define _mm512_cvtepu16_epi32(a)                  em_u16_u32(a)
#define _mm512_cvtepu8_epi32(a)                   em_u8_u32(a)
#define _mm512_cvtepu64_pd(a)                     em_u64_f64(a)
#define _mm512_lzcnt_epi64(a)                     em_lzcnt_64(a)
#undef _mm512_alignr_epi32
#define _mm512_alignr_epi32(high, low, by)        em_align_32(high, low, by)
#undef _mm512_mask_srli_epi64
#define _mm512_mask_srli_epi64(other, k, a, by)   simde_mm512_mask_mov_epi64(other, k, simde_mm512_srli_epi64(a, by))

/* ---- one of all lanes --------------------------------------------------------------------------------------------- */
#define EM_REDUCE(name, vector, type, better) \
    EM_FN type name(vector a) \
    { \
        type x[64 / sizeof(type)]; \
        memcpy(x, &a, 64); \
        for (size_t i = 1; i < 64 / sizeof(type); i++) x[0] = x[i] better x[0] ? x[i] : x[0]; \
        return x[0]; \
    }
EM_REDUCE(em_least_i32, __m512i, int32_t, <)
EM_REDUCE(em_most_i32, __m512i, int32_t, >)
EM_REDUCE(em_least_i64, __m512i, int64_t, <)
EM_REDUCE(em_most_i64, __m512i, int64_t, >)
EM_REDUCE(em_least_f64, __m512d, double, <)
EM_REDUCE(em_most_f64, __m512d, double, >)
#define _mm512_reduce_min_epi32(a)                em_least_i32(a)
#define _mm512_reduce_max_epi32(a)                em_most_i32(a)
#define _mm512_reduce_min_epi64(a)                em_least_i64(a)
#define _mm512_reduce_max_epi64(a)                em_most_i64(a)
#define _mm512_reduce_min_pd(a)                   em_least_f64(a)
#define _mm512_reduce_max_pd(a)                   em_most_f64(a)

/* ---- texts ------------------------------------------------------------------------------------------------------- */
EM_FN __m512i em_maskz_loadu_i8(__mmask64 k, const void *at)
{
    uint8_t x[64] = { 0 };
    for (size_t i = 0; i < 64; i++) if (k >> i & 1) x[i] = ((const uint8_t *)at)[i];
    __m512i out;
    return memcpy(&out, x, 64), out;
}

EM_FN __m512i em_mask_gather_i64(__m512i from, __mmask8 k, __m512i places, const void *base)
{
    int64_t x[8], at[8];
    memcpy(x, &from, 64), memcpy(at, &places, 64);
    for (size_t i = 0; i < 8; i++) if (k >> i & 1) memcpy(x + i, (const char *)base + 8 * at[i], 8);
    __m512i out;
    return memcpy(&out, x, 64), out;
}

#undef _mm512_maskz_loadu_epi8
#undef _mm512_mask_i64gather_epi64
#undef _mm512_cmplt_epi8_mask
#undef _mm512_cmpeq_epi8_mask
#undef _mm512_cmpneq_epi8_mask
#undef _mm512_mask_cmpeq_epi8_mask
#define _mm512_maskz_loadu_epi8(k, at)                em_maskz_loadu_i8(k, at)
#define _mm512_mask_i64gather_epi64(x, k, i, at, s)   em_mask_gather_i64(x, k, i, at)          /* of eight bytes */
#define _mm512_cmplt_epi8_mask(a, b)                  ((__mmask64)em_cmp_i8(a, b, _MM_CMPINT_LT))
#define _mm512_cmpeq_epi8_mask(a, b)                  ((__mmask64)em_cmp_i8(a, b, _MM_CMPINT_EQ))
#define _mm512_cmpneq_epi8_mask(a, b)                 ((__mmask64)em_cmp_i8(a, b, _MM_CMPINT_NE))
#define _mm512_mask_cmpeq_epi8_mask(k, a, b)          ((__mmask64)((k) & em_cmp_i8(a, b, _MM_CMPINT_EQ)))

#endif
