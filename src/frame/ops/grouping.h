/* grouping.h — which group each row is in, groups numbered in order of first appearance.
 *
 *     region  store      id                group  first row
 *     North   1          0                 0      0
 *     South   1          1                 1      1
 *     North   1          0                 2      3
 *     North   2          2
 *
 * Keys become one code a row (ops/keys.h). Few possible codes: a table with one entry per code keeps the lowest row
 * that has it. Many: fixed blocks of rows number their own distinct codes, the lists are merged by parts of the hash
 * space, blocks in order. Either way a group's number is the rank of its first row among all first rows, so neither
 * threads nor seed nor table size show. Keys too wide for 64 bits are folded: the columns so far become ids, which are
 * a column again. Where hashes stand for texts, the texts are compared in the end (ops/group_texts.h).
 *
 * Rows may be as many as there are; groups fit 32 bits (LIMIT beyond 2^32 - 2 of them).
 *
 * A grouping also finds the group of other rows with the same rules (joins).
 */
#ifndef FR_OPS_GROUPING_H
#define FR_OPS_GROUPING_H

#include "expr/expr.h"
#include "kernel/id_table.h"
#include "ops/keys.h"

/* What of many codes is to be known before somebody asks. */
typedef enum fr_code_numbers {
    FR_CODES_NUMBERED,                     /* which group each is */
    FR_CODES_RANGED,                       /* numbers of ranges will do (ops/group_ranges.h) */
    FR_CODES_ALONE                         /* nothing: which rows are first will do (ops/group_firsts.h) */
} fr_code_numbers;

struct fr_grouping {
    fr_context *context;
    int64_t     n_rows;
    uint32_t    n_groups;
    fr_buffer  *ids;               /* uint32_t[n_rows]; FR_NO_ID for dead rows; NULL: not asked for yet */
    fr_keys     row_keys;          /* then: what they are made from */
    const fr_frame *keys;          /* a row a group, for messages; borrowed, NULL: nobody said */
    fr_buffer  *firsts;            /* int64_t[n_groups]: the first row of each; NULL: every row is a group of its own, or
                                      there are ranges, whose bits say it */
    bool        waits;             /* may ids and firsts be left to fr_grouping_settle? */
    struct fr_repeats *repeats;    /* where they are, of keys that hardly repeat (ops/group_repeats.h); owned, else NULL */
    struct fr_tally *tally;        /* states computed beforehand (ops/tally.h); owned, NULL: none */
    /* finding: direct by code, or by hash */
    uint64_t    span;
    fr_buffer  *slots;             /* uint32_t[span]: group of each code, FR_NO_ID for none; NULL: hashed, or … */
    struct fr_group_ranges *ranges;        /* … these know the first rows until slots are asked for; owned, else NULL */
    const fr_column *codes;        /* the groups are its codes (ops/group_dictionary.h), slots and firsts wait; borrowed, or NULL */
    uint32_t    null_group;        /* then: the group of null; n_groups: there is none */
    size_t      n_tables;
    struct fr_group_table *tables;
};

/* Group the rows of keys (folding them into one code first). */
fr_grouping *fr_grouping_of_keys(fr_call *call, fr_keys *keys) FR_MUST_USE;
/* The same without the rows' groups, where the keys allow it; they are made from the keys, which are taken over, when
 * fr_grouping_need_ids asks. What the columns of the keys are made of must outlive the grouping. Of keys that hardly
 * repeat (`repeats`) first rows are not listed either. Unless codes are to be
 * `numbered`, what group a code is may wait as well, where something else is to be had. */
fr_grouping *fr_grouping_of_held_keys(fr_call *call, fr_keys *keys, fr_code_numbers numbers) FR_MUST_USE;
/* The same where all that is to be found of many codes is a tally, whose records may be made on the way. */
fr_grouping *fr_grouping_to_tally(fr_call *call, fr_keys *keys, struct fr_tally *tally) FR_MUST_USE;
/* Group by columns, nulls and NaN being values of their own. n = 0: one group (none when there are no rows). */
fr_grouping *fr_grouping_of(fr_call *call, fr_column *const *columns, size_t n, int64_t n_rows) FR_MUST_USE;
/* Both sides of a join: groups of the build side, and into `ids` the group of each probe row, FR_NO_ID for none. */
fr_grouping *fr_grouping_of_pair(fr_call *call, fr_keys *build, fr_keys *probe, fr_buffer **ids) FR_MUST_USE;
void         fr_grouping_free(fr_grouping *grouping);            /* NULL does nothing */
void         fr_drop_grouping(fr_grouping **slot);

/* The rows' groups and the first rows of one with repeats, as of any other; not from a worker. */
bool fr_grouping_settle(fr_call *call, const fr_grouping *grouping) FR_MUST_USE;
/* Before the slots of a grouping are read, or ids of some rows; not from a worker. */
bool fr_grouping_need_slots(fr_call *call, const fr_grouping *grouping) FR_MUST_USE;
/* Then: is a row's group made from its code (fr_row_slots), and are codes hardly more than groups? Who asks nothing but
 * which rows go together spares the look-up and takes codes. */
static inline bool fr_grouping_has_codes(const fr_grouping *grouping)
{
    return !grouping->ids && grouping->row_keys.context && grouping->span <= grouping->n_groups + grouping->n_groups / 8;
}
/* Before fr_grouping_ids of a grouping that may be of held keys; not from a worker. */
bool fr_grouping_need_ids(fr_call *call, const fr_grouping *grouping) FR_MUST_USE;
/* Ids of rows first … first + n - 1, n ≤ FR_KEY_VECTOR, first a multiple of 64; in `room` or where they lie already. */
const uint32_t *fr_grouping_some_ids(const fr_grouping *grouping, int64_t first, size_t n, uint32_t *room);
static inline const uint32_t *fr_grouping_ids(const fr_grouping *grouping) { return grouping->ids->data; }
/* Where there are ranges or codes, for a message only: of many groups it is quicker after fr_grouping_need_firsts. */
int64_t fr_grouping_find_first(const fr_grouping *grouping, size_t group);
static inline int64_t fr_grouping_first(const fr_grouping *grouping, size_t group)
{
    return grouping->firsts ? ((const int64_t *)grouping->firsts->data)[group] : fr_grouping_find_first(grouping, group);
}
/* Before fr_grouping_firsts; not from a worker. */
bool fr_grouping_need_firsts(fr_call *call, const fr_grouping *grouping) FR_MUST_USE;
static inline fr_rows fr_grouping_firsts(const fr_grouping *grouping)
{
    return (fr_rows){ .wide = grouping->firsts->data, .n = grouping->n_groups };
}

#endif
