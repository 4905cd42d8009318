/* long_laws_joins.c — pairs of rows. */
#include "support/long_trial.h"

#include <stdlib.h>
#include <string.h>

#include "support/columns.h"

enum { MOST_ROWS = 3000000 };

/* ---- joins ------------------------------------------------------------------------------------------------------- */
static void draw_join(fr_trial *t)
{
    static const char *const hows[] = { "", "left ", "semi ", "anti ", "full " };
    t->mask = 1 + (unsigned)fr_long_draw(t->state, 7), t->how = (int)fr_long_draw(t->state, 5);
    if ((t->mask & (t->mask - 1)) && fr_long_draw(t->state, 2)) t->mask = 1;
    t->nulls_match = fr_long_draw(t->state, 3) == 0;
    fr_trial_put(t, hows[t->how]), fr_trial_put(t, "join those on "), fr_trial_put_mask(t);
    if (t->nulls_match) fr_trial_put(t, " nulls_match");
    fr_trial_put(t, " max_rows 3000000");
}

typedef struct pairs { int64_t *left, *right, n, room; } pairs;
static void add_pair(pairs *p, int64_t left, int64_t right)
{
    if (p->n == p->room) {
        p->room = 2 * p->room + 1024;
        p->left = realloc(p->left, (size_t)p->room * sizeof(int64_t));
        p->right = realloc(p->right, (size_t)p->room * sizeof(int64_t));
    }
    p->left[p->n] = left, p->right[p->n++] = right;
}

static bool right_has_null(const fr_trial *t, int64_t i)
{
    for (size_t k = 0; k < FR_LONG_KEYS; k++)
        if (t->mask >> k & 1 && t->rows->right_of[k][i] == FR_LONG_NULL) return true;
    return false;
}

/* Right rows are put behind the left ones and grouped with them. */
static bool group_both(const fr_trial *t, fr_long_groups *groups)
{
    const int64_t n = t->rows->n, m = t->rows->n_right;
    fr_long_rows both = { .n = n + m };
    bool fine = true;
    for (size_t k = 0; k < FR_LONG_KEYS; k++) {
        uint32_t *of = both.columns[k].of = malloc((size_t)(n + m) * sizeof *of);
        if (!of) { fine = false; continue; }
        memcpy(of, t->rows->columns[k].of, (size_t)n * sizeof *of);
        memcpy(of + n, t->rows->right_of[k], (size_t)m * sizeof *of);
    }
    fine = fine && fr_long_groups_begin(groups, &both, t->mask);
    for (size_t k = 0; k < FR_LONG_KEYS; k++) free(both.columns[k].of);
    return fine;
}

static void find_pairs(const fr_trial *t, const fr_long_groups *groups, pairs *p)
{
    const int64_t n = t->rows->n;
    for (int64_t i = 0; i < n && p->n <= MOST_ROWS; i++) {
        const int64_t to = groups->starts[groups->of[i] + 1];
        int64_t at = to;
        while (at > groups->starts[groups->of[i]] && groups->rows[at - 1] >= n) at--;
        const bool none = at == to || (!t->nulls_match && fr_trial_has_null(t, i));
        if (t->how >= 2 && t->how <= 3) {
            if (none == (t->how == 3)) add_pair(p, i, -1);
        } else if (none && t->how) add_pair(p, i, -1);
        for (; !none && (t->how < 2 || t->how == 4) && at < to && p->n <= MOST_ROWS; at++) add_pair(p, i, groups->rows[at] - n);
    }
    for (int64_t j = 0; t->how == 4 && j < t->rows->n_right; j++)
        if (groups->rows[groups->starts[groups->of[n + j]]] >= n || (!t->nulls_match && right_has_null(t, j))) add_pair(p, -1, j);
}

static bool check_join(fr_trial *t, const fr_frame *result, char *why, size_t m)
{
    fr_long_groups groups;
    pairs p = { 0 };
    if (!group_both(t, &groups)) return false;
    find_pairs(t, &groups, &p);
    fr_long_groups_end(&groups);
    const bool many = p.n > MOST_ROWS && fr_error_code(result) == FR_ERR_LIMIT;
    const bool holds = many || (fr_trial_rows_are(t, result, "row", p.left, p.n, why, m) &&
                                (t->how == 2 || t->how == 3 || fr_trial_rows_are(t, result, "id", p.right, p.n, why, m)));
    free(p.left), free(p.right);
    return holds;
}

/* ---- asof joins: by[0] is the last key, mask the others ------------------------------------------------------------ */
enum { BACKWARD, FORWARD, NEAREST };

static void draw_asof(fr_trial *t)
{
    static const char *const directions[] = { "", " forward", " nearest" };
    fr_frame *tried = NULL;
    int tries = 0;
    do {                                              /* until the last key is a number or a time; there may be none */
        fr_unref(tried);
        t->chain[0] = 0;
        t->by[0] = fr_long_draw(t->state, FR_LONG_KEYS);
        t->mask = fr_long_draw(t->state, 2) ? 0 : (1 + (unsigned)fr_long_draw(t->state, 7)) & ~(1U << t->by[0]);
        t->how = (int)fr_long_draw(t->state, 3), t->sorted = fr_long_draw(t->state, 4) == 0;      /* sorted: no_exact */
        t->nulls_match = fr_long_draw(t->state, 3) == 0;
        fr_trial_put(t, "asof join those on "), fr_trial_put_mask(t);
        fr_trial_put(t, t->mask ? ", " : ""), fr_trial_put(t, fr_long_names[t->by[0]]), fr_trial_put(t, directions[t->how]);
        fr_trial_put(t, t->sorted ? " no_exact" : ""), fr_trial_put(t, t->nulls_match ? " nulls_match" : "");
        fr_auto(frame) none = fr_pipe(t->rows->ways[0], fr_head(0));
        tried = fr_trial_run(t, none, "");
    } while (!fr_ok(tried) && ++tries < 60);
    t->count = tries < 60;
    fr_unref(tried);
}

typedef struct near_row { uint32_t number; int64_t row; } near_row;
static int by_number(const void *a, const void *b)
{
    const near_row *x = a, *y = b;
    return x->number != y->number ? (x->number > y->number) - (x->number < y->number) : (x->row > y->row) - (x->row < y->row);
}

typedef __float128 real;
static real number_of(const fr_long_column *column, uint32_t value)
{
    const fr_value v = fr_column_value(column->pool, value);
    fr_i128 x;
    memcpy(&x, &v.as.decimal, sizeof x);
    if (fr_kind_is_float(v.kind)) return v.as.f;
    return (real)(v.kind == FR_DECIMAL ? x : v.kind >= FR_U8 && v.kind <= FR_U64 ? (fr_i128)v.as.u : v.as.i);
}

/* nan is near to nothing, as null is. */
static bool is_none(const fr_long_column *column, uint32_t value)
{
    return value == FR_LONG_NULL || (value == column->n_values - 1 && number_of(column, value) != number_of(column, value));
}

/* Of rows in order, the one that goes with a number, or -1. */
static int64_t nearest(const fr_trial *t, const near_row *list, int64_t n, uint32_t number)
{
    int64_t low = 0, high = n;                        /* the first at or behind the number; of equal ones none with no_exact */
    for (int64_t to = n; low < to;) {
        const int64_t half = (low + to) / 2;
        if (list[half].number < number) low = half + 1; else to = half;
    }
    for (int64_t from = low; from < high;) {          /* the first behind it */
        const int64_t half = (from + high) / 2;
        if (list[half].number <= number) from = half + 1; else high = half;
    }
    const int64_t before = (t->sorted ? low : high) - 1, after = t->sorted ? high : low;
    if (t->how == BACKWARD || after == n) return t->how == FORWARD || before < 0 ? -1 : list[before].row;
    if (t->how == FORWARD || before < 0) return list[after].row;
    const fr_long_column *column = &t->rows->columns[t->by[0]];
    const real at = number_of(column, number);
    return number_of(column, list[after].number) - at < at - number_of(column, list[before].number) ? list[after].row
                                                                                                 : list[before].row;
}

static bool check_asof(fr_trial *t, const fr_frame *result, char *why, size_t m)
{
    fr_long_groups groups;
    if (!t->count) return !fr_ok(result);
    const int64_t n = t->rows->n;
    const fr_long_column *column = &t->rows->columns[t->by[0]];
    int64_t *rows = malloc((size_t)n * sizeof *rows), *ids = malloc((size_t)n * sizeof *ids);
    near_row *list = malloc((size_t)(t->rows->n_right + 1) * sizeof *list);
    if (!rows || !ids || !list || !group_both(t, &groups)) return false;
    for (int64_t g = 0; g < groups.n; g++) {
        int64_t from = groups.starts[g], to = groups.starts[g + 1], at = from, k = 0;
        while (at < to && groups.rows[at] < n) at++;
        for (int64_t i = at; i < to; i++) {
            const int64_t j = groups.rows[i] - n;
            const uint32_t number = t->rows->right_of[t->by[0]][j];
            if (!is_none(column, number) && (t->nulls_match || !right_has_null(t, j))) list[k++] = (near_row){ number, j };
        }
        qsort(list, (size_t)k, sizeof *list, by_number);
        for (int64_t i = from; i < at; i++) {
            const int64_t row = groups.rows[i];
            const bool none = is_none(column, column->of[row]) || (!t->nulls_match && fr_trial_has_null(t, row));
            ids[row] = none ? -1 : nearest(t, list, k, column->of[row]);
        }
    }
    fr_long_groups_end(&groups);
    for (int64_t i = 0; i < n; i++) rows[i] = i;
    const bool holds = fr_trial_rows_are(t, result, "row", rows, n, why, m) && fr_trial_rows_are(t, result, "id", ids, n, why, m);
    free(rows), free(ids), free(list);
    return holds;
}

const fr_trial_kind fr_trial_join = { "join", draw_join, check_join };
const fr_trial_kind fr_trial_asof = { "asof", draw_asof, check_asof };
