/* pages.c — the page from top to bottom: what matters first, then the evidence, last how it was computed.
 *
 *     tiles → sales (or columns, on other files) → data quality → columns → dictionary → definitions → account
 */
#include "pages.h"
#include "charts.h"
#include "numbers.h"
#include "say.h"
#include "words.h"

#include <math.h>
#include <string.h>

fr_frame *text_table(analysis *a, int64_t n, const fr_array_spec *columns, size_t n_columns)
{
    return fr_frame_from_arrays(n, columns, n_columns, a->context);
}

/* ---- the figures at the top -------------------------------------------------------------------------------------- */
/* 3.08 M: a tile is for a glance; the exact amount stands below. */
static const char *short_amount(analysis *a, double amount)
{
    char text[64];
    fr_numeral_text(fr_v_f64(amount), (fr_numeral_format){ .kind = FR_NUMERAL_SHORT, .unit = a->currency }, text,
                   sizeof text);
    return keep(&a->store, text);
}

static fr_tile total_tile(analysis *a)
{
    const findings *f = &a->found;
    fr_tile tile = { .label = a->roles.amount_name, .value = short_amount(a, f->total) };
    if (strcmp(tile.value, f->total_text) != 0) tile.exact = f->total_text;      /* said once */
    if (!isnan(f->year_change)) {
        tile.changed = true;
        tile.change = f->year_change;
        tile.against = "the twelve months before";
    }
    double *spark = f->n_periods > 2 ? store_array(&a->store, f->n_periods, sizeof *spark) : NULL;
    for (size_t i = 0; spark && i < f->n_periods; i++) spark[i] = f->periods[i].partial ? NAN : f->periods[i].amount;
    tile.spark = spark;
    tile.n_spark = spark ? f->n_periods : 0;
    return tile;
}

static fr_tile last_period_tile(analysis *a)
{
    const findings *f = &a->found;
    const size_t last = f->n_periods - 1 - f->periods[f->n_periods - 1].partial;
    fr_tile tile = { .label = keep_format(&a->store, "%s %s", pretty_name(&a->store, period_word(f->unit)),
                                          f->periods[last].label), .value = short_amount(a, f->periods[last].amount) };
    if (!isnan(f->change)) {
        tile.changed = true;
        tile.change = f->change;
        tile.against = f->change_from;
    }
    if (!isnan(f->change_year)) tile.note = percent_word(a, f->change_year, f->change_year_from);
    return tile;
}

static bool has_period_tile(const findings *f) { return f->change_to && f->n_periods > 2 && f->unit != PERIOD_DAY; }

static void sales_tiles(analysis *a, fr_page *page)
{
    const findings *f = &a->found;
    fr_tile tiles[5];
    size_t n = 0;
    tiles[n++] = total_tile(a);
    if (has_period_tile(f)) tiles[n++] = last_period_tile(a);
    tiles[n++] = (fr_tile){ .label = "Rows", .value = grouped(&a->store, f->rows),
                            .note = f->rows == a->n_in ? NULL
                                : keep_format(&a->store, "%s in the file", grouped(&a->store, a->n_in)) };
    tiles[n++] = (fr_tile){ .label = "Mean of a row", .value = f->mean_text };
    if (f->units_text) tiles[n++] = (fr_tile){ .label = pretty_name(&a->store, a->roles.units_name),
                                              .value = f->units_text };
    fr_page_tiles(page, tiles, n);
}

static int64_t missing_cells(const analysis *a)
{
    int64_t n = 0;
    for (size_t i = 0; i < a->n_columns; i++) n += a->columns[i].n_missing;
    return n;
}

static void profile_tiles(analysis *a, fr_page *page)
{
    const int64_t n_missing = missing_cells(a), n_cells = a->n_kept * (int64_t)a->n_columns;
    const fr_tile tiles[] = {
        { .label = "Rows", .value = grouped(&a->store, a->n_kept) },
        { .label = "Columns", .value = grouped(&a->store, (int64_t)a->n_columns) },
        { .label = "Missing cells", .value = grouped(&a->store, n_missing),
          .note = n_missing ? share_text(&a->store, (double)n_missing / (double)n_cells) : NULL },
        { .label = "Equal rows", .value = grouped(&a->store, a->n_equal_kept + a->n_duplicates),
          .note = a->n_duplicates ? "removed" : a->n_equal_kept ? "kept" : NULL },
    };
    fr_page_tiles(page, tiles, sizeof tiles / sizeof tiles[0]);
}

/* ---- what they say ----------------------------------------------------------------------------------------------- */
enum { MOST_STATEMENTS = 8 };

static size_t say_groups(analysis *a, const group_list *list, const char **items, size_t n)
{
    if (!list->n || !list->shares) return n;
    items[n++] = keep_format(&a->store, "%s leads %s with %s of %s (%s).", list->lines[0].label, list->column,
                             share_text(&a->store, list->lines[0].share), a->roles.amount_name,
                                 list->lines[0].amount_text);
    if (list->n_groups > 10)
        items[n++] = keep_format(&a->store, "The 10 largest of %s values of %s make %s; %s of them make 80 %%.",
                                 grouped(&a->store, (int64_t)list->n_groups), list->column,
                                     share_text(&a->store, list->top10_share),
                                 grouped(&a->store, list->n_for_80));
    return n;
}

static void statements(analysis *a, fr_page *page)
{
    const findings *f = &a->found;
    const char *items[MOST_STATEMENTS];
    size_t n = 0;
    if (!isnan(f->change) && !has_period_tile(f))             /* what a tile says is not said again */
        items[n++] = keep_format(&a->store, "%s: %s%s%s.", pretty_name(&a->store, f->change_to),
                                 percent_word(a, f->change, f->change_from),
                                 isnan(f->change_year) ? "" : ", ", isnan(f->change_year) ? ""
                                     : percent_word(a, f->change_year, f->change_year_from));
    n = say_groups(a, &f->by, items, n);
    n = say_groups(a, &f->top, items, n);
    if (f->n_outliers)
        items[n++] = keep_format(&a->store, "%s %s far above the others: %s.", counted(&a->store, f->n_outliers, "row"),
                                 f->n_outliers == 1 ? "lies" : "lie", f->outlier_rule);
    if (n) fr_page_list(page, items, n);
}

/* ---- the page ---------------------------------------------------------------------------------------------------- */
/* Every digit of the file: a coordinate of two decimals would be another place. */
static fr_table_column as_it_stands(const fr_frame *head, size_t i, const column_facts *c)
{
    enum { MOST_DECIMALS = 15 };
    fr_table_column column = { .column = fr_name(head, i), .format = { .kind = FR_NUMERAL_PLAIN } };
    if (c->role == ROLE_DATE) column.format.kind = FR_NUMERAL_ISO;
    if (!is_number(c->kind)) return column;
    column.format.places = FR_PLACES(fr_numeral_places(head, i, fr_length(head), MOST_DECIMALS));
    if (c->role != ROLE_ID && c->role != ROLE_KEY && c->role != ROLE_CODE) column.align = FR_ALIGN_RIGHT;
    return column;
}

static void first_rows(analysis *a, fr_page *page)
{
    enum { SHOWN_ROWS = 8, SHOWN_COLUMNS = 20 };
    fr_table_column columns[SHOWN_COLUMNS];
    size_t n = 0;
    if (!fr_length(a->clean)) return;
    fr_auto(frame) head = fr_pipe(a->clean, fr_head(SHOWN_ROWS));
    for (; n < fr_width(a->clean) && n < SHOWN_COLUMNS; n++) columns[n] = as_it_stands(head, n, &a->columns[n]);
    fr_page_section(page, "First rows");
    fr_page_table(page, head, &(fr_table_args){ .columns = columns, .n_columns = n, .most_rows = SHOWN_ROWS,
                                               .no_header_column = true,
                  .caption = n < fr_width(a->clean) ? keep_format(&a->store,
                                                                  "The first %zu of %s columns, after cleaning.", n,
                                                                  grouped(&a->store, (int64_t)a->n_columns))
                                                                      : "After cleaning." });
}

static const char *time_range(analysis *a)
{
    const findings *f = &a->found;
    return f->first_text ? keep_format(&a->store, "%s to %s · ", f->first_text, f->last_text) : "";
}

fr_page *make_page(analysis *a)
{
    fr_page *page = fr_page_new(&(fr_page_args){
        .title = a->file_name, .context = a->context,
        .subtitle = keep_format(&a->store, "%s × %s · %s%s, %s, %s", counted(&a->store, a->n_in, "row"),
                                counted(&a->store, (int64_t)a->raw_width, "column"), time_range(a), a->encoding,
                                a->separator, a->header) });
    if (!page) return NULL;
    if (a->roles.sales) sales_tiles(a, page);
    else profile_tiles(a, page);
    if (a->roles.sales) statements(a, page);
    if (a->roles.sales) page_sales(a, page);
    chart_course(a, page);
    page_quality(a, page);
    page_columns(a, page);
    first_rows(a, page);
    page_method(a, page);
    fr_auto(frame) account = fr_account(a->clean);
    fr_page_account(page, account);
    return page;
}
