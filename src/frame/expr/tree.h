/* tree.h — what the parser makes of an expression: names, values, and calls.
 *
 * Operators are calls whose name is the operator ("+", "and", "is_null"), so that three kinds of node say everything
 * and one table (functions.def.h) gives every call its meaning:
 *
 *     price * 1.19 > 10 and region in ("EU", "UK")
 *     and( >( *(price, 1.19), 10), in(region, list("EU", "UK")))
 *
 * The tree is immutable and knows no types; typecheck.c makes a typed tree of it for one schema.
 */
#ifndef FR_EXPR_TREE_H
#define FR_EXPR_TREE_H

#include "base/memory.h"
#include "expr/expr.h"

typedef enum fr_node_kind { FR_NODE_VALUE, FR_NODE_NAME, FR_NODE_CALL } fr_node_kind;

typedef struct fr_node fr_node;
struct fr_node {
    fr_node_kind kind;
    uint32_t     depth;           /* of the tree below, 1 for a leaf */
    int64_t      position;        /* byte of the token to blame */
    const char  *name;            /* column, function or operator */
    fr_value     value;
    const char  *written;         /* a number as it was written (a decimal is read from it exactly) */
    size_t       n_args;
    fr_node    **args;
    const char **arg_names;       /* NULL, or per argument its keyword or NULL */
    bool         dotted;          /* "x.name" without brackets: a function of x, or a field where x is a struct */
    bool         over;            /* "f(…) over keys"; no keys: all rows */
    size_t       n_keys;
    fr_node    **keys;
};

struct fr_expr {
    _Atomic(int64_t) refs;
    fr_context      *context;     /* owned reference */
    fr_arena         arena;       /* everything below lies in it */
    const char      *text;        /* the whole source, for error messages */
    fr_expr         *owner;       /* of the text, when that is another part of it; owned reference */
    const fr_node   *root;
};

/* One more owner. */
fr_expr *fr_expr_ref(const fr_expr *expr);

/* A parsed expression that is text[start, end); `text` stays the source that errors point into. It is copied, unless
 * `other` is one of its parts already. */
fr_expr *fr_expr_parse_part(fr_call *call, const char *text, size_t start, size_t end, const fr_value *bind,
                            size_t n_bind, const fr_expr *other) FR_MUST_USE;

/* The text of a node, normal form. */
bool fr_node_text(fr_call *call, const fr_node *node, fr_text *out) FR_MUST_USE;

/* Words that are never names: NULL-terminated. */
bool fr_word_is_reserved(const char *word, size_t n);

/* Words between x and a function that say what x is, and nothing else: x.str.lower(). */
bool fr_word_is_accessor(const char *word);

/* How tightly an operator binds: larger binds tighter; 0: not an operator of two operands. */
int fr_operator_rank(const char *name);

#endif
