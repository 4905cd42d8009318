/* fn_window.c — functions that look at other rows: shift, diff, cum_sum …, row_number; all take `over`. rolling_mean … is
 * in fn_rolling.c, rank in fn_rank.c.
 *
 * They work on whole columns. With `over`, rows are first listed group by group (expr/walk.h), and each group is walked
 * in the order of its rows:
 *
 *     cum_sum(sales) over region     a running total per region, in the order the rows stand
 *
 * cum_sum of integers and decimals is exact and checked, of floats compensated. Nulls are skipped by cum_*: the row
 * stays null, the total goes on.
 */
#include "expr/walk.h"

#include <math.h>
#include <string.h>

/* ---- shift, diff ------------------------------------------------------------------------------------------------- */
typedef struct shift { const fr_walk *walk; int64_t by; void *from; bool wide; } shift;

static void shift_group(void *state, int64_t g)
{
    const shift *s = state;
    const fr_walk *w = s->walk;
    const int64_t begin = w->starts[g], end = w->starts[g + 1];
    for (int64_t at = begin; at < end; at++) {
        const bool inside = s->by >= 0 ? at - begin >= s->by : end - at > -s->by;
        fr_row_put(s->from, s->wide, (uint64_t)fr_walk_row(w, at), inside ? fr_walk_row(w, at - s->by) : FR_ROW_MISSING64);
    }
}

/* The column moved n rows down (negative: up) within each group; rows without a source are null. */
static fr_column *shifted(const fr_whole *whole, const fr_column *column, int64_t by)
{
    FR_CLEANUP(fr_walk_clear) fr_walk w;
    if (!fr_walk_begin(whole, &w)) return NULL;
    const bool wide = fr_rows_are_wide(w.n);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *from = fr_buffer_array(whole->call, (size_t)w.n, fr_row_bytes(wide));
    if (!from) return NULL;
    shift s = { &w, by, from->data, wide };
    if (!fr_walk_groups(whole->call, &w, shift_group, &s)) return NULL;
    fr_rows rows = fr_rows_view(from->data, wide, w.n);
    rows.may_miss = true;
    return fr_column_take(whole->call, column, &rows);
}

static fr_column *whole_shift(const fr_whole *whole, const fr_term *term, fr_column *const *args)
{
    return shifted(whole, args[0], term->i);
}

static bool read_step(fr_checker *c, fr_term *term, size_t arg)
{
    term->i = 1;
    if (term->n_args > arg && !fr_check_integer(c, term, arg, &term->i)) return false;
    if (term->i > INT64_MAX / 2) term->i = INT64_MAX / 2;
    if (term->i < -INT64_MAX / 2) term->i = -INT64_MAX / 2;
    term->n_args = 1;
    return true;
}

bool fr_check_shift(fr_checker *c, fr_term *term)
{
    return read_step(c, term, 1) && fr_whole_yields(term, whole_shift, term->args[0]->type);
}

/* x - shift(x, n) over the same groups */
bool fr_check_diff(fr_checker *c, fr_term *term)
{
    fr_term *x = term->args[0], *before = fr_arena_new(c->call, &c->typed->arena, sizeof *before);
    fr_term **one = before ? fr_arena_array(c->call, &c->typed->arena, 1, sizeof *one) : NULL;
    if (!one || !read_step(c, term, 1)) return false;
    *before = *term;
    one[0] = x;
    before->args = one;
    (void)fr_whole_yields(before, whole_shift, x->type);
    fr_term *pair[2] = { x, before };
    fr_term *minus = fr_check_call(c, term->node, "-", pair, 2);
    if (!minus) return false;
    *term = *minus;
    return true;
}

/* ---- running totals ---------------------------------------------------------------------------------------------- */
enum { CUM_SUM, CUM_PROD, CUM_MIN, CUM_MAX };
static const char *const cumulative_names[] = { "cum_sum", "cum_prod", "cum_min", "cum_max" };

typedef struct running {
    const fr_term  *term;
    const fr_column *x;
    const fr_walk  *walk;
    fr_row_results  out;
    fr_lowest_row   lowest;                /* row that overflows */
} running;

static void accumulate_i64(void *state, int64_t g)
{
    running *r = state;
    const fr_walk *w = r->walk;
    const int64_t *from = r->x->values, what = r->term->i;
    int64_t *to = r->out.values->data, total = what == CUM_PROD;
    bool any = false;
    for (int64_t at = w->starts[g]; at < w->starts[g + 1]; at++) {
        const int64_t row = fr_walk_row(w, at), v = from[row];
        if (!fr_is_valid(r->x, row)) { fr_row_results_null(&r->out, row); continue; }
        bool bad = false;
        if (what == CUM_SUM) bad = __builtin_add_overflow(total, v, &total);
        else if (what == CUM_PROD) bad = __builtin_mul_overflow(total, v, &total);
        else if (!any || (what == CUM_MIN ? v < total : v > total)) total = v;
        any = true;
        if (bad) { fr_lower_row(&r->lowest, row); return; }
        to[row] = total;
    }
}

static void accumulate_whole(void *state, int64_t g)
{
    running *r = state;
    const fr_walk *w = r->walk;
    const int64_t what = r->term->i;
    const fr_phys phys = fr_type_phys(r->term->type);
    fr_i128 total = what == CUM_PROD;
    bool any = false;
    for (int64_t at = w->starts[g]; at < w->starts[g + 1]; at++) {
        const int64_t row = fr_walk_row(w, at);
        if (!fr_is_valid(r->x, row)) { fr_row_results_null(&r->out, row); continue; }
        const fr_i128 v = fr_whole_at(r->x, row);
        bool bad = false;
        if (what == CUM_SUM) bad = __builtin_add_overflow(total, v, &total);
        else if (what == CUM_PROD) bad = __builtin_mul_overflow(total, v, &total);
        else if (!any || (what == CUM_MIN ? v < total : v > total)) total = v;
        any = true;
        if (!fr_whole_put(r->term->type, phys, r->out.values->data, row, total)) bad = true;
        if (bad) { fr_lower_row(&r->lowest, row); return; }
    }
}

static void accumulate_f64(void *state, int64_t g)
{
    running *r = state;
    const fr_walk *w = r->walk;
    const int64_t what = r->term->i;
    const double *from = r->x->values;
    double *to = r->out.values->data, total = what == CUM_PROD, rest = 0;
    bool any = false;
    for (int64_t at = w->starts[g]; at < w->starts[g + 1]; at++) {
        const int64_t row = fr_walk_row(w, at);
        const double v = from[row];
        if (!fr_is_valid(r->x, row)) { fr_row_results_null(&r->out, row); continue; }
        if (what == CUM_SUM) {                           /* Neumaier: rest holds what the sum lost */
            const double next = total + v;
            if (isfinite(next)) rest += fabs(total) >= fabs(v) ? (total - next) + v : (v - next) + total;
            total = next;
        } else if (what == CUM_PROD) total *= v;
        else if (!any || isnan(v) || (what == CUM_MIN ? v < total : v > total))
            total = any && isnan(total) ? total : v;
        any = true;
        to[row] = total + rest;
    }
}

static void count_values(void *state, int64_t g)
{
    running *r = state;
    const fr_walk *w = r->walk;
    int64_t *to = r->out.values->data, count = 0;
    for (int64_t at = w->starts[g]; at < w->starts[g + 1]; at++)
        to[fr_walk_row(w, at)] = count += fr_is_valid(r->x, fr_walk_row(w, at));
}

static void number_rows(void *state, int64_t g)
{
    running *r = state;
    const fr_walk *w = r->walk;
    int64_t *to = r->out.values->data;
    for (int64_t at = w->starts[g]; at < w->starts[g + 1]; at++) to[fr_walk_row(w, at)] = at - w->starts[g];
}

static fr_column *run_over_groups(const fr_whole *whole, const fr_term *term, const fr_column *x, fr_group_fn *fn)
{
    FR_CLEANUP(fr_walk_clear) fr_walk w;
    FR_CLEANUP(fr_row_results_clear) fr_row_results out = { 0 };
    if (!fr_walk_begin(whole, &w)) return NULL;
    if (!fr_row_results_begin(whole->call, &out, w.n, fr_phys_width(fr_type_phys(term->type)))) return NULL;
    running r = { .term = term, .x = x, .walk = &w, .out = out, .lowest = INT64_MAX };
    if (!fr_walk_groups(whole->call, &w, fn, &r)) return NULL;
    const int64_t lowest = atomic_load(&r.lowest);
    if (lowest < INT64_MAX) return (void)fr_fail_running(whole, term, lowest), NULL;
    return fr_row_results_column(whole->call, &out, term->type, w.n);
}

static fr_column *whole_cumulative(const fr_whole *whole, const fr_term *term, fr_column *const *args)
{
    fr_group_fn *fn = term->phys == FR_PHYS_F64 ? accumulate_f64 : term->phys == FR_PHYS_I64 ? accumulate_i64 : accumulate_whole;
    return run_over_groups(whole, term, args[0], fn);
}

static fr_column *whole_cum_count(const fr_whole *whole, const fr_term *term, fr_column *const *args)
{
    return run_over_groups(whole, term, args[0], count_values);
}

bool fr_check_cumulative(fr_checker *c, fr_term *term)
{
    fr_kind kind = term->args[0]->type->kind;
    if (!strcmp(term->function->name, "cum_count")) return fr_whole_yields(term, whole_cum_count, fr_type_of(FR_I64));
    if (!fr_kind_is_number(kind) && kind != FR_NULL && kind != FR_BOOL) return fr_check_wrong(c, term, 0, "a number");
    for (int i = 0; i < (int)FR_COUNT_OF(cumulative_names); i++)
        if (!strcmp(cumulative_names[i], term->function->name)) term->i = i;
    const bool floats = kind == FR_DECIMAL && term->i == CUM_PROD;         /* each factor would add its decimals */
    const fr_type *type = floats ? fr_type_of(FR_F64) : fr_running_type(c, term->args[0]->type, term->i == CUM_SUM);
    if (!type) return false;
    if (kind == FR_DECIMAL && !floats) return fr_whole_yields(term, whole_cumulative, type);
    if (kind == FR_BOOL) {
        fr_term *as = fr_cast_term(c, term->args[0], type, FR_CAST_WIDEN);
        if (!as) return false;
        term->args[0] = as;
    }
    return fr_check_as(c, term, 0, type) && fr_whole_yields(term, whole_cumulative, type);
}

/* ---- row_number -------------------------------------------------------------------------------------------------- */
static fr_column *whole_row_number(const fr_whole *whole, const fr_term *term, fr_column *const *args)
{
    (void)args;
    return run_over_groups(whole, term, NULL, number_rows);
}

bool fr_check_row_number(fr_checker *c, fr_term *term)
{
    return (void)c, fr_whole_yields(term, whole_row_number, fr_type_of(FR_I64));
}

/* ---- categories -------------------------------------------------------------------------------------------------- */
fr_column *fr_whole_category(const fr_whole *whole, const fr_term *term, fr_column *const *args)
{
    (void)term;
    FR_OWNED fr_column *codes = fr_column_as_codes(whole->call, args[0]);
    return codes ? fr_column_retype(whole->call, codes, fr_type_of(FR_CAT)) : NULL;
}
