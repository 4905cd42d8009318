/* scaled_real.inc.h — the double that a whole number of 10^-digits stands for (scaled.h). Template, once per instruction set.
 *
 * Where products can be added in one rounding, the quotient is the product with the reciprocal, which two doubles give to
 * 2^-106 of itself: the small product is rounded, and then the sum of both, once. No quotient of a number of 32 bits by a power
 * of ten up to 10^9 lies so near the middle of two doubles (the nearest: 2^-84) that this could round to the other one;
 * FRAME_LONG tries every number. In the first-level cache, with AVX-512: 0.31 ns a number by division, 0.11 so.
 */
#include "kernel/scaled.h"

/* 10^digits, its reciprocal, and what that is too small by. */
typedef struct fr_scale { double power, reciprocal, rest; } fr_scale;
static const fr_scale scales[FR_SCALED_MOST_DIGITS + 1] = {
    { 1e0, 1, 0 },
    { 1e1, 0x1.999999999999ap-4, -0x1.999999999999ap-58 },
    { 1e2, 0x1.47ae147ae147bp-7, -0x1.eb851eb851eb8p-63 },
    { 1e3, 0x1.0624dd2f1a9fcp-10, -0x1.89374bc6a7efap-66 },
    { 1e4, 0x1.a36e2eb1c432dp-14, -0x1.6a161e4f765fep-68 },
    { 1e5, 0x1.4f8b588e368f1p-17, -0x1.ee78183f91e64p-71 },
    { 1e6, 0x1.0c6f7a0b5ed8dp-20, 0x1.b5a63f9a49c2cp-75 },
    { 1e7, 0x1.ad7f29abcaf48p-24, 0x1.5e1e99483b023p-78 },
    { 1e8, 0x1.5798ee2308c3ap-27, -0x1.03023df2d4c94p-82 },
    { 1e9, 0x1.12e0be826d695p-30, -0x1.34674bfabb83bp-84 },
};

FR_TEMPLATE_FN double real_of(int32_t whole, fr_scale scale)
{
#if FR_ISA_LEVEL >= 3
    return __builtin_fma((double)whole, scale.reciprocal, (double)whole * scale.rest);
#else
    return (double)whole / scale.power;
#endif
}

FR_TEMPLATE_FN void reals_of(double *restrict out, const int32_t *restrict wholes, size_t n, unsigned digits)
{
    const fr_scale scale = scales[digits];
    for (size_t i = 0; i < n; i++) out[i] = real_of(wholes[i], scale);
}
