/* late_column.h — a column whose rows still lie elsewhere, until somebody needs them in one: in several pieces, or
 * among the rows of a longer column.
 *
 *     concat      [ a ][ b ]              nothing is copied
 *     append      [ a ][ b ][ c ]         a and b are listed once, for both
 *     whole       [ a b c ]               copied once, by whoever needs it first; then the pieces are given up
 *     keep        [ a · a a · a ]         the rows of one piece whose bit is set (data/kept_rows.h)
 *
 * What the rows are is settled when the pieces are listed: all are of one type, and nothing that could go wrong later
 * is left but memory and a cancelled context. Neighbours of few rows are put together at once, so that a million
 * appended rows are not a million pieces. Columns over memory of somebody else are copied at once: it may change; behind
 * no fewer rows of our own they are copied alone. Rows kept of a column are copied at once where they are few, or fewer
 * than half, since the whole column stays for them.
 */
#ifndef FR_DATA_LATE_COLUMN_H
#define FR_DATA_LATE_COLUMN_H

#include "data/kept_rows.h"

/* Two neighbours with so many rows are put together at once: one costs no less to list than 8 KB to copy. The tests
 * set 0, and every frame is in parts. */
#ifndef FR_TOGETHER_ROWS
#define FR_TOGETHER_ROWS 1024
#endif

typedef struct fr_piece_list fr_piece_list;

typedef struct fr_pieces {              /* columns of one type, one below the other: list[0 … n-1], then last */
    fr_piece_list *list;                /* owned reference; shared: others may see fewer or more of it       */
    size_t         n;
    fr_column     *last;                /* owned reference; NULL: nothing yet                                */
    fr_kept_rows  *kept;                /* owned reference; set: these rows of the one piece there is        */
    int64_t        length, null_count;
    uint64_t       codes;               /* at most so many dictionary entries and buffers of texts in all    */
    bool           foreign;
} fr_pieces;

typedef struct fr_late_column {
    _Atomic(int64_t)     refs;
    fr_context          *context;       /* owned reference                                                   */
    const fr_type       *type;          /* owned reference                                                   */
    int64_t              length, null_count;
    _Atomic(fr_column *) whole;         /* owned; NULL: nobody needed it yet                                 */
    atomic_flag          lock;          /* guards the two below; held for a few instructions                 */
    bool                 pinned;        /* a text in a piece was lent: they stay                             */
    fr_pieces            pieces;        /* empty once there is a whole, unless pinned                        */
} fr_late_column;

/* ---- making: pieces are added to a zeroed fr_pieces, then become a column ---------------------------------------- */
bool fr_pieces_add(fr_call *call, fr_pieces *pieces, fr_column *column) FR_MUST_USE;
/* Rows of a column, as the only piece. */
bool fr_pieces_keep(fr_call *call, fr_pieces *pieces, fr_column *column, fr_kept_rows *kept) FR_MUST_USE;
bool fr_pieces_add_late(fr_call *call, fr_pieces *pieces, fr_late_column *late) FR_MUST_USE;
void fr_pieces_clear(fr_pieces *pieces);
size_t     fr_pieces_count(const fr_pieces *pieces);
fr_column *fr_pieces_at(const fr_pieces *pieces, size_t i);            /* lent */
/* Takes the pieces over, also on failure; at least one. */
fr_late_column *fr_late_column_of(fr_call *call, fr_pieces *pieces) FR_MUST_USE;
fr_late_column *fr_late_column_from(fr_call *call, fr_column *column) FR_MUST_USE;    /* which is whole */
fr_late_column *fr_late_column_ref(fr_late_column *late);
void            fr_late_column_unref(fr_late_column *late);

/* ---- reading ----------------------------------------------------------------------------------------------------- */
/* The column, lent by `late`; NULL on failure. parallel: blocks. */
fr_column *fr_late_column_whole(fr_call *call, fr_late_column *late) FR_MUST_USE;
/* The same if it is there already, else NULL, which is no failure. */
static inline fr_column *fr_late_column_ready(const fr_late_column *late)
{
    return atomic_load_explicit(&late->whole, memory_order_acquire);
}
/* The same, owned; but where it lies in one piece that is formed or scaled, that piece. */
fr_column *fr_late_column_as_it_lies(fr_call *call, fr_late_column *late) FR_MUST_USE;
/* The column as it lies now, as pieces of the caller's own: one, without kept rows, when it is whole. */
void fr_late_column_pieces(fr_late_column *late, fr_pieces *out);
fr_late_column *fr_late_column_slice(fr_call *call, fr_late_column *late, int64_t offset, int64_t length) FR_MUST_USE;
/* One cell and a comparison, which need no memory and cannot fail; but for a cell of formed texts (fr_form_value). */
fr_value fr_late_column_value(fr_late_column *late, int64_t row);
bool     fr_late_column_equal(fr_late_column *a, fr_late_column *b);
bool     fr_late_column_equals(fr_late_column *late, const fr_column *column);

#endif
