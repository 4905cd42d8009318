/* scene.c — making the list: each function copies what it is given into the scene's arena and keeps the box it covers.
 *
 * Items are pieces of the arena with an array of pointers to them, so an item stays where it is while the list grows.
 */
#include "plot/scene.h"

#include <math.h>
#include <string.h>

#define FARTHEST 1e6     /* beyond it cairo, which counts in 256ths of a device pixel in 32 bits, would wrap round */
enum { DEEPEST = 64 };   /* groups within groups */

void fr_scene_init(fr_call *call, fr_scene *scene, const fr_metrics *metrics, double width, double height)
{
    *scene = (fr_scene){ .metrics = metrics, .width = width, .height = height, .title = "", .description = "" };
    fr_arena_init(&scene->arena, call->context);
}

void fr_scene_clear(fr_scene *scene)
{
    fr_free_array(scene->arena.context, scene->items, scene->capacity, sizeof *scene->items);
    scene->items = NULL;
    scene->n_items = scene->capacity = 0;
    fr_arena_clear(&scene->arena);
}

/* A text of the scene's own; NULL only when it failed. */
static const char *keep(fr_call *call, fr_scene *scene, const char *text)
{
    const char *clean = fr_text_clean(call, &scene->arena, text);
    return clean && clean == text ? fr_arena_text(call, &scene->arena, text, strlen(text)) : clean;
}

bool fr_scene_name(fr_call *call, fr_scene *scene, const char *title, const char *description)
{
    const char *name = keep(call, scene, title), *text = name ? keep(call, scene, description) : NULL;
    if (!text) return false;
    scene->title = name;
    scene->description = text;
    return true;
}

/* ---- items ------------------------------------------------------------------------------------------------------- */

static bool grow(fr_call *call, fr_scene *scene)
{
    if (scene->n_items < scene->capacity) return true;
    size_t capacity = scene->capacity ? scene->capacity * 2 : 64;
    fr_item **items = fr_resize_array(call, scene->items, scene->capacity, capacity, sizeof *items);
    if (!items) return false;
    scene->items = items;
    scene->capacity = capacity;
    return true;
}

static fr_item *add(fr_call *call, fr_scene *scene, fr_item_kind kind, const fr_style *style)
{
    fr_item *item = grow(call, scene) ? fr_arena_new(call, &scene->arena, sizeof *item) : NULL;
    if (!item) return NULL;
    item->kind = (uint8_t)kind;
    if (style) {
        item->fill = style->fill;
        item->stroke = style->stroke;
        if (style->tooltip && !(item->tooltip = keep(call, scene, style->tooltip))) return NULL;
    }
    scene->items[scene->n_items++] = item;
    return item;
}

static bool reachable(double x) { return x > -FARTHEST && x < FARTHEST; }      /* false for what is not a number */
static bool point_reachable(fr_point p) { return reachable(p.x) && reachable(p.y); }

static bool box_reachable(fr_box box)
{
    return reachable(box.x) && reachable(box.y) && reachable(box.x + box.width) && reachable(box.y + box.height) &&
           box.width >= 0 && box.height >= 0;
}

static fr_box box_of_two(fr_point a, fr_point b)
{
    return (fr_box){ fmin(a.x, b.x), fmin(a.y, b.y), fabs(a.x - b.x), fabs(a.y - b.y) };
}

fr_item *fr_scene_rect(fr_call *call, fr_scene *scene, fr_box box, double radius, const fr_style *style)
{
    bool shown = box_reachable(box);
    fr_item *item = add(call, scene, shown ? FR_ITEM_RECT : FR_ITEM_NONE, style);
    if (!item || !shown) return item;
    item->box = box;
    item->radius = radius > 0 ? fmin(radius, fmin(box.width, box.height) / 2) : 0;
    return item;
}

fr_item *fr_scene_line(fr_call *call, fr_scene *scene, fr_point from, fr_point to, const fr_style *style)
{
    bool shown = point_reachable(from) && point_reachable(to);
    fr_item *item = add(call, scene, shown ? FR_ITEM_LINE : FR_ITEM_NONE, style);
    if (!item || !shown) return item;
    item->x = from.x;
    item->y = from.y;
    item->x2 = to.x;
    item->y2 = to.y;
    item->box = box_of_two(from, to);
    return item;
}

fr_item *fr_scene_circle(fr_call *call, fr_scene *scene, fr_point centre, double radius, const fr_style *style)
{
    fr_box box = { centre.x - radius, centre.y - radius, 2 * radius, 2 * radius };
    bool shown = box_reachable(box);
    fr_item *item = add(call, scene, shown ? FR_ITEM_CIRCLE : FR_ITEM_NONE, style);
    if (!item || !shown) return item;
    item->x = centre.x;
    item->y = centre.y;
    item->radius = radius;
    item->box = box;
    return item;
}

/* ---- many points ------------------------------------------------------------------------------------------------- */

typedef struct bounds { fr_point low, high; size_t n; } bounds;

static void widen(bounds *b, fr_point p)
{
    b->low  = b->n ? (fr_point){ fmin(b->low.x, p.x), fmin(b->low.y, p.y) } : p;
    b->high = b->n ? (fr_point){ fmax(b->high.x, p.x), fmax(b->high.y, p.y) } : p;
    b->n++;
}

static fr_box box_of(const bounds *b)
{
    return b->n ? box_of_two(b->low, b->high) : (fr_box){ 0 };
}

/* Copies points. A gap becomes one point whose x and y are NaN, never at either end; without `gaps` it is left out. */
static bool copy_points(fr_call *call, fr_scene *scene, const fr_point *points, size_t n, fr_item *item)
{
    bool gaps = item->kind == FR_ITEM_POLYLINE && !item->closed, gap = false;
    fr_point *copy = fr_arena_array(call, &scene->arena, n, sizeof *copy);
    if (!copy) return false;
    bounds covered = { 0 };
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        if (!point_reachable(points[i])) {
            gap = gaps && used > 0;
            continue;
        }
        if (gap) copy[used++] = (fr_point){ NAN, NAN };
        gap = false;
        widen(&covered, copy[used++] = points[i]);
    }
    item->points = copy;
    item->n = used;
    item->box = box_of(&covered);
    return true;
}

fr_item *fr_scene_polyline(fr_call *call, fr_scene *scene, const fr_point *points, size_t n, const fr_style *style)
{
    fr_item *item = add(call, scene, FR_ITEM_POLYLINE, style);
    return item && copy_points(call, scene, points, n, item) ? item : NULL;
}

fr_item *fr_scene_polygon(fr_call *call, fr_scene *scene, const fr_point *points, size_t n, const fr_style *style)
{
    fr_item *item = add(call, scene, FR_ITEM_POLYLINE, style);
    if (!item) return NULL;
    item->closed = true;
    return copy_points(call, scene, points, n, item) ? item : NULL;
}

fr_item *fr_scene_points(fr_call *call, fr_scene *scene, const fr_point *points, size_t n, double radius,
                         const fr_style *style)
{
    fr_item *item = add(call, scene, FR_ITEM_POINTS, style);
    if (!item || !copy_points(call, scene, points, n, item)) return NULL;
    double r = item->radius = radius > 0 && radius < FARTHEST ? radius : 0;
    fr_box b = item->box;
    if (item->n) item->box = (fr_box){ b.x - r, b.y - r, b.width + 2 * r, b.height + 2 * r };
    return item;
}

static int points_of(const fr_segment *segment)
{
    return segment->verb == FR_PATH_CURVE ? 3 : segment->verb == FR_PATH_CLOSE ? 0 : 1;
}

fr_item *fr_scene_path(fr_call *call, fr_scene *scene, const fr_path *path, const fr_style *style)
{
    bounds covered = { 0 };
    bool shown = true;
    for (size_t i = 0; i < path->n; i++) {
        for (int k = 0; k < points_of(&path->segments[i]); k++) {
            shown &= point_reachable(path->segments[i].at[k]);
            widen(&covered, path->segments[i].at[k]);       /* the controls too: a little generous, never short */
        }
    }
    fr_item *item = add(call, scene, shown ? FR_ITEM_PATH : FR_ITEM_NONE, style);
    if (!item || !shown) return item;
    fr_segment *copy = fr_arena_array(call, &scene->arena, path->n, sizeof *copy);
    if (!copy) return NULL;
    if (path->n) memcpy(copy, path->segments, path->n * sizeof *copy);
    item->segments = copy;
    item->n = path->n;
    item->box = box_of(&covered);
    return item;
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

typedef struct block { double width, height, ascent; size_t lines; } block;

/* The size of the lines of a text; `ascent` is that of the first. */
static bool measure_lines(fr_call *call, const fr_metrics *metrics, const char *text, const fr_font *font, block *out)
{
    *out = (block){ 0 };
    for (const char *line = text;; line++) {
        fr_extents size;
        if (!fr_measure(call, metrics, line, font, &size)) return false;
        if (out->lines == 0) out->ascent = size.ascent;
        out->width = fmax(out->width, size.width);
        out->height = out->ascent + (double)out->lines * fr_line_height(metrics, font) + size.descent;
        out->lines++;
        if (!(line = strchr(line, '\n'))) return true;
    }
}

/* The axis-aligned box of a block whose anchor stands at (x, y), turned by `angle` degrees about it. */
static fr_box turned_box(const fr_label *label, const block *size)
{
    double left = -size->width * label->anchor / 2, top = -size->ascent;
    double turn = (double)label->angle * M_PI / 180, c = cos(turn), s = sin(turn);
    bounds covered = { 0 };
    for (int corner = 0; corner < 4; corner++) {
        double x = left + (corner & 1 ? size->width : 0), y = top + (corner & 2 ? size->height : 0);
        if (label->angle == 0) widen(&covered, (fr_point){ label->x + x, label->y + y });
        else widen(&covered, (fr_point){ label->x + c * x - s * y, label->y + s * x + c * y });
    }
    return box_of(&covered);
}

bool fr_label_box(fr_call *call, const fr_metrics *metrics, const fr_label *label, fr_box *out)
{
    block size;
    if (!measure_lines(call, metrics, label->text ? label->text : "", &label->font, &size)) return false;
    *out = turned_box(label, &size);
    return true;
}

fr_item *fr_scene_text(fr_call *call, fr_scene *scene, const fr_label *label)
{
    fr_style style = { .fill = label->paint, .tooltip = label->tooltip };
    bool shown = reachable(label->x) && reachable(label->y) && label->text && label->text[0];
    fr_item *item = add(call, scene, shown ? FR_ITEM_TEXT : FR_ITEM_NONE, &style);
    if (!item || !shown) return item;
    block size;
    if (!(item->text = keep(call, scene, label->text))) return NULL;
    if (!measure_lines(call, scene->metrics, item->text, &label->font, &size)) return NULL;
    item->fill.text = true;
    item->x = label->x;
    item->y = label->y;
    item->font = label->font;
    item->angle = label->angle;
    item->halo = label->halo;
    item->anchor = label->anchor;
    item->may_overlap = label->may_overlap;
    item->width = size.width;
    item->height = size.height;
    item->ascent = size.ascent;
    item->line_height = fr_line_height(scene->metrics, &label->font);
    item->n = size.lines;
    item->box = turned_box(label, &size);
    return item;
}

/* ---- groups ------------------------------------------------------------------------------------------------------ */

bool fr_scene_begin(fr_call *call, fr_scene *scene, const fr_group *group)
{
    if (scene->depth == DEEPEST) return fr_fail(call, FR_ERR_INTERNAL, "more than %d groups within groups", DEEPEST);
    fr_style style = { .tooltip = group->tooltip };
    fr_item *item = add(call, scene, FR_ITEM_BEGIN, &style);
    if (!item) return false;
    if (group->name && !(item->text = keep(call, scene, group->name))) return false;
    item->has_clip = group->clip && box_reachable(*group->clip);
    if (item->has_clip) item->box = *group->clip;
    scene->depth++;
    return true;
}

bool fr_scene_end(fr_call *call, fr_scene *scene)
{
    if (scene->depth == 0) return fr_fail(call, FR_ERR_INTERNAL, "a group ends that did not begin");
    if (!add(call, scene, FR_ITEM_END, NULL)) return false;
    scene->depth--;
    return true;
}
