/* compare.isa.c — comparisons into bits, once per instruction set.
 *
 * 64 lanes at a time become 64 bytes of 0 or 1, which compilers vectorise, and the bytes become a word; with AVX-512 a
 * comparison makes the bits at once.
 */
#include "kernel/compare.h"

#include "kernel/pack64.h"

/* Words of 64 lanes, of `a` with a step of 1: by masks where there are such. */
#if FR_ISA_LEVEL >= 4
#define WORD(name, T, OP, REGISTER, LANES, LOAD, ALL, MASK, PREDICATE)                                             \
    static inline uint64_t name##_word(const T *a, const T *b, size_t bs)                                          \
    {                                                                                                              \
        const REGISTER y = ALL(*b);                                                                                \
        uint64_t word = 0;                                                                                         \
        if (bs) for (int i = 0; i < 64; i += LANES) word |= (uint64_t)MASK(LOAD(a + i), LOAD(b + i), PREDICATE) << i; \
        else for (int i = 0; i < 64; i += LANES) word |= (uint64_t)MASK(LOAD(a + i), y, PREDICATE) << i;            \
        return word;                                                                                               \
    }
#else
#define WORD(name, T, OP, REGISTER, LANES, LOAD, ALL, MASK, PREDICATE)                                             \
    static inline uint64_t name##_word(const T *a, const T *b, size_t bs)                                          \
    {                                                                                                              \
        const T y = *b;                                                                                            \
        uint8_t bytes[64];                                                                                         \
        if (bs) for (size_t i = 0; i < 64; i++) bytes[i] = a[i] OP b[i];                                           \
        else for (size_t i = 0; i < 64; i++) bytes[i] = a[i] OP y;                                                 \
        return fr_pack64(bytes, 0);                                                                                \
    }
#endif

#define COMPARE(name, T, OP, ...)                                                                                  \
    WORD(name, T, OP, __VA_ARGS__)                                                                                 \
    static void name(uint64_t *out, fr_lanes a, fr_lanes b, size_t n)                                              \
    {                                                                                                              \
        const T *x = a.values, *y = b.values;                                                                      \
        const size_t xs = a.step, ys = b.step;                                                                     \
        size_t i = 0;                                                                                              \
        if (xs) for (; i + 64 <= n; i += 64) out[i / 64] = name##_word(x + i, y + i * ys, ys);                     \
        for (; i < n; i += 64) {                                                                                   \
            uint64_t word = 0;                                                                                     \
            for (size_t j = 0; j < 64 && i + j < n; j++) word |= (uint64_t)(x[(i + j) * xs] OP y[(i + j) * ys]) << j; \
            out[i / 64] = word;                                                                                    \
        }                                                                                                          \
    }
#define INTEGERS(type, T, ...)                                                                                     \
    COMPARE(equal_##type, T, ==, __VA_ARGS__, _MM_CMPINT_EQ) COMPARE(unequal_##type, T, !=, __VA_ARGS__, _MM_CMPINT_NE) \
    COMPARE(less_##type, T, <, __VA_ARGS__, _MM_CMPINT_LT) COMPARE(less_equal_##type, T, <=, __VA_ARGS__, _MM_CMPINT_LE) \
    COMPARE(greater_##type, T, >, __VA_ARGS__, _MM_CMPINT_NLE)                                                      \
    COMPARE(greater_equal_##type, T, >=, __VA_ARGS__, _MM_CMPINT_NLT)
#define FLOATS(type, T, ...)                                                                                       \
    COMPARE(equal_##type, T, ==, __VA_ARGS__, _CMP_EQ_OQ) COMPARE(unequal_##type, T, !=, __VA_ARGS__, _CMP_NEQ_UQ)  \
    COMPARE(less_##type, T, <, __VA_ARGS__, _CMP_LT_OQ) COMPARE(less_equal_##type, T, <=, __VA_ARGS__, _CMP_LE_OQ)  \
    COMPARE(greater_##type, T, >, __VA_ARGS__, _CMP_GT_OQ)                                                          \
    COMPARE(greater_equal_##type, T, >=, __VA_ARGS__, _CMP_GE_OQ)
#define ALL_U64(x) _mm512_set1_epi64((long long)(x))
INTEGERS(i64, int64_t, __m512i, 8, _mm512_loadu_si512, _mm512_set1_epi64, _mm512_cmp_epi64_mask)
INTEGERS(u64, uint64_t, __m512i, 8, _mm512_loadu_si512, ALL_U64, _mm512_cmp_epu64_mask)
FLOATS(f64, double, __m512d, 8, _mm512_loadu_pd, _mm512_set1_pd, _mm512_cmp_pd_mask)
INTEGERS(i32, int32_t, __m512i, 16, _mm512_loadu_si512, _mm512_set1_epi32, _mm512_cmp_epi32_mask)
INTEGERS(i16, int16_t, __m512i, 32, _mm512_loadu_si512, _mm512_set1_epi16, _mm512_cmp_epi16_mask)
INTEGERS(i8, int8_t, __m512i, 64, _mm512_loadu_si512, _mm512_set1_epi8, _mm512_cmp_epi8_mask)

#define ROW(type)                                                                                                      \
    .type = {                                                                                                          \
        [FR_EQUAL] = equal_##type,           [FR_UNEQUAL] = unequal_##type, [FR_LESS] = less_##type,                   \
        [FR_LESS_EQUAL] = less_equal_##type, [FR_GREATER] = greater_##type, [FR_GREATER_EQUAL] = greater_equal_##type  \
    }
const fr_compare_kernels FR_ISA_NAME(fr_compare_kernels) = { ROW(i64), ROW(u64), ROW(f64), ROW(i32),
                                                              ROW(i16), ROW(i8) };
