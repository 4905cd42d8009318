/* group_ranges.h — groups numbered by ranges of their codes, and which number each row has.
 *
 *     codes of rows   5 0 4 5 1 0     range 0: codes 0 … 2, range 1: 3 … 5
 *     dealt           rows 1 4 5 | 0 2 3       codes 0 1 0 | 5 4 5       numbers 0 1 0 | 0 1 0
 *     first rows      1 4 of range 0, 0 2 of range 1: groups 1 3 and 0 2
 *
 * Looking a code up in a table of all waits for memory once a row. So blocks of rows are dealt to ranges, each within its
 * own stretch of memory, which the second-level cache holds; then the codes of a range get numbers in a table that the
 * first-level cache holds, block after block, so numbers rise with the first rows of groups. Whatever a range's groups
 * know lies in that order too (ops/tally_numbered.h): it is written from the front to the end, and each block's share of
 * each range, put where the block's first rows say, is all groups in order.
 *
 * Groups that are found already may be the codes. They are numbers too then, and one range's groups come behind another's.
 */
#ifndef FR_OPS_GROUP_RANGES_H
#define FR_OPS_GROUP_RANGES_H

#include "kernel/bits.h"
#include "ops/grouping.h"

enum { FR_RANGED_ROWS = 1 << 15,           /* of a block, at most */
       FR_MOST_RANGES = 1 << 11 };

/* Which of its range's numbers a row has, and which of its block's rows it is. */
typedef struct fr_ranged_row { uint16_t number, place; } fr_ranged_row;

typedef struct fr_group_ranges {
    fr_context *context;
    int64_t     n_rows;
    uint64_t    span;
    size_t      n_ranges, n_blocks, block_rows, n_words;
    unsigned    code_bits;                 /* codes of a range: a power of two */
    bool        of_groups;                 /* codes are groups: there is no `before`, and no first rows */
    fr_buffer  *rows;                      /* fr_ranged_row[n_rows]: of a block together, range by range; NULL: there are no
                                              ranges, but bits and their sums (ops/group_firsts.h) */
    fr_buffer  *begins;                    /* uint16_t[n_blocks][n_ranges + 1]: of ranges among the rows of a block */
    fr_buffer  *before;                    /* uint32_t[n_blocks + 1][n_ranges]: groups of a range first seen before a block */
    fr_buffer  *firsts;                    /* uint16_t[n_ranges][1 << code_bits, and one]: places of first rows, by number */
    fr_buffer  *bits;                      /* uint64_t[n_words]: first rows of groups */
    fr_buffer  *sums;                      /* uint32_t[n_blocks + 1]: groups first seen before a block; [n_ranges + 1]: of
                                              ranges before a range */
} fr_group_ranges;

/* Too few rows a code for most of them to come after the last new one, and not too many ranges? */
bool fr_group_ranges_pay(const fr_keys *keys, uint64_t span);
fr_group_ranges *fr_group_ranges_new(fr_call *call, const fr_keys *keys, uint64_t span) FR_MUST_USE;
/* The same without the rows, to be dealt and numbered by others (ops/tally_riders.h): where each range's rows begin in a
 * block, their codes given; and, when firsts and before are known, the rest. */
fr_group_ranges *fr_group_ranges_begun(fr_call *call, const fr_keys *keys, uint64_t span) FR_MUST_USE;
void             fr_count_ranges(const fr_group_ranges *ranges, const uint32_t *codes, size_t n, uint16_t *begins);
bool             fr_group_ranges_mark(fr_call *call, fr_group_ranges *ranges) FR_MUST_USE;
/* Of groups: n_slots of them. Records of so many bytes are to follow. */
bool fr_group_ranges_hold(size_t n_slots, size_t record_bytes);
fr_group_ranges *fr_group_ranges_of_groups(fr_call *call, const fr_grouping *grouping, size_t record_bytes) FR_MUST_USE;
void             fr_group_ranges_free(fr_group_ranges *ranges);            /* NULL does nothing */

/* Rows of a block in a range: n of them, from `rows` on; `at`: where they stand among all that were dealt. */
typedef struct fr_range_piece { const fr_ranged_row *rows; size_t at, n; } fr_range_piece;
static inline fr_range_piece fr_range_piece_of(const fr_group_ranges *g, size_t block, size_t range)
{
    const uint16_t *begin = (const uint16_t *)g->begins->data + block * (g->n_ranges + 1) + range;
    const size_t at = block * g->block_rows + begin[0];
    return (fr_range_piece){ (const fr_ranged_row *)g->rows->data + at, at, (size_t)begin[1] - begin[0] };
}

/* Groups of a range first seen before a block. */
static inline uint32_t fr_range_groups_before(const fr_group_ranges *g, size_t block, size_t range)
{
    return ((const uint32_t *)g->before->data)[block * g->n_ranges + range];
}

/* Groups of all ranges first seen before a block. */
static inline size_t fr_groups_before(const fr_group_ranges *g, size_t block)
{
    return ((const uint32_t *)g->sums->data)[block];
}

/* The first row of a group, looked for. */
int64_t fr_first_in_ranges(const fr_group_ranges *ranges, size_t group);

/* The first of a range's numbers, were ranges one behind the other. */
static inline const uint32_t *fr_all_numbers_before(const fr_group_ranges *g)
{
    return (const uint32_t *)g->sums->data + g->n_blocks + 1;
}
static inline size_t fr_numbers_before(const fr_group_ranges *g, size_t range) { return fr_all_numbers_before(g)[range]; }

/* Places of first rows by a range's numbers: one more than it has codes, as behind the last group the next one's is written,
 * if there is one or not. */
static inline uint16_t *fr_range_firsts(const fr_group_ranges *g, size_t range)
{
    return (uint16_t *)g->firsts->data + range * (((size_t)1 << g->code_bits) + 1);
}

/* The i-th number of a job goes to range …: workers who take the next each are not at neighbours, whose pieces share
 * lines. */
static inline size_t fr_spread_range(const fr_group_ranges *g, size_t i) { return i % 2 * ((g->n_ranges + 1) / 2) + i / 2; }

/* First rows of a block. */
typedef struct fr_block_firsts {
    const uint64_t *bits;
    uint16_t        before[FR_RANGED_ROWS / 64];       /* set bits before each word */
} fr_block_firsts;
void fr_firsts_of_block(const fr_group_ranges *ranges, size_t block, fr_block_firsts *firsts);
/* Where a range's groups that are first seen in a block stand among all those; → how many. `ranks` has room for
 * as many. */
size_t fr_ranks_in_block(const fr_group_ranges *ranges, const fr_block_firsts *firsts, size_t block, size_t range,
                         uint32_t *ranks);

#endif
