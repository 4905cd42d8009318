/* column_bits.h — the bitmaps of several columns, moved as bytes: which values are null, and booleans.
 *
 * Eight bitmaps are a byte a row (kernel/row_marks.h) while rows are put in another order, and bitmaps again behind that.
 */
#ifndef FR_DATA_COLUMN_BITS_H
#define FR_DATA_COLUMN_BITS_H

#include "base/memory.h"
#include "data/column.h"
#include "kernel/row_marks.h"

typedef struct fr_column_bits {
    size_t          column;
    bool            is_validity;           /* else a boolean's values */
    const uint64_t *from;
    fr_buffer      *to;                    /* owned; NULL: not yet moved */
} fr_column_bits;

typedef struct fr_bits_list {              /* zero: none */
    fr_column_bits *at;                    /* of an arena */
    size_t          n;
    int64_t         n_rows;
} fr_bits_list;

/* Those of columns with `n_rows` rows, of a width or boolean. */
bool       fr_bits_list_of(fr_call *call, fr_arena *arena, const fr_column *const *columns, size_t n, int64_t n_rows,
                           fr_bits_list *out) FR_MUST_USE;
/* So many of them, from one on, share a mark. */
size_t     fr_bits_of_mark(const fr_bits_list *list, size_t first);
/* uint8_t[n_rows]: the marks of those from `first` on. parallel: blocks. */
fr_buffer *fr_bits_join(fr_call *call, const fr_bits_list *list, size_t first) FR_MUST_USE;
/* The other way, of marks in another order. parallel: blocks. */
bool       fr_bits_part(fr_call *call, const fr_bits_list *list, size_t first, const fr_buffer *marks) FR_MUST_USE;
/* Of a column, moved; lent. NULL: it has none. */
fr_buffer *fr_bits_moved(const fr_bits_list *list, size_t column, bool is_validity);
void       fr_bits_list_clear(fr_bits_list *list);         /* works as FR_CLEANUP */

#endif
