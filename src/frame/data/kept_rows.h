/* kept_rows.h — which rows of a longer column are kept: bits, shared by the columns that are read through them.
 *
 *     bits        1 0 1 1 0 1
 *     kept row    0   1 2   3        the second kept row is row 2 of the column
 *
 * The bits are counted once; then the place of a kept row is found by a search, and a window of kept rows is copied
 * without what lies before it.
 */
#ifndef FR_DATA_KEPT_ROWS_H
#define FR_DATA_KEPT_ROWS_H

#include "data/column_make.h"

typedef struct fr_kept_rows {
    _Atomic(int64_t) refs;
    fr_context      *context;           /* owned reference                                                   */
    fr_buffer       *bits;              /* owned reference; those from selection.n on are undefined          */
    fr_selection     selection;
    int64_t         *marks;             /* owned; how many are kept before each stretch of rows              */
    size_t           n_marks;
} fr_kept_rows;

/* The rows among n whose bit is set; n_kept is their number, -1: not known. */
fr_kept_rows *fr_kept_rows_new(fr_call *call, fr_buffer *bits, int64_t n, int64_t n_kept) FR_MUST_USE;
fr_kept_rows *fr_kept_rows_ref(fr_kept_rows *kept);                          /* NULL stays NULL */
void          fr_kept_rows_unref(fr_kept_rows *kept);                        /* NULL does nothing */
void          fr_drop_kept_rows(fr_kept_rows **kept);                        /* for FR_CLEANUP */
static inline int64_t fr_kept_count(const fr_kept_rows *kept) { return kept->selection.n_kept; }

/* The rows that kept rows first … first + n - 1 lie among: from the first one's to behind the last one's. */
typedef struct fr_kept_span { int64_t from, until; } fr_kept_span;
fr_kept_span fr_kept_span_of(const fr_kept_rows *kept, int64_t first, int64_t n);
/* Those rows alone, for a column that begins with row span.from rounded down to a multiple of 64. */
fr_kept_rows *fr_kept_rows_cut(fr_call *call, const fr_kept_rows *kept, fr_kept_span span, int64_t n) FR_MUST_USE;

/* Of n kept rows in a span: values of so many bytes, or bits. */
void fr_kept_values(const fr_kept_rows *kept, fr_kept_span span, int64_t n, const void *values, size_t width, void *out);
void fr_kept_bits(const fr_kept_rows *kept, fr_kept_span span, const uint64_t *bits, uint64_t *out);
/* How many kept rows are null. */
int64_t fr_kept_nulls(const fr_kept_rows *kept, const uint64_t *valid);

#endif
