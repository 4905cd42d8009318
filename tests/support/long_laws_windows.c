/* long_laws_windows.c — functions of other rows, with and without groups, and what fills nulls from other rows. */
#include "support/long_trial.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/columns.h"

typedef __float128 real;

enum { SHIFT, DIFF, INDEX, CUM_COUNT, CUM_MIN, CUM_MAX, CUM_SUM, RANK_AVERAGE, RANK_MIN, RANK_MAX, RANK_DENSE, RANK_FIRST,
       ROLLING_MIN, ROLLING_MAX, ROLLING_SUM, ROLLING_MEAN, FUNCTIONS };
static const char *const texts[] = { "shift(%s, %d)", "diff(%s, %d)", "row_index()", "cum_count(%s)", "cum_min(%s)", "cum_max(%s)",
                                     "cum_sum(%s)", "rank(%s)", "rank(%s, 'min')", "rank(%s, 'max')", "rank(%s, 'dense')",
                                     "rank(%s, 'first')", "rolling_min(%s, %d)", "rolling_max(%s, %d)", "rolling_sum(%s, %d)",
                                     "rolling_mean(%s, %d)" };

/* ---- one group, its rows in order -------------------------------------------------------------------------------- */
typedef struct rows_of { const fr_long_column *x; const int64_t *rows; int64_t n; } rows_of;

static uint32_t number_at(const rows_of *r, int64_t i) { return r->x->of[r->rows[i]]; }

static bool is_real(const fr_long_column *x) { return fr_kind_is_float(x->pool->type->kind); }
static fr_value value_of(const rows_of *r, int64_t i) { return fr_column_value(r->x->pool, number_at(r, i)); }

static bool last_is_nan(const fr_long_column *x)
{
    return is_real(x) && isnan(fr_column_value(x->pool, x->n_values - 1).as.f);
}

static fr_i128 whole_of(const fr_value *v)
{
    fr_i128 x;
    memcpy(&x, &v->as.decimal, sizeof x);
    return v->kind == FR_DECIMAL ? x : v->kind >= FR_U8 && v->kind <= FR_U64 ? (fr_i128)v->as.u : v->as.i;
}

static bool fits(const rows_of *r, fr_i128 x)
{
    const fr_kind kind = r->x->pool->type->kind;
    fr_i128 most = 1;
    for (int i = 0; i < 38; i++) most *= 10;
    if (kind == FR_DECIMAL) return x > -most && x < most;
    return kind == FR_U64 ? x >= 0 && x <= UINT64_MAX : x >= INT64_MIN && x <= INT64_MAX;
}

/* ---- what a function gives at a row ------------------------------------------------------------------------------ */
typedef struct answer {
    enum { IS_NULL, IS_PLACE, IS_WHOLE, IS_REAL, IS_ANY, IS_TOO_LARGE } is;
    int64_t place;                     /* its value is that of this row of the group */
    fr_i128 whole;
    real    number, slack;
} answer;

static answer at_place(int64_t i) { return (answer){ .is = IS_PLACE, .place = i }; }
static answer whole(fr_i128 x) { return (answer){ .is = IS_WHOLE, .whole = x }; }

static answer shifted(const rows_of *r, int64_t i, int64_t by)
{
    const int64_t from = i - by;
    return from < 0 || from >= r->n || number_at(r, from) == FR_LONG_NULL ? (answer){ 0 } : at_place(from);
}

static answer difference(const rows_of *r, int64_t i, int64_t by)
{
    const answer other = shifted(r, i, by);
    if (other.is == IS_NULL || number_at(r, i) == FR_LONG_NULL) return (answer){ 0 };
    if (fr_kind_is_temporal(r->x->pool->type->kind)) return (answer){ .is = IS_ANY };
    const fr_value a = value_of(r, i), b = value_of(r, other.place);
    if (is_real(r->x)) return (answer){ .is = IS_REAL, .number = a.as.f - b.as.f };
    const fr_i128 x = whole_of(&a) - whole_of(&b);
    return fits(r, x) || (r->x->pool->type->kind == FR_U64 && x >= INT64_MIN) ? whole(x) : (answer){ .is = IS_TOO_LARGE };
}

/* Of the rows from to i: a null makes it null, nan makes it nan. */
static answer extreme(const rows_of *r, int64_t from, int64_t i, bool most, bool skips)
{
    const uint32_t nan = last_is_nan(r->x) ? r->x->n_values - 1 : FR_LONG_NULL;
    answer found = { 0 };
    for (int64_t j = from; j <= i; j++) {
        const uint32_t x = number_at(r, j);
        if (x == FR_LONG_NULL) { if (skips) continue; return (answer){ 0 }; }
        const uint32_t best = found.is == IS_NULL ? x : number_at(r, found.place);
        if (found.is == IS_NULL || (best != nan && (x == nan || (most ? x > best : x < best)))) found = at_place(j);
    }
    return found;
}

/* parts: of a mean; 0: a sum. */
static answer total(const rows_of *r, int64_t from, int64_t i, bool skips, int64_t parts)
{
    fr_i128 sum = 0;
    real number = 0, all = 0;
    bool any = false;
    for (int64_t j = from; j <= i; j++) {
        if (number_at(r, j) == FR_LONG_NULL) { if (skips) continue; return (answer){ 0 }; }
        const fr_value v = value_of(r, j);
        any = true;
        if (!is_real(r->x)) sum += whole_of(&v);
        else number += v.as.f, all += v.as.f < 0 ? -(real)v.as.f : (real)v.as.f;
    }
    if (!any) return (answer){ 0 };
    if (fr_kind_is_temporal(r->x->pool->type->kind) || (parts && r->x->pool->type->kind == FR_DECIMAL))
        return (answer){ .is = IS_ANY };
    if (!parts && !is_real(r->x)) return fits(r, sum) ? whole(sum) : (answer){ .is = IS_TOO_LARGE };
    if (!is_real(r->x)) number = (real)sum, all = number < 0 ? -number : number;
    if (!parts) parts = 1;
    return (answer){ .is = IS_REAL, .number = number / parts, .slack = all / parts * 1e-15Q };
}

static answer answer_at(const fr_trial *t, const rows_of *r, int64_t i)
{
    const int64_t from = i - t->count + 1;
    int64_t count = 0;
    switch (t->how) {
    case SHIFT: return shifted(r, i, t->count);
    case DIFF: return difference(r, i, t->count);
    case INDEX: return whole(i);
    case CUM_COUNT:
        for (int64_t j = 0; j <= i; j++) count += number_at(r, j) != FR_LONG_NULL;
        return whole(count);
    default:
        if (from < 0) return (answer){ 0 };
        if (t->how == ROLLING_MIN || t->how == ROLLING_MAX) return extreme(r, from, i, t->how == ROLLING_MAX, false);
        return total(r, from, i, false, t->how == ROLLING_MEAN ? t->count : 0);
    }
}

/* ---- all rows of a group: those that look back to the first are added up on the way ------------------------------ */
static void run_on(const fr_trial *t, const rows_of *r, answer *answers)
{
    const uint32_t nan = last_is_nan(r->x) ? r->x->n_values - 1 : FR_LONG_NULL;
    const bool reals = is_real(r->x), is_time = fr_kind_is_temporal(r->x->pool->type->kind);
    int64_t best = -1, count = 0;
    fr_i128 sum = 0;
    real number = 0, all = 0;
    for (int64_t i = 0; i < r->n; i++) {
        const uint32_t x = number_at(r, i);
        answers[i] = (answer){ 0 };
        count += x != FR_LONG_NULL;
        if (t->how == CUM_COUNT) answers[i] = whole(count);
        if (t->how == CUM_COUNT || x == FR_LONG_NULL) continue;
        if (t->how == CUM_SUM) {
            const fr_value v = value_of(r, i);
            if (reals) number += v.as.f, all += v.as.f < 0 ? -(real)v.as.f : (real)v.as.f;
            else sum += whole_of(&v);
            if (is_time) answers[i].is = IS_ANY;
            else if (reals) answers[i] = (answer){ .is = IS_REAL, .number = number, .slack = all * 1e-15Q };
            else answers[i] = fits(r, sum) ? whole(sum) : (answer){ .is = IS_TOO_LARGE };
            continue;
        }
        const uint32_t so_far = best < 0 ? x : number_at(r, best);
        if (best < 0 || (so_far != nan && (x == nan || (t->how == CUM_MAX ? x > so_far : x < so_far)))) best = i;
        answers[i] = at_place(best);
    }
}

typedef struct ranked { uint32_t number; int64_t at; } ranked;
static int by_number(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    return x->number != y->number ? (x->number > y->number) - (x->number < y->number) : (x->at > y->at) - (x->at < y->at);
}

static void rank_all(const fr_trial *t, const rows_of *r, answer *answers)
{
    ranked *list = malloc((size_t)(r->n + 1) * sizeof *list);
    int64_t n = 0, dense = 0;
    for (int64_t i = 0; list && i < r->n; i++) {
        answers[i] = (answer){ 0 };
        if (number_at(r, i) != FR_LONG_NULL) list[n++] = (ranked){ number_at(r, i), i };
    }
    if (list) qsort(list, (size_t)n, sizeof *list, by_number);
    for (int64_t from = 0, to; from < n; from = to) {
        for (to = from; to < n && list[to].number == list[from].number; to++) {}
        dense++;
        for (int64_t k = from; k < to; k++) {
            const int64_t places[] = { 0, from + 1, to, dense, k + 1 };
            answers[list[k].at] = t->how == RANK_AVERAGE ? (answer){ .is = IS_REAL, .number = (real)(from + 1 + to) / 2 }
                                                         : whole(places[t->how - RANK_AVERAGE]);
        }
    }
    free(list);
}

/* ---- drawing and checking ---------------------------------------------------------------------------------------- */
static void put_over(fr_trial *t)
{
    if (t->mask) fr_trial_put(t, " over ("), fr_trial_put_mask(t), fr_trial_put(t, ")");
}

static void draw_window(fr_trial *t)
{
    static const int64_t counts[] = { 1, 1, 2, 3, 7, 64, 100, 1000, 70000 };
    fr_frame *tried = NULL;
    t->mask = fr_long_draw(t->state, 3) ? fr_trial_draw_mask(t->state) : 0;
    do {                                              /* until the types fit */
        char one[64];
        fr_unref(tried);
        t->chain[0] = 0;
        t->how = (int)fr_long_draw(t->state, FUNCTIONS), t->by[0] = fr_long_draw(t->state, FR_LONG_WIDTH);
        t->count = counts[fr_long_draw(t->state, t->how > DIFF ? 7 : FR_COUNT_OF(counts))];
        if (t->how <= DIFF && fr_long_draw(t->state, 3) == 0) t->count = -t->count;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        (void)snprintf(one, sizeof one, texts[t->how], fr_long_names[t->by[0]], (int)t->count);
#pragma GCC diagnostic pop
        fr_trial_put(t, "with w = "), fr_trial_put(t, one), put_over(t), fr_trial_put(t, " | select w, row");
        fr_auto(frame) none = fr_pipe(t->rows->ways[0], fr_head(0));
        tried = fr_trial_run(t, none, "");
    } while (!fr_ok(tried));
    fr_unref(tried);
}

static bool is_near(double got, real number, real slack)
{
    if (!isfinite((double)number)) return isnan((double)number) ? isnan(got) : got == (double)number;
    const real away = got > number ? (real)got - number : number - (real)got, size = number < 0 ? -number : number;
    return away <= slack + size * 3e-16Q;
}

static bool holds_at(const rows_of *r, const answer *a, const fr_column *column, int64_t at)
{
    const fr_value got = fr_column_value(column, at);
    if (a->is == IS_ANY) return true;
    if (!got.valid || a->is == IS_NULL) return !got.valid && a->is == IS_NULL;
    if (a->is == IS_REAL) return is_near(got.as.f, a->number, a->slack);
    if (a->is == IS_WHOLE) return whole_of(&got) == a->whole;
    if (fr_type_equal(column->type, r->x->pool->type)) return fr_cells_equal(r->x->pool, number_at(r, a->place), column, at);
    const fr_value expected = value_of(r, a->place);
    return is_real(r->x) ? is_near(got.as.f, expected.as.f, 0) : whole_of(&got) == whole_of(&expected);
}

static void answer_all(const fr_trial *t, const rows_of *r, answer *answers)
{
    if (t->how >= RANK_AVERAGE && t->how <= RANK_FIRST) rank_all(t, r, answers);
    else if (t->how >= CUM_COUNT && t->how <= CUM_SUM) run_on(t, r, answers);
    else for (int64_t i = 0; i < r->n; i++) answers[i] = answer_at(t, r, i);
}

static bool check_window(fr_trial *t, const fr_frame *result, char *why, size_t m)
{
    fr_long_groups groups;
    answer *answers = malloc((size_t)(t->rows->n + 1) * sizeof *answers);
    if (!answers || !fr_long_groups_begin(&groups, t->rows, t->mask)) return false;
    const fr_column *got = fr_ok(result) ? fr_test_columns(result)[0] : NULL;
    bool holds = true, fails = false;
    for (int64_t g = 0; g < groups.n; g++) {
        const rows_of r = { &t->rows->columns[t->by[0]], groups.rows + groups.starts[g], groups.starts[g + 1] - groups.starts[g] };
        answer_all(t, &r, answers);
        for (int64_t i = 0; i < r.n; i++) {
            fails = fails || answers[i].is == IS_TOO_LARGE;
            if (holds && got && answers[i].is != IS_TOO_LARGE && !holds_at(&r, &answers[i], got, r.rows[i]))
                holds = fr_trial_say(why, m, "another value", r.rows[i], result);
        }
    }
    fr_long_groups_end(&groups);
    free(answers);
    if (!holds) return false;
    if (fails) return fr_error_code(result) == FR_ERR_OVERFLOW || fr_trial_say(why, m, "an overflow not seen", 0, result);
    return fr_ok(result) || fr_trial_say(why, m, "failed", 0, result);
}

/* ---- nulls filled from rows before and behind -------------------------------------------------------------------- */
static void draw_fill(fr_trial *t)
{
    static const int64_t limits[] = { -1, -1, 0, 1, 2, 63, 64, 5000 };
    char part[64];
    t->by[0] = fr_long_draw(t->state, FR_LONG_WIDTH);
    t->mask = fr_long_draw(t->state, 2) ? fr_trial_draw_mask(t->state) & ~(1U << t->by[0]) : 0;
    t->how = (int)fr_long_draw(t->state, 2), t->count = limits[fr_long_draw(t->state, FR_COUNT_OF(limits))];
    (void)snprintf(part, sizeof part, "fill_null %s %s", fr_long_names[t->by[0]], t->how ? "backward" : "forward");
    fr_trial_put(t, part);
    if (t->count >= 0) (void)snprintf(part, sizeof part, " limit %" PRId64, t->count), fr_trial_put(t, part);
    if (t->mask) fr_trial_put(t, " by "), fr_trial_put_mask(t);
}

/* Whose value each row has: its own, or that of a row at most so many before. */
static void fill_from(const fr_trial *t, const rows_of *r, int64_t *from)
{
    int64_t last = -1;
    for (int64_t k = 0; k < r->n; k++) {
        const int64_t i = t->how ? r->n - 1 - k : k;
        if (number_at(r, i) != FR_LONG_NULL) last = k;
        const bool near = last >= 0 && (t->count < 0 || k - last <= t->count);
        from[r->rows[i]] = near ? r->rows[t->how ? r->n - 1 - last : last] : r->rows[i];
    }
}

static bool check_fill(fr_trial *t, const fr_frame *result, char *why, size_t m)
{
    fr_long_groups groups;
    int64_t *from = malloc((size_t)t->rows->n * sizeof *from);
    if (!from || !fr_ok(result) || !fr_long_groups_begin(&groups, t->rows, t->mask))
        return free(from), fr_trial_say(why, m, "failed", 0, result);
    for (int64_t g = 0; g < groups.n; g++) {
        const rows_of r = { &t->rows->columns[t->by[0]], groups.rows + groups.starts[g], groups.starts[g + 1] - groups.starts[g] };
        fill_from(t, &r, from);
    }
    fr_long_groups_end(&groups);
    bool holds = fr_trial_cells_are(t, result, t->by[0], from, why, m);
    for (int64_t i = 0; i < t->rows->n; i++) from[i] = i;
    for (size_t c = 0; holds && c < FR_LONG_WIDTH; c++) holds = c == t->by[0] || fr_trial_cells_are(t, result, c, from, why, m);
    free(from);
    return holds;
}

const fr_trial_kind fr_trial_window = { "window", draw_window, check_window };
const fr_trial_kind fr_trial_fill = { "fill", draw_fill, check_fill };
