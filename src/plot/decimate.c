/* decimate.c — first, lowest, highest and last point of each column of pixels (M4). */
#include "plot/decimate.h"

#include <math.h>

/* One column's points so far, by their number in the input; order is kept when they are written. */
typedef struct column { size_t first, low, high, last; } column;

static size_t put_column(fr_point *points, const column *c, size_t used)
{
    size_t a = c->low < c->high ? c->low : c->high, b = c->low < c->high ? c->high : c->low;
    const size_t order[] = { c->first, a, b, c->last };
    fr_point kept[4] = { 0 };
    size_t n = 0;
    for (int i = 0; i < 4; i++)                             /* read all before writing: they may lie on one another */
        if (i == 0 || order[i] != order[i - 1]) kept[n++] = points[order[i]];
    for (size_t i = 0; i < n; i++) points[used++] = kept[i];
    return used;
}

static bool finite_point(fr_point p) { return isfinite(p.x) && isfinite(p.y); }

/* Points from `from` on whose x does not fall and that are finite: the end of the run. */
static size_t run_end(const fr_point *points, size_t from, size_t n)
{
    size_t end = from + 1;
    while (end < n && finite_point(points[end]) && points[end].x >= points[end - 1].x) end++;
    return end;
}

static size_t put_run(fr_point *points, size_t from, size_t end, double scale, size_t used)
{
    for (size_t i = from; i < end;) {
        double right = floor(points[i].x * scale) + 1;
        column c = { i, i, i, i };
        for (; i < end && (points[i].x * scale < right || i == c.first); i++) {
            if (points[i].y < points[c.low].y) c.low = i;
            if (points[i].y > points[c.high].y) c.high = i;
            c.last = i;
        }
        used = put_column(points, &c, used);
    }
    return used;
}

size_t fr_decimate_line(fr_point *points, size_t n, double columns_per_pixel)
{
    size_t used = 0;
    for (size_t i = 0; i < n;) {
        if (!finite_point(points[i])) {
            if (used && !isnan(points[used - 1].x)) points[used++] = (fr_point){ NAN, NAN };
            i++;
            continue;
        }
        size_t end = run_end(points, i, n);
        used = put_run(points, i, end, columns_per_pixel, used);
        i = end;
    }
    return used && isnan(points[used - 1].x) ? used - 1 : used;
}

bool fr_decimate_points(fr_call *call, fr_point *points, size_t *n, fr_box box, double cell)
{
    if (!(cell > 0) || !(box.width >= 0) || !(box.height >= 0) || box.width / cell > 1e5 || box.height / cell > 1e5)
        return fr_fail(call, FR_ERR_INTERNAL, "a box of %g × %g in cells of %g", box.width, box.height, cell);
    size_t columns = (size_t)(box.width / cell) + 1, rows = (size_t)(box.height / cell) + 1;
    size_t words = (columns * rows + 63) / 64, used = 0;
    uint64_t *taken = fr_new_array(call, words, sizeof *taken);
    if (!taken) return false;
    for (size_t i = 0; i < *n; i++) {
        double x = (points[i].x - box.x) / cell, y = (points[i].y - box.y) / cell;
        if (!(x >= 0 && y >= 0 && x < (double)columns && y < (double)rows)) continue;      /* outside, or not finite */
        size_t at = (size_t)y * columns + (size_t)x;
        if (taken[at / 64] >> (at % 64) & 1) continue;
        taken[at / 64] |= UINT64_C(1) << (at % 64);
        points[used++] = points[i];
    }
    *n = used;
    fr_free_array(call->context, taken, words, sizeof *taken);
    return true;
}
