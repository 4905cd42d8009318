/* canvas.c — places, and texts that keep out of each other's way; see canvas.h. */
#include "plot/canvas.h"

#include <math.h>
#include <string.h>

#include "base/civil.h"
#include "plot/decimate.h"

/* ---- places ------------------------------------------------------------------------------------------------------ */

fr_box fr_canvas_box(const fr_canvas *canvas, fr_interval side, double y_low, double y_high)
{
    fr_point a = fr_canvas_turn(canvas, side.low, y_low), b = fr_canvas_turn(canvas, side.high, y_high);
    return (fr_box){ fmin(a.x, b.x), fmin(a.y, b.y), fabs(a.x - b.x), fabs(a.y - b.y) };
}

/* Bars that lie on a terminal are so many whole rows, all alike: two that shared a row would run into one another. */
static fr_interval on_rows(const fr_canvas *canvas, fr_interval side)
{
    double row = canvas->drawing->metrics->cell_height, middle = (side.low + side.high) / 2;
    if (row <= 0 || !canvas->figure->flipped) return side;
    double height = fmax(1, round((side.high - side.low) / row)) * row, top = round((middle - height / 2) / row) * row;
    return (fr_interval){ top, top + height };
}

fr_interval fr_canvas_side(const fr_canvas *canvas, double x, double width)
{
    if (canvas->x.kind == FR_SCALE_BAND) return on_rows(canvas, fr_scale_band_at(&canvas->x, (size_t)x));
    double a = fr_canvas_x(canvas, x - width / 2), b = fr_canvas_x(canvas, x + width / 2);
    return (fr_interval){ fmin(a, b), fmax(a, b) };
}

static void turn_round(fr_point *points, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        fr_point swap = points[i];
        points[i] = points[n - 1 - i];
        points[n - 1 - i] = swap;
    }
}

size_t fr_canvas_outline(const fr_canvas *canvas, const fr_layer *layer, const size_t run[2], fr_point *points,
                         size_t *upper)
{
    const double *x = layer->values[FR_ROLE_X], *low = layer->values[FR_ROLE_LOW], *high = layer->values[FR_ROLE_HIGH];
    size_t n = run[1] - run[0], a, b;
    for (size_t i = 0; i < n; i++) points[i] = fr_canvas_at(canvas, x[run[0] + i], high[run[0] + i]);
    a = canvas->figure->flipped ? n : fr_decimate_line(points, n, 1);
    for (size_t i = 0; i < n; i++) {
        const size_t row = run[0] + i;
        points[a + i] = fr_canvas_turn(canvas, fr_canvas_x(canvas, x[row]), fr_canvas_end(canvas, low[row]));
    }
    b = canvas->figure->flipped ? n : fr_decimate_line(points + a, n, 1);
    turn_round(points + a, b);
    if (upper) *upper = a;
    return a + b;
}

/* ---- texts ------------------------------------------------------------------------------------------------------- */

bool fr_draw_take(fr_call *call, fr_drawing *drawing, fr_box box)
{
    fr_taken *taken = &drawing->taken;
    if (taken->n == taken->capacity) {
        size_t capacity = taken->capacity ? taken->capacity * 2 : 64;
        fr_box *boxes = fr_arena_array(call, drawing->arena, capacity, sizeof *boxes);
        if (!boxes) return false;
        if (taken->n) memcpy(boxes, taken->boxes, taken->n * sizeof *boxes);
        taken->boxes = boxes;
        taken->capacity = capacity;
    }
    taken->boxes[taken->n++] = box;
    return true;
}

static bool is_inside(const fr_drawing *drawing, fr_box box)
{
    return box.x >= 0 && box.y >= 0 && box.x + box.width <= drawing->scene->width &&
           box.y + box.height <= drawing->scene->height;
}

static bool is_free(const fr_drawing *drawing, fr_box box)
{
    if (!is_inside(drawing, box)) return false;
    for (size_t i = 0; i < drawing->taken.n; i++)
        if (fr_box_meets(box, drawing->taken.boxes[i], 0.25)) return false;
    return true;
}

bool fr_draw_text(fr_call *call, fr_drawing *drawing, const fr_label *label)
{
    if (!label->text[0]) return true;
    const fr_item *item = fr_scene_text(call, drawing->scene, label);
    return item && fr_draw_take(call, drawing, item->box);
}

bool fr_draw_turned(fr_call *call, fr_drawing *drawing, const fr_label *label)
{
    fr_box box;
    if (!fr_label_box(call, drawing->metrics, label, &box)) return false;
    return !is_inside(drawing, box) || fr_draw_text(call, drawing, label);
}

bool fr_draw_note(fr_call *call, fr_drawing *drawing, const fr_label *label, bool *drawn)
{
    fr_box box;
    if (drawn) *drawn = false;
    if (!label->text[0]) return true;
    if (!fr_label_box(call, drawing->metrics, label, &box)) return false;
    if (!is_free(drawing, box)) return true;
    if (drawn) *drawn = true;
    return fr_draw_text(call, drawing, label);
}

bool fr_draw_width(fr_call *call, const fr_drawing *drawing, const char *text, float size, double *out)
{
    fr_extents extents;
    if (!fr_measure(call, drawing->metrics, text, &(fr_font){ .size = size }, &extents)) return false;
    *out = extents.width;
    return true;
}

double fr_draw_line(const fr_drawing *drawing, float size)
{
    return fr_line_height(drawing->metrics, &(fr_font){ .size = size });
}

/* ---- values as text ---------------------------------------------------------------------------------------------- */

fr_number_style fr_axis_style_of(const fr_plot_axis *axis)
{
    static const char *const symbols[] = { "$", "€", "£", "¥" };
    for (size_t i = 0; axis->format && i < FR_COUNT_OF(symbols); i++)
        if (!strcmp(axis->format, symbols[i])) return (fr_number_style){ .symbol = symbols[i] };
    return (fr_number_style){ .format = axis->format, .percent = axis->shares, .grouped = axis->grouped };
}

/* Labels of values want three digits where the axis's ticks do with one: $0.75 M beside ticks of 0.8 M. All of an axis alike. */
static int more_decimals(const fr_canvas *canvas)
{
    const fr_plot_axis *axis = &canvas->figure->y[canvas->panel];
    const fr_label_plan *plan = &canvas->y_plan;
    double largest = fmax(fabs(axis->extent.low), fabs(axis->extent.high)) / pow(10, plan->unit_exponent);
    if (!(largest > 0) || !isfinite(largest) || fr_axis_style_of(axis).format ||
        (axis->whole && plan->unit_exponent == 0)) return 0;
    int wanted = (int)fmin(4, fmax(0, 2 - floor(log10(largest))));
    return wanted > plan->decimals ? wanted - plan->decimals : 0;
}

const char *fr_canvas_value(fr_call *call, const fr_canvas *canvas, double y)
{
    char room[FR_LABEL_BYTES];
    const fr_plot_axis *axis = &canvas->figure->y[canvas->panel];
    if (axis->kind != FR_AXIS_LINEAR && axis->kind != FR_AXIS_LOG)
        return fr_axis_text(call, canvas->drawing->arena, axis, y);
    if (axis->duration) return fr_axis_text(call, canvas->drawing->arena, axis, y);
    size_t n = fr_label_value(&canvas->y_plan, y, more_decimals(canvas), room);
    return fr_arena_text(call, canvas->drawing->arena, room, n);
}

fr_label_plan fr_canvas_plan(const fr_canvas *canvas, const double *values, size_t n, int digits)
{
    const fr_number_style style = fr_axis_style_of(&canvas->figure->y[canvas->panel]);
    fr_label_plan plan = fr_label_plan_values(&style, values, n, digits);
    const bool plain = plan.unit_exponent == 0 && !plan.powers && !plan.own;
    if (plain && canvas->y_plan.grouped) plan.grouped = true;       /* as the ticks beside them */
    return plan;
}

const char *fr_canvas_planned(fr_call *call, const fr_canvas *canvas, const fr_label_plan *plan, double y)
{
    char room[FR_LABEL_BYTES];
    const fr_plot_axis *axis = &canvas->figure->y[canvas->panel];
    const bool numbers = (axis->kind == FR_AXIS_LINEAR || axis->kind == FR_AXIS_LOG) && !axis->duration;
    if (!numbers) return fr_canvas_value(call, canvas, y);
    const fr_number_style style = fr_axis_style_of(axis);
    return fr_arena_text(call, canvas->drawing->arena, room, fr_label_planned(plan, &style, y, room));
}

static const char *time_text(fr_call *call, fr_arena *arena, const fr_plot_axis *axis, double value)
{
    int64_t ticks = axis->origin + (int64_t)llround(value), per = axis->per_second ? axis->per_second : 1;
    int64_t seconds = ticks / per - (ticks % per < 0);
    if (axis->zone) seconds += fr_zone_utc_to_offset(axis->zone, seconds);
    int64_t days = seconds / 86400 - (seconds % 86400 < 0), rest = seconds - days * 86400;
    fr_civil date = fr_civil_from_days(days);
    if (axis->no_date)
        return fr_arena_format(call, arena, "%02d:%02d", (int)(rest / 3600), (int)(rest / 60 % 60));
    if (axis->date_only || rest == 0)
        return fr_arena_format(call, arena, "%04lld-%02d-%02d", (long long)date.year, (int)date.month, (int)date.day);
    return fr_arena_format(call, arena, "%04lld-%02d-%02d %02d:%02d", (long long)date.year, (int)date.month,
                           (int)date.day,
                           (int)(rest / 3600), (int)(rest / 60 % 60));
}

const char *fr_axis_text(fr_call *call, fr_arena *arena, const fr_plot_axis *axis, double value)
{
    char room[FR_LABEL_BYTES];
    if (isnan(value)) return "";
    if (axis->kind == FR_AXIS_CATEGORY) return axis->names[(size_t)value];
    if (axis->kind == FR_AXIS_TIME) return time_text(call, arena, axis, value);
    if (axis->duration) {
        double seconds = value / (double)(axis->per_second ? axis->per_second : 1);
        return fr_arena_text(call, arena, room, fr_label_duration(seconds, room));
    }
    fr_number_style style = fr_axis_style_of(axis);
    size_t n = fr_label_number(&style, value, room);
    return fr_arena_text(call, arena, room, n);
}

const char *fr_canvas_tooltip(fr_call *call, const fr_canvas *canvas, const fr_layer *layer, size_t series, size_t row)
{
    fr_arena *arena = canvas->drawing->arena;
    size_t id = layer->series[series].id;
    const char *name = id == FR_NO_SERIES ? "" : layer->figure->series[id].name;
    const char *x = layer->values[FR_ROLE_X] ?
        fr_axis_text(call, arena, &layer->figure->x[layer->panel], layer->values[FR_ROLE_X][row]) : "";
    const char *y = layer->values[FR_ROLE_Y] ?
        fr_axis_text(call, arena, &layer->figure->y[layer->panel], layer->values[FR_ROLE_Y][row]) : "";
    if (!x || !y) return NULL;
    return fr_arena_format(call, arena, "%s%s%s: %s", name, *name && *x ? ", " : "", x, y);
}
