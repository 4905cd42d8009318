/* figure_data.c — what a mark shows, as a frame: the table behind "view data".
 *
 * Columns in this order: the facet, the colour, then every role that has values. Categories and series are text, times are
 * times again, numbers numbers.
 */
#include <math.h>
#include <string.h>

#include "data/frame.h"
#include "plot/figure.h"

typedef struct table {
    const fr_figure *figure;
    size_t           mark, n;              /* rows of all panels                                                      */
    const char      *names[FR_N_ROLES + 2];
    fr_column       *columns[FR_N_ROLES + 2];
    size_t           width;
} table;

static const fr_layer *layer_of(const table *t, size_t panel) { return fr_layer_at(t->figure, panel, t->mark); }

/* Two roles may show one column; names of a frame are unique. */
static const char *unique(const table *t, const char *name, const char *instead)
{
    for (size_t i = 0; i < t->width; i++)
        if (!strcmp(t->names[i], name)) return instead;
    return *name ? name : instead;
}

static bool add(fr_call *call, table *t, const char *name, fr_builder *builder)
{
    t->names[t->width] = name;
    t->columns[t->width] = fr_builder_finish(call, builder);
    return t->columns[t->width] && ++t->width;
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

static bool add_panels(fr_call *call, const table *t, fr_builder *builder)
{
    for (size_t panel = 0; panel < t->figure->n_panels; panel++)
        for (size_t i = 0; i < layer_of(t, panel)->n; i++)
            if (!fr_builder_add_text(call, builder, t->figure->panels[panel], strlen(t->figure->panels[panel])))
                return false;
    return true;
}

static bool add_series(fr_call *call, const table *t, fr_builder *builder)
{
    for (size_t panel = 0; panel < t->figure->n_panels; panel++) {
        const fr_layer *layer = layer_of(t, panel);
        for (size_t s = 0; s < layer->n_series; s++) {
            const char *name = t->figure->series[layer->series[s].id].name;
            for (size_t i = layer->series[s].begin; i < layer->series[s].end; i++)
                if (!fr_builder_add_text(call, builder, name, strlen(name))) return false;
        }
    }
    return true;
}

typedef bool adding(fr_call *call, const table *t, fr_builder *builder);

static bool add_names(fr_call *call, table *t, const char *name, adding *rows)
{
    fr_builder *builder = fr_builder_new(call, fr_type_of(FR_STR), (int64_t)t->n);
    bool fine = builder && rows(call, t, builder) && add(call, t, name, builder);
    fr_builder_unref(builder);
    return fine;
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

static const fr_plot_axis *axis_of(const table *t, size_t role, size_t panel)
{
    if (role == FR_ROLE_X) return &t->figure->x[panel];
    bool y = role == FR_ROLE_Y || role == FR_ROLE_LOW || role == FR_ROLE_HIGH;
    return y ? &t->figure->y[panel] : NULL;
}

static fr_value value_of(const fr_plot_axis *axis, fr_kind kind, double x)
{
    if (isnan(x)) return fr_v_null();
    if (kind == FR_STR) return fr_v_str(axis->names[(size_t)x]);
    if (kind == FR_F64) return fr_v_f64(x);
    if (kind == FR_I64) return fr_v_i64((int64_t)x);
    int64_t ticks = axis->origin + (int64_t)llround(x), per = axis->per_second ? axis->per_second : 1;
    fr_value value = fr_v_i64(kind == FR_DATE ? ticks / per / 86400 - (ticks / per % 86400 < 0) : ticks);
    value.kind = (uint8_t)kind;
    value.unit = (uint8_t)(per == 1 ? FR_S : per == 1000 ? FR_MS : per == 1000000 ? FR_US : FR_NS);
    return value;
}

static const fr_type *type_of(fr_call *call, const fr_plot_axis *axis)
{
    static const struct { int64_t per; fr_unit unit; } units[] = { { 1, FR_S }, { 1000, FR_MS }, { 1000000, FR_US },
                                                                   { 1000000000, FR_NS } };
    if (!axis || (axis->kind != FR_AXIS_CATEGORY && axis->kind != FR_AXIS_TIME)) return fr_type_ref(fr_type_of(FR_F64));
    if (axis->kind == FR_AXIS_CATEGORY) return fr_type_ref(fr_type_of(FR_STR));
    if (axis->date_only) return fr_type_ref(fr_type_of(FR_DATE));
    for (size_t i = 0; i < FR_COUNT_OF(units); i++)
        if (units[i].per == axis->per_second) return fr_type_datetime(call, units[i].unit, axis->zone_name);
    return fr_type_ref(fr_type_of(FR_F64));
}

static bool add_rows(fr_call *call, const table *t, size_t role, fr_kind kind, fr_builder *builder)
{
    for (size_t panel = 0; panel < t->figure->n_panels; panel++) {
        const fr_layer *layer = layer_of(t, panel);
        for (size_t i = 0; i < layer->n; i++) {
            double x = layer->values[role] ? layer->values[role][i] : (double)NAN;
            fr_value value = value_of(axis_of(t, role, panel), kind, x);
            if (value.valid ? !fr_builder_add(call, builder, value) : !fr_builder_add_null(call, builder)) return false;
        }
    }
    return true;
}

/* Counts, and integers that were not averaged, are integers again. */
static bool is_whole(const table *t, size_t role)
{
    const fr_plotted *mark = &t->figure->marks[t->mark];
    uint32_t reduce = fr_plotted_option(mark, mark->class_->reduce_at);
    bool read = role < FR_N_READ && mark->channels[role].kind != FR_CHANNEL_NONE;
    if (role == FR_ROLE_COUNT) return true;
    if (role >= FR_N_READ ||
        (role == FR_ROLE_Y && (t->figure->y->shares || reduce == FR_REDUCE_MEAN || reduce == FR_REDUCE_MEDIAN)))
        return false;
    if (read ? !mark->channels[role].whole : role != FR_ROLE_Y && role != FR_ROLE_COLOUR) return false;
    for (size_t panel = 0; panel < t->figure->n_panels; panel++) {
        const fr_layer *layer = layer_of(t, panel);
        for (size_t i = 0; layer->values[role] && i < layer->n; i++)
            if (fabs(layer->values[role][i]) >= 9007199254740992.0) return false;      /* 2^53: no longer exact */
    }
    return true;
}

static bool add_role(fr_call *call, table *t, size_t role)
{
    static const char *const defaults[FR_N_ROLES] = { "x", "y", "colour", "size", "low", "high", "text", "total",
                                                      "count",
                                                      "min", "q1",
                                                      "median", "q3", "max" };
    const fr_plotted *mark = &t->figure->marks[t->mark];
    const char *title = layer_of(t, 0)->titles[role];
    if (!title && role < FR_N_READ && mark->channels[role].kind != FR_CHANNEL_NONE) title = mark->channels[role].source;
    if (!title) title = role == FR_ROLE_Y ? "count" : defaults[role];
    const fr_plot_axis *axis = axis_of(t, role, 0);
    bool number = !axis || (axis->kind != FR_AXIS_CATEGORY && axis->kind != FR_AXIS_TIME);
    bool whole = number && is_whole(t, role);
    FR_OWNED const fr_type *type = whole ? fr_type_ref(fr_type_of(FR_I64)) : type_of(call, axis);
    fr_builder *builder = type ? fr_builder_new(call, type, (int64_t)t->n) : NULL;
    bool fine = builder &&
        add_rows(call, t, role, type->kind, builder) && add(call, t, unique(t, title, defaults[role]), builder);
    fr_builder_unref(builder);
    return fine;
}

/* LOW and HIGH of bars say where they are drawn, not what they are. */
static bool is_shown(const table *t, size_t role)
{
    const fr_layer *layer = layer_of(t, 0);
    const fr_plotted *mark = &t->figure->marks[t->mark];
    if (!layer->values[role] || role == FR_ROLE_TEXT) return false;
    if (role == FR_ROLE_LOW || role == FR_ROLE_HIGH) return mark->class_->role_at[role] || layer->titles[role];
    return true;
}

static bool fill(fr_call *call, table *t)
{
    const fr_plotted *mark = &t->figure->marks[t->mark];
    const fr_channel *colour = &mark->channels[FR_ROLE_COLOUR];
    for (size_t panel = 0; panel < t->figure->n_panels; panel++) t->n += layer_of(t, panel)->n;
    if (t->figure->args.facet && !add_names(call, t, t->figure->args.facet, add_panels)) return false;
    bool split = colour->kind == FR_CHANNEL_CATEGORY && mark->class_->glyph != FR_GLYPH_NONE;
    if (split && !(t->width && !strcmp(colour->source, t->names[0])) &&
        !add_names(call, t, colour->source, add_series)) return false;
    for (size_t role = 0; role < FR_N_ROLES; role++)
        if (is_shown(t, role) && !add_role(call, t, role)) return false;
    return true;
}

static fr_frame *make(fr_call *call, const fr_figure *figure, size_t index)
{
    if (!fr_ok(figure)) return fr_fail_as(call, figure, "figure"), NULL;
    if (index >= figure->n_marks)
        return fr_fail(call, FR_ERR_ARGUMENT, "the figure has %zu marks, no mark %zu", figure->n_marks, index), NULL;
    table t = { .figure = figure, .mark = index };
    fr_frame *made = fill(call, &t) ? fr_frame_of(call, NULL, t.names, t.columns, t.width, (int64_t)t.n) : NULL;
    for (size_t i = 0; i < t.width; i++) fr_unref(t.columns[i]);
    return made;
}

fr_frame *fr_figure_data(const fr_figure *figure, size_t index)
{
    fr_call call;
    fr_call_begin(&call, figure ? figure->object.context : NULL, NULL, 0);
    call.step = "figure_data";
    fr_frame *made = make(&call, figure, index);
    if (!made) made = fr_object_failed(&call, &fr_frame_class);
    fr_call_end(&call);
    return made;
}
