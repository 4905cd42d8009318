/* page_quality.c — what to know before trusting the figures: alerts, what was changed, what is missing. */
#include "pages.h"
#include "charts.h"
#include "numbers.h"

#include <string.h>

enum { MOST_ALERTS = 60, MOST_SPELLINGS_SHOWN = 100 };

static void page_alerts(analysis *a, fr_page *page)
{
    static const fr_severity severity[] = { FR_SEVERITY_INFO, FR_SEVERITY_WARNING, FR_SEVERITY_BAD };
    fr_alert alerts[MOST_ALERTS];
    const size_t n = a->n_alerts < MOST_ALERTS ? a->n_alerts : MOST_ALERTS;
    for (size_t i = 0; i < n; i++)
        alerts[i] = (fr_alert){ .severity = severity[a->alerts[i].level], .what = a->alerts[i].kind,
                                .text = a->alerts[i].text };
    if (n) fr_page_alerts(page, alerts, n);
    else fr_page_note(page, FR_SEVERITY_GOOD, NULL, "Nothing in the columns calls for a remark.");
    if (a->n_alerts > n)
        fr_page_paragraph(page, keep_format(&a->store, "… and %s more remarks of this kind.",
                                            grouped(&a->store, (int64_t)(a->n_alerts - n))));
}

static void page_rules(analysis *a, fr_page *page)
{
    const size_t n = a->n_rules;
    const char **what = store_array(&a->store, n, sizeof *what);
    int64_t *cells = store_array(&a->store, n, sizeof *cells), *rows = store_array(&a->store, n, sizeof *rows);
    if (!what || !cells || !rows) return;
    for (size_t i = 0; i < n; i++) {
        const rule *r = &a->rules[i];
        what[i] = r->what;
        cells[i] = r->changed + r->converted + r->filled;
        rows[i] = r->rejected + r->duplicates;
    }
    const fr_array_spec arrays[] = { fr_array("rule", FR_STR, what), fr_array("cells changed", FR_I64, cells),
                                     fr_array("rows removed", FR_I64, rows) };
    fr_auto(frame) table = text_table(a, (int64_t)n, arrays, 3);
    fr_page_subsection(page, "What was changed, in this order");
    if (!n) fr_page_paragraph(page, a->asked.no_clean ? "Nothing, as asked (--no-clean)."
                              : "Nothing had to be changed.");
    else fr_page_table(page, table, &(fr_table_args){ .most_rows = 200, .no_header_column = true });
}

static void page_spellings(analysis *a, fr_page *page)
{
    const size_t n = a->n_spellings < MOST_SPELLINGS_SHOWN ? a->n_spellings : MOST_SPELLINGS_SHOWN;
    if (!n) return;
    const char **column = store_array(&a->store, n, sizeof *column), **from = store_array(&a->store, n, sizeof *from);
    const char **to = store_array(&a->store, n, sizeof *to);
    int64_t *cells = store_array(&a->store, n, sizeof *cells);
    if (!column || !from || !to || !cells) return;
    for (size_t i = 0; i < n; i++) {
        column[i] = a->spellings[i].column;
        from[i] = keep_format(&a->store, "“%s”", a->spellings[i].from);
        to[i] = a->spellings[i].to;
        cells[i] = a->spellings[i].n;
    }
    const fr_array_spec arrays[] = { fr_array("column", FR_STR, column), fr_array("written", FR_STR, from),
                                    fr_array("now", FR_STR, to),
                                     fr_array("cells", FR_I64, cells) };
    fr_auto(frame) table = text_table(a, (int64_t)n, arrays, 4);
    fr_page_subsection(page, "Merged spellings");
    fr_page_table(page, table, &(fr_table_args){ .most_rows = (int64_t)n, .n_all = (int64_t)a->n_spellings,
                                                .no_header_column = true });
}

static void page_rejects(analysis *a, fr_page *page)
{
    enum { SHOWN = 20 };
    if (!a->n_rejected) return;
    fr_auto(frame) rejects = fr_rejects(a->clean);
    fr_page_subsection(page, "Rejected rows");
    const fr_table_column columns[] = { { .column = "line", .format = { .kind = FR_NUMERAL_PLAIN } },
                                       { .column = "column" }, { .column = "reason" },
                                        { .column = "text" } };
    fr_page_table(page, rejects, &(fr_table_args){ .columns = columns, .n_columns = 4, .most_rows = SHOWN,
                  .caption = "The line of the file, what was wrong, and what stood there. All of them are in "
                      "rejects.csv." });
}

void page_quality(analysis *a, fr_page *page)
{
    fr_page_section(page, "Data quality");
    page_alerts(a, page);
    page_rules(a, page);
    page_spellings(a, page);
    page_rejects(a, page);
    chart_missing(a, page);
}
