/* say.c — what `frame analyze` says: first what was read and done to it, then the figures, last the account.
 *
 *     sales_data.csv   50,000 rows × 9 columns, utf-8, comma, header
 *     cleaned          127 duplicates removed · 45 missing values fixed (unit_price: 30 by product median, …) · …
 *     roles            amount = quantity * unit_price · by = region · top = product · date = order_date
 *     Revenue by region                                  Top 10 of 24 product
 *       North     1,194,049.29  39.9 % ████▏               1. Standing desk    612,345.00  (1,402 units)
 */
#include "say.h"
#include "numbers.h"
#include "report/numeral.h"
#include "words.h"

#include <math.h>
#include <string.h>

/* ---- what was read ----------------------------------------------------------------------------------------------- */
static void print_head(analysis *a, const look *how, growing *out)
{
    growing text = { .bytes = NULL };
    grow_format(&text, "%s × %s, %s, %s, %s", counted(&a->store, a->n_in, "row"),
                counted(&a->store, (int64_t)a->raw_width, "column"), a->encoding, a->separator, a->header);
    put_labelled(out, how, fit_text(&a->store, a->file_name, 40), text.bytes);
    growing_clear(&text);
}

/* ---- what was done ----------------------------------------------------------------------------------------------- */
static void part(growing *text) { if (text->n) grow(text, " · "); }

static void tell_fills(analysis *a, growing *text)
{
    int64_t n = 0;
    size_t told = 0;
    for (size_t i = 0; i < a->n_rules; i++) n += a->rules[i].filled;
    if (!n) return;
    part(text);
    grow_format(text, "%s fixed (", counted(&a->store, n, "missing value"));
    for (size_t i = 0; i < a->n_rules; i++) {
        const rule *r = &a->rules[i];
        if (!r->filled) continue;
        grow_format(text, "%s%s: %s %s%s", told++ ? ", " : "", r->column, grouped(&a->store, r->filled),
                    *r->brief == '"' ? "" : "by ", r->brief);
    }
    grow(text, ")");
}

/* "order_date: 3 formats → ISO (49,992 converted)" */
static const char *rule_text(analysis *a, const rule *r)
{
    const char *changed = counted(&a->store, r->changed, "cell"), *converted = grouped(&a->store, r->converted);
    switch (r->kind) {
    case RULE_BLANKS: return keep_format(&a->store, "%s: blanks around texts taken away", r->column);
    case RULE_DATE: return keep_format(&a->store, "%s: %s → ISO (%s converted)", r->column, r->brief, converted);
    case RULE_SPELLING: return keep_format(&a->store, "%s: %s merged (%s)", r->column, r->brief, changed);
    case RULE_MISSING_WORD: return keep_format(&a->store, "%s: %s means missing (%s)", r->column, r->brief,
                                               changed);
    case RULE_NUMBER: return r->changed ? keep_format(&a->store, "%s: %s taken away", r->column, r->brief)
                                        : keep_format(&a->store, "%s: %s (%s converted)", r->column, r->brief,
                                                      converted);
    case RULE_GIVEN: return r->what;
    default: return NULL;
    }
}

/* The same done to many columns is said once. */
static const char *kind_text(analysis *a, rule_kind kind, size_t n, int64_t cells)
{
    static const char *const words[] = { "blanks around texts taken away", "spellings merged",
                                        "words for nothing count as missing",
                                         "texts become numbers", "dates → ISO" };
    return keep_format(&a->store, "%zu columns: %s (%s)", n, words[kind], counted(&a->store, cells, "cell"));
}

static void tell_kind(analysis *a, growing *text, rule_kind kind)
{
    size_t n = 0;
    int64_t cells = 0;
    for (size_t i = 0; i < a->n_rules; i++)
        if (a->rules[i].kind == kind) n++, cells += a->rules[i].changed + a->rules[i].converted;
    for (size_t i = 0; i < a->n_rules && (n <= 3 || kind == RULE_GIVEN); i++)
        if (a->rules[i].kind == kind) part(text), grow(text, rule_text(a, &a->rules[i]));
    if (n > 3 && kind != RULE_GIVEN) part(text), grow(text, kind_text(a, kind, n, cells));
}

const char *cleaning_line(analysis *a, const char *rejects)
{
    growing text = { .bytes = NULL };
    if (a->n_duplicates) grow_format(&text, "%s removed", counted(&a->store, a->n_duplicates, "duplicate"));
    tell_fills(a, &text);
    for (int kind = RULE_BLANKS; kind <= RULE_DATE; kind++) tell_kind(a, &text, (rule_kind)kind);
    tell_kind(a, &text, RULE_GIVEN);
    if (a->n_rejected) {
        part(&text);
        grow_format(&text, "%s rejected", counted(&a->store, a->n_rejected, "row"));
        if (rejects) grow_format(&text, " → %s", rejects);
    }
    const char *line = keep(&a->store, text.n ? text.bytes : a->asked.no_clean ? "not asked for (--no-clean)"
                            : "nothing to do");
    growing_clear(&text);
    return line;
}

/* How sure a choice is stands behind it unless it is as good as certain. */
static void tell_role(growing *text, const char *name, const char *column, double sure)
{
    if (!column) return;
    part(text);
    grow_format(text, "%s = %s", name, column);
    if (sure < 0.9) grow_format(text, " (%.0f %% sure)", 100 * sure);
}

static void print_roles(analysis *a, const look *how, growing *out)
{
    const roles *r = &a->roles;
    growing text = { .bytes = NULL };
    if (!r->sales) {
        put_labelled(out, how, "roles", "no amount that could be summed was found, so this is a profile (name one with "
                     "--amount)");
        return;
    }
    tell_role(&text, "amount", r->amount, r->amount_sure);
    tell_role(&text, "by", r->by, r->by_sure);
    tell_role(&text, "top", r->top, r->top_sure);
    tell_role(&text, "date", r->date, r->date_sure);
    if (r->customer) grow_format(&text, " · customer = %s", r->customer);
    grow(&text, "   (override with --amount, --by …)");
    put_labelled(out, how, "roles", text.bytes);
    growing_clear(&text);
}

/* ---- the total --------------------------------------------------------------------------------------------------- */
const char *percent_word(analysis *a, double change, const char *from)
{
    return isnan(change) ? "" : keep_format(&a->store, "%s on %s", change_text(&a->store, change), from);
}

static void print_total(analysis *a, const look *how, growing *out)
{
    const findings *f = &a->found;
    growing text = { .bytes = NULL };
    grow_format(&text, "%s from %s (mean %s)", f->total_text, counted(&a->store, f->rows, "row"), f->mean_text);
    if (f->units_text) grow_format(&text, " · %s %s", f->units_text, a->roles.units_name);
    if (f->first_text) grow_format(&text, " · %s to %s", f->first_text, f->last_text);
    put_labelled(out, how, a->roles.amount_name, text.bytes);
    growing_clear(&text);
    if (!isnan(f->change)) {
        grow_format(&text, "%s: %s", f->change_to, percent_word(a, f->change, f->change_from));
        if (!isnan(f->change_year)) grow_format(&text, ", %s", percent_word(a, f->change_year, f->change_year_from));
        if (!isnan(f->year_change)) grow_format(&text, " · last 12 whole months: %s",
                                                percent_word(a, f->year_change, "the 12 before"));
        put_labelled(out, how, "change", text.bytes);
    }
    growing_clear(&text);
}

/* ---- groups ------------------------------------------------------------------------------------------------------ */
static size_t widest_label(analysis *a, const group_list *list, size_t most)
{
    size_t width = 0;
    for (size_t i = 0; i < list->n; i++) {
        const size_t w = shown_width(fit_text(&a->store, list->lines[i].label, most));
        if (w > width) width = w;
    }
    return width;
}

static size_t widest_amount(const group_list *list)
{
    size_t width = 0;
    for (size_t i = 0; i < list->n; i++)
        if (shown_width(list->lines[i].amount_text) > width) width = shown_width(list->lines[i].amount_text);
    return width;
}

/* "38.8 %"; one more where a share is < 0.1 % */
static size_t widest_share(analysis *a, const group_list *list)
{
    size_t width = 6;
    for (size_t i = 0; i < list->n; i++) {
        const size_t shown = shown_width(share_text(&a->store, list->lines[i].share));
        if (shown > width) width = shown;
    }
    return width;
}

static void put_group(analysis *a, const look *how, growing *out, const group_list *list, size_t i, bool ranked)
{
    enum { LABEL = 26 };
    const group_line *l = &list->lines[i];
    if (ranked) grow_format(out, "  %2zu. ", i + 1);
    else grow(out, "  ");
    put_left(out, fit_text(&a->store, l->label, LABEL), widest_label(a, list, LABEL));
    grow(out, "  ");
    put_right(out, l->amount_text, widest_amount(list));
    if (list->shares) {
        grow(out, "  ");
        put_right(out, share_text(&a->store, l->share), widest_share(a, list));
        if (!ranked) grow(out, " ");
        if (!ranked) put_bar(out, how, list->lines[0].share > 0 ? l->share / list->lines[0].share : 0, 8);
    }
    if (how->units && l->units_text) grow_format(out, " (%s %s)", l->units_text, a->roles.units_name);
    grow_char(out, '\n');
}

static void put_groups(analysis *a, const look *how, growing *out, const group_list *list, bool ranked)
{
    if (!list->n) return;
    const char *title = ranked ? keep_format(&a->store, "%s by %s, the top %zu of %s", a->roles.amount_name,
                                             list->column, list->n,
                                             grouped(&a->store, (int64_t)list->n_groups))
                               : keep_format(&a->store, "%s by %s", a->roles.amount_name, list->column);
    put_strong(out, how, fit_text(&a->store, title, 60));
    grow_char(out, '\n');
    for (size_t i = 0; i < list->n; i++) put_group(a, how, out, list, i, ranked);
    if (!ranked && list->n < list->n_groups) grow_format(out, "  … and %s more\n",
                                                         grouped(&a->store, (int64_t)(list->n_groups - list->n)));
}

static void print_groups(analysis *a, const look *how, growing *out)
{
    growing left = { .bytes = NULL }, right = { .bytes = NULL };
    put_groups(a, how, &left, &a->found.by, false);
    look narrow = *how;
    put_groups(a, &narrow, &right, &a->found.top, true);
    narrow.units = !left.n || !right.n || beside_fits(how, left.bytes, right.bytes, 15);
    if (narrow.units) {
        growing_clear(&right);
        put_groups(a, &narrow, &right, &a->found.top, true);
    }
    if (left.n || right.n) {
        grow_char(out, '\n');
        put_beside(out, how, left.bytes ? left.bytes : "", right.bytes ? right.bytes : "");
    }
    growing_clear(&left);
    growing_clear(&right);
}

/* ---- time -------------------------------------------------------------------------------------------------------- */
static void put_periods(analysis *a, const look *how, growing *out)
{
    enum { SHOWN = 13 };
    const findings *f = &a->found;
    double most = 0;
    size_t width = 0, from = f->n_periods > SHOWN ? f->n_periods - SHOWN : 0;
    for (size_t i = from; i < f->n_periods; i++) {
        if (f->periods[i].amount > most) most = f->periods[i].amount;
        if (shown_width(f->periods[i].amount_text) > width) width = shown_width(f->periods[i].amount_text);
    }
    put_strong(out, how, keep_format(&a->store, "%s by %s%s", a->roles.amount_name, period_word(f->unit), from
                                     ? ", the last 13" : ""));
    grow_char(out, '\n');
    for (size_t i = from; i < f->n_periods; i++) {
        const period *p = &f->periods[i];
        grow_format(out, "  %s  ", p->label);
        put_right(out, p->amount_text, width);
        grow_char(out, ' ');
        put_bar(out, how, most > 0 ? p->amount / most : 0, 14);
        grow_format(out, "%s\n", p->partial ? " (not whole)" : "");
    }
}

static void put_weekdays(analysis *a, const look *how, growing *out)
{
    static const char *const names[] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" };
    const findings *f = &a->found;
    double most = 0;
    if (!f->has_weekday) return;
    for (int w = 0; w < 7; w++) most = f->weekday[w] > most ? f->weekday[w] : most;
    put_strong(out, how, "Mean of a day");
    grow_char(out, '\n');
    for (int w = 0; w < 7; w++) {
        char digits[64];
        snprintf(digits, sizeof digits, "%.2f", f->weekday[w]);
        grow(out, "  ");
        put_left(out, names[w], 11);
        put_right(out, money_text(&a->store, digits, a->currency), 12);
        grow_char(out, ' ');
        put_bar(out, how, most > 0 ? f->weekday[w] / most : 0, 10);
        grow_char(out, '\n');
    }
}

static void print_time(analysis *a, const look *how, growing *out)
{
    growing left = { .bytes = NULL }, right = { .bytes = NULL };
    if (a->found.n_periods > 1) put_periods(a, how, &left);
    put_weekdays(a, how, &right);
    if (left.n || right.n) {
        grow_char(out, '\n');
        put_beside(out, how, left.bytes ? left.bytes : "", right.bytes ? right.bytes : "");
    }
    growing_clear(&left);
    growing_clear(&right);
}

/* ---- in a line each ---------------------------------------------------------------------------------------------- */
static void tell_concentration(analysis *a, growing *text, const group_list *list)
{
    if (!list->column || !list->shares || list->n_groups <= 10) return;
    part(text);
    grow_format(text, "%s: 10 of %s make %s, %s make 80 %%", list->column, grouped(&a->store, (int64_t)list->n_groups),
                share_text(&a->store, list->top10_share), grouped(&a->store, list->n_for_80));
}

static void print_lines(analysis *a, const look *how, growing *out)
{
    const findings *f = &a->found;
    growing text = { .bytes = NULL };
    tell_concentration(a, &text, &f->top);
    tell_concentration(a, &text, &f->customers);
    if (text.n) put_labelled(out, how, "concentration", text.bytes);
    growing_clear(&text);
    if (f->n_outliers)
        put_labelled(out, how, "outliers", keep_format(&a->store, "%s %s", counted(&a->store, f->n_outliers, "row"),
                                                       f->outlier_rule));
}

static void print_correlations(analysis *a, const look *how, growing *out)
{
    growing text = { .bytes = NULL };
    for (size_t i = 0; i < a->n_correlations && i < 4 && fabs(a->correlations[i].r) >= 0.3; i++) {
        const correlation *c = &a->correlations[i];
        part(&text);
        grow_format(&text, "%s and %s %s%.2f", a->columns[c->a].name, a->columns[c->b].name, c->r < 0 ? "−" : "",
                    fabs(c->r));
    }
    if (text.n) put_labelled(out, how, "correlation", text.bytes);
    growing_clear(&text);
}

/* ---- columns ----------------------------------------------------------------------------------------------------- */
enum { VALUES = 40 };

/* The least, the median and the largest; where those are too wide, in k, M, B: a number cut in two is another number. */
static const char *spread(analysis *a, const column_facts *c)
{
    const double numbers[3] = { c->number.min, c->number.median, c->number.max };
    const char *texts[3];
    for (int i = 0; i < 3; i++) texts[i] = short_number(&a->store, numbers[i]);
    if (shown_width(texts[0]) + shown_width(texts[1]) + shown_width(texts[2]) + 6 <= VALUES)
        return keep_format(&a->store, "%s … %s … %s", texts[0], texts[1], texts[2]);
    char rooms[3][64];
    for (int i = 0; i < 3; i++)
        fr_numeral_text(fr_v_f64(numbers[i]), (fr_numeral_format){ .kind = FR_NUMERAL_SHORT }, rooms[i], sizeof rooms[i]);
    return keep_format(&a->store, "%s … %s … %s", rooms[0], rooms[1], rooms[2]);
}

static const char *typical(analysis *a, const column_facts *c)
{
    growing text = { .bytes = NULL };
    if (c->role == ROLE_CONSTANT || c->role == ROLE_EMPTY || !c->n_valid) return "";
    if (c->role == ROLE_DATE) grow_format(&text, "%s … %s", c->least, c->most);
    else if (c->n_bars && !c->bars_are_bins)
        for (size_t i = 0; i < c->n_bars && i < 4; i++) grow_format(&text, "%s%s", i ? ", " : "",
                                                                    fit_text(&a->store, c->bars[i].label, 24));
    else if (is_number(c->kind) && c->role != ROLE_ID && c->role != ROLE_KEY && c->role != ROLE_CODE)
        grow(&text, spread(a, c));
    const char *out = keep(&a->store, text.bytes ? text.bytes : "");
    growing_clear(&text);
    return out;
}

static void put_shape(const look *how, growing *out, const column_facts *c)
{
    double values[24];
    size_t n = c->n_bars < 24 ? c->n_bars : 24;
    if (!c->n_bars || (!c->bars_are_bins && is_text(c->kind))) return;
    for (size_t i = 0; i < n; i++) values[i] = (double)c->bars[i].n;
    put_spark(out, how, values, n);
}

static void put_column(analysis *a, const look *how, growing *out, const column_facts *c)
{
    const double share = a->n_kept ? (double)c->n_missing / (double)a->n_kept : 0;
    grow(out, "  ");
    put_left(out, fit_text(&a->store, c->name, 22), 24);
    put_left(out, fit_text(&a->store, c->type, 14), 15);
    put_left(out, role_words[c->role], 11);
    put_right(out, c->n_missing ? share_text(&a->store, share) : "", 8);
    put_right(out, c->n_distinct < 0 ? "" : grouped(&a->store, c->n_distinct), 11);
    grow(out, "  ");
    put_left(out, fit_text(&a->store, typical(a, c), VALUES), VALUES + 1);
    if (how->width >= 135) put_shape(how, out, c);
    while (out->n && out->bytes[out->n - 1] == ' ') out->bytes[--out->n] = 0;
    grow_char(out, '\n');
}

static void print_columns(analysis *a, const look *how, growing *out)
{
    enum { SHOWN = 40 };
    if (!a->n_columns) return;
    grow_char(out, '\n');
    growing head = { .bytes = NULL };
    put_left(&head, "Column", 26);
    put_left(&head, "type", 15);
    put_left(&head, "role", 11);
    put_right(&head, "missing", 8);
    put_right(&head, "distinct", 11);
    grow(&head, "  values");
    put_strong(out, how, head.bytes ? head.bytes : "");
    growing_clear(&head);
    grow_char(out, '\n');
    for (size_t i = 0; i < a->n_columns && i < SHOWN; i++) put_column(a, how, out, &a->columns[i]);
    if (a->n_columns > SHOWN) grow_format(out, "  … and %s more columns\n",
                                          grouped(&a->store, (int64_t)(a->n_columns - SHOWN)));
}

/* ---- alerts, account --------------------------------------------------------------------------------------------- */
static void print_alerts(analysis *a, const look *how, growing *out)
{
    enum { SHOWN = 12 };
    if (!a->n_alerts) return;
    grow_char(out, '\n');
    for (size_t i = 0; i < a->n_alerts && i < SHOWN; i++)
        put_labelled(out, how, a->alerts[i].kind, fit_text(&a->store, a->alerts[i].text, 400));
    if (a->n_alerts > SHOWN) put_labelled(out, how, "", keep_format(&a->store, "… and %s more remarks",
                                                                    grouped(&a->store, (int64_t)(a->n_alerts - SHOWN))));
}

const char *account_line(analysis *a)
{
    growing text = { .bytes = NULL };
    const bool adds_up = a->n_in == a->n_kept + a->n_duplicates + a->n_rejected;
    grow_format(&text, "%s in = %s kept", grouped(&a->store, a->n_in), grouped(&a->store, a->n_kept));
    if (a->n_duplicates) grow_format(&text, " + %s", counted(&a->store, a->n_duplicates, "duplicate"));
    if (a->n_rejected) grow_format(&text, " + %s rejected", grouped(&a->store, a->n_rejected));
    grow(&text, adds_up ? " ✓" : " (steps of the job changed the number of rows)");
    const char *out = keep(&a->store, text.bytes ? text.bytes : "");
    growing_clear(&text);
    return out;
}

/* What takes a line each, after an empty one where there is any. */
static void print_remarks(analysis *a, const look *how, growing *out)
{
    growing lines = { .bytes = NULL };
    if (a->roles.sales) print_lines(a, how, &lines);
    print_correlations(a, how, &lines);
    if (lines.n) grow_format(out, "\n%s", lines.bytes);
    growing_clear(&lines);
}

void print_analysis(analysis *a, const look *how, growing *out)
{
    print_head(a, how, out);
    put_labelled(out, how, "cleaned", cleaning_line(a, a->rejects_path));
    print_roles(a, how, out);
    if (a->roles.sales) {
        print_total(a, how, out);
        print_groups(a, how, out);
        print_time(a, how, out);
    } else {
        print_columns(a, how, out);
    }
    print_remarks(a, how, out);
    print_alerts(a, how, out);
}
