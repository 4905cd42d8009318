/* join_names.c — suffixes of a join (see join_names.h). */
#include "ops/join_names.h"

#include <string.h>

static int64_t find(const fr_schema *schema, const char *name)
{
    return fr_schema_find(schema, name, strlen(name));
}

static const char *suffixed(fr_call *call, fr_arena *arena, const char *name, const char *given, const char *usual)
{
    return fr_arena_format(call, arena, "%s%s", name, given ? given : usual);
}

/* A right column that is a key which the left gives is not in the result, and clashes with nothing. */
const char *fr_join_left_name(fr_call *call, fr_arena *arena, const fr_join_names *of, size_t column)
{
    const char *name = of->left->fields[column].name;
    if (fr_join_on_pair(of->on, (int64_t)column, true) >= 0) return name;
    const int64_t namesake = find(of->right, name);
    if (namesake < 0 || fr_join_on_pair(of->on, namesake, false) >= 0) return name;
    return suffixed(call, arena, name, of->args->left_suffix, "_x");
}

const char *fr_join_right_name(fr_call *call, fr_arena *arena, const fr_join_names *of, size_t column)
{
    const char *name = of->right->fields[column].name;
    return find(of->left, name) >= 0 ? suffixed(call, arena, name, of->args->right_suffix, "_y") : name;
}
