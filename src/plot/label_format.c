/* label_format.c — plans and labels of numbers; see label_format.h.
 *
 * A label is made from decimal digits alone: an integer, a power of ten, a place to round. Nothing is divided in
 * binary, so 3 × 10^-1 is "0.3" and 12 × 10^5 in units of 10^6 is "1.2":
 *
 *     digits 12, exponent 5, unit exponent 6, 1 decimal   → "12" with the point before the last → "1.2" + " M"
 */
#include "plot/label_format.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUS "\xe2\x88\x92"
#define BLANK "\xc2\xa0"               /* that does not break */

/* ---- exact decimals ---------------------------------------------------------------------------------------------- */
double fr_exact_value(fr_exact number)
{
    const bool negative = number.digits < 0;
    const uint64_t size = negative ? -(uint64_t)number.digits : (uint64_t)number.digits;
    double out = 0;
    if (!fr_parse_f64_digits(size, number.exponent, negative, &out)) {
        char text[FR_NUMBER_BYTES];
        const int n = snprintf(text, sizeof text, "%llde%d", (long long)number.digits, (int)number.exponent);
        if (!fr_parse_f64(text, (size_t)n, &out)) return 0;
    }
    return out == 0 ? 0 : out;          /* no minus zero */
}

fr_exact fr_exact_reduced(fr_exact number)
{
    if (number.digits == 0) return (fr_exact){ 0, 0 };
    while (number.digits % 10 == 0) {
        number.digits /= 10;
        number.exponent++;
    }
    return number;
}

/* "-1.5e-07" as Python's repr writes it: digits, perhaps a point, perhaps an exponent. */
fr_exact fr_exact_of(double value)
{
    char text[FR_NUMBER_BYTES];
    const size_t n = fr_print_f64(value, text);
    fr_exact out = { 0, 0 };
    size_t i = text[0] == '-';
    bool after_point = false;
    for (; i < n && text[i] != 'e'; i++) {
        if (text[i] == '.') { after_point = true; continue; }
        out.digits = out.digits * 10 + (text[i] - '0');
        out.exponent -= after_point;
    }
    int64_t power = 0;
    if (i < n) (void)fr_parse_i64(text + i + 1, n - i - 1, &power);
    if (text[0] == '-') out.digits = -out.digits;
    out.exponent += (int32_t)power;
    return fr_exact_reduced(out);
}

/* floor(log10(|number|)); 0 for 0. */
static int magnitude(fr_exact number)
{
    char text[FR_NUMBER_BYTES];
    if (number.digits == 0) return 0;
    return (int)fr_print_i64(number.digits, text) - (number.digits < 0) - 1 + number.exponent;
}

/* Rounded (half away from zero) to a multiple of 10^place. */
static fr_exact rounded(fr_exact number, int place)
{
    int64_t half = 5;
    int drop = place - number.exponent;
    if (drop <= 0) return number;
    if (drop > 18) return (fr_exact){ 0, place };
    while (--drop) half *= 10;
    const int64_t whole = half * 2, up = number.digits < 0 ? -half : half;
    int64_t sum;
    if (__builtin_add_overflow(number.digits, up, &sum)) sum = number.digits;
    return (fr_exact){ sum / whole, place };
}

/* ---- the user's format ------------------------------------------------------------------------------------------- */
typedef struct spec {
    const char *before, *after, *symbol;       /* into the format */
    size_t      n_before, n_after, n_symbol;
    bool        plus, grouped;
    int         decimals;                      /* -1: not said */
    char        type;                          /* f % e s d g */
} spec;

static const char *const symbols[] = { "$", "\xe2\x82\xac", "\xc2\xa3", "\xc2\xa5" };     /* $ € £ ¥ */

static size_t symbol_bytes(const char *text)
{
    for (size_t i = 0; i < FR_COUNT_OF(symbols); i++)
        if (strncmp(text, symbols[i], strlen(symbols[i])) == 0) return strlen(symbols[i]);
    return 0;
}

static const char *read_decimals(const char *at, spec *out)
{
    if (*at != '.' || at[1] < '0' || at[1] > '9') return at;
    out->decimals = 0;
    for (at++; *at >= '0' && *at <= '9'; at++)
        out->decimals = out->decimals < 100 ? out->decimals * 10 + (*at - '0') : 100;
    return at;
}

/* The part between braces (or all of it); returns the first byte that is no part of it. */
static const char *read_core(const char *at, spec *out)
{
    if (*at == '+') { out->plus = true; at++; }
    out->symbol = at;
    at += out->n_symbol = symbol_bytes(at);
    if (*at == ',') { out->grouped = true; at++; }
    at = read_decimals(at, out);
    if (*at && strchr("f%esdg", *at)) out->type = *at++;
    if (out->type == 'd') out->decimals = 0;
    return at;
}

/* False with *bad = the first byte that does not fit. */
static bool read_format(const char *format, spec *out, size_t *bad)
{
    const char *open = strchr(format, '{'), *at = open ? open + 1 : format;
    *out = (spec){ .before = format, .n_before = open ? (size_t)(open - format) : 0, .decimals = -1, .type = 'g' };
    at = read_core(at, out);
    if (open && *at == '}') {
        out->after   = ++at;
        out->n_after = strcspn(at, "{}");
        at += out->n_after;
    }
    *bad = (size_t)(at - format);
    const bool braces_match = !open || out->after;
    return *format && *at == 0 && braces_match && out->decimals <= 20;
}

#define LONGEST_AFFIX 39

bool fr_number_style_check(fr_call *call, const fr_number_style *style)
{
    spec read;
    size_t bad;
    if (style->symbol && strlen(style->symbol) > LONGEST_AFFIX)
        return fr_fail(call, FR_ERR_ARGUMENT, "a unit of more than %d bytes", LONGEST_AFFIX);
    if (!style->format) return true;
    const size_t n = strlen(style->format);
    if (!read_format(style->format, &read, &bad))
        return fr_fail_at(call, fr_place_at(.source = style->format, .position = (int64_t)bad,
                                            .hint = "formats look like \",.2f\", \"$,.0f\", \".1%\" or \"{,.1f} km\""),
                          FR_ERR_ARGUMENT, "%s is not a number format",
                          fr_quoted((fr_room){ 0 }.text, style->format, n));
    if (read.n_before > LONGEST_AFFIX || read.n_after > LONGEST_AFFIX)
        return fr_fail(call, FR_ERR_ARGUMENT, "a text of more than %d bytes around a number", LONGEST_AFFIX);
    return true;
}

int fr_number_style_decimals(const fr_number_style *style)
{
    spec read;
    size_t bad;
    if (!style->format || !read_format(style->format, &read, &bad)) return -1;
    if (read.decimals < 0 || read.type == 'e' || read.type == 's') return -1;
    return read.decimals + (read.type == '%' ? 2 : 0);
}

/* ---- plans ------------------------------------------------------------------------------------------------------- */
typedef struct prefix { int exponent; const char *name; } prefix;
static const prefix short_units[] = { { 12, "T" }, { 9, "B" }, { 6, "M" }, { 3, "k" } };
static const prefix si_units[] = { { 18, "E" }, { 15, "P" }, { 12, "T" }, { 9, "G" }, { 6, "M" }, { 3, "k" }, { 0, "" },
                                 { -3, "m" }, { -6, "\xc2\xb5" }, { -9, "n" }, { -12, "p" } };

enum { MOST_DECIMALS_OF_UNIT = 2, LEAST_SHORT = 5, LEAST_POWER = 15, MOST_DECIMALS_OF_POWER = 6, SMALLEST_PLAIN = -4,
       COARSE = 400 /* no number asks for decimals */ };

static int decimals_at(int exponent, int finest) { return exponent > finest ? exponent - finest : 0; }

static void set_unit(fr_label_plan *plan, int exponent, const char *name, int finest)
{
    plan->unit_exponent = exponent;
    plan->decimals      = decimals_at(exponent, finest);
    if (*name) snprintf(plan->unit, sizeof plan->unit, BLANK "%s", name);
}

static void set_plain(fr_label_plan *plan, int finest, int top)
{
    set_unit(plan, 0, "", finest);
    plan->grouped = top >= 4;
}

static void set_powers(fr_label_plan *plan, int finest, int top)
{
    set_unit(plan, top, "", finest);
    plan->powers = true;
}

/* Up to two decimals behind up to three digits (1.25 M), or up to six digits alone (1,001 k); 1,000.02 k is no help. */
static bool is_short(int exponent, int finest, int top)
{
    const int decimals = decimals_at(exponent, finest), whole = top - exponent + 1;
    return decimals == 0 ? whole <= 6 : decimals <= MOST_DECIMALS_OF_UNIT && whole <= 3;
}

/* The largest unit that makes labels short; false when none does. */
static bool pick_unit(fr_label_plan *plan, const prefix *units, size_t n, int finest, int top)
{
    for (size_t i = 0; i < n; i++) {
        if (units[i].exponent > top || !is_short(units[i].exponent, finest, top)) continue;
        set_unit(plan, units[i].exponent, units[i].name, finest);
        plan->grouped = true;
        return true;
    }
    return false;
}

static void plan_short(fr_label_plan *plan, int finest, int top)
{
    const bool large = top >= LEAST_POWER && top - finest <= MOST_DECIMALS_OF_POWER;
    if (large || top >= 21 || top < SMALLEST_PLAIN) set_powers(plan, finest, top);
    else if (top < LEAST_SHORT || !pick_unit(plan, short_units, FR_COUNT_OF(short_units), finest, top))
        set_plain(plan, finest, top);
}

static void plan_si(fr_label_plan *plan, int finest, int top)
{
    const size_t n = top >= 0 ? 7 : FR_COUNT_OF(si_units);             /* 1.001 is not 1,001 m */
    if (top < -12 || top > 20) set_powers(plan, finest, top);
    else if (!pick_unit(plan, si_units, n, finest, top)) set_plain(plan, finest, top);
}

static void plan_notation(fr_label_plan *plan, fr_notation notation, int finest, int top)
{
    switch (notation) {
    case FR_NOTATION_SHORT:      plan_short(plan, finest, top); return;
    case FR_NOTATION_SI:         plan_si(plan, finest, top); return;
    case FR_NOTATION_PLAIN:      set_plain(plan, finest, top); return;
    case FR_NOTATION_SCIENTIFIC: set_powers(plan, finest, top); return;
    }
}

static bool is_currency(const char *symbol) { return symbol && symbol_bytes(symbol) == strlen(symbol) && *symbol; }

/* "k" and "W" make kW in SI; elsewhere the symbol stands apart: 1.2 M €. */
static void add_symbol(fr_label_plan *plan, const fr_number_style *style)
{
    if (!style->symbol || !*style->symbol) return;
    const bool joined = style->notation == FR_NOTATION_SI && plan->unit[0] && !style->percent;
    if (!style->symbol_after) snprintf(plan->before, sizeof plan->before, "%s", style->symbol);
    else snprintf(plan->after, sizeof plan->after, "%s%s", joined ? "" : BLANK, style->symbol);
    if (is_currency(style->symbol) && plan->decimals == 1 && !plan->unit[0] && !plan->powers) plan->decimals = 2;
}

static void plan_percent(fr_label_plan *plan, int finest, int top)
{
    set_plain(plan, finest + 2, top + 2);
    plan->unit_exponent = -2;
    snprintf(plan->unit, sizeof plan->unit, BLANK "%%");
}

static void plan_own(fr_label_plan *plan, const spec *own, int finest, int top)
{
    switch (own->type) {
    case '%': plan_percent(plan, finest, top); break;
    case 's': plan_si(plan, finest, top); break;
    case 'e': plan_notation(plan, FR_NOTATION_SCIENTIFIC, finest, top); break;
    default:  set_plain(plan, finest, top);
    }
    if (plan->unit[0]) memmove(plan->unit, plan->unit + strlen(BLANK), strlen(plan->unit + strlen(BLANK)) + 1);
    plan->grouped = own->grouped;
    plan->plus    = own->plus;
    plan->everywhere = plan->own = true;
    if (own->decimals > plan->decimals) plan->decimals = own->decimals;
    snprintf(plan->before, sizeof plan->before, "%.*s%.*s", (int)own->n_before, own->before, (int)own->n_symbol,
             own->symbol);
    snprintf(plan->after, sizeof plan->after, "%.*s", (int)own->n_after, own->n_after ? own->after : "");
}

static void set_marks(fr_label_plan *plan)
{
    if (!plan->marks.decimal) plan->marks.decimal = '.';
    if (!plan->marks.thousands) plan->marks.thousands = plan->marks.decimal == ',' ? '.' : ',';
}

/* 2×10⁻⁹ … 10×10⁻⁹ rather than 0.2×10⁻⁸ … 1.0×10⁻⁸ */
static void lower_power(fr_label_plan *plan)
{
    plan->unit_exponent--;
    plan->decimals = 0;
}

fr_label_plan fr_label_plan_make(const fr_number_style *style, int finest, double largest)
{
    fr_label_plan plan = { .everywhere = style->symbol_everywhere, .marks = style->marks };
    const int top = largest > 0 ? magnitude(fr_exact_of(largest)) : finest;
    spec own;
    size_t bad;
    set_marks(&plan);
    if (style->format && read_format(style->format, &own, &bad)) {
        plan_own(&plan, &own, finest, top);
        return plan;
    }
    if (style->percent) plan_percent(&plan, finest, top);
    else plan_notation(&plan, style->notation, finest, top);
    if (plan.powers && plan.decimals == 1 && fr_exact_of(largest).digits == 1) lower_power(&plan);
    add_symbol(&plan, style);
    return plan;
}

static void plan_decade(fr_label_plan *plan, int top, int first, int last)
{
    const bool units = last > LEAST_SHORT && top >= 3;
    if (first < SMALLEST_PLAIN || last >= LEAST_POWER) set_powers(plan, top, top);
    else if (!units || !pick_unit(plan, short_units, FR_COUNT_OF(short_units), top, top)) set_plain(plan, top, top);
    plan->bare_powers = true;
    plan->grouped     = last >= 4;
}

fr_label_plan fr_label_plan_log(const fr_number_style *style, int top, int first, int last)
{
    fr_label_plan plan = { .everywhere = style->symbol_everywhere, .marks = style->marks };
    const bool short_form = style->notation == FR_NOTATION_SHORT && !style->percent;
    if (style->format || !short_form) return fr_label_plan_make(style, top, fr_exact_value((fr_exact){ 1, top }));
    set_marks(&plan);
    plan_decade(&plan, top, first, last);
    add_symbol(&plan, style);
    return plan;
}

void fr_label_plan_group(fr_label_plan *plan, double low, double high, bool whole)
{
    const bool plain = plan->unit_exponent == 0 && !plan->powers && !plan->own;
    const bool years = whole && plan->decimals == 0 && low >= 1000 && high < 3000;
    if (plain && fmax(fabs(low), fabs(high)) >= 1000) plan->grouped = !years;
}

/* The place of the last digit that is not zero in any value, rounded to 10^finest. */
static int last_place(const double *values, size_t n, int finest)
{
    int last = COARSE;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i])) continue;
        const fr_exact near = fr_exact_reduced(rounded(fr_exact_of(values[i]), finest));
        if (near.digits && near.exponent < last) last = near.exponent;
    }
    return last;
}

fr_label_plan fr_label_plan_values(const fr_number_style *style, const double *values, size_t n, int digits)
{
    spec own;
    size_t bad;
    const bool fixed = style->format && read_format(style->format, &own, &bad) && own.decimals >= 0;
    double least = 0, most = 0, low = 0, high = 0;
    bool whole = true;
    for (size_t i = 0; i < n; i++) {
        const double size = fabs(values[i]);
        if (!isfinite(size) || size == 0) continue;
        if (least == 0 || size < least) least = size;
        if (size > most) most = size;
        if (values[i] < low || low == 0) low = values[i];
        if (values[i] > high || high == 0) high = values[i];
        whole = whole && size == floor(size);
    }
    if (fixed || most == 0) return fr_label_plan_make(style, fixed ? COARSE : 0, most);
    const int wish = magnitude(fr_exact_of(least)) - digits + 1, coarsest = magnitude(fr_exact_of(most)) - 3;
    const int finest = wish > coarsest ? wish : coarsest, last = last_place(values, n, finest);
    fr_label_plan plan = fr_label_plan_make(style, last < COARSE ? last : finest, most);
    fr_label_plan_group(&plan, low, high, whole);
    return plan;
}

/* ---- labels ------------------------------------------------------------------------------------------------------ */
typedef struct writer { char *out; size_t n; } writer;

static void put(writer *w, const char *text)
{
    const size_t n = strlen(text), room = FR_LABEL_BYTES - 1 - w->n, take = n < room ? n : room;
    memcpy(w->out + w->n, text, take);
    w->out[w->n += take] = 0;
}

static void put_byte(writer *w, char byte) { put(w, (char[2]){ byte, 0 }); }

static void put_raised(writer *w, int exponent)
{
    static const char *const raised[] = { "\xe2\x81\xb0", "\xc2\xb9", "\xc2\xb2", "\xc2\xb3", "\xe2\x81\xb4",
                                          "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7", "\xe2\x81\xb8",
                                          "\xe2\x81\xb9" };
    char text[FR_NUMBER_BYTES];
    const size_t n = fr_print_i64(exponent, text);
    for (size_t i = 0; i < n; i++) put(w, text[i] == '-' ? "\xe2\x81\xbb" : raised[text[i] - '0']);
}

/* |number| with so many decimals. Digits stand in `text`, the place of text[i] is 10^(n - 1 - i + exponent). */
static void put_digits(writer *w, const fr_label_plan *plan, fr_exact number)
{
    char text[FR_NUMBER_BYTES];
    fr_exact near = rounded(number, -plan->decimals);
    if (near.digits == 0) near.exponent = 0;
    const int n = (int)fr_print_u64(near.digits < 0 ? -(uint64_t)near.digits : (uint64_t)near.digits, text);
    const int top = n - 1 + near.exponent > 0 ? n - 1 + near.exponent : 0;
    for (int place = top; place >= -plan->decimals; place--) {
        const int i = n - 1 - (place - near.exponent);
        if (place == -1) put_byte(w, plan->marks.decimal);
        put_byte(w, i >= 0 && i < n ? text[i] : '0');
        if (plan->grouped && place > 0 && place % 3 == 0) put_byte(w, plan->marks.thousands);
    }
}

size_t fr_label_exact(const fr_label_plan *plan, fr_exact value, bool top, char out[FR_LABEL_BYTES])
{
    writer w = { .out = out };
    const bool affix = top || plan->everywhere;
    const fr_exact scaled = { value.digits, value.exponent - plan->unit_exponent };
    const bool zero = rounded(scaled, -plan->decimals).digits == 0;
    bool bare = false;
    out[0] = 0;
    if (value.digits < 0 && !zero) put(&w, MINUS);
    if (value.digits > 0 && plan->plus) put(&w, "+");
    if (affix) put(&w, plan->before);
    if (zero && !plan->everywhere && (plan->powers || plan->unit[0])) put(&w, "0");
    else if (plan->powers && plan->bare_powers && labs(scaled.digits) == 1 && scaled.exponent == 0) bare = true;
    else put_digits(&w, plan, scaled);
    if (!zero && plan->powers) {
        put(&w, bare ? "10" : "\xc3\x97" "10");
        put_raised(&w, plan->unit_exponent);
    }
    if (!zero || strchr(plan->unit, '%') || (plan->everywhere && plan->after[0])) put(&w, plan->unit);      /* 0 ms */
    if (affix) put(&w, plan->after);
    return w.n;
}

size_t fr_label_power(int base, int exponent, char out[FR_LABEL_BYTES])
{
    writer w = { .out = out, .n = (size_t)snprintf(out, FR_LABEL_BYTES, "%d", base) };
    put_raised(&w, exponent);
    return w.n;
}

static size_t label_odd(double value, char out[FR_LABEL_BYTES])
{
    const char *text = isnan(value) ? "NaN" : value > 0 ? "\xe2\x88\x9e" : MINUS "\xe2\x88\x9e";
    return (size_t)snprintf(out, FR_LABEL_BYTES, "%s", text);
}

size_t fr_label_value(const fr_label_plan *plan, double value, int more, char out[FR_LABEL_BYTES])
{
    fr_label_plan finer = *plan;
    if (!isfinite(value)) return label_odd(value, out);
    finer.decimals += more;
    return fr_label_exact(&finer, fr_exact_of(value), true, out);
}

size_t fr_label_planned(const fr_label_plan *plan, const fr_number_style *style, double value, char out[FR_LABEL_BYTES])
{
    if (!isfinite(value)) return label_odd(value, out);
    const fr_exact exact = fr_exact_of(value);
    const fr_exact scaled = { exact.digits, exact.exponent - plan->unit_exponent };
    const bool lost = value != 0 && !plan->own && rounded(scaled, -plan->decimals).digits == 0;
    return lost ? fr_label_number(style, value, out) : fr_label_value(plan, value, 0, out);
}

/* Rounded to three significant digits, or to whole numbers where more than three stand before the point. */
static fr_exact significant(fr_exact number, const fr_number_style *style)
{
    const int top = magnitude(number), unit = style->percent ? -2 : 0;
    int place = top - 2;
    if (top - unit >= 2 && top - unit < LEAST_SHORT) place = unit;
    const bool amount = is_currency(style->symbol) && !style->percent;
    if (amount && top < LEAST_SHORT) place = place < -2 || number.exponent < 0 ? -2 : place;
    return fr_exact_reduced(rounded(number, place));
}

size_t fr_label_number(const fr_number_style *style, double value, char out[FR_LABEL_BYTES])
{
    if (!isfinite(value)) return label_odd(value, out);
    const bool plain = style->notation == FR_NOTATION_PLAIN && !style->percent;
    const fr_exact whole = fr_exact_of(value), number = style->format || plain ? whole : significant(whole, style);
    spec own;
    size_t bad;
    const bool fixed = style->format && read_format(style->format, &own, &bad) && own.decimals >= 0;
    const int finest = fixed ? COARSE : number.exponent;               /* the format's decimals, and no more */
    fr_label_plan plan = fr_label_plan_make(style, finest, fabs(fr_exact_value(number)));
    if (style->grouped) fr_label_plan_group(&plan, 0, value, true);
    return fr_label_exact(&plan, number, true, out);
}
