/* fn_date_move.c — dates moved and rounded: add_days, add_months, month_end, floor, ceil and round to a unit;
 * durations.
 *
 * Months clip: Jan 31 + 1 month is Feb 29 or 28. On a datetime with a zone days and months are those of its clock: the
 * clock time is kept, an hour that does not exist moves forward, of one that happened twice fn_zone.c takes the one in
 * the same offset as before, if either is.
 */
#include "expr/functions.h"
#include "expr/moments.h"

#include <string.h>

enum { ROUND, FLOOR, CEIL };      /* to a span */

#define EACH(i) for (size_t i = 0; i < run->n; i++) if (!fr_vector_has(out, i)) continue; else

/* A run on local time around which the zone is taken off and put back. term->args[0] must be a date or datetime. */
static bool on_clock(fr_checker *c, fr_term *term, fr_run_fn *run, const fr_span *span)
{
    const fr_type *type = term->args[0]->type;
    if (type->kind == FR_NULL && !fr_check_as(c, term, 0, fr_type_of(FR_DATE))) return false;
    type = term->args[0]->type;
    if (type->kind != FR_DATE && type->kind != FR_DATETIME) return fr_check_wrong(c, term, 0, "a date or datetime");
    fr_term *was = term->args[0];
    if (!fr_check_local(c, term, 0)) return false;
    term->i = type->kind == FR_DATE ? 0 : fr_unit_per_second(type->unit);
    term->run = run;
    term->can_fail = true;
    fr_term_yields(term, term->args[0]->type);
    if (type->kind == FR_DATE || !type->zone) return true;
    fr_term *inner = fr_arena_new(c->call, &c->typed->arena, sizeof *inner);
    if (!inner) return false;
    *inner = *term;
    fr_term *back = fr_check_hands(c, inner, was, span, span && term->j == CEIL);
    if (!back) return false;
    back->function = term->function;
    *term = *back;
    return true;
}

/* Write the moment; false with the failure when it does not fit and is wanted. */
static bool put_moment(fr_run *run, const fr_term *term, fr_vector *out, size_t i, bool ok, fr_i128 x)
{
    if (term->i) ((int64_t *)out->room)[i] = (int64_t)x;
    else ((int32_t *)out->room)[i] = (int32_t)x;
    if (ok && x == (term->i ? (fr_i128)(int64_t)x : (fr_i128)(int32_t)x)) return true;
    if (!fr_run_fail(run, term, i, FR_ERR_OVERFLOW, "the date is out of range")) return false;
    fr_vector_null(out, i);
    return true;
}

static int64_t moment_at(const fr_vector *v, size_t i, int64_t per_second)
{
    return per_second ? fr_at_i64(v, i) : ((const int32_t *)v->values)[i * v->step];
}

/* ---- days, weeks ------------------------------------------------------------------------------------------------- */
static bool run_add_days(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    fr_i128 step = (fr_i128)(term->i ? term->i * FR_SECONDS_PER_DAY : 1) * term->j;
    EACH(i) {
        int64_t n = fr_at_i64(args + 1, i);
        bool ok = n > -(INT64_C(1) << 40) && n < INT64_C(1) << 40;
        if (!put_moment(run, term, out, i, ok, ok ? moment_at(args, i, term->i) + n * step : 0)) return false;
    }
    return true;
}

bool fr_check_add_days(fr_checker *c, fr_term *term)
{
    term->j = !strcmp(term->function->name, "add_weeks") ? 7 : 1;
    if (!fr_kind_is_integer(term->args[1]->type->kind) && term->args[1]->type->kind != FR_NULL)
        return fr_check_wrong(c, term, 1, "a whole number");
    return fr_check_as(c, term, 1, fr_type_of(FR_I64)) && on_clock(c, term, run_add_days, NULL);
}

/* ---- months, years ----------------------------------------------------------------------------------------------- */
static bool run_add_months(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    int64_t per_day = term->i ? term->i * FR_SECONDS_PER_DAY : 1;          /* dates count days */
    EACH(i) {
        int64_t x = moment_at(args, i, term->i), n = fr_at_i64(args + 1, i), day = fr_floor_div(x, per_day);
        bool ok = n > -(1 << 26) && n < 1 << 26 && day > -(INT64_C(1) << 36) && day < INT64_C(1) << 36;
        fr_i128 moved = ok ? fr_civil_add_months(day, n * term->j) : 0;
        if (!put_moment(run, term, out, i, ok, moved * per_day + (x - (fr_i128)day * per_day)))
            return false;
    }
    return true;
}

bool fr_check_add_months(fr_checker *c, fr_term *term)
{
    const char *name = term->function->name;
    term->j = !strcmp(name, "add_years") ? 12 : !strcmp(name, "add_quarters") ? 3 : 1;
    if (!fr_kind_is_integer(term->args[1]->type->kind) && term->args[1]->type->kind != FR_NULL)
        return fr_check_wrong(c, term, 1, "a whole number");
    return fr_check_as(c, term, 1, fr_type_of(FR_I64)) && on_clock(c, term, run_add_months, NULL);
}

/* ---- first and last day ------------------------------------------------------------------------------------------ */
static bool edges_one_by_one(fr_run *run, const fr_term *term, const fr_vector *args, size_t from, size_t n, fr_vector *out)
{
    int32_t *to = out->room;
    for (size_t i = from; i < from + n; i++) {
        if (!fr_vector_has(out, i)) continue;
        int64_t x = moment_at(args, i, term->i), day = term->i ? fr_floor_div(x, term->i * FR_SECONDS_PER_DAY) : x,
                months = term->j / 2;
        fr_civil d = fr_civil_from_days(day);
        int64_t first = fr_civil_days(d.year, (int)((d.month - 1) / months * months + 1), 1);
        int64_t result = term->j % 2 ? fr_civil_month_end(fr_civil_add_months(first, months - 1)) : first;
        to[i] = (int32_t)result;
        if (to[i] == result) continue;
        if (!fr_run_fail(run, term, i, FR_ERR_OVERFLOW, "the date is out of range")) return false;
        fr_vector_null(out, i);
    }
    return true;
}

static fr_day_part start_of(int64_t months)
{
    return months == 1 ? FR_DAY_MONTH_START : months == 3 ? FR_DAY_QUARTER_START : FR_DAY_YEAR_START;
}

/* The last day is the one before the first of what a day of the next one lies in, 31 × months days on from the first. */
static bool run_edge(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    const fr_calendar_kernels *k = FR_ISA_PICK(fr_calendar_kernels);
    const int32_t months = (int32_t)(term->j / 2), ahead = months == 12 ? 370 : 31 * months;
    int32_t *to = out->room;
    int64_t first[FR_DAYS_ROWS];
    for (size_t i = 0; i < run->n; i += FR_DAYS_ROWS) {
        const size_t n = run->n - i < FR_DAYS_ROWS ? run->n - i : FR_DAYS_ROWS;
        if (!args->step || !fr_days_of(args, i, n, term->i ? term->i * FR_SECONDS_PER_DAY : 0, to + i)) {
            if (!edges_one_by_one(run, term, args, i, n, out)) return false;
            continue;
        }
        k->part[start_of(months)](first, to + i, n);
        fr_integers_copy(FR_PHYS_I32, to + i, FR_PHYS_I64, first, n);
        if (term->j % 2 == 0) continue;
        for (size_t row = 0; row < n; row++) to[i + row] += ahead;
        k->part[start_of(months)](first, to + i, n);
        for (size_t row = 0; row < n; row++) to[i + row] = (int32_t)first[row] - 1;
    }
    return true;
}

/* month_start … year_end: a date */
bool fr_check_month_edge(fr_checker *c, fr_term *term)
{
    const char *name = term->function->name;
    int64_t months = name[0] == 'm' ? 1 : name[0] == 'q' ? 3 : 12;
    const fr_type *type = term->args[0]->type;
    if (type->kind == FR_NULL && !fr_check_as(c, term, 0, fr_type_of(FR_DATE))) return false;
    type = term->args[0]->type;
    if (type->kind != FR_DATE && type->kind != FR_DATETIME) return fr_check_wrong(c, term, 0, "a date or datetime");
    if (!fr_check_local(c, term, 0)) return false;
    term->i = type->kind == FR_DATE ? 0 : fr_unit_per_second(type->unit);
    term->j = months * 2 + (strstr(name, "_end") != NULL);
    term->run = run_edge;
    fr_term_yields(term, fr_type_of(FR_DATE));
    return true;
}

/* ---- floor, ceil, round to a span -------------------------------------------------------------------------------- */
typedef bool span_fn(const fr_span *, int64_t, int64_t, int64_t *);

static bool spans_one_by_one(fr_run *run, const fr_term *term, const fr_vector *args, size_t from, size_t n, fr_vector *out)
{
    static span_fn *const moves[] = { [ROUND] = fr_span_round, [FLOOR] = fr_span_floor, [CEIL] = fr_span_ceil };
    int64_t per_second = term->i ? term->i : 1;
    for (size_t i = from; i < from + n; i++) {
        if (!fr_vector_has(out, i)) continue;
        int64_t x = moment_at(args, i, term->i), y = 0;
        bool ok = moves[term->j](term->data, term->i ? x : x * FR_SECONDS_PER_DAY, per_second, &y);
        if (ok && !term->i && fr_floor_mod(y, FR_SECONDS_PER_DAY) != 0) {
            if (!fr_run_fail(run, term, i, FR_ERR_VALUE, "rounded to this unit the date is no whole day (cast it to "
                                                         "datetime first)")) return false;
            fr_vector_null(out, i);
            continue;
        }
        if (!term->i) y = fr_floor_div(y, FR_SECONDS_PER_DAY);
        if (!put_moment(run, term, out, i, ok, y)) return false;
    }
    return true;
}

/* Rungs that lie evenly: those that x counts between two, and where one of them is; 0: they do not, or not on what x
 * counts. */
static int64_t even_rungs(const fr_span *span, int64_t per_second, int64_t *rung)
{
    const int64_t second = INT64_C(1000000000), day = per_second ? per_second * FR_SECONDS_PER_DAY : 1,
                  tick = per_second ? second / per_second : second * FR_SECONDS_PER_DAY;
    fr_i128 length = 0;
    *rung = 0;
    if (span->unit == FR_SPAN_TICK) {
        length = (fr_i128)span->nanoseconds * span->count;
        length = length % tick ? 0 : length / tick;
    } else if (span->unit == FR_SPAN_WEEK) {
        length = (fr_i128)7 * span->count * day;
        *rung = (span->anchor - 3) * day;
    }
    return length > (per_second ? INT64_MAX / 4 : INT32_MAX / 2) ? 0 : (int64_t)length;
}

/* Whole months, quarters or years, from their first day. */
static bool is_of_calendar(const fr_span *span)
{
    return span->unit == FR_SPAN_MONTH && span->count == 1 && !span->at_end && (span->anchor - 1) % span->months == 0;
}

/* From the rungs at or before x to those above or nearest; false: one of them is beyond 64 bits. */
static bool go_up(int how, const fr_span *span, const int64_t *x, size_t n, int64_t length, int64_t *rungs)
{
    bool bad = false;
    for (size_t i = 0; how != FLOOR && i < n; i++) {
        const int64_t down = x[i] - rungs[i], up = length - down;
        const bool half = how == ROUND && down == up, odd = half && (span->unit != FR_SPAN_TICK || rungs[i] / length & 1);
        bad |= __builtin_add_overflow(rungs[i], (how == CEIL ? down > 0 : down > up || odd) ? length : 0, rungs + i);
    }
    return !bad;
}

/* Some rows as days or ticks; false: one of them is too far for this way. */
static bool move_some(const fr_term *term, const fr_vector *v, size_t first, size_t n, int64_t *out)
{
    const fr_span *span = term->data;
    const int64_t per_second = term->i;
    const fr_calendar_kernels *k = FR_ISA_PICK(fr_calendar_kernels);
    const int64_t per_day = per_second * FR_SECONDS_PER_DAY;
    int64_t wide[FR_DAYS_ROWS], rung, length = even_rungs(span, per_second, &rung), most = INT64_MAX;
    if (length) {
        const fr_divisor by = fr_divisor_of(length);
        const int64_t *x = (const int64_t *)v->values + first;
        if (!per_second) fr_integers_copy(FR_PHYS_I64, wide, FR_PHYS_I32, (const int32_t *)v->values + first, n), x = wide;
        if (!per_day) most = FR_DAYS_FAR;
        else if (span->unit == FR_SPAN_WEEK && per_day < most / FR_DAYS_FAR) most = per_day * FR_DAYS_FAR;
        return FR_ISA_PICK(fr_floors_kernels)->rungs(out, x, n, &by, rung, most) &&
               go_up((int)term->j, span, x, n, length, out);
    }
    int32_t days[FR_DAYS_ROWS];
    if (!fr_days_of(v, first, n, per_day, days)) return false;
    k->part[start_of(span->months)](per_day ? wide : out, days, n);
    return !per_day || k->moments(out, wide, n, per_day);
}

static bool run_span(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    const fr_span *span = term->data;
    int64_t rung, found[FR_DAYS_ROWS];
    const bool quick = args->step && (even_rungs(span, term->i, &rung) > 0 || (is_of_calendar(span) && term->j == FLOOR));
    for (size_t i = 0; i < run->n; i += FR_DAYS_ROWS) {
        const size_t n = run->n - i < FR_DAYS_ROWS ? run->n - i : FR_DAYS_ROWS;
        if (!quick || !move_some(term, args, i, n, found)) {
            if (!spans_one_by_one(run, term, args, i, n, out)) return false;
        } else if (term->i) memcpy((int64_t *)out->room + i, found, n * sizeof *found);
        else fr_integers_copy(FR_PHYS_I32, (int32_t *)out->room + i, FR_PHYS_I64, found, n);
    }
    return true;
}

/* A span of fractions of what x counts: false with the failure, or *every where each value is a rung already. */
static bool check_grain(fr_checker *c, fr_term *term, const fr_span *span, fr_piece written, bool *every)
{
    char room[FR_TYPE_TEXT_BYTES];
    const fr_type *type = term->args[0]->type;
    const int64_t second = INT64_C(1000000000);
    *every = false;
    if (type->kind != FR_DATE && type->kind != FR_DATETIME) return true;
    int64_t tick = type->kind == FR_DATE ? second : second / fr_unit_per_second(type->unit);
    *every = fr_span_grain_of(span, type->kind == FR_DATE ? second * FR_SECONDS_PER_DAY : tick) == FR_SPAN_EVERY;
    if (*every || fr_span_grain_of(span, tick) == FR_SPAN_COARSE) return true;
    return fr_check_fail(c, term->args[1], FR_ERR_ARGUMENT, "cast(x, 'datetime[ns]') counts finer ones",
                         "%s has no fractions of a second as fine as '%.*s'", fr_type_name(type, room),
                         (int)written.n, written.text);
}

bool fr_check_round_time(fr_checker *c, fr_term *term, int how)
{
    bool every;
    fr_piece text;
    fr_span *span = fr_arena_new(c->call, &c->typed->arena, sizeof *span);
    if (!span) return false;
    if (how == 3 || term->n_args < 2)
        return fr_check_fail(c, term, FR_ERR_ARGUMENT, "floor(x, 'month'), round(x, '15min'), ceil(x, '1h')",
                             "%s of a date needs a unit", term->node->name);
    if (!fr_check_text(c, term, 1, &text)) return false;
    if (!fr_span_parse(text.text, text.n, span))
        return fr_check_fail(c, term->args[1], FR_ERR_ARGUMENT,
                             "units are like '15min', 'hour', 'D', 'week', 'month', 'quarter', 'YE'", "not a unit of time");
    if (span->old_alias && span->unit == FR_SPAN_MONTH)
        return fr_check_fail(c, term->args[1], FR_ERR_ARGUMENT, "'month', 'quarter' and 'year' begin on the first day, "
                             "'ME', 'QE' and 'YE' on the last", "does '%.*s' mean the first or the last day?",
                             (int)text.n, text.text);
    if (!check_grain(c, term, span, text, &every)) return false;
    if (every) return *term = *term->args[0], true;
    term->j = how;
    term->data = span;
    term->n_args = 1;
    return on_clock(c, term, run_span, span);
}

/* ---- durations --------------------------------------------------------------------------------------------------- */
/* duration(n, 'h') */
static bool run_duration(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    int64_t *to = out->room;
    EACH(i) {
        if (!__builtin_mul_overflow(fr_at_i64(args, i), term->i, to + i)) continue;
        if (!fr_run_fail(run, term, i, FR_ERR_OVERFLOW, "the duration is out of range")) return false;
        fr_vector_null(out, i);
    }
    return true;
}

bool fr_check_duration(fr_checker *c, fr_term *term)
{
    static const struct { const char *word; fr_unit unit; int64_t ticks;
    } words[] = {
        { "w", FR_US, INT64_C(604800000000) },
        { "d", FR_US, INT64_C(86400000000) },
        { "h", FR_US, INT64_C(3600000000) },
        { "min", FR_US, 60000000 },
        { "s", FR_US, 1000000 },
        { "ms", FR_US, 1000 },
        { "us", FR_US, 1 },
        { "ns", FR_NS, 1 },
    };
    fr_piece text;
    if (!fr_check_signature(c, term) || !fr_check_text(c, term, 1, &text)) return false;
    term->n_args = 1;
    term->run = run_duration;
    for (size_t i = 0; i < FR_COUNT_OF(words); i++)
        if (strlen(words[i].word) == text.n && !memcmp(words[i].word, text.text, text.n)) {
            term->i = words[i].ticks;
            return fr_term_yields_owned(c, term, fr_type_duration(c->call, words[i].unit));
        }
    return fr_check_fail(c, term, FR_ERR_ARGUMENT, NULL, "the unit must be w, d, h, min, s, ms, us or ns");
}

/* total_days … total_seconds: f64; days: whole ones, rounded down */
static bool run_total(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    for (size_t i = 0; i < run->n; i++) {
        if (term->phys == FR_PHYS_I64) ((int64_t *)out->room)[i] = fr_floor_div(fr_at_i64(args, i), term->i);
        else ((double *)out->room)[i] = (double)fr_at_i64(args, i) / (double)term->i;
    }
    return true;
}

bool fr_check_total(fr_checker *c, fr_term *term)
{
    const char *name = term->function->name;
    if (term->args[0]->type->kind != FR_DURATION) return fr_check_wrong(c, term, 0, "a duration");
    int64_t seconds = strstr(name, "days")      ? FR_SECONDS_PER_DAY
                      : strstr(name, "hours")   ? 3600
                      : strstr(name, "minutes") ? 60
                                                : 1;
    term->i = seconds * fr_unit_per_second(term->args[0]->type->unit);
    term->run = run_total;
    fr_term_yields(term, fr_type_of(!strcmp(name, "days") ? FR_I64 : FR_F64));
    return true;
}
