/* mark_histogram.c — how values are distributed: bins of one width with round edges, counted exactly.
 *
 * All series and panels share the bins, which come from all rows of the mark. On a logarithmic axis bins are equal in the
 * logarithm. What lies beyond the bins of a heavy-tailed column is counted in the note.
 */
#include <math.h>
#include <string.h>

#include "plot/canvas.h"
#include "plot/stat.h"

static const fr_mark_histogram_args *args_of(const fr_layer *layer) { return &layer->of->mark.args.histogram; }

static bool is_log(const fr_layer *layer) { return layer->figure->x->kind == FR_AXIS_LOG; }

/* The bins of all rows of the mark; the edges are values again also where the axis is logarithmic. */
static bool find_bins(fr_call *call, fr_arena *arena, const fr_layer *layer, fr_histogram *out)
{
    const fr_channel *channel = &layer->of->channels[FR_ROLE_X];
    int64_t bins = args_of(layer)->bins;
    if (bins < 0 || bins > 10000)
        return fr_fail(call, FR_ERR_ARGUMENT, "bins is 0 … 10,000, not %lld", (long long)bins);
    double *logs = is_log(layer) ? fr_new_array(call, (size_t)channel->n, sizeof *logs) : NULL;
    if (is_log(layer) && !logs) return false;
    for (int64_t i = 0; logs && i < channel->n; i++) logs[i] = log10(channel->values[i]);
    const fr_numbers numbers = { logs ? logs : channel->values, NULL, (size_t)channel->n };
    const fr_histogram_wish wish = { .count = (int)bins, .most = bins > 60 ? (int)bins : 0 };
    bool fine = fr_histogram_make(call, arena, &numbers, &wish, out);
    fr_free_array(call->context, logs, (size_t)channel->n, sizeof *logs);
    for (size_t i = 0; fine && is_log(layer) && out->n && i <= out->n; i++) out->edges[i] = pow(10, out->edges[i]);
    return fine;
}

/* The bin of a value; n where it lies beyond them. */
static size_t bin_of(const fr_histogram *h, double x)
{
    size_t low = 0, high = h->n;
    if (h->n == 0 || !(x >= h->edges[0]) || x > h->edges[h->n]) return h->n;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (h->edges[middle] <= x) low = middle;
        else high = middle;
    }
    return low;
}

typedef struct counted { double *x, *y, *from, *to; } counted;

static bool room_for(fr_call *call, fr_arena *arena, size_t n, counted *out)
{
    double *all = fr_arena_array(call, arena, 4 * n + 4, sizeof *all);
    *out = (counted){ all, all + n, all + 2 * n, all + 3 * n };
    return all != NULL;
}

static void count_series(fr_layer *layer, const fr_histogram *h, size_t s, const counted *c)
{
    const double *x = layer->values[FR_ROLE_X];
    for (size_t i = 0; i < h->n; i++) {
        size_t at = s * h->n + i;
        c->from[at] = h->edges[i];
        c->to[at] = h->edges[i + 1];
        c->x[at] = is_log(layer) ? sqrt(h->edges[i] * h->edges[i + 1]) : h->edges[i] + (h->edges[i + 1] - h->edges[i]) / 2;
    }
    bool all = layer->n_series == 1 && (int64_t)layer->n == h->n_values;      /* counted already, all of them */
    for (size_t i = 0; all && i < h->n; i++) c->y[i] = (double)h->counts[i];
    if (all) layer->n_beyond = h->n_below + h->n_above;
    for (size_t row = layer->series[s].begin; !all && row < layer->series[s].end; row++) {
        size_t bin = bin_of(h, x[row]);
        if (bin < h->n) c->y[s * h->n + bin]++;
        else layer->n_beyond++;
    }
}

static bool build(fr_call *call, fr_arena *arena, fr_layer *layer)
{
    const fr_mark_histogram_args *args = args_of(layer);
    fr_histogram h = { 0 };
    fr_slots slots;
    counted c;
    double rows = (double)layer->n;
    if (args->arrange > FR_ARRANGE_OVERLAID || args->arrange == FR_ARRANGE_GROUPED || args->arrange == FR_ARRANGE_SHARE)
        return fr_fail(call, FR_ERR_ARGUMENT, "the series of a histogram are stacked or overlaid");
    if (!find_bins(call, arena, layer, &h) || !room_for(call, arena, h.n * layer->n_series, &c)) return false;
    for (size_t s = 0; s < layer->n_series; s++) {
        count_series(layer, &h, s, &c);
        layer->series[s].begin = s * h.n;
        layer->series[s].end = (s + 1) * h.n;
    }
    layer->n = h.n * layer->n_series;
    for (size_t i = 0; args->share && i < layer->n; i++) c.y[i] /= rows;
    layer->values[FR_ROLE_X] = c.x;
    layer->values[FR_ROLE_Y] = c.y;
    layer->values[FR_ROLE_MIN] = c.from;
    layer->values[FR_ROLE_MAX] = c.to;
    layer->titles[FR_ROLE_MIN] = "from";
    layer->titles[FR_ROLE_MAX] = "to";
    layer->titles[FR_ROLE_Y] = args->share ? "share" : "count";
    uint32_t arrange = args->arrange == FR_ARRANGE_AUTO ? FR_ARRANGE_STACKED : args->arrange;
    return fr_layer_slots(call, arena, layer, &slots) && fr_layer_stack(call, arena, layer, &slots, arrange);
}

static void extend(const fr_layer *layer, fr_extent *x, fr_extent *y)
{
    fr_extent_add(x, layer->values[FR_ROLE_MIN], NULL, layer->n);
    fr_extent_add(x, layer->values[FR_ROLE_MAX], NULL, layer->n);
    fr_extent_add(y, layer->values[FR_ROLE_HIGH], NULL, layer->n);
}

static bool draw_bin(fr_call *call, const fr_layer *layer, fr_canvas *canvas, size_t s, size_t i)
{
    double left = round(fr_canvas_x(canvas, layer->values[FR_ROLE_MIN][i]));
    double right = round(fr_canvas_x(canvas, layer->values[FR_ROLE_MAX][i]));
    fr_arena *arena = canvas->drawing->arena;
    const fr_plot_axis *x = &layer->figure->x[layer->panel], *y = &layer->figure->y[layer->panel];
    const char *from = fr_axis_text(call, arena, x, layer->values[FR_ROLE_MIN][i]);
    const char *to = fr_axis_text(call, arena, x, layer->values[FR_ROLE_MAX][i]);
    const char *count = fr_axis_text(call, arena, y, layer->values[FR_ROLE_Y][i]);
    if (!from || !to || !count) return false;
    bool overlaid = args_of(layer)->arrange == FR_ARRANGE_OVERLAID && layer->n_series > 1;
    fr_interval side = { fmin(left, right), fmax(left, right) - (fabs(right - left) > 3 ? 1 : 0) };
    fr_style style = { .fill = overlaid ? fr_paint_faded(fr_layer_paint(layer, s), 0.45f) : fr_layer_paint(layer, s),
                       .tooltip = fr_arena_format(call, arena, "%s to %s: %s", from, to, count) };
    fr_box box = fr_canvas_box(canvas, side, fr_canvas_end(canvas, layer->values[FR_ROLE_LOW][i]),
                               fr_canvas_end(canvas, layer->values[FR_ROLE_HIGH][i]));
    return style.tooltip && fr_scene_rect(call, canvas->scene, box, 0, &style);
}

static bool draw(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    for (size_t s = 0; s < layer->n_series; s++)
        for (size_t i = layer->series[s].begin; i < layer->series[s].end; i++)
            if (layer->values[FR_ROLE_Y][i] > 0 && !draw_bin(call, layer, canvas, s, i)) return false;
    return true;
}

const fr_mark_class fr_mark_class_histogram = {
    .name = "histogram", .kind = 4, .args_size = sizeof(fr_mark_histogram_args), .glyph = FR_GLYPH_RECT,
    .wants = FR_BIT(FR_ROLE_X), .refuses = FR_BIT(FR_ROLE_Y), .numbers = FR_BIT(FR_ROLE_X), .zero = true, .adds_up = true,
    .share_at = offsetof(fr_mark_histogram_args, share),
    .build = build, .extend = extend, .draw = draw,
};
