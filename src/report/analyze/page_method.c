/* page_method.c — the data dictionary, the definition of every figure on the page, and how to repeat it. */
#include "pages.h"
#include "analysis_job.h"
#include "numbers.h"
#include "words.h"
#include "terminal_text.h"

#include <string.h>

enum { MOST_ENTRIES = 200 };

static const char *role_doc(column_role role)
{
    static const char *const docs[] = {
#define COLUMN_ROLE_DOC_(name, word, doc) doc,
        COLUMN_ROLES(COLUMN_ROLE_DOC_)
#undef COLUMN_ROLE_DOC_
    };
    return docs[role];
}

static const char *example_of(analysis *a, size_t column)
{
    for (int64_t row = 0; row < fr_length(a->clean) && row < 1000; row++)
        if (fr_get_at(a->clean, row, column).valid) {
            const char *text = cell_text(a, a->clean, row, column);
            return fit_text(&a->store, text, 80);
        }
    return NULL;
}

static void page_dictionary(analysis *a, fr_page *page)
{
    const size_t n = a->n_columns < MOST_ENTRIES ? a->n_columns : MOST_ENTRIES;
    fr_dictionary_entry *entries = store_array(&a->store, n, sizeof *entries);
    if (!entries || !n) return;
    for (size_t i = 0; i < n; i++) {
        const column_facts *c = &a->columns[i];
        entries[i] = (fr_dictionary_entry){
            .name = c->name, .type = c->type, .role = role_words[c->role], .meaning = role_doc(c->role),
            .missing = c->n_missing ? grouped(&a->store, c->n_missing) : NULL, .example = example_of(a, i) };
    }
    fr_page_section(page, "Data dictionary");
    fr_page_dictionary(page, entries, n);
}

typedef struct definitions {
    fr_definition list[16];
    size_t        n;
} definitions;

static void define(definitions *d, const char *term, const char *text, const char *code)
{
    d->list[d->n++] = (fr_definition){ term, text, code };
}

static void define_time(analysis *a, definitions *d)
{
    define(d, keep_format(&a->store, "Whole %s", period_word(a->found.unit)),
           "The first and the last period count as whole when the data reach their outer edge, give or take the longest "
               "gap "
           "between two days with rows (at most seven days). A "
           "day with times is whole when its first row comes before noon, or its last after it. Only whole periods are "
           "compared and enter the trend.",
               a->roles.date);
    define(d, "Change", "The last whole period divided by the one before it (or the same month a year before), minus 1. "
           "Days are "
                        "compared by weeks.", NULL);
    if (a->found.has_weekday)
        define(d, "Mean of a calendar day", "The sum of all Mondays divided by the number of Mondays between the first "
               "and the last "
                                            "day, with or without rows; and so on.", NULL);
}

static void define_sales(analysis *a, definitions *d)
{
    const roles *r = &a->roles;
    define(d, r->amount_name, keep_format(&a->store, "Summed over the kept rows, %s. Chosen because: %s.",
                                          r->exact ? "exactly, in decimal arithmetic" : "in floating point",
                                              r->amount_why), r->amount);
    if (r->by)
        define(d, keep_format(&a->store, "Share of %s", r->by), "The sum of the group divided by the sum of all rows.",
               keep_format(&a->store, "sum(%s) by %s", r->amount, r->by));
    if (r->date) define_time(a, d);
    if (r->top)
        define(d, "Concentration", "The share of the ten largest groups, and the smallest number of groups, largest "
               "first, that reach 80 % of the sum.", NULL);
    if (a->found.outlier_rule)
        define(d, "Far above the others", keep_format(&a->store, "%s; groups of fewer than 20 rows have none.",
                                                      a->found.outlier_rule), NULL);
}

static void define_course(analysis *a, definitions *d)
{
    const course *c = &a->course;
    const char *what = !c->averaged ? "Every row's value at its date" : c->unit == PERIOD_MONTH
        ? "The mean of the rows of a calendar month; the first and the last may be months of fewer days"
        : "The mean of the rows of a day";
    define(d, keep_format(&a->store, "%s over time", pretty_name(&a->store, c->measure)),
           keep_format(&a->store, "%s%s%s. Shown because hardly a point in time comes twice%s.", what,
                       c->by ? ", one line for each value of " : "", c->by ? c->by : "", c->by ? " on a line" : ""),
           keep_format(&a->store, c->averaged ? "mean(%s) by %s" : "%s by %s", c->measure, c->date));
}

static void page_definitions(analysis *a, fr_page *page)
{
    definitions d = { .n = 0 };
    if (a->roles.sales) define_sales(a, &d);
    if (a->course.measure) define_course(a, &d);
    define(&d, "Missing", "An empty field, or a word for nothing where the list of changes says so. Missing values are "
           "left out of "
                          "every sum, mean and quartile.", NULL);
    define(&d, "Duplicates", "Rows equal to an earlier one in every column after cleaning. They are removed only where "
           "a column tells "
                             "rows apart and is unique without them.", NULL);
    define(&d, "Quartiles, median", "Type 7 of Hyndman and Fan (1996), as in R and NumPy. Standard deviations are "
           "divided by n − 1.", NULL);
    if (a->n_correlations) define(&d, "Correlation", "Pearson's r of the rows where both columns have values.", NULL);
    fr_page_section(page, "How these figures were computed");
    fr_page_definitions(page, d.list, d.n);
}

static void page_job(analysis *a, fr_page *page)
{
    growing text = { .bytes = NULL };
    if (!write_job(a, &text) || text.out_of_memory) {
        growing_clear(&text);
        return;
    }
    fr_page_fold(page, "Repeat it: frame run analysis.toml");
    fr_page_code(page, text.bytes);
    fr_page_fold_end(page);
    growing_clear(&text);
}

void page_method(analysis *a, fr_page *page)
{
    page_dictionary(a, page);
    page_definitions(a, page);
    page_job(a, page);
}
