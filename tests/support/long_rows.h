/* long_rows.h — long frames of awkward keys, whose rows are known beforehand.
 *
 * The engine takes other ways through 10^5 rows than through 24: tables by address, parts, ranges of codes, late columns.
 * A column here is a pool of distinct values in the order of sorting, and for each row the number of its value; so a slow
 * twin groups, sorts and joins by numbers, and looks at cells only to compare them with the pool's.
 *
 *     pool  -2.5  0  7  nan        of  1 1 3 null 0        the column  0 -0 nan null -2.5
 */
#ifndef FR_TEST_SUPPORT_LONG_ROWS_H
#define FR_TEST_SUPPORT_LONG_ROWS_H

#include "data/frame.h"

enum { FR_LONG_KEYS = 3, FR_LONG_VALUES = 3, FR_LONG_WIDTH = FR_LONG_KEYS + FR_LONG_VALUES, FR_LONG_WAYS = 8 };
#define FR_LONG_NULL UINT32_MAX

typedef struct fr_long_column {
    char       type[32];               /* as fr_type_read knows it; "codes" is str, held as codes */
    char       shape[96];              /* for a message */
    uint32_t   n_values;
    fr_column *pool;                   /* the values in order, and then other forms of some: -0, another nan */
    uint32_t  *of;                     /* the value of each row, or FR_LONG_NULL */
} fr_long_column;

/* Columns k0, k1, k2 and v0, v1, v2, and `row`, the number of the row; the same frame in several ways. */
typedef struct fr_long_rows {
    int64_t        n;
    fr_long_column columns[FR_LONG_WIDTH];
    fr_context    *contexts[4];        /* of 1, 2, 3 and 7 threads */
    fr_frame      *ways[FR_LONG_WAYS]; /* the first: one thread, in one piece */
    fr_frame      *among;              /* among others, whose `row` is below 0 */
    fr_frame      *right;              /* k0, k1, k2 and `id`, its row number: keys of some rows and others, for joins */
    int64_t        n_right;
    uint32_t      *right_of[FR_LONG_KEYS];
} fr_long_rows;

extern const char *const fr_long_names[FR_LONG_WIDTH];
extern const char *const fr_long_ways[FR_LONG_WAYS];

/* Same seed, same rows; n 0: a length is drawn as well. */
bool fr_long_rows_begin(fr_long_rows *rows, int64_t n, uint64_t seed) FR_MUST_USE;
void fr_long_rows_end(fr_long_rows *rows);

/* A number below n, of the state of fr_test_random. */
uint64_t fr_long_draw(uint64_t *state, uint64_t n);

/* Pools and rows of one column (long_values.c). */
bool fr_long_column_draw(fr_call *call, fr_long_column *column, int64_t n, bool is_key, uint64_t *state) FR_MUST_USE;
/* The column that so many numbers of values stand for. */
fr_column *fr_long_column_of(fr_call *call, const fr_long_column *column, const uint32_t *of, int64_t n,
                             uint64_t *state) FR_MUST_USE;

#endif
