/* layer.c — the fourth station: the rows of each mark go to their panels and series, and the mark builds its geometry.
 *
 *     row    panel  series  x  y                   layer (panel North)     layer (panel South)
 *     0      North  pen     1  3                   pen: 1 3 · 2 5          pen: 1 2
 *     1      South  pen     1  2          →        ink: 1 4
 *     2      North  ink     1  4
 *     3      North  pen     2  5
 *
 * A stable counting sort by (panel, series). Rows that cannot be drawn stay behind and are counted by reason. One mark in one
 * panel with one series and nothing to leave out, the usual case of a million points, uses the channels as they are.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/figure.h"
#include "plot/names.h"

enum { MOST_PANELS = 24 };

/* ---- panels ------------------------------------------------------------------------------------------------------ */

static bool name_panels(fr_call *call, fr_figure *figure)
{
    size_t most = 1;
    for (size_t i = 0; i < figure->n_marks; i++) most += figure->marks[i].facet.n_names;
    fr_names names;
    if (!fr_names_begin(call, &figure->arena, most, &names)) return false;
    for (size_t i = 0; i < figure->n_marks; i++) {
        fr_channel *facet = &figure->marks[i].facet;
        double *map = fr_arena_array(call, &figure->arena, facet->n_names + 1, sizeof *map);
        if (!map) return false;
        for (size_t code = 0; code < facet->n_names; code++) map[code] = (double)fr_names_number(&names, facet->names[code]);
        for (int64_t row = 0; row < facet->n; row++)
            if (!isnan(facet->values[row])) facet->values[row] = map[(size_t)facet->values[row]];
    }
    figure->panels = names.texts;
    figure->n_panels = names.n;
    if (figure->n_panels == 0) figure->panels[figure->n_panels++] = "";
    figure->n_hidden_panels = figure->n_panels > MOST_PANELS ? figure->n_panels - MOST_PANELS : 0;
    figure->n_panels -= figure->n_hidden_panels;
    return true;
}

/* ---- which rows -------------------------------------------------------------------------------------------------- */

#define NOWHERE SIZE_MAX

typedef struct sorting {
    fr_figure  *figure;
    fr_plotted *mark;
    bool        log_x, log_y;
    size_t     *bucket;          /* of each row: panel × n_series + series, or NOWHERE; NULL: all rows in bucket 0    */
    size_t     *start;           /* of each bucket, one more                                                          */
    size_t      n_buckets, n_series;
} sorting;

static bool drawable(const double value, bool *missing, bool *infinite)
{
    *missing |= isnan(value);
    *infinite |= isinf(value);
    return isfinite(value);
}

/* Can a row be drawn? Its number of reasons not to is counted once. */
static bool keep(sorting *s, int64_t row)
{
    fr_plotted *mark = s->mark;
    const fr_channel *total = &mark->channels[FR_ROLE_TOTAL];
    bool is_total = total->kind != FR_CHANNEL_NONE && total->values[row] > 0;      /* without y it shows the running sum */
    bool missing = false, infinite = false, not_positive = false, stays = true;
    for (size_t role = 0; role < FR_N_READ; role++) {
        fr_channel *channel = &mark->channels[role];
        if (channel->kind == FR_CHANNEL_NONE || role == FR_ROLE_TEXT) continue;
        double value = channel->values[row];
        if (role == FR_ROLE_X && channel->kind == FR_CHANNEL_CATEGORY && value == FR_HIDDEN) return false;
        if (is_total && role == FR_ROLE_Y && isnan(value)) continue;
        bool fine = drawable(value, &missing, &infinite);
        if (fine && value <= 0 && ((role == FR_ROLE_X && s->log_x) || ((role == FR_ROLE_Y || role == FR_ROLE_LOW ||
            role == FR_ROLE_HIGH) && s->log_y))) {
            not_positive = true;
            fine = false;
        }
        if (!fine) channel->values[row] = (double)NAN;
        if (!fine && !(mark->class_->gaps && role == FR_ROLE_Y)) stays = false;
    }
    if (missing) mark->n_missing++;
    else if (infinite) mark->n_infinite++;
    else if (not_positive) mark->n_not_positive++;
    return stays;
}

static size_t bucket_of(const sorting *s, int64_t row)
{
    const fr_plotted *mark = s->mark;
    const fr_channel *colour = &mark->channels[FR_ROLE_COLOUR];
    size_t panel = 0, series = 0;
    if (mark->faceted) {
        double at = mark->facet.values[row];
        if (isnan(at) || at >= (double)s->figure->n_panels) return NOWHERE;
        panel = (size_t)at;
    }
    if (colour->kind == FR_CHANNEL_CATEGORY && mark->class_->glyph != FR_GLYPH_NONE)
        series = mark->series_of[(size_t)colour->values[row]];
    return panel * s->n_series + series;
}

/* Everything in one bucket and nothing to leave out? */
static bool is_plain(const sorting *s)
{
    const fr_plotted *mark = s->mark;
    if (mark->faceted || mark->channels[FR_ROLE_COLOUR].kind == FR_CHANNEL_CATEGORY || s->log_x || s->log_y)
        return false;
    for (size_t role = 0; role < FR_N_READ; role++) {
        const fr_channel *channel = &mark->channels[role];
        if (channel->kind == FR_CHANNEL_NONE || role == FR_ROLE_TEXT) continue;
        bool hides = role == FR_ROLE_X && channel->kind == FR_CHANNEL_CATEGORY && s->figure->n_hidden_categories;
        for (int64_t i = 0; i < mark->n; i++)
            if (!isfinite(channel->values[i]) || (hides && channel->values[i] == FR_HIDDEN)) return false;
    }
    return true;
}

static bool choose_rows(fr_call *call, sorting *s)
{
    s->bucket = fr_new_array(call, (size_t)s->mark->n + 1, sizeof *s->bucket);
    if (!s->bucket) return false;
    for (int64_t row = 0; row < s->mark->n; row++) {
        s->bucket[row] = keep(s, row) ? bucket_of(s, row) : NOWHERE;
        if (s->bucket[row] != NOWHERE) s->start[s->bucket[row] + 1]++;
        if (s->bucket[row] == NOWHERE && s->mark->faceted && isnan(s->mark->facet.values[row])) s->mark->n_missing++;
    }
    for (size_t i = 0; i < s->n_buckets; i++) s->start[i + 1] += s->start[i];
    return true;
}

/* ---- one mark ---------------------------------------------------------------------------------------------------- */

static bool name_series(fr_call *call, sorting *s, size_t panel, fr_layer *layer)
{
    const size_t *start = s->start + (s->mark->faceted ? panel * s->n_series : 0);
    size_t n = 0;
    for (size_t i = 0; i < s->n_series; i++) n += start[i + 1] > start[i];
    layer->series = fr_arena_array(call, &s->figure->arena, n + 1, sizeof *layer->series);
    if (!layer->series) return false;
    bool split = s->mark->channels[FR_ROLE_COLOUR].kind == FR_CHANNEL_CATEGORY &&
        s->mark->class_->glyph != FR_GLYPH_NONE;
    for (size_t i = 0; i < s->n_series; i++)
        if (start[i + 1] > start[i])
            layer->series[layer->n_series++] = (fr_series){ .id = split ? i : s->mark->series_of[0],
                                                            .begin = start[i] - start[0], .end =
                                                                start[i + 1] - start[0] };
    layer->n = start[s->n_series] - start[0];
    return true;
}

static bool gather(fr_call *call, sorting *s, double *const sorted[FR_N_READ])
{
    size_t *next = fr_new_array(call, s->n_buckets + 1, sizeof *next);
    if (!next) return false;
    memcpy(next, s->start, (s->n_buckets + 1) * sizeof *next);
    for (int64_t row = 0; row < s->mark->n; row++) {
        if (s->bucket[row] == NOWHERE) continue;
        size_t to = next[s->bucket[row]]++;
        for (size_t role = 0; role < FR_N_READ; role++)
            if (sorted[role]) sorted[role][to] = s->mark->channels[role].values[row];
    }
    fr_free_array(call->context, next, s->n_buckets + 1, sizeof *next);
    return true;
}

/* Rows that stand in every panel get values of their own in each, because a build may change them. */
static bool take_values(fr_call *call, sorting *s, size_t panel, double *const sorted[FR_N_READ], fr_layer *layer)
{
    size_t from = s->mark->faceted ? s->start[panel * s->n_series] : 0;
    bool copy = !s->mark->faceted && panel > 0;
    for (size_t role = 0; role < FR_N_READ; role++) {
        if (!sorted[role]) continue;
        layer->values[role] = sorted[role] + from;
        if (!copy) continue;
        layer->values[role] = fr_arena_array(call, &s->figure->arena, layer->n + 1, sizeof(double));
        if (!layer->values[role]) return false;
        memcpy(layer->values[role], sorted[role], layer->n * sizeof(double));
    }
    return true;
}

static bool fill_layers(fr_call *call, sorting *s)
{
    double *sorted[FR_N_READ] = { NULL };
    for (size_t role = 0; role < FR_N_READ; role++) {
        fr_channel *channel = &s->mark->channels[role];
        if (channel->kind == FR_CHANNEL_NONE ||
            (role == FR_ROLE_COLOUR && channel->kind == FR_CHANNEL_CATEGORY)) continue;
        sorted[role] = channel->values;
        if (s->bucket && !(sorted[role] = fr_arena_array(call, &s->figure->arena, (size_t)s->mark->n + 1,
                                                         sizeof(double))))
            return false;
    }
    if (s->bucket && !gather(call, s, sorted)) return false;
    for (size_t panel = s->figure->n_panels; panel-- > 0;) {      /* the first panel last: others copy what it may change */
        fr_layer *layer = &s->figure->layers[panel * s->figure->n_marks + s->mark->number];
        *layer = (fr_layer){ .figure = s->figure, .of = s->mark, .panel = panel };
        if (!name_series(call, s, panel, layer) || !take_values(call, s, panel, sorted, layer)) return false;
    }
    return true;
}

static bool sort_rows(fr_call *call, fr_figure *figure, fr_plotted *mark)
{
    sorting s = { .figure = figure, .mark = mark, .log_x = figure->x->kind == FR_AXIS_LOG,
                  .log_y = figure->y->kind == FR_AXIS_LOG };
    s.n_series = figure->n_series ? figure->n_series : 1;
    s.n_buckets = s.n_series * (mark->faceted ? figure->n_panels : 1);
    s.start = fr_new_array(call, s.n_buckets + 2, sizeof *s.start);
    if (!s.start) return false;
    bool fine = true;
    if (is_plain(&s)) {
        for (size_t i = 1; i <= s.n_buckets; i++) s.start[i] = (size_t)mark->n;
    } else {
        fine = choose_rows(call, &s);
    }
    fine = fine && fill_layers(call, &s);
    fr_free_array(call->context, s.bucket, (size_t)mark->n + 1, sizeof *s.bucket);
    fr_free_array(call->context, s.start, s.n_buckets + 2, sizeof *s.start);
    return fine;
}

/* ---- all marks --------------------------------------------------------------------------------------------------- */

static bool check_log(fr_call *call, const fr_plotted *mark)
{
    if (!mark->n_not_positive || mark->n_not_positive < mark->n) return true;
    return fr_fail_at(call, fr_place_at(.hint = "a linear axis can show them"), FR_ERR_VALUE,
                      "no value is above 0, and a logarithmic axis shows no others");
}

static bool build(fr_call *call, fr_figure *figure, size_t number)
{
    fr_plotted *mark = &figure->marks[number];
    if (!sort_rows(call, figure, mark) || !check_log(call, mark)) return false;
    for (size_t panel = 0; mark->class_->build && panel < figure->n_panels; panel++)
        if (!mark->class_->build(call, &figure->arena, &figure->layers[panel * figure->n_marks + number])) return false;
    return true;
}

static bool panel_axes(fr_call *call, fr_figure *figure)
{
    fr_plot_axis x = *figure->x, y = *figure->y;
    figure->x = fr_arena_array(call, &figure->arena, figure->n_panels * 2, sizeof *figure->x);
    if (!figure->x) return false;
    figure->y = figure->x + figure->n_panels;
    for (size_t i = 0; i < figure->n_panels; i++) {
        figure->x[i] = x;
        figure->y[i] = y;
    }
    return true;
}

bool fr_figure_layers(fr_call *call, fr_figure *figure)
{
    if (!name_panels(call, figure) || !panel_axes(call, figure)) return false;
    figure->layers = fr_arena_array(call, &figure->arena, figure->n_panels * figure->n_marks, sizeof *figure->layers);
    if (!figure->layers) return false;
    for (size_t i = 0; i < figure->n_marks; i++) {
        fr_call_place before = fr_call_at_mark(call, &figure->marks[i]);
        if (!build(call, figure, i)) return false;
        fr_call_back(call, before);
    }
    return true;
}
