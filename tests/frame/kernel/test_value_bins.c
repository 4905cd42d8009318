/* value_bins: every instruction-set level of this machine against one value at a time. */
#include "kernel/value_bins.h"

#include "kernel/key_codes.h"
#include "support/columns.h"
#include "support/test.h"

#include <math.h>
#include <stdlib.h>

enum { MOST = 520, GROUPS = 9, BINS = 6 };
static const size_t lengths[] = { 0, 1, 3, 7, 63, 64, 65, 511, MOST };

static uint32_t bin_of(const fr_bin_rule *rule, double x)
{
    uint64_t key = fr_ordered_f64(x);
    if (isnan(x)) return rule->map[FR_FINE_BINS];
    if (key < rule->low) key = rule->low;
    if (key > rule->high) key = rule->high;
    return rule->map[(key - rule->low) >> rule->shift];
}

static double value_at(size_t i, uint64_t *state)
{
    static const double odd[] = { NAN, -NAN, INFINITY, -INFINITY, 0.0, -0.0, 5e-324, -1.7976931348623157e308 };
    if (i % 3 == 0) return odd[fr_test_random(state) % FR_COUNT_OF(odd)];
    return ((double)(fr_test_random(state) % 10000) - 5000) / 16;
}

static void check_level(const fr_bins_kernels *k, const fr_bin_rule *rule, size_t n, uint64_t *state)
{
    double x[MOST];
    uint32_t groups[MOST], both[MOST];
    uint8_t bins[MOST];
    uint16_t wanted[GROUPS + 1];
    uint64_t words[(MOST + 63) / 64] = { 0 };
    for (size_t i = 0; i <= GROUPS; i++) {
        const uint32_t first = (uint32_t)(fr_test_random(state) % BINS);
        wanted[i] = fr_bins_wanted(first, (uint32_t)(fr_test_random(state) % (BINS + 1 - first)));
    }
    for (size_t i = 0; i < n; i++) {
        x[i] = value_at(i, state);
        groups[i] = i % 11 == 5 ? UINT32_MAX : (uint32_t)(fr_test_random(state) % GROUPS);
    }
    k->bins(bins, x, n, rule);
    k->of_groups(both, bins, groups, n, GROUPS, BINS);
    k->among(words, bins, groups, n, GROUPS, wanted);
    for (size_t i = 0; i < n; i++) {
        const uint32_t group = groups[i] < GROUPS ? groups[i] : GROUPS;
        CHECK_INT(bins[i], bin_of(rule, x[i]));
        CHECK_INT(both[i], bins[i] + group * BINS);
        const uint32_t first = fr_bins_first(wanted[group]), end = first + fr_bins_number(wanted[group]);
        CHECK_INT(words[i / 64] >> (i & 63) & 1, bins[i] >= first && bins[i] < end);
    }
    for (size_t i = n; i < (n + 63) / 64 * 64; i++) CHECK_INT(words[i / 64] >> (i & 63) & 1, 0);
}

static void check_wholes(const fr_bins_kernels *k, const fr_bin_rule *rule, size_t n, uint64_t *state)
{
    static const int32_t odd[] = { INT32_MIN, INT32_MAX, 0, -1, -300, 300 };
    int32_t x[MOST] = { 0 };
    uint8_t bins[MOST];
    for (size_t i = 0; i < n; i++)
        x[i] = i % 3 ? (int32_t)(fr_test_random(state) % 10000) - 5000 : odd[fr_test_random(state) % FR_COUNT_OF(odd)];
    k->whole_bins(bins, x, n, rule);
    for (size_t i = 0; i < n; i++) {
        uint64_t key = (uint64_t)((int64_t)x[i] - INT32_MIN);
        key = key < rule->low ? rule->low : key > rule->high ? rule->high : key;
        CHECK_INT(bins[i], rule->map[(key - rule->low) >> rule->shift]);
    }
}

TEST(bins_of_whole_numbers_are_those_of_each_at_every_level)
{
    static const int32_t ends[][2] = { { -300, 300 }, { 7, 7 }, { INT32_MIN, INT32_MAX }, { -5000, 100000000 } };
    fr_bin_rule *rule = calloc(1, sizeof *rule);
    uint64_t state = 4;
    REQUIRE(rule != NULL);
    for (size_t range = 0; range < FR_COUNT_OF(ends); range++) {
        rule->low = fr_ordered_i32(ends[range][0]), rule->high = fr_ordered_i32(ends[range][1]);
        for (rule->shift = 0; (rule->high - rule->low) >> rule->shift >= FR_FINE_BINS;) rule->shift++;
        for (uint32_t i = 0; i <= FR_FINE_BINS; i++) rule->map[i] = (uint8_t)(i * (BINS - 1) / FR_FINE_BINS);
        for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
            for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
                check_wholes(FR_ISA_AT(fr_bins_kernels, isa), rule, lengths[l], &state);
    }
    free(rule);
}

TEST(bins_are_those_of_each_value_at_every_level)
{
    fr_bin_rule *rule = calloc(1, sizeof *rule);
    uint64_t state = 3;
    REQUIRE(rule != NULL);
    for (int range = 0; range < 4; range++) {
        rule->low = fr_ordered_f64(range == 0 ? -300 : range == 1 ? 1 : range == 2 ? -INFINITY : 2);
        rule->high = fr_ordered_f64(range == 0 ? 300 : range == 1 ? 4 : range == 2 ? INFINITY : 2);
        for (rule->shift = 0; (rule->high - rule->low) >> rule->shift >= FR_FINE_BINS;) rule->shift++;
        for (uint32_t i = 0; i <= FR_FINE_BINS; i++) rule->map[i] = (uint8_t)(i * (BINS - 1) / FR_FINE_BINS);
        for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
            for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
                check_level(FR_ISA_AT(fr_bins_kernels, isa), rule, lengths[l], &state);
    }
    free(rule);
}

TEST(few_bytes_are_counted_as_one_by_one)
{
    enum { MOST_BYTES = 40000, VALUES = 256 };
    static const size_t byte_lengths[] = { 0, 1, 3, 15, 16, 17, 63, 64, 65, 511, 8160, 8161, 16400, MOST_BYTES };
    static const size_t n_values[] = { 1, 3, 4, 5, 24 };
    static const uint8_t lows[] = { 0, 1, 250, 128 };
    static uint8_t x[MOST_BYTES];
    uint64_t state = 5;
    for (size_t i = 0; i < MOST_BYTES; i++) x[i] = (uint8_t)(250 + fr_test_random(&state) % 20);
    for (size_t i = 0; i < 9000; i++) x[i] = 252;                         /* a lane counts no further than 255 */
    for (fr_isa isa = FR_ISA_PORTABLE; isa <= fr_isa_best(); isa++)
        for (size_t l = 0; l < FR_COUNT_OF(byte_lengths); l++)
            for (size_t v = 0; v < FR_COUNT_OF(n_values); v++)
                for (size_t k = 0; k < FR_COUNT_OF(lows); k++) {
                    uint64_t counts[VALUES] = { 0 }, expected[VALUES] = { 0 };
                    for (size_t i = 0; i < byte_lengths[l]; i++) expected[(uint8_t)(x[i] - lows[k])]++;
                    FR_ISA_AT(fr_bins_kernels, isa)->count_bytes(counts, x, byte_lengths[l], lows[k], n_values[v]);
                    for (size_t i = 0; i < VALUES; i++) CHECK_INT(counts[i], i < n_values[v] ? expected[i] : 0);
                }
}
