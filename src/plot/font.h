/* font.h — how text is set with pango, the same for measuring (font.c) and for drawing (render/cairo.c). */
#ifndef FR_PLOT_FONT_H
#define FR_PLOT_FONT_H

#include "plot/metrics.h"

#include <pango/pangocairo.h>

/* The families of FR_FONT_FAMILIES as pango wants them: without quotes, the generic name as fontconfig spells it. */
#define FR_FONT_NAMES "Inter,Source Sans 3,Helvetica Neue,Arial,DejaVu Sans,sans-serif"

/* False with NOT_FOUND recorded when fontconfig knows no font: pango would print to stderr and draw boxes. */
bool fr_fonts_present(fr_call *call) FR_MUST_USE;

PangoContext *fr_font_context(PangoFontMap *map);                   /* no hinting, no rounding, 96 dpi; owned         */
PangoLayout  *fr_font_layout(PangoContext *pango);                  /* one paragraph, tabular figures; owned          */
void          fr_font_set(PangoLayout *layout, const fr_font *font, const char *text, size_t n);

#endif
