/* scene_dump.c — a scene as lines of text: what golden scenes are made of, and what one reads when a chart is wrong.
 *
 *     scene 200 × 100 "Revenue"
 *     rect [40 100 60 200] r2 fill series0 tip "North: 1,234"
 *     begin "x axis" clip [40 10 150 80]
 *       text "North" at 70 318 middle size 10 muted [55.2 309.1 29.6 11.6]
 *     end
 *
 * Numbers have one decimal at most: fonts of two machines differ in the second.
 */
#include "plot/scene.h"

#include <math.h>

typedef struct dump { fr_call *call; fr_text *out; int depth; } dump;

static bool put(dump *d, const char *text) { return fr_text_add(d->call, d->out, text); }

/* " 12.5": tenths, printed without a locale */
static bool put_number(dump *d, double x)
{
    long long tenths = llround(x * 10), part = tenths < 0 ? -tenths : tenths;
    const char *sign = tenths < 0 ? "-" : "";
    if (part % 10) return fr_text_format(d->call, d->out, " %s%lld.%lld", sign, part / 10, part % 10);
    return fr_text_format(d->call, d->out, " %s%lld", sign, part / 10);
}

static bool put_numbers(dump *d, const double *x, int n)
{
    for (int i = 0; i < n; i++)
        if (!put_number(d, x[i])) return false;
    return true;
}

static bool put_box(dump *d, fr_box box)
{
    const double x[] = { box.x, box.y, box.width, box.height };
    return put(d, " [") && put_numbers(d, x, 4) && put(d, " ]");
}

static bool put_paint(dump *d, const char *what, fr_paint paint)
{
    static const char *const names[FR_N_INKS] = {
        "none", "text", "muted", "grid", "axis", "surface", "series", "other", "sequential", "diverging", "positive",
        "negative", "highlight", "rgb",
    };
    if (!fr_paints(paint)) return true;
    if (!put(d, what) || (paint.over && !put(d, " over")) || !put(d, " ")) return false;
    if (!put(d, names[paint.ink % FR_N_INKS])) return false;
    bool scale = paint.ink == FR_INK_SEQUENTIAL || paint.ink == FR_INK_DIVERGING;
    if (scale && !(put(d, " %") && put_number(d, (double)paint.t * 100))) return false;
    if (paint.ink == FR_INK_SERIES && !fr_text_format(d->call, d->out, "%u", paint.index)) return false;
    if (paint.ink == FR_INK_RGB && !fr_text_format(d->call, d->out, " #%06x", paint.rgb)) return false;
    return paint.transparency <= 0 || (put(d, " faded %") && put_number(d, (double)paint.transparency * 100));
}

static bool put_stroke(dump *d, fr_stroke stroke)
{
    static const char *const dashes[] = { "", " dashed", " dotted" };
    if (!fr_strokes(stroke)) return true;
    return put_paint(d, " stroke", stroke.paint) && put_number(d, (double)stroke.width) && put(d, dashes[stroke.dash % 3]) &&
           (!stroke.square || put(d, " square"));
}

static bool put_quoted(dump *d, const char *what, const char *text)
{
    if (!put(d, what) || !put(d, " \"")) return false;
    for (const char *p = text; *p; p++)
        if (!(*p == '\n' ? put(d, "\\n") : fr_text_append(d->call, d->out, p, 1))) return false;
    return put(d, "\"");
}

static bool put_text(dump *d, const fr_item *item)
{
    static const char *const anchors[] = { "", " middle", " end" };
    const double at[] = { item->x, item->y };
    return put_quoted(d, "text", item->text) && put(d, " at") && put_numbers(d, at, 2) && put(d, anchors[item->anchor % 3]) &&
           put(d, " size") && put_number(d, (double)item->font.size) &&
           (!item->font.weight || fr_text_format(d->call, d->out, " weight %u", item->font.weight)) &&
           (!item->font.italic || put(d, " italic")) &&
           (item->angle == 0 || (put(d, " turned") && put_number(d, (double)item->angle))) &&
           (item->halo <= 0 || (put(d, " halo") && put_number(d, (double)item->halo))) && put_paint(d, "", item->fill) &&
           put_box(d, item->box);
}

static bool put_points(dump *d, const fr_item *item)
{
    for (size_t i = 0; i < item->n; i++) {
        const double at[] = { item->points[i].x, item->points[i].y };
        if (!(isnan(at[0]) ? put(d, " gap") : put(d, i ? "," : "") && put_numbers(d, at, 2))) return false;
    }
    return true;
}

static bool put_segments(dump *d, const fr_item *item)
{
    static const char *const verbs[] = { " M", " L", " C", " Z" };
    for (size_t i = 0; i < item->n; i++) {
        const fr_segment *s = &item->segments[i];
        int n = s->verb == FR_PATH_CURVE ? 3 : s->verb == FR_PATH_CLOSE ? 0 : 1;
        if (!put(d, verbs[s->verb & 3])) return false;
        for (int k = 0; k < n; k++) {
            const double at[] = { s->at[k].x, s->at[k].y };
            if (!put_numbers(d, at, 2)) return false;
        }
    }
    return true;
}

static bool put_shape(dump *d, const fr_item *item)
{
    const double line[] = { item->x, item->y, item->x2, item->y2 }, circle[] = { item->x, item->y, item->radius };
    switch (item->kind) {
    case FR_ITEM_RECT:
        return put(d, "rect") && put_box(d, item->box) &&
               (item->radius <= 0 || (put(d, " r") && put_number(d, item->radius)));
    case FR_ITEM_LINE:     return put(d, "line") && put_numbers(d, line, 4);
    case FR_ITEM_CIRCLE:   return put(d, "circle") && put_numbers(d, circle, 3);
    case FR_ITEM_POLYLINE: return put(d, item->closed ? "polygon" : "polyline") && put_points(d, item);
    case FR_ITEM_PATH:     return put(d, "path") && put_segments(d, item);
    default:               return put(d, "points") && put_number(d, item->radius) && put(d, ":") && put_points(d, item);
    }
}

static bool put_item(dump *d, const fr_item *item)
{
    if (item->kind == FR_ITEM_TEXT) return put_text(d, item);
    if (item->kind == FR_ITEM_END) return put(d, "end");
    if (item->kind != FR_ITEM_BEGIN)
        return put_shape(d, item) && put_paint(d, " fill", item->fill) && put_stroke(d, item->stroke);
    return (item->text ? put_quoted(d, "begin", item->text) : put(d, "begin")) &&
           (!item->has_clip || (put(d, " clip") && put_box(d, item->box)));
}

static bool put_lead(dump *d)
{
    for (int i = 0; i < d->depth; i++)
        if (!put(d, "  ")) return false;
    return true;
}

bool fr_scene_dump(fr_call *call, const fr_scene *scene, fr_text *out)
{
    dump d = { call, out, 0 };
    const double size[] = { scene->width, scene->height };
    if (!put(&d, "scene") || !put_numbers(&d, size, 2) || !put_quoted(&d, "", scene->title) || !put(&d, "\n")) return false;
    for (size_t i = 0; i < scene->n_items; i++) {
        const fr_item *item = scene->items[i];
        if (item->kind == FR_ITEM_NONE) continue;
        if (item->kind == FR_ITEM_END && d.depth) d.depth--;
        if (!put_lead(&d) || !put_item(&d, item)) return false;
        if (item->tooltip && !put_quoted(&d, " tip", item->tooltip)) return false;
        if (!put(&d, "\n")) return false;
        if (item->kind == FR_ITEM_BEGIN) d.depth++;
    }
    return true;
}
