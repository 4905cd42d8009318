/* stat_line.c — the least-squares line through points.
 *
 * The means first, then sums of products of differences from them, all compensated. The line is y - mean_y = slope (x -
 * mean_x), so that no large numbers are subtracted:
 *
 *     x 1 2 3   y 2 4 6     mean 2, 4; sxx 2, sxy 4; slope 2, intercept 0, r2 1
 */
#include "plot/stat.h"

#include "kernel/accumulate.h"

static bool is_point(double x, double y) { return isfinite(x) && isfinite(y); }

typedef struct sums { fr_pair x, y, xx, xy, yy; } sums;

static void add_means(const double *x, const double *y, size_t n, sums *s, fr_line *out)
{
    for (size_t i = 0; i < n; i++) {
        if (!is_point(x[i], y[i])) continue;
        out->n++;
        fr_pair_add(&s->x, x[i]);
        fr_pair_add(&s->y, y[i]);
    }
    out->n_left_out = (int64_t)n - out->n;
}

static void add_products(const double *x, const double *y, size_t n, double mean_y, sums *s, const fr_line *out)
{
    for (size_t i = 0; i < n; i++) {
        if (!is_point(x[i], y[i])) continue;
        const double dx = x[i] - out->mean_x, dy = y[i] - mean_y;
        fr_pair_add(&s->xx, dx * dx);
        fr_pair_add(&s->xy, dx * dy);
        fr_pair_add(&s->yy, dy * dy);
    }
}

fr_line fr_line_fit(const double *x, const double *y, size_t n)
{
    const double none = (double)NAN;
    fr_line out = { .slope = none, .intercept = none, .r2 = none, .mean_x = none, .sxx = none, .sd = none };
    sums s = { 0 };
    add_means(x, y, n, &s, &out);
    if (out.n < 2) return out;
    const double mean_y = fr_pair_value(&s.y) / (double)out.n;
    out.mean_x = fr_pair_value(&s.x) / (double)out.n;
    add_products(x, y, n, mean_y, &s, &out);
    const double sxx = fr_pair_value(&s.xx), sxy = fr_pair_value(&s.xy), syy = fr_pair_value(&s.yy);
    out.sxx = sxx;
    if (!(sxx > 0)) return out;
    out.slope     = sxy / sxx;
    out.intercept = mean_y - out.slope * out.mean_x;
    out.r2        = syy > 0 ? fmin(sxy * sxy / (sxx * syy), 1) : 1;
    if (out.n > 2) out.sd = sqrt(fmax(syy - out.slope * sxy, 0) / (double)(out.n - 2));
    return out;
}
