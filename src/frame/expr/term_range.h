/* term_range.h — between which bounds the whole numbers of a term surely lie: what cannot overflow is told by it, and how
 * narrow results may be stored (data/column_width.c).
 *
 *     month(day) * 100 + day(day)       1·100 + 1 … 12·100 + 31: two bytes a row
 */
#ifndef FR_EXPR_TERM_RANGE_H
#define FR_EXPR_TERM_RANGE_H

#include "expr/typed.h"
#include "kernel/arith.h"

typedef struct fr_range { fr_i128 low, high; } fr_range;

fr_range fr_range_of_type(fr_kind kind);
/* Of a + b, a - b or a * b, whatever the type of it can hold. */
fr_range fr_range_combine(fr_arith_op op, fr_range a, fr_range b);
/* From types, constants, functions and what is known of the columns; within those of the term's type. */
fr_range fr_term_range(const fr_term *term);
/* A function whose values lie within low … high, whatever its arguments; → true. */
bool fr_term_within(fr_term *term, int64_t low, int64_t high);
/* How the result of the term is stored: in the layout of its type, or of a narrower one that holds all of its range. */
fr_phys fr_term_layout(const fr_term *term);

#endif
