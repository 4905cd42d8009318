/* path.c — outlines that grow: lines, curves and arcs, for slices, violins, areas.
 *
 *     move (0,0)  arc centre (0,0) radius 10 from 0 to π/2  close    →    a quarter of a disc: M 0 0  L 10 0  C … 0 10  Z
 */
#include "plot/scene.h"

#include <math.h>

static fr_segment *add(fr_call *call, fr_path *path, fr_path_verb verb)
{
    if (path->n == path->capacity) {
        size_t capacity = path->capacity ? path->capacity * 2 : 16;
        fr_segment *segments = fr_resize_array(call, path->segments, path->capacity, capacity, sizeof *segments);
        if (!segments) return NULL;
        path->segments = segments;
        path->capacity = capacity;
    }
    fr_segment *segment = &path->segments[path->n++];
    *segment = (fr_segment){ .verb = (uint8_t)verb };
    return segment;
}

static bool add_point(fr_call *call, fr_path *path, fr_path_verb verb, fr_point point)
{
    fr_segment *segment = add(call, path, verb);
    if (!segment) return false;
    segment->at[0] = point;
    return true;
}

bool fr_path_move(fr_call *call, fr_path *path, double x, double y)
{
    return add_point(call, path, FR_PATH_MOVE, (fr_point){ x, y });
}

bool fr_path_line(fr_call *call, fr_path *path, double x, double y)
{
    return add_point(call, path, FR_PATH_LINE, (fr_point){ x, y });
}

bool fr_path_close(fr_call *call, fr_path *path)
{
    return add(call, path, FR_PATH_CLOSE) != NULL;
}

bool fr_path_curve(fr_call *call, fr_path *path, fr_point control, fr_point control2, fr_point end)
{
    fr_segment *segment = add(call, path, FR_PATH_CURVE);
    if (!segment) return false;
    segment->at[0] = control;
    segment->at[1] = control2;
    segment->at[2] = end;
    return true;
}

static fr_point on_circle(fr_point centre, double radius, double angle)
{
    return (fr_point){ centre.x + radius * cos(angle), centre.y + radius * sin(angle) };
}

/* One piece of at most a quarter: the handles are tangents of length 4/3 tan(θ/4) r. */
static bool piece(fr_call *call, fr_path *path, fr_point centre, double radius, const double from_to[2])
{
    double handle = 4.0 / 3.0 * tan((from_to[1] - from_to[0]) / 4) * radius;
    fr_point a = on_circle(centre, radius, from_to[0]), b = on_circle(centre, radius, from_to[1]);
    fr_point a2 = { a.x - handle * sin(from_to[0]), a.y + handle * cos(from_to[0]) };
    fr_point b2 = { b.x + handle * sin(from_to[1]), b.y - handle * cos(from_to[1]) };
    return fr_path_curve(call, path, a2, b2, b);
}

bool fr_path_arc(fr_call *call, fr_path *path, fr_point centre, double radius, const double from_to[2])
{
    bool begins = path->n == 0 || path->segments[path->n - 1].verb == FR_PATH_CLOSE;
    if (!add_point(call, path, begins ? FR_PATH_MOVE : FR_PATH_LINE, on_circle(centre, radius, from_to[0]))) return false;
    double sweep = from_to[1] - from_to[0];
    if (!isfinite(sweep) || fabs(sweep) > 16 * M_PI) return fr_fail(call, FR_ERR_INTERNAL, "an arc of %g radians", sweep);
    int pieces = (int)ceil(fabs(sweep) / (M_PI / 2) - 1e-9);
    for (int i = 0; i < pieces; i++) {
        double part[2] = { from_to[0] + sweep * i / pieces, from_to[0] + sweep * (i + 1) / pieces };
        if (!piece(call, path, centre, radius, part)) return false;
    }
    return true;
}

void fr_path_clear(fr_path *path)
{
    fr_free_array(path->context, path->segments, path->capacity, sizeof *path->segments);
    *path = (fr_path){ .context = path->context };
}
