/* csv_json.h — lists and structs as fields: JSON text (csv_json_write.c, csv_json_read.c).
 *
 *     list[i64]                        [1, null, 3]
 *     struct[name: str, day: date]     {"name": "Ann", "day": "2024-02-29"}
 *
 * Numbers and truth values are those of JSON; everything else is the text it would be as a field, in quotes; so are nan and
 * inf, which JSON does not know.
 */
#ifndef FR_IO_CSV_JSON_H
#define FR_IO_CSV_JSON_H

#include "base/memory.h"
#include "data/column.h"

/* Append a valid list or struct. */
bool fr_csv_append_json(fr_call *call, const fr_column *column, int64_t row, fr_text *out) FR_MUST_USE;

/* Can the text be read as the type? False without a failure: no. */
bool fr_csv_json_fits(fr_call *call, const fr_type *type, const char *text, size_t n) FR_MUST_USE;
/* The column of the type whose texts these are; each fits. */
fr_column *fr_csv_json_column(fr_call *call, const fr_type *type, const fr_column *texts) FR_MUST_USE;

#endif
