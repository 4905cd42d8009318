/* batches.h — a scan over a frame in memory that comes in batches of a given size, and remembers what it was asked
 * for. */
#ifndef FR_TEST_PLAN_BATCHES_H
#define FR_TEST_PLAN_BATCHES_H

#include <frame/frame.h>

typedef struct batch_log {
    size_t  begun;               /* how often the scan was started                                                    */
    size_t  n_columns;           /* asked for the last time                                                           */
    int64_t max_rows, n_batches, n_rows;   /* asked for, delivered the last time                                      */
    bool    whole;
} batch_log;

/* The frame as a scan; `log` may be NULL and must outlive the scan. */
fr_frame *scan_in_batches(const fr_frame *frame, int64_t batch_rows, batch_log *log);

#endif
