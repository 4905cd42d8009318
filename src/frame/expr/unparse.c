/* unparse.c — tree → text again: normal form, and quoting for generated code.
 *
 * The text of a tree parses to the same tree. Operators stand infix with one blank on each side, brackets only where
 * the ranks of parse.c ask for them, names in backticks only where they are no plain words, bound parameters as their
 * values.
 */
#include "base/number.h"
#include "expr/literals.h"
#include "expr/tree.h"

#include <frame/expr.h>

#include <stdio.h>
#include <string.h>

static bool is_plain_name(const char *name, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)name[i];
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z' && c < 0x80;
        if (!letter && c != '_' && c < 0x80 && !(i && c >= '0' && c <= '9')) return false;
    }
    return n && !fr_word_is_reserved(name, n);
}

/* Writes text between quotes; what does not fit is counted but not written. → full length */
static size_t quote(const char *text, char mark, char *out, size_t n)
{
    size_t at = 0;
#define PUT(c) do { if (at + 1 < n) out[at] = (c); at++; } while (0)
    PUT(mark);
    for (; *text; text++) {
        char c = *text;
        if (mark == '`') {
            if (c == '`') PUT('`');
            PUT(c);
            continue;
        }
        if (c == '\n' || c == '\t' || c == '\r') {
            PUT('\\');
            PUT(c == '\n' ? 'n' : c == '\t' ? 't' : 'r');
        } else {
            if (c == mark || c == '\\') PUT('\\');
            PUT(c);
        }
    }
    PUT(mark);
#undef PUT
    if (n) out[at < n ? at : n - 1] = 0;
    return at;
}

size_t fr_quote(const char *name, char *out, size_t n)
{
    if (!name) name = "";
    if (!is_plain_name(name, strlen(name))) return quote(name, '`', out, n);
    return (size_t)snprintf(n ? out : NULL, n, "%s", name);
}

size_t fr_quote_text(const char *text, char *out, size_t n)
{
    return quote(text ? text : "", '\'', out, n);
}

static bool add_quoted(fr_call *call, fr_text *out, const char *text, size_t (*how)(const char *, char *, size_t))
{
    size_t n = how(text, NULL, 0);
    char *room = fr_new(call, n + 1);
    if (!room) return false;
    (void)how(text, room, n + 1);
    bool ok = fr_text_append(call, out, room, n);
    fr_free(call->context, room, n + 1);
    return ok;
}

static bool add_value(fr_call *call, const fr_node *node, fr_text *out)
{
    const fr_value *v = &node->value;
    char room[FR_MOMENT_ROOM];
    if (!v->valid) return fr_text_add(call, out, "null");
    if (node->written) return fr_text_add(call, out, node->written);
    switch ((fr_kind)v->kind) {
    case FR_BOOL: return fr_text_add(call, out, v->as.i ? "true" : "false");
    case FR_I8: case FR_I16: case FR_I32: case FR_I64: return fr_text_format(call, out, "%lld", (long long)v->as.i);
    case FR_U8:
    case FR_U16:
    case FR_U32:
    case FR_U64: return fr_text_format(call, out, "%llu", (unsigned long long)v->as.u);
    case FR_F32: case FR_F64: return fr_text_append(call, out, room, fr_write_literal_f64(v->as.f, room));
    case FR_STR: return add_quoted(call, out, v->as.s, fr_quote_text);
    case FR_DATE: case FR_TIME: case FR_DATETIME: case FR_DURATION:
        return fr_text_append(call, out, room, fr_write_moment(v, room));
    default: return fr_text_add(call, out, "?");
    }
}

static bool add_node(fr_call *call, const fr_node *node, int least, fr_text *out);

static bool add_items(fr_call *call, const fr_node *node, size_t first, fr_text *out)
{
    for (size_t i = first; i < node->n_args; i++) {
        if (i > first && !fr_text_add(call, out, ", ")) return false;
        const char *keyword = node->arg_names ? node->arg_names[i] : NULL;
        if (keyword && !fr_text_format(call, out, "%s = ", keyword)) return false;
        if (!add_node(call, node->args[i], 0, out)) return false;
    }
    return true;
}

/* What stands between the operands, NULL for a function. */
static int rank_of(const fr_node *node)
{
    if (!strcmp(node->name, "is_null") || !strcmp(node->name, "is_not_null"))
        return node->n_args == 1 && !node->arg_names ? fr_operator_rank("==") : 0;
    if (!strcmp(node->name, "if")) return -1;
    return fr_operator_rank(node->name);
}

static bool add_operator(fr_call *call, const fr_node *node, int rank, fr_text *out)
{
    const char *name = node->name;
    bool power = !strcmp(name, "**");
    if (!strcmp(name, "not")) return fr_text_add(call, out, "not ") && add_node(call, node->args[0], rank, out);
    if (!strcmp(name, "neg")) return fr_text_add(call, out, "-") && add_node(call, node->args[0], rank + 1, out);
    bool left = rank > fr_operator_rank("==") && !power;                  /* a - b - c is (a - b) - c */
    if (!strcmp(name, "if"))
        return add_node(call, node->args[1], 1, out) && fr_text_add(call, out, " if ") &&
               add_node(call, node->args[0], 1, out) && fr_text_add(call, out, " else ") &&
               add_node(call, node->args[2], -1, out);
    if (!add_node(call, node->args[0], left ? rank : rank + 1, out)) return false;
    if (!strcmp(name, "is_null")) return fr_text_add(call, out, " is null");
    if (!strcmp(name, "is_not_null")) return fr_text_add(call, out, " is not null");
    if (!strcmp(name, "between"))
        return fr_text_add(call, out, " between ") && add_node(call, node->args[1], rank + 1, out) &&
               fr_text_add(call, out, " and ") && add_node(call, node->args[2], rank + 1, out);
    for (size_t i = 1; i < node->n_args; i++)
        if (!fr_text_format(call, out, " %s ", name) ||
            !add_node(call, node->args[i], power ? fr_operator_rank("neg") : rank + 1, out))
            return false;
    return true;
}

static bool add_over(fr_call *call, const fr_node *node, fr_text *out)
{
    if (!fr_text_add(call, out, " over (")) return false;
    for (size_t i = 0; i < node->n_keys; i++)
        if ((i && !fr_text_add(call, out, ", ")) || !add_node(call, node->keys[i], 0, out)) return false;
    return fr_text_add(call, out, ")");
}

/* "x.name", which may be a field, and so is never written name(x). */
static bool is_dotted(const fr_node *node)
{
    return node->kind == FR_NODE_CALL && node->dotted && !node->over && node->args[0]->kind != FR_NODE_VALUE;
}

static bool add_dotted(fr_call *call, const fr_node *node, fr_text *out)
{
    const fr_node *of = node->args[0];
    const bool brackets = of->kind == FR_NODE_CALL && (rank_of(of) || (is_dotted(of) && fr_word_is_accessor(of->name)));
    return (!brackets || fr_text_add(call, out, "(")) && add_node(call, of, -1, out) &&
           fr_text_format(call, out, brackets ? ").%s" : ".%s", node->name);
}

static bool add_node(fr_call *call, const fr_node *node, int least, fr_text *out)
{
    if (is_dotted(node)) return add_dotted(call, node, out);
    if (node->kind == FR_NODE_VALUE) {
        bool brackets = node->written && node->written[0] == '-' && least > fr_operator_rank("neg");
        return (!brackets || fr_text_add(call, out, "(")) && add_value(call, node, out) &&
               (!brackets || fr_text_add(call, out, ")"));
    }
    if (node->kind == FR_NODE_NAME) return add_quoted(call, out, node->name, fr_quote);
    if (!strcmp(node->name, "list"))
        return fr_text_add(call, out, "[") && add_items(call, node, 0, out) && fr_text_add(call, out, "]");
    int rank = rank_of(node);
    if (!rank)
        return fr_text_format(call, out, "%s(", node->name) && add_items(call, node, 0, out) &&
               fr_text_add(call, out, ")") && (!node->over || add_over(call, node, out));
    bool brackets = rank < least;
    return (!brackets || fr_text_add(call, out, "(")) && add_operator(call, node, rank, out) &&
           (!brackets || fr_text_add(call, out, ")"));
}

bool fr_node_text(fr_call *call, const fr_node *node, fr_text *out)
{
    return add_node(call, node, -1, out);
}

bool fr_expr_text(fr_call *call, const fr_expr *expr, char **out)
{
    FR_CLEANUP(fr_text_clear) fr_text text = FR_TEXT_INIT(call);
    if (!fr_node_text(call, expr->root, &text)) return false;
    *out = fr_copy_text(call, text.bytes);
    return *out != NULL;
}
