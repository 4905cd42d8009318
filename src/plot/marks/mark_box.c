/* mark_box.c — boxes: quartiles, median, whiskers, and the rows beyond them, for each category.
 *
 *      o            beyond 1.5 interquartile ranges
 *      ┬            the farthest row within
 *     ┌┴┐ q3
 *     ├─┤ median
 *     └┬┘ q1
 *      ┴
 */
#include <math.h>
#include <string.h>

#include "plot/canvas.h"
#include "plot/stat.h"

enum { MOST_OUTLIERS = 200 };

typedef struct boxes { fr_box_stat *all; bool grouped; } boxes;      /* grouped: several series at one place */

static bool has_column(const fr_layer *layer, size_t role) { return layer->values[role] != NULL; }

/* A layer's rows, one box each: series by series, within one by category. */
static bool make_boxes(fr_call *call, fr_arena *arena, fr_layer *layer, boxes *b)
{
    const double *x = layer->values[FR_ROLE_X];
    double *places = fr_arena_array(call, arena, layer->n + 1, sizeof *places);
    size_t n = 0;
    if (!places || !(b->all = fr_arena_array(call, arena, layer->n + 1, sizeof *b->all))) return false;
    for (size_t s = 0; s < layer->n_series; s++) {
        fr_series *series = &layer->series[s];
        size_t begin = n;
        for (size_t i = series->begin, j; i < series->end; i = j) {
            for (j = i; j < series->end && (!x || x[j] == x[i]);) j++;
            const fr_numbers rows = { layer->values[FR_ROLE_Y] + i, NULL, j - i };
            places[n] = x ? x[i] : 0;
            if (!fr_box_stat_make(call, arena, &rows, MOST_OUTLIERS, &b->all[n++])) return false;
        }
        *series = (fr_series){ .id = series->id, .begin = begin, .end = n };
    }
    layer->values[FR_ROLE_X] = places;
    layer->n = n;
    return true;
}

static const size_t shown[] = { FR_ROLE_COUNT, FR_ROLE_MIN, FR_ROLE_Q1, FR_ROLE_MEDIAN, FR_ROLE_Q3, FR_ROLE_MAX };

static bool build(fr_call *call, fr_arena *arena, fr_layer *layer)
{
    boxes *b = fr_arena_new(call, arena, sizeof *b);
    if (!b || (has_column(layer, FR_ROLE_X) && !fr_layer_sort(call, layer)) || !make_boxes(call, arena, layer, b))
        return false;
    for (size_t k = 0; k < FR_COUNT_OF(shown); k++)
        if (!(layer->values[shown[k]] = fr_arena_array(call, arena, layer->n + 1, sizeof(double)))) return false;
    for (size_t i = 0; i < layer->n; i++) {
        const fr_box_stat *box = &b->all[i];
        const double values[] = { (double)box->n, box->low, box->q1, box->median, box->q3, box->high };
        for (size_t k = 0; k < FR_COUNT_OF(shown); k++) layer->values[shown[k]][i] = values[k];
    }
    layer->titles[FR_ROLE_MIN] = "whisker_low";
    layer->titles[FR_ROLE_MAX] = "whisker_high";
    layer->titles[FR_ROLE_Y] = layer->of->channels[FR_ROLE_Y].source;
    layer->values[FR_ROLE_Y] = layer->values[FR_ROLE_MEDIAN];
    layer->made = b;
    fr_slots slots;
    if (!fr_layer_slots(call, arena, layer, &slots)) return false;
    b->grouped = layer->n > slots.n;
    return true;
}

static void extend(const fr_layer *layer, fr_extent *x, fr_extent *y)
{
    const boxes *b = layer->made;
    (void)x;
    fr_extent_add(y, layer->values[FR_ROLE_MIN], NULL, layer->n);
    fr_extent_add(y, layer->values[FR_ROLE_MAX], NULL, layer->n);
    for (size_t i = 0; i < layer->n; i++) fr_extent_add(y, b->all[i].outliers, NULL, b->all[i].n_outliers_kept);
}

static fr_interval side_of(const fr_layer *layer, const fr_canvas *canvas, size_t s, size_t i)
{
    fr_interval side = fr_scale_band_at(&canvas->x, (size_t)layer->values[FR_ROLE_X][i]);
    if (((const boxes *)layer->made)->grouped) side = fr_interval_part(side, s, layer->n_series, 0.15);
    double middle = (side.low + side.high) / 2, half = fmin((side.high - side.low) / 2, 28);
    return (fr_interval){ middle - half, middle + half };
}

static bool line(fr_call *call, fr_canvas *canvas, const double at[4], const fr_style *style)
{
    return fr_scene_line(call, canvas->scene, fr_canvas_turn(canvas, at[0], at[1]),
                         fr_canvas_turn(canvas, at[2], at[3]),
                         style) != NULL;
}

static bool draw_outliers(fr_call *call, fr_canvas *canvas, const fr_box_stat *box, double middle, fr_paint paint)
{
    if (!box->n_outliers_kept) return true;
    fr_point *points = fr_new_array(call, box->n_outliers_kept, sizeof *points);
    if (!points) return false;
    for (size_t k = 0; k < box->n_outliers_kept; k++)
        points[k] = fr_canvas_turn(canvas, middle, fr_canvas_y(canvas, box->outliers[k]));
    fr_style style = { .fill = fr_paint_faded(paint, 0.45f) };
    bool fine = fr_scene_points(call, canvas->scene, points, box->n_outliers_kept, 2, &style) != NULL;
    fr_free_array(call->context, points, box->n_outliers_kept, sizeof *points);
    return fine;
}

static const char *tooltip_of(fr_call *call, const fr_canvas *canvas, const fr_box_stat *box)
{
    const double values[] = { box->low, box->q1, box->median, box->q3, box->high };
    const char *texts[FR_COUNT_OF(values)];
    for (size_t i = 0; i < FR_COUNT_OF(values); i++)
        if (!(texts[i] = fr_canvas_value(call, canvas, values[i]))) return NULL;
    return fr_arena_format(call, canvas->drawing->arena,
                           "%lld rows; median %s, quartiles %s to %s, whiskers %s to %s; %lld beyond",
                           (long long)box->n, texts[2], texts[1], texts[3], texts[0], texts[4], (long long)box->n_outliers);
}

static bool draw_box(fr_call *call, const fr_layer *layer, fr_canvas *canvas, size_t s, size_t i)
{
    const fr_box_stat *box = &((const boxes *)layer->made)->all[i];
    fr_interval side = side_of(layer, canvas, s, i);
    double middle = (side.low + side.high) / 2, foot = (side.high - side.low) / 4;
    double low = fr_canvas_y(canvas, box->low), q1 = fr_canvas_y(canvas, box->q1),
        median = fr_canvas_y(canvas, box->median);
    double q3 = fr_canvas_y(canvas, box->q3), high = fr_canvas_y(canvas, box->high);
    fr_paint paint = fr_layer_paint(layer, s);
    fr_style thin = { .stroke = { .paint = paint, .width = 1.25f, .square = true } };
    fr_style thick = { .stroke = { .paint = paint, .width = 2.5f, .square = true } };
    fr_style body = { .fill = fr_paint_faded(paint, 0.72f),
                      .stroke = { .paint = paint, .width = 1.25f, .square = true },
                      .tooltip = tooltip_of(call, canvas, box) };
    return body.tooltip && line(call, canvas, (const double[]){ middle, low, middle, q1 }, &thin) &&
           line(call, canvas, (const double[]){ middle, q3, middle, high }, &thin) &&
           line(call, canvas, (const double[]){ middle - foot, low, middle + foot, low }, &thin) &&
           line(call, canvas, (const double[]){ middle - foot, high, middle + foot, high }, &thin) &&
           fr_scene_rect(call, canvas->scene, fr_canvas_box(canvas, side, q1, q3), 0, &body) &&
           line(call, canvas, (const double[]){ side.low, median, side.high, median }, &thick) &&
           draw_outliers(call, canvas, box, middle, paint);
}

static bool draw(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    for (size_t s = 0; s < layer->n_series; s++)
        for (size_t i = layer->series[s].begin; i < layer->series[s].end; i++)
            if (!isnan(layer->values[FR_ROLE_MEDIAN][i]) && !draw_box(call, layer, canvas, s, i)) return false;
    return true;
}

const fr_mark_class fr_mark_class_box = {
    .name = "box", .kind = 6, .args_size = sizeof(fr_mark_box_args), .glyph = FR_GLYPH_RECT,
    .wants = FR_BIT(FR_ROLE_Y), .numbers = FR_BIT(FR_ROLE_Y), .categories = FR_BIT(FR_ROLE_X),
    .order_at = offsetof(fr_mark_box_args, order), .flip_at = offsetof(fr_mark_box_args, horizontal),
    .build = build, .extend = extend, .draw = draw,
};
