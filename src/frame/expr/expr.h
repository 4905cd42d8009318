/* expr.h — expressions: text → tree → typed tree → columns.
 *
 * An expression is parsed once, checked against a schema once, and evaluated vector by vector over fixed row blocks on
 * the pool. Aggregates (`sum(x)`, `mean(x) over region`) need grouping, which lives above this layer; the caller passes
 * it in as an fr_aggregator, so that nothing here looks up.
 *
 *     fr_expr *e = fr_expr_parse(call, "revenue > mean(revenue) over region", n, bind);
 *     fr_eval env = { .frame = frame, .aggregator = fr_aggregator_ops() };
 *     fr_column *mask = fr_expr_eval(call, e, &env);
 */
#ifndef FR_EXPR_EXPR_H
#define FR_EXPR_EXPR_H

#include "data/frame.h"

typedef struct fr_expr fr_expr;          /* a parsed expression: owned, immutable */

/* ---- aggregates, seen from below ------------------------------------------------------------------------------------
 */
typedef struct fr_aggregate_call {
    const char      *name;               /* "sum", "quantile" … as in the language */
    const fr_value  *params;             /* constant arguments after the first: quantile's 0.95 */
    size_t           n_params;
    const char *const *param_names; /* "ddof" for keyword arguments (ddof = 0), NULL entries for positional ones    */
} fr_aggregate_call;

typedef struct fr_grouping fr_grouping;  /* which group each row is in; made and freed by the aggregator */

typedef struct fr_aggregator {
    /* Is there an aggregate of this name, how many column arguments does it take, what does it return for these types?
     * false with NOT_FOUND / ARGUMENT / TYPE recorded. */
    bool (*check)(fr_call *call, const fr_aggregate_call *aggregate, const fr_type *const *types, size_t n_types,
                  const fr_type **result);
    bool (*exists)(const char *name, size_t n);                    /* for telling functions from aggregates */
    const char *const *(*names)(size_t *n);                        /* for suggestions */
    fr_grouping *(*group)(fr_call *call, fr_column *const *keys, size_t n_keys, int64_t n_rows);
    void         (*ungroup)(fr_grouping *grouping);
    int64_t      (*group_count)(const fr_grouping *grouping);
    const uint32_t *(*group_ids)(const fr_grouping *grouping);     /* one per row (groups < 2^32) */
    /* One value per group (grouping NULL: one group of all rows). args: the argument columns, full length. */
    fr_column   *(*aggregate)(fr_call *call, const fr_aggregate_call *aggregate, fr_column *const *args, size_t n_args,
                              const fr_grouping *grouping, int64_t n_rows);
} fr_aggregator;

/* ---- parsing ----------------------------------------------------------------------------------------------------- */
/* bind: values of $1 … $6 (may be NULL); texts in it are copied. */
fr_expr *fr_expr_parse(fr_call *call, const char *text, const fr_value *bind, size_t n_bind) FR_MUST_USE;
void     fr_expr_unref(fr_expr *expr);
void     fr_drop_expr(fr_expr **slot);

/* "a = expr; b = expr" (`;`, `,` or newline between; a bare `sum(x)` names itself sum_x). */
typedef struct fr_assignments {
    fr_context *context;
    size_t      n;
    size_t      alone;       /* 1 + where the first column stands that is a statement by itself; 0: none does */
    size_t      room;        /* there is room for so many                                              */
    char **names;    /* owned                                                                        */
    fr_expr **exprs; /* owned                                                                        */
} fr_assignments;
bool fr_assignments_parse(fr_call *call, const char *text, const fr_value *bind, size_t n_bind, fr_assignments *out)
    FR_MUST_USE;
void fr_assignments_clear(fr_assignments *assignments);

/* ---- columns read ------------------------------------------------------------------------------------------------ */
/* Each field of the schema that the expression mentions, as often as it does: O(expression), however wide the schema is. */
typedef void fr_tell_column(void *state, size_t field);
void fr_expr_tell_columns(const fr_expr *expr, const fr_schema *schema, fr_tell_column *tell, void *state);
/* Set used[i] for every field of the schema the expression mentions; unknown names are left to checking. */
void fr_expr_mark_columns(const fr_expr *expr, const fr_schema *schema, bool *used);
/* Can evaluating it fail on some row (checked arithmetic, strict casts)? With statistics of `frame` (may be NULL) some
 * are proved safe. Filters must not be moved past such expressions. */
bool fr_expr_can_fail(const fr_expr *expr, const fr_schema *schema);
/* Warns where a condition compares with null itself and so keeps no row. false: no memory to say so. */
bool fr_expr_warn_of_null(fr_call *call, const fr_expr *expr) FR_MUST_USE;
/* Warns where a condition orders a column of texts by a date, or asks texts such as 31/12/2024 for 2024-12-31. */
void fr_expr_warn_of_text(fr_call *call, const fr_expr *expr, const fr_frame *frame);
/* Warns where floor or ceil keeps so many digits that it does nothing: floor(x, 10). false: no memory to say so. */
bool fr_expr_warn_of_digits(fr_call *call, const fr_expr *expr) FR_MUST_USE;
bool fr_expr_has_aggregate(const fr_expr *expr, const fr_aggregator *aggregator);
/* Each aggregate whose arguments are columns of the schema as they are (named options may follow, but none that changes
 * which values count), told to `tell`; false when it returned false. */
typedef bool fr_tell_aggregate(fr_call *call, void *state, const char *name, const int64_t *fields, size_t n);
bool fr_expr_plain_aggregates(fr_call *call, const fr_expr *expr, const fr_schema *schema,
                              fr_tell_aggregate *tell, void *state) FR_MUST_USE;
/* The expression as text again, normal form (fr_explain, job files). */
bool fr_expr_text(fr_call *call, const fr_expr *expr, char **out) FR_MUST_USE;

/* ---- evaluating -------------------------------------------------------------------------------------------------- */
typedef struct fr_eval {
    const fr_frame *frame;           /* the rows; not a scan                                                         */
    const fr_aggregator *aggregator; /* NULL: aggregates are an error                                                */
    int64_t first_row;               /* added to row numbers in errors (batches of a stream)                         */
} fr_eval;

/* Type of the result on this schema; an owned reference. Records the errors that evaluating would (names, types). */
const fr_type *fr_expr_type(fr_call *call, const fr_expr *expr, const fr_schema *schema,
                            const fr_aggregator *aggregator)
    FR_MUST_USE;
/* The same per group, where aside from aggregates only the columns of `keys` may be mentioned. */
const fr_type *fr_expr_group_type(fr_call *call, const fr_expr *expr, const fr_schema *schema, const fr_schema *keys,
                                  const fr_aggregator *aggregator) FR_MUST_USE;
/* One value per row; a constant or whole-frame aggregate is repeated. */
fr_column *fr_expr_eval(fr_call *call, const fr_expr *expr, const fr_eval *env) FR_MUST_USE;
/* Rows for which a bool expression is true, as a bitmap of (length + 63) / 64 words in a buffer; null counts as
 * false. */
fr_buffer *fr_expr_mask(fr_call *call, const fr_expr *expr, const fr_eval *env, int64_t *n_true) FR_MUST_USE;

/* Evaluate per group: aggregates in `expr` are computed over `grouping`, the rest on their results; bare key columns
 * may be mentioned (their value per group). Result has one value per group. */
fr_column *fr_expr_eval_groups(fr_call *call, const fr_expr *expr, const fr_eval *env, const fr_grouping *grouping,
                               const fr_frame *keys /* one row per group, the key columns */) FR_MUST_USE;

/* ---- casts (also the cast verb, CSV dtypes, concat) -------------------------------------------------------------- */
typedef struct fr_converted {
    fr_column *column; /* owned                                                                        */
    int64_t n_failed;  /* coerce: values that became null                                              */
    fr_buffer *failed; /* coerce: bitmap of those rows, NULL when there are none; owned                */
} fr_converted;
/* strict: fails at the first row that does not fit, naming it; coerce: those become null. `column_name` for
 * messages. */
bool fr_convert(fr_call *call, const fr_column *column, const fr_type *type, bool coerce, const char *column_name,
             fr_converted *out) FR_MUST_USE;
/* The type both can be converted to without loss, by the rules of docs/types.md (owned), or NULL with TYPE recorded. */
const fr_type *fr_type_common(fr_call *call, const fr_type *a, const fr_type *b) FR_MUST_USE;

/* ---- column lists ------------------------------------------------------------------------------------------------ */
/* "region, revenue desc, numeric(), matches('^q_'), except(id), `odd name`, qty as quantity, price: f64" — one lexer
 * for all. */
typedef struct fr_list_item {
    int64_t field;    /* index in the schema                                                          */
    const char *name; /* its name (schema's)                                                          */
    const char *as;   /* "x as y": y, else NULL; owned by the list                                    */
    const char *type; /* "x: f64": f64, else NULL; owned by the list                                  */
    int direction;    /* +1 "asc", -1 "desc" (or a leading '-'), 0 not said                           */
} fr_list_item;
typedef struct fr_list {
    fr_context   *context;
    size_t        n;
    size_t        room;  /* there is room for so many                                                    */
    fr_list_item *items; /* owned                                                                        */
    const char *unmatched; /* "matches('^z'), …": selectors that name what no column has; NULL: none        */
    struct fr_arena *arena;
} fr_list;
typedef enum fr_list_allow {
    FR_LIST_SELECTORS = 1, FR_LIST_DIRECTIONS = 2, FR_LIST_AS = 4, FR_LIST_TYPES = 8,
    FR_LIST_UNKNOWN = 16,   /* names may be absent: field -1 */
} fr_list_allow;
/* Empty or NULL text: every column when `all_when_empty`, else none. Duplicates are an error. */
bool fr_list_parse(fr_call *call, const char *text, const fr_schema *schema, unsigned allow, bool all_when_empty,
                   fr_list *out) FR_MUST_USE;
/* The same for the step that runs: selectors that name what no column has are warned of. */
bool fr_list_parse_told(fr_call *call, const char *text, const fr_schema *schema, unsigned allow, bool all_when_empty,
                        fr_list *out) FR_MUST_USE;
void fr_list_clear(fr_list *list);       /* FR_CLEANUP(fr_list_clear) */
/* A name as a list, or an expression, writes it: in backticks, its own doubled. */
bool fr_text_add_name(fr_call *call, fr_text *text, const char *name) FR_MUST_USE;

#endif
