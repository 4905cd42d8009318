/* svg_style.h — the colours of an SVG that differ between themes: one slot each, a variable and two classes
 * (svg_style.c). */
#ifndef FR_PLOT_RENDER_SVG_STYLE_H
#define FR_PLOT_RENDER_SVG_STYLE_H

#include "plot/render.h"

typedef struct fr_svg_slot { const char *name; uint32_t light, dark; } fr_svg_slot;

enum { FR_N_SVG_SLOTS = 11 + FR_N_SERIES + 2 + FR_N_SERIES + 4 };      /* roles, series, over fills, words in colour */

/* The slot whose colours a paint has, or -1: the same colour in every theme (see fr_resolve). DIVERGING is the slot of
 * its end with an alpha. */
int fr_svg_slot_of(fr_paint paint);
fr_svg_slot fr_svg_slot_at(int slot);

/* `scope` begins every selector: "#fr1"; bit i of fills and strokes says that slot i is used so. */
bool fr_svg_style(fr_call *call, const char *scope, uint64_t fills, uint64_t strokes, fr_text *out) FR_MUST_USE;

#endif
