/* stat_order.c — sorted values, quantiles, values by group. */
#include "plot/stat.h"

#include <string.h>

#include "base/threads.h"
#include "kernel/radix_sort.h"

static inline bool is_valid(const fr_numbers *numbers, size_t i)
{
    return !numbers->valid || (numbers->valid[i >> 6] >> (i & 63) & 1);
}

/* Doubles as integers of the same order: negative numbers turned over, positive ones above them. */
static uint64_t key_of(double x)
{
    uint64_t bits;
    x += 0.0;                                   /* -0 and 0 are one value */
    memcpy(&bits, &x, sizeof bits);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static double value_of(uint64_t key)
{
    const uint64_t bits = key >> 63 ? key ^ UINT64_C(1) << 63 : ~key;
    double out;
    memcpy(&out, &bits, sizeof out);
    return out;
}

static size_t keys_of(const fr_numbers *numbers, uint64_t *keys, fr_left_out *left)
{
    size_t n = 0;
    for (size_t i = 0; i < numbers->n; i++) {
        const double x = numbers->values[i];
        if (!is_valid(numbers, i)) left->n_null++;
        else if (isnan(x)) left->n_nan++;
        else if (isinf(x)) left->n_infinite++;
        else keys[n++] = key_of(x);
    }
    return n;
}

double *fr_sorted_values(fr_call *call, fr_arena *arena, const fr_numbers *numbers, size_t *n_kept, fr_left_out *left)
{
    *left = (fr_left_out){ 0 };
    uint64_t *keys = fr_arena_array(call, arena, numbers->n, sizeof *keys);
    uint64_t *scratch = fr_new_array(call, numbers->n, sizeof *scratch);
    if (keys && scratch) {
        *n_kept = keys_of(numbers, keys, left);
        fr_sort_keys(keys, scratch, *n_kept);
        for (size_t i = 0; i < *n_kept; i++) {
            const double x = value_of(keys[i]);
            memcpy(&keys[i], &x, sizeof x);
        }
    }
    const bool fine = keys && scratch;
    fr_free_array(call->context, scratch, numbers->n, sizeof *scratch);
    return fine ? (double *)(void *)keys : NULL;
}

double fr_sorted_quantile(const double *sorted, size_t n, double q)
{
    const double at = (double)(n - 1) * q, below = floor(at), share = at - below;
    const double a = sorted[(size_t)below], b = share > 0 ? sorted[(size_t)below + 1] : a;
    if (share == 0 || a == b) return a;
    const double x = a + (b - a) * share;
    return x < a ? a : x > b ? b : x;
}

/* ---- groups ------------------------------------------------------------------------------------------------------ */
static size_t group_of(const fr_numbers *numbers, const uint32_t *codes, size_t n_groups, size_t i)
{
    if (!is_valid(numbers, i)) return n_groups;
    const size_t group = codes ? codes[i] : 0;
    return group < n_groups ? group : n_groups;
}

bool fr_group_values(fr_call *call, fr_arena *arena, const fr_numbers *numbers, const uint32_t *codes, size_t n_groups,
                     fr_grouped *out)
{
    *out = (fr_grouped){ .n_groups = n_groups };
    out->starts = fr_arena_array(call, arena, n_groups + 2, sizeof *out->starts);
    out->values = fr_arena_array(call, arena, numbers->n, sizeof *out->values);
    if (!out->starts || !out->values) return false;
    size_t *next = out->starts + 1;                     /* counts of group g stand at g + 2, then places at g + 1 */
    for (size_t i = 0; i < numbers->n; i++) {
        const size_t group = group_of(numbers, codes, n_groups, i);
        if (group < n_groups) next[group + 1]++;
    }
    for (size_t g = 1; g < n_groups + 1; g++) next[g] += next[g - 1];
    for (size_t i = 0; i < numbers->n; i++) {
        const size_t group = group_of(numbers, codes, n_groups, i);
        if (group < n_groups) out->values[next[group]++] = numbers->values[i];
    }
    return true;
}
