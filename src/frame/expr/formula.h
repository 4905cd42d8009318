/* formula.h — which terms are formulas of doubles that one loop computes (kernel/reals.h). */
#ifndef FR_EXPR_FORMULA_H
#define FR_EXPR_FORMULA_H

#include "expr/typed.h"
#include "kernel/reals.h"

/* + - × / of numbers, and choices between them by comparisons, where nothing can fail, so that all of it may be computed
 * for every row. False: another term, a single column, or too large a one. */
bool fr_reals_of(const fr_term *term, fr_reals *reals) FR_MUST_USE;

/* What a call does, said where its loops are: + - × /; those that give doubles; a comparison of two doubles, or of two
 * integers; a choice; and, or, not. */
bool fr_is_arith(const fr_term *term, fr_arith_op *op);
bool fr_adds_doubles(const fr_term *term, fr_arith_op *op);
bool fr_compares_doubles(const fr_term *term, fr_compare_op *op);
bool fr_is_choice(const fr_term *term);
bool fr_logic_of(const fr_term *term, fr_reals_op *op);

#endif
