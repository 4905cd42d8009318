/* duration.c — lengths of time as text: pandas' form, ISO 8601's, and what people write.
 *
 * Reading adds up exact nanoseconds in 128 bits: "1.5h" is 1 × 3600 s + 5/10 of 3600 s, and nothing is ever a double. A
 * sign holds until the next one, so "-1 days +23:59:59" is one second before zero and "-1d2h" is 26 hours.
 */
#include "base/date_reader.h"

#include <string.h>

#include "base/number.h"

#define NS INT64_C(1000000000)

typedef struct unit { const char *name; int64_t nanoseconds; } unit;

static const unit units[] = {
    { "w", 604800 * NS },  { "week", 604800 * NS }, { "weeks", 604800 * NS },
    { "d", 86400 * NS },   { "day", 86400 * NS },   { "days", 86400 * NS },
    { "h", 3600 * NS },    { "hr", 3600 * NS },     { "hrs", 3600 * NS },    { "hour", 3600 * NS },
        { "hours", 3600 * NS },
    { "m", 60 * NS },      { "min", 60 * NS },      { "mins", 60 * NS },     { "minute", 60 * NS },
        { "minutes", 60 * NS },
    { "s", NS },           { "sec", NS },           { "secs", NS },          { "second", NS },        { "seconds", NS },
    { "ms", 1000000 },     { "milli", 1000000 },    { "millis", 1000000 },   { "millisecond", 1000000 },
    { "milliseconds", 1000000 },
    { "us", 1000 },        { "µs", 1000 },          { "micro", 1000 },       { "micros", 1000 },
        { "microsecond", 1000 },
    { "microseconds", 1000 },
    { "ns", 1 },           { "nano", 1 },           { "nanos", 1 },          { "nanosecond", 1 },
        { "nanoseconds", 1 },
};

/* A sum of pieces, each with the sign that was last seen. */
typedef struct total { fr_i128 ns; bool negative; } total;

/* A number as written: whole + fraction / 10^digits. */
typedef struct amount { uint64_t whole, fraction, scale; } amount;

static bool read_amount(fr_date_reader *r, amount *out)
{
    size_t start = r->at;
    *out = (amount){ 0, 0, 1 };
    while (fr_date_at_digit(r)) r->at++;
    if (r->at == start || fr_parse_u64(r->text + start, r->at - start, &out->whole) != FR_PARSE_OK)
        return fr_date_stop(r, start);
    if (!fr_date_skip(r, '.') && !fr_date_skip(r, ',')) return true;
    size_t point = r->at;
    for (; fr_date_at_digit(r); r->at++) {
        if (out->scale > UINT64_C(100000000000000000)) {                     /* 17 digits: zeros may follow */
            if (r->text[r->at] != '0') return fr_date_stop(r, r->at);
            continue;
        }
        out->fraction = out->fraction * 10 + (uint64_t)(r->text[r->at] - '0');
        out->scale *= 10;
    }
    return r->at > point || fr_date_stop(r, point);
}

static bool add(fr_date_reader *r, total *t, amount a, int64_t nanoseconds, size_t at)
{
    fr_u128 part = (fr_u128)a.fraction * (uint64_t)nanoseconds;
    fr_i128 ns = (fr_i128)((fr_u128)a.whole * (uint64_t)nanoseconds + part / a.scale);
    if (part % a.scale) return fr_date_stop(r, at);                           /* finer than a nanosecond */
    t->ns += t->negative ? -ns : ns;
    return t->ns < (fr_i128)1 << 100 && t->ns > -((fr_i128)1 << 100) ? true : fr_date_stop(r, at);
}

/* ---- what people write ------------------------------------------------------------------------------------------- */
/* "02:03:04.5" after its hours were read: minutes and seconds below 60, hours as many as there are */
static bool read_clock(fr_date_reader *r, total *t, amount hours, size_t start)
{
    int32_t minute, second = 0;
    fr_moment fraction = { .nanosecond = 0 };
    if (hours.scale != 1) return fr_date_stop(r, start);
    if (!fr_date_expect(r, ':') || !fr_date_number(r, (fr_date_field){ 2, 2, 0, 59 }, &minute)) return false;
    if (fr_date_skip(r, ':')) {
        if (!fr_date_number(r, (fr_date_field){ 2, 2, 0, 59 }, &second)) return false;
        if (fr_date_skip(r, '.') && !fr_date_fraction(r, &fraction)) return false;
    }
    amount rest = { (uint64_t)(minute * 60 + second), (uint64_t)fraction.nanosecond, (uint64_t)NS };
    return add(r, t, hours, 3600 * NS, start) && add(r, t, rest, NS, start);
}

static bool is_unit_byte(char c) { return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (unsigned char)c >= 0x80; }

static bool read_unit(fr_date_reader *r, int64_t *nanoseconds)
{
    size_t start = r->at, n = 0;
    while (start + n < r->n && is_unit_byte(r->text[start + n])) n++;
    for (size_t i = 0; i < FR_COUNT_OF(units); i++) {
        if (strlen(units[i].name) != n) continue;
        size_t k = 0;
        while (k < n && (r->text[start + k] == units[i].name[k] ||
                         (n > 2 && (r->text[start + k] | 0x20) == units[i].name[k]))) k++;
        if (k < n && !(n == 1 && strchr("WDH", r->text[start]) && (r->text[start] | 0x20) == units[i].name[0]))
            continue;
        *nanoseconds = units[i].nanoseconds;
        r->at += n;
        return true;
    }
    return fr_date_stop(r, start);
}

static bool read_plain(fr_date_reader *r, total *t)
{
    bool any = false;
    while (r->at < r->n) {
        if (fr_date_skip(r, '-')) t->negative = true;
        else if (fr_date_skip(r, '+')) t->negative = false;
        fr_date_skip_blanks(r);
        size_t start = r->at;
        amount a;
        int64_t nanoseconds;
        if (!read_amount(r, &a)) return false;
        if (fr_date_at(r, ':')) {
            if (!read_clock(r, t, a, start)) return false;
        } else {
            fr_date_skip_blanks(r);
            if (!read_unit(r, &nanoseconds) || !add(r, t, a, nanoseconds, start)) return false;
        }
        any = true;
        size_t end = r->at;
        fr_date_skip(r, ',');
        fr_date_skip_blanks(r);
        if (r->at == r->n && end < r->n) return fr_date_stop(r, end);          /* nothing may trail */
    }
    return any || fr_date_stop(r, r->at);
}

/* ---- ISO 8601 ---------------------------------------------------------------------------------------------------- */
/* PnW, PnDTnHnMnS: each letter at most once and in this order; a fraction is allowed in the last. */
static bool read_iso(fr_date_reader *r, total *t)
{
    static const char letters[] = "WDTHMS";
    static const int64_t size[] = { 604800 * NS, 86400 * NS, 0, 3600 * NS, 60 * NS, NS };
    const char *left = letters;
    bool any = false, fraction = false;
    while (r->at < r->n) {
        size_t start = r->at;
        amount a;
        if (left <= letters + 2 && fr_date_skip(r, 'T')) {
            left = letters + 3;
            any = false;
            continue;
        }
        if (fraction || !read_amount(r, &a)) return fraction ? fr_date_stop(r, start) : false;
        const char *found = r->at < r->n && r->text[r->at] ? strchr(left, r->text[r->at]) : NULL;
        bool clock_letter = found && found > letters + 2;
        if (!found || *found == 'T' || clock_letter != (left > letters + 2)) return fr_date_stop(r, r->at);
        r->at++;
        if (!add(r, t, a, size[found - letters], start)) return false;
        fraction = a.scale != 1;
        left = found + 1 == letters + 2 ? letters + 2 : found + 1;
        any = true;
    }
    return any || fr_date_stop(r, r->at);
}

bool fr_parse_duration(const char *text, size_t n, int64_t per_second, int64_t *ticks, size_t *bad)
{
    fr_date_reader r = { .text = text, .n = n };
    total t = { 0, false };
    size_t sign = n && (text[0] == '-' || text[0] == '+');
    bool ok;
    if (n > sign && text[sign] == 'P') {
        t.negative = text[0] == '-';
        r.at = sign + 1;
        ok = read_iso(&r, &t);
    } else {
        ok = read_plain(&r, &t);
    }
    int64_t unit_ns = NS / per_second;
    if (ok) {
        fr_i128 whole = t.ns / unit_ns;
        ok = t.ns % unit_ns == 0 && whole <= INT64_MAX && whole >= INT64_MIN;
        r.bad = 0;
        if (ok) *ticks = (int64_t)whole;
    }
    if (!ok && bad) *bad = r.bad;
    return ok;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */
size_t fr_print_duration(int64_t ticks, int64_t per_second, char out[FR_DATE_BYTES])
{
    int64_t per_day = per_second * FR_SECONDS_PER_DAY, days = fr_floor_div(ticks, per_day);
    fr_moment m;
    fr_moment_from_ticks(fr_floor_mod(ticks, per_day), per_second, &m);
    size_t n = fr_print_i64(days, out);
    memcpy(out + n, " days ", 6);
    n += 6;
    if (days < 0) out[n++] = '+';
    m.year = 1970;
    n += fr_print_date_format("%H:%M:%S", 8, &m, out + n, FR_DATE_BYTES - n);
    if (!m.nanosecond) return n;
    const char *fraction = m.nanosecond % 1000 ? ".%9f" : ".%6f";
    return n + fr_print_date_format(fraction, 4, &m, out + n, FR_DATE_BYTES - n);
}
