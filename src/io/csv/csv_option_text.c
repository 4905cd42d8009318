/* csv_option_text.c — the option structs, field by field, as text and back.
 *
 *     sep = ';', na_values = "NA, ?", max_rows = 10, no_header, on_bad = collect
 *
 * Strings stand in single or double quotes, in which a backslash makes the next character plain and \t is a tab; a lone
 * name switches a flag on.
 */
#include "io/csv/csv_option_text.h"

#include <string.h>

#include "base/number.h"
#include "base/suggest.h"

typedef enum option_kind { TEXT_OPTION, INT_OPTION, FLAG_OPTION, BAD_OPTION } option_kind;
typedef struct option { const char *name; option_kind kind; size_t offset; } option;

#define READ_OPTION(name, kind)  { #name, kind, offsetof(fr_csv_args, name) }
#define WRITE_OPTION(name, kind) { #name, kind, offsetof(fr_csv_write_args, name) }
static const option read_options[] = {
    READ_OPTION(sep, TEXT_OPTION), READ_OPTION(quote, TEXT_OPTION), READ_OPTION(escape, TEXT_OPTION),
    READ_OPTION(comment, TEXT_OPTION), READ_OPTION(decimal, TEXT_OPTION), READ_OPTION(thousands, TEXT_OPTION),
    READ_OPTION(names, TEXT_OPTION), READ_OPTION(columns, TEXT_OPTION), READ_OPTION(dtypes, TEXT_OPTION),
    READ_OPTION(parse_dates, TEXT_OPTION), READ_OPTION(na_values, TEXT_OPTION), READ_OPTION(true_values, TEXT_OPTION),
    READ_OPTION(false_values, TEXT_OPTION), READ_OPTION(encoding, TEXT_OPTION), READ_OPTION(skip_rows, INT_OPTION),
    READ_OPTION(max_rows, INT_OPTION), READ_OPTION(sample_types, INT_OPTION), READ_OPTION(on_bad, BAD_OPTION),
    READ_OPTION(header, FLAG_OPTION), READ_OPTION(no_header, FLAG_OPTION), READ_OPTION(no_default_na, FLAG_OPTION),
    READ_OPTION(quoted_is_string, FLAG_OPTION), READ_OPTION(day_first, FLAG_OPTION),
    READ_OPTION(pad_short_rows, FLAG_OPTION), READ_OPTION(keep_blank_lines, FLAG_OPTION), READ_OPTION(trim, FLAG_OPTION),
    READ_OPTION(strings_as_cat, FLAG_OPTION), READ_OPTION(lenient, FLAG_OPTION),
};
static const option write_options[] = {
    WRITE_OPTION(sep, TEXT_OPTION), WRITE_OPTION(na, TEXT_OPTION), WRITE_OPTION(line_end, TEXT_OPTION),
    WRITE_OPTION(quote_all, FLAG_OPTION), WRITE_OPTION(no_header, FLAG_OPTION), WRITE_OPTION(escape_formulas, FLAG_OPTION),
};
static const char *const bad_names[] = { "error", "skip", "collect" };

/* ---- reading ------------------------------------------------------------------------------------------------------ */
typedef struct reading {
    fr_call      *call;
    fr_arena     *arena;
    const char   *text, *at;
    const option *options;
    size_t        n_options;
    char         *args;
} reading;

static bool wrong(const reading *r, const char *what)
{
    return fr_fail_at(r->call, fr_place_at(.source = r->text, .position = r->at - r->text), FR_ERR_SYNTAX, "%s", what);
}

static void skip_blanks(reading *r)
{
    while (*r->at == ' ' || *r->at == '\t' || *r->at == '\n') r->at++;
}

static size_t word_length(const char *at)
{
    size_t n = 0;
    while (at[n] == '_' || at[n] == '-' || at[n] == '+' || (at[n] >= '0' && at[n] <= '9') || (at[n] >= 'a' && at[n] <= 'z') ||
           (at[n] >= 'A' && at[n] <= 'Z')) n++;
    return n;
}

static const option *find_option(reading *r, const char *name, size_t n)
{
    const char *names[FR_COUNT_OF(read_options)];
    char room[FR_HINT_ROOM];
    for (size_t i = 0; i < r->n_options; i++) {
        names[i] = r->options[i].name;
        if (strlen(names[i]) == n && !memcmp(names[i], name, n)) return &r->options[i];
    }
    const char *wanted = fr_arena_text(r->call, r->arena, name, n);
    if (!wanted) return NULL;
    fr_fail_at(r->call, fr_place_at(.source = r->text, .position = name - r->text,
                                    .hint = fr_suggest_hint(room, wanted, names, r->n_options)),
               FR_ERR_NOT_FOUND, "CSV has no option '%s'", wanted);
    return NULL;
}

static const char *read_string(reading *r)
{
    char mark = *r->at++, *out = fr_arena_new(r->call, r->arena, strlen(r->at) + 1);
    size_t n = 0;
    if (!out) return NULL;
    for (; *r->at && *r->at != mark; r->at++) {
        bool escaped = *r->at == '\\' && r->at[1];
        if (escaped) r->at++;
        out[n++] = escaped && *r->at == 't' ? '\t' : escaped && *r->at == 'n' ? '\n' : escaped && *r->at == 'r' ? '\r' : *r->at;
    }
    if (!*r->at) return wrong(r, "a quoted text has no end"), NULL;
    r->at++;
    return out;
}

static bool read_value(reading *r, const option *o)
{
    char *slot = r->args + o->offset;
    size_t n = word_length(r->at);
    if (o->kind == TEXT_OPTION) {
        if (*r->at != '\'' && *r->at != '"') return wrong(r, "a text in quotes is expected");
        const char *text = read_string(r);
        memcpy(slot, &text, sizeof text);
        return text != NULL;
    }
    if (o->kind == INT_OPTION) {
        int64_t value;
        if (!n || fr_parse_i64(r->at, n, &value) != FR_PARSE_OK) return wrong(r, "a whole number is expected");
        memcpy(slot, &value, sizeof value);
    } else if (o->kind == FLAG_OPTION) {
        bool on = n == 4 && !memcmp(r->at, "true", 4);
        if (!on && !(n == 5 && !memcmp(r->at, "false", 5))) return wrong(r, "true or false is expected");
        memcpy(slot, &on, sizeof on);
    } else {
        char mark = *r->at == '\'' || *r->at == '"' ? *r->at++ : '\0';
        n = word_length(r->at);
        fr_on_bad bad = FR_ON_BAD_ERROR;
        while (bad < FR_COUNT_OF(bad_names) && (strlen(bad_names[bad]) != n || memcmp(bad_names[bad], r->at, n) != 0)) bad++;
        if (bad == FR_COUNT_OF(bad_names)) return wrong(r, "error, skip or collect is expected");
        memcpy(slot, &bad, sizeof bad);
        if (mark && r->at[n] != mark) return wrong(r, "a quoted text has no end");
        n += mark != '\0';
    }
    r->at += n;
    return true;
}

static bool read_options_text(reading *r)
{
    if (!r->text) return true;
    for (skip_blanks(r); *r->at; skip_blanks(r)) {
        size_t n = word_length(r->at);
        if (n == 0) return wrong(r, "the name of an option is expected");
        const option *o = find_option(r, r->at, n);
        if (!o) return false;
        r->at += n;
        skip_blanks(r);
        if (*r->at == '=') {
            r->at++;
            skip_blanks(r);
            if (!read_value(r, o)) return false;
        } else if (o->kind == FLAG_OPTION) {
            r->args[o->offset] = true;
        } else {
            return wrong(r, "'=' is expected");
        }
        skip_blanks(r);
        if (*r->at == ',') r->at++;
        else if (*r->at) return wrong(r, "a comma is expected");
    }
    return true;
}

bool fr_csv_args_parse(fr_call *call, fr_arena *arena, const char *text, fr_csv_args *out)
{
    reading r = { .call = call, .arena = arena, .text = text, .at = text, .options = read_options,
                  .n_options = FR_COUNT_OF(read_options), .args = (char *)out };
    return read_options_text(&r);
}

bool fr_csv_write_args_parse(fr_call *call, fr_arena *arena, const char *text, fr_csv_write_args *out)
{
    reading r = { .call = call, .arena = arena, .text = text, .at = text, .options = write_options,
                  .n_options = FR_COUNT_OF(write_options), .args = (char *)out };
    return read_options_text(&r);
}

/* ---- writing ------------------------------------------------------------------------------------------------------ */
static bool add_string(fr_call *call, fr_text *out, const char *text)
{
    bool fine = fr_text_add(call, out, "\"");
    for (; *text && fine; text++) {
        if (*text == '\t') fine = fr_text_add(call, out, "\\t");
        else if (*text == '"' || *text == '\\') fine = fr_text_format(call, out, "\\%c", *text);
        else fine = fr_text_append(call, out, text, 1);
    }
    return fine && fr_text_add(call, out, "\"");
}

static bool add_option(fr_call *call, const option *o, const char *args, const char *defaults, fr_text *out)
{
    const char *slot = args + o->offset, *standard = defaults + o->offset;
    if (o->kind == TEXT_OPTION) {
        const char *text;
        memcpy(&text, slot, sizeof text);
        return !text || (fr_text_format(call, out, ", %s = ", o->name) && add_string(call, out, text));
    }
    if (o->kind == INT_OPTION) {
        int64_t value;
        memcpy(&value, slot, sizeof value);
        return !memcmp(slot, standard, sizeof value) || fr_text_format(call, out, ", %s = %lld", o->name, (long long)value);
    }
    if (o->kind == FLAG_OPTION) return !*slot || fr_text_format(call, out, ", %s = true", o->name);
    fr_on_bad bad;
    memcpy(&bad, slot, sizeof bad);
    return bad == FR_ON_BAD_ERROR || fr_text_format(call, out, ", %s = %s", o->name, bad_names[bad]);
}

bool fr_csv_args_text(fr_call *call, const fr_csv_args *args, fr_text *out)
{
    fr_csv_args defaults;
    fr_csv_args_init(&defaults);
    for (size_t i = 0; i < FR_COUNT_OF(read_options); i++)
        if (!add_option(call, &read_options[i], (const char *)args, (const char *)&defaults, out)) return false;
    return true;
}

/* In the first mark that it does not hold itself: such a text has no escapes. */
static bool add_marked(fr_call *call, fr_text *out, const char *name)
{
    const char mark = !strchr(name, '`') ? '`' : !strchr(name, '\'') ? '\'' : '"';
    return fr_text_format(call, out, "%s%c%s%c", out->length ? ", " : "", mark, name, mark);
}

bool fr_csv_schema_text(fr_call *call, const fr_schema *schema, fr_text *names, fr_text *dtypes)
{
    for (size_t i = 0; i < schema->width; i++) {
        const fr_field *field = &schema->fields[i];
        const size_t n = fr_type_text(field->type, NULL, 0) + 1;
        FR_CLEANUP(fr_arena_clear) fr_arena arena;
        fr_arena_init(&arena, call->context);
        char *type = fr_arena_new(call, &arena, n);
        if (!type) return false;
        fr_type_text(field->type, type, n);
        if (!add_marked(call, names, field->name) || !add_marked(call, dtypes, field->name)
            || !fr_text_format(call, dtypes, ": %s", type)) return false;
    }
    return true;
}
