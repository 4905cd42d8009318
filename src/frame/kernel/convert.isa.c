/* convert.isa.c — the loops of convert.h, once per instruction set. */
#include "kernel/convert.h"

#include "kernel/to_f64.h"

#define CONVERT(name, F, T, OF)                                     \
    static void name(void *out_, const void *in_, size_t n)          \
    {                                                                \
        T *restrict out = out_;                                      \
        const F *restrict in = in_;                                  \
        for (size_t i = 0; i < n; i++) out[i] = OF(in[i]);           \
    }
CONVERT(i8_to_i64, int8_t, int64_t, (int64_t))
CONVERT(i16_to_i64, int16_t, int64_t, (int64_t))
CONVERT(i32_to_i64, int32_t, int64_t, (int64_t))
CONVERT(u8_to_64, uint8_t, uint64_t, (uint64_t))       /* signed or not: the same bits */
CONVERT(u16_to_64, uint16_t, uint64_t, (uint64_t))
CONVERT(u32_to_64, uint32_t, uint64_t, (uint64_t))
CONVERT(i8_to_f64, int8_t, double, (double))
CONVERT(i16_to_f64, int16_t, double, (double))
CONVERT(i32_to_f64, int32_t, double, (double))
CONVERT(i64_to_f64, int64_t, double, fr_f64_of_i64)
CONVERT(u8_to_f64, uint8_t, double, (double))
CONVERT(u16_to_f64, uint16_t, double, (double))
CONVERT(u32_to_f64, uint32_t, double, (double))
CONVERT(u64_to_f64, uint64_t, double, fr_f64_of_u64)
CONVERT(f32_to_f64, float, double, (double))

static bool trunc_i64(int64_t *restrict out, const double *restrict in, size_t n)
{
    bool bad = false;
    for (size_t i = 0; i < n; i++) {
        const bool fits = in[i] > -0x1p63 && in[i] < 0x1p63;
        out[i] = (int64_t)(fits ? in[i] : 0);
        bad |= !fits;
    }
    return !bad;
}

static bool exact_f64(double *restrict out, const int64_t *restrict in, size_t n)
{
    const uint64_t most = UINT64_C(1) << 53;
    uint64_t all = 0;
    for (size_t i = 0; i < n; i++) {
        all |= (uint64_t)in[i] + most;
        out[i] = fr_f64_of_i64(in[i]);
    }
    return all < 2 * most;
}

static bool fit_i32(int32_t *restrict out, const int64_t *restrict in, size_t n)
{
    uint64_t all = 0;
    for (size_t i = 0; i < n; i++) {
        all |= (uint64_t)in[i] + ((uint64_t)INT32_MAX + 1);
        out[i] = (int32_t)in[i];
    }
    return all <= UINT32_MAX;
}

const fr_convert_kernels FR_ISA_NAME(fr_convert_kernels) = {
    .to_i64 = { [FR_FROM_I8] = i8_to_i64, [FR_FROM_I16] = i16_to_i64, [FR_FROM_I32] = i32_to_i64,
                [FR_FROM_U8] = u8_to_64,  [FR_FROM_U16] = u16_to_64,  [FR_FROM_U32] = u32_to_64 },
    .to_u64 = { [FR_FROM_U8] = u8_to_64,  [FR_FROM_U16] = u16_to_64,  [FR_FROM_U32] = u32_to_64 },
    .to_f64 = { [FR_FROM_I8] = i8_to_f64, [FR_FROM_I16] = i16_to_f64, [FR_FROM_I32] = i32_to_f64,
                [FR_FROM_I64] = i64_to_f64, [FR_FROM_U8] = u8_to_f64, [FR_FROM_U16] = u16_to_f64,
                [FR_FROM_U32] = u32_to_f64, [FR_FROM_U64] = u64_to_f64, [FR_FROM_F32] = f32_to_f64 },
    .trunc_i64 = trunc_i64, .exact_f64 = exact_f64, .fit_i32 = fit_i32,
};
