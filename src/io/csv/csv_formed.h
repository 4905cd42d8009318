/* csv_formed.h — a text column whose texts hardly repeat, have one length and differ in few bits, as numbers of those bits
 * while it is read (csv_formed.c, data/text_form.h). */
#ifndef FR_IO_CSV_FORMED_H
#define FR_IO_CSV_FORMED_H

#include "io/csv/csv_column.h"

/* The codes of `rows` rows become numbers, if their texts have a form; else the column is as it was. */
bool fr_csv_column_form(fr_call *call, fr_csv_column *column, int64_t rows) FR_MUST_USE;
/* The numbers of a block's texts into the column; a block with a text of another form is put aside. false: failed. */
bool fr_csv_formed_convert(fr_call *call, const fr_csv_rules *rules, fr_csv_column *column, fr_csv_block *block) FR_MUST_USE;
/* Blocks were put aside: the column becomes views, and takes them in. */
bool fr_csv_column_unform(fr_call *call, fr_csv_column *column, int64_t rows) FR_MUST_USE;
/* All rows are there: four bytes a number will do where only so many bits differ. */
bool fr_csv_formed_narrow(fr_call *call, fr_csv_column *column, int64_t rows) FR_MUST_USE;

#endif
