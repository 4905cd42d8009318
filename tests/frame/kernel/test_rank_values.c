/* Values of ranks, of every width at every instruction set, against one rank after another. */
#include "kernel/rank_values.h"

#include "support/columns.h"
#include "support/test.h"

#include <string.h>

enum { MOST = 511 };

static const size_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, MOST };

static uint32_t rank_at(const unsigned char *ranks, size_t i, size_t width)
{
    uint32_t rank = 0;
    memcpy(&rank, ranks + i * width, width);
    return rank;
}

/* Ranks of a value's width are those of its values, wider ones as many as a value has. */
static void fill(unsigned char *ranks, size_t n, size_t rank_width, size_t width, bool zeros, uint64_t seed)
{
    const unsigned bits = 8 * (unsigned)(rank_width < width ? rank_width : width);
    for (size_t i = 0; i < n; i++) {
        const uint32_t rank = (uint32_t)(fr_test_random(&seed) & (((uint64_t)1 << bits) - 1));
        const uint32_t put = zeros && i % 5 == 2 ? 0 : rank ? rank : 1;
        memcpy(ranks + i * rank_width, &put, rank_width);
    }
}

static bool is_right(const fr_rank_kernels *kernels, size_t rank_log, size_t log, size_t n, fr_rank_values_of of, bool zeros)
{
    const size_t rank_width = (size_t)1 << rank_log, width = (size_t)1 << log;
    unsigned char ranks[4 * MOST] = { 0 }, found[8 * MOST + 8], *end = found + n * width;
    bool any = false, right = true;
    fill(ranks, n, rank_width, width, zeros, n + 10 * rank_log + log);
    memset(end, 0xA5, 8);
    const bool says = kernels->values[rank_log][log](found, ranks, n, &of);
    for (size_t i = 0; i < n; i++) {
        const uint32_t rank = rank_at(ranks, i, rank_width);
        const uint64_t steps = (uint64_t)rank - 1, value = (uint64_t)of.worst + (of.least ? 0 - steps : steps), none = 0;
        right = right && !memcmp(found + i * width, rank ? &value : &none, width);
        any |= !rank;
    }
    for (size_t i = 0; i < 8; i++) right = right && end[i] == 0xA5;
    return right && says == any;
}

TEST(ranks_become_values_of_every_width)
{
    static const int64_t worst[] = { 0, 1, -1, 127, -128, 32767, INT32_MIN, INT64_MAX, INT64_MIN };
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++) {
        const fr_rank_kernels *kernels = FR_ISA_AT(fr_rank_kernels, isa);
        for (size_t r = 0; r < 3; r++)
            for (size_t v = 0; v < 4; v++)
                for (size_t k = 0; k < FR_COUNT_OF(lengths); k++)
                    for (size_t w = 0; w < 4 * FR_COUNT_OF(worst); w++)
                        CHECK(is_right(kernels, r, v, lengths[k], (fr_rank_values_of){ worst[w / 4], w & 1 }, w & 2));
    }
}
