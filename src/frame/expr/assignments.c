/* assignments.c — "revenue = quantity * price; month = date.dt.month" → names and expressions.
 *
 * Statements end at `;`, `,` or the end of a line (outside brackets). One without a name is named after what it computes:
 * a column keeps its name, and a field (`address.city`) its own, `sum(x)` becomes sum_x, `size()` size; anything else must
 * be named. Errors point into the whole text, not into the statement.
 */
#include "expr/lex.h"
#include "expr/tree.h"
#include "expr/typed.h"

#include <string.h>

typedef struct span { size_t start, end; } span;

/* A statement from `start` of a text of n bytes: its end, and where the next one begins. */
static bool find_end(fr_call *call, fr_arena *arena, const char *text, size_t start, size_t n, size_t *end, size_t *next)
{
    fr_lexer lexer;
    size_t depth = 0, last = start;
    if (!fr_lex_begin(&lexer, call, arena, text, start, n)) return false;
    bool first = true;
    while (lexer.token.kind != FR_TOKEN_END) {
        if (!depth && !first && lexer.token.after_newline) break;
        if (!depth && (fr_lex_is(&lexer, ";") || fr_lex_is(&lexer, ","))) {
            *end = last;
            *next = lexer.token.end;
            return true;
        }
        if (fr_lex_is(&lexer, "(") || fr_lex_is(&lexer, "[")) depth++;
        if ((fr_lex_is(&lexer, ")") || fr_lex_is(&lexer, "]")) && depth) depth--;
        last = lexer.token.end;
        first = false;
        if (!fr_lex_next(&lexer)) return false;
    }
    *end = last;
    *next = lexer.token.start;
    return true;
}

/* "name =" at the start: the name, and where the expression begins. */
static bool read_target(fr_call *call, fr_arena *arena, const char *text, span *statement, const char **name)
{
    fr_lexer lexer;
    *name = NULL;
    if (!fr_lex_begin(&lexer, call, arena, text, statement->start, statement->end)) return false;
    fr_token t = lexer.token;
    if (t.kind != FR_TOKEN_NAME && t.kind != FR_TOKEN_QUOTED) return true;
    if (!fr_lex_next(&lexer)) return false;
    if (!fr_lex_is(&lexer, "=")) return true;
    if (t.kind == FR_TOKEN_NAME && fr_word_is_reserved(t.text, t.length))
        return fr_lex_fail(&lexer, t.start, "write it in backticks", "'%s' is a word of the language", t.text);
    *name = t.text;
    statement->start = lexer.token.end;
    return true;
}

static bool is_text(const fr_node *node)
{
    return node->kind == FR_NODE_VALUE && node->value.valid && node->value.kind == FR_STR;
}

/* What a statement without a name is called, NULL when that is not clear. */
static char *natural_name(fr_call *call, fr_arena *arena, const fr_node *node)
{
    if (node->kind == FR_NODE_NAME) return fr_arena_format(call, arena, "%s", node->name);
    bool function = node->kind == FR_NODE_CALL && !fr_operator_rank(node->name);
    if (function && node->dotted && !fr_function_find(node->name, strlen(node->name)))
        return fr_arena_format(call, arena, "%s", node->name);
    if (function && !strcmp(node->name, "field") && node->n_args == 2 && is_text(node->args[1]))
        return fr_arena_format(call, arena, "%s", node->args[1]->value.as.s);
    if (function && node->n_args == 0) return fr_arena_format(call, arena, "%s", node->name);
    if (function && node->args[0]->kind == FR_NODE_NAME)
        return fr_arena_format(call, arena, "%s_%s", node->name, node->args[0]->name);
    return NULL;
}

/* Room for one more. */
static bool make_room(fr_call *call, fr_assignments *out)
{
    if (out->n < out->room) return true;
    const size_t room = 2 * out->room + 4;
    fr_expr **exprs = fr_new_array(call, room, sizeof *exprs);
    char **names = exprs ? fr_resize_array(call, out->names, out->room, room, sizeof *names) : NULL;
    if (!names) return fr_free_array(call->context, exprs, room, sizeof *exprs), false;
    if (out->n) memcpy(exprs, out->exprs, out->n * sizeof *exprs);
    fr_free_array(call->context, out->exprs, out->room, sizeof *exprs);
    out->names = names;
    out->exprs = exprs;
    out->room = room;
    return true;
}

static bool add_assignment(fr_call *call, fr_assignments *out, const char *name, fr_expr *expr)
{
    if (!make_room(call, out)) return false;
    out->exprs[out->n] = expr;
    return (out->names[out->n++] = fr_copy_text(call, name)) != NULL;
}

static bool read_statement(fr_call *call, fr_arena *arena, const char *text, span statement, const fr_value *bind,
                           size_t n_bind, fr_assignments *out)
{
    const char *name;
    size_t start = statement.start;
    if (!read_target(call, arena, text, &statement, &name)) return false;
    fr_expr *expr = fr_expr_parse_part(call, text, statement.start, statement.end, bind, n_bind,
                                       out->n ? out->exprs[0] : NULL);
    if (!expr) return false;
    if (!name && !(name = natural_name(call, arena, expr->root))) {
        fr_expr_unref(expr);
        return fr_fail_at(call, fr_place_at(.source = text, .position = (int64_t)start, .hint = "write 'name = …'"),
                          FR_ERR_SYNTAX, "the result needs a name");
    }
    const bool alone = start == statement.start && expr->root->kind == FR_NODE_NAME;
    if (alone && !out->alone) out->alone = 1 + start;
    size_t before = out->n;
    if (add_assignment(call, out, name, expr)) return true;
    if (out->n == before) fr_expr_unref(expr);
    return false;
}

static size_t skip_empty(const char *text, size_t at)
{
    return at + strspn(text + at, " \t\r\n;,");
}

static bool read_statements(fr_call *call, const char *text, const fr_value *bind, size_t n_bind, fr_assignments *out)
{
    FR_CLEANUP(fr_arena_clear) fr_arena arena;
    fr_arena_init(&arena, call->context);
    const size_t n = strlen(text);
    for (size_t at = skip_empty(text, 0), end, next; text[at]; at = skip_empty(text, next)) {
        if (!find_end(call, &arena, text, at, n, &end, &next)) return false;
        if (!read_statement(call, &arena, text, (span){ at, end }, bind, n_bind, out)) return false;
    }
    return true;
}

bool fr_assignments_parse(fr_call *call, const char *text, const fr_value *bind, size_t n_bind, fr_assignments *out)
{
    *out = (fr_assignments){ .context = call->context };
    out->names = fr_new_array(call, 0, sizeof *out->names);
    out->exprs = out->names ? fr_new_array(call, 0, sizeof *out->exprs) : NULL;
    if (out->exprs && read_statements(call, text ? text : "", bind, n_bind, out)) return true;
    fr_assignments_clear(out);
    return false;
}

void fr_assignments_clear(fr_assignments *assignments)
{
    for (size_t i = 0; i < assignments->n; i++) {
        fr_free_text(assignments->context, assignments->names[i]);
        fr_expr_unref(assignments->exprs[i]);
    }
    fr_free_array(assignments->context, assignments->names, assignments->room, sizeof *assignments->names);
    fr_free_array(assignments->context, assignments->exprs, assignments->room, sizeof *assignments->exprs);
    *assignments = (fr_assignments){ .context = assignments->context };
}
