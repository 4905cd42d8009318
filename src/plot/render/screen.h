/* screen.h — a terminal's screen as a grid of cells that can be drawn into (screen.c), and written as text
 * (screen_text.c).
 *
 * A cell is 8 × 16 logical pixels. In it meet, from bottom to top: a background, part of an area (a mask of 8 × 8
 * samples, to be shown by a block character), a thin rule along an axis, dots of lines and points (2 × 4, braille),
 * and text.
 */
#ifndef FR_PLOT_RENDER_SCREEN_H
#define FR_PLOT_RENDER_SCREEN_H

#include "plot/render.h"

enum { FR_CELL_WIDTH = 8, FR_CELL_HEIGHT = 16 };

/* A colour of a cell: 0xRRGGBB, or one of these. */
enum { FR_COLOUR_NONE = -1, FR_COLOUR_TEXT = -2, FR_COLOUR_DIM = -3 };   /* TEXT, DIM: the terminal's own, so both themes work */

typedef struct fr_tint {            /* what something in a cell is painted with */
    int32_t colour;
    uint8_t series;                 /* 1 + the number of the series, 0: none; for 16 colours and none                 */
    uint8_t shade;                  /* 0 solid; 1 … 3 lighter: ▓ ▒ ░                                                  */
    uint8_t room_[2];
} fr_tint;

typedef enum fr_rule_kind { FR_RULE_TOP = 1, FR_RULE_MIDDLE = 2, FR_RULE_BOTTOM = 4, FR_RULE_UPRIGHT = 8, FR_RULE_LIGHT = 16 }
    fr_rule_kind;

typedef struct fr_screen_cell {
    fr_tint     back, area, rule, dot, ink;     /* colour NONE: nothing of the kind                                   */
    uint64_t    mask;               /* area: sample (x, y) is bit 8 y + x                                             */
    uint8_t     rules;              /* fr_rule_kind                                                                   */
    uint8_t     dots;               /* as in U+2800                                                                   */
    bool        continues;          /* the right half of a wide character                                             */
    bool        bold;
    uint8_t     room_[2];
    uint16_t    n_text;             /* bytes                                                                          */
    const char *text;               /* one character with what belongs to it; borrowed from the scene                 */
} fr_screen_cell;

typedef struct fr_screen {
    fr_screen_cell  *cells;                /* columns × rows, owned by the caller                                     */
    uint64_t *masks;                /* as many: the area that is being drawn                                          */
    int       columns, rows;
    fr_box    clip;                 /* logical pixels                                                                 */
} fr_screen;

/* ---- drawing; everything outside the clip or the screen is left out ---------------------------------------------- */
/* Samples of a filled outline: edges from → to, even-odd. First all edges' crossings are gathered row by row. */
bool fr_screen_fill(fr_call *call, fr_screen *screen, const fr_point *outline, size_t n, fr_tint tint) FR_MUST_USE;
void fr_screen_rect(fr_screen *screen, fr_box box, fr_tint tint);
void fr_screen_line(fr_screen *screen, fr_point from, fr_point to, fr_tint tint);
void fr_screen_dot(fr_screen *screen, fr_point at, fr_tint tint);
/* A line along an axis, as a box character; `light`: dashed. */
void fr_screen_rule(fr_screen *screen, fr_point from, fr_point to, bool light, fr_tint tint);
/* One line of text from `column` on, in cells; wide characters take two. */
void fr_screen_text(fr_screen *screen, int column, int row, const char *text, size_t n, bool bold, fr_tint tint);

/* The background or area colour behind a place: what text there stands on. NONE: the terminal's own. */
fr_tint fr_screen_behind(const fr_screen *screen, int column, int row);

/* ---- writing ----------------------------------------------------------------------------------------------------- */
/* The screen as lines of text with colour escapes as `options` allow; blanks at the end of a line are left out. */
bool fr_screen_write(fr_call *call, const fr_screen *screen, const fr_render_options *options, fr_text *out) FR_MUST_USE;

#endif
