/* mark_rule.c — a line across the chart at each value of x or y: a target, a mean, the day of a launch.
 *
 * The value is an expression, so `.y = "mean(revenue)"` needs no second frame; an expression that is the same in every row is
 * one line.
 */
#include <math.h>

#include "plot/canvas.h"

static bool build(fr_call *call, fr_arena *arena, fr_layer *layer)
{
    double *x = layer->values[FR_ROLE_X], *y = layer->values[FR_ROLE_Y], *at = x ? x : y;
    if (!x == !y) return fr_fail(call, FR_ERR_ARGUMENT, "a rule has either x or y");
    size_t n = 0;
    (void)arena;
    for (size_t i = 0; i < layer->n; i++)
        if (n == 0 || at[i] != at[n - 1]) at[n++] = at[i];
    layer->n = n;
    for (size_t s = 0; s < layer->n_series; s++) layer->series[s] = (fr_series){ .id = FR_NO_SERIES, .begin = 0,
        .end = n };
    return true;
}

/* A value's place on the page: is the line level, and where? */
static bool place(const fr_layer *layer, const fr_canvas *canvas, size_t i, bool *level)
{
    bool along_x = layer->values[FR_ROLE_Y] != NULL;
    *level = along_x != canvas->figure->flipped;
    return i < layer->n;
}

static fr_point ends(const fr_layer *layer, const fr_canvas *canvas, size_t i, bool level, fr_point *to)
{
    fr_box plot = canvas->plot;
    double at = layer->values[FR_ROLE_Y] ? fr_canvas_y(canvas, layer->values[FR_ROLE_Y][i])
                                         : fr_canvas_x(canvas, layer->values[FR_ROLE_X][i]);
    at = floor(at) + 0.5;
    *to = level ? (fr_point){ plot.x + plot.width, at } : (fr_point){ at, plot.y + plot.height };
    return level ? (fr_point){ plot.x, at } : (fr_point){ at, plot.y };
}

static fr_paint paint_of(const fr_layer *layer)
{
    return fr_paints(layer->of->fill) ? layer->of->fill : fr_paint_ink(FR_INK_TEXT);
}

static bool draw(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    fr_style style = { .stroke = { .paint = paint_of(layer), .width = 1.25f, .square = true,
                                   .dash = layer->of->mark.args.rule.dashed ? FR_DASH_DASHED : FR_DASH_SOLID } };
    bool level;
    for (size_t i = 0; place(layer, canvas, i, &level); i++) {
        fr_point to, from = ends(layer, canvas, i, level, &to);
        if (!fr_scene_line(call, canvas->scene, from, to, &style)) return false;
    }
    return true;
}

/* At the right end above the line (below where that is taken); beside the top of an upright line. */
static bool label(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    const char *text = layer->of->mark.args.rule.label;
    float size = canvas->drawing->look.tick;
    bool level, drawn = false;
    if (!text || !place(layer, canvas, 0, &level)) return true;
    fr_point to, from = ends(layer, canvas, 0, level, &to);
    fr_label label = { .text = text, .font = { .size = size }, .paint = paint_of(layer), .halo = 3 };
    const fr_point level_places[] = { { to.x - 2, to.y - 5 }, { to.x - 2, to.y + size + 3 }, { from.x + 4, to.y - 5 } };
    const fr_point upright_places[] = { { from.x + 5, from.y + size }, { from.x - 5, from.y + size },
                                        { from.x + 5, to.y - 5 } };
    const uint8_t level_anchors[] = { FR_ANCHOR_END, FR_ANCHOR_END, FR_ANCHOR_START };
    const uint8_t upright_anchors[] = { FR_ANCHOR_START, FR_ANCHOR_END, FR_ANCHOR_START };
    for (size_t i = 0; i < 3 && !drawn; i++) {
        label.anchor = level ? level_anchors[i] : upright_anchors[i];
        label.x = level ? level_places[i].x : upright_places[i].x;
        label.y = level ? level_places[i].y : upright_places[i].y;
        if (!fr_draw_note(call, canvas->drawing, &label, &drawn)) return false;
    }
    return true;
}

const fr_mark_class fr_mark_class_rule = {
    .name = "rule", .kind = 11, .args_size = sizeof(fr_mark_rule_args), .label_at = offsetof(fr_mark_rule_args, label),
    .refuses = FR_BIT(FR_ROLE_COLOUR),
    .build = build, .draw = draw, .label = label,
};
