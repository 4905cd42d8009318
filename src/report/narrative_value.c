/* narrative_value.c — what stands in braces in a report's text.
 *
 *     {{ sales.rows }}                    rows of a frame
 *     {{ total.revenue }}                 the cell of a frame of one row
 *     {{ sales.revenue.sum }}             an aggregate of a column: also sum(sales.revenue)
 *     {{ top.first.product }}             a cell of the first row (last, 1, 2 …)
 *     {{ (now.revenue - then.revenue) / then.revenue | percent }}
 *     {{#if sales.quantity.min < 0}} … {{/if}}
 *
 * References are computed first; what is more than one reference is then an expression of docs/expressions.md, in which
 * they stand as $1, $2 …. So a sentence never does arithmetic of its own, and money stays decimal.
 */
#include "narrative_inside.h"

#include <frame/expr.h>
#include <frame/steps.h>

#include <stdio.h>
#include <string.h>

enum { MOST_BINDS = 6, NAME_ROOM = 512 };

typedef struct name {
    const char *text;
    size_t      n;
} name;

/* An expression being rewritten: its references are $1, $2 … */
typedef struct rewriting {
    fr_narrative             *n;
    const fr_template_scopes *scopes;
    const fr_expression      *expression;
    fr_ink                   *out;
    fr_item                   items[MOST_BINDS];
    size_t                    n_items;
    bool                      other;           /* something beside one reference */
} rewriting;

/* ---- words ------------------------------------------------------------------------------------------------------- */
static bool is(name word, const char *text) { return strlen(text) == word.n && !memcmp(word.text, text, word.n); }

static bool is_aggregate(name word)
{
    static const char *const names[] = { "count", "nunique", "sum", "prod", "mean", "min", "max", "first", "last", "any",
                                         "all", "mode", "median", "var", "std", "sem", "skew", "kurt" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (is(word, names[i])) return true;
    return false;
}

static bool is_reserved(name word)
{
    static const char *const names[] = { "and", "or", "not", "in", "is", "between", "null", "true", "false", "if", "else",
                                         "over", "as" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (is(word, names[i])) return true;
    return false;
}

static bool name_char(char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@' || (unsigned char)c >= 0x80 ||
           (!first && c >= '0' && c <= '9');
}

/* A name at text[at], plain or in backticks; the length used, 0 for none. */
static size_t read_word(const char *text, size_t n, size_t at, name *word, bool number_too)
{
    if (at < n && text[at] == '`') {
        const char *end = memchr(text + at + 1, '`', n - at - 1);
        if (!end) return 0;
        *word = (name){ text + at + 1, (size_t)(end - text) - at - 1 };
        return word->n + 2;
    }
    size_t i = at;
    while (i < n && name_char(text[i], i == at && !number_too)) i++;
    *word = (name){ text + at, i - at };
    return i - at;
}

/* ---- references -------------------------------------------------------------------------------------------------- */
static bool wrong(const rewriting *r, const char *what, name word)
{
    return fr_troubled_at(r->n->trouble, r->expression->place, FR_ERR_NOT_FOUND, "%s '%.*s'", what,
                          (int)(word.n < 80 ? word.n : 80), word.text);
}

static bool text_of(name word, char out[NAME_ROOM])
{
    bool fits = word.n < NAME_ROOM;
    if (fits) memcpy(out, word.text, word.n);
    out[fits ? word.n : 0] = 0;
    return fits;
}

/* An aggregate that was computed before: in a loop it is asked for once a row. */
struct fr_known {
    const fr_query *query;
    name            column, function;
    fr_item         item;
};

static bool same(name a, name b) { return a.n == b.n && !memcmp(a.text, b.text, a.n); }

static bool known(const fr_narrative *n, const fr_query *query, name column, name function, fr_item *out)
{
    for (size_t i = 0; i < n->n_known; i++)
        if (n->known[i].query == query && same(n->known[i].column, column) && same(n->known[i].function, function))
            return *out = n->known[i].item, true;
    return false;
}

static bool remember(fr_narrative *n, const fr_query *query, name column, name function, const fr_item *item)
{
    void *list = n->known;
    bool room = fr_store_grow(&n->store, &list, &n->known_space, n->n_known, sizeof *n->known);
    n->known = list;
    if (room) n->known[n->n_known++] = (struct fr_known){ query, column, function, *item };
    return room || fr_out_of_memory(n->trouble);
}

/* An aggregate of a column, exact, as a frame of one cell that the narrative keeps. */
static bool aggregate(rewriting *r, const fr_query *query, name column, name function, fr_item *out)
{
    if (known(r->n, query, column, function, out)) return true;
    char plain[NAME_ROOM], quoted[2 * NAME_ROOM], agg[3 * NAME_ROOM];
    if (!text_of(column, plain) || fr_find(query->frame, plain) < 0)
        return wrong(r, "the query has no column", column);
    fr_quote(plain, quoted, sizeof quoted);
    snprintf(agg, sizeof agg, "value = %.*s(%s)", (int)function.n, function.text, quoted);
    fr_frame *value = fr_pipe(query->frame, fr_group(.agg = agg));
    if (!fr_ok(value)) {
        char text[800];
        const fr_error_info *info = fr_error(value);
        snprintf(text, sizeof text, "%s", info && info->message ? info->message : "cannot be computed");
        fr_troubled_at(r->n->trouble, r->expression->place, fr_error_code(value), "%s", text);
        fr_unref(value);
        return false;
    }
    *out = (fr_item){ .kind = FR_ITEM_CELL, .as.rows = { value, 0, 0 } };
    return fr_narrative_keep(r->n, value) && remember(r->n, query, column, function, out);
}

/* A column of several rows is no value: say what could be meant. */
static bool which_row(const rewriting *r, const fr_query *query, name column)
{
    char plain[NAME_ROOM];
    if (!text_of(column, plain) || fr_find(query->frame, plain) < 0)
        return wrong(r, "the query has no column, and no row,", column);
    return fr_troubled_at(r->n->trouble, r->expression->place, FR_ERR_ARGUMENT,
                          "'%s' has %lld rows: write .%s.sum (mean, min, max, first …) or .first.%s", plain,
                          (long long)fr_length(query->frame), plain, plain);
}

/* What is called by a path of n parts, the first at `from`; *used is the text it takes. */
static bool reference(rewriting *r, size_t from, fr_item *out, bool *found, size_t *used)
{
    const char *text = r->expression->text;
    name parts[16];
    size_t ends[16] = { 0 }, count = 0, at = from, step;
    for (; count < 16 && (step = read_word(text, r->expression->n, at, &parts[count], count > 0)); count++) {
        at += step;
        ends[count] = at;
        if (at >= r->expression->n || text[at] != '.') { count++; break; }
        at++;
    }
    const fr_query *query = count > 1 ? fr_narrative_query(r->n, parts[0].text, parts[0].n) : NULL;
    *found = true;
    for (size_t k = count; k > 0; k--)                         /* the longest beginning that is a value */
        if (fr_template_find(r->scopes, text + from, ends[k - 1] - from, out) && out->kind < FR_ITEM_ROWS)
            return *used = ends[k - 1] - from, true;
    if (query && count > 2 && is_aggregate(parts[2]))
        return *used = ends[2] - from, aggregate(r, query, parts[1], parts[2], out);
    if (query) return which_row(r, query, parts[1]);
    *found = false;
    return true;
}

/* sum(sales.revenue): a name, a bracket, a path into a frame, a bracket. */
static bool call_of_reference(rewriting *r, size_t from, name function, fr_item *out, bool *found, size_t *used)
{
    const char *text = r->expression->text;
    size_t n = r->expression->n, at = from + function.n, step;
    name frame, column;
    *found = false;
    if (!is_aggregate(function) || at >= n || text[at] != '(') return true;
    at++;
    while (at < n && text[at] == ' ') at++;
    if (!(step = read_word(text, n, at, &frame, false))) return true;
    at += step;
    const fr_query *query = fr_narrative_query(r->n, frame.text, frame.n);
    if (!query || at >= n || text[at] != '.' || !(step = read_word(text, n, at + 1, &column, false))) return true;
    at += 1 + step;
    while (at < n && text[at] == ' ') at++;
    if (at >= n || text[at] != ')') return true;
    *found = true;
    *used = at + 1 - from;
    return aggregate(r, query, column, function, out);
}

/* ---- rewriting --------------------------------------------------------------------------------------------------- */
static bool bind(rewriting *r, const fr_item *item)
{
    if (r->n_items == MOST_BINDS)
        return fr_troubled_at(r->n->trouble, r->expression->place, FR_ERR_LIMIT,
                              "more than six references in one value: compute it in a query");
    r->items[r->n_items++] = *item;
    fr_putf(r->out, "$%zu", r->n_items);
    return true;
}

static size_t text_literal(const char *text, size_t n, size_t at)
{
    char quote = text[at];
    size_t i = at + 1;
    while (i < n && text[i] != quote) i += text[i] == '\\' && i + 1 < n ? 2 : 1;
    return (i < n ? i + 1 : n) - at;
}

static size_t number_literal(const char *text, size_t n, size_t at)
{
    size_t i = at;
    while (i < n && ((text[i] >= '0' && text[i] <= '9') || text[i] == '.' || text[i] == 'e' || text[i] == '_')) i++;
    return i - at;
}

static bool rewrite_word(rewriting *r, size_t *at, bool after_point)
{
    const char *text = r->expression->text;
    size_t n = r->expression->n, used = 0;
    name word;
    fr_item item;
    bool found = false;
    size_t step = read_word(text, n, *at, &word, false);
    bool called = *at + step < n && text[*at + step] == '(';
    if (!step) step = 1;
    else if (!after_point && called && !call_of_reference(r, *at, word, &item, &found, &used)) return false;
    else if (!after_point && !called && !is_reserved(word) && !reference(r, *at, &item, &found, &used)) return false;
    if (found) {
        *at += used;
        return bind(r, &item);
    }
    if (step && !after_point && !called && name_char(text[*at], true) && !is_reserved(word))
        return wrong(r, "there is nothing called", word);
    r->other = true;
    fr_put(r->out, text + *at, step);
    *at += step;
    return true;
}

static bool rewrite(rewriting *r)
{
    const char *text = r->expression->text;
    size_t n = r->expression->n;
    for (size_t at = 0; at < n;) {
        char c = text[at];
        size_t plain = c == '"' || c == '\'' ? text_literal(text, n, at) : c >= '0' && c <= '9' ? number_literal(text, n, at) : 0;
        if (plain) {
            r->other = true;
            fr_put(r->out, text + at, plain);
            at += plain;
        } else if (!rewrite_word(r, &at, at > 0 && text[at - 1] == '.')) return false;
    }
    return !r->out->room->failed || fr_out_of_memory(r->n->trouble);
}

static fr_value value_of(const fr_item *item)
{
    if (item->kind == FR_ITEM_VALUE) return item->as.value;
    if (item->kind != FR_ITEM_CELL) return fr_v_null();
    return fr_get_at(item->as.rows.frame, item->as.rows.row, item->as.rows.column);
}

static bool compute(rewriting *r, fr_item *out)
{
    int64_t one[] = { 1 };
    fr_auto(frame) base = fr_frame_from_arrays(1, &fr_array("value", FR_I64, one), 1, r->n->args->context);
    char *statement = fr_store_format(&r->n->store, "value = %s", r->out->bytes);
    if (!statement) return fr_out_of_memory(r->n->trouble);
    fr_step step = fr_with(statement);
    for (size_t i = 0; i < r->n_items; i++) step.args.with.bind[i] = value_of(&r->items[i]);
    fr_frame *value = fr_pipe(base, step);
    if (!fr_ok(value)) {
        const fr_error_info *info = fr_error(value);
        fr_troubled_at(r->n->trouble, r->expression->place, fr_error_code(value), "%.*s: %s",
                       (int)(r->expression->n < 80 ? r->expression->n : 80), r->expression->text,
                       info && info->message ? info->message : "cannot be computed");
        fr_unref(value);
        return false;
    }
    *out = (fr_item){ .kind = FR_ITEM_CELL, .as.rows = { value, 0, 0 } };
    return fr_narrative_keep(r->n, value);
}

/* A plain name of a scope (a frame in {{#each}}, a column of a row) is left to the template. */
static bool is_plain_path(const fr_template_scopes *scopes, const fr_expression *e)
{
    fr_item item;
    return fr_template_find(scopes, e->text, e->n, &item);
}

static bool resolve(void *user, const fr_template_scopes *scopes, const fr_expression *expression, fr_item *out, bool *found,
                    fr_trouble *trouble)
{
    fr_narrative *n = user;
    (void)trouble;                                             /* the narrative's own */
    *found = false;
    if (is_plain_path(scopes, expression)) return true;
    fr_ink text = { .room = &n->store };
    rewriting r = { .n = n, .scopes = scopes, .expression = expression, .out = &text };
    bool fine = rewrite(&r);
    if (fine && !r.other && r.n_items == 1) *out = r.items[0];
    else fine = fine && compute(&r, out);
    *found = fine;
    fr_ink_free(&text);
    return fine;
}

/* ---- values on their way into Markdown --------------------------------------------------------------------------- */
static void put(void *user, fr_ink *out, const char *text, size_t size)
{
    fr_narrative *n = user;
    void *values = n->values, *lengths = n->value_lengths;
    bool room = fr_store_grow(&n->store, &values, &n->value_space, n->n_values, sizeof *n->values);
    n->values = values;
    room = fr_store_grow(&n->store, &lengths, &n->length_space, n->n_values, sizeof *n->value_lengths) && room;
    n->value_lengths = lengths;
    if (!room) return;
    n->values[n->n_values] = text;
    n->value_lengths[n->n_values] = size;
    fr_putf(out, FR_MARK_VALUE "%zu" FR_MARK_END, n->n_values++);
}

static bool make_scope(fr_narrative *n, fr_item *scope)
{
    const char **names = fr_store_take(&n->store, n->n_queries + 1, sizeof *names);
    fr_item *items = fr_store_take(&n->store, n->n_queries + 1, sizeof *items);
    size_t count = 0;
    if (!names || !items) return fr_out_of_memory(n->trouble);
    for (size_t i = n->n_queries; i-- > 0;) {
        if (!n->queries[i].name || !n->queries[i].frame) continue;
        names[count] = n->queries[i].name;
        items[count++] = fr_item_rows(n->queries[i].frame);
    }
    *scope = (fr_item){ .kind = FR_ITEM_MAP };
    scope->as.map.names = names;
    scope->as.map.items = items;
    scope->as.map.n = count;
    return true;
}

bool fr_narrative_values(fr_narrative *n, fr_ink *markdown)
{
    fr_item scope;
    for (size_t i = 0; i < n->body; i++)
        if (n->text[i] != '\n') n->text[i] = ' ';                   /* the front matter is no text, and places stay */
    if (!make_scope(n, &scope)) return false;
    fr_template *t = fr_template_parse(n->text, n->n, n->args->file, FR_TEMPLATE_PLAIN, &n->store, n->trouble);
    fr_template_run run = { .data = &scope, .room = &n->store, .user = n, .resolve = resolve, .put = put };
    return t && fr_template_write(t, &run, markdown, n->trouble);
}
