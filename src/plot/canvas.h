/* canvas.h — where marks draw: a panel's scales, and texts that keep out of each other's way.
 *
 * A mark thinks in x and y; on a figure whose bars lie on their side, x runs down the page, and only the canvas knows:
 *
 *     fr_point at  = fr_canvas_at(canvas, x, y);                  values → pixels
 *     fr_box   bar = fr_canvas_box(canvas, side, low, high);      side: an interval of pixels across the bars
 *     fr_canvas_note(call, canvas, &label)                        a text that is left out where another one stands
 *
 * Every text of a figure passes through the list of taken boxes, so no two overlap whatever the data are.
 */
#ifndef FR_PLOT_CANVAS_H
#define FR_PLOT_CANVAS_H

#include "plot/figure.h"
#include "plot/scene.h"
#include "plot/ticks.h"

typedef struct fr_taken { fr_box *boxes; size_t n, capacity; } fr_taken;

typedef struct fr_look {             /* sizes of type and space, by the size of the figure                            */
    float  title, subtitle, tick, label;
    double pad, gap;
    bool   cells;                    /* a terminal: everything stands on a grid of characters                         */
} fr_look;

typedef struct fr_drawing {          /* one figure being drawn once                                                   */
    const fr_figure  *figure;
    fr_scene         *scene;
    const fr_metrics *metrics;
    fr_arena         *arena;
    fr_look           look;
    fr_taken          taken;
    size_t            label_role;
} fr_drawing;

struct fr_canvas {
    fr_drawing   *drawing;
    fr_scene     *scene;
    const fr_figure *figure;
    size_t        panel;
    fr_box        plot;              /* where data are drawn                                                          */
    fr_scale      x, y;
    double        x_shift, y_shift;  /* from the axis's times to the scale's                                          */
    fr_label_plan y_plan;            /* how the value axis writes numbers                                             */
    bool          direct;            /* series are named at their ends                                                */
    double        right;             /* room for those names, in pixels                                               */
};

/* ---- places ------------------------------------------------------------------------------------------------------ */
static inline double fr_canvas_x(const fr_canvas *canvas, double x)
{
    return fr_scale_at(&canvas->x, x + canvas->x_shift);
}
static inline double fr_canvas_y(const fr_canvas *canvas, double y)
{
    return fr_scale_at(&canvas->y, y + canvas->y_shift);
}

/* Where what reaches to y ends: a logarithmic axis has no place for 0, so there it ends where the axis does. */
static inline double fr_canvas_end(const fr_canvas *canvas, double y)
{
    return canvas->y.kind == FR_SCALE_LOG && y <= 0 ? canvas->y.from : fr_canvas_y(canvas, y);
}

static inline fr_point fr_canvas_turn(const fr_canvas *canvas, double x_pixel, double y_pixel)
{
    return canvas->figure->flipped ? (fr_point){ y_pixel, x_pixel } : (fr_point){ x_pixel, y_pixel };
}
static inline fr_point fr_canvas_at(const fr_canvas *canvas, double x, double y)
{
    return fr_canvas_turn(canvas, fr_canvas_x(canvas, x), fr_canvas_y(canvas, y));
}
/* A bar: `side` across, from y_low to y_high in pixels along the value axis. */
fr_box fr_canvas_box(const fr_canvas *canvas, fr_interval side, double y_low, double y_high);

/* Pixels of the place of a category, or of `width` in units of x around a number or time. */
fr_interval fr_canvas_side(const fr_canvas *canvas, double x, double width);

/* The area between LOW and HIGH of rows run[0] … run[1] - 1: the upper edge (*upper points), then the lower one back, both
 * thinned to what their pixels show. `points` has room for two a row; returns how many there are. */
size_t fr_canvas_outline(const fr_canvas *canvas, const fr_layer *layer, const size_t run[2], fr_point *points,
                         size_t *upper);

/* ---- texts ------------------------------------------------------------------------------------------------------- */
/* A text that must be there. */
bool fr_draw_text(fr_call *call, fr_drawing *drawing, const fr_label *label) FR_MUST_USE;
/* A text that is left out where it would meet another one or leave the page; *drawn (may be NULL) tells. */
bool fr_draw_note(fr_call *call, fr_drawing *drawing, const fr_label *label, bool *drawn) FR_MUST_USE;
/* One of a row of turned texts, whose upright boxes meet although they do not: left out only where it leaves the page. */
bool fr_draw_turned(fr_call *call, fr_drawing *drawing, const fr_label *label) FR_MUST_USE;
/* Room that texts keep out of. */
bool fr_draw_take(fr_call *call, fr_drawing *drawing, fr_box box) FR_MUST_USE;

/* The width of a text, in pixels; height of a line. */
bool   fr_draw_width(fr_call *call, const fr_drawing *drawing, const char *text, float size, double *out) FR_MUST_USE;
double fr_draw_line(const fr_drawing *drawing, float size);

/* How an axis writes its numbers: a bare "$" is the house's short style with that symbol. */
fr_number_style fr_axis_style_of(const fr_plot_axis *axis);
/* A value of the y axis as a label writes it: numbers with what the axis puts round them, times as dates. In the arena. */
const char *fr_canvas_value(fr_call *call, const fr_canvas *canvas, double y) FR_MUST_USE;
/* From the top of a line, or from the middle of its capitals, down to its baseline. */
static inline double fr_draw_ascent(const fr_drawing *drawing, float size)
{
    return drawing->look.cells ? 12 : (double)size * 0.95;
}
static inline double fr_draw_middle(const fr_drawing *drawing, float size)
{
    return drawing->look.cells ? 4 : (double)size * 0.36;
}

/* How values of the y axis are written beside their marks, all alike, the smallest with so many digits; a value by it. In the
 * arena. */
fr_label_plan fr_canvas_plan(const fr_canvas *canvas, const double *values, size_t n, int digits);
const char *fr_canvas_planned(fr_call *call, const fr_canvas *canvas, const fr_label_plan *plan, double y) FR_MUST_USE;
/* A value of an axis for tooltips and tables: category names, numbers, dates. */
const char *fr_axis_text(fr_call *call, fr_arena *arena, const fr_plot_axis *axis, double value) FR_MUST_USE;

/* "name: x, y" — what a browser shows at a mark; NULL on failure. */
const char *fr_canvas_tooltip(fr_call *call, const fr_canvas *canvas, const fr_layer *layer, size_t series,
                              size_t row) FR_MUST_USE;

#endif
