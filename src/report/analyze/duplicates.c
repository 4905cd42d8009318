/* duplicates.c — rows that say the same as an earlier one, after spellings and dates were made alike.
 *
 * Equal rows are a mistake where something in a row was meant to be unique: once they are gone, an order number occurs
 * once. Where nothing is (three passengers of one class, age and fare), equal rows are three facts and stay; the report
 * counts them and names the option that removes them.
 *
 * What was meant to be unique: a column that is an id by its name, or, in a table of at least a hundred rows of which
 * at most one in twenty is a repetition, any column that is unique without those.
 */
#include "analysis.h"
#include "numbers.h"
#include "words.h"

enum { LEAST_ROWS = 100, ONE_IN = 20 };

static const char *unique_column(const analysis *a, int64_t n)
{
    for (size_t i = 0; i < a->n_columns; i++)
        if (a->columns[i].n_missing == 0 && a->columns[i].n_distinct == n) return a->columns[i].name;
    return NULL;
}

static bool is_id_name(const char *name)
{
    const name_weights w = weigh_name(name);
    return w.of[ROLE_ID] >= 5 || w.of[ROLE_CODE] >= 6;
}

static const char *key_without(const analysis *a, int64_t n, int64_t n_once)
{
    for (size_t i = 0; i < a->n_columns; i++)
        if (a->columns[i].n_missing == 0 && a->columns[i].n_distinct == n_once
            && is_id_name(a->columns[i].name)) return a->columns[i].name;
    return n_once >= LEAST_ROWS && (n - n_once) * ONE_IN <= n ? unique_column(a, n_once) : NULL;
}

static bool keep_them(analysis *a, int64_t n)
{
    a->n_equal_kept = n;
    return add_alert(a, ALERT_NOTE, "equal rows", NULL,
                     keep_format(&a->store, "%s equal%s an earlier one and %s kept: no column tells rows apart, so they may "
                                 "be separate facts (--drop-duplicates removes them)", counted(&a->store, n, "row"),
                                 n == 1 ? "s" : "", n == 1 ? "is" : "are"));
}

bool remove_duplicates(analysis *a)
{
    const int64_t n = fr_length(a->clean);
    if (a->follow_rules || a->asked.no_clean || a->asked.keep_duplicates || n < 2 || unique_column(a, n)) return true;
    fr_auto(frame) once = NULL;
    if (!take_frame(a, &once, fr_pipe(a->clean, fr_distinct()))) return false;
    const int64_t n_once = fr_length(once);
    const char *key = key_without(a, n, n_once);
    if (n_once == n) return true;
    if (!key && !a->asked.drop_duplicates) return keep_them(a, n - n_once);

    rule *r = add_rule(a, RULE_DUPLICATE, NULL, "distinct");
    if (!r) return false;
    r->brief = key ? keep_format(&a->store, "then %s is unique", key) : "asked for";
    r->what = keep_format(&a->store, "rows that equal an earlier one in every column are removed%s%s%s", key
                          ? ": once they are gone, " : "",
                          key ? key : "", key ? " is unique" : "");
    return apply_rules(a, a->n_rules - 1) && find_columns(a);
}
