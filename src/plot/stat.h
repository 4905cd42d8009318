/* stat.h — what marks need to know about numbers before they can draw: bins, boxes, stacks, densities, trends.
 *
 * Functions over arrays; results live in the caller's arena. Nulls, NaN and infinities never enter a statistic, and are
 * always counted, so that a chart can say what it does not show. Nothing depends on the number of threads.
 *
 *     fr_histogram h;
 *     fr_histogram_make(call, &arena, &(fr_numbers){ values, valid, n }, &(fr_histogram_wish){ 0 }, &h)
 *     h.edges 0 10 20 30     h.counts 12 40 7     h.note "bins of 10 (Freedman–Diaconis)"
 */
#ifndef FR_PLOT_STAT_H
#define FR_PLOT_STAT_H

#include "base/memory.h"
#include "plot/scale.h"

/* A column's values. `valid` as of a column: bits, NULL for no nulls. */
typedef struct fr_numbers { const double *values; const uint64_t *valid; size_t n; } fr_numbers;

/* What was left out, everywhere the same. */
typedef struct fr_left_out { int64_t n_null, n_nan, n_infinite; } fr_left_out;

/* ---- order ------------------------------------------------------------------------------------------------------- */
/* The finite values, ascending, in the arena; *n_kept of them. NULL on failure. Cost: radix sort, 15 ns a value. */
double *fr_sorted_values(fr_call *call, fr_arena *arena, const fr_numbers *numbers, size_t *n_kept,
                         fr_left_out *left) FR_MUST_USE;

/* The quantile q of n ≥ 1 sorted values. Equals quantile() of the library: type 7 of Hyndman and Fan (1996). */
double fr_sorted_quantile(const double *sorted, size_t n, double q);

/* Values by group: those of group g are values[starts[g]] … values[starts[g + 1] - 1], in the order of the rows. Rows
 * that are null or whose code is ≥ n_groups are left out; codes NULL: one group. */
typedef struct fr_grouped { size_t *starts; double *values; size_t n_groups; } fr_grouped;
bool fr_group_values(fr_call *call, fr_arena *arena, const fr_numbers *numbers, const uint32_t *codes, size_t n_groups,
                     fr_grouped *out) FR_MUST_USE;

/* ---- histogram --------------------------------------------------------------------------------------------------- */
typedef struct fr_histogram_wish {
    int    count;                  /* about so many bins; 0: by rule                                                  */
    double width;                  /* exactly this width, edges at its multiples; 0: by rule                          */
    int    most;                   /* bins; 0: 60. More are made only for a given width, up to 10,000                 */
    bool   right_closed;           /* bins are (a, b] instead of [a, b)                                               */
} fr_histogram_wish;

typedef struct fr_histogram {
    double     *edges;             /* n + 1, ascending; multiples of the width (whole numbers: halfway between two)   */
    int64_t    *counts;            /* n, exact                                                                        */
    size_t      n;                 /* 0 when there are no finite values                                               */
    double      width;
    int64_t     n_values;          /* finite ones, = sum of counts + n_below + n_above                                */
    int64_t     n_below, n_above;  /* beyond the edges: the tails of a heavy-tailed column                            */
    fr_left_out left;
    const char *note;              /* the rule: "bins of 10 (Freedman–Diaconis); 12 values above 300 not drawn"       */
} fr_histogram;

/**
 * Count values in bins of one width.
 *
 * The width is the smaller of Freedman and Diaconis' 2 IQR n^(-1/3) and Sturges' range / (log2 n + 1), rounded to 1, 2,
 * 2.5 or 5 times a power of ten. Whole numbers get bins of whole width that begin halfway between two of them, one a
 * bin where they are few. When the rule would make more than `most` bins and three quarters of the range hold less than
 * 1 % of the values, bins cover the central 99 % and the tails are counted apart; otherwise bins become wider.
 *
 * A value on an edge belongs to the bin above (right_closed: below); the outermost bins are closed at both ends. Bins
 * are decided by comparing with the edges as they are returned, not by a rounded quotient. No bin is narrower than
 * eight steps of a double at the values' size.
 *
 * Cost     two passes in parallel, about 1.5 ns a value and thread; quartiles from a fixed sample of 8,192.
 * Errors   ARGUMENT for a width that is not finite and positive, too fine for a double, or makes more than 10,000 bins;
 *          for values whose range is no double (-1e308 … 1e308).
 * Source   D. Freedman, P. Diaconis, Z. Wahrscheinlichkeitstheorie 57 (1981) 453-476; H. Sturges, J. Am. Stat. Assoc.
 *          21 (1926) 65-66; the smaller of both is NumPy's "auto".
 */
bool fr_histogram_make(fr_call *call, fr_arena *arena, const fr_numbers *numbers, const fr_histogram_wish *wish,
                       fr_histogram *out) FR_MUST_USE;

/* ---- box --------------------------------------------------------------------------------------------------------- */
typedef struct fr_box_stat {
    double      q1, median, q3;
    double      low, high;         /* ends of the whiskers: the outermost data within 1.5 × (q3 - q1) of the box      */
    double     *outliers;          /* beyond the whiskers, ascending; thinned when there are more than was asked for  */
    size_t      n_outliers_kept;
    int64_t     n_outliers, n;     /* n: finite values; with none all numbers are NaN                                 */
    fr_left_out left;
} fr_box_stat;

/**
 * Quartiles, whiskers and outliers of values.
 *
 * Of more than `most_outliers` outliers the outermost on each side are kept and the rest thinned evenly by rank.
 * Source   J. W. Tukey, Exploratory Data Analysis (1977); quartiles are quantile()'s, not his hinges.
 */
bool fr_box_stat_make(fr_call *call, fr_arena *arena, const fr_numbers *numbers, size_t most_outliers,
                      fr_box_stat *out) FR_MUST_USE;

/* ---- stack ------------------------------------------------------------------------------------------------------- */
typedef enum fr_stack_mode {
    FR_STACK_SUM,                  /* positive values upward from zero, negative ones downward                        */
    FR_STACK_SHARE                 /* the same, divided by the sum of magnitudes: 100 % from end to end               */
} fr_stack_mode;

/* Values of n_series series at n_places places: values[s × n_places + i]. NaN stands for a missing value: no height. */
typedef struct fr_stack { const double *values; size_t n_series, n_places; fr_stack_mode mode; } fr_stack;

/**
 * Stack series: series 0 lies next to zero, the last one outermost.
 *
 * low and high have the shape of values; low ≤ high always, and a missing value has both at the end of what lies below
 * it. Sums are compensated, so that ten shares end at 1 exactly enough to draw. Infinities count as missing.
 * Returns  the extent of all ends, zero included.
 */
fr_interval fr_stack_make(const fr_stack *stack, double *low, double *high);

/* ---- two dimensions ---------------------------------------------------------------------------------------------- */
/* More points than this are drawn as densities (ecosystem of plot marks: 20k points are a blot). */
#define FR_MOST_POINTS 20000

typedef struct fr_cell { double x, y; int64_t count; } fr_cell;         /* the middle of a bin */

typedef struct fr_cells_wish {
    double      size;              /* pixels: side of a square; distance of two neighbouring hexagons' middles        */
    bool        hexagons;
    fr_interval x, y;              /* the area that is binned; a point on its far edge is inside                      */
} fr_cells_wish;

typedef struct fr_cells {
    fr_cell *cells;                /* with count > 0, row by row (y, then x)                                          */
    size_t   n;
    int64_t  n_points, most;       /* points counted; the largest count                                               */
    int64_t  n_missing, n_outside; /* a coordinate is NaN; outside of the area                                        */
} fr_cells;

/**
 * Count points (pixels) in squares or hexagons.
 *
 * A hexagon's points are those nearer to its middle than to any other (a tie goes to the row of even number).
 * Errors   ARGUMENT for a size that makes more than 4 million bins.
 * Source   D. B. Carr et al., Scatterplot matrix techniques for large N, J. Am. Stat. Assoc. 82 (1987) 424-436.
 */
bool fr_cells_make(fr_call *call, fr_arena *arena, const double *x, const double *y, size_t n,
                   const fr_cells_wish *wish, fr_cells *out) FR_MUST_USE;

/* ---- density ----------------------------------------------------------------------------------------------------- */
/**
 * A kernel density at `n_grid` (≥ 2) evenly spaced places from low to high, of sorted values.
 *
 * Gaussian kernel, bandwidth 0.9 min(sd, IQR / 1.34) n^(-1/5); values are first shared between the two nearest places
 * of the grid. The density integrates to the share of values within the grid.
 * Returns  the bandwidth; 0 (and densities 0) for no values or all equal ones.
 * Source   B. W. Silverman, Density Estimation (1986), eq. 3.31 (R's nrd0).
 */
double fr_density(const double *sorted, size_t n, fr_interval range, double *density, size_t n_grid);

/* ---- trend ------------------------------------------------------------------------------------------------------- */
typedef struct fr_line {
    double  slope, intercept, r2;  /* NaN when there are fewer than two different x                                   */
    double  mean_x, sxx, sd;       /* for a band: sd × sqrt(1 / n + (x - mean_x)² / sxx); sd of the residuals, n - 2  */
    int64_t n, n_left_out;         /* pairs; pairs with a NaN or infinity                                             */
} fr_line;

/**
 * The least-squares line through points.
 *
 * Two passes with compensated sums about the means: x near 1.7e9 (seconds since 1970) lose nothing.
 * Equals   numpy.polyfit(x, y, 1), to the last digits.
 */
fr_line fr_line_fit(const double *x, const double *y, size_t n);

/**
 * A smooth curve: local lines over the nearest `share` of the points, tricube weights, at n_grid places.
 *
 * x ascending, x and y finite. `robust` steps weight down what lies far off (3 as Cleveland's, 0: none).
 * Equals   statsmodels' lowess (delta 0) at the places that are points.
 * Cost     O((robust × n + n_grid) × share × n).
 * Source   W. S. Cleveland, J. Am. Stat. Assoc. 74 (1979) 829-836.
 */
typedef struct fr_smooth { const double *x, *y; size_t n; double share; int robust; } fr_smooth;
bool fr_smooth_fit(fr_call *call, const fr_smooth *points, const double *grid, size_t n_grid, double *out) FR_MUST_USE;

#endif
