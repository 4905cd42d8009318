/* scaled.isa.c — the loops of scaled.h, once per instruction set.
 *
 * The product with the power of ten lies within 2^-21 of the whole number it stands for, if there is one of 32 bits;
 * adding 1.5 · 2^52 rounds to it and leaves it in the lowest bits (as in floors.isa.c). Whether it is the one is seen by
 * going back: any double of which the low 32 bits divide to the same bits is right, whatever the rest was.
 */
#include "kernel/scaled.h"

#include "kernel/scaled_real.inc.h"
#include "kernel/to_f64.h"

#define ROUND 0x1.8p52

static void reals(const int32_t *wholes, size_t n, unsigned digits, double *out)
{
    reals_of(out, wholes, n, digits);
}

static bool wholes(const double *restrict from, size_t n, unsigned digits, int32_t *restrict out)
{
    const fr_scale scale = scales[digits];
    uint64_t other = 0;
    for (size_t i = 0; i < n; i++) {
        const int32_t whole = (int32_t)(uint32_t)fr_bits_of_f64(from[i] * scale.power + ROUND);
        other |= fr_bits_of_f64(real_of(whole, scale)) ^ fr_bits_of_f64(from[i]);
        out[i] = whole;
    }
    return !other;
}

const fr_scaled_kernels FR_ISA_NAME(fr_scaled_kernels) = { reals, wholes };
