/* naive.h — the slow twins of keys, groups and orders: cells compared one by one, loops inside loops. */
#ifndef FR_TEST_OPS_NAIVE_H
#define FR_TEST_OPS_NAIVE_H

#include "ops/keys.h"
#include "support/columns.h"

/* Order of two cells of a column: numbers, then NaN, then null; nulls first and descending as wanted. */
int fr_naive_compare(const fr_column *column, int64_t a, int64_t b, const fr_key_want *want);
/* Equal as group keys are: null = null, NaN = NaN, -0 = 0. Columns of one type. */
bool fr_naive_equal(const fr_column *a, int64_t i, const fr_column *b, int64_t j);
/* Group of each row in order of first appearance, by comparing with all earlier groups; returns their number. */
size_t fr_naive_groups(fr_column *const *columns, size_t n, int64_t n_rows, uint32_t *ids);
/* n rows drawn from a random column of `distinct` values, so that values repeat. */
fr_column *fr_test_repeating(fr_call *call, const char *type, int64_t n, int64_t distinct, int null_percent,
                             uint64_t seed);

/* Columns from C arrays; valid NULL: no nulls, else one byte a row. */
fr_column *fr_test_i64s(fr_call *call, const int64_t *values, const uint8_t *valid, int64_t n);
fr_column *fr_test_f64s(fr_call *call, const double *values, const uint8_t *valid, int64_t n);
fr_column *fr_test_texts(fr_call *call, const char *const *values, int64_t n);

/* Types that can be keys; ends with NULL. */
extern const char *const fr_key_types[];

#endif
