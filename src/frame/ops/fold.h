/* fold.h — running an accumulator over all rows, one state a group, the same bits for any number of threads.
 *
 * Rows are added in order within fixed blocks of 2^20 rows (2^17 where groups are few), each with a table of states of
 * its own, and the tables are merged in block order. When the tables would be large (many groups), there is one table
 * and rows are added in order from the first to the last; workers then share out the groups, not the rows. Which of the
 * two is decided by the number of groups alone.
 */
#ifndef FR_OPS_FOLD_H
#define FR_OPS_FOLD_H

#include "data/pieced_column.h"
#include "kernel/accumulate.h"
#include "ops/grouping.h"

#define FR_FOLD_ROWS ((int64_t)1 << 20)

/* Rows of a block: fewer where merging costs next to nothing, so that many workers find work. */
static inline int64_t fr_fold_block_rows(size_t n_groups) { return n_groups <= 1024 ? FR_FOLD_ROWS >> 3 : FR_FOLD_ROWS; }

/* Tables of blocks, merged? Else one table, rows in order: 2^18 groups of 16 bytes, beyond which tables a block cost more
 * than they bring. */
static inline bool fr_fold_has_blocks(int64_t n_rows, size_t n_groups, size_t state_size)
{
    return n_rows > fr_fold_block_rows(n_groups) && n_groups <= ((size_t)1 << 22) / state_size;
}

typedef struct fr_fold {
    size_t      state_size;
    /* Add rows first_row … first_row + span->n - 1 (first_row is a multiple of 64) to states of span's groups; the
     * state of group span->low is the first. `rows` are those rows of the fold's column. */
    void      (*add)(const void *self, void *states, int64_t first_row, const fr_window *rows,
                     const fr_group_span *span);
    void      (*merge)(void *into, const void *from, size_t n);
    const void *self;
    const fr_column *column;               /* what is read by `rows`, perhaps in pieces; NULL: nothing */
    size_t      counted_size;              /* bytes of a state when the two ways are chosen between; 0: state_size */
    void      (*begin)(const void *self, void *states);    /* what states of no rows hold but zeros; NULL: nothing */
    bool        by_group;                  /* does `self` know something of each group? Else rows may come by code */
} fr_fold;

/* States of all groups (grouping NULL: of one group of all rows), zeroed before the first row. */
fr_buffer *fr_fold_rows(fr_call *call, const fr_fold *fold, const fr_grouping *grouping, int64_t n_rows) FR_MUST_USE;

/* How the values of `rows` lie: scaled numbers (data/scaled_column.h) come as doubles, but as they lie where all rows are one
 * group (span->ids NULL). */
static inline fr_phys fr_fold_phys(const fr_column *column) { return column->digits ? FR_PHYS_F64 : column->phys; }

static inline size_t fr_fold_groups(const fr_grouping *grouping) { return grouping ? grouping->n_groups : 1; }

#endif
