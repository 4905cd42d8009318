/* list.c — column lists: "region, revenue desc, numeric(), except(id), `odd name`, qty as quantity, price: f64".
 *
 * The lexer of expressions reads them. An item is a name or a selector (a call that stands for the columns it
 * describes, in the schema's order), then what the verb allows: a direction, `as new_name`, `: type`. A leading '-'
 * sorts downwards.
 *
 *     all()  numeric()  integer()  float()  text()  temporal()  boolean()      by type
 *     matches('^q_')  starts_with('q_')  ends_with('_id')  contains('price')   by name
 *     type('f64')                                                              by exact type
 *     except(a, b, text())                                                     all others
 */
#include "base/suggest.h"
#include "base/utf8.h"
#include "expr/fn.h"
#include "expr/functions.h"
#include "expr/lex.h"
#include "expr/pattern.h"
#include "expr/tree.h"

#include <stdio.h>
#include <string.h>

typedef struct reader {
    fr_call         *call;
    fr_lexer         lexer;
    const fr_schema *schema;
    unsigned         allow;
    fr_list         *out;
    bool            *seen;           /* per field: already in the list */
    bool            *picked;         /* per field: what the current selector means */
} reader;

typedef bool fits_text(reader *r, const char *selector, const fr_token *text, bool *picked);

static bool read_selector(reader *r, const fr_token *name, bool *picked, unsigned depth);

/* ---- selectors --------------------------------------------------------------------------------------------------- */
static bool is_integer(const fr_type *t) { return fr_kind_is_integer(t->kind); }
static bool is_float(const fr_type *t) { return fr_kind_is_float(t->kind); }
static bool is_number(const fr_type *t) { return fr_kind_is_number(t->kind); }
static bool is_text(const fr_type *t) { return fr_kind_is_text(t->kind); }
static bool is_temporal(const fr_type *t) { return fr_kind_is_temporal(t->kind); }
static bool is_bool(const fr_type *t) { return t->kind == FR_BOOL; }
static bool is_any(const fr_type *t) { return t != NULL; }

static const struct { const char *name; bool (*fits)(const fr_type *); } by_type[] = {
    { "all", is_any }, { "numeric", is_number }, { "integer", is_integer }, { "float", is_float }, { "text", is_text },
    { "temporal", is_temporal }, { "boolean", is_bool },
};

static bool starts(const char *name, size_t n, const char *part, size_t m) { return n >= m && !memcmp(name, part, m); }
static bool ends(const char *name, size_t n, const char *part, size_t m)
{
    return n >= m && !memcmp(name + n - m, part, m);
}
static bool holds(const char *name, size_t n, const char *part, size_t m)
{
    return !m || memmem(name, n, part, m) != NULL;
}

static const struct { const char *name; bool (*fits)(const char *, size_t, const char *, size_t); } by_name[] = {
    { "starts_with", starts }, { "ends_with", ends }, { "contains", holds },
};
static const char *const selectors[] = { "all",      "numeric", "integer",     "float",     "text",
                                         "temporal", "boolean", "starts_with", "ends_with", "contains",
                                         "matches",  "type",    "except" };

static bool need(reader *r, const char *symbol)
{
    char room[64];
    if (fr_lex_is(&r->lexer, symbol)) return fr_lex_next(&r->lexer);
    return fr_lex_fail(&r->lexer, r->lexer.token.start, NULL, "expected '%s', found %s", symbol,
                       fr_lex_found(&r->lexer, room));
}

static bool picks_any(const reader *r, const bool *picked)
{
    for (size_t i = 0; i < r->schema->width; i++)
        if (picked[i]) return true;
    return false;
}

/* A text of a selector that no column fits, mostly a misspelt one: matches('^pirce') */
static bool note_unmatched(reader *r, const char *selector, const fr_token *text)
{
    const char *before = r->out->unmatched;
    r->out->unmatched = fr_arena_format(r->call, r->out->arena, "%s%s%s(%.*s)", before ? before : "", before ? ", " : "",
                                        selector, (int)(text->end - text->start), r->lexer.source + text->start);
    return r->out->unmatched != NULL;
}

/* Columns that fit one text more. */
static bool add_fitting(reader *r, const char *selector, const fr_token *text, const bool *fitting, bool *picked)
{
    for (size_t i = 0; i < r->schema->width; i++) picked[i] |= fitting[i];
    return picks_any(r, fitting) || note_unmatched(r, selector, text);
}

/* ('text'): one or several texts, a column fits when it fits any */
static bool read_patterns(reader *r, const char *selector, fits_text *fits, bool *picked)
{
    char room[64];
    bool *fitting = fr_arena_array(r->call, r->out->arena, r->schema->width, sizeof *fitting);
    if (!fitting) return false;
    for (;;) {
        fr_token t = r->lexer.token;
        if (t.kind != FR_TOKEN_STRING)
            return fr_lex_fail(&r->lexer, t.start, NULL, "expected a text in quotes, found %s",
                               fr_lex_found(&r->lexer, room));
        memset(fitting, 0, r->schema->width * sizeof *fitting);
        if (!fits(r, selector, &t, fitting) || !add_fitting(r, selector, &t, fitting, picked)) return false;
        if (!fr_lex_next(&r->lexer)) return false;
        if (fr_lex_is(&r->lexer, ")")) return fr_lex_next(&r->lexer);
        if (!need(r, ",")) return false;
    }
}

static bool pick_pattern(reader *r, const char *selector, const fr_token *text, bool *picked)
{
    (void)selector;
    FR_CLEANUP(fr_drop_pattern) fr_pattern *pattern =
        fr_pattern_new(r->call, text->text, text->length, r->lexer.source, (int64_t)text->start);
    if (!pattern) return false;
    for (size_t i = 0; i < r->schema->width; i++) {
        const char *name = r->schema->fields[i].name;
        int found = fr_pattern_search(r->call, pattern, name, strlen(name));
        if (found < 0) return false;
        picked[i] |= found > 0;
    }
    return true;
}

static bool pick_type(reader *r, const char *selector, const fr_token *text, bool *picked)
{
    (void)selector;
    const fr_type *type = fr_type_read(r->call, text->text, text->length);
    if (!type) return false;
    for (size_t i = 0; i < r->schema->width; i++) picked[i] |= fr_type_equal(r->schema->fields[i].type, type);
    fr_type_unref(type);
    return true;
}

static bool pick_name(reader *r, const char *selector, const fr_token *text, bool *picked)
{
    for (size_t k = 0; k < FR_COUNT_OF(by_name); k++) {
        if (strcmp(by_name[k].name, selector)) continue;
        for (size_t i = 0; i < r->schema->width; i++) {
            const char *name = r->schema->fields[i].name;
            picked[i] |= by_name[k].fits(name, strlen(name), text->text, text->length);
        }
    }
    return true;
}

/* `price desc`, as one name. */
static bool says_direction(const fr_token *t)
{
    const char *last = strrchr(t->text, ' ');
    return last && (!strcmp(last, " desc") || !strcmp(last, " asc"));
}

/* What a name that is no column was meant to be: a selector without its brackets, a direction. */
static const char *name_hint(const reader *r, const fr_token *t, char room[FR_HINT_ROOM])
{
    const bool directed = r->allow & FR_LIST_DIRECTIONS;
    if (directed && t->kind == FR_TOKEN_QUOTED && says_direction(t)) return "a direction stands behind the name, not in it";
    if (directed && (!strcmp(t->text, "desc") || !strcmp(t->text, "asc"))) return "a direction stands behind the name: x desc";
    for (size_t i = 0; (r->allow & FR_LIST_SELECTORS) && i < FR_COUNT_OF(selectors); i++) {
        if (strcmp(selectors[i], t->text)) continue;
        const bool alone = i < FR_COUNT_OF(by_type);
        snprintf(room, FR_HINT_ROOM, "the selector is written %s(%s)", selectors[i],
                 alone ? "" : !strcmp(selectors[i], "except") ? "a, b" : "'…'");
        return room;
    }
    return NULL;
}

/* address of `address.city` */
static bool begins_name(const fr_schema *schema, const fr_token *t)
{
    for (size_t i = 0; i < schema->width; i++) {
        const char *name = schema->fields[i].name;
        if (strlen(name) > t->length && starts(name, strlen(name), t->text, t->length) && name[t->length] == '.') return true;
    }
    return false;
}

static int64_t find_field(reader *r, const fr_token *t)
{
    int64_t field = fr_schema_find(r->schema, t->text, t->length);
    if (field >= 0 || (r->allow & FR_LIST_UNKNOWN)) return field;
    char hint_room[FR_HINT_ROOM];
    const char *hint = name_hint(r, t, hint_room);
    if (fr_lex_is(&r->lexer, ".") && begins_name(r->schema, t)) {
        (void)fr_fail_at(r->call, fr_place_at(.source = r->lexer.source, .position = (int64_t)t->start,
                                              .hint = "a name with a point in it stands in backticks"),
                         FR_ERR_NOT_FOUND, "no column '%s'", t->text);
        return -2;
    }
    if (fr_lex_is(&r->lexer, "*") && r->lexer.token.start == t->end) {
        char room[FR_HINT_ROOM];
        snprintf(room, sizeof room, "starts_with('%.100s')", t->text);
        (void)fr_fail_at(r->call, fr_place_at(.source = r->lexer.source, .position = (int64_t)t->start, .hint = room),
                         FR_ERR_NOT_FOUND, "no column '%s*'", t->text);
        return -2;
    }
    (void)fr_name_not_found(r->call, r->schema, t->text, r->lexer.source, (int64_t)t->start, hint);
    return -2;
}

static bool read_except(reader *r, bool *picked, unsigned depth)
{
    bool *out = fr_arena_array(r->call, r->out->arena, r->schema->width, sizeof *out);
    if (!out) return false;
    while (!fr_lex_is(&r->lexer, ")")) {
        char room[64];
        fr_token t = r->lexer.token;
        if (t.kind != FR_TOKEN_NAME && t.kind != FR_TOKEN_QUOTED)
            return fr_lex_fail(&r->lexer, t.start, NULL, "expected a column, found %s", fr_lex_found(&r->lexer, room));
        if (!fr_lex_next(&r->lexer)) return false;
        if (t.kind == FR_TOKEN_NAME && fr_lex_is(&r->lexer, "(")) {
            if (!fr_lex_next(&r->lexer) || !read_selector(r, &t, out, depth + 1)) return false;
        } else {
            int64_t field = find_field(r, &t);
            if (field == -2) return false;
            if (field >= 0) out[field] = true;
        }
        if (!fr_lex_is(&r->lexer, ")") && !need(r, ",")) return false;
    }
    for (size_t i = 0; i < r->schema->width; i++) picked[i] |= !out[i];
    return fr_lex_next(&r->lexer);
}

/* Some steps may name what they compute (plan/made_keys.h). */
static bool may_compute(const reader *r)
{
    static const char *const steps[] = { "group", "pivot", "distinct", "sort" };
    for (size_t i = 0; r->call->step && i < FR_COUNT_OF(steps); i++)
        if (!strcmp(r->call->step, steps[i])) return true;
    return false;
}

static const char *how_to_compute(const reader *r)
{
    return may_compute(r) ? "one that is computed has a name:" : "compute one before: with";
}

/* What may have been meant by a call that is no selector: a column to be computed, the tidyverse's where(is.numeric),
 * SQL's rollup(region, product). */
static const char *selector_hint(const reader *r, const char *name, char room[FR_HINT_ROOM])
{
    if (fr_function_find(name, strlen(name))) {
        snprintf(room, FR_HINT_ROOM, "columns are named here; %s key = %s(…)", how_to_compute(r), name);
        return room;
    }
    if (!strcmp(name, "where")) return "by type: numeric(), text(), temporal(), type('f64')";
    if (!strcmp(name, "everything")) return "all()";
    if (!strcmp(name, "rollup")) return "subtotals are an option behind the keys: group region, product rollup: n = size()";
    if (!strcmp(name, "cube")) return "each set of keys is a group of its own; concat puts them together";
    if (!strcmp(name, "desc")) return (r->allow & FR_LIST_DIRECTIONS) ? "write 'column desc' or '-column'" : NULL;
    return fr_suggest_hint(room, name, selectors, FR_COUNT_OF(selectors));
}

/* "(" is taken; marks the fields the selector means and takes ")". */
static bool read_selector(reader *r, const fr_token *name, bool *picked, unsigned depth)
{
    char room[FR_HINT_ROOM];
    if (depth > 32) return fr_lex_fail(&r->lexer, name->start, NULL, "selectors are nested too deep");
    for (size_t i = 0; i < FR_COUNT_OF(by_type); i++) {
        if (strcmp(by_type[i].name, name->text)) continue;
        for (size_t k = 0; k < r->schema->width; k++) picked[k] |= by_type[i].fits(r->schema->fields[k].type);
        return need(r, ")");
    }
    for (size_t i = 0; i < FR_COUNT_OF(by_name); i++)
        if (!strcmp(by_name[i].name, name->text)) return read_patterns(r, name->text, pick_name, picked);
    if (!strcmp(name->text, "matches")) return read_patterns(r, name->text, pick_pattern, picked);
    if (!strcmp(name->text, "type")) return read_patterns(r, name->text, pick_type, picked);
    if (!strcmp(name->text, "except")) return read_except(r, picked, depth);
    const char *hint = selector_hint(r, name->text, room);
    return fr_lex_fail(&r->lexer, name->start, hint, "no selector '%s'", name->text);
}

/* ---- items ----------------------------------------------------------------------------------------------------------
 */
static bool add_item(reader *r, fr_list_item item, size_t position)
{
    fr_list *out = r->out;
    if (item.field >= 0) {
        if (r->seen[item.field])
            return fr_fail_at(r->call, fr_place_at(.source = r->lexer.source, .position = (int64_t)position),
                              FR_ERR_ARGUMENT, "column '%s' is listed twice", item.name);
        r->seen[item.field] = true;
    }
    if (out->n == out->room) {
        fr_list_item *items = fr_resize_array(r->call, out->items, out->room, 2 * out->room + 4, sizeof *items);
        if (!items) return false;
        out->items = items;
        out->room = 2 * out->room + 4;
    }
    out->items[out->n++] = item;
    return true;
}

/* The type after ':' runs to the next comma outside brackets. */
static bool read_type(reader *r, fr_list_item *item, size_t start)
{
    size_t depth = 0, end = start;
    while (r->lexer.token.kind != FR_TOKEN_END && (depth || !fr_lex_is(&r->lexer, ","))) {
        if (fr_lex_is(&r->lexer, "(") || fr_lex_is(&r->lexer, "[")) depth++;
        if (fr_lex_is(&r->lexer, ")") || fr_lex_is(&r->lexer, "]")) depth -= depth > 0;
        end = r->lexer.token.end;
        if (!fr_lex_next(&r->lexer)) return false;
    }
    while (start < end && r->lexer.source[start] == ' ') start++;
    if (start == end) return fr_lex_fail(&r->lexer, start, NULL, "expected a type");
    item->type = fr_arena_text(r->call, r->out->arena, r->lexer.source + start, end - start);
    return item->type != NULL;
}

static bool read_as(reader *r, fr_list_item *item)
{
    char room[64];
    if (!fr_lex_next(&r->lexer)) return false;
    fr_token t = r->lexer.token;
    if (t.kind != FR_TOKEN_NAME && t.kind != FR_TOKEN_QUOTED)
        return fr_lex_fail(&r->lexer, t.start, NULL, "expected a name, found %s", fr_lex_found(&r->lexer, room));
    item->as = fr_arena_text(r->call, r->out->arena, t.text, t.length);
    return item->as && fr_lex_next(&r->lexer);
}

/* What may follow a name or selector. */
static bool read_tail(reader *r, fr_list_item *item, bool single)
{
    unsigned allow = r->allow;
    if ((allow & FR_LIST_DIRECTIONS) && (fr_lex_is_word(&r->lexer, "asc") || fr_lex_is_word(&r->lexer, "desc"))) {
        int direction = fr_lex_is_word(&r->lexer, "desc") ? -1 : 1;
        if (item->direction) return fr_lex_fail(&r->lexer, r->lexer.token.start, NULL, "the direction is said twice");
        item->direction = direction;
        if (!fr_lex_next(&r->lexer)) return false;
    }
    if (single && (allow & FR_LIST_AS) && fr_lex_is_word(&r->lexer, "as") && !read_as(r, item)) return false;
    if (!(allow & FR_LIST_TYPES)) return true;
    size_t colon = r->lexer.token.start + 1;
    if (fr_lex_is(&r->lexer, ":")) return fr_lex_next(&r->lexer) && read_type(r, item, colon);
    return r->lexer.token.kind != FR_TOKEN_NAMED || read_type(r, item, colon);
}

static bool add_picked(reader *r, fr_list_item item, size_t position)
{
    for (size_t i = 0; i < r->schema->width; i++) {
        if (!r->picked[i] || r->seen[i]) continue;       /* a selector adds what is not there yet */
        item.field = (int64_t)i;
        item.name = r->schema->fields[i].name;
        if (!add_item(r, item, position)) return false;
    }
    return true;
}

/* What other languages write between two names of a column: rename a = b, a: b, a -> b */
static bool says_new_name(const reader *r)
{
    static const char *const marks[] = { "=", ":", ":=", "-" };
    for (size_t i = 0; i < FR_COUNT_OF(marks); i++)
        if (fr_lex_is(&r->lexer, marks[i])) return true;
    return r->lexer.token.kind == FR_TOKEN_NAMED;
}

/* What a column is computed with: select a, a * 2 */
static bool is_operator(const reader *r)
{
    static const char *const marks[] = { "*", "+", "-", "/", "%", "<", ">", "=" };
    for (size_t i = 0; i < FR_COUNT_OF(marks); i++)
        if (fr_lex_is(&r->lexer, marks[i])) return true;
    return fr_lex_is(&r->lexer, "//") || fr_lex_is(&r->lexer, "**") || fr_lex_is(&r->lexer, "==");
}

/* "quantity dsc": a direction that is none. */
static const char *direction_hint(const reader *r, char room[FR_HINT_ROOM])
{
    static const char *const directions[] = { "asc", "desc" };
    const fr_token *word = &r->lexer.token;
    if (!(r->allow & FR_LIST_DIRECTIONS) || word->kind != FR_TOKEN_NAME) return NULL;
    return fr_suggest_hint(room, word->text, directions, FR_COUNT_OF(directions));
}

/* What may have been meant where a comma should be. */
static const char *hint_between(const reader *r, char room[FR_HINT_ROOM])
{
    const bool names_only = (r->allow & FR_LIST_AS) && !(r->allow & FR_LIST_SELECTORS);
    if ((r->allow & FR_LIST_AS) && (fr_lex_is(&r->lexer, "=") || (names_only && says_new_name(r)))) return "write 'old as new'";
    if (names_only && r->lexer.token.kind == FR_TOKEN_NAME) return "write 'old as new'";
    const bool equals = fr_lex_is(&r->lexer, "=") || fr_lex_is(&r->lexer, "::");
    if ((r->allow & FR_LIST_TYPES) && (equals || r->lexer.token.kind == FR_TOKEN_NAME)) return "write 'name: type'";
    if (is_operator(r) && !fr_lex_is(&r->lexer, "=") && may_compute(r))
        return "columns are named here; one that is computed has a name: y = …";
    if (is_operator(r) && !fr_lex_is(&r->lexer, "=")) return "columns are named here; compute one before: with y = …";
    if ((r->allow & FR_LIST_AS) && says_new_name(r)) return "write 'old as new'";
    if ((r->allow & FR_LIST_DIRECTIONS) && fr_lex_is_word(&r->lexer, "descending")) return "write 'desc'";
    if ((r->allow & FR_LIST_DIRECTIONS) && fr_lex_is_word(&r->lexer, "ascending")) return "write 'asc'";
    if (fr_lex_is(&r->lexer, ".")) {
        snprintf(room, FR_HINT_ROOM, "columns are named here; %s key = …", how_to_compute(r));
        return room;
    }
    if (!(r->allow & FR_LIST_AS) && fr_lex_is(&r->lexer, "=")) return "columns are named here; compute one before: with key = …";
    if (fr_lex_is(&r->lexer, ":") || r->lexer.token.kind == FR_TOKEN_NAMED)
        return "each column is named, or found by a selector";
    const char *direction = direction_hint(r, room);
    const fr_token *t = &r->lexer.token;
    const bool is_column = t->kind == FR_TOKEN_NAME && fr_schema_find(r->schema, t->text, t->length) >= 0;
    return direction ? direction : is_column ? NULL : "odd names are written in backticks";
}

static bool no_comma(reader *r)
{
    char room[64], hint[FR_HINT_ROOM];
    return fr_lex_fail(&r->lexer, r->lexer.token.start, hint_between(r, hint), "expected ',' between columns, found %s",
                       fr_lex_found(&r->lexer, room));
}

/* What may have been meant where a column should be: select -id, !id, * */
static const char *hint_instead(const reader *r)
{
    if ((r->allow & FR_LIST_SELECTORS) && fr_lex_is(&r->lexer, "-")) return "except(name) leaves columns out";
    if ((r->allow & FR_LIST_SELECTORS) && fr_lex_is(&r->lexer, "*")) return "write all()";
    if (fr_lex_is(&r->lexer, "(") || fr_lex_is(&r->lexer, "[")) return "columns are listed without brackets: a, b";
    if ((r->allow & FR_LIST_DIRECTIONS) && fr_lex_is(&r->lexer, "+")) return "ascending needs no sign";
    return "odd names are written in backticks";
}

static bool read_item(reader *r)
{
    char room[64];
    fr_list_item item = { .field = -1 };
    size_t position = r->lexer.token.start;
    if ((r->allow & FR_LIST_DIRECTIONS) && fr_lex_is(&r->lexer, "-")) {
        item.direction = -1;
        if (!fr_lex_next(&r->lexer)) return false;
    }
    fr_token t = r->lexer.token;
    if (t.kind != FR_TOKEN_NAME && t.kind != FR_TOKEN_QUOTED)
        return fr_lex_fail(&r->lexer, t.start, hint_instead(r), "expected a column, found %s",
                           fr_lex_found(&r->lexer, room));
    if (!fr_lex_next(&r->lexer)) return false;
    if (t.kind == FR_TOKEN_NAME && fr_lex_is(&r->lexer, "(")) {
        if (!(r->allow & FR_LIST_SELECTORS))
            return fr_lex_fail(&r->lexer, t.start, NULL, "selectors have no place here");
        memset(r->picked, 0, r->schema->width * sizeof *r->picked);
        return fr_lex_next(&r->lexer) && read_selector(r, &t, r->picked, 0) && read_tail(r, &item, false) &&
               add_picked(r, item, position);
    }
    if (fr_lex_is(&r->lexer, "=")) return no_comma(r);       /* whether or not the name before it is a column */
    item.field = find_field(r, &t);
    if (item.field == -2) return false;
    item.name =
        item.field >= 0 ? r->schema->fields[item.field].name : fr_arena_text(r->call, r->out->arena, t.text, t.length);
    if (!item.name || !read_tail(r, &item, true)) return false;
    if (r->lexer.token.kind != FR_TOKEN_END && !fr_lex_is(&r->lexer, ",")) return no_comma(r);   /* a * 2: not a, twice */
    return add_item(r, item, position);
}

static bool read_items(reader *r)
{
    while (r->lexer.token.kind != FR_TOKEN_END) {
        if (!read_item(r)) return false;
        if (r->lexer.token.kind == FR_TOKEN_END) return true;
        if (!fr_lex_is(&r->lexer, ",")) return no_comma(r);
        if (!fr_lex_next(&r->lexer)) return false;
    }
    return true;
}

static bool read_list(reader *r, const char *text, bool all_when_empty)
{
    size_t width = r->schema->width;
    r->seen = fr_arena_array(r->call, r->out->arena, width, sizeof *r->seen);
    r->picked = r->seen ? fr_arena_array(r->call, r->out->arena, width, sizeof *r->picked) : NULL;
    r->out->items = r->picked ? fr_new_array(r->call, 0, sizeof *r->out->items) : NULL;
    const size_t n = strlen(text), bad = fr_utf8_check(text, n);
    if (!r->out->items) return false;
    if (bad < n)
        return fr_fail_at(r->call, fr_place_at(.source = text, .position = (int64_t)bad), FR_ERR_SYNTAX,
                          "the text is not valid UTF-8");
    if (!fr_lex_begin(&r->lexer, r->call, r->out->arena, text, 0, n)) return false;
    if (r->lexer.token.kind != FR_TOKEN_END || !all_when_empty) return read_items(r);
    memset(r->picked, true, width * sizeof *r->picked);
    return add_picked(r, (fr_list_item){ .field = -1 }, 0);
}

bool fr_list_parse(fr_call *call, const char *text, const fr_schema *schema, unsigned allow, bool all_when_empty,
                   fr_list *out)
{
    *out = (fr_list){ .context = call->context };
    out->arena = fr_new(call, sizeof *out->arena);
    if (!out->arena) return false;
    fr_arena_init(out->arena, call->context);
    reader r = { .call = call, .schema = schema, .allow = allow, .out = out };
    if (read_list(&r, text ? text : "", all_when_empty)) return true;
    fr_list_clear(out);
    return false;
}

bool fr_list_parse_told(fr_call *call, const char *text, const fr_schema *schema, unsigned allow, bool all_when_empty,
                        fr_list *out)
{
    if (!fr_list_parse(call, text, schema, allow, all_when_empty, out)) return false;
    if (out->unmatched) fr_warn(call, "no column fits %s", out->unmatched);
    return true;
}

void fr_list_clear(fr_list *list)
{
    fr_free_array(list->context, list->items, list->room, sizeof *list->items);
    if (list->arena) {
        fr_arena_clear(list->arena);
        fr_free(list->context, list->arena, sizeof *list->arena);
    }
    *list = (fr_list){ .context = list->context };
}

bool fr_text_add_name(fr_call *call, fr_text *text, const char *name)
{
    if (!fr_text_add(call, text, "`")) return false;
    for (const char *c = name; *c; c++)
        if ((*c == '`' && !fr_text_add(call, text, "`")) || !fr_text_append(call, text, c, 1)) return false;
    return fr_text_add(call, text, "`");
}
