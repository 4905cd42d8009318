/* legend.h — which colour is what: a row of keys above the chart, a bar of shades, or names at the ends of lines. */
#ifndef FR_PLOT_LEGEND_H
#define FR_PLOT_LEGEND_H

#include "plot/canvas.h"

/* Does the figure need a legend, and can names at the ends of its lines stand for it? */
typedef enum fr_legend_way { FR_LEGEND_WAY_NONE, FR_LEGEND_WAY_KEYS, FR_LEGEND_WAY_ENDS } fr_legend_way;
fr_legend_way fr_legend_choose(const fr_figure *figure, double width, double height);

/* Keys in rows of at most `box.width`, from its top left; *height is what they took (0 for none). At most box.height. */
bool fr_legend_draw_keys(fr_call *call, fr_drawing *drawing, fr_box box, double *height) FR_MUST_USE;
/* The same for a scale of shades. */
bool fr_legend_draw_shades(fr_call *call, fr_drawing *drawing, fr_box box, double *height) FR_MUST_USE;

/* Names at line ends: the room they need to the right of the plot, and drawing them for a panel. */
bool fr_legend_ends_room(fr_call *call, const fr_drawing *drawing, double most, double *out) FR_MUST_USE;
bool fr_legend_draw_ends(fr_call *call, fr_canvas *canvas) FR_MUST_USE;

#endif
