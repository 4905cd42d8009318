/* path_ending.h — what a path ends with: sales.csv, SALES.CSV and sales.csv.gz are of the endings ".csv .csv.gz". */
#ifndef FR_BASE_PATH_ENDING_H
#define FR_BASE_PATH_ENDING_H

#include "base/compiler.h"

/* The bytes of the longest of `endings`, in lower case and apart by blanks, that the path has in any case; 0: none. */
FR_PRIVATE size_t fr_path_ending(const char *path, const char *endings);

#endif
