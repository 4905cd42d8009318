/* sales.c — is this a file of sales, and which columns carry it: amount, date, by, top, quantity, customer.
 *
 *     quantity and unit_price            amount = quantity*unit_price   "Revenue"
 *     total_bill (weight 11), sex, day   amount = total_bill
 *     price alone                        no amount: prices of shares or diamonds are not summed
 *
 * A column whose name strongly says amount is believed when there is a date or a category to set it against; a weak one
 * ("fare", "cost") needs a date. What the user names is taken without asking; "none" switches a part off.
 */
#include "analysis.h"
#include "words.h"

#include <string.h>

static bool is_none(const char *asked) { return asked && !strcmp(asked, "none"); }

bool was_found(const analysis *a, const char *role)
{
    const size_t n = strlen(role);
    const char *at = a->asked.found ? strstr(a->asked.found, role) : NULL;
    return at && (at[n] == 0 || at[n] == ',') && (at == a->asked.found || at[-1] == ' ');
}

/* Is what the job names what was found again? */
static bool is_same(const char *asked, const char *found) { return found ? !strcmp(asked, found) : is_none(asked); }

static const char *nearest_hint(const analysis *a)
{
    growing names = { .bytes = NULL };
    for (size_t i = 0; i < a->n_columns && i < 20; i++) grow_format(&names, "%s%s", i ? ", " : "", a->columns[i].name);
    const char *out = keep((store *)(uintptr_t)&a->store, names.bytes ? names.bytes : "");
    growing_clear(&names);
    return out;
}

/* A column the user named; *out stays NULL for "none". */
static bool take_asked(analysis *a, const char *option, const char *asked, const char **out, double *confidence,
                       const char **why)
{
    *out = NULL;
    if (is_none(asked)) return true;
    if (!column_called(a, asked))
        return fail_run(a, FR_ERR_NOT_FOUND, "--%s: no column '%s'; there are %s", option, asked, nearest_hint(a));
    *out = asked;
    *confidence = 1;
    *why = "asked for";
    return true;
}

/* ---- the amount -------------------------------------------------------------------------------------------------- */
static const column_facts *best_of(const analysis *a, column_role role, int *weight)
{
    const column_facts *best = NULL;
    for (size_t i = 0; i < a->n_columns; i++) {
        const int w = weigh_name(a->columns[i].name).of[role];
        if (a->columns[i].role == role && (!best || w > *weight)) {
            best = &a->columns[i];
            *weight = w;
        }
    }
    return best;
}

static bool has_role(const analysis *a, column_role role)
{
    for (size_t i = 0; i < a->n_columns; i++)
        if (a->columns[i].role == role) return true;
    return false;
}

/* One row a country and year: such a table is no list of sales, and summing it over the years says nothing. */
static bool is_by_year(const analysis *a)
{
    for (size_t i = 0; i < a->n_columns; i++)
        if (a->columns[i].role == ROLE_TIME_PART && name_has_word(a->columns[i].name, "year")
            && a->columns[i].n_distinct > 2) return true;
    return false;
}

static void use_product(analysis *a, const column_facts *quantity, const column_facts *price)
{
    roles *r = &a->roles;
    r->sales = true;
    r->amount = keep_format(&a->store, "%s * %s", quantity->quoted, price->quoted);
    r->amount_name = "Revenue";
    r->amount_sure = quantity->confidence < price->confidence ? quantity->confidence : price->confidence;
    r->amount_why = "a quantity and a price for one unit";
}

static void use_column(analysis *a, const column_facts *c)
{
    roles *r = &a->roles;
    r->sales = true;
    r->amount_is_column = true;
    r->amount = c->quoted;
    r->amount_column = c->name;
    r->amount_name = pretty_name(&a->store, c->name);
    r->amount_sure = c->confidence;
    r->amount_why = c->reason;
}

static bool choose_amount(analysis *a)
{
    int w_amount = 0, w_price = 0, w_quantity = 0;
    const column_facts *amount = best_of(a, ROLE_AMOUNT, &w_amount), *price = best_of(a, ROLE_PRICE, &w_price);
    const column_facts *quantity = best_of(a, ROLE_QUANTITY, &w_quantity);
    const bool dated = has_role(a, ROLE_DATE), grouped_by = has_role(a, ROLE_CATEGORY) || has_role(a, ROLE_PRODUCT);
    if (a->asked.price && !was_found(a, "price")) price = column_called(a, a->asked.price);
    if (a->asked.quantity && !was_found(a, "quantity")) quantity = column_called(a, a->asked.quantity);
    if (amount && currency_in_name(amount->name)) w_amount += 2;
    const bool strong = amount && w_amount >= 8 && (dated || (grouped_by && !is_by_year(a)));
    if (strong) use_column(a, amount);
    else if (price && quantity && (dated || grouped_by)) use_product(a, quantity, price);
    else if (amount && w_amount >= 5 && dated && grouped_by) use_column(a, amount);
    if (quantity && a->roles.sales) a->roles.quantity = quantity->name;
    if (price && a->roles.sales) a->roles.price = price->name;
    return true;
}

static const char *amount_key(const roles *r) { return !r->sales ? NULL : r->amount_is_column ? r->amount_column
                                               : r->amount; }

static bool ask_amount(analysis *a)
{
    roles *r = &a->roles;
    const column_facts *c = column_called(a, a->asked.amount);
    if (is_none(a->asked.amount)) return true;
    if (c) use_column(a, c);
    r->sales = true;
    if (!c) r->amount = a->asked.amount;
    if (!c) r->amount_name = strchr(a->asked.amount, '*') ? "Revenue" : "Amount";
    r->amount_sure = 1;
    r->amount_why = "asked for";
    int weight = 0;
    const column_facts *quantity = best_of(a, ROLE_QUANTITY, &weight), *price = best_of(a, ROLE_PRICE, &weight);
    if (quantity) r->quantity = quantity->name;
    if (price) r->price = price->name;
    return true;
}

/* ---- date, by, top, customer ------------------------------------------------------------------------------------- */
static int date_score(const analysis *a, const column_facts *c)
{
    if (c->role != ROLE_DATE || c->n_valid * 2 < fr_length(a->clean)) return -1;
    return 20 + weigh_name(c->name).of[ROLE_DATE];
}

/* Three to twelve parts make the best comparison. */
static int by_score(const analysis *a, const column_facts *c)
{
    const int64_t n = c->n_distinct;
    if ((c->role != ROLE_CATEGORY && c->role != ROLE_FLAG) || n < 2 || n > 200 || !is_text(c->kind)) return -1;
    int score = weigh_name(c->name).of[ROLE_CATEGORY] + (n >= 3 && n <= 12 ? 6 : n <= 30 ? 4 : 0);
    if (c->n_missing * 4 > fr_length(a->clean)) score -= 6;
    return score < 0 ? 0 : score;
}

static int top_score(const analysis *a, const column_facts *c)
{
    if (c->role == ROLE_PRODUCT) return 20 + weigh_name(c->name).of[ROLE_PRODUCT];
    if (c->role == ROLE_CATEGORY && c->n_distinct > 5 && (!a->roles.by || strcmp(c->name, a->roles.by) != 0))
        return 5 + (c->n_distinct > 12) * 3;
    return -1;
}

static int customer_score(const analysis *a, const column_facts *c)
{
    (void)a;
    return c->role == ROLE_KEY ? weigh_name(c->name).of[ROLE_KEY] + 1 : -1;
}

static const column_facts *choose(const analysis *a, int (*score)(const analysis *, const column_facts *))
{
    const column_facts *best = NULL;
    int most = -1;
    for (size_t i = 0; i < a->n_columns; i++) {
        const int s = score(a, &a->columns[i]);
        if (s > most) {
            most = s;
            best = &a->columns[i];
        }
    }
    return best;
}

static void take_best(const column_facts *c, const char **out, double *confidence, const char **why)
{
    *out = c ? c->name : NULL;
    *confidence = c ? c->confidence : 0;
    *why = c ? c->reason : "";
}

static bool choose_part(analysis *a, const char *option, const char *asked, const char **out, double *confidence,
                        const char **why,
                        int (*score)(const analysis *, const column_facts *))
{
    const column_facts *best = choose(a, score);
    if (asked && !(was_found(a, option) && is_same(asked, best ? best->name : NULL)))
        return take_asked(a, option, asked, out, confidence, why);
    take_best(best, out, confidence, why);
    return true;
}

static bool must_be_date(analysis *a)
{
    const column_facts *c = column_called(a, a->roles.date);
    if (!c || c->kind == FR_DATE || c->kind == FR_DATETIME) return true;
    return fail_run(a, FR_ERR_TYPE, "--date: column '%s' is %s, no date", c->name, c->type);
}

static bool find_amount(analysis *a)
{
    if (!a->asked.amount) return choose_amount(a);
    if (was_found(a, "amount")) {
        choose_amount(a);
        if (is_same(a->asked.amount, amount_key(&a->roles))) return true;
        a->roles = (roles){ .sales = false };
    }
    return ask_amount(a);
}

static void find_currency(analysis *a)
{
    const roles *r = &a->roles;
    if (a->asked.currency) a->currency = *a->asked.currency ? a->asked.currency : NULL;
    else if (!a->currency && r->amount_is_column) a->currency = currency_in_name(r->amount_column);
    else if (!a->currency && r->price) a->currency = currency_in_name(r->price);
}

bool choose_sales(analysis *a)
{
    roles *r = &a->roles;
    double ignored;
    const char *unused;
    if (!find_amount(a)) return false;
    if (a->asked.quantity && !was_found(a, "quantity") &&
        !take_asked(a, "quantity", a->asked.quantity, &r->quantity, &ignored, &unused)) return false;
    if (a->asked.price && !was_found(a, "price") && !take_asked(a, "price", a->asked.price, &r->price, &ignored,
                                                                &unused)) return false;
    find_currency(a);
    r->units_name = !r->quantity || weigh_name(r->quantity).of[ROLE_QUANTITY] >= 8 ? "units" : r->quantity;
    return choose_part(a, "date", a->asked.date, &r->date, &r->date_sure, &r->date_why, date_score) && must_be_date(a)
        && choose_part(a, "by", a->asked.by, &r->by, &r->by_sure, &r->by_why, by_score)
        && choose_part(a, "top", a->asked.top, &r->top, &r->top_sure, &r->top_why, top_score)
        && choose_part(a, "customer", a->asked.customer, &r->customer, &ignored, &unused, customer_score);
}
