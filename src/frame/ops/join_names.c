/* join_names.c — suffixes of a join (see join_names.h). */
#include "ops/join_names.h"

#include <string.h>

static bool has(const fr_schema *schema, const char *name)
{
    return fr_schema_find(schema, name, strlen(name)) >= 0;
}

static const char *suffixed(fr_call *call, fr_arena *arena, const char *name, const char *given, const char *usual)
{
    return fr_arena_format(call, arena, "%s%s", name, given ? given : usual);
}

/* A right column that is a key which the left gives is not in the result, and clashes with nothing. */
const char *fr_join_left_name(fr_call *call, fr_arena *arena, const fr_join_names *of, const char *name)
{
    const bool is_key = fr_join_on_pair(of->on, name, true) >= 0, clashes = has(of->right, name);
    if (is_key || !clashes || fr_join_on_pair(of->on, name, false) >= 0) return name;
    return suffixed(call, arena, name, of->args->left_suffix, "_x");
}

const char *fr_join_right_name(fr_call *call, fr_arena *arena, const fr_join_names *of, const char *name)
{
    return has(of->left, name) ? suffixed(call, arena, name, of->args->right_suffix, "_y") : name;
}
