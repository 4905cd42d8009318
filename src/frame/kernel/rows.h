/* rows.h — row numbers as arrays: 32-bit while a frame has at most FR_NARROW_ROWS rows, else 64-bit.
 *
 * Half the bytes make sorting and taking faster, and nearly every frame is small enough. What is bound by row numbers
 * is written once for both: by include-template where it is hot (radix_sort.inc.h, select.inc.h), else through these
 * helpers, whose `wide` is the same for a whole loop.
 *
 *     bool wide = fr_rows_are_wide(n_rows);
 *     fr_buffer *rows = fr_buffer_array(call, n, fr_row_bytes(wide));
 *     fr_row_put(rows->data, wide, i, row);
 *     fr_column_take(call, column, &(fr_rows){ …fr_rows_view(rows->data, wide, n) });
 */
#ifndef FR_KERNEL_ROWS_H
#define FR_KERNEL_ROWS_H

#include "base/compiler.h"

#ifndef FR_NARROW_ROWS
#define FR_NARROW_ROWS INT64_C(0xFFFFFFF0)      /* a test build makes it 60, so that both paths run */
#endif
#define FR_ROW_MISSING32 UINT32_MAX             /* a take turns it into a null */
#define FR_ROW_MISSING64 (-1)

typedef struct fr_rows {
    const uint32_t *narrow;                     /* one of the two is set                                              */
    const int64_t  *wide;
    int64_t         n;
    bool            may_miss;                   /* some may be FR_ROW_MISSING */
    struct fr_row_deal *deal;                   /* how all rows of a table were dealt to be so ordered; NULL: not known */
} fr_rows;

static inline bool   fr_rows_are_wide(int64_t n_rows) { return n_rows > FR_NARROW_ROWS; }
static inline size_t fr_row_bytes(bool wide) { return wide ? sizeof(int64_t) : sizeof(uint32_t); }

static inline int64_t fr_row_at(const fr_rows *rows, int64_t i)
{
    if (rows->wide) return rows->wide[i];
    return rows->narrow[i] == FR_ROW_MISSING32 ? FR_ROW_MISSING64 : (int64_t)rows->narrow[i];
}

/* FR_ROW_MISSING64 becomes FR_ROW_MISSING32: both are all ones. */
static inline void fr_row_put(void *rows, bool wide, uint64_t i, int64_t row)
{
    if (wide) ((int64_t *)rows)[i] = row;
    else ((uint32_t *)rows)[i] = (uint32_t)row;
}

/* What was put, where none is missing. */
static inline int64_t fr_row_get(const void *rows, bool wide, uint64_t i)
{
    return wide ? ((const int64_t *)rows)[i] : (int64_t)((const uint32_t *)rows)[i];
}

static inline fr_rows fr_rows_view(const void *rows, bool wide, int64_t n)
{
    return (fr_rows){ .narrow = wide ? NULL : rows, .wide = wide ? rows : NULL, .n = n };
}

/* The rows from `first` on. */
static inline fr_rows fr_rows_from(const fr_rows *rows, int64_t first, int64_t n)
{
    return (fr_rows){ .narrow = rows->narrow ? rows->narrow + first : NULL,
                      .wide = rows->wide ? rows->wide + first : NULL, .n = n, .may_miss = rows->may_miss };
}

#endif
