/* svg_path.c — lines, outlines, discs and tiles as few bytes of path.
 *
 *     (1, 2) (3.5, 1.25) (4, 10)      →  M1 2l2.5-.75 .5 8.75       relative, a blank only where numbers would run together
 *     discs of one colour             →  M1 2h0m2 2h0               dots of a thick round pen
 *     tiles of one colour             →  M0 0h4v4h-4zM5 0h4v4h-4z
 */
#include "plot/render/svg_writer.h"

#include <math.h>

enum { FEWEST_TILES = 8, MOST_TILES = 4096 };      /* in one path; the check for overlaps is quadratic */

typedef struct pen { int64_t x, y, grain; bool first; } pen;     /* where the path stands, in hundredths */

static bool put(fr_svg_writer *w, const char *text) { return fr_text_add(w->call, w->out, text); }

static int64_t snapped(const pen *p, double x)
{
    double scaled = x * 100 / (double)p->grain;
    return (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5) * p->grain;
}

/* A relative pair: " 12.5-3", with the blank only where the numbers would run together. */
static bool put_pair(fr_svg_writer *w, int64_t dx, int64_t dy, bool after_number)
{
    char text[64];
    size_t n = 0;
    if (after_number && dx >= 0) text[n++] = ' ';
    n += fr_svg_hundredths(dx, text + n);
    if (dy >= 0) text[n++] = ' ';
    n += fr_svg_hundredths(dy, text + n);
    return fr_text_append(w->call, w->out, text, n);
}

static bool move_pen(fr_svg_writer *w, pen *p, fr_point to)
{
    p->x = snapped(p, to.x);
    p->y = snapped(p, to.y);
    p->first = true;
    return put(w, "M") && put_pair(w, p->x, p->y, false);
}

static bool draw_to(fr_svg_writer *w, pen *p, fr_point to)
{
    int64_t x = snapped(p, to.x), y = snapped(p, to.y);
    if (x == p->x && y == p->y) return true;
    if (p->first && !put(w, "l")) return false;
    if (!put_pair(w, x - p->x, y - p->y, !p->first)) return false;
    p->x = x;
    p->y = y;
    p->first = false;
    return true;
}

bool fr_svg_put_polyline(fr_svg_writer *w, const fr_item *item)
{
    pen p = { .grain = item->n > FR_SVG_DENSE ? 10 : 1 };
    bool begins = true;
    for (size_t i = 0; i < item->n; i++) {
        if (isnan(item->points[i].x)) {
            if (p.first && !put(w, "h0")) return false;              /* a point alone: its round ends make a dot */
            begins = true;
            continue;
        }
        if (!(begins ? move_pen(w, &p, item->points[i]) : draw_to(w, &p, item->points[i]))) return false;
        begins = false;
    }
    if (item->n && p.first && !put(w, "h0")) return false;
    return !item->closed || item->n == 0 || put(w, "z");
}

static bool put_curve(fr_svg_writer *w, pen *p, const fr_point at[3])
{
    int64_t x = p->x, y = p->y;
    if (!put(w, "c")) return false;
    for (int i = 0; i < 3; i++) {
        p->x = snapped(p, at[i].x);
        p->y = snapped(p, at[i].y);
        if (!put_pair(w, p->x - x, p->y - y, i > 0)) return false;
    }
    p->first = true;
    return true;
}

bool fr_svg_put_segments(fr_svg_writer *w, const fr_item *item)
{
    pen p = { .grain = 1 };
    for (size_t i = 0; i < item->n; i++) {
        const fr_segment *s = &item->segments[i];
        bool done = s->verb == FR_PATH_MOVE ? move_pen(w, &p, s->at[0])
                  : s->verb == FR_PATH_LINE ? draw_to(w, &p, s->at[0])
                  : s->verb == FR_PATH_CURVE ? put_curve(w, &p, s->at) : put(w, "z");
        if (!done) return false;
        if (s->verb == FR_PATH_CLOSE) p.first = true;
    }
    return true;
}

bool fr_svg_put_line(fr_svg_writer *w, const fr_item *item)
{
    pen p = { .grain = 1 };
    fr_point from = { item->x, item->y }, to = { item->x2, item->y2 };
    return put(w, "<path d=\"") && move_pen(w, &p, from) && draw_to(w, &p, to) && (!p.first || put(w, "h0")) && put(w, "\"");
}

/* Discs of one colour as dots of a thick round pen: a third of the bytes of circles. Where they are transparent or
 * have an outline every one counts: see fr_svg_put_markers. */
bool fr_svg_put_dots(fr_svg_writer *w, const fr_item *item)
{
    pen p = { .grain = item->n > FR_SVG_DENSE ? 10 : 1 };
    if (!put(w, "<path") || !fr_svg_put_classes(w, (fr_paint){ 0 }, item->fill) ||
        !fr_svg_put_colour(w, "stroke", item->fill)) return false;
    if (!fr_svg_put_attribute(w, "stroke-width", 2 * item->radius) || !put(w, " fill=\"none\" d=\"")) return false;
    for (size_t i = 0; i < item->n; i++) {
        int64_t x = snapped(&p, item->points[i].x), y = snapped(&p, item->points[i].y);
        if (!put(w, i ? "m" : "M") || !put_pair(w, x - p.x, y - p.y, false) || !put(w, "h0")) return false;
        p.x = x;
        p.y = y;
    }
    return put(w, "\"");
}

/* Many discs that are transparent or have an outline: one path that has the disc as a marker at each of its points.
 * They are painted one after the other, as circles would be, for a quarter of the bytes and one element instead of
 * thousands. */
bool fr_svg_put_markers(fr_svg_writer *w, const fr_item *item, size_t at)
{
    pen p = { .grain = item->n > FR_SVG_DENSE ? 10 : 1 };
    if (!fr_text_format(w->call, w->out, "<marker id=\"%s-m%zu\"", w->prefix, at) ||
        !put(w, " markerUnits=\"userSpaceOnUse\" overflow=\"visible\"><circle") || !fr_svg_put_attribute(w, "r", item->radius) ||
        !fr_svg_put_style(w, item) || !put(w, "/></marker><path")) return false;
    static const char *const places[] = { "start", "mid", "end" };
    for (int i = 0; i < 3; i++)
        if (!fr_text_format(w->call, w->out, " marker-%s=\"url(#%s-m%zu)\"", places[i], w->prefix, at)) return false;
    if (!put(w, " fill=\"none\" d=\"")) return false;
    for (size_t i = 0; i < item->n; i++) {
        int64_t x = snapped(&p, item->points[i].x), y = snapped(&p, item->points[i].y);
        if (!put(w, i == 0 ? "M" : i == 1 ? "l" : "") || !put_pair(w, x - p.x, y - p.y, i > 1)) return false;
        p.x = x;
        p.y = y;
    }
    return put(w, "\"");
}

/* May these be one path? Plain rectangles without anything of their own; where they are transparent, none on another. */
bool fr_svg_is_mosaic(const fr_scene *scene, size_t at, size_t n)
{
    if (n < FEWEST_TILES || n > MOST_TILES || fr_strokes(scene->items[at]->stroke)) return false;
    bool opaque = fr_resolve(&fr_theme_light, scene->items[at]->fill).alpha >= 1;
    for (size_t i = at; i < at + n; i++) {
        const fr_item *item = scene->items[i];
        if (item->kind != FR_ITEM_RECT || item->tooltip || item->radius > 0) return false;
        for (size_t k = at; !opaque && k < i; k++)
            if (fr_box_meets(item->box, scene->items[k]->box, 0.005)) return false;
    }
    return true;
}

/* "M5 5h4v4h-4z": under half of the bytes of a rect, and one element instead of thousands. */
bool fr_svg_put_mosaic(fr_svg_writer *w, size_t at, size_t n)
{
    pen p = { .grain = 1 };
    if (!put(w, "<path") || !fr_svg_put_style(w, w->scene->items[at]) || !put(w, " d=\"")) return false;
    for (size_t i = at; i < at + n; i++) {
        fr_box b = w->scene->items[i]->box;
        double width = (double)(snapped(&p, b.x + b.width) - snapped(&p, b.x)) / 100;
        double height = (double)(snapped(&p, b.y + b.height) - snapped(&p, b.y)) / 100;
        if (!move_pen(w, &p, (fr_point){ b.x, b.y }) || !put(w, "h") || !fr_svg_put_number(w, width) || !put(w, "v") ||
            !fr_svg_put_number(w, height) || !put(w, "h") || !fr_svg_put_number(w, -width) || !put(w, "z")) return false;
    }
    return put(w, "\"/>\n");
}
