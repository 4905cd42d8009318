/* place_labels.h — where labels go when they would overlap: moved apart, thinned or turned.
 *
 * All functions work on numbers: positions and measured sizes in pixels. Three problems:
 *
 *     labels at line ends     wanted  100  104  300        placed  95  109  300       moved least, order kept
 *     labels below an axis    four long names in 300 px    wrap; else every second, or turned by 35°; else flip
 *     second lines            2023 | 2024 2025             the first is left out where its neighbour needs the room
 */
#ifndef FR_PLOT_PLACE_LABELS_H
#define FR_PLOT_PLACE_LABELS_H

#include "base/call.h"
#include "plot/scale.h"

/* ---- apart ------------------------------------------------------------------------------------------------------- */
/* Labels in one column (or row): where the middle of each should be, and how much room it takes there. */
typedef struct fr_label_column {
    const double *wanted, *sizes;
    size_t        n;
    double        gap;                   /* between two labels                                                        */
    fr_interval   bounds;                /* no label reaches beyond                                                   */
} fr_label_column;

/**
 * Move labels apart: no overlap, none out of bounds, the order of `wanted` kept (equal ones in their order in the
 * array), and the sum of squared moves as small as these three allow.
 *
 * Returns  false, without a failure recorded, when they need more room than the bounds have: take a legend. False with
 *          one when memory ran out.
 * Cost     O(n) after sorting; the sort is by insertion, meant for tens of labels.
 * Source   Least squares under order constraints by pooling adjacent violators: R. E. Barlow et al., Statistical
 *          Inference under Order Restrictions (1972). With d_i the least distance from label 0 to label i, wanted_i -
 *          d_i must become ascending; bounds then clip, which keeps the optimum.
 */
bool fr_move_apart(fr_call *call, const fr_label_column *column, double *placed) FR_MUST_USE;

/* ---- along an axis ----------------------------------------------------------------------------------------------- */
typedef enum fr_fit_how {
    FR_FIT_ALL,                          /* every label on one line                                                   */
    FR_FIT_WRAPPED,                      /* every label, on up to two lines                                           */
    FR_FIT_THINNED,                      /* every k-th label on one line: a sequence (numbers, dates) loses nothing   */
    FR_FIT_TURNED,                       /* labels turned by 35°, every k-th where still too dense                    */
} fr_fit_how;

typedef struct fr_fit {
    fr_fit_how how;
    size_t     first, last, every;       /* draw labels first, first + every … to last; thinned: those within bounds */
    double     angle;                    /* degrees: 0 or 35                                                          */
    double     height;                   /* pixels that the labels take below the axis                                */
    bool       flip;                     /* advice: eight and more categories, too long to stand level: use rows      */
} fr_fit;

#define FR_TURN_DEGREES 35.0

/* Labels below a horizontal axis, in the order of `at` (ascending). */
typedef struct fr_label_row {
    const double *at, *widths;           /* middles; widths on one line                                               */
    const double *wrapped;               /* widths on two lines (the longer one), by fr_text_wrap; NULL: no wrapping  */
    size_t        n;
    double        line_height;
    double        gap;                   /* least distance between two labels                                         */
    fr_interval   bounds;                /* labels may reach so far                                                   */
    bool          is_sequence;           /* between two labels the reader can fill in what is missing                 */
    bool          level_only;            /* text cannot be turned (a terminal): every k-th instead                    */
} fr_label_row;

/**
 * How labels fit below an axis: the first of all, wrapped, every k-th (sequences, and where nothing can be turned),
 * turned by 35°.
 *
 * Turned labels end below their tick and lie side by side; two of them need line_height / sin 35° from tick to tick.
 * They may reach over the lower bound: the layout gives the first of them room.
 * Cost     O(n log n).
 */
fr_fit fr_fit_labels(const fr_label_row *row);

/* ---- second lines ------------------------------------------------------------------------------------------------ */
/**
 * Which of the labels that begin at `starts` (ascending) are kept so that none overlap: every one that has room before
 * the next kept; of the first two the second, because the first names a period that is cut off by the edge.
 *
 * Returns  how many are kept; keep[i] says which.
 */
size_t fr_keep_starts(const double *starts, const double *widths, size_t n, double gap, bool *keep);

#endif
