/* tally_riders.h — groups found and tallied together: what a row adds rides with its code to the range of codes.
 *
 * Where groups are numbered by ranges (ops/group_ranges.h) and a row adds at most a float and a word of 32 bits, or two
 * ranks, each row is dealt once, with all of it, and one visit adds it to the record of its code.
 */
#ifndef FR_OPS_TALLY_RIDERS_H
#define FR_OPS_TALLY_RIDERS_H

#include "ops/group_ranges.h"
#include "ops/tally_pass.h"

/* *ranges: with first rows only, and the tally has the records of their groups; NULL: its fields are no such. Of so few
 * groups that sums of blocks are merged, the tally stays as it was. What fr_tally_wanted_numbers calls FR_CODES_RANGED,
 * where ranges pay (fr_group_ranges_pay). */
bool fr_tally_ride(fr_call *call, fr_tally *tally, const fr_keys *keys, uint64_t span, fr_group_ranges **ranges) FR_MUST_USE;
/* From records to totals. */
bool fr_tally_total_riders(fr_call *call, fr_tally *tally, const fr_grouping *grouping) FR_MUST_USE;
/* The same of groups that are codes in order and known: *done: their totals are made. */
bool fr_tally_ride_groups(fr_call *call, fr_tally *tally, const fr_grouping *grouping, bool *done) FR_MUST_USE;
void fr_ridden_records_free(fr_context *context, fr_ridden_records *ridden);           /* NULL does nothing */

#endif
