/* csv_fields.h — the fields of one column of a block, cut out once somebody looks at them (csv_fields.c).
 *
 * Plain numbers and texts of known form are read where they lie (csv_numbers.h, csv_serial.h), so their blocks never need
 * fields: pointers and lengths that were written only to be read once more.
 */
#ifndef FR_IO_CSV_FIELDS_H
#define FR_IO_CSV_FIELDS_H

#include "io/csv/csv_unquote.h"

typedef struct fr_csv_fields {
    fr_csv_field *items;               /* borrowed: room; filled once they are cut                                     */
    bool          cut;
    fr_csv_places places;              /* until then: neither doubled quotes nor a CR are among them                   */
} fr_csv_fields;

const fr_csv_field *fr_csv_fields_cut(fr_csv_fields *fields);

#endif
