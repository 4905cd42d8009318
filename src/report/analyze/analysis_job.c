/* analysis_job.c — analysis.toml, written and read.
 *
 *     format = "libframe analysis"
 *     version = 1
 *     reader = 1
 *     file = "datasets/sales_data.csv"
 *     amount = "quantity * unit_price"
 *     by = "region"
 *     found = "amount, by, top, date"          these were found, not asked for
 *     charts = "revenue_by_month.png, …"       a record; what stands here decides nothing
 *
 *     [[step]]
 *     verb = "parse_dates"
 *     columns = "order_date"
 *     …
 *
 * The head is `key = value` lines; the steps are those of the library's job files (docs/jobs.md) and are carried out as
 * they stand, so a rule can be changed or deleted by hand. A role listed in `found` is looked for again: when the same
 * is found, the report gives the same reasons, and a repeated run gives the same bytes.
 */
#include "analysis_job.h"
#include "charts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ASKED(member) offsetof(analyze_options, member)
#define READ(member)  offsetof(fr_csv_args, member)

typedef struct setting { const char *name; size_t offset; } setting;

static const setting asked_flags[] = {
    { "no_clean", ASKED(no_clean) }, { "keep_duplicates", ASKED(keep_duplicates) },
        { "drop_duplicates", ASKED(drop_duplicates) },
    { "keep_spelling", ASKED(keep_spelling) }, { "keep_missing", ASKED(keep_missing) },
        { "month_first", ASKED(month_first) },
    { "escape_formulas", ASKED(escape_formulas) },
};
static const setting read_texts[] = {
    { "sep", READ(sep) }, { "quote", READ(quote) }, { "escape", READ(escape) }, { "comment", READ(comment) },
        { "decimal", READ(decimal) },
    { "thousands", READ(thousands) }, { "names", READ(names) }, { "read_columns", READ(columns) },
        { "dtypes", READ(dtypes) },
    { "parse_dates", READ(parse_dates) }, { "na_values", READ(na_values) }, { "true_values", READ(true_values) },
    { "false_values", READ(false_values) }, { "encoding", READ(encoding) },
};
static const setting read_wholes[] = {
    { "skip_rows", READ(skip_rows) }, { "max_rows", READ(max_rows) }, { "sample_types", READ(sample_types) },
};
static const setting read_flags[] = {
    { "header", READ(header) }, { "no_header", READ(no_header) }, { "no_default_na", READ(no_default_na) },
    { "quoted_is_string", READ(quoted_is_string) }, { "day_first", READ(day_first) },
        { "pad_short_rows", READ(pad_short_rows) },
    { "keep_blank_lines", READ(keep_blank_lines) }, { "trim", READ(trim) }, { "strings_as_cat", READ(strings_as_cat) },
    { "lenient", READ(lenient) },
};
#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* ---- writing ----------------------------------------------------------------------------------------------------- */
static void put_setting(growing *out, const char *name, const char *text)
{
    grow_format(out, "%s = ", name);
    grow_quoted(out, text);
    grow_char(out, '\n');
}

static void put_roles(analysis *a, growing *out)
{
    const roles *r = &a->roles;
    put_setting(out, "amount", !r->sales ? "none" : r->amount_is_column ? r->amount_column : r->amount);
    put_setting(out, "by", r->by ? r->by : "none");
    put_setting(out, "top", r->top ? r->top : "none");
    put_setting(out, "date", r->date ? r->date : "none");
    put_setting(out, "quantity", r->quantity ? r->quantity : "none");
    put_setting(out, "price", r->price ? r->price : "none");
    put_setting(out, "customer", r->customer ? r->customer : "none");
    put_setting(out, "currency", a->currency ? a->currency : "");
    growing found = { .bytes = NULL };
    const struct { const char *name, *asked; } all[] = {
        { "amount", a->asked.amount }, { "by", a->asked.by }, { "top", a->asked.top }, { "date", a->asked.date },
        { "quantity", a->asked.quantity }, { "price", a->asked.price }, { "customer", a->asked.customer },
    };
    for (size_t i = 0; i < COUNT(all); i++)
        if (!all[i].asked || was_found(a, all[i].name)) grow_format(&found, "%s%s", found.n ? ", " : "", all[i].name);
    put_setting(out, "found", found.bytes ? found.bytes : "");
    growing_clear(&found);
}

/* So that the next run into the same folder knows which pictures are its own (report_files.c). */
static void put_charts(analysis *a, growing *out)
{
    growing names = { .bytes = NULL };
    const char *name;
    for (size_t i = 0; (name = chart_file(a, i)); i++) grow_format(&names, "%s%s", i ? ", " : "", name);
    if (names.n) put_setting(out, "charts", names.bytes);
    growing_clear(&names);
}

static void put_options(analysis *a, growing *out)
{
    for (size_t i = 0; i < COUNT(asked_flags); i++)
        if (*(const bool *)((const char *)&a->asked + asked_flags[i].offset)) grow_format(out, "%s = true\n",
                asked_flags[i].name);
    for (size_t i = 0; i < COUNT(read_texts); i++) {
        const char *text = *(const char *const *)(const void *)((const char *)&a->read + read_texts[i].offset);
        if (text) put_setting(out, read_texts[i].name, text);
    }
    for (size_t i = 0; i < COUNT(read_wholes); i++) {
        const int64_t n = *(const int64_t *)(const void *)((const char *)&a->read + read_wholes[i].offset);
        if (n != (read_wholes[i].offset == READ(max_rows) ? -1 : 0)) grow_format(out, "%s = %" PRId64 "\n",
                read_wholes[i].name, n);
    }
    for (size_t i = 0; i < COUNT(read_flags); i++)
        if (*(const bool *)((const char *)&a->read + read_flags[i].offset)) grow_format(out, "%s = true\n",
                read_flags[i].name);
}

const char *rules_text(analysis *a)
{
    if (!a->n_rules) return "";
    fr_step *steps = store_array(&a->store, a->n_rules + 1, sizeof *steps);
    if (!steps) return NULL;
    for (size_t i = 0; i < a->n_rules; i++) steps[i] = a->rules[i].step;
    fr_auto(steps) all = fr_steps_make(steps, sizeof *steps, NULL, 0);
    const size_t n = fr_steps_text(all, NULL, 0);
    char *text = n ? store_array(&a->store, n + 1, 1) : NULL;
    if (!text) return NULL;
    fr_steps_text(all, text, n + 1);
    const char *first = strstr(text, "[[step]]");
    return first ? first : "";
}

bool write_job(analysis *a, growing *out)
{
    const char *rules = rules_text(a);
    if (!rules) return fail_run(a, FR_ERR_MEMORY, "the cleaning steps cannot be written");
    grow(out, "# What `frame analyze` decided; `frame run` on this file repeats it. Roles and steps may be changed.\n"
              "format = \"libframe analysis\"\nversion = 1\nreader = 1\n");
    if (!strcmp(a->input, "-"))
        grow(out, "# The rows came through a pipe: give them again (frame run analysis.toml < FILE), or name a file here.\n");
    put_setting(out, "file", a->input);
    put_options(a, out);
    put_roles(a, out);
    put_charts(a, out);
    grow_format(out, "%s%s", *rules ? "\n" : "", rules);
    return true;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */
typedef struct line_parts {
    char        name[64];
    const char *text;            /* of a text value */
    int64_t     whole;           /* of true, false and numbers */
} line_parts;

bool is_analysis_job(const char *text)
{
    while (*text == '#' || *text == '\n' || *text == ' ') {
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return !strncmp(text, "format = \"libframe analysis\"", 27);
}

static bool bad_line(analysis *a, int64_t line, const char *why)
{
    return fail_run(a, FR_ERR_SYNTAX, "analysis.toml:%" PRId64 ": %s", line, why);
}

/* A basic string at *at with its escapes undone; NULL when it is none. */
static const char *read_quoted(analysis *a, const char *at)
{
    growing out = { .bytes = NULL };
    grow_bytes(&out, "", 0);
    for (at++; *at && *at != '"' && *at != '\n'; at++) {
        unsigned code;
        if (*at != '\\') grow_char(&out, *at);
        else if (at[1] == 'u' && sscanf(at + 2, "%4x", &code) == 1 && code < 0x80) grow_char(&out, (char)code), at += 5;
        else if (at[1] == 'n' || at[1] == 't') grow_char(&out, *++at == 'n' ? '\n' : '\t');
        else if (at[1]) grow_char(&out, *++at);
    }
    const char *text = *at == '"' ? keep(&a->store, out.bytes ? out.bytes : "") : NULL;
    growing_clear(&out);
    return text;
}

static bool read_value(analysis *a, const char *at, line_parts *out, int64_t line)
{
    out->text = NULL;
    if (*at == '"') return (out->text = read_quoted(a, at)) || bad_line(a, line, "the text does not end");
    if (!strncmp(at, "true", 4) || !strncmp(at, "false", 5)) return out->whole = *at == 't', true;
    char *end;
    out->whole = strtoll(at, &end, 10);
    return end != at || bad_line(a, line, "a text in double quotes, a whole number, true or false is expected");
}

static bool set_flag(void *base, const setting *table, size_t n, const line_parts *line)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(table[i].name, line->name)
            && !line->text) return *(bool *)((char *)base + table[i].offset) = line->whole != 0, true;
    return false;
}

static bool set_text(void *base, const setting *table, size_t n, const line_parts *line)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(table[i].name, line->name) && line->text)
            return *(const char **)(void *)((char *)base + table[i].offset) = line->text, true;
    return false;
}

static bool set_whole(void *base, const line_parts *line)
{
    for (size_t i = 0; i < COUNT(read_wholes); i++)
        if (!strcmp(read_wholes[i].name, line->name) && !line->text)
            return *(int64_t *)(void *)((char *)base + read_wholes[i].offset) = line->whole, true;
    return false;
}

static bool take_line(analysis *a, const line_parts *line)
{
    static const setting asked_texts[] = {
        { "amount", ASKED(amount) }, { "by", ASKED(by) }, { "top", ASKED(top) }, { "date", ASKED(date) },
            { "quantity", ASKED(quantity) },
        { "price", ASKED(price) }, { "customer", ASKED(customer) }, { "currency", ASKED(currency) },
            { "file", ASKED(path) },
        { "found", ASKED(found) },
    };
    return set_text(&a->asked, asked_texts, COUNT(asked_texts), line)
        || set_flag(&a->asked, asked_flags, COUNT(asked_flags), line)
        || set_text(&a->read, read_texts, COUNT(read_texts), line) || set_whole(&a->read, line)
        || set_flag(&a->read, read_flags, COUNT(read_flags), line);
}

static bool read_line(analysis *a, const char *at, int64_t number)
{
    line_parts line = { .text = NULL };
    const size_t n = strspn(at, "abcdefghijklmnopqrstuvwxyz_");
    const char *value = at + n + strspn(at + n, " ");
    if (!n || n >= sizeof line.name || *value != '=') return bad_line(a, number, "key = value is expected");
    memcpy(line.name, at, n);
    value += 1 + strspn(value + 1, " ");
    if (!read_value(a, value, &line, number)) return false;
    if (!strcmp(line.name, "format") || !strcmp(line.name, "version") || !strcmp(line.name, "charts")) return true;
    if (!strcmp(line.name, "reader"))
        return line.whole <= 1 || bad_line(a, number, "this file was written for a later version of libframe");
    return take_line(a, &line) || bad_line(a, number, keep_format(&a->store, "no option '%s'", line.name));
}

bool read_job(analysis *a, const char *text)
{
    const char *steps = strstr(text, "\n[[step]]"), *end = steps ? steps : text + strlen(text);
    int64_t number = 1;
    for (const char *at = text; at < end; number++) {
        if (*at != '#' && *at != '\n' && !read_line(a, at, number)) return false;
        at += strcspn(at, "\n");
        at += *at == '\n';
    }
    a->asked.day_first = a->read.day_first;
    a->given_rules = keep(&a->store, steps ? steps + 1 : "");
    return a->asked.path || bad_line(a, number, "no file is named (file = \"…\")");
}
