/* strange_laws.c — what is said in two ways. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <frame/frame.h>

#include "support/strange_chain.h"

enum { ROOM = 3000, PART = 1400 };

static fr_frame *run(const fr_frame *rows, const char *before, const char *text, const char *after)
{
    char chain[ROOM];
    (void)snprintf(chain, sizeof chain, "%.1400s%.1400s%.190s", before, text, after);
    fr_auto(steps) steps = fr_steps_parse_chain(chain, NULL);
    return fr_run(rows, steps);
}

static bool disagree(char *why, size_t n, const char *how, const fr_frame *one, const fr_frame *other)
{
    const fr_error_info *x = fr_error(one), *y = fr_error(other);
    fr_value v = !x && fr_length(one) ? fr_get_at(one, 0, 0) : fr_v_null(), w = !y && fr_length(other) ? fr_get_at(other, 0, 0) : v;
    (void)snprintf(why, n, "%s: %s but %s (%" PRId64 " and %" PRId64 " rows, first %lld, %.17g and %lld, %.17g)", how,
                   x ? x->message : "fine", y ? y->message : "fine", fr_length(one), fr_length(other), (long long)v.as.i, v.as.f,
                   (long long)w.as.i, w.as.f);
    return false;
}

/* Errors may name different steps and rows of different frames. */
static bool agree(const fr_frame *one, const fr_frame *other)
{
    if (fr_ok(one) && fr_ok(other)) return fr_equal(one, other);
    return fr_error_code(one) == fr_error_code(other);
}

bool fr_strange_key_holds(const fr_strange_rows *rows, const char *text, char *why, size_t n)
{
    static const struct { const char *before, *after, *then; } steps[] = {
        { "sort k_ = ", "", "sort k_" },
        { "sort k_ = ", " desc, i1 nulls_first", "sort k_ desc, i1 nulls_first" },
        { "sort k_ = ", " desc | head 3", "sort k_ desc | head 3" },
        { "distinct k_ = ", "", "distinct k_" },
        { "distinct b, k_ = ", " keep last", "distinct b, k_ keep last" },
        { "group k_ = ", ": n_ = size(), f_ = first(id), m_ = max(i8)", "group k_: n_ = size(), f_ = first(id), m_ = max(i8)" },
        { "group b, k_ = ", " sorted: n_ = size()", "group b, k_ sorted: n_ = size()" },
        { "pivot k_ = ", " on b: n_ = size()", "pivot k_ on b: n_ = size()" },
        { "pivot b on k_ = ", " values id agg max", "pivot b on k_ values id agg max" },
    };
    char with[PART];
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        (void)snprintf(with, sizeof with, "with k_ = %s | ", text);
        fr_auto(frame) key = run(rows->moved, steps[i].before, text, steps[i].after);
        fr_auto(frame) column = run(rows->plain, with, steps[i].then, "");
        if (!agree(key, column)) return disagree(why, n, steps[i].then, key, column);
    }
    return true;
}

/* Sums of floats may be rounded in another order where a group is the whole frame. */
static bool near(const fr_frame *one, const fr_frame *other)
{
    if (agree(one, other)) return true;
    if (!fr_ok(one) || !fr_ok(other) || fr_length(one) != 1 || fr_length(other) != 1) return false;
    const fr_value v = fr_get_at(one, 0, 0), w = fr_get_at(other, 0, 0);
    return v.valid && w.valid && v.kind == FR_F64 && w.kind == FR_F64 &&
           fabs(v.as.f - w.as.f) <= 1e-9 * (fabs(v.as.f) + fabs(w.as.f));
}

bool fr_strange_aggregate_holds(const fr_strange_rows *rows, const char *text, char *why, size_t n)
{
    static const char *const groups[] = { "b", "not b", "b is null" };
    char grouped[PART], over[PART], alone[PART];
    (void)snprintf(grouped, sizeof grouped, "group b: a_ = %s | where ", text);
    (void)snprintf(over, sizeof over, "with a_ = %s over b | where ", text);
    (void)snprintf(alone, sizeof alone, "group: a_ = %s", text);
    fr_auto(frame) all = run(rows->plain, grouped, "true", "");
    if (!fr_ok(all)) return true;                                 /* of one group: the others may be fine */
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        fr_auto(frame) of_group = run(rows->moved, grouped, groups[i], " | select a_");
        if (fr_length(of_group) == 0) continue;
        fr_auto(frame) mine = run(rows->pieces, "where ", groups[i], "");
        fr_auto(frame) of_rows = run(mine, alone, "", "");
        fr_auto(frame) beside = run(rows->kept, over, groups[i], " | select a_ | head 1");
        const bool refused = !fr_ok(beside) && fr_error(beside)->row < 0;    /* a function of that name takes no 'over' */
        if (!near(of_group, of_rows)) return disagree(why, n, "by groups and of one group", of_group, of_rows);
        if (!refused && !agree(of_group, beside)) return disagree(why, n, "by groups and over", of_group, beside);
    }
    return true;
}
