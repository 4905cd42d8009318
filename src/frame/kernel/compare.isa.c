/* compare.isa.c — comparisons into bits, once per instruction set.
 *
 * 64 lanes at a time become 64 bytes of 0 or 1, which compilers vectorise, and the bytes become a word; with AVX-512 a
 * comparison makes the bits at once, with AVX2 the signs of what it makes are the bits of 4 to 32 lanes.
 */
#include "kernel/compare.h"

#include "kernel/pack64.h"
#include "kernel/stretches.h"

#define COMPARE_JOIN(a, b) a##_##b
#define COMPARE_NAME(a, b) COMPARE_JOIN(a, b)

/* What AVX-512 calls them; NaN is unequal to all, and in no order. */
#define INT_EQUAL           _MM_CMPINT_EQ
#define INT_UNEQUAL         _MM_CMPINT_NE
#define INT_LESS            _MM_CMPINT_LT
#define INT_LESS_EQUAL      _MM_CMPINT_LE
#define INT_GREATER         _MM_CMPINT_NLE
#define INT_GREATER_EQUAL   _MM_CMPINT_NLT
#define FLOAT_EQUAL         _CMP_EQ_OQ
#define FLOAT_UNEQUAL       _CMP_NEQ_UQ
#define FLOAT_LESS          _CMP_LT_OQ
#define FLOAT_LESS_EQUAL    _CMP_LE_OQ
#define FLOAT_GREATER       _CMP_GT_OQ
#define FLOAT_GREATER_EQUAL _CMP_GE_OQ

/* What AVX2 says of lanes that are all ones or all zeros. */
#define SIGNS_OF_4(v) ((uint64_t)(uint32_t)_mm256_movemask_pd((__m256d)(v)))
#define SIGNS_OF_8(v) ((uint64_t)(uint32_t)_mm256_movemask_ps((__m256)(v)))
#define SIGNS_OF_16(v) \
    ((uint64_t)(uint32_t)_mm_movemask_epi8(_mm_packs_epi16(_mm256_castsi256_si128((__m256i)(v)), \
                                                           _mm256_extracti128_si256((__m256i)(v), 1))))
#define SIGNS_OF_32(v) ((uint64_t)(uint32_t)_mm256_movemask_epi8((__m256i)(v)))

#define T int64_t
#define SUFFIX i64
#define KIND INT
#define LANES 8
#define LOAD _mm512_loadu_si512
#define ALL _mm512_set1_epi64
#define MASK _mm512_cmp_epi64_mask
#define SIGNS SIGNS_OF_4
#include "kernel/compare_type.inc.h"

#define T uint64_t
#define SUFFIX u64
#define KIND INT
#define LANES 8
#define LOAD _mm512_loadu_si512
#define ALL(x) _mm512_set1_epi64((long long)(x))
#define MASK _mm512_cmp_epu64_mask
#define SIGNS SIGNS_OF_4
#include "kernel/compare_type.inc.h"

#define T double
#define SUFFIX f64
#define KIND FLOAT
#define LANES 8
#define LOAD _mm512_loadu_pd
#define ALL _mm512_set1_pd
#define MASK _mm512_cmp_pd_mask
#define SIGNS SIGNS_OF_4
#include "kernel/compare_type.inc.h"

#define T int32_t
#define SUFFIX i32
#define KIND INT
#define LANES 16
#define LOAD _mm512_loadu_si512
#define ALL _mm512_set1_epi32
#define MASK _mm512_cmp_epi32_mask
#define SIGNS SIGNS_OF_8
#include "kernel/compare_type.inc.h"

#define T int16_t
#define SUFFIX i16
#define KIND INT
#define LANES 32
#define LOAD _mm512_loadu_si512
#define ALL _mm512_set1_epi16
#define MASK _mm512_cmp_epi16_mask
#define SIGNS SIGNS_OF_16
#include "kernel/compare_type.inc.h"

#define T int8_t
#define SUFFIX i8
#define KIND INT
#define LANES 64
#define LOAD _mm512_loadu_si512
#define ALL _mm512_set1_epi8
#define MASK _mm512_cmp_epi8_mask
#define SIGNS SIGNS_OF_32
#include "kernel/compare_type.inc.h"

#define SIX(type)                                                                                                   \
    .type = { [FR_EQUAL] = compare_equal_##type,           [FR_UNEQUAL] = compare_unequal_##type,                    \
              [FR_LESS] = compare_less_##type,             [FR_LESS_EQUAL] = compare_less_equal_##type,              \
              [FR_GREATER] = compare_greater_##type,       [FR_GREATER_EQUAL] = compare_greater_equal_##type }
const fr_compare_kernels FR_ISA_NAME(fr_compare_kernels) = { SIX(i64), SIX(u64), SIX(f64), SIX(i32), SIX(i16), SIX(i8) };
