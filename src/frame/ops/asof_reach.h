/* asof_reach.h — how far from a row's key the key of an as-of join's right row may lie.
 *
 *     key i64              tolerance 5, 2.5           at most 5, 2 apart
 *     key datetime[ms]     tolerance '1.5s'           at most 1,500 ticks apart
 *     key date             tolerance '36h'            at most 1 day apart
 *     key decimal(9,2)     tolerance 0.05             at most 5 hundredths apart
 */
#ifndef FR_OPS_ASOF_REACH_H
#define FR_OPS_ASOF_REACH_H

#include "base/number.h"
#include "data/type.h"

typedef struct fr_asof_reach {
    bool    limited;
    fr_u128 whole;                         /* of integers, decimals and times, in what the key counts */
    double  real;                          /* of floats */
} fr_asof_reach;

/* Of a value that a caller gave, null for none, and the type of the key. ARGUMENT or TYPE where it is none. */
bool fr_asof_reach_read(fr_call *call, const fr_value *tolerance, const fr_type *key, fr_asof_reach *out) FR_MUST_USE;

#endif
