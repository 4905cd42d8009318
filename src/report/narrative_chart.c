/* narrative_chart.c — a fence shown as a chart. */
#include "narrative_inside.h"

#include <string.h>

static const char *const kinds[] = { "bar", "line", "area", "scatter", "hist", "pie" };

bool fr_chart_kind(const char *kind, size_t n_kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strlen(kinds[i]) == n_kind && !memcmp(kinds[i], kind, n_kind)) return true;
    return false;
}

bool fr_chart_show(fr_narrative *n, const fr_query *query, const fr_table_args *table)
{
    (void)table;
    return fr_troubled_at(n->trouble, fr_narrative_place(n, query->offset), FR_ERR_MODULE,
                          "charts need libframe-plot-1, which this build is without (libcairo2-dev libpango1.0-dev)");
}
