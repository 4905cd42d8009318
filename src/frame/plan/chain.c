/* chain.c — steps written on one line, for the shell.
 *
 *     where quantity > 0 | group region: revenue = sum(quantity * unit_price), n = size() | sort -revenue | head 5
 *
 * A stage is a verb, its main argument, then options by name in any order: a switch alone, a word of an enumeration
 * alone or after its option, anything else after its name.
 *
 *     distinct order_id keep last        sample 100 seed 42 shuffle        left join regions.csv on region
 *     distinct order_id keep = last      an equals sign may stand between the two
 *
 * The grammar is in docs/chain.md. The options come from the table of verbs; this file knows only which argument is the
 * main one and a few words people use instead (where for filter).
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/suggest.h"
#include "data/source.h"
#include "expr/foreign_names.h"
#include "expr/tree.h"
#include "plan/chain_scan.h"
#include "plan/check.h"
#include "plan/job.h"
#include "plan/option_text.h"

typedef struct chain {
    fr_call            *call;
    const char         *text;
    fr_arena            arena;
    fr_steps           *steps;
    fr_step             step;        /* the stage being read                                                          */
    const fr_verb_info *verb;
    bool                counts;      /* it is "count" alone, a group that is complete                                 */
    const fr_frame     *made[64];    /* frames the stage opened: references to give up                                */
    size_t              n_made;
    const fr_named_frame *named;     /* names that stand for frames instead of files                                  */
    size_t              n_named;
} chain;

/* ---- other words for verbs and options ------------------------------------------------------------------------- */
static const struct { const char *word, *verb; } verb_words[] = {
    { "where", "filter" }, { "count", "value_counts" }, { "fill", "fill_null" }, { "unique", "distinct" },
    { "save", "write" },   { "limit", "head" },         { "append", "concat" },
};

static const struct { const char *verb, *word, *option; } option_words[] = {
    { "fill_null", "with", "value" }, { "fill_null", "within", "by" }, { "distinct", "on", "columns" },
    { "group", "sorted", "sort" }, { "pivot", "sorted", "sort" }, { "pivot", "on", "columns" }, { "melt", "id", "index" },
    { "melt", "on", "values" }, { "parse_dates", "as", "format" }, { "write", "with", "options" },
    { "complete", "from", "start" }, { "complete", "to", "end" }, { "join", "using", "on" }, { "join", "by", "on" },
};

/* ---- failing --------------------------------------------------------------------------------------------------- */
static bool fail(chain *c, fr_piece at, const char *format, ...) FR_PRINTF(3, 4);
static bool fail(chain *c, fr_piece at, const char *format, ...)
{
    char message[320];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return fr_fail_at(c->call, fr_place_at(.source = c->text, .position = (int64_t)at.from), FR_ERR_SYNTAX, "%s",
                      message);
}

static const char *shown(chain *c, fr_piece piece, fr_room *room)
{
    return fr_quoted(room->text, c->text + piece.from, piece.to - piece.from);
}

/* A stage that begins with a column, or with a verb in capitals: what it was meant to be. */
static const char *stage_hint(const chain *c, fr_piece word, char room[FR_HINT_ROOM])
{
    static const char *const operators[] = { "<", ">", "=", "!", "is ", "in ", "not ", "and ", "or ", "between " };
    const char *text = c->text + word.from, *behind = c->text + word.to;
    size_t n = 0;
    for (; n < 24 && ((text[n] >= 'A' && text[n] <= 'Z') || text[n] == '_'); n++) room[n] = (char)(text[n] | 0x20);
    if (n && (text[n] == ' ' || !text[n]) && fr_verb_named(room, n)) return "verbs are written small";
    behind += strspn(behind, " ");
    if (*behind == '=' && behind[1] != '=' && behind[1] != '~') return "what is computed stands behind with: with x = …";
    for (size_t i = 0; i < FR_COUNT_OF(operators); i++)
        if (!strncmp(behind, operators[i], strlen(operators[i])))
            return c->steps->n ? "a bar stands between steps; conditions are joined by 'or'" : "a condition stands behind where";
    return NULL;
}

static bool no_such_verb(chain *c, fr_piece word)
{
    const char *names[64];
    char room[FR_HINT_ROOM], *copy = fr_arena_text(c->call, &c->arena, c->text + word.from, word.to - word.from);
    size_t n = 0, n_verbs;
    const fr_verb_info *verbs = fr_verb_infos(&n_verbs);
    for (size_t i = 0; i < n_verbs && n < FR_COUNT_OF(names); i++) names[n++] = verbs[i].name;
    for (size_t i = 0; i < FR_COUNT_OF(verb_words) && n < FR_COUNT_OF(names); i++) names[n++] = verb_words[i].word;
    const char *here = copy ? fr_foreign_verb(copy) : NULL, *hint = room;
    if (here) snprintf(room, sizeof room, "here it is %s", here);
    else if (!(hint = stage_hint(c, word, room))) hint = copy ? fr_suggest_hint(room, copy, names, n) : NULL;
    fr_fail_at(c->call, fr_place_at(.source = c->text, .position = (int64_t)word.from, .hint = hint), FR_ERR_NOT_FOUND,
               "no verb %s", shown(c, word, &(fr_room){ 0 }));
    return false;
}

/* ---- frames ---------------------------------------------------------------------------------------------------- */
static fr_frame *frame_named(const chain *c, const char *name)
{
    for (size_t i = 0; i < c->n_named; i++)
        if (!strcmp(c->named[i].name, name)) return fr_frame_ref(c->named[i].frame);
    return NULL;
}

/* A frame's name, a file's, or a call such as read_csv("odd name", sep = ";"): a scan. */
static const fr_frame *open_frame(chain *c, fr_piece word)
{
    char *path = fr_piece_text(c->call, &c->arena, c->text, word);
    if (!path) return NULL;
    if (c->n_made == FR_COUNT_OF(c->made)) return fail(c, word, "too many files in one stage"), NULL;
    fr_frame *scan = frame_named(c, path);
    if (scan) c->made[c->n_made++] = scan;
    if (scan) return scan;
    if (!strncmp(path, "read_", 5) && strchr(path, '(')) scan = fr_scan_described(c->call, path);
    else {
        const fr_format *format = fr_format_of_path(c->call, path);
        if (format && !format->scan) fail(c, word, "files of format %s cannot be read", format->name);
        if (format && format->scan) scan = format->scan(c->call, path, NULL);
    }
    if (scan) c->made[c->n_made++] = scan;
    return scan;
}

static bool read_frames(chain *c, const fr_option_info *option, fr_piece piece)
{
    const fr_frame **frames = fr_arena_array(c->call, &c->arena, FR_COUNT_OF(c->made) + 1, sizeof(fr_frame *));
    fr_piece word;
    size_t at = piece.from, n = 0;
    if (!frames) return false;
    memcpy(fr_option_in(&c->step, option), &frames, sizeof frames);
    for (;;) {
        if (!fr_piece_word(c->call, c->text, piece, &at, &word)) return false;
        if (fr_piece_empty(word)) return n > 0 || fail(c, piece, "%s needs a file", c->verb->name);
        if (!fr_piece_is(c->text, word, ",") && !(frames[n++] = open_frame(c, word))) return false;
    }
}

/* ---- one option ------------------------------------------------------------------------------------------------ */
static bool set_text(chain *c, const fr_option_info *option, const char *text)
{
    memcpy(fr_option_in(&c->step, option), &text, sizeof text);
    return text != NULL;
}

/* The option cannot be what was written, `text`. */
static bool wrong_value(chain *c, const fr_option_info *option, const char *text, fr_piece piece)
{
    char room[FR_HINT_ROOM], hint[FR_HINT_ROOM];
    const char *here = fr_word_translated(option, text);
    if (here) snprintf(hint, sizeof hint, "here it is %s", here);
    return fr_fail_at(c->call, fr_place_at(.source = c->text, .position = (int64_t)piece.from, .hint = here ? hint : NULL),
                      FR_ERR_SYNTAX, "%s of %s must be %s, not %s", option->name, c->verb->name,
                      fr_option_expects(option, room), shown(c, piece, &(fr_room){ 0 }));
}

static bool set_option(chain *c, const fr_option_info *option, fr_piece piece)
{
    piece = fr_piece_trim(c->text, piece);
    if (option->kind == FR_OPTION_BOOL && fr_piece_empty(piece)) return fr_option_from_text(&c->step, option, "true");
    if (fr_piece_empty(piece)) return fail(c, piece, "%s of %s needs a value", option->name, c->verb->name);
    if (option->kind == FR_OPTION_FRAMES) return read_frames(c, option, piece);
    if (option->kind == FR_OPTION_FRAME) {
        const fr_frame *frame = open_frame(c, piece);
        memcpy(fr_option_in(&c->step, option), &frame, sizeof frame);
        return frame != NULL;
    }
    char *text = fr_piece_text(c->call, &c->arena, c->text, piece);
    if (!text) return false;
    if (option->kind == FR_OPTION_VALUE && (c->text[piece.from] == '\'' || c->text[piece.from] == '"')) {
        *(fr_value *)fr_option_in(&c->step, option) = fr_v_str(text);      /* '0' is a text, 0 a number */
        return true;
    }
    return fr_option_from_text(&c->step, option, text) || wrong_value(c, option, text, piece);
}

/* ---- options by name ------------------------------------------------------------------------------------------- */
/* Does `word` begin an option of the verb, by the option's name, another word for it, or a word of its enumeration?
 * *bare: it says its value by itself. */
static const fr_option_info *option_of_word(const chain *c, fr_piece word, bool *bare)
{
    const char *text = c->text + word.from;
    size_t n = word.to - word.from;
    const fr_option_info *option = fr_option_named(c->verb, text, n);
    *bare = false;
    if (option && option->kind != FR_OPTION_BIND) return option;
    for (size_t i = 0; i < FR_COUNT_OF(option_words); i++)
        if (!strcmp(option_words[i].verb, c->verb->name) && fr_piece_is(c->text, word, option_words[i].word))
            return fr_verb_option(c->verb, option_words[i].option);
    *bare = true;
    for (size_t i = 0; i < c->verb->n_options; i++)
        if (fr_word_value(&c->verb->options[i], text, n) >= 0) return &c->verb->options[i];
    return NULL;
}

typedef struct clause {
    const fr_option_info *option;     /* NULL: the end                                                                */
    fr_piece word;                    /* the option's name, or its value when `bare`                                  */
    bool     bare;
} clause;

/* "how=left": where the name ends, word.to where there is no such sign. */
static size_t before_equals(const chain *c, fr_piece word)
{
    const char *sign = memchr(c->text + word.from, '=', word.to - word.from);
    const size_t at = sign ? (size_t)(sign - c->text) : word.to;
    return at + 1 < word.to && c->text[at + 1] == '=' ? word.to : at;
}

/* Behind the sign that may stand between an option's name and its value, as hints and other languages write it. */
static size_t behind_equals(const chain *c, fr_piece piece, size_t at)
{
    const fr_piece rest = fr_piece_trim(c->text, (fr_piece){ at, piece.to });
    const bool equals = !fr_piece_empty(rest) && c->text[rest.from] == '=' && c->text[rest.from + 1] != '=';
    return equals ? rest.from + 1 : at;
}

/* The first option by name at or after `from`; a word beside a comma belongs to a list and is a name. */
static bool next_clause(chain *c, fr_piece piece, size_t from, clause *out)
{
    fr_piece word, before = { 0, 0 }, after;
    size_t at = from;
    *out = (clause){ .word = { piece.to, piece.to } };
    for (;; before = word) {
        if (!fr_piece_word(c->call, c->text, piece, &at, &word)) return false;
        if (fr_piece_empty(word)) return true;
        bool bare;
        const fr_piece name = { word.from, before_equals(c, word) };
        const fr_option_info *option = option_of_word(c, name, &bare);
        if (option && name.to < word.to) {
            if (bare) continue;
            word = name, at = name.to;
        }
        size_t peek = at;
        if (!option || (!fr_piece_empty(before) && fr_piece_is(c->text, before, ","))) continue;
        if (!fr_piece_word(c->call, c->text, piece, &peek, &after)) return false;
        if (!fr_piece_empty(after) && fr_piece_is(c->text, after, ",")) continue;
        *out = (clause){ option, word, bare };
        return true;
    }
}

/* Read the options by name in `piece`; *main receives what stands before the first. */
static bool read_clauses(chain *c, fr_piece piece, fr_piece *before)
{
    clause current, next;
    if (!next_clause(c, piece, piece.from, &current)) return false;
    *before = fr_piece_trim(c->text, (fr_piece){ piece.from, current.word.from });
    for (; current.option; current = next) {
        size_t at = current.bare ? current.word.to : behind_equals(c, piece, current.word.to);
        fr_piece value = { at, at };
        bool takes_word = !current.bare && current.option->kind == FR_OPTION_WORD;
        if (takes_word && !fr_piece_word(c->call, c->text, piece, &at, &value)) return false;
        if (!next_clause(c, piece, takes_word ? value.to : at, &next)) return false;
        if (current.bare) value = current.word;
        else if (!takes_word) value.to = next.word.from;
        if (!set_option(c, current.option, value)) return false;
        fr_piece rest = fr_piece_trim(c->text, (fr_piece){ value.to, next.word.from });
        if (!fr_piece_empty(rest)) return fail(c, rest, "%s does not belong here", shown(c, rest, &(fr_room){ 0 }));
    }
    return true;
}

/* ---- main arguments -------------------------------------------------------------------------------------------- */
static bool read_first(chain *c, fr_piece piece)
{
    fr_piece text;
    if (!read_clauses(c, piece, &text)) return false;
    return fr_piece_empty(text) || set_option(c, &c->verb->options[0], text);
}

static bool read_condition(chain *c, fr_piece piece)
{
    if (fr_piece_empty(piece)) return fail(c, piece, "%s needs a condition", c->verb->name);
    return set_text(c, &c->verb->options[0],
                    fr_arena_text(c->call, &c->arena, c->text + piece.from, piece.to - piece.from));
}

static bool read_statements(chain *c, fr_piece piece)
{
    if (fr_piece_empty(piece))
        return fail(c, piece, "%s needs a column, as in: with total = price * quantity", c->verb->name);
    return set_text(c, &c->verb->options[0], fr_piece_statements(c->call, &c->arena, c->text, piece));
}

/* Cut the last word off; empty: there is none, or no blank before it. */
static fr_piece take_last_word(const chain *c, fr_piece *rest)
{
    size_t at = rest->to;
    while (at > rest->from && c->text[at - 1] != ' ' && c->text[at - 1] != ')') at--;
    const fr_piece word = { at, rest->to };
    *rest = fr_piece_trim(c->text, (fr_piece){ rest->from, at });
    return rest->to == at || fr_piece_empty(*rest) ? (fr_piece){ at, at } : word;
}

static bool takes_one_word(const fr_option_info *option)
{
    return option->kind == FR_OPTION_WORD || option->kind == FR_OPTION_VALUE || option->kind == FR_OPTION_I64;
}

typedef struct switch_ {              /* an option behind aggregates                                                  */
    const fr_option_info *option;
    fr_piece              value;
    struct switch_       *next;       /* the one behind it                                                            */
} switch_;

/* The last one in *rest, which becomes what stands before it; NULL: there is none, or no memory. */
static switch_ *take_switch(chain *c, fr_piece *rest, switch_ *next)
{
    bool bare;
    const fr_piece last = take_last_word(c, rest);
    if (fr_piece_empty(last)) return NULL;
    const fr_option_info *option = option_of_word(c, last, &bare);
    if (!option || option->kind != FR_OPTION_BOOL) {
        const fr_piece name = take_last_word(c, rest);
        option = fr_piece_empty(name) ? NULL : option_of_word(c, name, &bare);
        if (!option || bare || !takes_one_word(option)) return NULL;
    }
    switch_ *made = fr_arena_array(c->call, &c->arena, 1, sizeof *made);
    if (made) *made = (switch_){ option, last, next };
    return made;
}

/* "group region: n = size() sorted drop_nulls", "pivot a on b: size() normalize index fill 0": switches, and options that
 * take a word or a number, behind the last aggregate, which ends with a bracket. They are found from the end. */
static bool take_switches(chain *c, fr_piece *agg)
{
    fr_piece rest = *agg;
    switch_ *first = NULL;
    do {
        if (!(first = take_switch(c, &rest, first))) return false;
    } while (c->text[rest.to - 1] != ')');
    *agg = rest;
    for (; first; first = first->next) {
        const fr_piece value = first->option->kind == FR_OPTION_BOOL ? (fr_piece){ 0, 0 } : first->value;
        if (!set_option(c, first->option, value)) return false;
    }
    return true;
}

/* What stands before ':', and aggregates behind it. */
static bool read_aggregates(chain *c, fr_piece piece, size_t colon)
{
    fr_piece agg = fr_piece_trim(c->text, (fr_piece){ colon + 1, piece.to });
    if (colon >= piece.to || fr_piece_empty(agg))
        return fail(c, (fr_piece){ piece.to, piece.to }, "%s needs ':' and aggregates, as in: %s", c->verb->name,
                    c->verb->number == FR_VERB_PIVOT ? "pivot region columns month: sum(sales)" : "group region: n = size()");
    if (!take_switches(c, &agg) && fr_failed(c->call)) return false;
    return read_first(c, (fr_piece){ piece.from, colon })
        && set_text(c, fr_verb_option(c->verb, "agg"), fr_piece_statements(c->call, &c->arena, c->text, agg));
}

/* Does a parameter begin here, as in "large = x > :low: n = size()"? */
static bool is_parameter(const chain *c, size_t at, size_t end)
{
    const char next = (char)(at + 1 < end ? c->text[at + 1] | 0x20 : 0);
    return at > 0 && strchr(" =<>+-*/%", c->text[at - 1]) && ((next >= 'a' && next <= 'z') || c->text[at + 1] == '_');
}

/* The ':' before the aggregates; piece.to: there is none. Behind the = of a computed key it may be that of a parameter,
 * unless no other follows. */
static bool find_colon(const chain *c, fr_piece piece, size_t *colon)
{
    size_t sign, next;
    if (!fr_piece_find(c->call, c->text, piece, ':', colon) || !fr_piece_find(c->call, c->text, piece, '=', &sign)) return false;
    while (*colon < piece.to && sign < *colon && is_parameter(c, *colon, piece.to)) {
        if (!fr_piece_find(c->call, c->text, (fr_piece){ *colon + 1, piece.to }, ':', &next)) return false;
        if (next == piece.to) break;
        *colon = next;
    }
    return true;
}

static bool read_group(chain *c, fr_piece piece)
{
    size_t colon;
    return find_colon(c, piece, &colon) && read_aggregates(c, piece, colon);
}

/* pivot region columns month values sales, or with aggregates as in a group. */
static bool read_pivot(chain *c, fr_piece piece)
{
    size_t colon;
    if (!find_colon(c, piece, &colon)) return false;
    return colon < piece.to ? read_aggregates(c, piece, colon) : read_first(c, piece);
}

/* Numbers in a row: slice 10 5. */
static bool read_slice(chain *c, fr_piece piece)
{
    fr_piece numbers, word;
    if (!read_clauses(c, piece, &numbers)) return false;
    size_t at = numbers.from;
    for (size_t i = 0; i < 3; i++) {
        if (!fr_piece_word(c->call, c->text, numbers, &at, &word)) return false;
        if (fr_piece_empty(word)) return true;
        if (i == 2) return fail(c, word, "slice takes a first row and a number of rows");
        if (!set_option(c, &c->verb->options[i], word)) return false;
    }
    return true;
}

/* sample 100, sample 10% */
static bool read_sample(chain *c, fr_piece piece)
{
    fr_piece amount;
    double percent;
    if (!read_clauses(c, piece, &amount)) return false;
    if (fr_piece_empty(amount)) return true;
    const size_t n = amount.to - amount.from;
    if (c->text[amount.to - 1] != '%' && memchr(c->text + amount.from, '.', n) && fr_parse_f64(c->text + amount.from, n, &percent))
        return fr_fail_at(c->call, fr_place_at(.source = c->text, .position = (int64_t)amount.from, .hint = "sample 10%, or "
                          "sample fraction 0.1"), FR_ERR_SYNTAX, "n of sample must be a whole number, not %s",
                          shown(c, amount, &(fr_room){ 0 }));
    if (c->text[amount.to - 1] != '%') return set_option(c, fr_verb_option(c->verb, "n"), amount);
    if (!fr_parse_f64(c->text + amount.from, amount.to - amount.from - 1, &percent))
        return fail(c, amount, "%s is no share", shown(c, amount, &(fr_room){ 0 }));
    c->step.args.sample.fraction = percent / 100;
    return true;
}

static bool read_fill(chain *c, fr_piece piece)
{
    const fr_fill_null_args *args = &c->step.args.fill_null;
    if (!read_first(c, piece)) return false;
    return args->method != FR_FILL_VALUE || args->value.valid ||
           fail(c, (fr_piece){ piece.to, piece.to }, "fill_null needs a value or a method, as in: fill_null price with 0");
}

static bool read_concat(chain *c, fr_piece piece)
{
    fr_piece files;
    return read_clauses(c, piece, &files) && set_option(c, fr_verb_option(c->verb, "others"), files);
}

static const struct { uint32_t verb; bool (*read)(chain *c, fr_piece piece); } forms[] = {
    { FR_VERB_FILTER, read_condition }, { FR_VERB_WITH, read_statements }, { FR_VERB_GROUP, read_group },
    { FR_VERB_PIVOT, read_pivot },
    { FR_VERB_SLICE, read_slice },      { FR_VERB_SAMPLE, read_sample },   { FR_VERB_CONCAT, read_concat },
    { FR_VERB_FILL_NULL, read_fill },
};

/* "count" alone: how many rows there are; with columns how often their values occur. */
static bool counts_rows(const chain *c, fr_piece word, fr_piece stage)
{
    return fr_piece_is(c->text, word, "count") && fr_piece_empty(stage);
}

static void count_rows(chain *c)
{
    c->verb = fr_verb_of(FR_VERB_GROUP);
    c->step = fr_step_of(c->verb);
    c->step.args.group.agg = "rows = size()";
}

static bool read_arguments(chain *c, fr_piece piece)
{
    if (c->counts) return true;
    for (size_t i = 0; i < FR_COUNT_OF(forms); i++)
        if (forms[i].verb == c->verb->number) return forms[i].read(c, piece);
    return read_first(c, piece);
}

/* ---- a bar left out ---------------------------------------------------------------------------------------------- */
static const fr_verb_info *verb_of_word(const chain *c, fr_piece word)
{
    for (size_t i = 0; i < FR_COUNT_OF(verb_words); i++)
        if (fr_piece_is(c->text, word, verb_words[i].word)) return fr_verb_info_of(verb_words[i].verb);
    return fr_verb_named(c->text + word.from, word.to - word.from);
}

static bool is_lower_word(const chain *c, fr_piece word)
{
    size_t at = word.from;
    while (at < word.to && ((c->text[at] >= 'a' && c->text[at] <= 'z') || c->text[at] == '_')) at++;
    return at == word.to && !fr_piece_empty(word);
}

/* What may end a stage: no sign and no word that wants another behind it. */
static bool may_be_last(const chain *c, fr_piece word)
{
    bool bare;
    const size_t n = word.to - word.from;
    if (!n || fr_word_is_reserved(c->text + word.from, n) || option_of_word(c, word, &bare)) return false;
    return !strchr(",:=<>+-*/!&", c->text[word.to - 1]) && !fr_piece_is(c->text, word, "%");
}

static bool no_bar(chain *c, fr_piece word)
{
    char hint[FR_HINT_ROOM];
    snprintf(hint, sizeof hint, "it stands between steps: … | %.*s …", (int)(word.to - word.from), c->text + word.from);
    return fr_fail_at(c->call, fr_place_at(.source = c->text, .position = (int64_t)word.from, .hint = hint),
                      FR_ERR_SYNTAX, "expected '|' before %s", shown(c, word, &(fr_room){ 0 }));
}

/* Is a word almost one of the verb's options, or of the words that say an option's value by themselves? */
static bool check_option(chain *c, fr_piece word)
{
    static const char *const of_lists[] = { "as", "asc", "desc" };
    char room[FR_HINT_ROOM];
    fr_suggestion near;
    for (size_t i = 0; i < FR_COUNT_OF(of_lists); i++)
        if (fr_piece_is(c->text, word, of_lists[i])) return true;
    char *wanted = fr_arena_text(c->call, &c->arena, c->text + word.from, word.to - word.from);
    if (!wanted) return false;
    fr_suggestion_begin(&near, wanted);
    for (size_t i = 0; i < c->verb->n_options; i++) {
        const fr_option_info *option = &c->verb->options[i];
        if (option->kind != FR_OPTION_BIND) fr_suggestion_consider(&near, option->name);
        for (size_t k = 0; option->kind == FR_OPTION_WORD && k < option->n_words; k++)
            fr_suggestion_consider(&near, option->words[k].word);
    }
    for (size_t i = 0; i < FR_COUNT_OF(option_words); i++)
        if (!strcmp(option_words[i].verb, c->verb->name)) fr_suggestion_consider(&near, option_words[i].word);
    const char *hint = fr_suggestion_hint(&near, room);
    return !hint || fr_fail_at(c->call, fr_place_at(.source = c->text, .position = (int64_t)word.from, .hint = hint),
                               FR_ERR_SYNTAX, "%s has no option %s", c->verb->name, shown(c, word, &(fr_room){ 0 }));
}

/* "sort tip desc limit 3", "sort tip nulls_fist": a word behind what may end a stage, where no list and no expression has a
 * place for it: a verb without its bar, or an option that is spelt in another way. */
static bool check_words(chain *c, fr_piece stage)
{
    fr_piece word, before = { 0, 0 };
    for (size_t at = stage.from;; before = word) {
        bool bare;
        if (!fr_piece_word(c->call, c->text, stage, &at, &word)) return false;
        if (fr_piece_empty(word)) return true;
        const fr_piece name = { word.from, word.to - (c->text[word.to - 1] == ':') };
        if (!is_lower_word(c, name) || !may_be_last(c, before) || option_of_word(c, name, &bare)) continue;
        if (verb_of_word(c, name)) return no_bar(c, name);
        if (!fr_word_is_reserved(c->text + name.from, name.to - name.from) && !check_option(c, name)) return false;
    }
}

/* Two bars side by side are what SQL puts texts together with, and C conditions. */
static bool no_stage(chain *c, fr_piece stage)
{
    const bool bars = stage.from > 0 && c->text[stage.from - 1] == '|' && c->text[stage.from] == '|';
    return fr_fail_at(c->call, fr_place_at(.source = c->text, .position = (int64_t)stage.from,
                                           .hint = bars ? "a bar stands between steps; texts are joined by +, conditions by 'or'"
                                                        : NULL), FR_ERR_SYNTAX, "a stage is empty");
}

/* ---- stages ---------------------------------------------------------------------------------------------------- */
/* The verb's name ends at the first byte that cannot be part of it: "group:" is group. */
static fr_piece verb_word(const chain *c, fr_piece stage)
{
    size_t at = stage.from;
    while (at < stage.to && ((c->text[at] >= 'a' && c->text[at] <= 'z') || c->text[at] == '_')) at++;
    return (fr_piece){ stage.from, at };
}

/* "left join", "anti join" and the like: the kind of join may stand before it. */
static bool read_verb(chain *c, fr_piece *stage)
{
    fr_piece word = verb_word(c, *stage), next = fr_piece_trim(c->text, (fr_piece){ word.to, stage->to });
    const fr_verb_info *join = fr_verb_of(FR_VERB_JOIN);
    int how = fr_word_value(fr_verb_option(join, "how"), c->text + word.from, word.to - word.from);
    bool before_join = how >= 0 && fr_piece_is(c->text, verb_word(c, next), "join");
    c->verb = before_join ? join : verb_of_word(c, word);
    if (!c->verb) return no_such_verb(c, fr_piece_empty(word) ? *stage : word);
    c->step = fr_step_of(c->verb);
    if (before_join) c->step.args.join.how = (fr_join_how)how;
    *stage = fr_piece_trim(c->text, (fr_piece){ before_join ? verb_word(c, next).to : word.to, stage->to });
    c->counts = counts_rows(c, word, *stage);
    if (c->counts) count_rows(c);
    return true;
}

static bool read_stage(chain *c, fr_piece stage)
{
    fr_step checked;
    c->call->step = NULL;                /* the stage before is read; what fails now is none of it */
    stage = fr_piece_trim(c->text, stage);
    if (fr_piece_empty(stage)) return no_stage(c, stage);
    if (!read_verb(c, &stage)) return false;
    bool ok = check_words(c, stage) && read_arguments(c, stage) && fr_step_read(c->call, &c->step, sizeof c->step, &checked) &&
              fr_steps_add(c->call, c->steps, &checked);
    while (c->n_made) fr_object_unref(c->made[--c->n_made]);
    return ok;
}

static bool read_stages(chain *c)
{
    fr_piece rest = fr_piece_trim(c->text, (fr_piece){ 0, strlen(c->text) });
    size_t at;
    do {
        if (!fr_piece_find(c->call, c->text, rest, '|', &at) || !read_stage(c, (fr_piece){ rest.from, at }))
            return false;
        rest.from = at + 1;
    } while (at < rest.to);
    return true;
}

fr_steps *fr_steps_parse_chain(const char *text, fr_context *context)
{
    return fr_steps_parse_chain_with(text, NULL, 0, context);
}

fr_steps *fr_steps_parse_chain_with(const char *text, const fr_named_frame *frames, size_t n, fr_context *context)
{
    fr_call call;
    fr_call_begin(&call, context, NULL, -1);
    if (!text) fr_fail(&call, FR_ERR_ARGUMENT, "the text of the chain is NULL");
    chain c = { .call = &call, .text = text, .named = frames, .n_named = n };
    if (text && !fr_failed(&call) && (c.steps = fr_steps_begin(&call))) {
        fr_arena_init(&c.arena, call.context);
        bool ok = read_stages(&c);
        fr_arena_clear(&c.arena);
        if (!ok && !fr_failed(&call)) fr_fail(&call, FR_ERR_INTERNAL, "the chain was not read");
    }
    return fr_steps_end(&call, c.steps);
}
