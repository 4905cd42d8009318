/* say.h — the analysis as text for a terminal. */
#ifndef FR_REPORT_SAY_H
#define FR_REPORT_SAY_H

#include "analysis.h"
#include "terminal_text.h"

void print_analysis(analysis *a, const look *how, growing *out);
/* "50,000 in = 49,857 kept + 127 duplicates + 16 rejected ✓" */
const char *account_line(analysis *a);
/* "by region", "by product": what a list of groups is called */
const char *percent_word(analysis *a, double change, const char *from);
const char *cleaning_line(analysis *a, const char *rejects);

#endif
