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
        fr_check_fail(c, term, FR_ERR_NOT_FOUND,
                      "zones are named like 'Europe/Berlin', 'UTC' or '+02:00'; Debian's package is tzdata",
                      "no time zone '%s'", name);
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
    if (!local || !fr_check_fold(c, local)) return false;
    term->args[arg] = local;
    return true;
}

/* ---- clock → UTC ------------------------------------------------------------------------------------------------- */
static bool run_localize(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    int64_t *to = out->room, per_second = term->i;
    char shown[FR_DATE_BYTES];
    for (size_t i = 0; i < run->n; i++) {
        int64_t x = fr_at_i64(args, i), second = fr_floor_div(x, per_second), utc = 0;
        to[i] = 0;
        if (!fr_vector_has(out, i)) continue;
        fr_local why = fr_zone_local_to_utc(term->data, second, (fr_zone_policy)term->j, &utc);
        fr_i128 ticks = (fr_i128)utc * per_second + fr_floor_mod(x, per_second);
        to[i] = (int64_t)ticks;
        if (why == FR_LOCAL_OK && ticks == to[i]) continue;
        (void)fr_print_datetime(x, per_second, shown);
        if (!fr_run_fail(run, term, i, FR_ERR_VALUE, "%s %s in %s (policy: earliest, latest, shift, null)", shown,
                         why == FR_LOCAL_AMBIGUOUS     ? "happened twice"
                         : why == FR_LOCAL_NONEXISTENT ? "never happened"
                                                       : "is out of range",
                         term->type->zone))
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

fr_term *fr_relocalize(fr_checker *c, fr_term *local, const char *zone_name, int policy)
{
    const fr_zone *zone = fr_zone_of(c, local, zone_name);
    fr_term keep = { 0 };
    if (!zone || !fr_term_yields_owned(c, &keep, fr_type_datetime(c->call, local->type->unit, zone_name))) return NULL;
    fr_term *term = fr_check_wrap(c, local, keep.type, run_localize, zone, fr_unit_per_second(local->type->unit),
                                  policy);
    if (term) term->can_fail = true;
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
    fr_term *as = fr_relocalize(c, term->args[0], name, policy < 0 ? FR_ZONE_ERROR : policy);
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
