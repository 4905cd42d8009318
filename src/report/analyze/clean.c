/* clean.c — the rules are carried out, one step each, and what each one did is read off the account.
 *
 * Spellings and words for missing values are counted when they are planned (a `with` step is no cleaning to the
 * account); conversions, fills, duplicates and rejects are what the account says.
 */
#include "analysis.h"

/* The account's last line, when the step wrote one. */
static bool note_effect(analysis *a, rule *r, int64_t lines_before)
{
    fr_auto(frame) account = NULL;
    if (!take_frame(a, &account, fr_account(a->clean))) return false;
    const int64_t last = fr_length(account) - 1;
    if (last < lines_before) return true;
    r->filled = cell_whole(account, last, "filled");
    r->converted = cell_whole(account, last, "converted");
    r->rejected = cell_whole(account, last, "rejected");
    r->duplicates = cell_whole(account, last, "duplicates");
    return true;
}

static bool count_lines(analysis *a, int64_t *n)
{
    fr_auto(frame) account = NULL;
    if (!take_frame(a, &account, fr_account(a->clean))) return false;
    *n = fr_length(account);
    return true;
}

static bool apply(analysis *a, rule *r)
{
    int64_t before;
    const fr_step steps[2] = { r->step, { .verb = 0 } };
    if (!count_lines(a, &before) || !take_frame(a, &a->clean,
                                                fr_pipe_steps(a->clean, steps, sizeof steps[0], NULL, 0)) ||
        !note_effect(a, r, before)) return false;
    a->n_rejected += r->rejected;
    a->n_duplicates += r->duplicates;
    return true;
}

bool apply_rules(analysis *a, size_t first)
{
    if (!a->clean) {
        a->clean = a->raw;
        a->raw = NULL;
    }
    for (size_t i = first; i < a->n_rules; i++)
        if (!apply(a, &a->rules[i])) return false;
    a->n_kept = fr_length(a->clean);
    return true;
}
