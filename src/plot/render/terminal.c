/* terminal.c — a scene, laid out on whole cells, drawn with characters.
 *
 *     areas, bars, slices    block characters, to an eighth of a cell        ▁▂▃▄▅▆▇█ ▏▎▍▌▋▊▉ ▖▗▘▝
 *     lines and points       braille, 2 × 4 dots a cell                      ⡠⠔⠉
 *     grid lines and axes    box characters                                  ┈ ─ │
 *     text                   itself; turned text is written upright
 *
 * Titles and labels keep the terminal's own colour, grid and ticks its dim variant: a chart looks right on a light and
 * on a dark background, which nobody can ask a terminal for. Halos and gaps painted in the surface's colour are left
 * out.
 */
#include "plot/render/screen.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"

enum { USUAL_COLUMNS = 100, USUAL_ROWS = 30, MOST_CELLS = 1000, DEEPEST = 64, CURVE_STEPS = 12, CIRCLE_STEPS = 48 };

typedef struct screen_pen {
    fr_call                 *call;
    const fr_render_options *options;
    fr_screen                *screen;
    fr_box                   clips[DEEPEST + 1];
    int                      depth;
} screen_pen;

/* ---- paint ------------------------------------------------------------------------------------------------------- */

static fr_tint tint_of(const screen_pen *p, fr_paint paint)
{
    fr_tint tint = { .colour = FR_COLOUR_NONE };
    if (!fr_paints(paint) || paint.ink == FR_INK_SURFACE) return tint;
    fr_rgba c = fr_resolve(fr_theme_of(p->options), paint);
    tint.colour = (int32_t)((uint32_t)c.red << 16 | (uint32_t)c.green << 8 | c.blue);
    if (paint.over) return tint;
    if (paint.ink == FR_INK_TEXT) tint.colour = FR_COLOUR_TEXT;
    if (paint.ink == FR_INK_MUTED || paint.ink == FR_INK_GRID || paint.ink == FR_INK_AXIS) tint.colour = FR_COLOUR_DIM;
    if (paint.ink == FR_INK_SERIES) tint.series = (uint8_t)(1 + paint.index % FR_N_SERIES);
    if (paint.ink == FR_INK_DIVERGING && paint.t == paint.t)           /* there is no surface to shine through to */
        tint.colour = (int32_t)fr_resolve_opaque(fr_theme_of(p->options), paint);
    else if (c.alpha < 0.9f) tint.shade = c.alpha < 0.35f ? 3 : c.alpha < 0.65f ? 2 : 1;
    if (paint.ink == FR_INK_SEQUENTIAL && p->options->depth == FR_DEPTH_NONE)     /* darker for more: ░ ▒ ▓ █ */
        tint.shade = (uint8_t)(paint.t < 0.25f ? 3 : paint.t < 0.5f ? 2 : paint.t < 0.75f ? 1 : 0);
    return tint;
}

static bool shown(fr_tint tint) { return tint.colour != FR_COLOUR_NONE; }

/* ---- outlines ---------------------------------------------------------------------------------------------------- */

typedef struct outline { fr_point *points; size_t n, capacity; } outline;

static bool add_point(fr_call *call, outline *o, double x, double y)
{
    if (o->n == o->capacity) {
        size_t capacity = o->capacity ? o->capacity * 2 : 64;
        fr_point *points = fr_resize_array(call, o->points, o->capacity, capacity, sizeof *points);
        if (!points) return false;
        o->points = points;
        o->capacity = capacity;
    }
    o->points[o->n++] = (fr_point){ x, y };
    return true;
}

static bool add_curve(fr_call *call, outline *o, const fr_point at[3])
{
    fr_point a = o->n ? o->points[o->n - 1] : at[0];
    for (int i = 1; i <= CURVE_STEPS; i++) {
        double t = (double)i / CURVE_STEPS, u = 1 - t, ka = u * u * u, kb = 3 * u * u * t, kc = 3 * u * t * t, kd = t * t * t;
        if (!add_point(call, o, ka * a.x + kb * at[0].x + kc * at[1].x + kd * at[2].x,
                       ka * a.y + kb * at[0].y + kc * at[1].y + kd * at[2].y)) return false;
    }
    return true;
}

/* A filled outline, its edge when it has one, and nothing left of it afterwards. */
static bool finish(screen_pen *p, outline *o, const fr_item *item)
{
    fr_tint fill = tint_of(p, item->fill), edge = tint_of(p, item->stroke.paint);
    if (shown(fill) && !fr_screen_fill(p->call, p->screen, o->points, o->n, fill)) return false;
    if (fr_strokes(item->stroke) && shown(edge))
        for (size_t i = 0; i + 1 < o->n; i++) fr_screen_line(p->screen, o->points[i], o->points[i + 1], edge);
    o->n = 0;
    return true;
}

static bool add_segment(screen_pen *p, outline *o, const fr_segment *segment, const fr_item *item)
{
    switch (segment->verb) {
    case FR_PATH_MOVE:  return finish(p, o, item) && add_point(p->call, o, segment->at[0].x, segment->at[0].y);
    case FR_PATH_LINE:  return add_point(p->call, o, segment->at[0].x, segment->at[0].y);
    case FR_PATH_CURVE: return add_curve(p->call, o, segment->at);
    default:            return o->n == 0 || add_point(p->call, o, o->points[0].x, o->points[0].y);
    }
}

static bool draw_path(screen_pen *p, const fr_item *item)
{
    outline o = { 0 };
    bool done = true;
    for (size_t i = 0; done && i < item->n; i++) done = add_segment(p, &o, &item->segments[i], item);
    done = done && finish(p, &o, item);
    fr_free_array(p->call->context, o.points, o.capacity, sizeof *o.points);
    return done;
}

static bool draw_circle(screen_pen *p, const fr_item *item)
{
    fr_point ring[CIRCLE_STEPS + 1];
    outline o = { ring, CIRCLE_STEPS + 1, CIRCLE_STEPS + 1 };
    if (item->radius < FR_CELL_WIDTH / 2.0) {
        fr_tint tint = tint_of(p, item->fill);
        if (!shown(tint)) tint = tint_of(p, item->stroke.paint);
        if (shown(tint)) fr_screen_dot(p->screen, (fr_point){ item->x, item->y }, tint);
        return true;
    }
    for (int i = 0; i <= CIRCLE_STEPS; i++) {
        double angle = 2 * M_PI * i / CIRCLE_STEPS;
        ring[i] = (fr_point){ item->x + item->radius * cos(angle), item->y + item->radius * sin(angle) };
    }
    return finish(p, &o, item);
}

static bool draw_polyline(screen_pen *p, const fr_item *item)
{
    fr_tint line = tint_of(p, item->stroke.paint), fill = tint_of(p, item->fill);
    if (shown(fill) && !fr_screen_fill(p->call, p->screen, item->points, item->n, fill)) return false;
    if (!fr_strokes(item->stroke) || !shown(line)) return true;
    for (size_t i = 0; i < item->n; i++) {
        bool ends = i + 1 == item->n;
        fr_point a = item->points[i], b = item->points[!ends ? i + 1 : item->closed ? 0 : i];
        if (!isnan(a.x)) fr_screen_line(p->screen, a, isnan(b.x) ? a : b, line);
    }
    return true;
}

/* ---- the rest ---------------------------------------------------------------------------------------------------- */

static void draw_line(const screen_pen *p, const fr_item *item)
{
    fr_tint tint = tint_of(p, item->stroke.paint);
    fr_point from = { item->x, item->y }, to = { item->x2, item->y2 };
    bool along = item->x == item->x2 || item->y == item->y2;
    if (!fr_strokes(item->stroke) || !shown(tint)) return;
    bool light = item->stroke.paint.ink == FR_INK_GRID || item->stroke.dash != FR_DASH_SOLID;
    if (along) fr_screen_rule(p->screen, from, to, light, tint);
    else fr_screen_line(p->screen, from, to, tint);
}

/* Sides of a bar move to half cells, so that its corners are quarter blocks and not crumbs; where it ends stays exact. */
static fr_box sides_on_halves(fr_box b)
{
    const double half = FR_CELL_WIDTH / 2.0;
    if (b.width < FR_CELL_WIDTH) return b;
    double left = floor(b.x / half + 0.5) * half, right = floor((b.x + b.width) / half + 0.5) * half;
    return (fr_box){ left, b.y, right - left, b.height };
}

static void draw_rect(const screen_pen *p, const fr_item *item)
{
    fr_tint fill = tint_of(p, item->fill), edge = tint_of(p, item->stroke.paint);
    const fr_box b = sides_on_halves(item->box);
    if (shown(fill)) fr_screen_rect(p->screen, b, fill);
    if (!fr_strokes(item->stroke) || !shown(edge)) return;
    double right = b.x + b.width, bottom = b.y + b.height;
    const fr_point c[] = { { b.x, b.y }, { right, b.y }, { right, bottom }, { b.x, bottom } };
    for (int i = 0; i < 4; i++) fr_screen_line(p->screen, c[i], c[(i + 1) % 4], edge);
}

static void draw_points(const screen_pen *p, const fr_item *item)
{
    fr_tint tint = tint_of(p, item->fill);
    tint.shade = 0;
    if (!shown(tint)) tint = tint_of(p, item->stroke.paint);
    if (!shown(tint)) return;
    for (size_t i = 0; i < item->n; i++) fr_screen_dot(p->screen, item->points[i], tint);
}

/* Text over a filled cell needs a colour that can be read there; "over" paints bring one, others take it from the
 * cell. */
static fr_tint text_tint(const screen_pen *p, const fr_item *item, int column, int row)
{
    fr_tint tint = tint_of(p, item->fill), behind = fr_screen_behind(p->screen, column, row);
    if (behind.colour < 0) {
        if (item->fill.over) tint.colour = FR_COLOUR_TEXT;
        return tint;
    }
    fr_paint on = fr_paint_over(fr_paint_rgb((uint32_t)behind.colour));
    fr_rgba c = fr_resolve(fr_theme_of(p->options), on);
    tint.colour = (int32_t)((uint32_t)c.red << 16 | (uint32_t)c.green << 8 | c.blue);
    tint.series = 0;
    return tint;
}

static int row_of(double top) { return (int)floor(top / FR_CELL_HEIGHT + 0.5); }
static int column_of(double left) { return (int)floor(left / FR_CELL_WIDTH + 0.5); }

static void text_line(const screen_pen *p, const fr_item *item, const char *text, size_t n, double top)
{
    double width = (double)fr_utf8_width(text, n) * FR_CELL_WIDTH;
    int column = column_of(item->x - width * item->anchor / 2), row = row_of(top);
    bool bold = item->font.weight >= FR_WEIGHT_SEMIBOLD;
    fr_screen_text(p->screen, column, row, text, n, bold, text_tint(p, item, column, row));
}

static void draw_text(const screen_pen *p, const fr_item *item)
{
    if (!fr_paints(item->fill)) return;
    double top = item->y - item->ascent;
    for (const char *at = item->text;; at++, top += item->line_height) {
        size_t n = strcspn(at, "\n");
        text_line(p, item, at, n, top);
        at += n;
        if (!*at) return;
    }
}

/* ---- the scene --------------------------------------------------------------------------------------------------- */

static fr_box intersection(fr_box a, fr_box b)
{
    double x = fmax(a.x, b.x), y = fmax(a.y, b.y);
    double right = fmin(a.x + a.width, b.x + b.width), bottom = fmin(a.y + a.height, b.y + b.height);
    return (fr_box){ x, y, fmax(0, right - x), fmax(0, bottom - y) };
}

static void begin(screen_pen *p, const fr_item *item)
{
    if (p->depth == DEEPEST) return;
    p->clips[p->depth++] = p->screen->clip;
    if (item->has_clip) p->screen->clip = intersection(p->screen->clip, item->box);
}

static void end(screen_pen *p)
{
    if (p->depth) p->screen->clip = p->clips[--p->depth];
}

static bool draw_item(screen_pen *p, const fr_item *item)
{
    switch (item->kind) {
    case FR_ITEM_BEGIN:    begin(p, item); break;
    case FR_ITEM_END:      end(p); break;
    case FR_ITEM_RECT:     draw_rect(p, item); break;
    case FR_ITEM_LINE:     draw_line(p, item); break;
    case FR_ITEM_POINTS:   draw_points(p, item); break;
    case FR_ITEM_TEXT:     draw_text(p, item); break;
    case FR_ITEM_CIRCLE:   return draw_circle(p, item);
    case FR_ITEM_POLYLINE: return draw_polyline(p, item);
    case FR_ITEM_PATH:     return draw_path(p, item);
    default:               break;
    }
    return true;
}

static void clear_cells(fr_screen *screen)
{
    const fr_tint nothing = { .colour = FR_COLOUR_NONE };
    for (int i = 0; i < screen->columns * screen->rows; i++)
        screen->cells[i] = (fr_screen_cell){ .back = nothing, .area = nothing, .rule = nothing, .dot = nothing,
                                             .ink = nothing };
}

static bool render(fr_call *call, const fr_scene *scene, const fr_render_options *options, fr_text *out)
{
    fr_screen screen = { .columns = (int)fmin(MOST_CELLS, ceil(scene->width / FR_CELL_WIDTH)),
                        .rows = (int)fmin(MOST_CELLS, ceil(scene->height / FR_CELL_HEIGHT)),
                        .clip = { 0, 0, scene->width, scene->height } };
    if (screen.columns < 1 || screen.rows < 1) return fr_fail(call, FR_ERR_ARGUMENT, "a screen without cells");
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    size_t n = (size_t)screen.columns * (size_t)screen.rows;
    screen.cells = fr_arena_array(call, &arena, n, sizeof *screen.cells);
    screen.masks = screen.cells ? fr_arena_array(call, &arena, n, sizeof *screen.masks) : NULL;
    if (!screen.masks) return false;
    clear_cells(&screen);
    screen_pen p = { .call = call, .options = options, .screen = &screen };
    for (size_t i = 0; i < scene->n_items; i++)
        if (!draw_item(&p, scene->items[i])) return false;
    return fr_screen_write(call, &screen, options, out);
}

static bool metrics(fr_call *call, fr_metrics *out)
{
    (void)call;
    fr_metrics_cells(out);
    return true;
}

static int clamped(int asked, int usual)
{
    return asked <= 0 ? usual : asked < 10 ? 10 : asked > MOST_CELLS ? MOST_CELLS : asked;
}

static void canvas(const fr_render_options *options, double *width, double *height)
{
    *width = clamped(options->columns, USUAL_COLUMNS) * FR_CELL_WIDTH;
    *height = clamped(options->rows, USUAL_ROWS) * FR_CELL_HEIGHT;
}

const fr_renderer fr_terminal_renderer = {
    .name = "terminal", .extensions = ".txt", .media_type = "text/plain",
    .metrics = metrics, .canvas = canvas, .render = render,
};
