/* figure_layout.c — from the page to the panels.
 *
 *     title                         left, at the edge of the page
 *     subtitle: what y is
 *     ▬ North  ▬ South              keys, when names cannot stand at the lines' ends
 *     ┌──────┬───────────────┬──────┐
 *     │labels│ panel         │ends  │    × columns × rows, one for each facet
 *     │      ├───────────────┤      │
 *     │      │ labels        │      │
 *     └──────┴───────────────┴──────┘
 *     note: what is not drawn, sources
 *
 * Margins depend on labels, labels on ticks, ticks on the room that the margins leave: the circle is walked at most three
 * times. Head and note give way on small pages before the panels do.
 */
#include "plot/figure_layout.h"

#include <math.h>
#include <string.h>

#include "plot/axis.h"
#include "plot/legend.h"

typedef struct margins { double left, right, top, bottom; } margins;

typedef struct page {
    fr_drawing      drawing;
    fr_box          body;            /* what is left for the panels                                                   */
    fr_legend_way   way;
    size_t          columns, rows;
    double          strip;           /* height of a panel's name                                                      */
    double          ends;            /* room for names at line ends                                                   */
    margins         margin;
    fr_canvas      *panels;
    fr_fitted_axis *x, *y;           /* of each panel                                                                 */
} page;

/* ---- head and note ----------------------------------------------------------------------------------------------- */

static fr_look look_for(const fr_scene *scene)
{
    bool cells = scene->metrics->cell_height > 0, small = scene->height < 220 || scene->width < 280;
    if (cells) return (fr_look){ .title = 16, .subtitle = 16, .tick = 16, .label = 16, .pad = 0, .gap = 8,
                                 .cells = true };
    if (small) return (fr_look){ .title = 12, .subtitle = 9, .tick = 9, .label = 9, .pad = 8, .gap = 5 };
    return (fr_look){ .title = 16, .subtitle = 12, .tick = 11, .label = 11.5f, .pad = 16, .gap = 8 };
}

typedef struct block { const char *text; float size; uint16_t weight; fr_ink ink; int lines; } block;

/* A paragraph at the left edge; its height is added to *y. Left out when it would go below `bottom`. */
static bool draw_block(fr_call *call, fr_drawing *drawing, const block *b, double *y, double bottom)
{
    if (!b->text || !*b->text) return true;
    fr_font font = { .size = b->size, .weight = b->weight };
    double line = fr_line_height(drawing->metrics, &font), width = drawing->scene->width - 2 * drawing->look.pad;
    int most = (int)fmin(b->lines, floor((bottom - *y) / line));
    if (most < 1) return true;
    const char *text = fr_text_wrap(call, drawing->arena, drawing->metrics, b->text, &font, width, most);
    if (!text) return false;
    fr_label label = { .text = text, .x = drawing->look.pad, .y = *y + fr_draw_ascent(drawing, b->size),
                       .font = font, .paint = fr_paint_ink(b->ink) };
    *y += line;
    for (const char *c = text; *c; c++) *y += *c == '\n' ? line : 0;
    return fr_draw_text(call, drawing, &label);
}

static bool draw_head(fr_call *call, page *p, double *y)
{
    const fr_figure *figure = p->drawing.figure;
    const fr_look *look = &p->drawing.look;
    double bottom = *y + (p->drawing.scene->height - 2 * *y) * 0.45, width = p->drawing.scene->width - 2 * look->pad,
        height = 0;
    if (!draw_block(call, &p->drawing,
                    &(block){ figure->args.title, look->title, FR_WEIGHT_SEMIBOLD, FR_INK_TEXT, 2 }, y, bottom) ||
        !draw_block(call, &p->drawing, &(block){ figure->subtitle, look->subtitle, 0, FR_INK_MUTED, 2 }, y, bottom))
            return false;
    fr_box box = { look->pad, *y + (look->cells ? 0 : 6), width, bottom - *y };
    if (p->way == FR_LEGEND_WAY_KEYS && box.height > look->label &&
        !fr_legend_draw_keys(call, &p->drawing, box, &height)) return false;
    if (height > 0) *y = box.y + height;
    box = (fr_box){ look->pad, *y + (look->cells ? 0 : 6), width, bottom - *y };
    if (figure->shaded && figure->args.legend != FR_LEGEND_NONE) {
        if (!fr_legend_draw_shades(call, &p->drawing, box, &height)) return false;
        if (height > 0) *y = box.y + height;
    }
    return true;
}

static bool draw_foot(fr_call *call, page *p, double top, double *y)
{
    fr_drawing *drawing = &p->drawing;
    fr_font font = { .size = drawing->look.tick };
    double line = fr_line_height(drawing->metrics, &font), room = (*y - top) * 0.25;
    int most = (int)fmin(3, floor(room / line));
    if (!*drawing->figure->note || most < 1) return true;
    const char *text = fr_text_wrap(call, drawing->arena, drawing->metrics, drawing->figure->note, &font,
                                    drawing->scene->width - 2 * drawing->look.pad, most);
    if (!text) return false;
    double height = line;
    for (const char *c = text; *c; c++) height += *c == '\n' ? line : 0;
    *y -= height;
    fr_label label = { .text = text, .x = drawing->look.pad, .y = *y + fr_draw_ascent(drawing, font.size), .font = font,
                       .paint = fr_paint_ink(FR_INK_MUTED) };
    *y -= drawing->look.cells ? 0 : 6;
    return fr_draw_text(call, drawing, &label);
}

/* ---- panels ------------------------------------------------------------------------------------------------------ */

static void choose_grid(page *p)
{
    const fr_figure *figure = p->drawing.figure;
    size_t n = figure->n_panels, columns = (size_t)figure->args.facet_columns;
    if (!columns) columns = (size_t)fmax(1, ceil(sqrt((double)n * p->body.width / fmax(1, p->body.height) / 1.5)));
    if (!figure->args.facet_columns && n <= columns + 1 && n > 3 && n > columns) columns = (n + 1) / 2;
    if (columns > n) columns = n;
    if (!columns) columns = 1;
    p->columns = columns;
    p->rows = n ? (n + columns - 1) / columns : 1;
    p->columns = figure->args.facet_columns ? columns : (n + p->rows - 1) / p->rows;
}

static bool is_bottom(const page *p, size_t panel) { return panel + p->columns >= p->drawing.figure->n_panels; }

static bool free_vertical(const page *p)
{
    const fr_plot_args *args = &p->drawing.figure->args;
    return p->drawing.figure->flipped ? args->free_x : args->free_y;
}
static bool free_horizontal(const page *p)
{
    const fr_plot_args *args = &p->drawing.figure->args;
    return p->drawing.figure->flipped ? args->free_y : args->free_x;
}

/* Panels with axes of their own, or at the edge of the grid, have labels. */
static bool shows_vertical(const page *p, size_t panel)
{
    return free_vertical(p) || panel % p->columns == 0;
}
static bool shows_horizontal(const page *p, size_t panel)
{
    return free_horizontal(p) || is_bottom(p, panel);
}

/* The cell of a panel, without its margins. Labels that all panels share take room once, at the edge. */
static fr_box plot_of(const page *p, size_t panel)
{
    double gap = p->columns > 1 ? 16 : 0, columns = (double)p->columns, rows = (double)p->rows;
    double left = p->margin.left, bottom = p->margin.bottom;
    double x0 = p->body.x + (free_vertical(p) ? 0 : left), width = p->body.x + p->body.width - p->margin.right - x0;
    double height = p->body.height - (free_horizontal(p) ? 0 : bottom), y0 = p->body.y;
    double cell_width = (width - gap * (columns - 1)) / columns, cell_height = height / rows;
    double column = (double)(panel % p->columns), row = (double)(panel / p->columns);
    fr_box box = { x0 + column * (cell_width + gap), y0 + row * cell_height + p->strip + p->margin.top, cell_width, 0 };
    box.height = cell_height - p->strip - p->margin.top - (row + 1 < rows ? gap / 2 : 0);
    if (free_vertical(p)) box.x += left, box.width -= left;
    if (free_horizontal(p)) box.height -= bottom;
    return box;
}

/* Pixels that are whole, so that lines and bars are crisp. On a terminal, whole cells across; the upper and the lower edge in
 * the middle of a row, where grid lines are drawn and their labels stand. */
static fr_box whole(fr_box box, const fr_metrics *metrics)
{
    double w = fmax(1, metrics->cell_width), h = fmax(1, metrics->cell_height), middle = metrics->cell_height / 2;
    double x = round(box.x / w) * w, y = ceil((box.y - middle) / h) * h + middle;
    double right = floor((box.x + box.width) / w) * w, bottom = floor((box.y + box.height - middle) / h) * h + middle;
    if (h <= 1) y = round(box.y);
    return (fr_box){ x, y, fmax(8, right - x), fmax(8, bottom - y) };
}

static bool wants_pads(const fr_figure *figure)
{
    for (size_t i = 0; i < figure->n_marks; i++)
        if (figure->marks[i].class_->pads) return true;
    return false;
}

static bool fit_panel(fr_call *call, page *p, size_t panel)
{
    const fr_figure *figure = p->drawing.figure;
    fr_canvas *canvas = &p->panels[panel];
    bool pads = wants_pads(figure), flipped = figure->flipped;
    canvas->plot = whole(plot_of(p, panel), p->drawing.metrics);
    fr_box plot = canvas->plot;
    fr_fitted_axis *x = &p->x[panel], *y = &p->y[panel];
    bool table = figure->frame == FR_FRAME_TABLE;
    if (!fr_axis_scale(call, &figure->x[panel], table ? FR_AXIS_TABLE : pads ? FR_AXIS_PADDED : FR_AXIS_EXACT, x) ||
        !fr_axis_scale(call, &figure->y[panel], table ? FR_AXIS_TABLE : FR_AXIS_PADDED, y)) return false;
    x->vertical = flipped;
    y->vertical = !flipped;
    bool names_down = flipped || figure->frame == FR_FRAME_TABLE;                  /* names are read from the top */
    fr_axis_room across = { plot.x, plot.x + plot.width, p->body.height * 0.4 };
    fr_axis_room down = { plot.y + plot.height, plot.y, p->body.width * 0.34 };
    if (names_down && (flipped ? figure->x : figure->y)[panel].kind == FR_AXIS_CATEGORY)
        down = (fr_axis_room){ plot.y, plot.y + plot.height, down.room };
    return fr_axis_fit(call, &p->drawing, &figure->x[panel], flipped ? &down : &across, x) &&
           fr_axis_fit(call, &p->drawing, &figure->y[panel], flipped ? &across : &down, y);
}

static double right_overhang(const fr_fitted_axis *axis, double right)
{
    double most = 0;
    if (axis->angle < 0) return 0;
    for (size_t i = 0; i < axis->ticks.n; i++)
        if (axis->ticks.ticks[i].label) most = fmax(most, axis->ticks.ticks[i].at + fmin(axis->widest, 60) / 2 - right);
    return most;
}

/* Margins that the labels of all panels want. */
static margins measure(const page *p)
{
    const fr_figure *figure = p->drawing.figure;
    margins want = { 0, p->ends > 0 ? p->ends + 10 : 0, p->drawing.look.cells ? 0 : 6, 0 };
    if (figure->frame == FR_FRAME_NONE) return want;
    for (size_t i = 0; i < figure->n_panels; i++) {
        const fr_fitted_axis *vertical = figure->flipped ? &p->x[i] : &p->y[i],
            *horizontal = figure->flipped ? &p->y[i] : &p->x[i];
        if (shows_vertical(p, i)) want.left = fmax(want.left, vertical->depth);
        if (shows_horizontal(p, i)) want.bottom = fmax(want.bottom, horizontal->depth);
        want.right = fmax(want.right, right_overhang(horizontal, p->panels[i].plot.x + p->panels[i].plot.width));
    }
    want.left = fmin(ceil(want.left), p->body.width * 0.45);
    want.bottom = fmin(ceil(want.bottom), p->body.height * 0.5);
    want.right = fmin(ceil(want.right), p->body.width * 0.3);
    return want;
}

static bool fit_panels(fr_call *call, page *p)
{
    p->margin = (margins){ 40, p->ends > 0 ? p->ends + 10 : 0, p->drawing.look.cells ? 0 : 6, 24 };
    for (int pass = 0; pass < 3; pass++) {
        for (size_t i = 0; i < p->drawing.figure->n_panels; i++)
            if (!fit_panel(call, p, i)) return false;
        margins want = measure(p);
        bool settled = fabs(want.left - p->margin.left) < 1 && fabs(want.bottom - p->margin.bottom) < 1 &&
                       fabs(want.right - p->margin.right) < 1;
        p->margin = want;
        if (settled) break;
    }
    for (size_t i = 0; i < p->drawing.figure->n_panels; i++)
        if (!fit_panel(call, p, i)) return false;
    return true;
}

/* ---- drawing a panel --------------------------------------------------------------------------------------------- */

static bool has_rows(const fr_figure *figure, size_t panel)
{
    for (size_t i = 0; i < figure->n_marks; i++)
        if (fr_layer_at(figure, panel, i)->n > 0) return true;
    return false;
}

static bool say_no_data(fr_call *call, fr_canvas *canvas)
{
    float size = canvas->drawing->look.label;
    fr_label label = { .text = "no data", .x = canvas->plot.x + canvas->plot.width / 2, .anchor = FR_ANCHOR_MIDDLE,
                       .y = canvas->plot.y + canvas->plot.height / 2 + fr_draw_middle(canvas->drawing,
                           size), .font = { .size = size },
                       .paint = fr_paint_ink(FR_INK_MUTED) };
    return fr_draw_note(call, canvas->drawing, &label, NULL);
}

static bool draw_strip(fr_call *call, page *p, fr_canvas *canvas)
{
    float size = p->drawing.look.label;
    fr_font font = { .size = size, .weight = FR_WEIGHT_SEMIBOLD };
    if (p->strip <= 0) return true;
    const char *name = fr_text_fit(call, p->drawing.arena, p->drawing.metrics, canvas->figure->panels[canvas->panel],
                                   &font,
                                   canvas->plot.width);
    if (!name) return false;
    double top = canvas->plot.y - p->strip - p->margin.top, row = p->drawing.metrics->cell_height;
    if (row > 0) top = (floor(canvas->plot.y / row) - 1) * row;           /* the row above the panel's first */
    fr_label label = { .text = name, .x = canvas->plot.x, .y = top + fr_draw_ascent(&p->drawing, size),
                       .font = font,
                       .paint = fr_paint_ink(FR_INK_TEXT) };
    return fr_draw_note(call, &p->drawing, &label, NULL);
}

static bool draw_marks(fr_call *call, fr_canvas *canvas)
{
    const fr_figure *figure = canvas->figure;
    const fr_plot_axis *x = &figure->x[canvas->panel], *y = &figure->y[canvas->panel];
    bool clips = x->has_low || x->has_high || y->has_low || y->has_high;
    if (!fr_scene_begin(call, canvas->scene, &(fr_group){ .name = "marks", .clip = clips ? &canvas->plot : NULL }))
        return false;
    for (size_t i = 0; i < figure->n_marks; i++) {
        const fr_layer *layer = fr_layer_at(figure, canvas->panel, i);
        if (layer->n && !layer->of->class_->draw(call, layer, canvas)) return false;
    }
    return fr_scene_end(call, canvas->scene);
}

static bool draw_labels(fr_call *call, page *p, fr_canvas *canvas)
{
    const fr_figure *figure = canvas->figure;
    if (p->way == FR_LEGEND_WAY_ENDS && !fr_legend_draw_ends(call, canvas)) return false;
    for (size_t i = 0; i < figure->n_marks; i++) {
        const fr_layer *layer = fr_layer_at(figure, canvas->panel, i);
        if (layer->n && layer->of->class_->label && !layer->of->class_->label(call, layer, canvas)) return false;
    }
    return true;
}

/* Bars below zero hang from the line at zero; a second one at the edge would say that they stand there. */
static bool crosses_zero(const fr_fitted_axis *y)
{
    return y->axis->zero && y->axis->kind == FR_AXIS_LINEAR && y->scale.low < 0;
}

static bool draw_panel(fr_call *call, page *p, size_t panel)
{
    fr_canvas *canvas = &p->panels[panel];
    fr_fitted_axis *x = &p->x[panel], *y = &p->y[panel];
    bool framed = canvas->figure->frame != FR_FRAME_NONE, rows = has_rows(canvas->figure, panel);
    canvas->x = x->scale;
    canvas->y = y->scale;
    canvas->x_shift = x->shift;
    canvas->y_shift = y->shift;
    canvas->y_plan = y->ticks.plan;
    canvas->direct = p->way == FR_LEGEND_WAY_ENDS;
    canvas->right = p->margin.right;
    x->shown[0] = framed && rows && (x->vertical ? shows_vertical(p, panel) : shows_horizontal(p, panel));
    y->shown[0] = framed && rows && (y->vertical ? shows_vertical(p, panel) : shows_horizontal(p, panel));
    x->shown[1] = canvas->figure->frame == FR_FRAME_AXES && rows && !crosses_zero(y);
    if (!draw_strip(call, p, canvas)) return false;
    if (!rows) return say_no_data(call, canvas);
    bool grid = canvas->figure->frame == FR_FRAME_AXES;
    bool both = grid && wants_pads(canvas->figure) && x->axis->kind != FR_AXIS_TIME;      /* clouds are read both ways */
    if ((both && !fr_axis_draw_grid(call, &p->drawing, x, canvas->plot)) ||
        (grid && !fr_axis_draw_grid(call, &p->drawing, y, canvas->plot)) || !draw_marks(call, canvas)) return false;
    return fr_axis_draw_labels(call, &p->drawing, x, canvas->plot) &&
           fr_axis_draw_labels(call, &p->drawing, y, canvas->plot) &&
           draw_labels(call, p, canvas);
}

/* Dates and most categories need no name unless one was given. */
static bool speaks_for_itself(const fr_plot_axis *axis)
{
    return (axis->kind == FR_AXIS_CATEGORY && !axis->numbers) || axis->kind == FR_AXIS_TIME;
}

/* The name of an axis of numbers, below its right end. */
static bool draw_x_title(fr_call *call, page *p, double *bottom)
{
    const fr_figure *figure = p->drawing.figure;
    const fr_plot_axis *axis = figure->x;
    const char *title = figure->args.x_title ? figure->args.x_title : speaks_for_itself(axis) ? "" : axis->title;
    float size = p->drawing.look.tick;
    bool rows = false;
    for (size_t i = 0; i < figure->n_panels; i++) rows |= has_rows(figure, i);
    if (!*title || !rows || figure->flipped || figure->frame == FR_FRAME_NONE || p->drawing.scene->height < 180)
        return true;
    double line = fr_draw_line(&p->drawing, size), width;
    title = fr_text_fit(call, p->drawing.arena, p->drawing.metrics, title, &(fr_font){ .size = size }, p->body.width);
    if (!title || !fr_draw_width(call, &p->drawing, title, size, &width)) return false;
    *bottom -= line;
    fr_label label = { .text = title, .x = p->body.x + p->body.width - p->ends,
                       .y = *bottom + fr_draw_ascent(&p->drawing, size),
                       .anchor = FR_ANCHOR_END,
                       .font = { .size = size }, .paint = fr_paint_ink(FR_INK_MUTED) };
    label.x = fmax(label.x, width + p->body.x);
    return fr_draw_text(call, &p->drawing, &label);
}

static bool prepare_panels(fr_call *call, page *p)
{
    const fr_figure *figure = p->drawing.figure;
    fr_arena *arena = p->drawing.arena;
    p->panels = fr_arena_array(call, arena, figure->n_panels, sizeof *p->panels);
    p->x = fr_arena_array(call, arena, figure->n_panels * 2, sizeof *p->x);
    if (!p->panels || !p->x) return false;
    p->y = p->x + figure->n_panels;
    for (size_t i = 0; i < figure->n_panels; i++)
        p->panels[i] = (fr_canvas){ .drawing = &p->drawing, .scene = p->drawing.scene, .figure = figure, .panel = i };
    return true;
}

static bool lay(fr_call *call, page *p)
{
    fr_drawing *drawing = &p->drawing;
    const fr_look *look = &drawing->look;
    double top = look->pad, bottom = drawing->scene->height - look->pad;
    p->way = fr_legend_choose(drawing->figure, drawing->scene->width, drawing->scene->height);
    if (!draw_head(call, p, &top) || !draw_foot(call, p, top, &bottom)) return false;
    top += look->cells ? 0 : drawing->figure->args.title ? 8 : 2;
    p->body = (fr_box){ look->pad, top, fmax(16, drawing->scene->width - 2 * look->pad), fmax(16, bottom - top) };
    if (p->way == FR_LEGEND_WAY_ENDS && !fr_legend_ends_room(call, drawing, p->body.width * 0.25, &p->ends))
        return false;
    if (!draw_x_title(call, p, &bottom)) return false;
    p->body.height = fmax(16, bottom - top);
    choose_grid(p);
    p->strip = drawing->figure->args.facet ? fr_draw_line(drawing, look->label) + (look->cells ? 8 : 4) : 0;
    if (!prepare_panels(call, p) || !fit_panels(call, p)) return false;
    for (size_t i = 0; i < drawing->figure->n_panels; i++)
        if (!draw_panel(call, p, i)) return false;
    return true;
}

bool fr_figure_lay(fr_call *call, const fr_figure *figure, fr_scene *scene)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    page p = { .drawing = { .figure = figure, .scene = scene, .metrics = scene->metrics, .arena = &arena,
                            .look = look_for(scene) } };
    return fr_scene_name(call, scene, fr_figure_title(figure), figure->description) && lay(call, &p);
}
