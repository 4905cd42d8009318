/* formula.h — which terms are formulas of doubles that one loop computes (kernel/reals.h).
 *
 * Columns that lie in one are read there; of those in pieces (data/pieced_column.h) rows come by windows, and scaled
 * numbers (data/scaled_column.h) become doubles in the cache, or are compared with constants as they lie.
 */
#ifndef FR_EXPR_FORMULA_H
#define FR_EXPR_FORMULA_H

#include "expr/typed.h"
#include "kernel/reals.h"

typedef struct fr_formula {
    fr_reals         reals;
    const fr_column *columns[FR_REALS_INPUTS];
    bool             in_pieces;            /* some are, so inputs and valids are those of a window */
} fr_formula;

/* + - × / of numbers, and choices between them by comparisons, where nothing can fail, so that all of it may be computed
 * for every row. False: another term, a single column, or too large a one. */
bool fr_formula_of(const fr_term *term, fr_formula *formula) FR_MUST_USE;
/* Rows first … first + n - 1, whose bits begin a word, into out and valid (fr_reals_kernels.run); `run` has room for rows
 * that lie in several pieces. */
bool fr_formula_run(const fr_formula *formula, fr_run *run, size_t first, size_t n, double *out, uint64_t *valid, bool stream,
                    size_t *n_null) FR_MUST_USE;

/* What a call does, said where its loops are: + - × /; those that give doubles; a comparison of two doubles, or of two
 * integers; a choice; and, or, not. */
bool fr_is_arith(const fr_term *term, fr_arith_op *op);
bool fr_adds_doubles(const fr_term *term, fr_arith_op *op);
bool fr_compares_doubles(const fr_term *term, fr_compare_op *op);
bool fr_is_choice(const fr_term *term);
bool fr_logic_of(const fr_term *term, fr_reals_op *op);

#endif
