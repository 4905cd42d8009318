/* mark_sparkline.c — a line the size of a word: no axes, the last value beside it, its lowest and highest point dotted.
 *
 * Source   E. Tufte, Beautiful Evidence (2006).
 */
#include <math.h>

#include "plot/canvas.h"
#include "plot/decimate.h"

static const fr_mark_sparkline_args *args_of(const fr_layer *layer) { return &layer->of->mark.args.sparkline; }

static bool build(fr_call *call, fr_arena *arena, fr_layer *layer)
{
    double *y = layer->values[FR_ROLE_Y];
    if (!y) return fr_fail(call, FR_ERR_ARGUMENT, "a sparkline needs y");
    if (!layer->values[FR_ROLE_X]) {                     /* the rows as they come */
        double *x = fr_arena_array(call, arena, layer->n + 1, sizeof *x);
        if (!x) return false;
        for (size_t i = 0; i < layer->n; i++) x[i] = (double)i;
        layer->values[FR_ROLE_X] = x;
    }
    return fr_layer_sort(call, layer);
}

typedef struct spark { size_t last, least, most; } spark;

static bool find(const fr_layer *layer, const fr_series *series, spark *out)
{
    const double *y = layer->values[FR_ROLE_Y];
    *out = (spark){ SIZE_MAX, SIZE_MAX, SIZE_MAX };
    for (size_t i = series->begin; i < series->end; i++) {
        if (isnan(y[i])) continue;
        out->last = i;
        if (out->least == SIZE_MAX || y[i] < y[out->least]) out->least = i;
        if (out->most == SIZE_MAX || y[i] > y[out->most]) out->most = i;
    }
    return out->last != SIZE_MAX;
}

/* The plot without the room for the value. */
static fr_box room_for_line(fr_call *call, const fr_layer *layer, const fr_canvas *canvas, const char *text, bool *fine)
{
    fr_box box = canvas->plot;
    double width = 0;
    *fine = !text || fr_draw_width(call, canvas->drawing, text, canvas->drawing->look.label, &width);
    box.width = fmax(8, box.width - (args_of(layer)->no_label ? 4 : width + 12));
    return (fr_box){ box.x + 2, box.y + 3, box.width - 2, fmax(4, box.height - 6) };
}

static fr_point place(const fr_layer *layer, fr_box box, const spark *s, const fr_series *series, size_t i)
{
    const double *x = layer->values[FR_ROLE_X], *y = layer->values[FR_ROLE_Y];
    double first = x[series->begin], last = x[series->end - 1], low = y[s->least], high = y[s->most];
    double across = last > first ? (x[i] / 2 - first / 2) / (last / 2 - first / 2) : 0.5,       /* halves: -1e308 … 1e308 */
        up = high > low ? (y[i] / 2 - low / 2) / (high / 2 - low / 2) : 0.5;
    return (fr_point){ box.x + across * box.width, box.y + (1 - up) * box.height };
}

static bool draw_line(fr_call *call, const fr_layer *layer, fr_canvas *canvas, size_t at, fr_box box)
{
    const fr_series *series = &layer->series[at];
    size_t n = series->end - series->begin;
    spark s;
    fr_point *points = fr_new_array(call, n + 2, sizeof *points);
    if (!points) return false;
    bool fine = true, any = find(layer, series, &s);
    for (size_t i = 0; any && i < n; i++) points[i] = place(layer, box, &s, series, series->begin + i);
    fr_paint paint = fr_layer_paint(layer, at);
    fr_style line = { .stroke = { .paint = paint, .width = 1.5f } }, area = { .fill = fr_paint_faded(paint, 0.8f) };
    fr_style low = { .fill = fr_paint_ink(FR_INK_NEGATIVE) }, high = { .fill = fr_paint_ink(FR_INK_POSITIVE) },
        dot = { .fill = paint };
    if (any) {
        size_t kept = fr_decimate_line(points, n, 1);
        if (args_of(layer)->area) {
            points[kept] = (fr_point){ points[kept - 1].x, box.y + box.height + 2 };
            points[kept + 1] = (fr_point){ points[0].x, box.y + box.height + 2 };
            fine = fr_scene_polygon(call, canvas->scene, points, kept + 2, &area) != NULL;
        }
        fine = fine && fr_scene_polyline(call, canvas->scene, points, kept, &line) &&
               fr_scene_circle(call, canvas->scene, place(layer, box, &s, series, s.least), 2, &low) &&
               fr_scene_circle(call, canvas->scene, place(layer, box, &s, series, s.most), 2, &high) &&
               fr_scene_circle(call, canvas->scene, place(layer, box, &s, series, s.last), 2.5, &dot);
    }
    fr_free_array(call->context, points, n + 2, sizeof *points);
    return fine;
}

static bool write_last(fr_call *call, const fr_layer *layer, fr_canvas *canvas, size_t at, const char *text, fr_box box)
{
    float size = canvas->drawing->look.label;
    spark s;
    if (!text || args_of(layer)->no_label || !find(layer, &layer->series[at], &s)) return true;
    fr_point end = place(layer, box, &s, &layer->series[at], s.last);
    fr_label label = { .text = text, .x = box.x + box.width + 7, .font = { .size = size, .weight = FR_WEIGHT_SEMIBOLD },
                       .paint = fr_paint_ink(FR_INK_TEXT) };
    double line = fr_draw_line(canvas->drawing, size);
    label.y = fmax(canvas->plot.y + line * 0.8,
                   fmin(end.y + fr_draw_middle(canvas->drawing, size),
                        canvas->plot.y + canvas->plot.height - line * 0.2));
    return fr_draw_note(call, canvas->drawing, &label, NULL);
}

static bool draw(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    for (size_t at = 0; at < layer->n_series; at++) {
        spark s;
        bool fine, any = find(layer, &layer->series[at], &s);
        const char *text = any ? fr_axis_text(call, canvas->drawing->arena, &layer->figure->y[layer->panel],
                                              layer->values[FR_ROLE_Y][s.last]) : NULL;
        if (any && !text) return false;
        fr_box box = room_for_line(call, layer, canvas, text, &fine);
        if (!fine || !draw_line(call, layer, canvas, at, box) || !write_last(call, layer, canvas, at, text, box))
            return false;
    }
    return true;
}

const fr_mark_class fr_mark_class_sparkline = {
    .name = "sparkline", .kind = 10, .args_size = sizeof(fr_mark_sparkline_args), .frame = FR_FRAME_NONE,
    .glyph = FR_GLYPH_LINE, .ends = true, .wants = FR_BIT(FR_ROLE_Y), .numbers = FR_BIT(FR_ROLE_Y),
    .build = build, .draw = draw,
};
