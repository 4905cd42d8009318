/* date_format.c — reading and writing by a format as of strptime and strftime; the letters are listed in date_text.h.
 *
 * A format is walked once, one letter a step. Reading collects what the letters say in `seen` and puts it together at
 * the end, because the pieces depend on each other: %p on %I, %j and %d on %Y, %a on all of the date.
 */
#include "base/date_reader.h"

#include <string.h>

#include "base/number.h"

/* One step of a format: a letter after '%' with its digits ("%3f") or flag ("%-d"), or a literal byte. */
typedef struct step { char letter; bool literal, no_padding; int digits; } step;

static bool next_step(const char *format, size_t n, size_t *at, step *out)
{
    *out = (step){ .letter = format[*at], .literal = true };
    if (format[(*at)++] != '%') return true;
    if (*at < n && format[*at] == '-') {
        out->no_padding = true;
        (*at)++;
    } else if (*at + 1 < n && format[*at + 1] == 'f' && fr_date_is_digit(format[*at])) {
        out->digits = format[(*at)++] - '0';
    }
    if (*at >= n || !strchr("YymdeHIMSfpbBaAjzZsFTDR%", format[*at]) || !format[*at]) return false;
    out->literal = format[*at] == '%';
    out->letter = format[(*at)++];
    return !out->digits || out->digits == 3 || out->digits == 6 || out->digits == 9;
}

bool fr_date_format_check(const char *format, size_t n_format, size_t *bad)
{
    for (size_t at = 0; at < n_format;) {
        step s;
        size_t start = at;
        if (next_step(format, n_format, &at, &s)) continue;
        if (bad) *bad = start;
        return false;
    }
    return true;
}

static const char *union_of(char letter)
{
    return letter == 'F' ? "%Y-%m-%d" : letter == 'T' ? "%H:%M:%S" : letter == 'D' ? "%m/%d/%y" : letter == 'R'
        ? "%H:%M" : NULL;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */
typedef struct seen {
    fr_moment moment;
    bool      twelve, has_pm, pm;
    int32_t   day_of_year;             /* 0: not given */
    int       weekday;                 /* -1: not given */
    size_t    day_at, weekday_at;
} seen;

static bool small_number(fr_date_reader *r, int digits, int32_t least, int32_t most, int8_t *out)
{
    int32_t value;
    if (!fr_date_number(r, (fr_date_field){ 1, (int8_t)digits, least, most }, &value)) return false;
    *out = (int8_t)value;
    return true;
}

static bool read_epoch(fr_date_reader *r, seen *s)
{
    size_t start = r->at;
    int64_t seconds;
    if (fr_date_at(r, '-')) r->at++;
    while (fr_date_at_digit(r)) r->at++;
    if (fr_parse_i64(r->text + start, r->at - start, &seconds) != FR_PARSE_OK || seconds / 86400 > INT32_MAX ||
        seconds / 86400 < INT32_MIN) return fr_date_stop(r, start);
    int32_t nanosecond = s->moment.nanosecond;
    fr_moment_from_ticks(seconds, 1, &s->moment);
    s->moment.nanosecond = nanosecond;
    s->moment.has_offset = true;
    return true;
}

/* Two digits are of 1969 … 2068. */
static bool read_year(fr_date_reader *r, int8_t digits, int64_t *out)
{
    int32_t year;
    if (!fr_date_number(r, (fr_date_field){ digits, digits, 0, digits == 2 ? 99 : 9999 }, &year)) return false;
    *out = year + (digits > 2 ? 0 : year < 69 ? 2000 : 1900);
    return true;
}

static bool read_zone_name(fr_date_reader *r, fr_moment *m)
{
    static const char *const names[] = { "UTC", "GMT", "Z" };
    int which;
    m->has_offset = true;
    return fr_date_name(r, names, 3, 0, &which);
}

static bool read_date_letter(fr_date_reader *r, char letter, seen *s)
{
    fr_moment *m = &s->moment;
    int which = 0;
    m->has_date = true;
    switch (letter) {
    case 'Y': return read_year(r, 4, &m->year);
    case 'y': return read_year(r, 2, &m->year);
    case 'm': return small_number(r, 2, 1, 12, &m->month);
    case 'e': fr_date_skip_blanks(r); /* fall through */
    case 'd': s->day_at = r->at; return small_number(r, 2, 1, 31, &m->day);
    case 'j': s->day_at = r->at; return fr_date_number(r, (fr_date_field){ 1, 3, 1, 366 }, &s->day_of_year);
    case 'b':
    case 'B':
        if (!fr_date_name(r, fr_month_names, 12, letter == 'b' ? 3 : 0, &which)) return false;
        m->month = (int8_t)(which + 1);
        return true;
    default:
        s->weekday_at = r->at;
        return fr_date_name(r, fr_weekday_names, 7, letter == 'a' ? 3 : 0, &s->weekday);
    }
}

static bool read_letter(fr_date_reader *r, char letter, seen *s)
{
    fr_moment *m = &s->moment;
    switch (letter) {
    case 'H': s->twelve = false; m->has_time = true; return small_number(r, 2, 0, 23, &m->hour);
    case 'I': s->twelve = true; m->has_time = true; return small_number(r, 2, 1, 12, &m->hour);
    case 'M': m->has_time = true; return small_number(r, 2, 0, 59, &m->minute);
    case 'S': m->has_time = true; return small_number(r, 2, 0, 59, &m->second);
    case 'f': m->has_time = true; return fr_date_fraction(r, m);
    case 'p': s->has_pm = true; return fr_date_meridiem(r, &s->pm);
    case 'z': return fr_date_offset(r, m);
    case 'Z': return read_zone_name(r, m);
    case 's': return read_epoch(r, s);
    default:  return read_date_letter(r, letter, s);
    }
}

static bool read_format(fr_date_reader *r, const char *format, size_t n, seen *s)
{
    for (size_t at = 0; at < n;) {
        step now;
        if (!next_step(format, n, &at, &now)) return fr_date_stop(r, r->at);
        const char *several = now.literal ? NULL : union_of(now.letter);
        bool ok = several                            ? read_format(r, several, strlen(several), s)
                  : now.literal && now.letter == ' ' ? (fr_date_skip_blanks(r), true)
                  : now.literal                      ? fr_date_expect(r, now.letter)
                                                     : read_letter(r, now.letter, s);
        if (!ok) return false;
    }
    return true;
}

/* What the pieces mean together. */
static bool put_together(fr_date_reader *r, seen *s)
{
    fr_moment *m = &s->moment;
    if (s->twelve) m->hour = (int8_t)(m->hour % 12 + (s->has_pm && s->pm ? 12 : 0));
    if (s->day_of_year) {
        int64_t days = fr_civil_days(m->year, 1, 1) + s->day_of_year - 1;
        fr_civil date = fr_civil_from_days(days);
        if (date.year != m->year) return fr_date_stop(r, s->day_at);
        m->month = (int8_t)date.month;
        m->day = (int8_t)date.day;
    }
    if (!fr_civil_valid(m->year, m->month, m->day)) return fr_date_stop(r, s->day_at);
    if (s->weekday >= 0 && fr_civil_weekday(fr_moment_days(m)) != s->weekday) return fr_date_stop(r, s->weekday_at);
    return true;
}

bool fr_parse_date_format(const char *format, size_t n_format, const char *text, size_t n, fr_moment *out, size_t *bad)
{
    fr_date_reader r = { .text = text, .n = n };
    seen s = { .moment = { .year = 1970, .month = 1, .day = 1 }, .weekday = -1 };
    bool ok = read_format(&r, format, n_format, &s) && (r.at == n || fr_date_stop(&r, r.at)) && put_together(&r, &s);
    if (ok) *out = s.moment;
    else if (bad) *bad = r.bad;
    return ok;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */
typedef struct sink { char *out; size_t room, n; } sink;

static void put(sink *s, const char *text, size_t n)
{
    if (s->n < s->room) memcpy(s->out + s->n, text, n < s->room - s->n ? n : s->room - s->n);
    s->n += n;
}

static void put_text(sink *s, const char *text) { put(s, text, strlen(text)); }

static void put_number(sink *s, int64_t value, size_t width, char padding)
{
    char text[FR_NUMBER_BYTES];
    size_t n = fr_print_i64(value < 0 ? -value : value, text);
    if (value < 0) put(s, "-", 1);
    for (size_t i = n; i < width; i++) put(s, &padding, 1);
    put(s, text, n);
}

static void put_offset(sink *s, const fr_moment *m)
{
    if (!m->has_offset) return;
    int32_t size = m->offset_seconds < 0 ? -m->offset_seconds : m->offset_seconds;
    put(s, m->offset_seconds < 0 ? "-" : "+", 1);
    put_number(s, size / 3600, 2, '0');
    put_number(s, size / 60 % 60, 2, '0');
    if (size % 60) put_number(s, size % 60, 2, '0');
}

static void put_zone_name(sink *s, const fr_moment *m)
{
    if (!m->has_offset) return;
    put(s, "UTC", 3);
    if (m->offset_seconds) put_offset(s, m);
}

static void write_format(sink *s, const char *format, size_t n, const fr_moment *m);

static void write_letter(sink *s, step now, const fr_moment *m)
{
    int64_t days = fr_civil_days(m->year, m->month, m->day), ticks = 0;
    size_t width = now.no_padding ? 1 : 2, digits = (size_t)(now.digits ? now.digits : 6);
    static const int64_t units[] = { 1000000, 1000, 1 };
    switch (now.letter) {
    case 'Y': put_number(s, m->year, 4, '0'); break;
    case 'y': put_number(s, fr_floor_mod(m->year, 100), width, '0'); break;
    case 'm': put_number(s, m->month, width, '0'); break;
    case 'd': put_number(s, m->day, width, '0'); break;
    case 'e': put_number(s, m->day, width, ' '); break;
    case 'H': put_number(s, m->hour, width, '0'); break;
    case 'I': put_number(s, (m->hour + 11) % 12 + 1, width, '0'); break;
    case 'M': put_number(s, m->minute, width, '0'); break;
    case 'S': put_number(s, m->second, width, '0'); break;
    case 'f': put_number(s, m->nanosecond / units[digits / 3 - 1], digits, '0'); break;
    case 'p': put(s, m->hour < 12 ? "AM" : "PM", 2); break;
    case 'b': put(s, fr_month_names[m->month - 1], 3); break;
    case 'B': put_text(s, fr_month_names[m->month - 1]); break;
    case 'a': put(s, fr_weekday_names[fr_civil_weekday(days)], 3); break;
    case 'A': put_text(s, fr_weekday_names[fr_civil_weekday(days)]); break;
    case 'j': put_number(s, fr_civil_day_of_year(days), now.no_padding ? 1 : 3, '0'); break;
    case 'z': put_offset(s, m); break;
    case 'Z': put_zone_name(s, m); break;
    case 's':
        if (fr_moment_ticks(m, 1, &ticks, NULL)) put_number(s, ticks, 1, '0');
        break;
    default:  write_format(s, union_of(now.letter), strlen(union_of(now.letter)), m); break;
    }
}

static void write_format(sink *s, const char *format, size_t n, const fr_moment *m)
{
    for (size_t at = 0; at < n;) {
        step now;
        size_t start = at;
        if (!next_step(format, n, &at, &now)) put(s, format + start, at - start);        /* what is no letter stays */
        else if (now.literal) put(s, &now.letter, 1);
        else write_letter(s, now, m);
    }
}

size_t fr_print_date_format(const char *format, size_t n_format, const fr_moment *moment, char *out, size_t n)
{
    sink s = { out, n ? n - 1 : 0, 0 };
    write_format(&s, format, n_format, moment);
    if (n) out[s.n < s.room ? s.n : s.room] = 0;
    return s.n;
}
