/* text_columns.c — which text columns there are, how many different texts they hold, and what is to be done about them.
 *
 * Cleaning is planned as steps of the library (fr_step), one rule each, so that a rule can be printed, counted and
 * written into analysis.toml. Nothing is decided on a sample alone where it would change rows: a column becomes numbers
 * or dates when nine in ten of *all* its texts read as such (numbers: nineteen in twenty).
 */
#include "text_columns.h"

#include <frame/verb_info.h>

#include <string.h>

enum { BATCH = 200 };

const char *text_literal(store *s, const char *text)
{
    char room[1024];
    const size_t n = fr_quote_text(text, room, sizeof room);
    if (n < sizeof room) return keep(s, room);
    char *out = store_array(s, n + 1, 1);
    if (!out) return "''";
    fr_quote_text(text, out, n + 1);
    return out;
}


static bool holds_text(const fr_frame *frame, size_t i)
{
    const fr_kind kind = fr_type_kind(fr_type_at(frame, i));
    return kind == FR_STR || kind == FR_CAT;
}

static bool list_texts(analysis *a, text_column **out, size_t *n)
{
    *n = 0;
    *out = store_array(&a->store, fr_width(a->raw) + 1, sizeof **out);
    for (size_t i = 0; *out && i < fr_width(a->raw); i++)
        if (holds_text(a->raw, i))
            (*out)[(*n)++] = (text_column){ .name = keep(&a->store, fr_name(a->raw, i)), .index = i,
                                            .quoted = quoted_name(a, fr_name(a->raw, i)),
                                            .n_valid = fr_length(a->raw) - fr_null_count(a->raw, i) };
    return *out;
}

static bool take_batch(analysis *a, text_column *columns, size_t n, fr_frame **among)
{
    growing names = { .bytes = NULL };
    for (size_t i = 0; i < n; i++) grow_format(&names, "%s%s", i ? ", " : "", columns[i].quoted);
    const bool good = !names.out_of_memory && take_frame(a, among, fr_pipe(a->raw, fr_select(names.bytes)));
    growing_clear(&names);
    for (size_t i = 0; i < n; i++) columns[i].among = *among;
    return good;
}

/* Distinct texts of up to BATCH columns in one pass. */
static bool count_batch(analysis *a, text_column *columns, size_t n)
{
    growing agg = { .bytes = NULL };
    for (size_t i = 0; i < n; i++) grow_format(&agg, "%sn%zu = nunique(%s)", i ? "; " : "", i, columns[i].quoted);
    fr_auto(frame) counts = NULL;
    const bool good = !agg.out_of_memory &&
                      take_frame(a, &counts, fr_pipe(columns->among, fr_group("", .agg = agg.bytes)));
    for (size_t i = 0; good && i < n; i++) columns[i].n_distinct = fr_get_at(counts, 0, i).as.i;
    growing_clear(&agg);
    return good;
}

static bool plan_column(analysis *a, text_column *column)
{
    bool planned = false;
    if (!column->n_valid) return true;
    fr_auto(frame) values = NULL;
    if (column->n_distinct <= MOST_DATE_TEXTS &&
        !take_frame(a, &values, fr_pipe(column->among, fr_value_counts(column->quoted)))) return false;
    column->values = values;
    const bool stays = type_is_asked(a, column->name);           /* who asks for text keeps text */
    const bool good = (stays || (plan_dates(a, column, &planned) && (planned || plan_number(a, column, &planned))))
                   && (planned || plan_words(a, column));
    column->values = NULL;
    return good;
}

/* Steps of a job that were changed by hand. */
static bool take_given(analysis *a)
{
    const char *text = keep_format(&a->store, "format = \"libframe job\"\nversion = 1\nreader = 1\n\n%s",
                                   a->given_rules);
    if (!*a->given_rules) return true;
    a->given_steps = fr_steps_parse(text, a->context);
    if (!fr_ok(a->given_steps)) return false;
    for (size_t i = 0; i < fr_steps_count(a->given_steps); i++) {
        const fr_step *step = fr_steps_at(a->given_steps, i);
        size_t n;
        const fr_verb_info *verbs = fr_verb_infos(&n);
        const char *verb = step->verb >= 1 && step->verb <= n ? verbs[step->verb - 1].name : "filter";
        rule *r = add_rule(a, RULE_GIVEN, NULL, verb);
        if (!r) return false;
        r->step = *step;
        r->brief = verb;
        r->what = keep_format(&a->store, "%s, as analysis.toml says", verb);
    }
    return true;
}

static bool plan_batch(analysis *a, text_column *columns, size_t n)
{
    fr_auto(frame) among = NULL;
    bool good = take_batch(a, columns, n, &among) && count_batch(a, columns, n);
    for (size_t i = 0; good && i < n; i++) good = plan_column(a, &columns[i]);
    for (size_t i = 0; i < n; i++) columns[i].among = NULL;
    return good;
}

bool plan_types(analysis *a)
{
    text_column *columns;
    size_t n;
    if (a->follow_rules) return take_given(a);
    if (a->asked.no_clean || !fr_length(a->raw)) return true;
    if (!list_texts(a, &columns, &n)) return false;
    for (size_t i = 0; i < n; i += BATCH)
        if (!plan_batch(a, columns + i, n - i < BATCH ? n - i : BATCH)) return false;
    return true;
}
