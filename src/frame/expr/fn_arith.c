/* fn_arith.c — + - * / // % ** and unary minus on numbers.
 *
 * Integers widen to i64 (u64 where both sides are unsigned and one is u64) and are checked: an overflow is an error
 * that names the row and both operands. Whoever wants it to wrap says so: wrap_add, wrap_sub, wrap_mul. `/` gives f64
 * always. `//` and `%` round down, as in Python; of integers by zero they are null. f32 with f32 or a small integer
 * stays f32; decimals follow decimal_rules.c, dates and durations fn_time.c.
 */
#include "expr/decimal_rules.h"
#include "expr/functions.h"
#include "expr/formula.h"
#include "expr/term_range.h"
#include "kernel/arith.h"
#include "kernel/convert.h"
#include "kernel/elementary.h"
#include "kernel/floors.h"

#include "base/number.h"

#include <math.h>

static fr_lanes lanes(const fr_vector *v) { return (fr_lanes){ v->values, v->step }; }

/* ---- + - * ------------------------------------------------------------------------------------------------------- */
static bool overflows(fr_arith_op op, fr_phys phys, const fr_vector *a, const fr_vector *b, size_t i)
{
    int64_t x = fr_at_i64(a, i), y = fr_at_i64(b, i), r;
    uint64_t ux = (uint64_t)x, uy = (uint64_t)y, ur;
    if (phys == FR_PHYS_U64)
        return op == FR_ADD   ? __builtin_add_overflow(ux, uy, &ur)
               : op == FR_SUB ? __builtin_sub_overflow(ux, uy, &ur)
                           : __builtin_mul_overflow(ux, uy, &ur);
    return op == FR_ADD   ? __builtin_add_overflow(x, y, &r)
           : op == FR_SUB ? __builtin_sub_overflow(x, y, &r)
                       : __builtin_mul_overflow(x, y, &r);
}

static const char *show(fr_phys phys, const fr_vector *v, size_t i, char room[FR_NUMBER_BYTES])
{
    if (phys == FR_PHYS_U64) (void)fr_print_u64((uint64_t)fr_at_i64(v, i), room);
    else (void)fr_print_i64(fr_at_i64(v, i), room);
    return room;
}

/* Some lane overflowed; one that is valid and wanted? */
static bool report(fr_run *run, const fr_term *term, fr_arith_op op, const fr_vector *args, fr_vector *out)
{
    char a[FR_NUMBER_BYTES], b[FR_NUMBER_BYTES], type[FR_TYPE_TEXT_BYTES];
    for (size_t i = 0; i < run->n; i++) {
        if (!fr_vector_has(out, i) || !overflows(op, term->phys, args, args + 1, i)) continue;
        if (!fr_run_fail(run, term, i, FR_ERR_OVERFLOW, "%s %c %s overflows %s", show(term->phys, args, i, a),
                         "+-*"[op],
                         show(term->phys, args + 1, i, b), fr_term_type(term, type)))
            return false;
        fr_vector_null(out, i);
    }
    return true;
}

/* Rows from the first on; narrow integers as doubles, in `room`. */
static fr_lanes piece_of(const fr_vector *v, size_t first, size_t n, double *room)
{
    if (!v->narrow) return (fr_lanes){ (const char *)v->values + first * v->step * 8, v->step };
    const char *from = (const char *)v->values + first * fr_phys_width(v->narrow);
    FR_ISA_PICK(fr_convert_kernels)->to_f64[FR_FROM_I8 + (v->narrow - FR_PHYS_I8)](room, from, n);
    return (fr_lanes){ room, 1 };
}

/* Converted a piece at a time, narrow integers never leave the first-level cache. */
static void run_pieces(const fr_run *run, fr_float_kernel *kernel, const fr_vector *args, double *out)
{
    enum { PIECE = 512 };
    double a_room[PIECE], b_room[PIECE];
    for (size_t i = 0; i < run->n; i += PIECE) {
        const size_t n = run->n - i < PIECE ? run->n - i : PIECE;
        kernel(out + i, piece_of(args, i, n, a_room), piece_of(args + 1, i, n, b_room), n);
    }
}

static void run_f64(const fr_run *run, const fr_term *term, fr_arith_op op, const fr_vector *args, fr_vector *out)
{
    const bool a_whole = term->args[0]->phys == FR_PHYS_I64 && !args[0].narrow;
    const bool b_whole = term->args[1]->phys == FR_PHYS_I64 && !args[1].narrow;
    fr_float_kernel *kernel = FR_ISA_PICK(fr_arith_kernels)->f64[op][a_whole][b_whole];
    if (args[0].narrow || args[1].narrow) run_pieces(run, kernel, args, out->room);
    else kernel(out->room, lanes(args), lanes(args + 1), run->n);
}

static bool run_arith(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    const fr_arith_kernels *k = FR_ISA_PICK(fr_arith_kernels);
    fr_arith_op op = (fr_arith_op)term->i;
    fr_lanes a = lanes(args), b = lanes(args + 1);
    if (term->phys == FR_PHYS_F64) return run_f64(run, term, op, args, out), true;
    if (term->phys == FR_PHYS_F32) return k->f32[op](out->room, a, b, run->n), true;
    bool bad = (term->phys == FR_PHYS_U64 ? k->u64 : k->i64)[op](out->room, a, b, run->n);
    return !bad || !term->can_fail || report(run, term, op, args, out);
}

bool fr_is_arith(const fr_term *term, fr_arith_op *op)
{
    *op = (fr_arith_op)term->i;
    return term->kind == FR_TERM_CALL && term->run == run_arith;
}

static bool may_overflow(const fr_term *term, fr_arith_op op)
{
    const fr_range r = fr_range_combine(op, fr_term_range(term->args[0]), fr_term_range(term->args[1]));
    const fr_range all = fr_range_of_type(term->type->kind);
    return r.low < all.low || r.high > all.high;
}

/* u64 when both are unsigned and one is u64; a literal that is not negative counts as unsigned. */
static bool both_unsigned(const fr_term *a, const fr_term *b)
{
    bool a_wide = a->type->kind == FR_U64, b_wide = b->type->kind == FR_U64;
    bool a_plain = !fr_kind_is_signed(a->type->kind) || (fr_term_is_literal(a) && a->constant.i >= 0);
    bool b_plain = !fr_kind_is_signed(b->type->kind) || (fr_term_is_literal(b) && b->constant.i >= 0);
    return (a_wide || b_wide) && a_plain && b_plain;
}

/* The type two numbers are computed in; NULL when decimals are involved. */
static const fr_type *arithmetic_type(const fr_term *a, const fr_term *b)
{
    fr_kind x = a->type->kind, y = b->type->kind;
    if (x == FR_NULL) x = y;
    if (y == FR_NULL) y = x;
    if (x == FR_NULL) return fr_type_of(FR_I64);
    bool decimal = x == FR_DECIMAL || y == FR_DECIMAL;
    bool floats = fr_kind_is_float(x) || fr_kind_is_float(y);
    int p, s;
    if (decimal && floats) {                      /* price * 1.19: the literal is a decimal */
        const fr_term *other = x == FR_DECIMAL ? b : a;
        return fr_literal_decimal(other, &p, &s) ? NULL : fr_type_of(FR_F64);
    }
    if (decimal) return NULL;
    if (!floats) return fr_type_of(both_unsigned(a, b) ? FR_U64 : FR_I64);
    bool small = (x == FR_F32 || x == FR_I8 || x == FR_I16 || x == FR_U8 || x == FR_U16) &&
                 (y == FR_F32 || y == FR_I8 || y == FR_I16 || y == FR_U8 || y == FR_U16);
    return fr_type_of(small ? FR_F32 : FR_F64);
}

static bool is_numeric(const fr_term *t) { return fr_kind_is_number(t->type->kind) || t->type->kind == FR_NULL; }

static bool wrong_operands(fr_checker *c, const fr_term *term)
{
    char a[FR_TYPE_TEXT_BYTES], b[FR_TYPE_TEXT_BYTES];
    bool flags = term->args[0]->type->kind == FR_BOOL || term->args[1]->type->kind == FR_BOOL;
    bool text = fr_kind_is_text(term->args[0]->type->kind) || fr_kind_is_text(term->args[1]->type->kind);
    bool dates = term->args[0]->type->kind == FR_DATE || term->args[0]->type->kind == FR_DATETIME;
    bool times = fr_kind_is_temporal(term->args[0]->type->kind) || fr_kind_is_temporal(term->args[1]->type->kind);
    const bool is_literal = fr_term_is_literal(term->args[fr_kind_is_text(term->args[1]->type->kind)]);
    const char *hint = flags   ? "cast(flag, 'i64') makes 0 and 1 of it"
                       : text && times && !is_literal ? FR_HINT_OF_TEXT_DATES
                       : text && times ? "in sums write date '2024-01-31', datetime '2024-01-31 10:00', duration '1h'"
                       : text  ? "cast(x, 'f64') or cast(x, 'str') makes both sides alike"
                       : dates ? "add_days(x, n), add_months(x, n), or x + duration '1d'"
                               : NULL;
    return fr_check_fail(c, term, FR_ERR_TYPE, hint, "%s %s %s has no meaning", fr_type_name(term->args[0]->type, a),
                         term->node->name, fr_type_name(term->args[1]->type, b));
}

/* Both arguments as `type`, which is also the result's. */
static bool both_as(fr_checker *c, fr_term *term, const fr_type *type, fr_run_fn *run)
{
    if (!fr_check_as(c, term, 0, type) || !fr_check_as(c, term, 1, type)) return false;
    fr_term_yields(term, type);
    term->run = run;
    return true;
}

/* The same for loops of doubles, which convert i64 by themselves. */
static bool both_as_f64(fr_checker *c, fr_term *term, fr_run_fn *run)
{
    if (!both_as(c, term, fr_type_of(FR_F64), run)) return false;
    for (size_t i = 0; i < 2; i++) {
        fr_term *whole = fr_cast_from_i64(term->args[i]);
        if (whole) term->args[i] = whole;
    }
    term->takes_narrow = true;
    return true;
}

static bool check_arith(fr_checker *c, fr_term *term, fr_arith_op op)
{
    term->i = op;
    if (!is_numeric(term->args[0]) || !is_numeric(term->args[1])) {
        bool handled = false, ok = fr_check_time_arith(c, term, "+-*"[op], &handled);
        return handled ? ok : wrong_operands(c, term);
    }
    const fr_type *type = arithmetic_type(term->args[0], term->args[1]);
    if (!type) return fr_check_decimal(c, term, "+-*"[op]);
    const bool doubles = type->kind == FR_F64;
    if (!(doubles ? both_as_f64(c, term, run_arith) : both_as(c, term, type, run_arith))) return false;
    term->can_fail = fr_kind_is_integer(type->kind) && may_overflow(term, op);
    return true;
}

bool fr_check_add(fr_checker *c, fr_term *term)
{
    const fr_kind a = term->args[0]->type->kind, b = term->args[1]->type->kind;
    const bool text = fr_kind_is_text(a) || fr_kind_is_text(b);
    if (text && (fr_kind_is_text(a) || a == FR_NULL) && (fr_kind_is_text(b) || b == FR_NULL)) {
        term->can_fail = false;
        return fr_check_concat(c, term);
    }
    return check_arith(c, term, FR_ADD);
}
bool fr_check_sub(fr_checker *c, fr_term *term) { return check_arith(c, term, FR_SUB); }
bool fr_check_mul(fr_checker *c, fr_term *term) { return check_arith(c, term, FR_MUL); }

/* ---- wrapping ---------------------------------------------------------------------------------------------------- */
static bool run_wrap(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    fr_integer_kernel *const *kernels = FR_ISA_PICK(fr_arith_kernels)->i64;          /* the low 64 bits have no sign */
    (void)kernels[term->i](out->room, lanes(args), lanes(args + 1), run->n);
    return true;
}

static bool check_wrap(fr_checker *c, fr_term *term, fr_arith_op op)
{
    for (size_t i = 0; i < 2; i++) {
        const fr_kind kind = term->args[i]->type->kind;
        if (!fr_kind_is_integer(kind) && kind != FR_NULL) return fr_check_wrong(c, term, i, "an integer");
    }
    term->i = op;
    return both_as(c, term, arithmetic_type(term->args[0], term->args[1]), run_wrap);
}

bool fr_check_wrap_add(fr_checker *c, fr_term *term) { return check_wrap(c, term, FR_ADD); }
bool fr_check_wrap_sub(fr_checker *c, fr_term *term) { return check_wrap(c, term, FR_SUB); }
bool fr_check_wrap_mul(fr_checker *c, fr_term *term) { return check_wrap(c, term, FR_MUL); }

/* ---- / ----------------------------------------------------------------------------------------------------------- */
static bool run_div(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    return run_f64(run, term, FR_DIV, args, out), true;
}

bool fr_check_div(fr_checker *c, fr_term *term)
{
    if (!is_numeric(term->args[0]) || !is_numeric(term->args[1])) {
        bool handled = false, ok = fr_check_time_arith(c, term, '/', &handled);
        return handled ? ok : wrong_operands(c, term);
    }
    if (!arithmetic_type(term->args[0], term->args[1])) return fr_check_decimal(c, term, '/');
    return both_as_f64(c, term, run_div);
}

bool fr_adds_doubles(const fr_term *term, fr_arith_op *op)
{
    *op = term->run == run_div ? FR_DIV : (fr_arith_op)term->i;
    return term->phys == FR_PHYS_F64 && (term->run == run_div || term->run == run_arith);
}

/* ---- // and % ---------------------------------------------------------------------------------------------------- */
/* As Python's float divmod: the remainder has the divisor's sign, the quotient is the whole number next to (a - mod) /
 * b. */
static double float_mod(double a, double b)
{
    double r = fmod(a, b);
    if (r == 0) return copysign(0, b);
    return (r < 0) != (b < 0) ? r + b : r;
}

static double float_floor_div(double a, double b)
{
    if (b == 0 || isinf(a)) return a / b;
    double r = fmod(a, b), q = (a - r) / b;
    if (r != 0 && (r < 0) != (b < 0)) q -= 1;
    if (q == 0) return copysign(0, a / b);
    double whole = floor(q);
    return q - whole > 0.5 ? whole + 1 : whole;
}

static bool run_floor_f64(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    double *to = out->room;
    for (size_t i = 0; i < run->n; i++) {
        double a = fr_at_f64(args, i), b = fr_at_f64(args + 1, i);
        to[i] = term->i == '%' ? (b == 0 ? (double)NAN : float_mod(a, b)) : float_floor_div(a, b);
    }
    return true;
}

static bool run_floor_each(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    int64_t *to = out->room;
    for (size_t i = 0; i < run->n; i++) {
        int64_t a = fr_at_i64(args, i), b = fr_at_i64(args + 1, i);
        to[i] = 0;
        if (!fr_vector_has(out, i)) continue;
        if (b == 0) fr_vector_null(out, i);
        else if (b == -1) {
            if (term->i == '/' && a == INT64_MIN) {
                if (!fr_run_fail(run, term, i, FR_ERR_OVERFLOW, "-9223372036854775808 // -1 overflows i64"))
                    return false;
                fr_vector_null(out, i);
            } else to[i] = term->i == '/' ? -a : 0;
        } else {
            int64_t r = a % b, q = a / b;
            bool down = r != 0 && (r < 0) != (b < 0);
            to[i] = term->i == '/' ? q - down : down ? r + b : r;
        }
    }
    return true;
}

/* Null where the divisor is 0. */
static void null_zeros(const fr_run *run, const fr_vector *divisors, fr_vector *out)
{
    static const int64_t zero;
    uint64_t zeros[FR_VECTOR_WORDS], any = 0;
    const fr_lanes nothing = { &zero, 0 };
    FR_ISA_PICK(fr_compare_kernels)->i64[FR_EQUAL](zeros, lanes(divisors), nothing, run->n);
    for (size_t w = 0; w < fr_words(run->n); w++) any |= zeros[w];
    for (size_t i = 0; any && i < run->n; i++)
        if (zeros[i >> 6] >> (i & 63) & 1) fr_vector_null(out, i);
}

/* By one constant; narrow integers are widened a piece at a time. */
static void run_floor_by(const fr_run *run, const fr_vector *x, fr_floor_kernel *kernel, int64_t by, int64_t *out)
{
    enum { PIECE = 512 };
    const fr_divisor divisor = fr_divisor_of(by);
    if (!x->narrow) return kernel(out, x->values, run->n, &divisor);
    for (size_t i = 0; i < run->n; i += PIECE) {
        const size_t n = run->n - i < PIECE ? run->n - i : PIECE;
        fr_integers_copy(FR_PHYS_I64, out + i, x->narrow, (const char *)x->values + i * fr_phys_width(x->narrow), n);
        kernel(out + i, out + i, n, &divisor);
    }
}

/* Constants have a loop of their own; numbers beyond 2^51 by others than constants are divided one by one. */
static bool run_floor_i64(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    const fr_floors_kernels *k = FR_ISA_PICK(fr_floors_kernels);
    const bool quotient = term->i == '/';
    const int64_t first = run->n ? fr_at_i64(args + 1, 0) : 0;
    if (args[0].step && !args[1].step && first > 0)
        return run_floor_by(run, args, quotient ? k->quotients : k->remainders, first, out->room), true;
    if (!(quotient ? k->each_quotient : k->each_remainder)(out->room, lanes(args), lanes(args + 1), run->n))
        return run_floor_each(run, term, args, out);
    return null_zeros(run, args + 1, out), true;
}

static bool run_floor_u64(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    uint64_t *to = out->room;
    for (size_t i = 0; i < run->n; i++) {
        uint64_t a = (uint64_t)fr_at_i64(args, i), b = (uint64_t)fr_at_i64(args + 1, i);
        to[i] = !b ? 0 : term->i == '/' ? a / b : a % b;
        if (!b) fr_vector_null(out, i);
    }
    return true;
}

static bool run_narrow(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    (void)term;
    float *to = out->room;
    for (size_t i = 0; i < run->n; i++) to[i] = (float)fr_at_f64(args, i);
    return true;
}

static bool check_floor(fr_checker *c, fr_term *term, char op)
{
    if (!is_numeric(term->args[0]) || !is_numeric(term->args[1])) {
        bool handled = false, ok = fr_check_time_arith(c, term, op == '/' ? 'f' : '%', &handled);
        return handled ? ok : wrong_operands(c, term);
    }
    const fr_type *type = arithmetic_type(term->args[0], term->args[1]);
    term->i = op;
    if (!type) return fr_check_decimal(c, term, op == '/' ? 'f' : '%');
    if (type->kind == FR_U64) return both_as(c, term, type, run_floor_u64);
    if (type->kind == FR_I64) {
        if (!both_as(c, term, type, run_floor_i64)) return false;
        const fr_range a = fr_term_range(term->args[0]), b = fr_term_range(term->args[1]);
        term->can_fail = op == '/' && a.low == INT64_MIN && b.low <= -1 && b.high >= -1;
        term->takes_narrow = term->args[1]->kind == FR_TERM_CONSTANT && b.low > 0;
        if (op == '%' && b.low > 0) return fr_term_within(term, 0, (int64_t)b.high - 1);
        return true;
    }
    if (!both_as(c, term, fr_type_of(FR_F64), run_floor_f64)) return false;
    if (type->kind == FR_F64) return true;
    fr_term *inner = fr_check_wrap(c, term->args[0], fr_type_of(FR_F64), run_floor_f64, NULL, op, 0);
    fr_term **args = inner ? fr_arena_array(c->call, &c->typed->arena, 2, sizeof *args) : NULL;
    if (!args) return false;
    args[0] = term->args[0], args[1] = term->args[1];
    inner->args = args;
    inner->n_args = 2;
    term->args[0] = inner;
    term->n_args = 1;
    term->run = run_narrow;
    fr_term_yields(term, fr_type_of(FR_F32));
    return true;
}

bool fr_check_floor_div(fr_checker *c, fr_term *term) { return check_floor(c, term, '/'); }
bool fr_check_mod(fr_checker *c, fr_term *term) { return check_floor(c, term, '%'); }

/* ---- ** ---------------------------------------------------------------------------------------------------------- */
static bool power_i64(int64_t base, int64_t exponent, int64_t *out)
{
    int64_t result = 1;
    bool bad = false;
    for (; exponent; exponent >>= 1) {
        if (exponent & 1) bad |= __builtin_mul_overflow(result, base, &result);
        if (exponent > 1 && __builtin_mul_overflow(base, base, &base)) bad = true;
        if (bad) return false;
    }
    *out = result;
    return true;
}

static bool run_pow_i64(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    int64_t *to = out->room;
    for (size_t i = 0; i < run->n; i++) {
        int64_t a = fr_at_i64(args, i), b = fr_at_i64(args + 1, i);
        to[i] = 0;
        if (!fr_vector_has(out, i) || power_i64(a, b, to + i)) continue;
        if (!fr_run_fail(run, term, i, FR_ERR_OVERFLOW, "%lld ** %lld overflows i64", (long long)a, (long long)b))
            return false;
        fr_vector_null(out, i);
    }
    return true;
}

static bool run_pow_f64(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    (void)term;
    double *to = out->room;
    if (run->n && !args[1].step && fr_at_f64(args + 1, 0) == 2)
        return FR_ISA_PICK(fr_arith_kernels)->f64[FR_MUL][0][0](to, lanes(args), lanes(args), run->n), true;
    return FR_ISA_PICK(fr_elementary_kernels)->power(to, lanes(args), lanes(args + 1), run->n), true;
}

/* Whole and checked when the exponent is a whole constant ≥ 0, else f64: the type may not depend on the data. */
bool fr_check_pow(fr_checker *c, fr_term *term)
{
    if (!is_numeric(term->args[0]) || !is_numeric(term->args[1])) return wrong_operands(c, term);
    const fr_term *exponent = term->args[1];
    bool whole = exponent->kind == FR_TERM_CONSTANT && exponent->valid && exponent->type->kind == FR_I64 &&
                 exponent->constant.i >= 0;
    fr_kind kind = term->args[0]->type->kind;
    term->can_fail = whole && fr_kind_is_integer(kind);
    if (term->can_fail) return both_as(c, term, fr_type_of(FR_I64), run_pow_i64);
    return both_as(c, term, fr_type_of(FR_F64), run_pow_f64);
}

/* ---- unary minus ------------------------------------------------------------------------------------------------- */
static bool run_neg(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    for (size_t i = 0; i < run->n; i++) {
        switch (term->phys) {
        case FR_PHYS_F64: ((double *)out->room)[i] = -fr_at_f64(args, i); break;
        case FR_PHYS_F32: ((float *)out->room)[i] = -((const float *)args->values)[i * args->step]; break;
        case FR_PHYS_I128:
            ((fr_i128 *)out->room)[i] = (fr_i128)(0 - ((const fr_u128 *)args->values)[i * args->step]);
            break;
        default: {
            int64_t x = fr_at_i64(args, i);
            ((int64_t *)out->room)[i] = (int64_t)(0 - (uint64_t)x);
            if (x != INT64_MIN || !fr_vector_has(out, i)) break;
            if (!fr_run_fail(run, term, i, FR_ERR_OVERFLOW, "-(-9223372036854775808) overflows i64")) return false;
            fr_vector_null(out, i);
        }
        }
    }
    return true;
}

bool fr_check_neg(fr_checker *c, fr_term *term)
{
    fr_kind kind = term->args[0]->type->kind;
    if (!is_numeric(term->args[0]) && kind != FR_DURATION) return fr_check_wrong(c, term, 0, "a number");
    const fr_type *type = fr_kind_is_integer(kind) || kind == FR_NULL ? fr_type_of(FR_I64) : term->args[0]->type;
    if (!fr_check_as(c, term, 0, type)) return false;
    const fr_range r = fr_term_range(term->args[0]);
    term->can_fail = term->args[0]->phys == FR_PHYS_I64 && r.low == INT64_MIN;
    fr_term_yields(term, type);
    term->run = run_neg;
    return type->kind != FR_I64 || term->can_fail || fr_term_within(term, -(int64_t)r.high, -(int64_t)r.low);
}
