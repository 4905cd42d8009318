/* to_f64.h — 64-bit integers as doubles, in a form that every instruction set's vectors can do; for .isa.c files.
 *
 * Only AVX-512 has the instruction. Elsewhere the two halves become doubles by their bits, 2^52 + low and
 * 2^84 + high · 2^32, both exact; the offsets are taken away exactly, and the last addition is the one rounding:
 *
 *     -5  →  high 2^32 - 1, low 2^32 - 5  →  (2^84 + 2^63 - 2^32) - (2^84 + 2^63 + 2^52)  +  (2^52 + 2^32 - 5)
 *
 * Rounding downward would make -0 of 0; a number that is not negative therefore gets its sign cleared.
 * Source: the bit trick is folklore; its exactness is argued above.
 */
#ifndef FR_KERNEL_TO_F64_H
#define FR_KERNEL_TO_F64_H

#include "kernel/isa.h"

#include <string.h>

FR_TEMPLATE_FN double fr_f64_of_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

FR_TEMPLATE_FN uint64_t fr_bits_of_f64(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

FR_TEMPLATE_FN double fr_f64_of_i64(int64_t x)
{
#if FR_ISA_LEVEL >= 4
    return (double)x;
#else
    const uint64_t u = (uint64_t)x;
    double high = fr_f64_of_bits((u >> 32) ^ UINT64_C(0x4530000080000000)) - (0x1p84 + 0x1p63 + 0x1p52);
    double sum = high + fr_f64_of_bits((u & UINT32_MAX) | UINT64_C(0x4330000000000000));
    return fr_f64_of_bits(fr_bits_of_f64(sum) & (u | (uint64_t)INT64_MAX));
#endif
}

FR_TEMPLATE_FN double fr_f64_of_u64(uint64_t x)
{
#if FR_ISA_LEVEL >= 4
    return (double)x;
#else
    double high = fr_f64_of_bits((x >> 32) | UINT64_C(0x4530000000000000)) - (0x1p84 + 0x1p52);
    double sum = high + fr_f64_of_bits((x & UINT32_MAX) | UINT64_C(0x4330000000000000));
    return fr_f64_of_bits(fr_bits_of_f64(sum) & (uint64_t)INT64_MAX);
#endif
}

#endif
