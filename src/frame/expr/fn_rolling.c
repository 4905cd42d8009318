/* fn_rolling.c — rolling_sum, rolling_mean, rolling_min, rolling_max: of the last n rows.
 *
 * Each window of n rows is the end of one stretch of n rows and the beginning of the next, so two running totals give
 * it, one from the stretch's end backwards and one forwards, and no value is taken away from a sum again:
 *
 *     n = 3     rows  a b c | d e f        windows  b c + d,  c + d e,  d e f
 *
 * A stretch needs nothing but the one before it, so that they are gone through side by side: the same for any number of
 * threads. A window with a null is null whatever the totals say, and no other window has its rows in a total. 3·10^6
 * doubles: CPU 104 → 11 ns a row.
 *
 * Source   M. van Herk, Pattern Recognition Letters 13 (1992) 517-521, for extremes.
 */
#include "expr/walk.h"

#include "base/decimal.h"
#include "base/number.h"
#include "base/threads.h"
#include "expr/decimal_rules.h"

#include <math.h>
#include <string.h>

enum { BLOCK_ROWS = 1 << 16 };             /* places in which the stretches of a parallel block begin */
enum { ROLLING_SUM, ROLLING_MEAN, ROLLING_MIN, ROLLING_MAX };
static const char *const rolling_names[] = { "rolling_sum", "rolling_mean", "rolling_min", "rolling_max" };

typedef struct rolling rolling;

/* Some stretches of a group that follow one another. */
typedef struct stretch_run { int64_t group, from, end; } stretch_run;         /* places */

struct rolling {
    int              what;
    int64_t          n;                    /* at most as many as there are rows */
    int              scale;                /* of the values, where they are decimals */
    const fr_type   *type;                 /* of the results */
    fr_phys          phys;
    const fr_column *x;
    const fr_walk   *walk;
    void           (*roll)(rolling *r, const stretch_run *run, void *ends);
    fr_row_results   out;
    size_t           state_bytes;
    char            *ends;                 /* by worker: n states, of the end of a stretch from each of its rows on */
    fr_lowest_row    lowest;               /* row whose result its type does not have */
};

/* ---- states: what is known of some rows -------------------------------------------------------------------------- */
typedef struct real_sum { double total, rest; } real_sum;                     /* rest: what the sum lost */

static inline real_sum real_sum_of(double x) { return (real_sum){ .total = x }; }

static inline real_sum add_reals(real_sum a, real_sum b)
{
    const double total = a.total + b.total, part = total - a.total;
    return (real_sum){ total, a.rest + b.rest + ((a.total - (total - part)) + (b.total - part)) };
}

/* Behind an infinity the rest is not a number. */
static inline void put_real_sum(rolling *r, int64_t row, real_sum sum)
{
    const double x = isfinite(sum.total) ? sum.total + sum.rest : sum.total;
    ((double *)r->out.values->data)[row] = r->what == ROLLING_MEAN ? x / (double)r->n : x;
}

typedef struct whole_sum { fr_i128 total; bool over; } whole_sum;             /* over: does not fit 128 bits */

static inline fr_i128 sum_of_i64(int64_t x) { return x; }
static inline fr_i128 sum_of_u64(uint64_t x) { return x; }
static inline fr_i128 add_wholes(fr_i128 a, fr_i128 b) { return a + b; }
static inline whole_sum sum_of_decimal(fr_i128 x) { return (whole_sum){ .total = x }; }

static inline whole_sum add_wide(whole_sum a, whole_sum b)
{
    whole_sum sum;
    sum.over = __builtin_add_overflow(a.total, b.total, &sum.total) || a.over || b.over;
    return sum;
}

static inline double real_of(fr_i128 x) { return x == (int64_t)x ? (double)(int64_t)x : (double)x; }

static inline void put_whole_sum(rolling *r, int64_t row, fr_i128 sum)
{
    if (r->what == ROLLING_MEAN) ((double *)r->out.values->data)[row] = real_of(sum) / (double)r->n;
    else if (!fr_whole_put(r->type, r->phys, r->out.values->data, row, sum)) fr_lower_row(&r->lowest, row);
}

static void put_decimal_sum(rolling *r, int64_t row, whole_sum sum)
{
    const fr_digits digits = { r->type->precision, r->type->scale };
    fr_i128 x = sum.total;
    const bool fits = !sum.over && (r->what != ROLLING_MEAN || !fr_decimal_compute('/', x, r->scale, r->n, 0, digits, &x));
    if (!fits || !fr_whole_put(r->type, r->phys, r->out.values->data, row, x)) fr_lower_row(&r->lowest, row);
}

static inline double of_f64(double x) { return x; }
static inline int64_t of_i64(int64_t x) { return x; }
static inline uint64_t of_u64(uint64_t x) { return x; }
static inline fr_i128 of_i128(fr_i128 x) { return x; }

/* The first NaN, else the first of the best. */
static inline double less_f64(double a, double b) { return isnan(a) || !(isnan(b) || b < a) ? a : b; }
static inline double more_f64(double a, double b) { return isnan(a) || !(isnan(b) || b > a) ? a : b; }
static inline int64_t less_i64(int64_t a, int64_t b) { return b < a ? b : a; }
static inline int64_t more_i64(int64_t a, int64_t b) { return b > a ? b : a; }
static inline uint64_t less_u64(uint64_t a, uint64_t b) { return b < a ? b : a; }
static inline uint64_t more_u64(uint64_t a, uint64_t b) { return b > a ? b : a; }
static inline fr_i128 less_i128(fr_i128 a, fr_i128 b) { return b < a ? b : a; }
static inline fr_i128 more_i128(fr_i128 a, fr_i128 b) { return b > a ? b : a; }

static inline void put_f64(rolling *r, int64_t row, double x) { ((double *)r->out.values->data)[row] = x; }
static inline void put_i64(rolling *r, int64_t row, int64_t x) { ((int64_t *)r->out.values->data)[row] = x; }
static inline void put_u64(rolling *r, int64_t row, uint64_t x) { ((uint64_t *)r->out.values->data)[row] = x; }
static inline void put_i128(rolling *r, int64_t row, fr_i128 x)
{
    if (!fr_whole_put(r->type, r->phys, r->out.values->data, row, x)) fr_lower_row(&r->lowest, row);
}

/* ---- one walk for each ------------------------------------------------------------------------------------------- */
#define T double
#define STATE real_sum
#define OF real_sum_of
#define BOTH add_reals
#define PUT put_real_sum
#define FN(name) name##_f64_sums
#include "expr/rolling.inc.h"

#define T double
#define STATE double
#define OF of_f64
#define BOTH less_f64
#define PUT put_f64
#define FN(name) name##_f64_least
#include "expr/rolling.inc.h"

#define T double
#define STATE double
#define OF of_f64
#define BOTH more_f64
#define PUT put_f64
#define FN(name) name##_f64_most
#include "expr/rolling.inc.h"

#define T int64_t
#define STATE fr_i128
#define OF sum_of_i64
#define BOTH add_wholes
#define PUT put_whole_sum
#define FN(name) name##_i64_sums
#include "expr/rolling.inc.h"

#define T int64_t
#define STATE int64_t
#define OF of_i64
#define BOTH less_i64
#define PUT put_i64
#define FN(name) name##_i64_least
#include "expr/rolling.inc.h"

#define T int64_t
#define STATE int64_t
#define OF of_i64
#define BOTH more_i64
#define PUT put_i64
#define FN(name) name##_i64_most
#include "expr/rolling.inc.h"

#define T uint64_t
#define STATE fr_i128
#define OF sum_of_u64
#define BOTH add_wholes
#define PUT put_whole_sum
#define FN(name) name##_u64_sums
#include "expr/rolling.inc.h"

#define T uint64_t
#define STATE uint64_t
#define OF of_u64
#define BOTH less_u64
#define PUT put_u64
#define FN(name) name##_u64_least
#include "expr/rolling.inc.h"

#define T uint64_t
#define STATE uint64_t
#define OF of_u64
#define BOTH more_u64
#define PUT put_u64
#define FN(name) name##_u64_most
#include "expr/rolling.inc.h"

#define T fr_i128
#define STATE whole_sum
#define OF sum_of_decimal
#define BOTH add_wide
#define PUT put_decimal_sum
#define FN(name) name##_i128_sums
#include "expr/rolling.inc.h"

#define T int64_t
#define STATE whole_sum
#define OF sum_of_decimal
#define BOTH add_wide
#define PUT put_decimal_sum
#define FN(name) name##_decimal_sums
#include "expr/rolling.inc.h"

#define T fr_i128
#define STATE fr_i128
#define OF of_i128
#define BOTH less_i128
#define PUT put_i128
#define FN(name) name##_i128_least
#include "expr/rolling.inc.h"

#define T fr_i128
#define STATE fr_i128
#define OF of_i128
#define BOTH more_i128
#define PUT put_i128
#define FN(name) name##_i128_most
#include "expr/rolling.inc.h"

typedef struct walker {
    void (*roll)(rolling *r, const stretch_run *run, void *ends);
    size_t state_bytes;
} walker;

/* Decimals of few digits are i64. */
static walker walker_of(const fr_column *x, int what)
{
    static const walker reals[] = { { roll_f64_sums, sizeof(real_sum) }, { roll_f64_least, 8 }, { roll_f64_most, 8 } };
    static const walker signs[] = { { roll_i64_sums, 16 }, { roll_i64_least, 8 }, { roll_i64_most, 8 } };
    static const walker bits[] = { { roll_u64_sums, 16 }, { roll_u64_least, 8 }, { roll_u64_most, 8 } };
    static const walker wide[] = { { roll_i128_sums, sizeof(whole_sum) }, { roll_i128_least, 16 }, { roll_i128_most, 16 } };
    const int which = what == ROLLING_MAX ? 2 : what == ROLLING_MIN ? 1 : 0;
    if (x->type->kind == FR_DECIMAL && x->phys == FR_PHYS_I64 && !which)
        return (walker){ roll_decimal_sums, sizeof(whole_sum) };
    switch (x->phys) {
    case FR_PHYS_F64: return reals[which];
    case FR_PHYS_U64: return bits[which];
    case FR_PHYS_I128: return wide[which];
    default: return signs[which];
    }
}

/* ---- blocks ------------------------------------------------------------------------------------------------------ */
/* Where the first stretch of a group begins at or behind `place`. */
static int64_t stretch_from(const rolling *r, int64_t group, int64_t place)
{
    return place <= group ? group : group + (place - group + r->n - 1) / r->n * r->n;
}

static bool roll_block(fr_call *call, void *state, size_t block, size_t worker)
{
    rolling *r = state;
    const fr_walk *w = r->walk;
    const int64_t begin = (int64_t)block * BLOCK_ROWS, left = w->n - begin;
    const int64_t end = left < BLOCK_ROWS ? w->n : begin + BLOCK_ROWS;
    if (!fr_go_on(call)) return false;
    for (int64_t g = fr_walk_group_at(w, begin); g < w->n_groups && w->starts[g] < end; g++) {
        const int64_t from = stretch_from(r, w->starts[g], begin), until = stretch_from(r, w->starts[g], end);
        const stretch_run run = { w->starts[g], from, until < w->starts[g + 1] ? until : w->starts[g + 1] };
        if (run.from < run.end) r->roll(r, &run, r->ends + worker * (size_t)r->n * r->state_bytes);
    }
    return true;
}

/* A window that is longer than a block of places would cost each thread as much memory as itself, and few of them would have
 * a stretch to go through: one does. */
static bool roll_all(fr_call *call, rolling *r)
{
    const size_t n_blocks = fr_block_count((size_t)r->walk->n, BLOCK_ROWS);
    const size_t n_workers = r->n > BLOCK_ROWS ? 1 : fr_worker_count(call);
    FR_CLEANUP(fr_drop_buffer) fr_buffer *ends = fr_buffer_array(call, (size_t)r->n * n_workers, r->state_bytes);
    if (!ends) return false;
    r->ends = ends->data;
    if (n_workers > 1) return fr_for_blocks(call, n_blocks, roll_block, r);
    for (size_t block = 0; block < n_blocks; block++)
        if (!roll_block(call, r, block, 0)) return false;
    return true;
}

static fr_column *whole_rolling(const fr_whole *whole, const fr_term *term, fr_column *const *args)
{
    FR_CLEANUP(fr_walk_clear) fr_walk w;
    FR_CLEANUP(fr_row_results_clear) fr_row_results out = { 0 };
    const fr_type *x = term->args[0]->type;
    const size_t width = fr_phys_width(fr_type_phys(term->type));
    if (!fr_walk_begin(whole, &w) || !fr_row_results_begin(whole->call, &out, w.n, width)) return NULL;
    if (term->j > w.n) {
        memset(out.valid->data, 0, out.valid->size_bytes);
        return fr_row_results_column(whole->call, &out, term->type, w.n);
    }
    const walker how = walker_of(args[0], (int)term->i);
    rolling r = { .what = (int)term->i, .n = term->j, .scale = x->kind == FR_DECIMAL ? x->scale : 0, .type = term->type,
                  .phys = fr_type_phys(term->type), .x = args[0], .walk = &w, .roll = how.roll, .out = out,
                  .state_bytes = how.state_bytes, .lowest = INT64_MAX };
    if (!roll_all(whole->call, &r)) return NULL;
    const int64_t lowest = atomic_load(&r.lowest);
    if (lowest < INT64_MAX) return (void)fr_fail_running(whole, term, lowest), NULL;
    return fr_row_results_column(whole->call, &out, term->type, w.n);
}

/* ---- checking ---------------------------------------------------------------------------------------------------- */
/* Means of decimals have at least six places, as the aggregate has. */
static bool rolls_decimals(fr_checker *c, fr_term *term, const fr_type *type)
{
    fr_term keep = { 0 };
    if (term->i == ROLLING_MEAN) {
        type = fr_type_decimal(c->call, FR_DECIMAL_DIGITS, type->scale < 6 ? 6 : type->scale);
        if (!fr_term_yields_owned(c, &keep, type)) return false;
    }
    return fr_whole_yields(term, whole_rolling, type);
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
    const fr_type *type = fr_running_type(c, term->args[0]->type, term->i == ROLLING_SUM);
    if (!type || kind == FR_DECIMAL) return type && rolls_decimals(c, term, type);
    return fr_check_as(c, term, 0, type) &&
           fr_whole_yields(term, whole_rolling, term->i == ROLLING_MEAN ? fr_type_of(FR_F64) : type);
}
