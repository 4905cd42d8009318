/* alerts.c — what a person should know before trusting a column, worst first.
 *
 * Each check says what was seen, in figures, and stays silent otherwise. The thresholds stand below.
 */
#include "analysis.h"
#include "numbers.h"
#include "words.h"

#include <math.h>
#include <string.h>

static const double much_missing = 0.05, mostly_missing = 0.5, many_zeros = 0.5, imbalance = 0.95, heavy_skew = 3;

static double part(const analysis *a, int64_t n) { return fr_length(a->clean) ? (double)n / (double)fr_length(a->clean)
                                                  : 0; }

#define SAY(level, kind, ...) add_alert(a, level, kind, c->name, keep_format(&a->store, __VA_ARGS__))

static bool check_missing(analysis *a, const column_facts *c)
{
    const double share = part(a, c->n_missing);
    if (c->role == ROLE_EMPTY) return SAY(ALERT_PROBLEM, "empty", "%s has no value at all", c->name);
    if (share < much_missing) return true;
    return SAY(share >= mostly_missing ? ALERT_PROBLEM : ALERT_WARNING, "missing", "%s is missing in %s (%s)",
               c->name, counted(&a->store, c->n_missing, "row"), share_text(&a->store, share));
}

static bool check_constant(analysis *a, const column_facts *c)
{
    if (c->role != ROLE_CONSTANT) return true;
    return SAY(ALERT_NOTE, "constant", "%s has the same value in every row%s", c->name, c->n_missing ? " that has one"
               : "");
}

static bool check_id(analysis *a, const column_facts *c)
{
    if (c->role == ROLE_ID && is_number(c->kind))
        return SAY(ALERT_NOTE, "id as number", "%s is a number that names a row; it is not counted with", c->name);
    if (c->role == ROLE_ID) return SAY(ALERT_NOTE, "unique id", "%s is different in every row", c->name);
    if (c->role == ROLE_CODE && is_number(c->kind))
        return SAY(ALERT_NOTE, "code as number", "%s is a code written as a number; it is not counted with", c->name);
    return true;
}

static bool check_text(analysis *a, const column_facts *c)
{
    if (c->role != ROLE_TEXT || !is_text(c->kind) || c->n_distinct < 50) return true;
    if (weigh_name(c->name).of[ROLE_DATE] >= 9)
        return SAY(ALERT_WARNING, "date as text", "%s sounds like a date but is text that does not read as dates",
                   c->name);
    return SAY(ALERT_NOTE, "high cardinality", "%s has %s different texts", c->name, grouped(&a->store, c->n_distinct));
}

static bool check_number(analysis *a, const column_facts *c)
{
    const number_facts *f = &c->number;
    const bool measures = c->role == ROLE_MEASURE || c->role == ROLE_AMOUNT || c->role == ROLE_PRICE
        || c->role == ROLE_QUANTITY;
    if (!is_number(c->kind) || !measures) return true;
    if (f->infinite && !SAY(ALERT_PROBLEM, "infinite", "%s is infinite in %s", c->name,
                            counted(&a->store, f->infinite, "row"))) return false;
    if (part(a, f->zeros) >= many_zeros && c->n_distinct != 2 &&
        !SAY(ALERT_WARNING, "zeros", "%s is zero in %s (%s)", c->name, counted(&a->store, f->zeros, "row"),
             share_text(&a->store, part(a, f->zeros)))) return false;
    if (fabs(f->skew) >= heavy_skew && c->n_valid >= 20 &&
        !SAY(ALERT_NOTE, "skew", "%s is skewed (%s): the median is %s, the %s value %s", c->name,
             short_number(&a->store, round(10 * f->skew) / 10), short_number(&a->store, f->median), f->skew > 0
                 ? "largest" : "smallest",
             short_number(&a->store, f->skew > 0 ? f->max : f->min))) return false;
    const bool money = c->role == ROLE_PRICE || c->role == ROLE_QUANTITY;
    return !(money && f->negatives) || SAY(ALERT_WARNING, "negative", "%s is negative in %s", c->name,
                                           counted(&a->store, f->negatives, "row"));
}

static bool check_imbalance(analysis *a, const column_facts *c)
{
    const bool few = c->role == ROLE_CATEGORY || c->role == ROLE_FLAG || c->role == ROLE_LEVEL;
    if (!few || c->bars_are_bins || !c->n_bars || c->n_valid < 20) return true;
    const bar *most = &c->bars[0];
    for (size_t i = 1; i < c->n_bars; i++)
        if (c->bars[i].n > most->n) most = &c->bars[i];
    const double share = (double)most->n / (double)c->n_valid;
    return share < imbalance || SAY(ALERT_NOTE, "imbalance", "%s is \"%s\" in %s of its rows", c->name, most->label,
                                    share_text(&a->store, share));
}

static bool check_column(analysis *a, const column_facts *c)
{
    return check_missing(a, c) && check_constant(a, c) && check_id(a, c) && check_text(a, c) && check_number(a, c)
        && check_imbalance(a, c);
}

/* ---- the file ---------------------------------------------------------------------------------------------------- */
static bool check_rules(analysis *a)
{
    for (size_t i = 0; i < a->n_rules; i++)
        if (a->rules[i].kind == RULE_DATE && strcmp(a->rules[i].brief, "1 format") != 0 &&
            !add_alert(a, ALERT_NOTE, "mixed formats", a->rules[i].column, a->rules[i].what)) return false;
    return true;
}

static bool check_reading(analysis *a)
{
    if (!a->n_read_rejected) return true;
    return add_alert(a, ALERT_PROBLEM, "unreadable rows", NULL,
                     keep_format(&a->store, "%s could not be read and %s put aside",
                                 counted(&a->store, a->n_read_rejected, "row"), a->n_read_rejected == 1 ? "was" : "were"));
}

static bool check_size(analysis *a)
{
    if (fr_length(a->clean) >= 30 || !fr_width(a->clean)) return true;
    return add_alert(a, ALERT_NOTE, "few rows", NULL, fr_length(a->clean) == 0 ? "the file has no rows"
                     : keep_format(&a->store, "%s: shares and averages of so few rows say little",
                                   counted(&a->store, fr_length(a->clean), "row")));
}

/* Stable, in three passes: tables of ten thousand columns have tens of thousands of alerts. */
static void worst_first(analysis *a)
{
    alert *sorted = store_array(&a->store, a->n_alerts, sizeof *sorted);
    size_t n = 0;
    for (int level = ALERT_PROBLEM; sorted && level >= ALERT_NOTE; level--)
        for (size_t i = 0; i < a->n_alerts; i++)
            if ((int)a->alerts[i].level == level) sorted[n++] = a->alerts[i];
    if (sorted) a->alerts = sorted;
}

bool find_alerts(analysis *a)
{
    if (!check_reading(a) || !check_size(a) || !check_rules(a)) return false;
    for (size_t i = 0; i < a->n_columns; i++)
        if (!check_column(a, &a->columns[i])) return false;
    worst_first(a);
    return true;
}
