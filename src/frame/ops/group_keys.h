/* group_keys.h — the values of a column as keys that sort as they do, the groups one after the other.
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
} fr_group_keys;

/* `doubles` are the column's values (fr_as_doubles). -0 becomes 0. */
bool fr_group_keys_make(fr_call *call, const fr_column *column, const double *doubles, const fr_aggregate_job *job,
                        fr_group_keys *out) FR_MUST_USE;
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
