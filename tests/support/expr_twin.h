/* expr_twin.h — the slow twin of the evaluator: one row at a time, straight from the tree, no types checked beforehand.
 */
#ifndef FR_TEST_SUPPORT_EXPR_TWIN_H
#define FR_TEST_SUPPORT_EXPR_TWIN_H

#include "expr/tree.h"

typedef enum fr_twin_kind {
    TWIN_NULL,
    TWIN_INT,
    TWIN_FLOAT,
    TWIN_BOOL,
    TWIN_TEXT,
    TWIN_DATE,
    TWIN_DURATION,
    TWIN_ERROR,
    TWIN_UNKNOWN
} fr_twin_kind;
typedef struct fr_twin {
    fr_twin_kind kind; /* UNKNOWN: outside what the twin knows                                                  */
    int64_t i;         /* also bool, date, seconds                                                             */
    double       f;
    char         s[256];
} fr_twin;

fr_twin fr_twin_eval(const fr_node *node, const fr_frame *frame, int64_t row);

/* A random expression of a kind (INT, FLOAT, BOOL, TEXT, DATE) over the columns i k x f s c d. */
void fr_twin_random(uint64_t *seed, fr_twin_kind kind, int depth, char *out, size_t n);

/* n rows of awkward values in those columns; c is coded, s is not. */
fr_frame *fr_twin_frame(fr_call *call, int64_t n, uint64_t seed) FR_MUST_USE;

/* Vectorised and row by row agree on the text: values bit by bit, or the same first row in error. False: prints
 * nothing, says in `why`. */
bool fr_twin_agrees(fr_call *call, const char *text, const fr_frame *frame, char *why, size_t n);

#endif
