/* ticks.h — where an axis has ticks, and what they say.
 *
 * One call for every kind of scale. The caller says how many pixels it would like between labels (or how many labels);
 * it gets positions, texts and minor ticks, and may have the scale widened to the outermost ticks:
 *
 *     fr_ticks ticks;
 *     fr_scale_ticks(call, &arena, &y, &(fr_tick_wish){ .spacing = 60, .cover = true }, &ticks)
 *     linear 3 … 97       → 0  25  50  75  100
 *     log 3 … 40,000      → 10  100  1,000  10,000, minor ticks between; the scale becomes 2 … 50,000
 *     time, a year        → Jan  Feb … Dec over 2024
 *     band                → one for each category
 *
 * When labels collide after measuring, ask again with a larger spacing: every wish has an answer with fewer labels.
 * Label texts live in the arena.
 */
#ifndef FR_PLOT_TICKS_H
#define FR_PLOT_TICKS_H

#include "base/memory.h"
#include "plot/label_format.h"
#include "plot/scale.h"

typedef struct fr_tick {
    double      value;             /* of the domain (time: ticks after the origin; band: the category's number)       */
    double      at;                /* its pixel by the scale's range                                                  */
    const char *label;             /* NULL: a minor tick                                                              */
    const char *context;           /* the second line, where it changes: "2024" below the first "Jan"; NULL elsewhere */
} fr_tick;

typedef struct fr_ticks {
    fr_tick      *ticks;           /* ascending by value                                                              */
    size_t        n, n_labels;
    fr_label_plan plan;            /* linear: how values of this axis are written (fr_label_value)                    */
    bool          two_levels;      /* some tick has a context                                                         */
} fr_ticks;

/* What the caller would like. Zero-initialised: five labels, default style. */
typedef struct fr_tick_wish {
    double          spacing;       /* pixels from label to label; 0: `count` says                                     */
    int             count;         /* labels, at least 2; 0: from the spacing, or 5                                   */
    bool            cover;         /* widen the scale's domain so that ticks stand at or beyond both ends; else all   */
                                   /* ticks lie within the domain as it is                                            */
    bool            whole;         /* values are whole numbers: no ticks between                                      */
    bool            no_minor;
    fr_number_style style;         /* time: does not apply; durations: `format` (of seconds) and `marks` do           */
    const char     *date_format;   /* time: the user's, as strftime ("%b %Y"); NULL: two levels chosen by the step    */
} fr_tick_wish;

/**
 * The ticks of a scale.
 *
 * Order    ascending by value. No two labels of an axis are equal (with a context: no two pairs).
 * Cost     microseconds: linear about 3, time about 5.
 * Errors   ARGUMENT for a format that is none.
 */
bool fr_scale_ticks(fr_call *call, fr_arena *arena, fr_scale *scale, const fr_tick_wish *wish,
                    fr_ticks *out) FR_MUST_USE;

/* A duration on its own: 250 ms, 12.5 s, 1:30 min, 2:05 h, 3.5 d. Returns the length; terminated. */
size_t fr_label_duration(double seconds, char out[FR_LABEL_BYTES]);

/* How many labels a wish means for a range of so many pixels: at least 2, at most 50. */
int fr_tick_count(const fr_tick_wish *wish, double pixels);

/* ---- one file for each kind; fr_scale_ticks chooses -------------------------------------------------------------- */
bool fr_ticks_linear(fr_call *call, fr_arena *arena, fr_scale *scale, const fr_tick_wish *wish,
                     fr_ticks *out) FR_MUST_USE;
bool fr_ticks_log(fr_call *call, fr_arena *arena, fr_scale *scale, const fr_tick_wish *wish,
                  fr_ticks *out) FR_MUST_USE;
bool fr_ticks_time(fr_call *call, fr_arena *arena, fr_scale *scale, const fr_tick_wish *wish,
                   fr_ticks *out) FR_MUST_USE;
bool fr_ticks_duration(fr_call *call, fr_arena *arena, fr_scale *scale, const fr_tick_wish *wish,
                       fr_ticks *out) FR_MUST_USE;

/* ---- the search for linear ticks, alone -------------------------------------------------------------------------- */
/* first, first + stride, … (n of them), each times unit, plus anchor, times 10^exponent: exact decimals. The anchor is
 * 0 unless the interval is short and far from zero (1e15 … 1e15 + 64). */
typedef struct fr_steps {
    int64_t first, stride, anchor;
    int     n;
    int     unit;                  /* ten times Q of the paper: 10, 50, 20, 25, 40 or 30                              */
    int     exponent;
    double  score;
} fr_steps;

typedef enum fr_steps_fit {
    FR_STEPS_FREE,                 /* as the paper: the ends of steps and data need not agree                         */
    FR_STEPS_COVER,                /* the steps enclose low … high                                                    */
    FR_STEPS_INSIDE                /* they lie within                                                                 */
} fr_steps_fit;

/* What to search: a finite interval with low < high. */
typedef struct fr_steps_wish {
    double low, high;
    int    count;                  /* ≥ 2                                                                             */
    fr_steps_fit fit;
    int    finest;                 /* every tick is a multiple of 10^finest; INT_MIN: no such rule                    */
} fr_steps_wish;

/**
 * The best labelling of an interval.
 *
 * Returns  false when none satisfies `finest` (0.2 … 0.4 in whole numbers).
 * Source   J. Talbot, S. Lin, P. Hanrahan: An Extension of Wilkinson's Algorithm for Positioning Tick Labels on Axes.
 *          IEEE Trans. Vis. Comput. Graph. 16 (2010) 1036-1043; weights .25 simplicity, .2 coverage, .5 density, .05
 *          legibility (which is 1 here: the caller knows the pixels and chooses the count). With COVER and INSIDE ticks
 *          are multiples of their step (no skip of the paper's), at most half as many again as wished (or two more),
 *          and with INSIDE coverage weighs .05.
 */
bool fr_steps_search(const fr_steps_wish *wish, fr_steps *out);

fr_exact fr_steps_tick(const fr_steps *steps, int i);        /* reduced */
fr_exact fr_steps_step(const fr_steps *steps);

#endif
