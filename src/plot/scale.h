/* scale.h — from data to pixels and back: linear, log, time and band scales.
 *
 * A scale joins an interval of data, its domain, to an interval of pixels, its range. The domain comes from extents of
 * the data and the rule for zero; ticks (plot/ticks.h) may widen it to their ends; the layout sets the range last:
 *
 *     fr_extent extent = FR_EXTENT_EMPTY;
 *     fr_extent_add(&extent, values, valid, n);                      3 … 97, two nulls, one infinity
 *     fr_extent_zero(&extent, FR_ZERO_ALWAYS);                       0 … 97: bars stand on zero
 *     fr_scale_linear(call, extent.low, extent.high, &y);
 *     fr_scale_set_range(&y, 400, 0);                                y grows upward on a page that grows downward
 *     fr_scale_at(&y, 97)                                            → 0
 *
 * Times are int64 counts that a double cannot hold (2024 in nanoseconds is 1.7e18; the step of a double there is 256).
 * A time scale therefore measures from an origin: its domain is "ticks after the origin", and fr_scale_time_value turns
 * an instant into that number with no loss where it matters.
 *
 * A scale is a plain value; it borrows its zone and its names.
 */
#ifndef FR_PLOT_SCALE_H
#define FR_PLOT_SCALE_H

#include <math.h>

#include "base/call.h"
#include "base/zone.h"

/* ---- extents ----------------------------------------------------------------------------------------------------- */
/* What a column's values span. Only finite values count for the ends; the rest are counted, so that a chart can say
 * what it left out. `low` > `high` while there are none. */
typedef struct fr_extent {
    double  low, high;
    double  low_positive;            /* the least value above zero, where a log scale may begin; +infinity: none      */
    int64_t n;                       /* finite values                                                                 */
    int64_t n_null, n_nan, n_infinite;
    int64_t n_not_positive;          /* finite values ≤ 0: a log scale cannot show them                               */
} fr_extent;
#define FR_EXTENT_EMPTY { .low = (double)INFINITY, .high = -(double)INFINITY, .low_positive = (double)INFINITY }

/* `valid` as of a column: bits, NULL for no nulls. */
void fr_extent_add(fr_extent *extent, const double *values, const uint64_t *valid, size_t n);
void fr_extent_merge(fr_extent *extent, const fr_extent *other);

/* Whether zero belongs to a value axis. Without values nothing changes. */
typedef enum fr_zero_rule {
    FR_ZERO_NEAR,                    /* lines, points: when zero lies within 25 % of the range beyond an end          */
    FR_ZERO_ALWAYS,                  /* bars, areas: their length is the value; all zero becomes 0 … 1                */
    FR_ZERO_NEVER
} fr_zero_rule;
void fr_extent_zero(fr_extent *extent, fr_zero_rule rule);

/* ---- scales ------------------------------------------------------------------------------------------------------ */
typedef enum fr_scale_kind {
    FR_SCALE_LINEAR, FR_SCALE_LOG, FR_SCALE_TIME, FR_SCALE_DURATION, FR_SCALE_BAND
} fr_scale_kind;

typedef struct fr_scale {
    fr_scale_kind kind;
    double   low, high;              /* the domain, low < high; band: 0 … n_bands                                     */
    double   from, to;               /* the range: low lies at `from`, high at `to`; `from` may be the larger         */
    double   base;                   /* log: 10 or 2                                                                  */
    int64_t  origin, per_second;     /* time, duration: ticks after `origin` (duration: 0), so many a second          */
    const fr_zone *zone;             /* time: whose calendar the ticks follow; NULL: wall-clock time                  */
    bool     date_only;              /* time: days; no tick is finer                                                  */
    bool     no_date;                /* time: times of day; no date is written                                        */
    size_t   n_bands;                /* band                                                                          */
    double   gap, margin;            /* band: share of a step between bands (0.25), and of a step at each end (0.125) */
    const char *const *names;        /* band: the categories' names, n_bands of them; NULL: none                      */
    double   a, b, shrink;           /* transformed ends (internal)                                                   */
} fr_scale;

/**
 * A linear scale over low … high.
 *
 * Equal ends are widened (0: -1 … 1; else 10 % each way), and so are ends fewer than 32 steps of a double apart, where
 * neither ticks nor pixels could tell values from each other (at 1e15 a range of 4). Ends in the wrong order are
 * swapped.
 *
 * Returns  true; the range is 0 … 1 until fr_scale_set_range.
 * Errors   ARGUMENT for NaN or infinite ends.
 */
bool fr_scale_linear(fr_call *call, double low, double high, fr_scale *out) FR_MUST_USE;

/**
 * A logarithmic scale of base 10 or 2.
 *
 * Equal ends are widened to half and double; ends closer than one part in 10^9 likewise.
 * Errors   ARGUMENT for ends that are not finite and above zero (take fr_extent's low_positive, and say
 *          n_not_positive), or another base.
 */
bool fr_scale_log(fr_call *call, double low, double high, double base, fr_scale *out) FR_MUST_USE;

/* The time between two instants in ticks since 1970 UTC (for a date: days × 86400 with per_second 1). */
typedef struct fr_time_domain {
    int64_t low, high;
    int64_t per_second;              /* 1, 1000, 10^6 or 10^9                                                         */
    const fr_zone *zone;             /* borrowed; NULL: wall-clock time                                               */
    bool    date_only, no_date;
} fr_time_domain;

/**
 * A time scale.
 *
 * Equal ends become a day (date_only: two days) around the instant.
 * Errors   ARGUMENT for years beyond ±500 million, which no calendar here holds.
 */
bool fr_scale_time(fr_call *call, const fr_time_domain *domain, fr_scale *out) FR_MUST_USE;

/* A scale of durations in ticks, so many a second; labels are "30 s", "1:30 h", "2 d". Its origin is 0: values are the
 * durations themselves, so that bars may stand on zero. Ends as for a linear scale (0 alone: a second each way). */
bool fr_scale_duration(fr_call *call, double low, double high, int64_t per_second, fr_scale *out) FR_MUST_USE;

/* A scale of n categories side by side (n ≥ 1; ARGUMENT otherwise). */
bool fr_scale_band(fr_call *call, size_t n, const char *const *names, fr_scale *out) FR_MUST_USE;

void fr_scale_set_range(fr_scale *scale, double from, double to);

/* Another domain for the same scale (continuous kinds), e.g. with room at the ends; the rules of the makers apply. */
bool fr_scale_set_domain(fr_call *call, fr_scale *scale, double low, double high) FR_MUST_USE;

/* Room at both ends: `share` of the domain as it is seen (log: of its logarithm). 0.05 keeps points off the frame. */
bool fr_scale_pad(fr_call *call, fr_scale *scale, double share) FR_MUST_USE;

/* ---- positions --------------------------------------------------------------------------------------------------- */
/* The pixel of a value. NaN for NaN; log: NaN for values ≤ 0. Values outside of the domain lie outside of the range.
 * Band: value i is the middle of band i. */
double fr_scale_at(const fr_scale *scale, double value);
void   fr_scale_map(const fr_scale *scale, const double *values, size_t n, double *pixels);
/* The value at a pixel. Band: the number of the category (0 … n - 1, the nearest). */
double fr_scale_invert(const fr_scale *scale, double pixel);

/* An instant as a value of the domain: ticks after the origin. */
double fr_scale_time_value(const fr_scale *scale, int64_t ticks);

/* Pixels of a band, low to high whatever the direction of the range; its width; and of band `k` of `n` side by side in
 * it, with `gap` (a share of a sub-band, 0 … 1) between them. */
typedef struct fr_interval { double low, high; } fr_interval;
fr_interval fr_scale_band_at(const fr_scale *scale, size_t i);
fr_interval fr_interval_part(fr_interval whole, size_t k, size_t n, double gap);

#endif
