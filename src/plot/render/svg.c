/* svg.c — a scene as SVG: real text, roles as CSS variables, and few bytes.
 *
 *     <svg … viewBox="0 0 768 480" role="img" aria-labelledby="fr1-t fr1-d"><title id="fr1-t">Revenue</title><desc …>…
 *     <g class="f-s1" fill="#0072b2"><rect x="40" y="100" width="60" height="200"><title>North: 1,234</title></rect>…</g>
 *
 * Numbers have two decimals at most (dense lines one: a twentieth of a pixel), without what could be left out; coordinates
 * within a path are relative; neighbours of one style share a group. Ids begin with a prefix made from the scene itself, so
 * the file is the same from run to run and two charts in a page keep apart. Texts were cleaned when the scene took them, so
 * that only & < > " are left to escape here.
 */
#include "plot/render/svg_style.h"

#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"

enum { DENSE = 100, LONGEST_PREFIX = 40, FEWEST_TILES = 8, MOST_TILES = 4096 };  /* more points than DENSE: one decimal */

typedef struct writer {
    fr_call                 *call;
    const fr_scene          *scene;
    const fr_render_options *options;
    const fr_theme          *theme;             /* NULL: both, through classes                                        */
    fr_text                 *out;
    uint64_t                 fills, strokes;    /* slots that were used                                               */
    char                     prefix[LONGEST_PREFIX + 1];
} writer;

/* ---- texts and numbers --------------------------------------------------------------------------------------------- */

static bool put(writer *w, const char *text) { return fr_text_add(w->call, w->out, text); }

static bool put_escaped(writer *w, const char *text)
{
    for (;;) {
        size_t n = strcspn(text, "&<>\"\n");
        if (n && !fr_text_append(w->call, w->out, text, n)) return false;
        if (!text[n]) return true;
        const char *instead = text[n] == '&' ? "&amp;" : text[n] == '<' ? "&lt;" : text[n] == '>' ? "&gt;"
                            : text[n] == '"' ? "&quot;" : "\n";
        if (!put(w, instead)) return false;
        text += n + 1;
    }
}

/* So many hundredths as a number: 1250 → 12.5, -7 → -.07. */
static size_t print_hundredths(int64_t hundredths, char *out)
{
    char digits[24];
    size_t n = 0, d = 0;
    uint64_t x = hundredths < 0 ? (uint64_t)-hundredths : (uint64_t)hundredths;
    uint64_t whole = x / 100, part = x % 100;
    if (hundredths < 0) out[n++] = '-';
    for (; whole; whole /= 10) digits[d++] = (char)('0' + whole % 10);
    if (d == 0 && part == 0) digits[d++] = '0';
    while (d) out[n++] = digits[--d];
    if (part) {
        out[n++] = '.';
        out[n++] = (char)('0' + part / 10);
        if (part % 10) out[n++] = (char)('0' + part % 10);
    }
    return n;
}

static int64_t hundredths_of(double x)
{
    double scaled = x * 100;
    return (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
}

static bool put_number(writer *w, double x)
{
    char text[32];
    return fr_text_append(w->call, w->out, text, print_hundredths(hundredths_of(x), text));
}

/* ` name="12.5"` */
static bool put_attribute(writer *w, const char *name, double x)
{
    return put(w, " ") && put(w, name) && put(w, "=\"") && put_number(w, x) && put(w, "\"");
}

/* ---- style --------------------------------------------------------------------------------------------------------- */

/* The class of a paint, when themes differ: remembers that its rule is needed. */
static bool put_class(writer *w, const char *kind, fr_paint paint, bool *open)
{
    int slot = w->theme ? -1 : fr_svg_slot_of(paint);
    if (slot < 0) return true;
    *(kind[0] == 'f' ? &w->fills : &w->strokes) |= UINT64_C(1) << slot;
    bool first = !*open;
    *open = true;
    return put(w, first ? " class=\"" : " ") && put(w, kind) && put(w, fr_svg_slot_at(slot).name);
}

static bool put_classes(writer *w, fr_paint fill, fr_paint stroke)
{
    bool open = false;
    if (fr_paints(fill) && !put_class(w, "f-", fill, &open)) return false;
    if (fr_paints(stroke) && !put_class(w, "s-", stroke, &open)) return false;
    return !open || put(w, "\"");
}

/* ` fill="#0072b2" fill-opacity=".2"`; `name` is "fill" or "stroke". */
static bool put_colour(writer *w, const char *name, fr_paint paint)
{
    fr_rgba c = fr_resolve(w->theme ? w->theme : &fr_theme_light, paint);
    uint32_t rgb = (uint32_t)c.red << 16 | (uint32_t)c.green << 8 | c.blue;
    bool brief = (rgb >> 4 & 0x0f0f0f) == (rgb & 0x0f0f0f);
    bool done = brief ? fr_text_format(w->call, w->out, " %s=\"#%x%x%x\"", name, rgb >> 16 & 15, rgb >> 8 & 15, rgb & 15)
                      : fr_text_format(w->call, w->out, " %s=\"#%06x\"", name, rgb);
    if (!done || c.alpha >= 1) return done;
    return put(w, " ") && put(w, name) && put(w, "-opacity=\"") && put_number(w, (double)c.alpha) && put(w, "\"");
}

static bool put_stroke(writer *w, fr_stroke stroke)
{
    double dash[2];
    if (!put_colour(w, "stroke", stroke.paint)) return false;
    if (stroke.width != 1 && !put_attribute(w, "stroke-width", (double)stroke.width)) return false;
    if (stroke.square && !put(w, " stroke-linecap=\"butt\" stroke-linejoin=\"miter\"")) return false;
    if (!fr_dash_lengths(stroke, dash)) return true;
    return put(w, " stroke-dasharray=\"") && put_number(w, dash[0]) && put(w, " ") && put_number(w, dash[1]) && put(w, "\"");
}

static bool put_shape_style(writer *w, const fr_item *item)
{
    bool stroked = fr_strokes(item->stroke), filled = fr_paints(item->fill);
    if (!put_classes(w, item->fill, stroked ? item->stroke.paint : (fr_paint){ 0 })) return false;
    if (!(filled ? put_colour(w, "fill", item->fill) : put(w, " fill=\"none\""))) return false;
    if (stroked) return put_stroke(w, item->stroke);
    return filled || !item->tooltip || put(w, " pointer-events=\"all\"");     /* unseen, but to be pointed at */
}

static bool put_text_style(writer *w, const fr_item *item)
{
    static const char *const anchors[] = { "", " text-anchor=\"middle\"", " text-anchor=\"end\"" };
    fr_paint halo = item->halo > 0 ? fr_paint_ink(FR_INK_SURFACE) : (fr_paint){ 0 };
    if (!put_classes(w, item->fill, halo) || !put_colour(w, "fill", item->fill)) return false;
    if (!put_attribute(w, "font-size", (double)item->font.size) || !put(w, anchors[item->anchor % 3])) return false;
    if (item->font.weight && !fr_text_format(w->call, w->out, " font-weight=\"%u\"", item->font.weight)) return false;
    if (item->font.italic && !put(w, " font-style=\"italic\"")) return false;
    return !fr_paints(halo) || (put_colour(w, "stroke", halo) && put(w, " paint-order=\"stroke\"") &&
                                put_attribute(w, "stroke-width", 2 * (double)item->halo));
}

static bool put_style(writer *w, const fr_item *item)
{
    return item->kind == FR_ITEM_TEXT ? put_text_style(w, item) : put_shape_style(w, item);
}

static bool drawn(const fr_item *item)
{
    if (item->kind == FR_ITEM_NONE) return false;
    if (item->kind == FR_ITEM_TEXT) return fr_paints(item->fill);
    return fr_paints(item->fill) || fr_strokes(item->stroke) || item->tooltip;
}

static bool same_stroke(fr_stroke a, fr_stroke b)
{
    if (!fr_strokes(a) && !fr_strokes(b)) return true;
    return fr_paint_same(a.paint, b.paint) && a.width == b.width && a.dash == b.dash && a.square == b.square;
}

static bool same_style(const fr_item *a, const fr_item *b)
{
    if ((a->kind == FR_ITEM_TEXT) != (b->kind == FR_ITEM_TEXT) || !fr_paint_same(a->fill, b->fill)) return false;
    if (a->kind != FR_ITEM_TEXT) return same_stroke(a->stroke, b->stroke) && (fr_paints(a->fill) || fr_strokes(a->stroke));
    return a->font.size == b->font.size && a->font.weight == b->font.weight && a->font.italic == b->font.italic &&
           a->halo == b->halo && a->anchor == b->anchor;
}

/* ---- paths --------------------------------------------------------------------------------------------------------- */

typedef struct pen { int64_t x, y, grain; bool first; } pen;     /* where the path stands, in hundredths */

static int64_t snapped(const pen *p, double x)
{
    double scaled = x * 100 / (double)p->grain;
    return (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5) * p->grain;
}

/* A relative pair: " 12.5-3", with the blank only where the numbers would run together. */
static bool put_pair(writer *w, int64_t dx, int64_t dy, bool after_number)
{
    char text[64];
    size_t n = 0;
    if (after_number && dx >= 0) text[n++] = ' ';
    n += print_hundredths(dx, text + n);
    if (dy >= 0) text[n++] = ' ';
    n += print_hundredths(dy, text + n);
    return fr_text_append(w->call, w->out, text, n);
}

static bool move_pen(writer *w, pen *p, fr_point to)
{
    p->x = snapped(p, to.x);
    p->y = snapped(p, to.y);
    p->first = true;
    return put(w, "M") && put_pair(w, p->x, p->y, false);
}

static bool draw_to(writer *w, pen *p, fr_point to)
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

static bool put_polyline(writer *w, const fr_item *item)
{
    pen p = { .grain = item->n > DENSE ? 10 : 1 };
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

static bool put_curve(writer *w, pen *p, const fr_point at[3])
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

static bool put_segments(writer *w, const fr_item *item)
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

/* Discs of one colour as dots of a thick round pen: a third of the bytes of circles. Where they are transparent or have an
 * outline every one counts, so they are circles. */
static bool put_dots(writer *w, const fr_item *item)
{
    pen p = { .grain = item->n > DENSE ? 10 : 1 };
    if (!put(w, "<path") || !put_classes(w, (fr_paint){ 0 }, item->fill) || !put_colour(w, "stroke", item->fill)) return false;
    if (!put_attribute(w, "stroke-width", 2 * item->radius) || !put(w, " fill=\"none\" d=\"")) return false;
    for (size_t i = 0; i < item->n; i++) {
        int64_t x = snapped(&p, item->points[i].x), y = snapped(&p, item->points[i].y);
        if (!put(w, i ? "m" : "M") || !put_pair(w, x - p.x, y - p.y, false) || !put(w, "h0")) return false;
        p.x = x;
        p.y = y;
    }
    return put(w, "\"");
}

/* ---- items --------------------------------------------------------------------------------------------------------- */

static bool put_rect(writer *w, const fr_item *item)
{
    return put(w, "<rect") && put_attribute(w, "x", item->box.x) && put_attribute(w, "y", item->box.y) &&
           put_attribute(w, "width", item->box.width) && put_attribute(w, "height", item->box.height) &&
           (item->radius <= 0 || put_attribute(w, "rx", item->radius));
}

static bool put_line(writer *w, const fr_item *item)
{
    pen p = { .grain = 1 };
    fr_point from = { item->x, item->y }, to = { item->x2, item->y2 };
    return put(w, "<path d=\"") && move_pen(w, &p, from) && draw_to(w, &p, to) && (!p.first || put(w, "h0")) && put(w, "\"");
}

static bool put_circle(writer *w, double x, double y, double radius)
{
    return put(w, "<circle") && put_attribute(w, "cx", x) && put_attribute(w, "cy", y) && put_attribute(w, "r", radius);
}

static bool put_shape(writer *w, const fr_item *item)
{
    switch (item->kind) {
    case FR_ITEM_RECT:   return put_rect(w, item);
    case FR_ITEM_LINE:   return put_line(w, item);
    case FR_ITEM_CIRCLE: return put_circle(w, item->x, item->y, item->radius);
    case FR_ITEM_PATH:   return put(w, "<path d=\"") && put_segments(w, item) && put(w, "\"");
    default:             return put(w, "<path d=\"") && put_polyline(w, item) && put(w, "\"");
    }
}

static bool put_tooltip(writer *w, const char *tooltip)
{
    return put(w, "<title>") && put_escaped(w, tooltip) && put(w, "</title>");
}

/* The rest of an element that `name` began: style unless a group has it, tooltip, end. */
static bool put_end(writer *w, const fr_item *item, const char *name, bool styled)
{
    if (!styled && !put_style(w, item)) return false;
    if (!item->tooltip) return put(w, "/>");
    return put(w, ">") && put_tooltip(w, item->tooltip) && put(w, "</") && put(w, name) && put(w, ">");
}

/* Many discs that are transparent or have an outline: one path that has the disc as a marker at each of its points. They are
 * painted one after the other, as circles would be, for a quarter of the bytes and one element instead of thousands. */
static bool put_markers(writer *w, const fr_item *item, size_t at)
{
    pen p = { .grain = item->n > DENSE ? 10 : 1 };
    if (!fr_text_format(w->call, w->out, "<marker id=\"%s-m%zu\"", w->prefix, at) ||
        !put(w, " markerUnits=\"userSpaceOnUse\" overflow=\"visible\"><circle") || !put_attribute(w, "r", item->radius) ||
        !put_style(w, item) || !put(w, "/></marker><path")) return false;
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

static bool put_points(writer *w, const fr_item *item, bool styled, size_t at)
{
    fr_rgba colour = fr_resolve(&fr_theme_light, item->fill);
    bool plain = !fr_strokes(item->stroke) && colour.alpha >= 1;
    if (plain || item->n > DENSE) {
        if (!(plain ? put_dots(w, item) : put_markers(w, item, at))) return false;
        return put_end(w, item, "path", true);
    }
    if (!put(w, "<g") || !(styled || put_style(w, item)) || !put(w, ">")) return false;
    if (item->tooltip && !put_tooltip(w, item->tooltip)) return false;
    for (size_t i = 0; i < item->n; i++)
        if (!put_circle(w, item->points[i].x, item->points[i].y, item->radius) || !put(w, "/>")) return false;
    return put(w, "</g>");
}

/* Does the text begin (after digits and signs) with a letter that is written from right to left? */
static bool right_to_left(const char *text)
{
    uint32_t code;
    for (size_t n = strlen(text), at = 0; at < n;) {
        at += fr_utf8_decode(text + at, n - at, &code);
        if ((code >= 0x590 && code < 0x900) || (code >= 0xfb1d && code < 0xfe00) || (code >= 0xfe70 && code < 0xff00) ||
            (code >= 0x10800 && code < 0x11000) || (code >= 0x1e800 && code < 0x1f000))
            return true;
        if (fr_code_is_alpha(code)) return false;
    }
    return false;
}

static bool put_lines(writer *w, const fr_item *item)
{
    if (item->n <= 1) return put_escaped(w, item->text);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, w->call->context);
    for (const char *line = item->text;; line++) {
        size_t n = strcspn(line, "\n");
        const char *copy = fr_arena_text(w->call, &arena, line, n);
        if (!copy || !put(w, "<tspan") || !put_attribute(w, "x", item->x)) return false;
        if (line != item->text && !put_attribute(w, "dy", item->line_height)) return false;
        if (!put(w, ">") || !put_escaped(w, n ? copy : "\xc2\xa0") || !put(w, "</tspan>")) return false;
        if (!line[n]) return true;
        line += n;
    }
}

static bool put_text(writer *w, const fr_item *item, bool styled)
{
    fr_item turned = *item;
    bool backwards = right_to_left(item->text);
    if (backwards) turned.anchor = (uint8_t)(FR_ANCHOR_END - item->anchor);       /* "start" is then at the right */
    if (!put(w, "<text") || !put_attribute(w, "x", item->x) || !put_attribute(w, "y", item->y)) return false;
    if (item->angle != 0 && !(put(w, " transform=\"rotate(") && put_number(w, (double)item->angle) && put(w, " ") &&
                              put_number(w, item->x) && put(w, " ") && put_number(w, item->y) && put(w, ")\""))) return false;
    if (backwards && !put(w, " direction=\"rtl\"")) return false;
    if ((!styled || backwards) && !put_style(w, &turned)) return false;
    if (!put(w, ">") || (item->tooltip && !put_tooltip(w, item->tooltip))) return false;
    return put_lines(w, item) && put(w, "</text>");
}

static bool put_item(writer *w, const fr_item *item, bool styled, size_t at)
{
    if (item->kind == FR_ITEM_TEXT) return put_text(w, item, styled);
    if (item->kind == FR_ITEM_POINTS) return item->n == 0 || put_points(w, item, styled, at);
    if (item->kind == FR_ITEM_POLYLINE && item->n == 0) return true;
    const char *name = item->kind == FR_ITEM_RECT ? "rect" : item->kind == FR_ITEM_CIRCLE ? "circle" : "path";
    return put_shape(w, item) && put_end(w, item, name, styled);
}

/* ---- groups -------------------------------------------------------------------------------------------------------- */

/* The number of the clip path: that of the first group with the same rectangle. */
static size_t clip_number(const writer *w, size_t at)
{
    const fr_box *box = &w->scene->items[at]->box;
    for (size_t i = 0; i < at; i++) {
        const fr_item *other = w->scene->items[i];
        if (other->kind == FR_ITEM_BEGIN && other->has_clip && memcmp(&other->box, box, sizeof *box) == 0) return i;
    }
    return at;
}

static bool put_clip(writer *w, size_t at)
{
    size_t number = clip_number(w, at);
    const fr_item rect = { .kind = FR_ITEM_RECT, .box = w->scene->items[at]->box };
    if (number == at && !(fr_text_format(w->call, w->out, "<clipPath id=\"%s-c%zu\">", w->prefix, number) &&
                          put_rect(w, &rect) && put(w, "/></clipPath>"))) return false;
    return fr_text_format(w->call, w->out, "<g clip-path=\"url(#%s-c%zu)\"", w->prefix, number);
}

static bool put_begin(writer *w, size_t at)
{
    const fr_item *item = w->scene->items[at];
    if (!(item->has_clip ? put_clip(w, at) : put(w, "<g"))) return false;
    if (item->text && !(put(w, " data-part=\"") && put_escaped(w, item->text) && put(w, "\""))) return false;
    return put(w, ">") && (!item->tooltip || put_tooltip(w, item->tooltip));
}

/* How many items from `at` on have one style: they share a group. */
static size_t run_of(const fr_scene *scene, size_t at)
{
    size_t n = 1;
    while (at + n < scene->n_items) {
        const fr_item *next = scene->items[at + n];
        if (next->kind >= FR_ITEM_BEGIN || !drawn(next) || !same_style(scene->items[at], next)) break;
        n++;
    }
    return n;
}

/* May these be one path? Plain rectangles without anything of their own; where they are transparent, none on another. */
static bool is_mosaic(const fr_scene *scene, size_t at, size_t n)
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
static bool put_mosaic(writer *w, size_t at, size_t n)
{
    pen p = { .grain = 1 };
    if (!put(w, "<path") || !put_style(w, w->scene->items[at]) || !put(w, " d=\"")) return false;
    for (size_t i = at; i < at + n; i++) {
        fr_box b = w->scene->items[i]->box;
        double width = (double)(snapped(&p, b.x + b.width) - snapped(&p, b.x)) / 100;
        double height = (double)(snapped(&p, b.y + b.height) - snapped(&p, b.y)) / 100;
        if (!move_pen(w, &p, (fr_point){ b.x, b.y }) || !put(w, "h") || !put_number(w, width) || !put(w, "v") ||
            !put_number(w, height) || !put(w, "h") || !put_number(w, -width) || !put(w, "z")) return false;
    }
    return put(w, "\"/>\n");
}

static bool put_run(writer *w, size_t at, size_t n)
{
    const fr_item *first = w->scene->items[at];
    if (is_mosaic(w->scene, at, n)) return put_mosaic(w, at, n);
    if (n == 1) return put_item(w, first, false, at) && put(w, "\n");
    if (!put(w, "<g") || !put_style(w, first) || !put(w, ">")) return false;
    for (size_t i = 0; i < n; i++)
        if (!put_item(w, w->scene->items[at + i], true, at + i)) return false;
    return put(w, "</g>\n");
}

static bool put_items(writer *w)
{
    size_t n = 1;
    for (size_t i = 0; i < w->scene->n_items; i += n, n = 1) {
        const fr_item *item = w->scene->items[i];
        bool done = true;
        if (item->kind == FR_ITEM_BEGIN) done = put_begin(w, i);
        else if (item->kind == FR_ITEM_END) done = put(w, "</g>\n");
        else if (drawn(item)) done = put_run(w, i, n = run_of(w->scene, i));
        if (!done) return false;
    }
    for (size_t open = w->scene->depth; open > 0; open--)
        if (!put(w, "</g>")) return false;
    return true;
}

/* ---- the file ------------------------------------------------------------------------------------------------------ */

static void choose_prefix(writer *w)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    const fr_scene *scene = w->scene;
    size_t n = 0;
    for (const char *p = w->options->id_prefix; p && *p && n < LONGEST_PREFIX; p++) {
        bool letter = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z');
        bool fine = letter || (n && ((*p >= '0' && *p <= '9') || *p == '-' || *p == '_'));
        w->prefix[n++] = fine ? *p : 'x';
    }
    w->prefix[n] = 0;
    if (n) return;
    uint64_t hash = fr_hash_bytes(scene->title, strlen(scene->title), scene->n_items);
    hash = fr_hash_bytes(scene->description, strlen(scene->description), hash);
    for (size_t i = 0; i < scene->n_items; i++) {
        const char *text = scene->items[i]->text ? scene->items[i]->text : "";
        hash = fr_hash_bytes(text, strlen(text), fr_hash_bytes(&scene->items[i]->box, sizeof(fr_box), hash));
    }
    memcpy(w->prefix, "fr", 2);
    for (n = 2; n < 10; n++, hash /= 36) w->prefix[n] = letters[hash % 36];
    w->prefix[n] = 0;
}

static bool put_names(writer *w)
{
    const char *title = w->scene->title, *text = w->scene->description;
    if (!title[0] && !text[0]) return put(w, " aria-label=\"chart\">\n");
    if (!put(w, " aria-labelledby=\"")) return false;
    if (title[0] && !fr_text_format(w->call, w->out, "%s-t%s", w->prefix, text[0] ? " " : "")) return false;
    if (text[0] && !fr_text_format(w->call, w->out, "%s-d", w->prefix)) return false;
    if (!put(w, "\">\n")) return false;
    if (title[0] && !(fr_text_format(w->call, w->out, "<title id=\"%s-t\">", w->prefix) && put_escaped(w, title) &&
                      put(w, "</title>\n"))) return false;
    return !text[0] || (fr_text_format(w->call, w->out, "<desc id=\"%s-d\">", w->prefix) && put_escaped(w, text) &&
                        put(w, "</desc>\n"));
}

static bool put_head(writer *w)
{
    return put(w, "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"") && put(w, w->prefix) &&
           put(w, "\" class=\"fr-plot\" viewBox=\"0 0 ") && put_number(w, w->scene->width) && put(w, " ") &&
           put_number(w, w->scene->height) && put(w, "\"") && put_attribute(w, "width", w->scene->width) &&
           put_attribute(w, "height", w->scene->height) &&
           put(w, " style=\"max-width:100%;height:auto\" font-family=\"" FR_FONT_FAMILIES "\""
                  " stroke-linecap=\"round\" stroke-linejoin=\"round\" role=\"img\"") && put_names(w);
}

static bool put_surface(writer *w)
{
    const fr_item surface = { .kind = FR_ITEM_RECT, .box = { 0, 0, w->scene->width, w->scene->height },
                              .fill = fr_paint_ink(FR_INK_SURFACE) };
    return put_item(w, &surface, false, 0) && put(w, "\n");
}

static bool put_rules(writer *w)
{
    char scope[LONGEST_PREFIX + 2] = "#";
    memcpy(scope + 1, w->prefix, sizeof w->prefix);
    return put(w, "<style>") && fr_svg_style(w->call, scope, w->fills, w->strokes, w->out) && put(w, "</style>\n");
}

static bool render(fr_call *call, const fr_scene *scene, const fr_render_options *options, fr_text *out)
{
    FR_CLEANUP(fr_text_clear) fr_text body = FR_TEXT_INIT(call);
    writer w = { .call = call, .scene = scene, .options = options, .out = &body,
                 .theme = options->theme == FR_THEMES_AUTO ? NULL : fr_theme_of(options) };
    choose_prefix(&w);
    if (!options->embedded && !options->transparent && !put_surface(&w)) return false;
    if (!put_items(&w)) return false;
    w.out = out;
    if (!put_head(&w) || (!w.theme && !options->embedded && !put_rules(&w))) return false;
    return (!body.bytes || fr_text_append(call, out, body.bytes, body.length)) && put(&w, "</svg>\n");
}

const fr_renderer fr_svg_renderer = {
    .name = "svg", .extensions = ".svg", .media_type = "image/svg+xml", .metrics = fr_metrics_pango, .render = render,
};
