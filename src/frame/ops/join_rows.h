/* join_rows.h — the rows of a join's result: from which left row and which right row each is made.
 *
 *     match            inner               left
 *     left 0: 1        left rows 0 2       all left rows
 *     left 1: none     right rows 1 0      right rows 1 none 0, found 1 0 1
 *     left 2: 0
 *
 * Left rows are in order always, so columns of the left are shared where every row comes once, compressed by a bitmap
 * where it comes once or not at all (when somebody needs them, if there are many: data/late_column.h), and taken row by
 * row only where keys repeat on the right.
 */
#ifndef FR_OPS_JOIN_ROWS_H
#define FR_OPS_JOIN_ROWS_H

#include "data/frame.h"
#include "data/kept_rows.h"
#include "ops/join_match.h"

typedef struct fr_join_rows {
    int64_t       n;
    bool          left_wide, right_wide;       /* are numbers of left and of right rows of 64 bits */
    fr_kept_rows *kept;                   /* left: the rows whose bit is set */
    fr_buffer    *left;                   /* left: these rows; both NULL: all */
    fr_buffer    *right;                  /* right: these rows … */
    fr_column    *codes;                  /*        … or those that codes stand for (ops/join_codes.h): this column, */
    fr_column    *left_codes;             /*        … which is what the left keeps of this one */
    fr_buffer    *of_code;
    bool          may_miss;               /* right: some are missing */
    fr_buffer    *found;                  /* right: bitmap of those that are not; NULL: not known, or none is missing */
    int64_t       n_found;                /* left rows that have a match */
} fr_join_rows;

/* What a join of two frames wants of its rows. */
typedef struct fr_join_size {
    bool     keeps_left;                  /* left rows without a match stay */
    int64_t  n_rest;                      /* so many rows come below, which count as well */
    uint64_t max_rows;                    /* LIMIT beyond; beyond what memory can hold as well, before any is taken */
    double   row_bytes;                   /* of all columns of the result, see below */
} fr_join_size;

/* Bytes that a row of the column takes in the result at least: neither texts, which are shared, nor items of lists. */
double fr_join_row_bytes(const fr_column *column);

/* LIMIT where n rows are more than max_rows. */
bool fr_join_check_rows(fr_call *call, const fr_join_match *match, const fr_join_size *size, int64_t n) FR_MUST_USE;
/* The match is used up: its buffers may become the rows'. */
bool fr_join_rows_make(fr_call *call, fr_join_match *match, const fr_join_size *size, fr_join_rows *out) FR_MUST_USE;
void fr_join_rows_clear(fr_join_rows *rows);           /* also after a failure */

/* out[i] is NULL or the caller's, also after a failure. */
bool fr_join_right_columns(fr_call *call, const fr_join_rows *rows, const fr_column *const *columns, size_t n,
                           fr_column **out) FR_MUST_USE;
void fr_join_forget_right_rows(fr_join_rows *rows);    /* when all columns of the right are made: frees their memory */
/* Has row `row` of the result a right row? */
bool fr_join_has_right(const fr_join_rows *rows, int64_t row);
/* Where rows drop out, it may wait until somebody needs it. */
fr_late_column *fr_join_left_column(fr_call *call, const fr_join_rows *rows, fr_column *column) FR_MUST_USE;

#endif
