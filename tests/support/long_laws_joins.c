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


const fr_trial_kind fr_trial_join = { "join", draw_join, check_join };
