/* test_moments.c — parts and steps of dates and datetimes, many at a time, against base/civil.h and base/span.h a row at a
 * time: every unit, near days and far ones, nulls, slices, awkward lengths. */
#include "base/civil.h"
#include "base/span.h"
#include "expr/expr.h"
#include "support/columns.h"
#include "support/test.h"

#include <stdio.h>
#include <string.h>

typedef struct clock_type { const char *type; int64_t per_second, days; } clock_type;      /* days: about so many fit */
static const clock_type clocks[] = {
    { "date", 0, 2000000000 },
    { "datetime[s]", 1, INT64_C(100000000000000) },
    { "datetime[ms]", 1000, INT64_C(106000000000) },
    { "datetime[us]", 1000000, 106000000 },
    { "datetime[ns]", 1000000000, 106000 },
};

static int64_t per_day(const clock_type *c) { return c->per_second ? c->per_second * FR_SECONDS_PER_DAY : 1; }

/* Of a century, of all there are, and next to midnights. */
static int64_t moment(const clock_type *c, uint64_t *seed, bool far)
{
    const uint64_t r = fr_test_random(seed);
    const int64_t most = far ? c->days : 40000, day = (int64_t)(fr_test_random(seed) % (uint64_t)(2 * most)) - most;
    const int64_t tick = r % 3 == 0 ? 0 : r % 3 == 1 ? per_day(c) - 1 : (int64_t)(r / 3 % (uint64_t)per_day(c));
    return day * per_day(c) + tick;
}

static fr_column *moments(fr_call *call, const clock_type *c, int64_t n, bool far, uint64_t seed)
{
    fr_auto(type) type = fr_type_parse(c->type);
    fr_builder *b = type ? fr_builder_new(call, type, n) : NULL;
    bool ok = b != NULL;
    for (int64_t i = 0; ok && i < n; i++) {
        fr_value v = { .kind = (uint8_t)type->kind, .valid = true, .unit = (uint8_t)type->unit };
        v.as.i = moment(c, &seed, far && i % 100 == 7);
        ok = i % 11 == 4 ? fr_builder_add_null(call, b) : fr_builder_add(call, b, v);
    }
    fr_column *column = ok ? fr_builder_finish(call, b) : NULL;
    fr_builder_unref(b);
    return column;
}

static int64_t at(const clock_type *c, const fr_column *x, int64_t i)
{
    return c->per_second ? ((const int64_t *)x->values)[i] : ((const int32_t *)x->values)[i];
}

static fr_column *evaluate(fr_call *call, fr_column *x, const char *text)
{
    static const char *const name = "x";
    fr_frame *frame = fr_frame_of(call, NULL, &name, &x, 1, x->length);
    fr_expr *expr = frame ? fr_expr_parse(call, text, NULL, 0) : NULL;
    fr_column *result = expr ? fr_expr_eval(call, expr, &(fr_eval){ .frame = frame }) : NULL;
    fr_expr_unref(expr);
    fr_frame_unref(frame);
    return result;
}

/* ---- parts ------------------------------------------------------------------------------------------------------- */
typedef struct place { fr_civil date; int64_t day, tick, per_second; } place;
typedef int64_t part_fn(const place *p);

static int64_t year(const place *p) { return p->date.year; }
static int64_t month(const place *p) { return p->date.month; }
static int64_t day(const place *p) { return p->date.day; }
static int64_t quarter(const place *p) { return fr_civil_quarter(p->date.month); }
static int64_t weekday(const place *p) { return fr_civil_weekday(p->day); }
static int64_t isoweek(const place *p) { return fr_civil_iso(p->day).week; }
static int64_t isoyear(const place *p) { return fr_civil_iso(p->day).year; }
static int64_t day_of_year(const place *p) { return fr_civil_day_of_year(p->day); }
static int64_t days_in_month(const place *p) { return fr_civil_month_days(p->date.year, p->date.month); }
static int64_t is_leap_year(const place *p) { return fr_civil_is_leap(p->date.year); }
static int64_t is_month_start(const place *p) { return p->date.day == 1; }
static int64_t is_month_end(const place *p) { return p->date.day == days_in_month(p); }
static int64_t is_quarter_start(const place *p) { return p->date.day == 1 && p->date.month % 3 == 1; }
static int64_t is_quarter_end(const place *p) { return is_month_end(p) && p->date.month % 3 == 0; }
static int64_t is_year_start(const place *p) { return p->date.day == 1 && p->date.month == 1; }
static int64_t is_year_end(const place *p) { return is_month_end(p) && p->date.month == 12; }
static int64_t is_weekend(const place *p) { return weekday(p) >= 5; }
static int64_t month_start(const place *p) { return p->day - p->date.day + 1; }
static int64_t month_end(const place *p) { return fr_civil_month_end(p->day); }
static int64_t quarter_start(const place *p) { return fr_civil_days(p->date.year, (p->date.month - 1) / 3 * 3 + 1, 1); }
static int64_t quarter_end(const place *p) { return fr_civil_month_end(quarter_start(p) + 70); }
static int64_t year_start(const place *p) { return fr_civil_days(p->date.year, 1, 1); }
static int64_t year_end(const place *p) { return fr_civil_days(p->date.year, 12, 31); }
static int64_t date_of(const place *p) { return p->day; }
static int64_t hour(const place *p) { return p->per_second ? p->tick / p->per_second / 3600 : 0; }
static int64_t minute(const place *p) { return p->per_second ? p->tick / p->per_second / 60 % 60 : 0; }
static int64_t second(const place *p) { return p->per_second ? p->tick / p->per_second % 60 : 0; }
static int64_t microsecond(const place *p)
{
    return p->per_second ? (int64_t)((fr_i128)(p->tick % p->per_second) * 1000000 / p->per_second) : 0;
}

static const struct { const char *name; part_fn *part; } parts[] = {
    { "year(x)", year }, { "month(x)", month }, { "day(x)", day }, { "quarter(x)", quarter }, { "weekday(x)", weekday },
    { "isoweek(x)", isoweek }, { "isoyear(x)", isoyear }, { "day_of_year(x)", day_of_year },
    { "days_in_month(x)", days_in_month }, { "is_leap_year(x)", is_leap_year }, { "is_month_start(x)", is_month_start },
    { "is_month_end(x)", is_month_end }, { "is_quarter_start(x)", is_quarter_start },
    { "is_quarter_end(x)", is_quarter_end }, { "is_year_start(x)", is_year_start }, { "is_year_end(x)", is_year_end },
    { "is_weekend(x)", is_weekend }, { "month_start(x)", month_start }, { "month_end(x)", month_end },
    { "quarter_start(x)", quarter_start }, { "quarter_end(x)", quarter_end }, { "year_start(x)", year_start },
    { "year_end(x)", year_end }, { "date(x)", date_of }, { "hour(x)", hour }, { "minute(x)", minute },
    { "second(x)", second }, { "microsecond(x)", microsecond },
};

/* A result of any layout as a number. */
static int64_t number_at(const fr_column *c, int64_t i)
{
    int64_t x;
    if (c->phys == FR_PHYS_BOOL) return ((const uint64_t *)c->values)[i >> 6] >> (i & 63) & 1;
    if (c->type->kind == FR_DATE) return ((const int32_t *)c->values)[i];
    fr_integers_at(c, i, 1, &x);
    return x;
}

static void check_parts(fr_call *call, const clock_type *c, fr_column *x)
{
    for (size_t f = 0; f < FR_COUNT_OF(parts); f++) {
        FR_OWNED fr_column *out = evaluate(call, x, parts[f].name);
        REQUIRE(out != NULL);
        bool same = true;
        for (int64_t i = 0; i < x->length; i++) {
            same &= fr_is_valid(out, i) == fr_is_valid(x, i);
            if (!fr_is_valid(x, i)) continue;
            place p = { .day = fr_floor_div(at(c, x, i), per_day(c)), .per_second = c->per_second };
            p.tick = fr_floor_mod(at(c, x, i), per_day(c));
            p.date = fr_civil_from_days(p.day);
            same &= number_at(out, i) == parts[f].part(&p);
        }
        if (!same) CHECK_STR(parts[f].name, c->type);
    }
}

static const struct { const char *unit; int64_t per_second; } units[] = {
    { "s", 1 }, { "ms", 1000 }, { "us", 1000000 }, { "ns", 1000000000 },
};

/* Ticks in another unit; a coarser one rounds down, what no finer one holds is null. */
static void check_units(fr_call *call, const clock_type *c, fr_column *x)
{
    for (size_t u = 0; u < FR_COUNT_OF(units); u++) {
        char text[60];
        (void)snprintf(text, sizeof text, "try_cast(x, 'datetime[%s]')", units[u].unit);
        FR_OWNED fr_column *out = evaluate(call, x, text);
        REQUIRE(out != NULL);
        bool same = true;
        for (int64_t i = 0; i < x->length; i++) {
            const fr_i128 finer = fr_is_valid(x, i) ? (fr_i128)at(c, x, i) * units[u].per_second : 0;
            const bool holds = finer / c->per_second <= INT64_MAX && finer / c->per_second >= INT64_MIN;
            same &= fr_is_valid(out, i) == (fr_is_valid(x, i) && holds);
            if (!fr_is_valid(out, i)) continue;
            fr_i128 expected = finer / c->per_second;
            expected -= finer % c->per_second < 0;
            same &= ((const int64_t *)out->values)[i] == (int64_t)expected;
        }
        if (!same) CHECK_STR(text, c->type);
    }
}

/* ---- steps ------------------------------------------------------------------------------------------------------- */
static const char *const steps[] = { "15min", "hour", "7h", "D", "5D", "week", "W-WED", "3W-SAT", "month", "quarter", "year",
                                     "QS-FEB", "2MS", "ME", "B", "second", "1500ms" };

typedef bool step_fn(const fr_span *, int64_t, int64_t, int64_t *);
static const struct { const char *name; step_fn *step; } moves[] = {
    { "floor", fr_span_floor }, { "ceil", fr_span_ceil }, { "round", fr_span_round },
};

static void check_step(fr_call *call, const clock_type *c, fr_column *x, size_t move, const char *step)
{
    char text[60];
    fr_span span;
    const int64_t tick = INT64_C(1000000000) / (c->per_second ? c->per_second : 1);
    REQUIRE(fr_span_parse(step, strlen(step), &span));
    if (fr_span_grain_of(&span, tick) != FR_SPAN_COARSE || (!c->per_second && !fr_span_is_of_days(&span))) return;
    (void)snprintf(text, sizeof text, "%s(x, '%s')", moves[move].name, step);
    FR_OWNED fr_column *out = evaluate(call, x, text);
    REQUIRE(out != NULL);
    bool same = true;
    for (int64_t i = 0; i < x->length; i++) {
        int64_t y = 0;
        same &= fr_is_valid(out, i) == fr_is_valid(x, i);
        if (!fr_is_valid(x, i)) continue;
        same &= moves[move].step(&span, c->per_second ? at(c, x, i) : at(c, x, i) * FR_SECONDS_PER_DAY,
                                 c->per_second ? c->per_second : 1, &y);
        same &= at(c, out, i) == (c->per_second ? y : y / FR_SECONDS_PER_DAY);
    }
    if (!same) CHECK_STR(text, c->type);
}

static const int64_t lengths[] = { 0, 1, 3, 63, 64, 65, 511, 512, 513, 1300 };

TEST(parts_of_many_are_those_of_one)
{
    for (size_t c = 0; c < FR_COUNT_OF(clocks); c++)
        for (size_t l = 0; l < FR_COUNT_OF(lengths); l++) {
            WITH_CALL;
            FR_OWNED fr_column *all = moments(call, clocks + c, lengths[l] + 3, false, 7 * c + l);
            FR_OWNED fr_column *x = all ? fr_column_slice(call, all, (int64_t)(l % 3), lengths[l]) : NULL;
            REQUIRE(x != NULL);
            check_parts(call, clocks + c, x);
        }
}

TEST(far_days_have_the_same_parts)
{
    for (size_t c = 1; c < FR_COUNT_OF(clocks); c++) {
        WITH_CALL;
        const clock_type near = { clocks[c].type, clocks[c].per_second, clocks[c].days < 2000000000 ? clocks[c].days : 2000000000 };
        FR_OWNED fr_column *x = moments(call, &near, 1300, true, 50 + c);
        REQUIRE(x != NULL);
        check_parts(call, clocks + c, x);
    }
}

TEST(units_of_many_are_those_of_one)
{
    for (size_t c = 1; c < FR_COUNT_OF(clocks); c++)
        for (size_t l = 0; l < FR_COUNT_OF(lengths); l++)
            for (int far = 0; far < 2; far++) {
                WITH_CALL;
                FR_OWNED fr_column *x = moments(call, clocks + c, lengths[l], far, 7 * c + l);
                REQUIRE(x != NULL);
                check_units(call, clocks + c, x);
            }
}

TEST(steps_of_many_are_those_of_one)
{
    for (size_t c = 0; c < FR_COUNT_OF(clocks); c++)
        for (size_t l = 0; l < FR_COUNT_OF(lengths); l++) {
            WITH_CALL;
            FR_OWNED fr_column *all = moments(call, clocks + c, lengths[l] + 3, false, 90 * c + l);
            FR_OWNED fr_column *x = all ? fr_column_slice(call, all, (int64_t)(l % 3), lengths[l]) : NULL;
            REQUIRE(x != NULL);
            for (size_t move = 0; move < FR_COUNT_OF(moves); move++)
                for (size_t s = 0; s < FR_COUNT_OF(steps); s++) check_step(call, clocks + c, x, move, steps[s]);
        }
}

/* Where the first or last rung lies beyond what there is, an error says so, as it does of one row alone. */
TEST(steps_beyond_the_ends_are_told)
{
    static const char *const texts[] = { "floor(x, 'D')", "floor(x, 'week')", "floor(x, 'month')", "floor(x, 'year')",
                                         "ceil(x, 'D')", "ceil(x, '7h')" };
    for (size_t c = 1; c < FR_COUNT_OF(clocks); c++)
        for (size_t t = 0; t < FR_COUNT_OF(texts); t++) {
            WITH_CALL;
            fr_auto(type) type = fr_type_parse(clocks[c].type);
            fr_builder *b = type ? fr_builder_new(call, type, 2) : NULL;
            fr_value v = { .kind = FR_DATETIME, .valid = true, .unit = type ? (uint8_t)type->unit : 0 };
            v.as.i = t < 4 ? INT64_MIN + 1 : INT64_MAX - 1;
            REQUIRE(b && fr_builder_add(call, b, v));
            FR_OWNED fr_column *x = fr_builder_finish(call, b);
            fr_builder_unref(b);
            REQUIRE(x != NULL);
            FR_OWNED fr_column *out = evaluate(call, x, texts[t]);
            CHECK(out == NULL);
            fr_auto(frame) failed = fr_object_failed(call, &fr_frame_class);
            CHECK_INT(fr_error(failed)->code, FR_ERR_OVERFLOW);
        }
}
