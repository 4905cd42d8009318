/* stat_density.c — a Gaussian kernel density on a grid.
 *
 * Each value is shared between the two places of the grid beside it, in proportion to how near they are; the weights
 * are then spread by the kernel, cut at six bandwidths. A grid of 200 places has an error far below a pixel.
 */
#include "plot/stat.h"

#include <string.h>

#include "kernel/accumulate.h"

static double spread_of(const double *sorted, size_t n)
{
    fr_pair sum = { 0 }, square = { 0 };
    for (size_t i = 0; i < n; i++) fr_pair_add(&sum, sorted[i]);
    const double mean = fr_pair_value(&sum) / (double)n;
    for (size_t i = 0; i < n; i++) fr_pair_add(&square, (sorted[i] - mean) * (sorted[i] - mean));
    return n > 1 ? sqrt(fr_pair_value(&square) / (double)(n - 1)) : 0;
}

static double bandwidth_of(const double *sorted, size_t n)
{
    const double sd = spread_of(sorted, n);
    const double iqr = (fr_sorted_quantile(sorted, n, 0.75) - fr_sorted_quantile(sorted, n, 0.25)) / 1.34;
    const double spread = iqr > 0 ? fmin(sd, iqr) : sd;
    return 0.9 * spread * pow((double)n, -0.2);
}

/* Add `weight` times the kernel about place `from` to the grid. */
static void spread(double *density, size_t n_grid, size_t from, double weight, double places_per_band)
{
    const double reach = ceil(6 * places_per_band);
    const size_t first = (double)from > reach ? from - (size_t)reach : 0;
    const size_t last = (double)(n_grid - 1 - from) > reach ? from + (size_t)reach : n_grid - 1;
    for (size_t i = first; i <= last; i++) {
        const double z = ((double)i - (double)from) / places_per_band;
        density[i] += weight * exp(-z * z / 2);
    }
}

/* The share of the values at place `at` of the grid; *next moves over those that reach it from below. */
typedef struct binner { const double *sorted; size_t n, next; double low, step; double carried; } binner;

static double weight_at(binner *b, size_t at)
{
    double weight = b->carried;
    b->carried = 0;
    for (; b->next < b->n; b->next++) {
        const double place = (b->sorted[b->next] - b->low) / b->step;
        if (place >= (double)at + 1) break;
        if (place < (double)at) continue;                       /* below the grid */
        weight     += 1 - (place - (double)at);
        b->carried += place - (double)at;
    }
    return weight;
}

double fr_density(const double *sorted, size_t n, fr_interval range, double *density, size_t n_grid)
{
    const double step = (range.high - range.low) / (double)(n_grid - 1), band = n > 0 ? bandwidth_of(sorted, n) : 0;
    memset(density, 0, n_grid * sizeof *density);
    if (!(band > 0) || !(step > 0)) return 0;
    binner b = { .sorted = sorted, .n = n, .low = range.low, .step = step };
    for (size_t i = 0; i < n_grid; i++) {
        const double weight = weight_at(&b, i) / ((double)n * band * sqrt(2 * M_PI));
        if (weight > 0) spread(density, n_grid, i, weight, band / step);
    }
    return band;
}
