/* csv_scaled.h — a column of f64 whose numbers have few digits behind the point, as whole numbers of 32 bits while it is
 * read (csv_scaled.c, data/scaled_column.h). */
#ifndef FR_IO_CSV_SCALED_H
#define FR_IO_CSV_SCALED_H

#include "io/csv/csv_column.h"

/* The first rows are there: the column becomes whole numbers, if all of them have so many digits; else it is as it was. */
bool fr_csv_column_scale(fr_call *call, fr_csv_column *column, int64_t rows) FR_MUST_USE;
/* The doubles of a block to their rows; false: one has more digits, or is too large. */
bool fr_csv_scaled_keep(const fr_csv_column *column, const fr_csv_block *block);
/* Blocks were put aside: the column becomes doubles, and takes them in. */
bool fr_csv_column_unscale(fr_call *call, fr_csv_column *column, int64_t rows) FR_MUST_USE;

#endif
