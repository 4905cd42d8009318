/* csv_rows.h — the records of a range as a table of field ends, some hundred rows at a time (csv_rows.c). */
#ifndef FR_IO_CSV_ROWS_H
#define FR_IO_CSV_ROWS_H

#include "base/memory.h"
#include "io/csv/csv_index.h"
#include "io/csv/csv_record.h"
#include "io/csv/csv_window.h"

typedef struct fr_csv_rows {
    fr_context           *context;
    const fr_csv_dialect *dialect;
    size_t                n_columns, most_rows;
    bool                  pad;                 /* rows with too few fields are no flaw                                  */
    bool                  careful;             /* the records are scanned                                               */
    uint32_t              place;               /* the bits of an end that are its position: the scanner needs all        */
    size_t                text_n;              /* of the whole window, and whether the file ends there                   */
    bool                  text_last;
    fr_csv_index_state    index;
    uint32_t             *ends;                /* owned: what the masks found; `taken` of `n_ends` are used up           */
    size_t                n_ends, taken, capacity;
    bool                  skipping;            /* inside a record with far too many fields                              */
    size_t                doubled_to;          /* doubled quotes stand before that byte at most                         */
    size_t                next;                /* where the next record begins                                          */
    /* the rows of the current block */
    size_t                n;
    uint32_t             *table;               /* owned: field c of row r ends at table[c * stride + r], which may have
                                                  FR_CSV_QUOTED                                                         */
    size_t                stride;
    uint32_t             *begins;              /* owned: where each row begins                                           */
    uint32_t             *flaw_at;             /* owned: where each row's flaw is                                        */
    uint8_t              *flaws;               /* owned: fr_csv_flaw of each row                                         */
    bool                  any_flaw;
    size_t                end;                 /* behind the last row                                                    */
} fr_csv_rows;

bool fr_csv_rows_init(fr_call *call, fr_csv_rows *rows, const fr_csv_dialect *dialect, size_t n_columns, bool pad)
    FR_MUST_USE;
void fr_csv_rows_clear(fr_csv_rows *rows);
static inline uint32_t fr_csv_rows_end(const fr_csv_rows *rows, size_t row, size_t column)
{
    return rows->table[column * rows->stride + row] & rows->place;
}
static inline uint32_t fr_csv_rows_begin_of(const fr_csv_rows *rows, size_t row, size_t column)
{
    return column ? fr_csv_rows_end(rows, row, column - 1) + 1 : rows->begins[row];
}
/* May a field of the block hold a doubled quote? */
static inline bool fr_csv_rows_doubled(const fr_csv_rows *rows)
{
    return rows->begins[0] < rows->doubled_to;
}
/* Go to the beginning of a range. */
void fr_csv_rows_begin(fr_csv_rows *rows, const fr_csv_window *window, const fr_csv_range *range);
/* The next rows; false at the end of the range. A flawed row is a row of missing fields. */
bool fr_csv_rows_next(fr_csv_rows *rows);
/* Row r of the block is flawed after all. */
void fr_csv_rows_spoil(fr_csv_rows *rows, size_t r, fr_csv_flaw flaw, size_t at);

#endif
