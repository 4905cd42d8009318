/* fn_date_text.c — dates to text and text to dates: strftime, strptime, parse_date, parse_datetime and their try_
 * forms. */
#include "base/date_reader.h"
#include "base/date_stamp.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "expr/functions.h"
#include "expr/literals.h"
#include "expr/text_out.h"
#include "kernel/iso_times.h"

#include <string.h>

#define EACH(i) for (size_t i = 0; i < run->n; i++) if (!fr_vector_has(out, i)) continue; else

typedef struct date_format {
    fr_piece       format;
    fr_kind kind; /* of the moments: date, datetime, time                                          */
    int64_t        per_second;
    const fr_zone *zone; /* printing: of the datetime                                                     */
    bool iso, quiet;     /* reading: by ISO 8601; what does not fit becomes null                          */
    bool           is_stamp;       /* printing: by this                                                             */
    fr_date_stamp  stamp;
} date_format;

/* ---- strftime ---------------------------------------------------------------------------------------------------- */
/* Ticks as the clocks of its zone show them. */
static int64_t local_ticks(const date_format *f, int64_t x, int32_t *offset)
{
    int64_t local;
    *offset = f->zone ? fr_zone_utc_to_offset(f->zone, fr_floor_div(x, f->per_second)) : 0;
    if (!__builtin_add_overflow(x, *offset * f->per_second, &local)) return local;
    *offset = 0;
    return x;
}

static void moment_of(const date_format *f, const fr_vector *v, size_t i, fr_moment *out)
{
    if (f->kind == FR_DATE) {
        fr_moment_from_ticks((int64_t)((const int32_t *)v->values)[i * v->step] * FR_SECONDS_PER_DAY, 1, out);
        return;
    }
    int32_t offset;
    fr_moment_from_ticks(local_ticks(f, fr_at_i64(v, i), &offset), f->per_second, out);
    out->has_offset = f->zone != NULL;
    out->offset_seconds = offset;
}

FR_TEMPLATE_FN fr_stamp_time split_time(int64_t ticks, int64_t per_second)
{
    const int64_t per_day = per_second * FR_SECONDS_PER_DAY, days = fr_floor_div(ticks, per_day);
    const uint64_t midnight = (uint64_t)days * (uint64_t)per_day;               /* may lie before the first tick of 64 bits */
    return (fr_stamp_time){ days, (int64_t)((uint64_t)ticks - midnight) * (1000000000 / per_second) };
}

/* Division by a constant is several times cheaper than by a variable. */
static fr_stamp_time time_of(const date_format *f, const fr_vector *v, size_t i)
{
    int32_t offset;
    if (f->kind == FR_DATE) return (fr_stamp_time){ ((const int32_t *)v->values)[i * v->step], 0 };
    const int64_t ticks = local_ticks(f, fr_at_i64(v, i), &offset);
    switch (f->per_second) {
    case 1: return split_time(ticks, 1);
    case 1000: return split_time(ticks, 1000);
    case 1000000: return split_time(ticks, 1000000);
    default: return split_time(ticks, 1000000000);
    }
}

static bool print_any(const date_format *f, const fr_vector *v, size_t i, fr_text_out *o)
{
    fr_moment m;
    moment_of(f, v, i, &m);
    char room[256];
    const size_t n = fr_print_date_format(f->format.text, f->format.n, &m, room, sizeof room);
    char *text = fr_text_out_room(o, n + 1);
    if (!text) return false;
    if (n < sizeof room) memcpy(text, room, n);
    else (void)fr_print_date_format(f->format.text, f->format.n, &m, text, n + 1);
    fr_text_out_put(o, i, n);
    return true;
}

static bool run_strftime(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    const date_format *f = term->data;
    fr_text_out o = fr_text_out_begin(run, term, out);
    EACH(i) {
        char *room = f->is_stamp ? fr_text_out_room(&o, f->stamp.n_bytes) : NULL;
        if (f->is_stamp && !room) return false;
        if (room && fr_date_stamp_print(&f->stamp, time_of(f, args, i), room)) fr_text_out_put(&o, i, f->stamp.n_bytes);
        else if (!print_any(f, args, i, &o)) return false;
    }
    fr_text_out_end(&o);
    return true;
}

static bool read_format(fr_checker *c, fr_term *term, size_t arg, date_format *f)
{
    size_t bad;
    if (!fr_check_text(c, term, arg, &f->format)) return false;
    if (!fr_date_format_check(f->format.text, f->format.n, &bad))
        return fr_check_fail(c, term->args[arg], FR_ERR_SYNTAX, FR_DATE_FORMAT_HINT, "the date format is wrong at %s",
                             fr_quoted((fr_room){ 0 }.text, f->format.text + bad, f->format.n - bad));
    if (!f->format.n || memchr(f->format.text, '%', f->format.n)) return true;
    return fr_check_fail(c, term->args[arg], FR_ERR_SYNTAX, FR_DATE_FORMAT_HINT, "a date format without a single %%");
}

bool fr_check_strftime(fr_checker *c, fr_term *term)
{
    date_format *f = fr_arena_new(c->call, &c->typed->arena, sizeof *f);
    const fr_type *type = term->args[0]->type;
    if (!f || !read_format(c, term, 1, f)) return false;
    if (type->kind != FR_DATE && type->kind != FR_DATETIME && type->kind != FR_TIME)
        return fr_check_wrong(c, term, 0, "a date, datetime or time");
    f->kind = type->kind;
    f->per_second = fr_unit_per_second(type->unit);
    if (type->kind == FR_DATETIME && type->zone && !(f->zone = fr_zone_of(c, term, type->zone))) return false;
    f->is_stamp = fr_date_stamp_read(&f->stamp, f->format.text, f->format.n);
    term->data = f;
    term->n_args = 1;
    term->run = run_strftime;
    fr_term_yields(term, fr_type_of(FR_STR));
    return true;
}

/* ---- strptime, parse_date ---------------------------------------------------------------------------------------- */
static bool read_one(const date_format *f, fr_piece t, int64_t *out)
{
    fr_moment m;
    bool inexact = false;
    size_t blanks = t.n ? fr_utf8_space_prefix(t.text, t.n) : 0;
    t.text += blanks, t.n -= blanks;
    if (t.n) t.n -= fr_utf8_space_suffix(t.text, t.n);
    bool ok = f->iso ? fr_parse_iso(t.text, t.n, &m, NULL)
                     : fr_parse_date_format(f->format.text, f->format.n, t.text, t.n, &m, NULL);
    if (!ok) return false;
    if (f->iso && (!m.has_date || (f->kind == FR_DATE && m.has_time) || (f->kind == FR_DATETIME && m.has_offset)))
        return false;
    if (f->kind == FR_DATE) return *out = fr_moment_days(&m), *out == (int32_t)*out;
    return fr_moment_ticks(&m, f->per_second, out, &inexact) && !inexact;
}

uint64_t fr_read_usual_times(fr_kind kind, const fr_vector *texts, size_t first, size_t n, uint64_t there, void *out)
{
    fr_iso_words words;
    fr_iso_times times;
    uint64_t dates = 0;
    for (size_t i = 0; i < n; i++) {
        fr_piece t = there >> i & 1 ? fr_at_text(texts, first + i) : (fr_piece){ NULL, 0 };
        fr_iso_take(&words, i, t.text, t.n);
        dates |= (uint64_t)(t.n == 10) << i;
    }
    const uint64_t good = FR_ISA_PICK(fr_iso_kernels)->read(&words, n, &times);
    int32_t *days = (int32_t *)out + first;
    int64_t *ticks = (int64_t *)out + first;
    if (kind == FR_DATE)
        memcpy(days, times.days, n * sizeof *days);
    else
        for (size_t i = 0; i < n; i++) ticks[i] = fr_iso_us(&times, i);
    return kind == FR_DATE ? good & dates : good;
}

/* What else is to be said of a text that was not read: that it is fine, but too fine, or of another form. */
static const char *more_about(const date_format *f, fr_piece t)
{
    fr_value value;
    const bool finer = f->iso && f->kind == FR_DATETIME && fr_read_moment(FR_DATETIME, t.text, t.n, &value) &&
                       value.unit == FR_NS;
    if (finer) return " of microseconds (cast(x, 'datetime[ns]') keeps finer ones)";
    if (!f->iso || fr_looks_like_iso_date(t.text, t.n)) return "";
    return f->kind == FR_DATE ? " of the form 2024-12-31 (a format reads others: parse_date(x, '%d/%m/%Y'))"
                              : " of the form 2024-12-31 10:00 (a format reads others: parse_datetime(x, '%d/%m/%Y %H:%M'))";
}

static bool parse_one(fr_run *run, const fr_term *term, fr_piece t, size_t i, fr_vector *out)
{
    const date_format *f = term->data;
    char shown[64];
    int64_t x = 0;
    bool ok = read_one(f, t, &x);
    if (f->kind == FR_DATE) ((int32_t *)out->room)[i] = (int32_t)x;
    else ((int64_t *)out->room)[i] = x;
    if (!ok && !f->quiet &&
        !fr_run_fail(run, term, i, FR_ERR_PARSE, "%s is not a %s%s%.*s%s%s", fr_show_text(t, shown),
                     f->kind == FR_DATE ? "date" : "datetime", f->iso ? "" : " of the form '",
                     f->iso ? 0 : (int)f->format.n, f->iso ? "" : f->format.text, f->iso ? "" : "'", more_about(f, t)))
        return false;
    if (!ok) fr_vector_null(out, i);
    return true;
}

static bool run_parse(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out)
{
    const date_format *f = term->data;
    for (size_t first = 0; first < run->n; first += FR_ISO_TEXTS) {
        const size_t n = run->n - first < FR_ISO_TEXTS ? run->n - first : FR_ISO_TEXTS;
        uint64_t left = n < 64 ? ((uint64_t)1 << n) - 1 : UINT64_MAX;
        if (out->valid) left &= out->valid[first / 64];
        if (f->iso) left &= ~fr_read_usual_times(f->kind, args, first, n, left, out->room);
        for (; left; left &= left - 1) {
            const size_t i = first + (size_t)__builtin_ctzll(left);
            if (!parse_one(run, term, fr_at_text(args, i), i, out)) return false;
        }
    }
    return true;
}

static bool has_directive(fr_piece format, const char *letters)
{
    for (size_t i = 0; i + 1 < format.n; i++) {
        if (format.text[i] != '%') continue;
        bool modified = format.text[++i] == '-' || fr_date_is_digit(format.text[i]);      /* "%-d", "%3f" */
        i += modified && i + 1 < format.n;
        if (strchr(letters, format.text[i])) return true;
    }
    return false;
}

/* The type follows the format: a date, a datetime where the format has a time, in UTC where it has an offset. */
bool fr_check_strptime(fr_checker *c, fr_term *term)
{
    const char *name = term->function->name;
    date_format *f = fr_arena_new(c->call, &c->typed->arena, sizeof *f);
    if (!f || !fr_check_signature(c, term)) return false;
    f->quiet = !strncmp(name, "try_", 4);
    f->iso = term->n_args == 1;
    f->kind = strstr(name, "datetime") ? FR_DATETIME : FR_DATE;
    f->per_second = 1000000;
    bool offset = false;
    if (!f->iso) {
        if (!read_format(c, term, 1, f)) return false;
        if (has_directive(f->format, "HIMSfTRspzZ")) f->kind = FR_DATETIME;
        else if (!strcmp(name, "parse_datetime") || !strcmp(name, "try_parse_datetime")) f->kind = FR_DATETIME;
        offset = has_directive(f->format, "z");
    }
    if (!strncmp(name, "parse_date", strlen(name)) && f->kind == FR_DATETIME && !f->iso && strlen(name) == 10)
        return fr_check_fail(c, term->args[1], FR_ERR_ARGUMENT, "use parse_datetime", "the format has a time of day");
    term->data = f;
    term->n_args = 1;
    term->run = run_parse;
    term->can_fail = !f->quiet;
    if (f->kind == FR_DATE) return fr_term_yields(term, fr_type_of(FR_DATE)), true;
    return fr_term_yields_owned(c, term, fr_type_datetime(c->call, FR_US, offset ? "UTC" : NULL));
}
