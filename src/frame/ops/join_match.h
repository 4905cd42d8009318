/* join_match.h — which right rows each left row goes with.
 *
 *     left k    right k      groups of the right      of each left row
 *         b           a        a: rows 0 2              1
 *         a           b        b: row  1                0
 *         z           a                                 none
 *
 * Most joins look things up: no key comes twice on the right. Then a left row has one right row or none, and there are
 * no groups at all. A semi or anti join asks only whether there is one, and is told in a bit a row.
 */
#ifndef FR_OPS_JOIN_MATCH_H
#define FR_OPS_JOIN_MATCH_H

#include "ops/grouping.h"

typedef enum fr_match_want {               /* of each left row                                                        */
    FR_MATCH_ALL,                          /* all right rows with its key                                             */
    FR_MATCH_ANY,                          /* one of them                                                             */
    FR_MATCH_FOUND                         /* whether there is one                                                    */
} fr_match_want;

typedef struct fr_join_match {
    int64_t      n_left, n_right;
    fr_match_want want;
    bool         unique;                   /* no right row that can match has the key of another, or nobody wants all */
    /* unique */
    fr_buffer   *rows;                     /* the right row of each left row, or missing; wide when n_right needs it; */
                                           /* NULL where only `found` is wanted                                       */
    fr_buffer   *found;                    /* bitmap of the left rows that have one                                   */
    int64_t      n_found;
    /* unique, and the left's keys are few codes (ops/join_codes.h): instead of rows */
    fr_column   *codes;                    /* of left rows */
    fr_buffer   *of_code;                  /* uint32_t: the right row of each code, or missing */
    bool         has_null_codes;           /* some left rows are null, and have the code of others */
    /* not unique */
    fr_buffer   *ids;                      /* uint32_t: group of each left row, FR_NO_ID for none                     */
    fr_buffer   *starts, *members;         /* right rows by group (kernel/radix_sort.h)                               */
} fr_join_match;

/* Match the rows of two sides; their keys were added in pairs (ops/join_keys.h) and may be folded. */
bool fr_join_match_make(fr_call *call, fr_keys *right, fr_keys *left, fr_match_want want, fr_join_match *out)
    FR_MUST_USE;
void fr_join_match_clear(fr_join_match *match);           /* also after a failure */

/* Numbers of groups, some of which may have no rows; not unique. The starts have two more. */
static inline int64_t fr_join_group_count(const fr_join_match *match)
{
    return (int64_t)(match->starts->size_bytes / sizeof(uint64_t)) - 2;
}

/* How many right rows a left row has; not unique. */
static inline uint64_t fr_join_matches(const fr_join_match *match, int64_t row)
{
    const uint32_t id = ((const uint32_t *)match->ids->data)[row];
    const uint64_t *start = match->starts->data;
    return id == FR_NO_ID ? 0 : start[id + 1] - start[id];
}

#endif
