/* scaled_column.h — a column of f64 whose values are decimals of few digits, as whole numbers of 32 bits (kernel/scaled.h).
 *
 *     12.75, 3.5, 100      with two digits: 1275, 350, 10000; half the bytes, and in the same order
 *
 * Prices, rates and measurements are mostly such. A scaled column has the type f64, values of phys I32 (zero under nulls)
 * and the number of digits behind the point; what is known about its values is told of the whole numbers. Only late
 * columns are made of such (data/late_column.h), and whoever wants doubles gets them; a window of them is made in the
 * cache by who reads columns in pieces (data/pieced_column.h). Rows are cut, kept and put together as integers.
 */
#ifndef FR_DATA_SCALED_COLUMN_H
#define FR_DATA_SCALED_COLUMN_H

#include "data/column.h"
#include "kernel/scaled.h"

/* The fewest digits with which all n values are whole numbers of 32 bits; 0: there is no such number, or no value. */
unsigned   fr_scaled_digits(const double *values, size_t n);
/* The same values scaled, where they are such decimals, else the column itself. Owned. parallel: blocks. */
fr_column *fr_column_scaled(fr_call *call, const fr_column *column) FR_MUST_USE;
/* The same with so many digits. */
fr_column *fr_column_scaled_as(fr_call *call, const fr_column *column, unsigned digits) FR_MUST_USE;
/* The same values as doubles; a column that is not scaled: itself. Owned. parallel: blocks. */
fr_column *fr_column_unscaled(fr_call *call, const fr_column *column) FR_MUST_USE;
/* Its whole numbers, as integers that are equal and in order where the values are. Owned; shares them. */
fr_column *fr_column_wholes(fr_call *call, const fr_column *scaled) FR_MUST_USE;
/* n doubles of a column of f64 from row `first` on: where they lie, or, of scaled numbers, in `room`. */
static inline const double *fr_reals_at(const fr_column *column, int64_t first, size_t n, double *room)
{
    if (!column->digits) return (const double *)column->values + first;
    FR_ISA_PICK(fr_scaled_kernels)->reals((const int32_t *)column->values + first, n, column->digits, room);
    return room;
}
/* What is known about doubles, told of their whole numbers, and the other way round. */
fr_facts   fr_facts_scaled(fr_facts facts, unsigned digits);
fr_facts   fr_facts_unscaled(fr_facts facts, unsigned digits);

#endif
