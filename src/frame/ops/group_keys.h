/* group_keys.h — the values of a column as keys that sort as they do, the groups one after the other: all of them, or
 * those near the ranks that are wanted.
 *
 *     group  value            keys                 starts
 *     0      3.0              3.0 -1.0 | 2.0       0 2 3            nulls are left out; NaN is the largest key
 *     1      2.0
 *     0      -1.0
 *     1      null
 */
#ifndef FR_OPS_GROUP_KEYS_H
#define FR_OPS_GROUP_KEYS_H

#include "ops/aggregates.h"

#include <string.h>

/* More groups than these are not worth a table of counts for each block of rows. */
#define FR_GROUP_KEYS_MOST ((size_t)1 << 16)

typedef struct fr_group_keys {
    fr_buffer *keys;                       /* uint64_t */
    fr_buffer *starts;                     /* uint64_t[n_groups + 1] */
    fr_buffer *counts, *before;            /* uint64_t[n_groups]: all values of the group, and how many are below its
                                              keys; NULL: the keys are all */
} fr_group_keys;

/* The ranks that are wanted of n > 0 values, low ≤ high < n. */
typedef struct fr_rank_pair { uint64_t low, high; } fr_rank_pair;
typedef fr_rank_pair fr_ranks_wanted(const fr_aggregate_job *job, uint64_t n);

/* `doubles` are the column's values (fr_as_doubles). -0 becomes 0. */
bool fr_group_keys_make(fr_call *call, const fr_column *column, const double *doubles, const fr_aggregate_job *job,
                        fr_group_keys *out) FR_MUST_USE;
/* The keys at the wanted ranks of each group with others around them (ops/group_near.c). A group with a NaN has its NaNs
 * instead. */
bool fr_group_keys_near(fr_call *call, const fr_column *column, const fr_aggregate_job *job, fr_ranks_wanted *wanted,
                        fr_group_keys *out) FR_MUST_USE;
/* Are there so many rows in so few groups that this takes less time? */
bool fr_near_is_quicker(const fr_call *call, const fr_aggregate_job *job);
void fr_group_keys_clear(fr_group_keys *keys);

#define FR_KEY_NAN UINT64_MAX

static inline uint64_t fr_key_of_double(double x)
{
    uint64_t bits;
    if (x != x) return FR_KEY_NAN;
    x += 0.0;                              /* -0 + 0 is 0 */
    memcpy(&bits, &x, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

static inline double fr_double_of_key(uint64_t key)
{
    const uint64_t bits = key >> 63 ? key & ~((uint64_t)1 << 63) : ~key;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

#endif
