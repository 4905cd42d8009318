/* charts.h — the charts of the page, each of which is also a PNG beside it. */
#ifndef FR_REPORT_CHARTS_H
#define FR_REPORT_CHARTS_H

#include "pages.h"

void chart_groups(analysis *a, fr_page *page, const group_list *list, const char *file);
void chart_periods(analysis *a, fr_page *page);
void chart_hours(analysis *a, fr_page *page);
void chart_column(analysis *a, fr_page *page, const column_facts *c);
void chart_correlations(analysis *a, fr_page *page);
void chart_missing(analysis *a, fr_page *page);

#endif
