/* mark.h — what a mark is inside: one const table of functions, listed in marks.def.h.
 *
 * A new mark is one file in marks/, one line in marks.def.h, its arguments and macro in plot.h and a golden scene. The rest
 * of the library does for it: reading columns and expressions, splitting the rows into panels and series, scales, axes,
 * legend, notes, the "view data" table and the description.
 *
 *     columns ── channel.c ──▶ fr_channel for each role
 *             ── layer.c ────▶ fr_layer: the rows of one mark in one panel, series after series
 *             ── build ──────▶ the layer's values become geometry in the data's units: bars have LOW and HIGH, bins, boxes
 *             ── extend ─────▶ how far the axes must reach
 *             ── draw ───────▶ items of the scene, through a canvas that knows pixels
 */
#ifndef FR_PLOT_MARK_H
#define FR_PLOT_MARK_H

#include <frame/plot.h>

#include "plot/channel.h"
#include "plot/paint.h"
#include "plot/scale.h"

/* What a value of a row is for. The first ones are read from the frame; the others are made by `build`. */
typedef enum fr_role {
    FR_ROLE_X, FR_ROLE_Y, FR_ROLE_COLOUR, FR_ROLE_SIZE, FR_ROLE_LOW, FR_ROLE_HIGH, FR_ROLE_TEXT, FR_ROLE_TOTAL,
    FR_N_READ,
    FR_ROLE_COUNT = FR_N_READ, FR_ROLE_MIN, FR_ROLE_Q1, FR_ROLE_MEDIAN, FR_ROLE_Q3, FR_ROLE_MAX,
    FR_N_ROLES
} fr_role;

/* How every mark's arguments begin (FR_MARK_FIELDS_ of plot.h; mark.c asserts it). */
typedef struct fr_mark_head { FR_MARK_FIELDS_; } fr_mark_head;

typedef struct fr_series {           /* a series of a layer: rows begin … end - 1                                     */
    size_t id;                       /* of the figure's series; FR_NO_SERIES: neutral (rules, texts)                  */
    size_t begin, end;
} fr_series;
#define FR_NO_SERIES SIZE_MAX

typedef struct fr_layer {
    const struct fr_figure  *figure;
    const struct fr_plotted *of;     /* the mark, its arguments and channels                                          */
    size_t      panel;
    size_t      n;                   /* rows                                                                          */
    double     *values[FR_N_ROLES];  /* NULL where the mark has no such role; times and categories as the axis has them */
    const char *titles[FR_N_ROLES];  /* of the table's columns, where the channel does not say                        */
    size_t      n_series;
    fr_series  *series;
    int64_t     n_beyond;            /* rows that lie outside of a histogram's bins                                   */
    int64_t     n_shared;            /* rows of a line that stand at the same x as the one before                     */
    bool        dense;               /* points: so many that cells are shaded instead                                 */
    const void *made;                /* what `build` wants to keep for `draw`                                         */
} fr_layer;

typedef struct fr_canvas fr_canvas;  /* plot/canvas.h */

typedef enum fr_frame_style {        /* what stands round a mark                                                      */
    FR_FRAME_AXES,                   /* axes and a grid                                                               */
    FR_FRAME_TABLE,                  /* names on two sides, no grid: heat maps                                        */
    FR_FRAME_NONE                    /* nothing: pies, sparklines                                                     */
} fr_frame_style;

typedef enum fr_glyph { FR_GLYPH_NONE, FR_GLYPH_LINE, FR_GLYPH_RECT, FR_GLYPH_DOT } fr_glyph;     /* in a legend */

typedef struct fr_mark_class {
    const char *name;
    uint32_t    kind;                /* FR_MARK_KINDS                                                                 */
    size_t      args_size;
    uint8_t     frame;               /* fr_frame_style                                                                */
    uint8_t     glyph;               /* fr_glyph; NONE: the mark brings no series                                     */
    uint32_t    wants;               /* bits 1 << role that the mark cannot do without                                */
    uint32_t    refuses;             /* bits of roles that would say nothing here: giving one is an error             */
    bool        own_paints;          /* `fill` would say nothing                                                      */
    uint32_t    numbers;             /* bits of roles that must be numbers                                            */
    uint32_t    categories;          /* bits of roles that are always categories                                      */
    uint32_t    prefers;             /* bits of roles that are categories while their distinct values are few         */
    bool        zero;                /* the y axis holds zero                                                         */
    bool        pads;                /* wants room at the ends of the x axis: points                                  */
    bool        gaps;                /* rows without y stay: they interrupt                                           */
    bool        adds_up;             /* categories beyond the palette become one series "Other" with their sum        */
    bool        shades;              /* numbers for `colour` give shades                                              */
    bool        follows;             /* without a name it belongs to the mark before it: bands, error bars            */
    bool        ends;                /* series may be named at their right end                                        */
    uint16_t    role_at[FR_N_READ];  /* where its arguments name a role beyond x, y and colour; 0: it has none        */
    uint16_t    label_at;            /* where they have a fixed text                                                  */
    uint16_t    reduce_at, order_at, flip_at, arrange_at, share_at, diverges_at, labels_at;      /* these options     */
    bool        folds;               /* puts small categories together itself, however many there are                 */
    bool        correlates;          /* its shades go from -1 to 1                                                    */
    void (*defaults)(fr_mark *mark); /* numbers whose default is not zero; NULL: none                                 */
    /* Another frame than the one given: correlation computes its own. NULL: the mark's own, or the figure's. */
    fr_frame *(*prepare)(fr_call *call, struct fr_plotted *mark, const fr_frame *frame);
    bool (*build)(fr_call *call, fr_arena *arena, fr_layer *layer);                  /* NULL: drawn as it is          */
    void (*extend)(const fr_layer *layer, fr_extent *x, fr_extent *y);               /* NULL: by X and Y              */
    bool (*draw)(fr_call *call, const fr_layer *layer, fr_canvas *canvas);
    bool (*label)(fr_call *call, const fr_layer *layer, fr_canvas *canvas);          /* its texts, when all is drawn; NULL */
} fr_mark_class;

/* Rules and texts: they bring no series, and say nothing about what the axes show. */
static inline bool fr_mark_is_neutral(const fr_mark_class *class_)
{
    return class_->glyph == FR_GLYPH_NONE && class_->frame == FR_FRAME_AXES;
}

/* The class with this number, or of this name; NULL when there is none. */
const fr_mark_class *fr_mark_class_of(uint32_t kind);
const fr_mark_class *fr_mark_class_named(const char *name);

#define FR_BIT(role) (UINT32_C(1) << (role))

/* ---- helpers for build (layer.c, reduce.c) ----------------------------------------------------------------------- */
/* Rows of every series in ascending order of x; rows in order stay as they are. */
bool fr_layer_sort(fr_call *call, fr_layer *layer) FR_MUST_USE;

/* Rows of the same x (and y, when `both`) in a series become one; `by` is an fr_reduce. With NONE several rows are an error
 * when `unique`, else they stay. Leaves every series sorted by x. Writes Y (COLOUR when `both`). */
typedef struct fr_reduce_wish { uint32_t by; bool unique, both; } fr_reduce_wish;
bool fr_layer_reduce(fr_call *call, fr_arena *arena, fr_layer *layer, const fr_reduce_wish *wish) FR_MUST_USE;

/* Many values as one, as fr_reduce says (NONE: the sum); `values` may be reordered. NaN for no values. */
bool fr_reduce_values(fr_call *call, uint32_t by, double *values, size_t n, double *out) FR_MUST_USE;

/* The distinct x of a layer in ascending order, and for each row which one it is. */
typedef struct fr_slots { size_t n; double *x; uint32_t *of_row; double step; } fr_slots;     /* step: the smallest distance */
bool fr_layer_slots(fr_call *call, fr_arena *arena, const fr_layer *layer, fr_slots *out) FR_MUST_USE;

/* Give a layer's bars their ends LOW and HIGH: from zero, or stacked series by series, or as shares (then Y too is a
 * share of the whole). */
bool fr_layer_stack(fr_call *call, fr_arena *arena, fr_layer *layer, const fr_slots *slots,
                    uint32_t arrange) FR_MUST_USE;

#endif
