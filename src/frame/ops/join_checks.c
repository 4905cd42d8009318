/* join_checks.c — the options of a join (see join_checks.h). */
#include "ops/join_checks.h"

#include "base/problem.h"
#include "ops/verb_result.h"
#include "ops/verbs.h"

/* A key among those that both frames happen to have is none to look for the nearest in. */
static bool check_asof(fr_call *call, const fr_join_args *args)
{
    if (args->how == FR_JOIN_ASOF) {
        if ((unsigned)args->direction > FR_ASOF_NEAREST)
            return fr_fail(call, FR_ERR_ARGUMENT, "direction is %d: backward, forward or nearest", (int)args->direction);
        if (fr_given(args->on) || fr_given(args->left_on)) return true;
        return fr_fail_at(call, fr_place_at(.hint = "on ticker, time: the last one is looked for, the others are equal"),
                          FR_ERR_ARGUMENT, "an asof join needs on, or left_on and right_on");
    }
    const bool has_tolerance = args->tolerance.valid;
    if (!args->direction && !has_tolerance && !args->no_exact) return true;
    return fr_fail_at(call, fr_place_at(.hint = "how asof"), FR_ERR_ARGUMENT, "%s is for an asof join",
                      args->direction ? "direction" : has_tolerance ? "tolerance" : "no_exact");
}

static bool check_left_only(fr_call *call, const fr_join_args *args)
{
    const char *kind = args->how == FR_JOIN_SEMI ? "a semi join" : "an anti join";
    if (args->indicator)
        return fr_fail_at(call, fr_place_at(.hint = "how left with indicator keeps all left rows and says which match"),
                          FR_ERR_ARGUMENT, "indicator would say the same in each row of %s", kind);
    if (!args->left_suffix && !args->right_suffix) return true;
    return fr_fail_at(call, fr_place_at(.hint = "leave the suffix out"), FR_ERR_ARGUMENT,
                      "%s has no columns of the right frame, so none that a suffix is for", kind);
}

/* Rows that are combined by their places have no keys, and are as many as before. */
static bool check_places(fr_call *call, const fr_join_args *args)
{
    const char *option = fr_given(args->on) ? "on" : fr_given(args->left_on) ? "left_on" : fr_given(args->right_on) ? "right_on"
                       : args->validate ? "validate" : args->nulls_match ? "nulls_match" : args->indicator ? "indicator"
                       : args->max_rows >= 0 ? "max_rows" : NULL;
    if (!option) return true;
    return fr_fail_at(call, fr_place_at(.hint = "rows with equal keys: how inner or left"), FR_ERR_ARGUMENT,
                      "a positional join has no keys, so none that %s is for", option);
}

bool fr_join_check(fr_call *call, const fr_join_args *args)
{
    if ((unsigned)args->how > FR_JOIN_POSITIONAL)
        return fr_fail(call, FR_ERR_ARGUMENT, "how is %d: inner, left, semi, anti, full, asof or positional", (int)args->how);
    if (!check_asof(call, args)) return false;
    if (args->how == FR_JOIN_POSITIONAL && !check_places(call, args)) return false;
    if (fr_join_keeps_columns(args) && !check_left_only(call, args)) return false;
    if (args->max_rows < -1)
        return fr_fail(call, FR_ERR_ARGUMENT, "max_rows is %lld: a number of rows, or -1 for the context's limit",
                       (long long)args->max_rows);
    if ((unsigned)args->validate > FR_JOIN_MANY_TO_ONE)
        return fr_fail(call, FR_ERR_ARGUMENT, "validate is %d", (int)args->validate);
    return true;
}
