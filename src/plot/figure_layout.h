/* figure_layout.h — a figure on a page of so many pixels: everything finds its place and is drawn into a scene. */
#ifndef FR_PLOT_FIGURE_LAYOUT_H
#define FR_PLOT_FIGURE_LAYOUT_H

#include "plot/figure.h"
#include "plot/scene.h"

/* Draws into an empty scene made with the renderer's metrics; its width and height are the page. */
bool fr_figure_lay(fr_call *call, const fr_figure *figure, fr_scene *scene) FR_MUST_USE;

#endif
