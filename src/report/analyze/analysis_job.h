/* analysis_job.h — analysis.toml: what a run decided, so that it can be read, changed and repeated. */
#ifndef FR_REPORT_ANALYSIS_JOB_H
#define FR_REPORT_ANALYSIS_JOB_H

#include "analysis.h"

/* Options, roles and cleaning steps of a finished run. */
bool write_job(analysis *a, growing *out);
/* The cleaning steps alone, as in a job file of the library; "" without any. NULL after a failure. */
const char *rules_text(analysis *a);

bool is_analysis_job(const char *text);
/* Fill what was asked for, options of reading and given_rules from a job's text. */
bool read_job(analysis *a, const char *text);

#endif
