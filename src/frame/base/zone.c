/* zone.c — looking times up in a zone; zone_read.c makes the zone.
 *
 * A zone is a list of instants at which its offset changes, then a rule for ever after. One function finds the stretch
 * of constant offset around an instant; everything else is arithmetic on stretches:
 *
 *     Berlin    … 2020-03-29 01:00Z)[+2h … 2020-10-25 01:00Z)[+1h …
 *
 * A local time is looked for in the stretches around it: it may lie in two (clocks went back) or in none (forward).
 */
#include "base/zone.h"

#include "base/civil.h"

/* The instants between which one type holds: from ≤ t < until. */
typedef struct stretch { int64_t from, until; const fr_zone_type *type; } stretch;

static int64_t year_of(int64_t seconds) { return fr_civil_from_days(fr_floor_div(seconds, FR_SECONDS_PER_DAY)).year; }

/* Local second at which a rule's change happens in a year. */
static int64_t change_in_year(const fr_zone_change *change, int64_t year)
{
    int64_t days;
    if (change->kind == 'M') {
        int64_t first = fr_civil_days(year, change->month, 1);
        int wanted = (change->day + 6) % 7;                                         /* Sunday is 0 there */
        days = first + fr_floor_mod(wanted - fr_civil_weekday(first), 7) + 7 * (change->week - 1);
        if (days - first >= fr_civil_month_days(year, change->month)) days -= 7;    /* week 5: the last */
    } else {
        days = fr_civil_days(year, 1, 1) + change->day_of_year;
        /* never counts Feb 29 */
        if (change->kind == 'J') days += (fr_civil_is_leap(year) && change->day_of_year >= 60) - 1;
    }
    return days * FR_SECONDS_PER_DAY + change->seconds;
}

#define FAR (INT64_C(1) << 43)      /* 279,000 years: beyond it there is no summer */

/* The stretch of the rule that holds t. Years next to it take part: a change may fall into the neighbour. */
static stretch stretch_of_rule(const fr_zone *zone, int64_t t)
{
    stretch s = { INT64_MIN, INT64_MAX, &zone->standard };
    if (!zone->has_dst) return s;
    if (t < -FAR) return (stretch){ INT64_MIN, -FAR, &zone->standard };
    if (t >= FAR) return (stretch){ FAR, INT64_MAX, &zone->standard };
    s.from = -FAR;
    s.until = FAR;
    int64_t year = year_of(t + zone->standard.offset);
    for (int64_t y = year - 1; y <= year + 1; y++) {
        int64_t start = change_in_year(&zone->dst_start, y) - zone->standard.offset;
        int64_t end = change_in_year(&zone->dst_end, y) - zone->dst.offset;
        if (start <= t && start >= s.from) s.from = start, s.type = &zone->dst;
        if (end <= t && end > s.from) s.from = end, s.type = &zone->standard;
        if (start > t && start < s.until) s.until = start;
        if (end > t && end < s.until) s.until = end;
    }
    return s;
}

/* The last change at or before t: its index, or -1. */
static int64_t last_change(const fr_zone *zone, int64_t t)
{
    size_t low = 0, high = zone->n_changes;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->changes[middle] <= t) low = middle + 1;
        else high = middle;
    }
    return (int64_t)low - 1;
}

static stretch stretch_at(const fr_zone *zone, int64_t t)
{
    int64_t i = last_change(zone, t), n = (int64_t)zone->n_changes;
    if (zone->has_rule && i == n - 1) {
        stretch s = stretch_of_rule(zone, t);
        if (n && s.from < zone->changes[n - 1]) s.from = zone->changes[n - 1];
        return s;
    }
    stretch s = { i >= 0 ? zone->changes[i] : INT64_MIN, i + 1 < n ? zone->changes[i + 1] : INT64_MAX, NULL };
    s.type = &zone->type[i >= 0 ? zone->types[i] : zone->first_type];
    return s;
}

int32_t fr_zone_utc_to_offset(const fr_zone *zone, int64_t utc_seconds)
{
    return stretch_at(zone, utc_seconds).type->offset;
}

fr_zone_type fr_zone_type_at(const fr_zone *zone, int64_t utc_seconds) { return *stretch_at(zone, utc_seconds).type; }

int32_t fr_zone_offset_range(const fr_zone *zone, int64_t utc_seconds, int64_t *from, int64_t *until)
{
    stretch s = stretch_at(zone, utc_seconds);
    *from = s.from;
    *until = s.until;
    return s.type->offset;
}

/* ---- back to UTC ------------------------------------------------------------------------------------------------- */
#define WIDEST (26 * 3600)      /* no offset is larger (RFC 9636: -25:59:59 … 25:59:59) */

fr_local fr_zone_resolve(const fr_zone *zone, int64_t local_seconds, int64_t *earlier, int64_t *later)
{
    int64_t t = local_seconds, last, first_found = t, last_found = t, gap = t;
    int n = 0;
    if (__builtin_sub_overflow(t, WIDEST, &t)) t = INT64_MIN;
    if (__builtin_add_overflow(local_seconds, WIDEST, &last)) last = INT64_MAX;
    stretch s = stretch_at(zone, t);
    for (;;) {
        int64_t utc;
        bool fits = !__builtin_sub_overflow(local_seconds, (int64_t)s.type->offset, &utc);
        if (fits && utc >= s.from && utc < s.until) {
            if (n++ == 0) first_found = utc;
            last_found = utc;
        }
        if (s.until > last || s.until == INT64_MAX) break;
        stretch next = stretch_at(zone, s.until);
        /* local times that this change leaves out: from its own offset's reading up to the next one's */
        if (local_seconds >= s.until + s.type->offset && local_seconds < s.until + next.type->offset) gap = s.until;
        s = next;
    }
    *earlier = n ? first_found : gap;
    *later = n ? last_found : gap;
    return n == 0 ? FR_LOCAL_NONEXISTENT : n == 1 ? FR_LOCAL_OK : FR_LOCAL_AMBIGUOUS;
}

fr_local fr_zone_local_to_utc(const fr_zone *zone, int64_t local_seconds, fr_zone_policy policy, int64_t *utc_seconds)
{
    int64_t earlier, later;
    fr_local what = fr_zone_resolve(zone, local_seconds, &earlier, &later);
    bool shift = policy == FR_ZONE_SHIFT_FORWARD || policy == FR_ZONE_EARLIEST_SHIFT || policy == FR_ZONE_LATEST_SHIFT;
    bool first = policy == FR_ZONE_EARLIEST || policy == FR_ZONE_EARLIEST_SHIFT;
    bool second = policy == FR_ZONE_LATEST || policy == FR_ZONE_LATEST_SHIFT;
    if (what == FR_LOCAL_AMBIGUOUS && !first && !second) return what;
    if (what == FR_LOCAL_NONEXISTENT && !shift) return what;
    *utc_seconds = second ? later : earlier;
    return FR_LOCAL_OK;
}
