/* template_run.c — walking the nodes with data: scopes, loops, partials, and every value escaped where it stands.
 *
 * Steps are counted, so that nested loops over large frames end with an error rather than never.
 */
#include "template_inside.h"

#include <frame/print.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "html_text.h"

enum { MOST_OUTPUT = 16 << 20, MOST_STEPS = 4 << 20, MOST_PARTIALS = 8 };

typedef struct scope {
    fr_item item;
    int64_t index, count;             /* in a loop: from 1 */
} scope;

struct fr_template_scopes {
    scope  list[FR_TEMPLATE_DEPTH * 2];
    size_t depth;
};

typedef struct runner {
    const fr_template     *t;
    const fr_template_run *run;
    fr_ink                *out;
    fr_trouble            *trouble;
    fr_template_scopes     scopes;
    size_t                 partials, most;
    int64_t                steps;
} runner;

/* ---- items ------------------------------------------------------------------------------------------------------- */
static bool value_is_there(fr_value v)
{
    if (!v.valid) return false;
    if (v.kind == FR_STR || v.kind == FR_CAT) return v.length > 0;
    if (v.kind == FR_F32 || v.kind == FR_F64) return v.as.f == v.as.f && v.as.f != 0;
    if (v.kind == FR_DECIMAL) return v.as.decimal.low || v.as.decimal.high;
    return (v.kind > FR_U64) || v.as.i != 0;
}

static fr_value cell_of(const fr_item *item)
{
    return fr_get_at(item->as.rows.frame, item->as.rows.row, item->as.rows.column);
}

bool fr_item_is_there(const fr_item *item)
{
    switch (item->kind) {
    case FR_ITEM_NONE: return false;
    case FR_ITEM_VALUE: return value_is_there(item->as.value);
    case FR_ITEM_CELL: return value_is_there(cell_of(item));
    case FR_ITEM_ROWS: return fr_length(item->as.rows.frame) > 0;
    case FR_ITEM_LIST: return item->as.list.n > 0;
    case FR_ITEM_MARKUP: return item->as.markup.n > 0;
    default: return true;
    }
}

size_t fr_item_write(const fr_item *item, fr_numeral_format format, char *out, size_t n)
{
    switch (item->kind) {
    case FR_ITEM_VALUE: return fr_numeral_text(item->as.value, format, out, n);
    case FR_ITEM_CELL:
        return fr_numeral_cell(item->as.rows.frame, item->as.rows.row, item->as.rows.column, format, out, n);
    case FR_ITEM_NONE: return fr_numeral_text(fr_v_null(), format, out, n);
    default: break;
    }
    if (n) *out = 0;
    return 0;
}

/* ---- paths ------------------------------------------------------------------------------------------------------- */
static bool same(const char *a, size_t n, const char *b) { return strlen(b) == n && !memcmp(a, b, n); }

static bool whole(const char *text, size_t n, size_t *out)
{
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9' || *out > SIZE_MAX / 20) return false;
        *out = 10 * *out + (size_t)(text[i] - '0');
    }
    return n > 0;
}

static bool column_called(const fr_frame *frame, const char *name, size_t n, size_t *column)
{
    for (*column = 0; *column < fr_width(frame); ++*column)
        if (same(name, n, fr_name(frame, *column))) return true;
    return false;
}

static bool in_map(const fr_item *map, const char *name, size_t n, fr_item *out)
{
    for (size_t i = 0; i < map->as.map.n; i++)
        if (same(name, n, map->as.map.names[i])) return *out = map->as.map.items[i], true;
    return false;
}

static bool in_row(const fr_item *row, const char *name, size_t n, fr_item *out)
{
    size_t column;
    if (!column_called(row->as.rows.frame, name, n, &column)) return false;
    *out = *row;
    out->kind = FR_ITEM_CELL;
    out->as.rows.column = column;
    return true;
}

/* rows, columns, first, last, a number from 1, or a column of the only row. */
static bool in_rows(const fr_item *rows, const char *name, size_t n, fr_item *out)
{
    int64_t length = fr_length(rows->as.rows.frame);
    size_t number;
    *out = *rows;
    out->kind = FR_ITEM_ROW;
    if (length == 1 && in_row(out, name, n, out)) return true;
    if (same(name, n, "rows")) return *out = fr_item_value(fr_v_i64(length)), true;
    if (same(name, n, "columns")) return *out = fr_item_value(fr_v_i64((int64_t)fr_width(rows->as.rows.frame))), true;
    if (same(name, n, "first")) out->as.rows.row = 0;
    else if (same(name, n, "last")) out->as.rows.row = length - 1;
    else if (whole(name, n, &number)) out->as.rows.row = (int64_t)number - 1;
    else return false;
    if (out->as.rows.row < 0 || out->as.rows.row >= length) out->kind = FR_ITEM_NONE;
    return true;
}

static bool in_list(const fr_item *list, const char *name, size_t n, fr_item *out)
{
    size_t number, length = list->as.list.n;
    if (same(name, n, "length")) return *out = fr_item_value(fr_v_i64((int64_t)length)), true;
    if (same(name, n, "first")) number = 1;
    else if (same(name, n, "last")) number = length;
    else if (!whole(name, n, &number)) return false;
    *out = number >= 1 && number <= length ? list->as.list.items[number - 1] : (fr_item){ .kind = FR_ITEM_NONE };
    return true;
}

static bool step_into(const fr_item *from, const char *name, size_t n, fr_item *out)
{
    fr_item found;
    bool there = from->kind == FR_ITEM_MAP ? in_map(from, name, n, &found) : from->kind == FR_ITEM_ROW
               ? in_row(from, name, n, &found) : from->kind == FR_ITEM_ROWS ? in_rows(from, name, n, &found)
               : from->kind == FR_ITEM_LIST && in_list(from, name, n, &found);
    if (there) *out = found;
    return there;
}

/* The first name of a path: the innermost scope that has it. */
static bool in_scopes(const fr_template_scopes *scopes, const char *name, size_t n, fr_item *out)
{
    const scope *inner = &scopes->list[scopes->depth - 1];
    if (same(name, n, ".")) return *out = inner->item, true;
    for (size_t i = scopes->depth; name[0] == '@' && i-- > 0;) {
        const scope *s = &scopes->list[i];
        if (!s->count) continue;
        if (same(name, n, "@index")) return *out = fr_item_value(fr_v_i64(s->index)), true;
        if (same(name, n, "@first")) return *out = fr_item_value(fr_v_bool(s->index == 1)), true;
        if (same(name, n, "@last")) return *out = fr_item_value(fr_v_bool(s->index == s->count)), true;
    }
    for (size_t i = scopes->depth; i-- > 0;)
        if (scopes->list[i].item.kind != FR_ITEM_ROWS && step_into(&scopes->list[i].item, name, n, out)) return true;
    return false;
}

/* A part of a path ends at a point; `odd names` stand in backticks. */
static size_t part_of(const char *text, size_t n, const char **name, size_t *n_name)
{
    if (n && text[0] == '`') {
        const char *end = memchr(text + 1, '`', n - 1);
        if (!end) return 0;
        *name = text + 1;
        *n_name = (size_t)(end - text - 1);
        return *n_name + 2;
    }
    const char *point = n ? memchr(text, '.', n) : NULL;
    *name = text;
    *n_name = point ? (size_t)(point - text) : n;
    return *n_name;
}

bool fr_template_find(const fr_template_scopes *scopes, const char *text, size_t n, fr_item *out)
{
    const char *name;
    size_t n_name, used;
    if (same(text, n, ".")) return in_scopes(scopes, text, n, out);
    used = part_of(text, n, &name, &n_name);
    if (!used || !in_scopes(scopes, name, n_name, out)) return false;
    while (used < n) {
        size_t more = text[used] == '.' ? part_of(text + used + 1, n - used - 1, &name, &n_name) : 0;
        if (!more) return false;
        if (out->kind == FR_ITEM_NONE) return true;                   /* nothing has no parts, and that is no error */
        if (!step_into(out, name, n_name, out)) return false;
        used += 1 + more;
    }
    return true;
}

static bool resolve(runner *r, const fr_node *node, fr_item *out)
{
    bool found = false;
    fr_expression expression = { node->text, node->n, { r->t->file, r->t->source, node->offset } };
    if (r->run->resolve && !r->run->resolve(r->run->user, &r->scopes, &expression, out, &found, r->trouble)) return false;
    if (found || fr_template_find(&r->scopes, node->text, node->n, out)) return true;
    return fr_troubled_at(r->trouble, expression.place, FR_ERR_NOT_FOUND, "there is no '%.*s' here",
                          (int)(node->n < 80 ? node->n : 80), node->text);
}

/* ---- values ------------------------------------------------------------------------------------------------------ */
static bool refused(runner *r, const fr_node *node, const char *what)
{
    return fr_troubled_at(r->trouble, (fr_spot){ r->t->file, r->t->source, node->offset }, FR_ERR_TYPE, "%.*s is %s",
                          (int)(node->n < 80 ? node->n : 80), node->text, what);
}

static bool put_markup(runner *r, const fr_node *node, fr_markup markup)
{
    fr_html_where where = node->state.where;
    if (r->t->mode != FR_TEMPLATE_HTML) return refused(r, node, "markup, and this is no HTML");
    if (where != FR_HTML_TEXT && where != FR_HTML_STYLE) return refused(r, node, "markup and may stand between elements only");
    fr_put(r->out, markup.html, markup.n);
    return true;
}

static void put_address(runner *r, const char *text, size_t n)
{
    if (fr_url_is_harmless(text, n)) fr_put_text_n(r->out, text, n);
    else fr_puts(r->out, "#");
}

static bool put_escaped(runner *r, const fr_node *node, const char *text, size_t n)
{
    bool quoted = node->state.where == FR_HTML_QUOTED || node->state.where == FR_HTML_SINGLE;
    if (r->t->mode != FR_TEMPLATE_HTML) {
        if (r->run->put) r->run->put(r->run->user, r->out, text, n);
        else fr_put(r->out, text, n);
    } else if (node->state.where == FR_HTML_STYLE) return refused(r, node, "data, and data may not stand in a style sheet");
    else if (quoted && node->state.is_url && !node->state.safe_start) put_address(r, text, n);
    else fr_put_text_n(r->out, text, n);
    return true;
}

static bool put_value(runner *r, const fr_node *node)
{
    fr_item item;
    size_t n;
    if (!resolve(r, node, &item)) return false;
    if (item.kind == FR_ITEM_MARKUP) return put_markup(r, node, item.as.markup);
    if (item.kind == FR_ITEM_ROWS) return refused(r, node, "a whole table; name a column, or use {{#each}}");
    if (item.kind >= FR_ITEM_ROW) return refused(r, node, "no single value");
    const char *text = fr_filters_apply(node, &item, r->run->room, &n);
    return text ? put_escaped(r, node, text, n) : fr_out_of_memory(r->trouble);
}

/* ---- sections ---------------------------------------------------------------------------------------------------- */
static bool walk(runner *r, size_t from, size_t to);

static bool walk_in(runner *r, const fr_node *node, size_t first, scope s)
{
    if (r->scopes.depth == FR_TEMPLATE_DEPTH * 2) return refused(r, node, "too deep");
    r->scopes.list[r->scopes.depth++] = s;
    bool fine = walk(r, first, node->other);
    r->scopes.depth--;
    return fine;
}

static bool each(runner *r, const fr_node *node, size_t first, const fr_item *item)
{
    bool rows = item->kind == FR_ITEM_ROWS, list = item->kind == FR_ITEM_LIST;
    int64_t count = rows ? fr_length(item->as.rows.frame) : list ? (int64_t)item->as.list.n : 1;
    for (int64_t i = 0; i < count; i++) {
        scope s = { *item, i + 1, rows || list ? count : 0 };
        if (rows) s.item.kind = FR_ITEM_ROW, s.item.as.rows.row = i;
        if (list) s.item = item->as.list.items[i];
        if (!walk_in(r, node, first, s)) return false;
    }
    return true;
}

static bool section(runner *r, size_t index)
{
    const fr_node *node = &r->t->nodes[index];
    fr_item item;
    if (!resolve(r, node, &item)) return false;
    bool there = fr_item_is_there(&item);
    if (node->kind == FR_NODE_NOT ? there : !there) return walk(r, node->other, node->end);
    return node->kind == FR_NODE_EACH ? each(r, node, index + 1, &item) : walk(r, index + 1, node->other);
}

static bool partial(runner *r, const fr_node *node)
{
    char name[80];
    snprintf(name, sizeof name, "%.*s", (int)(node->n < 79 ? node->n : 79), node->text);
    const char *source = r->run->partial ? r->run->partial(r->run->user, name) : NULL;
    if (!source) return refused(r, node, "the name of no partial");
    if (r->partials == MOST_PARTIALS) return refused(r, node, "a partial within partials, too deep");
    const fr_template *outer = r->t, *inner =
        fr_template_parse(source, strlen(source), name, outer->mode, r->run->room, r->trouble);
    if (!inner) return false;
    r->partials++;
    r->t = inner;
    bool fine = walk(r, 0, inner->n_nodes);
    r->t = outer;
    r->partials--;
    return fine;
}

static bool one_node(runner *r, size_t *index)
{
    const fr_node *node = &r->t->nodes[*index];
    switch (node->kind) {
    case FR_NODE_TEXT: fr_put(r->out, node->text, node->n); break;
    case FR_NODE_VALUE: if (!put_value(r, node)) return false; break;
    case FR_NODE_PARTIAL: if (!partial(r, node)) return false; break;
    default:
        if (!section(r, *index)) return false;
        *index = node->end;
        return true;
    }
    ++*index;
    return true;
}

static bool walk(runner *r, size_t from, size_t to)
{
    for (size_t i = from; i < to;) {
        if (++r->steps > MOST_STEPS || r->out->n > r->most)
            return fr_troubled(r->trouble, FR_ERR_LIMIT, "%s: more than %zu bytes or %d steps of output", r->t->file, r->most,
                               MOST_STEPS);
        if (!one_node(r, &i)) return false;
    }
    return true;
}

bool fr_template_write(const fr_template *template_, const fr_template_run *run, fr_ink *out, fr_trouble *trouble)
{
    runner *r = fr_store_take(run->room, 1, sizeof *r);
    if (!r) return fr_out_of_memory(trouble);
    *r = (runner){ .t = template_, .run = run, .out = out, .trouble = trouble,
                   .most = run->most_bytes ? run->most_bytes : MOST_OUTPUT };
    r->scopes.list[0].item = *run->data;
    r->scopes.depth = 1;
    bool fine = walk(r, 0, template_->n_nodes);
    return fine && !out->room->failed ? true : fr_out_of_memory(trouble);
}
