/* axis.c — an axis fitted to its pixels: which ticks, how their labels keep apart, and the ink.
 *
 * A value axis has no line and no tick marks, only pale grid lines and labels; zero is drawn darker. Labels that would
 * collide give way step by step: numbers and times get fewer ticks; names are wrapped, then turned by 35°, then every k-th
 * is shown. Names beside horizontal bars are wrapped and cut to a share of the width.
 */
#include "plot/axis.h"

#include <math.h>
#include <string.h>

enum { LABEL_GAP = 8, MOST_TRIES = 6 };

/* ---- scales ------------------------------------------------------------------------------------------------------ */

static bool value_scale(fr_call *call, const fr_plot_axis *axis, bool pads, fr_scale *out)
{
    fr_extent extent = axis->extent;
    if (extent.n == 0) extent = (fr_extent){ .low = 0, .high = 1, .low_positive = 1, .n = 1 };
    if (axis->kind == FR_AXIS_LOG) {
        double low = axis->has_low ? axis->low : extent.low_positive, high = axis->has_high ? axis->high : extent.high;
        return fr_scale_log(call, low, fmax(low, high), 10, out) && (!pads || fr_scale_pad(call, out, 0.02));
    }
    if (axis->zero || !pads) fr_extent_zero(&extent, axis->zero ? FR_ZERO_ALWAYS : FR_ZERO_NEVER);
    else fr_extent_zero(&extent, FR_ZERO_NEAR);
    double low = axis->has_low ? axis->low : extent.low, high = axis->has_high ? axis->high : extent.high;
    if (axis->has_low && low >= high) high = low + fmax(1, fabs(low));
    if (axis->has_high && low >= high) low = high - fmax(1, fabs(high));
    return fr_scale_linear(call, low, high, out);
}

static bool time_scale(fr_call *call, const fr_plot_axis *axis, fr_fitted_axis *out)
{
    fr_extent extent = axis->extent;
    if (extent.n == 0) extent.low = extent.high = 0;
    double low = axis->has_low ? axis->low : extent.low, high = axis->has_high ? axis->high : extent.high;
    int64_t per = axis->per_second ? axis->per_second : 1;
    fr_time_domain domain = { .low = axis->origin + (int64_t)floor(low),
                              .high = axis->origin + (int64_t)ceil(fmax(low, high)),
                              .per_second = per, .zone = axis->zone, .date_only = axis->date_only,
                              .no_date = axis->no_date };
    if (!fr_scale_time(call, &domain, &out->scale)) return false;
    out->shift = fr_scale_time_value(&out->scale, axis->origin);
    return true;
}

bool fr_axis_scale(fr_call *call, const fr_plot_axis *axis, fr_axis_style style, fr_fitted_axis *out)
{
    bool pads = style == FR_AXIS_PADDED, table = style == FR_AXIS_TABLE;
    *out = (fr_fitted_axis){ .axis = axis, .exact = style == FR_AXIS_EXACT };
    if (axis->kind == FR_AXIS_CATEGORY) {
        if (!fr_scale_band(call, axis->n_names ? axis->n_names : 1, axis->n_names ? axis->names : NULL, &out->scale))
            return false;
        if (table) out->scale.gap = out->scale.margin = 0;
        return true;
    }
    if (axis->kind == FR_AXIS_TIME)
        return time_scale(call, axis, out) && (!pads || fr_scale_pad(call, &out->scale, 0.02));
    if (axis->duration) {
        const fr_extent *e = &axis->extent;
        double low = axis->has_low ? axis->low : e->n ? fmin(0, e->low) : 0;
        double high = axis->has_high ? axis->high : e->n ? e->high : 1;
        if (axis->has_low && low >= high) high = low + fmax(1, fabs(low));
        if (axis->has_high && low >= high) low = high - fmax(1, fabs(high));
        return fr_scale_duration(call, low, high, axis->per_second ? axis->per_second : 1, &out->scale);
    }
    return value_scale(call, axis, pads, &out->scale);
}

/* ---- ticks ------------------------------------------------------------------------------------------------------- */

static bool make_ticks(fr_call *call, fr_drawing *drawing, double spacing, fr_fitted_axis *out)
{
    const fr_plot_axis *axis = out->axis;
    bool time = axis->kind == FR_AXIS_TIME;
    fr_tick_wish wish = { .spacing = spacing, .whole = axis->whole, .date_format = time ? axis->format : NULL,
                          .cover = !out->exact && !axis->has_low && !axis->has_high && !time,
                          .style = time ? (fr_number_style){ 0 } : fr_axis_style_of(axis) };
    return fr_scale_ticks(call, drawing->arena, &out->scale, &wish, &out->ticks);
}

static bool widths(fr_call *call, const fr_drawing *drawing, const fr_ticks *ticks, double *width)
{
    for (size_t i = 0; i < ticks->n; i++) {
        double context = 0;
        width[i] = 0;
        if (ticks->ticks[i].label &&
            !fr_draw_width(call, drawing, ticks->ticks[i].label, drawing->look.tick, &width[i])) return false;
        if (ticks->ticks[i].context &&
            !fr_draw_width(call, drawing, ticks->ticks[i].context, drawing->look.tick, &context)) return false;
        width[i] = fmax(width[i], context);
    }
    return true;
}

/* Is there a gap between each label and the next? */
static bool are_apart(const fr_ticks *ticks, const double *width)
{
    double end = -(double)INFINITY;
    for (size_t k = 0; k < ticks->n; k++) {
        size_t i = ticks->ticks[0].at <= ticks->ticks[ticks->n - 1].at ? k : ticks->n - 1 - k;
        if (!ticks->ticks[i].label) continue;
        if (ticks->ticks[i].at - width[i] / 2 < end) return false;
        end = ticks->ticks[i].at + width[i] / 2 + LABEL_GAP;
    }
    return true;
}

static double greatest(const double *width, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++) most = fmax(most, width[i]);
    return most;
}

/* ---- numbers and times ------------------------------------------------------------------------------------------- */

static bool fit_vertical_values(fr_call *call, fr_drawing *drawing, fr_fitted_axis *out)
{
    double line = fr_draw_line(drawing, drawing->look.tick);
    if (!make_ticks(call, drawing, fmax(56, line * 3), out)) return false;
    double *width = fr_arena_array(call, drawing->arena, out->ticks.n + 1, sizeof *width);
    if (!width || !widths(call, drawing, &out->ticks, width)) return false;
    out->widest = greatest(width, out->ticks.n);
    out->depth = out->widest + drawing->look.gap;
    return true;
}

static bool fit_horizontal_values(fr_call *call, fr_drawing *drawing, fr_fitted_axis *out)
{
    double spacing = drawing->look.cells ? 80 : 64, line = fr_draw_line(drawing, drawing->look.tick);
    const fr_scale scale = out->scale;
    for (int tries = 0; tries < MOST_TRIES; tries++, spacing *= 1.4) {
        out->scale = scale;
        if (!make_ticks(call, drawing, spacing, out)) return false;
        double *width = fr_arena_array(call, drawing->arena, out->ticks.n + 1, sizeof *width);
        if (!width || !widths(call, drawing, &out->ticks, width)) return false;
        out->widest = greatest(width, out->ticks.n);
        if (are_apart(&out->ticks, width)) break;
    }
    out->depth = drawing->look.gap + line * (out->ticks.two_levels ? 2 : 1);
    return true;
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

static bool show_every(fr_ticks *ticks, size_t k)
{
    for (size_t i = 0; i < ticks->n; i++)
        if (i % k) ticks->ticks[i].label = NULL;
    return true;
}

static size_t count_lines(const char *text)
{
    size_t lines = 1;
    for (; *text; text++) lines += *text == '\n';
    return lines;
}

static bool fit_vertical_names(fr_call *call, fr_drawing *drawing, double room, fr_fitted_axis *out)
{
    fr_font font = { .size = drawing->look.tick };
    double line = fr_draw_line(drawing, font.size);
    double step = fabs(out->scale.to - out->scale.from) / (double)out->scale.n_bands;
    int lines = step >= 2.2 * line ? 2 : 1;
    for (size_t i = 0; i < out->ticks.n; i++) {
        const char **label = &out->ticks.ticks[i].label;
        if (*label && !(*label = fr_text_wrap(call, drawing->arena, drawing->metrics, *label, &font, room, lines)))
            return false;
    }
    if (step < line) show_every(&out->ticks, (size_t)ceil(line / step));
    for (size_t i = 0; i < out->ticks.n; i++) {
        const char *label = out->ticks.ticks[i].label;
        for (const char *at = label; at && *at;) {
            double width;
            if (!fr_draw_width(call, drawing, at, font.size, &width)) return false;
            out->widest = fmax(out->widest, width);
            at = strchr(at, '\n');
            if (at) at++;
        }
    }
    out->depth = out->widest + drawing->look.gap;
    return true;
}

/* Wrapped labels, when no word had to be cut; else the labels as they were. */
static bool try_wrap(fr_call *call, fr_drawing *drawing, double width, fr_fitted_axis *out, bool *fits)
{
    fr_font font = { .size = drawing->look.tick };
    const char **wrapped = fr_arena_array(call, drawing->arena, out->ticks.n + 1, sizeof *wrapped);
    size_t most = 1;
    if (!wrapped) return false;
    *fits = true;
    for (size_t i = 0; i < out->ticks.n && *fits; i++) {
        const char *label = out->ticks.ticks[i].label;
        if (!label) continue;
        wrapped[i] = fr_text_wrap(call, drawing->arena, drawing->metrics, label, &font, width, 3);
        if (!wrapped[i]) return false;
        *fits = !strstr(wrapped[i], "…") || strstr(label, "…");
        most = count_lines(wrapped[i]) > most ? count_lines(wrapped[i]) : most;
    }
    for (size_t i = 0; i < out->ticks.n && *fits; i++)
        if (wrapped[i]) out->ticks.ticks[i].label = wrapped[i];
    if (*fits) out->depth = drawing->look.gap + (double)most * fr_draw_line(drawing, font.size);
    return true;
}

static bool turn(fr_call *call, fr_drawing *drawing, double room, double step, fr_fitted_axis *out)
{
    fr_font font = { .size = drawing->look.tick };
    double line = fr_draw_line(drawing, font.size), widest = 0, sine = sin(35 * 3.14159265358979 / 180);
    for (size_t i = 0; i < out->ticks.n; i++) {
        fr_tick *tick = &out->ticks.ticks[i];
        if (!tick->label) continue;
        double width, reach = tick->at / cos(35 * 3.14159265358979 / 180);      /* to the left edge of the page */
        tick->label = fr_text_fit(call, drawing->arena, drawing->metrics, tick->label, &font,
                                  fmin(room / sine, reach - 4));
        if (!tick->label || !fr_draw_width(call, drawing, tick->label, font.size, &width)) return false;
        widest = fmax(widest, width);
    }
    out->angle = -35;
    out->depth = drawing->look.gap + widest * sine + line;
    size_t every = (size_t)ceil(font.size * 1.2 / sine / step);
    return every <= 1 || show_every(&out->ticks, every);
}

static bool fit_horizontal_names(fr_call *call, fr_drawing *drawing, double room, fr_fitted_axis *out)
{
    double *width = fr_arena_array(call, drawing->arena, out->ticks.n + 1, sizeof *width);
    double line = fr_draw_line(drawing, drawing->look.tick);
    double step = fabs(out->scale.to - out->scale.from) / (double)out->scale.n_bands;
    bool fits = false;
    if (!width || !widths(call, drawing, &out->ticks, width)) return false;
    out->widest = greatest(width, out->ticks.n);
    out->depth = drawing->look.gap + line;
    if (are_apart(&out->ticks, width)) return true;
    if (!try_wrap(call, drawing, step - LABEL_GAP, out, &fits) || fits) return fits;
    bool numbers = out->axis->in_order;                         /* 2001 2002 2003 …: every k-th says it all */
    if (!numbers && !drawing->look.cells && drawing->look.tick * 1.2 / sin(0.61) <= step)
        return turn(call, drawing, fmin(room, 110), step, out);
    show_every(&out->ticks, (size_t)ceil((fmin(out->widest, 120) + LABEL_GAP) / step));
    for (size_t i = 0; i < out->ticks.n; i++) {
        const char **label = &out->ticks.ticks[i].label;
        if (*label && !(*label = fr_text_fit(call, drawing->arena, drawing->metrics, *label,
                                             &(fr_font){ .size = drawing->look.tick },
                                             120))) return false;
    }
    return true;
}

bool fr_axis_fit(fr_call *call, fr_drawing *drawing, const fr_plot_axis *axis, const fr_axis_room *room,
                 fr_fitted_axis *out)
{
    fr_scale_set_range(&out->scale, room->from, room->to);
    out->widest = 0;
    out->angle = 0;
    if (axis->kind != FR_AXIS_CATEGORY)
        return out->vertical ? fit_vertical_values(call, drawing, out) : fit_horizontal_values(call, drawing, out);
    fr_tick_wish wish = { 0 };
    if (!fr_scale_ticks(call, drawing->arena, &out->scale, &wish, &out->ticks)) return false;
    return out->vertical ? fit_vertical_names(call, drawing, room->room, out)
                         : fit_horizontal_names(call, drawing, room->room, out);
}

/* ---- ink --------------------------------------------------------------------------------------------------------- */

static double crisp(double at) { return floor(at) + 0.5; }

static bool across(fr_call *call, fr_drawing *drawing, const fr_fitted_axis *axis, fr_box plot, double at,
                   const fr_style *style)
{
    at = crisp(at);
    fr_point a = axis->vertical ? (fr_point){ plot.x, at } : (fr_point){ at, plot.y };
    fr_point b = axis->vertical ? (fr_point){ plot.x + plot.width, at } : (fr_point){ at, plot.y + plot.height };
    return fr_scene_line(call, drawing->scene, a, b, style) != NULL;
}

bool fr_axis_draw_grid(fr_call *call, fr_drawing *drawing, const fr_fitted_axis *axis, fr_box plot)
{
    const fr_style grid = { .stroke = { .paint = fr_paint_ink(FR_INK_GRID), .width = 1, .square = true } };
    if (axis->axis->kind == FR_AXIS_CATEGORY) return true;
    for (size_t i = 0; i < axis->ticks.n; i++)
        if (axis->ticks.ticks[i].label && !across(call, drawing, axis, plot, axis->ticks.ticks[i].at, &grid))
            return false;
    return true;
}

/* A line where the other axis has its zero, else at the edge. */
static bool draw_line(fr_call *call, fr_drawing *drawing, const fr_fitted_axis *axis, fr_box plot)
{
    const fr_style line = { .stroke = { .paint = fr_paint_ink(FR_INK_AXIS), .width = 1, .square = true } };
    double edge = axis->vertical ? plot.x : plot.y + plot.height;
    fr_point a = axis->vertical ? (fr_point){ crisp(edge), plot.y } : (fr_point){ plot.x, crisp(edge) };
    fr_point b = axis->vertical ? (fr_point){ crisp(edge), plot.y + plot.height }
        : (fr_point){ plot.x + plot.width, crisp(edge) };
    return fr_scene_line(call, drawing->scene, a, b, &line) != NULL;
}

static bool label_vertical(fr_call *call, fr_drawing *drawing, const fr_fitted_axis *axis, fr_box plot,
                           const fr_tick *tick)
{
    float size = drawing->look.tick;
    double line = fr_draw_line(drawing, size);
    size_t n = count_lines(tick->label);
    fr_label label = { .text = tick->label, .x = plot.x - drawing->look.gap, .anchor = FR_ANCHOR_END,
                       .font = { .size = size },
                       .paint = fr_paint_ink(axis->axis->kind == FR_AXIS_CATEGORY ? FR_INK_TEXT : FR_INK_MUTED) };
    label.y = tick->at + fr_draw_middle(drawing, size) - (double)(n - 1) * line / 2;
    if (drawing->look.cells)                                    /* the row of its grid line */
        label.y = floor((tick->at - (double)(n - 1) * line / 2) / line) * line + fr_draw_ascent(drawing, size);
    return fr_draw_note(call, drawing, &label, NULL);
}

static bool label_horizontal(fr_call *call, fr_drawing *drawing, const fr_fitted_axis *axis, fr_box plot,
                             const fr_tick *tick)
{
    float size = drawing->look.tick;
    double line = fr_draw_line(drawing, size),
        y = plot.y + plot.height + drawing->look.gap + fr_draw_ascent(drawing, size), width;
    fr_label label = { .text = tick->label, .x = tick->at, .y = y, .anchor = FR_ANCHOR_MIDDLE, .font = { .size = size },
                       .paint = fr_paint_ink(axis->axis->kind == FR_AXIS_CATEGORY ? FR_INK_TEXT : FR_INK_MUTED) };
    if (axis->angle < 0) {
        label.angle = axis->angle;
        label.anchor = FR_ANCHOR_END;
        label.x += size * 0.3;
    } else {
        if (!fr_draw_width(call, drawing, tick->label, size, &width)) return false;
        label.x = fmax(width / 2, fmin(label.x, drawing->scene->width - width / 2));
    }
    if (axis->angle < 0 ? !fr_draw_turned(call, drawing, &label) : !fr_draw_note(call, drawing, &label, NULL))
        return false;
    if (!tick->context) return true;
    label.text = tick->context;
    label.y += line;
    if (!fr_draw_width(call, drawing, tick->context, size, &width)) return false;
    label.x = fmax(width / 2, fmin(tick->at, drawing->scene->width - width / 2));
    return fr_draw_note(call, drawing, &label, NULL);
}

bool fr_axis_draw_labels(fr_call *call, fr_drawing *drawing, const fr_fitted_axis *axis, fr_box plot)
{
    const fr_style tick_mark = { .stroke = { .paint = fr_paint_ink(FR_INK_AXIS), .width = 1, .square = true } };
    bool line = axis->shown[1];
    if (line && !draw_line(call, drawing, axis, plot)) return false;
    if (!axis->shown[0]) return true;
    for (size_t i = 0; i < axis->ticks.n; i++) {
        const fr_tick *tick = &axis->ticks.ticks[i];
        if (!tick->label) continue;
        bool mark = line && !axis->vertical && axis->axis->kind != FR_AXIS_CATEGORY;
        double edge = plot.y + plot.height;
        if (mark && !fr_scene_line(call, drawing->scene, (fr_point){ crisp(tick->at), edge },
                                   (fr_point){ crisp(tick->at), edge + 4 },
                                   &tick_mark)) return false;
        if (axis->vertical ? !label_vertical(call, drawing, axis, plot, tick)
                           : !label_horizontal(call, drawing, axis, plot, tick))
            return false;
    }
    return true;
}
