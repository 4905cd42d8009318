/* walk.h — the rows of a whole column, group by group, and a result for each: what running totals (fn_window.c) and
 * windows (fn_rolling.c) share.
 *
 *     ids 1 0 1 0     rows 1 3 | 0 2     starts 0 2 4
 */
#ifndef FR_EXPR_WALK_H
#define FR_EXPR_WALK_H

#include "expr/functions.h"
#include "kernel/prefetch.h"
#include "kernel/rows.h"

#include <stdatomic.h>

typedef struct fr_walk {
    fr_arena    arena;
    int64_t     n, n_groups;
    fr_rows     rows;                      /* of no array: 0 … n-1 */
    bool        listed;                    /* rows has one */
    int64_t    *starts;                    /* n_groups + 1 */
    fr_buffer  *kept;                      /* owned: the array of rows */
} fr_walk;

bool fr_walk_begin(const fr_whole *whole, fr_walk *walk) FR_MUST_USE;
void fr_walk_clear(fr_walk *walk);         /* works as FR_CLEANUP */

static inline int64_t fr_walk_row(const fr_walk *walk, int64_t at)
{
    if (!walk->listed) return at;
    return walk->rows.narrow ? (int64_t)walk->rows.narrow[at] : walk->rows.wide[at];
}

/* The rows of a group lie apart: what a table has for the one some places on is asked for (kernel/prefetch.h). */
FR_TEMPLATE_FN void fr_walk_ask(const fr_walk *walk, int64_t at, const void *table, size_t width)
{
    if (walk->listed && at + FR_AHEAD < walk->n) fr_ask_for(table, (uint64_t)fr_walk_row(walk, at + FR_AHEAD), width);
}

/* Told of each group that has rows; of different ones at once. */
typedef void fr_group_fn(void *state, int64_t group);
bool fr_walk_groups(fr_call *call, const fr_walk *walk, fr_group_fn *fn, void *state) FR_MUST_USE;
/* The last group that begins at `place` or before it. */
int64_t fr_walk_group_at(const fr_walk *walk, int64_t place);

/* The least row of those that several threads name; INT64_MAX: none. */
typedef _Atomic(int64_t) fr_lowest_row;
static inline void fr_lower_row(fr_lowest_row *lowest, int64_t row)
{
    int64_t known = atomic_load(lowest);
    while (row < known && !atomic_compare_exchange_weak(lowest, &known, row)) continue;
}

typedef struct fr_row_results { fr_buffer *values, *valid; } fr_row_results;
/* Values of zero, or not defined: for who writes each, also those of nulls. */
bool fr_row_results_begin(fr_call *call, fr_row_results *r, int64_t n, size_t width) FR_MUST_USE;
bool fr_row_results_begin_undefined(fr_call *call, fr_row_results *r, int64_t n, size_t width) FR_MUST_USE;
void fr_row_results_clear(fr_row_results *r);
fr_column *fr_row_results_column(fr_call *call, const fr_row_results *r, const fr_type *type, int64_t n) FR_MUST_USE;

/* By several threads at once: neighbours share a word. */
static inline void fr_row_results_null(const fr_row_results *r, int64_t row)
{
    uint64_t *word = (uint64_t *)r->valid->data + (row >> 6);
    (void)__atomic_fetch_and(word, ~((uint64_t)1 << (row & 63)), __ATOMIC_RELAXED);
}

/* The type of running sums (or extremes) of a number; NULL with the failure. */
const fr_type *fr_running_type(fr_checker *c, const fr_type *x, bool sums) FR_MUST_USE;
/* A decimal, integer or day at a row of i32, i64, u64 or 128 bits; put: false where the type has no such value. */
fr_i128 fr_whole_at(const fr_column *x, int64_t row);
bool    fr_whole_put(const fr_type *type, fr_phys phys, void *to, int64_t row, fr_i128 x);
bool    fr_fail_running(const fr_whole *whole, const fr_term *term, int64_t row);      /* overflow; → false */
bool    fr_whole_yields(fr_term *term, fr_whole_fn *whole, const fr_type *type);       /* → true */

#endif
