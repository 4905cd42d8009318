/* cairo.c — a scene drawn item by item with cairo, text with pango.
 *
 * Grey antialiasing, no hinting, no rounding of metrics: what was measured is what is drawn, at any scale. On a bitmap
 * two things are done beyond that, both seen in charts:
 *
 *     edges   a rectangle's edges, and lines along an axis, move to whole device pixels, so that at 144 dpi too a grid line
 *             is one sharp line and neighbouring cells of a heat map have no seam
 *     dots    a disc is drawn once for each of 4 × 4 positions between pixels and then copied: 20,000 points with halos
 *             take 20 ms instead of 200
 *
 * Pango's font map is made for the drawing and goes with it. Cairo and pango allocate by themselves, outside the
 * context.
 */
#include "plot/render/cairo.h"

#include <hb-ot.h>
#include <math.h>
#include <string.h>

#include "plot/font.h"

enum { PHASES = 4, MANY_DOTS = 32 };

typedef struct pencil {
    fr_call        *call;
    const fr_cairo *target;
    cairo_t        *cr;
    PangoFontMap   *map;            /* made for the first text */
    PangoContext   *pango;
    PangoLayout    *layout;
} pencil;

bool fr_cairo_fine(fr_call *call, cairo_status_t status)
{
    if (status == CAIRO_STATUS_SUCCESS) return true;
    if (status == CAIRO_STATUS_NO_MEMORY) return fr_fail_memory(call, 0);
    return fr_fail(call, FR_ERR_INTERNAL, "cairo: %s", cairo_status_to_string(status));
}

/* ---- paint ------------------------------------------------------------------------------------------------------- */

static void set_paint(const pencil *p, fr_paint paint)
{
    fr_rgba c = fr_resolve(p->target->theme, paint);
    cairo_set_source_rgba(p->cr, c.red / 255.0, c.green / 255.0, c.blue / 255.0, (double)c.alpha);
}

static void set_stroke(const pencil *p, fr_stroke stroke)
{
    double dash[2];
    set_paint(p, stroke.paint);
    cairo_set_line_width(p->cr, (double)stroke.width);
    cairo_set_line_cap(p->cr, stroke.square ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(p->cr, stroke.square ? CAIRO_LINE_JOIN_MITER : CAIRO_LINE_JOIN_ROUND);
    if (fr_dash_lengths(stroke, dash)) cairo_set_dash(p->cr, dash, 2, 0);
    else cairo_set_dash(p->cr, NULL, 0, 0);
}

/* Paints the path that is set, and forgets it. */
static void finish(const pencil *p, const fr_item *item)
{
    if (fr_paints(item->fill)) {
        set_paint(p, item->fill);
        cairo_fill_preserve(p->cr);
    }
    if (fr_strokes(item->stroke)) {
        set_stroke(p, item->stroke);
        cairo_stroke_preserve(p->cr);
    }
    cairo_new_path(p->cr);
}

/* ---- edges ------------------------------------------------------------------------------------------------------- */

/* Nearest device pixel to x, as a user coordinate; `scale` is device pixels a unit. */
static double to_pixel(double x, double scale)
{
    return floor(x * scale + 0.5) / scale;
}

static double scale_of(const pencil *p)
{
    double x = 1, y = 0;
    cairo_user_to_device_distance(p->cr, &x, &y);
    return x;
}

static fr_box sharp_box(const pencil *p, const fr_item *item)
{
    fr_box b = item->box;
    double scale = scale_of(p);
    if (!p->target->pixels || fr_strokes(item->stroke) || b.width * scale < 1 || b.height * scale < 1) return b;
    double x = to_pixel(b.x, scale), y = to_pixel(b.y, scale);
    return (fr_box){ x, y, to_pixel(b.x + b.width, scale) - x, to_pixel(b.y + b.height, scale) - y };
}

/* A line along an axis becomes so many whole pixels wide, and lies on them. */
static void sharpen_line(const pencil *p, fr_item *line)
{
    double scale = scale_of(p), width = fmax(1, floor((double)line->stroke.width * scale + 0.5)) / scale;
    bool flat = line->y == line->y2, upright = line->x == line->x2;
    if (!p->target->pixels || !line->stroke.square || !(flat || upright) || line->stroke.dash) return;
    line->stroke.width = (float)width;
    if (flat) line->y = line->y2 = to_pixel(line->y - width / 2, scale) + width / 2;
    else      line->x = line->x2 = to_pixel(line->x - width / 2, scale) + width / 2;
}

/* ---- shapes ------------------------------------------------------------------------------------------------------ */

static void rect(const pencil *p, const fr_item *item)
{
    fr_box b = sharp_box(p, item);
    double r = item->radius;
    if (r <= 0) return cairo_rectangle(p->cr, b.x, b.y, b.width, b.height);
    cairo_new_sub_path(p->cr);
    cairo_arc(p->cr, b.x + b.width - r, b.y + r, r, -M_PI / 2, 0);
    cairo_arc(p->cr, b.x + b.width - r, b.y + b.height - r, r, 0, M_PI / 2);
    cairo_arc(p->cr, b.x + r, b.y + b.height - r, r, M_PI / 2, M_PI);
    cairo_arc(p->cr, b.x + r, b.y + r, r, M_PI, 3 * M_PI / 2);
    cairo_close_path(p->cr);
}

static void line(const pencil *p, const fr_item *item)
{
    fr_item sharp = *item;
    sharpen_line(p, &sharp);
    cairo_move_to(p->cr, sharp.x, sharp.y);
    cairo_line_to(p->cr, sharp.x2, sharp.y2);
    finish(p, &sharp);
}

static void polyline(const pencil *p, const fr_item *item)
{
    bool begins = true;
    for (size_t i = 0; i < item->n; i++) {
        fr_point at = item->points[i];
        bool alone = begins && (i + 1 == item->n || isnan(item->points[i + 1].x));
        if (isnan(at.x)) {
            begins = true;
            continue;
        }
        if (begins) cairo_move_to(p->cr, at.x, at.y);
        if (alone || !begins) cairo_line_to(p->cr, at.x, at.y);        /* alone: its round ends make a dot */
        begins = false;
    }
    if (item->closed && item->n) cairo_close_path(p->cr);
}

/* A dense opaque line is stroked in pieces that share a point: cairo finds the outline of a whole stroke at once, and
 * a line that crosses itself thousands of times (a million points, thinned) took 105 ms that way, 30 ms in pieces of
 * 16. */
static void dense_line(const pencil *p, const fr_item *item)
{
    enum { PIECE = 16 };
    for (size_t begin = 0; begin < item->n; begin += PIECE) {
        fr_item piece = *item;
        piece.points = item->points + begin;
        piece.n = item->n - begin > PIECE + 1 ? PIECE + 1 : item->n - begin;
        polyline(p, &piece);
        finish(p, &piece);
    }
}

static bool is_dense(const fr_item *item)
{
    return item->n > 256 && !item->closed && !fr_paints(item->fill) && item->stroke.dash == FR_DASH_SOLID &&
           item->stroke.paint.transparency <= 0;
}

static void segments(const pencil *p, const fr_item *item)
{
    for (size_t i = 0; i < item->n; i++) {
        const fr_point *at = item->segments[i].at;
        switch (item->segments[i].verb) {
        case FR_PATH_MOVE:  cairo_move_to(p->cr, at[0].x, at[0].y); break;
        case FR_PATH_LINE:  cairo_line_to(p->cr, at[0].x, at[0].y); break;
        case FR_PATH_CURVE: cairo_curve_to(p->cr, at[0].x, at[0].y, at[1].x, at[1].y, at[2].x, at[2].y); break;
        default:            cairo_close_path(p->cr); break;
        }
    }
}

static void disc(const pencil *p, const fr_item *item, double x, double y)
{
    cairo_new_sub_path(p->cr);
    cairo_arc(p->cr, x, y, item->radius, 0, 2 * M_PI);
    finish(p, item);
}

/* ---- many dots --------------------------------------------------------------------------------------------------- */

typedef struct stamps {
    cairo_surface_t *image[PHASES * PHASES];    /* the disc with its centre at `middle` + so many quarters */
    double           scale;
    int              middle;                    /* device pixels from the image's corner to the centre's pixel */
} stamps;

static cairo_surface_t *make_stamp(const pencil *p, const stamps *s, const fr_item *item, int phase)
{
    int size = 2 * s->middle + 1;
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, size, size);
    cairo_t *cr = cairo_create(image);
    pencil small = { .call = p->call, .target = p->target, .cr = cr };
    cairo_scale(cr, s->scale, s->scale);
    disc(&small, item, (s->middle + (phase % PHASES + 0.5) / PHASES) / s->scale,
         (s->middle + ((double)(phase / PHASES) + 0.5) / PHASES) / s->scale);
    cairo_destroy(cr);
    return image;
}

/* `at` in device pixels, as is the matrix now. */
static void stamp(const pencil *p, stamps *s, const fr_item *item, fr_point at)
{
    double left = floor(at.x), top = floor(at.y);
    int phase = (int)((at.y - top) * PHASES) * PHASES + (int)((at.x - left) * PHASES);
    if (!s->image[phase]) s->image[phase] = make_stamp(p, s, item, phase);
    cairo_set_source_surface(p->cr, s->image[phase], left - s->middle, top - s->middle);
    cairo_paint(p->cr);
}

static void stamp_all(const pencil *p, const fr_item *item)
{
    stamps s = { .scale = scale_of(p) };
    double reach = item->radius + (fr_strokes(item->stroke) ? (double)item->stroke.width / 2 : 0);
    s.middle = (int)ceil(reach * s.scale) + 1;
    cairo_matrix_t scaled;
    cairo_save(p->cr);
    cairo_get_matrix(p->cr, &scaled);
    cairo_identity_matrix(p->cr);
    for (size_t i = 0; i < item->n; i++) {
        fr_point at = item->points[i];
        cairo_matrix_transform_point(&scaled, &at.x, &at.y);
        stamp(p, &s, item, at);
    }
    cairo_restore(p->cr);
    for (int i = 0; i < PHASES * PHASES; i++)
        if (s.image[i]) cairo_surface_destroy(s.image[i]);
}

/* On paper a disc without an outline is a dot of a thick round pen: a third of the bytes and of the time of four
 * curves. */
static void pen_dots(const pencil *p, const fr_item *item)
{
    set_stroke(p, (fr_stroke){ .paint = item->fill, .width = (float)(2 * item->radius) });
    for (size_t i = 0; i < item->n; i++) {                   /* each by itself: transparent ones add up */
        cairo_move_to(p->cr, item->points[i].x, item->points[i].y);
        cairo_line_to(p->cr, item->points[i].x, item->points[i].y);
        cairo_stroke(p->cr);
    }
}

static void points(const pencil *p, const fr_item *item)
{
    if (p->target->pixels && item->n > MANY_DOTS && item->radius * scale_of(p) < 64) return stamp_all(p, item);
    if (!p->target->pixels && !fr_strokes(item->stroke)) return pen_dots(p, item);
    for (size_t i = 0; i < item->n; i++) disc(p, item, item->points[i].x, item->points[i].y);
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

static bool need_layout(pencil *p)
{
    if (p->layout) return true;
    if (!fr_fonts_present(p->call)) return false;
    p->map = pango_cairo_font_map_new();
    p->pango = fr_font_context(p->map);
    p->layout = fr_font_layout(p->pango);
    return true;
}

static void drop_layout(pencil *p)
{
    if (!p->layout) return;
    g_object_unref(p->layout);
    g_object_unref(p->pango);
    g_object_unref(p->map);
}

/* Does a part of the line come from a font with pictures (emoji)? Those have no outlines. */
static bool has_pictures(PangoLayout *layout)
{
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    bool found = false;
    do {
        PangoLayoutRun *run = pango_layout_iter_get_run_readonly(iter);
        if (!run) continue;
        hb_face_t *face = hb_font_get_face(pango_font_get_hb_font(run->item->analysis.font));
        found = hb_ot_color_has_png(face) || hb_ot_color_has_layers(face) || hb_ot_color_has_svg(face);
    } while (!found && pango_layout_iter_next_run(iter));
    pango_layout_iter_free(iter);
    return found;
}

/* Cairo 1.16 puts the glyphs of a bitmap on whole pixels, and small text comes out unevenly spaced ("1 2"); outlines go
 * where they belong. */
static void show(const pencil *p)
{
    if (!p->target->pixels || has_pictures(p->layout)) return pango_cairo_show_layout(p->cr, p->layout);
    pango_cairo_layout_path(p->cr, p->layout);
    cairo_fill(p->cr);
}

/* One line with its anchor at (0, baseline) of the current, perhaps turned, coordinates. */
static void text_line(const pencil *p, const fr_item *item, const char *text, size_t n, double baseline)
{
    PangoRectangle size;
    fr_font_set(p->layout, &item->font, text, n);
    pango_layout_get_extents(p->layout, NULL, &size);
    double width = (double)size.width / PANGO_SCALE, ascent = (double)pango_layout_get_baseline(p->layout) / PANGO_SCALE;
    cairo_move_to(p->cr, -width * item->anchor / 2, baseline - ascent);
    if (item->halo > 0) {
        pango_cairo_layout_path(p->cr, p->layout);
        set_stroke(p, (fr_stroke){ .paint = fr_paint_ink(FR_INK_SURFACE), .width = 2 * item->halo });
        cairo_stroke(p->cr);
        cairo_move_to(p->cr, -width * item->anchor / 2, baseline - ascent);
    }
    set_paint(p, item->fill);
    show(p);
    cairo_new_path(p->cr);
}

static bool text(pencil *p, const fr_item *item)
{
    if (!fr_paints(item->fill)) return true;
    if (!need_layout(p)) return false;
    cairo_save(p->cr);
    cairo_translate(p->cr, item->x, item->y);
    if (item->angle != 0) cairo_rotate(p->cr, (double)item->angle * M_PI / 180);
    pango_cairo_update_context(p->cr, p->pango);
    pango_layout_context_changed(p->layout);
    double baseline = 0;
    for (const char *at = item->text;; at++, baseline += item->line_height) {
        size_t n = strcspn(at, "\n");
        text_line(p, item, at, n, baseline);
        at += n;
        if (!*at) break;
    }
    cairo_restore(p->cr);
    return true;
}

/* ---- the scene --------------------------------------------------------------------------------------------------- */

static void begin(const pencil *p, const fr_item *item)
{
    cairo_save(p->cr);
    if (!item->has_clip) return;
    cairo_rectangle(p->cr, item->box.x, item->box.y, item->box.width, item->box.height);
    cairo_clip(p->cr);
}

static bool draw_item(pencil *p, const fr_item *item)
{
    switch (item->kind) {
    case FR_ITEM_BEGIN:    begin(p, item); break;
    case FR_ITEM_END:      cairo_restore(p->cr); break;
    case FR_ITEM_RECT:     rect(p, item); finish(p, item); break;
    case FR_ITEM_LINE:     line(p, item); break;
    case FR_ITEM_CIRCLE:   disc(p, item, item->x, item->y); break;
    case FR_ITEM_POLYLINE:
        if (is_dense(item)) dense_line(p, item);
        else polyline(p, item), finish(p, item);
        break;
    case FR_ITEM_PATH:     segments(p, item); finish(p, item); break;
    case FR_ITEM_POINTS:   points(p, item); break;
    case FR_ITEM_TEXT:     return text(p, item);
    default:               break;
    }
    return true;
}

static bool draw_items(pencil *p, const fr_scene *scene)
{
    for (size_t i = 0; i < scene->n_items; i++) {
        if (!draw_item(p, scene->items[i])) return false;
        if (i % 1024 == 0 && (!fr_go_on(p->call) || !fr_cairo_fine(p->call, cairo_status(p->cr)))) return false;
    }
    for (size_t open = scene->depth; open > 0; open--) cairo_restore(p->cr);
    return fr_cairo_fine(p->call, cairo_status(p->cr));
}

bool fr_cairo_draw(fr_call *call, const fr_cairo *target, const fr_scene *scene)
{
    pencil p = { .call = call, .target = target, .cr = target->cr };
    cairo_set_antialias(p.cr, CAIRO_ANTIALIAS_GRAY);
    if (!target->transparent) {
        set_paint(&p, fr_paint_ink(FR_INK_SURFACE));
        cairo_paint(p.cr);
    }
    bool done = draw_items(&p, scene);
    drop_layout(&p);
    return done;
}
