/* tally_totals.h — totals of groups whose records lie range by range, in the order of first rows (ops/group_ranges.h).
 *
 *     block 0    groups first seen in it   their records, a piece of each range, are totals where their first rows say
 */
#ifndef FR_OPS_TALLY_TOTALS_H
#define FR_OPS_TALLY_TOTALS_H

#include "ops/group_ranges.h"
#include "ops/tally_reader.h"

typedef struct fr_ranged_records {
    const fr_tally_pass    *pass;
    const fr_group_ranges  *ranges;
    const fr_tally_outputs *outputs;
    const char             *records;       /* by number, from … */
    const uint32_t         *begins;        /* … these on, by range */
} fr_ranged_records;

/* Of all groups. */
bool fr_total_blocks(fr_call *call, const fr_ranged_records *from) FR_MUST_USE;

#endif
