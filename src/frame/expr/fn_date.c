/* fn_date.c — parts of dates and datetimes, and dates made from parts.
 *
 * All of it works on days (a date's own value, or the floor of a datetime's local ticks); base/civil.h does the
 * calendar. A datetime with a zone is brought to its own clock first (fr_check_local), so hour(x) is what that clock
 * showed.
 */
#include "base/date_reader.h"
#include "base/number.h"
#include "expr/functions.h"
#include "expr/moments.h"
#include "expr/term_range.h"
#include "kernel/compare.h"

#include <stdio.h>
#include <string.h>

#define EACH(i) for (size_t i = 0; i < run->n; i++) if (!fr_vector_has(out, i)) continue; else

/* The day of row i; `per_day` 0 for dates. */
static inline int64_t day_at(const fr_vector *v, size_t i, int64_t per_day)
{
    return per_day ? fr_floor_div(fr_at_i64(v, i), per_day) : ((const int32_t *)v->values)[i * v->step];
}

/* args[0] must be a date or datetime; brings it to its clock and returns ticks per day (0 for a date) in term->i. */
static bool take_moment(fr_checker *c, fr_term *term)
{
    const fr_type *type = term->args[0]->type;
    if (type->kind == FR_NULL && !fr_check_as(c, term, 0, fr_type_of(FR_DATE))) return false;
    type = term->args[0]->type;
    if (type->kind == FR_STR && fr_term_is_literal(term->args[0])) {
        fr_value value;
        fr_piece t = term->args[0]->constant.text;
        bool day = fr_read_moment(FR_DATE, t.text, t.n, &value);
        const fr_type *as = day ? fr_type_of(FR_DATE) : NULL;
        if (!day && fr_read_moment(FR_DATETIME, t.text, t.n, &value) && !(as = fr_type_datetime_of(c, FR_US)))
            return false;
        if (as && !fr_literal_as(c, term, 0, as)) return false;
        type = term->args[0]->type;
    }
    if (type->kind != FR_DATE && type->kind != FR_DATETIME)
        return fr_check_fail(c, term->args[0], FR_ERR_TYPE,
                             fr_kind_is_text(type->kind) ? FR_HINT_OF_TEXT_DATES : NULL,
                             "%s needs a date or datetime, not %s", term->node->name,
                             fr_type_name(type, (char[FR_TYPE_TEXT_BYTES]){ 0 }));
    term->i = type->kind == FR_DATE ? 0 : fr_unit_per_second(type->unit) * FR_SECONDS_PER_DAY;
    return fr_check_local(c, term, 0);
}

/* ---- parts of the day -------------------------------------------------------------------------------------------- */
typedef enum part { YEAR, MONTH, DAY, QUARTER, WEEKDAY, ISOWEEKDAY, ISOWEEK, ISOYEAR, DAY_OF_YEAR, DAYS_IN_MONTH,
                    LEAP, MONTH_START, MONTH_END, QUARTER_START, QUARTER_END, YEAR_START, YEAR_END, WEEKEND,
                    MONTH_NAME, DAY_NAME, YEAR_MONTH, YEAR_QUARTER } part;
enum { MOST_YEAR = 6000000 };              /* of a date: 2^31 days are less */
static const char *const part_names[] = {
    "year",          "month",          "day",          "quarter",          "weekday",
    "isoweekday",    "isoweek",        "isoyear",      "day_of_year",      "days_in_month",
    "is_leap_year",  "is_month_start", "is_month_end", "is_quarter_start", "is_quarter_end",
    "is_year_start", "is_year_end",    "is_weekend",   "month_name",       "day_name",
    "year_month",    "year_quarter"
};

static const fr_day_part kernel_part[] = {
    [YEAR] = FR_DAY_YEAR, [MONTH] = FR_DAY_MONTH, [DAY] = FR_DAY_DAY, [QUARTER] = FR_DAY_QUARTER,
    [WEEKDAY] = FR_DAY_WEEKDAY, [ISOWEEKDAY] = FR_DAY_ISOWEEKDAY, [ISOWEEK] = FR_DAY_ISOWEEK,
    [ISOYEAR] = FR_DAY_ISOYEAR, [DAY_OF_YEAR] = FR_DAY_OF_YEAR, [DAYS_IN_MONTH] = FR_DAY_DAYS_IN_MONTH,
};

static int64_t number_part(part which, int64_t day)
{
    switch (which) {
    case WEEKDAY: return fr_civil_weekday(day);
    case ISOWEEKDAY: return fr_civil_weekday(day) + 1;
    case ISOWEEK: return fr_civil_iso(day).week;
    case ISOYEAR: return fr_civil_iso(day).year;
    case DAY_OF_YEAR: return fr_civil_day_of_year(day);
    default: break;
    }
    fr_civil d = fr_civil_from_days(day);
    return which == YEAR      ? d.year
           : which == MONTH   ? d.month
           : which == DAY     ? d.day
           : which == QUARTER ? fr_civil_quarter(d.month)
                              : fr_civil_month_days(d.year, d.month);
}

static bool flag_part(part which, int64_t day)
{
    if (which == WEEKEND) return fr_civil_weekday(day) >= 5;
    fr_civil d = fr_civil_from_days(day);
    bool first = d.day == 1, last = d.day == fr_civil_month_days(d.year, d.month);
    switch (which) {
    case LEAP: return fr_civil_is_leap(d.year);
    case MONTH_START: return first;
    case MONTH_END: return last;
    case QUARTER_START: return first && d.month % 3 == 1;
    case QUARTER_END: return last && d.month % 3 == 0;
    case YEAR_START: return first && d.month == 1;
    default: return last && d.month == 12;
    }
}

/* Is the day the first of its month, quarter or year; or the day behind it, of the next? */
static void flag_days(part which, int32_t *days, size_t n, uint64_t *bits)
{
    static const struct { fr_day_part part; bool end; } edges[] = {
        [MONTH_START] = { FR_DAY_MONTH_START, false },     [MONTH_END] = { FR_DAY_MONTH_START, true },
        [QUARTER_START] = { FR_DAY_QUARTER_START, false }, [QUARTER_END] = { FR_DAY_QUARTER_START, true },
        [YEAR_START] = { FR_DAY_YEAR_START, false },       [YEAR_END] = { FR_DAY_YEAR_START, true },
    };
    static const int64_t one = 1, saturday = 5;
    const fr_calendar_kernels *k = FR_ISA_PICK(fr_calendar_kernels);
    fr_compare_kernel *const *compare = FR_ISA_PICK(fr_compare_kernels)->i64;
    int64_t found[FR_DAYS_ROWS], wide[FR_DAYS_ROWS];
    const fr_lanes here = { found, 1 };
    if (which == WEEKEND) {
        k->part[FR_DAY_WEEKDAY](found, days, n);
        compare[FR_GREATER_EQUAL](bits, here, (fr_lanes){ &saturday, 0 }, n);
        return;
    }
    if (which == LEAP) {
        k->part[FR_DAY_LEAP_YEAR](found, days, n);
        compare[FR_EQUAL](bits, here, (fr_lanes){ &one, 0 }, n);
        return;
    }
    for (size_t i = 0; i < n; i++) days[i] += edges[which].end;
    for (size_t i = 0; i < n; i++) wide[i] = days[i];
    k->part[edges[which].part](found, days, n);
    compare[FR_EQUAL](bits, here, (fr_lanes){ wide, 1 }, n);
}

/* Days so far that 32 bits do not hold them, and constants. */
static void numbers_one_by_one(const fr_term *term, const fr_vector *x, size_t first, size_t n, const fr_vector *out,
                               int64_t *to)
{
    for (size_t i = 0; i < n; i++)
        to[i] = fr_vector_has(out, first + i) ? number_part((part)term->j, day_at(x, first + i, term->i)) : 0;
}

static bool run_number(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    const fr_calendar_kernels *k = FR_ISA_PICK(fr_calendar_kernels);
    int64_t *to = out->room;
    int32_t room[FR_DAYS_ROWS];
    for (size_t i = 0; i < run->n; i += FR_DAYS_ROWS) {
        const size_t n = run->n - i < FR_DAYS_ROWS ? run->n - i : FR_DAYS_ROWS;
        const int32_t *days = args->step ? fr_days_at(args, i, n, term->i, room) : NULL;
        if (days) k->part[kernel_part[term->j]](to + i, days, n);
        else numbers_one_by_one(term, args, i, n, out, to + i);
    }
    return true;
}

static bool run_flag(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    int32_t days[FR_DAYS_ROWS];
    for (size_t i = 0; i < run->n; i += FR_DAYS_ROWS) {
        const size_t n = run->n - i < FR_DAYS_ROWS ? run->n - i : FR_DAYS_ROWS;
        if (args->step && fr_days_of(args, i, n, term->i, days)) flag_days((part)term->j, days, n, (uint64_t *)out->room + i / 64);
        else for (size_t k = i; k < i + n; k++)
            if (fr_vector_has(out, k)) fr_put_bool(out, k, flag_part((part)term->j, day_at(args, k, term->i)));
    }
    return true;
}

static bool run_name(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    fr_piece *to = out->room;
    EACH(i) {
        int64_t day = day_at(args, i, term->i);
        fr_civil d = fr_civil_from_days(day);
        const char *name = term->j == MONTH_NAME ? fr_month_names[d.month - 1]
                           : term->j == DAY_NAME ? fr_weekday_names[fr_civil_weekday(day)]
                                                 : NULL;
        if (name) {
            to[i] = (fr_piece){ name, strlen(name) };
            continue;
        }
        char *room = fr_run_text(run, FR_DATE_BYTES);
        if (!room) return false;
        size_t n = fr_print_date(day, room) - 3;                       /* without "-dd" */
        if (term->j == YEAR_QUARTER) {
            room[n - 3] = 'Q';
            room[n - 2] = (char)('0' + fr_civil_quarter(d.month));
            n--;
        }
        to[i] = (fr_piece){ room, n };
    }
    return true;
}

bool fr_check_date_part(fr_checker *c, fr_term *term)
{
    static const struct { int16_t low, high; } bounds[LEAP] = {
        [MONTH] = { 1, 12 }, [DAY] = { 1, 31 }, [QUARTER] = { 1, 4 }, [WEEKDAY] = { 0, 6 }, [ISOWEEKDAY] = { 1, 7 },
        [ISOWEEK] = { 1, 53 }, [DAY_OF_YEAR] = { 1, 366 }, [DAYS_IN_MONTH] = { 28, 31 },
    };
    if (!take_moment(c, term)) return false;
    for (int i = 0; i < (int)FR_COUNT_OF(part_names); i++)
        if (!strcmp(part_names[i], term->function->name)) term->j = i;
    fr_term_yields(term, fr_type_of(term->j < LEAP ? FR_I64 : term->j < MONTH_NAME ? FR_BOOL : FR_STR));
    term->run = term->j < LEAP ? run_number : term->j < MONTH_NAME ? run_flag : run_name;
    if (term->j >= LEAP) return true;
    if (!bounds[term->j].high) return term->i || fr_term_within(term, -MOST_YEAR, MOST_YEAR);    /* datetimes go beyond */
    return fr_term_within(term, bounds[term->j].low, bounds[term->j].high);
}

/* ---- parts of the time of day ------------------------------------------------------------------------------------ */
/* term->i: ticks per step of the part, term->j: its modulus: minute of datetime[us] = ticks // 60e6 % 60 */
static bool run_time_part(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    const fr_floors_kernels *k = FR_ISA_PICK(fr_floors_kernels);
    const fr_divisor modulus = fr_divisor_of(term->j), scale = fr_divisor_of(term->i > 0 ? term->i : 1),
                     second = fr_divisor_of(INT64_C(1000000000));
    const int64_t *x = args->values;
    int64_t *to = out->room;
    for (size_t i = 0; i < run->n; i += FR_DAYS_ROWS) {
        const size_t n = run->n - i < FR_DAYS_ROWS ? run->n - i : FR_DAYS_ROWS;
        if (!args->step) for (size_t row = i; row < i + n; row++) to[row] = *x;
        const int64_t *from = args->step ? x + i : to + i;
        if (term->i >= 0) k->quotients(to + i, from, n, &scale);
        else k->remainders(to + i, from, n, &second);
        for (size_t row = i; row < i + n && term->i < 0; row++) to[row] *= -term->i;
        k->remainders(to + i, to + i, n, &modulus);
    }
    return true;
}

static bool run_zero(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    (void)term, (void)args;
    memset(out->room, 0, run->n * sizeof(int64_t));
    return true;
}

bool fr_check_time_part(fr_checker *c, fr_term *term)
{
    static const struct { const char *name; int64_t seconds, parts, modulus; } parts[] = {
        { "hour", 3600, 1, 24 }, { "minute", 60, 1, 60 }, { "second", 1, 1, 60 }, { "millisecond", 1, 1000, 1000 },
        { "microsecond", 1, 1000000, 1000000 }, { "nanosecond", 1, 1000000000, 1000000000 },
    };
    fr_kind kind = term->args[0]->type->kind;
    if (kind != FR_TIME && !take_moment(c, term)) return false;
    const fr_type *type = term->args[0]->type;
    fr_term_yields(term, fr_type_of(FR_I64));
    term->run = run_zero;
    if (type->kind == FR_DATE) return fr_term_within(term, 0, 0);        /* of midnight */
    term->run = run_time_part;
    int64_t per_second = fr_unit_per_second(type->unit);
    for (size_t i = 0; i < FR_COUNT_OF(parts); i++) {
        if (strcmp(parts[i].name, term->function->name)) continue;
        /* a part finer than the ticks: count in ticks of the second, then scale up (negative i says so) */
        term->i = parts[i].parts <= per_second ? per_second / parts[i].parts * parts[i].seconds
                                               : -(parts[i].parts / per_second);
        term->j = parts[i].modulus;
    }
    if (term->i < 0) {                                   /* ticks within the second, times the factor */
        fr_term *inside = fr_check_wrap(c, term->args[0], fr_type_of(FR_I64), run_time_part, NULL, 1, per_second);
        if (!inside) return false;
        term->args[0] = inside;
    }
    return fr_term_within(term, 0, term->j - 1);
}

/* ---- date(x), time(x) -------------------------------------------------------------------------------------------- */
static bool dates_one_by_one(fr_run *run, const fr_term *term, const fr_vector *x, size_t first, size_t n, fr_vector *out)
{
    int32_t *to = out->room;
    for (size_t i = first; i < first + n; i++) {
        if (!fr_vector_has(out, i)) continue;
        int64_t day = day_at(x, i, term->i);
        to[i] = (int32_t)day;
        if (day == to[i]) continue;
        if (!fr_run_fail(run, term, i, FR_ERR_OVERFLOW, "the date is out of range")) return false;
        fr_vector_null(out, i);
    }
    return true;
}

static bool run_date_of(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    for (size_t i = 0; i < run->n; i += FR_DAYS_ROWS) {
        const size_t n = run->n - i < FR_DAYS_ROWS ? run->n - i : FR_DAYS_ROWS;
        if (args->step && fr_days_of(args, i, n, term->i, (int32_t *)out->room + i)) continue;
        if (!dates_one_by_one(run, term, args, i, n, out)) return false;
    }
    return true;
}

bool fr_check_date_of(fr_checker *c, fr_term *term)
{
    if (!take_moment(c, term)) return false;
    const fr_type *type = term->args[0]->type;
    term->can_fail = type->kind == FR_DATETIME && (type->unit == FR_S || type->unit == FR_MS);   /* days beyond 32 bits */
    fr_term_yields(term, fr_type_of(FR_DATE));
    term->run = run_date_of;
    return true;
}

static bool run_time_of(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    int64_t *to = out->room;
    if (!term->i) return memset(to, 0, run->n * sizeof *to), true;                 /* of a date: midnight */
    const fr_divisor day = fr_divisor_of(term->i);
    if (args->step) FR_ISA_PICK(fr_floors_kernels)->remainders(to, args->values, run->n, &day);
    else for (size_t i = 0; i < run->n; i++) to[i] = fr_floor_mod(fr_at_i64(args, i), term->i);
    return true;
}

bool fr_check_time_of(fr_checker *c, fr_term *term)
{
    if (!take_moment(c, term)) return false;
    term->run = run_time_of;
    return fr_term_yields_owned(c, term, fr_type_time(c->call, term->args[0]->type->unit));
}

/* ---- from parts -------------------------------------------------------------------------------------------------- */
static bool run_make_date(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    int32_t *to = out->room;
    EACH(i) {
        int64_t y = fr_at_i64(args, i), m = fr_at_i64(args + 1, i), d = fr_at_i64(args + 2, i), day = INT64_MAX;
        if (y > -6000000 && y < 6000000 && m >= 1 && m <= 12 && d >= 1 && d <= 31 && fr_civil_valid(y, (int)m, (int)d))
            day = fr_civil_days(y, (int)m, (int)d);
        to[i] = (int32_t)day;
        if (day == to[i]) continue;
        if (!fr_run_fail(run, term, i, FR_ERR_VALUE, "there is no date %lld-%02lld-%02lld", (long long)y, (long long)m,
                         (long long)d))
            return false;
        fr_vector_null(out, i);
    }
    return true;
}

bool fr_check_make_date(fr_checker *c, fr_term *term)
{
    if (!fr_check_signature(c, term)) return false;
    term->run = run_make_date;
    return true;
}

/* ---- epochs ------------------------------------------------------------------------------------------------------ */
static bool read_unit(fr_checker *c, fr_term *term, size_t arg, fr_unit *unit)
{
    static const struct {
        const char *word;
        fr_unit unit;
    } words[] = { { "s", FR_S }, { "ms", FR_MS }, { "us", FR_US }, { "ns", FR_NS } };
    fr_piece text;
    *unit = FR_S;
    if (term->n_args <= arg) return true;
    if (!fr_check_text(c, term, arg, &text)) return false;
    for (size_t i = 0; i < FR_COUNT_OF(words); i++)
        if (strlen(words[i].word) == text.n && !memcmp(words[i].word, text.text, text.n))
            return *unit = words[i].unit, true;
    return fr_check_fail(c, term->args[arg], FR_ERR_ARGUMENT, NULL, "the unit must be 's', 'ms', 'us' or 'ns'");
}

static bool run_retick(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    for (size_t i = 0; i < run->n; i++) ((int64_t *)out->room)[i] = fr_at_i64(args, i);
    return (void)term, true;
}

/* epoch(x, 's'): whole units since 1970-01-01 UTC, rounded down */
bool fr_check_epoch(fr_checker *c, fr_term *term)
{
    fr_unit unit;
    const fr_type *type = term->args[0]->type;
    if (type->kind != FR_DATE && type->kind != FR_DATETIME) return fr_check_wrong(c, term, 0, "a date or datetime");
    if (!read_unit(c, term, 1, &unit)) return false;
    const char *zone = type->kind == FR_DATETIME ? type->zone : NULL;
    fr_term keep = { 0 };
    if (!fr_term_yields_owned(c, &keep, fr_type_datetime(c->call, unit, zone))) return false;
    if (!fr_type_equal(keep.type, type)) {
        fr_term *as = fr_cast_term(c, term->args[0], keep.type, FR_CAST_STRICT);
        if (!as || !fr_check_fold(c, as)) return false;
        term->args[0] = as;
    }
    term->n_args = 1;
    term->run = run_retick;
    fr_term_yields(term, fr_type_of(FR_I64));
    return true;
}

bool fr_check_from_epoch(fr_checker *c, fr_term *term)
{
    fr_unit unit;
    if (!read_unit(c, term, 1, &unit) || !fr_check_signature(c, term)) return false;
    term->n_args = 1;
    term->run = run_retick;
    return fr_term_yields_owned(c, term, fr_type_datetime(c->call, unit, NULL));
}
