/* mark_line.c — lines: each series through its points from left to right, interrupted where y is missing.
 *
 * Rows are put in order of x unless the caller wants them as they come. A line of more points than pixels is thinned
 * (decimate.h) to the first, lowest, highest and last of each column of pixels, which draws the same picture.
 */
#include <math.h>

#include "plot/canvas.h"
#include "plot/decimate.h"

static const fr_mark_line_args *args_of(const fr_layer *layer) { return &layer->of->mark.args.line; }

/* A line through several rows of one x goes up and down there: the note says so. */
static bool count_shared(fr_layer *layer)
{
    const double *x = layer->values[FR_ROLE_X];
    for (size_t s = 0; s < layer->n_series; s++)
        for (size_t i = layer->series[s].begin + 1; i < layer->series[s].end; i++) layer->n_shared += x[i] == x[i - 1];
    return true;
}

static bool build(fr_call *call, fr_arena *arena, fr_layer *layer)
{
    const fr_mark_line_args *args = args_of(layer);
    if (!(args->width >= 0 && args->width <= 100))
        return fr_fail(call, FR_ERR_ARGUMENT, "a line's width is 0 … 100 pixels");
    if (args->in_row_order && args->reduce == FR_REDUCE_NONE) return true;
    if (args->reduce == FR_REDUCE_NONE) return fr_layer_sort(call, layer) && count_shared(layer);
    return fr_layer_reduce(call, arena, layer, &(fr_reduce_wish){ .by = args->reduce });
}

/* Points in pixels; a stepped line gets a corner before each. */
static size_t points_of(const fr_layer *layer, const fr_canvas *canvas, const fr_series *series, fr_point *out)
{
    const double *x = layer->values[FR_ROLE_X], *y = layer->values[FR_ROLE_Y];
    bool stepped = args_of(layer)->stepped, skip = args_of(layer)->over_nulls;
    size_t n = 0;
    for (size_t i = series->begin; i < series->end; i++) {
        if (skip && isnan(y[i])) continue;
        fr_point at = isnan(y[i]) ? (fr_point){ (double)NAN, (double)NAN } : fr_canvas_at(canvas, x[i], y[i]);
        if (stepped && n && !isnan(at.x) && !isnan(out[n - 1].x)) {
            out[n] = canvas->figure->flipped ? (fr_point){ out[n - 1].x, at.y } : (fr_point){ at.x, out[n - 1].y };
            n++;
        }
        out[n++] = at;
    }
    return canvas->figure->flipped ? n : fr_decimate_line(out, n, 1);
}

/* A point between two gaps has no line: it gets a dot that can be seen. */
static bool draw_lonely(fr_call *call, fr_canvas *canvas, const fr_point *points, size_t n, const fr_style *style)
{
    for (size_t i = 0; i < n; i++) {
        bool before = i > 0 && isfinite(points[i - 1].x), after = i + 1 < n && isfinite(points[i + 1].x);
        if (before || after || !isfinite(points[i].x)) continue;
        if (!fr_scene_circle(call, canvas->scene, points[i], 3, style)) return false;
    }
    return true;
}

static bool draw_points(fr_call *call, const fr_layer *layer, fr_canvas *canvas, size_t s, const fr_point *points,
                        size_t n)
{
    const fr_mark_line_args *args = args_of(layer);
    size_t id = layer->series[s].id;
    bool other = id != FR_NO_SERIES && layer->figure->series[id].other;
    fr_paint paint = fr_layer_paint(layer, s);
    fr_style line = { .stroke = { .paint = other ? fr_paint_faded(paint, 0.5f) : paint, .width = (float)args->width,
                                  .dash = args->dashed ? FR_DASH_DASHED : FR_DASH_SOLID } };
    fr_style dots = { .fill = paint, .stroke = { .paint = fr_paint_ink(FR_INK_SURFACE), .width = 1 } };
    if (!fr_scene_polyline(call, canvas->scene, points, n, &line) || !draw_lonely(call, canvas, points, n, &dots))
        return false;
    return !args->points || fr_scene_points(call, canvas->scene, points, n, args->width + 1.5, &dots);
}

static bool draw_series(fr_call *call, const fr_layer *layer, fr_canvas *canvas, size_t s)
{
    const fr_series *series = &layer->series[s];
    size_t most = 2 * (series->end - series->begin) + 1;
    fr_point *points = fr_new_array(call, most, sizeof *points);
    if (!points) return false;
    bool fine = draw_points(call, layer, canvas, s, points, points_of(layer, canvas, series, points));
    fr_free_array(call->context, points, most, sizeof *points);
    return fine;
}

static bool draw(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    for (size_t s = layer->n_series; s-- > 0;)        /* the first series on top */
        if (!draw_series(call, layer, canvas, s)) return false;
    return true;
}

/* ---- pointing out ------------------------------------------------------------------------------------------------ */

/* The value above the point (of the lowest one: below), else on the other side, else to its left. */
static bool write_value(fr_call *call, fr_canvas *canvas, fr_point at, const char *text, bool lowest)
{
    float size = canvas->drawing->look.label;
    fr_label label = { .text = text, .anchor = FR_ANCHOR_MIDDLE, .halo = 3, .paint = fr_paint_ink(FR_INK_TEXT),
                       .font = { .size = size, .weight = FR_WEIGHT_SEMIBOLD } };
    double above = at.y - 8, below = at.y + 8 + fr_draw_ascent(canvas->drawing, size);
    const fr_point places[] = { { at.x, lowest ? below : above }, { at.x, lowest ? above : below },
                                { at.x - 8, at.y + fr_draw_middle(canvas->drawing, size) } };
    bool drawn = false;
    for (size_t i = 0; i < FR_COUNT_OF(places) && !drawn; i++) {
        label.x = places[i].x;
        label.y = places[i].y;
        if (i == 2) label.anchor = FR_ANCHOR_END;
        if (!fr_draw_note(call, canvas->drawing, &label, &drawn)) return false;
    }
    return true;
}

typedef struct pointing { size_t series, row; bool lowest; } pointing;

static bool point_out(fr_call *call, const fr_layer *layer, fr_canvas *canvas, const pointing *p)
{
    double y = layer->values[FR_ROLE_Y][p->row];
    fr_point at = fr_canvas_at(canvas, layer->values[FR_ROLE_X][p->row], y);
    fr_style dot = { .fill = fr_layer_paint(layer, p->series),
                     .stroke = { .paint = fr_paint_ink(FR_INK_SURFACE), .width = 1.5f } };
    const char *text = fr_canvas_value(call, canvas, y);
    return text && fr_scene_circle(call, canvas->scene, at, 4, &dot) && write_value(call, canvas, at, text, p->lowest);
}

static bool label(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    uint32_t which = args_of(layer)->highlight;
    const double *y = layer->values[FR_ROLE_Y];
    for (size_t s = 0; which && s < layer->n_series; s++) {
        size_t least = SIZE_MAX, most = SIZE_MAX, last = SIZE_MAX;
        for (size_t i = layer->series[s].begin; i < layer->series[s].end; i++) {
            if (isnan(y[i])) continue;
            if (least == SIZE_MAX || y[i] < y[least]) least = i;
            if (most == SIZE_MAX || y[i] > y[most]) most = i;
            last = i;
        }
        if (last == SIZE_MAX) continue;
        if (which & FR_HIGHLIGHT_LAST && !point_out(call, layer, canvas, &(pointing){ s, last, false })) return false;
        if (which & FR_HIGHLIGHT_LAST && most == last) most = SIZE_MAX;        /* one label for one point */
        if (which & FR_HIGHLIGHT_LAST && least == last) least = SIZE_MAX;
        if (which & FR_HIGHLIGHT_MAX && most != SIZE_MAX &&
            !point_out(call, layer, canvas, &(pointing){ s, most, false })) return false;
        if (which & FR_HIGHLIGHT_MIN && least != SIZE_MAX &&
            !point_out(call, layer, canvas, &(pointing){ s, least, true })) return false;
    }
    return true;
}

static void defaults(fr_mark *mark) { mark->args.line.width = 2; }

const fr_mark_class fr_mark_class_line = {
    .name = "line", .kind = 1, .args_size = sizeof(fr_mark_line_args), .glyph = FR_GLYPH_LINE,
    .wants = FR_BIT(FR_ROLE_X) | FR_BIT(FR_ROLE_Y), .numbers = FR_BIT(FR_ROLE_Y), .gaps = true, .ends = true,
    .reduce_at = offsetof(fr_mark_line_args, reduce),
    .defaults = defaults, .build = build, .draw = draw, .label = label,
};
