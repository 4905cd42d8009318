/* report_files.h — the files of a report, written into their folder all at once. */
#ifndef FR_REPORT_REPORT_FILES_H
#define FR_REPORT_REPORT_FILES_H

#include "analysis.h"

/* Write everything into the folder; `written` gets the names, separated by " · ". False: the folder is as it was. */
bool write_report(analysis *a, const char *folder, growing *written);

#endif
