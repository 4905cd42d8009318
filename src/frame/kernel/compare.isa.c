/* compare.isa.c — comparisons into bits, once per instruction set.
 *
 * 64 lanes at a time become 64 bytes of 0 or 1, which compilers vectorise, and the bytes become a word.
 */
#include "kernel/compare.h"

#include "kernel/pack64.h"

#define COMPARE(name, T, OP)                                                                                      \
    static inline uint64_t name##_word(const T *a, size_t as, const T *b, size_t bs, size_t n)                    \
    {                                                                                                             \
        uint8_t bytes[64] = { 0 };                                                                                \
        if (n == 64 && as && bs) for (size_t i = 0; i < 64; i++) bytes[i] = a[i] OP b[i];                         \
        else if (n == 64 && as) { T y = *b; for (size_t i = 0; i < 64; i++) bytes[i] = a[i] OP y; }               \
        else for (size_t i = 0; i < n; i++) bytes[i] = a[i * as] OP b[i * bs];                                    \
        return fr_pack64(bytes, 0);                                                                               \
    }                                                                                                             \
    static void name(uint64_t *out, fr_lanes a, fr_lanes b, size_t n)                                             \
    {                                                                                                             \
        for (size_t i = 0; i < n; i += 64)                                                                        \
            out[i / 64] = name##_word((const T *)a.values + i * a.step, a.step, (const T *)b.values + i * b.step, \
                                      b.step, n - i < 64 ? n - i : 64);                                           \
    }
#define SIX(type, T)                                                                                     \
    COMPARE(equal_##type, T, ==) COMPARE(unequal_##type, T, !=) COMPARE(less_##type, T, <)                \
    COMPARE(less_equal_##type, T, <=) COMPARE(greater_##type, T, >) COMPARE(greater_equal_##type, T, >=)
SIX(i64, int64_t)
SIX(u64, uint64_t)
SIX(f64, double)
SIX(i32, int32_t)
SIX(i16, int16_t)
SIX(i8, int8_t)

#define ROW(type)                                                                                                      \
    .type = {                                                                                                          \
        [FR_EQUAL] = equal_##type,           [FR_UNEQUAL] = unequal_##type, [FR_LESS] = less_##type,                   \
        [FR_LESS_EQUAL] = less_equal_##type, [FR_GREATER] = greater_##type, [FR_GREATER_EQUAL] = greater_equal_##type  \
    }
const fr_compare_kernels FR_ISA_NAME(fr_compare_kernels) = { ROW(i64), ROW(u64), ROW(f64), ROW(i32),
                                                              ROW(i16), ROW(i8) };
