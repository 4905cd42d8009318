/* mark_area.c — areas: the series stacked on each other, as shares, or each from zero and half transparent.
 *
 * A stack needs every series at every x, so a row that is missing there counts as nothing: the series keeps its place with a
 * height of zero.
 */
#include <math.h>
#include <string.h>

#include "plot/canvas.h"

static const fr_mark_area_args *args_of(const fr_layer *layer) { return &layer->of->mark.args.area; }

static bool is_stacked(const fr_layer *layer) { return args_of(layer)->arrange != FR_ARRANGE_OVERLAID; }

/* Each series gets a row at every place: 0 where it has none. */
static bool complete(fr_call *call, fr_arena *arena, fr_layer *layer, const fr_slots *slots)
{
    size_t n = slots->n * layer->n_series;
    double *x = fr_arena_array(call, arena, n + 1, sizeof *x), *y = fr_arena_array(call, arena, n + 1, sizeof *y);
    if (!x || !y) return false;
    for (size_t s = 0; s < layer->n_series; s++) {
        fr_series *series = &layer->series[s];
        for (size_t i = 0; i < slots->n; i++) x[s * slots->n + i] = slots->x[i];
        for (size_t row = series->begin; row < series->end; row++) {
            double value = layer->values[FR_ROLE_Y][row];
            y[s * slots->n + slots->of_row[row]] += isnan(value) ? 0 : value;
        }
        *series = (fr_series){ .id = series->id, .begin = s * slots->n, .end = (s + 1) * slots->n };
    }
    layer->values[FR_ROLE_X] = x;
    layer->values[FR_ROLE_Y] = y;
    layer->n = n;
    return true;
}

static bool build(fr_call *call, fr_arena *arena, fr_layer *layer)
{
    const fr_mark_area_args *args = args_of(layer);
    fr_slots slots;
    if (args->arrange > FR_ARRANGE_OVERLAID || args->arrange == FR_ARRANGE_GROUPED)
        return fr_fail(call, FR_ERR_ARGUMENT, "areas are stacked, shares or overlaid");
    if (!fr_layer_reduce(call, arena, layer, &(fr_reduce_wish){ .by = args->reduce, .unique = true }) ||
        !fr_layer_slots(call, arena, layer, &slots)) return false;
    if (is_stacked(layer) && layer->n_series > 1 &&
        (!complete(call, arena, layer, &slots) || !fr_layer_slots(call, arena, layer, &slots))) return false;
    uint32_t arrange = args->arrange == FR_ARRANGE_AUTO ? FR_ARRANGE_STACKED : args->arrange;
    return fr_layer_stack(call, arena, layer, &slots, arrange);
}

static bool draw_run(fr_call *call, const fr_layer *layer, fr_canvas *canvas, size_t s, const size_t run[2])
{
    size_t n = run[1] - run[0];
    bool solid = is_stacked(layer) && layer->n_series > 1;
    fr_paint paint = fr_layer_paint(layer, s);
    fr_point *points = fr_new_array(call, 2 * n, sizeof *points);
    if (!points) return false;
    size_t upper, kept = fr_canvas_outline(canvas, layer, run, points, &upper);
    fr_style area = { .fill = fr_paint_faded(paint, solid ? 0.12f : 0.75f) };
    fr_style edge = { .stroke = { .paint = solid ? fr_paint_ink(FR_INK_SURFACE) : paint, .width = solid ? 1 : 2 } };
    bool fine = fr_scene_polygon(call, canvas->scene, points, kept, &area) &&
                fr_scene_polyline(call, canvas->scene, points, upper, &edge);
    fr_free_array(call->context, points, 2 * n, sizeof *points);
    return fine;
}

static bool draw(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    const double *y = layer->values[FR_ROLE_Y];
    for (size_t s = 0; s < layer->n_series; s++) {
        for (size_t i = layer->series[s].begin, j; i < layer->series[s].end; i = j + 1) {
            for (j = i; j < layer->series[s].end && !isnan(y[j]);) j++;
            if (j > i && !draw_run(call, layer, canvas, s, (const size_t[]){ i, j })) return false;
        }
    }
    return true;
}

const fr_mark_class fr_mark_class_area = {
    .name = "area", .kind = 2, .args_size = sizeof(fr_mark_area_args), .glyph = FR_GLYPH_RECT,
    .wants = FR_BIT(FR_ROLE_X) | FR_BIT(FR_ROLE_Y), .numbers = FR_BIT(FR_ROLE_Y), .zero = true, .adds_up = true,
    .gaps = true, .ends = true,
    .reduce_at = offsetof(fr_mark_area_args, reduce), .arrange_at = offsetof(fr_mark_area_args, arrange),
    .build = build, .draw = draw,
};
