/* value_bins.isa.c — the loops of value_bins.h, once per instruction set. */
#include "kernel/value_bins.h"

#include "kernel/key_codes.h"
#include "kernel/pack64.h"

/* In two loops: each has lanes of one width. */
static void bins(uint32_t *restrict out, const double *restrict x, size_t n, const fr_bin_rule *rule)
{
    const uint64_t low = rule->low, high = rule->high;
    const unsigned shift = rule->shift;
    for (size_t i = 0; i < n; i++) {
        uint64_t key = fr_ordered_f64(x[i]);
        key = key < low ? low : key;
        key = key > high ? high : key;
        out[i] = x[i] != x[i] ? FR_FINE_BINS : (uint32_t)((key - low) >> shift);
    }
    for (size_t i = 0; i < n; i++) out[i] = rule->map[out[i]];
}

static void of_groups(uint32_t *restrict out, const uint32_t *restrict groups, size_t n, uint32_t n_groups,
                      uint32_t n_bins)
{
    for (size_t i = 0; i < n; i++) out[i] += (groups[i] < n_groups ? groups[i] : n_groups) * n_bins;
}

static void among(uint64_t *restrict words, const uint32_t *restrict in, size_t n, const uint32_t *restrict set)
{
    for (size_t i = 0; i < n; i += 64) {
        const size_t m = n - i < 64 ? n - i : 64;
        uint32_t of[64];
        uint8_t bytes[64] = { 0 };
        for (size_t j = 0; j < m; j++) of[j] = set[in[i + j] >> 5] >> (in[i + j] & 31) & 1;
        for (size_t j = 0; j < m; j++) bytes[j] = (uint8_t)of[j];
        words[i / 64] = fr_pack64(bytes, 0);
    }
}

const fr_bins_kernels FR_ISA_NAME(fr_bins_kernels) = { .bins = bins, .of_groups = of_groups, .among = among };
