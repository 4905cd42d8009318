/* span.h — "15min", "1D", "W-MON", "ME": regular steps through time, for floor, resample and ranges.
 *
 * A span is a ladder of instants; floor goes to the last rung at or before a time, ceil to the first at or after it.
 *
 *     unit                  rungs                                                        written
 *     ns us ms s min h D    multiples of count × unit since 1970-01-01 00:00             15min, 1h, 2D
 *     week                  midnights that begin the named weekday; plain W is W-SUN     W, W-MON, 2W
 *     business day          midnights that begin Monday … Friday                         B
 *     month, quarter, year  midnights that begin the first (MS QS YS) or the last        MS, ME, QS, QE-MAR, 3MS, YE
 *                           (ME QE YE) day of the month, quarter, year
 *     in words              second, minute, hour, day, week (W-MON), month (MS), quarter (QS), year (YS)      week, 6hour
 *
 * Times are local: apply a zone's offset first. They are counted in ticks, `per_second` of them a second (1 for whole
 * seconds, 1000000 for datetime[us]); a date d is d × 86400 with per_second 1.
 */
#ifndef FR_BASE_SPAN_H
#define FR_BASE_SPAN_H

#include "base/compiler.h"

typedef enum fr_span_unit {
    FR_SPAN_TICK,       /* fixed length: `nanoseconds` × count */
    FR_SPAN_WEEK,
    FR_SPAN_BUSINESS_DAY,
    FR_SPAN_MONTH       /* months, quarters, years: `months` × count */
} fr_span_unit;

typedef struct fr_span {
    fr_span_unit unit;
    bool         at_end;          /* ME, QE, YE, W: bins are labelled by and closed at their end (pandas' default) */
    bool         old_alias;       /* M, Q, Y, A, H, T, S, L, U, N: accepted, worth a warning                          */
    uint8_t      months;          /* 1, 3 or 12                                                                       */
    int8_t       anchor;          /* week: weekday of the rung, Monday 0; quarter, year: month of a rung, 1 … 12      */
    int64_t      count;
    int64_t      nanoseconds;     /* of one fixed unit                                                                */
} fr_span;

/** Read "15min", "W-MON", "QE-MAR", "D"; the count defaults to 1. False when it is none of these. */
bool fr_span_parse(const char *text, size_t n, fr_span *out);

/** True when every rung is a midnight. */
bool fr_span_is_of_days(const fr_span *span);

/** What a span is to times that are counted in ticks of so many nanoseconds. */
typedef enum fr_span_grain {
    FR_SPAN_COARSE,     /* its rungs are some of the ticks                    */
    FR_SPAN_EVERY,      /* every tick is a rung: 500ms, counted in seconds    */
    FR_SPAN_BETWEEN     /* some rungs lie between ticks: 1500ms in seconds    */
} fr_span_grain;
fr_span_grain fr_span_grain_of(const fr_span *span, int64_t tick);

/** The last rung ≤ t. False on overflow, or when the span is finer than a tick. */
bool fr_span_floor(const fr_span *span, int64_t t, int64_t per_second, int64_t *out);

/** The first rung ≥ t. */
bool fr_span_ceil(const fr_span *span, int64_t t, int64_t per_second, int64_t *out);

/** The nearest rung; half way between two: the even multiple for fixed units (12:30 → 12:00, 13:30 → 14:00), else the
 *  later. */
bool fr_span_round(const fr_span *span, int64_t t, int64_t per_second, int64_t *out);

/** `steps` rungs after (before) the rung `t`. Requires that t is a rung, e.g. from fr_span_floor. */
bool fr_span_step(const fr_span *span, int64_t t, int64_t steps, int64_t per_second, int64_t *out);

#endif
