/* value_bins.isa.c — the loops of value_bins.h, once per instruction set. */
#include "kernel/value_bins.h"

#include "kernel/key_codes.h"
#include "kernel/pack64.h"

#include <string.h>

enum { STEP = 64 };

/* In two loops: each has lanes of one width. */
FR_TEMPLATE_FN void some_bins(uint8_t *restrict out, const double *restrict x, size_t n, const fr_bin_rule *rule)
{
    const uint64_t low = rule->low, high = rule->high;
    const unsigned shift = rule->shift;
    uint32_t fine[STEP];
    for (size_t i = 0; i < n; i++) {
        uint64_t key = fr_ordered_f64(x[i]);
        key = key < low ? low : key;
        key = key > high ? high : key;
        fine[i] = x[i] != x[i] ? FR_FINE_BINS : (uint32_t)((key - low) >> shift);
    }
    for (size_t i = 0; i < n; i++) out[i] = rule->map[fine[i]];
}

static void bins(uint8_t *restrict out, const double *restrict x, size_t n, const fr_bin_rule *rule)
{
    size_t i = 0;
    for (; i + STEP <= n; i += STEP) some_bins(out + i, x + i, STEP, rule);
    some_bins(out + i, x + i, n - i, rule);
}

FR_TEMPLATE_FN void some_whole_bins(uint8_t *restrict out, const int32_t *restrict x, size_t n, const fr_bin_rule *rule)
{
    const uint32_t low = (uint32_t)rule->low, high = (uint32_t)rule->high;
    const unsigned shift = rule->shift;
    uint32_t fine[STEP];
    for (size_t i = 0; i < n; i++) {
        uint32_t key = fr_ordered_i32(x[i]);
        key = key < low ? low : key;
        key = key > high ? high : key;
        fine[i] = (key - low) >> shift;
    }
    for (size_t i = 0; i < n; i++) out[i] = rule->map[fine[i]];
}

static void whole_bins(uint8_t *restrict out, const int32_t *restrict x, size_t n, const fr_bin_rule *rule)
{
    size_t i = 0;
    for (; i + STEP <= n; i += STEP) some_whole_bins(out + i, x + i, STEP, rule);
    some_whole_bins(out + i, x + i, n - i, rule);
}

static void of_groups(uint32_t *restrict out, const uint8_t *restrict bins, const uint32_t *restrict groups, size_t n,
                      uint32_t n_groups, uint32_t n_bins)
{
    for (size_t i = 0; i < n; i++) out[i] = bins[i] + (groups[i] < n_groups ? groups[i] : n_groups) * n_bins;
}

FR_TEMPLATE_FN uint64_t some_among(const uint8_t *restrict bins, const uint32_t *restrict groups, size_t n, uint32_t n_groups,
                                   const uint16_t *restrict wanted)
{
    uint16_t of[STEP];
    uint8_t in[STEP] = { 0 };
    for (size_t i = 0; i < n; i++) of[i] = wanted[groups[i] < n_groups ? groups[i] : n_groups];
    for (size_t i = 0; i < n; i++) in[i] = (uint8_t)(bins[i] - of[i]) < of[i] >> 8;
    return fr_pack64(in, 0);
}

static void among(uint64_t *restrict words, const uint8_t *restrict bins, const uint32_t *restrict groups, size_t n,
                  uint32_t n_groups, const uint16_t *restrict wanted)
{
    size_t i = 0;
    for (; i + STEP <= n; i += STEP) words[i / STEP] = some_among(bins + i, groups + i, STEP, n_groups, wanted);
    if (i < n) words[i / STEP] = some_among(bins + i, groups + i, n - i, n_groups, wanted);
}

/* ---- bytes ------------------------------------------------------------------------------------------------------- */
enum { BYTES = FR_ISA_LEVEL >= 4 ? 64 : FR_ISA_LEVEL == 3 ? 32 : 16, MOST_COUNTED = 255, TOGETHER = 4 };
typedef uint8_t bytes __attribute__((vector_size(BYTES)));

/* A lane that is equal is all ones, -1; it counts up to 255 vectors. */
FR_TEMPLATE_FN void count_four(uint64_t counts[TOGETHER], const uint8_t *x, size_t n_vectors, uint8_t low)
{
    bytes seen[TOGETHER] = { { 0 } }, wanted[TOGETHER] = { { 0 } };
    for (int k = 0; k < TOGETHER; k++) wanted[k] += (uint8_t)(low + k);
    for (size_t i = 0; i < n_vectors; i++) {
        bytes here;
        memcpy(&here, x + i * BYTES, BYTES);
        for (int k = 0; k < TOGETHER; k++) seen[k] -= (bytes)(here == wanted[k]);
    }
    for (int k = 0; k < TOGETHER; k++) {
        uint8_t lanes[BYTES];
        memcpy(lanes, &seen[k], BYTES);
        for (int i = 0; i < BYTES; i++) counts[k] += lanes[i];
    }
}

/* Four values a reading; those of 255 vectors stay in the first-level cache. Counting the bits of comparisons takes four
 * times as long (10^7 bytes of 5 values and of 15, AVX2: 11 -> 2.5 ms). */
static void count_bytes(uint64_t *counts, const uint8_t *x, size_t n, uint8_t low, size_t n_values)
{
    size_t i = 0;
    for (size_t n_vectors; (n_vectors = (n - i) / BYTES) > 0; i += n_vectors * BYTES) {
        if (n_vectors > MOST_COUNTED) n_vectors = MOST_COUNTED;
        for (size_t v = 0; v < n_values; v += TOGETHER) {
            uint64_t some[TOGETHER] = { 0 };
            count_four(some, x + i, n_vectors, (uint8_t)(low + v));
            for (size_t k = 0; k < TOGETHER && v + k < n_values; k++) counts[v + k] += some[k];
        }
    }
    for (; i < n; i++) {
        const uint8_t value = (uint8_t)(x[i] - low);
        if (value < n_values) counts[value]++;
    }
}

const fr_bins_kernels FR_ISA_NAME(fr_bins_kernels) = {
    .bins = bins, .whole_bins = whole_bins, .of_groups = of_groups, .among = among, .count_bytes = count_bytes,
};
