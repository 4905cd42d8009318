/* complete_steps.c — `every` as an expression (see complete_steps.h). */
#include "ops/complete_steps.h"

#include <string.h>

#include "base/civil.h"
#include "base/span.h"
#include "data/type.h"
#include "expr/literals.h"

#define NS_A_SECOND INT64_C(1000000000)
#define NS_A_DAY (NS_A_SECOND * FR_SECONDS_PER_DAY)
enum { SHORTEST_MONTH = 28, LOST_BY_CLIPPING = 3, FAR_OFFSETS_HOURS = 26 };      /* from UTC-12 to UTC+14 */

typedef struct maker {
    fr_call           *call;
    fr_arena          *arena;
    const fr_type     *key;
    const char        *name;
    fr_complete_steps *out;
} maker;

static bool unsuited(const maker *m, const char *wanted)
{
    char room[FR_TYPE_TEXT_BYTES];
    return fr_fail_at(m->call, fr_place_at(.column = m->name, .hint = wanted), FR_ERR_TYPE,
                      "column '%s' of type %s has no such steps", m->name, fr_type_name(m->key, room));
}

static bool not_ahead(const maker *m)
{
    return fr_fail_at(m->call, fr_place_at(.column = m->name), FR_ERR_ARGUMENT, "every is not above 0");
}

/* ---- numbers ------------------------------------------------------------------------------------------------------- */
static bool of_integers(const maker *m, const fr_value *every)
{
    char room[FR_TYPE_TEXT_BYTES];
    const fr_kind kind = (fr_kind)every->kind;
    if (m->key->kind == FR_U64) return unsuited(m, "cast it to i64 first");
    if (!fr_kind_is_integer(kind) || kind == FR_U64) return unsuited(m, "every is a whole number here: every 10");
    if (every->as.i <= 0) return not_ahead(m);
    m->out->at_least = every->as.i;
    m->out->value = fr_arena_format(m->call, m->arena, "cast(lo + k * %lld, '%s')", (long long)every->as.i,
                                    fr_type_name(m->key, room));
    return m->out->value != NULL;
}

/* ---- times --------------------------------------------------------------------------------------------------------- */
/* Units of the key in so many days. */
static fr_i128 units_of_days(const fr_type *key, fr_i128 days)
{
    return key->kind == FR_DATE ? days : days * FR_SECONDS_PER_DAY * fr_unit_per_second(key->unit);
}

static fr_i128 slack_of_zone(const fr_type *key)
{
    return key->kind == FR_DATETIME && key->zone ? (fr_i128)FAR_OFFSETS_HOURS * 3600 * fr_unit_per_second(key->unit) : 0;
}

static bool of_days(const maker *m, int64_t days)
{
    m->out->at_least = units_of_days(m->key, days);
    m->out->slack = slack_of_zone(m->key);
    m->out->value = fr_arena_format(m->call, m->arena, "add_days(lo, k * %lld)", (long long)days);
    return m->out->value != NULL;
}

static bool of_ticks(const maker *m, int64_t ns, const char *shown)
{
    static const struct { const char *name; int64_t ns; } units[] = { { "s", NS_A_SECOND }, { "ms", 1000000 }, { "us", 1000 },
                                                                      { "ns", 1 } };
    char room[FR_TYPE_TEXT_BYTES];
    const int64_t tick = m->key->kind == FR_DATE ? NS_A_DAY : NS_A_SECOND / fr_unit_per_second(m->key->unit);
    size_t i = 0;
    if (ns % tick)
        return fr_fail_at(m->call, fr_place_at(.column = m->name, .hint = "cast it to one that counts finer"), FR_ERR_VALUE,
                          "steps of %s lie between what %s counts", shown, fr_type_name(m->key, room));
    while (ns % units[i].ns) i++;
    m->out->at_least = ns / tick;
    m->out->value = fr_arena_format(m->call, m->arena, "cast(lo + duration(k * %lld, '%s'), '%s')",
                                    (long long)(ns / units[i].ns), units[i].name, fr_type_name(m->key, room));
    return m->out->value != NULL;
}

static bool of_length(const maker *m, int64_t ns, const char *shown)
{
    if (ns <= 0) return not_ahead(m);
    if (ns % NS_A_DAY == 0 && m->key->kind != FR_DURATION) return of_days(m, ns / NS_A_DAY);
    return of_ticks(m, ns, shown);
}

/* The unit of a text such as 2QE-MAR, without its count. */
static const char *unit_of(const char *text)
{
    return text + strspn(text, "0123456789 ");
}

static bool of_months(const maker *m, const fr_span *span, const char *text)
{
    const int64_t months = span->count * span->months;
    m->out->at_least = units_of_days(m->key, (fr_i128)SHORTEST_MONTH * months);
    m->out->slack = units_of_days(m->key, LOST_BY_CLIPPING) + slack_of_zone(m->key);
    const char *same_day = fr_arena_format(m->call, m->arena, "add_months(lo, k * %lld)", (long long)months);
    if (!same_day || !span->at_end) m->out->value = same_day;
    else m->out->value = fr_arena_format(m->call, m->arena, "ceil(%s, '%s')", same_day, unit_of(text));
    return m->out->value != NULL;
}

static bool of_span(const maker *m, const fr_span *span, const char *text)
{
    int64_t ns;
    if (span->count <= 0) return not_ahead(m);
    if (span->old_alias && span->unit == FR_SPAN_MONTH)
        return fr_fail_at(m->call, fr_place_at(.hint = "'month', 'quarter' and 'year' step by the day that is the first, 'ME', "
                                                       "'QE' and 'YE' by the last"), FR_ERR_ARGUMENT,
                          "does '%s' mean the first or the last day?", text);
    if (m->key->kind == FR_DURATION && span->unit != FR_SPAN_TICK) return unsuited(m, "steps of a duration are like '15min'");
    switch (span->unit) {
    case FR_SPAN_WEEK: return of_days(m, 7 * span->count);
    case FR_SPAN_MONTH: return of_months(m, span, text);
    case FR_SPAN_BUSINESS_DAY:
        m->out->business_days = true;
        return span->count == 1 ? of_days(m, 1) : unsuited(m, "every 'B': each business day");
    case FR_SPAN_TICK: break;
    }
    if (__builtin_mul_overflow(span->count, span->nanoseconds, &ns)) return unsuited(m, "the steps are too long");
    return of_length(m, ns, text);
}

static bool of_times(const maker *m, const fr_value *every)
{
    fr_span span;
    int64_t ns;
    if (every->kind == FR_DURATION) {
        const int64_t tick = NS_A_SECOND / fr_unit_per_second((fr_unit)every->unit);
        return __builtin_mul_overflow(every->as.i, tick, &ns) ? unsuited(m, "the steps are too long")
                                                              : of_length(m, ns, "every");
    }
    if (every->kind != FR_STR) return unsuited(m, "every is a text here: '1d', '15min', 'month'");
    const char *text = fr_arena_text(m->call, m->arena, every->as.s, every->length);
    if (!text) return false;
    if (fr_span_parse(text, every->length, &span)) return of_span(m, &span, text);
    if (fr_parse_duration(text, every->length, NS_A_SECOND, &ns, NULL)) return of_length(m, ns, text);
    return fr_fail_at(m->call, fr_place_at(.hint = "'15min', '1d', 'week', 'month', 'ME', 'B'"), FR_ERR_VALUE,
                      "every '%.60s' is no unit of time", text);
}

bool fr_complete_steps_read(fr_call *call, fr_arena *arena, const fr_value *every, const fr_type *key, const char *name,
                            fr_complete_steps *out)
{
    const maker m = { call, arena, key, name, out };
    *out = (fr_complete_steps){ 0 };
    if (fr_kind_is_integer(key->kind)) return of_integers(&m, every);
    if (key->kind == FR_DATE || key->kind == FR_DATETIME || key->kind == FR_DURATION) return of_times(&m, every);
    return unsuited(&m, "whole numbers, dates, datetimes and durations have steps");
}

fr_u128 fr_complete_steps_count(const fr_complete_steps *steps, int64_t lo, int64_t hi)
{
    if (hi < lo) return 0;
    return (fr_u128)(((fr_i128)hi - lo + steps->slack) / steps->at_least) + 1;
}
