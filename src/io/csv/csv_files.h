/* csv_files.h — several files as one table (csv_files.c). */
#ifndef FR_IO_CSV_FILES_H
#define FR_IO_CSV_FILES_H

#include "base/glob.h"
#include "data/frame.h"
#include "io/csv/csv_options.h"

/* The rows of all files, in their order; owned. *has_header: does the first begin with one? */
fr_frame *fr_csv_files_frame(fr_call *call, const fr_paths *paths, const fr_csv_options *options, bool *has_header)
    FR_MUST_USE;

#endif
