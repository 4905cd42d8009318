/* range.isa.c — ranges of the ten number types. */
#include "kernel/range.h"

#include <float.h>
#include <limits.h>
#include <string.h>
#if FR_ISA_LEVEL >= 4
#include <immintrin.h>

/* 64 values, of those that are missing another. */
FR_TEMPLATE_FN void blend_word(void *out, const void *x, const void *other, size_t width, uint64_t word)
{
    uint64_t there = 0;
    memcpy(&there, other, width);
    for (size_t at = 0; at < 64 * width; at += 64, word >>= 64 / width % 64) {
        const __m512i values = _mm512_loadu_si512((const char *)x + at);
        const __m512i blended =
            width == 1 ? _mm512_mask_mov_epi8(_mm512_set1_epi8((char)there), word, values)
            : width == 2 ? _mm512_mask_mov_epi16(_mm512_set1_epi16((short)there), (__mmask32)word, values)
            : width == 4 ? _mm512_mask_mov_epi32(_mm512_set1_epi32((int)there), (__mmask16)word, values)
                         : _mm512_mask_mov_epi64(_mm512_set1_epi64((int64_t)there), (__mmask8)word, values);
        _mm512_storeu_si512((char *)out + at, blended);
    }
}
#endif

#define T int8_t
#define FN(name) name##_i8
#define END i
#define LOWEST INT8_MIN
#define HIGHEST INT8_MAX
#define IS_NAN(x) ((void)(x), 0)
#include "kernel/range.inc.h"
#undef T
#undef FN
#undef END
#undef LOWEST
#undef HIGHEST
#undef IS_NAN

#define T int16_t
#define FN(name) name##_i16
#define END i
#define LOWEST INT16_MIN
#define HIGHEST INT16_MAX
#define IS_NAN(x) ((void)(x), 0)
#include "kernel/range.inc.h"
#undef T
#undef FN
#undef END
#undef LOWEST
#undef HIGHEST
#undef IS_NAN

#define T int32_t
#define FN(name) name##_i32
#define END i
#define LOWEST INT32_MIN
#define HIGHEST INT32_MAX
#define IS_NAN(x) ((void)(x), 0)
#include "kernel/range.inc.h"
#undef T
#undef FN
#undef END
#undef LOWEST
#undef HIGHEST
#undef IS_NAN

#define T int64_t
#define FN(name) name##_i64
#define END i
#define LOWEST INT64_MIN
#define HIGHEST INT64_MAX
#define IS_NAN(x) ((void)(x), 0)
#include "kernel/range.inc.h"
#undef T
#undef FN
#undef END
#undef LOWEST
#undef HIGHEST
#undef IS_NAN

#define T uint8_t
#define FN(name) name##_u8
#define END u
#define LOWEST 0
#define HIGHEST UINT8_MAX
#define IS_NAN(x) ((void)(x), 0)
#include "kernel/range.inc.h"
#undef T
#undef FN
#undef END
#undef LOWEST
#undef HIGHEST
#undef IS_NAN

#define T uint16_t
#define FN(name) name##_u16
#define END u
#define LOWEST 0
#define HIGHEST UINT16_MAX
#define IS_NAN(x) ((void)(x), 0)
#include "kernel/range.inc.h"
#undef T
#undef FN
#undef END
#undef LOWEST
#undef HIGHEST
#undef IS_NAN

#define T uint32_t
#define FN(name) name##_u32
#define END u
#define LOWEST 0
#define HIGHEST UINT32_MAX
#define IS_NAN(x) ((void)(x), 0)
#include "kernel/range.inc.h"
#undef T
#undef FN
#undef END
#undef LOWEST
#undef HIGHEST
#undef IS_NAN

#define T uint64_t
#define FN(name) name##_u64
#define END u
#define LOWEST 0
#define HIGHEST UINT64_MAX
#define IS_NAN(x) ((void)(x), 0)
#include "kernel/range.inc.h"
#undef T
#undef FN
#undef END
#undef LOWEST
#undef HIGHEST
#undef IS_NAN

#define T float
#define FN(name) name##_f32
#define END f
#define LOWEST -__builtin_inff()
#define HIGHEST __builtin_inff()
#define IS_NAN(x) ((x) != (x))
#include "kernel/range.inc.h"
#undef T
#undef FN
#undef END
#undef LOWEST
#undef HIGHEST
#undef IS_NAN

#define T double
#define FN(name) name##_f64
#define END f
#define LOWEST -__builtin_inf()
#define HIGHEST __builtin_inf()
#define IS_NAN(x) ((x) != (x))
#include "kernel/range.inc.h"
#undef T
#undef FN
#undef END
#undef LOWEST
#undef HIGHEST
#undef IS_NAN

const fr_range_kernels FR_ISA_NAME(fr_range_kernels) = {
    .fold = { fold_i8, fold_i16, fold_i32, fold_i64, fold_u8, fold_u16, fold_u32, fold_u64, fold_f32, fold_f64 },
};
