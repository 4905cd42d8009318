/* complete_steps.h — from a smallest to a largest value in steps: what `every` of complete means for a key.
 *
 *     key i64              every 10                    lo, lo + 10, lo + 20 …
 *     key date, datetime   every '15min', '1d', '2w'   days and weeks on the clock of the zone
 *                          every 'month', '3MS', 'YS'  the same day of later months, clipped: 31 January, 29 February …
 *                          every 'ME', 'QE', 'YE'      last days
 *                          every 'B'                   Monday to Friday
 *     key duration         every '15min'
 *
 * The steps are an expression over a column `lo` and a column `k` that counts 0, 1, 2 …, so that zones and the ends of
 * months are what they are everywhere. It gives a few values too many, which lie beyond the largest.
 */
#ifndef FR_OPS_COMPLETE_STEPS_H
#define FR_OPS_COMPLETE_STEPS_H

#include <frame/type.h>

#include "base/memory.h"
#include "base/number.h"

typedef struct fr_complete_steps {
    const char *value;                     /* "add_days(lo, k * 7)"                                                   */
    bool        business_days;             /* of the values only Monday to Friday                                     */
    fr_i128     at_least;                  /* so many units of the key lie between two steps, but for `slack` in all  */
    fr_i128     slack;
} fr_complete_steps;

/* Texts live in the arena. TYPE for a key that has no steps, VALUE or ARGUMENT for what is none. */
bool fr_complete_steps_read(fr_call *call, fr_arena *arena, const fr_value *every, const fr_type *key, const char *name,
                            fr_complete_steps *out) FR_MUST_USE;

/* How many values of k are surely enough, from lo to hi; 0 where hi is below lo. */
fr_u128 fr_complete_steps_count(const fr_complete_steps *steps, int64_t lo, int64_t hi);

#endif
