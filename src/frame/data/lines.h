/* lines.h — which line of which file a row came from, carried along until somebody asks.
 *
 * A row that a cleaning step rejects is listed with the line of the file it was read from, though rows before it may be
 * long gone. A reader says where its rows begin (row i is line first + i); dropping rows adds one bit a row of the frame
 * before, and a number is found only when it is wanted. Steps that reorder or make rows give their rows no lines.
 *
 *     read      lines 2 3 4 5 6
 *     keep      1 0 1 1 0          row 1 → the second bit set → row 2 of the frame before → line 4
 *
 * Frames that are put below each other keep the lines of each, so a row may have a line and the next one none.
 */
#ifndef FR_DATA_LINES_H
#define FR_DATA_LINES_H

#include "base/buffer.h"

typedef struct fr_lines fr_lines;       /* counted, immutable */

/* Row i is line first + i of a file, whose name is copied; NULL: it has none. */
fr_lines *fr_lines_from(fr_call *call, int64_t first, const char *file) FR_MUST_USE;
/* The rows of `lines` whose bit is set, of n_rows, by bits that are shared and must stay as they are; a run of rows from
 * `offset`. NULL lines give NULL, which is no failure. */
fr_lines *fr_lines_keep(fr_call *call, fr_lines *lines, fr_buffer *keep, int64_t n_rows) FR_MUST_USE;
fr_lines *fr_lines_cut(fr_call *call, fr_lines *lines, int64_t offset) FR_MUST_USE;
/* n stretches one after the other, lengths[i] rows each; NULL without a failure when none of them is known. */
fr_lines *fr_lines_concat(fr_call *call, fr_lines *const *parts, const int64_t *lengths, size_t n) FR_MUST_USE;
fr_lines *fr_lines_ref(fr_lines *lines);
void      fr_lines_unref(fr_lines *lines);

/* The line of a row, -1 when it is not known; the name of its file, NULL when that is not. */
int64_t     fr_line_of(const fr_lines *lines, int64_t row);
const char *fr_file_of(const fr_lines *lines, int64_t row);
/* Are rows of several files among them, so that a line without its file tells little? */
bool        fr_lines_are_mixed(const fr_lines *lines);

#endif
