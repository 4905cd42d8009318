/* long_laws_shapes.c — columns made of rows, rows of columns, subtotals, rows that are missing, and rows by their places. */
#include "support/long_trial.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/columns.h"

enum { MOST_COLUMNS = 301, MOST_MADE = 2000000 };

static const fr_column *column_named(const fr_frame *frame, const char *name)
{
    for (size_t c = 0; c < fr_width(frame); c++)
        if (!strcmp(fr_name(frame, c), name)) return fr_test_columns(frame)[c];
    return NULL;
}

static bool is_number(const fr_column *column, int64_t at, bool valid, int64_t expected)
{
    const fr_value v = fr_column_value(column, at);
    return valid ? v.valid && v.as.i == expected : !v.valid;
}

static void sort_by(fr_trial *t, unsigned mask)
{
    t->n_by = 0;
    for (size_t c = 0; c < FR_LONG_WIDTH; c++)
        if (mask >> c & 1 && t->n_by < FR_COUNT_OF(t->by)) t->by[t->n_by++] = c;
}

static int by_order(const void *a, const void *b)
{
    const fr_listed *x = a, *y = b;
    const int order = fr_trial_order(x->t, x->first, y->first);
    return order ? order : (x->first > y->first) - (x->first < y->first);
}

/* At most three of the columns, so that they can be sorted by. */
static unsigned draw_keys(fr_trial *t, unsigned without)
{
    unsigned mask;
    do mask = fr_trial_draw_mask(t->state) & ~without;
    while (mask == 0 || __builtin_popcount(mask) > FR_TRIAL_COLUMNS);
    return mask;
}

/* ---- what is said of `row` in some rows -------------------------------------------------------------------------- */
enum { FIRST, LAST, LEAST, MOST, SIZE, SUM, ABOUT };
static const char *const about[] = { "first(row)", "last(row)", "min(row)", "max(row)", "size()", "sum(row)" };

static int64_t said(const fr_long_groups *groups, int64_t g, int what)
{
    const int64_t from = groups->starts[g], to = groups->starts[g + 1];
    int64_t sum = 0;
    for (int64_t i = from; i < to; i++) sum += groups->rows[i];
    if (what == SIZE || what == SUM) return what == SIZE ? to - from : sum;
    return groups->rows[what == FIRST || what == LEAST ? from : to - 1];
}

/* ---- pivots: by[0] are the columns, mask the index --------------------------------------------------------------- */
static size_t few_values(fr_trial *t)
{
    size_t c = fr_long_draw(t->state, FR_LONG_WIDTH);
    for (size_t i = 0; i < FR_LONG_WIDTH && t->rows->columns[c].n_values > MOST_COLUMNS; i++) c = (c + 1) % FR_LONG_WIDTH;
    return c;
}

static void draw_pivot(fr_trial *t)
{
    t->by[0] = few_values(t);
    const char *columns = fr_long_names[t->by[0]];
    t->mask = draw_keys(t, 1U << t->by[0]), t->how = (int)fr_long_draw(t->state, ABOUT);
    t->sorted = fr_long_draw(t->state, 3) == 0, t->drop_nulls = fr_long_draw(t->state, 5) == 0;
    t->count = fr_long_draw(t->state, 3) == 0 ? -7 : -1;
    fr_trial_put(t, "pivot "), fr_trial_put_mask(t), fr_trial_put(t, " on "), fr_trial_put(t, columns);
    fr_trial_put(t, t->count == -7 ? " fill -7" : ""), fr_trial_put(t, t->sorted ? " sorted" : "");
    fr_trial_put(t, t->drop_nulls ? " drop_nulls" : ""), fr_trial_put(t, " max_columns 302: a = "), fr_trial_put(t, about[t->how]);
}

/* Which column each value becomes, or -1; how many there are. */
static int64_t place_columns(const fr_trial *t, int64_t *places, bool *null)
{
    const fr_long_column *column = &t->rows->columns[t->by[0]];
    int64_t n = 0;
    *null = false;
    for (uint32_t v = 0; v < column->n_values; v++) places[v] = -1;
    for (int64_t i = 0; i < t->rows->n; i++) {
        if (t->drop_nulls && fr_trial_has_null(t, i)) continue;
        if (column->of[i] == FR_LONG_NULL) *null = true;
        else places[column->of[i]] = 0;
    }
    for (uint32_t v = 0; v < column->n_values; v++)
        if (places[v] == 0) places[v] = n++;
    return n;
}

/* The cells that have rows: each is crossed out, what is left over must be empty. */
static bool check_cells(const fr_trial *t, const fr_long_groups *index, const fr_long_groups *cells, const int64_t *row_of,
                        const int64_t *places, int64_t n_columns, const fr_frame *result, int64_t n, char *why, size_t m)
{
    fr_column *const *columns = fr_test_columns(result);
    const size_t n_keys = (size_t)__builtin_popcount(t->mask), width = fr_width(result) - n_keys;
    const fr_long_column *of = &t->rows->columns[t->by[0]];
    bool *seen = calloc((size_t)n * width + 1, 1), holds = seen;
    for (int64_t g = 0; holds && g < cells->n; g++) {
        const int64_t first = fr_long_first(cells, g), row = row_of[index->of[first]];
        if (row < 0 || (t->drop_nulls && of->of[first] == FR_LONG_NULL)) continue;
        const size_t c = (size_t)(of->of[first] == FR_LONG_NULL ? n_columns : places[of->of[first]]);
        holds = c < width && is_number(columns[n_keys + c], row, true, said(cells, g, t->how));
        if (!holds) (void)fr_trial_say(why, m, "another cell", row, result);
        else seen[(size_t)row * width + c] = true;
    }
    for (size_t at = 0; holds && at < (size_t)n * width; at++)
        if (!seen[at] && !is_number(columns[n_keys + at % width], (int64_t)(at / width), t->count == -7, -7))
            holds = fr_trial_say(why, m, "a cell without rows", (int64_t)(at / width), result);
    free(seen);
    return holds;
}

/* The first of texts in order; no column can be called so. */
static bool has_empty_text(const fr_long_column *column)
{
    size_t n = 1;
    const fr_kind kind = column->pool->type->kind;
    if (fr_kind_is_text(kind) || kind == FR_BINARY) (void)fr_column_text(column->pool, 0, &n);
    return n == 0;
}

static bool check_pivot(fr_trial *t, const fr_frame *result, char *why, size_t m)
{
    fr_long_groups index, cells;
    bool null;
    const unsigned keys = t->mask, columns = 1U << t->by[0];
    const size_t made_of = t->by[0];
    const uint32_t n_values = t->rows->columns[made_of].n_values;
    if (n_values > MOST_COLUMNS) return fr_error_code(result) == FR_ERR_LIMIT || fr_ok(result);
    if (!fr_ok(result)) return has_empty_text(&t->rows->columns[made_of]) || fr_trial_say(why, m, "failed", 0, result);
    int64_t *places = malloc(n_values * sizeof *places);
    bool holds = places && fr_long_groups_begin(&index, t->rows, keys) && fr_long_groups_begin(&cells, t->rows, keys | columns);
    const size_t room = (size_t)index.n + 1;
    int64_t *row_of = malloc(room * sizeof *row_of), *firsts = malloc(room * sizeof *firsts), n = 0;
    fr_listed *list = malloc(room * sizeof *list);
    t->mask = keys | columns;                         /* both drop rows */
    const int64_t n_columns = place_columns(t, places, &null);
    for (int64_t g = 0; g < index.n; g++) {
        int64_t at = index.starts[g];
        while (t->drop_nulls && at < index.starts[g + 1] && fr_trial_has_null(t, index.rows[at])) at++;
        row_of[g] = -1;
        if (at < index.starts[g + 1]) list[n++] = (fr_listed){ t, index.rows[at], 0, (uint32_t)g };
    }
    t->mask = keys;
    sort_by(t, keys);
    if (!t->sorted) t->n_by = 0;
    qsort(list, (size_t)n, sizeof *list, by_order);   /* or by the first row that is kept */
    for (int64_t r = 0; r < n; r++) row_of[list[r].group] = r, firsts[r] = list[r].first;
    t->by[0] = made_of;
    if ((int64_t)fr_width(result) != __builtin_popcount(keys) + n_columns + (null && !t->drop_nulls))
        holds = fr_trial_say(why, m, "another number of columns", n_columns, result);
    holds = holds && fr_trial_rows_are(t, result, "row", firsts, n, why, m) &&
            check_cells(t, &index, &cells, row_of, places, n_columns, result, n, why, m);
    fr_long_groups_end(&index), fr_long_groups_end(&cells);
    free(places), free(row_of), free(firsts), free(list);
    return holds;
}

/* ---- melts: of a column and itself moved by a row ---------------------------------------------------------------- */
static void draw_melt(fr_trial *t)
{
    t->by[0] = fr_long_draw(t->state, FR_LONG_WIDTH);
    const char *name = fr_long_names[t->by[0]];
    t->mask = draw_keys(t, 1U << t->by[0]), t->drop_nulls = fr_long_draw(t->state, 3) == 0;
    fr_trial_put(t, "with w = shift("), fr_trial_put(t, name), fr_trial_put(t, ") | melt row, "), fr_trial_put_mask(t);
    fr_trial_put(t, " values "), fr_trial_put(t, name), fr_trial_put(t, ", w");
    if (t->drop_nulls) fr_trial_put(t, " drop_nulls");
}

static bool check_melt(fr_trial *t, const fr_frame *result, char *why, size_t m)
{
    const fr_long_column *column = &t->rows->columns[t->by[0]];
    const int64_t n = t->rows->n;
    int64_t *rows = calloc(2 * (size_t)n, sizeof *rows), *from = calloc(2 * (size_t)n, sizeof *from), k = 0, n_first = 0;
    for (int64_t i = 0; rows && from && i < 2 * n; i++) {
        const int64_t of = i < n ? i : i - n - 1;     /* the first row of the second has none */
        const bool null = of < 0 || column->of[of] == FR_LONG_NULL;
        if (i < n) n_first += !(t->drop_nulls && null);
        if (t->drop_nulls && null) continue;
        rows[k] = i % n, from[k++] = of;
    }
    bool holds = rows && from && fr_trial_rows_are(t, result, "row", rows, k, why, m);
    const fr_column *values = holds ? column_named(result, "value") : NULL;
    const fr_column *names = holds ? column_named(result, "variable") : NULL;
    holds = holds && values && names;
    for (int64_t i = 0; holds && i < k; i++) {
        size_t bytes;
        const uint32_t value = from[i] < 0 ? FR_LONG_NULL : column->of[from[i]];
        const char *name = fr_column_text(names, i, &bytes), *expected = i < n_first ? fr_long_names[t->by[0]] : "w";
        const bool valid = fr_is_valid(values, i);
        holds = valid == (value != FR_LONG_NULL) && (!valid || fr_cells_equal(column->pool, value, values, i)) &&
                bytes == strlen(expected) && !memcmp(name, expected, bytes);
        if (!holds) (void)fr_trial_say(why, m, "another value, or its name", i, result);
    }
    free(rows), free(from);
    return holds;
}

/* ---- subtotals --------------------------------------------------------------------------------------------------- */
static void draw_rollup(fr_trial *t)
{
    t->mask = draw_keys(t, 0), t->how = (int)fr_long_draw(t->state, ABOUT);
    t->sorted = fr_long_draw(t->state, 3) == 0, t->drop_nulls = fr_long_draw(t->state, 4) == 0;
    fr_trial_put(t, "group "), fr_trial_put_mask(t), fr_trial_put(t, " rollup: a = "), fr_trial_put(t, about[t->how]);
    fr_trial_put(t, t->sorted ? " sorted" : ""), fr_trial_put(t, t->drop_nulls ? " drop_nulls" : "");
}

typedef struct subtotal { const fr_trial *t; int64_t first, said; size_t level; } subtotal;

/* A key that a subtotal has not stands behind all that it has. */
static int by_keys(const void *a, const void *b)
{
    const subtotal *x = a, *y = b;
    for (size_t i = 0; i < x->t->n_by; i++) {
        fr_trial one = { .rows = x->t->rows, .n_by = 1, .by = { x->t->by[i] } };
        if ((i < x->level) != (i < y->level)) return i < x->level ? -1 : 1;
        const int order = i < x->level ? fr_trial_order(&one, x->first, y->first) : 0;
        if (order) return order;
    }
    return 0;
}

static bool add_level(fr_trial *t, size_t level, subtotal *list, int64_t *n)
{
    fr_long_groups groups;
    unsigned mask = 0;
    for (size_t i = 0; i < level; i++) mask |= 1U << t->by[i];
    if (!fr_long_groups_begin(&groups, t->rows, mask)) return false;
    for (int64_t g = 0; g < groups.n; g++) {          /* rows with a null in any key are in no total */
        int64_t kept = groups.starts[g];
        for (int64_t i = kept; i < groups.starts[g + 1]; i++)
            if (!t->drop_nulls || !fr_trial_has_null(t, groups.rows[i])) groups.rows[kept++] = groups.rows[i];
        const int64_t end = groups.starts[g + 1];
        groups.starts[g + 1] = kept;
        if (kept > groups.starts[g] || level == 0)
            list[(*n)++] = (subtotal){ t, kept > groups.starts[g] ? groups.rows[groups.starts[g]] : -1,
                                       kept > groups.starts[g] ? said(&groups, g, t->how) : -1, level };
        groups.starts[g + 1] = end;
    }
    fr_long_groups_end(&groups);
    return true;
}

static int by_first(const void *a, const void *b)
{
    const subtotal *x = a, *y = b;
    return x->level != y->level ? (x->level < y->level) - (x->level > y->level) : (x->first > y->first) - (x->first < y->first);
}

static bool is_subtotal(const fr_trial *t, const subtotal *s, const fr_frame *result, int64_t at)
{
    fr_column *const *columns = fr_test_columns(result);
    for (size_t i = 0; i < t->n_by; i++) {
        const fr_long_column *key = &t->rows->columns[t->by[i]];
        const uint32_t value = i < s->level ? key->of[s->first] : FR_LONG_NULL;
        if (fr_is_valid(columns[i], at) != (value != FR_LONG_NULL)) return false;
        if (value != FR_LONG_NULL && !fr_cells_equal(key->pool, value, columns[i], at)) return false;
    }
    return is_number(columns[t->n_by], at, true, (int64_t)s->level) &&
           (s->first < 0 || is_number(columns[t->n_by + 1], at, true, s->said));
}

static bool check_rollup(fr_trial *t, const fr_frame *result, char *why, size_t m)
{
    int64_t n = 0;
    if (!fr_ok(result)) return fr_trial_say(why, m, "failed", 0, result);
    sort_by(t, t->mask);
    subtotal *list = malloc((t->n_by * (size_t)t->rows->n + 1) * sizeof *list);
    bool holds = list != NULL;
    for (size_t level = t->n_by + 1; holds && level-- > 0;) holds = add_level(t, level, list, &n);
    if (holds) qsort(list, (size_t)n, sizeof *list, by_first);
    if (holds && t->sorted) qsort(list, (size_t)n, sizeof *list, by_keys);
    if (holds && fr_length(result) != n) holds = fr_trial_say(why, m, "another number of rows", n, result);
    for (int64_t i = 0; holds && i < n; i++)
        holds = is_subtotal(t, &list[i], result, i) || fr_trial_say(why, m, "another subtotal", i, result);
    free(list);
    return holds;
}

/* ---- combinations of keys: by[0] within, by[1] and by[2] combined ------------------------------------------------ */
static bool is_small(const fr_trial *t)
{
    int64_t product = 1;
    for (size_t i = 0; i < t->n_by && product <= MOST_MADE; i++) product *= (int64_t)t->rows->columns[t->by[i]].n_values + 1;
    return product <= MOST_MADE;
}

static void draw_complete(fr_trial *t)
{
    for (int tries = 0; tries == 0 || (!is_small(t) && tries < 20); tries++)
        t->mask = tries < 19 ? draw_keys(t, 0) : 1, sort_by(t, t->mask);      /* of one column there are at most its rows */
    t->how = t->n_by > 1 && fr_long_draw(t->state, 2);      /* the first is what the others are completed within */
    fr_trial_put(t, "complete ");
    for (size_t i = t->how ? 1 : 0; i < t->n_by; i++)
        fr_trial_put(t, i > (size_t)t->how ? ", " : ""), fr_trial_put(t, fr_long_names[t->by[i]]);
    if (t->how) fr_trial_put(t, " by "), fr_trial_put(t, fr_long_names[t->by[0]]);
}

/* The combinations of the keys' values that follow `list`'s rows from one to before another, in order. */
typedef struct combined { int64_t *rows, *keys[FR_TRIAL_COLUMNS], n, room; } combined;

static bool add_row(combined *c, const fr_trial *t, int64_t row, const int64_t *keys)
{
    if (c->n == c->room) return false;
    c->rows[c->n] = row;
    for (size_t i = 0; i < t->n_by; i++) c->keys[i][c->n] = keys[i];
    return ++c->n > 0;
}

/* Distinct values of a key in some rows, as rows that have them, in order. */
static int64_t values_of(const fr_trial *t, size_t key, const fr_listed *list, int64_t n, fr_listed *values)
{
    fr_trial one = { .rows = t->rows, .n_by = 1, .by = { t->by[key] } };
    int64_t kept = 0;
    for (int64_t i = 0; i < n; i++) values[i] = (fr_listed){ &one, list[i].first, 0, 0 };
    qsort(values, (size_t)n, sizeof *values, by_order);
    for (int64_t i = 0; i < n; i++)
        if (!kept || fr_trial_order(&one, values[kept - 1].first, values[i].first)) values[kept++] = values[i];
    for (int64_t i = 0; i < kept; i++) values[i].t = t;
    return kept;
}

static bool same_keys(const fr_trial *t, int64_t row, const int64_t *keys)
{
    for (size_t i = 0; i < t->n_by; i++)
        if (t->rows->columns[t->by[i]].of[row] != t->rows->columns[t->by[i]].of[keys[i]]) return false;
    return true;
}

/* Rows of one group, sorted by all keys. */
static bool combine(const fr_trial *t, const fr_listed *list, int64_t n, combined *c)
{
    fr_listed *values[FR_TRIAL_COLUMNS] = { NULL };
    int64_t counts[FR_TRIAL_COLUMNS] = { 1, 1, 1 }, at = 0, all = 1;
    bool fine = true;
    for (size_t i = 0; i < t->n_by; i++) {
        fine = (values[i] = malloc((size_t)n * sizeof **values)) && fine;
        if (fine) counts[i] = values_of(t, i, list, n, values[i]), all *= counts[i];
        fine = fine && all <= MOST_MADE;
    }
    for (int64_t k = 0; fine && k < all; k++) {
        int64_t keys[FR_TRIAL_COLUMNS], left = k;
        for (size_t i = t->n_by; i-- > 0; left /= counts[i]) keys[i] = values[i][left % counts[i]].first;
        if (at == n || !same_keys(t, list[at].first, keys)) fine = add_row(c, t, -1, keys);
        for (; fine && at < n && same_keys(t, list[at].first, keys); at++) fine = add_row(c, t, list[at].first, keys);
    }
    for (size_t i = 0; i < t->n_by; i++) free(values[i]);
    return fine && at == n;
}

static bool check_complete(fr_trial *t, const fr_frame *result, char *why, size_t m)
{
    const int64_t n = t->rows->n;
    if (!fr_ok(result)) return fr_trial_say(why, m, "failed", 0, result);
    combined c = { .room = n + MOST_MADE };
    fr_listed *list = malloc((size_t)n * sizeof *list);
    bool fine = list && (c.rows = malloc((size_t)c.room * sizeof(int64_t)));
    for (size_t i = 0; i < t->n_by; i++) fine = (c.keys[i] = malloc((size_t)c.room * sizeof(int64_t))) && fine;
    for (int64_t i = 0; fine && i < n; i++) list[i] = (fr_listed){ t, i, 0, 0 };
    if (fine) qsort(list, (size_t)n, sizeof *list, by_order);
    const fr_long_column *within = &t->rows->columns[t->by[0]];
    for (int64_t from = 0, to; fine && from < n; from = to) {
        for (to = from; to < n && (!t->how || within->of[list[to].first] == within->of[list[from].first]); to++) {}
        fine = combine(t, list + from, to - from, &c);
    }
    bool holds = fine || fr_trial_say(why, m, "not listed", c.n, result);
    if (holds && fr_length(result) != c.n) holds = fr_trial_say(why, m, "another number of rows", c.n, result);
    const fr_column *rows = holds ? column_named(result, "row") : NULL;
    for (int64_t i = 0; rows && holds && i < c.n; i++)
        holds = is_number(rows, i, c.rows[i] >= 0, c.rows[i]) || fr_trial_say(why, m, "another row", i, result);
    for (size_t i = 0; rows && holds && i < t->n_by; i++) holds = fr_trial_cells_are(t, result, t->by[i], c.keys[i], why, m);
    for (size_t k = 0; rows && holds && k < FR_LONG_WIDTH; k++)
        holds = t->mask >> k & 1 || fr_trial_cells_are(t, result, k, c.rows, why, m);
    for (size_t i = 0; i < t->n_by; i++) free(c.keys[i]);
    free(c.rows), free(list);
    return holds;
}

/* ---- rows by their places ---------------------------------------------------------------------------------------- */
static void draw_places(fr_trial *t)
{
    char part[80];
    const int64_t n = t->rows->n, m = t->rows->n_right;
    t->how = (int)fr_long_draw(t->state, 3), t->count = t->how == 0 ? 0 : t->how == 1 ? n - m : (n - m) / 2;
    (void)snprintf(part, sizeof part, t->how == 0 ? "head %" PRId64 : t->how == 1 ? "tail %" PRId64 : "where row >= %" PRId64,
                   t->how == 2 ? t->count : m);
    fr_trial_put(t, part);
    if (t->how == 2) (void)snprintf(part, sizeof part, " | head %" PRId64, m), fr_trial_put(t, part);
    fr_trial_put(t, " | positional join those");
}

static bool check_places(fr_trial *t, const fr_frame *result, char *why, size_t m)
{
    const int64_t n = t->rows->n_right;
    int64_t *rows = malloc((size_t)n * sizeof *rows);
    if (!rows || !fr_ok(result)) return free(rows), fr_trial_say(why, m, "failed", 0, result);
    for (int64_t i = 0; i < n; i++) rows[i] = i + t->count;
    bool holds = fr_trial_rows_are(t, result, "row", rows, n, why, m);
    for (int64_t i = 0; i < n; i++) rows[i] = i;
    holds = holds && fr_trial_rows_are(t, result, "id", rows, n, why, m);
    for (size_t k = 0; holds && k < FR_LONG_KEYS; k++)
        for (int side = 0; holds && side < 2; side++) {
            char name[8];
            (void)snprintf(name, sizeof name, "%s%s", fr_long_names[k], side ? "_y" : "_x");
            const fr_column *column = column_named(result, name);
            const uint32_t *of = side ? t->rows->right_of[k] : t->rows->columns[k].of + t->count;
            for (int64_t i = 0; holds && i < n; i++)
                holds = column && fr_is_valid(column, i) == (of[i] != FR_LONG_NULL) &&
                        (of[i] == FR_LONG_NULL || fr_cells_equal(t->rows->columns[k].pool, of[i], column, i));
            if (!holds) (void)fr_trial_say(why, m, name, 0, result);
        }
    free(rows);
    return holds;
}

const fr_trial_kind fr_trial_pivot = { "pivot", draw_pivot, check_pivot };
const fr_trial_kind fr_trial_melt = { "melt", draw_melt, check_melt };
const fr_trial_kind fr_trial_rollup = { "rollup", draw_rollup, check_rollup };
const fr_trial_kind fr_trial_complete = { "complete", draw_complete, check_complete };
const fr_trial_kind fr_trial_places = { "places", draw_places, check_places };
