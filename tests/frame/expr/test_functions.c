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
