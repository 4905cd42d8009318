/* rejects.h — what a cleaning step does with values it cannot convert: fail, null, or put the row aside. */
#ifndef FR_OPS_REJECTS_H
#define FR_OPS_REJECTS_H

#include "data/frame.h"

/* Collects bad cells while columns are converted. */
typedef struct fr_bad_cells {
    fr_context *context;
    const fr_lines *origin;                /* of the frame being worked on; borrowed, NULL: not known */
    int64_t     n_rows;
    fr_buffer  *rows;                      /* bitmap of rows with a bad cell; NULL while there are none */
    int64_t     n_cells, n_rows_bad;
    fr_builder *lines, *columns, *reasons, *texts, *files;      /* one entry for the first bad cell of each row */
} fr_bad_cells;
#define FR_BAD_CELLS_INIT(call, frame) { .context = (call)->context, .origin = (frame)->lines, .n_rows = (frame)->length }

/* The cells of `column` whose bit is set are bad: "'x' is not <reason>". Their text goes into the rejects; of several
 * bad cells in a row the first column's is kept. */
bool      fr_bad_cells_add(fr_call *call, fr_bad_cells *bad, const fr_column *column, const char *name,
                           const fr_buffer *failed, const char *reason) FR_MUST_USE;
/* The frame without the bad rows, which go into its rejects. Entry's rejected and rows_kept are filled in. */
fr_frame *fr_bad_cells_reject(fr_call *call, fr_bad_cells *bad, const fr_frame *frame, struct fr_account_entry *entry)
    FR_MUST_USE;
void      fr_bad_cells_clear(fr_bad_cells *bad);

#endif
