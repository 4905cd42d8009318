/* fn_math.c — functions of numbers. */
#include "base/decimal.h"
#include "base/hash.h"
#include "base/number.h"
#include "expr/decimal_rules.h"
#include "expr/functions.h"
#include "expr/term_range.h"
#include "expr/text_scan.h"
#include "kernel/arith.h"
#include "kernel/blend.h"
#include "kernel/bounds.h"
#include "kernel/compare.h"
#include "kernel/elementary.h"

#include <math.h>
#include <string.h>

/* ---- one float in, one float out --------------------------------------------------------------------------------- */
/* Zeros and nan as they are; of the others half may be negative, so no branch. */
static inline double sign_of(double x)
{
    const double sign = copysign(1, x);
    return x == 0 || x != x ? x : sign;
}

/* A constant has the bits of a row. */
static void run_kernel(const fr_run *run, fr_elementary_kernel *kernel, const fr_vector *x, double *to)
{
    double one = 0;
    if (x->step) {
        kernel(to, x->values, run->n);
        return;
    }
    kernel(&one, x->values, 1);
    for (size_t i = 0; i < run->n; i++) to[i] = one;
}

static fr_elementary_kernel *kernel_of(double (*f)(double))
{
    const fr_elementary_kernels *k = FR_ISA_PICK(fr_elementary_kernels);
    return f == exp ? k->exp : f == sin ? k->sin : f == cos ? k->cos : NULL;
}

bool fr_loop_f64(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    double *to = out->room, (*f)(double) = term->f64;
    fr_elementary_kernel *kernel = kernel_of(f);
    if (kernel) run_kernel(run, kernel, args, to);
    else if (f == sqrt && args->step) FR_ISA_PICK(fr_arith_kernels)->sqrt_f64(to, args->values, run->n);
    else if (f == fr_f64_sign) for (size_t i = 0; i < run->n; i++) to[i] = sign_of(fr_at_f64(args, i));
    else for (size_t i = 0; i < run->n; i++) to[i] = f(fr_at_f64(args, i));
    return true;
}

double fr_f64_sign(double x) { return sign_of(x); }
/* libm's cube root may be off by one ulp; a Newton step on it makes cbrt(27) 3. Near the ends of the range y³ would
 * overflow or lose digits. */
double fr_f64_cbrt(double x)
{
    double y = cbrt(x);
    if (!(fabs(x) > 1e-290 && fabs(x) < 1e290)) return y;
    return y - (y * y * y - x) / (3 * y * y);
}
double fr_f64_degrees(double x) { return x * (180 / 3.14159265358979323846); }
double fr_f64_radians(double x) { return x * (3.14159265358979323846 / 180); }

static bool run_two(fr_run *run, const fr_vector *args, fr_vector *out, double (*f)(double, double))
{
    double *to = out->room;
    for (size_t i = 0; i < run->n; i++) to[i] = f(fr_at_f64(args, i), fr_at_f64(args + 1, i));
    return true;
}
bool fr_loop_atan2(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    return (void)term, run_two(run, args, out, atan2);
}
bool fr_loop_hypot(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    return (void)term, run_two(run, args, out, hypot);
}

static double log_base(double x, double base)
{
    return base == 2 ? log2(x) : base == 10 ? log10(x) : log(x) / log(base);
}
bool fr_loop_log(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    if (term->n_args == 2) return run_two(run, args, out, log_base);
    return run_kernel(run, FR_ISA_PICK(fr_elementary_kernels)->log, args, out->room), true;
}

/* ---- classes of floats ------------------------------------------------------------------------------------------- */
static bool run_class(fr_run *run, const fr_vector *args, fr_vector *out, int (*test)(double))
{
    for (size_t i = 0; i < run->n; i++) fr_put_bool(out, i, test(fr_at_f64(args, i)) != 0);
    return true;
}
static int finite_test(double x) { return isfinite(x); }
static int infinite_test(double x) { return isinf(x); }
bool fr_loop_is_nan(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    const fr_lanes x = { args->values, args->step };
    FR_ISA_PICK(fr_compare_kernels)->f64[FR_UNEQUAL](out->room, x, x, run->n);
    return (void)term, true;
}
bool fr_loop_is_finite(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    return (void)term, run_class(run, args, out, finite_test);
}
bool fr_loop_is_infinite(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    return (void)term, run_class(run, args, out, infinite_test);
}

/* nan becomes null: nan has no other way into a table than arithmetic */
bool fr_loop_nan_to_null(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    (void)term;
    for (size_t i = 0; i < run->n; i++) {
        double x = fr_at_f64(args, i);
        ((double *)out->room)[i] = x;
        if (isnan(x)) fr_vector_null(out, i);
    }
    return true;
}

/* ---- abs, sign --------------------------------------------------------------------------------------------------- */
static bool abs_of_lowest(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    for (size_t i = 0; i < run->n; i++) {
        if (fr_at_i64(args, i) != INT64_MIN || !fr_vector_has(out, i)) continue;
        if (!fr_run_fail(run, term, i, FR_ERR_OVERFLOW, "abs(-9223372036854775808) overflows i64")) return false;
        fr_vector_null(out, i);
    }
    return true;
}

static bool abs_i64(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    uint64_t *to = out->room, all = 0;
    for (size_t i = 0; i < run->n; i++) {
        const int64_t x = fr_at_i64(args, i), sign = -(int64_t)(x < 0);
        to[i] = (uint64_t)(x ^ sign) - (uint64_t)sign;
        all |= to[i];
    }
    return !(all >> 63) || abs_of_lowest(run, term, args, out);
}

static bool run_abs(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    const size_t n = run->n;
    if (term->phys == FR_PHYS_I64) return abs_i64(run, term, args, out);
    if (term->phys == FR_PHYS_F64) for (size_t i = 0; i < n; i++) ((double *)out->room)[i] = fabs(fr_at_f64(args, i));
    else if (term->phys == FR_PHYS_F32)
        for (size_t i = 0; i < n; i++) ((float *)out->room)[i] = fabsf(((const float *)args->values)[i * args->step]);
    else if (term->phys == FR_PHYS_I128)
        for (size_t i = 0; i < n; i++) {
            fr_i128 x = ((const fr_i128 *)args->values)[i * args->step];
            ((fr_i128 *)out->room)[i] = x < 0 ? (fr_i128)(0 - (fr_u128)x) : x;
        }
    else for (size_t i = 0; i < n; i++) ((int64_t *)out->room)[i] = fr_at_i64(args, i);
    return true;
}

/* Integers as i64 (u64 stays), f32, f64, decimals and durations as they are. */
static bool as_wide(fr_checker *c, fr_term *term, size_t i)
{
    fr_kind kind = term->args[i]->type->kind;
    if (kind == FR_NULL || (fr_kind_is_integer(kind) && kind != FR_U64))
        return fr_check_as(c, term, i, fr_type_of(FR_I64));
    return true;
}

bool fr_check_abs(fr_checker *c, fr_term *term)
{
    fr_kind kind = term->args[0]->type->kind;
    if (!fr_kind_is_number(kind) && kind != FR_NULL && kind != FR_DURATION)
        return fr_check_wrong(c, term, 0, "a number");
    if (!as_wide(c, term, 0)) return false;
    fr_term_yields(term, term->args[0]->type);
    term->can_fail = term->phys == FR_PHYS_I64;
    term->run = run_abs;
    return true;
}

static bool run_sign(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    (void)term;
    for (size_t i = 0; i < run->n; i++) {
        fr_i128 x =
            term->args[0]->phys == FR_PHYS_I128 ? ((const fr_i128 *)args->values)[i * args->step] : fr_at_i64(args, i);
        if (term->args[0]->phys == FR_PHYS_U64) x = x != 0;
        ((int64_t *)out->room)[i] = (x > 0) - (x < 0);
    }
    return true;
}

bool fr_check_sign(fr_checker *c, fr_term *term)
{
    fr_kind kind = term->args[0]->type->kind;
    if (!fr_kind_is_number(kind) && kind != FR_NULL && kind != FR_DURATION)
        return fr_check_wrong(c, term, 0, "a number");
    if (fr_kind_is_float(kind)) {
        term->run = fr_loop_f64;
        term->f64 = fr_f64_sign;
        fr_term_yields(term, fr_type_of(FR_F64));
        return fr_check_as(c, term, 0, fr_type_of(FR_F64));
    }
    if (!as_wide(c, term, 0)) return false;
    fr_term_yields(term, fr_type_of(FR_I64));
    term->run = run_sign;
    return fr_term_within(term, -1, 1);
}

/* ---- rounding ---------------------------------------------------------------------------------------------------- */
enum { ROUND_EVEN = FR_ROUND_EVEN, ROUND_FLOOR = FR_ROUND_FLOOR, ROUND_CEIL = FR_ROUND_CEIL, ROUND_TRUNC = FR_ROUND_TRUNC };

/* As NumPy: scale, round, scale back; so round(2.675, 2) is 2.68 and round(1.005, 2) is 1.0 */
static bool run_round_f64(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    static const double tens[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
    fr_round_kernel *kernel = FR_ISA_PICK(fr_arith_kernels)->round[term->i];
    const int64_t digits = term->j;
    double *to = out->room;
    if (digits > 22 || digits < -22) {
        for (size_t i = 0; i < run->n; i++) {
            const double x = fr_at_f64(args, i);
            to[i] = digits > 22 || !isfinite(x) ? x : copysign(0, x);
        }
        return true;
    }
    const double unit = tens[digits < 0 ? -digits : digits];
    if (args->step) kernel(to, args->values, run->n, unit, digits < 0);
    else for (size_t i = 0; i < run->n; i++) kernel(to + i, args->values, 1, unit, digits < 0);
    return true;
}

static fr_i128 round_decimal(int how, fr_i128 x, fr_i128 unit)
{
    fr_i128 rest = x % unit, q = x / unit;
    if (rest < 0) rest += unit, q--;                     /* now floor; rest in [0, unit) */
    bool up = how == ROUND_CEIL ? rest > 0 : how == ROUND_FLOOR ? false : how == ROUND_TRUNC ? rest > 0 && x < 0
              : rest > unit - rest || (rest == unit - rest && (q & 1));
    return (q + up) * unit;
}

static bool run_round_whole(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    fr_i128 unit = fr_decimal_pow10((int)-term->j < 38 ? (int)-term->j : 38);
    for (size_t i = 0; i < run->n; i++) {
        if (!fr_vector_has(out, i)) continue;
        if (term->phys == FR_PHYS_I128) {
            ((fr_i128 *)out->room)[i] =
                round_decimal((int)term->i, ((const fr_i128 *)args->values)[i * args->step], unit);
            if (fr_decimal_fits(((fr_i128 *)out->room)[i], term->type->precision)) continue;
        } else {
            bool natural = term->phys == FR_PHYS_U64;
            fr_i128 x = natural ? (fr_i128)((const uint64_t *)args->values)[i * args->step] : fr_at_i64(args, i);
            x = round_decimal((int)term->i, x, unit);
            ((uint64_t *)out->room)[i] = (uint64_t)x;
            if (natural ? x <= UINT64_MAX : x >= INT64_MIN && x <= INT64_MAX) continue;
        }
        if (!fr_run_fail(run, term, i, FR_ERR_OVERFLOW, "the rounded value overflows")) return false;
        fr_vector_null(out, i);
    }
    return true;
}

static bool check_round(fr_checker *c, fr_term *term, int how)
{
    fr_kind kind = term->args[0]->type->kind;
    int64_t digits = 0;
    if (kind == FR_DATE || kind == FR_DATETIME) return fr_check_round_time(c, term, how);
    if (!fr_kind_is_number(kind) && kind != FR_NULL)
        return fr_check_wrong(c, term, 0, "a number, or a date with a unit such as '1h'");
    if (term->n_args == 2 && !fr_check_integer(c, term, 1, &digits)) return false;
    if (digits < -1000 || digits > 1000) digits = digits < 0 ? -1000 : 1000;
    term->n_args = 1;
    term->i = how;
    term->j = digits;
    term->can_fail = false;
    if (fr_kind_is_float(kind)) {
        term->run = run_round_f64;
        bool single = kind == FR_F32;
        fr_term_yields(term, fr_type_of(FR_F64));
        if (!fr_check_as(c, term, 0, fr_type_of(FR_F64))) return false;
        if (!single) return true;
        fr_term *inner = fr_check_wrap(c, term->args[0], fr_type_of(FR_F64), run_round_f64, NULL, how, digits);
        fr_term *narrow = inner ? fr_cast_term(c, inner, fr_type_of(FR_F32), FR_CAST_WIDEN) : NULL;
        if (!narrow) return false;
        *term = *narrow;
        return true;
    }
    int scale = kind == FR_DECIMAL ? term->args[0]->type->scale : 0;
    if (!as_wide(c, term, 0)) return false;
    const fr_type *type = term->args[0]->type;
    if (digits >= scale || (kind != FR_DECIMAL && digits >= 0)) {          /* nothing to do */
        *term = *term->args[0];
        return true;
    }
    term->j = digits - scale;
    if (term->j < -38) term->j = -38;
    fr_term_yields(term, type);
    term->can_fail = true;
    term->run = run_round_whole;
    return true;
}

bool fr_check_round(fr_checker *c, fr_term *term) { return check_round(c, term, ROUND_EVEN); }
bool fr_check_floor(fr_checker *c, fr_term *term) { return check_round(c, term, ROUND_FLOOR); }
bool fr_check_ceil(fr_checker *c, fr_term *term) { return check_round(c, term, ROUND_CEIL); }
bool fr_check_trunc(fr_checker *c, fr_term *term) { return check_round(c, term, ROUND_TRUNC); }

/* ---- least, greatest, clip --------------------------------------------------------------------------------------- */
/* Nulls are skipped, nan spreads; each as one pass over the arguments. */
static int order_at(fr_phys phys, const fr_vector *a, size_t i, const fr_vector *b, size_t j)
{
    size_t x = i * a->step, y = j * b->step;
#define ORDER(T) { T p = ((const T *)a->values)[x], q = ((const T *)b->values)[y]; return (p > q) - (p < q); }
    switch (phys) {
    case FR_PHYS_BOOL: return (int)fr_at_bool(a, i) - (int)fr_at_bool(b, j);
    case FR_PHYS_I8:
        ORDER(int8_t)
        case FR_PHYS_I16 : ORDER(int16_t) case FR_PHYS_I32 : ORDER(int32_t) case FR_PHYS_I64
            : ORDER(int64_t) case FR_PHYS_U8 : ORDER(uint8_t) case FR_PHYS_U16 : ORDER(uint16_t) case FR_PHYS_U32
            : ORDER(uint32_t) case FR_PHYS_U64 : ORDER(uint64_t) case FR_PHYS_F32 : ORDER(float) case FR_PHYS_F64
            : ORDER(double) case FR_PHYS_I128 : ORDER(fr_i128) case FR_PHYS_VIEW:
        {
            fr_piece p = ((const fr_piece *)a->values)[x], q = ((const fr_piece *)b->values)[y];
            int order = p.n && q.n ? memcmp(p.text, q.text, p.n < q.n ? p.n : q.n) : 0;
            return order ? order : (p.n > q.n) - (p.n < q.n);
        }
    default: return 0;
    }
#undef ORDER
}

static bool is_nan_at(fr_phys phys, const fr_vector *v, size_t i)
{
    if (phys == FR_PHYS_F64) return isnan(fr_at_f64(v, i));
    return phys == FR_PHYS_F32 && isnan(((const float *)v->values)[i * v->step]);
}

static void put_from(fr_phys phys, fr_vector *out, size_t i, const fr_vector *from)
{
    size_t width = phys == FR_PHYS_VIEW || phys == FR_PHYS_I128 ? 16 : fr_phys_width(phys);
    if (phys == FR_PHYS_BOOL) fr_put_bool(out, i, fr_at_bool(from, i));
    else memcpy((char *)out->room + i * width, (const char *)from->values + i * from->step * width, width);
}

static bool run_arguments(fr_run *run, const fr_term *term, fr_vector *args, size_t *n)
{
    for (; *n < term->n_args; ++*n)
        if (!fr_run_term(run, term->args[*n], args + *n)) return false;
    return true;
}

static void extremes_one_by_one(fr_run *run, const fr_term *term, const fr_vector *args, size_t n, fr_vector *out)
{
    for (size_t i = 0; i < run->n; i++) {
        const fr_vector *best = NULL;
        for (size_t k = 0; k < n; k++) {
            if (!fr_vector_has(args + k, i)) continue;
            if (best && is_nan_at(term->phys, best, i)) break;
            if (!best || is_nan_at(term->phys, args + k, i) || order_at(term->phys, args + k, i, best, i) * term->i > 0)
                best = args + k;
        }
        if (best) put_from(term->phys, out, i, best);
        else fr_vector_null(out, i);
    }
}

_Static_assert(FR_PHYS_F64 - FR_PHYS_I8 + 1 == FR_BOUND_TYPES && FR_PHYS_F32 + 1 == FR_PHYS_F64, "one order");
static bool has_kernels(fr_phys phys) { return phys >= FR_PHYS_I8 && phys <= FR_PHYS_F64; }

static void put_rows(const fr_run *run, fr_phys phys, fr_vector *out, const fr_vector *from, const uint64_t *rows)
{
    const size_t width = fr_select_width(fr_phys_width(phys));
    FR_ISA_PICK(fr_blend_kernels)->blend[width](out->room, from->values, from->step, rows, run->n);
}

static void begin_extremes(const fr_run *run, fr_phys phys, fr_vector *out, const fr_vector *first)
{
    uint64_t all[FR_VECTOR_WORDS];
    memset(all, 0xFF, fr_words(run->n) * sizeof *all);
    put_rows(run, phys, out, first, all);
    if (!first->valid) return;
    memcpy(out->slot->valid, first->valid, fr_words(run->n) * sizeof *all);
    out->valid = out->slot->valid;
}

/* Of the root: straight into the column. */
static bool begin_result(fr_run *run, const fr_term *term, fr_vector *out)
{
    if (!fr_run_slot(run, out)) return false;
    if (term == run->root && run->target) out->room = run->target, out->values = run->target;
    return true;
}

/* Rows of `out` become the lower or higher number where both are there. skip: an argument that is there takes the place
 * of a null. */
static bool meet(fr_run *run, fr_phys phys, fr_bound_kernel *kernel, const fr_vector *arg, bool skip, fr_vector *out)
{
    const fr_lanes here = { out->room, 1 }, there = { arg->values, arg->step };
    if (!out->valid && !arg->valid) return kernel(out->room, here, there, run->n), true;
    fr_vector both;
    uint64_t rows[FR_VECTOR_WORDS], missing[FR_VECTOR_WORDS];
    if (!fr_run_slot(run, &both)) return false;
    kernel(both.room, here, there, run->n);
    for (size_t w = 0; w < fr_words(run->n); w++) {
        const uint64_t mine = out->valid ? out->valid[w] : UINT64_MAX, other = arg->valid ? arg->valid[w] : UINT64_MAX;
        rows[w] = mine & other;
        missing[w] = skip ? other & ~mine : 0;
        if (out->valid) out->slot->valid[w] |= missing[w];
    }
    put_rows(run, phys, out, &both, rows);
    if (skip) put_rows(run, phys, out, arg, missing);
    fr_run_release(run, &both);
    return true;
}

/* Of the first two arguments, which no copy is made of where both are there in all rows. */
static bool meet_first(fr_run *run, fr_phys phys, fr_bound_kernel *kernel, const fr_vector *args, bool skip, fr_vector *out)
{
    const fr_lanes here = { args[0].values, args[0].step }, there = { args[1].values, args[1].step };
    if (!args[0].valid && !args[1].valid) return kernel(out->room, here, there, run->n), true;
    begin_extremes(run, phys, out, args);
    return meet(run, phys, kernel, args + 1, skip, out);
}

static bool run_extreme(fr_run *run, const fr_term *term, fr_vector *out)
{
    const fr_bounds_kernels *k = FR_ISA_PICK(fr_bounds_kernels);
    fr_vector args[FR_MOST_ARGS];
    size_t n = 0;
    bool ok = begin_result(run, term, out) && run_arguments(run, term, args, &n);
    if (ok && !has_kernels(term->phys)) extremes_one_by_one(run, term, args, n, out);
    else if (ok) {
        fr_bound_kernel *kernel = (term->i < 0 ? k->least : k->greatest)[term->phys - FR_PHYS_I8];
        ok = meet_first(run, term->phys, kernel, args, true, out);
        for (size_t i = 2; ok && i < n; i++) ok = meet(run, term->phys, kernel, args + i, true, out);
    }
    while (n) fr_run_release(run, args + --n);
    if (!ok) fr_run_release(run, out);
    return ok;
}

/* One type for all arguments, and one whose values have an order. */
static bool unify_ordered(fr_checker *c, fr_term *term)
{
    char room[FR_TYPE_TEXT_BYTES];
    if (!fr_check_unify(c, term, 0, term->n_args)) return false;
    if (term->type->kind != FR_LIST && term->type->kind != FR_STRUCT) return true;
    return fr_check_fail(c, term, FR_ERR_TYPE, NULL, "%s needs values in an order, not %s", term->node->name,
                         fr_term_type(term, room));
}

bool fr_check_least(fr_checker *c, fr_term *term)
{
    return term->lazy = run_extreme, term->i = -1, unify_ordered(c, term);
}
bool fr_check_greatest(fr_checker *c, fr_term *term)
{
    return term->lazy = run_extreme, term->i = 1, unify_ordered(c, term);
}

/* clip(x, low, high): a null bound does not bound */
static void clip_one_by_one(fr_run *run, const fr_term *term, const fr_vector *v, fr_vector *out)
{
    for (size_t i = 0; i < run->n; i++) {
        const fr_vector *x = v;
        if (!fr_vector_has(v, i)) { fr_vector_null(out, i); continue; }
        if (fr_vector_has(v + 1, i) && order_at(term->phys, x, i, v + 1, i) < 0) x = v + 1;
        if (fr_vector_has(v + 2, i) && order_at(term->phys, x, i, v + 2, i) > 0) x = v + 2;
        put_from(term->phys, out, i, x);
    }
}

static bool run_clip(fr_run *run, const fr_term *term, fr_vector *out)
{
    const fr_bounds_kernels *k = FR_ISA_PICK(fr_bounds_kernels);
    const fr_phys phys = term->phys;
    fr_vector v[3] = { { 0 } };
    size_t n = 0;
    bool ok = begin_result(run, term, out) && run_arguments(run, term, v, &n);
    if (ok && !has_kernels(phys)) clip_one_by_one(run, term, v, out);
    else if (ok) {
        ok = meet_first(run, phys, k->higher[phys - FR_PHYS_I8], v, false, out) &&
             meet(run, phys, k->lower[phys - FR_PHYS_I8], v + 2, false, out);
    }
    while (n) fr_run_release(run, v + --n);
    if (!ok) fr_run_release(run, out);
    return ok;
}
bool fr_check_clip(fr_checker *c, fr_term *term) { return term->lazy = run_clip, unify_ordered(c, term); }

/* ---- bits -------------------------------------------------------------------------------------------------------- */
/* Of i64, or of u64 where one of those whose bits count is: half of all hashes fit no i64. */
static bool check_bits(fr_checker *c, fr_term *term, size_t n_words)
{
    bool some = false;
    for (size_t i = 0; i < n_words; i++) some |= term->args[i]->type->kind == FR_U64;
    if (!some) return fr_check_signature(c, term);
    for (size_t i = 0; i < term->n_args; i++) {
        const fr_kind kind = term->args[i]->type->kind;
        if (kind != FR_NULL && !fr_kind_is_integer(kind)) return fr_check_wrong(c, term, i, "an integer");
        if (!fr_check_as(c, term, i, fr_type_of(i < n_words ? FR_U64 : FR_I64))) return false;
    }
    fr_term_yields(term, fr_type_of(strcmp(term->function->name, "bit_count") ? FR_U64 : FR_I64));
    term->run = term->function->run;
    return true;
}
bool fr_check_bits(fr_checker *c, fr_term *term) { return check_bits(c, term, term->n_args); }
bool fr_check_shift_bits(fr_checker *c, fr_term *term) { return check_bits(c, term, 1); }

bool fr_loop_bits(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    const char *name = term->function->name + 4;             /* bit_and … */
    int64_t *to = out->room;
    for (size_t i = 0; i < run->n; i++) {
        int64_t x = fr_at_i64(args, i), y = term->n_args == 2 ? fr_at_i64(args + 1, i) : 0;
        switch (name[0]) {
        case 'a': to[i] = x & y; break;
        case 'o': to[i] = x | y; break;
        case 'x': to[i] = x ^ y; break;
        case 'n': to[i] = ~x; break;
        case 'c': to[i] = __builtin_popcountll((uint64_t)x); break;
        default: to[i] = 0; break;
        }
    }
    return true;
}

/* Do the bits of x shifted left come back? */
static bool keeps_bits(int64_t x, int64_t n, bool is_unsigned)
{
    const uint64_t bits = (uint64_t)x << n;
    return is_unsigned ? bits >> n == (uint64_t)x : (int64_t)bits >> n == x;
}

/* x << n, x >> n as Python; a shift out of range is null, bits shifted out to the left are an error */
bool fr_loop_shift_bits(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    const bool left = !strcmp(term->function->name, "bit_left"), is_unsigned = term->type->kind == FR_U64;
    char name[FR_TYPE_TEXT_BYTES], value[FR_NUMBER_BYTES];
    int64_t *to = out->room;
    for (size_t i = 0; i < run->n; i++) {
        int64_t x = fr_at_i64(args, i), n = fr_at_i64(args + 1, i);
        to[i] = 0;
        if (!fr_vector_has(out, i)) continue;
        if (n < 0 || n > 63) { fr_vector_null(out, i); continue; }
        if (!left) { to[i] = is_unsigned ? (int64_t)((uint64_t)x >> n) : x >> n; continue; }
        to[i] = (int64_t)((uint64_t)x << n);
        if (keeps_bits(x, n, is_unsigned)) continue;
        value[is_unsigned ? fr_print_u64((uint64_t)x, value) : fr_print_i64(x, value)] = '\0';
        if (!fr_run_fail(run, term, i, FR_ERR_OVERFLOW, "%s shifted left by %lld overflows %s", value, (long long)n,
                         fr_type_name(term->type, name)))
            return false;
        fr_vector_null(out, i);
    }
    return true;
}

/* ---- hash -------------------------------------------------------------------------------------------------------- */
/* A fixed function of the value (no seed), so that the same data hash alike everywhere and always. */
static void hash_texts(const fr_run *run, const fr_vector *x, const fr_vector *out, uint64_t *to)
{
    for (size_t i = 0; i < run->n; i++) {
        const fr_piece t = fr_at_text(x, i);
        const bool middle = t.n > 16 && t.n <= 32;
        to[i] = !fr_vector_has(out, i) ? 0 : middle ? fr_hash_middle(t.text, t.n, 0) : fr_hash_bytes(t.text, t.n, 0);
    }
}

static void hash_reals(const fr_run *run, const fr_vector *x, uint64_t *to)
{
    for (size_t i = 0; i < run->n; i++) {
        const double real = fr_at_f64(x, i);
        to[i] = fr_hash_u64(real == 0 ? 0 : isnan(real) ? 1 : (uint64_t)fr_at_i64(x, i), 0);
    }
}

bool fr_loop_hash(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    uint64_t *to = out->room;
    const fr_phys phys = term->args[0]->phys;
    if (phys == FR_PHYS_VIEW) hash_texts(run, args, out, to);
    else if (phys == FR_PHYS_F64) hash_reals(run, args, to);
    else if (phys == FR_PHYS_BOOL) for (size_t i = 0; i < run->n; i++) to[i] = fr_hash_u64(fr_at_bool(args, i), 0);
    else for (size_t i = 0; i < run->n; i++) to[i] = fr_hash_u64((uint64_t)fr_at_i64(args, i), 0);
    return true;
}

bool fr_check_hash(fr_checker *c, fr_term *term)
{
    fr_kind kind = term->args[0]->type->kind;
    if (kind == FR_DECIMAL || kind == FR_LIST || kind == FR_STRUCT)
        return fr_check_wrong(c, term, 0, "a number, text, date or bool");
    if (kind == FR_NULL && !fr_check_as(c, term, 0, fr_type_of(FR_I64))) return false;
    if (fr_kind_is_float(kind) && !fr_check_as(c, term, 0, fr_type_of(FR_F64))) return false;
    if ((fr_kind_is_integer(kind) || kind == FR_DATE) && kind != FR_U64 && kind != FR_I64) {
        fr_term *wide = fr_cast_term(c, term->args[0], fr_type_of(FR_I64), FR_CAST_WIDEN);
        if (!wide || !fr_check_fold(c, wide)) return false;
        term->args[0] = wide;
    }
    fr_term_yields(term, fr_type_of(FR_U64));
    term->run = fr_loop_hash;
    term->lazy = fr_run_text_scan;
    return true;
}
