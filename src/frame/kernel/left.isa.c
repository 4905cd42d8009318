/* left.isa.c — the loops of left.h, once per instruction set: with the distance of words known, compilers make vectors of them
 * (AVX-512, 4.3 million groups, CPU: a sum and a mean 11 → 5 ms). */
#include "kernel/left.h"

typedef struct both { double sum; uint64_t word; } both;

static inline uint64_t part_of(uint64_t word, const fr_tally_part *part)
{
    return ((word - part->lowest) >> part->shift & part->mask) + (uint64_t)part->low;
}

FR_TEMPLATE_FN void parts_by(uint64_t *restrict out, const uint64_t *restrict words, size_t step, size_t n, fr_tally_part part)
{
    for (size_t i = 0; i < n; i++) out[i] = part_of(words[i * step], &part);
}

static void parts(uint64_t *out, const uint64_t *words, size_t step, size_t n, const fr_tally_part *part)
{
    if (step == 1) parts_by(out, words, 1, n, *part);
    else parts_by(out, words, 2, n, *part);
}

/* A number less itself is 0, unless it is infinite or NaN. */
static bool means(double *restrict out, const void *restrict left, size_t n, const fr_tally_part *rows)
{
    const both *from = left;
    const fr_tally_part part = *rows;
    uint64_t odd = 0;
    for (size_t i = 0; i < n; i++) {
        const double mean = from[i].sum / (double)part_of(from[i].word, &part), zero = mean - mean;
        out[i] = mean;
        odd |= (uint64_t)(zero != 0);
    }
    return !odd;
}

const fr_left_kernels FR_ISA_NAME(fr_left_kernels) = { .parts = parts, .means = means };
