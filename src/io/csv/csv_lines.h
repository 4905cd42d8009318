/* csv_lines.h — on which line of the file each record begins (csv_lines.c). */
#ifndef FR_IO_CSV_LINES_H
#define FR_IO_CSV_LINES_H

#include "data/lines.h"
#include "io/csv/csv_window.h"

typedef struct fr_csv_lines {
    fr_context *context;           /* borrowed                                                                        */
    int64_t     first;             /* line of the first record                                                        */
    int64_t     n;                 /* lines up to the end of the last window                                          */
    fr_buffer  *bits;              /* owned: set where a record begins; NULL: every record so far took one line        */
} fr_csv_lines;

/* Start over at a line. */
void fr_csv_lines_begin(fr_csv_lines *lines, fr_context *context, int64_t first);
void fr_csv_lines_clear(fr_csv_lines *lines);
/* Records of a window are about to be read. The lines of ranges in which every record takes one are known by that; for the
 * others (fr_csv_range.uneven) somebody has to mark them. */
bool fr_csv_lines_window(fr_call *call, fr_csv_lines *lines, fr_csv_window *window) FR_MUST_USE;
/* Records begin at begins[0 … n), in order, behind text[*at], which stands in line *line; both move on to the last one. Any
 * thread. */
void fr_csv_lines_mark(fr_csv_lines *lines, const fr_csv_window *window, const uint32_t *begins, size_t n, size_t *at,
                       int64_t *line);
/* What a frame of all these records carries along. */
fr_lines *fr_csv_lines_finish(fr_call *call, const fr_csv_lines *lines, const char *file) FR_MUST_USE;

#endif
