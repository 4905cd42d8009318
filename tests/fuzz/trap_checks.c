/* trap_checks.c — what the support of tests checks, where no runner of tests is there to be told. */
#include "support/test.h"

#include <string.h>

bool fr_test_check(bool ok, const char *condition, const char *file, int line)
{
    (void)condition, (void)file, (void)line;
    if (!ok) __builtin_trap();
    return ok;
}

bool fr_test_check_str(const char *actual, const char *expected, const char *text, const char *file, int line)
{
    return fr_test_check(actual && !strcmp(actual, expected), text, file, line);
}
