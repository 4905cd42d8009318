/* mark_point.c — a dot for every row: scatter plots.
 *
 * Dots get smaller and more transparent the more there are. Beyond 20,000 in one series they would be a blot, so cells of five
 * pixels are shaded by the number of rows in them instead, and the subtitle's note says so; nothing is left out. A trend is
 * the least-squares line, or Cleveland's local regression, over the rows that are drawn.
 */
#include <math.h>
#include <string.h>

#include "plot/canvas.h"
#include "plot/order_rows.h"
#include "plot/stat.h"

enum { GRID = 64, MOST_FOR_LOWESS = 2000, CELL = 4 };

static const fr_mark_point_args *args_of(const fr_layer *layer) { return &layer->of->mark.args.point; }

static bool is_dense(const fr_layer *layer)
{
    return layer->n > FR_MOST_POINTS && !args_of(layer)->no_density && !layer->of->shaded &&
        !layer->values[FR_ROLE_SIZE];
}

static bool build(fr_call *call, fr_arena *arena, fr_layer *layer)
{
    const fr_mark_point_args *args = args_of(layer);
    (void)arena;
    if (!(args->radius >= 0 && args->radius <= 100))
        return fr_fail(call, FR_ERR_ARGUMENT, "a dot's radius is 0 … 100 pixels");
    if (!(args->opacity <= 1)) return fr_fail(call, FR_ERR_ARGUMENT, "opacity is 0 … 1, or -1");
    if (args->trend > FR_TREND_LOWESS) return fr_fail(call, FR_ERR_ARGUMENT, "trend is an fr_trend value");
    for (size_t i = 0; layer->values[FR_ROLE_SIZE] && i < layer->n; i++)
        if (layer->values[FR_ROLE_SIZE][i] < 0)
            return fr_fail(call, FR_ERR_VALUE, "a size is negative: %g", layer->values[FR_ROLE_SIZE][i]);
    layer->dense = is_dense(layer);
    return true;
}

/* ---- dots -------------------------------------------------------------------------------------------------------- */

static float transparency_of(const fr_layer *layer)
{
    double opacity = args_of(layer)->opacity;
    if (opacity >= 0) return (float)(1 - opacity);
    return layer->n <= 300 ? 0.15f : layer->n <= 2000 ? 0.4f : layer->n <= 8000 ? 0.6f : 0.75f;
}

/* Fewer dots are larger. */
static double radius_of(const fr_layer *layer)
{
    double factor = layer->n > 8000 ? 0.6 : layer->n > 1500 ? 0.8 : layer->n <= 300 ? 1.5 : 1;
    return args_of(layer)->radius * factor;
}

static fr_paint shade(const fr_layer *layer, double value)
{
    const fr_extent *extent = &layer->figure->shade.extent;
    return fr_paint_sequential(extent->high > extent->low ? (value - extent->low) / (extent->high - extent->low) : 0.5);
}

/* Each dot on its own: sizes or shades differ. */
static bool draw_one(fr_call *call, const fr_layer *layer, fr_canvas *canvas, size_t s, size_t i)
{
    const double *sizes = layer->values[FR_ROLE_SIZE];
    double largest = layer->figure->most_size, radius = radius_of(layer);
    if (sizes) radius = largest > 0 ? 2 + 14 * sqrt(sizes[i] / largest) : 2;
    fr_paint paint = layer->of->shaded ? shade(layer, layer->values[FR_ROLE_COLOUR][i]) : fr_layer_paint(layer, s);
    fr_style style = { .fill = fr_paint_faded(paint, sizes ? 0.35f : transparency_of(layer)) };
    if (layer->n <= 2000 && !(style.tooltip = fr_canvas_tooltip(call, canvas, layer, s, i))) return false;
    if (layer->n <= 2000) style.stroke = (fr_stroke){ .paint = fr_paint_ink(FR_INK_SURFACE), .width = 0.75f };
    fr_point at = fr_canvas_at(canvas, layer->values[FR_ROLE_X][i], layer->values[FR_ROLE_Y][i]);
    return fr_scene_circle(call, canvas->scene, at, radius, &style) != NULL;
}

static bool draw_alike(fr_call *call, const fr_layer *layer, fr_canvas *canvas, size_t s)
{
    const fr_series *series = &layer->series[s];
    size_t n = series->end - series->begin;
    fr_point *points = fr_new_array(call, n, sizeof *points);
    if (!points) return false;
    for (size_t i = 0; i < n; i++)
        points[i] = fr_canvas_at(canvas, layer->values[FR_ROLE_X][series->begin + i],
                                 layer->values[FR_ROLE_Y][series->begin + i]);
    fr_style style = { .fill = fr_paint_faded(fr_layer_paint(layer, s), transparency_of(layer)) };
    if (layer->n <= 300) style.stroke = (fr_stroke){ .paint = fr_paint_ink(FR_INK_SURFACE), .width = 0.75f };
    bool fine = fr_scene_points(call, canvas->scene, points, n, radius_of(layer), &style) != NULL;
    fr_free_array(call->context, points, n, sizeof *points);
    return fine;
}

static bool draw_dots(fr_call *call, const fr_layer *layer, fr_canvas *canvas, size_t s)
{
    bool alike = !layer->of->shaded && !layer->values[FR_ROLE_SIZE] && layer->n > 300;
    if (alike) return draw_alike(call, layer, canvas, s);
    for (size_t i = layer->series[s].begin; i < layer->series[s].end; i++)
        if (!draw_one(call, layer, canvas, s, i)) return false;
    return true;
}

/* ---- density ----------------------------------------------------------------------------------------------------- */

/* Sixteen shades, the palest first: an SVG then has one group for each. */
static bool draw_cells(fr_call *call, const fr_layer *layer, fr_canvas *canvas, size_t s, const fr_cells *cells)
{
    enum { SHADES = 16 };
    double most = log1p((double)cells->most);
    for (int shade = 1; shade <= SHADES; shade++) {
        double t = (double)shade / SHADES, transparency = layer->n_series > 1 ? 0.85 - 0.75 * t : 0.9 - 0.9 * t;
        fr_style style = { .fill = fr_paint_faded(fr_layer_paint(layer, s), (float)transparency) };
        for (size_t i = 0; i < cells->n; i++) {
            fr_box box = { cells->cells[i].x - CELL / 2.0, cells->cells[i].y - CELL / 2.0, CELL, CELL };
            if ((int)ceil(log1p((double)cells->cells[i].count) / most * SHADES) != shade) continue;
            if (!fr_scene_rect(call, canvas->scene, box, 0, &style)) return false;
        }
    }
    return true;
}

static bool draw_density(fr_call *call, const fr_layer *layer, fr_canvas *canvas, size_t s)
{
    const fr_series *series = &layer->series[s];
    size_t n = series->end - series->begin;
    double *pixels = fr_new_array(call, 2 * n, sizeof *pixels);
    if (!pixels) return false;
    for (size_t i = 0; i < n; i++) {
        fr_point at = fr_canvas_at(canvas, layer->values[FR_ROLE_X][series->begin + i],
                                   layer->values[FR_ROLE_Y][series->begin + i]);
        pixels[i] = at.x;
        pixels[n + i] = at.y;
    }
    fr_box plot = canvas->plot;
    const fr_cells_wish wish = { .size = CELL, .x = { plot.x, plot.x + plot.width },
                                 .y = { plot.y, plot.y + plot.height } };
    fr_cells cells;
    bool fine = fr_cells_make(call, canvas->drawing->arena, pixels, pixels + n, n, &wish, &cells) &&
                draw_cells(call, layer, canvas, s, &cells);
    fr_free_array(call->context, pixels, 2 * n, sizeof *pixels);
    return fine;
}

/* ---- trend ------------------------------------------------------------------------------------------------------- */

/* Rows for the local regression: in order of x, of very many every k-th. */
static bool smooth(fr_call *call, const fr_layer *layer, const fr_series *series, const double *grid, double *out)
{
    size_t n = series->end - series->begin, step = n / MOST_FOR_LOWESS + 1, kept = 0;
    const double *x = layer->values[FR_ROLE_X] + series->begin, *y = layer->values[FR_ROLE_Y] + series->begin;
    uint32_t *rows = fr_rows_new(call, n);
    double *values = rows ? fr_new_array(call, 2 * n, sizeof *values) : NULL;
    bool fine = values && fr_order_doubles(call, x, rows, n);
    for (size_t i = 0; fine && i < n; i += step, kept++) values[kept] = x[rows[i]];
    for (size_t i = 0, k = 0; fine && i < n; i += step, k++) values[kept + k] = y[rows[i]];
    fine = fine && fr_smooth_fit(call, &(fr_smooth){ values, values + kept, kept, 0.5, 2 }, grid, GRID, out);
    fr_free_array(call->context, values, 2 * n, sizeof *values);
    fr_free_array(call->context, rows, n, sizeof *rows);
    return fine;
}

static bool draw_trend(fr_call *call, const fr_layer *layer, fr_canvas *canvas, size_t s)
{
    const fr_series *series = &layer->series[s];
    size_t n = series->end - series->begin;
    const double *x = layer->values[FR_ROLE_X] + series->begin, *y = layer->values[FR_ROLE_Y] + series->begin;
    fr_extent extent = FR_EXTENT_EMPTY;
    double grid[GRID], out[GRID];
    fr_point points[GRID];
    fr_extent_add(&extent, x, NULL, n);
    if (n < 3 || !(extent.high > extent.low)) return true;
    for (int i = 0; i < GRID; i++) grid[i] = extent.low + (extent.high - extent.low) * i / (GRID - 1);
    fr_line line = fr_line_fit(x, y, n);
    for (int i = 0; i < GRID; i++) out[i] = line.intercept + line.slope * grid[i];
    if (args_of(layer)->trend == FR_TREND_LOWESS && !smooth(call, layer, series, grid, out)) return false;
    for (int i = 0; i < GRID; i++) points[i] = fr_canvas_at(canvas, grid[i], out[i]);
    bool several = layer->figure->n_series > 1;           /* of the figure: a facet with one of them keeps its colour */
    fr_style halo = { .stroke = { .paint = fr_paint_ink(FR_INK_SURFACE), .width = 5 } };
    fr_style style = { .stroke = { .paint = several ? fr_layer_paint(layer, s) : fr_paint_ink(FR_INK_HIGHLIGHT),
                                   .width = 2.5f } };
    return fr_scene_polyline(call, canvas->scene, points, GRID, &halo) && fr_scene_polyline(call, canvas->scene,
        points, GRID, &style);
}

static bool draw(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    for (size_t s = 0; s < layer->n_series; s++)
        if (layer->dense ? !draw_density(call, layer, canvas, s) : !draw_dots(call, layer, canvas, s)) return false;
    for (size_t s = 0; args_of(layer)->trend && s < layer->n_series; s++)
        if (!draw_trend(call, layer, canvas, s)) return false;
    return true;
}

static void defaults(fr_mark *mark)
{
    mark->args.point.radius = 2.5;
    mark->args.point.opacity = -1;
}

const fr_mark_class fr_mark_class_point = {
    .name = "point", .kind = 5, .args_size = sizeof(fr_mark_point_args), .glyph = FR_GLYPH_DOT, .shades =
        true, .pads = true,
    .wants = FR_BIT(FR_ROLE_X) | FR_BIT(FR_ROLE_Y), .numbers = FR_BIT(FR_ROLE_Y) | FR_BIT(FR_ROLE_SIZE),
    .role_at = { [FR_ROLE_SIZE] = offsetof(fr_mark_point_args, size) },
    .defaults = defaults, .build = build, .draw = draw,
};
