/* mark_heatmap.c — a table of x by y whose cells are shaded by a value: weekday by hour, region by product.
 *
 * Shades go from dark violet to light yellow in even steps of lightness, or, `diverging`, from blue over the surface at zero
 * to vermilion. Cells carry their values while they are large and few enough to be read; text is black or white, as the shade
 * needs. A cell without rows stays empty, which is not the same as zero.
 */
#include <math.h>

#include "plot/canvas.h"

enum { MOST_LABELLED = 400, MOST_CELLS = 1000000 };

static const fr_mark_heatmap_args *args_of(const fr_layer *layer) { return &layer->of->mark.args.heatmap; }

static bool build(fr_call *call, fr_arena *arena, fr_layer *layer)
{
    const fr_mark_heatmap_args *args = args_of(layer);
    uint32_t by = layer->values[FR_ROLE_COLOUR] ? args->reduce : FR_REDUCE_COUNT;
    if (args->labels > FR_LABELS_NEVER) return fr_fail(call, FR_ERR_ARGUMENT, "labels is out of range");
    if (!fr_layer_reduce(call, arena, layer, &(fr_reduce_wish){ .by = by, .unique = true, .both = true })) return false;
    if (layer->n > MOST_CELLS)
        return fr_fail(call, FR_ERR_LIMIT, "%zu cells are more than a heat map shows (1,000,000)", layer->n);
    return true;
}

static double shade_of(const fr_layer *layer, double value)
{
    const fr_extent *extent = &layer->figure->shade.extent;
    double most = fmax(fabs(extent->low), fabs(extent->high));
    if (layer->figure->diverging) return most > 0 ? 0.5 + value / most / 2 : 0.5;
    return extent->high > extent->low ? (value - extent->low) / (extent->high - extent->low) : 0.5;
}

static fr_paint paint_of(const fr_layer *layer, double value)
{
    double t = shade_of(layer, value);
    return layer->figure->diverging ? fr_paint_diverging(t) : fr_paint_sequential(t);
}

static fr_box cell_of(const fr_layer *layer, const fr_canvas *canvas, size_t i)
{
    fr_interval x = fr_scale_band_at(&canvas->x, (size_t)layer->values[FR_ROLE_X][i]);
    fr_interval y = fr_scale_band_at(&canvas->y, (size_t)layer->values[FR_ROLE_Y][i]);
    const fr_metrics *metrics = canvas->drawing->metrics;
    double w = fmax(1, metrics->cell_width), h = fmax(1, metrics->cell_height);      /* whole pixels, or characters */
    double left = round(x.low / w) * w, top = round(y.low / h) * h, right = round(x.high / w) * w,
        bottom = round(y.high / h) * h;
    double gap = h == 1 && x.high - x.low > 12 && y.high - y.low > 12 ? 1 : 0;
    return (fr_box){ left, top, fmax(0.5, right - left - gap), fmax(0.5, bottom - top - gap) };
}

static const char *tooltip_of(fr_call *call, const fr_layer *layer, const fr_canvas *canvas, size_t i)
{
    const fr_figure *figure = layer->figure;
    fr_arena *arena = canvas->drawing->arena;
    const char *value = fr_axis_text(call, arena, &figure->shade, layer->values[FR_ROLE_COLOUR][i]);
    if (!value) return NULL;
    return fr_arena_format(call, arena, "%s, %s: %s",
                           figure->x[layer->panel].names[(size_t)layer->values[FR_ROLE_X][i]],
                           figure->y[layer->panel].names[(size_t)layer->values[FR_ROLE_Y][i]], value);
}

static bool draw(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    for (size_t i = 0; i < layer->n; i++) {
        if (isnan(layer->values[FR_ROLE_COLOUR][i])) continue;
        fr_style style = { .fill = paint_of(layer, layer->values[FR_ROLE_COLOUR][i]) };
        if (layer->n <= 2000 && !(style.tooltip = tooltip_of(call, layer, canvas, i))) return false;
        if (!fr_scene_rect(call, canvas->scene, cell_of(layer, canvas, i), 0, &style)) return false;
    }
    return true;
}

/* One size for all cells, so that the widest value has room; 0 when that is too small to be read. */
static bool size_for(fr_call *call, const fr_layer *layer, const fr_canvas *canvas, const char *const *texts,
                     float *size)
{
    const float best = fminf(canvas->drawing->look.tick, 10.5f), least = canvas->drawing->look.cells ? best : 7.5f;
    *size = best;
    for (size_t i = 0; i < layer->n; i++) {
        double width;
        fr_box box = cell_of(layer, canvas, i);
        if (!texts[i]) continue;
        if (!fr_draw_width(call, canvas->drawing, texts[i], best, &width)) return false;
        if (width > 0) *size = fminf(*size, (float)(best * (box.width - 3) / width));
        *size = fminf(*size, (float)box.height);
    }
    if (*size < least) *size = 0;
    return true;
}

static bool write_values(fr_call *call, const fr_layer *layer, fr_canvas *canvas, const char *const *texts, float size)
{
    for (size_t i = 0; i < layer->n; i++) {
        fr_box box = cell_of(layer, canvas, i);
        if (!texts[i]) continue;
        fr_label label = { .text = texts[i], .x = box.x + box.width / 2, .anchor = FR_ANCHOR_MIDDLE,
                           .font = { .size = size },
                           .y = box.y + box.height / 2 + fr_draw_middle(canvas->drawing, size),
                           .paint = fr_paint_over(paint_of(layer, layer->values[FR_ROLE_COLOUR][i])) };
        if (!fr_draw_note(call, canvas->drawing, &label, NULL)) return false;
    }
    return true;
}

static bool label(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    uint32_t labels = fr_plotted_option(layer->of, layer->of->class_->labels_at);       /* of a correlation as well */
    fr_arena *arena = canvas->drawing->arena;
    float size;
    if (labels == FR_LABELS_NEVER || (labels == FR_LABELS_AUTO && layer->n > MOST_LABELLED)) return true;
    const char **texts = fr_arena_array(call, arena, layer->n + 1, sizeof *texts);
    if (!texts) return false;
    for (size_t i = 0; i < layer->n; i++) {
        double value = layer->values[FR_ROLE_COLOUR][i];
        if (!isnan(value) && !(texts[i] = fr_axis_text(call, arena, &layer->figure->shade, value))) return false;
    }
    return size_for(call, layer, canvas, texts, &size) && (size <= 0 || write_values(call, layer, canvas, texts, size));
}

const fr_mark_class fr_mark_class_heatmap = {
    .name = "heatmap", .kind = 8, .args_size = sizeof(fr_mark_heatmap_args), .frame = FR_FRAME_TABLE, .shades = true,
    .wants = FR_BIT(FR_ROLE_X) | FR_BIT(FR_ROLE_Y), .own_paints = true, .numbers = FR_BIT(FR_ROLE_COLOUR),
    .categories = FR_BIT(FR_ROLE_X) | FR_BIT(FR_ROLE_Y), .reduce_at = offsetof(fr_mark_heatmap_args, reduce),
    .labels_at = offsetof(fr_mark_heatmap_args, labels), .diverges_at = offsetof(fr_mark_heatmap_args, diverging),
    .build = build, .draw = draw, .label = label,
};
