/* random_words: every instruction-set level against one word at a time. */
#include "kernel/random_words.h"

#include "base/rng.h"
#include "support/test.h"

TEST(words_are_those_of_one_at_a_time_at_every_level)
{
    static const size_t lengths[] = { 0, 1, 3, 7, 15, 16, 17, 63, 64, 65, 511 };
    static const uint64_t firsts[] = { 0, 2, 1 << 16, (UINT64_C(1) << 33) - 6, UINT64_MAX - 1025 };
    static const uint64_t seeds[] = { 0, 42, UINT64_C(0xFEDCBA9876543210), UINT64_MAX };
    uint64_t out[512];
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
            for (size_t f = 0; f < FR_COUNT_OF(firsts); f++)
                for (size_t s = 0; s < FR_COUNT_OF(seeds); s++) {
                    const uint64_t stream = seeds[(s + 1) % FR_COUNT_OF(seeds)];
                    int wrong = 0;
                    out[lengths[l]] = 77;
                    FR_ISA_AT(fr_random_kernels, isa)->words(seeds[s], stream, firsts[f], lengths[l], out);
                    for (size_t i = 0; i < lengths[l]; i++) wrong += out[i] != fr_rng_at(seeds[s], stream, firsts[f] + i);
                    CHECK_INT(wrong, 0);
                    CHECK(out[lengths[l]] == 77);
                }
}
