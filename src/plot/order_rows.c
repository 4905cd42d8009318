/* order_rows.c — sorting for marks: doubles through the kernel's radix sort, anything else by merging. */
#include "plot/order_rows.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "kernel/radix_sort.h"

/* The bits of a double as an unsigned number in the same order: -inf … -0, 0 … inf, NaN. */
static uint64_t key_of(double x)
{
    uint64_t bits;
    if (isnan(x)) return UINT64_MAX;
    x += 0.0;                                  /* -0 becomes 0 */
    memcpy(&bits, &x, sizeof bits);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static double value_of(uint64_t key)
{
    double x;
    uint64_t bits = key >> 63 ? key & ~(UINT64_C(1) << 63) : ~key;
    if (key == UINT64_MAX) return (double)NAN;
    memcpy(&x, &bits, sizeof x);
    return x;
}

bool fr_order_doubles(fr_call *call, const double *keys, uint32_t *rows, size_t n)
{
    uint64_t *bits = fr_new_array(call, n, sizeof *bits), top = 0;
    if (!bits) return false;
    for (size_t i = 0; i < n; i++) {
        bits[i] = key_of(keys[rows[i]]);
        if (bits[i] > top) top = bits[i];
    }
    bool fine = n < 2 || fr_sort_rows(call, bits, &(fr_row_array){ .at = rows, .n = n }, top);
    fr_free_array(call->context, bits, n, sizeof *bits);
    return fine;
}

bool fr_sort_doubles(fr_call *call, double *values, size_t n)
{
    uint64_t *bits = fr_new_array(call, 2 * n, sizeof *bits);
    if (!bits) return false;
    for (size_t i = 0; i < n; i++) bits[i] = key_of(values[i]);
    fr_sort_keys(bits, bits + n, n);
    for (size_t i = 0; i < n; i++) values[i] = value_of(bits[i]);
    fr_free_array(call->context, bits, 2 * n, sizeof *bits);
    return true;
}

uint32_t *fr_rows_new(fr_call *call, size_t n)
{
    uint32_t *rows = fr_new_array(call, n, sizeof *rows);
    for (size_t i = 0; rows && i < n; i++) rows[i] = (uint32_t)i;
    return rows;
}

typedef struct merging { fr_before *before; const void *context; } merging;

/* from[begin … middle) and from[middle … end) are in order; to[begin … end) gets both. */
static void merge(const merging *m, const uint32_t *from, uint32_t *to, const size_t at[3])
{
    size_t a = at[0], b = at[1];
    for (size_t i = at[0]; i < at[2]; i++) {
        bool second = a == at[1] || (b < at[2] && m->before(m->context, from[b], from[a]));
        to[i] = second ? from[b++] : from[a++];
    }
}

bool fr_arrange_rows(fr_call *call, uint32_t *rows, size_t n, fr_before *before, const void *context)
{
    const merging m = { before, context };
    uint32_t *other = fr_new_array(call, n, sizeof *other), *from = rows, *to = other;
    if (!other) return false;
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t begin = 0; begin < n; begin += 2 * width) {
            size_t middle = begin + width < n ? begin + width : n, end = begin + 2 * width < n ? begin + 2 * width : n;
            merge(&m, from, to, (const size_t[]){ begin, middle, end });
        }
        uint32_t *done = to;
        to = from;
        from = done;
    }
    if (from != rows) memcpy(rows, from, n * sizeof *rows);
    fr_free_array(call->context, other, n, sizeof *other);
    return true;
}
