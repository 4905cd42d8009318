/* reduce.c — what the rows of one place come to: sums, means, medians; stacking; places in order.
 *
 * Helpers of the marks' build functions. Sums are compensated (Neumaier), so the order of rows does not show.
 */
#include <math.h>
#include <string.h>

#include "plot/figure.h"
#include "plot/order_rows.h"

/* ---- order ------------------------------------------------------------------------------------------------------- */

static bool in_order(const double *x, size_t begin, size_t end)
{
    for (size_t i = begin; i + 1 < end; i++)
        if (x[i + 1] < x[i]) return false;
    return true;
}

static void permute(const fr_layer *layer, fr_series series, const uint32_t *rows, double *scratch)
{
    size_t n = series.end - series.begin;
    for (size_t role = 0; role < FR_N_ROLES; role++) {
        double *values = layer->values[role];
        if (!values) continue;
        for (size_t i = 0; i < n; i++) scratch[i] = values[series.begin + rows[i]];
        memcpy(values + series.begin, scratch, n * sizeof *values);
    }
}

/* By x, and within one x by y when it is given. */
static bool sort_series(fr_call *call, const fr_layer *layer, fr_series series, const double *y)
{
    size_t n = series.end - series.begin;
    const double *x = layer->values[FR_ROLE_X];
    if (!y && in_order(x, series.begin, series.end)) return true;
    uint32_t *rows = fr_rows_new(call, n);
    double *scratch = rows ? fr_new_array(call, n, sizeof *scratch) : NULL;
    bool fine = scratch && (!y || fr_order_doubles(call, y + series.begin, rows, n)) &&
                fr_order_doubles(call, x + series.begin, rows, n);
    if (fine) permute(layer, series, rows, scratch);
    fr_free_array(call->context, scratch, n, sizeof *scratch);
    fr_free_array(call->context, rows, n, sizeof *rows);
    return fine;
}

bool fr_layer_sort(fr_call *call, fr_layer *layer)
{
    for (size_t i = 0; i < layer->n_series; i++)
        if (!sort_series(call, layer, layer->series[i], NULL)) return false;
    return true;
}

/* ---- many values, one number ------------------------------------------------------------------------------------- */

static double sum_of(const double *values, size_t n)
{
    double sum = 0, rest = 0;
    for (size_t i = 0; i < n; i++) {
        double next = sum + values[i];
        rest += fabs(sum) >= fabs(values[i]) ? (sum - next) + values[i] : (values[i] - next) + sum;
        sum = next;
    }
    return sum + rest;
}

bool fr_reduce_values(fr_call *call, uint32_t by, double *values, size_t n, double *out)
{
    if (by == FR_REDUCE_COUNT) return *out = (double)n, true;
    *out = (double)NAN;
    if (n == 0) return true;
    bool sorted = by == FR_REDUCE_MEDIAN || by == FR_REDUCE_MIN || by == FR_REDUCE_MAX;
    if (!sorted) return *out = by == FR_REDUCE_MEAN ? sum_of(values, n) / (double)n : sum_of(values, n), true;
    if (!fr_sort_doubles(call, values, n)) return false;
    if (by == FR_REDUCE_MEDIAN) *out = n % 2 ? values[n / 2] : values[n / 2 - 1] / 2 + values[n / 2] / 2;
    else *out = by == FR_REDUCE_MIN ? values[0] : values[n - 1];
    return true;
}

/* ---- rows of the same place -------------------------------------------------------------------------------------- */

typedef struct reducing {
    fr_layer *layer;
    double   *values;                /* what is reduced: Y, or COLOUR; NULL: rows are counted                         */
    double   *out;
    const fr_reduce_wish *wish;
    bool      sums_up;               /* "Other": several categories of one bar are added                              */
} reducing;

static bool same_place(const reducing *r, size_t i, size_t j)
{
    const double *x = r->layer->values[FR_ROLE_X], *y = r->layer->values[FR_ROLE_Y];
    return x[i] == x[j] && (!r->wish->both || y[i] == y[j]);
}

static bool fail_several(fr_call *call, const reducing *r, size_t from, size_t to)
{
    const fr_channel *x = &r->layer->of->channels[FR_ROLE_X];
    const fr_plot_axis *axis = &r->layer->figure->x[r->layer->panel];
    const char *name = axis->kind == FR_AXIS_CATEGORY ? axis->names[(size_t)r->layer->values[FR_ROLE_X][from]] : NULL;
    return fr_fail_at(call, fr_place_at(.column = x->source,
                                        .hint = ".reduce = FR_REDUCE_SUM adds them up; FR_REDUCE_MEAN …"),
                      FR_ERR_VALUE, "%zu rows for one place: '%s' = %s", to - from, x->source,
                      name ? fr_quoted((fr_room){ 0 }.text, name, strlen(name)) : "the same value");
}

/* The values of rows from … to - 1 that are numbers, moved to the front. */
static size_t squeeze(double *values, size_t from, size_t to)
{
    size_t n = 0;
    for (size_t i = from; i < to; i++)
        if (!isnan(values[i])) values[from + n++] = values[i];
    return n;
}

static bool reduce_series(fr_call *call, const reducing *r, fr_series *series, size_t *to)
{
    fr_layer *layer = r->layer;
    size_t begin = *to;
    for (size_t i = series->begin, j; i < series->end; i = j) {
        for (j = i + 1; j < series->end && same_place(r, i, j);) j++;
        bool several = j > i + 1, none = r->wish->by == FR_REDUCE_NONE;
        if (several && none && r->wish->unique && !r->sums_up) return fail_several(call, r, i, j);
        if (several && none && !r->wish->unique) j = i + 1;
        double x = layer->values[FR_ROLE_X][i], y = r->wish->both ? layer->values[FR_ROLE_Y][i] : 0;
        double value = r->values ? r->values[i] : 1;
        if (!r->values) value = (double)(j - i);
        else if ((j > i + 1 || r->wish->by == FR_REDUCE_COUNT) &&
                 !fr_reduce_values(call, r->wish->by, r->values + i, squeeze(r->values, i, j), &value)) return false;
        layer->values[FR_ROLE_X][*to] = x;
        if (r->wish->both) layer->values[FR_ROLE_Y][*to] = y;
        r->out[(*to)++] = value;
    }
    *series = (fr_series){ .id = series->id, .begin = begin, .end = *to };
    return true;
}

bool fr_layer_reduce(fr_call *call, fr_arena *arena, fr_layer *layer, const fr_reduce_wish *wish)
{
    size_t role = wish->both ? FR_ROLE_COLOUR : FR_ROLE_Y, n = 0;
    if (wish->by > FR_REDUCE_COUNT) return fr_fail(call, FR_ERR_ARGUMENT, "reduce is an fr_reduce value");
    reducing r = { .layer = layer, .values = layer->values[role], .out = layer->values[role], .wish = wish };
    if (!r.out && !(r.out = fr_arena_array(call, arena, layer->n + 1, sizeof *r.out))) return false;
    for (size_t i = 0; i < layer->n_series; i++) {
        size_t id = layer->series[i].id;
        r.sums_up = id != FR_NO_SERIES && layer->figure->series[id].other;
        if (!sort_series(call, layer, layer->series[i], wish->both ? layer->values[FR_ROLE_Y] : NULL) ||
            !reduce_series(call, &r, &layer->series[i], &n)) return false;
    }
    layer->values[role] = r.out;
    layer->n = n;
    return true;
}

/* ---- places and stacks ------------------------------------------------------------------------------------------- */

static uint32_t find_slot(const fr_slots *slots, double x)
{
    size_t low = 0, high = slots->n;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (slots->x[middle] <= x) low = middle;
        else high = middle;
    }
    return (uint32_t)low;
}

bool fr_layer_slots(fr_call *call, fr_arena *arena, const fr_layer *layer, fr_slots *out)
{
    const double *x = layer->values[FR_ROLE_X];
    out->n = 0;
    out->step = (double)INFINITY;
    out->x = fr_arena_array(call, arena, layer->n + 1, sizeof *out->x);
    out->of_row = fr_arena_array(call, arena, layer->n + 1, sizeof *out->of_row);
    if (!out->x || !out->of_row) return false;
    if (layer->n) memcpy(out->x, x, layer->n * sizeof *x);
    if (!fr_sort_doubles(call, out->x, layer->n)) return false;
    for (size_t i = 0; i < layer->n; i++) {
        if (out->n && out->x[i] == out->x[out->n - 1]) continue;
        if (out->n) out->step = fmin(out->step, out->x[i] - out->x[out->n - 1]);
        out->x[out->n++] = out->x[i];
    }
    for (size_t i = 0; i < layer->n; i++) out->of_row[i] = find_slot(out, x[i]);
    return true;
}

/* Totals of |y| per slot, for shares. */
static void share_of_whole(const fr_layer *layer, const fr_slots *slots, double *total)
{
    double *y = layer->values[FR_ROLE_Y];
    for (size_t i = 0; i < layer->n; i++)
        if (!isnan(y[i])) total[slots->of_row[i]] += fabs(y[i]);
    for (size_t i = 0; i < layer->n; i++) y[i] = total[slots->of_row[i]] > 0 ? y[i] / total[slots->of_row[i]]
        : (double)NAN;
    memset(total, 0, slots->n * sizeof *total);
}

bool fr_layer_stack(fr_call *call, fr_arena *arena, fr_layer *layer, const fr_slots *slots, uint32_t arrange)
{
    double *low = fr_arena_array(call, arena, layer->n + 1, sizeof *low);
    double *high = fr_arena_array(call, arena, layer->n + 1, sizeof *high);
    double *up = fr_arena_array(call, arena, slots->n + 1, sizeof *up);
    double *down = fr_arena_array(call, arena, slots->n + 1, sizeof *down);
    if (!low || !high || !up || !down) return false;
    if (arrange == FR_ARRANGE_SHARE) share_of_whole(layer, slots, up);
    const double *y = layer->values[FR_ROLE_Y];
    bool stacked = arrange == FR_ARRANGE_STACKED || arrange == FR_ARRANGE_SHARE;
    for (size_t i = 0; i < layer->n; i++) {
        double *top = y[i] < 0 ? &down[slots->of_row[i]] : &up[slots->of_row[i]];
        low[i] = stacked ? *top : 0;
        high[i] = low[i] + (isnan(y[i]) ? 0 : y[i]);
        if (stacked) *top = high[i];
    }
    layer->values[FR_ROLE_LOW] = low;
    layer->values[FR_ROLE_HIGH] = high;
    return true;
}
