/* mark_waterfall.c — how a total comes about: each change is a bar that begins where the one before ended.
 *
 *     Start  Sales  Costs  End          ▇▇ ┈┈ ▇▇ ┈┈ ▇▇
 *     total  +50    -30    total        ▇▇          ▇▇ ┈┈ ▇▇
 *     100                  (120)        ▇▇                ▇▇
 *
 * Rows that `total` marks stand on zero: with a value they set the running sum, without one they show it. Gains and
 * losses have the palette's two colours, and signs on their labels; totals have the series' colour. The sum is
 * compensated.
 */
#include <math.h>
#include <string.h>

#include "kernel/accumulate.h"
#include "plot/canvas.h"

enum { MOST_LABELLED = 20 };

typedef struct waterfall {
    double       *end;               /* the running sum after each bar                                                */
    fr_label_plan plan;              /* how its values are written                                                    */
} waterfall;

static const fr_mark_waterfall_args *args_of(const fr_layer *layer) { return &layer->of->mark.args.waterfall; }

static const waterfall *made_of(const fr_layer *layer) { return layer->made; }

/* ---- building ---------------------------------------------------------------------------------------------------- */
static bool check(fr_call *call, const fr_layer *layer)
{
    if (args_of(layer)->labels > FR_LABELS_NEVER || args_of(layer)->reduce > FR_REDUCE_COUNT)
        return fr_fail(call, FR_ERR_ARGUMENT, "labels or reduce is out of range");
    return true;
}

static bool refuse_several(fr_call *call, const fr_layer *layer, size_t i)
{
    const char *name = layer->figure->x[layer->panel].names[(size_t)layer->values[FR_ROLE_X][i]];
    return fr_fail_at(call, fr_place_at(.column = layer->of->channels[FR_ROLE_X].source,
                                        .hint = ".reduce = FR_REDUCE_SUM adds them up"),
                      FR_ERR_VALUE, "several rows for the bar %s", fr_quoted((fr_room){ 0 }.text, name, strlen(name)));
}

/* Rows i … j - 1 of one step become row `to`: a total when one of them is; changes without a value take no part. */
static bool merge_step(fr_call *call, const fr_layer *layer, size_t i, size_t j, size_t to)
{
    double *x = layer->values[FR_ROLE_X], *y = layer->values[FR_ROLE_Y], *total = layer->values[FR_ROLE_TOTAL];
    size_t n = i;
    double value = y[i];
    if (j - i > 1) {
        if (!args_of(layer)->reduce) return refuse_several(call, layer, i);
        for (size_t k = i; k < j; k++) {
            if (total) total[i] = fmax(total[i], total[k]);
            if (!isnan(y[k])) y[n++] = y[k];
        }
        if (!fr_reduce_values(call, args_of(layer)->reduce, y + i, n - i, &value)) return false;
    }
    x[to] = x[i];
    y[to] = value;
    if (total) total[to] = total[i];
    return true;
}

static bool merge_rows(fr_call *call, fr_layer *layer)
{
    const double *x = layer->values[FR_ROLE_X];
    size_t n = 0;
    for (size_t i = 0, j; i < layer->n; i = j) {
        for (j = i + 1; j < layer->n && x[j] == x[i]; j++) {}
        if (!merge_step(call, layer, i, j, n++)) return false;
    }
    layer->n = n;
    if (layer->n_series) layer->series[0].end = n;
    return true;
}

static bool is_total(const fr_layer *layer, size_t i)
{
    const double *total = layer->values[FR_ROLE_TOTAL];
    return total && total[i] > 0;
}

/* Bars in order of x; a change without a value is a gap at the height reached. */
static void stand(const fr_layer *layer, const waterfall *w)
{
    double *y = layer->values[FR_ROLE_Y], *low = layer->values[FR_ROLE_LOW], *high = layer->values[FR_ROLE_HIGH];
    fr_pair sum = { 0 };
    for (size_t i = 0; i < layer->n; i++) {
        double before = fr_pair_value(&sum);
        if (is_total(layer, i)) {
            if (isnan(y[i])) y[i] = before;
            else sum = (fr_pair){ .high = y[i] };
            before = 0;
        } else if (!isnan(y[i])) fr_pair_add(&sum, y[i]);
        w->end[i] = fr_pair_value(&sum);
        low[i]  = fmin(before, w->end[i]);
        high[i] = fmax(before, w->end[i]);
    }
}

static bool build(fr_call *call, fr_arena *arena, fr_layer *layer)
{
    waterfall *w = fr_arena_new(call, arena, sizeof *w);
    double *room = fr_arena_array(call, arena, 3 * layer->n + 1, sizeof *room);
    if (!w || !room || !check(call, layer) || !fr_layer_sort(call, layer) || !merge_rows(call, layer)) return false;
    layer->values[FR_ROLE_LOW]  = room;
    layer->values[FR_ROLE_HIGH] = room + layer->n;
    w->end = room + 2 * layer->n;
    layer->titles[FR_ROLE_LOW]  = "from";
    layer->titles[FR_ROLE_HIGH] = "to";
    layer->made = w;
    stand(layer, w);
    const fr_number_style style = fr_axis_style_of(&layer->figure->y[layer->panel]);
    w->plan = fr_label_plan_values(&style, layer->values[FR_ROLE_Y], layer->n, 3);
    return true;
}

static void extend(const fr_layer *layer, fr_extent *x, fr_extent *y)
{
    (void)x;
    fr_extent_add(y, layer->values[FR_ROLE_LOW], NULL, layer->n);
    fr_extent_add(y, layer->values[FR_ROLE_HIGH], NULL, layer->n);
}

/* ---- drawing ----------------------------------------------------------------------------------------------------- */
static fr_interval side_of(const fr_layer *layer, const fr_canvas *canvas, size_t i)
{
    const fr_interval side = fr_scale_band_at(&canvas->x, (size_t)layer->values[FR_ROLE_X][i]);
    return (fr_interval){ round(side.low), fmax(round(side.high), round(side.low) + 1) };
}

static fr_paint paint_of(const fr_layer *layer, size_t i)
{
    if (is_total(layer, i)) return fr_layer_paint(layer, 0);
    return fr_paint_ink(layer->values[FR_ROLE_Y][i] < 0 ? FR_INK_NEGATIVE : FR_INK_POSITIVE);
}

/* A value as it stands at its bar: changes have signs. */
static const char *text_of(fr_call *call, const fr_layer *layer, const fr_canvas *canvas, size_t i)
{
    const double y = layer->values[FR_ROLE_Y][i];
    const char *text = fr_canvas_planned(call, canvas, &made_of(layer)->plan, y);
    if (!text || is_total(layer, i) || !(y > 0)) return text;
    return fr_arena_format(call, canvas->drawing->arena, "+%s", text);
}

static fr_box box_of(const fr_layer *layer, const fr_canvas *canvas, size_t i)
{
    fr_box box = fr_canvas_box(canvas, side_of(layer, canvas, i), fr_canvas_end(canvas, layer->values[FR_ROLE_LOW][i]),
                               fr_canvas_end(canvas, layer->values[FR_ROLE_HIGH][i]));
    double *size = canvas->figure->flipped ? &box.width : &box.height;
    *size = fmax(*size, 1);                                                 /* no change is still a bar */
    return box;
}

static bool draw_bar(fr_call *call, const fr_layer *layer, fr_canvas *canvas, size_t i)
{
    const waterfall *w = made_of(layer);
    const char *value = text_of(call, layer, canvas, i), *end = fr_canvas_planned(call, canvas, &w->plan, w->end[i]);
    const char *name = layer->figure->x[layer->panel].names[(size_t)layer->values[FR_ROLE_X][i]];
    if (!value || !end) return false;
    const fr_style style = { .fill = paint_of(layer, i), .tooltip = is_total(layer, i)
        ? fr_arena_format(call, canvas->drawing->arena, "%s: %s", name, value)
        : fr_arena_format(call, canvas->drawing->arena, "%s: %s, then %s", name, value, end) };
    return style.tooltip && fr_scene_rect(call, canvas->scene, box_of(layer, canvas, i), 0, &style);
}

/* From the end of one bar to the beginning of the next. */
static bool draw_link(fr_call *call, const fr_layer *layer, fr_canvas *canvas, size_t i)
{
    const fr_style thin = { .stroke = { .paint = fr_paint_ink(FR_INK_MUTED), .width = 1, .square = true } };
    const double level = round(fr_canvas_y(canvas, made_of(layer)->end[i])) + 0.5;
    const fr_interval from = side_of(layer, canvas, i), to = side_of(layer, canvas, i + 1);
    const fr_point a = fr_canvas_turn(canvas, from.high, level), b = fr_canvas_turn(canvas, to.low, level);
    return fr_scene_line(call, canvas->scene, a, b, &thin) != NULL;
}

static bool draw(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    for (size_t i = 0; i < layer->n; i++) {
        if (i + 1 < layer->n && !draw_link(call, layer, canvas, i)) return false;
        if (!isnan(layer->values[FR_ROLE_Y][i]) && !draw_bar(call, layer, canvas, i)) return false;
    }
    return true;
}

/* Gains above their bar, losses below. */
static bool write_value(fr_call *call, const fr_layer *layer, fr_canvas *canvas, size_t i)
{
    const fr_box box = box_of(layer, canvas, i);
    const bool below = layer->values[FR_ROLE_Y][i] < 0;
    const float size = canvas->drawing->look.tick;
    fr_label label = { .text = text_of(call, layer, canvas, i), .font = { .size = size },
                       .paint = fr_paint_ink(FR_INK_TEXT),
                       .anchor = FR_ANCHOR_MIDDLE, .x = box.x + box.width / 2,
                       .y = below ? box.y + box.height + 3 + fr_draw_ascent(canvas->drawing, size) : box.y - 4 };
    if (canvas->figure->flipped) {
        label.anchor = below ? FR_ANCHOR_END : FR_ANCHOR_START;
        label.x = below ? box.x - 5 : box.x + box.width + 5;
        label.y = box.y + box.height / 2 + fr_draw_middle(canvas->drawing, size);
    }
    return label.text && fr_draw_note(call, canvas->drawing, &label, NULL);
}

static bool label(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    const uint32_t labels = args_of(layer)->labels;
    if (labels == FR_LABELS_NEVER || (labels == FR_LABELS_AUTO && layer->n > MOST_LABELLED)) return true;
    for (size_t i = 0; i < layer->n; i++)
        if (!isnan(layer->values[FR_ROLE_Y][i]) && !write_value(call, layer, canvas, i)) return false;
    return true;
}

const fr_mark_class fr_mark_class_waterfall = {
    .name = "waterfall", .kind = 15, .args_size = sizeof(fr_mark_waterfall_args), .glyph = FR_GLYPH_RECT,
    .refuses = FR_BIT(FR_ROLE_COLOUR),
    .wants = FR_BIT(FR_ROLE_X) | FR_BIT(FR_ROLE_Y), .numbers = FR_BIT(FR_ROLE_Y) | FR_BIT(FR_ROLE_TOTAL),
    .categories = FR_BIT(FR_ROLE_X), .zero = true, .gaps = true,
    .role_at = { [FR_ROLE_TOTAL] = offsetof(fr_mark_waterfall_args, total) },
    .reduce_at = offsetof(fr_mark_waterfall_args, reduce), .flip_at = offsetof(fr_mark_waterfall_args, horizontal),
    .build = build, .extend = extend, .draw = draw, .label = label,
};
