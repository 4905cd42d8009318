/* narrative.h — a report as a person writes it: Markdown, with queries in fences and values in the sentences.
 *
 *     ---
 *     title: Sales
 *     data:
 *       sales: sales_data.csv
 *     ---
 *     ```frame bar region revenue
 *     top = sales | group region: revenue = sum(quantity * unit_price) | sort -revenue
 *     ```
 *     {{ top.first.region }} leads with {{ top.first.revenue | money "$" }}.
 *
 *  1  narrative_matter.c  the lines between --- : title, data, …
 *  2  narrative_fence.c   every fence is run in order; its lines become a mark and empty lines, so places stay
 *  3  template            conditions and values; a value becomes a mark too, so that data never meet the Markdown parser
 *  4  narrative_prose.c   Markdown to blocks of the page; marks become tables, charts and escaped text
 *
 * docs/report.md is the manual.
 */
#ifndef FR_REPORT_NARRATIVE_H
#define FR_REPORT_NARRATIVE_H

#include <frame/csv.h>

#include "page.h"

typedef struct fr_narrative_args {
    const char         *file;            /* its name, for messages, and where files are looked for */
    const char         *text;
    size_t              n;
    const fr_csv_args  *read;            /* options of reading; NULL: defaults                     */
    fr_context         *context;
    const fr_allocator *allocator;       /* NULL: malloc                                           */
    size_t              most_bytes;      /* of the page; 0: 500,000                                */
    const char         *page_file;       /* where the page will be written, which no query may read; NULL: nowhere */
    const char         *template_;       /* of fr_page_args                                        */
    const char         *template_file;
} fr_narrative_args;

/* The page, owned; NULL: trouble says why, with file, line and column. */
fr_page *fr_narrative_page(const fr_narrative_args *args, fr_trouble *trouble);

#endif
