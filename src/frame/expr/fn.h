/* fn.h — what the families of functions share: checks and runs named by functions.def.h, casts, common types. */
#ifndef FR_EXPR_FN_H
#define FR_EXPR_FN_H

#include "expr/literals.h"
#include "expr/typed.h"

/* ---- the table's checks and runs: one prototype for each name in functions.def.h --------------------------------- */
bool fr_check_signature(fr_checker *c, fr_term *term); /* types by the signature text                               */

/* operators */
fr_check_fn fr_check_and, fr_check_or, fr_check_not, fr_check_xor, fr_check_is_null, fr_check_is_not_null,
    fr_check_when, fr_check_coalesce, fr_check_nullif, fr_check_between, fr_check_in, fr_check_list, fr_check_add,
    fr_check_sub, fr_check_mul, fr_check_div, fr_check_floor_div, fr_check_mod, fr_check_pow, fr_check_neg,
    fr_check_compare;

/* ---- building terms ---------------------------------------------------------------------------------------------- */
/* A call of another function of the table, checked and folded. */
fr_term *fr_check_call(fr_checker *c, const fr_node *node, const char *name, fr_term **args, size_t n) FR_MUST_USE;
/* Record "no column 'x'" with a suggestion, else with the hint `otherwise` (may be NULL); returns false. */
bool fr_name_not_found(fr_call *call, const fr_schema *schema, const char *name, const char *source, int64_t position,
                       const char *otherwise) FR_COLD;
/* Give the failure just recorded the term's position; returns false. */
bool fr_point_at(fr_checker *c, const fr_term *term) FR_COLD;
/* The value of a constant term; its text is the term's. */
fr_value fr_term_value(const fr_term *term);

/* The constant that row 0 of a vector is; the term becomes it. */
bool fr_constant_of(fr_call *call, fr_typed *typed, fr_term *term, const fr_vector *v) FR_MUST_USE;
/* A datetime type without zone, owned by the tree. */
const fr_type *fr_type_datetime_of(fr_checker *c, fr_unit unit) FR_MUST_USE;
/* + - * / f(loor) % where a date, time or duration takes part; *handled false: the operands have no meaning
 * together. */
bool fr_check_time_arith(fr_checker *c, fr_term *term, char op, bool *handled) FR_MUST_USE;
/* A text for a message: quoted, shortened. */
const char *fr_show_text(fr_piece text, char room[64]);
/* Give the failure just recorded a source and position; returns false. */
bool fr_problem_point(fr_call *call, const char *source, int64_t position) FR_COLD;

/* Give the failure just recorded a column name; returns false. */
bool fr_problem_column(fr_call *call, const char *column) FR_COLD;
/* Give it the row of the column where it happened; returns false. */
bool fr_problem_row(fr_call *call, int64_t row) FR_COLD;
/* Does a function take so many arguments, of these names? (count(x, skipnan = true) is the aggregate's.) */
bool fr_function_fits(const fr_function *function, const fr_node *node);

/* ---- aggregates -------------------------------------------------------------------------------------------------- */
bool fr_aggregate_describe(fr_call *call, fr_arena *arena, const fr_term *term, fr_aggregate_call *out,
                           fr_term ***columns, size_t *n_columns) FR_MUST_USE;

/* ---- comparisons ------------------------------------------------------------------------------------------------- */
/* Is a vector of it nothing but bits, of as many rows as there is room for? So where a kernel compares a column as it
 * lies, numbers without nulls or views, with a constant. */
bool fr_compare_is_scan(const fr_term *term);

/* ---- common types ------------------------------------------------------------------------------------------------ */
/* As fr_type_common, but NULL without a failure recorded when there is none. Owned. */
const fr_type *fr_common_type(fr_call *call, const fr_type *a, const fr_type *b) FR_MUST_USE;
/* May this literal be written as a value of `type`: 1 as f32 or decimal, '2024-01-31' as a date? */
bool fr_literal_fits(fr_checker *c, const fr_term *literal, const fr_type *type);
/* Make args[i] a `type`: a literal by reading it so, anything else by fr_check_as. */
bool fr_literal_as(fr_checker *c, fr_term *term, size_t arg, const fr_type *type) FR_MUST_USE;
/* A literal of a float beside an f32 becomes the f32 that is read from its digits; one that no f32 is near to stays. */
bool fr_literal_beside_f32(fr_checker *c, fr_term **literal) FR_MUST_USE;
/* The constant read as decimal with as many digits as it was written with; false when it cannot be. */
bool fr_literal_decimal(const fr_term *literal, int *precision, int *scale);

/* ---- fields of structs ------------------------------------------------------------------------------------------- */
/* Does a dotted node, s.name, stand for a field by its names alone? */
bool fr_names_field(const fr_checker *c, const fr_node *node);
/* The field of a name; -1: it is no struct, or has none. */
int64_t fr_type_field(const fr_type *type, const char *name, size_t n);
/* A term whose first argument is a struct becomes its field of this name; an error points at `blame`. */
bool fr_term_becomes_field(fr_checker *c, fr_term *term, fr_piece name, const fr_term *blame) FR_MUST_USE;

/* ---- casts ------------------------------------------------------------------------------------------------------- */
typedef enum fr_cast_mode { FR_CAST_WIDEN, FR_CAST_STRICT, FR_CAST_TRY } fr_cast_mode;
/* A term that is `inner` as `type`; NULL with TYPE recorded when there is no way. */
fr_term *fr_cast_term(fr_checker *c, fr_term *inner, const fr_type *type, fr_cast_mode mode) FR_MUST_USE;
/* What a conversion put in by the checker makes an f64 of, if that is an i64; else NULL. */
fr_term *fr_cast_from_i64(const fr_term *term);
/* The column whose values, i8 to i64 in a layout narrower than i64, are those of an i64 term; else NULL. */
const fr_column *fr_narrow_integers(const fr_term *term);
/* The column of a term if its values are scaled numbers (data/scaled_column.h); else NULL. */
static inline const fr_column *fr_scaled_numbers(const fr_term *term)
{
    return term->kind == FR_TERM_COLUMN && term->column && term->column->digits ? term->column : NULL;
}
/* Can a value of `from` become `to` at all (perhaps not every value)? */
bool fr_cast_exists(const fr_type *from, const fr_type *to);

/* ---- dates in text ----------------------------------------------------------------------------------------------- */
/* Of up to 64 texts from the first on (a multiple of 64) that are there, those of the one usual form: as dates, or as
 * datetimes in microseconds, into their places of `out`. → bits of those that were read; the others' places hold
 * rubbish. */
uint64_t fr_read_usual_times(fr_kind kind, const fr_vector *texts, size_t first, size_t n, uint64_t there, void *out);

/* What to do about a text where a date should be. */
#define FR_HINT_OF_TEXT_DATES "parse_dates makes dates of a text column; here parse_date(x, '%d/%m/%Y') reads them"
/* Does a text begin as dates of ISO 8601 do, 2024-12? Of another spelling a format must tell. */
bool fr_looks_like_iso_date(const char *text, size_t n);

/* ---- time zones -------------------------------------------------------------------------------------------------- */
struct fr_zone;
/* The zone of a name, read once per typed tree; NULL with NOT_FOUND recorded. */
const struct fr_zone *fr_zone_of(fr_checker *c, const fr_term *term, const char *name) FR_MUST_USE;
/* args[arg] as local clock time: the same type without zone. No-op where there is none. */
bool fr_check_local(fr_checker *c, fr_term *term, size_t arg) FR_MUST_USE;

/* ---- runs that are shared ---------------------------------------------------------------------------------------- */
void fr_run_begin(fr_run *run, fr_call *call);
void fr_run_end(fr_run *run);
fr_run_fn fr_loop_f64; /* term->f64 on every value                                   */

#endif
