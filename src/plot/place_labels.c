/* place_labels.c — labels moved apart, fitted below an axis, kept or left out; see place_labels.h. */
#include "plot/place_labels.h"

#include "base/memory.h"

/* ---- apart ------------------------------------------------------------------------------------------------------- */
/* Neighbours that touch move as one: `sum` of their targets, `n` of them. */
typedef struct pool { double sum; size_t n; } pool;

static double mean(const pool *p) { return p->sum / (double)p->n; }

typedef struct apart {
    const fr_label_column *column;
    size_t *order;                 /* labels by wanted position                                                       */
    double *distance;              /* d_i: from the first label's middle to the i-th's when all touch                 */
    pool   *pools;
    size_t  n_pools;
} apart;

static void sort_order(apart *a)
{
    const double *wanted = a->column->wanted;
    for (size_t i = 0; i < a->column->n; i++) {
        size_t at = i;
        for (; at > 0 && wanted[a->order[at - 1]] > wanted[i]; at--) a->order[at] = a->order[at - 1];
        a->order[at] = i;
    }
}

static void measure(apart *a)
{
    const fr_label_column *c = a->column;
    a->distance[0] = 0;
    for (size_t i = 1; i < c->n; i++)
        a->distance[i] = a->distance[i - 1] + (c->sizes[a->order[i - 1]] + c->sizes[a->order[i]]) / 2 + c->gap;
}

static void pool_violators(apart *a)
{
    for (size_t i = 0; i < a->column->n; i++) {
        a->pools[a->n_pools++] = (pool){ a->column->wanted[a->order[i]] - a->distance[i], 1 };
        while (a->n_pools > 1 && mean(&a->pools[a->n_pools - 2]) >= mean(&a->pools[a->n_pools - 1])) {
            a->n_pools--;
            a->pools[a->n_pools - 1].sum += a->pools[a->n_pools].sum;
            a->pools[a->n_pools - 1].n   += a->pools[a->n_pools].n;
        }
    }
}

/* False when the labels do not fit between the bounds. */
static bool place(const apart *a, double *placed)
{
    const fr_label_column *c = a->column;
    const size_t last = c->n - 1;
    const double low = c->bounds.low + c->sizes[a->order[0]] / 2;
    const double high = c->bounds.high - c->sizes[a->order[last]] / 2 - a->distance[last];
    if (low > high + 1e-9) return false;
    for (size_t p = 0, i = 0; p < a->n_pools; p++) {
        const double at = fmin(fmax(mean(&a->pools[p]), low), fmax(low, high));
        for (const size_t end = i + a->pools[p].n; i < end; i++) placed[a->order[i]] = at + a->distance[i];
    }
    return true;
}

bool fr_move_apart(fr_call *call, const fr_label_column *column, double *placed)
{
    if (column->n == 0) return true;
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    apart a = { .column = column };
    a.order    = fr_arena_array(call, &arena, column->n, sizeof *a.order);
    a.distance = fr_arena_array(call, &arena, column->n, sizeof *a.distance);
    a.pools    = fr_arena_array(call, &arena, column->n, sizeof *a.pools);
    if (!a.order || !a.distance || !a.pools) return false;
    sort_order(&a);
    measure(&a);
    pool_violators(&a);
    return place(&a, placed);
}

/* ---- along an axis ----------------------------------------------------------------------------------------------- */
static bool is_within(const fr_label_row *row, const double *widths, size_t i)
{
    return row->at[i] - widths[i] / 2 >= row->bounds.low && row->at[i] + widths[i] / 2 <= row->bounds.high;
}

/* No two of the labels that a fit draws touch. */
static bool are_apart(const fr_label_row *row, const double *widths, const fr_fit *fit)
{
    for (size_t i = fit->first + fit->every; i <= fit->last; i += fit->every) {
        const size_t before = i - fit->every;
        if (row->at[i] - row->at[before] < (widths[i] + widths[before]) / 2 + row->gap) return false;
    }
    return true;
}

static bool all_fit(const fr_label_row *row, const double *widths)
{
    const fr_fit all = { .last = row->n - 1, .every = 1 };
    return is_within(row, widths, 0) && is_within(row, widths, row->n - 1) && are_apart(row, widths, &all);
}

/* The next number of labels to skip: steps that calendars and decades have. */
static size_t next_skip(size_t every)
{
    static const size_t friendly[] = { 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 25, 30, 50, 100 };
    for (size_t i = 0; i < FR_COUNT_OF(friendly); i++)
        if (friendly[i] > every) return friendly[i];
    return every * 2;
}

static bool fits_turned(const fr_label_row *row, size_t every)
{
    const double least = row->line_height / sin(FR_TURN_DEGREES * M_PI / 180);
    for (size_t i = every; i < row->n; i += every)
        if (row->at[i] - row->at[i - every] < least) return false;
    return true;
}

static bool should_flip(const fr_label_row *row) { return !row->is_sequence && row->n >= 8; }

static fr_fit turned(const fr_label_row *row)
{
    fr_fit out = { .how = FR_FIT_TURNED, .last = row->n - 1, .every = 1, .angle = FR_TURN_DEGREES,
                   .flip = should_flip(row) };
    const double angle = FR_TURN_DEGREES * M_PI / 180;
    double widest = 0;
    while (out.every < row->n && !fits_turned(row, out.every)) out.every = next_skip(out.every);
    for (size_t i = 0; i < row->n; i += out.every) widest = fmax(widest, row->widths[i]);
    out.height = widest * sin(angle) + row->line_height * cos(angle);
    return out;
}

/* Every k-th of the labels that lie within the bounds; at last one alone. */
static fr_fit thinned(const fr_label_row *row)
{
    fr_fit out = { .how = FR_FIT_THINNED, .last = row->n - 1, .every = 1, .height = row->line_height,
                   .flip = should_flip(row) };
    while (out.first < out.last && !is_within(row, row->widths, out.first)) out.first++;
    while (out.last > out.first && !is_within(row, row->widths, out.last)) out.last--;
    while (!are_apart(row, row->widths, &out)) out.every = next_skip(out.every);
    return out;
}

fr_fit fr_fit_labels(const fr_label_row *row)
{
    const fr_fit all = { .last = row->n - 1, .every = 1, .height = row->line_height };
    if (row->n == 0) return (fr_fit){ .every = 1 };
    if (all_fit(row, row->widths)) return all;
    if (row->wrapped && all_fit(row, row->wrapped))
        return (fr_fit){ .how = FR_FIT_WRAPPED, .last = row->n - 1, .every = 1, .height = 2 * row->line_height };
    const fr_fit fewer = thinned(row);
    const bool several = fewer.first + fewer.every <= fewer.last;
    return row->level_only || (row->is_sequence && several) ? fewer : turned(row);
}

/* ---- second lines ------------------------------------------------------------------------------------------------ */
size_t fr_keep_starts(const double *starts, const double *widths, size_t n, double gap, bool *keep)
{
    size_t kept = 0;
    double end = -(double)INFINITY;
    for (size_t i = 0; i < n; i++) {
        const bool cut_off = i == 0 && n > 1 && starts[0] + widths[0] + gap > starts[1];
        keep[i] = !cut_off && starts[i] >= end;
        if (!keep[i]) continue;
        end = starts[i] + widths[i] + gap;
        kept++;
    }
    return kept;
}
