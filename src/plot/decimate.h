/* decimate.h — a line of a million points has no more to show than the pixels it crosses.
 *
 * Points that fall into the same column of pixels are drawn by at most four of them: the first, the lowest, the
 * highest and the last, in the order they come. The line drawn through these covers the same pixels as the one through
 * all.
 *
 *     column of pixels  |      7      |          kept:  3 9 1 5   (first, highest, lowest, last)
 *     y                 | 3 4 9 1 2 5 |
 *
 * Source   U. Jugel et al., M4: a visualization-oriented time series data aggregation, VLDB 2014 (no error at pixel level).
 */
#ifndef FR_PLOT_DECIMATE_H
#define FR_PLOT_DECIMATE_H

#include "plot/scene.h"

/* Decimates points in place and returns how many are left. `columns_per_pixel` is how many columns a logical pixel is
 * divided into: 2 for hairlines at 192 dpi, 1 for lines 2 pixels wide, which looks the same and draws in half the
 * time. A run of points whose x does not fall is decimated; where x turns back, and at points that are not finite (of
 * which one a gap stays), a new run begins. Order is kept, nothing is moved, so a line of few points a pixel stays as
 * it was. Cost O(n), no memory. */
size_t fr_decimate_line(fr_point *points, size_t n, double columns_per_pixel);

/* Points of one radius: of several whose centres fall into the same cell of `cell` pixels only the first stays; those
 * outside the box go. Where it matters how many lie there (transparency), use bins instead. Cost O(n), a bit per cell
 * of the box. */
bool fr_decimate_points(fr_call *call, fr_point *points, size_t *n, fr_box box, double cell) FR_MUST_USE;

#endif
