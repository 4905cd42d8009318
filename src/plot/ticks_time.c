/* ticks_time.c — ticks of a time scale: a ladder of steps from nanoseconds to millions of years, on the calendar of a
 * zone.
 *
 * The finest step that yields at most half as many labels again as wished is taken; its rungs are walked in local time,
 * so that days begin at the zone's midnight and months on their first, across changes of the clock:
 *
 *     step            rungs                              label        context, below, where it changes
 *     1-2-5 × 10^-n s multiples since 1970               5.250 s      29 Feb 2024 12:30
 *     1 s … 12 h      multiples since local midnight     12:30:05     29 Feb 2024
 *     1, 2 days       midnights; odd days of the month   29           Feb 2024
 *     1 week          Mondays                            26           Feb 2024
 *     1, 3, 6 months  first days                         Feb          2024
 *     1-2-5 × 10^n y  first days                         2024
 *
 * Where clocks go back, an hour comes twice: both have ticks, 02:00 CEST and 02:00 CET, and with steps of two hours and
 * more the first of them only. Where clocks go forward over a rung there is none (hours) or it stands at the first
 * instant after (midnights).
 */
#include "plot/ticks.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/date_text.h"

/* ---- the ladder -------------------------------------------------------------------------------------------------- */
typedef enum unit { NANOSECONDS, SECONDS, DAYS, WEEKS, MONTHS, YEARS } unit;
typedef struct rung { unit unit; int64_t count; } rung;

static const rung middle_rungs[] = {
    { SECONDS, 1 },     { SECONDS, 2 },     { SECONDS, 5 },     { SECONDS, 10 },    { SECONDS, 15 },    { SECONDS, 30 },
    { SECONDS, 60 },    { SECONDS, 120 },   { SECONDS, 300 },   { SECONDS, 600 },   { SECONDS, 900 },
    { SECONDS, 1800 },  { SECONDS, 3600 },  { SECONDS, 7200 },  { SECONDS, 10800 }, { SECONDS, 21600 },
    { SECONDS, 43200 }, { DAYS, 1 },
    { DAYS, 2 },        { WEEKS, 1 },       { MONTHS, 1 },      { MONTHS, 3 },      { MONTHS, 6 },
};
enum { N_FINE = 27, N_MIDDLE = (int)FR_COUNT_OF(middle_rungs), N_COARSE = 26, N_RUNGS = N_FINE + N_MIDDLE + N_COARSE };

/* 1, 2, 5, 10, 20, 50 … */
static int64_t one_two_five(int i)
{
    int64_t out = i % 3 == 0 ? 1 : i % 3 == 1 ? 2 : 5;
    for (; i >= 3; i -= 3) out *= 10;
    return out;
}

static rung rung_at(int i)
{
    if (i < N_FINE) return (rung){ NANOSECONDS, one_two_five(i) };
    if (i < N_FINE + N_MIDDLE) return middle_rungs[i - N_FINE];
    return (rung){ YEARS, one_two_five(i - N_FINE - N_MIDDLE) };
}

static double length_of(rung r)
{
    static const double seconds[] = { 1e-9, 1, 86400, 7 * 86400, 30.436875 * 86400, 365.2425 * 86400 };
    return seconds[r.unit] * (double)r.count;
}

/* Steps finer than a tick of the data, or than a day of dates, are none. */
static bool is_fine_enough(const fr_scale *scale, rung r)
{
    if (scale->date_only) return r.unit >= DAYS;
    return r.unit != NANOSECONDS || r.count % (1000000000 / scale->per_second) == 0;
}

static rung choose(const fr_scale *scale, int wish)
{
    const double span = (scale->high - scale->low) / (double)scale->per_second;
    rung best = { YEARS, 0 };
    for (int i = N_RUNGS - 1; i >= 0; i--) {
        const rung r = rung_at(i);
        if (!is_fine_enough(scale, r)) continue;
        if (best.count && span / length_of(r) + 1 > 1.5 * wish) break;
        best = r;
    }
    return best;
}

/* ---- what is being made ------------------------------------------------------------------------------------------ */
enum { MOST_TICKS = 200 };

typedef struct maker {
    fr_call        *call;
    fr_arena       *arena;
    const fr_scale *scale;
    const char     *format;            /* the user's, or NULL                                                         */
    rung            step;
    int64_t         low, high;         /* seconds since 1970 UTC that enclose the domain                              */
    int64_t         last_context;      /* number of the minute, day, month or year whose context was written last     */
    fr_ticks       *out;
} maker;

/* An instant as a value of the domain. */
static double value_of(const fr_scale *scale, int64_t seconds)
{
    return (double)((fr_i128)seconds * scale->per_second - scale->origin);
}

static int64_t seconds_at(const fr_scale *scale, double value)
{
    const double bounded = fmin(fmax(floor(value), -9e18), 9e18);
    const fr_i128 ticks = (fr_i128)scale->origin + (int64_t)bounded, rate = scale->per_second;
    return (int64_t)(ticks / rate - (ticks % rate < 0));
}

static int32_t offset_at(const fr_scale *scale, int64_t seconds)
{
    return scale->zone ? fr_zone_utc_to_offset(scale->zone, seconds) : 0;
}

/* The instant of a local midnight. */
static int64_t midnight(const fr_scale *scale, int64_t day)
{
    int64_t utc = day * FR_SECONDS_PER_DAY;
    if (scale->zone) (void)fr_zone_local_to_utc(scale->zone, utc, FR_ZONE_EARLIEST_SHIFT, &utc);
    return utc;
}

static int64_t local_day(const fr_scale *scale, int64_t seconds)
{
    return fr_floor_div(seconds + offset_at(scale, seconds), FR_SECONDS_PER_DAY);
}

/* ---- texts ------------------------------------------------------------------------------------------------------- */
enum { TEXT_BYTES = 96 };
static const char months[] = "Jan\0Feb\0Mar\0Apr\0May\0Jun\0Jul\0Aug\0Sep\0Oct\0Nov\0Dec";
static const char *month_name(int month) { return months + 4 * (month - 1); }

static void year_text(int64_t year, char out[TEXT_BYTES])
{
    snprintf(out, TEXT_BYTES, "%s%04" PRId64, year < 0 ? "\xe2\x88\x92" : "", year < 0 ? -year : year);
}

/* A local time taken apart. */
typedef struct local { int64_t seconds, day; int hour, minute, second; fr_civil date; } local;

static local local_of(const fr_scale *scale, int64_t utc)
{
    local out = { .seconds = utc + offset_at(scale, utc) };
    out.day = fr_floor_div(out.seconds, FR_SECONDS_PER_DAY);
    const int in_day = (int)fr_floor_mod(out.seconds, FR_SECONDS_PER_DAY);
    out.hour   = in_day / 3600;
    out.minute = in_day / 60 % 60;
    out.second = in_day % 60;
    out.date   = fr_civil_from_days(out.day);
    return out;
}

/* "12:30", and the zone's name where that time comes twice. */
static void clock_text(const maker *m, const local *at, int64_t utc, char out[TEXT_BYTES])
{
    int64_t a, b;
    int n = snprintf(out, TEXT_BYTES, "%02d:%02d", at->hour, at->minute);
    if (m->step.count < 60) n += snprintf(out + n, TEXT_BYTES - (size_t)n, ":%02d", at->second);
    if (m->step.count > 3600 || !m->scale->zone) return;
    if (fr_zone_resolve(m->scale->zone, at->seconds, &a, &b) != FR_LOCAL_AMBIGUOUS) return;
    snprintf(out + n, TEXT_BYTES - (size_t)n, "\xc2\xa0%s", fr_zone_type_at(m->scale->zone, utc).name);
}

/* Seconds with as many decimals as the step has. */
static void fraction_text(const maker *m, const local *at, int64_t nanosecond, char out[TEXT_BYTES])
{
    int decimals = 9;
    int64_t step = m->step.count, part = nanosecond;
    for (; step % 10 == 0; step /= 10, part /= 10) decimals--;
    snprintf(out, TEXT_BYTES, "%d.%0*lld\xc2\xa0s", at->second, decimals, (long long)part);
}

static void label_text(const maker *m, const local *at, int64_t utc, int64_t nanosecond, char out[TEXT_BYTES])
{
    switch (m->step.unit) {
    case NANOSECONDS: fraction_text(m, at, nanosecond, out); return;
    case SECONDS:     clock_text(m, at, utc, out); return;
    case DAYS:
    case WEEKS:       snprintf(out, TEXT_BYTES, "%d", at->date.day); return;
    case MONTHS:      snprintf(out, TEXT_BYTES, "%s", month_name(at->date.month)); return;
    case YEARS:       year_text(at->date.year, out); return;
    }
}

/* The number of the minute, day, month or year that a tick's context names. */
static int64_t context_number(const maker *m, const local *at)
{
    switch (m->step.unit) {
    case NANOSECONDS: return fr_floor_div(at->seconds, 60);
    case SECONDS:     return at->day;
    case DAYS:
    case WEEKS:       return at->date.year * INT64_C(12) + at->date.month;
    default:          return at->date.year;
    }
}

static void context_text(const maker *m, const local *at, char out[TEXT_BYTES])
{
    char year[TEXT_BYTES], date[TEXT_BYTES] = "";
    year_text(at->date.year, year);
    if (!m->scale->no_date) snprintf(date, sizeof date, "%d %s %.40s", at->date.day, month_name(at->date.month), year);
    switch (m->step.unit) {
    case NANOSECONDS:
        snprintf(out, TEXT_BYTES, "%.60s%s%02d:%02d", date, *date ? " " : "", at->hour, at->minute);
        return;
    case SECONDS:     snprintf(out, TEXT_BYTES, "%s", date); return;
    case DAYS:
    case WEEKS:       snprintf(out, TEXT_BYTES, "%s %.40s", month_name(at->date.month), year); return;
    case MONTHS:      snprintf(out, TEXT_BYTES, "%s", year); return;
    case YEARS:       out[0] = 0; return;
    }
}

/* ---- ticks ------------------------------------------------------------------------------------------------------- */
static bool add_context(maker *m, const local *at, fr_tick *tick)
{
    char text[TEXT_BYTES];
    const int64_t number = context_number(m, at);
    if (m->out->n_labels > 0 && number == m->last_context) return true;
    context_text(m, at, text);
    m->last_context = number;
    if (!text[0]) return true;
    m->out->two_levels = true;
    tick->context = fr_arena_text(m->call, m->arena, text, strlen(text));
    return tick->context != NULL;
}

/* The user's format; a label that repeats the one before is left out (%b over two ticks of a month). */
static bool own_label(maker *m, const local *at, int64_t nanosecond, fr_tick *tick)
{
    char text[FR_LABEL_BYTES];
    fr_moment when = { .year = at->date.year, .month = (int8_t)at->date.month, .day = (int8_t)at->date.day,
                       .hour = (int8_t)at->hour, .minute = (int8_t)at->minute, .second = (int8_t)at->second,
                       .has_date = true, .has_time = true, .nanosecond = (int32_t)nanosecond };
    const size_t n = fr_print_date_format(m->format, strlen(m->format), &when, text, sizeof text);
    const fr_ticks *t = m->out;
    for (size_t i = t->n; i-- > 0;)
        if (t->ticks[i].label) {
            if (strcmp(t->ticks[i].label, text) == 0) return true;
            break;
        }
    tick->label = fr_arena_text(m->call, m->arena, text, n < sizeof text ? n : sizeof text - 1);
    return tick->label != NULL;
}

static bool house_label(maker *m, const local *at, int64_t utc, int64_t nanosecond, fr_tick *tick)
{
    char text[TEXT_BYTES];
    label_text(m, at, utc, nanosecond, text);
    tick->label = fr_arena_text(m->call, m->arena, text, strlen(text));
    return tick->label && add_context(m, at, tick);
}

/* A tick at an instant, if it lies in the domain and there is room. */
static bool add(maker *m, int64_t utc, int64_t nanosecond)
{
    const fr_scale *scale = m->scale;
    const double more = (double)(nanosecond / (1000000000 / scale->per_second)), value = value_of(scale, utc) + more;
    fr_tick tick = { .value = value, .at = fr_scale_at(scale, value) };
    if (value < scale->low || value > scale->high || m->out->n == MOST_TICKS) return true;
    const local at = local_of(scale, utc);
    if (!(m->format ? own_label(m, &at, nanosecond, &tick) : house_label(m, &at, utc, nanosecond, &tick))) return false;
    m->out->n_labels += tick.label != NULL;
    m->out->ticks[m->out->n++] = tick;
    return true;
}

/* ---- walks ------------------------------------------------------------------------------------------------------- */
static bool walk_fractions(maker *m)
{
    const int64_t a_second = 1000000000, step = m->step.count;
    const double a_tick = (double)(a_second / m->scale->per_second);
    for (int64_t second = m->low; second <= m->high; second++) {
        int64_t part = 0;
        if (second == m->low) {         /* skip what lies before the domain: a second may hold 10^9 steps */
            const double first = (m->scale->low - value_of(m->scale, second)) * a_tick;
            part = first > 0 ? (int64_t)(first / (double)step) * step : 0;
        }
        for (; part < a_second; part += step) {
            if (value_of(m->scale, second) + (double)part / a_tick > m->scale->high) return true;
            if (!add(m, second, part)) return false;
        }
    }
    return true;
}

/* Multiples of the step in local time, one stretch of constant offset after the other. */
static bool walk_clock(maker *m)
{
    const int64_t step = m->step.count;
    int64_t last = INT64_MIN, from, until = INT64_MAX;
    for (int64_t at = m->low; at <= m->high; at = until) {
        const int64_t offset = m->scale->zone ? fr_zone_offset_range(m->scale->zone, at, &from, &until) : 0;
        int64_t clock = -fr_floor_div(-(at + offset), step) * step;
        for (; clock - offset < until && clock - offset <= m->high; clock += step) {
            if (clock <= last && step > 3600) continue;
            if (!add(m, clock - offset, 0)) return false;
            last = clock;
        }
        if (until == INT64_MAX) break;
    }
    return true;
}

/* The day of rung number k; which rung a day belongs to. */
static int64_t rung_day(rung r, int64_t k)
{
    switch (r.unit) {
    case WEEKS:  return k * 7 - 3;                                                       /* day -3 was a Monday */
    case MONTHS: return fr_civil_days(fr_floor_div(k * r.count, 12), (int)fr_floor_mod(k * r.count, 12) + 1, 1);
    case YEARS:  return fr_civil_days(k * r.count, 1, 1);
    default:     return k;
    }
}

static int64_t rung_number(rung r, int64_t day)
{
    const fr_civil date = fr_civil_from_days(day);
    switch (r.unit) {
    case WEEKS:  return fr_floor_div(day + 3, 7);
    case MONTHS: return fr_floor_div(date.year * INT64_C(12) + date.month - 1, r.count);
    case YEARS:  return fr_floor_div(date.year, r.count);
    default:     return day;
    }
}

/* Every second day: 1, 3 … 29, so that months begin alike. */
static bool is_odd_day(int64_t day)
{
    const int in_month = fr_civil_from_days(day).day;
    return in_month % 2 == 1 && in_month < 31;
}

static bool walk_days(maker *m)
{
    const int64_t first = rung_number(m->step, local_day(m->scale, m->low));
    const int64_t last = rung_number(m->step, local_day(m->scale, m->high));
    for (int64_t k = first; k <= last; k++) {
        const int64_t day = rung_day(m->step, k);
        if (m->step.unit == DAYS && m->step.count == 2 && !is_odd_day(day)) continue;
        if (!add(m, midnight(m->scale, day), 0)) return false;
    }
    return true;
}

static bool walk(maker *m)
{
    if (m->step.unit == NANOSECONDS) return walk_fractions(m);
    return m->step.unit == SECONDS ? walk_clock(m) : walk_days(m);
}

/* ---- widening ---------------------------------------------------------------------------------------------------- */
/* The rung at or before an instant (seconds), or the next one. */
static int64_t rung_near(const fr_scale *scale, rung r, int64_t seconds, int next)
{
    const int64_t offset = offset_at(scale, seconds);
    if (r.unit <= SECONDS) {
        const int64_t step = r.unit == SECONDS ? r.count : 1;
        return (fr_floor_div(seconds + offset, step) + next) * step - offset;
    }
    int64_t day = local_day(scale, seconds) + (r.count == 2 && r.unit == DAYS ? next : 0);
    while (r.unit == DAYS && r.count == 2 && !is_odd_day(day)) day += next ? 1 : -1;
    if (r.unit == DAYS && r.count == 2) return midnight(scale, day);
    return midnight(scale, rung_day(r, rung_number(r, day) + next));
}

static bool cover_fractions(fr_call *call, fr_scale *scale, int64_t step)
{
    const fr_i128 origin = scale->origin;
    const fr_i128 low = origin + (int64_t)floor(scale->low), high = origin + (int64_t)ceil(scale->high);
    const fr_i128 below = (low % step + step) % step, above = (step - (high % step + step) % step) % step;
    return fr_scale_set_domain(call, scale, (double)(low - below - origin), (double)(high + above - origin));
}

static bool cover(fr_call *call, fr_scale *scale, rung r)
{
    if (r.unit == NANOSECONDS) return cover_fractions(call, scale, r.count / (1000000000 / scale->per_second));
    const double low = value_of(scale, rung_near(scale, r, seconds_at(scale, scale->low), 0));
    const int64_t end = seconds_at(scale, scale->high), at = rung_near(scale, r, end, 0);
    const bool stands = value_of(scale, at) >= scale->high;
    const double high = stands ? scale->high : value_of(scale, rung_near(scale, r, end, 1));
    return fr_scale_set_domain(call, scale, fmin(low, scale->low), fmax(high, scale->high));
}

static bool check_format(fr_call *call, const char *format)
{
    size_t bad = 0;
    if (!format || fr_date_format_check(format, strlen(format), &bad)) return true;
    const fr_place *place = fr_place_at(.source = format, .position = (int64_t)bad,
                                        .hint = "formats look like \"%b %Y\"");
    return fr_fail_at(call, place, FR_ERR_ARGUMENT, "%s is not a date format",
                      fr_quoted((fr_room){ 0 }.text, format, strlen(format)));
}

static bool make(maker *m)
{
    m->low  = seconds_at(m->scale, m->scale->low);
    m->high = seconds_at(m->scale, m->scale->high);
    m->out->n = m->out->n_labels = 0;
    m->out->two_levels = false;
    return walk(m);
}

/* A step finer where the chosen one has fewer than two rungs in the domain (1 Jan 12:00 … 31 Jan: no first of any). */
static rung finer(const fr_scale *scale, rung r)
{
    for (int i = N_RUNGS - 1; i > 0; i--) {
        const rung here = rung_at(i), next = rung_at(i - 1);
        if (here.unit == r.unit && here.count == r.count) return is_fine_enough(scale, next) ? next : r;
    }
    return r;
}

bool fr_ticks_time(fr_call *call, fr_arena *arena, fr_scale *scale, const fr_tick_wish *wish, fr_ticks *out)
{
    maker m = { .call = call, .arena = arena, .scale = scale, .format = wish->date_format, .out = out };
    if (!check_format(call, wish->date_format)) return false;
    m.step = choose(scale, fr_tick_count(wish, scale->to - scale->from));
    if (wish->cover && !cover(call, scale, m.step)) return false;
    *out = (fr_ticks){ .ticks = fr_arena_array(call, arena, MOST_TICKS, sizeof *out->ticks) };
    if (!out->ticks || !make(&m)) return false;
    for (int tries = 0; out->n_labels < 2 && tries < 4 && !wish->date_format; tries++) {
        m.step = finer(scale, m.step);
        if (!make(&m)) return false;
    }
    return true;
}
