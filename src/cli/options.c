/* options.c — taking the command line apart.
 *
 * Options are rows of a table: a name, a letter, what they take, where it goes, a line of help. A subcommand that is a
 * verb has its options made of the table of verbs, so they are written nowhere twice: --descending, --by TEXT, --n
 * NUMBER. `--name value` and `--name=value` are the same; `--` ends the options; a word such as -revenue (a minus and a
 * name that is no option) is a word, so that `frame sort sales.csv -revenue` says what it seems to say.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"

typedef enum takes { TAKES_NOTHING, TAKES_TEXT, TAKES_NUMBER, TAKES_ON_BAD, TAKES_THREADS, TAKES_BIND } takes;

typedef struct option {
    const char *name;
    char        letter;
    takes       takes;
    size_t      offset;          /* in the session */
    const char *word, *help;     /* what it takes, for the help */
} option;

#define AT(member) offsetof(session, member)

static const option options[] = {
    { "output", 'o', TAKES_TEXT, AT(output), "FILE", "write the result to FILE (.csv, .csv.gz, .tsv) instead of a table" },
    { "rejects", 0, TAKES_TEXT, AT(rejects), "FILE", "write rows that were put aside to FILE, with file, line and reason" },
    { "rows", 0, TAKES_NUMBER, AT(rows), "N", "rows of a printed table; -1 for all" },
    { "width", 0, TAKES_NUMBER, AT(width), "N", "columns of the terminal to use" },
    { "threads", 0, TAKES_THREADS, AT(threads), "N", "threads to use; the answer is the same for any number" },
    { "bind", 0, TAKES_BIND, 0, "NAME=VALUE", "the value of :NAME (or of $1 for 1=VALUE) in the expressions; may be repeated" },
    { "quiet", 'q', TAKES_NOTHING, AT(quiet), "", "no account, warnings or progress on standard error" },
    { "help", 'h', TAKES_NOTHING, AT(help), "", "show this help" },

    { "sep", 0, TAKES_TEXT, AT(read.sep), "C", "character between fields, \\t a tab; found out by default" },
    { "quote", 0, TAKES_TEXT, AT(read.quote), "C", "quoting character; '' for none" },
    { "escape", 0, TAKES_TEXT, AT(read.escape), "C", "character that makes the next one plain" },
    { "comment", 0, TAKES_TEXT, AT(read.comment), "C", "ignore from C to the end of the line" },
    { "decimal", 0, TAKES_TEXT, AT(read.decimal), "C", "decimal point, e.g. ','" },
    { "thousands", 0, TAKES_TEXT, AT(read.thousands), "C", "character that groups digits" },
    { "names", 0, TAKES_TEXT, AT(read.names), "LIST", "column names, instead of the header's" },
    { "read-columns", 0, TAKES_TEXT, AT(read.columns), "LIST", "read only these columns" },
    { "dtypes", 0, TAKES_TEXT, AT(read.dtypes), "LIST", "types of columns: 'zip: str, price: decimal(18,2)'" },
    { "parse-dates", 0, TAKES_TEXT, AT(read.parse_dates), "LIST",
      "columns of dates in any common spelling; '*' for all" },
    { "day-first", 0, TAKES_NOTHING, AT(read.day_first), "", "03/04/2024 is the third of April" },
    { "na-values", 0, TAKES_TEXT, AT(read.na_values), "LIST", "further spellings of a missing value: '-, ?'" },
    { "no-default-na", 0, TAKES_NOTHING, AT(read.no_default_na), "", "NA, null, N/A … are ordinary text" },
    { "true-values", 0, TAKES_TEXT, AT(read.true_values), "LIST", "further spellings of true" },
    { "false-values", 0, TAKES_TEXT, AT(read.false_values), "LIST", "further spellings of false" },
    { "encoding", 0, TAKES_TEXT, AT(read.encoding), "NAME", "utf-8, windows-1252, latin-1, utf-16" },
    { "skip-rows", 0, TAKES_NUMBER, AT(read.skip_rows), "N", "pass over the first N lines" },
    { "max-rows", 0, TAKES_NUMBER, AT(read.max_rows), "N", "read at most N rows" },
    { "sample-types", 0, TAKES_NUMBER, AT(read.sample_types), "N",
      "take types from the first N rows, not the whole file" },
    { "on-bad", 0, TAKES_ON_BAD, AT(read.on_bad), "WHAT", "rows that cannot be read: error, skip, collect" },
    { "header", 0, TAKES_NOTHING, AT(read.header), "", "the first record is the header" },
    { "no-header", 0, TAKES_NOTHING, AT(read.no_header), "", "there is no header" },
    { "pad-short-rows", 0, TAKES_NOTHING, AT(read.pad_short_rows), "", "rows with too few fields get nulls" },
    { "keep-blank-lines", 0, TAKES_NOTHING, AT(read.keep_blank_lines), "", "a blank line is a row of nulls" },
    { "quoted-is-string", 0, TAKES_NOTHING, AT(read.quoted_is_string), "", "a quoted field is text" },
    { "trim", 0, TAKES_NOTHING, AT(read.trim), "", "blanks around fields are no part of them" },
    { "strings-as-cat", 0, TAKES_NOTHING, AT(read.strings_as_cat), "", "text columns become categories" },
    { "lenient", 0, TAKES_NOTHING, AT(read.lenient), "", "read files that break RFC 4180 (module libcsv)" },
};
enum { N_OPTIONS = sizeof options / sizeof options[0], FIRST_READ_OPTION = 8 };

/* An option that may be given more than once. */
static bool take_bind(session *s, const char *text)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text)
        return usage_error(s, "--bind wants NAME=VALUE for :NAME in an expression, or 1=VALUE for $1"), false;
    if (s->n_binds == MOST_BINDS) return usage_error(s, "more than %d times --bind", MOST_BINDS), false;
    s->binds[s->n_binds++] = text;
    return true;
}

/* ---- options a command does not take ------------------------------------------------------------------------------- */
/* Which of a command's `takes` a general option belongs to; 0: everybody takes it. */
static uint32_t general_flag(const char *name)
{
    static const struct { const char *name; uint32_t flag; } flags[] = {
        { "output", FR_TAKES_OUTPUT }, { "rejects", FR_TAKES_REJECTS }, { "rows", FR_TAKES_ROWS }, { "width", FR_TAKES_WIDTH },
        { "no-color", FR_TAKES_WIDTH }, { "json", FR_TAKES_JSON },      { "csv", FR_TAKES_CSV },   { "bind", TAKES_BINDS },
        { "threads", 0 },               { "quiet", 0 },                 { "help", 0 },
    };
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (!strcmp(flags[i].name, name)) return flags[i].flag;
    return FR_TAKES_READING;
}

/* A verb takes values for parameters when it has expressions to name them. */
static bool binds(const command *c)
{
    const fr_verb_info *verb = c->verb ? fr_verb_info_of(c->verb) : NULL;
    for (size_t i = 0; verb && i < verb->n_options; i++)
        if (verb->options[i].kind == FR_OPTION_BIND) return true;
    return false;
}

static bool is_taken(const command *c, const char *name)
{
    const uint32_t flag = general_flag(name);
    const uint32_t all = !c ? UINT32_MAX : c->part ? part_takes(c) : c->takes | (binds(c) ? TAKES_BINDS : 0);
    return !flag || (all & flag);
}

/* Options that are no fields of their own: the form of the output. */
static bool is_form(session *s, const char *name)
{
    if (!is_taken(s->command, name)) return false;
    if (!strcmp(name, "json")) s->form = FORM_JSON;
    else if (!strcmp(name, "csv")) s->form = FORM_CSV;
    else if (!strcmp(name, "no-color")) s->color = false;
    else return false;
    return true;
}

/* ---- names ------------------------------------------------------------------------------------------------------- */
/* The options only this command has: of the table of verbs, or of its part. */
static const fr_option_info *own_options(const command *c, size_t *n)
{
    const fr_verb_info *verb = c && c->verb ? fr_verb_info_of(c->verb) : NULL;
    if (!verb) return part_options(c, n);
    *n = verb->n_options;
    return verb->options;
}

const char *option_name(const command *c, size_t index)
{
    static const char *const forms[] = { "json", "csv", "no-color", NULL };
    size_t n_own;
    const fr_option_info *own = own_options(c, &n_own);
    if (index < n_own) return own[index].name;
    index -= n_own;
    for (size_t i = 0; i < N_OPTIONS + 3; i++) {
        const char *name = i < N_OPTIONS ? options[i].name : forms[i - N_OPTIONS];
        if (is_taken(c, name) && index-- == 0) return name;
    }
    return NULL;
}

static const char *nearest_option(const command *c, const char *typed)
{
    const char *names[256];
    size_t n = 0;
    while (n < 256 && (names[n] = option_name(c, n))) n++;
    return fr_suggest(typed, names, n);
}

/* verbs write min_valid, commands --min-valid: both are understood */
static bool is_dash(char c) { return c == '-' || c == '_'; }

static bool same_name(const char *typed, size_t n, const char *name)
{
    if (strlen(name) != n) return false;
    for (size_t i = 0; i < n; i++)
        if (typed[i] != name[i] && !(is_dash(typed[i]) && is_dash(name[i]))) return false;
    return true;
}

static const option *option_called(const char *name, size_t n)
{
    for (size_t i = 0; i < N_OPTIONS; i++)
        if (same_name(name, n, options[i].name)) return &options[i];
    return NULL;
}

bool is_reading_option(const char *name, size_t n)
{
    const option *o = option_called(name, n);
    return o && o - options >= FIRST_READ_OPTION;
}

static const option *option_lettered(char letter)
{
    for (size_t i = 0; i < N_OPTIONS; i++)
        if (options[i].letter == letter) return &options[i];
    return NULL;
}

static const fr_option_info *own_option(const session *s, const char *name, size_t n)
{
    size_t n_own;
    const fr_option_info *own = own_options(s->command, &n_own);
    for (size_t i = 0; i < n_own; i++)
        if (own[i].kind != FR_OPTION_BIND && same_name(name, n, own[i].name)) return &own[i];
    return same_name(name, n, "color") ? own_option(s, "colour", 6) : NULL;
}

/* ---- values ------------------------------------------------------------------------------------------------------ */
static bool whole_number(const char *text, int64_t *out)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno || end == text || *end) return false;
    *out = value;
    return true;
}

static bool take_number(session *s, const option *o, const char *text)
{
    int64_t value;
    if (!whole_number(text, &value)) return usage_error(s, "--%s takes a whole number, not '%s'", o->name, text), false;
    if (o->takes == TAKES_NUMBER) {
        *(int64_t *)((char *)s + o->offset) = value;
        return true;
    }
    if (value < 1 || value > 1024) return usage_error(s, "--threads takes 1 to 1024, not '%s'", text), false;
    s->threads = (uint32_t)value;
    return true;
}

static bool take_on_bad(session *s, const char *text)
{
    static const char *const words[] = { "error", "skip", "collect" };
    for (int i = 0; i < 3; i++)
        if (!strcmp(text, words[i])) {
            s->read.on_bad = (fr_on_bad)i;
            return true;
        }
    return usage_error(s, "--on-bad takes error, skip or collect, not '%s'", text), false;
}

static bool take_value(session *s, const option *o, const char *text)
{
    s->read_given |= o - options >= FIRST_READ_OPTION;
    if ((o->offset == AT(output) && s->output) || (o->offset == AT(rejects) && s->rejects))
        return usage_error(s, "--%s is given twice", o->name), false;
    if (o->offset == AT(read.sep) && (!strcmp(text, "\\t") || !strcmp(text, "tab"))) text = "\t";
    switch (o->takes) {
    case TAKES_TEXT: *(const char **)((char *)s + o->offset) = text; return true;
    case TAKES_ON_BAD: return take_on_bad(s, text);
    case TAKES_BIND: return take_bind(s, text);
    case TAKES_NOTHING: *(bool *)((char *)s + o->offset) = true; return true;
    default: return take_number(s, o, text);
    }
}

/* "inner|left|semi" of an option that takes a word, "TEXT" and the like of others */
static const char *word_of(const fr_option_info *own, char room[128])
{
    static const char *const words[] = { "TEXT", "N", "X", "", "", "FILE", "FILE", "VALUE", "" };
    if (own->kind != FR_OPTION_WORD) return words[own->kind];
    size_t used = 0;
    room[0] = 0;
    for (size_t i = 0; i < own->n_words && used < 100; i++)
        used += (size_t)snprintf(room + used, 128 - used, "%s%s", i ? "|" : "", own->words[i].word);
    return room;
}

bool wrong_value(const session *s, const char *before, const fr_option_info *own, const char *text)
{
    static const char *const kinds[] = { "a text", "a whole number", "a number", "true or false" };
    char room[128];
    const char *wanted = own->kind < 4 ? kinds[own->kind] : own->kind == FR_OPTION_WORD ? word_of(own, room) : "a value";
    const char *here = fr_word_translated(own, text);
    if (here) usage_error(s, "%s%s takes %s, not '%s' (here it is %s)", before, own->name, wanted, text, here);
    else usage_error(s, "%s%s takes %s, not '%s' (%s)", before, own->name, wanted, text, own->doc);
    return false;
}

static bool take_own(session *s, const fr_option_info *own, const char *text)
{
    if (own->kind == FR_OPTION_FRAME || own->kind == FR_OPTION_FRAMES)
        return usage_error(s, "--%s cannot be given on the command line", own->name), false;
    bool taken = s->part_values ? set_part_option(s, own, text) : fr_step_set(s->own_step, own->name, text);
    const fr_verb_info *verb = s->command->verb ? fr_verb_info_of(s->command->verb) : NULL;
    if (taken && verb) s->own_given |= (uint64_t)1 << ((own - verb->options) & 63);
    return taken || wrong_value(s, "--", own, text);
}

/* ---- the line ---------------------------------------------------------------------------------------------------- */
/* What other tools call an option that the command takes. */
static const char *option_meant(const command *c, const char *typed)
{
    static const char *const others[][2] = {
        { "columns", "read-columns" }, { "cols", "read-columns" }, { "usecols", "read-columns" },
        { "delimiter", "sep" }, { "separator", "sep" }, { "delim", "sep" }, { "nrows", "max-rows" }, { "limit", "max-rows" },
        { "skiprows", "skip-rows" }, { "skip", "skip-rows" }, { "na", "na-values" }, { "null-values", "na-values" },
        { "types", "dtypes" }, { "schema", "dtypes" }, { "strip", "trim" }, { "dates", "parse-dates" }, { "format", "output" },
        { "kind", "mark" }, { "type", "mark" }, { "hue", "colour" }, { "out", "output" }, { "silent", "quiet" },
        { "aggfunc", "agg" }, { "index-col", "index" }, { "margins-name", "naming" },
    };
    const char *ours;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        for (size_t k = 0; same_name(typed, strlen(typed), others[i][0]) && (ours = option_name(c, k)); k++)
            if (!strcmp(ours, others[i][1])) return ours;
    return nearest_option(c, typed);
}

static bool unknown(const session *s, const char *typed, size_t n)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)(n < 60 ? n : 60), typed);
    const char *near = option_meant(s->command, name);
    if (near) usage_error(s, "no option --%s (did you mean --%s?)", name, near);
    else usage_error(s, "no option --%s", name);
    return false;
}

/* --name, --name=value, --name value; *i moves past what was used */
static bool long_option(session *s, int argc, char **argv, int *i)
{
    const char *name = argv[*i] + 2, *equals = strchr(name, '=');
    size_t n = equals ? (size_t)(equals - name) : strlen(name);
    const fr_option_info *own = own_option(s, name, n);
    const option *o = own ? NULL : option_called(name, n);
    if (o && !is_taken(s->command, o->name)) o = NULL;
    if (!own && !o) return !equals && is_form(s, name) ? true : unknown(s, name, n);

    bool flag = own ? own->kind == FR_OPTION_BOOL : o->takes == TAKES_NOTHING;
    const char *value = equals ? equals + 1 : flag ? "true" : *i + 1 < argc ? argv[++*i] : NULL;
    if (!value) return usage_error(s, "--%.*s wants a value", (int)n, name), false;
    if (o && flag && equals) return usage_error(s, "--%.*s takes no value", (int)n, name), false;
    return own ? take_own(s, own, value) : take_value(s, o, value);
}

/* -n 5, -n5 of a verb that takes a number n; *used tells whether it was that. */
static bool short_n(session *s, int argc, char **argv, int *i, bool *used)
{
    const fr_option_info *own = argv[*i][1] == 'n' ? own_option(s, "n", 1) : NULL;
    const char *attached = argv[*i] + 2;
    if (!own && !s->command->verb && !strcmp(argv[*i], "-n"))            /* of a verb it may be a column: sort -n */
        return usage_error(s, "-n means nothing here: head and tail take it, --rows is how many are printed"), false;
    *used = own && own->kind == FR_OPTION_I64 && (!*attached || attached[strspn(attached, "-0123456789")] == 0);
    if (!*used) return true;
    if (!*attached && *i + 1 >= argc) return usage_error(s, "-n wants a value"), false;
    return take_own(s, own, *attached ? attached : argv[++*i]);
}

/* -s of a command whose words begin with a minus only by mistake; a key of sort may. */
static bool is_no_word(const session *s, const char *text)
{
    const char small = (char)(text[1] | 0x20);
    return !text[2] && small >= 'a' && small <= 'z' && !(s->command->verb && !strcmp(s->command->verb, "sort"));
}

/* -o FILE, -q, -n 5; *used tells whether it was an option at all */
static bool short_option(session *s, int argc, char **argv, int *i, bool *used)
{
    const char *text = argv[*i];
    const option *o = option_lettered(text[1]);
    if (!o) return short_n(s, argc, argv, i, used);
    *used = !text[2];
    if (!*used) return true;
    if (!is_taken(s->command, o->name)) return usage_error(s, "-%c means nothing here", text[1]), false;
    if (o->takes == TAKES_NOTHING) return take_value(s, o, "true");
    if (*i + 1 >= argc) return usage_error(s, "-%c wants a value", text[1]), false;
    return take_value(s, o, argv[++*i]);
}

static bool add_word(session *s, const char *word)
{
    if (s->n_words == MOST_WORDS) return usage_error(s, "more than %d arguments", MOST_WORDS), false;
    s->words[s->n_words++] = word;
    return true;
}

bool read_line(session *s, int argc, char **argv)
{
    bool ended = false;
    for (int i = 0; i < argc; i++) {
        const char *text = argv[i];
        bool used = false;
        if (ended || text[0] != '-' || !text[1]) {
            if (!add_word(s, text)) return false;
        } else if (!strcmp(text, "--")) {
            ended = true;
        } else if (text[1] == '-') {
            if (!long_option(s, argc, argv, &i)) return false;
        } else {
            if (!short_option(s, argc, argv, &i, &used)) return false;
            if (!used && is_no_word(s, text))
                return usage_error(s, "no option %s; from here: frame %s --help", text, s->command->name), false;
            if (!used && !add_word(s, text)) return false;
        }
    }
    return true;
}

/* ---- help -------------------------------------------------------------------------------------------------------- */
enum { LEFT = 26 };     /* columns for the option; what is longer has a line of its own */

static void list_row(FILE *out, char letter, const char *name, const char *word, const char *help)
{
    char left[192], dashed[40];
    size_t n = 0;
    for (; name[n] && n + 1 < sizeof dashed; n++) dashed[n] = name[n] == '_' ? '-' : name[n];
    dashed[n] = 0;
    const int length = snprintf(left, sizeof left, "%c%c --%s %s", letter ? '-' : ' ', letter ? letter : ' ', dashed, word);
    if (length > LEFT) fprintf(out, "  %s\n  %-*s %s\n", left, LEFT, "", help);
    else fprintf(out, "  %-*s %s\n", LEFT, left, help);
}

/* What -o names is for a part to say. */
static void list_general(FILE *out, const command *c, const option *o)
{
    const bool output = c && !strcmp(o->name, "output");
    if (output && c->part) list_row(out, o->letter, o->name, "PATH", "where to write");
    else if (output && c->run == run_explain) list_row(out, o->letter, o->name, "FILE", "write the job file");
    else list_row(out, o->letter, o->name, o->word, o->help);
}

static void list_own(FILE *out, const command *c)
{
    size_t n_own;
    const fr_option_info *own = own_options(c, &n_own);
    if (n_own) fprintf(out, "Options of %s:\n", c->name);
    for (size_t i = 0; i < n_own; i++) {
        char room[128];
        if (own[i].kind != FR_OPTION_BIND && own[i].kind != FR_OPTION_FRAMES && own[i].kind != FR_OPTION_FRAME)
            list_row(out, strcmp(own[i].name, "n") ? 0 : 'n', own[i].name, word_of(&own[i], room), own[i].doc);
    }
    if (n_own) fputc('\n', out);
}

static const struct { const char *name, *help, *of_part; } form_options[] = {
    { "csv", "print CSV instead of a table", "print CSV" },
    { "json", "print JSON instead of a table: an array of objects", "print JSON" },
    { "no-color", "no colours (also: NO_COLOR in the environment)", "no colours (also: NO_COLOR in the environment)" },
};
enum { N_FORMS = sizeof form_options / sizeof form_options[0] };

/* Of a command, NULL: of all. */
static void list_output(FILE *out, const command *c)
{
    fprintf(out, "Output:\n");
    for (size_t i = 0; i < FIRST_READ_OPTION; i++)
        if (is_taken(c, options[i].name)) list_general(out, c, &options[i]);
    for (size_t i = 0; i < N_FORMS; i++)
        if (is_taken(c, form_options[i].name))
            list_row(out, 0, form_options[i].name, "", c && c->part ? form_options[i].of_part : form_options[i].help);
}

static void list_reading(FILE *out)
{
    fprintf(out, "\nReading:\n");
    for (size_t i = FIRST_READ_OPTION; i < N_OPTIONS; i++)
        list_row(out, options[i].letter, options[i].name, options[i].word, options[i].help);
}

void list_options(FILE *out, const command *c)
{
    list_own(out, c);
    list_output(out, c);
    if (is_taken(c, "sep")) list_reading(out);
}

void list_own_options(FILE *out, const command *c)
{
    list_own(out, c);
    fprintf(out, "Output:");
    for (size_t i = 0; i < FIRST_READ_OPTION; i++)
        if (is_taken(c, options[i].name)) fprintf(out, " --%s", options[i].name);
    for (size_t i = 0; i < N_FORMS; i++)
        if (is_taken(c, form_options[i].name)) fprintf(out, " --%s", form_options[i].name);
    fprintf(out, "\n%s", is_taken(c, "sep") ? "Reading: all\n" : "");
}

void list_shared_options(FILE *out)
{
    list_output(out, NULL);
    list_reading(out);
}
