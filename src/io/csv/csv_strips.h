/* csv_strips.h — rows of a frame as CSV text (csv_strips.c). */
#ifndef FR_IO_CSV_STRIPS_H
#define FR_IO_CSV_STRIPS_H

#include "io/csv/csv_cells.h"

/* How the columns of one frame are written; borrows style and frame. */
typedef struct fr_csv_strips fr_csv_strips;

/* Quotes the texts of dictionaries, which the rows then only copy. */
fr_csv_strips *fr_csv_strips_new(fr_call *call, const fr_csv_style *style, const fr_frame *frame) FR_MUST_USE;
void           fr_csv_strips_close(fr_csv_strips *strips);                   /* NULL does nothing */
/* Append rows from … to-1; by several threads at once. */
bool           fr_csv_append_rows(fr_call *call, const fr_csv_strips *strips, int64_t from, int64_t to,
                                  fr_text *out) FR_MUST_USE;

#endif
