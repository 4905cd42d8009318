/* clean.c — the rules are carried out, one step each, and what each one did is read off the account.
 *
 * Spellings and words for missing values are counted when they are planned (a `with` step is no cleaning to the
 * account);
 * conversions, fills, duplicates and rejects are what the account says.
 */
#include "analysis.h"

static void note_effect(rule *r, const fr_frame *frame)
{
    fr_auto(frame) account = fr_account(frame);
    const int64_t last = fr_length(account) - 1;
    if (last < 0) return;
    r->filled = cell_whole(account, last, "filled");
    r->converted = cell_whole(account, last, "converted");
    r->rejected = cell_whole(account, last, "rejected");
    r->duplicates = cell_whole(account, last, "duplicates");
}

static int64_t account_length(const fr_frame *frame)
{
    fr_auto(frame) account = fr_account(frame);
    return fr_length(account);
}

static bool apply(analysis *a, rule *r)
{
    const int64_t before = account_length(a->clean);
    const fr_step steps[2] = { r->step, { .verb = 0 } };
    if (!take_frame(a, &a->clean, fr_pipe_steps(a->clean, steps, sizeof steps[0], NULL, 0))) return false;
    if (account_length(a->clean) > before) note_effect(r, a->clean);
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
