/* fn_window.c — functions that look at other rows: shift, diff, cum_sum …, row_index; all take `over`. rolling_mean … is
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

#include "base/put_bytes.h"
#include "base/threads.h"
#include "data/column_make.h"
#include "kernel/whole.h"

#include <math.h>
#include <string.h>

/* ---- shift, diff ------------------------------------------------------------------------------------------------- */
enum { BLOCK_ROWS = 1 << 16 };

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

/* Without groups values of a fixed width are moved as they lie. 10^6 doubles: CPU 5.2 → 1.4 ms. */
typedef struct move { const char *from; char *to; size_t width; int64_t n, by; } move;      /* by: rows down */

/* Rows first … last - 1 of the block have a source. */
static bool move_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const move *m = state;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, end = fr_smaller(begin + BLOCK_ROWS, m->n);
    const int64_t source_end = fr_smaller(m->n + m->by, end);
    const int64_t first = m->by > begin ? fr_smaller(m->by, end) : begin, last = source_end > first ? source_end : first;
    const size_t w = m->width;
    memset(m->to + (size_t)begin * w, 0, (size_t)(first - begin) * w);
    if (first < last) fr_put_many(m->to + (size_t)first * w, m->from + (size_t)(first - m->by) * w, (size_t)(last - first) * w);
    memset(m->to + (size_t)last * w, 0, (size_t)(end - last) * w);
    return fr_go_on(call);
}

/* The bits first … end - 1, of zeroed words. */
static void set_bits(uint64_t *words, int64_t first, int64_t end)
{
    for (int64_t word = first / 64; word * 64 < end; word++)
        words[word] = fr_bits_below(word, end) & ~fr_bits_below(word, first);
}

static void move_valid(const fr_column *column, int64_t by, uint64_t *out)
{
    const int64_t n = column->length, n_moved = n - (by < 0 ? -by : by);
    if (n_moved == 0) return;
    if (!column->null_count) set_bits(out, by > 0 ? by : 0, by > 0 ? n : n_moved);
    else if (by >= 0) FR_ISA_PICK(fr_bits_kernels)->append(out, by, column->valid, n_moved);
    else FR_ISA_PICK(fr_bits_kernels)->cut(out, column->valid, -by, n_moved);
}

/* What lies under the nulls of others' memory is not known to be zero. */
static bool moves(const fr_column *column)
{
    return column->phys >= FR_PHYS_I8 && column->phys <= FR_PHYS_F64 && !column->dictionary && !column->pieced
        && column->null_count < column->length && !(column->foreign && column->null_count);
}

static fr_column *moved(fr_call *call, const fr_column *column, int64_t by)
{
    const int64_t n = column->length;
    const size_t width = fr_phys_width(column->phys);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *values = fr_buffer_array(call, (size_t)n, width);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *valid = values ? fr_bits_new(call, n) : NULL;
    if (!valid) return NULL;
    move m = { column->values, values->data, width, n, by > n ? n : by < -n ? -n : by };
    if (!fr_for_blocks(call, fr_block_count((size_t)n, BLOCK_ROWS), move_block, &m)) return NULL;
    move_valid(column, m.by, valid->data);
    fr_column_parts parts = fr_parts_like(column);
    parts.length = n;
    parts.values = values;
    parts.valid = valid;
    parts.null_count = -1;
    return fr_column_new(call, &parts);
}

/* The column moved n rows down (negative: up) within each group; rows without a source are null. */
static fr_column *shifted(const fr_whole *whole, const fr_column *column, int64_t by)
{
    FR_CLEANUP(fr_walk_clear) fr_walk w = { 0 };
    if (!whole->ids && moves(column)) return moved(whole->call, column, by);
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

static void null_row(const running *r, int64_t row)
{
    const size_t width = fr_phys_width(fr_type_phys(r->term->type));
    memset((char *)r->out.values->data + (size_t)row * width, 0, width);
    fr_row_results_null(&r->out, row);
}

static void accumulate_i64(void *state, int64_t g)
{
    running *r = state;
    const fr_walk *w = r->walk;
    const int64_t *from = r->x->values, what = r->term->i;
    int64_t *to = r->out.values->data, total = what == CUM_PROD;
    bool any = false;
    for (int64_t at = w->starts[g]; at < w->starts[g + 1]; at++) {
        const int64_t row = fr_walk_row(w, at), v = from[row];
        fr_walk_ask(w, at, from, sizeof *from);
        fr_walk_ask(w, at, to, sizeof *to);
        if (!fr_is_valid(r->x, row)) { null_row(r, row); continue; }
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
        fr_walk_ask(w, at, r->x->values, fr_phys_width(r->x->phys));
        fr_walk_ask(w, at, r->out.values->data, fr_phys_width(phys));
        if (!fr_is_valid(r->x, row)) { null_row(r, row); continue; }
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

/* Of the places from begin on, behind rows whose sum, or product, is `before`. */
static void accumulate_places(running *r, int64_t begin, int64_t end, fr_pair before)
{
    const fr_walk *w = r->walk;
    const int64_t what = r->term->i;
    const double *from = r->x->values;
    double *to = r->out.values->data, total = before.high, rest = before.low;
    bool any = false;
    for (int64_t at = begin; at < end; at++) {
        const int64_t row = fr_walk_row(w, at);
        const double v = from[row];
        fr_walk_ask(w, at, from, sizeof *from);
        fr_walk_ask(w, at, to, sizeof *to);
        if (!fr_is_valid(r->x, row)) { null_row(r, row); continue; }
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

static void accumulate_f64(void *state, int64_t g)
{
    running *r = state;
    const fr_walk *w = r->walk;
    accumulate_places(r, w->starts[g], w->starts[g + 1], (fr_pair){ .high = r->term->i == CUM_PROD });
}

/* Without groups blocks of rows are summed first, all at once, so that each knows what it begins with. 10^6 doubles, wall of
 * two busy cores: 1.9 → 1.25 ms. */
typedef struct block_sums { running *running; fr_pair *before; } block_sums;     /* before: one more than blocks */

static bool sum_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const block_sums *s = state;
    const fr_column *x = s->running->x;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, n = fr_smaller(BLOCK_ROWS, x->length - begin);
    FR_ISA_PICK(fr_whole_kernels)->sum_f64(&s->before[block + 1], (const double *)x->values + begin, (size_t)n);
    return fr_go_on(call);
}

static bool accumulate_block(fr_call *call, void *state, size_t block, size_t worker)
{
    (void)worker;
    const block_sums *s = state;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, n = fr_smaller(BLOCK_ROWS, s->running->x->length - begin);
    accumulate_places(s->running, begin, begin + n, s->before[block]);
    return fr_go_on(call);
}

/* Is what each block begins with a number? A block alone may leave the doubles where the sum of all does not. */
static bool add_up(fr_pair *before, size_t n_blocks)
{
    for (size_t i = 0; i < n_blocks; i++) {
        fr_pair_merge(&before[i + 1], &before[i]);
        if (!isfinite(before[i + 1].high) || !isfinite(before[i + 1].low)) return false;
    }
    return true;
}

static bool sums_blocks(const running *r)
{
    const bool zeros = !r->x->foreign || !r->x->null_count;            /* under nulls of ours */
    return r->term->i == CUM_SUM && !r->walk->listed && !r->x->pieced && zeros && r->x->length > BLOCK_ROWS;
}

/* *done: else group by group. */
static bool accumulate_blocks(fr_call *call, running *r, bool *done)
{
    const size_t n_blocks = fr_block_count((size_t)r->x->length, BLOCK_ROWS);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *before = fr_buffer_zeroed(call, (n_blocks + 1) * sizeof(fr_pair));
    block_sums s = { r, before ? before->data : NULL };
    if (!before || !fr_for_blocks(call, n_blocks, sum_block, &s)) return false;
    *done = add_up(s.before, n_blocks);
    return !*done || fr_for_blocks(call, n_blocks, accumulate_block, &s);
}

static void count_values(void *state, int64_t g)
{
    running *r = state;
    const fr_walk *w = r->walk;
    int64_t *to = r->out.values->data, count = 0;
    for (int64_t at = w->starts[g]; at < w->starts[g + 1]; at++) {
        fr_walk_ask(w, at, to, sizeof *to);
        to[fr_walk_row(w, at)] = count += fr_is_valid(r->x, fr_walk_row(w, at));
    }
}

static void number_rows(void *state, int64_t g)
{
    running *r = state;
    const fr_walk *w = r->walk;
    int64_t *to = r->out.values->data;
    for (int64_t at = w->starts[g]; at < w->starts[g + 1]; at++) {
        fr_walk_ask(w, at, to, sizeof *to);
        to[fr_walk_row(w, at)] = at - w->starts[g];
    }
}

static fr_column *run_over_groups(const fr_whole *whole, const fr_term *term, const fr_column *x, fr_group_fn *fn)
{
    FR_CLEANUP(fr_walk_clear) fr_walk w;
    FR_CLEANUP(fr_row_results_clear) fr_row_results out = { 0 };
    if (!fr_walk_begin(whole, &w)) return NULL;
    if (!fr_row_results_begin_undefined(whole->call, &out, w.n, fr_phys_width(fr_type_phys(term->type)))) return NULL;
    running r = { .term = term, .x = x, .walk = &w, .out = out, .lowest = INT64_MAX };
    bool done = false;
    if (fn == accumulate_f64 && sums_blocks(&r) && !accumulate_blocks(whole->call, &r, &done)) return NULL;
    if (!done && !fr_walk_groups(whole->call, &w, fn, &r)) return NULL;
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
    for (int i = 0; i < (int)FR_COUNT_OF(cumulative_names); i++)
        if (!strcmp(cumulative_names[i], term->function->name)) term->i = i;
    const bool extreme = term->i == CUM_MIN || term->i == CUM_MAX, of_times = extreme && fr_kind_is_temporal(kind);
    if (of_times || (term->i == CUM_SUM && kind == FR_DURATION))
        return fr_whole_yields(term, whole_cumulative, term->args[0]->type);
    const char *wanted = extreme ? "a number, date or time" : term->i == CUM_SUM ? "a number or duration" : "a number";
    if (!fr_kind_is_number(kind) && kind != FR_NULL && kind != FR_BOOL) return fr_check_wrong(c, term, 0, wanted);
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

/* ---- row_index --------------------------------------------------------------------------------------------------- */
static fr_column *whole_row_index(const fr_whole *whole, const fr_term *term, fr_column *const *args)
{
    (void)args;
    return run_over_groups(whole, term, NULL, number_rows);
}

bool fr_check_row_index(fr_checker *c, fr_term *term)
{
    return (void)c, fr_whole_yields(term, whole_row_index, fr_type_of(FR_I64));
}

/* ---- categories -------------------------------------------------------------------------------------------------- */
fr_column *fr_whole_category(const fr_whole *whole, const fr_term *term, fr_column *const *args)
{
    (void)term;
    FR_OWNED fr_column *codes = fr_column_as_codes(whole->call, args[0]);
    return codes ? fr_column_retype(whole->call, codes, fr_type_of(FR_CAT)) : NULL;
}
