/* test_foreign_names.c — names from elsewhere lead to functions that there are. */
#include "support/test.h"

#include "expr/expr.h"
#include "expr/foreign_names.h"
#include "expr/functions.h"
#include "ops/verbs.h"
#include "plan/verb_table.h"
#include "support/expr_support.h"

#include <string.h>

static bool is_ours(const char *name, size_t length)
{
    size_t n, m = 0;
    const fr_function *functions = fr_functions(&n);
    const char *const *aggregates = fr_aggregator_ops()->names(&m);
    for (size_t i = 0; i < n; i++)
        if (strlen(functions[i].name) == length && !strncmp(functions[i].name, name, length)) return true;
    for (size_t i = 0; i < m; i++)
        if (strlen(aggregates[i]) == length && !strncmp(aggregates[i], name, length)) return true;
    return false;
}

TEST(what_is_recommended_exists)
{
    size_t n;
    const fr_foreign *names = fr_foreign_names(&n);
    CHECK(n > 50);
    for (size_t i = 0; i < n; i++) {
        if (!is_ours(names[i].here, strcspn(names[i].here, "(,;: "))) CHECK_STR(names[i].here, "a function");
        if (is_ours(names[i].name, strlen(names[i].name))) CHECK_STR(names[i].name, "not one of ours");
        if (i) CHECK(strcmp(names[i - 1].name, names[i].name) < 0);
    }
}

TEST(a_name_from_elsewhere_is_translated)
{
    char room[512];
    CHECK_STR(fr_test_eval_text("lag(1)", room, sizeof room),
              "error: no function 'lag' (here it is shift(x, 1))\n    lag(1)\n    ^");
    CHECK_STR(fr_test_eval_text("avg(1)", room, sizeof room),
              "error: no function 'avg' (here it is mean)\n    avg(1)\n    ^");
    CHECK(fr_foreign_name("shift") == NULL);
}

TEST(verbs_from_elsewhere_lead_to_verbs)
{
    size_t n;
    const fr_foreign *verbs = fr_foreign_verbs(&n);
    CHECK(n > 50);
    for (size_t i = 0; i < n; i++) {
        if (!fr_verb_named(verbs[i].here, strcspn(verbs[i].here, ":"))) CHECK_STR(verbs[i].here, "a verb");
        if (fr_verb_named(verbs[i].name, strlen(verbs[i].name))) CHECK_STR(verbs[i].name, "not one of ours");
        if (i) CHECK(strcmp(verbs[i - 1].name, verbs[i].name) < 0);
    }
    CHECK_STR(fr_foreign_verb("order"), "sort");
    CHECK(fr_foreign_verb("sort") == NULL);
}
