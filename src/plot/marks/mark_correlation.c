/* mark_correlation.c — the correlation of every pair of numeric columns, as a heat map from -1 to 1.
 *
 * Pearson's r over the rows in which both columns have a value, two passes. A column without spread has no correlation: its
 * cells stay empty. The cells are drawn as a heat map's are.
 */
#include <math.h>
#include <string.h>

#include <frame/steps.h>

#include "plot/canvas.h"

extern const fr_mark_class fr_mark_class_heatmap;

enum { MOST_COLUMNS = 60 };

/* r over the rows where both are numbers. */
static double pearson(const double *x, const double *y, int64_t n)
{
    double mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0;
    int64_t both = 0;
    for (int64_t i = 0; i < n; i++)
        if (isfinite(x[i]) && isfinite(y[i])) both++, mean_x += x[i], mean_y += y[i];
    mean_x /= (double)both;
    mean_y /= (double)both;
    for (int64_t i = 0; i < n; i++) {
        if (!isfinite(x[i]) || !isfinite(y[i])) continue;
        double dx = x[i] - mean_x, dy = y[i] - mean_y;
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    double r = xy / (sqrt(xx) * sqrt(yy));
    return both < 2 || !isfinite(r) ? (double)NAN : fmax(-1, fmin(1, r));
}

typedef struct pairs { const char **x, **y; double *r; size_t n; } pairs;

static bool room_for_pairs(fr_call *call, fr_arena *arena, size_t k, pairs *out)
{
    out->n = k * k;
    out->x = fr_arena_array(call, arena, out->n + 1, sizeof *out->x);
    out->y = fr_arena_array(call, arena, out->n + 1, sizeof *out->y);
    out->r = fr_arena_array(call, arena, out->n + 1, sizeof *out->r);
    return out->x && out->y && out->r;
}

static bool correlate(fr_call *call, fr_arena *arena, const fr_frame *columns, pairs *out)
{
    size_t k = fr_width(columns);
    fr_channel *channels = fr_arena_array(call, arena, k + 1, sizeof *channels);
    if (!channels || !room_for_pairs(call, arena, k, out)) return false;
    bool fine = true;
    for (size_t i = 0; i < k && fine; i++) fine = fr_channel_read(call, arena, columns, fr_name(columns, i),
                                                                  &channels[i]);
    for (size_t i = 0; i < k && fine; i++) {
        for (size_t j = 0; j < k; j++) {
            size_t at = i * k + j;
            out->x[at] = fr_name(columns, j);
            out->y[at] = fr_name(columns, i);
            out->r[at] = j < i ? out->r[j * k + i] : pearson(channels[i].values, channels[j].values, channels[i].n);
        }
        fine = fr_go_on(call);
    }
    for (size_t i = 0; i < k; i++) fr_channel_release(&channels[i]);
    return fine;
}

static fr_frame *frame_of(fr_call *call, const pairs *p)
{
    const fr_array_spec arrays[] = { fr_array("column", FR_STR, p->x), fr_array("with", FR_STR, p->y),
                                     fr_array("correlation", FR_F64, p->r) };
    fr_auto(frame) made = fr_frame_from_arrays((int64_t)p->n, arrays, FR_COUNT_OF(arrays), call->context);
    if (!fr_ok(made)) return fr_fail_as(call, made, "correlation"), NULL;
    return fr_steal(made);
}

static bool check(fr_call *call, const fr_frame *columns)
{
    if (!fr_ok(columns)) return fr_fail_as(call, columns, "columns");
    for (size_t i = 0; i < fr_width(columns); i++) {
        fr_kind kind = fr_type_kind(fr_type_at(columns, i));
        bool number = (kind >= FR_BOOL && kind <= FR_F64) || kind == FR_DECIMAL || kind == FR_DURATION;
        if (!number) return fr_fail_at(call, fr_place_at(.column = fr_name(columns, i)), FR_ERR_TYPE,
                                       "column '%s' is no number", fr_name(columns, i));
    }
    if (fr_width(columns) <= MOST_COLUMNS) return true;
    return fr_fail_at(call, fr_place_at(.hint = "name the columns that matter: fr_mark_correlation(\"price, carat\")"),
                      FR_ERR_LIMIT, "%zu columns are more than a matrix shows (60)", fr_width(columns));
}

static fr_frame *prepare(fr_call *call, fr_plotted *mark, const fr_frame *frame)
{
    const char *columns = mark->head->x ? mark->head->x : "numeric()";
    fr_auto(frame) chosen = fr_pipe_steps(frame, (const fr_step[]){ fr_select(columns), { .verb = 0 } },
                                          sizeof(fr_step),
                                          call->file, (int)call->line);
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    pairs p;
    if (!check(call, chosen) || !correlate(call, &arena, chosen, &p)) return NULL;
    fr_mark_correlation_args *args = &mark->mark.args.correlation;
    args->x = "column";
    args->y = "with";
    args->colour = "correlation";
    return frame_of(call, &p);
}

static bool build(fr_call *call, fr_arena *arena, fr_layer *layer)
{
    if (layer->of->mark.args.correlation.labels > FR_LABELS_NEVER)
        return fr_fail(call, FR_ERR_ARGUMENT, "labels is out of range");
    return fr_layer_reduce(call, arena, layer, &(fr_reduce_wish){ .both = true });
}

static bool draw(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    return fr_mark_class_heatmap.draw(call, layer, canvas);
}

static bool label(fr_call *call, const fr_layer *layer, fr_canvas *canvas)
{
    return fr_mark_class_heatmap.label(call, layer, canvas);
}

const fr_mark_class fr_mark_class_correlation = {
    .name = "correlation", .kind = 9, .args_size = sizeof(fr_mark_correlation_args), .frame =
        FR_FRAME_TABLE, .shades = true,
    .refuses = FR_BIT(FR_ROLE_Y) | FR_BIT(FR_ROLE_COLOUR), .own_paints = true,
    .categories = FR_BIT(FR_ROLE_X) | FR_BIT(FR_ROLE_Y), .correlates = true,
    .labels_at = offsetof(fr_mark_correlation_args, labels),
    .prepare = prepare, .build = build, .draw = draw, .label = label,
};
