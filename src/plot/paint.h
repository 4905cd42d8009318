/* paint.h — what a thing is painted with: a role, not a colour.
 *
 * The scene says "the second series" or "a grid line"; a theme (palette.h) says which colour that is. The SVG writer
 * keeps the role as a CSS variable, so one file serves a light and a dark page; cairo and the terminal resolve it at
 * once.
 *
 *     fr_paint_series(1)                             the second series: vermillion on white, a lighter one on dark
 *     fr_paint_ink(FR_INK_MUTED)                     tick labels
 *     fr_paint_faded(fr_paint_series(0), 0.8f)       an area below a line, one fifth opaque
 *     fr_paint_over(fr_paint_sequential(t))          text that stands on a heat map's cell: black or white, as can be read
 *
 * A zeroed paint paints nothing, so what a style does not mention is not drawn.
 */
#ifndef FR_PLOT_PAINT_H
#define FR_PLOT_PAINT_H

#include "base/compiler.h"

typedef enum fr_ink {
    FR_INK_NONE,            /* not painted                                                                            */
    FR_INK_TEXT,            /* titles, value labels                                                                   */
    FR_INK_MUTED,           /* tick labels, subtitles, notes                                                          */
    FR_INK_GRID,            /* grid lines                                                                             */
    FR_INK_AXIS,            /* the zero line, axis lines                                                              */
    FR_INK_SURFACE,         /* what the chart stands on; halos round points and labels, gaps between slices           */
    FR_INK_SERIES,          /* `index`: 0 … 7, higher ones begin again                                                */
    FR_INK_OTHER,           /* what was put together as "Other", and what does not matter: a quiet grey               */
    FR_INK_SEQUENTIAL,      /* `t` in 0 … 1, from dark violet to light yellow                                         */
    FR_INK_DIVERGING,       /* `t` in 0 … 1: blue, the surface at ½, vermillion                                       */
    FR_INK_POSITIVE,        /* gains. Colour never stands alone: give a sign, a place or a pattern as well            */
    FR_INK_NEGATIVE,        /* losses                                                                                 */
    FR_INK_HIGHLIGHT,       /* the one thing to look at                                                               */
    FR_INK_RGB,             /* `rgb`, 0xRRGGBB: the user's own colour, the same in every theme                        */
    FR_N_INKS
} fr_ink;

enum { FR_N_SERIES = 8 };   /* colours that can be told apart; more categories than this are put together as "Other"  */

typedef struct fr_paint {
    uint8_t  ink;           /* fr_ink                                                                                 */
    uint8_t  index;
    bool     over;          /* not this colour but the text colour that can be read on it                             */
    bool     text;          /* set by fr_scene_text: a shade of the role's colour with a contrast of 4.5 : 1          */
    float    t;             /* held to 0 … 1; not a number: painted as OTHER                                          */
    float    transparency;  /* 0 opaque … 1 invisible                                                                 */
    uint32_t rgb;
} fr_paint;

static inline fr_paint fr_paint_ink(fr_ink ink)       { return (fr_paint){ .ink = (uint8_t)ink }; }
static inline fr_paint fr_paint_sequential(double t)  { return (fr_paint){ .ink = FR_INK_SEQUENTIAL, .t = (float)t }; }
static inline fr_paint fr_paint_diverging(double t)   { return (fr_paint){ .ink = FR_INK_DIVERGING, .t = (float)t }; }
static inline fr_paint fr_paint_rgb(uint32_t rgb)     { return (fr_paint){ .ink = FR_INK_RGB, .rgb = rgb & 0xffffffu }; }
static inline fr_paint fr_paint_series(size_t i)
{
    return (fr_paint){ .ink = FR_INK_SERIES, .index = (uint8_t)(i % FR_N_SERIES) };
}
static inline fr_paint fr_paint_faded(fr_paint paint, float transparency)
{
    paint.transparency = transparency;
    return paint;
}
static inline fr_paint fr_paint_over(fr_paint paint)
{
    paint.over = true;
    return paint;
}

static inline bool fr_paints(fr_paint paint) { return paint.ink != FR_INK_NONE && paint.transparency < 1; }

/* Do two paints look the same in every theme? */
static inline bool fr_paint_same(fr_paint a, fr_paint b)
{
    if (a.ink != b.ink || a.over != b.over || a.text != b.text || a.transparency != b.transparency) return false;
    if (a.ink == FR_INK_SERIES) return a.index == b.index;
    if (a.ink == FR_INK_RGB) return a.rgb == b.rgb;
    if (a.ink == FR_INK_SEQUENTIAL || a.ink == FR_INK_DIVERGING) return a.t == b.t || (a.t != a.t && b.t != b.t);
    return true;
}

typedef enum fr_dash { FR_DASH_SOLID, FR_DASH_DASHED, FR_DASH_DOTTED } fr_dash;

typedef struct fr_stroke {
    fr_paint paint;
    float    width;         /* logical pixels; 0: no stroke                                                           */
    uint8_t  dash;          /* fr_dash                                                                                */
    bool     square;        /* ends cut square at the point, joins mitred: for axis lines, bars. Else both are round  */
    uint8_t  room_[2];
} fr_stroke;

/* Lengths of a dash and of the gap after it; round ends add half a width on either side. False: a solid line. */
static inline bool fr_dash_lengths(fr_stroke stroke, double on_off[2])
{
    double w = (double)stroke.width, round = stroke.square ? 0 : w;
    on_off[0] = stroke.dash == FR_DASH_DOTTED ? w - round : 4 * w + 1 - round;
    on_off[1] = stroke.dash == FR_DASH_DOTTED ? 1.5 * w + round : 2 * w + 2 + round;
    return stroke.dash == FR_DASH_DASHED || stroke.dash == FR_DASH_DOTTED;
}

static inline bool fr_strokes(fr_stroke stroke) { return stroke.width > 0 && fr_paints(stroke.paint); }

#endif
