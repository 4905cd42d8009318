/* axis.h — an axis between two pixels: its scale, ticks and labels fitted to the room there is, then drawn. */
#ifndef FR_PLOT_AXIS_H
#define FR_PLOT_AXIS_H

#include "plot/canvas.h"

typedef struct fr_fitted_axis {
    const fr_plot_axis *axis;
    bool         vertical;
    fr_scale     scale;
    double       shift;              /* from the axis's times to the scale's                                          */
    fr_ticks     ticks;
    float        angle;              /* of the labels                                                                 */
    double       depth;              /* how far labels reach from the plot                                            */
    double       widest;             /* of the labels as they are                                                     */
    bool         exact;              /* ends where the data end, not at a tick                                        */
    bool         shown[2];           /* nothing left to say: labels, grid                                             */
} fr_fitted_axis;

/* The scale of an axis over its extent, not yet in pixels: exactly, with room at both ends, or with cells side by side. */
typedef enum fr_axis_style { FR_AXIS_EXACT, FR_AXIS_PADDED, FR_AXIS_TABLE } fr_axis_style;
bool fr_axis_scale(fr_call *call, const fr_plot_axis *axis, fr_axis_style style, fr_fitted_axis *out) FR_MUST_USE;

/* Ticks and labels for the pixels from … to (from = where the least value lies). `room`: how deep labels may reach. */
typedef struct fr_axis_room { double from, to, room; } fr_axis_room;
bool fr_axis_fit(fr_call *call, fr_drawing *drawing, const fr_plot_axis *axis, const fr_axis_room *room,
                 fr_fitted_axis *out) FR_MUST_USE;

/* Grid and zero line before the marks; labels and the axis line after. */
bool fr_axis_draw_grid(fr_call *call, fr_drawing *drawing, const fr_fitted_axis *axis, fr_box plot) FR_MUST_USE;
bool fr_axis_draw_labels(fr_call *call, fr_drawing *drawing, const fr_fitted_axis *axis, fr_box plot) FR_MUST_USE;

#endif
