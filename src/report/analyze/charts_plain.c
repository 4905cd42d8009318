/* charts_plain.c — the bars of a column as a small table, for a build without libframe-plot-1.
 *
 *     carat      rows
 *     0 … 0.2      12  ▏
 *     0.2 … 0.4 9,841  ████████
 */
#include "charts.h"
#include "numbers.h"

enum { MOST_BARS = 24 };

static const char *bar_label(analysis *a, const column_facts *c, const bar *b)
{
    if (!c->bars_are_bins) return b->label;
    return keep_format(&a->store, "%s … %s", short_number(&a->store, b->from), short_number(&a->store, b->to));
}

void chart_column(analysis *a, fr_page *page, const column_facts *c)
{
    const size_t n = c->n_bars < MOST_BARS ? c->n_bars : MOST_BARS;
    const char *labels[MOST_BARS];
    int64_t rows[MOST_BARS];
    if (!n) return;
    for (size_t i = 0; i < n; i++) {
        labels[i] = bar_label(a, c, &c->bars[i]);
        rows[i] = c->bars[i].n;
    }
    const fr_array_spec arrays[] = { fr_array("value", FR_STR, labels), fr_array("rows", FR_I64, rows) };
    const fr_table_column columns[] = { { .column = "value", .label = c->name }, { .column = "rows", .bar = true } };
    fr_auto(frame) table = text_table(a, (int64_t)n, arrays, 2);
    fr_page_table(page, table, &(fr_table_args){ .columns = columns, .n_columns = 2, .most_rows = (int64_t)n,
                  .caption = c->n_other ? keep_format(&a->store, "%s %s other values.",
                                                                 counted(&a->store, c->n_other, "row"),
                                                                 c->n_other == 1 ? "has" : "have") : NULL });
}

bool chart_groups(analysis *a, fr_page *page, const group_list *list) { return (void)a, (void)page, (void)list, false; }
void chart_periods(analysis *a, fr_page *page) { (void)a, (void)page; }
void chart_course(analysis *a, fr_page *page) { (void)a, (void)page; }
void chart_hours(analysis *a, fr_page *page) { (void)a, (void)page; }
void chart_correlations(analysis *a, fr_page *page) { (void)a, (void)page; }
void chart_missing(analysis *a, fr_page *page) { (void)a, (void)page; }

const char *chart_file(const analysis *a, size_t index) { return (void)a, (void)index, NULL; }
fr_frame *write_chart(const analysis *a, size_t index, const char *path) { return (void)a, (void)index, (void)path,
        NULL; }
void charts_clear(analysis *a) { (void)a; }
