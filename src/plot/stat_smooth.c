/* stat_smooth.c — Cleveland's locally weighted lines (lowess).
 *
 * At a place x0 the nearest k points are weighed by (1 - (d / h)³)³, h being the distance to the furthest of them, and
 * a line is fitted. The window slides with x0, because x is sorted. Robust steps fit at every point, look at the
 * residuals, and weigh points beyond six times their median with 0, others with (1 - (r / 6m)²)².
 */
#include "plot/stat.h"

#include <string.h>

#include "kernel/radix_sort.h"

typedef struct window { size_t first, last; } window;          /* last is inclusive */

static void slide(const fr_smooth *p, double at, window *w)
{
    while (w->last + 1 < p->n && p->x[w->last + 1] - at < at - p->x[w->first]) {
        w->first++;
        w->last++;
    }
}

static double tricube(double d)
{
    const double left = 1 - d * d * d;
    return d >= 1 ? 0 : left * left * left;
}

/* The weighted line at one place; `robust` may be NULL. */
static double local_line(const fr_smooth *p, const double *robust, const window *w, double at)
{
    const double h = fmax(at - p->x[w->first], p->x[w->last] - at);
    double sum = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (size_t i = w->first; i <= w->last; i++) {
        const double d = h > 0 ? fabs(p->x[i] - at) / h : 0;
        const double weight = tricube(d) * (robust ? robust[i] : 1), x = p->x[i] - at;
        sum += weight;
        sx  += weight * x;
        sy  += weight * p->y[i];
        sxx += weight * x * x;
        sxy += weight * x * p->y[i];
    }
    if (!(sum > 0)) return (double)NAN;
    const double mean_x = sx / sum, mean_y = sy / sum, spread = sxx / sum - mean_x * mean_x;
    if (!(spread > 1e-12 * h * h)) return mean_y;
    return mean_y - mean_x * (sxy / sum - mean_x * mean_y) / spread;
}

/* Values at ascending places. Where all weights are 0 the value of the nearest point stands in. */
static void fit_all(const fr_smooth *p, const double *robust, const double *places, size_t n, double *out)
{
    const double want = floor(p->share * (double)p->n + 1e-10);
    const size_t k = want < 2 ? 2 : want > (double)p->n ? p->n : (size_t)want;
    window w = { 0, (k < p->n ? k : p->n) - 1 };
    for (size_t i = 0; i < n; i++) {
        slide(p, places[i], &w);
        out[i] = local_line(p, robust, &w, places[i]);
        if (isnan(out[i])) out[i] = p->y[w.first];
    }
}

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double double_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Weights from residuals; keys and scratch have room for n. Magnitudes sort as their bits. */
static void reweigh(const fr_smooth *p, const double *fitted, uint64_t *keys, uint64_t *scratch, double *robust)
{
    for (size_t i = 0; i < p->n; i++) keys[i] = bits_of(fabs(p->y[i] - fitted[i]));
    fr_sort_keys(keys, scratch, p->n);
    const double median = (double_of(keys[(p->n - 1) / 2]) + double_of(keys[p->n / 2])) / 2;
    for (size_t i = 0; i < p->n; i++) {
        const double r = fabs(p->y[i] - fitted[i]), z = median > 0 ? r / (6 * median) : r > 0;
        robust[i] = z >= 1 ? 0 : (1 - z * z) * (1 - z * z);
    }
}

bool fr_smooth_fit(fr_call *call, const fr_smooth *points, const double *grid, size_t n_grid, double *out)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    if (points->n == 0) {
        for (size_t i = 0; i < n_grid; i++) out[i] = (double)NAN;
        return true;
    }
    double *fitted = fr_arena_array(call, &arena, points->n, sizeof *fitted), *weights = NULL;
    double *robust = fr_arena_array(call, &arena, points->n, sizeof *robust);
    uint64_t *keys = fr_arena_array(call, &arena, 2 * points->n, sizeof *keys);
    if (!fitted || !robust || !keys) return false;
    for (int step = 0; step < points->robust; step++) {
        if (!fr_go_on(call)) return false;
        fit_all(points, weights, points->x, points->n, fitted);
        reweigh(points, fitted, keys, keys + points->n, robust);
        weights = robust;
    }
    fit_all(points, weights, grid, n_grid, out);
    return true;
}
