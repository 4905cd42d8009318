/* numeral.c — a number becomes decimal digits and a scale, exactly; rounding, grouping and words happen on the digits.
 *
 *     1234567.891  →  digits 1234567891, scale 3  →  two places: 123456789, scale 2  →  1,234,567.89
 *
 * A float's digits are the fewest that read back the same. printf and strtod write and read the decimal mark of whatever
 * locale is set, so both are used together and only digits are taken from the text.
 */
#include "numeral.h"

#include <frame/print.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_DIGITS = 400, MOST_PLACES = 20 };

typedef struct digits {
    char text[MOST_DIGITS + 1];      /* no leading zeros; empty is zero  */
    int  n, scale;
    bool negative;
} digits;

/* ---- taking numbers apart ---------------------------------------------------------------------------------------- */
static void append_zeros(digits *d, int n)
{
    if (!d->n) return;
    for (; n > 0 && d->n < MOST_DIGITS; n--) d->text[d->n++] = '0';
}

static void set_scale_to_zero(digits *d)
{
    if (d->scale >= 0) return;
    append_zeros(d, -d->scale);
    d->scale = 0;
}

static digits of_wide(unsigned __int128 value, bool negative, int scale)
{
    char back[48] = "";
    int n = 0;
    digits d = { .scale = scale, .negative = negative };
    for (; value; value /= 10) back[n++] = (char)('0' + (int)(value % 10));
    while (n) d.text[d.n++] = back[--n];
    set_scale_to_zero(&d);
    return d;
}

static digits of_float(double value)
{
    char text[64];
    digits d = { .negative = value < 0 };
    for (int precision = 14; precision <= 16; precision++) {
        snprintf(text, sizeof text, "%.*e", precision, value);
        if (strtod(text, NULL) == value) break;
    }
    const char *p = text;
    for (; *p && *p != 'e'; p++)
        if (*p >= '0' && *p <= '9') d.text[d.n++] = *p;
    int exponent = *p ? (int)strtol(p + 1, NULL, 10) : 0;
    d.scale = d.n - 1 - exponent;
    while (d.n && d.text[d.n - 1] == '0') d.n--, d.scale--;
    if (!d.n) d.scale = 0;
    set_scale_to_zero(&d);
    return d;
}

static bool is_float(fr_value v) { return v.kind == FR_F32 || v.kind == FR_F64; }
static bool is_unsigned(fr_value v) { return v.kind >= FR_U8 && v.kind <= FR_U64; }
static bool is_signed(fr_value v) { return v.kind >= FR_I8 && v.kind <= FR_I64; }
static bool is_number(fr_value v) { return is_float(v) || is_unsigned(v) || is_signed(v) || v.kind == FR_DECIMAL; }

static __int128 bits_of(fr_value decimal)
{
    return (__int128)((unsigned __int128)(uint64_t)decimal.as.decimal.high << 64 | decimal.as.decimal.low);
}

static digits of_value(fr_value v)
{
    if (is_float(v)) return of_float(v.as.f);
    if (is_unsigned(v)) return of_wide(v.as.u, false, 0);
    if (v.kind != FR_DECIMAL) return of_wide((unsigned __int128)(v.as.i < 0 ? -(__int128)v.as.i : v.as.i), v.as.i < 0, 0);
    unsigned __int128 bits = (unsigned __int128)bits_of(v);
    bool negative = v.as.decimal.high < 0;
    return of_wide(negative ? -bits : bits, negative, v.scale);
}

double fr_numeral_double(fr_value v)
{
    if (!v.valid) return NAN;
    switch ((fr_kind)v.kind) {
    case FR_F32: case FR_F64: return v.as.f;
    case FR_U8: case FR_U16: case FR_U32: case FR_U64: return (double)v.as.u;
    case FR_DECIMAL: break;
    case FR_STR: case FR_CAT: case FR_BINARY: case FR_LIST: case FR_STRUCT: case FR_NULL: return NAN;
    default: return (double)v.as.i;
    }
    double scale = 1;
    for (int i = 0; i < v.scale; i++) scale *= 10;
    return (double)bits_of(v) / scale;
}

/* ---- rounding ---------------------------------------------------------------------------------------------------- */
static void add_one(digits *d)
{
    int i = d->n - 1;
    while (i >= 0 && d->text[i] == '9') d->text[i--] = '0';
    if (i >= 0) {
        d->text[i]++;
        return;
    }
    memmove(d->text + 1, d->text, (size_t)d->n);
    d->text[0] = '1';
    d->n++;
}

/* Half away from zero; places may be negative: 1234 to -2 is 1200. */
static void round_to(digits *d, int places)
{
    int drop = d->scale - places;
    if (drop <= 0) {
        if (places > d->scale) append_zeros(d, places - d->scale), d->scale = places;
        return;
    }
    bool up = drop <= d->n && d->text[d->n - drop] >= '5';
    d->n = drop < d->n ? d->n - drop : 0;
    d->scale = places;
    if (up) add_one(d);
    set_scale_to_zero(d);
}

/* The power of ten of the first digit: 2 for 123, -1 for 0.5. */
static int magnitude(const digits *d) { return d->n - 1 - d->scale; }

/* ---- writing ----------------------------------------------------------------------------------------------------- */
typedef struct line {
    char  *out;
    size_t n, used;
} line;

static void put_n(line *l, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++, l->used++)
        if (l->used + 1 < l->n) l->out[l->used] = text[i];
}

static void put(line *l, const char *text) { put_n(l, text, strlen(text)); }

static size_t end(line *l)
{
    if (l->n) l->out[l->used + 1 < l->n ? l->used : l->n - 1] = 0;
    return l->used;
}

static bool is_zero(const digits *d)
{
    for (int i = 0; i < d->n; i++)
        if (d->text[i] != '0') return false;
    return true;
}

static void put_sign(line *l, const digits *d, bool always)
{
    if (is_zero(d)) return;
    if (d->negative) put(l, "\xe2\x88\x92");
    else if (always) put(l, "+");
}

static void put_digits(line *l, const digits *d, bool grouped)
{
    int whole = d->n - d->scale;
    if (whole <= 0) put(l, "0");
    for (int i = 0; i < whole; i++) {
        if (grouped && i && (whole - i) % 3 == 0) put(l, ",");
        put_n(l, d->text + i, 1);
    }
    if (d->scale <= 0) return;
    put(l, ".");
    for (int i = whole; i < d->n; i++) put_n(l, i < 0 ? "0" : d->text + i, 1);
}

static bool is_word(const char *unit)
{
    char last = unit[0] ? unit[strlen(unit) - 1] : 0;
    return (last >= 'A' && last <= 'Z') || (last >= 'a' && last <= 'z');
}

static void put_unit(line *l, const char *unit)
{
    if (!unit || !*unit) return;
    put(l, unit);
    if (is_word(unit)) put(l, "\xc2\xa0");
}

/* ---- kinds ------------------------------------------------------------------------------------------------------- */
/* Two places from 1 on, four digits below; whole numbers have none. */
static int places_of_one(const digits *d)
{
    if (d->scale == 0) return 0;
    int fit = magnitude(d) >= 0 ? 2 : 3 - magnitude(d);
    return fit < d->scale ? (fit < MOST_PLACES ? fit : MOST_PLACES) : d->scale;
}

static int places_wanted(fr_numeral_format f, int otherwise)
{
    int places = f.places > 0 ? f.places - 1 : otherwise;
    return places < MOST_PLACES ? places : MOST_PLACES;
}

/* 1.23e+21 rather than twenty-two digits. */
static size_t put_scientific(line *l, digits d)
{
    int power = magnitude(&d);
    char text[16];
    round_to(&d, 2 - power);
    power = magnitude(&d);
    while (d.n > 3) d.n--;
    d.scale = d.n - 1;
    put_sign(l, &d, false);
    put_digits(l, &d, false);
    snprintf(text, sizeof text, "e%+d", power);
    put(l, text);
    return end(l);
}

static size_t put_number(line *l, digits d, fr_numeral_format f, bool is_whole)
{
    bool extreme = !is_whole && d.n && (magnitude(&d) > 17 || magnitude(&d) < -6);
    if (extreme && f.places == 0 && f.kind != FR_NUMERAL_MONEY) return put_scientific(l, d);
    round_to(&d, places_wanted(f, f.kind == FR_NUMERAL_MONEY ? 2 : places_of_one(&d)));
    put_sign(l, &d, f.signed_);
    if (f.kind == FR_NUMERAL_MONEY) put_unit(l, f.unit);
    bool year_like = f.kind == FR_NUMERAL_AUTO && d.scale == 0 && d.n == 4;
    put_digits(l, &d, f.kind != FR_NUMERAL_PLAIN && !year_like);
    return end(l);
}

static size_t put_percent(line *l, digits d, fr_numeral_format f)
{
    bool some = !is_zero(&d) && !d.negative && !f.signed_;
    int places = places_wanted(f, 1);
    d.scale -= 2;
    set_scale_to_zero(&d);
    round_to(&d, places);
    if (some && is_zero(&d)) {                   /* something is not nothing: < 0.1 % */
        put(l, "<\xc2\xa0");
        d = (digits){ .text = "1", .n = 1, .scale = places };
    }
    put_sign(l, &d, f.signed_);
    put_digits(l, &d, true);
    put(l, "\xc2\xa0%");
    return end(l);
}

/* Three digits and a word for the thousands; below 10,000 the number itself. */
static size_t put_short(line *l, digits d, fr_numeral_format f, const char *const words[5])
{
    if (d.n) round_to(&d, 2 - magnitude(&d) > 2 ? 2 : magnitude(&d) < 4 ? 2 : 2 - magnitude(&d));
    int step = magnitude(&d) / 3, power = magnitude(&d);
    if (power < 4) step = 0;
    if (step > 4) step = 4;
    d.scale += 3 * step;
    while (d.scale > 0 && d.n > 1 && d.text[d.n - 1] == '0' && (step == 0 || f.places == 0)) d.n--, d.scale--;
    if (step == 0 && d.n) round_to(&d, d.scale == 1 && f.unit ? 2 : d.scale);
    put_sign(l, &d, f.signed_);
    put_unit(l, f.unit);
    put_digits(l, &d, true);
    if (step || words[0][0]) {
        put(l, "\xc2\xa0");
        put(l, words[step]);
    }
    return end(l);
}

/* ---- dates ------------------------------------------------------------------------------------------------------- */
/* Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days. */
static void civil(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    unsigned doe = (unsigned)(days - era * 146097), yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    *day = doy - (153 * mp + 2) / 5 + 1;
    *month = mp < 10 ? mp + 3 : mp - 9;
    *year = (int64_t)yoe + era * 400 + (*month <= 2);
}

static int64_t per_second(unsigned unit)
{
    return unit == FR_S ? 1 : unit == FR_MS ? 1000 : unit == FR_US ? 1000000 : 1000000000;
}

static int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }

static size_t put_date(line *l, fr_value v, fr_numeral_format f)
{
    static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    bool timed = v.kind == FR_DATETIME;
    int64_t seconds = timed ? floor_div(v.as.i, per_second(v.unit)) : 0;
    int64_t days = timed ? floor_div(seconds, 86400) : v.as.i, year;
    unsigned month, day, of_day = (unsigned)(seconds - (timed ? days * 86400 : 0));
    char text[64];
    civil(days, &year, &month, &day);
    if (f.kind == FR_NUMERAL_MONTH) snprintf(text, sizeof text, "%s %" PRId64, months[month - 1], year);
    else if (f.kind == FR_NUMERAL_ISO) snprintf(text, sizeof text, "%04" PRId64 "-%02u-%02u", year, month, day);
    else snprintf(text, sizeof text, "%u\xc2\xa0%s\xc2\xa0%" PRId64, day, months[month - 1], year);
    put(l, text);
    if (!timed || f.kind == FR_NUMERAL_DATE || f.kind == FR_NUMERAL_MONTH) return end(l);
    snprintf(text, sizeof text, " %02u:%02u", of_day / 3600, of_day / 60 % 60);
    put(l, text);
    return end(l);
}

/* ---- one value --------------------------------------------------------------------------------------------------- */
static size_t put_odd_float(line *l, double value)
{
    put(l, value != value ? "not a number" : value > 0 ? "\xe2\x88\x9e" : "\xe2\x88\x92\xe2\x88\x9e");
    return end(l);
}

static size_t put_value(line *l, fr_value v, fr_numeral_format f)
{
    static const char *const thousands[5] = { "", "k", "M", "B", "T" };
    static const char *const byte_words[5] = { "B", "kB", "MB", "GB", "TB" };
    if (!v.valid || v.kind == FR_NULL) return put(l, "\xe2\x80\x93"), end(l);
    if (v.kind == FR_DATE || v.kind == FR_DATETIME) return put_date(l, v, f);
    if (v.kind == FR_BOOL) return put(l, v.as.i ? "true" : "false"), end(l);
    if (v.kind == FR_STR || v.kind == FR_CAT) return put_n(l, v.as.s, v.length), end(l);
    if (is_float(v) && !(v.as.f - v.as.f == 0)) return put_odd_float(l, v.as.f);
    digits d = of_value(v);
    switch (f.kind) {
    case FR_NUMERAL_PERCENT: return put_percent(l, d, f);
    case FR_NUMERAL_SHORT: return put_short(l, d, f, thousands);
    case FR_NUMERAL_BYTES: return put_short(l, d, f, byte_words);
    default: return put_number(l, d, f, is_signed(v) || is_unsigned(v));
    }
}

size_t fr_numeral_text(fr_value value, fr_numeral_format format, char *out, size_t n)
{
    line l = { out, n, 0 };
    return put_value(&l, value, format);
}

/* ---- cells ------------------------------------------------------------------------------------------------------- */
/* A zone is not part of a value: such cells, and nested ones, are written by the library. */
static bool value_says_it_all(const fr_type *type)
{
    char text[80];
    fr_kind kind = fr_type_kind(type);
    if (kind == FR_DATETIME) return fr_type_text(type, text, sizeof text) < sizeof text && !strchr(text, ',');
    return (kind >= FR_BOOL && kind <= FR_CAT) || kind == FR_DATE || kind == FR_DECIMAL;
}

size_t fr_numeral_cell(const fr_frame *frame, int64_t row, size_t column, fr_numeral_format format, char *out, size_t n)
{
    fr_value value = fr_get_at(frame, row, column);
    if (!value.valid || value_says_it_all(fr_type_at(frame, column))) return fr_numeral_text(value, format, out, n);
    return fr_cell_text(frame, row, column, out, n);
}

int fr_numeral_places(const fr_frame *frame, size_t column, int64_t rows, int most)
{
    int places = 0;
    for (int64_t row = 0; row < rows && places < most; row++) {
        fr_value v = fr_get_at(frame, row, column);
        if (!v.valid || !is_number(v) || (is_float(v) && !(v.as.f - v.as.f == 0))) continue;
        digits d = of_value(v);
        while (d.scale > 0 && d.n && d.text[d.n - 1] == '0') d.n--, d.scale--;       /* 2.50 of a decimal(10,2) */
        int own = v.kind == FR_DECIMAL ? v.scale : d.scale;
        if (own > places) places = own < most ? own : most;
    }
    return places;
}
