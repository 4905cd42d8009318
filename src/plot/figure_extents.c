/* figure_extents.c — the fifth station: how far each axis reaches.
 *
 * Every layer extends the axes of its panel by what it draws. Shared axes then take the whole of all panels; free axes of
 * categories keep only those that occur in the panel. Ends that the user gave come last.
 */
#include <math.h>
#include <string.h>

#include "base/decimal.h"
#include "plot/figure.h"

/* ---- what layers reach ------------------------------------------------------------------------------------------- */

static void extend_by_values(const fr_layer *layer, fr_extent *x, fr_extent *y)
{
    static const size_t y_roles[] = { FR_ROLE_Y, FR_ROLE_LOW, FR_ROLE_HIGH };
    if (layer->values[FR_ROLE_X]) fr_extent_add(x, layer->values[FR_ROLE_X], NULL, layer->n);
    for (size_t i = 0; i < FR_COUNT_OF(y_roles); i++)
        if (layer->values[y_roles[i]]) fr_extent_add(y, layer->values[y_roles[i]], NULL, layer->n);
}

static void extend_panel(fr_figure *figure, size_t panel)
{
    for (size_t i = 0; i < figure->n_marks; i++) {
        const fr_layer *layer = fr_layer_at(figure, panel, i);
        const fr_mark_class *class_ = layer->of->class_;
        (class_->extend ? class_->extend : extend_by_values)(layer, &figure->x[panel].extent, &figure->y[panel].extent);
        for (size_t row = 0; layer->values[FR_ROLE_SIZE] && row < layer->n; row++)
            figure->most_size = fmax(figure->most_size, layer->values[FR_ROLE_SIZE][row]);
        if (layer->of->shaded && layer->values[FR_ROLE_COLOUR]) fr_extent_add(&figure->shade.extent,
                                                                              layer->values[FR_ROLE_COLOUR], NULL, layer->n);
    }
}

/* ---- categories of a panel --------------------------------------------------------------------------------------- */

static bool shorten(fr_call *call, fr_figure *figure, size_t panel, size_t role, fr_plot_axis *axis)
{
    double *map = fr_arena_array(call, &figure->arena, axis->n_names + 1, sizeof *map);
    const char **names = fr_arena_array(call, &figure->arena, axis->n_names + 1, sizeof *names);
    if (!map || !names) return false;
    for (size_t m = 0; m < figure->n_marks; m++) {
        const fr_layer *layer = fr_layer_at(figure, panel, m);
        for (size_t i = 0; layer->values[role] && i < layer->n; i++) map[(size_t)layer->values[role][i]] = 1;
    }
    size_t n = 0;
    for (size_t i = 0; i < axis->n_names; i++) {
        if (map[i] <= 0) continue;
        names[n] = axis->names[i];
        map[i] = (double)n++;
    }
    for (size_t m = 0; m < figure->n_marks; m++) {
        const fr_layer *layer = fr_layer_at(figure, panel, m);
        double *values = layer->values[role];
        for (size_t i = 0; values && i < layer->n; i++) values[i] = map[(size_t)values[i]];
    }
    axis->names = names;
    axis->n_names = n;
    return true;
}

/* ---- sharing ----------------------------------------------------------------------------------------------------- */

static void share(fr_plot_axis *axes, size_t n)
{
    fr_extent all = FR_EXTENT_EMPTY;
    for (size_t i = 0; i < n; i++) fr_extent_merge(&all, &axes[i].extent);
    for (size_t i = 0; i < n; i++) axes[i].extent = all;
}

static bool settle(fr_call *call, fr_figure *figure, size_t role, bool is_free, fr_plot_axis *axes)
{
    if (!is_free) share(axes, figure->n_panels);
    for (size_t i = 0; i < figure->n_panels; i++)
        if (is_free && axes[i].kind == FR_AXIS_CATEGORY && !shorten(call, figure, i, role, &axes[i])) return false;
    return true;
}

/* ---- the user's ends --------------------------------------------------------------------------------------------- */

static double number_of(const fr_value *value)
{
    if (value->kind == FR_F64 || value->kind == FR_F32) return value->as.f;
    if (value->kind >= FR_U8 && value->kind <= FR_U64) return (double)value->as.u;
    if (value->kind != FR_DECIMAL) return (double)value->as.i;
    return (double)fr_decimal_join(value->as.decimal.high, value->as.decimal.low) / pow(10, value->scale);
}

/* A duration, or a number of seconds, as the axis counts it. */
static double duration_of(const fr_value *value, const fr_plot_axis *axis)
{
    static const double per_second[] = { [FR_US] = 1e6, [FR_S] = 1, [FR_MS] = 1e3, [FR_NS] = 1e9 };
    const double seconds = value->kind == FR_DURATION ? (double)value->as.i / per_second[value->unit] : number_of(value);
    return seconds * (double)axis->per_second;
}

/* A moment as the axis counts it: the value becomes a column of one row, and goes the way of all columns. */
static bool moment_of(fr_call *call, fr_figure *figure, const fr_value *value, const fr_plot_axis *axis, double *out)
{
    static const int64_t one = 0;
    fr_auto(frame) row = fr_frame_from_arrays(1, &(fr_array_spec){ .name = "row", .kind = FR_I64, .values = &one }, 1,
                                              call->context);
    fr_value bound = *value;
    fr_auto(frame) made = fr_pipe(row, fr_with("at = cast($1, 'datetime[us]')", .bind = { bound }));
    if (!fr_ok(made)) return fr_fail_as(call, made, "end of the axis");
    fr_channel channel;
    bool fine = fr_channel_read(call, &figure->arena, made, "at", &channel);
    if (fine) fr_channel_rebase(&channel, axis->origin, axis->per_second);
    if (fine) *out = channel.values[0];
    fr_channel_release(&channel);
    return fine;
}

static bool end_of(fr_call *call, fr_figure *figure, const fr_value *value, const char *name, const fr_plot_axis *axis,
                   double *out)
{
    if (axis->kind == FR_AXIS_CATEGORY)
        return fr_fail(call, FR_ERR_ARGUMENT, "%s: an axis of categories has no ends", name);
    if (axis->kind == FR_AXIS_TIME && axis->per_second) return moment_of(call, figure, value, axis, out);
    if (value->kind == FR_STR) return fr_fail(call, FR_ERR_TYPE, "%s is text, but the axis is one of numbers", name);
    *out = axis->duration ? duration_of(value, axis) : number_of(value);
    if (!isfinite(*out)) return fr_fail(call, FR_ERR_ARGUMENT, "%s is not a finite number", name);
    if (axis->kind == FR_AXIS_LOG && *out <= 0)
        return fr_fail(call, FR_ERR_VALUE, "%s is not above 0, where a logarithmic axis begins", name);
    return true;
}

static bool set_ends(fr_call *call, fr_figure *figure, const fr_value ends[2], const char *const names[2],
                     fr_plot_axis *axes)
{
    fr_plot_axis *axis = axes;
    if (ends[0].valid && !end_of(call, figure, &ends[0], names[0], axis, &axis->low)) return false;
    if (ends[1].valid && !end_of(call, figure, &ends[1], names[1], axis, &axis->high)) return false;
    if (ends[0].valid && ends[1].valid && !(axis->low < axis->high))
        return fr_fail(call, FR_ERR_ARGUMENT, "%s is not below %s", names[0], names[1]);
    for (size_t i = 0; i < figure->n_panels; i++) {
        axes[i].has_low = ends[0].valid;
        axes[i].has_high = ends[1].valid;
        axes[i].low = axis->low;
        axes[i].high = axis->high;
    }
    return true;
}

/* 2012 may be a year and 12 may not: cells of both are numbers of one kind. */
static void group_shades(fr_plot_axis *shade)
{
    const fr_extent *e = &shade->extent;
    const bool years = e->low >= 1000 && e->high < 3000 && e->low == floor(e->low) && e->high == floor(e->high);
    shade->grouped = e->low <= e->high && !years;
}

bool fr_figure_extents(fr_call *call, fr_figure *figure)
{
    const fr_plot_args *args = &figure->args;
    figure->shade = (fr_plot_axis){ .kind = FR_AXIS_LINEAR, .extent = FR_EXTENT_EMPTY, .format = args->colour_format };
    for (size_t i = 0; i < figure->n_marks; i++) {
        figure->shaded |= figure->marks[i].shaded;
        figure->shade.whole |= figure->marks[i].channels[FR_ROLE_COLOUR].kind == FR_CHANNEL_NONE;
    }
    for (size_t i = 0; i < figure->n_panels; i++) extend_panel(figure, i);
    if (figure->marks[0].class_->correlates) {
        fr_extent_add(&figure->shade.extent, (const double[]){ -1, 1 }, NULL, 2);
        if (!figure->shade.format) figure->shade.format = ".2f";
    }
    group_shades(&figure->shade);
    return settle(call, figure, FR_ROLE_X, args->free_x, figure->x) &&
           settle(call, figure, FR_ROLE_Y, args->free_y, figure->y) &&
           set_ends(call, figure, (fr_value[]){ args->x_min, args->x_max }, (const char *[]){ "x_min", "x_max" },
                    figure->x) &&
           set_ends(call, figure, (fr_value[]){ args->y_min, args->y_max }, (const char *[]){ "y_min", "y_max" },
                    figure->y);
}
