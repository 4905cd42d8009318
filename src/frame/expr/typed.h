/* typed.h — the typed tree of one evaluation, and the vectors that flow through it.
 *
 * typecheck.c makes terms out of nodes for one schema; eval.c computes them, 4096 rows at a time. A function of the
 * language is one line of functions.def.h, a check (which types? which run?) and a run (a loop over one vector). What
 * every run may rely on:
 *
 *  - integers come as i64 or u64, floats as f64 (f32 for arithmetic of f32), decimals as i128, text as fr_piece, bools
 * as bits; a constant has step 0;
 *  - the driver has set out's validity to "all arguments valid"; a run may clear more with fr_vector_null;
 *  - values in null rows are anything at all, and must not raise an error: rows that fail are reported with
 * fr_run_fail, which ignores rows that nobody asked for (behind `and`, in the other branch of `if`).
 */
#ifndef FR_EXPR_TYPED_H
#define FR_EXPR_TYPED_H

#include "base/memory.h"
#include "data/frame.h"
#include "expr/pattern.h"
#include "expr/tree.h"
#include "kernel/text_search.h"

#define FR_VECTOR_ROWS  4096
#define FR_VECTOR_WORDS (FR_VECTOR_ROWS / 64)
#define FR_MOST_ARGS    32 /* of one call; `and`, `or`, `coalesce`, `in` take any number                  */


typedef struct fr_slot { /* room for one vector                                                         */
    struct fr_slot *next;
    uint64_t        pad[7];
    uint64_t        valid[FR_VECTOR_WORDS];
    unsigned char   values[FR_VECTOR_ROWS * 16 + 64];
} fr_slot;

typedef struct fr_vector {
    const void *values;    /* BOOL: 64-bit words; VIEW: fr_piece; I128: fr_i128                            */
    const uint64_t *valid; /* NULL: no nulls; bits beyond n undefined                                     */
    size_t step;           /* 1; 0: the first value is everybody's (never for BOOL)                       */
    fr_slot *slot;         /* owned while the vector lives                                                */
    void *room;            /* where a run writes its values                                               */
    fr_phys narrow;        /* values are integers that lie so, not as i64 (runs with takes_narrow); 0: no */
    uint8_t digits;        /* values are whole numbers of so many digits (runs with takes_scaled); 0: no  */
} fr_vector;

typedef struct fr_term     fr_term;
typedef struct fr_run      fr_run;
typedef struct fr_checker  fr_checker;
typedef struct fr_function fr_function;
typedef struct fr_mapped   fr_mapped;

typedef bool fr_run_fn(fr_run *run, const fr_term *term, const fr_vector *args, fr_vector *out);
typedef bool fr_lazy_fn(fr_run *run, const fr_term *term, fr_vector *out); /* evaluates its arguments itself      */
typedef bool fr_check_fn(fr_checker *c, fr_term *term);
/* A function of the views of a column: `to` from `from`, new long texts into `texts`. Null rows are empty texts. */
typedef struct fr_views {
    const fr_view     *from;
    const char *const *bases; /* NULL: all are short                                                          */
    fr_view           *to;
    size_t             n;
    fr_texts          *texts;
} fr_views;
typedef bool fr_views_fn(fr_call *call, const fr_term *term, const fr_views *views);
/* A function of whole columns (shift, split). */
typedef struct fr_whole {
    fr_call         *call;
    struct fr_typed *typed;
    int64_t          n_rows, base;
    const uint32_t *ids; /* NULL: one group                                                              */
    int64_t          n_groups;
} fr_whole;
typedef fr_column *fr_whole_fn(const fr_whole *whole, const fr_term *term, fr_column *const *args);

typedef enum fr_term_kind {
    FR_TERM_CONSTANT,
    FR_TERM_COLUMN,
    FR_TERM_CALL,
    FR_TERM_WHOLE,
    FR_TERM_AGGREGATE,
    FR_TERM_MAPPED
} fr_term_kind;

typedef union fr_constant {
    int64_t i;
    uint64_t u;
    double f;
    float f32;
    fr_i128 d;
    fr_piece text;
    unsigned char bytes[16];
} fr_constant;

struct fr_term {
    fr_term_kind       kind;
    bool valid;          /* of a constant                                                               */
    bool can_fail;       /* this call itself, on some value                                             */
    bool takes_narrow;   /* its run takes columns of narrow integers as they lie: fr_vector.narrow      */
    bool takes_scaled;   /* the same of columns of scaled numbers: fr_vector.digits                     */
    fr_phys phys;        /* how its vectors lie: VIEW for all text, I128 for all decimals               */
    const fr_type *type; /* borrowed from the typed tree or immortal                                    */
    const fr_node     *node;
    const fr_function *function;
    size_t             n_args;
    fr_term          **args;
    size_t             n_keys;
    fr_term **keys; /* of `over`                                                                   */
    fr_run_fn         *run;
    fr_lazy_fn        *lazy;
    fr_whole_fn       *whole;
    const void *data;      /* prepared by the check: a pattern, a set, a zone …                           */
    double (*f64)(double); /* for the functions of one float                                              */
    int64_t i, j;          /* small parameters: a unit, a scale                                           */
    bool ranged;           /* whole numbers within low … high, whatever the arguments (expr/term_range.h) */
    int64_t low, high;
    fr_constant        constant;
    int64_t field;             /* of a column: index in the schema                                            */
    const fr_column *column;   /* bound column (borrowed or owned by the typed tree)                          */
    const fr_mapped *mapped;   /* MAPPED: values per code; column holds the codes                             */
    const char **param_names;  /* aggregates                                                                  */
};

struct fr_function {
    const char  *name, *family, *params, *signature;
    fr_check_fn *check;
    fr_run_fn   *run;
    double     (*f64)(double);
    unsigned     flags;
    const char  *doc, *example, *result;
};
enum { FR_FUNCTION_FAILS = 1, FR_FUNCTION_WINDOW = 2, FR_FUNCTION_OPERATOR = 4,
       FR_FUNCTION_PART = 8 /* the text it gives lies within its first argument */ };

/* The table; and one by its name (NULL: none). */
const fr_function *fr_functions(size_t *n);
const fr_function *fr_function_find(const char *name, size_t n);

/* ---- the typed tree ---------------------------------------------------------------------------------------------- */
typedef struct fr_owned { struct fr_owned *next; void (*drop)(void *); void *what; } fr_owned;
typedef struct fr_typed {
    fr_context *context;
    const char *source;
    fr_arena    arena;
    fr_owned *owned; /* types, columns, patterns … given up with the tree                            */
    fr_term    *root;
    const fr_aggregator *aggregator;
    const fr_grouping *grouping; /* of a grouped evaluation                                                      */
    int64_t grouping_rows;       /* its rows, -1: not grouped                                                    */
} fr_typed;
void fr_typed_clear(fr_typed *typed);
/* Give a reference to the tree; on failure it is dropped at once. NULL stays false. */
bool fr_typed_own(fr_call *call, fr_typed *typed, void *what, void (*drop)(void *)) FR_MUST_USE;

struct fr_checker {
    fr_call             *call;
    fr_typed            *typed;
    const fr_schema *schema; /* of the rows                                                                 */
    const fr_frame *frame;   /* NULL: types only                                                            */
    const fr_schema *keys;   /* set: a grouped expression, whose bare names are these                       */
    const fr_frame      *key_frame;
    const fr_aggregator *aggregator;
    struct known_zone *zones; /* read so far                                                                  */
    unsigned aggregates;      /* how many aggregates we are inside of                                        */
};
bool fr_check(fr_checker *checker, const fr_node *node) FR_MUST_USE; /* → typed->root                        */

/* ---- for checks -------------------------------------------------------------------------------------------------- */
/* Record an error that points at the term; returns false. */
bool fr_check_fail(fr_checker *c, const fr_term *term, fr_code code, const char *hint, const char *format, ...)
    FR_PRINTF(5, 6) FR_COLD;
/* "upper: expected text, not i64" */
bool fr_check_wrong(fr_checker *c, const fr_term *term, size_t arg, const char *expected);
const char *fr_term_type(const fr_term *term, char room[FR_TYPE_TEXT_BYTES]);
/* What a term yields. The type is borrowed: immortal or owned by the tree. */
void fr_term_yields(fr_term *term, const fr_type *type);
bool fr_term_yields_owned(fr_checker *c, fr_term *term, const fr_type *type) FR_MUST_USE; /* takes the reference over */
/* Wrap args[i] in a conversion to `type` when it is of another one; constants are converted at once. Implicit: widening
 * only. */
bool fr_check_as(fr_checker *c, fr_term *term, size_t arg, const fr_type *type) FR_MUST_USE;
/* Wrap args[i] in a call of this run yielding `type` (borrowed). */
fr_term *fr_check_wrap(fr_checker *c, fr_term *inner, const fr_type *type, fr_run_fn *run, const void *data, int64_t i,
                       int64_t j) FR_MUST_USE;
fr_term *fr_check_constant(fr_checker *c, const fr_node *node, fr_value value) FR_MUST_USE;
/* Replace `term` by its value where all arguments are constants. */
bool fr_check_fold(fr_checker *c, fr_term *term) FR_MUST_USE;
/* Types of several arguments made one (coalesce, if, greatest, in); sets the term's type to it. */
bool fr_check_unify(fr_checker *c, fr_term *term, size_t first, size_t n) FR_MUST_USE;
/* The constant text/integer of args[i]; false with an error when it is none. */
bool fr_check_text(fr_checker *c, fr_term *term, size_t arg, fr_piece *out) FR_MUST_USE;
bool fr_check_integer(fr_checker *c, fr_term *term, size_t arg, int64_t *out) FR_MUST_USE;
static inline bool fr_term_is_null(const fr_term *term) { return term->kind == FR_TERM_CONSTANT && !term->valid; }
static inline bool fr_term_is_literal(const fr_term *term)
{
    return term->kind == FR_TERM_CONSTANT && term->node && term->node->kind == FR_NODE_VALUE;
}
fr_phys fr_lane_of(const fr_type *type);

/* ---- running ----------------------------------------------------------------------------------------------------- */
struct fr_run {
    fr_call        *call;
    const fr_typed *typed;
    const fr_term  *root;
    void *target;             /* where the root's values go, NULL: into its slot                             */
    int64_t first, base;      /* row of the frame of row 0 here; what errors add to it                       */
    size_t n;                 /* rows of this vector                                                         */
    const uint64_t *selected; /* rows whose errors count; NULL: all                                          */
    int64_t failed;           /* row (of this vector) that failed, -1: none                                  */
    fr_slot *slots;           /* free ones                                                                   */
    fr_arena        texts;                /* long texts made for this vector */
    fr_slot        *text_slots;           /* and short ones */
    bool            long_texts;
    fr_matcher      matcher;
    char *room; /* one large piece at a time                                                   */
    size_t          room_left;
    fr_view        *views;       /* where the root's texts may go, NULL: into its slot (text_out.h)           */
    fr_texts       *view_texts;  /* and the long ones of them                                                 */
    bool            views_done;  /* they did                                                                  */
    bool            folding;
};
bool fr_run_term(fr_run *run, const fr_term *term, fr_vector *out) FR_MUST_USE;
/* Of a term only which rows have a value: `valid`. The numbers of a column are not made for it. */
bool fr_run_valid(fr_run *run, const fr_term *term, fr_vector *out) FR_MUST_USE;
void fr_run_release(fr_run *run, fr_vector *vector);
bool fr_run_strict(fr_run *run, const fr_term *term, fr_vector *out) FR_MUST_USE;    /* all arguments, then term->run */
bool fr_run_slot(fr_run *run, fr_vector *out) FR_MUST_USE; /* gives out a slot and a room          */
char *fr_run_text(fr_run *run, size_t n) FR_MUST_USE;      /* room for a text of this vector       */
void fr_run_forget_texts(fr_run *run);                                            /* before the next vector */
/* Row i cannot be computed. True: nobody asked for it (it becomes null); false: recorded. */
bool fr_run_fail(fr_run *run, const fr_term *term, size_t i, fr_code code, const char *format, ...)
    FR_PRINTF(5, 6) FR_COLD;

static inline bool fr_vector_has(const fr_vector *v, size_t i)
{
    return !v->valid || (v->valid[i >> 6] >> (i & 63) & 1);
}
static inline size_t fr_words(size_t n) { return (n + 63) / 64; }
/* Of 64 rows from `first` on, of n in all, bits of those that are there. */
static inline uint64_t fr_vector_rows(const fr_vector *v, size_t first, size_t n)
{
    const uint64_t rows = n - first < 64 ? ((uint64_t)1 << (n - first)) - 1 : UINT64_MAX;
    return v->valid ? v->valid[first >> 6] & rows : rows;
}
/* Make row i null; out has a slot. */
static inline void fr_vector_null(fr_vector *out, size_t i)
{
    if (!out->valid) {
        memset(out->slot->valid, 0xFF, sizeof out->slot->valid);
        out->valid = out->slot->valid;
    }
    out->slot->valid[i >> 6] &= ~((uint64_t)1 << (i & 63));
}
static inline int64_t fr_at_i64(const fr_vector *v, size_t i) { return ((const int64_t *)v->values)[i * v->step]; }
static inline double fr_at_f64(const fr_vector *v, size_t i) { return ((const double *)v->values)[i * v->step]; }
static inline fr_piece fr_at_text(const fr_vector *v, size_t i) { return ((const fr_piece *)v->values)[i * v->step]; }
static inline bool fr_at_bool(const fr_vector *v, size_t i)
{
    return ((const uint64_t *)v->values)[i >> 6] >> (i & 63) & 1;
}
static inline void fr_put_bool(fr_vector *out, size_t i, bool x)
{
    uint64_t *word = (uint64_t *)out->room + (i >> 6), bit = (uint64_t)1 << (i & 63);
    *word = x ? *word | bit : *word & ~bit;
}

/* A term's value for rows 0 … n-1, as a column. `base` is added to row numbers in errors. */
fr_column *fr_term_column(fr_call *call, fr_typed *typed, fr_term *term, int64_t n_rows, int64_t base) FR_MUST_USE;

#endif
