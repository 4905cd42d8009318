/* date_formats.c — formats inferred from all values of a column, never from the first few.
 *
 * Every distinct text is asked which shapes it fits (base/date_text.h). One format for the column is the shape that
 * most rows fit; the others are no dates of that format. `mixed` lets every text choose for itself, ISO first.
 *
 *     13/02/2020, 01/02/2020     13 is no month, so the column is day-first and the second is 1 February
 *     01/02/2020, 03/04/2020     both orders fit: refused, unless day_first or month_first says which
 *     05/05/2020                 both orders fit and mean the same day: read
 */
#include "ops/date_formats.h"

#include <string.h>

bool fr_date_read(const fr_date_reader *reader, const char *text, size_t n, fr_moment *out)
{
    for (size_t i = 0; i < reader->n_formats; i++)
        if (fr_parse_date_format(reader->formats[i], reader->lengths[i], text, n, out, NULL)) return true;
    if (reader->n_formats) return false;
    for (uint64_t shapes = fr_date_guess(text, n) & reader->shapes; shapes; shapes &= shapes - 1)
        if (fr_parse_date_shape((fr_date_shape)__builtin_ctzll(shapes), text, n, out, NULL)) return true;
    return false;
}

/* ---- formats that were given ------------------------------------------------------------------------------------- */
bool fr_date_reader_given(fr_call *call, fr_arena *arena, const char *formats, fr_date_reader *out)
{
    size_t n = 1;
    for (const char *c = formats; *c; c++) n += *c == '|';
    out->formats = fr_arena_array(call, arena, n, sizeof *out->formats);
    out->lengths = out->formats ? fr_arena_array(call, arena, n, sizeof *out->lengths) : NULL;
    if (!out->lengths) return false;
    for (const char *at = formats;; at++) {
        const size_t length = strcspn(at, "|");
        size_t bad = 0;
        if (!length || !fr_date_format_check(at, length, &bad))
            return fr_fail_at(call, fr_place_at(.source = formats, .position = at - formats + (int64_t)bad),
                              FR_ERR_SYNTAX,
                              length ? "not a date format" : "an empty date format");
        if (!memchr(at, '%', length))
            return fr_fail_at(call, fr_place_at(.source = formats, .position = at - formats, .hint = FR_DATE_FORMAT_HINT),
                              FR_ERR_SYNTAX, "a date format without a single %%");
        out->formats[out->n_formats] = at;
        out->lengths[out->n_formats++] = length;
        at += length;
        if (!*at) return true;
    }
}

const char *fr_date_reader_text(fr_call *call, fr_arena *arena, const fr_date_reader *reader)
{
    static const char many[] = "any known format";
    FR_CLEANUP(fr_text_clear) fr_text text = FR_TEXT_INIT(call);
    if (!reader->n_formats && __builtin_popcountll(reader->shapes & FR_DATE_DATES) > 3) return many;
    for (size_t i = 0; i < reader->n_formats; i++)
        if (!fr_text_format(call, &text, "%s%.*s", i ? " or " : "", (int)reader->lengths[i], reader->formats[i]))
            return NULL;
    for (uint64_t shapes = reader->n_formats ? 0 : reader->shapes & FR_DATE_DATES; shapes; shapes &= shapes - 1) {
        const char *format = fr_date_shape_format((fr_date_shape)__builtin_ctzll(shapes));
        if (!fr_text_format(call, &text, "%s%s", text.length ? " or " : "", format ? format : "%H:%M:%S")) return NULL;
    }
    return fr_arena_text(call, arena, text.length ? text.bytes : "date", text.length ? text.length : 4);
}

/* ---- inference --------------------------------------------------------------------------------------------------- */
typedef struct twin { fr_date_shape day_first, month_first; } twin;
static const twin twins[] = { { FR_DATE_DMY_SLASH, FR_DATE_MDY_SLASH }, { FR_DATE_DMY_DASH, FR_DATE_MDY_DASH },
                              { FR_DATE_DMY2_SLASH, FR_DATE_MDY2_SLASH } };

typedef struct evidence {
    uint64_t allowed;                      /* shapes not ruled out by day_first, month_first */
    int64_t  fits[FR_DATE_SHAPE_COUNT];    /* rows that fit */
    int64_t  only_day[FR_COUNT_OF(twins)], only_month[FR_COUNT_OF(twins)];
} evidence;

static uint64_t shapes_of(const fr_date_texts *texts, const evidence *seen, size_t i)
{
    size_t n;
    if (!texts->counts[i]) return 0;
    const char *text = fr_dictionary_text(texts->coded->dictionary, (uint32_t)i, &n);
    return fr_date_guess(text, n) & FR_DATE_DATES & seen->allowed;
}

static void gather_evidence(const fr_date_texts *texts, evidence *seen)
{
    for (size_t i = 0; i < texts->n; i++) {
        const uint64_t shapes = shapes_of(texts, seen, i);
        for (uint64_t left = shapes; left; left &= left - 1) seen->fits[__builtin_ctzll(left)] += texts->counts[i];
        for (size_t t = 0; t < FR_COUNT_OF(twins); t++) {
            const bool day = shapes & FR_DATE_BIT(twins[t].day_first),
                month = shapes & FR_DATE_BIT(twins[t].month_first);
            if (day && !month) seen->only_day[t] += texts->counts[i];
            if (month && !day) seen->only_month[t] += texts->counts[i];
        }
    }
}

/* Does the text mean different days by the two shapes? */
static bool differs(const char *text, size_t n, const twin *t)
{
    fr_moment a, b;
    return fr_parse_date_shape(t->day_first, text, n, &a, NULL) &&
        fr_parse_date_shape(t->month_first, text, n, &b, NULL)
        && (a.month != b.month || a.day != b.day);
}

enum { LISTED = 5 };

/* Refuse, naming the first rows that can be read both ways; true when there are none. */
static bool refuse(fr_call *call, const fr_date_texts *texts, const evidence *seen, const twin *t)
{
    FR_CLEANUP(fr_text_clear) fr_text rows = FR_TEXT_INIT(call);
    const uint64_t both = FR_DATE_BIT(t->day_first) | FR_DATE_BIT(t->month_first);
    int64_t first = -1;
    size_t n_listed = 0;
    for (size_t i = 0; i < texts->n && n_listed < LISTED; i++) {
        if ((shapes_of(texts, seen, i) & both) != both) continue;
        size_t n;
        const char *text = fr_dictionary_text(texts->coded->dictionary, (uint32_t)i, &n);
        if (!differs(text, n, t)) continue;
        if (first < 0) first = texts->firsts[i];
        if (!fr_text_format(call, &rows, "%srow %lld '%.*s'", n_listed++ ? ", " : "", (long long)texts->firsts[i],
                            (int)n, text)) return false;
    }
    if (n_listed == 0) return true;
    return fr_fail_at(call, fr_place_at(.column = texts->name, .row = first, .hint = "give day_first or month_first"),
                      FR_ERR_VALUE, "column '%s': day and month cannot be told apart: %s", texts->name, rows.bytes);
}

/* One shape for the column: the one that most rows fit; of equals the first of the list. */
static bool choose_one(fr_call *call, const fr_date_texts *texts, const evidence *seen, fr_date_reader *out)
{
    int best = 0;
    for (int shape = 1; shape < FR_DATE_SHAPE_COUNT; shape++)
        if (seen->fits[shape] > seen->fits[best]) best = shape;
    out->shapes = FR_DATE_BIT(best);
    for (size_t t = 0; t < FR_COUNT_OF(twins); t++) {
        const int day = (int)twins[t].day_first, month = (int)twins[t].month_first;
        if ((best == day || best == month) && seen->fits[day] == seen->fits[month] &&
            !refuse(call, texts, seen, &twins[t]))
            return false;
    }
    return true;
}

/* Every text by the first shape it fits; of twins the one that some text needs, when no text needs the other. */
static bool choose_each(fr_call *call, const fr_date_texts *texts, const evidence *seen, fr_date_reader *out)
{
    out->shapes = seen->allowed & FR_DATE_DATES & ~FR_DATE_BIT(FR_DATE_TIME_ONLY);
    for (size_t t = 0; t < FR_COUNT_OF(twins); t++) {
        if (seen->only_day[t] && !seen->only_month[t]) out->shapes &= ~FR_DATE_BIT(twins[t].month_first);
        else if (seen->only_month[t] && !seen->only_day[t]) out->shapes &= ~FR_DATE_BIT(twins[t].day_first);
        else if (!refuse(call, texts, seen, &twins[t])) return false;
    }
    return true;
}

bool fr_date_reader_infer(fr_call *call, const fr_date_texts *texts, const fr_parse_dates_args *args,
                          fr_date_reader *out)
{
    evidence seen = { .allowed = ~UINT64_C(0) };
    if (args->day_first) seen.allowed &= ~FR_DATE_MONTH_FIRST;
    if (args->month_first) seen.allowed &= ~FR_DATE_DAY_FIRST;
    gather_evidence(texts, &seen);
    return args->mixed ? choose_each(call, texts, &seen, out) : choose_one(call, texts, &seen, out);
}
