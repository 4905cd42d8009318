/* mark_text.c — texts at places of the chart: annotations.
 *
 * The same text at the same place, as from an expression that is the same in every row, is written once. A text gives way to
 * the labels of axes and to the texts before it.
 */
#include <math.h>

#include "plot/canvas.h"

static bool is_same(const fr_layer *layer, size_t i, size_t j)
{
    for (size_t role = 0; role < FR_N_READ; role++)
        if (layer->values[role] && layer->values[role][i] != layer->values[role][j] &&
            !(isnan(layer->values[role][i]) && isnan(layer->values[role][j]))) return false;
    return true;
}

static bool build(fr_call *call, fr_arena *arena, fr_layer *layer)
{
    const fr_mark_text_args *args = &layer->of->mark.args.text;
    size_t n = 0;
    (void)arena;
    if (!args->text == !args->label)
        return fr_fail(call, FR_ERR_ARGUMENT, "a text mark has either text, a column, or label");
    for (size_t i = 0; i < layer->n; i++) {
        if (n && is_same(layer, i, n - 1)) continue;
        for (size_t role = 0; role < FR_N_READ; role++)
            if (layer->values[role]) layer->values[role][n] = layer->values[role][i];
        n++;
    }
    layer->n = n;
    for (size_t s = 0; s < layer->n_series; s++) layer->series[s] = (fr_series){ .id = FR_NO_SERIES, .begin = 0,
        .end = n };
    return true;
}

static bool draw(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    (void)layer, (void)canvas;
    return !fr_failed(call);
}

static const char *text_of(const fr_layer *layer, size_t i)
{
    const fr_channel *channel = &layer->of->channels[FR_ROLE_TEXT];
    if (channel->kind == FR_CHANNEL_NONE) return layer->of->mark.args.text.label;
    double code = layer->values[FR_ROLE_TEXT][i];
    return isnan(code) ? "" : channel->names[(size_t)code];
}

static bool label(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    float size = canvas->drawing->look.label;
    fr_paint paint = fr_paints(layer->of->fill) ? layer->of->fill : fr_paint_ink(FR_INK_TEXT);
    for (size_t i = 0; i < layer->n; i++) {
        fr_point at = fr_canvas_at(canvas, layer->values[FR_ROLE_X][i], layer->values[FR_ROLE_Y][i]);
        const char *text = fr_text_fit(call, canvas->drawing->arena, canvas->drawing->metrics, text_of(layer, i),
                                       &(fr_font){ .size = size }, canvas->plot.width * 0.6);
        if (!text) return false;
        fr_label label = { .text = text, .y = at.y + fr_draw_middle(canvas->drawing, size), .font = { .size = size },
                           .paint = paint, .halo = 3 };
        bool right = at.x > canvas->plot.x + canvas->plot.width * 0.7, drawn;
        label.anchor = right ? FR_ANCHOR_END : FR_ANCHOR_START;
        label.x = at.x + (right ? -7 : 7);
        if (!isfinite(at.x) || !isfinite(at.y)) continue;
        if (!fr_draw_note(call, canvas->drawing, &label, &drawn)) return false;
        label.y = at.y - 7;
        label.x = at.x;
        label.anchor = FR_ANCHOR_MIDDLE;
        if (!drawn && !fr_draw_note(call, canvas->drawing, &label, NULL)) return false;
    }
    return true;
}

const fr_mark_class fr_mark_class_text = {
    .name = "text", .kind = 12, .args_size = sizeof(fr_mark_text_args), .label_at = offsetof(fr_mark_text_args, label),
    .refuses = FR_BIT(FR_ROLE_COLOUR),
    .wants = FR_BIT(FR_ROLE_X) | FR_BIT(FR_ROLE_Y), .role_at = { [FR_ROLE_TEXT] = offsetof(fr_mark_text_args, text) },
    .build = build, .draw = draw, .label = label,
};
