/* tally_twin.h — aggregates from states found in one pass, beside the same folded one by one. */
#ifndef FR_TEST_OPS_TALLY_TWIN_H
#define FR_TEST_OPS_TALLY_TWIN_H

#include "base/call.h"
#include "ops/grouping.h"
#include "ops/tally.h"

/* A grouping made from held keys, with room for states. */
fr_grouping *fr_test_with_tally(fr_call *call, fr_column *key, fr_code_numbers numbers);
/* Was the state found? */
bool fr_test_is_found(const fr_grouping *groups, fr_tally_kind kind, const fr_column *x, const fr_column *y);
/* Both fail, or both give the same column; the slow one is given doubles of scaled numbers. */
void fr_test_check_same(fr_call *call, const char *name, fr_column *const *args, size_t n, const fr_grouping *fast,
                        const fr_grouping *slow);
/* Integers of a layout in low … low + range; nulls at every `gap`-th row. */
fr_column *fr_test_integers(fr_call *call, fr_kind kind, int64_t n, int64_t low, uint64_t range, int64_t gap);
/* Scaled numbers (data/scaled_column.h) of so many digits: low … low + range - 1, nulls at every `gap`-th row. */
fr_column *fr_test_scaled(fr_call *call, unsigned digits, int64_t n, int64_t low, uint64_t range, int64_t gap);

#endif
