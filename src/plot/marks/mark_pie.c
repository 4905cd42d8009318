/* mark_pie.c — shares of a whole, from twelve o'clock clockwise; a donut has the total in its hole.
 *
 * Names stand outside, in two columns left and right of the circle, moved apart where slices are thin, with a line to the
 * slice; so no legend is needed and no label lies on another. More than eight parts become the seven largest and
 * "Other (n)", in grey. A negative part has no place in a whole: an error.
 */
#include <math.h>
#include <string.h>

#include "plot/canvas.h"
#include "plot/order_rows.h"
#include "plot/place_labels.h"

enum { MOST_PARTS = 8, TO_NAME = 26 /* pixels from the circle to its names */ };
#define TURN 6.28318530717958647692

typedef struct parts { size_t n, n_other; const char **names; double *values, total; bool other; } parts;

static const fr_mark_pie_args *args_of(const fr_layer *layer) { return &layer->of->mark.args.pie; }

/* ---- building ---------------------------------------------------------------------------------------------------- */

static bool check(fr_call *call, const fr_layer *layer)
{
    const double *y = layer->values[FR_ROLE_Y];
    for (size_t i = 0; i < layer->n; i++)
        if (y[i] < 0)
            return fr_fail_at(call, fr_place_at(.hint = "a bar chart shows negative values"), FR_ERR_VALUE,
                              "'%s' is negative for one part of the whole: %g", layer->of->channels[FR_ROLE_Y].source, y[i]);
    return true;
}

static bool is_larger(const void *context, uint32_t a, uint32_t b)
{
    const double *y = context;
    return y[a] > y[b];
}

/* The rows to keep, all or the largest, in the order they have; the others' sum is the last part. */
static bool choose(fr_call *call, fr_arena *arena, const fr_layer *layer, bool all, parts *p)
{
    const fr_plot_axis *axis = &layer->figure->x[layer->panel];
    const double *x = layer->values[FR_ROLE_X], *y = layer->values[FR_ROLE_Y];
    uint32_t *order = fr_rows_new(call, layer->n);
    bool *kept = order ? fr_new_array(call, layer->n, sizeof *kept) : NULL;
    bool fine = kept && fr_arrange_rows(call, order, layer->n, is_larger, y);
    double rest = 0;
    for (size_t i = 0; fine && i < layer->n; i++) kept[order[i]] = all || i + 1 < MOST_PARTS;
    for (size_t i = 0; fine && i < layer->n; i++) {
        if (kept[i]) p->names[p->n] = axis->names[(size_t)x[i]], p->values[p->n++] = y[i];
        else rest += y[i], p->n_other++;
    }
    if (fine && p->n_other) {
        p->values[p->n] = rest;
        fine = (p->names[p->n++] = fr_arena_format(call, arena, "Other (%zu)", p->n_other)) != NULL;
    }
    fr_free_array(call->context, kept, layer->n, sizeof *kept);
    fr_free_array(call->context, order, layer->n, sizeof *order);
    return fine;
}

static bool build(fr_call *call, fr_arena *arena, fr_layer *layer)
{
    uint32_t by = !layer->values[FR_ROLE_Y] ? FR_REDUCE_COUNT : args_of(layer)->reduce;
    parts *p = fr_arena_new(call, arena, sizeof *p);
    if (!p || !fr_layer_reduce(call, arena, layer,
                               &(fr_reduce_wish){ .by = by ? by : FR_REDUCE_SUM, .unique = true }) ||
        !check(call, layer)) return false;
    p->names = fr_arena_array(call, arena, layer->n + 1, sizeof *p->names);
    p->values = fr_arena_array(call, arena, layer->n + 1, sizeof *p->values);
    layer->made = p;
    bool all = layer->n <= MOST_PARTS || layer->figure->args.keep_categories;
    if (!p->names || !p->values || !choose(call, arena, layer, all, p)) return false;
    for (size_t i = 0; i < p->n; i++) p->total += p->values[i];
    return true;
}

/* ---- drawing ----------------------------------------------------------------------------------------------------- */

typedef struct circle { fr_point centre; double radius, hole; } circle;

static fr_paint paint_of(const parts *p, size_t i)
{
    return p->n_other && i + 1 == p->n ? fr_paint_ink(FR_INK_OTHER) : fr_paint_series(i);
}

static bool outline(fr_call *call, const circle *c, const double from_to[2], fr_path *path)
{
    bool whole = from_to[1] - from_to[0] > TURN - 1e-9;
    if (!fr_path_arc(call, path, c->centre, c->radius, from_to)) return false;
    if (c->hole <= 0) return (whole || fr_path_line(call, path, c->centre.x, c->centre.y)) && fr_path_close(call, path);
    if (whole && !fr_path_close(call, path)) return false;
    return fr_path_arc(call, path, c->centre, c->hole,
                       (const double[]){ from_to[1], from_to[0] }) && fr_path_close(call, path);
}

static const char *value_of(fr_call *call, const fr_canvas *canvas, double value)
{
    return fr_axis_text(call, canvas->drawing->arena, &canvas->figure->y[canvas->panel], value);
}

static const char *share_of(fr_call *call, const fr_canvas *canvas, double share)
{
    if (share > 0 && share < 0.001) return "< 0.1\u00a0%";
    return fr_arena_format(call, canvas->drawing->arena, "%.*f\u00a0%%", share < 0.1 ? 1 : 0, share * 100);
}

/* The width of the longest name with its share. */
static bool widest_name(fr_call *call, const parts *p, const fr_canvas *canvas, double *out)
{
    *out = 0;
    for (size_t i = 0; p->total > 0 && i < p->n; i++) {
        const char *share = share_of(call, canvas, p->values[i] / p->total);
        const char *text = share ? fr_arena_format(call, canvas->drawing->arena, "%s  %s", p->names[i], share) : NULL;
        double width;
        if (!text || !fr_draw_width(call, canvas->drawing, text, canvas->drawing->look.label, &width)) return false;
        *out = fmax(*out, width);
    }
    return true;
}

/* Long names make the circle smaller: down to six tenths where all are then whole, else to eight. */
static bool circle_of(fr_call *call, const fr_layer *layer, const fr_canvas *canvas, circle *out)
{
    const fr_box plot = canvas->plot;
    const double line = fr_draw_line(canvas->drawing, canvas->drawing->look.label);
    double radius = fmin(plot.height / 2 - line, plot.width * 0.24), width;
    if (!widest_name(call, layer->made, canvas, &width)) return false;
    const double left = plot.width / 2 - TO_NAME - 12 - width;
    radius = left < radius * 0.6 ? radius * 0.8 : fmin(radius, left);
    *out = (circle){ .centre = { plot.x + plot.width / 2, plot.y + plot.height / 2 }, .radius = fmax(6, radius) };
    out->hole = args_of(layer)->donut ? out->radius * 0.6 : 0;
    return true;
}

static bool draw_slice(fr_call *call, fr_canvas *canvas, const parts *p, const circle *c, size_t i, double from)
{
    double to = from + TURN * p->values[i] / p->total;
    FR_CLEANUP(fr_path_clear) fr_path path = FR_PATH_INIT(call);
    const char *value = value_of(call, canvas, p->values[i]);
    const char *tooltip = value ? fr_arena_format(call, canvas->drawing->arena, "%s: %s", p->names[i], value) : NULL;
    fr_style style = { .fill = paint_of(p, i), .tooltip = tooltip,
                       .stroke = { .paint = fr_paint_ink(FR_INK_SURFACE), .width = 1.5f } };
    return tooltip && outline(call, c, (const double[]){ from, to }, &path) &&
           fr_scene_path(call, canvas->scene, &path, &style) != NULL;
}

static bool draw(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    const parts *p = layer->made;
    circle c;
    double from = -TURN / 4;
    if (!circle_of(call, layer, canvas, &c)) return false;
    for (size_t i = 0; p->total > 0 && i < p->n; i++) {
        if (p->values[i] > 0 && !draw_slice(call, canvas, p, &c, i, from)) return false;
        from += TURN * p->values[i] / p->total;
    }
    return true;
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

typedef struct naming { const parts *parts; circle circle; double wanted[64], sizes[64], placed[64],
                        angles[64]; size_t of[64], n; } naming;

static bool draw_name(fr_call *call, fr_canvas *canvas, const naming *names, size_t k, bool right)
{
    const parts *p = names->parts;
    const circle *c = &names->circle;
    float size = canvas->drawing->look.label;
    size_t i = names->of[k];
    double side = right ? 1 : -1, y = names->placed[k], x = c->centre.x + side * (c->radius + TO_NAME);
    double room = right ? canvas->plot.x + canvas->plot.width - x - 6 : x - 6 - canvas->plot.x, share_width;
    const char *share = share_of(call, canvas, p->values[i] / p->total);
    if (!share || !fr_draw_width(call, canvas->drawing, share, size, &share_width)) return false;
    const char *name = fr_text_fit(call, canvas->drawing->arena, canvas->drawing->metrics, p->names[i],
                                   &(fr_font){ .size = size }, fmax(10, room - share_width - 8));
    const char *text = name ? fr_arena_format(call, canvas->drawing->arena, "%s  %s", name, share) : NULL;
    fr_label label = { .text = text, .x = x + side * 6, .y = y + fr_draw_middle(canvas->drawing, size),
                       .font = { .size = size },
                       .anchor = right ? FR_ANCHOR_START : FR_ANCHOR_END, .paint = fr_paint_ink(FR_INK_TEXT) };
    fr_point line[3] = { { c->centre.x + cos(names->angles[k]) * (c->radius + 3),
                           c->centre.y + sin(names->angles[k]) * (c->radius + 3) },
                         { c->centre.x + side * (c->radius + 16), y }, { x + side * 2, y } };
    fr_style leader = { .stroke = { .paint = fr_paint_ink(FR_INK_AXIS), .width = 0.75f } };
    bool drawn;
    if (!text || !fr_draw_note(call, canvas->drawing, &label, &drawn)) return false;
    return !drawn || fr_scene_polyline(call, canvas->scene, line, 3, &leader);
}

static bool name_side(fr_call *call, fr_canvas *canvas, naming *names, bool right)
{
    const parts *p = names->parts;
    const circle *c = &names->circle;
    double from = -TURN / 4, line = fr_draw_line(canvas->drawing, canvas->drawing->look.label);
    names->n = 0;
    for (size_t i = 0; i < p->n; i++) {
        double size = TURN * p->values[i] / p->total, middle = from + size / 2;
        from += size;
        if (p->values[i] <= 0 || (cos(middle) >= 0) != right || names->n == FR_COUNT_OF(names->of)) continue;
        names->of[names->n] = i;
        names->angles[names->n] = middle;
        names->sizes[names->n] = line;
        names->wanted[names->n++] = c->centre.y + sin(middle) * (c->radius + 12);
    }
    const fr_label_column column = { names->wanted, names->sizes, names->n, 1,
                                     { canvas->plot.y, canvas->plot.y + canvas->plot.height } };
    if (!fr_move_apart(call, &column, names->placed)) {
        if (fr_failed(call)) return false;
        memcpy(names->placed, names->wanted, sizeof names->placed);       /* more than fit: those without room are left out */
    }
    for (size_t k = 0; k < names->n; k++)
        if (!draw_name(call, canvas, names, k, right)) return false;
    return true;
}

static bool write_total(fr_call *call, fr_canvas *canvas, const parts *p, const circle *c)
{
    float size = (float)fmin(22, c->hole * 0.4);
    const char *text = value_of(call, canvas, p->total);
    if (!text) return false;
    fr_label label = { .text = text, .x = c->centre.x, .y = c->centre.y + fr_draw_middle(canvas->drawing, size),
                       .anchor = FR_ANCHOR_MIDDLE,
                       .font = { .size = size, .weight = FR_WEIGHT_SEMIBOLD }, .paint = fr_paint_ink(FR_INK_TEXT) };
    return fr_draw_note(call, canvas->drawing, &label, NULL);
}

static bool label(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    const parts *p = layer->made;
    if (!(p->total > 0)) return true;
    naming *names = fr_arena_new(call, canvas->drawing->arena, sizeof *names);
    if (!names) return false;
    names->parts = p;
    if (!circle_of(call, layer, canvas, &names->circle)) return false;
    if (names->circle.hole > 12 && !write_total(call, canvas, p, &names->circle)) return false;
    return name_side(call, canvas, names, true) && name_side(call, canvas, names, false);
}

const fr_mark_class fr_mark_class_pie = {
    .name = "pie", .kind = 7, .args_size = sizeof(fr_mark_pie_args), .frame = FR_FRAME_NONE,
    .wants = FR_BIT(FR_ROLE_X), .refuses = FR_BIT(FR_ROLE_COLOUR), .own_paints = true, .numbers = FR_BIT(FR_ROLE_Y),
    .categories = FR_BIT(FR_ROLE_X), .folds = true,
    .reduce_at = offsetof(fr_mark_pie_args, reduce), .order_at = offsetof(fr_mark_pie_args, order),
    .build = build, .draw = draw, .label = label,
};
