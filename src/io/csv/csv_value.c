/* csv_value.c — the slow and complete reading of one field; the fast loops of csv_convert.c fall back on it.
 *
 *     field        class                      field               class
 *     5, +5, ␣5    INT                        2024-02-29          DATE
 *     -5           INT NEGATIVE               2024-02-29T10:00    DATETIME
 *     007          TEXT (an identifier)       …T10:00:00+01:00    ZONED
 *     1e5, .5      FLOAT                      True, TRUE, true    BOOL
 *     39 digits    HUGE: text, but a float among floats
 */
#include "io/csv/csv_value.h"

#include "base/number.h"

#include <string.h>

static bool any_like_number(const fr_csv_words *words)
{
    for (size_t i = 0; i < words->n; i++)
        if (strpbrk(words->items[i].text, "0123456789")) return true;
    return false;
}

fr_csv_rules fr_csv_rules_of(const fr_csv_options *options)
{
    return (fr_csv_rules){
        .decimal = options->decimal, .thousands = options->thousands, .default_na = options->default_na,
        .quoted_is_string = options->quoted_is_string, .na = &options->na, .yes = &options->yes, .no = &options->no,
        .na_like_number = any_like_number(&options->na),
    };
}

/* ---- nulls and words ---------------------------------------------------------------------------------------------- */
fr_csv_field fr_csv_trimmed(const fr_csv_field *field)
{
    fr_csv_field f = *field;
    while (f.length && (*f.text == ' ' || *f.text == '\t')) f.text++, f.length--;
    while (f.length && (f.text[f.length - 1] == ' ' || f.text[f.length - 1] == '\t')) f.length--;
    return f;
}

static bool is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

/* The first byte tells most fields from all words. */
static bool is_one_of(const fr_csv_field *field, const char *const *words, size_t n)
{
    for (size_t i = 0; field->length && i < n; i++) {
        if (*words[i] != *field->text) continue;
        if (strlen(words[i]) == field->length && !memcmp(words[i], field->text, field->length)) return true;
    }
    return false;
}

/* None of the words ends in a digit, as nearly all numbers and dates do. */
bool fr_csv_is_na_word(const fr_csv_rules *rules, const fr_csv_field *field)
{
    static const char *const words[] = { "NaN", "nan", "NA", "N/A", "n/a", "NULL", "null", "None", "#N/A", "#NA", "<NA>",
        "-NaN", "-nan", "#N/A N/A", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN" };
    return rules->default_na && field->length >= 2 && field->length <= 8 && !is_digit(field->text[field->length - 1]) &&
           is_one_of(field, words, FR_COUNT_OF(words));
}

static bool read_bool(const fr_csv_rules *rules, const fr_csv_field *field, bool *out)
{
    static const char *const yes[] = { "True", "TRUE", "true" }, *const no[] = { "False", "FALSE", "false" };
    *out = true;
    if (is_one_of(field, yes, 3) || fr_csv_words_find(rules->yes, field->text, field->length) >= 0) return true;
    *out = false;
    return is_one_of(field, no, 3) || fr_csv_words_find(rules->no, field->text, field->length) >= 0;
}

/* ---- numbers ------------------------------------------------------------------------------------------------------ */
/* Digits from `at` on, in groups of three when a thousands mark stands among them; → where they end, 0 for none. */
static size_t skip_digits(const fr_csv_rules *rules, const char *text, size_t at, size_t n)
{
    size_t begin = at;
    while (at < n && is_digit(text[at])) at++;
    if (at == begin || !rules->thousands || at - begin > 3) return at == begin ? 0 : at;
    while (at + 3 < n && text[at] == rules->thousands && is_digit(text[at + 1]) && is_digit(text[at + 2]) &&
           is_digit(text[at + 3])) at += 4;
    return at;
}

bool fr_csv_read_integer(const fr_csv_rules *rules, const char *text, size_t n, fr_i128 *out, bool *leading_zero)
{
    size_t at = n && (text[0] == '-' || text[0] == '+');
    if (skip_digits(rules, text, at, n) != n || at == n) return false;
    *leading_zero = text[at] == '0' && n - at > 1;
    size_t digits = 0;
    fr_u128 value = 0;
    for (size_t i = at; i < n; i++) {
        if (!is_digit(text[i])) continue;
        value = value * 10 + (unsigned)(text[i] - '0');
        digits += digits > 0 || text[i] != '0';
        if (digits > 38) return false;
    }
    *out = text[0] == '-' ? -(fr_i128)value : (fr_i128)value;
    return true;
}

static bool is_infinity(const char *text, size_t n, double *out)
{
    size_t at = n && (text[0] == '-' || text[0] == '+');
    const fr_csv_field word = { .text = text + at, .length = (uint32_t)(n - at) };
    static const char *const words[] = { "inf", "Inf", "INF", "infinity", "Infinity", "INFINITY" };
    if (!is_one_of(&word, words, FR_COUNT_OF(words))) return false;
    *out = text[0] == '-' ? -__builtin_inf() : __builtin_inf();
    return true;
}

#define MOST_MARKED 800

/* Rewritten without thousands marks and with a point, for the one number parser; false when it is too long for that. */
static bool take_marks(const fr_csv_rules *rules, const char **text, size_t *n, char room[MOST_MARKED])
{
    size_t length = 0;
    if (rules->decimal == '.' && !rules->thousands) return true;
    if (*n > MOST_MARKED) return false;
    for (size_t i = 0; i < *n; i++) {
        if (rules->thousands && (*text)[i] == rules->thousands) continue;
        room[length++] = (*text)[i] == rules->decimal ? '.' : (*text)[i];
    }
    *text = room;
    *n = length;
    return true;
}

bool fr_csv_read_float(const fr_csv_rules *rules, const char *text, size_t n, double *out, bool *leading_zero)
{
    *leading_zero = false;
    if (is_infinity(text, n, out)) return true;
    size_t at = n && (text[0] == '-' || text[0] == '+'), begin = at, whole = skip_digits(rules, text, at, n);
    if (whole) at = whole;
    *leading_zero = whole > begin + 1 && text[begin] == '0';
    size_t digits = at - begin;
    if (at < n && text[at] == rules->decimal)
        for (at++; at < n && is_digit(text[at]); at++) digits++;
    if (digits == 0) return false;
    if (at < n && (text[at] == 'e' || text[at] == 'E')) {
        at++;
        if (at < n && (text[at] == '-' || text[at] == '+')) at++;
        size_t exponent = at;
        while (at < n && is_digit(text[at])) at++;
        if (at == exponent) return false;
    }
    if (at != n) return false;
    char room[MOST_MARKED];
    return take_marks(rules, &text, &n, room) && fr_parse_f64(text, n, out);
}

bool fr_csv_read_float32(const fr_csv_rules *rules, const char *text, size_t n, float *out)
{
    double wide;
    bool leading_zero;
    char room[MOST_MARKED];
    if (!fr_csv_read_float(rules, text, n, &wide, &leading_zero)) return false;
    const bool word = wide - wide != 0;                          /* inf has no digits */
    if (word || !take_marks(rules, &text, &n, room) || !fr_parse_f32(text, n, out)) *out = (float)wide;
    return true;
}

/* ---- dates -------------------------------------------------------------------------------------------------------- */
static bool two_digits(const char *text, int *out)
{
    *out = (text[0] - '0') * 10 + (text[1] - '0');
    return is_digit(text[0]) && is_digit(text[1]);
}

static bool read_day(const char *text, int64_t *days)
{
    int century, years, month, day;
    if (!two_digits(text, &century) || !two_digits(text + 2, &years) || text[4] != '-' || !two_digits(text + 5, &month) ||
        text[7] != '-' || !two_digits(text + 8, &day)) return false;
    int year = century * 100 + years;
    static const int month_days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (year < 1 || month < 1 || month > 12 || day < 1) return false;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (day > month_days[month - 1] + (month == 2 && leap)) return false;
    /* days since 1970 by eras of 400 years that begin in March: Hinnant, "chrono-compatible low-level date algorithms" */
    int y = year - (month <= 2), era = y / 400, year_of_era = y - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    *days = (int64_t)era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
    return true;
}

/* "Z", "+01:00", "-0530", "+01": seconds east of UTC. */
static bool read_offset(const char *text, size_t n, int64_t *seconds)
{
    *seconds = 0;
    if (n == 1) return text[0] == 'Z';
    int hours = 0, minutes = 0;
    if ((text[0] != '+' && text[0] != '-') || n < 3 || !two_digits(text + 1, &hours)) return false;
    if (n == 6 ? text[3] != ':' || !two_digits(text + 4, &minutes) : n == 5 ? !two_digits(text + 3, &minutes) : n != 3)
        return false;
    if (hours > 23 || minutes > 59) return false;
    *seconds = (hours * 60 + minutes) * (text[0] == '-' ? -60 : 60);
    return true;
}

/* "HH:MM", "HH:MM:SS", "HH:MM:SS.fraction"; → bytes used, 0 for none. More than nine digits of fraction are refused. */
static size_t read_clock(const char *text, size_t n, int64_t *seconds, int32_t *nanoseconds)
{
    int hour, minute, second = 0;
    *nanoseconds = 0;
    if (n < 5 || !two_digits(text, &hour) || text[2] != ':' || !two_digits(text + 3, &minute)) return 0;
    size_t at = 5;
    if (n >= 8 && text[5] == ':') {
        if (!two_digits(text + 6, &second)) return 0;
        at = 8;
        if (n > 9 && text[8] == '.') {
            size_t digits = 0;
            for (at = 9; at < n && is_digit(text[at]); at++, digits++)
                *nanoseconds = digits < 9 ? *nanoseconds * 10 + (text[at] - '0') : *nanoseconds;
            if (digits == 0 || digits > 9) return 0;
            for (; digits < 9; digits++) *nanoseconds *= 10;
        }
    }
    if (hour > 23 || minute > 59 || second > 59) return 0;
    *seconds = hour * 3600 + minute * 60 + second;
    return at;
}

bool fr_csv_read_iso(const char *text, size_t n, fr_csv_scalar *out, int32_t *nanoseconds)
{
    int64_t days, seconds, offset = 0;
    *nanoseconds = 0;
    out->class_ = 0;
    if (n < 10 || !read_day(text, &days)) return false;
    if (n == 10) {
        out->class_ = FR_CSV_DATE;
        out->as.i = days;
        return true;
    }
    if (text[10] != 'T' && text[10] != ' ') return false;
    size_t used = read_clock(text + 11, n - 11, &seconds, nanoseconds), at = 11 + used;
    if (used == 0 || (at < n && !read_offset(text + at, n - at, &offset))) return false;
    out->class_ = at < n ? FR_CSV_ZONED : FR_CSV_DATETIME;
    out->as.i = (days * 86400 + seconds - offset) * 1000000 + *nanoseconds / 1000;
    return true;
}

/* ---- the whole question ------------------------------------------------------------------------------------------- */
static bool classify_integer(const fr_csv_rules *rules, const fr_csv_field *f, fr_csv_scalar *out)
{
    fr_i128 value;
    bool leading_zero;
    if (!fr_csv_read_integer(rules, f->text, f->length, &value, &leading_zero)) return false;
    if (leading_zero) {
        out->class_ = FR_CSV_TEXT;
    } else if (value >= INT64_MIN && value <= INT64_MAX) {
        out->class_ = FR_CSV_INT | (value < 0 ? FR_CSV_NEGATIVE : 0u);
        out->as.i = (int64_t)value;
    } else if (value > 0 && value <= UINT64_MAX) {
        out->class_ = FR_CSV_UINT;
        out->as.u = (uint64_t)value;
    } else {
        out->class_ = FR_CSV_BIG;
        out->as.big = value;
    }
    return true;
}

/* A float so large that it would become infinite stays text, and so does a column of integers that no type holds exactly:
 * nothing is lost without a word. */
static bool classify_float(const fr_csv_rules *rules, const fr_csv_field *f, fr_csv_scalar *out)
{
    bool leading_zero;
    if (!fr_csv_read_float(rules, f->text, f->length, &out->as.f, &leading_zero)) return false;
    bool overflows = __builtin_isinf(out->as.f) && is_digit(f->text[f->length - 1]);
    const size_t sign = f->text[0] == '-' || f->text[0] == '+';
    const bool whole = skip_digits(rules, f->text, sign, f->length) == f->length;
    out->class_ = leading_zero || overflows ? FR_CSV_TEXT : whole ? FR_CSV_HUGE : FR_CSV_FLOAT;
    return true;
}

static bool classify_date(const fr_csv_field *f, fr_csv_scalar *out)
{
    int32_t nanoseconds;
    return fr_csv_read_iso(f->text, f->length, out, &nanoseconds) && nanoseconds % 1000 == 0;
}

/* Nothing but up to eighteen digits, as most integers are, where no word is a number. */
static bool is_plain_integer(const fr_csv_rules *rules, const fr_csv_field *f, fr_csv_scalar *out)
{
    const uint32_t n = f->length;
    if (f->quoted || n == 0 || n > 18 || (n > 1 && f->text[0] == '0') || rules->yes->n || rules->no->n) return false;
    int64_t value = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (!is_digit(f->text[i])) return false;
        value = value * 10 + (f->text[i] - '0');
    }
    out->class_ = FR_CSV_INT;
    out->as.i = value;
    return true;
}

void fr_csv_classify(const fr_csv_rules *rules, const fr_csv_field *field, fr_csv_scalar *out)
{
    bool truth;
    if (fr_csv_is_null(rules, field)) {
        out->class_ = FR_CSV_EMPTY;
        return;
    }
    if (is_plain_integer(rules, field, out)) return;
    out->class_ = field->length ? FR_CSV_TEXT : FR_CSV_EMPTY_QUOTED;
    if (field->quoted && (rules->quoted_is_string || !field->length)) return;
    const fr_csv_field f = fr_csv_trimmed(field);
    if (!f.length || f.length > 1000) return;
    if (fr_csv_is_na_word(rules, &f)) {
        out->class_ = FR_CSV_NA_WORD;
    } else if (read_bool(rules, &f, &truth)) {
        out->class_ = FR_CSV_BOOL;
        out->as.i = truth;
    } else if (!classify_integer(rules, &f, out) && !classify_float(rules, &f, out) && !classify_date(&f, out)) {
        out->class_ = FR_CSV_TEXT;
    }
}

fr_kind fr_csv_kind_of(uint32_t seen)
{
    const uint32_t integers = FR_CSV_INT | FR_CSV_UINT | FR_CSV_BIG, values = seen & FR_CSV_VALUES;
    if (!values) return seen & (FR_CSV_NA_WORD | FR_CSV_EMPTY_QUOTED) ? FR_STR : FR_NULL;
    if (values == FR_CSV_BOOL) return FR_BOOL;
    if (values == FR_CSV_INT) return FR_I64;
    if (!(values & ~integers)) {
        bool small = !(values & FR_CSV_BIG) && !(seen & FR_CSV_NEGATIVE);
        return small ? FR_U64 : FR_DECIMAL;
    }
    if (values & FR_CSV_FLOAT && !(values & ~(integers | FR_CSV_FLOAT | FR_CSV_HUGE))) return FR_F64;
    if (values == FR_CSV_DATE) return FR_DATE;
    if (values == FR_CSV_ZONED || !(values & ~(uint32_t)(FR_CSV_DATE | FR_CSV_DATETIME))) return FR_DATETIME;
    return FR_STR;
}

const fr_type *fr_csv_type_of(fr_call *call, uint32_t seen)
{
    fr_kind kind = fr_csv_kind_of(seen);
    if (kind == FR_DATETIME) return fr_type_datetime(call, FR_US, seen & FR_CSV_ZONED ? "UTC" : NULL);
    if (kind == FR_DECIMAL) return fr_type_decimal(call, 38, 0);
    return fr_type_of(kind);
}
