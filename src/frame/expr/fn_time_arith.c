/* fn_time_arith.c — + - * / // % with dates, datetimes, times and durations.
 *
 *     date - date               duration[s]        (exact, whatever the dates)
 *     datetime - datetime       duration[finer]    both with a zone or both without
 *     datetime - date           duration           the date is midnight
 *     date ± duration           datetime[unit]     datetime ± duration   datetime[finer]
 *     duration ± duration       duration[finer]    duration * integer    duration
 *     duration / duration       f64                duration // duration  i64        duration % duration  duration
 *     duration // integer       duration           duration / number     f64 ticks have no meaning: an error
 *
 * All in 64-bit ticks, checked. A month is no duration: add_months(x, n).
 */
#include "base/number.h"
#include "expr/fn.h"
#include "kernel/arith.h"

#include <string.h>

static bool ticks_one_by_one(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    char a[FR_NUMBER_BYTES], b[FR_NUMBER_BYTES], type[FR_TYPE_TEXT_BYTES];
    int64_t *to = out->room;
    for (size_t i = 0; i < run->n; i++) {
        int64_t x = fr_at_i64(args, i), y = fr_at_i64(args + 1, i);
        bool bad = false;
        to[i] = 0;
        if (!fr_vector_has(out, i)) continue;
        switch (term->i) {
        case '+': bad = __builtin_add_overflow(x, y, to + i); break;
        case '-': bad = __builtin_sub_overflow(x, y, to + i); break;
        case '*': bad = __builtin_mul_overflow(x, y, to + i); break;
        default:
            if (y == 0) { fr_vector_null(out, i); break; }
            if (y == -1) {
                bad = term->i == 'f' && x == INT64_MIN;
                to[i] = term->i == 'f' ? (int64_t)(0 - (uint64_t)x) : 0;
                break;
            }
            to[i] = term->i == 'f' ? x / y - (x % y != 0 && (x % y < 0) != (y < 0))
                                   : x % y + (x % y != 0 && (x % y < 0) != (y < 0) ? y : 0);
        }
        if (!bad) continue;
        (void)fr_print_i64(x, a);
        (void)fr_print_i64(y, b);
        if (!fr_run_fail(run, term, i, FR_ERR_OVERFLOW, "%s %s %s overflows %s", a, term->node->name, b,
                         fr_term_type(term, type)))
            return false;
        fr_vector_null(out, i);
    }
    return true;
}

/* term->i: the operator; ticks of both sides are in one unit already. Row by row where some row overflows, or is divided. */
static bool run_ticks(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    fr_integer_kernel *const *kernels = FR_ISA_PICK(fr_arith_kernels)->i64;
    fr_integer_kernel *kernel = term->i == '+' ? kernels[FR_ADD] : term->i == '-' ? kernels[FR_SUB]
                              : term->i == '*' ? kernels[FR_MUL] : NULL;
    const fr_lanes a = { args[0].values, args[0].step }, b = { args[1].values, args[1].step };
    if (kernel && !kernel(out->room, a, b, run->n)) return true;
    return ticks_one_by_one(run, term, args, out);
}

static bool run_ratio(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    (void)term;
    double *to = out->room;
    for (size_t i = 0; i < run->n; i++) to[i] = (double)fr_at_i64(args, i) / (double)fr_at_i64(args + 1, i);
    return true;
}

/* date - date: days → seconds */
static bool run_days(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    (void)term;
    int64_t *to = out->room;
    const int32_t *a = args[0].values, *b = args[1].values;
    for (size_t i = 0; i < run->n; i++)
        to[i] = ((int64_t)a[i * args[0].step] - b[i * args[1].step]) * FR_SECONDS_PER_DAY;
    return true;
}

static fr_unit finer_unit(fr_unit a, fr_unit b) { return fr_unit_per_second(a) > fr_unit_per_second(b) ? a : b; }

static bool both_in(fr_checker *c, fr_term *term, const fr_type *a, const fr_type *b)
{
    if (!a || !b) return false;
    for (size_t i = 0; i < 2; i++) {
        const fr_type *want = i ? b : a;
        if (fr_type_equal(term->args[i]->type, want)) continue;
        fr_term *as = fr_cast_term(c, term->args[i], want, FR_CAST_STRICT);
        if (!as || !fr_check_fold(c, as)) return false;
        term->args[i] = as;
    }
    return true;
}

static const fr_type *owned(fr_checker *c, const fr_type *type)
{
    fr_term keep = { 0 };
    return fr_term_yields_owned(c, &keep, type) ? type : NULL;
}

const fr_type *fr_type_datetime_of(fr_checker *c, fr_unit unit)
{
    return owned(c, fr_type_datetime(c->call, unit, NULL));
}

static bool yields(fr_checker *c, fr_term *term, fr_run_fn *run, const fr_type *type)
{
    (void)c;
    if (!type) return false;
    term->run = run;
    fr_term_yields(term, type);
    return true;
}

static bool moment_minus_moment(fr_checker *c, fr_term *term)
{
    const fr_type *a = term->args[0]->type, *b = term->args[1]->type;
    if (a->kind == FR_DATE && b->kind == FR_DATE)
        return term->can_fail = false, yields(c, term, run_days, owned(c, fr_type_duration(c->call, FR_S)));
    fr_unit unit = a->kind == FR_DATE ? b->unit : b->kind == FR_DATE ? a->unit : finer_unit(a->unit, b->unit);
    if (a->kind == FR_DATETIME && b->kind == FR_DATETIME && !a->zone != !b->zone)
        return fr_check_fail(c, term, FR_ERR_TYPE,
                             "localize(x, 'Europe/Berlin') gives a zone, wall_time(x) takes it away",
                             "a datetime with a zone and one without cannot be subtracted");
    if ((a->kind == FR_DATE && b->zone) || (b->kind == FR_DATE && a->zone))
        return fr_check_fail(c, term, FR_ERR_TYPE, "use date(x) on the datetime",
                             "a date and a datetime with a zone cannot be subtracted");
    const fr_type *x = a->zone ? owned(c, fr_type_datetime(c->call, unit, a->zone)) : fr_type_datetime_of(c, unit);
    const fr_type *y = b->zone ? owned(c, fr_type_datetime(c->call, unit, b->zone)) : fr_type_datetime_of(c, unit);
    return both_in(c, term, x, y) && yields(c, term, run_ticks, owned(c, fr_type_duration(c->call, unit)));
}

static bool moment_and_duration(fr_checker *c, fr_term *term, size_t moment)
{
    const fr_type *m = term->args[moment]->type, *d = term->args[1 - moment]->type;
    fr_unit unit = m->kind == FR_DATE ? d->unit : finer_unit(m->unit, d->unit);
    const fr_type *as_moment = owned(c, fr_type_datetime(c->call, unit, m->zone)),
                  *as_duration = owned(c, fr_type_duration(c->call, unit));
    return both_in(c, term, moment ? as_duration : as_moment, moment ? as_moment : as_duration) &&
           yields(c, term, run_ticks, as_moment);
}

static bool duration_and_duration(fr_checker *c, fr_term *term, char op)
{
    const fr_type *type =
        owned(c, fr_type_duration(c->call, finer_unit(term->args[0]->type->unit, term->args[1]->type->unit)));
    if (!both_in(c, term, type, type)) return false;
    if (op == '/') return term->can_fail = false, yields(c, term, run_ratio, fr_type_of(FR_F64));
    return yields(c, term, run_ticks, op == 'f' ? fr_type_of(FR_I64) : type);
}

static bool duration_and_integer(fr_checker *c, fr_term *term, size_t duration)
{
    const fr_type *type = term->args[duration]->type;
    return fr_check_as(c, term, 1 - duration, fr_type_of(FR_I64)) && yields(c, term, run_ticks, type);
}

bool fr_check_time_arith(fr_checker *c, fr_term *term, char op, bool *handled)
{
    for (size_t i = 0; i < 2; i++)                          /* a null takes the other side's part */
        if (term->args[i]->type->kind == FR_NULL && !fr_check_as(c, term, i, term->args[1 - i]->type))
            return *handled = true, false;
    fr_kind a = term->args[0]->type->kind, b = term->args[1]->type->kind;
    bool moment_a = a == FR_DATE || a == FR_DATETIME, moment_b = b == FR_DATE || b == FR_DATETIME;
    bool duration_a = a == FR_DURATION, duration_b = b == FR_DURATION;
    term->i = op;
    term->can_fail = true;
    *handled = true;
    if (op == '-' && moment_a && moment_b) return moment_minus_moment(c, term);
    if ((op == '+' || op == '-') && moment_a && duration_b) return moment_and_duration(c, term, 0);
    if (op == '+' && duration_a && moment_b) return moment_and_duration(c, term, 1);
    if (op != '*' && duration_a && duration_b) return duration_and_duration(c, term, op);
    if ((op == '*' || op == 'f') && duration_a && fr_kind_is_integer(b)) return duration_and_integer(c, term, 0);
    if (op == '*' && fr_kind_is_integer(a) && duration_b) return duration_and_integer(c, term, 1);
    *handled = false;
    return false;
}
