/* findings.c — what was sold: total, by group, the largest, how much few of them make.
 *
 * Sums are taken by the library on decimals, so that they are exact to the cent; a double is only made of them for
 * shares and charts. Groups come largest first; of equal ones in order of first appearance.
 */
#include "analysis.h"
#include "numbers.h"

#include <math.h>
#include <string.h>

enum { LINES_OF_BY = 12, LINES_OF_TOP = 10, LARGEST = 10 };

/* ---- the frame everything is asked of ---------------------------------------------------------------------------- */
static const char *free_name(analysis *a, const char *wanted)
{
    for (int i = 0; i < 100; i++) {
        const char *name = i ? keep_format(&a->store, "%s_%d", wanted, i) : wanted;
        if (fr_find(a->clean, name) < 0) return name;
    }
    return wanted;
}

static bool make_base(analysis *a)
{
    roles *r = &a->roles;
    if (r->amount_is_column) return take_frame(a, &a->base, fr_ref(a->clean));
    r->amount_column = free_name(a, "amount");
    fr_step steps[2] = { fr_with(keep_format(&a->store, "%s = %s", r->amount_column, r->amount)), { .verb = 0 } };
    steps[0].file = NULL;                          /* what is wrong with it is in the user's words, not in this program */
    steps[0].line = 0;
    return take_frame(a, &a->base, fr_pipe_steps(a->clean, steps, sizeof steps[0], NULL, 0));
}

static bool check_amount(analysis *a)
{
    const int64_t at = fr_find(a->base, a->roles.amount_column);
    const fr_kind kind = at < 0 ? FR_NULL : fr_type_kind(fr_type_at(a->base, (size_t)at));
    if (!is_number(kind))
        return fail_run(a, FR_ERR_TYPE, "--amount: %s is no number", a->roles.amount);
    a->roles.exact = kind != FR_F32 && kind != FR_F64;
    if (!a->roles.exact)
        add_alert(a, ALERT_WARNING, "floating point", a->roles.amount_column,
                  keep_format(&a->store, "%s is computed in floating point: its values are not exact decimals",
                              a->roles.amount_name));
    return true;
}

/* ---- the total --------------------------------------------------------------------------------------------------- */
const char *digits_of(analysis *a, const fr_frame *frame, int64_t row, const char *column)
{
    const int64_t at = fr_find(frame, column);
    return at < 0 || !fr_get_at(frame, row, (size_t)at).valid ? NULL : cell_text(a, frame, row, (size_t)at);
}

const char *amount_text(analysis *a, const char *digits)
{
    return digits ? money_text(&a->store, digits, a->currency) : "–";
}

static const char *grouped_or_null(analysis *a, const char *digits)
{
    return digits ? grouped_text(&a->store, digits) : NULL;
}

static const char *sums(analysis *a)
{
    const char *units = a->roles.quantity && strcmp(a->roles.quantity, a->roles.amount_column) != 0
                      ? keep_format(&a->store, "; units__ = sum(%s)", quoted_name(a, a->roles.quantity)) : "";
    return keep_format(&a->store, "amount__ = sum(%s); rows__ = size()%s", quoted_name(a, a->roles.amount_column),
                       units);
}

static bool find_total(analysis *a)
{
    findings *f = &a->found;
    const char *x = quoted_name(a, a->roles.amount_column);
    fr_auto(frame) total = NULL;
    const char *agg = keep_format(&a->store, "%s; mean__ = round(mean(%s), 2); valid__ = count(%s)", sums(a), x, x);
    if (!take_frame(a, &total, fr_pipe(a->base, fr_group("", .agg = agg)))) return false;
    f->total = cell_number(total, 0, "amount__");
    f->total_digits = digits_of(a, total, 0, "amount__");
    f->total_text = amount_text(a, f->total_digits);
    f->mean_digits = digits_of(a, total, 0, "mean__");
    f->mean_text = amount_text(a, f->mean_digits);
    f->units = digits_of(a, total, 0, "units__");
    f->units_text = grouped_or_null(a, f->units);
    f->rows = cell_whole(total, 0, "rows__");
    const int64_t n_without = f->rows - cell_whole(total, 0, "valid__");
    if (n_without)
        add_alert(a, ALERT_WARNING, "no amount", a->roles.amount_column,
                  keep_format(&a->store, "%s %s no %s and count%s as nothing in every sum",
                              counted(&a->store, n_without, "row"), n_without == 1 ? "has" : "have", a->roles.amount_name,
                              n_without == 1 ? "s" : ""));
    return true;
}

/* ---- groups ------------------------------------------------------------------------------------------------------ */
static void take_lines(analysis *a, const fr_frame *groups, group_list *out)
{
    for (size_t i = 0; i < out->n; i++) {
        const int64_t row = (int64_t)i;
        const double amount = cell_number(groups, row, "amount__");
        const char *digits = digits_of(a, groups, row, "amount__"), *units = digits_of(a, groups, row, "units__");
        out->lines[i] = (group_line){
            .label = fr_get_at(groups, row, 0).valid ? cell_text(a, groups, row, 0) : "(missing)",
            .digits = digits, .amount_text = amount_text(a, digits), .amount = amount,
            .share = out->shares ? amount / a->found.total : NAN,
            .rows = cell_whole(groups, row, "rows__"), .units = units, .units_text = grouped_or_null(a, units) };
    }
}

/* Shares have a meaning when nothing is negative; groups come largest first, so the last one tells. */
static void concentrate(const analysis *a, const fr_frame *groups, group_list *out)
{
    const double total = a->found.total;
    double sum = 0;
    out->shares = out->n_groups && total > 0 && !(cell_number(groups, (int64_t)out->n_groups - 1, "amount__") < 0);
    out->top10_share = NAN;
    for (int64_t row = 0; out->shares && row < (int64_t)out->n_groups; row++) {
        const double amount = cell_number(groups, row, "amount__");
        sum += isnan(amount) ? 0 : amount;
        if (row < LARGEST) out->top10_share = sum / total;
        if (!out->n_for_80 && sum >= 0.8 * total) out->n_for_80 = row + 1;
        if (out->n_for_80 && row >= LARGEST) break;
    }
}

static bool find_groups(analysis *a, const char *column, size_t most, group_list *out)
{
    out->column = column;
    if (!column) return true;
    fr_auto(frame) groups = NULL;
    if (!take_frame(a, &groups, fr_pipe(a->base, fr_group(quoted_name(a, column), .agg = sums(a)),
                                        fr_sort("amount__ desc")))) return false;
    out->n_groups = (size_t)fr_length(groups);
    out->n = out->n_groups < most ? out->n_groups : most;
    out->lines = store_array(&a->store, out->n, sizeof *out->lines);
    if (!out->lines) return false;
    concentrate(a, groups, out);
    take_lines(a, groups, out);
    return true;
}

bool find_findings(analysis *a)
{
    findings *f = &a->found;
    const roles *r = &a->roles;
    f->change = f->change_year = f->year_change = f->slope = f->r2 = NAN;
    if (!r->sales) return true;
    return make_base(a) && check_amount(a) && find_total(a) && find_groups(a, r->by, LINES_OF_BY, &f->by)
        && find_groups(a, r->top, LINES_OF_TOP, &f->top) && find_groups(a, r->customer, LINES_OF_TOP, &f->customers)
        && find_periods(a) && find_outliers(a);
}
