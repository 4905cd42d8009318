/* csv_sink.h — rows in, a file out (csv_sink.c). */
#ifndef FR_IO_CSV_SINK_H
#define FR_IO_CSV_SINK_H

#include <frame/csv.h>

#include "data/source.h"

typedef struct fr_csv_sink fr_csv_sink;

/* Texts of args are copied. */
fr_csv_sink *fr_csv_sink_open(fr_call *call, const char *path, const fr_csv_write_args *args) FR_MUST_USE;
/* The first frame gives the header. */
bool         fr_csv_sink_write(fr_call *call, fr_csv_sink *sink, const fr_frame *batch) FR_MUST_USE;
bool         fr_csv_sink_commit(fr_call *call, fr_csv_sink *sink, int64_t *rows, int64_t *bytes) FR_MUST_USE;
void         fr_csv_sink_close(fr_csv_sink *sink);      /* without commit nothing is left behind; NULL does nothing */

#endif
