/* strange.h — expressions that are well-formed but strange, drawn from the registries of functions and aggregates, and
 * frames of every type full of awkward values.
 *
 * What is drawn is decided by a stream of bytes: random ones in a test, libFuzzer's in a fuzz target. Parameters are filled
 * by their names in the registry ("pattern", "zone", "date" …) more often than not, so a new function takes part with its
 * line there. Each call is kept only if its types fit.
 */
#ifndef FR_TEST_SUPPORT_STRANGE_H
#define FR_TEST_SUPPORT_STRANGE_H

#include "expr/tree.h"

typedef struct fr_choices { const uint8_t *bytes; size_t n, at; } fr_choices;

/* 0 … n - 1 by the next byte or two; 0 when they are used up. */
size_t fr_choose(fr_choices *choices, size_t n);

/* n rows of awkward values in columns of every type (strange_frame.c). */
fr_frame *fr_strange_frame(fr_call *call, int64_t n, uint64_t seed) FR_MUST_USE;

/* An expression over those columns whose types fit, of at most so many calls inside each other. False: none was found. */
bool fr_strange_expr(fr_choices *choices, const fr_schema *schema, int depth, char *text, size_t n);
/* The same, of text, true or false, and so on; FR_KIND_COUNT: of any type. */
bool fr_strange_expr_of(fr_choices *choices, const fr_schema *schema, fr_kind kind, int depth, char *text, size_t n);
/* An aggregate of expressions of so many calls, to stand in a group. */
bool fr_strange_aggregate(fr_choices *choices, const fr_schema *schema, int depth, char *text, size_t n);

/* Does what it gives for a row depend on that row alone? */
bool fr_looks_at_one_row(const fr_node *node);

/* The same rows in memory, in pieces, among others, at an offset and one by one, here and under three threads with small
 * blocks (strange_truth.c). */
enum { FR_STRANGE_ROWS = 24 };
typedef struct fr_strange_rows {
    fr_context *context, *elsewhere;
    fr_frame   *plain, *moved, *pieces, *kept, *offset, *alone[FR_STRANGE_ROWS];
    fr_frame   *few, *other, *none, *scan;       /* for joins and concats; the rows in batches */
    int64_t     n;
} fr_strange_rows;
bool fr_strange_rows_begin(fr_strange_rows *rows, int64_t n, uint64_t seed) FR_MUST_USE;
void fr_strange_rows_end(fr_strange_rows *rows);

/* What must hold for an expression whatever it says: the same values or the same error over all of these, in its normal
 * form, row by row where it looks at no others, and with columns for its literals; and a condition splits the rows in
 * three. False: `why` says what does not. */
bool fr_strange_holds(const fr_strange_rows *rows, const char *text, char *why, size_t n);

#endif
