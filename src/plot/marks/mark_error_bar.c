/* mark_error_bar.c — a bar with feet from `low` to `high` at each x. */
#include <math.h>

#include "plot/canvas.h"

static bool draw_row(fr_call *call, const fr_layer *layer, fr_canvas *canvas, size_t s, size_t i)
{
    double x = fr_canvas_x(canvas, layer->values[FR_ROLE_X][i]), foot = 4;
    double low = fr_canvas_y(canvas, layer->values[FR_ROLE_LOW][i]),
        high = fr_canvas_y(canvas, layer->values[FR_ROLE_HIGH][i]);
    bool on_bars = layer->of->number > 0 && layer->figure->marks[0].class_->glyph == FR_GLYPH_RECT;
    fr_style style = { .stroke = { .paint = on_bars ? fr_paint_ink(FR_INK_TEXT) : fr_layer_paint(layer, s),
                                   .width = 1.5f,
                                   .square = true } };
    const double lines[3][4] = { { x, low, x, high }, { x - foot, low, x + foot, low },
                                 { x - foot, high, x + foot, high } };
    for (size_t k = 0; k < 3; k++)
        if (!fr_scene_line(call, canvas->scene, fr_canvas_turn(canvas, lines[k][0], lines[k][1]),
                           fr_canvas_turn(canvas, lines[k][2], lines[k][3]), &style)) return false;
    return true;
}

static bool draw(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    for (size_t s = 0; s < layer->n_series; s++)
        for (size_t i = layer->series[s].begin; i < layer->series[s].end; i++)
            if (!draw_row(call, layer, canvas, s, i)) return false;
    return true;
}

const fr_mark_class fr_mark_class_error_bar = {
    .name = "error_bar", .kind = 13, .args_size = sizeof(fr_mark_error_bar_args), .glyph = FR_GLYPH_LINE, .follows =
        true,
    .refuses = FR_BIT(FR_ROLE_Y), .wants = FR_BIT(FR_ROLE_X) | FR_BIT(FR_ROLE_LOW) | FR_BIT(FR_ROLE_HIGH),
    .numbers = FR_BIT(FR_ROLE_LOW) | FR_BIT(FR_ROLE_HIGH), .pads = true,
    .role_at = { [FR_ROLE_LOW] = offsetof(fr_mark_error_bar_args, low),
                 [FR_ROLE_HIGH] = offsetof(fr_mark_error_bar_args, high) },
    .draw = draw,
};
