/* Any bytes as choices among what is well-formed: an expression, a chain of steps, a key or an aggregate, for which what
 * must hold holds. */
#include "fuzz/fuzz.h"
#include "support/strange_chain.h"

#include <stdio.h>

enum { LENGTHS = 4, SEEDS = 8, ROOM = 3000 };

/* Rows are made once for all inputs; but the runner of tests, which replays the corpus, looks for what is left behind. */
static fr_strange_rows *rows_of(size_t length, size_t seed)
{
    static const int64_t lengths[LENGTHS] = { 24, 7, 1, 0 };
    static fr_strange_rows rows[LENGTHS][SEEDS];
    fr_strange_rows *found = &rows[length][seed];
    if (!found->context && !fr_strange_rows_begin(found, lengths[length], seed)) __builtin_trap();
    return found;
}

static void release(fr_strange_rows *rows)
{
#ifdef FUZZ_NAME
    fr_strange_rows_end(rows);
    *rows = (fr_strange_rows){ .n = 0 };
#else
    (void)rows;
#endif
}

static bool holds(fr_choices *choices, const fr_strange_rows *rows, char *text, char *why)
{
    const fr_schema *schema = rows->plain->schema;
    const size_t what = fr_choose(choices, 6);
    switch (what) {
    case 0: return !fr_strange_chain(choices, rows, text, ROOM) || fr_strange_chain_holds(rows, text, why, ROOM);
    case 1: return !fr_strange_expr(choices, schema, 1, text, 1300) || fr_strange_key_holds(rows, text, why, ROOM);
    case 2: return !fr_strange_aggregate(choices, schema, 0, text, 1300) || fr_strange_aggregate_holds(rows, text, why, ROOM);
    default: return !fr_strange_expr(choices, schema, (int)what - 2, text, ROOM) || fr_strange_holds(rows, text, why, ROOM);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char text[ROOM] = "", why[ROOM] = "";
    fr_choices choices = { bytes, n, 0 };
    if (n < 4) return 0;
    const size_t length = fr_choose(&choices, LENGTHS), seed = fr_choose(&choices, SEEDS);
    fr_strange_rows *rows = rows_of(length, seed);
    if (!holds(&choices, rows, text, why)) {
        (void)fprintf(stderr, "%s\n  %s\n", text, why);
        __builtin_trap();
    }
    release(rows);
    return 0;
}
