/* page_sales.c — groups, time, season, outliers: a chart each, and the figures behind it. */
#include "pages.h"
#include "charts.h"
#include "numbers.h"

#include <math.h>
#include <string.h>

/* ---- groups ------------------------------------------------------------------------------------------------------ */
typedef struct group_arrays {
    const char **labels, **amounts, **units;
    double      *shares;
    uint8_t     *with_share;
    int64_t     *rows;
} group_arrays;

static bool make_arrays(analysis *a, const group_list *list, group_arrays *g)
{
    const size_t n = list->n;
    g->labels = store_array(&a->store, n, sizeof *g->labels);
    g->amounts = store_array(&a->store, n, sizeof *g->amounts);
    g->units = store_array(&a->store, n, sizeof *g->units);
    g->shares = store_array(&a->store, n, sizeof *g->shares);
    g->with_share = store_array(&a->store, n, 1);
    g->rows = store_array(&a->store, n, sizeof *g->rows);
    if (!g->labels || !g->amounts || !g->units || !g->shares || !g->with_share || !g->rows) return false;
    for (size_t i = 0; i < n; i++) {
        g->labels[i] = list->lines[i].label;
        g->amounts[i] = list->lines[i].amount_text;
        g->units[i] = list->lines[i].units_text;
        g->with_share[i] = (uint8_t)!isnan(list->lines[i].share);
        g->shares[i] = g->with_share[i] ? list->lines[i].share : 0;
        g->rows[i] = list->lines[i].rows;
    }
    return true;
}

static fr_frame *group_table(analysis *a, const group_list *list)
{
    group_arrays g;
    if (!make_arrays(a, list, &g)) return NULL;
    const fr_array_spec columns[] = {
        fr_array("label", FR_STR, g.labels), fr_array("amount", FR_STR, g.amounts),
        { .name = "share", .kind = FR_F64, .values = g.shares, .valid = g.with_share },
        fr_array("rows", FR_I64, g.rows), fr_array("units", FR_STR, g.units),
    };
    return text_table(a, (int64_t)list->n, columns, 5);
}

static void page_groups(analysis *a, fr_page *page, const group_list *list, bool ranked)
{
    if (!list->n) return;
    const bool units = list->lines[0].units_text != NULL;
    fr_page_section(page, keep_format(&a->store, "%s by %s", a->roles.amount_name, list->column));
    const bool drawn = chart_groups(a, page, list);           /* the chart's bars need no others below them */
    const fr_table_column columns[] = {
        { .column = "label", .label = list->column }, { .column = "amount", .label = a->roles.amount_name,
                                                       .align = FR_ALIGN_RIGHT },
        { .column = "share", .format = { .kind = FR_NUMERAL_PERCENT }, .bar = !drawn }, { .column = "rows" },
        { .column = "units", .label = a->roles.units_name, .align = FR_ALIGN_RIGHT },
    };
    fr_auto(frame) table = group_table(a, list);
    fr_page_table(page, table, &(fr_table_args){ .columns = columns, .n_columns = units ? 5 : 4, .rank = ranked,
                                                .most_rows = -1,
                  .caption = list->n < list->n_groups ? keep_format(&a->store, "The %zu largest of %s.", list->n,
                                                                    grouped(&a->store, (int64_t)list->n_groups))
                                                                        : NULL });
}

/* ---- time -------------------------------------------------------------------------------------------------------- */
static fr_frame *period_table(analysis *a)
{
    const findings *f = &a->found;
    const size_t n = f->n_periods;
    const char **labels = store_array(&a->store, n, sizeof *labels),
        **amounts = store_array(&a->store, n, sizeof *amounts);
    const char **notes = store_array(&a->store, n, sizeof *notes);
    double *change = store_array(&a->store, n, sizeof *change);
    uint8_t *valid = store_array(&a->store, n, 1);
    int64_t *rows = store_array(&a->store, n, sizeof *rows);
    if (!labels || !amounts || !notes || !change || !valid || !rows) return NULL;
    for (size_t i = 0; i < n; i++) {
        const period *p = &f->periods[i];
        labels[i] = p->label;
        amounts[i] = p->amount_text;
        notes[i] = p->partial ? "not whole" : "";
        rows[i] = p->rows;
        valid[i] = i && !p->partial && !f->periods[i - 1].partial && f->periods[i - 1].amount > 0;
        change[i] = valid[i] ? p->amount / f->periods[i - 1].amount - 1 : 0;
    }
    const fr_array_spec columns[] = {
        fr_array("period", FR_STR, labels), fr_array("amount", FR_STR, amounts), fr_array("rows", FR_I64, rows),
        { .name = "change", .kind = FR_F64, .values = change, .valid = valid }, fr_array("note", FR_STR, notes),
    };
    return text_table(a, (int64_t)n, columns, 5);
}

static void page_time(analysis *a, fr_page *page)
{
    const findings *f = &a->found;
    const char *unit = period_word(f->unit);
    if (f->n_periods < 2) return;
    const bool partial = f->periods[0].partial || f->periods[f->n_periods - 1].partial;
    const fr_table_column columns[] = {
        { .column = "period", .label = unit }, { .column = "amount", .label = a->roles.amount_name,
                                                          .align = FR_ALIGN_RIGHT },
        { .column = "rows" }, { .column = "change", .label = "change",
                               .format = { .kind = FR_NUMERAL_PERCENT, .signed_ = true } },
        { .column = "note", .label = " " },
    };
    fr_auto(frame) table = period_table(a);
    fr_page_section(page, keep_format(&a->store, "%s by %s", a->roles.amount_name, unit));
    chart_periods(a, page);
    if (f->r2 >= 0.2)
        fr_page_paragraph(page, keep_format(&a->store, "A straight line through the whole %ss %s by %s a %s (R² "
                                            "%.2f).", unit,
                                            f->slope < 0 ? "falls" : "rises", short_number(&a->store, fabs(f->slope)),
                                            unit, f->r2));
    else if (!isnan(f->r2))
        fr_page_paragraph(page, keep_format(&a->store, "No straight trend: a line through the whole %ss explains %s of "
                                            "their "
                                            "differences.", unit, share_text(&a->store, f->r2)));
    fr_page_fold(page, keep_format(&a->store, "Every %s", unit));
    fr_page_table(page, table, &(fr_table_args){ .columns = columns, .n_columns = partial ? 5 : 4, .most_rows = 240 });
    fr_page_fold_end(page);
}

/* ---- season ------------------------------------------------------------------------------------------------------ */
static void season_table(analysis *a, fr_page *page, const char *const *names, const double *values, int64_t n,
                         const char *what)
{
    double share[12];
    uint8_t valid[12];
    const char *texts[12];
    double most = 0;
    for (int64_t i = 0; i < n; i++) {
        char digits[64];
        valid[i] = (uint8_t)!isnan(values[i]);
        share[i] = valid[i] ? values[i] : 0;
        most = share[i] > most ? share[i] : most;
        snprintf(digits, sizeof digits, "%.2f", share[i]);
        texts[i] = valid[i] ? money_text(&a->store, digits, a->currency) : NULL;
    }
    for (int64_t i = 0; i < n; i++) share[i] = most > 0 ? share[i] / most : 0;
    const fr_array_spec arrays[] = { fr_array("name", FR_STR, names), fr_array("mean", FR_STR, texts),
                                     { .name = "bar", .kind = FR_F64, .values = share, .valid = valid } };
    const fr_table_column columns[] = {
        { .column = "name", .label = what }, { .column = "mean", .label = "mean", .align = FR_ALIGN_RIGHT },
        { .column = "bar", .label = "of the best", .format = { .kind = FR_NUMERAL_PERCENT, .places = FR_PLACES(0) },
         .bar = true },
    };
    fr_auto(frame) table = text_table(a, n, arrays, 3);
    fr_page_table(page, table, &(fr_table_args){ .columns = columns, .n_columns = 3, .most_rows = -1 });
}

static void page_season(analysis *a, fr_page *page)
{
    static const char *const days[] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" };
    static const char *const months[] = { "January", "February", "March", "April", "May", "June", "July", "August",
                                         "September",
                                          "October", "November", "December" };
    const findings *f = &a->found;
    if (!f->has_weekday && !f->has_month_of_year && !f->has_hours) return;
    fr_page_section(page, "Season");
    if (f->has_hours) chart_hours(a, page);
    fr_page_grid(page);
    if (f->has_weekday) season_table(a, page, days, f->weekday, 7, "a calendar day");
    if (f->has_month_of_year) season_table(a, page, months, f->month_of_year, 12, "a whole month");
    fr_page_grid_end(page);
}

/* ---- outliers ---------------------------------------------------------------------------------------------------- */
static void add_shown(analysis *a, fr_table_column *columns, size_t *n, const char *name)
{
    if (!name || *n == 7) return;
    for (size_t i = 0; i < *n; i++)
        if (!strcmp(columns[i].column, name)) return;
    const column_facts *c = column_called(a, name);
    columns[(*n)++] = (fr_table_column){ .column = name, .format = { .kind = c && c->role == ROLE_DATE ? FR_NUMERAL_ISO
                                         : c && c->role == ROLE_ID ? FR_NUMERAL_PLAIN : FR_NUMERAL_AUTO } };
}

static void page_outliers(analysis *a, fr_page *page)
{
    const findings *f = &a->found;
    fr_table_column columns[8];
    size_t n = 0;
    if (!f->n_outliers || !f->outliers) return;
    for (size_t i = 0; i < a->n_columns; i++)
        if (a->columns[i].role == ROLE_ID && n < 1) add_shown(a, columns, &n, a->columns[i].name);
    add_shown(a, columns, &n, a->roles.date);
    add_shown(a, columns, &n, a->roles.top);
    add_shown(a, columns, &n, a->roles.quantity);
    add_shown(a, columns, &n, a->roles.price);
    add_shown(a, columns, &n, a->roles.amount_column);
    columns[n++] = (fr_table_column){ .column = "out__", .label = "times the median",
                                     .format = { .kind = FR_NUMERAL_NUMBER, .places = FR_PLACES(1) } };
    fr_page_section(page, "Far above the others");
    fr_page_paragraph(page, keep_format(&a->store, "%s %s %s. Nothing was done about that: far is not wrong.",
                                        counted(&a->store, f->n_outliers, "row"), f->n_outliers == 1 ? "is" : "are",
                                        f->outlier_rule));
    fr_page_table(page, f->outliers, &(fr_table_args){ .columns = columns, .n_columns = n, .n_all = f->n_outliers });
}

void page_sales(analysis *a, fr_page *page)
{
    page_time(a, page);
    page_groups(a, page, &a->found.by, false);
    page_groups(a, page, &a->found.top, true);
    page_season(a, page);
    if (a->found.customers.n_groups > 10) page_groups(a, page, &a->found.customers, true);
    page_outliers(a, page);
}
