/* legend.c — see legend.h.
 *
 * Names stand beside the ends of up to six lines, in the line's colour, moved apart where lines end together. Otherwise the
 * keys stand in one row above the chart, wrapped when it is full, in the order of the data.
 */
#include "plot/legend.h"

#include <math.h>
#include <string.h>

#include "plot/place_labels.h"

enum { MOST_ENDS = 6, KEY = 10, SHADE_WIDTH = 140, SHADE_STEPS = 28 };

/* ---- choosing ---------------------------------------------------------------------------------------------------- */

static size_t count_entries(const fr_figure *figure)
{
    size_t n = 0;
    for (size_t i = 0; i < figure->n_series; i++) n += figure->series[i].in_legend;
    return n;
}

static bool all_have_ends(const fr_figure *figure)
{
    bool ends = false;
    for (size_t i = 0; i < figure->n_marks; i++) {
        const fr_mark_class *class_ = figure->marks[i].class_;
        if (class_->glyph == FR_GLYPH_NONE || class_->follows) continue;
        if (class_->ends) ends = true;
        else if (class_->glyph != FR_GLYPH_DOT) return false;
    }
    return ends;
}

/* Panels that are one series each, named above, and bars that are, named below, need no keys. */
static bool is_said_already(const fr_figure *figure)
{
    for (size_t i = 0; i < figure->n_marks; i++) {
        const fr_mark_head *head = figure->marks[i].head;
        bool by_facet = head->colour && figure->args.facet && !strcmp(head->colour, figure->args.facet);
        bool by_axis = head->colour && head->x && !strcmp(head->colour, head->x) && figure->x->kind == FR_AXIS_CATEGORY;
        if (!fr_mark_is_neutral(figure->marks[i].class_) && !by_facet && !by_axis) return false;
    }
    return true;
}

fr_legend_way fr_legend_choose(const fr_figure *figure, double width, double height)
{
    size_t n = count_entries(figure);
    if (figure->args.legend == FR_LEGEND_NONE || n < 2 || figure->frame == FR_FRAME_NONE || is_said_already(figure))
        return FR_LEGEND_WAY_NONE;
    bool ends = figure->args.legend == FR_LEGEND_AUTO && n <= MOST_ENDS && figure->n_panels == 1 && !figure->flipped &&
                !figure->n_other && width >= 320 && height >= 80 + 24 * (double)n && all_have_ends(figure);
    return ends ? FR_LEGEND_WAY_ENDS : FR_LEGEND_WAY_KEYS;
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

static bool draw_glyph(fr_call *call, fr_drawing *drawing, const fr_named_series *series, fr_box box)
{
    fr_style fill = { .fill = series->paint };
    fr_point middle = { box.x + box.width / 2, box.y + box.height / 2 };
    if (drawing->look.cells || series->glyph == FR_GLYPH_RECT)
        return fr_scene_rect(call, drawing->scene, box, 2, &fill) != NULL;
    if (series->glyph == FR_GLYPH_DOT) return fr_scene_circle(call, drawing->scene, middle, 4, &fill) != NULL;
    fr_style line = { .stroke = { .paint = series->paint, .width = 2.5f } };
    return fr_scene_line(call, drawing->scene, (fr_point){ box.x, middle.y },
                         (fr_point){ box.x + box.width, middle.y }, &line) != NULL;
}

bool fr_legend_draw_keys(fr_call *call, fr_drawing *drawing, fr_box box, double *height)
{
    const fr_figure *figure = drawing->figure;
    float size = drawing->look.label;
    double line = fr_draw_line(drawing, size) + (drawing->look.cells ? 0 : 3), x = box.x, y = box.y;
    double key = drawing->look.cells ? 8 : KEY, between = drawing->look.cells ? 16 : 18,
        gap = drawing->look.cells ? 8 : 6;
    for (size_t i = 0; i < figure->n_series; i++) {
        const fr_named_series *series = &figure->series[i];
        double width, glyph = series->glyph == FR_GLYPH_LINE && !drawing->look.cells ? key * 1.6 : key;
        if (!series->in_legend) continue;
        const char *name = fr_text_fit(call, drawing->arena, drawing->metrics, series->name, &(fr_font){ .size = size },
                                       fmin(220, box.width - glyph - gap));
        if (!name || !fr_draw_width(call, drawing, name, size, &width)) return false;
        if (x > box.x && x + glyph + gap + width > box.x + box.width) x = box.x, y += line;
        if (y + line > box.y + box.height) break;
        double middle = y + line / 2;
        if (!draw_glyph(call, drawing, series, (fr_box){ x, drawing->look.cells ? y : middle - key / 2, glyph,
                                                         drawing->look.cells ? line : key })) return false;
        fr_label label = { .text = name, .x = x + glyph + gap, .y = middle + fr_draw_middle(drawing, size),
                           .font = { .size = size },
                           .paint = fr_paint_ink(FR_INK_TEXT) };
        if (!fr_draw_note(call, drawing, &label, NULL)) return false;
        x += glyph + gap + width + between;
    }
    *height = y + line - box.y;
    return true;
}

/* ---- shades ------------------------------------------------------------------------------------------------------ */

bool fr_legend_draw_shades(fr_call *call, fr_drawing *drawing, fr_box box, double *height)
{
    const fr_figure *figure = drawing->figure;
    const fr_extent *extent = &figure->shade.extent;
    float size = drawing->look.tick;
    double line = fr_draw_line(drawing, size), low_width;
    *height = 0;
    if (extent->n == 0 || box.height < line || box.width < SHADE_WIDTH * 1.6) return true;
    double most = figure->diverging ? fmax(fabs(extent->low), fabs(extent->high)) : 0;
    const char *low = fr_axis_text(call, drawing->arena, &figure->shade, figure->diverging ? -most : extent->low);
    const char *high = fr_axis_text(call, drawing->arena, &figure->shade, figure->diverging ? most : extent->high);
    if (!low || !high || !fr_draw_width(call, drawing, low, size, &low_width)) return false;
    double x = box.x + low_width + 8, y = box.y + (drawing->look.cells ? 0 : 3),
        step = drawing->look.cells ? drawing->metrics->cell_width / 2 : floor((double)SHADE_WIDTH / SHADE_STEPS);
    x = round(x);                                                  /* whole pixels: no seams */
    for (int i = 0; i < SHADE_STEPS; i++) {
        double t = (i + 0.5) / SHADE_STEPS;
        fr_style fill = { .fill = figure->diverging ? fr_paint_diverging(t) : fr_paint_sequential(t) };
        fr_box part = { x + i * step, y, step, drawing->look.cells ? line : 10 };
        if (!fr_scene_rect(call, drawing->scene, part, 0, &fill)) return false;
    }
    fr_label label = { .text = low, .x = box.x, .font = { .size = size },
                       .paint = fr_paint_ink(FR_INK_MUTED) };
    label.y = drawing->look.cells ? y + fr_draw_ascent(drawing, size) : y + 5 + fr_draw_middle(drawing, size);
    if (!fr_draw_note(call, drawing, &label, NULL)) return false;
    label.text = high;
    label.x = x + step * SHADE_STEPS + 8;
    *height = line + 4;
    return fr_draw_note(call, drawing, &label, NULL);
}

/* ---- names at ends ----------------------------------------------------------------------------------------------- */

bool fr_legend_ends_room(fr_call *call, const fr_drawing *drawing, double most, double *out)
{
    *out = 0;
    for (size_t i = 0; i < drawing->figure->n_series; i++) {
        fr_extents size;
        const fr_font font = { .size = drawing->look.label, .weight = FR_WEIGHT_SEMIBOLD };
        if (!drawing->figure->series[i].in_legend) continue;
        if (!fr_measure(call, drawing->metrics, drawing->figure->series[i].name, &font, &size)) return false;
        *out = fmax(*out, fmin(ceil(size.width) + 1, most));
    }
    return true;
}

typedef struct ends { size_t n; size_t *ids; double *wanted, *sizes, *placed; } ends;

/* Where a series ends: its last value, for stacked areas the middle of its last height. */
static bool end_of(const fr_canvas *canvas, const fr_layer *layer, const fr_series *series, double *out)
{
    const double *y = layer->values[FR_ROLE_Y], *low = layer->values[FR_ROLE_LOW], *high = layer->values[FR_ROLE_HIGH];
    for (size_t i = series->end; i-- > series->begin;) {
        double at = low ? (low[i] + high[i]) / 2 : y[i];
        if (isnan(at)) continue;
        *out = fr_canvas_y(canvas, at);
        return isfinite(*out);
    }
    return false;
}

static bool draw_end(fr_call *call, fr_canvas *canvas, size_t id, double at)
{
    fr_drawing *drawing = canvas->drawing;
    const fr_named_series *series = &canvas->figure->series[id];
    float size = drawing->look.label;
    fr_font font = { .size = size, .weight = FR_WEIGHT_SEMIBOLD };
    const char *name = fr_text_fit(call, drawing->arena, drawing->metrics, series->name, &font, canvas->right - 10);
    if (!name) return false;
    fr_label label = { .text = name, .x = canvas->plot.x + canvas->plot.width + 8, .font = font, .paint = series->paint,
                       .y = at + fr_draw_middle(drawing, size) };
    return fr_draw_note(call, drawing, &label, NULL);
}

/* The ends of one layer's series that have none yet. */
static void find_ends(const fr_canvas *canvas, const fr_layer *layer, double size, ends *e)
{
    for (size_t s = 0; layer->of->class_->ends && s < layer->n_series; s++) {
        size_t id = layer->series[s].id, known = 0;
        double at;
        while (known < e->n && e->ids[known] != id) known++;
        if (known < e->n || id == FR_NO_SERIES || !canvas->figure->series[id].in_legend ||
            !end_of(canvas, layer, &layer->series[s], &at)) continue;
        e->ids[e->n] = id;
        e->sizes[e->n] = size;
        e->wanted[e->n++] = at;
    }
}

static bool room_for_ends(fr_call *call, fr_arena *arena, size_t n, ends *e)
{
    double *numbers = fr_arena_array(call, arena, 3 * n + 3, sizeof *numbers);
    *e = (ends){ .ids = fr_arena_array(call, arena, n + 1, sizeof *e->ids), .wanted = numbers };
    if (!numbers || !e->ids) return false;
    e->sizes = numbers + n;
    e->placed = numbers + 2 * n;
    return true;
}

bool fr_legend_draw_ends(fr_call *call, fr_canvas *canvas)
{
    const fr_figure *figure = canvas->figure;
    fr_box plot = canvas->plot;
    ends e;
    if (!room_for_ends(call, canvas->drawing->arena, figure->n_series, &e)) return false;
    double line = fr_draw_line(canvas->drawing, canvas->drawing->look.label);
    for (size_t m = 0; m < figure->n_marks; m++) find_ends(canvas, fr_layer_at(figure, canvas->panel, m), line, &e);
    const fr_label_column column = { e.wanted, e.sizes, e.n, 0,
                                     { plot.y - line / 2, plot.y + plot.height + line / 2 } };
    if (!fr_move_apart(call, &column, e.placed)) {
        if (fr_failed(call)) return false;
        memcpy(e.placed, e.wanted, e.n * sizeof *e.placed);
    }
    for (size_t i = 0; i < e.n; i++)
        if (!draw_end(call, canvas, e.ids[i], e.placed[i])) return false;
    return true;
}
