/* charts.h — the charts of the page; the main ones are PNG files beside it as well.
 *
 * With libframe-plot-1 they are drawn (charts.c, chart_columns.c), without it the columns' are small tables
 * (charts_plain.c) and the others are left out: their figures stand in tables anyway.
 */
#ifndef FR_REPORT_CHARTS_H
#define FR_REPORT_CHARTS_H

#include "pages.h"

/* False where there is no chart: of one group, or in a build without charts. */
bool chart_groups(analysis *a, fr_page *page, const group_list *list);
void chart_periods(analysis *a, fr_page *page);
void chart_course(analysis *a, fr_page *page);
void chart_hours(analysis *a, fr_page *page);
void chart_column(analysis *a, fr_page *page, const column_facts *c);
void chart_correlations(analysis *a, fr_page *page);
void chart_missing(analysis *a, fr_page *page);

/* The PNG files that were kept while the page was made: write number `index` to `path`. NULL from the first that is none. */
const char *chart_file(const analysis *a, size_t index);
fr_frame *write_chart(const analysis *a, size_t index, const char *path);
void charts_clear(analysis *a);

#endif
