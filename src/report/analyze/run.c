/* run.c — the pieces in order, and what they share: failures, cells, rules, alerts. */
#include "analysis.h"

#include "report/numeral.h"

#include "analysis_job.h"
#include "charts.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

const char *const role_words[N_ROLES] = {
#define COLUMN_ROLE_WORD_(name, word, doc) word,
    COLUMN_ROLES(COLUMN_ROLE_WORD_)
#undef COLUMN_ROLE_WORD_
};

/* ---- failures ---------------------------------------------------------------------------------------------------- */
bool take_frame(analysis *a, fr_frame **slot, fr_frame *frame)
{
    if (fr_ok(frame)) {
        fr_unref(*slot);
        *slot = frame;
        return true;
    }
    if (a->failure && a->failure != frame) fr_unref(frame);
    else a->failure = frame;
    return false;
}

bool fail_run(analysis *a, fr_code code, const char *format, ...)
{
    char text[1024];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    a->failed_code = code;
    a->failed_text = keep(&a->store, text);
    return false;
}

/* ---- cells ------------------------------------------------------------------------------------------------------- */
/* A cell that has a text and gives none: the library had no memory to write it. */
size_t write_cell(analysis *a, const fr_frame *frame, int64_t row, size_t column, char *out, size_t n)
{
    const size_t length = fr_cell_text(frame, row, column, out, n);
    const fr_value v = fr_get_at(frame, row, column);
    const bool text = v.kind == FR_STR || v.kind == FR_CAT || v.kind == FR_BINARY;
    if (!length && v.valid && !(text && !v.length)) a->store.out_of_memory = true;
    return length;
}

const char *cell_text(analysis *a, const fr_frame *frame, int64_t row, size_t column)
{
    char room[512];
    const size_t n = write_cell(a, frame, row, column, room, sizeof room);
    if (n < sizeof room) return keep_bytes(&a->store, room, n);
    char *text = store_array(&a->store, n + 1, 1);
    if (!text) return "";
    write_cell(a, frame, row, column, text, n + 1);
    return text;
}

const char *quoted_name(analysis *a, const char *name)
{
    const size_t n = fr_quote(name, NULL, 0);
    char *out = store_array(&a->store, n + 1, 1);
    if (!out) return "";
    fr_quote(name, out, n + 1);
    return out;
}

double cell_number(const fr_frame *frame, int64_t row, const char *column)
{
    return fr_numeral_double(fr_get(frame, row, column));
}

int64_t cell_whole(const fr_frame *frame, int64_t row, const char *column)
{
    const double x = cell_number(frame, row, column);
    return isnan(x) ? 0 : fr_get(frame, row, column).as.i;
}

/* ---- lists ------------------------------------------------------------------------------------------------------- */
column_facts *column_called(const analysis *a, const char *name)
{
    for (size_t i = 0; name && i < a->n_columns; i++)
        if (!strcmp(a->columns[i].name, name)) return &a->columns[i];
    return NULL;
}

rule *add_rule(analysis *a, rule_kind kind, const char *column, const char *verb)
{
    void *moved;
    rule *one = store_add(&a->store, a->rules, a->n_rules, sizeof *one, &moved);
    if (!one) return NULL;
    a->rules = moved;
    a->n_rules++;
    one->kind = kind;
    one->column = column ? keep(&a->store, column) : NULL;
    one->what = one->brief = "";
    fr_step_init(&one->step, verb);
    return one;
}

bool add_alert(analysis *a, alert_level level, const char *kind, const char *column, const char *text)
{
    void *moved;
    alert *one = store_add(&a->store, a->alerts, a->n_alerts, sizeof *one, &moved);
    if (!one) return false;
    a->alerts = moved;
    a->n_alerts++;
    *one = (alert){ level, kind, column, text };
    return true;
}

/* ---- the run ----------------------------------------------------------------------------------------------------- */
static bool in_order(analysis *a)
{
    return load_table(a) && plan_types(a) && apply_rules(a, 0) && find_columns(a) && remove_duplicates(a)
        && find_numbers(a)
        && find_roles(a) && choose_sales(a) && plan_fills(a) && find_findings(a) && find_profile(a)
            && find_course(a) && find_correlations(a) && find_alerts(a);
}

/* Forget what was found; what was asked for stays. */
static void begin_again(analysis *a)
{
    const analysis again = { .asked = a->asked, .read = a->read, .context = a->context, .given_rules = a->given_rules,
                             .rejects_path = a->rejects_path, .store = a->store, .input = a->input,
                             .input_begin = a->input_begin, .file_name = a->file_name, .follow_rules = true };
    a->store = (store){ .blocks = NULL };
    analysis_clear(a);
    *a = again;
}

/* A job's steps are carried out as they stand. As a rule they are what would be planned anyway, and then the plan comes
 * with its reasons; steps that were changed by hand are run on their own. */
bool analyze_all(analysis *a)
{
    bool good = in_order(a);
    const char *planned = good && a->given_rules ? rules_text(a) : NULL;
    if (planned && strcmp(planned, a->given_rules) != 0) {
        begin_again(a);
        good = in_order(a);
    }
    if (good && a->store.out_of_memory) return fail_run(a, FR_ERR_MEMORY, "out of memory");
    return good;
}

void analysis_clear(analysis *a)
{
    charts_clear(a);
    fr_unref(a->sample);
    fr_unref(a->raw);
    fr_unref(a->clean);
    fr_unref(a->base);
    fr_unref(a->doubles);
    fr_unref(a->doubles_of);
    fr_unref(a->failure);
    fr_unref(a->given_steps);
    fr_unref(a->found.outliers);
    fr_unref(a->course.means);
    store_clear(&a->store);
}
