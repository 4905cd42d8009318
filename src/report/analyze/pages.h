/* pages.h — the report of an analysis as one page. */
#ifndef FR_REPORT_PAGES_H
#define FR_REPORT_PAGES_H

#include "report/page.h"

#include "analysis.h"

/* A page the caller frees; NULL without memory. What went wrong stays with the page. */
fr_page *make_page(analysis *a);

/* the parts, in the order of the page */
void page_sales(analysis *a, fr_page *page);           /* page_sales.c: groups, time, season, concentration, outliers */
void page_quality(analysis *a, fr_page *page);         /* page_quality.c: alerts, what was cleaned, missing values    */
void page_columns(analysis *a, fr_page *page);         /* page_columns.c: a block a column, correlations, rows        */
void page_method(analysis *a, fr_page *page);          /* page_method.c: dictionary, definitions, how to repeat       */

/* A frame of parallel arrays for a table; release with fr_unref. */
fr_frame *text_table(analysis *a, int64_t n, const fr_array_spec *columns, size_t n_columns);

#endif
