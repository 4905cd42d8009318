/* csv_window.h — the text in pieces of some megabytes, each cut into ranges of whole records (csv_window.c).
 *
 * A window holds what was left of the one before and the next bytes of the file. Its ranges can be worked on in parallel:
 * of each is known where it begins and ends, and the number of its first record, exactly.
 */
#ifndef FR_IO_CSV_WINDOW_H
#define FR_IO_CSV_WINDOW_H

#include "io/csv/csv_count.h"
#include "io/csv/csv_input.h"
#include "io/csv/csv_shape.h"

typedef struct fr_csv_range {
    size_t  begin, end;             /* bytes of the window's text                                                       */
    int64_t row;                    /* number of the first record: from 0, blank lines and comments not counted         */
    int64_t n_rows;                 /* records, flawed ones included                                                    */
    int64_t line;                   /* of `begin`, from 1                                                               */
    bool    ascii, nul, quotes, cr; /* no byte above 127; some byte 0; some quote; some CR                              */
    bool    uneven;                 /* it has not as many lines as records (csv_lines.c)                                */
} fr_csv_range;

typedef struct fr_csv_window {
    fr_context           *context;
    fr_csv_input         *input;
    const fr_csv_dialect *dialect;
    size_t                chunk_bytes, window_bytes;
    uint64_t              most_bytes;        /* of a record                                                              */
    int64_t               few_rows;          /* a range with fewer goes on into the next chunk                           */
    fr_buffer            *buffer;   /* owned                                                                            */
    char                 *text;     /* the bytes, followed by 64 that may be read                                       */
    size_t                n;        /* of them                                                                          */
    size_t                used;     /* the ranges end here; what follows goes to the next window                        */
    int64_t               offset;   /* of text[0] in the text                                                           */
    int64_t               line;     /* number of the line that begins at text[0], from 1                                */
    int64_t               row;      /* number of the first record                                                       */
    int64_t               next_row, next_line;
    int64_t               blank_lines;       /* passed over so far, this window included                                */
    bool                  last;     /* the text ends with this window                                                   */
    bool                  careful;  /* records were found by the scanner, not by masks: some may be flawed              */
    size_t                n_ranges, range_capacity;
    fr_csv_range         *ranges;   /* owned                                                                            */
    fr_csv_counts        *counts;   /* owned, one per chunk                                                             */
    size_t                count_capacity;
    fr_buffer            *ahead;    /* owned: bytes for the next window, which begin with this one's rest               */
    size_t                n_ahead;  /* of them, when they were read                                                     */
    bool                  has_ahead;
    fr_problem           *ahead_problem;     /* owned: why they could not be read                                        */
} fr_csv_window;

/* Windows over the input from where it stands, which is `offset` of the text, line `line`. window_bytes: of the first one.
 * After a failure fr_csv_window_close is still due. */
bool fr_csv_window_open(fr_call *call, fr_csv_input *input, const fr_csv_dialect *dialect, size_t window_bytes,
                        int64_t offset, int64_t line, fr_csv_window *out) FR_MUST_USE;
/* The next window; false at the end (not failed) or on failure. */
bool fr_csv_window_next(fr_call *call, fr_csv_window *window) FR_MUST_USE;
/* Is there something to read ahead? Not from pipes, whose next bytes may be long in coming while rows are waiting. */
bool fr_csv_window_wants_ahead(const fr_csv_window *window);
/* Read, and decompress, the bytes of the next window while other threads work on the ranges of this one. Whatever goes wrong
 * is the failure of fr_csv_window_next. */
void fr_csv_window_read_ahead(fr_call *call, fr_csv_window *window);
/* A record is too long: records FR_ERR_LIMIT with its place, returns false. */
bool fr_csv_window_fail_long(fr_call *call, const fr_csv_window *window, int64_t line, int64_t row);
/* Line ends in text[from … to). */
int64_t fr_csv_window_lines(const fr_csv_window *window, size_t from, size_t to);
/* What the masks of two neighbours (csv_count.h) could not see: the bytes on both sides of a cut. `inside`: at text[at]. */
bool fr_csv_window_cut_is_fine(const fr_csv_window *window, size_t at, bool inside);
/* The same for an empty line that begins before the cut or at it and ends in text[at … end): 1 or 0. */
int64_t fr_csv_window_blank_at_cut(const fr_csv_window *window, size_t at, size_t end);
void fr_csv_window_close(fr_csv_window *window);

#endif
