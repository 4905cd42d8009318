/* cairo.h — drawing a scene with cairo, for every renderer that has a cairo surface. */
#ifndef FR_PLOT_RENDER_CAIRO_H
#define FR_PLOT_RENDER_CAIRO_H

#include "plot/render.h"

#include <cairo.h>

typedef struct fr_cairo {
    cairo_t        *cr;             /* scaled so that a unit is a logical pixel                                       */
    const fr_theme *theme;
    bool            transparent;    /* the surface is not painted                                                     */
    bool            pixels;         /* edges are moved to whole device pixels, many dots are copied from one          */
} fr_cairo;

/* The whole scene. False with the reason recorded, also when cairo itself ran into an error. */
bool fr_cairo_draw(fr_call *call, const fr_cairo *target, const fr_scene *scene) FR_MUST_USE;
/* Cairo's status as a failure; true when it is fine. */
bool fr_cairo_fine(fr_call *call, cairo_status_t status) FR_MUST_USE;

#endif
