/* csv_marks.h — text columns that would be numbers if other marks were told.
 *
 *     2,50  1.200,00  19,99       say .decimal ',' and .thousands '.'
 *     1,234  12,000,000           say .thousands ','
 *     1,234  2,500                either
 *
 * Nothing is read otherwise for it: what a comma means is for the reader of the file to say.
 */
#ifndef FR_IO_CSV_MARKS_H
#define FR_IO_CSV_MARKS_H

#include "data/column.h"
#include "io/csv/csv_value.h"

/* What to say so that all values among the first rows are numbers; empty: nothing would help, or they are so already. */
typedef struct fr_csv_marks { char say[64]; } fr_csv_marks;
enum { FR_CSV_MARKS_ROWS = 1000 };                           /* that are looked at */
fr_csv_marks fr_csv_marks_of(const fr_csv_rules *rules, const fr_column *column);

#endif
