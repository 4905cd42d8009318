/* long_groups.h — groups of long rows, and what their aggregates must be, found slowly. */
#ifndef FR_TEST_SUPPORT_LONG_GROUPS_H
#define FR_TEST_SUPPORT_LONG_GROUPS_H

#include "support/long_rows.h"

typedef struct fr_long_groups {
    int64_t   n_rows, n;               /* groups in the order of their first rows */
    uint32_t *of;                      /* group of each row */
    int64_t  *starts;                  /* n + 1: where the rows of each begin in rows */
    int64_t  *rows;                    /* of each group one after the other, in order */
} fr_long_groups;

/* Rows are in one group where all columns of `mask` (bit i: column i) have the same values. */
bool fr_long_groups_begin(fr_long_groups *groups, const fr_long_rows *rows, unsigned mask) FR_MUST_USE;
void fr_long_groups_end(fr_long_groups *groups);
static inline int64_t fr_long_first(const fr_long_groups *groups, int64_t group) { return groups->rows[groups->starts[group]]; }

/* An aggregate of one or two columns, and how it is written. */
typedef struct fr_long_aggregate {
    int         what;
    size_t      x, y;
    int         q;                     /* of quantiles */
    bool        skipnan;
    char        text[80];
} fr_long_aggregate;
/* plain: a sum or a mean. */
void fr_long_aggregate_draw(fr_long_aggregate *aggregate, bool plain, uint64_t *state);

/* Does the cell of a result hold what the group's rows say? `overflows`: it must fail. */
typedef enum fr_long_verdict { FR_LONG_RIGHT, FR_LONG_WRONG, FR_LONG_OVERFLOWS } fr_long_verdict;
fr_long_verdict fr_long_aggregate_check(const fr_long_rows *rows, const fr_long_groups *groups, const fr_long_aggregate *aggregate,
                                        int64_t group, const fr_column *result, int64_t at);

#endif
