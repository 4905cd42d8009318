/* long_laws_groups.c — groups, their aggregates for each row, and how often values occur. */
#include "support/long_trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/columns.h"

/* ---- groups ------------------------------------------------------------------------------------------------------ */
static void draw_group(fr_trial *t)
{
    t->mask = fr_trial_draw_mask(t->state);
    fr_trial_put(t, "group "), fr_trial_put_mask(t), fr_trial_put(t, ": ");
    const bool plain = fr_long_draw(t->state, 3) == 0;
    t->n_aggregates = 1 + fr_long_draw(t->state, FR_TRIAL_AGGREGATES);
    for (size_t i = 0; i < t->n_aggregates; i++) {
        char name[32];
        fr_frame *tried = NULL;
        do {                                          /* until the types fit */
            fr_trial empty = *t;
            fr_unref(tried);
            fr_long_aggregate_draw(&t->aggregates[i], plain, t->state);
            (void)snprintf(empty.chain, FR_TRIAL_ROOM, "group k0: a = %s", t->aggregates[i].text);
            fr_auto(frame) none = fr_pipe(t->rows->ways[0], fr_head(0));
            tried = fr_trial_run(&empty, none, "");
        } while (!fr_ok(tried));
        fr_unref(tried);
        (void)snprintf(name, sizeof name, "%sa%zu = ", i ? ", " : "", i);
        fr_trial_put(t, name), fr_trial_put(t, t->aggregates[i].text);
    }
    t->sorted = fr_long_draw(t->state, 4) == 0, t->drop_nulls = fr_long_draw(t->state, 6) == 0;
    if (t->sorted) fr_trial_put(t, " sorted");
    if (t->drop_nulls) fr_trial_put(t, " drop_nulls");
}

static bool may_overflow(const fr_trial *t)
{
    for (size_t i = 0; i < t->n_aggregates; i++)
        if (strstr(t->aggregates[i].text, "sum(") || strstr(t->aggregates[i].text, "prod(")) return true;
    return false;
}

static int by_order(const void *a, const void *b)
{
    const fr_listed *x = a, *y = b;
    const int order = fr_trial_order(x->t, x->first, y->first);
    return order ? order : (x->first > y->first) - (x->first < y->first);
}

static void sort_by_mask(fr_trial *t)
{
    for (size_t c = 0; c < FR_LONG_WIDTH; c++)
        if (t->mask >> c & 1 && t->n_by < FR_COUNT_OF(t->by)) t->by[t->n_by++] = c;
    t->nulls_first = false;
}

/* The groups that a result has, in its order; how many. */
static int64_t list_groups(fr_trial *t, const fr_long_groups *groups, fr_listed *list)
{
    int64_t n = 0;
    for (int64_t g = 0; g < groups->n; g++) {
        const int64_t first = fr_long_first(groups, g);
        if (!t->drop_nulls || !fr_trial_has_null(t, first)) list[n++] = (fr_listed){ t, first, 0, (uint32_t)g };
    }
    if (t->sorted) sort_by_mask(t), qsort(list, (size_t)n, sizeof *list, by_order);
    return n;
}

static bool check_cells(const fr_trial *t, const fr_long_groups *groups, const fr_listed *list, int64_t n, const fr_frame *result,
                        char *why, size_t m)
{
    fr_column *const *columns = fr_test_columns(result);
    const size_t n_keys = fr_width(result) - t->n_aggregates;
    for (size_t i = 0; i < t->n_aggregates; i++)
        for (int64_t g = 0; g < n; g++) {
            const fr_long_verdict found = fr_long_aggregate_check(t->rows, groups, &t->aggregates[i], list[g].group,
                                                                  columns[n_keys + i], g);
            if (found != FR_LONG_RIGHT)
                return fr_trial_say(why, m, found == FR_LONG_WRONG ? t->aggregates[i].text : "an overflow not seen", g, result);
        }
    return true;
}

static bool check_group(fr_trial *t, const fr_frame *result, char *why, size_t m)
{
    fr_long_groups groups;
    if (fr_error_code(result) == FR_ERR_OVERFLOW && may_overflow(t)) return true;
    if (!fr_ok(result)) return fr_trial_say(why, m, "failed", 0, result);
    bool holds = fr_long_groups_begin(&groups, t->rows, t->mask);
    fr_listed *list = malloc((size_t)(groups.n + 1) * sizeof *list);
    int64_t *firsts = malloc((size_t)(groups.n + 1) * sizeof *firsts);
    const int64_t n = holds && list && firsts ? list_groups(t, &groups, list) : -1;
    for (int64_t g = 0; g < n; g++) firsts[g] = list[g].first;
    const bool all = t->sorted && t->mask == 63;      /* more columns than order_of looks at */
    holds = n >= 0 && (all || fr_trial_rows_are(t, result, "row", firsts, n, why, m)) &&
            (all || check_cells(t, &groups, list, n, result, why, m));
    free(list), free(firsts);
    fr_long_groups_end(&groups);
    return holds;
}

/* ---- over: what the group says, for each row --------------------------------------------------------------------- */
static void draw_over(fr_trial *t)
{
    fr_trial group = { .rows = t->rows, .state = t->state };
    do {
        group.chain[0] = 0;
        draw_group(&group);
    } while (group.mask == 63);
    t->mask = group.mask, t->n_aggregates = 1, t->aggregates[0] = group.aggregates[0];
    fr_trial_put(t, "with w = "), fr_trial_put(t, t->aggregates[0].text);
    fr_trial_put(t, " over ("), fr_trial_put_mask(t), fr_trial_put(t, ") | select w");
}

static bool check_over(fr_trial *t, const fr_frame *result, char *why, size_t m)
{
    fr_long_groups groups;
    fr_trial group = { .rows = t->rows, .mask = t->mask };
    fr_trial_put(&group, "group "), fr_trial_put_mask(&group), fr_trial_put(&group, ": w = ");
    fr_trial_put(&group, t->aggregates[0].text), fr_trial_put(&group, " | select w");
    fr_auto(frame) grouped = fr_trial_run(&group, t->rows->ways[0], "");
    if (!fr_ok(result) || !fr_ok(grouped))
        return fr_error_code(result) == fr_error_code(grouped) || fr_trial_say(why, m, "over failed, or the group", 0, result);
    if (!fr_long_groups_begin(&groups, t->rows, t->mask)) return false;
    const fr_column *of_rows = fr_test_columns(result)[0], *of_groups = fr_test_columns(grouped)[0];
    bool holds = true;
    for (int64_t i = 0; holds && i < t->rows->n; i++)
        holds = fr_rows_equal(of_rows, i, of_groups, groups.of[i], 1) || fr_trial_say(why, m, "over and group", i, result);
    fr_long_groups_end(&groups);
    return holds;
}

/* ---- counts ------------------------------------------------------------------------------------------------------ */
static void draw_counts(fr_trial *t)
{
    t->mask = fr_trial_draw_mask(t->state);
    fr_trial_put(t, "value_counts "), fr_trial_put_mask(t);
}

static int by_size(const void *a, const void *b)
{
    const fr_listed *x = a, *y = b;
    return x->size != y->size ? (x->size < y->size) - (x->size > y->size) : (x->first > y->first) - (x->first < y->first);
}

static bool check_counts(fr_trial *t, const fr_frame *result, char *why, size_t m)
{
    fr_long_groups groups;
    if (!fr_long_groups_begin(&groups, t->rows, t->mask)) return false;
    fr_listed *list = malloc((size_t)(groups.n + 1) * sizeof *list);
    int64_t *firsts = malloc((size_t)(groups.n + 1) * sizeof *firsts);
    for (int64_t g = 0; list && g < groups.n; g++)
        list[g] = (fr_listed){ t, fr_long_first(&groups, g), groups.starts[g + 1] - groups.starts[g], (uint32_t)g };
    if (list) qsort(list, (size_t)groups.n, sizeof *list, by_size);
    for (int64_t g = 0; list && firsts && g < groups.n; g++) firsts[g] = list[g].first;
    bool holds = list && firsts && fr_trial_rows_are(t, result, "row", firsts, groups.n, why, m);
    for (int64_t g = 0; holds && g < groups.n; g++) {
        const fr_value v = fr_get_at(result, g, fr_width(result) - 1);
        holds = (v.valid && v.as.i == list[g].size) || fr_trial_say(why, m, "another count", g, result);
    }
    free(list), free(firsts);
    fr_long_groups_end(&groups);
    return holds;
}

const fr_trial_kind fr_trial_group = { "group", draw_group, check_group };
const fr_trial_kind fr_trial_over = { "over", draw_over, check_over };
const fr_trial_kind fr_trial_counts = { "counts", draw_counts, check_counts };
