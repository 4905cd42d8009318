/* scene_check.c — do labels overlap, does one leave the canvas? What tests ask of every chart.
 *
 * Texts are rectangles turned about their anchors. Two of them that are turned alike are compared along their own
 * sides, so that labels in a row at -35°, whose upright boxes overlap, are rightly found apart: by separating axes, in
 * general.
 */
#include "plot/scene.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SLACK 0.5       /* pixels that two texts may share: rounding, and the empty rims of a line's box */

typedef struct quad { fr_point corner[4]; double turn; } quad;

static quad quad_of(const fr_item *item)
{
    double turn = (double)item->angle * M_PI / 180, c = cos(turn), s = sin(turn);
    double left = -item->width * item->anchor / 2, top = -item->ascent;
    quad q = { .turn = turn };
    for (int i = 0; i < 4; i++) {
        double x = left + (i == 1 || i == 2 ? item->width : 0), y = top + (i >= 2 ? item->height : 0);
        q.corner[i] = (fr_point){ item->x + c * x - s * y, item->y + s * x + c * y };
    }
    return q;
}

static void span_along(const quad *q, fr_point axis, double low_high[2])
{
    low_high[0] = INFINITY;
    low_high[1] = -INFINITY;
    for (int i = 0; i < 4; i++) {
        double at = q->corner[i].x * axis.x + q->corner[i].y * axis.y;
        low_high[0] = fmin(low_high[0], at);
        low_high[1] = fmax(low_high[1], at);
    }
}

/* How far two quads share space along each of their four side directions, at the least; ≤ 0: apart. */
static double shared(const quad *a, const quad *b)
{
    double least = INFINITY;
    for (int i = 0; i < 4; i++) {
        double turn = (i < 2 ? a : b)->turn + (i & 1) * M_PI / 2, p[2], r[2];
        span_along(a, (fr_point){ cos(turn), sin(turn) }, p);
        span_along(b, (fr_point){ cos(turn), sin(turn) }, r);
        least = fmin(least, fmin(p[1], r[1]) - fmax(p[0], r[0]));
    }
    return least;
}

static bool is_label(const fr_item *item)
{
    return item->kind == FR_ITEM_TEXT && !item->may_overlap && fr_paints(item->fill);
}

static void say(char *first, size_t room, const fr_item *a, const fr_item *b)
{
    if (!first || room == 0) return;
    double w = fmin(a->box.x + a->box.width, b->box.x + b->box.width) - fmax(a->box.x, b->box.x);
    double h = fmin(a->box.y + a->box.height, b->box.y + b->box.height) - fmax(a->box.y, b->box.y);
    snprintf(first, room, "'%.60s' and '%.60s' overlap by %.1f × %.1f", a->text, b->text, w, h);
}

size_t fr_scene_overlaps(const fr_scene *scene, char *first, size_t room)
{
    size_t found = 0;
    for (size_t i = 0; i < scene->n_items; i++) {
        const fr_item *a = scene->items[i];
        if (!is_label(a)) continue;
        quad qa = quad_of(a);
        for (size_t k = i + 1; k < scene->n_items; k++) {
            const fr_item *b = scene->items[k];
            if (!is_label(b) || !fr_box_meets(a->box, b->box, SLACK)) continue;
            quad qb = quad_of(b);
            if (shared(&qa, &qb) > SLACK && found++ == 0) say(first, room, a, b);
        }
    }
    return found;
}

size_t fr_scene_outside(const fr_scene *scene, char *first, size_t room)
{
    size_t found = 0;
    for (size_t i = 0; i < scene->n_items; i++) {
        const fr_item *item = scene->items[i];
        fr_box b = item->box;
        bool inside = b.x >= -SLACK && b.y >= -SLACK && b.x + b.width <= scene->width + SLACK &&
                      b.y + b.height <= scene->height + SLACK;
        if (!is_label(item) || inside) continue;
        if (found++ == 0 && first && room)
            snprintf(first, room, "'%.60s' at [%.1f %.1f %.1f %.1f] leaves the canvas of %.0f × %.0f", item->text, b.x, b.y,
                     b.width, b.height, scene->width, scene->height);
    }
    return found;
}
