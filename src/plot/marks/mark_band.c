/* mark_band.c — the area between `low` and `high`, pale, so that the line it belongs to stands out. */
#include <math.h>

#include "plot/canvas.h"

static bool build(fr_call *call, fr_arena *arena, fr_layer *layer)
{
    (void)arena;
    return fr_layer_sort(call, layer);
}

static bool draw_series(fr_call *call, const fr_layer *layer, fr_canvas *canvas, size_t s)
{
    const fr_series *series = &layer->series[s];
    size_t n = series->end - series->begin;
    fr_point *points = fr_new_array(call, 2 * n, sizeof *points);
    if (!points) return false;
    size_t kept = fr_canvas_outline(canvas, layer, (const size_t[]){ series->begin, series->end }, points, NULL);
    fr_style style = { .fill = fr_paint_faded(fr_layer_paint(layer, s), 0.8f) };
    bool fine = fr_scene_polygon(call, canvas->scene, points, kept, &style) != NULL;
    fr_free_array(call->context, points, 2 * n, sizeof *points);
    return fine;
}

static bool draw(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    for (size_t s = 0; s < layer->n_series; s++)
        if (!draw_series(call, layer, canvas, s)) return false;
    return true;
}

const fr_mark_class fr_mark_class_band = {
    .name = "band", .kind = 14, .args_size = sizeof(fr_mark_band_args), .glyph = FR_GLYPH_RECT, .follows = true,
    .refuses = FR_BIT(FR_ROLE_Y), .wants = FR_BIT(FR_ROLE_X) | FR_BIT(FR_ROLE_LOW) | FR_BIT(FR_ROLE_HIGH),
    .numbers = FR_BIT(FR_ROLE_LOW) | FR_BIT(FR_ROLE_HIGH),
    .role_at = { [FR_ROLE_LOW] = offsetof(fr_mark_band_args, low), [FR_ROLE_HIGH] = offsetof(fr_mark_band_args, high) },
    .build = build, .draw = draw,
};
