/* decimal_rules.h — arithmetic of decimals: types of results, exact operations. */
#ifndef FR_EXPR_DECIMAL_RULES_H
#define FR_EXPR_DECIMAL_RULES_H

#include "expr/typed.h"

/* + - * / f(loor division) %: at least one side is decimal, the other decimal, integer or an exact literal. */
bool fr_check_decimal(fr_checker *c, fr_term *term, char op) FR_MUST_USE;

/* Make args[i] a decimal that holds it exactly: an integer, or a literal as it is written. */
bool fr_check_as_decimal(fr_checker *c, fr_term *term, size_t arg) FR_MUST_USE;

/* Precision and scale of a result; false when no decimal(38) can hold it. */
typedef struct fr_digits { int precision, scale; } fr_digits;
bool fr_decimal_result(char op, fr_digits a, fr_digits b, fr_digits *out);

/* a OP b exactly (÷: rounded half to even), values at scales a and b, result at `out`'s scale. 0 done, 1 overflow, 2
 * division by zero. */
int fr_decimal_compute(char op, fr_i128 a, int scale_a, fr_i128 b, int scale_b, fr_digits result, fr_i128 *out);
/* -1, 0, 1, exactly, at any scales. */
int fr_decimal_compare(fr_i128 a, int scale_a, fr_i128 b, int scale_b);

#endif
