/* test_left.c — totals of what was left of records, of every instruction set against plain loops, at awkward lengths. */
#include "kernel/left.h"
#include "support/columns.h"
#include "support/test.h"

#include <float.h>
#include <math.h>

enum { MOST = 511 };

typedef struct left { double sum; uint64_t word; } left;

static const fr_tally_part counts = { .mask = (1 << 20) - 1, .shift = 7 };
static const fr_tally_part below_zero = { .lowest = (uint64_t)-77, .mask = UINT64_MAX >> 9, .low = -5, .shift = 9 };

static void make(left *all, size_t n, uint64_t seed, double odd)
{
    for (size_t i = 0; i < n; i++) {
        const uint64_t r = fr_test_random(&seed);
        all[i] = (left){ (double)(int64_t)r / 1e3, (r % 999 + 1) << 7 | (r & 127) };
    }
    if (n) all[fr_test_random(&seed) % n].sum = odd;
}

static void check_parts(const fr_left_kernels *k, const left *all, size_t n, size_t step, const fr_tally_part *part)
{
    uint64_t words[2 * MOST + 1] = { 0 }, out[MOST + 1];
    for (size_t i = 0; i < n; i++) words[i * step] = all[i].word;
    out[n] = 42;
    k->parts(out, words, step, n, part);
    for (size_t i = 0; i < n; i++)
        REQUIRE(out[i] == (((words[i * step] - part->lowest) >> part->shift & part->mask) + (uint64_t)part->low));
    CHECK(out[n] == 42);
}

static void check_means(const fr_left_kernels *k, const left *all, size_t n)
{
    double out[MOST + 1], odd = 0;
    out[n] = 42;
    const bool finite = k->means(out, all, n, &counts);
    for (size_t i = 0; i < n; i++) {
        const double mean = all[i].sum / (double)(all[i].word >> 7 & counts.mask);
        if (!isfinite(mean)) odd = 1;
        REQUIRE(isnan(mean) ? isnan(out[i]) : out[i] == mean);
    }
    CHECK(finite == (odd == 0));
    CHECK(out[n] == 42);
}

TEST(what_is_left_of_records_comes_to_the_same_totals)
{
    static const size_t lengths[] = { 0, 1, 3, 7, 8, 9, 63, 64, 65, MOST };
    static const double odds[] = { 1.5, INFINITY, -INFINITY, NAN, DBL_MAX };
    left all[MOST + 1];
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t i = 0; i < FR_COUNT_OF(lengths); i++)
            for (size_t k = 0; k < FR_COUNT_OF(odds); k++) {
                const fr_left_kernels *kernels = FR_ISA_AT(fr_left_kernels, isa);
                make(all, lengths[i], i * 31 + k, odds[k]);
                for (size_t step = 1; step <= 2; step++) {
                    check_parts(kernels, all, lengths[i], step, &counts);
                    check_parts(kernels, all, lengths[i], step, &below_zero);
                }
                check_means(kernels, all, lengths[i]);
            }
}
