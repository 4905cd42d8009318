/* date_reader.c — the pieces of date_reader.h, and ISO 8601, which is made of nothing else. */
#include "base/date_reader.h"

#include <string.h>

const char *const fr_month_names[12] = { "January", "February", "March", "April", "May", "June",
                                         "July", "August", "September", "October", "November", "December" };
const char *const fr_weekday_names[7] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
                                          "Sunday" };

/* ---- pieces ------------------------------------------------------------------------------------------------------ */
bool fr_date_expect(fr_date_reader *r, char c) { return fr_date_skip(r, c) || fr_date_stop(r, r->at); }

bool fr_date_skip_blanks(fr_date_reader *r)
{
    size_t start = r->at;
    while (fr_date_at(r, ' ') || fr_date_at(r, '\t')) r->at++;
    return r->at > start;
}

bool fr_date_number(fr_date_reader *r, fr_date_field field, int32_t *out)
{
    size_t start = r->at;
    int32_t value = 0;
    while (fr_date_at_digit(r) && r->at - start < (size_t)field.most_digits)
        value = value * 10 + (r->text[r->at++] - '0');
    if (r->at - start < (size_t)field.least_digits) return fr_date_stop(r, r->at);
    if (value < field.least || value > field.most) return fr_date_stop(r, start);
    *out = value;
    return true;
}

static bool two_digits(fr_date_reader *r, int32_t least, int32_t most, int8_t *out)
{
    int32_t value;
    if (!fr_date_number(r, (fr_date_field){ 2, 2, least, most }, &value)) return false;
    *out = (int8_t)value;
    return true;
}

bool fr_date_fraction(fr_date_reader *r, fr_moment *out)
{
    int digits = 0;
    int32_t value = 0;
    for (; fr_date_at_digit(r); r->at++, digits++) {
        int digit = r->text[r->at] - '0';
        if (digits < 9) value = value * 10 + digit;
        else if (digit) return fr_date_stop(r, r->at);
    }
    if (!digits) return fr_date_stop(r, r->at);
    out->fraction_digits = (int8_t)(digits < 9 ? digits : 9);
    for (; digits < 9; digits++) value *= 10;
    out->nanosecond = value;
    return true;
}

bool fr_date_clock(fr_date_reader *r, fr_moment *out, unsigned forms)
{
    int32_t hour;
    int8_t least = forms & FR_CLOCK_SHORT ? 1 : 2;
    if (!fr_date_number(r, (fr_date_field){ least, 2, 0, 23 }, &hour)) return false;
    out->hour = (int8_t)hour;
    bool compact = forms & FR_CLOCK_COMPACT && fr_date_at_digit(r);
    if ((!compact && !fr_date_expect(r, ':')) || !two_digits(r, 0, 59, &out->minute)) return false;
    out->has_time = true;
    if (compact ? !fr_date_at_digit(r) : !fr_date_skip(r, ':')) return true;
    if (!two_digits(r, 0, 59, &out->second)) return false;
    return fr_date_skip(r, '.') || fr_date_skip(r, ',') ? fr_date_fraction(r, out) : true;
}

bool fr_date_offset(fr_date_reader *r, fr_moment *out)
{
    out->has_offset = true;
    if (fr_date_skip(r, 'Z') || fr_date_skip(r, 'z')) return true;
    bool west = fr_date_at(r, '-');
    if (!fr_date_skip(r, '+') && !fr_date_skip(r, '-')) return fr_date_stop(r, r->at);
    int8_t part = 0;
    if (!two_digits(r, 0, 23, &part)) return false;
    int32_t seconds = part * 3600;
    bool colon = fr_date_skip(r, ':');
    if (colon || fr_date_at_digit(r)) {
        if (!two_digits(r, 0, 59, &part)) return false;
        seconds += part * 60;
        if (colon && fr_date_skip(r, ':')) {
            if (!two_digits(r, 0, 59, &part)) return false;
            seconds += part;
        }
    }
    out->offset_seconds = west ? -seconds : seconds;
    return true;
}

bool fr_date_meridiem(fr_date_reader *r, bool *pm)
{
    if (r->n - r->at < 2) return fr_date_stop(r, r->at);
    char first = (char)(r->text[r->at] | 0x20), second = (char)(r->text[r->at + 1] | 0x20);
    if ((first != 'a' && first != 'p') || second != 'm') return fr_date_stop(r, r->at);
    *pm = first == 'p';
    r->at += 2;
    return true;
}

bool fr_date_name(fr_date_reader *r, const char *const *names, int n, size_t letters, int *which)
{
    for (int i = 0; i < n; i++) {
        size_t length = letters ? letters : strlen(names[i]), k = 0;
        while (k < length && r->at + k < r->n && (r->text[r->at + k] | 0x20) == (names[i][k] | 0x20)) k++;
        if (k < length) continue;
        r->at += length;
        *which = i;
        return true;
    }
    return fr_date_stop(r, r->at);
}

/* ---- ISO 8601 ---------------------------------------------------------------------------------------------------- */
/* Four digits, or a sign and more of them. */
static bool iso_year(fr_date_reader *r, int64_t *out)
{
    int32_t year;
    bool before = fr_date_at(r, '-'), sign = fr_date_skip(r, '-') || fr_date_skip(r, '+');
    if (!fr_date_number(r, (fr_date_field){ 4, sign ? 9 : 4, 0, INT32_MAX }, &year)) return false;
    *out = before ? -year : year;
    return !sign || fr_date_at(r, '-') || fr_date_stop(r, r->at);
}

static bool iso_date(fr_date_reader *r, fr_moment *out)
{
    if (!iso_year(r, &out->year)) return false;
    out->has_date = true;
    bool compact = fr_date_at_digit(r);
    if (!compact && !fr_date_skip(r, '-')) return true;                             /* 2024 */
    if (!two_digits(r, 1, 12, &out->month)) return false;
    if (!compact && !fr_date_skip(r, '-')) return true;                             /* 2024-02 */
    return two_digits(r, 1, fr_civil_month_days(out->year, out->month), &out->day);
}

static bool iso(fr_date_reader *r, fr_moment *out)
{
    if (r->n >= 3 && r->text[2] == ':') {
        if (!fr_date_clock(r, out, FR_CLOCK_PLAIN)) return false;
    } else {
        if (!iso_date(r, out)) return false;
        if (r->at == r->n) return true;
        if (!fr_date_skip(r, 'T') && !fr_date_expect(r, ' ')) return false;
        if (!fr_date_clock(r, out, FR_CLOCK_COMPACT)) return false;
    }
    if (r->at < r->n) {
        fr_date_skip(r, ' ');
        if (!fr_date_offset(r, out)) return false;
    }
    return r->at == r->n || fr_date_stop(r, r->at);
}

bool fr_parse_iso(const char *text, size_t n, fr_moment *out, size_t *bad)
{
    fr_date_reader r = { .text = text, .n = n };
    fr_moment moment = { .year = 1970, .month = 1, .day = 1 };
    bool ok = iso(&r, &moment);
    if (ok) *out = moment;
    else if (bad) *bad = r.bad;
    return ok;
}
