/* test_functions.c — every example of functions.def.h gives what it says. */
#include "support/test.h"

#include "base/memory.h"
#include "expr/functions.h"
#include "support/expr_support.h"

#include <stdio.h>
#include <string.h>

TEST(every_example_gives_its_result)
{
    size_t n;
    const fr_function *f = fr_functions(&n);
    for (size_t i = 0; i < n; i++) {
        char room[512], named[600];
        (void)snprintf(named, sizeof named, "%s -> %s", f[i].example, f[i].result);
        char got[1024];
        (void)snprintf(got, sizeof got, "%s -> %s", f[i].example, fr_test_eval_text(f[i].example, room, sizeof room));
        CHECK_STR(got, named);
    }
}

TEST(names_are_there_once)
{
    size_t n;
    const fr_function *f = fr_functions(&n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) CHECK(strcmp(f[i].name, f[j].name) != 0);
}

/* docs/expressions.md is written by tools/gen_expressions.py; a function that is not in it was forgotten. */
TEST(the_manual_lists_every_function)
{
    size_t n;
    char line[256];
    static char manual[1 << 18];
    const fr_function *f = fr_functions(&n);
    FILE *file = fopen(fr_test_path("docs/expressions.md"), "rb");
    REQUIRE(file != NULL);
    manual[fread(manual, 1, sizeof manual - 1, file)] = 0;
    fclose(file);
    for (size_t i = 0; i < n; i++) {
        if (!strcmp(f[i].family, "operators")) continue;
        (void)snprintf(line, sizeof line, "| `%s(%s)` | %s |", f[i].name, f[i].params, f[i].doc);
        if (!strstr(manual, line)) CHECK_STR(line, "a line of docs/expressions.md");
    }
}
