/* page_columns.c — a block for every column: what it is, its figures, its chart; then how numbers go together.
 *
 * Of a wide table the first fifty columns are shown; the dictionary lists more, analysis in JSON all.
 */
#include "pages.h"
#include "charts.h"
#include "numbers.h"

#include <math.h>
#include <string.h>

enum { MOST_SHOWN = 50, MOST_FACTS = 14 };

static size_t add_fact(fr_fact *facts, size_t n, const char *label, const char *value)
{
    if (!value || !*value || n == MOST_FACTS) return n;
    facts[n] = (fr_fact){ label, value };
    return n + 1;
}

static bool is_counted_with(const column_facts *c)
{
    return is_number(c->kind) && c->role != ROLE_ID && c->role != ROLE_KEY && c->role != ROLE_CODE
        && c->role != ROLE_CONSTANT && c->n_valid;
}

static size_t number_facts_of(analysis *a, const column_facts *c, fr_fact *facts, size_t n)
{
    const number_facts *f = &c->number;
    const bool plain = c->role == ROLE_TIME_PART;            /* the year 1949 is not 1,949 */
    n = add_fact(facts, n, "Least", plain ? c->least : short_number(&a->store, f->min));
    if (c->role != ROLE_FLAG && c->role != ROLE_TIME_PART) {
        n = add_fact(facts, n, "Lower quartile", short_number(&a->store, f->q1));
        n = add_fact(facts, n, "Median", short_number(&a->store, f->median));
        n = add_fact(facts, n, "Upper quartile", short_number(&a->store, f->q3));
    }
    n = add_fact(facts, n, "Greatest", plain ? c->most : short_number(&a->store, f->max));
    if (c->role != ROLE_TIME_PART && c->role != ROLE_PLACE) {
        n = add_fact(facts, n, c->role == ROLE_FLAG ? "Share of 1" : "Mean", c->role == ROLE_FLAG
                     ? share_text(&a->store, f->mean) : short_number(&a->store, f->mean));
        if (c->role != ROLE_FLAG) n = add_fact(facts, n, "Standard deviation", short_number(&a->store, f->std));
        if (f->zeros && c->role != ROLE_FLAG) n = add_fact(facts, n, "Zeros", grouped(&a->store, f->zeros));
        if (f->negatives) n = add_fact(facts, n, "Negative", grouped(&a->store, f->negatives));
    }
    return n;
}

static void column_block(analysis *a, fr_page *page, const column_facts *c)
{
    fr_fact facts[MOST_FACTS];
    size_t n = 0;
    const double missing = a->n_kept ? (double)c->n_missing / (double)a->n_kept : 0;
    fr_page_subsection(page, c->name);
    fr_page_paragraph(page, keep_format(&a->store, "%s: %s (%.0f %% sure).", role_words[c->role], c->reason,
                                        100 * c->confidence));
    n = add_fact(facts, n, "Type", c->type);
    n = add_fact(facts, n, "Missing", c->n_missing ? keep_format(&a->store, "%s (%s)",
                                                                 grouped(&a->store, c->n_missing),
                                                                     share_text(&a->store, missing))
                                                   : "none");
    if (c->n_distinct >= 0) n = add_fact(facts, n, "Distinct", grouped(&a->store, c->n_distinct));
    if (c->role == ROLE_CONSTANT) n = add_fact(facts, n, "Value", c->n_bars ? c->bars[0].label : c->least);
    if (is_counted_with(c)) n = number_facts_of(a, c, facts, n);
    else if (c->role == ROLE_DATE) {
        n = add_fact(facts, n, "First", c->least);
        n = add_fact(facts, n, "Last", c->most);
    }
    fr_page_grid(page);
    fr_page_facts(page, facts, n);
    chart_column(a, page, c);
    fr_page_grid_end(page);
}

static void page_correlations(analysis *a, fr_page *page)
{
    enum { SHOWN = 15 };
    const double nothing = 0.1;
    const size_t n = a->n_correlations < SHOWN ? a->n_correlations : SHOWN;
    const char *first[SHOWN], *second[SHOWN];
    double r[SHOWN];
    if (!n) return;
    if (fabs(a->correlations[0].r) < nothing) {                  /* the strongest stands first */
        fr_page_section(page, "Correlations");
        fr_page_paragraph(page, keep_format(&a->store, "None of the numbers go together: the strongest Pearson's r is %s, "
                                            "of %s and %s.", short_number(&a->store, round(100 * a->correlations[0].r) / 100),
                                            a->columns[a->correlations[0].a].name,
                                            a->columns[a->correlations[0].b].name));
        return;
    }
    for (size_t i = 0; i < n; i++) {
        first[i] = a->columns[a->correlations[i].a].name;
        second[i] = a->columns[a->correlations[i].b].name;
        r[i] = a->correlations[i].r;
    }
    const fr_array_spec arrays[] = { fr_array("a", FR_STR, first), fr_array("b", FR_STR, second),
                                    fr_array("r", FR_F64, r) };
    const fr_table_column columns[] = { { .column = "a", .label = "this" }, { .column = "b", .label = "and this" },
                                        { .column = "r", .label = "Pearson's r",
                                         .format = { .kind = FR_NUMERAL_NUMBER, .places = FR_PLACES(2) } } };
    fr_auto(frame) table = text_table(a, (int64_t)n, arrays, 3);
    fr_page_section(page, "Correlations");
    chart_correlations(a, page);
    fr_page_table(page, table, &(fr_table_args){ .columns = columns, .n_columns = 3, .most_rows = (int64_t)n,
                                                .n_all = (int64_t)a->n_correlations,
                  .no_header_column = true, .caption = "The strongest, of rows where both have a value. Going together "
                      "is no proof of cause." });
}

void page_columns(analysis *a, fr_page *page)
{
    if (!a->n_columns) return;
    fr_page_section(page, "Columns");
    for (size_t i = 0; i < a->n_columns && i < MOST_SHOWN; i++) column_block(a, page, &a->columns[i]);
    if (a->n_columns > MOST_SHOWN)
        fr_page_note(page, FR_SEVERITY_INFO, NULL, keep_format(&a->store, "The first %d of %s columns are shown.",
                                                               MOST_SHOWN,
                                                                grouped(&a->store, (int64_t)a->n_columns)));
    page_correlations(a, page);
}
