/* csv_scan.h — a CSV file as a scan (csv_source.c). */
#ifndef FR_IO_CSV_SCAN_H
#define FR_IO_CSV_SCAN_H

#include <frame/csv.h>

#include "data/source.h"

/* args hold every field (size_ is full). Owned; NULL on failure. */
fr_frame *fr_csv_scan_frame(fr_call *call, const char *path, const fr_csv_args *args) FR_MUST_USE;

#endif
