/* mark_bar.c — bars: one for each category, series beside each other, stacked, as shares of 100 %, or overlaid.
 *
 * A bar's length is its value, so the value axis always holds zero; on a logarithmic axis, which has none, bars begin where
 * the axis does, and only their ends can be read. Over numbers and times that are no categories a bar is
 * three quarters of the smallest distance wide. Up to twelve bars carry their values.
 *
 *     grouped      stacked     share
 *     ▌▌  ▌▌       █           █ 40 %
 *     ▌▌▌ ▌▌▌      ▓           ▓ 60 %
 */
#include <math.h>

#include "plot/canvas.h"

enum { MOST_LABELLED = 12 };

typedef struct bars {
    fr_slots slots;
    double   width;              /* in units of x, where x are no categories                                          */
    bool     stacked, grouped, share;
    size_t   pointed_at[3];      /* rows to point out; SIZE_MAX: none                                                 */
} bars;

static const fr_mark_bar_args *args_of(const fr_layer *layer) { return &layer->of->mark.args.bar; }

/* ---- building ---------------------------------------------------------------------------------------------------- */

static bool check(fr_call *call, const fr_mark_bar_args *args)
{
    if (args->arrange > FR_ARRANGE_OVERLAID || args->labels > FR_LABELS_NEVER || args->highlight > 7)
        return fr_fail(call, FR_ERR_ARGUMENT, "arrange, labels or highlight is out of range");
    return true;
}

static void find_highlights(const fr_layer *layer, bars *b)
{
    const double *y = layer->values[FR_ROLE_Y], *x = layer->values[FR_ROLE_X];
    uint32_t which = args_of(layer)->highlight;
    size_t least = SIZE_MAX, most = SIZE_MAX, last = SIZE_MAX;
    for (size_t i = 0; i < layer->n; i++) {
        if (isnan(y[i])) continue;
        if (least == SIZE_MAX || y[i] < y[least]) least = i;
        if (most == SIZE_MAX || y[i] > y[most]) most = i;
        if (last == SIZE_MAX || x[i] >= x[last]) last = i;
    }
    b->pointed_at[0] = which & FR_HIGHLIGHT_MAX ? most : SIZE_MAX;
    b->pointed_at[1] = which & FR_HIGHLIGHT_MIN ? least : SIZE_MAX;
    b->pointed_at[2] = which & FR_HIGHLIGHT_LAST ? last : SIZE_MAX;
}

static bool build(fr_call *call, fr_arena *arena, fr_layer *layer)
{
    const fr_mark_bar_args *args = args_of(layer);
    uint32_t by = layer->values[FR_ROLE_Y] ? args->reduce : FR_REDUCE_COUNT;
    bars *b = fr_arena_new(call, arena, sizeof *b);
    if (!b || !check(call, args) || !fr_layer_reduce(call, arena, layer,
                                                     &(fr_reduce_wish){ .by = by, .unique = true }) ||
        !fr_layer_slots(call, arena, layer, &b->slots)) return false;
    b->share = args->arrange == FR_ARRANGE_SHARE;
    b->stacked = b->share || args->arrange == FR_ARRANGE_STACKED;
    bool several = layer->n > b->slots.n;                    /* one series a place needs no sides */
    b->grouped = several && !b->stacked && args->arrange != FR_ARRANGE_OVERLAID;
    double alone = layer->figure->x->per_second ? (double)layer->figure->x->per_second * 43200 : 0.75;      /* half a day */
    b->width = isfinite(b->slots.step) ? 0.75 * b->slots.step : alone;
    find_highlights(layer, b);
    layer->made = b;
    return fr_layer_stack(call, arena, layer, &b->slots, args->arrange);
}

static void extend(const fr_layer *layer, fr_extent *x, fr_extent *y)
{
    const bars *b = layer->made;
    double ends[2] = { 0, 0 };
    fr_extent_add(y, layer->values[FR_ROLE_LOW], NULL, layer->n);
    fr_extent_add(y, layer->values[FR_ROLE_HIGH], NULL, layer->n);
    if (!b->slots.n) return;
    ends[0] = b->slots.x[0] - b->width * 0.7;
    ends[1] = b->slots.x[b->slots.n - 1] + b->width * 0.7;
    fr_extent_add(x, ends, NULL, 2);
}

/* ---- drawing ----------------------------------------------------------------------------------------------------- */

static fr_interval side_of(const fr_layer *layer, const fr_canvas *canvas, size_t s, size_t row)
{
    const bars *b = layer->made;
    fr_interval side = fr_canvas_side(canvas, layer->values[FR_ROLE_X][row], b->width);
    return b->grouped ? fr_interval_part(side, s, layer->n_series, layer->n_series > 4 ? 0 : 0.08) : side;
}

/* Whole pixels, so that edges are crisp; a bar that is there is never thinner than half a pixel. */
static fr_box crisp(fr_box box, bool flipped)
{
    double *at = flipped ? &box.y : &box.x, *size = flipped ? &box.height : &box.width;
    if (*size >= 3) {
        double end = round(*at + *size);
        *at = round(*at);
        *size = end - *at;
    } else {                             /* too thin for gaps: side by side, or the eye sees stripes */
        *at -= *size / 6;
        *size = fmax(*size * 4 / 3, 0.5);
    }
    return box;
}

static bool is_pointed_at(const bars *b, size_t row)
{
    return b->pointed_at[0] == row || b->pointed_at[1] == row || b->pointed_at[2] == row;
}

static bool draw_bar(fr_call *call, const fr_layer *layer, fr_canvas *canvas, size_t s, size_t row)
{
    const bars *b = layer->made;
    double low = fr_canvas_end(canvas, layer->values[FR_ROLE_LOW][row]),
        high = fr_canvas_end(canvas, layer->values[FR_ROLE_HIGH][row]);
    fr_box box = crisp(fr_canvas_box(canvas, side_of(layer, canvas, s, row), low, high), canvas->figure->flipped);
    fr_paint paint = fr_layer_paint(layer, s);
    if (args_of(layer)->highlight && !is_pointed_at(b, row)) paint = fr_paint_ink(FR_INK_OTHER);
    if (args_of(layer)->arrange == FR_ARRANGE_OVERLAID && layer->n_series > 1) paint = fr_paint_faded(paint, 0.4f);
    const char *tooltip = layer->n <= 2000 ? fr_canvas_tooltip(call, canvas, layer, s, row) : NULL;
    if (fr_failed(call)) return false;
    fr_style style = { .fill = paint, .tooltip = tooltip };
    if (b->stacked && layer->n_series > 1 && fmin(box.width, box.height) >= 3)
        style.stroke = (fr_stroke){ .paint = fr_paint_ink(FR_INK_SURFACE), .width = 0.75f, .square = true };
    return fr_scene_rect(call, canvas->scene, box, 0, &style) != NULL;
}

static bool draw_zero(fr_call *call, fr_canvas *canvas)
{
    const fr_style line = { .stroke = { .paint = fr_paint_ink(FR_INK_AXIS), .width = 1, .square = true } };
    fr_box plot = canvas->plot;
    double zero = floor(fr_canvas_y(canvas, 0)) + 0.5;
    if (!isfinite(zero)) return true;
    fr_point a = canvas->figure->flipped ? (fr_point){ zero, plot.y } : (fr_point){ plot.x, zero };
    fr_point b = canvas->figure->flipped ? (fr_point){ zero, plot.y + plot.height }
        : (fr_point){ plot.x + plot.width, zero };
    return fr_scene_line(call, canvas->scene, a, b, &line) != NULL;
}

static bool draw(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    const double *y = layer->values[FR_ROLE_Y];
    for (size_t s = 0; s < layer->n_series; s++)
        for (size_t i = layer->series[s].begin; i < layer->series[s].end; i++)
            if (!isnan(y[i]) && !draw_bar(call, layer, canvas, s, i)) return false;
    return draw_zero(call, canvas);
}

/* ---- values at bars ---------------------------------------------------------------------------------------------- */

/* At the end of a bar that lies, within it, when there is room. */
static bool write_within(fr_call *call, fr_canvas *canvas, fr_box box, fr_label label, bool negative, fr_paint paint)
{
    double width;
    if (!fr_draw_width(call, canvas->drawing, label.text, label.font.size, &width)) return false;
    if (width + 10 > box.width) return true;
    label.halo   = 0;
    label.paint  = fr_paint_over(paint);
    label.anchor = negative ? FR_ANCHOR_START : FR_ANCHOR_END;
    label.x      = negative ? box.x + 5 : box.x + box.width - 5;
    return fr_draw_note(call, canvas->drawing, &label, NULL);
}

static bool write_beside(fr_call *call, fr_canvas *canvas, fr_box box, const char *text, bool negative, fr_paint paint)
{
    float size = canvas->drawing->look.tick;
    fr_label label = { .text = text, .font = { .size = size }, .paint = fr_paint_ink(FR_INK_TEXT), .halo = 3,
                       .anchor = FR_ANCHOR_MIDDLE };
    label.x = box.x + box.width / 2;
    double top = canvas->drawing->look.cells ? floor(box.y / 16) * 16 : box.y;      /* above the cell that holds the edge */
    label.y = negative ? box.y + box.height + 3 + fr_draw_ascent(canvas->drawing, size) : top - 4;
    if (canvas->figure->flipped) {
        label.anchor = negative ? FR_ANCHOR_END : FR_ANCHOR_START;
        label.x = negative ? box.x - 5 : box.x + box.width + 5;
        label.y = box.y + box.height / 2 + fr_draw_middle(canvas->drawing, size);
    }
    bool drawn;
    if (!fr_draw_note(call, canvas->drawing, &label, &drawn)) return false;
    return drawn || !canvas->figure->flipped || write_within(call, canvas, box, label, negative, paint);
}

/* In the middle of a part of a stack, when it fits. */
static bool write_inside(fr_call *call, fr_canvas *canvas, fr_box box, const char *text, fr_paint paint)
{
    float size = canvas->drawing->look.tick;
    double width;
    if (!fr_draw_width(call, canvas->drawing, text, size, &width)) return false;
    if (width + 6 > box.width || fr_draw_line(canvas->drawing, size) > box.height + 2) return true;
    fr_label label = { .text = text, .font = { .size = size }, .paint = fr_paint_over(paint),
                       .anchor = FR_ANCHOR_MIDDLE,
                       .x = box.x + box.width / 2, .y = box.y + box.height / 2 + fr_draw_middle(canvas->drawing,
                           size) };
    return fr_draw_note(call, canvas->drawing, &label, NULL);
}

static bool wants_labels(const fr_layer *layer)
{
    uint32_t labels = args_of(layer)->labels;
    bool alone = layer->figure->n_marks == 1 || args_of(layer)->highlight;
    for (size_t i = 0; i < layer->figure->n_marks && !alone; i++)
        if (layer->figure->marks[i].class_->follows) return labels == FR_LABELS_ALWAYS;      /* error bars stand there */
    return labels == FR_LABELS_ALWAYS ||
        (labels == FR_LABELS_AUTO && (layer->n <= MOST_LABELLED || args_of(layer)->highlight));
}

/* How the values that are written are written. */
static fr_label_plan plan_of(const fr_layer *layer, const fr_canvas *canvas)
{
    const bars *b = layer->made;
    const double *y = layer->values[FR_ROLE_Y];
    double some[3];
    size_t n = 0;
    if (!args_of(layer)->highlight) return fr_canvas_plan(canvas, y, layer->n, 2);
    for (size_t i = 0; i < 3; i++)
        if (b->pointed_at[i] != SIZE_MAX) some[n++] = y[b->pointed_at[i]];
    return fr_canvas_plan(canvas, some, n, 3);
}

static bool label(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    const bars *b = layer->made;
    const double *y = layer->values[FR_ROLE_Y], *low = layer->values[FR_ROLE_LOW], *high = layer->values[FR_ROLE_HIGH];
    bool inside = b->stacked && layer->n_series > 1, only_some = args_of(layer)->highlight != 0;
    const fr_label_plan plan = plan_of(layer, canvas);
    for (size_t s = 0; wants_labels(layer) && s < layer->n_series; s++) {
        const fr_paint paint = fr_layer_paint(layer, s);
        for (size_t i = layer->series[s].begin; i < layer->series[s].end; i++) {
            if (isnan(y[i]) || (only_some && !is_pointed_at(b, i))) continue;
            fr_box box = fr_canvas_box(canvas, side_of(layer, canvas, s, i), fr_canvas_end(canvas, low[i]),
                                       fr_canvas_end(canvas, high[i]));
            const char *text = fr_canvas_planned(call, canvas, &plan, y[i]);
            if (!text) return false;
            if (inside ? !write_inside(call, canvas, box, text, paint)
                       : !write_beside(call, canvas, box, text, y[i] < 0, paint)) return false;
        }
    }
    return true;
}

const fr_mark_class fr_mark_class_bar = {
    .name = "bar", .kind = 3, .args_size = sizeof(fr_mark_bar_args), .glyph = FR_GLYPH_RECT,
    .wants = FR_BIT(FR_ROLE_X), .numbers = FR_BIT(FR_ROLE_Y), .prefers = FR_BIT(FR_ROLE_X), .zero = true, .adds_up =
        true,
    .reduce_at = offsetof(fr_mark_bar_args, reduce), .order_at = offsetof(fr_mark_bar_args, order),
    .flip_at = offsetof(fr_mark_bar_args, horizontal), .arrange_at = offsetof(fr_mark_bar_args, arrange),
    .build = build, .extend = extend, .draw = draw, .label = label,
};
