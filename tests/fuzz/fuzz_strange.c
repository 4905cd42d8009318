/* Any bytes as choices among what is well-formed: an expression, or a chain of steps, for which what must hold holds. */
#include "fuzz/fuzz.h"
#include "support/strange_chain.h"

#include <stdio.h>

static void refuse(const char *text, const char *why)
{
    (void)fprintf(stderr, "%s\n  %s\n", text, why);
    __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const uint8_t lengths[] = { 24, 7, 1, 0 };
    char text[3000], why[3000];
    fr_strange_rows rows;
    fr_choices choices = { bytes, n, 0 };
    if (n < 4) return 0;
    const size_t depth = fr_choose(&choices, 4), length = lengths[fr_choose(&choices, 4)], seed = fr_choose(&choices, 64);
    if (!fr_strange_rows_begin(&rows, (int64_t)length, seed)) refuse("the rows", "were not made");
    if (!depth) {
        if (fr_strange_chain(&choices, &rows, text, sizeof text) && !fr_strange_chain_holds(&rows, text, why, sizeof why))
            refuse(text, why);
    } else if (fr_strange_expr(&choices, rows.plain->schema, (int)depth, text, sizeof text) &&
               !fr_strange_holds(&rows, text, why, sizeof why)) refuse(text, why);
    fr_strange_rows_end(&rows);
    return 0;
}
