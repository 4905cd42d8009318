/* csv_dates.h — text columns that .parse_dates names (csv_dates.c). */
#ifndef FR_IO_CSV_DATES_H
#define FR_IO_CSV_DATES_H

#include "io/csv/csv_reader.h"

/* Is the column one to be parsed, and text so far? */
bool fr_csv_dates_wants(const fr_csv_reader *reader, const fr_csv_column *column);
/* A column that is to be parsed by name, and is of numbers or truth values: it stays so, with a warning. */
void fr_csv_dates_warn(fr_call *call, const fr_csv_reader *reader, const fr_csv_column *column);
/* All fields have been read as text: decide how their dates are spelt, and begin the column anew as what they are. */
bool fr_csv_dates_settle(fr_call *call, fr_csv_reader *reader, fr_csv_column *column) FR_MUST_USE;
/* A field of a column that was settled. */
fr_csv_read_result fr_csv_dates_read(const fr_csv_rules *rules, const fr_csv_column *column, const fr_csv_field *field,
                                     void *out);

#endif
