/* long_laws_order.c — which rows stay and in what order. */
#include "support/long_trial.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/columns.h"

/* ---- distinct ---------------------------------------------------------------------------------------------------- */
static void draw_distinct(fr_trial *t)
{
    static const char *const keeps[] = { "", " keep last", " keep none" };
    t->mask = fr_trial_draw_mask(t->state), t->how = (int)fr_long_draw(t->state, 3);
    fr_trial_put(t, "distinct "), fr_trial_put_mask(t), fr_trial_put(t, keeps[t->how]);
}

static bool check_distinct(fr_trial *t, const fr_frame *result, char *why, size_t m)
{
    fr_long_groups groups;
    int64_t *expected = malloc((size_t)t->rows->n * sizeof *expected), n = 0;
    if (!expected || !fr_long_groups_begin(&groups, t->rows, t->mask)) return false;
    for (int64_t i = 0; i < t->rows->n; i++) {
        const int64_t from = groups.starts[groups.of[i]], count = groups.starts[groups.of[i] + 1] - from;
        const int64_t *of = groups.rows + from;
        if (t->how == 0 ? of[0] == i : t->how == 1 ? of[count - 1] == i : count == 1) expected[n++] = i;
    }
    fr_long_groups_end(&groups);
    const bool holds = fr_trial_rows_are(t, result, "row", expected, n, why, m);
    free(expected);
    return holds;
}

/* ---- sorts and heads of groups ----------------------------------------------------------------------------------- */
static void draw_sort(fr_trial *t)
{
    char part[40];
    t->n_by = 1 + fr_long_draw(t->state, 3);
    fr_trial_put(t, "sort ");
    for (size_t i = 0; i < t->n_by; i++) {
        t->by[i] = (fr_long_draw(t->state, FR_LONG_WIDTH) + (i ? 1 : 0)) % FR_LONG_WIDTH;
        t->descending[i] = fr_long_draw(t->state, 3) == 0;
        for (size_t k = 0; k < i; k++)
            if (t->by[k] == t->by[i]) { t->n_by = i; return; }
        (void)snprintf(part, sizeof part, "%s%s%s", i ? ", " : "", fr_long_names[t->by[i]], t->descending[i] ? " desc" : "");
        fr_trial_put(t, part);
    }
}

static void end_sort(fr_trial *t)
{
    draw_sort(t);
    if ((t->nulls_first = fr_long_draw(t->state, 4) == 0)) fr_trial_put(t, " nulls_first");
}

static int by_order(const void *a, const void *b)
{
    const fr_listed *x = a, *y = b;
    const int order = fr_trial_order(x->t, x->first, y->first);
    return order ? order : (x->first > y->first) - (x->first < y->first);
}

/* All rows in the order of the sort. */
static int64_t *sorted_rows(const fr_trial *t)
{
    fr_listed *list = malloc((size_t)t->rows->n * sizeof *list);
    int64_t *rows = malloc((size_t)t->rows->n * sizeof *rows);
    for (int64_t i = 0; list && i < t->rows->n; i++) list[i] = (fr_listed){ t, i, 0, 0 };
    if (list && t->n_by) qsort(list, (size_t)t->rows->n, sizeof *list, by_order);
    for (int64_t i = 0; list && rows && i < t->rows->n; i++) rows[i] = list[i].first;
    free(list);
    return rows;
}

static void draw_sort_and_cut(fr_trial *t)
{
    static const char *const cuts[] = { "", "", " | head 100", " | head 1", " | tail 1000", " | head 20000" };
    end_sort(t);
    t->how = (int)fr_long_draw(t->state, FR_COUNT_OF(cuts));
    fr_trial_put(t, cuts[t->how]);
}

static bool check_sort(fr_trial *t, const fr_frame *result, char *why, size_t m)
{
    int64_t *rows = sorted_rows(t);
    const int64_t n = t->rows->n, wanted[] = { n, n, 100, 1, 1000, 20000 }, kept = wanted[t->how] < n ? wanted[t->how] : n;
    const bool holds = rows && fr_trial_rows_are(t, result, "row", t->how == 4 ? rows + n - kept : rows, kept, why, m);
    free(rows);
    return holds;
}

static void draw_head(fr_trial *t)
{
    char cut[60];
    static const int64_t counts[] = { 1, 2, 3, 10, 100, 1, 2, -1 };
    if (fr_long_draw(t->state, 5)) end_sort(t), fr_trial_put(t, " | ");
    t->mask = fr_trial_draw_mask(t->state), t->how = (int)fr_long_draw(t->state, 3) == 0;
    t->count = counts[fr_long_draw(t->state, FR_COUNT_OF(counts))];
    (void)snprintf(cut, sizeof cut, "%s %" PRId64 " by ", t->how ? "tail" : "head", t->count);
    fr_trial_put(t, cut), fr_trial_put_mask(t);
}

static bool check_head(fr_trial *t, const fr_frame *result, char *why, size_t m)
{
    fr_long_groups groups;
    int64_t *rows = sorted_rows(t), n = 0;
    if (!rows || !fr_long_groups_begin(&groups, t->rows, t->mask)) return false;
    int64_t *seen = calloc((size_t)groups.n + 1, sizeof *seen);
    for (int64_t i = 0; seen && i < t->rows->n; i++) {
        const int64_t g = groups.of[rows[i]], size = groups.starts[g + 1] - groups.starts[g], at = seen[g]++;
        const int64_t many = t->count < 0 ? (size + t->count > 0 ? size + t->count : 0) : t->count < size ? t->count : size;
        if (t->how ? at >= size - many : at < many) rows[n++] = rows[i];
    }
    fr_long_groups_end(&groups);
    const bool holds = seen && fr_trial_rows_are(t, result, "row", rows, n, why, m);
    free(rows), free(seen);
    return holds;
}


const fr_trial_kind fr_trial_distinct = { "distinct", draw_distinct, check_distinct };
const fr_trial_kind fr_trial_sort = { "sort", draw_sort_and_cut, check_sort };
const fr_trial_kind fr_trial_head = { "head", draw_head, check_head };
