/* random_words.h — many words of base/rng.h at once: words 2 b and 2 b + 1 of a sequence are one block of Philox. */
#ifndef FR_KERNEL_RANDOM_WORDS_H
#define FR_KERNEL_RANDOM_WORDS_H

#include "kernel/isa.h"

typedef struct fr_random_kernels {
    /* Words first … first + n - 1 of the sequence (seed, stream); `first` is even. */
    void (*words)(uint64_t seed, uint64_t stream, uint64_t first, size_t n, uint64_t *out);
} fr_random_kernels;
FR_ISA_DECLARE(fr_random_kernels, fr_random_kernels);

#endif
