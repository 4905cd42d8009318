/* svg.c — a scene as SVG: real text, roles as CSS variables, and few bytes.
 *
 *     <svg … viewBox="0 0 768 480" role="img" aria-labelledby="fr1-t fr1-d"><title id="fr1-t">Revenue</title><desc …>…
 *     <g class="f-s1" fill="#0072b2"><rect x="40" y="100" width="60" height="200"><title>North: 1,234</title></rect>…</g>
 *
 * Numbers have two decimals at most (dense lines one: a twentieth of a pixel), without what could be left out;
 * coordinates within a path are relative; neighbours of one style share a group. Ids begin with a prefix made from the
 * scene itself, so the file is the same from run to run and two charts in a page keep apart. Texts were cleaned when
 * the scene took them, so that only & < > " are left to escape here.
 */
#include "plot/render/svg_writer.h"

#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"

static bool put(fr_svg_writer *w, const char *text) { return fr_text_add(w->call, w->out, text); }

/* ---- runs of one style ------------------------------------------------------------------------------------------- */

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

/* ---- items ------------------------------------------------------------------------------------------------------- */

static bool put_rect(fr_svg_writer *w, const fr_item *item)
{
    return put(w, "<rect") && fr_svg_put_attribute(w, "x", item->box.x) && fr_svg_put_attribute(w, "y", item->box.y) &&
           fr_svg_put_attribute(w, "width", item->box.width) && fr_svg_put_attribute(w, "height", item->box.height) &&
           (item->radius <= 0 || fr_svg_put_attribute(w, "rx", item->radius));
}

static bool put_circle(fr_svg_writer *w, double x, double y, double radius)
{
    return put(w, "<circle") && fr_svg_put_attribute(w, "cx", x) && fr_svg_put_attribute(w, "cy", y) &&
           fr_svg_put_attribute(w, "r", radius);
}

static bool put_shape(fr_svg_writer *w, const fr_item *item)
{
    switch (item->kind) {
    case FR_ITEM_RECT:   return put_rect(w, item);
    case FR_ITEM_LINE:   return fr_svg_put_line(w, item);
    case FR_ITEM_CIRCLE: return put_circle(w, item->x, item->y, item->radius);
    case FR_ITEM_PATH:   return put(w, "<path d=\"") && fr_svg_put_segments(w, item) && put(w, "\"");
    default:             return put(w, "<path d=\"") && fr_svg_put_polyline(w, item) && put(w, "\"");
    }
}

static bool put_tooltip(fr_svg_writer *w, const char *tooltip)
{
    return put(w, "<title>") && fr_svg_put_escaped(w, tooltip) && put(w, "</title>");
}

/* The rest of an element that `name` began: style unless a group has it, tooltip, end. */
static bool put_end(fr_svg_writer *w, const fr_item *item, const char *name, bool styled)
{
    if (!styled && !fr_svg_put_style(w, item)) return false;
    if (!item->tooltip) return put(w, "/>");
    return put(w, ">") && put_tooltip(w, item->tooltip) && put(w, "</") && put(w, name) && put(w, ">");
}

static bool put_points(fr_svg_writer *w, const fr_item *item, bool styled, size_t at)
{
    fr_rgba colour = fr_resolve(&fr_theme_light, item->fill);
    bool plain = !fr_strokes(item->stroke) && colour.alpha >= 1;
    if (plain || item->n > FR_SVG_DENSE) {
        if (!(plain ? fr_svg_put_dots(w, item) : fr_svg_put_markers(w, item, at))) return false;
        return put_end(w, item, "path", true);
    }
    if (!put(w, "<g") || !(styled || fr_svg_put_style(w, item)) || !put(w, ">")) return false;
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

static bool put_lines(fr_svg_writer *w, const fr_item *item)
{
    if (item->n <= 1) return fr_svg_put_escaped(w, item->text);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, w->call->context);
    for (const char *line = item->text;; line++) {
        size_t n = strcspn(line, "\n");
        const char *copy = fr_arena_text(w->call, &arena, line, n);
        if (!copy || !put(w, "<tspan") || !fr_svg_put_attribute(w, "x", item->x)) return false;
        if (line != item->text && !fr_svg_put_attribute(w, "dy", item->line_height)) return false;
        if (!put(w, ">") || !fr_svg_put_escaped(w, n ? copy : "\xc2\xa0") || !put(w, "</tspan>")) return false;
        if (!line[n]) return true;
        line += n;
    }
}

static bool put_turn(fr_svg_writer *w, const fr_item *item)
{
    return put(w, " transform=\"rotate(") && fr_svg_put_number(w, (double)item->angle) && put(w, " ") &&
           fr_svg_put_number(w, item->x) && put(w, " ") && fr_svg_put_number(w, item->y) && put(w, ")\"");
}

static bool put_text(fr_svg_writer *w, const fr_item *item, bool styled)
{
    fr_item turned = *item;
    bool backwards = right_to_left(item->text);
    if (backwards) turned.anchor = (uint8_t)(FR_ANCHOR_END - item->anchor);       /* "start" is then at the right */
    if (!put(w, "<text") || !fr_svg_put_attribute(w, "x", item->x) || !fr_svg_put_attribute(w, "y", item->y)) return false;
    if (item->angle != 0 && !put_turn(w, item)) return false;
    if (backwards && !put(w, " direction=\"rtl\"")) return false;
    if ((!styled || backwards) && !fr_svg_put_style(w, &turned)) return false;
    if (!put(w, ">") || (item->tooltip && !put_tooltip(w, item->tooltip))) return false;
    return put_lines(w, item) && put(w, "</text>");
}

static bool put_item(fr_svg_writer *w, const fr_item *item, bool styled, size_t at)
{
    if (item->kind == FR_ITEM_TEXT) return put_text(w, item, styled);
    if (item->kind == FR_ITEM_POINTS) return item->n == 0 || put_points(w, item, styled, at);
    if (item->kind == FR_ITEM_POLYLINE && item->n == 0) return true;
    const char *name = item->kind == FR_ITEM_RECT ? "rect" : item->kind == FR_ITEM_CIRCLE ? "circle" : "path";
    return put_shape(w, item) && put_end(w, item, name, styled);
}

/* ---- groups ------------------------------------------------------------------------------------------------------ */

/* The number of the clip path: that of the first group with the same rectangle. */
static size_t clip_number(const fr_svg_writer *w, size_t at)
{
    const fr_box *box = &w->scene->items[at]->box;
    for (size_t i = 0; i < at; i++) {
        const fr_item *other = w->scene->items[i];
        if (other->kind == FR_ITEM_BEGIN && other->has_clip && memcmp(&other->box, box, sizeof *box) == 0) return i;
    }
    return at;
}

static bool put_clip(fr_svg_writer *w, size_t at)
{
    size_t number = clip_number(w, at);
    const fr_item rect = { .kind = FR_ITEM_RECT, .box = w->scene->items[at]->box };
    if (number == at && !(fr_text_format(w->call, w->out, "<clipPath id=\"%s-c%zu\">", w->prefix, number) &&
                          put_rect(w, &rect) && put(w, "/></clipPath>"))) return false;
    return fr_text_format(w->call, w->out, "<g clip-path=\"url(#%s-c%zu)\"", w->prefix, number);
}

static bool put_begin(fr_svg_writer *w, size_t at)
{
    const fr_item *item = w->scene->items[at];
    if (!(item->has_clip ? put_clip(w, at) : put(w, "<g"))) return false;
    if (item->text && !(put(w, " data-part=\"") && fr_svg_put_escaped(w, item->text) && put(w, "\""))) return false;
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

static bool put_run(fr_svg_writer *w, size_t at, size_t n)
{
    const fr_item *first = w->scene->items[at];
    if (fr_svg_is_mosaic(w->scene, at, n)) return fr_svg_put_mosaic(w, at, n);
    if (n == 1) return put_item(w, first, false, at) && put(w, "\n");
    if (!put(w, "<g") || !fr_svg_put_style(w, first) || !put(w, ">")) return false;
    for (size_t i = 0; i < n; i++)
        if (!put_item(w, w->scene->items[at + i], true, at + i)) return false;
    return put(w, "</g>\n");
}

static bool put_items(fr_svg_writer *w)
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

/* ---- the file ---------------------------------------------------------------------------------------------------- */

static void choose_prefix(fr_svg_writer *w)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    const fr_scene *scene = w->scene;
    size_t n = 0;
    for (const char *p = w->options->id_prefix; p && *p && n < FR_SVG_PREFIX; p++) {
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

static bool put_names(fr_svg_writer *w)
{
    const char *title = w->scene->title, *text = w->scene->description;
    if (!title[0] && !text[0]) return put(w, " aria-label=\"chart\">\n");
    if (!put(w, " aria-labelledby=\"")) return false;
    if (title[0] && !fr_text_format(w->call, w->out, "%s-t%s", w->prefix, text[0] ? " " : "")) return false;
    if (text[0] && !fr_text_format(w->call, w->out, "%s-d", w->prefix)) return false;
    if (!put(w, "\">\n")) return false;
    if (title[0] && !(fr_text_format(w->call, w->out, "<title id=\"%s-t\">", w->prefix) && fr_svg_put_escaped(w, title) &&
                      put(w, "</title>\n"))) return false;
    return !text[0] || (fr_text_format(w->call, w->out, "<desc id=\"%s-d\">", w->prefix) && fr_svg_put_escaped(w, text) &&
                        put(w, "</desc>\n"));
}

static bool put_head(fr_svg_writer *w)
{
    return put(w, "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"") && put(w, w->prefix) &&
           put(w, "\" class=\"fr-plot\" viewBox=\"0 0 ") && fr_svg_put_number(w, w->scene->width) && put(w, " ") &&
           fr_svg_put_number(w, w->scene->height) && put(w, "\"") && fr_svg_put_attribute(w, "width", w->scene->width) &&
           fr_svg_put_attribute(w, "height", w->scene->height) &&
           put(w, " style=\"max-width:100%;height:auto\" font-family=\"" FR_FONT_FAMILIES "\""
                  " stroke-linecap=\"round\" stroke-linejoin=\"round\" role=\"img\"") && put_names(w);
}

static bool put_surface(fr_svg_writer *w)
{
    const fr_item surface = { .kind = FR_ITEM_RECT, .box = { 0, 0, w->scene->width, w->scene->height },
                              .fill = fr_paint_ink(FR_INK_SURFACE) };
    return put_item(w, &surface, false, 0) && put(w, "\n");
}

static bool put_rules(fr_svg_writer *w)
{
    char scope[FR_SVG_PREFIX + 2] = "#";
    memcpy(scope + 1, w->prefix, sizeof w->prefix);
    return put(w, "<style>") && fr_svg_style(w->call, scope, w->fills, w->strokes, w->out) && put(w, "</style>\n");
}

static bool render(fr_call *call, const fr_scene *scene, const fr_render_options *options, fr_text *out)
{
    FR_CLEANUP(fr_text_clear) fr_text body = FR_TEXT_INIT(call);
    fr_svg_writer w = { .call = call, .scene = scene, .options = options, .out = &body,
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
