/* fills.c — missing values that the analysis cannot do without, each by a stated rule.
 *
 *     a price the amount is made of     the median price of the same product; without a product column, nothing
 *     the category compared by          "Unknown"
 *
 * A date, an id, a measurement is never made up: those cells stay missing and are counted.
 */
#include "analysis.h"
#include "numbers.h"

#include <string.h>

static bool in_amount(const analysis *a, const column_facts *c)
{
    return c && a->roles.amount && !a->roles.amount_is_column && strstr(a->roles.amount, c->quoted);
}

static bool plan_price(analysis *a)
{
    const column_facts *price = column_called(a, a->roles.price), *product = column_called(a, a->roles.top);
    if (!in_amount(a, price) || !price->n_missing || !product || product->role != ROLE_PRODUCT) return true;
    rule *r = add_rule(a, RULE_FILL, price->name, "fill_null");
    if (!r) return false;
    r->step.args.fill_null.columns = price->quoted;
    r->step.args.fill_null.method = FR_FILL_MEDIAN;
    r->step.args.fill_null.by = product->quoted;
    r->brief = keep_format(&a->store, "%s median", product->name);
    r->what = keep_format(&a->store, "%s: a missing price becomes the median price of the same %s", price->name,
                          product->name);
    return true;
}

static bool plan_unknown(analysis *a, const char *name)
{
    const column_facts *c = column_called(a, name);
    if (!c || !c->n_missing || !is_text(c->kind)) return true;
    rule *r = add_rule(a, RULE_FILL, c->name, "fill_null");
    if (!r) return false;
    r->step.args.fill_null.columns = c->quoted;
    r->step.args.fill_null.value = fr_v_str("Unknown");
    r->brief = "\"Unknown\"";
    r->what = keep_format(&a->store, "%s: a missing %s becomes \"Unknown\"", c->name, c->name);
    return true;
}

bool plan_fills(analysis *a)
{
    const size_t first = a->n_rules;
    if (a->follow_rules || a->asked.no_clean || a->asked.keep_missing || !a->roles.sales) return true;
    if (!plan_price(a) || !plan_unknown(a, a->roles.by) || !plan_unknown(a, a->roles.top)) return false;
    if (!apply_rules(a, first)) return false;
    for (size_t i = first; i < a->n_rules; i++)
        if (!look_again(a, a->rules[i].column)) return false;
    return true;
}
