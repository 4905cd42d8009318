/* correlations.c — Pearson's r of every pair of numbers that measure something.
 *
 * Ids, codes, years and constants are left out: that a row number grows with the date says nothing about the data. Rows
 * where one of the two is missing do not count for the pair; a column that is there in fewer than a twentieth of the
 * rows is left out. At most sixteen columns are compared, the first of the file.
 */
#include "analysis.h"

#include <math.h>

enum { MOST_COLUMNS = 16, LEAST_ROWS = 10 };

static bool takes_part(const analysis *a, const column_facts *c)
{
    const bool measures = c->role == ROLE_MEASURE || c->role == ROLE_LEVEL || c->role == ROLE_AMOUNT
        || c->role == ROLE_PRICE ||
                          c->role == ROLE_QUANTITY || c->role == ROLE_FLAG;
    return measures && is_number(c->kind) && c->n_valid >= LEAST_ROWS && c->n_valid * 20 >= a->n_kept
        && !c->number.infinite;
}

static size_t choose_columns(const analysis *a, size_t chosen[MOST_COLUMNS])
{
    size_t n = 0;
    for (size_t i = 0; i < a->n_columns && n < MOST_COLUMNS; i++)
        if (takes_part(a, &a->columns[i])) chosen[n++] = i;
    return n;
}

static bool ask(analysis *a, const size_t *chosen, size_t n, fr_frame **answers)
{
    growing agg = { .bytes = NULL };
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            grow_format(&agg, "%sr%zu_%zu = corr(%s, %s)", agg.n ? "; " : "", i, j, a->columns[chosen[i]].quoted,
                        a->columns[chosen[j]].quoted);
    const fr_frame *doubles = agg.out_of_memory ? NULL : doubles_of_clean(a);
    const bool good = doubles && take_frame(a, answers, fr_pipe(doubles, fr_group("", .agg = agg.bytes)));
    growing_clear(&agg);
    return good;
}

static void sort_by_size(correlation *all, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j && fabs(all[j].r) > fabs(all[j - 1].r); j--) {
            const correlation swap = all[j];
            all[j] = all[j - 1];
            all[j - 1] = swap;
        }
}

bool find_correlations(analysis *a)
{
    size_t chosen[MOST_COLUMNS], at = 0;
    const size_t n = choose_columns(a, chosen);
    fr_auto(frame) answers = NULL;
    if (n < 2) return true;
    if (!ask(a, chosen, n, &answers)) return false;
    a->correlations = store_array(&a->store, n * (n - 1) / 2, sizeof *a->correlations);
    if (!a->correlations) return false;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            const fr_value r = fr_get_at(answers, 0, at++);
            if (r.valid && !isnan(r.as.f)) a->correlations[a->n_correlations++] = (correlation){ chosen[i], chosen[j],
                    r.as.f };
        }
    sort_by_size(a->correlations, a->n_correlations);
    return true;
}
