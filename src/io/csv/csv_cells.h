/* csv_cells.h — cells of a frame as CSV fields (csv_cells.c). */
#ifndef FR_IO_CSV_CELLS_H
#define FR_IO_CSV_CELLS_H

#include <frame/csv.h>

#include "base/memory.h"
#include "data/frame.h"

typedef struct fr_csv_style {          /* borrowed texts                                                               */
    char        sep;
    const char *na, *line_end;
    size_t      n_na, n_line_end;
    bool        quote_all, escape_formulas;
    bool        odd_sep;               /* the separator may occur in a number or date                                  */
    bool        alone;                 /* of one column: what a reader may take for a separator must not stand bare    */
} fr_csv_style;

/* Append a text as a field, quoted where it must be. */
bool fr_csv_append_text(fr_call *call, const fr_csv_style *style, const char *text, size_t n, fr_text *out) FR_MUST_USE;
bool fr_csv_must_quote(const fr_csv_style *style, const char *text, size_t n);
/* Append the cell of a row as a field. */
bool fr_csv_append_cell(fr_call *call, const fr_csv_style *style, const fr_column *column, int64_t row, fr_text *out) FR_MUST_USE;

#endif
