/* fn_zone.c — time zones: localize, to_zone, wall_time, and reading tzdata through the context's files.
 *
 * A datetime with a zone is stored in UTC; its parts (hour, date, month …) are those of its own clock. Zones are read
 * from /usr/share/zoneinfo, once per evaluation; "UTC" and offsets like "+02:00" need no file.
 */
#include "base/zone.h"
#include "data/zone_file.h"
#include "expr/functions.h"

#include <string.h>

typedef struct known_zone { struct known_zone *next; const char *name; const fr_zone *zone; } known_zone;

static const fr_zone *load_zone(fr_checker *c, const fr_term *term, const char *name)
{
    const fr_zone *zone;
    if (!fr_zone_read(c->call, &c->typed->arena, name, &zone)) return NULL;
    if (!zone)
        fr_check_fail(c, term, FR_ERR_NOT_FOUND, FR_HINT_OF_ZONES, "no time zone '%s'", name);
    return zone;
}

const fr_zone *fr_zone_of(fr_checker *c, const fr_term *term, const char *name)
{
    for (known_zone *k = c->zones; k; k = k->next)
        if (!strcmp(k->name, name)) return k->zone;
    known_zone *k = fr_arena_new(c->call, &c->typed->arena, sizeof *k);
    if (!k || !(k->name = fr_arena_text(c->call, &c->typed->arena, name, strlen(name)))) return NULL;
    if (!(k->zone = load_zone(c, term, name))) return NULL;
    k->next = c->zones;
    c->zones = k;
    return k->zone;
}

/* ---- UTC → clock ------------------------------------------------------------------------------------------------- */
static bool run_local(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    int64_t *to = out->room, from = 0, until = 0, per_second = term->i, offset = 0;
    bool known = false;
    for (size_t i = 0; i < run->n; i++) {
        int64_t x = fr_at_i64(args, i), second = fr_floor_div(x, per_second);
        if (!known || second < from || second >= until)
            offset = fr_zone_offset_range(term->data, second, &from, &until), known = true;
        if (!__builtin_add_overflow(x, offset * per_second, to + i) || !fr_vector_has(out, i)) continue;
        if (!fr_run_fail(run, term, i, FR_ERR_OVERFLOW, "the local time is out of range")) return false;
        fr_vector_null(out, i);
    }
    return true;
}

bool fr_check_local(fr_checker *c, fr_term *term, size_t arg)
{
    const fr_type *type = term->args[arg]->type;
    if (type->kind != FR_DATETIME || !type->zone) return true;
    const fr_zone *zone = fr_zone_of(c, term->args[arg], type->zone);
    const fr_type *plain = zone ? fr_type_datetime_of(c, type->unit) : NULL;
    fr_term *local =
        plain ? fr_check_wrap(c, term->args[arg], plain, run_local, zone, fr_unit_per_second(type->unit), 0) : NULL;
    if (!local) return false;
    local->can_fail = true;                    /* within a day of the ends of 64 bits */
    if (!fr_check_fold(c, local)) return false;
    term->args[arg] = local;
    return true;
}

/* ---- clock → UTC ------------------------------------------------------------------------------------------------- */
static const struct { const char *what, *policies; } undecided[] = {        /* and which policies decide it */
    [FR_LOCAL_OK]          = { "is out of range", "" },
    [FR_LOCAL_AMBIGUOUS]   = { "happened twice", " (localize's policy 'earliest', 'latest' or 'null' decides)" },
    [FR_LOCAL_NONEXISTENT] = { "never happened",
                               " (localize's policy 'shift', 'earliest', 'latest' or 'null' decides)" },
};

static bool run_localize(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    int64_t *to = out->room, per_second = term->i;
    char shown[FR_DATE_BYTES];
    for (size_t i = 0; i < run->n; i++) {
        int64_t x = fr_at_i64(args, i), second = fr_floor_div(x, per_second), utc = 0;
        to[i] = 0;
        if (!fr_vector_has(out, i)) continue;
        fr_local why = fr_zone_local_to_utc(term->data, second, (fr_zone_policy)term->j, &utc);
        int64_t rest = fr_floor_mod(x, per_second);
        if (rest && term->j != FR_ZONE_ERROR && utc + fr_zone_utc_to_offset(term->data, utc) != second) rest = 0;
        fr_i128 ticks = (fr_i128)utc * per_second + rest;
        to[i] = (int64_t)ticks;
        if (why == FR_LOCAL_OK && ticks == to[i]) continue;
        (void)fr_print_datetime(x, per_second, shown);
        if (!fr_run_fail(run, term, i, FR_ERR_VALUE, "%s %s in %s%s", shown, undecided[why].what, term->type->zone,
                         undecided[why].policies))
            return false;
        fr_vector_null(out, i);
    }
    return true;
}

/* The same, with what cannot be decided made null. */
static bool run_localize_null(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    static const uint64_t nobody[FR_VECTOR_WORDS];
    const uint64_t *before = run->selected;
    run->selected = nobody;
    bool ok = run_localize(run, term, args, out);
    run->selected = before;
    return ok;
}

/* Clock time `local` (a datetime without zone) as an instant of a zone; policy: fr_zone_policy. */
static fr_term *relocalize(fr_checker *c, fr_term *local, const char *zone_name, int policy)
{
    const fr_zone *zone = fr_zone_of(c, local, zone_name);
    fr_term keep = { 0 };
    if (!zone || !fr_term_yields_owned(c, &keep, fr_type_datetime(c->call, local->type->unit, zone_name))) return NULL;
    fr_term *term = fr_check_wrap(c, local, keep.type, run_localize, zone, fr_unit_per_second(local->type->unit),
                                  policy);
    if (term) term->can_fail = true;
    return term;
}

/* ---- moved on the clock, back to UTC ----------------------------------------------------------------------------- */
/* How the hands were moved: by a span (or NULL), up to its rungs, or down or to the nearest where days begin. */
typedef struct hands { const fr_zone *zone; const fr_span *span; bool up, to_days; } hands;

/* The clock goes back on the way from `was` up to `wall`, at `until`, and what it shows then may be a rung already:
 * a quarter of an hour after 02:45 summer time it is 02:00, a whole hour. */
static int64_t rung_after(const hands *h, int64_t wall, int64_t until, int64_t per_second)
{
    int64_t t, first;
    if (__builtin_add_overflow(until, (int64_t)fr_zone_utc_to_offset(h->zone, until), &t) ||
        __builtin_mul_overflow(t, per_second, &t) || !fr_span_ceil(h->span, t, per_second, &first))
        return wall;
    return first < wall ? first : wall;
}

/* Is an instant at which the clock was put forward the first one of a rung that it left out? Havana's day began at 01:00 on
 * 2024-03-10, so that this is no time to go up from. */
static bool stands_for_rung(const hands *h, int64_t instant, int64_t offset, int64_t per_second)
{
    int64_t wall, rung, earlier, later;
    if (__builtin_mul_overflow(instant + offset, per_second, &wall)) return false;
    return fr_span_floor(h->span, wall, per_second, &rung) &&
           fr_zone_resolve(h->zone, fr_floor_div(rung, per_second), &earlier, &later) == FR_LOCAL_NONEXISTENT &&
           earlier == instant;
}

/* Of a time that the clock shows twice, the one in the offset that the datetime was in, else the first; of a day that
 * begins twice, the first. A time that it leaves out is the end of the gap. */
static bool run_hands(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    const hands *h = term->data;
    int64_t *to = out->room, per_second = term->i, from = 0, until = 0, offset = 0;
    bool known = false;
    for (size_t i = 0; i < run->n; i++) {
        to[i] = 0;
        if (!fr_vector_has(out, i)) continue;
        int64_t wall = fr_at_i64(args, i), was = fr_floor_div(fr_at_i64(args + 1, i), per_second), earlier, later;
        if (!known || was < from || was >= until)
            offset = fr_zone_offset_range(h->zone, was, &from, &until), known = true;
        fr_i128 second = fr_floor_div(wall, per_second), utc = second - offset;
        int64_t kept = offset;
        if (h->up && was == from && fr_floor_mod(fr_at_i64(args + 1, i), per_second) == 0 &&
            stands_for_rung(h, was, offset, per_second)) {
            to[i] = fr_at_i64(args + 1, i);
            continue;
        }
        if (utc >= until && h->span && !h->to_days) {
            wall = rung_after(h, wall, until, per_second);
            kept = fr_zone_utc_to_offset(h->zone, until);
            second = fr_floor_div(wall, per_second);
        }
        int64_t rest = fr_floor_mod(wall, per_second);
        bool day_begins = h->to_days && second <= (fr_i128)was + offset;
        if (day_begins || utc < from || utc >= until) {
            if (fr_zone_resolve(h->zone, (int64_t)second, &earlier, &later) == FR_LOCAL_NONEXISTENT) rest = 0;
            utc = !day_begins && later == second - kept ? later : earlier;
        }
        fr_i128 ticks = utc * per_second + rest;
        to[i] = (int64_t)ticks;
        if (ticks == to[i]) continue;
        if (!fr_run_fail(run, term, i, FR_ERR_OVERFLOW, "the date is out of range")) return false;
        fr_vector_null(out, i);
    }
    return true;
}

fr_term *fr_check_hands(fr_checker *c, fr_term *moved, fr_term *was, const fr_span *span, bool up)
{
    hands *h = fr_arena_new(c->call, &c->typed->arena, sizeof *h);
    fr_term **args = fr_arena_array(c->call, &c->typed->arena, 2, sizeof *args);
    if (!h || !args || !(h->zone = fr_zone_of(c, was, was->type->zone))) return NULL;
    h->span = span;
    h->up = span && up;
    h->to_days = span && !up && fr_span_is_of_days(span);
    fr_term *term = fr_check_wrap(c, moved, was->type, run_hands, h, fr_unit_per_second(was->type->unit), 0);
    if (!term) return NULL;
    args[0] = moved;
    args[1] = was;
    term->args = args;
    term->n_args = 2;
    term->can_fail = true;
    return term;
}

static bool read_policy(fr_checker *c, fr_term *term, size_t arg, int *policy)
{
    static const struct { const char *word; int policy; } words[] = {
        { "error", FR_ZONE_ERROR }, { "earliest", FR_ZONE_EARLIEST_SHIFT }, { "latest", FR_ZONE_LATEST_SHIFT },
        { "shift", FR_ZONE_SHIFT_FORWARD }, { "null", -1 },
    };
    fr_piece text;
    if (!fr_check_text(c, term, arg, &text)) return false;
    for (size_t i = 0; i < FR_COUNT_OF(words); i++)
        if (strlen(words[i].word) == text.n && !memcmp(words[i].word, text.text, text.n))
            return *policy = words[i].policy, true;
    return fr_check_fail(c, term->args[arg], FR_ERR_ARGUMENT, NULL,
                         "policy must be 'error', 'earliest', 'latest', 'shift' or 'null'");
}

/* The zone argument as a terminated name. */
static const char *zone_name(fr_checker *c, fr_term *term, size_t arg)
{
    fr_piece text;
    if (!fr_check_text(c, term, arg, &text)) return NULL;
    return fr_arena_text(c->call, &c->typed->arena, text.text, text.n);
}

bool fr_check_localize(fr_checker *c, fr_term *term)
{
    int policy = FR_ZONE_ERROR;
    const fr_type *type = term->args[0]->type;
    if (type->kind == FR_DATE) {
        const fr_type *at_midnight = fr_type_datetime_of(c, FR_US);
        if (!at_midnight || !fr_check_as(c, term, 0, at_midnight)) return false;
        type = at_midnight;
    }
    if (type->kind != FR_DATETIME) return fr_check_wrong(c, term, 0, "a datetime");
    if (type->zone)
        return fr_check_fail(c, term->args[0], FR_ERR_TYPE, "to_zone(x, …) changes it, wall_time(x) takes it away",
                             "the datetime has the zone %s already", type->zone);
    const char *name = zone_name(c, term, 1);
    if (!name || (term->n_args == 3 && !read_policy(c, term, 2, &policy))) return false;
    fr_term *as = relocalize(c, term->args[0], name, policy < 0 ? FR_ZONE_ERROR : policy);
    if (!as) return false;
    if (policy < 0) as->run = run_localize_null, as->can_fail = false;
    as->node = term->node;
    as->function = term->function;
    *term = *as;
    return true;
}

static bool run_same(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    (void)term;
    for (size_t i = 0; i < run->n; i++) ((int64_t *)out->room)[i] = fr_at_i64(args, i);
    return true;
}

bool fr_check_to_zone(fr_checker *c, fr_term *term)
{
    const fr_type *type = term->args[0]->type;
    const char *name = zone_name(c, term, 1);
    if (!name || !fr_zone_of(c, term->args[1], name)) return false;
    if (type->kind != FR_DATETIME) return fr_check_wrong(c, term, 0, "a datetime");
    if (!type->zone)
        return fr_check_fail(c, term->args[0], FR_ERR_TYPE, "localize(x, 'UTC') says that it is UTC",
                             "the datetime has no zone");
    term->run = run_same;
    term->n_args = 1;
    return fr_term_yields_owned(c, term, fr_type_datetime(c->call, type->unit, name));
}

bool fr_check_wall_time(fr_checker *c, fr_term *term)
{
    if (term->args[0]->type->kind != FR_DATETIME) return fr_check_wrong(c, term, 0, "a datetime");
    if (!fr_check_local(c, term, 0)) return false;
    *term = *term->args[0];
    return true;
}
