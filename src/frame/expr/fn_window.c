/* fn_window.c — functions that look at other rows: shift, diff, cum_sum …, rolling_mean …, row_number; all take `over`.
 * rank is in fn_rank.c.
 *
 * They work on whole columns. With `over`, rows are first listed group by group (a stable counting sort of the group
 * numbers), and each group is walked in the order of its rows:
 *
 *     cum_sum(sales) over region     a running total per region, in the order the rows stand
 *
 * cum_sum of integers and decimals is exact and checked, of floats compensated. Nulls are skipped by cum_*: the row
 * stays null, the total goes on.
 */
#include "expr/functions.h"

#include "base/decimal.h"
#include "base/number.h"
#include "expr/decimal_rules.h"

#include <math.h>
#include <string.h>

/* The rows, group by group; without groups 0 … n-1. Walk with `at`. */
typedef struct walk {
    fr_arena arena;
    int64_t  n, n_groups;
    int64_t *rows;   /* NULL: identity                                                                */
    int64_t *starts; /* n_groups + 1                                                                  */
} walk;

static void walk_clear(walk *w) { fr_arena_clear(&w->arena); }

static bool walk_begin(const fr_whole *whole, walk *w)
{
    *w = (walk){ .n = whole->n_rows, .n_groups = whole->ids ? whole->n_groups : 1 };
    fr_arena_init(&w->arena, whole->call->context);
    w->starts = fr_arena_array(whole->call, &w->arena, (size_t)w->n_groups + 1, sizeof *w->starts);
    if (!w->starts) return false;
    w->starts[w->n_groups] = w->n;
    if (!whole->ids) return true;
    int64_t *next = fr_arena_array(whole->call, &w->arena, (size_t)w->n_groups + 1, sizeof *next);
    w->rows = next ? fr_arena_array(whole->call, &w->arena, (size_t)w->n, sizeof *w->rows) : NULL;
    if (!w->rows) return false;
    for (int64_t i = 0; i < w->n; i++) next[whole->ids[i] + 1]++;
    for (int64_t g = 0; g < w->n_groups; g++) w->starts[g] = next[g], next[g + 1] += next[g];
    for (int64_t i = 0; i < w->n; i++) w->rows[next[whole->ids[i]]++] = i;
    return true;
}

static inline int64_t row_of(const walk *w, int64_t at) { return w->rows ? w->rows[at] : at; }

static bool whole_yields(fr_term *term, fr_whole_fn *whole, const fr_type *type)
{
    term->kind = FR_TERM_WHOLE;
    term->whole = whole;
    fr_term_yields(term, type);
    return true;
}

/* ---- results ----------------------------------------------------------------------------------------------------- */
typedef struct result { fr_buffer *values, *valid; int64_t nulls; } result;

static void result_clear(result *r)
{
    fr_buffer_unref(r->values);
    fr_buffer_unref(r->valid);
}

static bool result_begin(fr_call *call, result *r, int64_t n, size_t width)
{
    *r = (result){ 0 };
    r->values = fr_buffer_zeroed(call, (size_t)n * width);
    r->valid = r->values ? fr_buffer_new(call, fr_words((size_t)n) * 8) : NULL;
    if (r->valid) memset(r->valid->data, 0xFF, fr_words((size_t)n) * 8);
    return r->valid != NULL;
}

static void result_null(result *r, int64_t row)
{
    ((uint64_t *)r->valid->data)[row >> 6] &= ~((uint64_t)1 << (row & 63));
    r->nulls++;
}

static fr_column *result_column(fr_call *call, const result *r, const fr_type *type, int64_t n)
{
    return fr_column_new(call, &(fr_column_parts){ .type = type,
                                                   .phys = fr_type_phys(type),
                                                   .length = n,
                                                   .null_count = r->nulls,
                                                   .values = r->values,
                                                   .valid = r->nulls ? r->valid : NULL });
}

/* ---- shift, diff ------------------------------------------------------------------------------------------------- */
/* The column moved n rows down (negative: up) within each group; rows without a source are null. */
static fr_column *shifted(const fr_whole *whole, const fr_column *column, int64_t by)
{
    FR_CLEANUP(walk_clear) walk w;
    if (!walk_begin(whole, &w)) return NULL;
    int64_t *from = fr_arena_array(whole->call, &w.arena, (size_t)w.n, sizeof *from);
    if (!from) return NULL;
    for (int64_t g = 0; g < w.n_groups; g++)
        for (int64_t at = w.starts[g]; at < w.starts[g + 1]; at++) {
            bool inside = by >= 0 ? at - w.starts[g] >= by : w.starts[g + 1] - at > -by;
            from[row_of(&w, at)] = inside ? row_of(&w, at - by) : FR_ROW_MISSING64;
        }
    return fr_column_take(whole->call, column, &(fr_rows){ .wide = from, .n = w.n, .may_miss = true });
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
    return read_step(c, term, 1) && whole_yields(term, whole_shift, term->args[0]->type);
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
    (void)whole_yields(before, whole_shift, x->type);
    fr_term *pair[2] = { x, before };
    fr_term *minus = fr_check_call(c, term->node, "-", pair, 2);
    if (!minus) return false;
    *term = *minus;
    return true;
}

/* ---- whole numbers: integers, and decimals at their scale --------------------------------------------------------- */
static fr_i128 whole_at(const fr_column *x, int64_t row)
{
    switch (x->phys) {
    case FR_PHYS_U64: return ((const uint64_t *)x->values)[row];
    case FR_PHYS_I128: return ((const fr_i128 *)x->values)[row];
    default: return ((const int64_t *)x->values)[row];
    }
}

/* False where the type has no such value. */
static bool put_whole(const fr_type *type, fr_phys phys, void *to, int64_t row, fr_i128 x)
{
    switch (phys) {
    case FR_PHYS_U64: ((uint64_t *)to)[row] = (uint64_t)x; return x >= 0 && x <= UINT64_MAX;
    case FR_PHYS_I128: ((fr_i128 *)to)[row] = x; return fr_decimal_fits(x, type->precision);
    default: ((int64_t *)to)[row] = (int64_t)x; return x >= INT64_MIN && x <= INT64_MAX;
    }
}

/* The type of running sums (or extremes) of a number; NULL with the failure. */
static const fr_type *running_type(fr_checker *c, const fr_type *x, bool sums)
{
    fr_term keep = { 0 };
    if (x->kind == FR_DECIMAL) {
        if (!sums) return x;
        const fr_type *sum = fr_type_decimal(c->call, FR_DECIMAL_DIGITS, x->scale);
        return fr_term_yields_owned(c, &keep, sum) ? sum : NULL;
    }
    if (x->kind == FR_U64) return x;
    return fr_type_of(fr_kind_is_float(x->kind) ? FR_F64 : FR_I64);
}

static size_t width_of(const fr_term *term) { return fr_phys_width(fr_type_phys(term->type)); }

/* ---- running totals ---------------------------------------------------------------------------------------------- */
enum { CUM_SUM, CUM_PROD, CUM_MIN, CUM_MAX };
static const char *const cumulative_names[] = { "cum_sum", "cum_prod", "cum_min", "cum_max" };

static bool fail_row(const fr_whole *whole, const fr_term *term, int64_t row, const char *what)
{
    char room[FR_TYPE_TEXT_BYTES];
    return fr_fail_at(
        whole->call,
        fr_place_at(.source = whole->typed->source, .position = term->node->position, .row = whole->base + row),
        FR_ERR_OVERFLOW, "%s overflows %s", what, fr_type_name(term->type, room));
}

static bool accumulate_i64(const fr_whole *whole, const fr_term *term, const fr_column *x, const walk *w, int64_t *to,
                           result *r)
{
    const int64_t *from = x->values;
    int64_t lowest = INT64_MAX;
    for (int64_t g = 0; g < w->n_groups; g++) {
        int64_t total = term->i == CUM_PROD;
        bool any = false;
        for (int64_t at = w->starts[g]; at < w->starts[g + 1]; at++) {
            int64_t row = row_of(w, at), v = from[row];
            if (!fr_is_valid(x, row)) { result_null(r, row); continue; }
            bool bad = false;
            if (term->i == CUM_SUM) bad = __builtin_add_overflow(total, v, &total);
            else if (term->i == CUM_PROD) bad = __builtin_mul_overflow(total, v, &total);
            else if (!any || (term->i == CUM_MIN ? v < total : v > total)) total = v;
            any = true;
            if (bad && row < lowest) lowest = row;
            if (bad) break;
            to[row] = total;
        }
    }
    return lowest == INT64_MAX || fail_row(whole, term, lowest, term->node->name);
}

static bool accumulate_whole(const fr_whole *whole, const fr_term *term, const fr_column *x, const walk *w, void *to,
                             result *r)
{
    const fr_phys phys = fr_type_phys(term->type);
    int64_t lowest = INT64_MAX;
    for (int64_t g = 0; g < w->n_groups; g++) {
        fr_i128 total = term->i == CUM_PROD;
        bool any = false;
        for (int64_t at = w->starts[g]; at < w->starts[g + 1]; at++) {
            const int64_t row = row_of(w, at);
            if (!fr_is_valid(x, row)) { result_null(r, row); continue; }
            const fr_i128 v = whole_at(x, row);
            bool bad = false;
            if (term->i == CUM_SUM) bad = __builtin_add_overflow(total, v, &total);
            else if (term->i == CUM_PROD) bad = __builtin_mul_overflow(total, v, &total);
            else if (!any || (term->i == CUM_MIN ? v < total : v > total)) total = v;
            any = true;
            if (!put_whole(term->type, phys, to, row, total)) bad = true;
            if (bad && row < lowest) lowest = row;
            if (bad) break;
        }
    }
    return lowest == INT64_MAX || fail_row(whole, term, lowest, term->node->name);
}

static void accumulate_f64(const fr_term *term, const fr_column *x, const walk *w, double *to, result *r)
{
    const double *from = x->values;
    for (int64_t g = 0; g < w->n_groups; g++) {
        double total = term->i == CUM_PROD, rest = 0;
        bool any = false;
        for (int64_t at = w->starts[g]; at < w->starts[g + 1]; at++) {
            int64_t row = row_of(w, at);
            double v = from[row];
            if (!fr_is_valid(x, row)) { result_null(r, row); continue; }
            if (term->i == CUM_SUM) {                    /* Neumaier: rest holds what the sum lost */
                double next = total + v;
                if (isfinite(next)) rest += fabs(total) >= fabs(v) ? (total - next) + v : (v - next) + total;
                total = next;
            } else if (term->i == CUM_PROD) total *= v;
            else if (!any || isnan(v) || (term->i == CUM_MIN ? v < total : v > total))
                total = any && isnan(total) ? total : v;
            any = true;
            to[row] = total + rest;
        }
    }
}

static fr_column *whole_cumulative(const fr_whole *whole, const fr_term *term, fr_column *const *args)
{
    FR_CLEANUP(walk_clear) walk w;
    FR_CLEANUP(result_clear) result r = { 0 };
    if (!walk_begin(whole, &w) || !result_begin(whole->call, &r, w.n, width_of(term))) return NULL;
    if (term->phys == FR_PHYS_F64) accumulate_f64(term, args[0], &w, r.values->data, &r);
    else if (term->phys != FR_PHYS_I64) {
        if (!accumulate_whole(whole, term, args[0], &w, r.values->data, &r)) return NULL;
    } else if (!accumulate_i64(whole, term, args[0], &w, r.values->data, &r)) return NULL;
    return result_column(whole->call, &r, term->type, w.n);
}

static fr_column *whole_cum_count(const fr_whole *whole, const fr_term *term, fr_column *const *args)
{
    FR_CLEANUP(walk_clear) walk w;
    FR_CLEANUP(result_clear) result r = { 0 };
    if (!walk_begin(whole, &w) || !result_begin(whole->call, &r, w.n, 8)) return NULL;
    int64_t *to = r.values->data;
    for (int64_t g = 0; g < w.n_groups; g++) {
        int64_t count = 0;
        for (int64_t at = w.starts[g]; at < w.starts[g + 1]; at++)
            to[row_of(&w, at)] = count += fr_is_valid(args[0], row_of(&w, at));
    }
    return result_column(whole->call, &r, term->type, w.n);
}

bool fr_check_cumulative(fr_checker *c, fr_term *term)
{
    fr_kind kind = term->args[0]->type->kind;
    if (!strcmp(term->function->name, "cum_count")) return whole_yields(term, whole_cum_count, fr_type_of(FR_I64));
    if (!fr_kind_is_number(kind) && kind != FR_NULL && kind != FR_BOOL) return fr_check_wrong(c, term, 0, "a number");
    for (int i = 0; i < (int)FR_COUNT_OF(cumulative_names); i++)
        if (!strcmp(cumulative_names[i], term->function->name)) term->i = i;
    const bool floats = kind == FR_DECIMAL && term->i == CUM_PROD;         /* each factor would add its decimals */
    const fr_type *type = floats ? fr_type_of(FR_F64) : running_type(c, term->args[0]->type, term->i == CUM_SUM);
    if (!type) return false;
    if (kind == FR_DECIMAL && !floats) return whole_yields(term, whole_cumulative, type);
    if (kind == FR_BOOL) {
        fr_term *as = fr_cast_term(c, term->args[0], type, FR_CAST_WIDEN);
        if (!as) return false;
        term->args[0] = as;
    }
    return fr_check_as(c, term, 0, type) && whole_yields(term, whole_cumulative, type);
}

/* ---- the last n rows --------------------------------------------------------------------------------------------- */
/* Each window of n rows is the end of one stretch of n rows and the beginning of the next, so two running totals give
 * it, one from the stretch's end backwards and one forwards, and no value is taken away from a sum again:
 *
 *     n = 3     rows  a b c | d e f        windows  b c + d,  c + d e,  d e f
 */
enum { ROLLING_SUM, ROLLING_MEAN, ROLLING_MIN, ROLLING_MAX };
static const char *const rolling_names[] = { "rolling_sum", "rolling_mean", "rolling_min", "rolling_max" };

typedef struct gathered {        /* of some rows: a sum of doubles with what it lost, or of wholes; or the best value */
    int64_t  count;
    double   total, rest;
    fr_i128  whole;
    bool     over;               /* the sum of wholes does not fit 128 bits */
} gathered;

typedef struct rolling {
    int            what;
    int64_t        n;
    bool           whole;
    int            scale;        /* of the values, where they are decimals */
    const fr_type *type;         /* of the results */
    fr_phys        phys;
} rolling;

static gathered gather(const rolling *r, gathered a, gathered b)
{
    if (!a.count || !b.count) return a.count ? a : b;
    gathered out = { .count = a.count + b.count };
    if (r->what >= ROLLING_MIN) {
        bool second = r->whole ? (r->what == ROLLING_MIN ? b.whole < a.whole : b.whole > a.whole)
                               : !isnan(a.total) && (isnan(b.total) || (r->what == ROLLING_MIN ? b.total < a.total
                                                                                             : b.total > a.total));
        out.whole = second ? b.whole : a.whole;
        out.total = second ? b.total : a.total;
        return out;
    }
    out.over = __builtin_add_overflow(a.whole, b.whole, &out.whole) || a.over || b.over;
    out.total = a.total + b.total;
    if (isfinite(out.total))
        out.rest = a.rest + b.rest + (fabs(a.total) >= fabs(b.total) ? (a.total - out.total) + b.total
                                                                     : (b.total - out.total) + a.total);
    return out;
}

static gathered gather_row(const rolling *r, const fr_column *x, int64_t row)
{
    if (!fr_is_valid(x, row)) return (gathered){ 0 };
    if (r->whole) return (gathered){ .count = 1, .whole = whole_at(x, row) };
    return (gathered){ .count = 1, .total = ((const double *)x->values)[row] };
}

/* The result of a row; false: its type has no such value. */
static bool put_rolled(const rolling *r, const gathered *g, result *out, int64_t row)
{
    double *real = out->values->data;
    fr_i128 mean;
    if (g->count < r->n) return result_null(out, row), true;
    if (g->over) return false;
    if (r->what == ROLLING_MEAN && r->type->kind == FR_DECIMAL)
        return !fr_decimal_compute('/', g->whole, r->scale, g->count, 0,
                                   (fr_digits){ r->type->precision, r->type->scale }, &mean) &&
            put_whole(r->type, r->phys, out->values->data, row, mean);
    if (r->what == ROLLING_MEAN) real[row] = (r->whole ? (double)g->whole : g->total + g->rest) / (double)g->count;
    else if (!r->whole) real[row] = g->total + g->rest;
    else return put_whole(r->type, r->phys, out->values->data, row, g->whole);
    return true;
}

static void roll_group(const rolling *r, const fr_column *x, const walk *w, int64_t g, gathered *ends, result *out,
                       int64_t *lowest)
{
    gathered now = { 0 };
    for (int64_t begin = w->starts[g], end = w->starts[g + 1], at = begin; at < end; at++) {
        int64_t in = (at - begin) % r->n, row = row_of(w, at);
        now = gather(r, in ? now : (gathered){ 0 }, gather_row(r, x, row));
        const bool is_first = at - begin < r->n;
        gathered all = in + 1 == r->n ? now : is_first ? (gathered){ 0 } : gather(r, ends[in + 1], now);
        if (!put_rolled(r, &all, out, row) && row < *lowest) *lowest = row;
        if (in + 1 < r->n) continue;
        gathered back = { 0 };
        for (int64_t i = r->n - 1; i >= 0; i--)
            ends[i] = back = gather(r, gather_row(r, x, row_of(w, at - (r->n - 1 - i))), back);
    }
}

static fr_column *whole_rolling(const fr_whole *whole, const fr_term *term, fr_column *const *args)
{
    FR_CLEANUP(walk_clear) walk w;
    FR_CLEANUP(result_clear) result out = { 0 };
    const fr_type *x = term->args[0]->type;
    const rolling r = { (int)term->i, term->j, x->kind != FR_F64, x->kind == FR_DECIMAL ? x->scale : 0, term->type,
                        fr_type_phys(term->type) };
    if (!walk_begin(whole, &w) || !result_begin(whole->call, &out, w.n, width_of(term))) return NULL;
    const int64_t n_ends = r.n < w.n ? r.n : w.n;
    gathered *ends = fr_arena_array(whole->call, &w.arena, (size_t)n_ends, sizeof *ends);
    int64_t lowest = INT64_MAX;
    if (!ends) return NULL;
    for (int64_t g = 0; g < w.n_groups; g++) roll_group(&r, args[0], &w, g, ends, &out, &lowest);
    if (lowest < INT64_MAX) return fail_row(whole, term, lowest, term->node->name), NULL;
    return result_column(whole->call, &out, term->type, w.n);
}

/* Means of decimals have at least six places, as the aggregate has. */
static bool rolls_decimals(fr_checker *c, fr_term *term, const fr_type *type)
{
    fr_term keep = { 0 };
    if (term->i == ROLLING_MEAN) {
        type = fr_type_decimal(c->call, FR_DECIMAL_DIGITS, type->scale < 6 ? 6 : type->scale);
        if (!fr_term_yields_owned(c, &keep, type)) return false;
    }
    return whole_yields(term, whole_rolling, type);
}

bool fr_check_rolling(fr_checker *c, fr_term *term)
{
    fr_kind kind = term->args[0]->type->kind;
    if (!fr_kind_is_number(kind) && kind != FR_NULL) return fr_check_wrong(c, term, 0, "a number");
    for (int i = 0; i < (int)FR_COUNT_OF(rolling_names); i++)
        if (!strcmp(rolling_names[i], term->function->name)) term->i = i;
    if (!fr_check_integer(c, term, 1, &term->j)) return false;
    if (term->j < 1)
        return fr_check_fail(c, term->args[1], FR_ERR_ARGUMENT, "so many rows: this one and those before it",
                             "%s needs at least one row", term->node->name);
    term->n_args = 1;
    const fr_type *type = running_type(c, term->args[0]->type, term->i == ROLLING_SUM);
    if (!type || kind == FR_DECIMAL) return type && rolls_decimals(c, term, type);
    return fr_check_as(c, term, 0, type) &&
           whole_yields(term, whole_rolling, term->i == ROLLING_MEAN ? fr_type_of(FR_F64) : type);
}

/* ---- row_number -------------------------------------------------------------------------------------------------- */
static fr_column *whole_row_number(const fr_whole *whole, const fr_term *term, fr_column *const *args)
{
    (void)args;
    FR_CLEANUP(walk_clear) walk w;
    FR_CLEANUP(result_clear) result r = { 0 };
    if (!walk_begin(whole, &w) || !result_begin(whole->call, &r, w.n, 8)) return NULL;
    int64_t *to = r.values->data;
    for (int64_t g = 0; g < w.n_groups; g++)
        for (int64_t at = w.starts[g]; at < w.starts[g + 1]; at++) to[row_of(&w, at)] = at - w.starts[g];
    return result_column(whole->call, &r, term->type, w.n);
}
bool fr_check_row_number(fr_checker *c, fr_term *term)
{
    return (void)c, whole_yields(term, whole_row_number, fr_type_of(FR_I64));
}

/* ---- categories -------------------------------------------------------------------------------------------------- */
fr_column *fr_whole_category(const fr_whole *whole, const fr_term *term, fr_column *const *args)
{
    (void)term;
    FR_OWNED fr_column *codes = fr_column_as_codes(whole->call, args[0]);
    return codes ? fr_column_retype(whole->call, codes, fr_type_of(FR_CAT)) : NULL;
}
