/* json.h — the analysis for machines: one object, its keys documented in docs/analyze.md. */
#ifndef FR_REPORT_JSON_H
#define FR_REPORT_JSON_H

#include "analysis.h"

void write_json(analysis *a, growing *out);

#endif
